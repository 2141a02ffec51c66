//! Which words of one text stand in another, beside the same words.
//!
//! **In:** lines of two texts. **Out:** how many words of each the other has. A word is kept
//! when it stands in a run of three that the other text has too, wherever that is: moved
//! paragraphs and elements cut otherwise are no change. **Not here:** alignment.
//!
//! It takes time in proportion to the text and sixteen bytes a word, whatever the text is.

use super::steady::steady_words;
use std::hash::{DefaultHasher, Hash, Hasher};
use unicode_segmentation::UnicodeSegmentation;

/// Every run of one, two and three words of a text, hashed and sorted.
#[derive(Debug)]
pub(super) struct Grams(Vec<u32>);

/// The words of a line, hashed, and where its sentences end.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) words: Vec<u32>,
    /// Numbers of words that a sentence begins behind.
    ends: Vec<usize>,
}

/// How much of a line another text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Words of the line.
    pub(super) words: usize,
    /// Words that stand in the other text beside the same words.
    pub(super) kept: usize,
    /// Words in sentences of which every word is kept.
    pub(super) whole: usize,
    /// Sentences of [`LONG`] words or more of which every word is kept.
    pub(super) sentences: usize,
}

/// Words of a sentence that two pages do not share by chance.
const LONG: usize = 8;

impl Line {
    pub(super) fn of(text: &str) -> Self {
        let mut line = Self::default();
        for token in steady_words(text) {
            let mut end = 0;
            for (at, word) in token.unicode_word_indices() {
                // Scripts without spaces have their full stops inside what looks like one word.
                if token
                    .get(end..at)
                    .is_some_and(|gap| gap.contains(['。', '！', '？']))
                {
                    line.ends.push(line.words.len());
                }
                end = at + word.len();
                line.words.push(hashed(word));
            }
            if token
                .get(end..)
                .is_some_and(|tail| tail.contains(['.', '!', '?', '…', '。', '！', '？']))
            {
                line.ends.push(line.words.len());
            }
        }
        line
    }
}

fn hashed(word: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    for c in word.chars() {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' => {}
            '’' => '\''.hash(&mut hasher),
            _ => c.hash(&mut hasher),
        }
    }
    shorten(hasher.finish())
}

fn gram(words: &[u32]) -> u32 {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    shorten(hasher.finish())
}

/// Thirty-two bits: of a text of a million words, one run in a thousand others is taken for known.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower half of a hash is a hash"
)]
const fn shorten(hash: u64) -> u32 {
    hash as u32
}

impl Grams {
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let words: Vec<u32> = lines.flat_map(|line| Line::of(line).words).collect();
        let mut grams: Vec<u32> = (1..=3)
            .flat_map(|length| words.windows(length).map(gram))
            .collect();
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    fn has(&self, words: &[u32]) -> bool {
        self.0.binary_search(&gram(words)).is_ok()
    }

    /// How much of a line this text has.
    pub(super) fn kept(&self, line: &Line) -> Kept {
        let words = &line.words;
        let mut known = vec![false; words.len()];
        let length = words.len().min(3);
        if length > 0 {
            for (at, window) in words.windows(length).enumerate() {
                if self.has(window) {
                    known[at..at + length].fill(true);
                }
            }
        }
        let mut kept = Kept {
            words: words.len(),
            kept: known.iter().filter(|known| **known).count(),
            ..Kept::default()
        };
        let mut start = 0;
        for end in line.ends.iter().copied().chain([words.len()]) {
            let sentence = known.get(start..end).unwrap_or(&[]);
            if !sentence.is_empty() && sentence.iter().all(|known| *known) {
                kept.whole += sentence.len();
                kept.sentences += usize::from(sentence.len() >= LONG);
            }
            start = end.max(start);
        }
        kept
    }

    /// Runs that both texts have, against all of both (Dice, runs counted once).
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let all = self.0.len() + other.0.len();
        if all == 0 {
            return 1.0;
        }
        let common = self
            .0
            .iter()
            .filter(|gram| other.0.binary_search(gram).is_ok());
        2.0 * common.count() as f64 / all as f64
    }
}

impl std::ops::AddAssign for Kept {
    fn add_assign(&mut self, other: Self) {
        self.words += other.words;
        self.kept += other.kept;
        self.whole += other.whole;
        self.sentences += other.sentences;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_word_costs_itself_and_its_sentence() {
        let page = Grams::of(["One two three four five. Six seven eight nine.", "ten"].into_iter());
        let check = |line: &str, kept: usize, whole: usize| {
            let found = page.kept(&Line::of(line));
            assert_eq!((found.kept, found.whole), (kept, whole), "{line}");
        };
        check("One two three four five. Six seven eight nine.", 9, 9);
        check("One two three 4 five. Six seven eight nine.", 8, 4);
        check("eight nine ten", 3, 3);
        check("ten", 1, 1);
        check("Ten", 0, 0);
        check("", 0, 0);
        let han = Grams::of(["大桥关闭。渡船停运。"].into_iter());
        assert_eq!(han.kept(&Line::of("大桥关闭。渡船出售。")).whole, 4);
    }
}
