//! Notes told from running text: at the foot of their page, or together at the end.
//!
//! **In:** the lines of all pages, with their raised numbers and signs. **Out:** which lines
//! are notes and what each is called, and which note a mark on a page means. **Not here:**
//! numbered reference lists, whose marks stand in brackets (`document::notes`).

mod elsewhere;

use super::flow::{FlowLine, FlowPage};
use super::marks::{At, Marks};
use super::shapes::{Form, heads_references, label, labels_of};
use super::tags::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// A note at the foot stands in this lower part of its page.
const FOOT: f64 = 0.35;
/// A note is smaller than running text by this much, or its label is raised.
const SMALL: f64 = 0.95;
/// Two lines of one note are at most so far apart, in ems.
const LEADING: f64 = 1.75;

/// A line that belongs to a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteLine {
    /// What the note is called in the document.
    pub(super) name: String,
    /// Bytes of its label, where the note begins in this line.
    pub(super) label: Option<usize>,
}

/// The notes of a document.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// By page and line.
    lines: BTreeMap<(usize, usize), NoteLine>,
    /// Names by page and label.
    names: BTreeMap<(usize, String), String>,
    /// Names of those at the end, by label.
    end: BTreeMap<String, String>,
    /// The names of those that stand in a list of references.
    references: BTreeSet<String>,
    /// The marks that are links.
    marks: Marks,
}

impl Notes {
    pub(super) fn of(pages: &[FlowPage], apart: &[Vec<bool>], body: f64) -> Self {
        let mut notes = Self {
            marks: Marks::of(pages, apart),
            ..Self::default()
        };
        // "1", and "1-2" for the second note of the document with that label.
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for (number, page) in pages.iter().enumerate() {
            let apart = apart.get(number).map_or(&[][..], Vec::as_slice);
            notes.at_foot(number, page, apart, body, &mut used);
        }
        notes.at_end(pages, apart, &mut used);
        notes.elsewhere(pages, apart, &mut used);
        notes
    }

    /// The note that a line belongs to.
    pub(super) fn line(&self, page: usize, line: usize) -> Option<&NoteLine> {
        self.lines.get(&(page, line))
    }

    /// Whether this note is an entry of a list of references.
    pub(super) fn is_reference(&self, name: &str) -> bool {
        self.references.contains(name)
    }

    /// What the note is called that a mark on a line means: the one that it leads to, if it is
    /// a link.
    pub(super) fn name(&self, at: At, label: &str) -> Option<&String> {
        let linked = self.marks.target(at, label);
        if let Some(note) = linked.and_then(|target| self.lines.get(&target)) {
            return Some(&note.name);
        }
        self.names
            .get(&(at.0, label.to_owned()))
            .or_else(|| self.end.get(label))
    }

    /// Notes at the foot begin with a label that was raised above them.
    fn at_foot(
        &mut self,
        number: usize,
        page: &FlowPage,
        apart: &[bool],
        body: f64,
        used: &mut BTreeMap<String, usize>,
    ) {
        let mut met: BTreeSet<String> = BTreeSet::new();
        let mut open: Option<(usize, String)> = None;
        for (index, line) in page.lines.iter().enumerate() {
            if apart.get(index) == Some(&true) {
                continue;
            }
            let tagged = line.tag.is_some_and(|tag| tag.kind == Kind::Note);
            let label = label(&line.text).filter(|label| label.form != Form::Bullet);
            let small = line.size < SMALL * body || line.leads();
            let begins = label.filter(|label| {
                let low = line.bounds.top > page.height * FOOT && small;
                met.contains(&label.name)
                    && (low || tagged)
                    && self.marks.allow_on(number, &label.name, (number, index))
            });
            if let Some(label) = begins {
                let name = named(&label.name, used);
                met.remove(&label.name);
                self.names.insert((number, label.name), name.clone());
                self.lines.insert(
                    (number, index),
                    NoteLine {
                        name: name.clone(),
                        label: Some(label.length),
                    },
                );
                open = Some((index, name));
                continue;
            }
            let goes_on = open.as_ref().filter(|(before, _)| {
                page.lines
                    .get(*before)
                    .is_some_and(|before| follows(before, line))
            });
            if let Some((_, name)) = goes_on {
                let name = name.clone();
                self.lines.insert(
                    (number, index),
                    NoteLine {
                        name: name.clone(),
                        label: None,
                    },
                );
                open = Some((index, name));
                continue;
            }
            open = None;
            met.extend(line.marks().flat_map(|mark| labels_of(mark.of(&line.text))));
        }
    }

    /// Notes at the end are a numbered list after the last mark, which names what was marked.
    fn at_end(
        &mut self,
        pages: &[FlowPage],
        apart: &[Vec<bool>],
        used: &mut BTreeMap<String, usize>,
    ) {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let mut last = (0, 0);
        for (at, line) in running(pages, apart) {
            if self.lines.contains_key(&at) {
                continue;
            }
            for label in line.marks().flat_map(|mark| labels_of(mark.of(&line.text))) {
                let number = label.bytes().all(|b| b.is_ascii_digit());
                if number && !self.names.contains_key(&(at.0, label.clone())) {
                    wanted.insert(label);
                    last = at;
                }
            }
        }
        if wanted.is_empty() {
            return;
        }
        // The list: 1, 2, 3 … each at the beginning of a line.
        let mut starts: Vec<((usize, usize), usize)> = Vec::new();
        let after: Vec<_> = running(pages, apart)
            .filter(|(at, _)| *at > last && !self.lines.contains_key(at))
            .collect();
        for (at, line) in after.iter().copied() {
            let Some(label) = label(&line.text).filter(|label| label.form != Form::Bullet) else {
                continue;
            };
            if label.form == Form::Bare && !line.leads() {
                continue;
            }
            if label.name == (starts.len() + 1).to_string() && self.marks.allow(&label.name, at) {
                starts.push((at, label.length));
            }
        }
        let known = (1..=starts.len()).filter(|number| wanted.contains(&number.to_string()));
        let known = known.count();
        // A mark or two may have been a power or a typing error; but authors' marks on a first
        // page are no marks of a long list at the end.
        if known * 3 < wanted.len() * 2 || known * 2 < starts.len() {
            return;
        }
        let first = starts.first().map_or((0, 0), |(at, _)| *at);
        let references = after
            .iter()
            .take_while(|(at, _)| *at < first)
            .last()
            .is_some_and(|(_, line)| heads_references(&line.text));
        let begin: BTreeMap<(usize, usize), (usize, usize)> = starts
            .iter()
            .enumerate()
            .map(|(index, (at, length))| (*at, (index + 1, *length)))
            .collect();
        let mut open: Option<(String, &FlowLine, usize)> = None;
        let count = begin.len();
        let mut met = 0;
        for (at, line) in after {
            if let Some((number, length)) = begin.get(&at) {
                let name = named(&number.to_string(), used);
                self.end.insert(number.to_string(), name.clone());
                if references {
                    self.references.insert(name.clone());
                }
                self.lines.insert(
                    at,
                    NoteLine {
                        name: name.clone(),
                        label: Some(*length),
                    },
                );
                met += 1;
                open = Some((name, line, at.0));
                continue;
            }
            let Some((name, before, page)) = &open else {
                continue;
            };
            // Between two notes all is theirs; after the last one only what stands close.
            let close = follows(before, line) || *page != at.0;
            if met == count && !(follows(before, line) && *page == at.0) || !close {
                open = None;
                continue;
            }
            self.lines.insert(
                at,
                NoteLine {
                    name: name.clone(),
                    label: None,
                },
            );
            open = Some((name.clone(), line, at.0));
        }
    }
}

/// The lines of all pages but those set apart, by page and line.
fn running<'a>(
    pages: &'a [FlowPage],
    apart: &'a [Vec<bool>],
) -> impl Iterator<Item = ((usize, usize), &'a FlowLine)> + Clone {
    pages.iter().enumerate().flat_map(move |(number, page)| {
        let apart = apart.get(number);
        page.lines
            .iter()
            .enumerate()
            .filter(move |(index, _)| apart.and_then(|apart| apart.get(*index)) != Some(&true))
            .map(move |(index, line)| ((number, index), line))
    })
}

fn named(label: &str, used: &mut BTreeMap<String, usize>) -> String {
    let times = used.entry(label.to_owned()).or_insert(0);
    *times += 1;
    match *times {
        1 => label.to_owned(),
        again => format!("{label}-{again}"),
    }
}

/// Whether a line stands below another one of its kind, as the next of the same block.
fn follows(before: &FlowLine, line: &FlowLine) -> bool {
    if let (Some(before), Some(tag)) = (before.tag, line.tag) {
        return before.block == tag.block;
    }
    let size = before.size.max(line.size);
    let step = line.baseline - before.baseline;
    (before.size - line.size).abs() < 0.1 * size && (-0.3 * size..LEADING * size).contains(&step)
}
