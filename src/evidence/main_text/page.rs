//! A page as a list of lines and a list of elements.
//!
//! **In:** a parsed tree. **Out:** every visible word in reading order, one block a line;
//! the elements around them, each with the lines that it holds. **Not here:** which
//! lines matter (`features`, `choose`); what the page says of itself (`facts`).

use super::marks::{self, MARKS, Mark};
use crate::document::ByteSpan;
use crate::evidence::quick_hash::{self, QuickMap};
use crate::evidence::space;
use crate::evidence::tree::{self, Element as Tag, Step, Traits, Tree};
use html5ever::local_name;

/// Elements beyond this are not told apart any more: their lines belong to the last one.
const MAX_ELEMENTS: usize = 300_000;
/// How near a mark can be: on the element itself. Each step away takes one, down to one.
pub(super) const HERE: u8 = 32;

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) text: String,
    /// Its lines, in order.
    pub(super) lines: Vec<Line>,
    /// Its elements, parents before their children.
    pub(super) elements: Vec<Element>,
    /// The marks of `html` and `body`, which tell of the page and not of a part.
    pub(super) body: u64,
}

/// One block of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) span: ByteSpan,
    /// Bytes of it that are links.
    pub(super) linked: usize,
    /// Bytes of it that are bold.
    pub(super) strong: usize,
    /// The smallest element that holds all of it.
    pub(super) element: usize,
}

/// One element of a page.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// Its parent; itself for the first.
    pub(super) parent: usize,
    pub(super) depth: usize,
    /// Hash of its name and classes.
    pub(super) kind: u64,
    /// Hash of the kinds from the root down to it.
    pub(super) path: u64,
    /// Level of a heading, 0 for all else.
    pub(super) heading: u8,
    /// The lines that it holds or shares.
    pub(super) first: usize,
    pub(super) end: usize,
    /// How near each mark is, upwards: [`HERE`] on itself, 0 nowhere.
    pub(super) near: [u8; MARKS],
}

/// Text that grows line by line, white space folded.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    lines: Vec<Line>,
    start: usize,
    linked: usize,
    strong: usize,
    element: Option<usize>,
    space: bool,
}

impl Lines {
    pub(super) fn push(&mut self, piece: &str) -> usize {
        let before = self.text.len();
        let mut rest = piece;
        while !rest.is_empty() {
            let words = space::without_blanks(rest);
            self.space |= words.len() < rest.len();
            rest = self.push_words(words);
            let mut chars = rest.chars();
            if let Some(c) = chars.next() {
                self.push_char(c, chars.clone().next());
            }
            rest = chars.as_str();
        }
        self.text.len() - before
    }

    /// Takes plain words with single spaces between them, which nearly all text is; what is left.
    fn push_words<'t>(&mut self, piece: &'t str) -> &'t str {
        let end = space::plain_words(piece);
        let (words, rest) = piece.split_at_checked(end).unwrap_or(("", piece));
        if !words.is_empty() {
            if self.space && self.text.len() > self.start {
                self.text.push(' ');
            }
            self.space = false;
            self.text.push_str(words);
        }
        rest
    }

    fn push_char(&mut self, c: char, next: Option<char>) {
        let between_digits = matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
            && self.text.ends_with(|c: char| c.is_ascii_digit())
            && next.is_some_and(|next| next.is_ascii_digit());
        if between_digits {
            // "100 000": the space that makes it one number stays.
            self.text.push(c);
        } else if c.is_whitespace() {
            self.space = true;
        } else if !c.is_control() {
            if self.space && self.text.len() > self.start {
                self.text.push(' ');
            }
            self.space = false;
            self.text.push(c);
        }
    }

    const fn space(&mut self) {
        self.space = true;
    }

    const fn has_words(&self) -> bool {
        self.text.len() > self.start
    }

    pub(super) fn end_line(&mut self) {
        self.space = false;
        if self.has_words() {
            self.lines.push(Line {
                span: ByteSpan::new(self.start, self.text.len()),
                linked: self.linked,
                strong: self.strong,
                element: self.element.unwrap_or(0),
            });
            self.text.push('\n');
            self.start = self.text.len();
        }
        self.linked = 0;
        self.strong = 0;
        self.element = None;
    }

    pub(super) fn finish(mut self) -> (String, Vec<Line>) {
        self.end_line();
        self.text.truncate(self.start.saturating_sub(1));
        (self.text, self.lines)
    }
}

/// Reads a tree. `with_hidden` takes what the page hides at first, too.
pub(super) fn read(tree: &Tree, with_hidden: bool) -> Page {
    let mut walk = Walk::default();
    let mut steps = tree.walk();
    while let Some(step) = steps.next() {
        match step {
            Step::Open(element) => {
                if element.traits().has(Traits::SILENT) || (!with_hidden && is_hidden(element)) {
                    // What is silent is not opened, so nothing of it closes.
                    steps.pass_over();
                    steps.next();
                } else {
                    walk.open(element);
                }
            }
            Step::Close(element) => walk.close(element),
            Step::Text(text) => walk.show(text),
        }
    }
    let (text, lines) = walk.lines.finish();
    Page {
        text,
        lines,
        elements: walk.elements,
        body: walk.body,
    }
}

/// The state of a walk through the tree.
#[derive(Default)]
struct Walk<'a> {
    lines: Lines,
    elements: Vec<Element>,
    /// The open elements; indices of `elements`.
    open: Vec<usize>,
    body: u64,
    links: usize,
    strong: usize,
    preformatted: usize,
    /// The marks and the hash of a class that was seen before.
    classes: QuickMap<&'a str, (u64, u64)>,
}

impl<'a> Walk<'a> {
    fn open(&mut self, element: &'a Tag) {
        let name = element.name();
        let traits = element.traits();
        self.links += usize::from(traits.has(Traits::LINK));
        self.strong += usize::from(traits.has(Traits::STRONG));
        self.preformatted += usize::from(traits.has(Traits::PREFORMATTED));
        border(traits, &mut self.lines);
        let parent = self.open.last().copied().unwrap_or(0);
        if self.elements.len() >= MAX_ELEMENTS {
            self.open.push(parent);
            return;
        }
        let (found, class) = self.marks(element);
        let mut own = found;
        if matches!(*element.local(), local_name!("html") | local_name!("body")) {
            self.body |= own;
            own = 0;
        }
        own |= marks::of_name(name);
        let kind = quick_hash::of_bytes(class, name.as_bytes());
        let above = self.elements.get(parent);
        let mut near = above.map_or([0; MARKS], |above| above.near);
        for value in &mut near {
            *value -= u8::from(*value > 1);
        }
        while own != 0 {
            if let Some(value) = near.get_mut(own.trailing_zeros() as usize) {
                *value = HERE;
            }
            own &= own - 1;
        }
        let (depth, path) = above.map_or((0, 0), |above| {
            (
                above.depth + 1,
                above
                    .path
                    .rotate_left(5)
                    .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                    ^ kind,
            )
        });
        self.open.push(self.elements.len());
        self.elements.push(Element {
            parent,
            depth,
            kind,
            path,
            heading: match *element.local() {
                local_name!("h1") => 1,
                local_name!("h2") => 2,
                local_name!("h3") => 3,
                local_name!("h4") => 4,
                local_name!("h5") | local_name!("h6") => 5,
                _ => 0,
            },
            first: self.lines.lines.len(),
            end: usize::MAX,
            near,
        });
    }

    /// The marks of an element's names, and a hash of its classes.
    fn marks(&mut self, element: &'a Tag) -> (u64, u64) {
        let (mut found, mut hash) = (0, 0);
        for (name, value) in element.attributes() {
            match *name {
                local_name!("class") => {
                    let known = self.classes.entry(value).or_insert_with(|| {
                        (marks::of_words(value), quick_hash::without_digits(value))
                    });
                    found |= known.0;
                    hash = known.1;
                }
                local_name!("id")
                | local_name!("role")
                | local_name!("itemprop")
                | local_name!("itemtype") => found |= marks::of_words(value),
                local_name!("aria-hidden") if value == "true" => found |= Mark::Hidden.bit(),
                _ => {}
            }
        }
        (found, hash)
    }

    fn show(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            match (number, self.preformatted > 0) {
                (0, _) => {}
                (_, true) => self.lines.end_line(),
                (_, false) => self.lines.space(),
            }
            let added = self.lines.push(line);
            if added == 0 {
                continue;
            }
            if self.links > 0 {
                self.lines.linked += added;
            }
            if self.strong > 0 {
                self.lines.strong += added;
            }
            let here = self.open.last().copied().unwrap_or(0);
            self.lines.element = Some(match self.lines.element {
                None => here,
                Some(other) => self.common(other, here),
            });
        }
    }

    /// The smallest element that holds both.
    fn common(&self, mut one: usize, mut other: usize) -> usize {
        // Parents come before their children, so the later one climbs.
        while one != other {
            let later = one.max(other);
            let parent = self.elements.get(later).map_or(0, |element| element.parent);
            if one == later {
                one = parent;
            } else {
                other = parent;
            }
        }
        one
    }

    fn close(&mut self, element: &Tag) {
        let traits = element.traits();
        let less = |count: &mut usize, by: bool| *count = count.saturating_sub(usize::from(by));
        less(&mut self.links, traits.has(Traits::LINK));
        less(&mut self.strong, traits.has(Traits::STRONG));
        less(&mut self.preformatted, traits.has(Traits::PREFORMATTED));
        if *element.local() != local_name!("br") {
            border(traits, &mut self.lines);
        }
        let end = self.lines.lines.len() + usize::from(self.lines.has_words());
        if let Some(index) = self.open.pop()
            && let Some(element) = self.elements.get_mut(index)
        {
            element.end = end;
        }
    }
}

fn is_hidden(element: &Tag) -> bool {
    element.attributes().any(|(name, value)| match *name {
        local_name!("hidden") => value != "until-found",
        local_name!("style") => {
            tree::hides(value.chars().filter(|c| !c.is_whitespace()).take(2_000))
        }
        _ => false,
    })
}

/// What an element's border does to the line.
fn border(traits: Traits, lines: &mut Lines) {
    if traits.has(Traits::SPACED) {
        lines.space();
    } else if !traits.has(Traits::INLINE) {
        lines.end_line();
    }
}
