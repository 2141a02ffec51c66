//! How a sentence looks that carries a link, whatever the link.
//!
//! **In:** a sentence and its block. **Out:** numbers, one per trait. **Not here:**
//! what they are worth (`model`), what the target has to do with it (`fit`).

use super::index::Word;
use super::words;
use crate::document::BlockKind;

/// The traits.
pub(super) const TRAITS: usize = 13;

// The lists below are the words whose share in sentences with links is highest or lowest
// (2,574 such sentences of 168 English articles, 2026-11-24), with their like in German and French.

/// Words that invite to follow a link.
const INVITING: &[&str] = &[
    "check out",
    "for more",
    "more about",
    "more on ",
    "learn more",
    "more information",
    "more details",
    "read more",
    "read our",
    "read the",
    "read about",
    "read this",
    "click",
    "find out",
    "further reading",
    "see also",
    "visit ",
    "sign up",
    "download",
    "subscribe",
    "watch ",
    "schedule a",
    "contact us",
    "get in touch",
    "mehr dazu",
    "weitere informationen",
    "siehe",
    "en savoir plus",
    "voir ",
];
/// Words that stand for the linked page or point to it.
const POINTING: &[&str] = &[
    " here",
    "this article",
    "this post",
    "this guide",
    "this page",
    "this report",
    "this study",
    "this video",
    "this list",
    "this link",
    "our guide",
    "our article",
    "our post",
    "our blog",
    "our review",
    "my post",
    "my guide",
    "see ",
    "section",
    " hier",
    " ici",
];
/// Words that say who said it.
const SAYING: &[&str] = &[
    "according to",
    "statement",
    "announced",
    "reported",
    "report from",
    "told ",
    "noted",
    "concluded",
    "found that",
    "published",
    "adopted",
    "emphasi",
    "expressed",
    "criticized",
    "acknowledged",
    "laut ",
    "selon ",
];
/// Words for what is cited.
const WORKS: &[&str] = &[
    "study",
    "report",
    "survey",
    "research",
    "guide",
    "article",
    " post",
    "paper",
    "blog",
    "documentation",
    "video",
    "book",
    "interview",
    "resolution",
    "tutorial",
    "website",
    "review",
    "studie",
];
/// Words for what ought to be: the author's own.
const WISHES: &[&str] = &[
    " should ",
    " would be ",
    " must ",
    " need to ",
    " needs to ",
];
/// Words that say what something is.
const DEFINING: &[&str] = &[" is a", "one of ", " ist ein", " est un"];
/// Words that open a sentence which goes on from the one before.
const GOING_ON: &[&str] = &[
    "it", "they", "but", "so", "these", "this", "that", "and", "because", "you", "your", "what",
    "he", "she", "i", "we",
];

/// Longest heading, in words.
const HEADING: usize = 15;

/// The traits of the sentence `text` with these words in a block of this kind; `alone` when
/// nothing else stands in the block. Their worth is `model::TRAIT`, in this order.
pub(super) fn traits(text: &str, list: &[Word], kind: &BlockKind, alone: bool) -> [f32; TRAITS] {
    let lower = text.to_lowercase();
    let flag = |is: bool| f32::from(u8::from(is));
    let any = |cues: &[&str]| flag(cues.iter().any(|cue| lower.contains(cue)));
    let names = list
        .iter()
        .skip(1)
        .filter(|word| word.capital && word.content)
        .count();
    let bare =
        alone && list.len() <= HEADING && !text.ends_with(['.', '!', '?', ':', ';', ',', '…']);
    let heading =
        matches!(kind, BlockKind::Heading(_)) || (bare && matches!(kind, BlockKind::ListItem));
    let opening = words::words(&lower).next().map_or("", |(_, word)| word);
    [
        flag(list.len() <= 2),
        flag(heading),
        any(INVITING),
        any(SAYING),
        any(WORKS),
        any(WISHES),
        (names as f32 + 1.0).ln(),
        flag(text.contains("://") || text.contains('@')),
        any(POINTING),
        flag(text.contains(['(', '['])),
        flag(GOING_ON.contains(&opening)),
        any(DEFINING),
        0.0,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::page_list::index::Index;
    use crate::document::ByteSpan;

    #[test]
    fn a_sentence_shows_its_traits() {
        let check = |text: &str, kind: BlockKind, expected: &[usize]| {
            let index = Index::of(text, &[ByteSpan::new(0, text.len())]);
            let found = traits(text, index.words(0), &kind, true);
            let met: Vec<usize> = (0..TRAITS).filter(|at| found[*at] > 0.0).collect();
            assert_eq!(met, expected, "{text}");
        };
        check("Two words", BlockKind::Heading(2), &[0, 1]);
        check("Rain fell all day.", BlockKind::Paragraph, &[]);
        check("It rained (much).", BlockKind::Paragraph, &[9, 10]);
        check(
            "For more on rain click here.",
            BlockKind::Paragraph,
            &[2, 8],
        );
        check(
            "According to a study by the Mill, we must swim.",
            BlockKind::Paragraph,
            &[3, 4, 5, 6],
        );
        check("Rain and wind and sun", BlockKind::ListItem, &[1]);
        check("Rain, wind and sun.", BlockKind::ListItem, &[]);
    }
}
