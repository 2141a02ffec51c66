//! Whether a body comes fast enough, and whether there is room for it. Pure but for the count.
//!
//! A server that sends a byte a second holds a connection for as long as it likes; one that
//! sends for ever fills the disk. Each [`Rate`] watches one body, the [`Allowance`] the run.

use crate::limits::Limits;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Watches that at least so many bytes come in each window of time.
#[derive(Debug, Clone)]
pub(super) struct Rate {
    least: u64,
    window: Duration,
    since: Instant,
    came: u64,
}

impl Rate {
    /// `window` is how long may pass before the rate is looked at.
    pub(super) fn new(limits: &Limits, window: Duration, now: Instant) -> Self {
        let least = limits.min_bytes_per_second as f64 * window.as_secs_f64();
        Self {
            // Whole bytes; a bound of nothing is no bound.
            least: least as u64,
            window,
            since: now,
            came: 0,
        }
    }

    /// When too little has come, unless more comes before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        (self.least > 0).then(|| self.since + self.window)
    }

    /// So many bytes came.
    pub(super) fn took(&mut self, bytes: usize, now: Instant) {
        self.came = self.came.saturating_add(bytes as u64);
        if self.came >= self.least {
            (self.since, self.came) = (now, 0);
        }
    }
}

/// How many bytes of bodies a run, and each host in it, may still send.
#[derive(Debug)]
pub(super) struct Allowance {
    left: Mutex<Left>,
    per_host: u64,
    per_run: u64,
}

#[derive(Debug)]
struct Left {
    run: u64,
    hosts: BTreeMap<String, u64>,
}

impl Allowance {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            left: Mutex::new(Left {
                run: limits.max_run_bytes,
                hosts: BTreeMap::new(),
            }),
            per_host: limits.max_host_bytes,
            per_run: limits.max_run_bytes,
        }
    }

    /// Takes up to `wanted` bytes; what is missing there is no room for.
    pub(super) fn take(&self, host: &str, wanted: u64) -> u64 {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let run = left.run;
        let taken = match left.hosts.get_mut(host) {
            Some(of_host) => {
                let taken = wanted.min(*of_host).min(run);
                *of_host -= taken;
                taken
            }
            None => {
                let taken = wanted.min(self.per_host).min(run);
                left.hosts.insert(host.to_owned(), self.per_host - taken);
                taken
            }
        };
        left.run -= taken;
        taken
    }

    /// Why nothing more is taken of that host, as a clause.
    pub(super) fn used_up(&self, host: &str) -> Option<String> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.run == 0 {
            return Some(format!(
                "this run has taken the {} bytes that one run may take",
                self.per_run
            ));
        }
        (left.hosts.get(host) == Some(&0)).then(|| {
            format!(
                "{host} has sent the {} bytes that one host may send in a run",
                self.per_host
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_must_come_at_a_least_rate() {
        let limits = Limits {
            min_bytes_per_second: 100,
            ..Limits::default()
        };
        let second = Duration::from_secs(1);
        let start = Instant::now();
        let mut rate = Rate::new(&limits, 10 * second, start);
        assert_eq!(rate.deadline(), Some(start + 10 * second));
        rate.took(999, start + 5 * second);
        assert_eq!(rate.deadline(), Some(start + 10 * second));
        rate.took(1, start + 6 * second);
        assert_eq!(rate.deadline(), Some(start + 16 * second));
        let none = Limits {
            min_bytes_per_second: 0,
            ..limits
        };
        assert_eq!(Rate::new(&none, second, start).deadline(), None);
    }

    #[test]
    fn a_host_and_a_run_send_no_more_than_they_may() {
        let limits = Limits {
            max_host_bytes: 100,
            max_run_bytes: 150,
            ..Limits::default()
        };
        let allowance = Allowance::new(&limits);
        assert_eq!(allowance.take("a.example", 80), 80);
        assert_eq!(allowance.take("a.example", 80), 20);
        assert_eq!(
            allowance.used_up("a.example").unwrap(),
            "a.example has sent the 100 bytes that one host may send in a run"
        );
        assert_eq!(allowance.used_up("b.example"), None);
        assert_eq!(allowance.take("b.example", 80), 50);
        assert_eq!(
            allowance.used_up("c.example").unwrap(),
            "this run has taken the 150 bytes that one run may take"
        );
    }
}
