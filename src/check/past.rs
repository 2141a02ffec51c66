//! Back through a source's captures, to the last one that still carried a claim.
//!
//! **In:** the archive, a citation that is not carried now. **Out:** what became of the passages that
//! carried it last, and since when. **Not here:** sources of which nothing is known but the present.
//!
//! A page that changes daily has hundreds of captures. They are not read one by one: steps back
//! double until one carries the claim, and the gap before it is halved until the two lie side by
//! side. A passage that came and went in between may be missed; one that went for good is not.

use super::Cited;
use super::docket::{Judged, OwnedClaim, claim_of};
use super::gather::text_by;
use super::outcome::Settled;
use super::reader::Reader;
use crate::archive::{Archive, ArchiveError, Capture, Digest};
use crate::citation::{Citation, canonical};
use crate::evidence::drift::{Earlier, Page};
use crate::evidence::{self, Evidence, EvidenceKind, SourceText};
use crate::limits::Limits;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts of older captures that one run reads; further claims are told without their history.
const MAX_READ: usize = 400;

/// The older captures of sources, each read at most once while a source is asked about.
pub(super) struct Past<'a> {
    archive: &'a Mutex<Archive>,
    limits: Limits,
    reader: &'a Reader,
    left: usize,
    /// The address that is held ready, its distinct captures, oldest first, and their texts.
    address: String,
    captures: Vec<Capture>,
    texts: BTreeMap<usize, Arc<SourceText>>,
}

/// The last capture that carried a claim.
struct LastSeen<T> {
    /// What it answered.
    answer: T,
    /// When it was made last.
    last_seen: Timestamp,
    /// When the next one was made, the first that did not.
    since: Timestamp,
}

impl<'a> Past<'a> {
    pub(super) const fn new(
        archive: &'a Mutex<Archive>,
        limits: Limits,
        reader: &'a Reader,
    ) -> Self {
        Self {
            archive,
            limits,
            reader,
            left: MAX_READ,
            address: String::new(),
            captures: Vec::new(),
            texts: BTreeMap::new(),
        }
    }

    /// What was found for a citation, and where it is not carried though an older capture carried it,
    /// what became of that.
    pub(super) fn trace(
        &mut self,
        cited: &Cited,
        citation: &Citation,
        outcome: &Settled,
        judged: Judged,
    ) -> Judged {
        let missing = matches!(
            judged.evidence.kind,
            EvidenceKind::Partial | EvidenceKind::NotFound
        );
        let told = judged
            .before
            .as_ref()
            .is_some_and(|earlier| !earlier.traces.is_empty());
        if !outcome.status.answers() || !missing || told {
            return judged;
        }
        let Some(earlier) = self.last_carried(cited, citation, outcome) else {
            return judged;
        };
        Judged::since(earlier, judged.evidence)
    }

    fn last_carried(
        &mut self,
        cited: &Cited,
        citation: &Citation,
        outcome: &Settled,
    ) -> Option<Earlier> {
        let (earlier, present) = outcome.captures.as_deref()?;
        let before = earlier.timestamp;
        let address = canonical::to_fetch(&citation.url_as_cited)?;
        let present = present.as_ref().unwrap_or(earlier);
        let reader = self.reader;
        let claim = OwnedClaim::of(claim_of(cited, citation));
        // What is not carried now was not carried by the same payload either.
        let same = Some(present.digest);
        let seen = self.last_that(address.as_str(), before, same, |text| {
            let (claim, text) = (claim.clone(), Arc::clone(text));
            let evidence = reader
                .read(move || evidence::judge(claim.as_text(), &text))
                .ok()?;
            let carries = matches!(
                evidence.kind,
                EvidenceKind::Quoted | EvidenceKind::Supported
            );
            carries.then_some(evidence)
        })?;
        let present = self.read(present)?;
        let (evidence, last_seen, since): (Evidence, _, _) =
            (seen.answer, seen.last_seen, seen.since);
        let follow = move || Earlier::new(evidence, &Page::new(&present), last_seen, since);
        reader.read(follow).ok()
    }

    /// Reads a capture's text, as long as there is room for more.
    fn read(&mut self, capture: &Capture) -> Option<Arc<SourceText>> {
        self.left = self.left.checked_sub(1)?;
        let held = self
            .archive
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .load(capture)
            .ok()?;
        text_by(self.reader, held, &self.limits)
    }

    /// The last capture before `before` whose text `ask` says yes to; it is known to say no to
    /// the payload `silent_one`, which need not be read.
    fn last_that<T>(
        &mut self,
        address: &str,
        before: Timestamp,
        silent_one: Option<Digest>,
        mut ask: impl FnMut(&Arc<SourceText>) -> Option<T>,
    ) -> Option<LastSeen<T>> {
        self.turn_to(address);
        let end = self
            .captures
            .partition_point(|capture| capture.timestamp < before);
        let mut probe = |past: &mut Self, at: usize| {
            let digest = past.captures.get(at).map(|capture| capture.digest);
            if digest == silent_one {
                return None;
            }
            past.text(at).and_then(|text| ask(&text))
        };
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
        let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        for capture in archive.captures(address)? {
            let answer = if matches!(capture.status, 300..=399) && capture.status != 304 {
                archive.answer(address, Some(capture.timestamp))?
            } else {
                Some(capture)
            };
            good.extend(answer.filter(Capture::is_page));
        }
        good.sort_by_key(|capture| capture.timestamp);
        good.dedup_by(|a, b| a.record_id == b.record_id);
        Ok(good)
    }

    fn text(&mut self, at: usize) -> Option<Arc<SourceText>> {
        if let Some(text) = self.texts.get(&at) {
            return Some(Arc::clone(text));
        }
        let capture = self.captures.get(at)?.clone();
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
            None => self.read(&capture)?,
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
