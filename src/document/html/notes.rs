//! Notes of a page, and the marks that lead to them.
//!
//! **In:** the measured elements. **Out:** which elements are notes, under which label
//! (the fragment that leads there), and of which kind. **Not here:** numbered lists
//! whose marks are no links (`document::notes`).
//!
//! Known by role (DPUB-ARIA: doc-footnote, doc-endnote, doc-biblioentry), by
//! `epub:type`, by the names that Markdown processors, pandoc, WordPress and MediaWiki
//! give, and else by shape: a short target of a link within the page that leads back, or
//! a list item that leads elsewhere.

use super::tree::{Node, is_block};
use super::words::{self, Naming};
use crate::document::BlockKind;
use std::collections::BTreeMap;

/// Characters of a raised mark ("note 12").
const RAISED: usize = 10;
/// A note is shorter, in characters.
const LONGEST: usize = 3000;

/// The notes of a page.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Labels, and whether each is an entry of a reference list.
    labels: BTreeMap<String, bool>,
    /// Label of the note that begins at each element.
    at: BTreeMap<usize, String>,
    /// Label by every fragment that leads to it.
    fragments: BTreeMap<String, String>,
}

impl Notes {
    /// Finds the notes.
    pub(super) fn find(nodes: &[Node<'_>]) -> Self {
        // Whether anything that looks like a mark leads there.
        let mut targets: BTreeMap<&str, bool> = BTreeMap::new();
        for (index, node) in nodes.iter().enumerate() {
            if let Some(id) = fragment(node) {
                *targets.entry(id).or_default() |= looks_like_mark(nodes, index);
            }
        }
        let mut found = Self::default();
        if targets.is_empty() {
            return found;
        }
        let mut index = 0;
        while let Some(node) = nodes.get(index) {
            let id = node
                .element
                .attr("id")
                .or_else(|| node.element.attr("name"))
                .unwrap_or("");
            if let Some(by_mark) = targets.get(id).copied() {
                // The name may stand on an anchor at the beginning of the note.
                let owner = if is_block(node.element.name()) || is_marked(node) {
                    Some(index)
                } else {
                    first_of_block(nodes, index)
                };
                if let Some(owner) = owner
                    && is_note(nodes, owner, id, by_mark)
                {
                    let label = found
                        .at
                        .entry(owner)
                        .or_insert_with(|| id.to_owned())
                        .clone();
                    found.fragments.insert(id.to_owned(), label.clone());
                    found.labels.insert(label, is_reference(nodes, owner));
                }
            }
            index += 1;
        }
        found
    }

    /// The block kind of the note that begins at an element.
    pub(super) fn kind_at(&self, index: usize) -> Option<BlockKind> {
        let label = self.at.get(&index)?;
        Some(if self.labels.get(label).copied().unwrap_or(false) {
            BlockKind::Reference(label.clone())
        } else {
            BlockKind::Footnote(label.clone())
        })
    }

    /// The label of the note that a fragment leads to.
    pub(super) fn label(&self, fragment: &str) -> Option<&str> {
        self.fragments.get(fragment).map(String::as_str)
    }

    /// Whether each element begins a note.
    pub(super) fn mask(&self, count: usize) -> Vec<bool> {
        let mut mask = vec![false; count];
        for index in self.at.keys() {
            if let Some(marked) = mask.get_mut(*index) {
                *marked = true;
            }
        }
        mask
    }
}

fn is_note(nodes: &[Node<'_>], index: usize, id: &str, by_mark: bool) -> bool {
    let Some(node) = nodes.get(index) else {
        return false;
    };
    if is_marked(node) {
        return true;
    }
    let (mut back, mut away, mut length) = (false, false, 0);
    for inner in nodes.get(index..node.end).unwrap_or_default() {
        // Empty elements count too, so that nested targets stay cheap.
        length += inner.own.text + 1;
        if length > LONGEST {
            return false;
        }
        back |= fragment(inner).is_some_and(|to| to != id);
        away |= inner.own.links > 0;
    }
    let listed = listed_as_notes(nodes, index);
    match node.element.name() {
        "li" | "p" | "dd" | "td" => {
            (listed || (by_mark && (back || away))) && !is_framed(nodes, index)
        }
        // The list itself may be led to, too; an entry stands in one.
        "div" | "aside" | "section" => {
            let entry = listed_as_notes(nodes, node.parent) && node.parent != index;
            (entry && (back || away)) || (back && by_mark && is_numbered(id))
        }
        _ => false,
    }
}

/// Whether an anchor within the page looks like the mark of a note.
pub(super) fn looks_like_mark(nodes: &[Node<'_>], index: usize) -> bool {
    let Some(node) = nodes.get(index) else {
        return false;
    };
    let mut around = ancestors(nodes, index).take(3);
    let mut inner = nodes
        .get(index..node.end)
        .unwrap_or_default()
        .iter()
        .take(3);
    is_noteref(node)
        || words::is_mark(&node.head)
        || ((around.any(|outer| outer.element.name() == "sup")
            || inner.any(|inner| inner.element.name() == "sup"))
            && node.head.chars().count() <= RAISED)
}

/// Whether an anchor says itself that it is the mark of a note.
pub(super) fn is_noteref(node: &Node<'_>) -> bool {
    let role = node.element.attr("role").unwrap_or("");
    let kind = node.element.attr("epub:type").unwrap_or("");
    let class = node.element.attr("class").unwrap_or("");
    role == "doc-noteref"
        || kind.split_whitespace().any(|word| word == "noteref")
        || words::split(class)
            .iter()
            .any(|word| matches!(word.as_str(), "footnote" | "noteref" | "endnote" | "fnref"))
}

/// "fn1", "note-2", "ref3": a target by its number.
fn is_numbered(id: &str) -> bool {
    id.ends_with(|c: char| c.is_ascii_digit()) && id.len() < 40
}

/// An item of a menu or of the table of contents is no note, whatever sign leads to it.
fn is_framed(nodes: &[Node<'_>], index: usize) -> bool {
    ancestors(nodes, index).any(|node| {
        node.element.name() == "nav"
            || node.element.attr("role").is_some_and(|role| {
                matches!(
                    role,
                    "doc-toc" | "navigation" | "banner" | "menu" | "menubar"
                )
            })
    })
}

fn ancestors<'a>(nodes: &'a [Node<'a>], index: usize) -> impl Iterator<Item = &'a Node<'a>> {
    let mut at = Some(index);
    std::iter::from_fn(move || {
        let node = nodes.get(at?)?;
        at = (at != Some(node.parent)).then_some(node.parent);
        Some(node)
    })
}

/// The fragment that an anchor within the page leads to.
pub(super) fn fragment<'a>(node: &Node<'a>) -> Option<&'a str> {
    if node.element.name() != "a" {
        return None;
    }
    node.element
        .attr("href")
        .and_then(|href| href.trim().strip_prefix('#'))
        .filter(|id| !id.is_empty())
}

/// Whether an element says itself that it is a note.
fn is_marked(node: &Node<'_>) -> bool {
    let role = node.element.attr("role").unwrap_or("");
    let kind = node.element.attr("epub:type").unwrap_or("");
    matches!(role, "doc-footnote" | "doc-endnote" | "doc-biblioentry")
        || kind
            .split_whitespace()
            .any(|word| matches!(word, "footnote" | "endnote" | "rearnote" | "biblioentry"))
}

/// Whether a list around an element says that it is one of notes or references.
fn listed_as_notes(nodes: &[Node<'_>], index: usize) -> bool {
    ancestors(nodes, index).take(6).any(|node| {
        let role = node.element.attr("role").unwrap_or("");
        let kind = node.element.attr("epub:type").unwrap_or("");
        node.naming == Naming::Notes
            || matches!(role, "doc-endnotes" | "doc-footnote" | "doc-bibliography")
            || matches!(
                kind,
                "footnotes" | "endnotes" | "rearnotes" | "bibliography"
            )
    })
}

/// Whether a note is an entry of a list of references.
fn is_reference(nodes: &[Node<'_>], index: usize) -> bool {
    ancestors(nodes, index).take(4).any(|node| {
        let role = node.element.attr("role").unwrap_or("");
        let class = node.element.attr("class").unwrap_or("");
        matches!(role, "doc-biblioentry" | "doc-bibliography")
            || words::split(class)
                .iter()
                .any(|word| matches!(word.as_str(), "bibliography" | "csl" | "reflist"))
    }) && !nodes.get(index).is_some_and(|node| {
        node.element
            .attr("id")
            .is_some_and(|id| id.starts_with("cite_note"))
    })
}

/// The block whose beginning an anchor is.
fn first_of_block(nodes: &[Node<'_>], index: usize) -> Option<usize> {
    if !nodes.get(index)?.begins {
        return None;
    }
    let mut at = index;
    for _ in 0..4 {
        let parent = nodes.get(at)?.parent;
        if is_block(nodes.get(parent)?.element.name()) {
            return Some(parent);
        }
        at = parent;
    }
    None
}
