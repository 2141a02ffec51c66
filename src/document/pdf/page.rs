//! The pages of a file: their lines, and their links on the words they cover.
//!
//! **In:** a PDF. **Out:** a [`Page`] for each page. **Not here:** what goes on from one
//! page to the next.

use super::annotations::{Annotation, Links};
use super::geometry::Rect;
use super::glyphs::{self, Glyph, Owner};
use super::jumps::{Jump, Sheets};
use super::lines::{self, Line};
use super::tags::{Tag, Tags};
use crate::limits::Budget;
use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjectIdentifier};
use std::collections::BTreeMap;

/// How often a line is held against an annotation, in a whole file. A page of a thousand links
/// and a hundred lines takes a ten-thousandth of it.
const MAX_LOOKS: u64 = 1 << 30;
/// Glyphs below annotations, each counted as often as it lies below one, in a whole file.
const MAX_WORDS: usize = 16 << 20;
/// Nodes of the page tree that are visited.
const MAX_NODES: usize = 200_000;
/// Nodes of it within each other; programs balance their trees, 10,000 pages are four deep.
const MAX_DEPTH: usize = 64;

/// A page as it is shown.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) lines: Vec<Line>,
    pub(super) links: Vec<PageLink>,
    pub(super) jumps: Vec<Jump>,
    /// Its height in points.
    pub(super) height: f64,
}

/// A link of a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PageLink {
    pub(super) url: String,
    /// The glyphs of each of its pieces by their place in reading order: line, and place in the line.
    pub(super) pieces: Vec<Vec<(usize, usize)>>,
    /// The boxes of its last piece.
    boxes: Vec<Rect>,
}

impl PageLink {
    /// Whether it lies on no words at all.
    fn is_bare(&self) -> bool {
        self.pieces.iter().all(Vec::is_empty)
    }

    fn last_words(&self) -> &[(usize, usize)] {
        self.pieces.last().map_or(&[], Vec::as_slice)
    }
}

impl Page {
    /// The words below a link's boxes, one box after another.
    pub(super) fn anchor(&self, link: &PageLink) -> String {
        let mut text = String::new();
        for piece in &link.pieces {
            let mut before = None;
            for (line, place) in piece {
                let placed = self.lines[*line].glyphs[*place];
                if !text.is_empty() && (placed.spaced || before != Some(*line)) {
                    text.push(' ');
                }
                text.push_str(&self.glyphs[placed.glyph].text);
                before = Some(*line);
            }
        }
        text
    }
}

/// Reads the pages one after another and hands each to `take`; stops when that says so.
pub(super) fn pages(pdf: &Pdf, budget: &mut Budget, mut take: impl FnMut(Page) -> bool) {
    let links = Links::of(pdf.xref());
    let tags = Tags::of(pdf.xref());
    let cache = InterpreterCache::new();
    let mut room = Room {
        looks: MAX_LOOKS,
        words: MAX_WORDS,
    };
    // Links within the document are read with what they have of their own: however many they
    // are, those that lead out of it are not lost.
    let mut room_within = Room {
        looks: MAX_LOOKS,
        words: MAX_WORDS,
    };
    let all = pdf.pages();
    let order = order(pdf);
    let sheets = Sheets::of(pdf, &order);
    for index in order {
        let Some(page) = all.get(index) else { continue };
        let glyphs = glyphs::of_page(page, &cache, budget);
        let glyphs = match tags.of_page(page.raw().obj_id()) {
            Some(tags) => tagged(glyphs, tags),
            None => glyphs,
        };
        let lines = lines::lines(&glyphs);
        let (out, within) = links.of_page(page);
        let links = cover(&out, &glyphs, &lines, &mut room);
        let jumps = sheets.jumps(&within, &glyphs, &lines, &mut room_within);
        let (_, height) = page.render_dimensions();
        let page = Page {
            glyphs,
            lines,
            links,
            jumps,
            height: f64::from(height),
        };
        if !take(page) {
            break;
        }
    }
}

/// The share of a page's glyphs that have to be some block's or nobody's before its tags count:
/// a program that tags only pictures has not told what the text is.
const TAGGED: f64 = 0.9;

/// Gives glyphs to their blocks and leaves out what is nobody's, where the tags tell.
fn tagged(mut glyphs: Vec<Glyph>, tags: &BTreeMap<i32, Tag>) -> Vec<Glyph> {
    let mut told = 0;
    let mut all = 0;
    for glyph in &mut glyphs {
        if let Owner::Content(content) = glyph.owner {
            glyph.owner = tags
                .get(&content)
                .map_or(Owner::Unmarked, |tag| Owner::Block(*tag));
        }
        if !glyph.is_space() {
            all += 1;
            told += usize::from(glyph.owner != Owner::Unmarked);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of glyphs on a page")]
    let share = told as f64 / all as f64;
    if share >= TAGGED {
        glyphs.retain(|glyph| glyph.owner != Owner::Artifact);
    } else {
        for glyph in &mut glyphs {
            glyph.owner = Owner::Unmarked;
        }
    }
    glyphs
}

/// The indices of the pages in the order of the page tree. The reader leaves out a page that
/// stands in the tree twice, and every number after it would be too low.
fn order(pdf: &Pdf) -> Vec<usize> {
    let count = pdf.pages().len();
    let known: BTreeMap<ObjectIdentifier, usize> = pdf
        .pages()
        .iter()
        .enumerate()
        .filter_map(|(index, page)| Some((page.raw().obj_id()?, index)))
        .collect();
    let in_tree = tree(pdf, &known);
    // Only where the tree tells of every page that is there.
    let distinct: std::collections::BTreeSet<usize> = in_tree.iter().copied().collect();
    if distinct.len() == count && in_tree.len() > count {
        in_tree
    } else {
        (0..count).collect()
    }
}

fn tree(pdf: &Pdf, known: &BTreeMap<ObjectIdentifier, usize>) -> Vec<usize> {
    let xref = pdf.xref();
    let root = xref
        .get::<Dict<'_>>(xref.root_id())
        .and_then(|catalog| catalog.get::<Dict<'_>>("Pages"));
    let mut found = Vec::new();
    let mut waiting: Vec<(Dict<'_>, Vec<ObjectIdentifier>)> = root
        .into_iter()
        .map(|root| {
            let above = root.obj_id().into_iter().collect();
            (root, above)
        })
        .collect();
    let mut visited = 0;
    while let Some((node, above)) = waiting.pop() {
        visited += 1;
        if visited > MAX_NODES {
            return Vec::new();
        }
        let is_tree = node
            .get::<Name<'_>>("Type")
            .is_some_and(|name| name.as_ref() == b"Pages");
        if !is_tree {
            found.extend(node.obj_id().and_then(|id| known.get(&id)));
            continue;
        }
        let Some(kids) = node.get::<Array<'_>>("Kids") else {
            continue;
        };
        let mut children = Vec::new();
        for kid in kids.raw_iter() {
            match kid {
                MaybeRef::Ref(reference) => {
                    let id = ObjectIdentifier::from(reference);
                    // A tree within itself has no end.
                    if above.contains(&id) || above.len() > MAX_DEPTH {
                        continue;
                    }
                    if let Some(child) = xref.get::<Dict<'_>>(id) {
                        let mut path = above.clone();
                        path.push(id);
                        children.push((child, path));
                    }
                }
                MaybeRef::NotRef(object) => {
                    if let Some(child) = object.into_dict() {
                        children.push((child, above.clone()));
                    }
                }
            }
        }
        waiting.extend(children.into_iter().rev());
    }
    found
}

/// Lays annotations over the lines: a link has the glyphs whose middle lies in one of its
/// boxes. Annotations with one address that overlap, or of which one goes on where the other
/// ended or on the line below it, are pieces of one link.
fn cover(
    annotations: &[Annotation],
    glyphs: &[Glyph],
    lines: &[Line],
    room: &mut Room,
) -> Vec<PageLink> {
    let mut links: Vec<PageLink> = Vec::new();
    // The latest link of each address: pieces of one link are neighbours in the file.
    let mut latest: BTreeMap<&str, usize> = BTreeMap::new();
    for annotation in annotations {
        let mut words = room.covered(&annotation.boxes, glyphs, lines);
        if words.is_empty() {
            // A little too small, or a little beside.
            let grown: Vec<Rect> = annotation.boxes.iter().map(|one| one.grown(2.0)).collect();
            words = room.covered(&grown, glyphs, lines);
        }
        let known = latest
            .get(annotation.url.as_str())
            .and_then(|index| links.get_mut(*index));
        // Words are broken over lines, pictures are not: what has no words stays by itself.
        if let Some(link) = known.filter(|link| !words.is_empty() && !link.is_bare())
            && (goes_on(link.last_words(), &words, lines) || near(&link.boxes, &annotation.boxes))
        {
            link.pieces.push(words);
            link.boxes.clone_from(&annotation.boxes);
            continue;
        }
        latest.insert(&annotation.url, links.len());
        links.push(PageLink {
            url: annotation.url.clone(),
            pieces: vec![words],
            boxes: annotation.boxes.clone(),
        });
    }
    links
}

/// Whether the last box of the one and the first box of the other overlap, or lie on
/// neighbouring lines one below the other.
fn near(before: &[Rect], next: &[Rect]) -> bool {
    let (Some(before), Some(next)) = (before.last(), next.first()) else {
        return false;
    };
    let beside = before.left < next.right && next.left < before.right;
    let height = before.height().min(next.height());
    let gap = (next.top - before.bottom).max(before.top - next.bottom);
    beside && gap < 0.6 * height
}

/// What the links of a file may still cost.
pub(super) struct Room {
    looks: u64,
    words: usize,
}

impl Room {
    /// The glyphs in some boxes, while there is room.
    pub(super) fn covered(
        &mut self,
        boxes: &[Rect],
        glyphs: &[Glyph],
        lines: &[Line],
    ) -> Vec<(usize, usize)> {
        let cost = (lines.len() * boxes.len()) as u64;
        if self.words == 0 || self.looks < cost {
            return Vec::new();
        }
        self.looks -= cost;
        let words = covered(boxes, glyphs, lines);
        match self.words.checked_sub(words.len()) {
            Some(left) => {
                self.words = left;
                words
            }
            None => {
                self.words = 0;
                Vec::new()
            }
        }
    }
}

fn covered(boxes: &[Rect], glyphs: &[Glyph], lines: &[Line]) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let near = boxes.iter().any(|one| {
            one.top <= line.bounds.bottom
                && one.bottom >= line.bounds.top
                && one.left <= line.bounds.right
                && one.right >= line.bounds.left
        });
        if !near {
            continue;
        }
        for (place, placed) in line.glyphs.iter().enumerate() {
            let middle = glyphs[placed.glyph].bounds.centre();
            if boxes.iter().any(|one| one.holds(middle)) {
                words.push((at, place));
            }
        }
    }
    words
}

/// Whether the second run of words begins right where the first ends.
fn goes_on(first: &[(usize, usize)], second: &[(usize, usize)], lines: &[Line]) -> bool {
    let (Some((line, place)), Some(next)) = (first.last(), second.first()) else {
        return false;
    };
    let end_of_line = lines
        .get(*line)
        .is_some_and(|line| place + 1 == line.glyphs.len());
    *next == (*line, place + 1) || (end_of_line && *next == (line + 1, 0))
}
