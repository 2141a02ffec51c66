//! The tries for one source: when to ask again, and how to look the second time.
//!
//! **In:** a request. **Out:** what the last try gave. **Not here:** the rules, which are
//! values in and out ([`retry`], [`headers`](super::headers)), and the wire
//! ([`client`](super::client)).

use super::client::{Inner, Try, without_secrets};
use super::headers::{Look, is_refusal};
use super::retry::{self, Again, End};
use super::{FailureKind, Fetched, Request};
use std::time::{Duration, Instant};
use url::Url;

impl Inner {
    /// Fetches one source, with retries.
    pub(super) async fn tries(&self, request: &Request) -> Fetched {
        let requested = without_secrets(&request.url);
        let (mut tries, mut looks, mut spent) = (0, 0, Duration::ZERO);
        let mut look = Look::Plain;
        // What was refused, and where, while a second look is taken.
        let mut refused: Option<(Try, Url)> = None;
        // What came of the try before.
        let mut before: Option<Try> = None;
        loop {
            tries += 1;
            let mut done = self
                .chain(&requested, request.validators.as_ref(), look)
                .await;
            spent += done.spent;
            if let Some((plain, at)) = refused.take() {
                let status = done.answer_status();
                let came_to_nothing = status.is_none_or(|status| matches!(status, 500..=599));
                self.looks
                    .taken(&at, !came_to_nothing && !status.is_some_and(is_refusal));
                if came_to_nothing {
                    // A refusal says more than a second look that came to nothing.
                    done = plain;
                    return self.fetched(requested, done, tries);
                }
            } else if look == Look::Plain
                && spent <= self.policy.total_timeout / 2
                && let Some(at) = self.refused(&done)
            {
                (look, refused) = (Look::Browser, Some((done, at)));
                looks += 1;
                continue;
            }
            if done.was_not_asked()
                && let Some(before) = before.take()
            {
                // It was asked, if not once more: what came then is what it has to say.
                return self.fetched(requested, before, tries - 1);
            }
            match self.again(&requested, &done, tries - looks, spent) {
                Again::After(pause) => {
                    before = Some(done);
                    tokio::time::sleep(pause).await;
                }
                Again::Stop => return self.fetched(requested, done, tries),
            }
        }
    }

    fn fetched(&self, requested: Url, done: Try, tries: u32) -> Fetched {
        Fetched {
            requested,
            exchanges: done.exchanges,
            failure: done.failure,
            tries,
        }
    }

    /// Where a try was refused, when that is worth a look as a browser's.
    fn refused(&self, done: &Try) -> Option<Url> {
        let answer = done.exchanges.last().filter(|_| done.failure.is_none())?;
        let at = &answer.target_uri;
        // One who says when to come back is taken at the word.
        let patience = answer.response.field("retry-after").is_some();
        let worth = self.policy.second_look
            && is_refusal(answer.response.status)
            && !patience
            && self.looks.first(at) == Look::Plain
            && self.looks.worth(at);
        worth.then(|| at.clone())
    }

    /// Whether to try again, after what pause; a host that asks for patience gets it from all.
    fn again(&self, requested: &Url, done: &Try, tries: u32, spent: Duration) -> Again {
        let asked = done.answer_status().and_then(|_| {
            let value = done.exchanges.last()?.response.field("retry-after")?;
            retry::retry_after(&value, self.clock.now())
        });
        if let (Some(asked), Some(answer)) = (asked, done.exchanges.last())
            && matches!(answer.response.status, 429 | 503)
        {
            if asked > self.policy.max_retry_after {
                let text = format!("it asked to be left alone for {} seconds", asked.as_secs());
                self.hosts.close(&answer.target_uri, &text);
            } else {
                self.hosts.rest(&answer.target_uri, asked);
            }
        }
        let end = match &done.failure {
            Some(failure) => End::Failure(failure.kind),
            None => match done.answer_status() {
                Some(status) => End::Answer(status),
                None => return Again::Stop,
            },
        };
        let patience = self.policy.connect_timeout + self.policy.first_byte_timeout;
        let total = self.policy.total_timeout;
        if spent > total / 2
            || end == End::Failure(FailureKind::Timeout) && spent + patience > total
        {
            // One source holds up a run for its whole time, and not for several.
            return Again::Stop;
        }
        let again = retry::again(&self.policy, end, tries, asked, spread(requested));
        // What the host was found to be by this very try, or by another one.
        let closed = done
            .failure
            .as_ref()
            .and_then(|failure| self.hosts.closed(&failure.url));
        match (again, closed) {
            (Again::After(pause), Some(closed)) => match closed.until {
                Some(until) if until <= Instant::now() + pause => again,
                _ => Again::Stop,
            },
            _ => again,
        }
    }
}

impl Try {
    /// Whether its end was not asked, on account of what others found in this run.
    fn was_not_asked(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| {
            matches!(
                failure.kind,
                FailureKind::AskedToWait | FailureKind::OverBudget
            )
        })
    }

    /// The status of the answer at the end of the chain.
    fn answer_status(&self) -> Option<u16> {
        let answer = self.exchanges.last().filter(|_| self.failure.is_none())?;
        Some(answer.response.status)
    }
}

/// 0 to 1, the same for the same address in every run (FNV-1a).
fn spread(url: &Url) -> f64 {
    let hash = url.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    f64::from(hash) / f64::from(u32::MAX)
}
