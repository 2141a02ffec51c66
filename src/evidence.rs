//! What a source shows for a claim, and whether it still does.
//!
//! **In:** a claim, an archived payload or two. **Out:** [`Evidence`], a
//! [`Content`] comparison, a [`Verdict`] with its [`Reason`]s. **Not here:**
//! any I/O. The judge is one function, [`judge`]: (claim, source text) → evidence.

pub mod drift;
mod fact;
pub mod main_text;
pub mod passage;
mod quick_hash;
pub mod quotation;
pub mod signs;
pub mod soft_404;
mod space;
mod terms;
mod tree;
pub mod verdict;
pub mod wall;

use crate::document::ByteSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use drift::{Content, Drift};
pub use passage::Prepared;
#[doc(hidden)] // For the tests that compare it with html5ever's own.
pub use tree::outline;
pub use verdict::{Reason, Verdict};

/// The version of reading and judging. Evidence of an earlier run is taken over where it was found
/// by this one: raise it with every change that may give other evidence, titles or statuses for
/// the same payload and claim.
pub const JUDGE: u32 = 1;

/// The readable text of a captured payload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceText {
    /// Title, as far as the source says.
    pub title: Option<String>,
    /// Language as an ISO 639-1 code, as far as known.
    pub language: Option<String>,
    /// Who wrote it, as far as the source says.
    pub author: Option<String>,
    /// When it was published: an ISO 8601 date, as much of it as the source or its address says.
    pub published: Option<String>,
    /// When it was last changed, as far as the source says: an ISO 8601 date.
    pub modified: Option<String>,
    /// The site's own name, as far as the source says.
    pub site: Option<String>,
    /// All of its visible text in reading order, blocks set apart by a newline. `ibid get --text` prints it.
    pub text: String,
    /// The parts of `text` that are the main text (article), in order.
    pub main: Vec<ByteSpan>,
    /// Why no text could be read, when none could ("a PDF file cannot be read yet").
    pub unreadable: Option<String>,
    /// What its markup tells about the kind of page it is.
    pub signs: signs::Signs,
}

impl SourceText {
    /// The whole title, the site's name included where the markup shows it; else empty.
    pub(crate) fn whole_title(&self) -> &str {
        let shown = self.signs.title.as_deref();
        shown.or(self.title.as_deref()).unwrap_or("")
    }

    /// The main text: the marked parts joined by newlines; everything when nothing is marked.
    #[must_use]
    pub fn main_text(&self) -> String {
        if self.main.is_empty() {
            return self.text.clone();
        }
        let parts: Vec<&str> = self.main.iter().map(|span| span.of(&self.text)).collect();
        parts.join("\n")
    }
}

/// How far the source carries the claim.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The claim's quotation stands in the source.
    Quoted,
    /// A passage says what the claim says, as far as words can show.
    Supported,
    /// Some of its facts are there.
    Partial,
    /// The source was read, and no passage bears on the claim.
    NotFound,
    /// No text could be read.
    Unreadable,
    /// Nothing is archived, judging was switched off, or no claim rests on the source.
    None,
}

impl EvidenceKind {
    /// Whether words of the claim were found in the source.
    #[must_use]
    pub const fn shows_words(self) -> bool {
        matches!(self, Self::Quoted | Self::Supported | Self::Partial)
    }
}

/// A part of the source that bears on the claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    /// Its words.
    pub text: String,
    /// First byte in the source's extracted text (`ibid get URL --text`).
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// How much of the claim's weighted words it holds, 0 to 1.
    pub score: f64,
    /// Byte ranges of `text` that match the claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(usize, usize)>,
}

/// A piece of a quotation laid beside the source's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Both have it.
    Kept(String),
    /// Only the text that quotes has it.
    OnlyInText(String),
    /// Only the source has it.
    OnlyInSource(String),
}

/// A quotation of the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quotation {
    /// The quoted words, without the quotation marks.
    pub text: String,
    /// Whether they stand in the source as quoted: typography, white space, case, an ellipsis
    /// and an editor's brackets do not count, nor do ways of spelling.
    pub found: bool,
    /// Whether the source has them with a difference that matters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub altered: bool,
    /// What differs, letter by letter: all pieces but those of one kind make the quotation, all but
    /// those of the other the source's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<Difference>,
    /// Index of the passage that holds them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<usize>,
}

/// What kind of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// A number.
    Number,
    /// A date or a year.
    Date,
    /// A name.
    Name,
}

/// A number, date or name of the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// As the claim has it.
    pub text: String,
    /// What it is.
    pub kind: FactKind,
    /// Whether the source has it.
    pub found: bool,
    /// What the source plainly says instead, in its own words ("14 dead").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_says: Option<String>,
}

/// What a source shows for a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// How far it carries the claim.
    pub kind: EvidenceKind,
    /// Probability that the source carries the whole claim, as far as words, numbers and names can
    /// tell; calibrated on claims that people have labelled against whole web pages.
    pub score: f64,
    /// The passages, best first.
    pub passages: Vec<Passage>,
    /// The claim's quotations.
    pub quotations: Vec<Quotation>,
    /// The claim's numbers, dates and names.
    pub facts: Vec<Fact>,
}

impl Evidence {
    /// No evidence, of the kind given.
    #[must_use]
    pub const fn nothing(kind: EvidenceKind) -> Self {
        Self {
            kind,
            score: 0.0,
            passages: Vec::new(),
            quotations: Vec::new(),
            facts: Vec::new(),
        }
    }
}

/// The claim as the judge needs it.
#[derive(Debug, Clone, Copy)]
pub struct ClaimText<'a> {
    /// Its words.
    pub text: &'a str,
    /// The words that the link sits on.
    pub anchor: Option<&'a str>,
    /// The document's language as an ISO 639-1 code.
    pub language: Option<&'a str>,
}

/// What several sources that are cited for one claim show together: their texts, one after
/// another, judged as one. Places in it are of no text that could be looked up.
#[must_use]
pub fn judge_together(claim: ClaimText<'_>, sources: &[&SourceText]) -> Evidence {
    let mut all = SourceText {
        language: sources.iter().find_map(|source| source.language.clone()),
        ..SourceText::default()
    };
    for source in sources.iter().filter(|source| source.unreadable.is_none()) {
        if all.text.len() + source.text.len() > MAX_TOGETHER {
            continue;
        }
        let start = all.text.len();
        all.text.push_str(&source.text);
        let shifted = |span: &ByteSpan| ByteSpan::new(start + span.start, start + span.end);
        if source.main.is_empty() {
            all.main.push(ByteSpan::new(start, all.text.len()));
        } else {
            all.main.extend(source.main.iter().map(shifted));
        }
        all.text.push('\n');
    }
    judge(claim, &all)
}

/// Bytes of text that are judged together; sources beyond it are judged on their own only.
const MAX_TOGETHER: usize = 16 << 20;

/// Judges one claim by one source's text.
#[must_use]
pub fn judge(claim: ClaimText<'_>, source: &SourceText) -> Evidence {
    Prepared::new(source, claim.language).judge(claim)
}
