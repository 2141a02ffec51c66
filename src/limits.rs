//! How much of anything foreign we take.
//!
//! Cited pages, citing documents and archives come from strangers. Every
//! growing thing made from them asks a [`Budget`] first, and running out is an
//! ordinary, named outcome: it says which bound was met.

use std::time::Duration;

/// The bounds on foreign input, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one response body as received (content coding kept).
    pub max_body_bytes: u64,
    /// Bytes of one response's header fields, names and values together.
    pub max_header_bytes: u64,
    /// Hops of one redirect chain.
    pub max_redirects: usize,
    /// Bytes of all bodies of one run.
    pub max_run_bytes: u64,
    /// Bytes of all bodies of one host in a run.
    pub max_host_bytes: u64,
    /// Bytes of a body that must come in a second, averaged over the patience for a first byte;
    /// 0 is no bound.
    pub min_bytes_per_second: u64,
    /// Bytes that one body may grow to when its content coding is undone.
    pub max_decoded_bytes: u64,
    /// Bytes of one citing document.
    pub max_document_bytes: u64,
    /// Nested elements of one HTML tree; deeper ones are flattened
    /// (html5ever's time is quadratic in depth, measured 2026-11-23).
    pub max_html_depth: usize,
    /// How long one document or cited page may be read, its citations found included.
    pub read_time: Duration,
}

impl Limits {
    /// Times that a body may grow when its content coding is undone. Pages grow four to
    /// twelve times, tables of zeros a hundred times, bombs a thousand times and more.
    pub const MAX_DECODED_RATIO: u64 = 200;
    /// Bytes that a body may grow to whatever its ratio: small pages may be very regular.
    pub const RATIO_FROM: u64 = 4 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 64 << 20,
            max_header_bytes: 256 << 10,
            max_redirects: 10,
            max_run_bytes: 64 << 30,
            max_host_bytes: 8 << 30,
            min_bytes_per_second: 100,
            max_decoded_bytes: 128 << 20,
            max_document_bytes: 256 << 20,
            max_html_depth: 256,
            read_time: Duration::from_secs(60),
        }
    }
}

/// An amount that may be taken and not exceeded.
#[derive(Debug, Clone)]
pub struct Budget {
    what: &'static str,
    limit: u64,
    taken: u64,
}

/// A bound was met: what was bounded, and at how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {limit} {what}")]
pub struct Exhausted {
    /// What was counted, in the plural, with its unit ("bytes of body").
    pub what: &'static str,
    /// The bound.
    pub limit: u64,
}

impl Budget {
    /// A budget of `limit` units of `what`.
    #[must_use]
    pub const fn new(what: &'static str, limit: u64) -> Self {
        Self {
            what,
            limit,
            taken: 0,
        }
    }

    /// Takes `amount`.
    ///
    /// # Errors
    /// [`Exhausted`] when that would exceed the bound; nothing is taken then.
    pub const fn take(&mut self, amount: u64) -> Result<(), Exhausted> {
        match self.taken.checked_add(amount) {
            Some(sum) if sum <= self.limit => {
                self.taken = sum;
                Ok(())
            }
            _ => Err(Exhausted {
                what: self.what,
                limit: self.limit,
            }),
        }
    }

    /// What may still be taken.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.limit - self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_gives_up_to_its_bound_and_names_it() {
        let mut budget = Budget::new("bytes of body", 10);
        assert_eq!(budget.take(10), Ok(()));
        let error = budget.take(1).unwrap_err();
        assert_eq!(error.to_string(), "more than 10 bytes of body");
        assert_eq!(budget.left(), 0);
        assert!(Budget::new("x", 1).take(u64::MAX).is_err());
    }
}
