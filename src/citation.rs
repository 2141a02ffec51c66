//! From a document to its citations: one claim × one source each.
//!
//! **In:** a [`Document`]. **Out:** [`Citation`]s in reading order, and through
//! them the distinct sources. **Not here:** anything that a fetch would tell;
//! `check` hands titles and texts of sources down through [`Hint`]s, which only
//! the alignment of page lists uses.
//!
//! One file per basis; `sentence` says where a claim begins and ends,
//! `canonical` when two addresses are one source.

pub mod archived;
mod bounds;
pub mod canonical;
mod footnote;
pub mod fragment;
mod hyperlink;
mod ibid;
mod inline;
pub mod page_list;
mod rule;
pub mod sentence;

use crate::document::{ByteSpan, Document};
pub use canonical::SourceUrl;
pub use rule::{ClaimRule, Covers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How we know that a claim and a source belong together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The link sits on words of the claim.
    Hyperlink,
    /// The address is printed in the claim.
    Inline,
    /// A footnote whose mark stands on the claim names it.
    Footnote,
    /// An entry of a reference list names it.
    Reference,
    /// A list of a page's link targets names it; the claim was found by alignment.
    PageList,
    /// The editor said so in `sources.toml`.
    Editor,
}

/// The sentence, list item, table cell or caption that a citation stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// Its words, white space folded.
    pub text: String,
    /// Page, from 1, where the document has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Line of the file, from 1, where the document has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// First byte in the document's extracted text (UTF-8).
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// By which rule it was found.
    #[serde(default)]
    pub rule: ClaimRule,
    /// What the citation covers, where that is less or more than the claim's own span:
    /// a clause, a paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<Covers>,
}

/// One claim × one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// The claim.
    pub claim: Claim,
    /// The source's identity.
    pub source: SourceUrl,
    /// The address as the document has it.
    pub url_as_cited: Arc<str>,
    /// The linked words, where the link sits on words (in the document's text).
    pub anchor: Option<ByteSpan>,
    /// How we know.
    pub basis: Basis,
    /// How sure we are that the claim is the right one, 0 to 1.
    pub confidence: f64,
}

impl Citation {
    /// The same, in memory of its own (a clone shares addresses); most are cited as they are.
    pub(crate) fn anew(&self) -> Self {
        let (source, url_as_cited) = self.source.anew(&self.url_as_cited);
        Self {
            source,
            url_as_cited,
            ..self.clone()
        }
    }
}

/// What the text of a source did to the place that the order of its list gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByContent {
    /// It agrees.
    Confirmed,
    /// It speaks for another claim, which is the citation's now.
    Moved,
}

/// What a fetch has told about a source, for the alignment of page lists.
#[derive(Debug, Clone, Default)]
pub struct Hint {
    /// The page's title.
    pub title: Option<String>,
    /// Its main text, or the beginning of it.
    pub text: String,
}

/// An address that is cited and cannot be a source: what it is, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// As the document has it.
    pub url_as_cited: String,
    /// Where, in the document's text.
    pub span: ByteSpan,
    /// Why, as a clause: "it has no host".
    pub why: String,
}

/// The citations of a document, in reading order of their claims.
///
/// `hints` may be empty; it holds what a fetch has told of some sources.
/// Links within the document itself (`#section`) are not citations. Addresses with
/// schemes that are not fetched (`mailto:`, `ftp:` …) are citations all the same:
/// policy skips them later, with a reason.
#[must_use]
pub fn citations(
    document: &Document,
    hints: &BTreeMap<SourceUrl, Hint>,
) -> (Vec<Citation>, Vec<Unusable>) {
    let sentences = bounds::cut(sentence::sentences(document), &document.text);
    let rules = rule::Rules::of(document, &sentences);
    let mut unusable = Vec::new();
    let mut found = hyperlink::citations(document, &sentences, &rules, &mut unusable);
    found.extend(inline::citations(
        document,
        &sentences,
        &rules,
        &mut unusable,
    ));
    found.extend(footnote::citations(
        document,
        &sentences,
        &rules,
        &mut unusable,
    ));
    let mut from_lists = page_list::citations(document, &sentences, hints, &found, &mut unusable);
    for citation in &mut from_lists {
        let span = ByteSpan::new(citation.claim.start, citation.claim.end);
        citation.claim.rule = rules.of_sentence(span);
    }
    found.extend(from_lists);
    found.sort_by(|a, b| {
        (a.claim.start, a.anchor, &a.source).cmp(&(b.claim.start, b.anchor, &b.source))
    });
    bounds::keep(document, &mut found, &mut unusable);
    (found, unusable)
}

/// The claim that a span of the document's text makes.
#[must_use]
pub fn claim_at(document: &Document, span: ByteSpan) -> Claim {
    let place = document.place_at(span.start);
    Claim {
        text: span.of(&document.text).to_owned(),
        page: place.page,
        line: place.line,
        start: span.start,
        end: span.end,
        rule: ClaimRule::Sentence,
        covers: None,
    }
}
