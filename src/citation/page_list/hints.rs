//! What a fetched source says for or against a sentence.
//!
//! **In:** its title and text, the sentences. **Out:** a number for each sentence.
//! **Not here:** fetching; what the address says (`fit`).

use super::fit;
use super::index::Index;
use super::words::{self, Part, Token};
use super::{Hint, model};
use crate::document::ByteSpan;
use std::collections::{BTreeSet, HashMap};

/// Words of a source that are looked at.
const MOST_WORDS: usize = 20_000;
/// A text with fewer different words says nothing.
const FEWEST_WORDS: usize = 20;

/// Adds to `row` what the source says for each sentence from `first` on. Returns whether it
/// says anything.
pub(super) fn add(
    hint: &Hint,
    text: &str,
    sentences: &[ByteSpan],
    index: &Index,
    first: usize,
    row: &mut [f32],
) -> bool {
    let mut told = false;
    if let Some(title) = &hint.title {
        let tokens = title_tokens(title);
        let last = first + row.len();
        for meeting in fit::meetings(index, &tokens, &HashMap::new(), first, last, |_, _| false) {
            if let Some(fit) = row.get_mut(meeting.sentence.saturating_sub(first)) {
                *fit += model::TITLED * model::meeting(&meeting.signs);
                told = true;
            }
        }
    }
    let stems: Vec<String> = words::words(&hint.text)
        .take(MOST_WORDS)
        .map(|(_, word)| words::stem(word))
        .collect();
    let held: BTreeSet<&str> = stems.iter().map(String::as_str).collect();
    if held.len() < FEWEST_WORDS {
        return told;
    }
    for (fit, span) in row.iter_mut().zip(sentences.iter().skip(first)) {
        let sentence = span.of(text);
        if words::quotations(sentence).any(|quotation| holds(&stems, &quotation)) {
            *fit += model::QUOTED;
        }
        let (mut met, mut all) = (0.0, 0.0);
        for (_, word) in words::words(sentence) {
            let stem = words::stem(word);
            let rarity = index.rarity(&stem);
            all += rarity;
            if held.contains(stem.as_str()) {
                met += rarity;
            }
        }
        if all > 0.0 {
            // A short sentence that is all met says less than a long one.
            *fit += model::TOLD * met / (all + 6.0);
        }
    }
    true
}

fn title_tokens(title: &str) -> Vec<Token> {
    words::words(title)
        .map(|(_, word)| word.to_lowercase())
        .filter(|word| !super::lexicon::is_empty_word(word))
        .take(words::MAX_TOKENS)
        .map(|word| Token {
            forms: vec![(words::stem(&word), 1.0)],
            word,
            part: Part::Name,
        })
        .collect()
}

/// Whether these words stand in the text, one after another.
fn holds(text: &[String], run: &[String]) -> bool {
    text.windows(run.len()).any(|window| window == run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_text_of_a_source_speak_for_a_sentence() {
        let text = "Rain fell. The mill grinds “red wheat of May” now. Boats came.";
        let spans = [(0, 10), (11, 52), (53, 64)].map(|(a, b)| ByteSpan::new(a, b));
        let index = Index::of(text, &spans);
        let rows = |title: Option<&str>, words: &str| {
            let hint = Hint {
                title: title.map(str::to_owned),
                text: words.to_owned(),
            };
            let mut row = vec![0.0; 3];
            let told = add(&hint, text, &spans, &index, 0, &mut row);
            (told, row)
        };
        assert_eq!(rows(None, "too short"), (false, vec![0.0; 3]));
        let (told, row) = rows(Some("Boats of the year"), "");
        assert!(told && row[2] > 1.0 && row[0] == 0.0);
        let page = "one two three four five six seven eight nine ten eleven twelve thirteen \
                    fourteen fifteen sixteen red wheat of May seventeen eighteen";
        let (told, row) = rows(None, page);
        assert!(told && row[1] > model::QUOTED && row[0] < 1.0);
    }
}
