//! How a target fits a sentence by the words of its address.
//!
//! **In:** the words of an address, the document's [`Index`], the sentences in
//! question. **Out:** for each sentence that shares a word with the address numbers
//! that say how, and the words in question. **Not here:** what the numbers are worth
//! (`model`).

use super::index::{Hit, Index, Word};
use super::lexicon;
use super::words::{self, Part, Token};
use std::collections::{BTreeMap, HashMap};

/// The numbers of a meeting.
pub(super) const SIGNS: usize = 14;
/// Most places of one form that are looked at; a word that stands in more tells nothing.
const HITS: usize = 1000;
/// Most meetings of an address with one sentence that are looked at.
const MEETINGS: usize = 64;
/// Most words of an address that one word of a sentence is compared with.
const SAME: usize = 4;
/// The number of what the words of the address stand for.
const MEANT: usize = 2;
/// The number that compares with the other sentences.
const BEHIND: usize = 11;
/// Longest run of words that an anchor may have; 97 % of those measured have ten or fewer
/// (2,946 links of 168 articles, 2026-11-24).
const WINDOW: u32 = 12;

/// How an address and one sentence meet.
#[derive(Debug, Clone)]
pub(super) struct Meeting {
    /// Index of the sentence.
    pub(super) sentence: usize,
    /// First and last word of the likeliest anchor; `None` when nothing but meanings met.
    pub(super) anchor: Option<(u32, u32)>,
    /// Content words of the address in the anchor.
    pub(super) words: usize,
    /// The numbers.
    pub(super) signs: [f32; SIGNS],
    /// How much the address and the anchor share, as a sum of rarities.
    pub(super) strength: f32,
}

#[derive(Debug, Clone, Copy)]
struct Met {
    hit: Hit,
    token: usize,
    gain: f32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Best {
    gain: f32,
    first: u32,
    last: u32,
    tokens: u64,
    inside: u32,
}

/// The meetings of an address with the sentences from `first` up to `last`, in order.
/// `common` says how much of its weight a word keeps that other targets of the list have too,
/// `elsewhere` which words of a sentence do not stand on the page.
pub(super) fn meetings(
    index: &Index,
    tokens: &[Token],
    common: &HashMap<String, f32>,
    first: usize,
    last: usize,
    elsewhere: impl Fn(usize, u32) -> bool,
) -> Vec<Meeting> {
    let mut met: Vec<Met> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let keep = common.get(&token.word).copied().unwrap_or(1.0);
        for (form, share) in &token.forms {
            let gain = index.rarity(form) * share * keep;
            met.extend(
                index
                    .hits(form, first, last)
                    .iter()
                    .take(HITS)
                    .filter(|hit| !elsewhere(hit.sentence as usize, hit.word))
                    .map(|hit| Met {
                        hit: *hit,
                        token: at,
                        gain,
                    }),
            );
        }
    }
    // What a word of the address stands for counts once, however many words stand for it.
    let mut meanings: BTreeMap<String, f32> = BTreeMap::new();
    for token in tokens {
        let keep = common.get(&token.word).copied().unwrap_or(1.0);
        for word in lexicon::meaning(&token.word) {
            let kept = meanings.entry(words::stem(word)).or_insert(0.0);
            let weight = if token.part == Part::Name { 1.5 } else { 1.0 };
            *kept = kept.max(keep * weight);
        }
    }
    let mut meant: HashMap<usize, f32> = HashMap::new();
    for (form, keep) in &meanings {
        let gain = index.rarity(form) * keep;
        let mut before = u32::MAX;
        for hit in index.hits(form, first, last) {
            if hit.sentence != before && !elsewhere(hit.sentence as usize, hit.word) {
                *meant.entry(hit.sentence as usize).or_insert(0.0) += gain;
            }
            before = hit.sentence;
        }
    }
    met.sort_unstable_by(|a, b| {
        (a.hit, a.token)
            .cmp(&(b.hit, b.token))
            .then(b.gain.total_cmp(&a.gain))
    });
    // A word of the address stands at one place in one form: the best.
    met.dedup_by(|b, a| {
        a.hit.sentence == b.hit.sentence
            && a.hit.word == b.hit.word
            && a.token == b.token
            && a.hit.len == b.hit.len
    });
    // "a-a-a-…" meets every "a" many times over: a few times are enough.
    let (mut same, mut before) = (0, None);
    met.retain(|m| {
        same = if before == Some(m.hit) { same + 1 } else { 0 };
        before = Some(m.hit);
        same < SAME
    });
    let mut found = Vec::new();
    for of_sentence in met.chunk_by(|a, b| a.hit.sentence == b.hit.sentence) {
        let sentence = of_sentence[0].hit.sentence as usize;
        let of_sentence = of_sentence.get(..MEETINGS).unwrap_or(of_sentence);
        found.push(meeting(
            index,
            tokens,
            sentence,
            of_sentence,
            meant.remove(&sentence).unwrap_or(0.0),
        ));
    }
    let mut only_meant: Vec<(usize, f32)> = meant.into_iter().collect();
    only_meant.sort_unstable_by_key(|(sentence, _)| *sentence);
    for (sentence, gain) in only_meant {
        let mut signs = [0.0; SIGNS];
        signs[MEANT] = gain.min(15.0);
        found.push(Meeting {
            sentence,
            anchor: None,
            words: 0,
            signs,
            strength: 0.0,
        });
    }
    found.sort_by_key(|meeting| meeting.sentence);
    compare(&mut found);
    found
}

/// How far each stays behind the best on the page.
fn compare(found: &mut [Meeting]) {
    let max = found.iter().map(|m| m.strength).fold(0.0, f32::max);
    for meeting in found.iter_mut().filter(|m| m.anchor.is_some()) {
        meeting.signs[BEHIND] = -(max - meeting.strength).min(8.0);
    }
}

fn meeting(index: &Index, tokens: &[Token], sentence: usize, met: &[Met], meant: f32) -> Meeting {
    let words = index.words(sentence);
    // All that the sentence has, each word of the address once.
    let mut most: Vec<f32> = vec![0.0; tokens.len()];
    for m in met {
        most[m.token] = most[m.token].max(m.gain);
    }
    let sum = |part: fn(Part) -> bool| -> f32 {
        most.iter()
            .zip(tokens)
            .filter(|(_, t)| part(t.part))
            .map(|(gain, _)| *gain)
            .sum()
    };
    let best = window(met);
    let share = |set: u64| match set.count_ones() {
        0 => 0.0,
        all => (best.tokens & set).count_ones() as f32 / all as f32,
    };
    let name = set(tokens, |token| token.part == Part::Name);
    // An identifier that the document has nowhere cannot be met.
    let known = set(tokens, |token| {
        token.part == Part::Name && token.forms.iter().any(|(form, _)| index.has(form))
    });
    let content = |span: &[Word]| span.iter().filter(|word| word.content).count().max(1) as f32;
    let inside = words
        .get(best.first as usize..=best.last as usize)
        .map_or(1.0, content);
    let fill = (best.inside as f32 / content(words)).min(1.0);
    let flag = |is: bool| f32::from(u8::from(is));
    let capital = words
        .get(best.first as usize)
        .is_some_and(|word| word.capital);
    let whole = |set: u64| flag(share(set) > 0.99 && set.count_ones() >= 2);
    Meeting {
        sentence,
        anchor: Some((best.first, best.last)),
        words: best.tokens.count_ones() as usize,
        signs: [
            sum(|part| part != Part::Host).min(15.0),
            sum(|part| part == Part::Host).min(8.0),
            meant.min(15.0),
            best.gain.min(4.0),
            share(name),
            whole(name),
            share(known),
            whole(known),
            (best.inside as f32 / inside).min(1.0),
            fill,
            flag(fill > 0.85),
            0.0,
            flag(capital && best.first > 0),
            flag(best.first == 0),
        ],
        strength: best.gain,
    }
}

/// The words of an address for which this holds, one bit each.
fn set(tokens: &[Token], holds: impl Fn(&Token) -> bool) -> u64 {
    tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| holds(token))
        .fold(0, |set, (at, _)| set | bit(at))
}

const fn bit(token: usize) -> u64 {
    1 << if token < 63 { token } else { 63 }
}

/// The run of words, no longer than an anchor, that has most of the address for its length.
fn window(met: &[Met]) -> Best {
    let mut best = Best::default();
    for (from, start) in met.iter().enumerate() {
        let mut now = Best {
            first: start.hit.word,
            last: start.hit.word,
            ..Best::default()
        };
        let mut before: Option<Met> = None;
        let mut covered_to = start.hit.word;
        for m in &met[from..] {
            let end = m.hit.word + m.hit.len.max(1) - 1;
            if end + 1 - now.first > WINDOW {
                if m.hit.word + 1 - now.first > WINDOW {
                    break;
                }
                continue;
            }
            let bit = bit(m.token);
            if now.tokens & bit != 0 || (before.is_some() && m.hit.word < covered_to) {
                continue;
            }
            if let Some(b) = before {
                let gap = m.hit.word.saturating_sub(b.hit.word + b.hit.len);
                now.gain -= 0.25 * gap.min(6) as f32;
            }
            now.tokens |= bit;
            now.gain += m.gain;
            now.inside += m.hit.len;
            now.last = now.last.max(end);
            covered_to = end + 1;
            before = Some(*m);
            if now.gain > best.gain || best.tokens == 0 {
                best = now;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::ByteSpan;

    fn anchors(sentences: &[&str], url: &str) -> Vec<(usize, String, f32)> {
        let mut text = String::new();
        let mut spans = Vec::new();
        for sentence in sentences {
            let start = text.len();
            text.push_str(sentence);
            spans.push(ByteSpan::new(start, text.len()));
            text.push(' ');
        }
        let index = Index::of(&text, &spans);
        let tokens = words::tokens(url, |form| index.has(form));
        meetings(&index, &tokens, &HashMap::new(), 0, spans.len(), |_, _| {
            false
        })
        .iter()
        .map(|meeting| {
            let words = index.words(meeting.sentence);
            let anchor = meeting.anchor.map_or("", |(from, to)| {
                let (from, to) = (words[from as usize].span, words[to as usize].span);
                ByteSpan::new(from.start, to.end).of(&text)
            });
            (meeting.sentence, anchor.to_owned(), meeting.strength)
        })
        .collect()
    }

    #[test]
    fn the_anchor_is_the_run_of_words_that_has_most_of_the_address() {
        let text = [
            "The mill of the valley is a good mill.",
            "We wrote a short history of the old paper mill in May.",
            "It rained.",
        ];
        let found = anchors(
            &text,
            "https://a.example/blog/history-of-the-old-paper-mill",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].1, "history of the old paper mill");
        assert!(found[1].2 > 2.0 * found[0].2);
    }

    #[test]
    fn names_are_met_in_full_together_or_by_their_initials() {
        let check = |sentence: &str, url: &str, expected: &str| {
            let found = anchors(&["It rained.", sentence, "Boats came."], url);
            let best = found.iter().max_by(|a, b| a.2.total_cmp(&b.2));
            assert_eq!(
                best.map_or("", |best| best.1.as_str()),
                expected,
                "{sentence}"
            );
        };
        check(
            "She reads Elle Decor.",
            "https://www.elledecor.example/",
            "Elle Decor",
        );
        check(
            "Set the DNS first.",
            "https://w.example/Domain_Name_System",
            "DNS",
        );
        check(
            "The Port Mill Union met.",
            "https://pmu.example/",
            "Port Mill Union",
        );
        check(
            "Use Bootstrap now.",
            "https://getbootstrap.example/",
            "Bootstrap",
        );
        check("Nothing.", "https://a.example/12", "");
    }

    #[test]
    fn what_a_word_of_the_address_stands_for_is_no_anchor() {
        let text = ["Meetings have been scheduled.", "It rained.", "Boats came."];
        let found = anchors(&text, "https://a.example/calendar.pdf");
        assert_eq!(found, [(0, String::new(), 0.0)]);
    }
}
