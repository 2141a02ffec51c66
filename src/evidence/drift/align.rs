//! Where in a text the words of a passage come nearest, and how the two differ.
//!
//! **In:** the words of a text, once; the words of a passage. **Out:** the best local
//! alignment. **Not here:** what it means; [`super::fate`] decides that.
//!
//! ```text
//! passage ─► its rarest words ─► places in the text ─► the windows where most fall
//!                                                 └──► aligned word by word, the best counts
//! ```
//!
//! Seeds, windows and the table of an alignment are bounded, so that a passage costs
//! the same on a page of ten lines and on one of ten megabytes.

use crate::document::ByteSpan;
use std::hash::{DefaultHasher, Hash, Hasher};
use unicode_segmentation::UnicodeSegmentation;

/// The words of a text, and for each where it stands.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: Vec<Word>,
    /// The words' numbers, sorted by key, then by place.
    by_key: Vec<u32>,
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Its letters, case made equal, hashed: a clash of two words costs a word of likeness.
    pub(super) key: u64,
    start: u32,
    end: u32,
}

impl Word {
    pub(super) const fn span(self) -> ByteSpan {
        ByteSpan::new(self.start as usize, self.end as usize)
    }
}

/// Words of a passage that are aligned; of a longer one the beginning.
const MAX_PASSAGE: usize = 800;
/// Words of a text that are looked at.
const MAX_WORDS: usize = 4_000_000;
/// Places of one word that are seeds, and of all words together.
const MAX_SEEDS_OF_WORD: usize = 256;
const MAX_SEEDS: usize = 4_096;
/// Windows that are aligned.
const WINDOWS: usize = 4;
/// What a word that both have is worth, and what a word costs that only one has.
const MATCH: i32 = 10;
const SKIP: i32 = -2;

/// The words of a text in order. A number with its separators is one word, a Han character too.
pub(super) fn words(text: &str) -> Vec<Word> {
    text.unicode_word_indices()
        .take(MAX_WORDS)
        .filter_map(|(at, word)| {
            Some(Word {
                key: key(word),
                start: u32::try_from(at).ok()?,
                end: u32::try_from(at + word.len()).ok()?,
            })
        })
        .collect()
}

fn key(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in word.chars() {
        if c.is_ascii() {
            c.to_ascii_lowercase().hash(&mut hasher);
        } else if c == '’' {
            '\''.hash(&mut hasher);
        } else {
            c.to_lowercase().for_each(|c| c.hash(&mut hasher));
        }
    }
    hasher.finish()
}

impl Words {
    pub(super) fn new(text: &str) -> Self {
        let words = words(text);
        let mut by_key: Vec<u32> = (0..u32::try_from(words.len()).unwrap_or(0)).collect();
        by_key.sort_unstable_by_key(|number| {
            let word = words.get(*number as usize);
            (word.map_or(0, |word| word.key), *number)
        });
        Self { words, by_key }
    }

    /// The numbers of the words that are this one.
    fn places(&self, key: u64) -> &[u32] {
        let of = |number: &u32| self.words.get(*number as usize).map_or(0, |word| word.key);
        let first = self.by_key.partition_point(|number| of(number) < key);
        let rest = self.by_key.get(first..).unwrap_or(&[]);
        let count = rest.partition_point(|number| of(number) == key);
        rest.get(..count).unwrap_or(&[])
    }

    /// The best alignment of a passage's words with a part of the text.
    pub(super) fn nearest(&self, passage: &[Word]) -> Option<Alignment> {
        let passage = passage.get(..MAX_PASSAGE).unwrap_or(passage);
        let mut best: Option<Alignment> = None;
        for (from, to) in self.windows(passage) {
            let Some(window) = self.words.get(from..to) else {
                continue;
            };
            let alignment = align(passage, window);
            if best
                .as_ref()
                .is_none_or(|best| alignment.likeness() > best.likeness())
            {
                best = Some(alignment);
            }
        }
        best.filter(|best| best.matched > 0)
    }

    /// Where most of the passage's words fall in its order, the likeliest first.
    fn windows(&self, passage: &[Word]) -> Vec<(usize, usize)> {
        let length = passage.len();
        // Where the passage would begin, by each place of each of its words.
        let mut seeds: Vec<(i64, f64)> = Vec::new();
        let mut lists: Vec<(usize, &[u32])> = passage
            .iter()
            .enumerate()
            .map(|(at, word)| (at, self.places(word.key)))
            .filter(|(_, places)| !places.is_empty())
            .collect();
        lists.sort_by_key(|(at, places)| (places.len(), *at));
        for (at, places) in lists {
            let weight = 1.0 / (1.0 + places.len() as f64).ln();
            for place in places.iter().take(MAX_SEEDS_OF_WORD) {
                let begin = i64::from(*place) - i64::try_from(at).unwrap_or(0);
                seeds.push((begin, weight));
            }
            if seeds.len() >= MAX_SEEDS {
                break;
            }
        }
        seeds.sort_by_key(|(begin, _)| *begin);
        // Beginnings less than this apart speak for one place: words came between or fell out.
        let slack = i64::try_from((length / 2).max(6)).unwrap_or(6);
        let mut sums: Vec<(f64, i64, i64)> = Vec::new();
        let (mut first, mut sum) = (0, 0.0);
        for (begin, weight) in &seeds {
            sum += weight;
            while let Some((oldest, weight)) = seeds.get(first)
                && begin - oldest > slack
            {
                sum -= weight;
                first += 1;
            }
            let oldest = seeds.get(first).map_or(*begin, |(oldest, _)| *oldest);
            sums.push((sum, oldest, *begin));
        }
        sums.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut windows: Vec<(i64, i64)> = Vec::new();
        for (_, oldest, newest) in sums {
            if windows
                .iter()
                .all(|(from, to)| newest < *from || oldest > *to)
            {
                windows.push((oldest, newest));
                if windows.len() == WINDOWS {
                    break;
                }
            }
        }
        let margin = slack / 2 + 2;
        let reach = i64::try_from(length).unwrap_or(0) + slack + margin;
        windows
            .into_iter()
            .map(|(oldest, newest)| {
                let from = usize::try_from(oldest - margin).unwrap_or(0);
                let to = usize::try_from(newest + reach).unwrap_or(0);
                (from, to.min(self.words.len()))
            })
            .collect()
    }
}

/// One step of an alignment: a word of the passage, of the text, or of both.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Both(Word, Word),
    Passage(Word),
    Text(Word),
}

/// A passage beside a part of a text.
#[derive(Debug)]
pub(super) struct Alignment {
    /// From the first word that both have to the last; the passage's ends as far as they stick out.
    pub(super) steps: Vec<Step>,
    matched: usize,
    passage: usize,
    text: usize,
}

impl Alignment {
    /// Words that both have, against all words of both (Dice), 0 to 1. The text's part counts
    /// as no shorter than the passage: three words found together are not half of seven.
    pub(super) fn likeness(&self) -> f64 {
        let all = self.passage + self.text.max(self.passage);
        if all == 0 {
            return 0.0;
        }
        2.0 * self.matched as f64 / all as f64
    }

    /// The part of the text, from the first common word to the last.
    pub(super) fn span(&self) -> Option<ByteSpan> {
        let mut common = self.steps.iter().filter_map(|step| match step {
            Step::Both(_, word) => Some(word.span()),
            Step::Passage(_) | Step::Text(_) => None,
        });
        let first = common.next()?;
        let last = common.next_back().unwrap_or(first);
        Some(ByteSpan::new(first.start, last.end))
    }
}

/// Aligns a passage with a part of a window (Smith and Waterman 1981, the passage whole).
fn align(passage: &[Word], window: &[Word]) -> Alignment {
    const DIAGONAL: u8 = 1;
    const UP: u8 = 2;
    const LEFT: u8 = 3;
    let width = window.len() + 1;
    let mut moves = vec![0u8; (passage.len() + 1) * width];
    let mut above = vec![0i32; width];
    let mut row = vec![0i32; width];
    let mut best = (0i32, 0usize, 0usize);
    for (i, word) in passage.iter().enumerate() {
        for (j, other) in window.iter().enumerate() {
            let same = if word.key == other.key {
                above[j] + MATCH
            } else {
                i32::MIN
            };
            let (up, left) = (above[j + 1] + SKIP, row[j] + SKIP);
            let (score, step) = if same >= up && same >= left {
                (same, DIAGONAL)
            } else if up >= left {
                (up, UP)
            } else {
                (left, LEFT)
            };
            if score > 0 {
                row[j + 1] = score;
                moves[(i + 1) * width + j + 1] = step;
                if score > best.0 {
                    best = (score, i + 1, j + 1);
                }
            } else {
                row[j + 1] = 0;
            }
        }
        std::mem::swap(&mut above, &mut row);
        row[0] = 0;
    }
    let (_, mut i, mut j) = best;
    let mut steps: Vec<Step> = passage[i..]
        .iter()
        .rev()
        .copied()
        .map(Step::Passage)
        .collect();
    let (mut matched, mut text) = (0, 0);
    loop {
        match moves[i * width + j] {
            DIAGONAL => {
                (i, j) = (i - 1, j - 1);
                steps.push(Step::Both(passage[i], window[j]));
                matched += 1;
                text += 1;
            }
            UP => {
                i -= 1;
                steps.push(Step::Passage(passage[i]));
            }
            LEFT => {
                j -= 1;
                steps.push(Step::Text(window[j]));
                text += 1;
            }
            _ => break,
        }
    }
    steps.extend(passage[..i].iter().rev().copied().map(Step::Passage));
    steps.reverse();
    Alignment {
        steps,
        matched,
        passage: passage.len(),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest<'t>(passage: &str, text: &'t str) -> Option<(f64, &'t str)> {
        let alignment = Words::new(text).nearest(&words(passage))?;
        Some((alignment.likeness(), alignment.span()?.of(text)))
    }

    #[test]
    fn the_nearest_part_is_found() {
        let page = "The harbour has two cranes. In spring the old ferry was sold to a museum in Lund. \
            Nobody misses the ferry.";
        let (likeness, part) = nearest("In spring the ferry was sold to a museum.", page).unwrap();
        assert_eq!(part, "In spring the old ferry was sold to a museum");
        assert!(likeness > 0.9, "{likeness}");
        assert!(nearest("quite other words", page).is_none());
        assert!(nearest("", page).is_none());
        let (likeness, _) = nearest("the mayor is in hospital", page).unwrap();
        assert!(likeness < 0.5, "{likeness}");
    }

    #[test]
    fn scripts_without_spaces_are_aligned_by_character() {
        let (likeness, _) = nearest("大桥于五月关闭维修", "昨日大桥于六月关闭维修。").unwrap();
        assert!(likeness > 0.8 && likeness < 1.0, "{likeness}");
    }

    #[test]
    fn a_long_page_of_the_same_words_stays_cheap() {
        let page = format!(
            "{} the cat sat on a red mat",
            "the cat sat ".repeat(100_000)
        );
        let (likeness, _) = nearest("the cat sat on the red mat", &page).unwrap();
        assert!(likeness > 0.8, "{likeness}");
    }

    proptest::proptest! {
        #[test]
        fn a_likeness_is_one(passage in "[a-d ]{0,40}", page in "[a-d 桥]{0,80}") {
            if let Some((likeness, _)) = nearest(&passage, &page) {
                proptest::prop_assert!(likeness > 0.0 && likeness <= 1.0);
            }
        }
    }
}
