//! Whether to try again, and when. Pure: what happened and how often in, a decision out.

use super::{FailureKind, Policy};
use jiff::Timestamp;
use std::time::Duration;

/// What to do after a try that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Try again after that pause.
    After(Duration),
    /// That was the last try.
    Stop,
}

/// What a try ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// An answer with this status code.
    Answer(u16),
    /// No answer.
    Failure(FailureKind),
}

/// Whether what happened may pass by itself.
const fn may_pass(end: End) -> bool {
    match end {
        // RFC 9110, sections 15.5.9 (408), 15.5.20 (421) and 15.6; RFC 8470, section 5.2 (425);
        // RFC 6585, section 4 (429). A 501 or 505 is said on purpose.
        End::Answer(status) => {
            matches!(status, 408 | 421 | 425 | 429 | 500 | 502 | 503 | 504)
        }
        // A name is asked for once a run, by a resolver that tries again itself.
        End::Failure(kind) => matches!(
            kind,
            FailureKind::Timeout
                | FailureKind::ConnectionLost
                | FailureKind::ConnectionRefused
                | FailureKind::Proxy
        ),
    }
}

/// Decides after `tries` tries. `spread` (0 to 1) keeps many waiters from coming back at once.
pub(super) fn again(
    policy: &Policy,
    end: End,
    tries: u32,
    retry_after: Option<Duration>,
    spread: f64,
) -> Again {
    if !may_pass(end) || tries > policy.retries {
        return Again::Stop;
    }
    if let Some(asked) = retry_after {
        return if asked <= policy.max_retry_after {
            Again::After(asked)
        } else {
            Again::Stop
        };
    }
    let doubled = policy
        .retry_pause
        .saturating_mul(1 << (tries.saturating_sub(1)).min(16));
    let pause = doubled.mul_f64(0.75 + 0.5 * spread.clamp(0.0, 1.0));
    Again::After(pause.min(policy.max_retry_after))
}

/// `Retry-After` as a span from `now` (RFC 9110, section 10.2.3): seconds or an HTTP date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let digits = value.trim();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than can be counted are as long as any.
        return Some(Duration::from_secs(
            digits.parse().unwrap_or(u32::MAX.into()),
        ));
    }
    let moment = httpdate::parse_http_date(value.trim()).ok()?;
    let moment = Timestamp::try_from(moment).ok()?;
    Some(Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_with_growing_pauses() {
        let policy = Policy::default();
        let check = |end, tries, asked: Option<u64>, expected: Again| {
            let asked = asked.map(Duration::from_secs);
            assert_eq!(
                again(&policy, end, tries, asked, 0.5),
                expected,
                "{end:?} {tries} {asked:?}"
            );
        };
        let after = |seconds| Again::After(Duration::from_secs(seconds));
        check(End::Answer(503), 1, None, after(1));
        check(End::Answer(503), 2, None, after(2));
        check(End::Answer(503), 3, None, Again::Stop);
        check(End::Answer(503), 1, Some(7), after(7));
        check(End::Answer(429), 1, Some(0), after(0));
        check(End::Answer(429), 1, Some(3600), Again::Stop);
        check(End::Answer(408), 1, None, after(1));
        check(End::Answer(421), 1, None, after(1));
        check(End::Answer(425), 1, None, after(1));
        check(End::Failure(FailureKind::NameUnknown), 1, None, Again::Stop);
        check(End::Answer(404), 1, None, Again::Stop);
        check(End::Answer(403), 1, Some(1), Again::Stop);
        check(End::Failure(FailureKind::Timeout), 1, None, after(1));
        check(End::Failure(FailureKind::ConnectionLost), 1, None, after(1));
        check(End::Failure(FailureKind::Refused), 1, None, Again::Stop);
        check(End::Failure(FailureKind::NoSuchName), 1, None, Again::Stop);
        check(End::Failure(FailureKind::Tls), 1, None, Again::Stop);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-23T20:00:00Z".parse().unwrap();
        let check = |value: &str, expected: Option<u64>| {
            assert_eq!(
                retry_after(value, now),
                expected.map(Duration::from_secs),
                "{value}"
            );
        };
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("Mon, 23 Nov 2026 20:01:30 GMT", Some(90));
        check("Mon, 23 Nov 2026 19:00:00 GMT", Some(0));
        check("99999999999999999999999", Some(u32::MAX.into()));
        check("", None);
        check("soon", None);
        check("-5", None);
    }
}
