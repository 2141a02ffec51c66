//! A source that says what it said when it was judged last is not read again.
//!
//! **In:** what this run's fetch told, what an earlier run found. **Out:** the outcome that
//! reading and judging would give. **Not here:** what is remembered (`recall`).
//!
//! It has to be the same in all that reading and judging look at: status and reason, the chain
//! of redirects, the payload, the media type and coding that it is read by; and every claim on
//! it has to be known. Sources of page lists are read for their words, and one whose state rests
//! on a probe, on other pages or on an older capture is not remembered at all.

use super::{Work, identical};
use crate::archive::warc::http;
use crate::archive::{Archive, ArchiveError, Capture};
use crate::check::outcome::{Late, Outcome};
use crate::check::recall::{self, Remembered};
use crate::check::{CheckError, blocking};
use crate::citation::{Hint, SourceUrl};
use crate::fetch::Fetched;
use std::sync::Arc;

/// What a payload is read by.
type Kind = [Option<String>; 2];

impl Work {
    /// Takes what the last run found where it must be what this one would find; says whether.
    pub(super) async fn as_last_time(
        &self,
        source: &SourceUrl,
        fetched: &Fetched,
        outcome: &mut Outcome,
    ) -> Result<bool, CheckError> {
        let Some(last) = self.recall.get(source.as_str()) else {
            return Ok(false);
        };
        let Some((answer, capture)) = fetched.answer().zip(outcome.capture.as_ref()) else {
            return Ok(false);
        };
        if !is_same(last, outcome, capture) || self.docket.waits_for(source) {
            return Ok(false);
        }
        let Some(judged) = self.docket.recall(source, last) else {
            return Ok(false);
        };
        let kind = match answer.response.status {
            304 => None,
            _ => Some(["content-type", "content-encoding"].map(|name| answer.response.field(name))),
        };
        let (present, warc, offset) = (capture.clone(), last.warc.clone(), last.offset);
        let same_kind = self
            .keeper
            .ask(move |archive| is_same_kind(archive, kind, &present, &warc, offset))
            .await?;
        if !same_kind {
            return Ok(false);
        }
        outcome.state.drift = Some(identical());
        outcome.title.clone_from(&last.title);
        let shelf = Arc::clone(&self.shelf);
        outcome.judged = blocking("judging", move || shelf.put_found(judged)).await??;
        if self.docket.is_late(source) {
            // Others of a claim may lack something; then all of its sources are read together.
            outcome.late = Some(Box::new(Late {
                hint: Hint::default(),
                texts: None,
                now: outcome.capture.clone(),
                before: None,
            }));
        }
        Ok(true)
    }
}

fn is_same(last: &Remembered, outcome: &Outcome, capture: &Capture) -> bool {
    let whole = |capture: &Capture| capture.truncated.is_none() && capture.digest == last.payload;
    let state = || {
        recall::state(
            outcome.state.status.word(),
            (outcome.state.reason.code, &outcome.state.reason.text),
            outcome.http_status,
            outcome.final_url.as_deref(),
            &outcome.redirects,
        )
    };
    outcome.state.status.answers()
        && whole(capture)
        && outcome.earlier.as_ref().is_some_and(whole)
        && state() == last.state
}

/// Whether the payload is read as it was: under the same address, as the same kind. A revisit tells its own kind only where it is no 304.
fn is_same_kind(
    archive: &Archive,
    kind: Option<Kind>,
    present: &Capture,
    warc: &str,
    offset: u64,
) -> Result<bool, ArchiveError> {
    let Some(judged) = archive.capture_at(warc, offset)? else {
        return Ok(false);
    };
    let of = |capture: &Capture| -> Result<Kind, ArchiveError> {
        let fields = archive.fields(capture)?;
        Ok(["content-type", "content-encoding"].map(|name| http::field(&fields, name)))
    };
    let kind = match kind {
        Some(kind) => kind,
        // The same holds for this one, where it confirms a record that is lost.
        None => match of(present) {
            Ok(kind) => kind,
            Err(_) => return Ok(false),
        },
    };
    // Where the old record cannot be read, the source is.
    let same_place = judged.truncated.is_none() && judged.target_uri == present.target_uri;
    Ok(same_place && of(&judged).is_ok_and(|judged| judged == kind))
}
