//! The basis `page-list`: a list after the page names the targets of its links; which
//! words they sat on is found by alignment.
//!
//! **In:** the lists, the sentences of their pages, what a fetch has told. **Out:**
//! a citation for every target that is not already cited where it is printed.
//! **Not here:** finding the lists (`document::page_list`).
//!
//! A list has the order of the words that it was linked to. So each list is laid
//! along the sentences of its page in order, and each target put on the sentence that is
//! likeliest over all ways to do so, by what address, title and text of the target share
//! with it, by how sentences look that carry links, and by how links lie.
//!
//! ```text
//!  words ─► index ─► fit ──┐
//!           looks ─────────┼─► place ─► align ─► sentence, confidence
//!           hints ─────────┘     │
//!                               model: what each sign is worth
//! ```

mod align;
mod fit;
mod hints;
mod index;
mod lexicon;
mod looks;
mod model;
mod place;
mod words;

use super::{Basis, Citation, Hint, SourceUrl, Unusable, hyperlink, sentence};
use crate::document::{ByteSpan, Document, Link, LinkKind};
use index::Index;
use place::{Page, Placed};
use std::collections::BTreeMap;
use words::Token;

/// Most pairs of target and sentence that are weighed at once; a longer list is halved,
/// and its sentences with it. Bounds time and memory for any input (about 40 bytes a pair).
const MAX_PAIRS: usize = 1_000_000;
/// A sentence with more words than this counts as several.
const LONG_SENTENCE: usize = 20;

struct Target<'a> {
    link: &'a Link,
    source: SourceUrl,
    tokens: Vec<Token>,
}

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    hints: &BTreeMap<SourceUrl, Hint>,
    known: &[Citation],
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    let mut lists: BTreeMap<usize, Vec<(&Link, SourceUrl)>> = BTreeMap::new();
    for link in &document.links {
        if let LinkKind::PageList { page, .. } = link.kind
            && let Some(source) = hyperlink::source(link, unusable)
        {
            lists.entry(page).or_default().push((link, source));
        }
    }
    if lists.is_empty() {
        return Vec::new();
    }
    let index = Index::of(&document.text, sentences);
    let printed = printed(sentences, known);
    let mut found = Vec::new();
    for (page, links) in lists {
        let Some(&span) = document.pages.get(page) else {
            continue;
        };
        let targets: Vec<Target<'_>> = links
            .into_iter()
            .map(|(link, source)| Target {
                tokens: place::tokens(&link.url_as_cited, &index),
                link,
                source,
            })
            .collect();
        let first = sentences.partition_point(|sentence| sentence.end <= span.start);
        let last = sentences.partition_point(|sentence| sentence.start < span.end);
        let from = printed.partition_point(|(sentence, _)| *sentence < first);
        let to = printed.partition_point(|(sentence, _)| *sentence < last);
        let page = Page {
            document,
            sentences,
            index: &index,
            hints,
            printed: printed[from..to.max(from)]
                .iter()
                .map(|(sentence, source)| (*source, *sentence))
                .collect(),
            span,
            common: place::common(&targets),
        };
        lay(&page, &targets, first, last, &mut found);
    }
    found
}

/// The sources whose addresses are printed in the text, by sentence.
fn printed<'a>(sentences: &[ByteSpan], known: &'a [Citation]) -> Vec<(usize, &'a SourceUrl)> {
    let mut printed: Vec<(usize, &SourceUrl)> = known
        .iter()
        .filter(|citation| citation.basis == Basis::Inline)
        .filter_map(|citation| {
            let start = citation.claim.start;
            let at = sentences.partition_point(|sentence| sentence.start <= start);
            Some((at.checked_sub(1)?, &citation.source))
        })
        .collect();
    printed.sort_unstable();
    printed
}

fn lay(
    page: &Page<'_>,
    targets: &[Target<'_>],
    first: usize,
    last: usize,
    found: &mut Vec<Citation>,
) {
    let count = last.saturating_sub(first);
    if targets.is_empty() || count == 0 {
        return;
    }
    let words: usize = (first..last).map(|at| page.index.words(at).len()).sum();
    let pairs = targets
        .len()
        .saturating_mul(count.max(words / LONG_SENTENCE));
    if pairs > MAX_PAIRS && targets.len() > 1 && count > 1 {
        let middle = first + count / 2;
        let (front, back) = targets.split_at(targets.len() / 2);
        lay(page, front, first, middle, found);
        lay(page, back, middle, last, found);
        return;
    }
    for (target, placed) in targets.iter().zip(page.lay(targets, first, last)) {
        if page.printed.contains_key(&target.source) {
            continue;
        }
        found.push(citation(page, target, &placed));
    }
}

fn citation(page: &Page<'_>, target: &Target<'_>, placed: &Placed) -> Citation {
    let words = page.index.words(placed.sentence);
    let place = |at: u32| words.get(at as usize).map(|word| word.span);
    Citation {
        claim: sentence::claim(page.document, page.sentences[placed.sentence]),
        source: target.source.clone(),
        url_as_cited: target.link.url_as_cited.clone(),
        anchor: placed
            .anchor
            .and_then(|(from, to)| Some(ByteSpan::new(place(from)?.start, place(to)?.end))),
        basis: Basis::PageList,
        confidence: placed.confidence,
    }
}
