//! Back through a source's captures, to the last one that still carried a claim.
//!
//! **In:** the archive, an address, a question to a text. **Out:** the capture that was the last to
//! answer it, and the one that followed. **Not here:** the judgement; the caller asks the question.
//!
//! A page that changes daily has hundreds of captures. They are not read one by one: steps back
//! double until one carries the claim, and the gap before it is halved until the two lie side by
//! side. A passage that came and went in between may be missed; one that went for good is not.

use super::gather::text_of_held;
use crate::archive::{Archive, ArchiveError, Capture};
use crate::evidence::SourceText;
use crate::limits::Limits;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts of older captures that one run reads; further claims are told without their history.
const MAX_READ: usize = 400;

/// The older captures of sources, each read at most once while a source is asked about.
pub(super) struct Past<'a> {
    archive: &'a Archive,
    limits: Limits,
    left: usize,
    /// The address that is held ready, its distinct captures, oldest first, and their texts.
    address: String,
    captures: Vec<Capture>,
    texts: BTreeMap<usize, Arc<SourceText>>,
}

/// The last capture that carried a claim.
pub(super) struct LastSeen<T> {
    /// What it answered.
    pub(super) answer: T,
    /// When it was made last.
    pub(super) last_seen: Timestamp,
    /// When the next one was made, the first that did not.
    pub(super) since: Timestamp,
}

impl<'a> Past<'a> {
    pub(super) const fn new(archive: &'a Archive, limits: Limits) -> Self {
        Self {
            archive,
            limits,
            left: MAX_READ,
            address: String::new(),
            captures: Vec::new(),
            texts: BTreeMap::new(),
        }
    }

    /// The last capture before `before` whose text `ask` says yes to.
    pub(super) fn last_that<T>(
        &mut self,
        address: &str,
        before: Timestamp,
        mut ask: impl FnMut(&Arc<SourceText>) -> Option<T>,
    ) -> Option<LastSeen<T>> {
        self.turn_to(address);
        let end = self
            .captures
            .partition_point(|capture| capture.timestamp < before);
        let mut probe = |past: &mut Self, at: usize| past.text(at).and_then(|text| ask(&text));
        // The newest that is known not to answer; at first the one that the caller has.
        let mut silent = end;
        let mut step = 1;
        let mut found = loop {
            if silent == 0 {
                return None;
            }
            let at = silent.saturating_sub(step);
            if let Some(answer) = probe(self, at) {
                break (at, answer);
            }
            silent = at;
            step *= 2;
        };
        while found.0 + 1 < silent {
            let middle = usize::midpoint(found.0, silent);
            match probe(self, middle) {
                Some(answer) => found = (middle, answer),
                None => silent = middle,
            }
        }
        let (at, answer) = found;
        Some(LastSeen {
            answer,
            last_seen: self.seen_last(at, before),
            since: self
                .captures
                .get(silent)
                .map_or(before, |next| next.timestamp),
        })
    }

    /// Makes an address's captures ready; an archive that cannot be read has no past.
    fn turn_to(&mut self, address: &str) {
        if self.address == address {
            return;
        }
        address.clone_into(&mut self.address);
        self.texts.clear();
        self.captures = self.good_captures(address).unwrap_or_default();
    }

    /// The answers of an address that were pages. Redirects alone are followed: asking for the end
    /// of each capture would read the catalogue once a capture.
    fn good_captures(&self, address: &str) -> Result<Vec<Capture>, ArchiveError> {
        let mut good = Vec::new();
        for capture in self.archive.captures(address)? {
            let answer = if matches!(capture.status, 300..=399) && capture.status != 304 {
                self.archive.answer(address, Some(capture.timestamp))?
            } else {
                Some(capture)
            };
            good.extend(answer.filter(|answer| matches!(answer.status, 200..=299 | 304)));
        }
        good.sort_by_key(|capture| capture.timestamp);
        good.dedup_by(|a, b| a.record_id == b.record_id);
        Ok(good)
    }

    fn text(&mut self, at: usize) -> Option<Arc<SourceText>> {
        if let Some(text) = self.texts.get(&at) {
            return Some(Arc::clone(text));
        }
        let capture = self.captures.get(at)?;
        // The same bytes were read already.
        let twin = self
            .texts
            .iter()
            .find(|(other, _)| {
                self.captures
                    .get(**other)
                    .is_some_and(|other| other.digest == capture.digest)
            })
            .map(|(_, text)| Arc::clone(text));
        let text = match twin {
            Some(text) => text,
            None => {
                self.left = self.left.checked_sub(1)?;
                Arc::new(text_of_held(self.archive.load(capture).ok()?, &self.limits))
            }
        };
        self.texts.insert(at, Arc::clone(&text));
        Some(text)
    }

    /// When the payload of a capture was seen last before `before`, its repetitions included.
    fn seen_last(&self, at: usize, before: Timestamp) -> Timestamp {
        let mut last = Timestamp::MIN;
        let mut digest = None;
        for capture in self.captures.iter().skip(at) {
            if capture.timestamp >= before || digest.is_some_and(|digest| digest != capture.digest)
            {
                break;
            }
            digest = Some(capture.digest);
            last = capture.timestamp;
        }
        last
    }
}
