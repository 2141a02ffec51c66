//! Lists of references, as reference managers write them.
//!
//! **In:** characters of CSL-JSON, RIS or BibTeX. **Out:** a [`Document`] with one
//! [`BlockKind::Reference`] block for every entry: its words on one line, its DOI and
//! other addresses printed at the end as links. **Not here:** citation styles; the
//! words are for a person to recognise the work by.
//!
//! ```text
//! TY  - JOUR          ┐
//! AU  - Moor, Ada     │     Moor, Ada (2010), The rain of March, Weather 12(3),
//! …                   ├──►  45–67, https://doi.org/10.1000/rain
//! DO  - 10.1000/rain  │                      ▲ link
//! ER  -               ┘
//! ```

pub mod bib;
pub mod csl;
pub mod ris;
mod work;

use super::{Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, Place, Problem};

/// An entry of a list of references: its words, and the addresses in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the list calls it.
    pub key: String,
    /// Line of the file on which it begins, from 1.
    pub line: Option<u32>,
    /// Its words on one line.
    pub text: String,
    /// Addresses, and where in the words they stand.
    pub links: Vec<(String, ByteSpan)>,
}

/// Makes a document of the entries of a list.
#[must_use]
pub fn document(entries: Vec<Entry>, problems: Vec<Problem>) -> Document {
    let mut document = Document::empty(Format::References);
    document.problems = problems;
    for entry in entries {
        if entry.text.is_empty() {
            continue;
        }
        if !document.text.is_empty() {
            document.text.push_str("\n\n");
        }
        let start = document.text.len();
        let place = Place {
            page: None,
            line: entry.line,
        };
        document.places.push((start, place));
        document.text.push_str(&entry.text);
        document.blocks.push(Block {
            kind: BlockKind::Reference(entry.key),
            span: ByteSpan::new(start, document.text.len()),
        });
        let links = entry.links.into_iter().map(|(url, span)| Link {
            certainty: 100,
            url_as_cited: url,
            span: ByteSpan::new(start + span.start, start + span.end),
            kind: LinkKind::Printed,
        });
        document.links.extend(links);
    }
    document
}

/// Offsets of a text's lines.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// Number of the line, from 1, that holds the offset.
    pub(super) fn at(&self, offset: usize) -> Option<u32> {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).ok()
    }
}
