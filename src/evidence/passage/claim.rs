//! A claim as weighted terms and facts.

use super::super::fact::{self, ClaimFact, Tongue};
use super::super::terms::{Term, TermKind, Tokenizer};
use crate::document::ByteSpan;

/// Distinct terms of a claim that are looked for; a set of them fits four machine words.
pub(super) const MAX_TERMS: usize = 256;

/// A set of claim terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TermSet([u64; 4]);

impl TermSet {
    pub(super) const fn insert(&mut self, index: usize) {
        if index < MAX_TERMS {
            self.0[index / 64] |= 1 << (index % 64);
        }
    }
    pub(super) fn join(&mut self, other: Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }
    pub(super) const fn has(self, index: usize) -> bool {
        index < MAX_TERMS && self.0[index / 64] & (1 << (index % 64)) != 0
    }
    pub(super) fn is_empty(self) -> bool {
        self.0 == [0; 4]
    }
    /// The sum of the weights of its members, leaving out those of `without`.
    pub(super) fn weigh(self, weights: &[f64], without: Self) -> f64 {
        let mut sum = 0.0;
        for (block, (mine, theirs)) in self.0.iter().zip(without.0).enumerate() {
            let mut rest = mine & !theirs;
            while rest != 0 {
                let index = block * 64 + rest.trailing_zeros() as usize;
                sum += weights.get(index).copied().unwrap_or(0.0);
                rest &= rest - 1;
            }
        }
        sum
    }
}

/// One distinct term of a claim.
pub(super) struct ClaimTerm {
    pub(super) key: String,
    pub(super) kind: TermKind,
}

/// A claim made ready.
pub(super) struct ReadClaim {
    /// Distinct terms, in order of their first place.
    pub(super) terms: Vec<ClaimTerm>,
    /// For each term, the terms that directly follow it in the claim.
    pub(super) follows: Vec<(usize, usize)>,
    /// Its numbers, dates and names.
    pub(super) facts: Vec<ClaimFact>,
}

/// Reads a claim; printed addresses and marks of notes in it are not part of what it says.
pub(super) fn read(text: &str, tokenizer: &Tokenizer, tongue: &Tongue) -> ReadClaim {
    let silent = silent_spans(text);
    let mut all = tokenizer.terms(text);
    all.retain(|term| !silent.iter().any(|span| span.overlaps(term.span)));
    name_beginnings(text, &mut all);
    let mut index_of = std::collections::HashMap::new();
    let mut terms: Vec<ClaimTerm> = Vec::new();
    let mut follows = Vec::new();
    let mut last: Option<(usize, u32)> = None;
    for term in &all {
        let index = *index_of.entry(term.key.as_str()).or_insert_with(|| {
            terms.push(ClaimTerm {
                key: term.key.clone(),
                kind: term.kind,
            });
            terms.len() - 1
        });
        if let Some(known) = terms.get_mut(index) {
            known.kind = known.kind.max(term.kind);
        }
        if index >= MAX_TERMS {
            terms.truncate(MAX_TERMS);
            break;
        }
        if let Some((before, position)) = last
            && before != index
            && term.position.saturating_sub(position) <= 2
            && follows.len() < MAX_TERMS
        {
            follows.push((before, index));
        }
        last = Some((index, term.position));
    }
    ReadClaim {
        facts: fact::facts(text, tongue, &silent),
        terms,
        follows,
    }
}

/// Addresses and marks of notes.
fn silent_spans(text: &str) -> Vec<ByteSpan> {
    let mut spans = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_start_matches(['(', '<', '[', '"', '“']);
        if bare.starts_with("http://") || bare.starts_with("https://") || bare.starts_with("www.") {
            spans.push(ByteSpan::new(at, at + word.len()));
        }
        at += word.len();
    }
    let mut from = 0;
    while let Some(open) = text[from..].find('[').map(|offset| from + offset) {
        let inside = &text[open + 1..];
        let digits = inside.len()
            - inside
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        if digits > 0 && inside[digits..].starts_with(']') {
            spans.push(ByteSpan::new(open, open + digits + 2));
        }
        from = open + 1;
    }
    spans
}

/// The first word of a sentence is part of a name when a name follows at once ("Anna Berg said …").
fn name_beginnings(text: &str, terms: &mut [Term]) {
    for index in 0..terms.len().saturating_sub(1) {
        let (first, second) = (&terms[index], &terms[index + 1]);
        let capital = first.span.of(text).starts_with(char::is_uppercase);
        if first.kind == TermKind::Word
            && capital
            && second.kind == TermKind::Name
            && text.get(first.span.end..second.span.start) == Some(" ")
        {
            terms[index].kind = TermKind::Name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_claim_is_bounded() {
        let claim: String = (0..5_000).map(|n| format!("word{n} ")).collect();
        assert!(
            read(&claim, &Tokenizer::new(None), &Tongue::new(None))
                .terms
                .len()
                <= MAX_TERMS
        );
    }
}
