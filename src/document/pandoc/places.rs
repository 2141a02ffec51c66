//! The lines on which the words of a tree stand in the file that it was made of.
//!
//! **In:** a document without places, and the text that pandoc was given. **Out:** places,
//! where the words can be found again. **Not here:** markup; what stands between two words
//! is skipped.
//!
//! A tree keeps the order of a text, but for notes. So the beginning of each block is looked
//! for behind the one before, and its words are followed from there, line by line.

use crate::document::{BlockKind, ByteSpan, Document, Place};

/// Text that is looked through; beyond, the words of the file take too much room.
const MAX_SOURCE_BYTES: usize = 32 << 20;
/// Words of the file that a block's beginning may be away from the end of the one before.
const MAX_BETWEEN: usize = 4000;
/// Words of markup (a long address, attributes) between two words of a block.
const MAX_MARKUP: usize = 60;
/// Words that begin a block and have to stand together.
const BEGINNING: usize = 3;
/// Words that are compared for one document.
const MAX_STEPS: usize = 50_000_000;

/// Gives every block that is found again the lines of its words.
pub fn place(document: &mut Document, source: &str) {
    if source.len() > MAX_SOURCE_BYTES || !document.places.is_empty() {
        return;
    }
    let mut finder = Finder {
        source: words(source).collect(),
        steps: 0,
    };
    let mut places = Vec::new();
    // Notes stand where their author put them, in their own order.
    let (mut text_at, mut notes_at) = (0, 0);
    for block in &document.blocks {
        let is_note = matches!(block.kind, BlockKind::Footnote(_));
        let (at, reach) = if is_note {
            (&mut notes_at, usize::MAX)
        } else {
            (&mut text_at, MAX_BETWEEN)
        };
        match finder.beginning(block.span, &document.text, *at, reach) {
            Some(start) => *at = finder.follow(block.span, &document.text, start, &mut places),
            // What is not found does not stand where the block before it stood.
            None => push(&mut places, block.span.start, None),
        }
    }
    document.places = places;
}

/// A word of the file, and its line.
struct Word<'a> {
    text: &'a str,
    line: u32,
}

struct Finder<'a> {
    source: Vec<Word<'a>>,
    steps: usize,
}

impl Finder<'_> {
    /// Where a block begins in the file, at `from` or up to `reach` words later.
    fn beginning(
        &mut self,
        block: ByteSpan,
        text: &str,
        from: usize,
        reach: usize,
    ) -> Option<usize> {
        let wanted: Vec<&str> = words(block.of(text))
            .take(BEGINNING)
            .map(|word| word.text)
            .collect();
        let (first, rest) = wanted.split_first()?;
        let end = self.source.len().min(from.saturating_add(reach));
        for at in from..end {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return None;
            }
            if self.source[at].text != *first {
                continue;
            }
            let mut next = at + 1;
            let together = rest.iter().all(|word| {
                let found = self.next(word, next);
                next = found.map_or(next, |found| found + 1);
                found.is_some()
            });
            if together {
                return Some(at);
            }
        }
        None
    }

    /// Writes a place for every line on which words of the block stand; gives the word after.
    fn follow(
        &mut self,
        block: ByteSpan,
        text: &str,
        start: usize,
        places: &mut Vec<(usize, Place)>,
    ) -> usize {
        let mut at = start;
        let content = block.of(text);
        for word in words(content) {
            if let Some(found) = self.next(word.text, at) {
                let offset = word.text.as_ptr().addr() - content.as_ptr().addr();
                // The block begins at its first character, a bracket perhaps.
                let offset = if found == start { 0 } else { offset };
                push(places, block.start + offset, Some(self.source[found].line));
                at = found + 1;
            }
        }
        at
    }

    fn next(&mut self, word: &str, from: usize) -> Option<usize> {
        let end = self.source.len().min(from.saturating_add(MAX_MARKUP));
        let found = (from..end).find(|at| self.source[*at].text == word);
        self.steps += found.unwrap_or(end).saturating_sub(from);
        found.filter(|_| self.steps <= MAX_STEPS)
    }
}

fn push(places: &mut Vec<(usize, Place)>, offset: usize, line: Option<u32>) {
    let place = Place { page: None, line };
    let is_new = match places.last() {
        Some((_, last)) => *last != place,
        None => line.is_some(),
    };
    if is_new {
        places.push((offset, place));
    }
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    (1..).zip(text.split('\n')).flat_map(|(line, content)| {
        content
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(move |text| Word { text, line })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Format};
    use proptest::prelude::*;

    fn document(blocks: &[(BlockKind, &str)]) -> Document {
        let mut document = Document::empty(Format::Pandoc);
        for (kind, text) in blocks {
            if !document.text.is_empty() {
                document.text.push_str("\n\n");
            }
            let start = document.text.len();
            document.text.push_str(text);
            let span = ByteSpan::new(start, document.text.len());
            document.blocks.push(Block {
                kind: kind.clone(),
                span,
            });
        }
        document
    }

    #[test]
    fn words_are_found_on_their_lines() {
        let source = "Rain\n====\n\nIt `rained <https://e.example/a>`_ all\nnight. It stopped\n\
            at six. [1]_\n\n.. [1] The log of\n   the town.\n\n(And it rained again.)\n";
        let mut document = document(&[
            (BlockKind::Heading(1), "Rain"),
            (
                BlockKind::Paragraph,
                "It rained all night. It stopped at six.",
            ),
            (BlockKind::Quote, "Nobody wrote this line."),
            (BlockKind::Paragraph, "(And it rained again.)"),
            (BlockKind::Footnote("1".to_owned()), "The log of the town."),
        ]);
        place(&mut document, source);
        let check = |words: &str, line: Option<u32>| {
            let at = document.text.find(words).unwrap();
            assert_eq!(document.place_at(at).line, line, "{words}");
        };
        check("Rain", Some(1));
        check("It rained", Some(4));
        check("night", Some(5));
        check("It stopped", Some(5));
        check("at six", Some(6));
        check("Nobody", None);
        check("(And", Some(11));
        check("The log", Some(8));
        check("the town", Some(9));
    }

    proptest! {
        #[test]
        fn places_are_sorted_and_lie_in_the_file(
            source in "([abc]| |\n){0,80}",
            blocks in prop::collection::vec("([abc]| ){0,12}[abc]", 0..6),
        ) {
            let blocks: Vec<_> = blocks
                .iter()
                .map(|text| (BlockKind::Paragraph, text.as_str()))
                .collect();
            let mut document = document(&blocks);
            place(&mut document, &source);
            prop_assert!(document.places.is_sorted_by(|a, b| a.0 < b.0));
            let lines = source.split('\n').count();
            for (at, place) in &document.places {
                prop_assert!(document.text.is_char_boundary(*at));
                prop_assert!(place.line.is_none_or(|line| line as usize <= lines));
            }
        }
    }
}
