//! In which order sources are taken up: a few at a time of each host, the longest queue first.
//!
//! The host with the most sources decides when a run ends; it starts first, so that it does
//! not end alone. Pure but for the moment of the last word to the observer.

use super::super::{Standing, Wanted};
use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often the observer is told how the run stands.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// The sources of a run by host.
pub(super) struct Lanes {
    /// The longest first.
    queues: Vec<Arc<Queue>>,
    /// Lanes of one host.
    width: usize,
    hosts_left: AtomicUsize,
    told: Mutex<Option<Instant>>,
}

struct Queue {
    host: String,
    waiting: Mutex<VecDeque<Wanted>>,
    /// Those under way included.
    left: AtomicUsize,
    all: usize,
}

/// A lane: takes its host's sources one after the other.
pub(super) struct Lane(Arc<Queue>);

impl Lanes {
    /// From sources with their hosts. `per_host` requests to a host may be under way at once; one lane more has the next
    /// source in hand while the others are read.
    pub(super) fn of(wanted: impl Iterator<Item = (String, Wanted)>, per_host: usize) -> Self {
        let mut by_host: BTreeMap<String, VecDeque<Wanted>> = BTreeMap::new();
        for (host, wanted) in wanted {
            by_host.entry(host).or_default().push_back(wanted);
        }
        let mut queues: Vec<Arc<Queue>> = by_host
            .into_iter()
            .map(|(host, waiting)| {
                Arc::new(Queue {
                    host,
                    left: AtomicUsize::new(waiting.len()),
                    all: waiting.len(),
                    waiting: Mutex::new(waiting),
                })
            })
            .collect();
        queues.sort_by_key(|queue| Reverse(queue.left()));
        Self {
            hosts_left: AtomicUsize::new(queues.len()),
            queues,
            width: per_host.max(1).saturating_add(1),
            told: Mutex::new(None),
        }
    }

    /// All lanes, in the order in which they start: where one has more sources to itself, first.
    /// So every host gets its first lane before any gets a second, but for hosts with many more
    /// sources than the others (the rule is d'Hondt's).
    pub(super) fn all(&self) -> Vec<Lane> {
        let mut lanes: Vec<(usize, &Arc<Queue>)> = Vec::new();
        for queue in &self.queues {
            let width = self.width.min(queue.all);
            lanes.extend((1..=width).map(|lane| (queue.all.saturating_mul(1000) / lane, queue)));
        }
        lanes.sort_by_key(|(share, _)| Reverse(*share));
        let lanes = lanes.into_iter();
        lanes.map(|(_, queue)| Lane(Arc::clone(queue))).collect()
    }

    /// A source of this lane is done; how the run stands, when it is time to say it again.
    pub(super) fn settled(&self, lane: &Lane) -> Option<Standing> {
        if lane.0.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.hosts_left.fetch_sub(1, Ordering::Relaxed);
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_some_and(|told| told.elapsed() < TOLD_EVERY) {
            return None;
        }
        *told = Some(Instant::now());
        let longest = self.queues.iter().max_by_key(|queue| queue.left())?;
        Some(Standing {
            hosts: self.hosts_left.load(Ordering::Relaxed),
            longest: longest.host.clone(),
            longest_left: longest.left(),
            longest_all: longest.all,
        })
    }
}

impl Queue {
    fn left(&self) -> usize {
        self.left.load(Ordering::Relaxed)
    }
}

impl Lane {
    pub(super) fn next(&self) -> Option<Wanted> {
        let mut waiting = self
            .0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::SourceUrl;

    fn wanted(url: &&str) -> (String, Wanted) {
        let host = url.split('/').nth(2).unwrap().to_owned();
        let source = SourceUrl::parse(url).unwrap();
        let cited = (0, 0);
        (host, Wanted { source, cited })
    }

    #[test]
    fn the_longest_queue_starts_first_and_every_source_is_taken_once() {
        let urls = [
            "http://a.example/1",
            "http://b.example/1",
            "http://b.example/2",
            "http://b.example/3",
            "http://b.example/4",
            "http://c.example/1",
            "http://c.example/2",
        ];
        let lanes = Lanes::of(urls.iter().map(wanted), 2);
        let order = lanes.all();
        let starts: Vec<&str> = order.iter().map(|lane| lane.0.host.as_str()).collect();
        let (a, b, c) = ("a.example", "b.example", "c.example");
        assert_eq!(starts, [b, b, c, b, c, a]);
        let mut taken = 0;
        for lane in lanes.all() {
            while lane.next().is_some() {
                taken += 1;
                lanes.settled(&lane);
            }
        }
        assert_eq!(taken, urls.len());
        assert_eq!(lanes.hosts_left.load(Ordering::Relaxed), 0);
    }
}
