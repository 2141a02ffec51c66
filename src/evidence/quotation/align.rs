//! A part of a quotation laid along a stretch of the source, word by word.
//!
//! **In:** the part's words and those of the stretch. **Out:** the cheapest way to make one of
//! the other, the part whole, the stretch from any word to any word. **Not here:** where the
//! stretch comes from; it is bounded by whoever gives it.

use super::word::{Likeness, Word, likeness};

/// What happened to words on the way from the source to the quotation, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// These words (first and count on either side) are one, as `Likeness` says.
    Pair {
        quoted: (usize, usize),
        said: (usize, usize),
        likeness: Likeness,
    },
    /// Only the quotation has the word.
    Added(usize),
    /// Only the source has the word.
    Dropped(usize),
    /// A bracket of the editor's, and the words of the source it stands for.
    Bracket(usize),
}

/// A word of the part, or an editor's bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Word(Word),
    /// "\[T\]he": a word of which a bracket holds a part; the rest must be there.
    Loose {
        word: Word,
        ends_with: bool,
        rest: String,
    },
    Bracket {
        start: usize,
        end: usize,
    },
}

/// The cheapest alignment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Alignment {
    pub(super) steps: Vec<Step>,
    pub(super) cost: f64,
}

const GAP: f64 = 0.9;
const SPELLING: f64 = 0.05;
const NEAR: f64 = 0.5;
/// Less than a gap, so that at either end a changed word is laid beside the one in its place.
const OTHER: f64 = 0.85;
/// What each word of the source costs that a bracket stands for.
const BRACKETED: f64 = 0.1;
/// Cells of the table: 350 words along 1,500.
const MAX_CELLS: usize = 600_000;

/// The way to a cell of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Move {
    Start,
    Pair(Likeness),
    /// One quoted word for two of the source.
    Split,
    /// Two quoted words for one of the source.
    Joined,
    Added,
    Dropped,
    InBracket,
}

/// Aligns the whole of `items` with some stretch of `said`.
pub(super) fn align(items: &[Item], said: &[Word]) -> Option<Alignment> {
    let width = said.len() + 1;
    if items.is_empty() || said.is_empty() || items.len().saturating_mul(width) > MAX_CELLS {
        return None;
    }
    let mut costs = vec![0.0_f32; (items.len() + 1) * width];
    let mut moves = vec![Move::Start; (items.len() + 1) * width];
    for row in 1..=items.len() {
        for column in 0..width {
            let cost = |back: usize, left: usize| costs[(row - back) * width + column - left];
            let (mut best, mut way) = (cost(1, 0) + added(items, row), Move::Added);
            let mut offer = |price: f32, other: Move| {
                if price < best {
                    best = price;
                    way = other;
                }
            };
            if column > 0 {
                let item = &items[row - 1];
                let word = &said[column - 1];
                if let Some(likeness) = pair(item, word) {
                    offer(cost(1, 1) + price(likeness), Move::Pair(likeness));
                }
                match item {
                    Item::Bracket { .. } => offer(cost(0, 1) + BRACKETED as f32, Move::InBracket),
                    Item::Word(_) | Item::Loose { .. } if row < items.len() => {
                        offer(cost(0, 1) + GAP as f32, Move::Dropped);
                    }
                    Item::Word(_) | Item::Loose { .. } => {}
                }
                if column > 1 && joined(item, &said[column - 2], word) {
                    offer(cost(1, 2), Move::Split);
                }
                if row > 1
                    && let (Item::Word(first), Item::Word(second)) = (&items[row - 2], item)
                    && is_joined(&word.key, &first.key, &second.key)
                {
                    offer(cost(2, 1), Move::Joined);
                }
            }
            costs[row * width + column] = best;
            moves[row * width + column] = way;
        }
    }
    let last = items.len() * width;
    let (column, cost) = (0..width)
        .map(|column| (column, costs[last + column]))
        .reduce(|best, next| if next.1 < best.1 { next } else { best })?;
    Some(Alignment {
        steps: trace(&moves, width, items.len(), column),
        cost: f64::from(cost),
    })
}

fn trace(moves: &[Move], width: usize, mut row: usize, mut column: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    while row > 0 {
        let way = moves
            .get(row * width + column)
            .copied()
            .unwrap_or(Move::Start);
        let pair = |quoted, said, likeness| Step::Pair {
            quoted,
            said,
            likeness,
        };
        match way {
            Move::Pair(likeness) => {
                steps.push(pair((row - 1, 1), (column - 1, 1), likeness));
                row -= 1;
                column -= 1;
            }
            Move::Split => {
                steps.push(pair((row - 1, 1), (column - 2, 2), Likeness::Same));
                row -= 1;
                column -= 2;
            }
            Move::Joined => {
                steps.push(pair((row - 2, 2), (column - 1, 1), Likeness::Same));
                row -= 2;
                column -= 1;
            }
            Move::Dropped => {
                steps.push(Step::Dropped(column - 1));
                column -= 1;
            }
            Move::InBracket => {
                steps.push(Step::Bracket(column - 1));
                column -= 1;
            }
            Move::Added | Move::Start => {
                steps.push(Step::Added(row - 1));
                row -= 1;
            }
        }
    }
    steps.reverse();
    steps
}

fn added(items: &[Item], row: usize) -> f32 {
    match items[row - 1] {
        Item::Bracket { .. } => 0.0,
        Item::Word(_) | Item::Loose { .. } => GAP as f32,
    }
}

fn pair(item: &Item, word: &Word) -> Option<Likeness> {
    match item {
        Item::Word(quoted) => Some(likeness(quoted, word)),
        Item::Loose {
            word: quoted,
            ends_with,
            rest,
        } => {
            let fits = if *ends_with {
                word.key.ends_with(rest.as_str())
            } else {
                word.key.starts_with(rest.as_str())
            };
            Some(if fits {
                Likeness::Same
            } else {
                likeness(quoted, word)
            })
        }
        Item::Bracket { .. } => None,
    }
}

const fn price(likeness: Likeness) -> f32 {
    (match likeness {
        Likeness::Same => 0.0,
        Likeness::Spelling => SPELLING,
        Likeness::Near => NEAR,
        Likeness::Other => OTHER,
    }) as f32
}

fn joined(item: &Item, first: &Word, second: &Word) -> bool {
    match item {
        Item::Word(quoted) => is_joined(&quoted.key, &first.key, &second.key),
        Item::Loose { .. } | Item::Bracket { .. } => false,
    }
}

fn is_joined(whole: &str, first: &str, second: &str) -> bool {
    whole.len() == first.len() + second.len() && whole.starts_with(first) && whole.ends_with(second)
}
