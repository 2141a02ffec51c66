//! A quotation that does not stand in the source word for word: where it comes from, and what differs.
//!
//! **In:** a quotation, the source folded. **Out:** [`Located`]. Pairs of its words are looked for in
//! the source (seeds), the stretches where many of them meet in order are aligned with it word by
//! word, and the best alignment is judged. **Not here:** the alignment itself.
//!
//! The cost is bounded whatever the text: so many bytes searched, so many hits kept, so many
//! stretches aligned, each of a bounded table.

use super::align::{Item, Step, align};
use super::fold::Folded;
use super::word::{Likeness, Word, words};
use super::{Located, MAX_BRACKET, MAX_ELLIPSIS};
use crate::document::ByteSpan;
use crate::evidence::Difference;

/// Bytes of the source that are searched for one quotation's seeds, all taken together.
const MAX_SEARCHED: usize = 64 << 20;
/// Seeds, whatever the length of the source.
const MIN_SEEDS: usize = 4;
const MAX_SEEDS: usize = 48;
/// Places kept of one seed; a seed with more tells nothing.
const MAX_HITS: usize = 200;
/// Stretches that are aligned.
const STRETCHES: usize = 3;
/// Letters that make a single word a seed.
const LONG_WORD: usize = 7;
/// The share of a quotation's words that the source must have in order, or it is another sentence.
const SAME_SENTENCE: f64 = 0.6;

/// Looks for the quotation.
pub(super) fn find(quotation: &str, folded: &Folded, source: &str) -> Located {
    let parts = parts(quotation);
    let Some(anchor) = (0..parts.len()).max_by_key(|index| parts[*index].len()) else {
        return Located::Absent;
    };
    let mut best: Option<Aligned> = None;
    for stretch in stretches(&parts[anchor], quotation, folded, source) {
        let Some(all) = around(&parts, anchor, stretch, source) else {
            continue;
        };
        if best.as_ref().is_none_or(|best| all.cost < best.cost) {
            best = Some(all);
        }
    }
    best.and_then(|aligned| aligned.judge(quotation, source))
        .unwrap_or(Located::Absent)
}

/// The parts of a quotation between its ellipses.
fn parts(quotation: &str) -> Vec<Vec<Item>> {
    let mut parts = vec![Vec::new()];
    let mut plain = 0;
    let mut at = 0;
    let add = |parts: &mut Vec<Vec<Item>>, from: usize, to: usize| {
        if let Some(last) = parts.last_mut() {
            last.extend(words(quotation, from, to).into_iter().map(Item::Word));
        }
    };
    while let Some(rest) = quotation.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        if let Some(length) = ellipsis(rest) {
            add(&mut parts, plain, at);
            at += length;
            plain = at;
            parts.push(Vec::new());
        } else if c == '['
            && let Some(inner) = rest.find(']').filter(|inner| *inner <= MAX_BRACKET)
        {
            let close = at + inner + 1;
            let before = quotation.get(..at).unwrap_or("");
            let head = before.len() - before.trim_end_matches(char::is_alphabetic).len();
            let after = quotation.get(close..).unwrap_or("");
            let tail = after.len() - after.trim_start_matches(char::is_alphabetic).len();
            if head + tail == 0 {
                add(&mut parts, plain, at);
                if let Some(last) = parts.last_mut() {
                    last.push(Item::Bracket {
                        start: at,
                        end: close,
                    });
                }
            } else {
                add(&mut parts, plain, at - head);
                if let (Some(last), Some(loose)) =
                    (parts.last_mut(), loose(quotation, at, close, head, tail))
                {
                    last.push(loose);
                }
            }
            at = close + tail;
            plain = at;
        } else {
            at += c.len_utf8();
        }
    }
    add(&mut parts, plain, quotation.len());
    parts.retain(|part| {
        part.iter()
            .any(|item| !matches!(item, Item::Bracket { .. }))
    });
    parts
}

/// How long the ellipsis is that a text begins with.
fn ellipsis(text: &str) -> Option<usize> {
    [
        "[...]", "[…]", "[. . .]", "(...)", "(…)", ". . .", "....", "...", "…",
    ]
    .into_iter()
    .find(|dots| text.starts_with(dots))
    .map(str::len)
}

/// A word with a bracket in it: "[T]he", "want[ed]".
fn loose(quotation: &str, open: usize, close: usize, head: usize, tail: usize) -> Option<Item> {
    let (start, end) = (open - head, close + tail);
    let bare: String = quotation
        .get(start..end)?
        .chars()
        .filter(|c| !matches!(c, '[' | ']'))
        .collect();
    let key = |text: &str| {
        words(text, 0, text.len())
            .into_iter()
            .next()
            .map(|word| word.key)
    };
    let outside = if tail > 0 {
        quotation.get(close..end)?
    } else {
        quotation.get(start..open)?
    };
    Some(Item::Loose {
        word: Word {
            key: key(&bare)?,
            start,
            end,
            number: false,
        },
        ends_with: tail > 0,
        rest: key(outside)?,
    })
}

/// The stretches of the source, in its bytes, where the part most likely stands.
fn stretches(part: &[Item], quotation: &str, folded: &Folded, source: &str) -> Vec<ByteSpan> {
    let Some((first, last)) = extent(part) else {
        return Vec::new();
    };
    let length = last - first;
    let budget = (MAX_SEARCHED / folded.text.len().max(1)).clamp(MIN_SEEDS, MAX_SEEDS);
    let mut hits: Vec<(i64, f64)> = Vec::new();
    for (seed, offset) in seeds(part, quotation).into_iter().take(budget) {
        let found: Vec<usize> = folded
            .text
            .match_indices(&seed)
            .map(|(at, _)| at)
            .take(MAX_HITS)
            .collect();
        if found.len() < MAX_HITS {
            let weight = 1.0 / (1.0 + found.len() as f64).ln().max(0.5);
            let begins = |at: usize| at as i64 - (offset - first) as i64;
            hits.extend(found.into_iter().map(|at| (begins(at), weight)));
        }
    }
    hits.sort_by_key(|(at, _)| *at);
    let spread = (length / 2 + 48) as i64;
    let mut scored: Vec<(f64, i64)> = Vec::new();
    let (mut end, mut sum) = (0, 0.0);
    for start in 0..hits.len() {
        while end < hits.len() && hits[end].0 <= hits[start].0 + spread {
            sum += hits[end].1;
            end += 1;
        }
        scored.push((sum, hits[start].0));
        sum -= hits[start].1;
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<i64> = Vec::new();
    for (_, at) in scored {
        if chosen.len() == STRETCHES {
            break;
        }
        if chosen
            .iter()
            .all(|other| other.abs_diff(at) > spread.unsigned_abs())
        {
            chosen.push(at);
        }
    }
    chosen
        .into_iter()
        .filter_map(|at| {
            let from = usize::try_from(at - spread / 2).unwrap_or(0);
            let to = usize::try_from(at + length as i64 + 2 * spread).unwrap_or(0);
            folded.stretch(from, to, source)
        })
        .collect()
}

/// First and last byte of a part in the quotation.
fn extent(part: &[Item]) -> Option<(usize, usize)> {
    Some((part.first()?.span().0, part.last()?.span().1))
}

/// What the part is looked for by, the most telling first, with their places in the quotation.
fn seeds(part: &[Item], quotation: &str) -> Vec<(String, usize)> {
    let word = |item: &Item| match item {
        Item::Word(word) => Some((word.start, word.end)),
        Item::Loose { .. } | Item::Bracket { .. } => None,
    };
    let fold = |from: usize, to: usize| Folded::new(quotation.get(from..to).unwrap_or("")).text;
    let mut seeds: Vec<(String, usize)> = Vec::new();
    for pair in part.windows(2) {
        if let (Some((start, _)), Some((_, end))) = (word(&pair[0]), word(&pair[1])) {
            seeds.push((fold(start, end), start));
        }
    }
    for (start, end) in part.iter().filter_map(word) {
        if end - start >= LONG_WORD {
            seeds.push((fold(start, end), start));
        }
    }
    seeds.retain(|(seed, _)| seed.len() >= 4);
    seeds.sort_by_key(|(seed, _)| std::cmp::Reverse(seed.len()));
    seeds
}

/// All parts of a quotation laid along the source.
struct Aligned {
    /// For each part, its items, the source's words and the steps between them.
    parts: Vec<(Vec<Item>, Vec<Word>, Vec<Step>)>,
    cost: f64,
}

/// Aligns the anchor within the stretch, the parts behind it after one another, those before it likewise.
fn around(parts: &[Vec<Item>], anchor: usize, stretch: ByteSpan, source: &str) -> Option<Aligned> {
    let one = |index: usize, from: usize, to: usize| {
        let said = words(source, from, to);
        let aligned = align(&parts[index], &said)?;
        let span = place(&said, &aligned.steps)?;
        Some((parts[index].clone(), said, aligned, span))
    };
    let (items, said, aligned, span) = one(anchor, stretch.start, stretch.end)?;
    let mut cost = aligned.cost;
    let mut done = vec![(anchor, (items, said, aligned.steps))];
    let mut end = span.end;
    for index in anchor + 1..parts.len() {
        let to = border(source, end + MAX_ELLIPSIS);
        let (items, said, aligned, span) = one(index, end, to)?;
        end = span.end;
        cost += aligned.cost;
        done.push((index, (items, said, aligned.steps)));
    }
    let mut start = span.start;
    for index in (0..anchor).rev() {
        let from = border(source, start.saturating_sub(MAX_ELLIPSIS));
        let (items, said, aligned, span) = one(index, from, start)?;
        start = span.start;
        cost += aligned.cost;
        done.push((index, (items, said, aligned.steps)));
    }
    done.sort_by_key(|(index, _)| *index);
    Some(Aligned {
        parts: done.into_iter().map(|(_, part)| part).collect(),
        cost,
    })
}

/// The nearest border of characters at or before a byte.
fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The bytes of the source that the steps pair.
fn place(said: &[Word], steps: &[Step]) -> Option<ByteSpan> {
    let mut paired = steps.iter().filter_map(|step| match step {
        Step::Pair { said, .. } => Some(*said),
        Step::Bracket(at) => Some((*at, 1)),
        Step::Added(_) | Step::Dropped(_) => None,
    });
    let first = paired.next()?;
    let last = paired.next_back().unwrap_or(first);
    let start = said.get(first.0)?.start;
    let end = said.get((last.0 + last.1).checked_sub(1)?)?.end;
    (start < end).then(|| ByteSpan::new(start, end))
}

impl Aligned {
    fn judge(&self, quotation: &str, source: &str) -> Option<Located> {
        let (mut all, mut kept, mut telling, mut kept_telling, mut dropped) = (0, 0, 0, 0, 0);
        let (mut slips, mut altered) = (false, false);
        for (items, _, steps) in &self.parts {
            for item in items {
                let Some(word) = item.word() else { continue };
                all += 1;
                telling += usize::from(tells(word));
            }
            for step in steps {
                match step {
                    Step::Pair {
                        quoted: (first, count),
                        likeness: Likeness::Same | Likeness::Spelling,
                        ..
                    } => {
                        let paired = items.get(*first..first + count).unwrap_or(&[]);
                        kept += count;
                        kept_telling += paired
                            .iter()
                            .filter_map(Item::word)
                            .filter(|word| tells(word))
                            .count();
                    }
                    Step::Pair { .. } => {}
                    Step::Dropped(_) => dropped += 1,
                    Step::Added(at) => {
                        // A bracket that stands for nothing adds nothing.
                        if items.get(*at).is_some_and(|item| item.word().is_none()) {
                            continue;
                        }
                    }
                    Step::Bracket(_) => continue,
                }
                slips |= matches!(
                    step,
                    Step::Pair {
                        likeness: Likeness::Spelling,
                        ..
                    }
                );
                altered |= !matches!(
                    step,
                    Step::Pair {
                        likeness: Likeness::Same | Likeness::Spelling,
                        ..
                    }
                );
            }
        }
        let changes = all - kept + dropped;
        let same = if all < 5 {
            changes <= 1 && kept >= 2
        } else {
            kept as f64 >= SAME_SENTENCE * all as f64
                && dropped as f64 <= (1.0 - SAME_SENTENCE) * all as f64
        };
        // At its ends a quotation may have been laid beside words that it has nothing to do with.
        let at_ends = self.changed_at_ends();
        let placed = at_ends == 0 || (all >= 6 && at_ends <= (all / 6).max(1));
        if altered && (!same || !placed || kept_telling < telling.min(2)) {
            return None;
        }
        let first = self
            .parts
            .first()
            .and_then(|(_, said, steps)| place(said, steps))?;
        let last = self
            .parts
            .last()
            .and_then(|(_, said, steps)| place(said, steps))?;
        let span = ByteSpan::new(first.start, last.end);
        Some(if altered {
            Located::Altered {
                span,
                difference: self.difference(quotation, source),
            }
        } else {
            Located::Found {
                span,
                slips: if slips {
                    self.difference(quotation, source)
                } else {
                    Vec::new()
                },
            }
        })
    }

    /// How many of the first and last words differ in a row.
    fn changed_at_ends(&self) -> usize {
        let kept = |step: &&Step| {
            matches!(
                step,
                Step::Pair {
                    likeness: Likeness::Same | Likeness::Spelling,
                    ..
                } | Step::Bracket(_)
            )
        };
        let steps: Vec<&Step> = self.parts.iter().flat_map(|(_, _, steps)| steps).collect();
        let first = steps.iter().take_while(|step| !kept(step)).count();
        let last = steps.iter().rev().take_while(|step| !kept(step)).count();
        first + last
    }

    /// The quotation and the source side by side, in pieces.
    fn difference(&self, quotation: &str, source: &str) -> Vec<Difference> {
        let mut pieces = Pieces::default();
        let mut at = 0;
        for (items, said, steps) in &self.parts {
            let theirs = |at: usize, count: usize| {
                let (first, last) = (said.get(at)?, said.get(at + count - 1)?);
                source.get(first.start..last.end)
            };
            for step in steps {
                let (first, count) = match step {
                    Step::Pair { quoted, .. } => *quoted,
                    Step::Added(index) => (*index, 1),
                    Step::Dropped(index) => {
                        pieces.inserted(theirs(*index, 1).unwrap_or(""));
                        continue;
                    }
                    Step::Bracket(_) => continue,
                };
                let (Some(item), Some(last)) = (items.get(first), items.get(first + count - 1))
                else {
                    continue;
                };
                let (start, end) = (item.span().0, last.span().1);
                pieces.kept(quotation.get(at..start).unwrap_or(""));
                let mine = quotation.get(start..end).unwrap_or("");
                at = end;
                match step {
                    Step::Pair {
                        likeness: Likeness::Same,
                        ..
                    } => pieces.kept(mine),
                    Step::Pair {
                        said: (index, count),
                        likeness: Likeness::Other,
                        ..
                    } => {
                        pieces.text(mine);
                        pieces.source(theirs(*index, *count).unwrap_or(""));
                    }
                    Step::Pair {
                        said: (index, count),
                        ..
                    } => {
                        pieces.letters(mine, theirs(*index, *count).unwrap_or(""));
                    }
                    Step::Added(_) if item.word().is_none() => pieces.kept(mine),
                    Step::Added(_) | Step::Dropped(_) | Step::Bracket(_) => pieces.text(mine),
                }
            }
        }
        pieces.kept(quotation.get(at..).unwrap_or(""));
        pieces.0
    }
}

/// Whether a word tells one sentence from another: a number, or four letters and more.
fn tells(word: &Word) -> bool {
    word.number || word.key.chars().count() >= 4
}

impl Item {
    pub(super) const fn span(&self) -> (usize, usize) {
        match self {
            Self::Word(word) | Self::Loose { word, .. } => (word.start, word.end),
            Self::Bracket { start, end } => (*start, *end),
        }
    }

    const fn word(&self) -> Option<&Word> {
        match self {
            Self::Word(word) | Self::Loose { word, .. } => Some(word),
            Self::Bracket { .. } => None,
        }
    }
}

/// Pieces of a difference in the making; neighbours of one kind are joined.
#[derive(Default)]
struct Pieces(Vec<Difference>);

impl Pieces {
    fn kept(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Difference::Kept(last)) => last.push_str(text),
            _ => self.0.push(Difference::Kept(text.to_owned())),
        }
    }

    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Difference::OnlyInText(last)) => last.push_str(text),
            _ => self.0.push(Difference::OnlyInText(text.to_owned())),
        }
    }

    fn source(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Difference::OnlyInSource(last)) => last.push_str(text),
            _ => self.0.push(Difference::OnlyInSource(text.to_owned())),
        }
    }

    /// A word that only the source has, set apart from its neighbours by a space.
    fn inserted(&mut self, word: &str) {
        self.source(&format!(" {word}"));
    }

    /// Two like words, letter by letter.
    fn letters(&mut self, mine: &str, theirs: &str) {
        let (a, b): (Vec<char>, Vec<char>) = (mine.chars().collect(), theirs.chars().collect());
        let slice = |chars: &[char], from: usize, count: usize| -> String {
            chars.iter().skip(from).take(count).collect()
        };
        for op in similar::capture_diff_slices(similar::Algorithm::Myers, &a, &b) {
            let (old, new) = (op.old_range(), op.new_range());
            if op.tag() == similar::DiffTag::Equal {
                self.kept(&slice(&a, old.start, old.len()));
            } else {
                self.text(&slice(&a, old.start, old.len()));
                self.source(&slice(&b, new.start, new.len()));
            }
        }
    }
}
