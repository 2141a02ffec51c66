//! The one door to time and to fresh identifiers.
//!
//! Every other room gets the moment as a value, so that rules about time
//! (three failures over three days, an acceptance that expires) are tested
//! with values and a report can be made the same twice.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of moments and record identifiers: the system's, or a fixed twin for tests.
#[derive(Debug, Clone, Default)]
pub struct Clock(Kind);

#[derive(Debug, Clone, Default)]
enum Kind {
    #[default]
    System,
    Fixed {
        now: Timestamp,
        ids: Arc<AtomicU64>,
    },
}

impl Clock {
    /// The machine's own clock, in UTC, and random (version 4) identifiers.
    #[must_use]
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that always says `now` and counts its identifiers up from one.
    #[must_use]
    pub fn fixed(now: Timestamp) -> Self {
        Self(Kind::Fixed {
            now,
            ids: Arc::new(AtomicU64::new(1)),
        })
    }

    /// The same, with identifiers that count from `first`; for two fixed clocks beside each other.
    #[must_use]
    pub fn starting_at(self, first: u64) -> Self {
        if let Kind::Fixed { ids, .. } = &self.0 {
            ids.store(first, Ordering::Relaxed);
        }
        self
    }

    /// The present moment, UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the door that the rule guards"
            )]
            Kind::System => Timestamp::now(),
            Kind::Fixed { now, .. } => *now,
        }
    }

    /// A fresh identifier: never given before, nowhere else.
    #[must_use]
    pub fn fresh_id(&self) -> uuid::Uuid {
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the door that the rule guards"
            )]
            Kind::System => uuid::Uuid::new_v4(),
            Kind::Fixed { ids, .. } => {
                uuid::Uuid::from_u128(u128::from(ids.fetch_add(1, Ordering::Relaxed)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_stands_still_and_still_gives_distinct_ids() {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), clock.clone().now());
        assert_ne!(clock.fresh_id(), clock.clone().fresh_id());
    }
}
