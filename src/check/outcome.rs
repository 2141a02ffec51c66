//! What a run learned about a source: while it is gathered, and as it waits for the report.
//!
//! **In:** what fetching, reading and judging found. **Out:** the source's entry in the report.
//! **Not here:** how it was found.
//!
//! A run may have a hundred thousand sources. What nothing asks for between gathering and report
//! is put away on the shelf ([`Outcome::settle`]).

use super::docket::{Place, Texts};
use super::rfc3339;
use super::shelf::{Found, Shelf, Slip};
use crate::archive::{ArchiveError, Capture};
use crate::citation::{Hint, SourceUrl};
use crate::evidence::{Content, Drift, soft_404};
use crate::fetch::{Status, StatusReason};
use crate::report::{CaptureEntry, Redirect, SourceEntry};

/// What became of a source, and why.
#[derive(Debug)]
pub(super) struct State {
    pub(super) status: Status,
    pub(super) reason: StatusReason,
    /// Against its earlier capture.
    pub(super) drift: Option<Drift>,
}

impl State {
    /// Whether it answered with what may be a page.
    pub(super) const fn answers(&self) -> bool {
        matches!(self.status, Status::Live | Status::Moved)
    }
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

    /// Puts away what only the report will ask for.
    ///
    /// # Errors
    /// When the shelf cannot be written.
    pub(super) fn settle(self, source: &SourceUrl, shelf: &Shelf) -> Result<Settled, ArchiveError> {
        let compared = self.state.drift.as_ref().filter(|_| self.earlier.is_some());
        let share = |share: f64| (share * 1000.0).round() / 1000.0;
        let entry = SourceEntry {
            url: source.to_string(),
            status: self.state.status,
            // What may still change stays in the state.
            reason: String::new(),
            reason_code: String::new(),
            http_status: self.http_status,
            final_url: self.final_url,
            redirects: self.redirects,
            title: self.title,
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
        };
        Ok(Settled {
            state: self.state,
            moved_to: self.moved_to,
            face: self.face.map(Box::new),
            judged: self.judged,
            late: self.late,
            captures: self
                .earlier
                .map(|earlier| Box::new((earlier, self.capture))),
            entry: shelf.put(&entry)?,
        })
    }
}

/// What is held of a source until the report is written.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) state: State,
    pub(super) moved_to: Option<String>,
    pub(super) face: Option<Box<soft_404::Face>>,
    pub(super) judged: Vec<(Place, Found)>,
    pub(super) late: Option<Box<Late>>,
    /// The last good capture before this run, where there is one, and this run's.
    pub(super) captures: Option<Box<(Capture, Option<Capture>)>>,
    entry: Slip<SourceEntry>,
}

impl Settled {
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
            status: self.state.status,
            reason: self.state.reason.text,
            reason_code: self.state.reason.code.to_owned(),
            content: self.state.drift.map(|drift| drift.content),
            read_again: entry.read_again || read_again,
            ..entry
        })
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
pub(super) fn replaced(state: &mut State) {
    if state.status == Status::Dead
        && let Some(drift) = &mut state.drift
        && drift.content == Content::Drifted
    {
        drift.content = Content::Replaced;
    }
}
