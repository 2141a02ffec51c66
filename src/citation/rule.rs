//! Which part of the text a citation covers, and by which rule.
//!
//! **In:** a [`Document`] and its sentences; the place of a link or a mark. **Out:** a
//! [`ClaimRule`] and, where it is not the sentence itself, the span that is covered.
//! **Not here:** which links and marks there are; phrases and headings (`pointer`).
//!
//! A claim's text is always its sentence: what a person looks up and the judge
//! reads. What is covered may be less (a clause) or more (a paragraph).

mod pointer;

use super::sentence;
use crate::document::{Block, BlockKind, ByteSpan, Document, Format, LinkKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By which rule a claim was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimRule {
    /// The link or mark stands in the sentence, or directly after it.
    #[default]
    Sentence,
    /// It stands inside the sentence, and only a part of it is covered.
    Clause,
    /// It is the only one of its paragraph and stands after its last sentence.
    Paragraph,
    /// It stands in a list item, a table cell, a caption or a heading.
    Item,
    /// It is no claim's: an entry of a bibliography, of "see also", of a list of addresses.
    Entry,
}

/// The part of the document's text that a citation covers, where it is not the claim's own span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Covers {
    /// First byte in the document's extracted text (UTF-8).
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Links of one sentence that are told apart; with more of them it is a list and no sentence.
const MAX_LINKS: usize = 64;

/// What the rules need to know of a document, gathered once.
pub(super) struct Rules<'a> {
    document: &'a Document,
    sentences: &'a [ByteSpan],
    /// For each block, whether its links are entries.
    is_entry: Vec<bool>,
    /// By start of the sentence: where the links in it stand.
    links: BTreeMap<usize, Vec<ByteSpan>>,
    /// Starts of the marks of notes, sorted.
    marks: Vec<ByteSpan>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(document: &'a Document, sentences: &'a [ByteSpan]) -> Self {
        let mut links: BTreeMap<usize, Vec<ByteSpan>> = BTreeMap::new();
        for link in &document.links {
            if matches!(link.kind, LinkKind::PageList { .. }) || link.url_as_cited.starts_with('#')
            {
                continue;
            }
            if let Some(sentence) = sentence::holding(sentences, link.span.start) {
                links.entry(sentence.start).or_default().push(link.span);
            }
        }
        let mut marks: Vec<ByteSpan> = document.note_refs.iter().map(|mark| mark.span).collect();
        marks.sort_unstable();
        Self {
            document,
            sentences,
            is_entry: pointer::entries(document, sentences),
            links,
            marks,
        }
    }

    /// The rule for a citation of `sentence`, whatever stands in it.
    pub(super) fn of_sentence(&self, sentence: ByteSpan) -> ClaimRule {
        let Some((index, block)) = self.block(sentence.start) else {
            return ClaimRule::Sentence;
        };
        if matches!(self.document.format, Format::UrlList | Format::References)
            || self.is_entry.get(index).copied().unwrap_or(false)
            || pointer::is_pointer(sentence.of(&self.document.text))
            || self.has_no_words(sentence)
        {
            return ClaimRule::Entry;
        }
        match block.kind {
            BlockKind::Footnote(_) | BlockKind::Reference(_) => ClaimRule::Entry,
            BlockKind::Heading(_)
            | BlockKind::ListItem
            | BlockKind::TableCell
            | BlockKind::Caption => ClaimRule::Item,
            BlockKind::Paragraph | BlockKind::Quote | BlockKind::Code => ClaimRule::Sentence,
        }
    }

    /// The rule for a link in `sentence`, and what it covers.
    pub(super) fn of_link(
        &self,
        sentence: ByteSpan,
        link: ByteSpan,
    ) -> (ClaimRule, Option<Covers>) {
        let rule = self.of_sentence(sentence);
        if rule == ClaimRule::Entry {
            return (rule, None);
        }
        match self.part(sentence, link) {
            Some(part) => (ClaimRule::Clause, Some(part)),
            None => (rule, None),
        }
    }

    /// The rule for a mark on `sentence`, and what it covers.
    pub(super) fn of_mark(
        &self,
        sentence: ByteSpan,
        mark: ByteSpan,
    ) -> (ClaimRule, Option<Covers>) {
        let text = &self.document.text;
        let rule = match self.of_sentence(sentence) {
            // A mark makes a claim of what it stands on, wherever that is.
            ClaimRule::Entry => ClaimRule::Item,
            rule => rule,
        };
        if let Some(clause) = self.clause(sentence, mark) {
            return (ClaimRule::Clause, Some(clause));
        }
        let Some((_, block)) = self.block(sentence.start) else {
            return (rule, None);
        };
        let is_after_stop = text
            .get(..mark.start)
            .unwrap_or("")
            .trim_end()
            .ends_with(['.', '!', '?', '…', '”', '"', ')', '»', '。', '।']);
        let others = self
            .sentences
            .partition_point(|sentence| sentence.start < block.span.start);
        let is_last = text
            .get(sentence.end..block.span.end)
            .is_none_or(|rest| !rest.contains(char::is_alphanumeric));
        let several = self
            .sentences
            .get(others)
            .is_some_and(|first| *first != sentence);
        if rule == ClaimRule::Sentence
            && is_after_stop
            && is_last
            && several
            && self.is_only(block.span, mark)
        {
            return (ClaimRule::Paragraph, covers(block.span, sentence));
        }
        (rule, None)
    }

    fn block(&self, offset: usize) -> Option<(usize, &'a Block)> {
        let blocks = &self.document.blocks;
        let after = blocks.partition_point(|block| block.span.start <= offset);
        let index = after.checked_sub(1)?;
        Some((index, blocks.get(index)?))
    }

    /// Whether a block has no other mark (neighbours at the same place aside) and no link.
    fn is_only(&self, block: ByteSpan, mark: ByteSpan) -> bool {
        let first = self
            .marks
            .partition_point(|other| other.start < block.start);
        let same_place = self.marks.get(first).is_some_and(|first| {
            let between = self.document.text.get(first.end..mark.start);
            between.is_none_or(|between| !between.contains(char::is_alphabetic))
        });
        let first = self
            .document
            .links
            .partition_point(|link| link.span.start < block.start);
        let linked = self.document.links.get(first).is_some_and(|link| {
            link.span.start < block.end && !matches!(link.kind, LinkKind::PageList { .. })
        });
        same_place && !linked
    }

    /// Whether next to nothing stands in a sentence beside its printed addresses: "Source: https://…".
    fn has_no_words(&self, sentence: ByteSpan) -> bool {
        let Some(links) = self
            .links
            .get(&sentence.start)
            .filter(|links| links.len() <= MAX_LINKS)
        else {
            return false;
        };
        let text = &self.document.text;
        let mut words = 0;
        let mut from = sentence.start;
        for link in links {
            if !looks_printed(link.of(text)) {
                return false;
            }
            words += count_words(text.get(from..link.start).unwrap_or(""));
            from = from.max(link.end);
        }
        words += count_words(text.get(from..sentence.end).unwrap_or(""));
        words < 3
    }

    /// The clause before a mark inside its sentence: back to the mark before it, or to the sentence's start.
    fn clause(&self, sentence: ByteSpan, mark: ByteSpan) -> Option<Covers> {
        let text = &self.document.text;
        let border = |mark: &ByteSpan| {
            let before = text.get(sentence.start..mark.start)?.trim_end();
            let after = text.get(mark.end..sentence.end)?.trim_start();
            let closes = before.ends_with([',', ';', ':', '–', '—', ')', '，', '、', '；'])
                || after.starts_with([',', ';', ':', '–', '—', '，', '、', '；']);
            (closes && before.contains(char::is_alphanumeric)).then_some(mark.end)
        };
        let first = self
            .marks
            .partition_point(|other| other.start < sentence.start);
        // The last border before this one with words between: neighbouring marks cover the same.
        let start = self
            .marks
            .get(first..)?
            .iter()
            .take_while(|other| other.end <= mark.start)
            .filter_map(border)
            .filter(|end| text.get(*end..mark.start).is_some_and(has_a_word))
            .last();
        let has_more = text.get(mark.end..sentence.end).is_some_and(has_a_word);
        let ends_here = has_more && border(&mark).is_some();
        if !ends_here && start.is_none() {
            return None;
        }
        let end = if has_more { mark.start } else { sentence.end };
        covers(
            ByteSpan::new(start.unwrap_or(sentence.start), end),
            sentence,
        )
        .map(|part| trimmed(text, part))
    }

    /// The part of a sentence that a link stands on, where words set the links' parts apart.
    fn part(&self, sentence: ByteSpan, link: ByteSpan) -> Option<Covers> {
        let links = self
            .links
            .get(&sentence.start)
            .filter(|links| links.len() <= MAX_LINKS)?;
        let text = &self.document.text;
        let index = links.iter().position(|other| *other == link)?;
        let border = |left: usize| {
            let (left, right) = (links.get(left)?, links.get(left + 1)?);
            let between = text.get(left.end..right.start)?;
            pointer::clause_border(between).map(|at| left.end + at)
        };
        let start = (0..index).rev().find_map(border);
        let end = (index..links.len()).find_map(border);
        if start.is_none() && end.is_none() {
            return None;
        }
        let part = ByteSpan::new(start.unwrap_or(sentence.start), end.unwrap_or(sentence.end));
        covers(part, sentence).map(|part| trimmed(text, part))
    }
}

fn covers(span: ByteSpan, sentence: ByteSpan) -> Option<Covers> {
    (span != sentence && !span.is_empty()).then_some(Covers {
        start: span.start,
        end: span.end,
    })
}

/// A part without the white space and commas around it.
fn trimmed(text: &str, part: Covers) -> Covers {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—');
    let piece = text.get(part.start..part.end).unwrap_or("");
    let start = part.start + (piece.len() - piece.trim_start_matches(is_edge).len());
    let end = part.start + piece.trim_end_matches(is_edge).len();
    Covers {
        start,
        end: end.max(start),
    }
}

/// Whether more than a letter or two stands in a piece of text.
fn has_a_word(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).nth(3).is_some()
}

fn looks_printed(words: &str) -> bool {
    words.contains("://") || words.contains("www.") || (words.contains('/') && !words.contains(' '))
}

fn count_words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic))
        .take(4)
        .count()
}

#[cfg(test)]
mod tests;
