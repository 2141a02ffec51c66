//! Where a page changed: the blocks that were added, removed and reworded.
//!
//! **In:** the changed lines of both texts. **Out:** [`Block`]s, those of the earlier text first.
//! **Not here:** which lines changed; [`super::compare`] hands them down.

use super::align::{self, Words};
use super::fate::{Piece, difference};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a block of the main text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its words are others.
    Reworded,
}

/// A paragraph, heading, list item or table row that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What became of it.
    pub change: BlockChange,
    /// Its words in the earlier capture, cut where they are many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Its words in the present capture, cut where they are many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Of a reworded one, the words that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<Piece>,
}

/// Where a page changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Blocks {
    /// Blocks that are new.
    pub added: usize,
    /// Blocks that are gone.
    pub removed: usize,
    /// Blocks whose words are others.
    pub reworded: usize,
    /// The first of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Block>,
}

/// Blocks that are shown; their counts go on.
const MAX_SHOWN: usize = 12;
/// Characters of a block that are shown.
const MAX_CHARACTERS: usize = 300;
/// Removed blocks that are looked for among the added ones; further ones count as removed.
const MAX_PAIRED: usize = 400;
/// Words of a block that are aligned.
const MAX_ALIGNED: usize = 200;
/// From this likeness on two blocks are one that was reworded.
const REWORDED: f64 = 0.5;

/// Pairs the changed lines of two texts.
pub(super) fn blocks(old: &[&str], new: &[&str]) -> Blocks {
    let mut blocks = Blocks::default();
    let mut text = String::new();
    let mut starts = Vec::with_capacity(new.len());
    for line in new {
        starts.push(text.len());
        text.push_str(line);
        text.push('\n');
    }
    let words = Words::new(&text);
    let mut paired = vec![false; new.len()];
    for (number, line) in old.iter().enumerate() {
        let own = align::words(line);
        let nearest = (number < MAX_PAIRED)
            .then(|| words.nearest(own.get(..MAX_ALIGNED).unwrap_or(&own)))
            .flatten()
            .filter(|nearest| nearest.likeness() >= REWORDED);
        let place = nearest.as_ref().and_then(super::align::Alignment::span);
        let (Some(nearest), Some(place)) = (nearest, place) else {
            blocks.removed += 1;
            blocks.show(BlockChange::Removed, Some(line), None, Vec::new());
            continue;
        };
        blocks.reworded += 1;
        let first = starts
            .partition_point(|start| *start <= place.start)
            .saturating_sub(1);
        let last = starts
            .partition_point(|start| *start < place.end)
            .max(first + 1);
        if let Some(taken) = paired.get_mut(first..last) {
            taken.fill(true);
        }
        let pieces = if blocks.shown.len() < MAX_SHOWN {
            difference(line, &text, &nearest.steps)
        } else {
            Vec::new()
        };
        blocks.show(
            BlockChange::Reworded,
            Some(line),
            new.get(first).copied(),
            pieces,
        );
    }
    for (line, _) in new.iter().zip(&paired).filter(|(_, paired)| !**paired) {
        blocks.added += 1;
        blocks.show(BlockChange::Added, None, Some(line), Vec::new());
    }
    blocks
}

impl Blocks {
    fn show(
        &mut self,
        change: BlockChange,
        before: Option<&str>,
        after: Option<&str>,
        difference: Vec<Piece>,
    ) {
        if self.shown.len() < MAX_SHOWN {
            self.shown.push(Block {
                change,
                before: before.map(brief),
                after: after.map(brief),
                // A difference of a thousand words shows nothing.
                difference: if difference.len() <= MAX_ALIGNED {
                    difference
                } else {
                    Vec::new()
                },
            });
        }
    }

    /// The counts in words: "2 blocks reworded, 1 added".
    #[must_use]
    pub fn counts(&self) -> String {
        let counted = [
            (self.reworded, "reworded"),
            (self.removed, "removed"),
            (self.added, "added"),
        ];
        let mut told = String::new();
        for (count, word) in counted.into_iter().filter(|(count, _)| *count > 0) {
            let noun = match (told.is_empty(), count) {
                (true, 1) => " block",
                (true, _) => " blocks",
                (false, _) => "",
            };
            let comma = if told.is_empty() { "" } else { ", " };
            told.push_str(&format!("{comma}{count}{noun} {word}"));
        }
        told
    }

    /// Whether nothing changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.added + self.removed + self.reworded == 0
    }
}

fn brief(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_paired_by_their_words() {
        let old = [
            "The bridge was closed on 4 May after cracks were found.",
            "The ferry runs twice a day.",
        ];
        let new = [
            "A new school was opened in the village.",
            "The bridge was closed on 6 May after cracks were found.",
        ];
        let found = blocks(&old, &new);
        assert_eq!((found.added, found.removed, found.reworded), (1, 1, 1));
        let reworded = &found.shown[0];
        assert_eq!(reworded.change, BlockChange::Reworded);
        assert_eq!(reworded.after.as_deref(), Some(new[1]));
        assert!(reworded.difference.iter().any(|piece| piece.text == "6"));
        assert_eq!(found.shown[1].before.as_deref(), Some(old[1]));
        assert_eq!(found.shown[2].after.as_deref(), Some(new[0]));
        assert!(blocks(&[], &[]).is_empty());
        assert_eq!(found.counts(), "1 block reworded, 1 removed, 1 added");
    }

    #[test]
    fn many_blocks_are_counted_and_few_are_shown() {
        let old: Vec<String> = (0..1_000).map(|n| format!("old{n} line{n}")).collect();
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let found = blocks(&old, &[&"word ".repeat(1_000)]);
        assert_eq!((found.removed, found.added), (1_000, 1));
        assert_eq!(found.shown.len(), MAX_SHOWN);
        let long = blocks(&[], &[&"word ".repeat(1_000)]);
        assert!(long.shown[0].after.as_ref().unwrap().chars().count() <= MAX_CHARACTERS + 1);
    }
}
