//! What is measured of each line, for the fitted trees.
//!
//! **In:** a [`Page`], what the page says of itself. **Out:** a row of numbers for each line, in
//! an order that the trees of `fitted` know. **Not here:** the trees (`forest`); the choice (`choose`).

mod title;

use super::facts::Declared;
use super::marks;
use super::page::{Line, Page};
use super::words::{self, Words};
use crate::evidence::quick_hash::QuickMap;
use title::Title;

/// Levels of the parts around a line that are measured.
const LEVELS: usize = 4;
/// Words from which a line that is not mostly links counts as prose.
const PROSE: f32 = 14.0;

/// Sums over lines.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    lines: f32,
    words: f32,
    linked: f32,
    stops: f32,
    ends: f32,
    prose: f32,
}

impl Sum {
    fn of(own: &Own) -> Self {
        let words = &own.words;
        Self {
            lines: 1.0,
            words: words.words,
            linked: words.words * own.links,
            stops: words.stops,
            ends: words.ends,
            prose: if own.is_prose() { words.words } else { 0.0 },
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            lines: self.lines + other.lines,
            words: self.words + other.words,
            linked: self.linked + other.linked,
            stops: self.stops + other.stops,
            ends: self.ends + other.ends,
            prose: self.prose + other.prose,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            lines: self.lines - other.lines,
            words: self.words - other.words,
            linked: self.linked - other.linked,
            stops: self.stops - other.stops,
            ends: self.ends - other.ends,
            prose: self.prose - other.prose,
        }
    }
}

/// What a line has of its own.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    words: Words,
    /// Its share of links.
    links: f32,
    /// The level of the heading that it is in, 0 for all else.
    heading: u8,
}

impl Own {
    fn is_prose(&self) -> bool {
        self.words.words >= PROSE && self.links < 0.4
    }
}

#[inline]
fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A group of like elements or lines.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    members: f32,
    sum: Sum,
}

/// Where nothing is: no group has this number.
const NONE: u32 = u32::MAX;

/// All that is measured of a page.
pub(super) struct Measured<'a> {
    page: &'a Page,
    declared: &'a Declared,
    own: Vec<Own>,
    /// Sums of all lines before each.
    before: Vec<Sum>,
    /// For each element, the nearest one above it that holds more lines.
    wider: Vec<usize>,
    /// Elements of one kind under one parent, and the group of each element.
    siblings: Vec<Group>,
    sibling: Vec<u32>,
    /// Lines on the same path, and the group of each line.
    paths: Vec<Group>,
    path: Vec<u32>,
    /// Times that each line's text occurs.
    repeats: Vec<f32>,
    /// Readability's score of each element.
    scores: Vec<f32>,
    top: usize,
    /// The line of the page's heading.
    heading: Option<usize>,
    overlap: Vec<f32>,
    /// For each line, the line of the last heading above it that names furniture, by kind.
    under: Vec<[Option<usize>; 2]>,
    /// The nearest lines of prose before and after each line.
    prose: Vec<(Option<usize>, Option<usize>)>,
    /// The marks of the whole page.
    marks: Vec<(usize, f32)>,
}

impl<'a> Measured<'a> {
    pub(super) fn new(page: &'a Page, declared: &'a Declared) -> Self {
        let own: Vec<Own> = page
            .lines
            .iter()
            .map(|line| Own {
                words: words::count(line.span.of(&page.text)),
                links: line.linked as f32 / line.span.len().max(1) as f32,
                heading: heading_level(page, line.element),
            })
            .collect();
        let mut before = Vec::with_capacity(own.len() + 1);
        let mut last = Sum::default();
        before.push(last);
        for own in &own {
            last = last.plus(Sum::of(own));
            before.push(last);
        }
        let mut wider: Vec<usize> = Vec::with_capacity(page.elements.len());
        for element in &page.elements {
            let above = page.elements.get(element.parent);
            let same =
                above.is_some_and(|above| above.first == element.first && above.end == element.end);
            let next = wider.get(element.parent).copied().unwrap_or(element.parent);
            wider.push(if same { next } else { element.parent });
        }
        let marks = marks::ALL
            .iter()
            .filter(|(mark, _)| marks::OF_PAGES.contains(mark))
            .map(|(mark, _)| {
                let mark = *mark as usize;
                (mark, f32::from((page.body >> mark & 1) as u8))
            });
        let mut measured = Self {
            page,
            declared,
            own,
            before,
            wider,
            siblings: Vec::new(),
            sibling: Vec::with_capacity(page.elements.len()),
            paths: Vec::new(),
            path: Vec::with_capacity(page.lines.len()),
            repeats: Vec::with_capacity(page.lines.len()),
            scores: vec![0.0; page.elements.len()],
            top: 0,
            heading: None,
            overlap: Vec::with_capacity(page.lines.len()),
            under: Vec::with_capacity(page.lines.len()),
            prose: Vec::with_capacity(page.lines.len()),
            marks: marks.collect(),
        };
        measured.group();
        measured.repeats();
        measured.score();
        measured.headings();
        measured.neighbours();
        measured
    }

    /// Sums over the lines of an element.
    #[inline]
    fn held(&self, element: usize) -> Sum {
        let Some(element) = self.page.elements.get(element) else {
            return Sum::default();
        };
        self.between(element.first, element.end)
    }

    #[inline]
    fn between(&self, first: usize, end: usize) -> Sum {
        let all = self.page.lines.len();
        let (first, end) = (first.min(all), end.min(all));
        match (self.before.get(first), self.before.get(end)) {
            (Some(first), Some(end)) => end.minus(*first),
            _ => Sum::default(),
        }
    }

    fn group(&mut self) {
        let mut known = QuickMap::default();
        known.reserve(self.page.elements.len());
        for (index, element) in self.page.elements.iter().enumerate() {
            if element.first >= element.end {
                self.sibling.push(NONE);
                continue;
            }
            let sum = self.held(index);
            let key = (element.parent, element.kind);
            let number = *known.entry(key).or_insert(self.siblings.len() as u32);
            join(&mut self.siblings, number, sum);
            self.sibling.push(number);
        }
        let mut known = QuickMap::default();
        known.reserve(self.page.lines.len());
        for (line, own) in self.page.lines.iter().zip(&self.own) {
            let Some(element) = self.page.elements.get(line.element) else {
                self.path.push(NONE);
                continue;
            };
            let number = *known.entry(element.path).or_insert(self.paths.len() as u32);
            join(&mut self.paths, number, Sum::of(own));
            self.path.push(number);
        }
    }

    fn repeats(&mut self) {
        let mut known: QuickMap<&str, usize> = QuickMap::default();
        known.reserve(self.page.lines.len());
        let mut first = Vec::with_capacity(self.page.lines.len());
        for (index, line) in self.page.lines.iter().enumerate() {
            let at = *known.entry(line.span.of(&self.page.text)).or_insert(index);
            first.push(at);
            self.repeats.push(0.0);
            if let Some(times) = self.repeats.get_mut(at) {
                *times += 1.0;
            }
        }
        for (index, at) in first.into_iter().enumerate() {
            let times = self.repeats.get(at).copied().unwrap_or(1.0);
            if let Some(own) = self.repeats.get_mut(index) {
                *own = times;
            }
        }
    }

    /// Readability's way to the element that holds the article.
    fn score(&mut self) {
        for (line, own) in self.page.lines.iter().zip(&self.own) {
            let words = &own.words;
            if words.chars < 25.0 || own.links > 0.5 {
                continue;
            }
            let points = 1.0 + words.commas + (words.chars / 100.0).min(3.0);
            let mut at = self.block(line);
            for part in [1.0, 0.5, 0.33] {
                if let Some(score) = self.scores.get_mut(at) {
                    *score += points * part;
                }
                at = self.wider.get(at).copied().unwrap_or(0);
            }
        }
        let mut best = 0.0;
        for index in 0..self.scores.len() {
            let sum = self.held(index);
            let scaled = self.scores.get(index).copied().unwrap_or(0.0)
                * (1.0 - share(sum.linked, sum.words));
            if let Some(score) = self.scores.get_mut(index) {
                *score = scaled;
            }
            if scaled > best {
                (best, self.top) = (scaled, index);
            }
        }
    }

    /// The smallest part that holds more than the line.
    fn block(&self, line: &Line) -> usize {
        match self.page.elements.get(line.element) {
            Some(element) if element.end.saturating_sub(element.first) <= 1 => {
                self.wider.get(line.element).copied().unwrap_or(0)
            }
            _ => line.element,
        }
    }

    fn headings(&mut self) {
        let title = Title::new(self.declared.title.as_deref().unwrap_or(""));
        let mut best = 0.25;
        let mut under = [None, None];
        for (index, (line, own)) in self.page.lines.iter().zip(&self.own).enumerate() {
            let overlap = title.overlap(line.span.of(&self.page.text));
            self.overlap.push(overlap);
            let (level, counts) = (own.heading, &own.words);
            let weight = overlap + if level == 1 { 0.5 } else { 0.0 };
            if level > 0 && weight > best {
                (best, self.heading) = (weight, Some(index));
            }
            let head = level > 0 || (line.strong * 10 >= line.span.len() * 9);
            if head && counts.words <= 8.0 {
                if counts.furniture[1] > 0 {
                    under[0] = Some(index);
                } else if counts.furniture[2] > 0 {
                    under[1] = Some(index);
                }
            }
            self.under.push(under);
        }
    }

    fn neighbours(&mut self) {
        let mut last = None;
        for (index, own) in self.own.iter().enumerate() {
            self.prose.push((last, None));
            if own.is_prose() {
                last = Some(index);
            }
        }
        let mut next = None;
        for (index, (own, pair)) in self.own.iter().zip(&mut self.prose).enumerate().rev() {
            pair.1 = next;
            if own.is_prose() {
                next = Some(index);
            }
        }
    }

    /// The parts around a line, from the smallest that holds more than it.
    fn parts(&self, line: &Line) -> [usize; LEVELS] {
        let mut parts = [0; LEVELS];
        let mut at = self.block(line);
        for part in &mut parts {
            *part = at;
            at = self.wider.get(at).copied().unwrap_or(0);
        }
        parts
    }

    /// What a line weighs: its words.
    pub(super) fn weight(&self, index: usize) -> f64 {
        self.own
            .get(index)
            .map_or(0.0, |own| f64::from(own.words.words))
    }

    /// Hands over each number of a line, with its name.
    pub(super) fn row(&self, index: usize, put: &mut impl FnMut(Name, f32)) {
        self.numbers(index, put);
    }

    /// As `row` does, to a function of its own, which can keep its place in a register.
    #[allow(clippy::too_many_lines)] // A list, read from top to bottom.
    pub(super) fn numbers(&self, index: usize, mut put: impl FnMut(Name, f32)) {
        let (Some(line), Some(own)) = (self.page.lines.get(index), self.own.get(index)) else {
            return;
        };
        let words = &own.words;
        let all = self.before.last().copied().unwrap_or_default();
        let count = words.words.max(1.0);
        let plain = |name: &'static str| Name(name, 0);

        // Itself.
        put(plain("words"), words.words);
        put(plain("chars a word"), words.chars / count);
        put(plain("link share"), own.links);
        put(
            plain("strong share"),
            line.strong as f32 / line.span.len().max(1) as f32,
        );
        put(plain("stop share"), words.stops / count);
        put(plain("commas"), words.commas / count);
        put(plain("ends"), words.ends);
        put(plain("digits"), words.digits / words.chars.max(1.0));
        put(plain("capitals"), words.capitals / count);
        put(plain("bars"), words.bars);
        put(plain("price"), f32::from(u8::from(words.price)));
        put(plain("year"), f32::from(u8::from(words.year)));
        put(plain("copyright"), f32::from(u8::from(words.copyright)));
        put(plain("last"), f32::from(words.last));
        put(plain("first"), f32::from(words.first));
        for (kind, found) in words.furniture.iter().enumerate() {
            put(Name("furniture", kind), f32::from(*found));
        }
        put(
            plain("repeats"),
            self.repeats.get(index).copied().unwrap_or(1.0),
        );
        put(
            plain("title overlap"),
            self.overlap.get(index).copied().unwrap_or(0.0),
        );

        // Where it stands.
        let element = self.page.elements.get(line.element);
        let none = [0; marks::MARKS];
        let near = element.map_or(&none, |element| &element.near);
        for (mark, near) in near.iter().enumerate() {
            put(Name("mark", mark), f32::from(*near));
        }
        put(plain("heading level"), f32::from(own.heading));
        put(
            plain("depth"),
            element.map_or(0.0, |element| element.depth as f32),
        );
        let lines = self.page.lines.len() as f32;
        put(plain("place"), index as f32 / lines);
        put(plain("lines before"), index as f32);
        put(plain("lines after"), lines - index as f32);
        let before = self.before.get(index).copied().unwrap_or_default();
        put(plain("words before"), share(before.words, all.words));
        put(plain("prose before"), share(before.prose, all.prose));
        put(
            plain("from heading"),
            self.heading.map_or(-999.0, |at| index as f32 - at as f32),
        );
        put(
            plain("words from heading"),
            self.heading.map_or(-1.0, |at| {
                before.words - self.before.get(at).map_or(0.0, |sum| sum.words)
            }),
        );
        let far = |at: Option<usize>| at.map_or(999.0, |at| index.abs_diff(at) as f32);
        let under = self.under.get(index).copied().unwrap_or_default();
        put(plain("under comments"), far(under[0]));
        put(plain("under more"), far(under[1]));
        let (last, next) = self.prose.get(index).copied().unwrap_or_default();
        put(plain("to prose before"), far(last));
        put(plain("to prose after"), far(next));
        for reach in [3, 8] {
            let around = self.between(index.saturating_sub(reach), index + reach + 1);
            put(
                Name("around: words a line", reach),
                share(around.words, around.lines),
            );
            put(
                Name("around: link share", reach),
                share(around.linked, around.words),
            );
            put(
                Name("around: prose share", reach),
                share(around.prose, around.words),
            );
            put(
                Name("around: stop share", reach),
                share(around.stops, around.words),
            );
        }

        // Its neighbours.
        for (number, other) in [
            index.checked_sub(1),
            index.checked_add(1),
            index.checked_sub(2),
            index.checked_add(2),
        ]
        .into_iter()
        .enumerate()
        {
            let other_line = other.and_then(|other| self.page.lines.get(other));
            let other_own = other.and_then(|other| self.own.get(other));
            let other_words = other_own.map(|own| &own.words);
            put(
                Name("neighbour: words", number),
                other_words.map_or(-1.0, |words| words.words),
            );
            put(
                Name("neighbour: link share", number),
                other_own.map_or(-1.0, |own| own.links),
            );
            put(
                Name("neighbour: stop share", number),
                other_words.map_or(-1.0, |words| words.stops / words.words.max(1.0)),
            );
            let other_element = other_line.and_then(|line| self.page.elements.get(line.element));
            put(
                Name("neighbour: heading", number),
                match (other_own, other_element) {
                    (Some(own), Some(_)) => f32::from(own.heading),
                    _ => -1.0,
                },
            );
            let same = match (element, other_element) {
                (Some(one), Some(other)) => one.path == other.path,
                _ => false,
            };
            put(
                Name("neighbour: same path", number),
                f32::from(u8::from(same)),
            );
        }

        // The parts around it.
        for (level, part) in self.parts(line).into_iter().enumerate() {
            let sum = self.held(part);
            put(Name("part: lines", level), sum.lines);
            put(Name("part: words", level), sum.words);
            put(
                Name("part: share of page", level),
                share(sum.words, all.words),
            );
            put(
                Name("part: link share", level),
                share(sum.linked, sum.words),
            );
            put(
                Name("part: prose share", level),
                share(sum.prose, sum.words),
            );
            put(Name("part: stop share", level), share(sum.stops, sum.words));
            put(
                Name("part: words an end", level),
                share(sum.words, sum.ends + 1.0),
            );
            put(
                Name("part: share of prose", level),
                share(sum.prose, all.prose),
            );
            put(
                Name("part: score", level),
                share(
                    self.scores.get(part).copied().unwrap_or(0.0),
                    self.scores.get(self.top).copied().unwrap_or(0.0),
                ),
            );
        }
        let top = self.page.elements.get(self.top);
        put(
            plain("in top"),
            f32::from(u8::from(
                top.is_some_and(|top| top.first <= index && index < top.end),
            )),
        );
        let top_sum = self.held(self.top);
        put(plain("top: share of page"), share(top_sum.words, all.words));
        put(plain("top: words"), top_sum.words);
        put(
            plain("top: link share"),
            share(top_sum.linked, top_sum.words),
        );
        put(
            plain("to top"),
            top.map_or(0.0, |top| {
                if index < top.first {
                    index as f32 - top.first as f32
                } else if index >= top.end {
                    (index - top.end + 1) as f32
                } else {
                    0.0
                }
            }),
        );

        // What is like it.
        let (mut most, mut level) = (Group::default(), 0);
        let mut at = line.element;
        for step in 0..6 {
            let Some(element) = self.page.elements.get(at) else {
                break;
            };
            let number = self.sibling.get(at).copied().unwrap_or(NONE);
            if let Some(group) = self.siblings.get(number as usize)
                && group.members > most.members
            {
                (most, level) = (*group, step);
            }
            let above = if step == 0 {
                element.parent
            } else {
                self.wider.get(at).copied().unwrap_or(0)
            };
            if above == at {
                break;
            }
            at = above;
        }
        put(plain("like: members"), most.members);
        put(plain("like: level"), level as f32);
        put(
            plain("like: words each"),
            share(most.sum.words, most.members),
        );
        put(
            plain("like: lines each"),
            share(most.sum.lines, most.members),
        );
        put(
            plain("like: link share"),
            share(most.sum.linked, most.sum.words),
        );
        put(
            plain("like: prose share"),
            share(most.sum.prose, most.sum.words),
        );
        put(
            plain("like: share of page"),
            share(most.sum.words, all.words),
        );
        let path = self.path.get(index).copied().unwrap_or(NONE);
        let path = self.paths.get(path as usize).copied().unwrap_or_default();
        put(plain("path: lines"), path.members);
        put(
            plain("path: words each"),
            share(path.sum.words, path.members),
        );
        put(
            plain("path: link share"),
            share(path.sum.linked, path.sum.words),
        );
        put(
            plain("path: stop share"),
            share(path.sum.stops, path.sum.words),
        );
        put(
            plain("path: share of page"),
            share(path.sum.words, all.words),
        );

        // The page.
        put(plain("page: words"), all.words);
        put(plain("page: lines"), lines);
        put(plain("page: link share"), share(all.linked, all.words));
        put(plain("page: prose share"), share(all.prose, all.words));
        put(plain("page: stop share"), share(all.stops, all.words));
        for (kind, said) in self.declared.kinds.iter().enumerate() {
            put(Name("page: kind", kind), f32::from(u8::from(*said)));
        }
        for (mark, there) in &self.marks {
            put(Name("page: mark", *mark), *there);
        }
        put(
            plain("page: address depth"),
            f32::from(self.declared.address_depth),
        );
    }
}

/// A number's name: what, and of which of several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name(pub(super) &'static str, pub(super) usize);

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0, marks::ALL.get(self.1)) {
            ("mark" | "page: mark", Some((_, mark))) => write!(f, "{} {mark}", self.0),
            _ => write!(f, "{} {}", self.0, self.1),
        }
    }
}

/// The level of the heading that an element is or is in, 0 for all else.
fn heading_level(page: &Page, mut element: usize) -> u8 {
    for _ in 0..4 {
        let Some(here) = page.elements.get(element) else {
            break;
        };
        if here.heading > 0 {
            return here.heading;
        }
        element = here.parent;
    }
    0
}

/// Puts one more member into a group, the next one where there is none of that number.
fn join(groups: &mut Vec<Group>, number: u32, sum: Sum) {
    if groups.len() <= number as usize {
        groups.push(Group::default());
    }
    if let Some(group) = groups.get_mut(number as usize) {
        group.members += 1.0;
        group.sum = group.sum.plus(sum);
    }
}
