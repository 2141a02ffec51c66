//! A text that cites, as one type whatever its format.
//!
//! **In:** the bytes of a file or of a web page, and its name. **Out:** a
//! [`Document`]: its text in reading order as one string, blocks and links as
//! spans into that string, and for every offset the page and line it came from.
//! **Not here:** what a claim is, or which source a link stands for
//! (`citation`); files and network (`check`).
//!
//! ```text
//!  bytes ─ decode ─► characters ─ reader of the format ─► Document
//!                                                         text:   "Rain fell. See the log."
//!                                                         blocks: [0..23 paragraph]
//!                                                         links:  [19..22 → https://…]
//! ```
//!
//! Reading never fails halfway: a reader returns what it could read together
//! with the [`Problem`]s that it met. Only bytes in which nothing can be read
//! are an error.

pub mod address;
pub mod append;
pub mod bibtex;
mod builder;
mod cited_item;
pub mod decode;
pub mod detect;
pub mod docx;
pub mod epub;
pub(crate) mod heading;
pub mod html;
pub mod latex;
pub mod markdown;
pub mod notebook;
mod notes;
pub mod odt;
pub mod package;
pub mod page_list;
pub mod pandoc;
pub mod pdf;
mod properties;
pub mod references;
pub mod rtf;
mod settle;
mod style;
#[cfg(test)]
mod testing;
pub mod text;
pub mod urls;
pub mod wikitext;
mod writer;
mod xml;

use crate::limits::Limits;
use detect::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range of bytes in a UTF-8 text; both ends lie on character borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ByteSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl ByteSpan {
    /// The span from `start` up to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing lies in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The piece of `text` it marks; empty when it does not fit that text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Plain text, with or without page lists.
    Text,
    /// CommonMark with tables, footnotes and autolinks.
    Markdown,
    /// HTML, from a file or from the web.
    Html,
    /// PDF.
    Pdf,
    /// Office Open XML text (Word).
    Docx,
    /// OpenDocument text (LibreOffice).
    Odt,
    /// Rich Text Format.
    Rtf,
    /// EPUB.
    Epub,
    /// LaTeX, with the bibliographies that it names.
    Latex,
    /// MediaWiki's markup.
    Wikitext,
    /// A Jupyter notebook.
    Notebook,
    /// A list of references: CSL-JSON, RIS, BibTeX.
    References,
    /// A list of addresses, one a line.
    UrlList,
    /// Whatever pandoc turned into its own tree.
    Pandoc,
}

impl Format {
    /// Its name for a person.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "plain text",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Pdf => "PDF",
            Self::Docx => "Word (DOCX)",
            Self::Odt => "OpenDocument (ODT)",
            Self::Rtf => "RTF",
            Self::Epub => "EPUB",
            Self::Latex => "LaTeX",
            Self::Wikitext => "wikitext",
            Self::Notebook => "Jupyter notebook",
            Self::References => "list of references",
            Self::UrlList => "list of addresses",
            Self::Pandoc => "text read by pandoc",
        }
    }
}

/// Where something stands in the file, as a person would look it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Page, from 1, where the format has pages.
    pub page: Option<u32>,
    /// Line of the file, from 1, where the format has lines.
    pub line: Option<u32>,
}

/// What a block of text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading and its level, 1 to 6.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// One cell of a table.
    TableCell,
    /// A caption of a figure or table.
    Caption,
    /// Quoted text.
    Quote,
    /// Preformatted text; never a claim.
    Code,
    /// The body of a footnote or endnote with this label.
    Footnote(String),
    /// An entry of a reference list with this label ("12", "Smith 2010").
    Reference(String),
}

/// A piece of text that belongs together. Blocks do not overlap and stand in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in [`Document::text`].
    pub span: ByteSpan,
}

/// How a link is present in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// The link sits on words.
    Hyperlink,
    /// The address itself is printed; the span is the address.
    Printed,
    /// A page's list of link targets names it, apart from its words.
    /// Its [`Link::span`] is empty and stands where the list interrupts the text.
    PageList {
        /// Index into [`Document::pages`] of the page that the list follows.
        page: usize,
        /// Position in that page's list, from 0.
        position: usize,
    },
}

/// One link of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address exactly as the document has it (relative ones already made absolute
    /// against the page's own address, where that is known).
    pub url_as_cited: String,
    /// The words it sits on, or the printed address, in [`Document::text`].
    pub span: ByteSpan,
    /// How it is present.
    pub kind: LinkKind,
    /// How likely the text itself set it, in percent: below 100 only on web pages, where it
    /// may belong to what stands around the text.
    pub certainty: u8,
}

/// A mark in the text that points to a footnote or to an entry of the reference list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRef {
    /// Label of the [`BlockKind::Footnote`] or [`BlockKind::Reference`] that it points to.
    pub label: String,
    /// The mark's place in [`Document::text`]; empty when the mark itself is not part of the text.
    pub span: ByteSpan,
}

/// Something that a reader could not make sense of; the rest was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, as a lower-case clause.
    pub text: String,
}

/// A text that cites.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Which reader read it.
    pub format: Format,
    /// Its title, as far as it says.
    pub title: Option<String>,
    /// Its date as far as it is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Its language as an ISO 639-1 code.
    pub language: Option<String>,
    /// Everything it says, in reading order: hard-wrapped lines joined, blocks set
    /// apart by a blank line, page lists and the marks of notes left out.
    pub text: String,
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
    /// Its links: those in the text in reading order, then those of page lists.
    pub links: Vec<Link>,
    /// Its marks of notes, in reading order.
    pub note_refs: Vec<NoteRef>,
    /// The pages, as spans of [`Document::text`], where the format has pages (else empty).
    pub pages: Vec<ByteSpan>,
    /// Places of the text: each entry holds from its offset up to the next one's; sorted by offset.
    pub places: Vec<(usize, Place)>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Document {
    /// A document with nothing in it yet.
    #[must_use]
    pub const fn empty(format: Format) -> Self {
        Self {
            format,
            title: None,
            date: None,
            language: None,
            text: String::new(),
            blocks: Vec::new(),
            links: Vec::new(),
            note_refs: Vec::new(),
            pages: Vec::new(),
            places: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The words of the first heading: its title where it names no other.
    #[must_use]
    pub fn first_heading(&self) -> Option<String> {
        self.blocks
            .iter()
            .find(|block| matches!(block.kind, BlockKind::Heading(_)))
            .map(|block| block.span.of(&self.text).to_owned())
    }

    /// Page and line of an offset into [`Document::text`].
    #[must_use]
    pub fn place_at(&self, offset: usize) -> Place {
        let after = self.places.partition_point(|(start, _)| *start <= offset);
        match after.checked_sub(1) {
            Some(index) => self.places[index].1,
            None => Place::default(),
        }
    }

    /// The block that holds this offset.
    #[must_use]
    pub fn block_at(&self, offset: usize) -> Option<&Block> {
        let after = self
            .blocks
            .partition_point(|block| block.span.start <= offset);
        let block = &self.blocks[after.checked_sub(1)?];
        (offset <= block.span.end).then_some(block)
    }
}

/// What is known about the bytes before they are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// File name or path; its ending helps to tell text formats apart.
    pub name: Option<&'a str>,
    /// `Content-Type` as sent, with parameters.
    pub content_type: Option<&'a str>,
    /// Address that the bytes came from; relative links are resolved against it.
    pub base: Option<&'a url::Url>,
    /// The files beside it, for a format that is spread over several.
    pub companions: Option<&'a dyn Companions>,
}

/// The files that stand beside a document: parts of it, and its bibliographies.
pub trait Companions: std::fmt::Debug {
    /// The bytes of the file of this name, as the document gives it: relative to the
    /// document's own folder, with `/` between folders. Nothing where there is none,
    /// or where it lies outside that folder.
    fn companion(&self, name: &str) -> Option<Vec<u8>>;
}

/// Why bytes could not be read as a document. Each is a clause that follows "could not read it: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// The bytes are not text in any character set.
    #[error("it is not text: {what}")]
    Binary {
        /// What they look like: "a PNG image", "unknown binary data (NUL byte at byte 17)".
        what: String,
    },
    /// It is encrypted, and not with the empty password.
    #[error("it is encrypted with a password; save a copy without one")]
    Encrypted,
    /// Its structure cannot be made out.
    #[error("{what}")]
    Damaged {
        /// What is wrong, as a clause.
        what: String,
    },
    /// A file of pictures.
    #[error(
        "it has no text, so it may be a scan; a program for text recognition makes a copy that can be read"
    )]
    NoText,
    /// A format that is known, and not read yet.
    #[error("{what} cannot be read yet")]
    Unsupported {
        /// The format's name, with its article: "a PDF file".
        what: String,
    },
    /// Pandoc reads it, and pandoc is a program: a library does not run one on its own.
    #[error("it is {what}, which is read from the tree that pandoc makes of it")]
    NeedsPandoc {
        /// The format's name.
        what: &'static str,
    },
    /// More than is taken.
    #[error(transparent)]
    TooLarge(#[from] crate::limits::Exhausted),
}

/// Reads a document of any known format: by its signature, then by its media type, then by its name.
///
/// # Errors
/// [`DocumentError`] when nothing in the bytes can be read; [`DocumentError::NeedsPandoc`] for
/// formats that come to [`pandoc::read`] as pandoc's tree.
pub fn read(bytes: &[u8], hints: Hints<'_>, limits: &Limits) -> Result<Document, DocumentError> {
    detect::check_size(bytes, limits)?;
    let kind = detect::kind(bytes, hints)?;
    let mut document = match kind {
        Kind::Pdf => pdf::read(bytes, limits)?,
        Kind::Docx => docx::read(bytes, limits)?,
        Kind::Odt => odt::read(bytes, limits)?,
        Kind::Rtf => rtf::read(bytes),
        Kind::Epub => epub::read(bytes, limits)?,
        Kind::Pandoc(dialect) => return Err(DocumentError::NeedsPandoc { what: dialect.name }),
        _ => read_text(bytes, kind, hints, limits)?,
    };
    settle::settle(&mut document);
    Ok(document)
}

/// Reads the formats that are made of characters.
fn read_text(
    bytes: &[u8],
    kind: Kind,
    hints: Hints<'_>,
    limits: &Limits,
) -> Result<Document, DocumentError> {
    let decoded = decode::decode(bytes, hints.content_type, kind == Kind::Html);
    if decoded.text.trim().is_empty() {
        return Err(DocumentError::Empty);
    }
    let text = decoded.text.as_str();
    let mut document = match kind {
        Kind::Markdown => markdown::read(text, hints.base),
        Kind::Html => html::read(text, hints.base, limits),
        Kind::Latex => latex::read(text, hints.name, hints.companions),
        Kind::Wikitext => wikitext::read(text),
        Kind::Bibtex => {
            let (entries, problems) = references::bib::entries(text);
            references::document(entries, problems)
        }
        Kind::PandocTree => pandoc::read(text, hints.base)?,
        Kind::Notebook => notebook::read(text, hints.base, limits)?,
        Kind::UrlList => urls::read(text),
        Kind::CslJson => {
            let (entries, problems) = references::csl::entries(text)?;
            references::document(entries, problems)
        }
        Kind::Ris => {
            let (entries, problems) = references::ris::entries(text);
            references::document(entries, problems)
        }
        _ => text::read(text),
    };
    document.problems.extend(decoded.problems);
    Ok(document)
}
