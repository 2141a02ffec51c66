//! The document's words by the forms under which an address can meet them.
//!
//! **In:** the text and its sentences. **Out:** for every form of a word where it
//! stands. **Not here:** what a meeting is worth (`fit`).

use super::{lexicon, words};
use crate::document::ByteSpan;
use std::collections::HashMap;

/// Where a form stands: a run of words of one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Index of the sentence.
    pub(super) sentence: u32,
    /// First word of the run, counted in the sentence.
    pub(super) word: u32,
    /// Words in the run.
    pub(super) len: u32,
}

/// One word of a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Its place in the document's text.
    pub(super) span: ByteSpan,
    /// Whether it says something: no article, no preposition.
    pub(super) content: bool,
    /// Whether it begins with a capital letter or a digit.
    pub(super) capital: bool,
}

/// All sentences by their words.
pub(super) struct Index {
    forms: HashMap<String, Form>,
    words: Vec<Vec<Word>>,
}

#[derive(Default)]
struct Form {
    hits: Vec<Hit>,
    sentences: usize,
}

impl Index {
    pub(super) fn of(text: &str, sentences: &[ByteSpan]) -> Self {
        let mut index = Self {
            forms: HashMap::new(),
            words: Vec::with_capacity(sentences.len()),
        };
        for span in sentences {
            index.add(span.of(text), span.start);
        }
        index
    }

    fn add(&mut self, sentence: &str, start: usize) {
        let list: Vec<(usize, &str)> = words::words(sentence).collect();
        let lower: Vec<String> = list.iter().map(|(_, word)| word.to_lowercase()).collect();
        let mut initials = String::new();
        let mut opened = 0;
        for (at, (_, word)) in list.iter().enumerate() {
            self.put(&words::stem(word), at, 1);
            if let Some(beginning) = words::beginning(&lower[at]) {
                self.put(&beginning, at, 1);
            }
            if word.chars().count() <= 6 && word.chars().filter(|c| c.is_uppercase()).count() >= 2 {
                self.put(&words::abbreviation(&lower[at]), at, 1);
            }
            let humps = words::humps(word);
            if humps.len() > 1 {
                for hump in humps {
                    self.put(&words::stem(hump), at, 1);
                }
            }
            for len in 2..=4 {
                let Some(run) = lower.get(at..at + len) else {
                    break;
                };
                let together = run.concat();
                if (6..=40).contains(&together.len()) {
                    self.put(&words::whole(&together), at, len);
                }
            }
            // Initials: "United Nations", "Council of Europe".
            if !matches!(
                lower[at].as_str(),
                "of" | "the" | "for" | "and" | "in" | "on"
            ) {
                match word.chars().next().filter(|first| first.is_uppercase()) {
                    Some(first) => {
                        if initials.is_empty() {
                            opened = at;
                        }
                        initials.extend(first.to_lowercase());
                    }
                    None => initials.clear(),
                }
            }
            if (2..=6).contains(&initials.len()) {
                self.put(&words::whole(&initials), opened, at + 1 - opened);
            }
        }
        self.words.push(
            list.iter()
                .zip(&lower)
                .map(|((offset, word), lower)| Word {
                    span: ByteSpan::new(start + offset, start + offset + word.len()),
                    content: !lexicon::is_empty_word(lower),
                    capital: word
                        .chars()
                        .next()
                        .is_some_and(|c| c.is_uppercase() || c.is_numeric()),
                })
                .collect(),
        );
    }

    fn put(&mut self, form: &str, word: usize, len: usize) {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let hit = Hit {
            sentence: narrow(self.words.len()),
            word: narrow(word),
            len: narrow(len),
        };
        let known = match self.forms.get_mut(form) {
            Some(known) => known,
            None => self.forms.entry(form.to_owned()).or_default(),
        };
        if known
            .hits
            .last()
            .is_none_or(|last| last.sentence != hit.sentence)
        {
            known.sentences += 1;
        }
        known.hits.push(hit);
    }

    /// The words of a sentence.
    pub(super) fn words(&self, sentence: usize) -> &[Word] {
        self.words.get(sentence).map_or(&[], Vec::as_slice)
    }

    /// Where a form stands in the sentences from `first` up to `last`.
    pub(super) fn hits(&self, form: &str, first: usize, last: usize) -> &[Hit] {
        let Some(form) = self.forms.get(form) else {
            return &[];
        };
        let from = form
            .hits
            .partition_point(|hit| (hit.sentence as usize) < first);
        let to = form
            .hits
            .partition_point(|hit| (hit.sentence as usize) < last);
        form.hits.get(from..to).unwrap_or(&[])
    }

    /// Whether the text has this form at all.
    pub(super) fn has(&self, form: &str) -> bool {
        self.forms.contains_key(form)
    }

    /// How rare a form is among the sentences, as a logarithm.
    pub(super) fn rarity(&self, form: &str) -> f32 {
        let df = self.forms.get(form).map_or(0, |form| form.sentences);
        ((self.words.len() as f32 + 1.0) / (df as f32 + 0.5))
            .ln()
            .max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_met_under_many_forms() {
        let text = "Elle Decor praised the RaspberryPi. The Council of Elders met the UI team.";
        let index = Index::of(text, &[ByteSpan::new(0, 35), ByteSpan::new(36, text.len())]);
        let check = |form: &str, expected: &[(u32, u32, u32)]| {
            let hits: Vec<_> = index
                .hits(form, 0, 2)
                .iter()
                .map(|hit| (hit.sentence, hit.word, hit.len))
                .collect();
            assert_eq!(hits, expected, "{form}");
        };
        check("prais", &[(0, 2, 1)]);
        check("=elledecor", &[(0, 0, 2)]);
        check("raspberr", &[(0, 4, 1)]);
        check("~counc", &[(1, 1, 1)]);
        check("^ui", &[(1, 6, 1)]);
        check("=ce", &[(1, 1, 3)]);
        check("nothing", &[]);
        assert!(index.rarity("the") < index.rarity("prais"));
        assert!(index.hits("prais", 1, 2).is_empty());
    }
}
