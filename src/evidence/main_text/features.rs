//! What is measured of each line, for the fitted trees.
//!
//! **In:** a [`Page`], what the page says of itself. **Out:** a row of numbers for each line, in
//! an order that the trees of `fitted` know. **Not here:** the trees (`forest`); the choice (`choose`).

use super::facts::Declared;
use super::marks;
use super::page::{Line, Page};
use super::words::{self, Words};
use std::collections::HashMap;

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
    fn of(line: &Line, words: &Words) -> Self {
        let share = link_share(line);
        Self {
            lines: 1.0,
            words: words.words,
            linked: words.words * share,
            stops: words.stops,
            ends: words.ends,
            prose: if is_prose(line, words) {
                words.words
            } else {
                0.0
            },
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

fn link_share(line: &Line) -> f32 {
    line.linked as f32 / line.span.len().max(1) as f32
}

fn is_prose(line: &Line, words: &Words) -> bool {
    words.words >= PROSE && link_share(line) < 0.4
}

fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A group of like elements or lines.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    members: f32,
    sum: Sum,
}

/// All that is measured of a page.
pub(super) struct Measured<'a> {
    page: &'a Page,
    declared: &'a Declared,
    words: Vec<Words>,
    /// Sums of all lines before each.
    before: Vec<Sum>,
    /// For each element, the nearest one above it that holds more lines.
    wider: Vec<usize>,
    /// Elements of one kind under one parent.
    siblings: HashMap<(usize, u64), Group>,
    /// Lines on the same path.
    paths: HashMap<u64, Group>,
    /// Times that each line's text occurs.
    repeats: HashMap<&'a str, f32>,
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
}

impl<'a> Measured<'a> {
    pub(super) fn new(page: &'a Page, declared: &'a Declared) -> Self {
        let words: Vec<Words> = page
            .lines
            .iter()
            .map(|line| words::count(line.span.of(&page.text)))
            .collect();
        let mut before = vec![Sum::default()];
        for (line, words) in page.lines.iter().zip(&words) {
            let last = before.last().copied().unwrap_or_default();
            before.push(last.plus(Sum::of(line, words)));
        }
        let mut wider: Vec<usize> = Vec::with_capacity(page.elements.len());
        for element in &page.elements {
            let above = page.elements.get(element.parent);
            let same =
                above.is_some_and(|above| above.first == element.first && above.end == element.end);
            let next = wider.get(element.parent).copied().unwrap_or(element.parent);
            wider.push(if same { next } else { element.parent });
        }
        let mut measured = Self {
            page,
            declared,
            words,
            before,
            wider,
            siblings: HashMap::new(),
            paths: HashMap::new(),
            repeats: HashMap::new(),
            scores: vec![0.0; page.elements.len()],
            top: 0,
            heading: None,
            overlap: Vec::new(),
            under: Vec::new(),
            prose: Vec::new(),
        };
        measured.group();
        measured.score();
        measured.headings();
        measured.neighbours();
        measured
    }

    /// Sums over the lines of an element.
    fn held(&self, element: usize) -> Sum {
        let Some(element) = self.page.elements.get(element) else {
            return Sum::default();
        };
        self.between(element.first, element.end)
    }

    fn between(&self, first: usize, end: usize) -> Sum {
        let all = self.page.lines.len();
        let (first, end) = (first.min(all), end.min(all));
        match (self.before.get(first), self.before.get(end)) {
            (Some(first), Some(end)) => end.minus(*first),
            _ => Sum::default(),
        }
    }

    fn group(&mut self) {
        for (index, element) in self.page.elements.iter().enumerate() {
            if element.first >= element.end {
                continue;
            }
            let sum = self.held(index);
            let group = self
                .siblings
                .entry((element.parent, element.kind))
                .or_default();
            group.members += 1.0;
            group.sum = group.sum.plus(sum);
        }
        for (line, words) in self.page.lines.iter().zip(&self.words) {
            let Some(element) = self.page.elements.get(line.element) else {
                continue;
            };
            let group = self.paths.entry(element.path).or_default();
            group.members += 1.0;
            group.sum = group.sum.plus(Sum::of(line, words));
            *self
                .repeats
                .entry(line.span.of(&self.page.text))
                .or_default() += 1.0;
        }
    }

    /// Readability's way to the element that holds the article.
    fn score(&mut self) {
        for (line, words) in self.page.lines.iter().zip(&self.words) {
            if words.chars < 25.0 || link_share(line) > 0.5 {
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
        let title: Vec<String> = spoken(self.declared.title.as_deref().unwrap_or(""));
        let mut best = 0.25;
        let mut under = [None, None];
        for (index, line) in self.page.lines.iter().enumerate() {
            let words = spoken(line.span.of(&self.page.text));
            let known = words.iter().filter(|word| title.contains(word)).count() as f32;
            let overlap = share(known, words.len().max(title.len()) as f32);
            self.overlap.push(overlap);
            let element = self.page.elements.get(line.element);
            let level = element.map_or(0, |element| self.heading_level(element));
            let counts = self.words.get(index).copied().unwrap_or_default();
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

    fn heading_level(&self, element: &super::page::Element) -> u8 {
        let mut element = element;
        for _ in 0..4 {
            if element.heading > 0 {
                return element.heading;
            }
            match self.page.elements.get(element.parent) {
                Some(above) => element = above,
                None => break,
            }
        }
        0
    }

    fn neighbours(&mut self) {
        let is_prose: Vec<bool> = self
            .page
            .lines
            .iter()
            .zip(&self.words)
            .map(|(line, words)| is_prose(line, words))
            .collect();
        let mut last = None;
        for (index, prose) in is_prose.iter().enumerate() {
            self.prose.push((last, None));
            if *prose {
                last = Some(index);
            }
        }
        let mut next = None;
        for (index, prose) in is_prose.iter().enumerate().rev() {
            if let Some(pair) = self.prose.get_mut(index) {
                pair.1 = next;
            }
            if *prose {
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
        self.words
            .get(index)
            .map_or(0.0, |words| f64::from(words.words))
    }

    /// Hands over each number of a line, with its name.
    #[allow(clippy::too_many_lines)] // A list, read from top to bottom.
    pub(super) fn row(&self, index: usize, put: &mut impl FnMut(Name, f32)) {
        let (Some(line), Some(words)) = (self.page.lines.get(index), self.words.get(index)) else {
            return;
        };
        let text = line.span.of(&self.page.text);
        let all = self.before.last().copied().unwrap_or_default();
        let count = words.words.max(1.0);
        let plain = |name: &'static str| Name(name, 0);

        // Itself.
        put(plain("words"), words.words);
        put(plain("chars a word"), words.chars / count);
        put(plain("link share"), link_share(line));
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
            self.repeats.get(text).copied().unwrap_or(1.0),
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
        put(
            plain("heading level"),
            element.map_or(0.0, |element| f32::from(self.heading_level(element))),
        );
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
            let other_words = other.and_then(|other| self.words.get(other));
            put(
                Name("neighbour: words", number),
                other_words.map_or(-1.0, |words| words.words),
            );
            put(
                Name("neighbour: link share", number),
                other_line.map_or(-1.0, link_share),
            );
            put(
                Name("neighbour: stop share", number),
                other_words.map_or(-1.0, |words| words.stops / words.words.max(1.0)),
            );
            let other_element = other_line.and_then(|line| self.page.elements.get(line.element));
            put(
                Name("neighbour: heading", number),
                other_element.map_or(-1.0, |element| f32::from(self.heading_level(element))),
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
            if let Some(group) = self.siblings.get(&(element.parent, element.kind))
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
        let path = element
            .and_then(|element| self.paths.get(&element.path))
            .copied()
            .unwrap_or_default();
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
        for (mark, _) in marks::ALL {
            if marks::OF_PAGES.contains(&mark) {
                put(
                    Name("page: mark", mark as usize),
                    f32::from((self.page.body >> mark as u8 & 1) as u8),
                );
            }
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

/// The words of a title or line, in lower case, the first 40.
fn spoken(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(40)
        .map(str::to_lowercase)
        .collect()
}
