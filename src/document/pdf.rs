//! PDF: words with their places in reading order, and links on their exact words.
//!
//! **In:** the bytes of a file. **Out:** a [`Document`] with pages. **Not here:** pictures
//! of text; a scan has none that could be read.
//!
//! ```text
//!  file ─ glyphs ─► characters with boxes ─ lines ─► lines in reading order
//!          annotations ─► boxes with addresses ────► links on glyphs (page)
//!                         and with destinations ───► notes of marks (marks)
//!                                                    flow ─► paragraphs, notes, Document
//! ```

mod anchors;
mod annotations;
mod bombs;
mod destinations;
mod facts;
mod flow;
mod furniture;
mod geometry;
mod glyphs;
mod joints;
mod jumps;
mod lines;
mod marks;
mod notes;
mod page;
mod paragraphs;
mod shapes;
mod tags;
#[cfg(test)]
mod tests;
mod writer;

use super::{Document, DocumentError};
use crate::limits::{Budget, Limits};
use facts::Facts;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pages that are read.
const MAX_PAGES: usize = 10_000;
/// Bytes of text that are read.
const MAX_TEXT_BYTES: u64 = 64 << 20;

/// A budget with so little left has refused something: no glyph stands for more.
const FULL: u64 = 64;

/// A link annotation of a page, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfLink {
    /// Page, from 1.
    pub page: u32,
    /// The address.
    pub url: String,
    /// The words that it sits on; empty where it sits on none.
    pub anchor: String,
}

/// Reads a PDF.
///
/// # Errors
/// [`DocumentError`] when it is encrypted with a password, is no PDF, or holds no text at all.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, DocumentError> {
    let mut flow = flow::Flow::new();
    let facts = walk(bytes, limits, |page| flow.page(page))?;
    flow.finish(facts)
}

/// Every link annotation of a PDF that leads out of it, page by page, as [`read`] finds them.
///
/// # Errors
/// As [`read`], but for a file without text.
pub fn links(bytes: &[u8], limits: &Limits) -> Result<Vec<PdfLink>, DocumentError> {
    let mut found = Vec::new();
    let mut number = 0;
    walk(bytes, limits, |page| {
        number += 1;
        found.extend(page.links.iter().map(|link| PdfLink {
            page: number,
            url: link.url.clone(),
            anchor: page.anchor(link),
        }));
    })?;
    Ok(found)
}

fn walk(
    bytes: &[u8],
    limits: &Limits,
    mut take: impl FnMut(page::Page),
) -> Result<Facts, DocumentError> {
    let unreadable = |what: &str| DocumentError::Damaged {
        what: what.to_owned(),
    };
    bombs::check(bytes)?;
    let limit = MAX_TEXT_BYTES.min(limits.max_decoded_bytes);
    let mut budget = Budget::new("bytes of text in a PDF", limit);
    // The reader of the format is not ours; should it stumble over a file, that is this
    // file's misfortune and not the run's.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
                DocumentError::Encrypted
            }
            LoadPdfError::Decryption(_) => {
                unreadable("it is encrypted in a way that cannot be read")
            }
            LoadPdfError::Invalid => unreadable("its structure is damaged beyond repair"),
        })?;
        let mut left = MAX_PAGES;
        page::pages(&pdf, &mut budget, |page| {
            take(page);
            left -= 1;
            left > 0
        });
        let mut facts = Facts::of(&pdf);
        let pages = pdf.pages().len();
        if pages > MAX_PAGES {
            facts.left_out(format!("only {MAX_PAGES} of its {pages} pages were read"));
        }
        if budget.left() < FULL {
            facts.left_out("it has more text than is read; the rest was left out".to_owned());
        }
        Ok(facts)
    }));
    read.unwrap_or_else(|_| Err(unreadable("its structure is damaged beyond repair")))
}
