//! A source's captures through time, and what changed between them.

use super::gather::text_by;
use super::reader::Reader;
use crate::archive::{Archive, ArchiveError, Capture, unless_lost};
use crate::evidence::{Content, SourceText, drift};
use crate::limits::Limits;
use std::sync::Arc;

/// One capture against the good one before it.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    /// The capture at the end of the address's redirects.
    pub capture: Capture,
    /// Against the good capture before; none where this one is no page, or cannot be read any more.
    pub content: Option<Content>,
    /// Share of the main text's words that changed, 0 to 1, where both were read.
    pub changed: Option<f64>,
}

/// The answers of an address that were pages, each at the end of its redirects, oldest first.
///
/// # Errors
/// [`ArchiveError`] when the archive cannot be read.
pub fn good_captures(archive: &Archive, url: &str) -> Result<Vec<Capture>, ArchiveError> {
    let mut good = answers(archive, url)?;
    good.retain(Capture::is_page);
    Ok(good)
}

/// Every capture of an address, each at the end of its redirects, with what changed; oldest first.
///
/// # Errors
/// [`ArchiveError`] when the archive cannot be read.
pub fn history(
    archive: &Archive,
    url: &str,
    limits: &Limits,
) -> Result<Vec<HistoryEntry>, ArchiveError> {
    let reader = Reader::new(limits.read_time);
    let mut before: Option<(Capture, Arc<SourceText>)> = None;
    let mut entries = Vec::new();
    for capture in answers(archive, url)? {
        let mut entry = HistoryEntry {
            capture: capture.clone(),
            content: None,
            changed: None,
        };
        if capture.is_page() {
            match &mut before {
                Some((earlier, _)) if earlier.digest == capture.digest => {
                    entry.content = Some(Content::Identical);
                }
                before => {
                    let Some(held) = unless_lost(archive.load(&capture))? else {
                        // It is told, and the next is compared with the one before it.
                        entries.push(entry);
                        continue;
                    };
                    let text = text_by(&reader, held, limits).unwrap_or_default();
                    match before {
                        Some((_, earlier)) => {
                            let drift = drift::compare(earlier, &text);
                            entry.content = Some(drift.content);
                            entry.changed = Some(drift.changed);
                        }
                        None => entry.content = Some(Content::First),
                    }
                    *before = Some((capture, text));
                }
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn answers(archive: &Archive, url: &str) -> Result<Vec<Capture>, ArchiveError> {
    let mut answers: Vec<Capture> = Vec::new();
    for capture in archive.captures(url)? {
        let answer = archive
            .answer(url, Some(capture.timestamp))?
            .unwrap_or(capture);
        // Two captures of one redirect may lead to the same answer.
        if answers
            .last()
            .is_none_or(|last| last.record_id != answer.record_id)
        {
            answers.push(answer);
        }
    }
    Ok(answers)
}
