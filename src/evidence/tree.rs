//! A page as a tree, as lean as reading a source allows.
//!
//! **In:** HTML whose depth is bounded (`document::html::cap_depth`). **Out:** [`Tree`]: nodes in one
//! list, what their names mean ([`Traits`]) looked up once. **Not here:** what is read off it
//! (`main_text`, `signs`).
//!
//! The tree is built by html5ever's tree builder. Most tags of most pages are plain ones, so
//! [`quick`] cuts them itself and leaves only the others to html5ever's tokenizer.

mod quick;
mod references;
mod sink;
mod style;
mod traits;

pub(super) use style::hides;
pub(super) use traits::Traits;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, ns};

/// No node.
const NONE: u32 = u32::MAX;
/// The node that holds all others.
const ROOT: u32 = 0;

/// A parsed page.
#[derive(Debug)]
pub(super) struct Tree {
    /// In the order in which the parser made them; some may have been taken out of the tree again.
    nodes: Vec<Node>,
}

/// One node and its neighbours.
#[derive(Debug)]
struct Node {
    parent: u32,
    previous: u32,
    next: u32,
    first: u32,
    last: u32,
    value: Value,
}

/// What a node is.
#[derive(Debug)]
enum Value {
    Text(StrTendril),
    Element(Element),
    /// The page, a comment, a document type, what a template holds.
    Other,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    name: QualName,
    traits: Traits,
    attributes: Vec<Attribute>,
}

impl Element {
    pub(super) fn name(&self) -> &str {
        &self.name.local
    }

    /// Its name, to be compared with `local_name!`.
    pub(super) const fn local(&self) -> &LocalName {
        &self.name.local
    }

    /// What its name means.
    pub(super) const fn traits(&self) -> Traits {
        self.traits
    }

    /// The value of an attribute that has no name space.
    pub(super) fn attribute(&self, name: &LocalName) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.local == *name && attribute.name.ns == ns!())
            .map(|attribute| &*attribute.value)
    }

    /// Its attributes, of whatever name space.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&LocalName, &str)> {
        self.attributes
            .iter()
            .map(|attribute| (&attribute.name.local, &*attribute.value))
    }
}

/// One step of a walk in document order.
#[derive(Debug)]
pub(super) enum Step<'a> {
    Open(&'a Element),
    Close(&'a Element),
    Text(&'a str),
}

/// A walk in document order. Without recursion: the depth of a page is a stranger's choice.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    tree: &'a Tree,
    /// The node that the walk ends with.
    top: u32,
    /// The node that comes next, and whether it is entered or left.
    at: u32,
    entering: bool,
}

impl Walk<'_> {
    /// Passes over what the element holds that was just opened; its end comes next.
    pub(super) fn pass_over(&mut self) {
        if self.entering
            && let Some(node) = self.tree.node(self.at)
        {
            // The next node is its first child, unless it has none.
            self.at = node.parent;
            self.entering = false;
        }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        loop {
            let here = self.at;
            let node = self.tree.node(here)?;
            if self.entering {
                if node.first == NONE {
                    self.entering = false;
                } else {
                    self.at = node.first;
                }
                match &node.value {
                    Value::Text(text) => return Some(Step::Text(text)),
                    Value::Element(element) => return Some(Step::Open(element)),
                    Value::Other => {}
                }
            } else {
                if here == self.top {
                    self.at = NONE;
                } else if node.next == NONE {
                    self.at = node.parent;
                } else {
                    self.at = node.next;
                    self.entering = true;
                }
                if let Value::Element(element) = &node.value {
                    return Some(Step::Close(element));
                }
            }
        }
    }
}

impl Tree {
    /// Parses a page.
    pub(super) fn of(html: &str) -> Self {
        quick::parse(html)
    }

    fn node(&self, at: u32) -> Option<&Node> {
        self.nodes.get(at as usize)
    }

    /// All of it in document order.
    pub(super) const fn walk(&self) -> Walk<'_> {
        self.walk_from(ROOT)
    }

    const fn walk_from(&self, top: u32) -> Walk<'_> {
        Walk {
            tree: self,
            top,
            at: top,
            entering: true,
        }
    }

    /// Every element that was made, in the order in which they were, and where it is.
    pub(super) fn elements(&self) -> impl Iterator<Item = (u32, &Element)> {
        (0..)
            .zip(&self.nodes)
            .filter_map(|(at, node)| match &node.value {
                Value::Element(element) => Some((at, element)),
                _ => None,
            })
    }

    /// The pieces of text in an element.
    pub(super) fn texts(&self, element: u32) -> impl Iterator<Item = &str> {
        self.walk_from(element).filter_map(|step| match step {
            Step::Text(text) => Some(text),
            _ => None,
        })
    }
}

/// Every start, end and text of a page in document order, for tests that compare it with the tree
/// that html5ever alone builds.
#[must_use]
pub fn outline(html: &str) -> String {
    let mut outline = String::new();
    for step in Tree::of(html).walk() {
        outline += &match step {
            Step::Open(element) => {
                let space = &element.name.ns;
                let mut attributes: Vec<(&str, &str)> = element
                    .attributes()
                    .map(|(name, value)| (&**name, value))
                    .collect();
                attributes.sort_unstable();
                format!("<{} {space} {attributes:?}>", element.name())
            }
            Step::Close(element) => format!("</{}>", element.name()),
            Step::Text(text) => format!("{text:?}"),
        };
    }
    outline
}

#[cfg(test)]
mod tests;
