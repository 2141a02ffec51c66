//! The basis `page-list`: a list after the page names the targets of its links; which
//! words they sat on is found by alignment.
//!
//! **In:** the lists, the sentences of their pages, what a fetch has told. **Out:**
//! a citation for every target that is not already cited where it is printed.
//! **Not here:** finding the lists (`document::page_list`).
//!
//! A list has the order of the words that it was linked to. So each list is laid
//! along the sentences of its page in order, and of all ways to do so the likeliest
//! is taken, by what address, title and text of a target share with a sentence.

mod align;
mod lexicon;
mod words;

use super::{Basis, Citation, Hint, SourceUrl, Unusable, hyperlink, sentence};
use crate::document::{ByteSpan, Document, Link, LinkKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most pairs of target and sentence that are weighed at once; a longer list is halved,
/// and its sentences with it. Bounds time and memory for any input.
const MAX_PAIRS: usize = 4_000_000;

/// Price of a further target on the same sentence, as a logarithm
/// (chosen on a development set of 168 documents, 2026-11-24).
const STAY: f32 = -1.5;
/// … when the list has that target already: one sentence hardly links twice to one page.
const STAY_AGAIN: f32 = -4.0;
/// What it is worth when a fetched source holds a quotation of the sentence word for word.
const QUOTED: f32 = 4.0;

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    hints: &BTreeMap<SourceUrl, Hint>,
    known: &[Citation],
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    let mut lists: BTreeMap<usize, Vec<Target<'_>>> = BTreeMap::new();
    for link in &document.links {
        if let LinkKind::PageList { page, .. } = link.kind
            && let Some(source) = hyperlink::source(link, unusable)
        {
            lists.entry(page).or_default().push(Target { link, source });
        }
    }
    if lists.is_empty() {
        return Vec::new();
    }
    let corpus = Corpus::of(document, sentences);
    let mut found = Vec::new();
    for (page, targets) in &lists {
        let Some(&span) = document.pages.get(*page) else {
            continue;
        };
        let first = sentences.partition_point(|sentence| sentence.end <= span.start);
        let last = sentences.partition_point(|sentence| sentence.start < span.end);
        let start = known.partition_point(|citation| citation.claim.end <= span.start);
        // `known` comes basis by basis, so only the printed ones of this page are taken.
        let printed: BTreeMap<&SourceUrl, usize> = known[start.min(known.len())..]
            .iter()
            .chain(&known[..start.min(known.len())])
            .filter(|citation| citation.basis == Basis::Inline)
            .filter(|citation| citation.claim.start < span.end && span.start < citation.claim.end)
            .map(|citation| (&citation.source, citation.claim.start))
            .collect();
        let page = Page {
            document,
            corpus: &corpus,
            sentences,
            hints,
            printed: &printed,
            span,
            target_df: target_df(targets),
            torn: torn(document, sentences, span, first, last),
        };
        page.lay(targets, first, last, &mut found);
    }
    found
}

/// The sentences from `first` up to `last` of which only a part stands on the page.
fn torn(
    document: &Document,
    sentences: &[ByteSpan],
    page: ByteSpan,
    first: usize,
    last: usize,
) -> Vec<(usize, BTreeSet<String>)> {
    let ends = [Some(first), last.checked_sub(1).filter(|at| *at > first)];
    ends.into_iter()
        .flatten()
        .filter_map(|at| {
            let whole = *sentences.get(at)?;
            let start = whole.start.max(page.start);
            let here = ByteSpan::new(start, whole.end.min(page.end).max(start));
            let keys = words::sentence_keys(here.of(&document.text));
            (here != whole).then(|| (at, keys.into_iter().collect()))
        })
        .collect()
}

struct Target<'a> {
    link: &'a Link,
    source: SourceUrl,
}

/// How often each key stands in the addresses of a list: what all share tells nothing.
fn target_df(targets: &[Target<'_>]) -> HashMap<String, usize> {
    let distinct: BTreeSet<&SourceUrl> = targets.iter().map(|target| &target.source).collect();
    let mut df = HashMap::new();
    for source in distinct {
        for (key, _) in words::address_keys(source.as_str()) {
            *df.entry(key).or_insert(0) += 1;
        }
    }
    df
}

/// The document's sentences by their keys.
struct Corpus {
    /// Sentences of each key, ascending.
    postings: HashMap<String, Vec<u32>>,
    count: f64,
    /// What a sentence has for or against it whatever the target.
    prior: Vec<f32>,
}

impl Corpus {
    fn of(document: &Document, sentences: &[ByteSpan]) -> Self {
        let mut postings: HashMap<String, Vec<u32>> = HashMap::new();
        let mut prior = Vec::with_capacity(sentences.len());
        for (index, span) in sentences.iter().enumerate() {
            let text = span.of(&document.text);
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            for key in words::sentence_keys(text) {
                postings.entry(key).or_default().push(index);
            }
            prior.push(cues(text));
        }
        Self {
            postings,
            count: sentences.len().max(1) as f64,
            prior,
        }
    }

    fn idf(&self, df: usize) -> f64 {
        ((self.count + 1.0) / (df as f64 + 0.5)).ln().max(0.0)
    }
}

/// How a sentence that cites looks: it is not short, quotes, and says who said it.
fn cues(text: &str) -> f32 {
    const CUES: &[&str] = &[
        "according to",
        "statement",
        "report",
        "said",
        "adopted",
        "concluded",
        "announced",
        "published",
        "study",
        "survey",
        "found that",
        "see ",
        "here",
        "read more",
        "check out",
        "emphasi",
        "expressed",
        "criticized",
        "pledged",
        "committed",
        "ordered",
        "acknowledged",
    ];
    let words = words::words(text).count();
    let mut prior = 0.45 * (words as f32 + 1.0).ln();
    let lower = text.to_lowercase();
    let cited = CUES.iter().filter(|cue| lower.contains(*cue)).count();
    prior += 0.4 * cited.min(2) as f32;
    // What ought to be is the author's own; what was counted is someone's finding.
    if [" should ", " would be ", " must "]
        .iter()
        .any(|wish| lower.contains(wish))
    {
        prior -= 0.4;
    }
    let counted = words::words(text)
        .any(|(_, word)| word.bytes().all(|b| b.is_ascii_digit()) && !matches!(word.len(), 1 | 4));
    if counted {
        prior += 0.3;
    }
    if text.contains(['“', '"', '„', '«']) {
        prior += 0.3;
    }
    prior
}

struct Page<'a> {
    document: &'a Document,
    corpus: &'a Corpus,
    sentences: &'a [ByteSpan],
    hints: &'a BTreeMap<SourceUrl, Hint>,
    printed: &'a BTreeMap<&'a SourceUrl, usize>,
    span: ByteSpan,
    target_df: HashMap<String, usize>,
    /// Sentences that a page break cuts, with the keys of the words on this page.
    torn: Vec<(usize, BTreeSet<String>)>,
}

impl Page<'_> {
    fn lay(&self, targets: &[Target<'_>], first: usize, last: usize, found: &mut Vec<Citation>) {
        let count = last.saturating_sub(first);
        if targets.is_empty() || count == 0 {
            return;
        }
        if targets.len().saturating_mul(count) > MAX_PAIRS && (targets.len() > 1 || count > 1) {
            let middle = first + count / 2;
            let half = targets.len() / 2;
            self.lay(&targets[..half], first, middle, found);
            self.lay(&targets[half..], middle, last, found);
            return;
        }
        let expected = self.expected(targets, first, count);
        let rows: Vec<Vec<f32>> = targets
            .iter()
            .zip(&expected)
            .map(|(target, expected)| self.row(target, *expected, targets.len(), first, last))
            .collect();
        let mut listed = BTreeSet::new();
        let stay: Vec<f32> = targets
            .iter()
            .map(|target| {
                let again = !listed.insert(&target.source);
                if again { STAY_AGAIN } else { STAY }
            })
            .collect();
        for (target, (at, probability)) in targets.iter().zip(align::align(&rows, &stay)) {
            if self.printed.contains_key(&target.source) {
                continue;
            }
            let span = self.sentences[first + at];
            found.push(Citation {
                claim: sentence::claim(self.document, span),
                source: target.source.clone(),
                url_as_cited: target.link.url_as_cited.clone(),
                anchor: anchor(self.document, span, &target.link.url_as_cited),
                basis: Basis::PageList,
                // A probability under a model that is not the world: never quite sure.
                confidence: (probability * 0.98).clamp(0.01, 0.98),
            });
        }
    }

    /// Where each target would stand if all were spread evenly between those whose
    /// sentence is known, as a share of the page.
    fn expected(&self, targets: &[Target<'_>], first: usize, count: usize) -> Vec<f32> {
        let mut places = Vec::with_capacity(targets.len());
        let mut from = 0.0_f32;
        let mut waiting = 0_usize;
        let mut spread = |waiting: usize, from: f32, to: f32| {
            let step = (to - from).max(0.0) / (waiting.max(1) as f32);
            places.extend((0..waiting).map(|at| from + step * (at as f32 + 0.5)));
        };
        for target in targets {
            waiting += 1;
            let Some(claim) = self.printed.get(&target.source) else {
                continue;
            };
            let at = self.sentences[first..first + count]
                .partition_point(|sentence| sentence.start < *claim);
            let to = (at as f32 / count as f32).max(from);
            spread(waiting - 1, from, to);
            spread(1, to, to);
            (from, waiting) = (to, 0);
        }
        spread(waiting, from, 1.0);
        places
    }

    /// How well one target fits each sentence from `first` up to `last`.
    fn row(
        &self,
        target: &Target<'_>,
        expected: f32,
        of: usize,
        first: usize,
        last: usize,
    ) -> Vec<f32> {
        let count = last - first;
        let mut row: Vec<f32> = (0..count)
            .map(|at| {
                let distance = (at as f32 + 0.5) / count as f32 - expected;
                self.corpus.prior[first + at] + self.share(first + at).ln()
                    - 5.0 * distance * distance
            })
            .collect();
        if let Some(claim) = self.printed.get(&target.source) {
            // Where it is printed we know it: a fixed point for its neighbours.
            for (at, fit) in row.iter_mut().enumerate() {
                if self.sentences[first + at].start == *claim {
                    *fit += 60.0;
                }
            }
            return row;
        }
        let listed = of as f64;
        for (key, weight) in words::address_keys(&target.link.url_as_cited) {
            let shared = self.target_df.get(&key).copied().unwrap_or(1) as f64;
            let rarity = 1.0 - 0.95 * ((shared - 1.0) / listed).min(1.0);
            self.add(&mut row, &key, weight * rarity, first, last);
        }
        if let Some(hint) = self.hints.get(&target.source) {
            self.add_hint(&mut row, hint, first, last);
        }
        row
    }

    /// How much of a sentence stands on the page: the link sits on words of the page.
    fn share(&self, sentence: usize) -> f32 {
        let span = self.sentences[sentence];
        let on = span
            .end
            .min(self.span.end)
            .saturating_sub(span.start.max(self.span.start));
        (on as f32 / span.len().max(1) as f32).clamp(0.1, 1.0)
    }

    fn add(&self, row: &mut [f32], key: &str, weight: f64, first: usize, last: usize) {
        let Some(sentences) = self.corpus.postings.get(key) else {
            return;
        };
        let gain = (weight * self.corpus.idf(sentences.len())) as f32;
        // Only words of this page can have carried a link of this page.
        let elsewhere = |at: usize| {
            self.torn
                .iter()
                .any(|(torn, keys)| *torn == at && !keys.contains(key))
        };
        let begin = sentences.partition_point(|at| (*at as usize) < first);
        for at in &sentences[begin..] {
            let at = *at as usize;
            if at >= last {
                break;
            }
            if !elsewhere(at) {
                row[at - first] += gain;
            }
        }
    }

    /// Title and text of a fetched source say more than its address.
    fn add_hint(&self, row: &mut [f32], hint: &Hint, first: usize, last: usize) {
        if let Some(title) = &hint.title {
            for key in words::sentence_keys(title) {
                self.add(row, &key, 0.6, first, last);
            }
        }
        let text: Vec<String> = words::words(&hint.text)
            .take(20_000)
            .map(|(_, word)| words::stem(word))
            .collect();
        let held: BTreeSet<&str> = text.iter().map(String::as_str).collect();
        if held.len() < 20 {
            return;
        }
        for (at, fit) in row.iter_mut().enumerate() {
            let sentence = self.sentences[first + at].of(&self.document.text);
            if words::quotations(sentence).any(|quotation| holds(&text, &quotation)) {
                *fit += QUOTED;
            }
            let (mut met, mut all) = (0.0, 0.0);
            for (_, word) in words::words(sentence) {
                let stem = words::stem(word);
                let df = self.corpus.postings.get(&stem).map_or(1, Vec::len);
                let idf = self.corpus.idf(df);
                all += idf;
                if held.contains(stem.as_str()) {
                    met += idf;
                }
            }
            if all > 0.0 {
                *fit += (8.0 * met / (all + 6.0)) as f32;
            }
        }
    }
}

/// Whether these words stand in the text, one after another.
fn holds(text: &[String], run: &[String]) -> bool {
    text.windows(run.len()).any(|window| window == run)
}

/// The longest run of words in the sentence that the address has too, where it is clear.
fn anchor(document: &Document, span: ByteSpan, url: &str) -> Option<ByteSpan> {
    let keys: BTreeSet<String> = words::address_keys(url)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let text = span.of(&document.text);
    let mut best: Option<(usize, ByteSpan)> = None;
    let mut run: Option<(usize, ByteSpan)> = None;
    for (at, word) in words::words(text) {
        let here = ByteSpan::new(span.start + at, span.start + at + word.len());
        let lower = word.to_lowercase();
        if lexicon::is_empty_word(&lower) {
            continue;
        }
        if !keys.contains(&words::stem(word)) {
            run = None;
            continue;
        }
        let grown = run.map_or((1, here), |(n, so_far)| {
            (n + 1, ByteSpan::new(so_far.start, here.end))
        });
        run = Some(grown);
        if best.is_none_or(|(n, _)| grown.0 > n) {
            best = Some(grown);
        }
    }
    best.filter(|(n, _)| *n >= 2).map(|(_, span)| span)
}
