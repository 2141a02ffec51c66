//! How one host is treated: few requests at once, a pause between them, none before the
//! time it asked for, and none at all once it was found down.
//!
//! [`Host`] is the rule, pure: moments in, moments out. [`Hosts`] is the shell that waits.
//! A task that waits for its host holds none of the places that all hosts share.

use super::{FailureKind, Policy};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Failures to connect in a row after which a host counts as down for the rest of the run.
const DOWN_AFTER: u32 = 3;

/// What is remembered of a host.
#[derive(Debug, Clone, Default)]
pub(super) struct Host {
    /// The next request may start then.
    next_start: Option<Instant>,
    /// The host asked to be left alone until then.
    closed_until: Option<Instant>,
    failures: u32,
    down: Option<(FailureKind, String)>,
}

impl Host {
    /// Takes the next start: how long to wait for it from `now`.
    pub(super) fn reserve(&mut self, now: Instant, pause: Duration) -> Duration {
        let start = [self.next_start, self.closed_until]
            .into_iter()
            .flatten()
            .fold(now, Instant::max);
        self.next_start = Some(start + pause);
        start.duration_since(now)
    }

    /// How long the host still wants to be left alone; for those who had reserved before it asked.
    pub(super) fn closed_for(&self, now: Instant) -> Duration {
        self.closed_until
            .map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    /// The host asked to be left alone until then.
    pub(super) fn back_off(&mut self, until: Instant) {
        self.closed_until = Some(self.closed_until.map_or(until, |moment| moment.max(until)));
    }

    /// An answer came: whatever it was, the host is up.
    pub(super) fn answered(&mut self) {
        self.failures = 0;
    }

    /// No connection could be had.
    pub(super) fn failed(&mut self, kind: FailureKind, text: &str) {
        let host_itself = matches!(
            kind,
            FailureKind::ConnectionRefused
                | FailureKind::NoSuchName
                | FailureKind::NameUnknown
                | FailureKind::Timeout
        );
        if !host_itself {
            return;
        }
        self.failures += 1;
        if self.failures >= DOWN_AFTER {
            self.down = Some((kind, text.to_owned()));
        }
    }

    /// What was found when the host was found down.
    pub(super) fn down(&self) -> Option<(FailureKind, String)> {
        self.down.clone()
    }
}

/// All hosts of a run.
#[derive(Debug)]
pub(super) struct Hosts {
    hosts: Mutex<BTreeMap<String, Arc<Door>>>,
    everywhere: Semaphore,
    per_host: usize,
    pause: Duration,
}

#[derive(Debug)]
struct Door {
    host: Mutex<Host>,
    places: Arc<Semaphore>,
}

/// The leave to send one request; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Leave<'h> {
    _host: Option<OwnedSemaphorePermit>,
    _everywhere: Option<SemaphorePermit<'h>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hosts {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            hosts: Mutex::default(),
            everywhere: Semaphore::new(policy.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            per_host: policy.per_host.clamp(1, Semaphore::MAX_PERMITS),
            pause: policy.pause,
        }
    }

    fn door(&self, key: &str) -> Arc<Door> {
        let mut hosts = lock(&self.hosts);
        let door = hosts.entry(key.to_owned()).or_insert_with(|| {
            Arc::new(Door {
                host: Mutex::default(),
                places: Arc::new(Semaphore::new(self.per_host)),
            })
        });
        Arc::clone(door)
    }

    /// Waits for the leave to send a request to that host.
    ///
    /// # Errors
    /// What was found when the host was found down earlier in the run.
    pub(super) async fn enter(&self, key: &str) -> Result<Leave<'_>, (FailureKind, String)> {
        let door = self.door(key);
        let place = Arc::clone(&door.places).acquire_owned().await.ok();
        let mut wait = lock(&door.host).reserve(Instant::now(), self.pause);
        loop {
            if let Some(down) = lock(&door.host).down() {
                return Err(down);
            }
            if wait.is_zero() {
                break;
            }
            tokio::time::sleep(wait).await;
            wait = lock(&door.host).closed_for(Instant::now());
        }
        let everywhere = self.everywhere.acquire().await.ok();
        Ok(Leave {
            _host: place,
            _everywhere: everywhere,
        })
    }

    pub(super) fn answered(&self, key: &str) {
        lock(&self.door(key).host).answered();
    }

    pub(super) fn failed(&self, key: &str, kind: FailureKind, text: &str) {
        lock(&self.door(key).host).failed(kind, text);
    }

    pub(super) fn back_off(&self, key: &str, pause: Duration) {
        lock(&self.door(key).host).back_off(Instant::now() + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn starts_lie_a_pause_apart() {
        let mut host = Host::default();
        let now = Instant::now();
        assert_eq!(host.reserve(now, 100 * MS), Duration::ZERO);
        assert_eq!(host.reserve(now, 100 * MS), 100 * MS);
        assert_eq!(host.reserve(now, 100 * MS), 200 * MS);
        assert_eq!(host.reserve(now + 250 * MS, 100 * MS), 50 * MS);
        assert_eq!(host.reserve(now + 1000 * MS, 100 * MS), Duration::ZERO);
    }

    #[test]
    fn a_host_that_asks_for_patience_gets_it() {
        let mut host = Host::default();
        let now = Instant::now();
        host.back_off(now + 500 * MS);
        assert_eq!(host.reserve(now, 100 * MS), 500 * MS);
        assert_eq!(host.closed_for(now + 200 * MS), 300 * MS);
        host.back_off(now);
        assert_eq!(host.reserve(now, 100 * MS), 600 * MS);
        assert_eq!(host.closed_for(now + 600 * MS), Duration::ZERO);
    }

    #[test]
    fn a_host_is_down_after_three_failures_in_a_row() {
        let mut host = Host::default();
        for _ in 0..2 {
            host.failed(FailureKind::ConnectionRefused, "refused");
        }
        host.answered();
        for _ in 0..2 {
            host.failed(FailureKind::ConnectionRefused, "refused");
        }
        assert_eq!(host.down(), None);
        host.failed(FailureKind::ConnectionRefused, "refused");
        assert_eq!(
            host.down(),
            Some((FailureKind::ConnectionRefused, "refused".to_owned()))
        );
    }

    #[test]
    fn one_page_that_is_broken_does_not_make_its_host_down() {
        let mut host = Host::default();
        for _ in 0..10 {
            host.failed(FailureKind::ConnectionLost, "lost");
            host.failed(FailureKind::BadAnswer, "junk");
        }
        assert_eq!(host.down(), None);
    }
}
