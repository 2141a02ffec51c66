//! From a chain of answers to the status of a source. Pure: values in, values out.

use super::{Exchange, FailureKind, Fetched, Truncation};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a source.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It answers where it was cited.
    Live,
    /// Permanently redirected to the same content.
    Moved,
    /// 404 or 410, no such host, a soft 404, parked.
    Dead,
    /// Time-out, refused, 5xx, TLS: not yet proof of death.
    Unreachable,
    /// 401, 403, 429, 451, 999, a challenge, a consent wall, a paywall.
    Blocked,
    /// Not asked, by policy.
    Skipped,
}

impl Status {
    /// Whether what was cited is there: it answers with what may be the page.
    #[must_use]
    pub const fn answers(self) -> bool {
        matches!(self, Self::Live | Self::Moved)
    }

    /// The word, as in the JSON report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Moved => "moved",
            Self::Dead => "dead",
            Self::Unreachable => "unreachable",
            Self::Blocked => "blocked",
            Self::Skipped => "skipped",
        }
    }
}

/// Why a source has its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusReason {
    /// Machine-readable: "http-404", "connection-refused", "refused-address", …
    pub code: &'static str,
    /// One sentence for a person.
    pub text: String,
}

/// Failures in a row that make `unreachable` into `dead` (design, decision 4).
const DEAD_CHECKS: usize = 3;
/// … spread over at least that many hours.
const DEAD_HOURS: i64 = 72;

/// The status that a fetch alone tells (a soft 404 is told by `evidence::soft_404`, from its page).
///
/// `failed_before` are the moments of this source's failures in a row up to now, oldest first,
/// this one left out: `unreachable` becomes `dead` only after at least 3 checks over at least 3 days.
#[must_use]
pub fn status_of(fetched: &Fetched, failed_before: &[Timestamp]) -> (Status, StatusReason) {
    let (status, reason, at) = match (&fetched.failure, fetched.exchanges.last()) {
        (Some(failure), _) => {
            let (status, code) = of_failure(failure.kind);
            let reason = StatusReason {
                code,
                text: format!("{} {}.", opening(failure.kind), failure.text),
            };
            (status, reason, failure.at)
        }
        (None, Some(answer)) => {
            let (status, reason) = of_answer(fetched, answer);
            (status, reason, answer.started)
        }
        (None, None) => {
            let reason = StatusReason {
                code: "not-asked",
                text: "It was not asked.".to_owned(),
            };
            return (Status::Unreachable, reason);
        }
    };
    if status != Status::Unreachable || !speaks_against(reason.code) {
        return (status, reason);
    }
    let long_ago = failed_before
        .first()
        .is_some_and(|first| at.duration_since(*first).as_hours() >= DEAD_HOURS);
    if failed_before.len() + 1 >= DEAD_CHECKS && long_ago {
        let reason = StatusReason {
            code: "dead-after-failures",
            text: format!(
                "It has failed {} checks in a row over at least three days. {}",
                failed_before.len() + 1,
                reason.text
            ),
        };
        return (Status::Dead, reason);
    }
    (status, reason)
}

/// Whether "unreachable" for this reason is a step towards "dead": the user's own proxy, or a
/// machine without a network, says nothing about a source.
#[must_use]
pub fn speaks_against(code: &str) -> bool {
    !matches!(code, "proxy" | "no-network")
}

/// How a failure's sentence begins; its own text is the rest.
const fn opening(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Refused | FailureKind::OverBudget => "Not asked, because",
        FailureKind::NotFetched | FailureKind::AskedToWait => "Not asked:",
        FailureKind::NoSuchName => "The source is gone:",
        _ => "The source could not be reached:",
    }
}

const fn of_failure(kind: FailureKind) -> (Status, &'static str) {
    match kind {
        FailureKind::Refused => (Status::Skipped, "refused-address"),
        FailureKind::NotFetched => (Status::Skipped, "scheme"),
        FailureKind::NoSuchName => (Status::Dead, "no-such-name"),
        FailureKind::NameUnknown => (Status::Unreachable, "name-unknown"),
        FailureKind::NoNetwork => (Status::Unreachable, "no-network"),
        FailureKind::ConnectionRefused => (Status::Unreachable, "connection-refused"),
        FailureKind::ConnectionLost => (Status::Unreachable, "connection-lost"),
        FailureKind::Timeout => (Status::Unreachable, "timeout"),
        FailureKind::Tls => (Status::Unreachable, "tls"),
        FailureKind::BadAnswer => (Status::Unreachable, "bad-answer"),
        FailureKind::Proxy => (Status::Unreachable, "proxy"),
        FailureKind::RedirectLoop => (Status::Unreachable, "redirect-loop"),
        FailureKind::BadRedirect => (Status::Unreachable, "bad-redirect"),
        // It was never asked, so nothing speaks against it: never a step towards death.
        FailureKind::AskedToWait => (Status::Blocked, "asked-to-wait"),
        FailureKind::OverBudget => (Status::Skipped, "over-budget"),
    }
}

/// Whether the request asked for what this status gives: 304 is an answer to a condition, 206
/// to a range (RFC 9110, sections 15.4.5 and 15.3.7).
fn was_asked_for(answer: &Exchange) -> bool {
    let fields: &[&str] = match answer.response.status {
        304 => &["if-none-match", "if-modified-since"],
        206 => &["range"],
        _ => return true,
    };
    answer
        .request_fields
        .iter()
        .any(|(name, _)| fields.iter().any(|field| name.eq_ignore_ascii_case(field)))
}

fn of_answer(fetched: &Fetched, answer: &Exchange) -> (Status, StatusReason) {
    let status = answer.response.status;
    let said = format!("The server answers {status} {}", answer.response.reason);
    let said = said.trim_end();
    let reason = |code, text| StatusReason { code, text };
    match status {
        // Both say that the resource is not there; 410 that it will not come back (RFC 9110, section 15.5).
        404 => (Status::Dead, reason("http-404", format!("{said}."))),
        410 => (
            Status::Dead,
            reason("http-410", format!("{said}: taken away for good.")),
        ),
        206 | 304 if !was_asked_for(answer) => (
            Status::Unreachable,
            reason(
                code_of(status),
                format!("{said}, which is no answer to what it was asked."),
            ),
        ),
        200..=299 | 304 => of_success(fetched, answer),
        401 | 402 | 403 | 406 | 407 | 429 | 451 | 999 => (
            Status::Blocked,
            reason(
                code_of(status),
                format!("{said}; it may well be there for others."),
            ),
        ),
        // A bad request, a server's own trouble: neither is proof of death.
        _ => (
            Status::Unreachable,
            reason(
                code_of(status),
                format!("{said}, which is not yet proof that it is gone."),
            ),
        ),
    }
}

/// The sentence that follows a status when the answer's text could not be read, for this reason.
#[must_use]
pub fn not_read(why: &str) -> String {
    format!(" No text could be read from it: {why}.")
}

/// The address to cite from now on: where the permanent redirects at the chain's beginning
/// lead (RFC 9110, sections 15.4.2 and 15.4.9). What follows a temporary one may be
/// somewhere else tomorrow.
#[must_use]
pub fn moved_to(fetched: &Fetched) -> Option<&url::Url> {
    let permanent = fetched
        .exchanges
        .iter()
        .take_while(|hop| matches!(hop.response.status, 301 | 308))
        .count();
    let now = &fetched.exchanges.get(permanent)?.target_uri;
    (*now != fetched.requested).then_some(now)
}

/// Why a body was not kept whole, as a clause.
#[must_use]
pub const fn why(truncation: Truncation) -> &'static str {
    match truncation {
        Truncation::Length => "it is longer than the limit",
        Truncation::Time => "it took longer than the limit",
        Truncation::Disconnect => "the connection ended too soon",
    }
}

fn of_success(fetched: &Fetched, answer: &Exchange) -> (Status, StatusReason) {
    if let Some(now) = moved_to(fetched) {
        let text = format!("It has moved for good to {now}.");
        return (
            Status::Moved,
            StatusReason {
                code: "moved",
                text,
            },
        );
    }
    let response = &answer.response;
    if response.body.is_empty() && response.truncated.is_none() && response.status != 304 {
        let text = format!(
            "It answers where it was cited, but the answer {} is empty.",
            response.status
        );
        return (
            Status::Live,
            StatusReason {
                code: "empty",
                text,
            },
        );
    }
    let text = match answer.response.truncated {
        None => "It answers where it was cited.".to_owned(),
        Some(why) => format!(
            "It answers where it was cited; only the first {} bytes were kept, because {}.",
            answer.response.body.len(),
            self::why(why)
        ),
    };
    (Status::Live, StatusReason { code: "live", text })
}

/// `http-403` and so on, for the codes that are told apart.
const fn code_of(status: u16) -> &'static str {
    match status {
        206 => "http-206",
        304 => "http-304",
        400 => "http-400",
        401 => "http-401",
        402 => "http-402",
        403 => "http-403",
        405 => "http-405",
        406 => "http-406",
        407 => "http-407",
        408 => "http-408",
        429 => "http-429",
        451 => "http-451",
        500 => "http-500",
        502 => "http-502",
        503 => "http-503",
        504 => "http-504",
        999 => "http-999",
        _ => match status / 100 {
            1 => "http-1xx",
            3 => "http-3xx",
            4 => "http-4xx",
            5 => "http-5xx",
            _ => "http-other",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::{Failure, Response};
    use std::time::Duration;
    use url::Url;

    fn exchange(url: &str, status: u16) -> Exchange {
        Exchange {
            target_uri: Url::parse(url).unwrap(),
            started: "2026-05-04T08:00:00Z".parse().unwrap(),
            duration: Duration::ZERO,
            peer: None,
            protocol: "http/1.1",
            method: "GET",
            request_fields: Vec::new(),
            response: Response {
                status,
                reason: String::new(),
                fields: Vec::new(),
                body: bytes::Bytes::from_static(b"x").into(),
                truncated: None,
            },
        }
    }

    #[test]
    fn an_answer_to_another_question_is_none() {
        let with = |status: u16, field: Option<&str>, body: &'static [u8]| {
            let mut told = fetched(&[("http://a.example/x", status)], None);
            let answer = told.exchanges.last_mut().unwrap();
            answer.response.body = bytes::Bytes::from_static(body).into();
            if let Some(field) = field {
                answer.request_fields.push((field.to_owned(), Vec::new()));
            }
            let (status, reason) = status_of(&told, &[]);
            (status, reason.code)
        };
        assert_eq!(with(304, None, b""), (Status::Unreachable, "http-304"));
        assert_eq!(
            with(304, Some("If-None-Match"), b""),
            (Status::Live, "live")
        );
        assert_eq!(with(206, None, b"x"), (Status::Unreachable, "http-206"));
        assert_eq!(with(206, Some("range"), b"x"), (Status::Live, "live"));
        assert_eq!(with(200, None, b""), (Status::Live, "empty"));
        assert_eq!(with(204, None, b""), (Status::Live, "empty"));
    }

    fn fetched(hops: &[(&str, u16)], failure: Option<FailureKind>) -> Fetched {
        Fetched {
            requested: Url::parse("http://a.example/x").unwrap(),
            exchanges: hops
                .iter()
                .map(|(url, status)| exchange(url, *status))
                .collect(),
            failure: failure.map(|kind| Failure {
                kind,
                url: Url::parse("http://a.example/x").unwrap(),
                text: "it is so".to_owned(),
                at: "2026-05-04T08:00:00Z".parse().unwrap(),
            }),
            tries: 1,
        }
    }

    #[test]
    fn answers_have_their_status() {
        let check = |hops: &[(&str, u16)], status: Status, code: &str| {
            let (found, reason) = status_of(&fetched(hops, None), &[]);
            assert_eq!((found, reason.code), (status, code), "{hops:?}");
            assert!(reason.text.ends_with('.'), "{}", reason.text);
        };
        let here = "http://a.example/x";
        check(&[(here, 200)], Status::Live, "live");
        check(
            &[(here, 302), ("http://a.example/y", 200)],
            Status::Live,
            "live",
        );
        check(
            &[(here, 301), ("http://a.example/y", 200)],
            Status::Moved,
            "moved",
        );
        check(
            &[
                (here, 308),
                ("http://b.example/", 302),
                ("http://b.example/z", 200),
            ],
            Status::Moved,
            "moved",
        );
        check(
            &[
                (here, 302),
                ("http://a.example/today", 301),
                ("http://a.example/2026/05/04", 200),
            ],
            Status::Live,
            "live",
        );
        check(&[(here, 301), (here, 200)], Status::Live, "live");
        check(
            &[(here, 301), ("http://a.example/y", 404)],
            Status::Dead,
            "http-404",
        );
        check(&[(here, 410)], Status::Dead, "http-410");
        for (status, code) in [
            (401, "http-401"),
            (403, "http-403"),
            (429, "http-429"),
            (451, "http-451"),
            (999, "http-999"),
        ] {
            check(&[(here, status)], Status::Blocked, code);
        }
        for (status, code) in [
            (400, "http-400"),
            (414, "http-4xx"),
            (500, "http-500"),
            (503, "http-503"),
            (300, "http-3xx"),
        ] {
            check(&[(here, status)], Status::Unreachable, code);
        }
    }

    #[test]
    fn the_new_address_is_where_the_permanent_redirects_lead() {
        let now = |hops: &[(&str, u16)]| {
            moved_to(&fetched(hops, None)).map(|url| url.as_str().to_owned())
        };
        let (here, there) = ("http://a.example/x", "http://b.example/");
        assert_eq!(now(&[(here, 200)]), None);
        assert_eq!(now(&[(here, 302), (there, 200)]), None);
        let tomorrow_elsewhere = [(here, 308), (there, 302), ("http://b.example/z", 200)];
        assert_eq!(now(&tomorrow_elsewhere).unwrap(), there);
    }

    #[test]
    fn failures_have_their_status() {
        let check = |kind, status: Status, code: &str| {
            let (found, reason) = status_of(&fetched(&[], Some(kind)), &[]);
            assert_eq!((found, reason.code), (status, code), "{kind:?}");
            assert!(reason.text.ends_with("it is so."), "{}", reason.text);
        };
        check(FailureKind::Refused, Status::Skipped, "refused-address");
        check(FailureKind::OverBudget, Status::Skipped, "over-budget");
        check(FailureKind::AskedToWait, Status::Blocked, "asked-to-wait");
        check(FailureKind::NotFetched, Status::Skipped, "scheme");
        check(FailureKind::NoSuchName, Status::Dead, "no-such-name");
        check(
            FailureKind::NameUnknown,
            Status::Unreachable,
            "name-unknown",
        );
        check(FailureKind::NoNetwork, Status::Unreachable, "no-network");
        check(FailureKind::Timeout, Status::Unreachable, "timeout");
        check(FailureKind::Tls, Status::Unreachable, "tls");
        check(
            FailureKind::RedirectLoop,
            Status::Unreachable,
            "redirect-loop",
        );
    }

    #[test]
    fn unreachable_becomes_dead_after_three_checks_over_three_days() {
        let check = |days: &[&str], expected: Status| {
            let before: Vec<Timestamp> = days
                .iter()
                .map(|day| format!("2026-{day}T08:00:00Z").parse().unwrap())
                .collect();
            let (status, _) = status_of(&fetched(&[], Some(FailureKind::Timeout)), &before);
            assert_eq!(status, expected, "{days:?}");
            for ours in [FailureKind::Proxy, FailureKind::NoNetwork] {
                let (status, _) = status_of(&fetched(&[], Some(ours)), &before);
                assert_eq!(status, Status::Unreachable, "{days:?}");
            }
        };
        check(&[], Status::Unreachable);
        check(&["05-03"], Status::Unreachable);
        check(&["04-01"], Status::Unreachable);
        check(&["05-02", "05-03"], Status::Unreachable);
        check(&["05-01", "05-03"], Status::Dead);
        check(&["05-03", "05-03", "05-03", "05-04"], Status::Unreachable);
    }

    #[test]
    fn a_block_never_becomes_a_death() {
        let before = [
            "2026-01-01T00:00:00Z",
            "2026-02-01T00:00:00Z",
            "2026-03-01T00:00:00Z",
        ]
        .map(|moment| moment.parse().unwrap());
        let (status, _) = status_of(&fetched(&[("http://a.example/x", 403)], None), &before);
        assert_eq!(status, Status::Blocked);
    }
}
