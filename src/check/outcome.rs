//! What a run learned about a source: while it is gathered, and as it waits for the report.
//!
//! **In:** what fetching, reading and judging found. **Out:** the source's entry in the report.
//! **Not here:** how it was found.
//!
//! A run may have a hundred thousand sources. What nothing asks for between gathering and report
//! is put away on the shelf ([`Outcome::entry`]).

use super::docket::{Docket, Place, Texts};
use super::rfc3339;
use super::shelf::{Found, Shelf, Slip};
use crate::archive::{ArchiveError, Capture};
use crate::citation::{Hint, SourceUrl};
use crate::evidence::{Content, Drift, soft_404};
use crate::fetch::{Status, StatusReason};
use crate::report::{CaptureEntry, Redirect, SourceEntry};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What became of a source, and why.
#[derive(Debug)]
pub(super) struct State {
    pub(super) status: Status,
    pub(super) reason: StatusReason,
    /// Against its earlier capture.
    pub(super) drift: Option<Drift>,
}

/// All that a run learned about one source.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) state: State,
    pub(super) http_status: Option<u16>,
    pub(super) final_url: Option<String>,
    /// The address to cite from now on, when the source has moved for good.
    pub(super) moved_to: Option<String>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) capture: Option<Capture>,
    /// The last good capture before this run.
    pub(super) earlier: Option<Capture>,
    /// What tells whether other cited addresses show the same page.
    pub(super) face: Option<soft_404::Face>,
    /// The title of the text that was judged.
    pub(super) title: Option<String>,
    /// What the judge found for the claims that did not wait.
    pub(super) judged: Vec<(Place, Found)>,
    /// For the claims that wait.
    pub(super) late: Option<Box<Late>>,
    /// What was found rests on more than the payload and the claims.
    pub(super) read_again: bool,
}

/// What is kept of a source for claims that wait until all sources are known.
#[derive(Debug, Clone)]
pub(super) struct Late {
    pub(super) hint: Hint,
    /// Its texts, as far as there was room.
    pub(super) texts: Option<Texts>,
    /// Else: the captures that they are read from again.
    pub(super) now: Option<Capture>,
    pub(super) before: Option<Capture>,
}

impl Outcome {
    /// Of a source of which nothing but its state is known.
    pub(super) const fn of(state: State) -> Self {
        Self {
            state,
            http_status: None,
            final_url: None,
            moved_to: None,
            redirects: Vec::new(),
            capture: None,
            earlier: None,
            face: None,
            title: None,
            judged: Vec::new(),
            late: None,
            read_again: false,
        }
    }

    /// What was captured earlier turned out to be no page that could be compared.
    pub(super) fn forget_earlier(&mut self) {
        self.earlier = None;
        self.state.drift = None;
    }

    /// What only the report will ask for.
    pub(super) fn entry(&self, source: &SourceUrl) -> SourceEntry {
        let compared = self.state.drift.as_ref().filter(|_| self.earlier.is_some());
        let share = |share: f64| (share * 1000.0).round() / 1000.0;
        SourceEntry {
            url: source.to_string(),
            status: self.state.status,
            // What may still change is held.
            reason: String::new(),
            reason_code: String::new(),
            http_status: self.http_status,
            final_url: self.final_url.clone(),
            redirects: self.redirects.clone(),
            title: self.title.clone(),
            content: None,
            changed: compared.map(|drift| share(drift.changed)),
            lost: compared.map(|drift| share(drift.lost)),
            blocks: compared
                .map(|drift| drift.blocks.clone())
                .filter(|blocks| !blocks.is_empty()),
            capture: self.capture.as_ref().map(capture_entry),
            earlier: self.earlier.as_ref().map(capture_entry),
            read_again: self.read_again,
            mementos: Vec::new(),
        }
    }
}

/// What is held of a source until the report is written.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) status: Status,
    pub(super) code: &'static str,
    pub(super) reason: Arc<str>,
    pub(super) content: Option<Content>,
    /// How it changed, where it did.
    changes: Option<Box<Drift>>,
    pub(super) moved_to: Option<Box<str>>,
    pub(super) face: Option<Box<soft_404::Face>>,
    pub(super) late: Option<Box<Late>>,
    /// The last good capture before this run, where there is one, and this run's.
    pub(super) captures: Option<Box<(Capture, Option<Capture>)>>,
    entry: Slip<SourceEntry>,
}

impl Settled {
    /// Against its earlier capture.
    pub(super) fn drift(&self) -> Option<Drift> {
        let content = self.content?;
        Some(match &self.changes {
            Some(changes) => Drift {
                content,
                ..changes.as_ref().clone()
            },
            None => Drift::none(content),
        })
    }

    /// It is no page: it took the place of the one archived earlier.
    pub(super) fn is_none_any_more(&mut self, code: &'static str, reason: &str) {
        self.status = Status::Dead;
        self.code = code;
        self.reason = reason.into();
        if let Some(content) = &mut self.content {
            *content = replaced(self.status, *content);
        }
    }

    /// The source as the report has it; `read_again` where claims on it ask for that.
    ///
    /// # Errors
    /// When the shelf cannot be read.
    pub(super) fn entry(
        self,
        shelf: &Shelf,
        read_again: bool,
    ) -> Result<SourceEntry, ArchiveError> {
        let entry = shelf.take(&self.entry)?;
        Ok(SourceEntry {
            status: self.status,
            reason: self.reason.as_ref().to_owned(),
            reason_code: self.code.to_owned(),
            content: self.content,
            read_again: entry.read_again || read_again,
            ..entry
        })
    }
}

/// Reasons that are held once, however many sources have them.
const MAX_REASONS: usize = 1000;

/// What became of all sources, and what was found for the citations.
///
/// All places are made before the first is filled: something small that stays, put between large
/// things that come and go, would tear memory into pieces.
#[derive(Debug)]
pub(super) struct Outcomes {
    /// In the order of their addresses.
    sources: Vec<(SourceUrl, Option<Settled>)>,
    /// By document and citation.
    found: Vec<Vec<Option<Found>>>,
    reasons: BTreeSet<Arc<str>>,
}

impl Outcomes {
    /// Places for all sources and citations.
    pub(super) fn new(docket: &Docket) -> Self {
        let mut sources = Vec::with_capacity(docket.sources().count());
        sources.extend(docket.sources().map(|source| (source.clone(), None)));
        let places = docket.cited.iter().map(|cited| {
            let citations = cited.citations.iter();
            citations.map(|_| None).collect()
        });
        Self {
            sources,
            found: places.collect(),
            reasons: BTreeSet::new(),
        }
    }

    /// Keeps what was learned about a source; its entry ([`Outcome::entry`]) was put away.
    pub(super) fn settle(
        &mut self,
        source: &SourceUrl,
        outcome: Outcome,
        entry: Slip<SourceEntry>,
    ) {
        self.find(outcome.judged);
        let reason = self.shared(outcome.state.reason.text);
        let settled = Settled {
            status: outcome.state.status,
            code: outcome.state.reason.code,
            reason,
            content: outcome.state.drift.as_ref().map(|drift| drift.content),
            changes: outcome
                .state
                .drift
                .filter(|drift| *drift != Drift::none(drift.content))
                .map(Box::new),
            moved_to: outcome.moved_to.map(Into::into),
            face: outcome.face.map(Box::new),
            late: outcome.late,
            captures: outcome
                .earlier
                .map(|earlier| Box::new((earlier, outcome.capture))),
            entry,
        };
        if let Some(place) = self.place(source) {
            self.sources[place].1 = Some(settled);
        }
    }

    fn place(&self, source: &SourceUrl) -> Option<usize> {
        let by_address = |(one, _): &(SourceUrl, _)| one.cmp(source);
        self.sources.binary_search_by(by_address).ok()
    }

    fn shared(&mut self, reason: String) -> Arc<str> {
        if let Some(held) = self.reasons.get(reason.as_str()) {
            return Arc::clone(held);
        }
        let reason: Arc<str> = reason.into();
        if self.reasons.len() < MAX_REASONS {
            self.reasons.insert(Arc::clone(&reason));
        }
        reason
    }

    /// Keeps what the judge found for citations.
    pub(super) fn find(&mut self, judged: Vec<(Place, Found)>) {
        for ((document, number), found) in judged {
            if let Some(places) = self.found.get_mut(document) {
                // A list that was aligned again may have more of them.
                let count = places.len().max(number + 1);
                places.resize_with(count, || None);
                places[number] = Some(found);
            }
        }
    }

    /// What became of a source.
    pub(super) fn get(&self, source: &SourceUrl) -> Option<&Settled> {
        self.sources.get(self.place(source)?)?.1.as_ref()
    }

    /// What the judge found for a citation.
    pub(super) fn found(&self, (document, number): Place) -> Option<&Found> {
        self.found.get(document)?.get(number)?.as_ref()
    }

    /// The same, given away.
    pub(super) fn take_found(&mut self, (document, number): Place) -> Option<Found> {
        self.found.get_mut(document)?.get_mut(number)?.take()
    }

    /// How many sources there are.
    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &Settled> {
        self.sources
            .iter()
            .filter_map(|(_, settled)| settled.as_ref())
    }

    pub(super) fn sources_mut(&mut self) -> impl Iterator<Item = &mut Settled> {
        self.sources
            .iter_mut()
            .filter_map(|(_, settled)| settled.as_mut())
    }

    /// All sources in the order of their addresses.
    pub(super) fn into_sources(self) -> impl Iterator<Item = (SourceUrl, Settled)> {
        let sources = self.sources.into_iter();
        sources.filter_map(|(source, settled)| Some((source, settled?)))
    }
}

fn capture_entry(capture: &Capture) -> CaptureEntry {
    CaptureEntry {
        timestamp: rfc3339(capture.timestamp),
        sha256: capture.digest.to_hex(),
        warc: capture.warc.clone(),
        offset: capture.offset,
        length: capture.length,
        media_type: capture.media_type.clone(),
        copy: None,
    }
}

/// A page that is none any more took the place of the one archived earlier.
pub(super) fn replaced(status: Status, content: Content) -> Content {
    match (status, content) {
        (Status::Dead, Content::Drifted) => Content::Replaced,
        _ => content,
    }
}
