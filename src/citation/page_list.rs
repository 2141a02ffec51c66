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
        url_as_cited: target.link.url_as_cited.as_str().into(),
        anchor: placed
            .anchor
            .and_then(|(from, to)| Some(ByteSpan::new(place(from)?.start, place(to)?.end))),
        basis: Basis::PageList,
        confidence: placed.confidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::text;
    use proptest::prelude::*;

    fn placed(file: &str, hints: &[(&str, &str)]) -> Vec<(String, String, f64)> {
        let document = text::read(file);
        let hints = hints
            .iter()
            .map(|(url, title)| {
                let hint = Hint {
                    title: Some((*title).to_owned()),
                    text: String::new(),
                };
                (SourceUrl::parse(url).unwrap(), hint)
            })
            .collect();
        let (found, _) = crate::citation::citations(&document, &hints);
        let mut found: Vec<_> = found
            .into_iter()
            .filter(|citation| citation.basis == Basis::PageList)
            .map(|citation| {
                let opening = citation.claim.text.split(' ').take(2).collect::<Vec<_>>();
                (
                    citation.url_as_cited.to_string(),
                    opening.join(" "),
                    citation.confidence,
                )
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    fn check(file: &str, hints: &[(&str, &str)], expected: &[(&str, &str)]) {
        let found = placed(file, hints);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(url, opening, _)| (url.as_str(), opening.as_str()))
            .collect();
        assert_eq!(found, expected, "{file}");
    }

    const STORY: &str = "Boats left the old harbour at dawn. The mill was closed for repairs until May. \
        According to a survey of the harbour, forty nets were lost. Nobody was hurt that night. \
        The council bought new flood gates from a Dutch firm.\n\n";

    #[test]
    fn targets_stand_on_the_sentences_that_share_their_words() {
        check(
            &format!(
                "{STORY}http://a.example/harbour-survey\nhttp://a.example/dutch-flood-gates\n"
            ),
            &[],
            &[
                ("http://a.example/dutch-flood-gates", "The council"),
                ("http://a.example/harbour-survey", "According to"),
            ],
        );
        // With a blank line between the targets it is the same list.
        check(
            &format!("{STORY}http://a.example/mill-repairs\n\nhttp://a.example/lost-nets\n"),
            &[],
            &[
                ("http://a.example/lost-nets", "According to"),
                ("http://a.example/mill-repairs", "The mill"),
            ],
        );
    }

    #[test]
    fn the_title_of_a_source_moves_its_citation() {
        let file = format!("{STORY}http://a.example/77\n");
        let title = [("http://a.example/77", "Flood gates for the council")];
        check(&file, &title, &[("http://a.example/77", "The council")]);
        let without = placed(&file, &[]);
        assert!(without[0].2 < 0.9, "order alone is never sure");
        assert!(placed(&file, &title)[0].2 > without[0].2);
    }

    #[test]
    fn a_target_that_is_listed_twice_stands_on_two_sentences() {
        let list =
            "http://a.example/harbour\nhttp://a.example/mill-repairs\nhttp://a.example/harbour\n";
        check(
            &format!("{STORY}{list}"),
            &[],
            &[
                ("http://a.example/harbour", "Boats left"),
                ("http://a.example/harbour", "According to"),
                ("http://a.example/mill-repairs", "The mill"),
            ],
        );
    }

    #[test]
    fn a_list_of_links_is_gone_through_item_by_item() {
        let items =
            "Our works of the year\n\nMill wheels\n\nOld boats\n\nNew nets\n\nPaper lanterns\n\n";
        let list = "http://a.example/1\nhttp://a.example/old-boats\nhttp://a.example/3\n\
                    http://a.example/paper-lanterns\n";
        check(
            &format!(
                "{items}The weather was mild that year and nobody complained about it.\n\n{list}"
            ),
            &[],
            &[
                ("http://a.example/1", "Mill wheels"),
                ("http://a.example/3", "New nets"),
                ("http://a.example/old-boats", "Old boats"),
                ("http://a.example/paper-lanterns", "Paper lanterns"),
            ],
        );
    }

    #[test]
    fn a_list_of_any_length_is_laid() {
        let text = "The mill grinds wheat. Boats came home. ".repeat(1000);
        let list: String = (0..510)
            .map(|at| format!("http://a.example/x-{at}\n"))
            .collect();
        assert_eq!(placed(&format!("{text}\n\n{list}"), &[]).len(), 510);
    }

    proptest! {
        #[test]
        fn every_target_stands_inside_the_text(
            text in "([a-zA-Z“”é.(]{1,9} ){1,40}",
            list in prop::collection::vec("[a-zé%/#?=.-]{0,20}", 1..6),
        ) {
            let list: String = list.iter().map(|path| format!("http://a.example/{path}\n")).collect();
            let document = text::read(&format!("{text}.\n\n{list}"));
            let (found, _) = crate::citation::citations(&document, &BTreeMap::new());
            for citation in found {
                let (start, end) = (citation.claim.start, citation.claim.end);
                prop_assert!(document.text.get(start..end).is_some());
                prop_assert!((0.0..=1.0).contains(&citation.confidence));
                if let Some(anchor) = citation.anchor {
                    prop_assert!(ByteSpan::new(start, end).contains(anchor));
                    prop_assert!(!anchor.of(&document.text).is_empty());
                }
            }
        }
    }
}
