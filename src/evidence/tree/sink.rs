//! What html5ever's tree builder builds.

use super::{Element, NONE, Node, ROOT, Traits, Tree, Value};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, local_name, ns};
use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::sync::LazyLock;

/// A tree in the making.
pub(super) struct Sink(RefCell<Tree>);

/// What a node is called that has no name; the tree builder asks for those of elements only.
static NAMELESS: LazyLock<QualName> = LazyLock::new(|| QualName::new(None, ns!(), local_name!("")));

impl Sink {
    pub(super) fn new() -> Self {
        let mut tree = Tree { nodes: Vec::new() };
        tree.add(Value::Other);
        Self(RefCell::new(tree))
    }

    /// How many nodes were made.
    pub(super) fn nodes(&self) -> usize {
        self.0.borrow().nodes.len()
    }
}

impl Tree {
    fn add(&mut self, value: Value) -> u32 {
        // A page is cut long before so many nodes.
        let at = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node {
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            value,
        });
        at
    }

    fn change(&mut self, at: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            change(node);
        }
    }

    fn links(&self, at: u32) -> (u32, u32, u32, u32, u32) {
        self.node(at)
            .map_or((NONE, NONE, NONE, NONE, NONE), |node| {
                (node.parent, node.previous, node.next, node.first, node.last)
            })
    }

    fn detach(&mut self, at: u32) {
        let (parent, previous, next, ..) = self.links(at);
        if parent == NONE {
            return;
        }
        match previous {
            NONE => self.change(parent, |node| node.first = next),
            _ => self.change(previous, |node| node.next = next),
        }
        match next {
            NONE => self.change(parent, |node| node.last = previous),
            _ => self.change(next, |node| node.previous = previous),
        }
        self.change(at, |node| {
            (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
        });
    }

    fn append(&mut self, parent: u32, child: u32) {
        self.detach(child);
        let (.., last) = self.links(parent);
        self.change(child, |node| (node.parent, node.previous) = (parent, last));
        match last {
            NONE => self.change(parent, |node| node.first = child),
            _ => self.change(last, |node| node.next = child),
        }
        self.change(parent, |node| node.last = child);
    }

    fn insert_before(&mut self, sibling: u32, node: u32) {
        self.detach(node);
        let (parent, previous, ..) = self.links(sibling);
        self.change(node, |node| {
            (node.parent, node.previous, node.next) = (parent, previous, sibling);
        });
        self.change(sibling, |sibling| sibling.previous = node);
        match previous {
            NONE => self.change(parent, |parent| parent.first = node),
            _ => self.change(previous, |previous| previous.next = node),
        }
    }

    /// Adds to a text that stands at `at`, if one does.
    fn extend(&mut self, at: u32, text: &StrTendril) -> bool {
        match self.nodes.get_mut(at as usize).map(|node| &mut node.value) {
            Some(Value::Text(known)) => {
                known.push_tendril(text);
                true
            }
            _ => false,
        }
    }

    fn is_placed(&self, at: u32) -> bool {
        self.node(at).is_some_and(|node| node.parent != NONE)
    }
}

impl TreeSink for Sink {
    type Handle = u32;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.0.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn get_document(&self) -> u32 {
        ROOT
    }

    fn same_node(&self, one: &u32, other: &u32) -> bool {
        one == other
    }

    fn elem_name<'a>(&'a self, target: &'a u32) -> Ref<'a, QualName> {
        Ref::map(self.0.borrow(), |tree| match tree.node(*target) {
            Some(Node {
                value: Value::Element(element),
                ..
            }) => &element.name,
            _ => &*NAMELESS,
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> u32 {
        let is_template = name.local == local_name!("template") && name.ns == ns!(html);
        let mut tree = self.0.borrow_mut();
        let element = tree.add(Value::Element(Element {
            traits: Traits::of(&name.local),
            name,
            attributes,
        }));
        if is_template {
            let contents = tree.add(Value::Other);
            tree.append(element, contents);
        }
        element
    }

    fn create_comment(&self, _: StrTendril) -> u32 {
        self.0.borrow_mut().add(Value::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> u32 {
        self.0.borrow_mut().add(Value::Other)
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {
        let mut tree = self.0.borrow_mut();
        let doctype = tree.add(Value::Other);
        tree.append(ROOT, doctype);
    }

    fn append(&self, parent: &u32, child: NodeOrText<u32>) {
        let mut tree = self.0.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => tree.append(*parent, node),
            NodeOrText::AppendText(text) => {
                let (.., last) = tree.links(*parent);
                if !tree.extend(last, &text) {
                    let node = tree.add(Value::Text(text));
                    tree.append(*parent, node);
                }
            }
        }
    }

    fn append_before_sibling(&self, sibling: &u32, new_node: NodeOrText<u32>) {
        let mut tree = self.0.borrow_mut();
        if let NodeOrText::AppendNode(node) = new_node {
            tree.detach(node);
        }
        if !tree.is_placed(*sibling) {
            return;
        }
        match new_node {
            NodeOrText::AppendNode(node) => tree.insert_before(*sibling, node),
            NodeOrText::AppendText(text) => {
                let (_, previous, ..) = tree.links(*sibling);
                if !tree.extend(previous, &text) {
                    let node = tree.add(Value::Text(text));
                    tree.insert_before(*sibling, node);
                }
            }
        }
    }

    fn append_based_on_parent_node(&self, element: &u32, previous: &u32, child: NodeOrText<u32>) {
        let is_placed = self.0.borrow().is_placed(*element);
        if is_placed {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn get_template_contents(&self, target: &u32) -> u32 {
        self.0.borrow().links(*target).3
    }

    fn add_attrs_if_missing(&self, target: &u32, attributes: Vec<Attribute>) {
        self.0.borrow_mut().change(*target, |node| {
            if let Value::Element(element) = &mut node.value {
                for new in attributes {
                    if element
                        .attributes
                        .iter()
                        .all(|known| known.name != new.name)
                    {
                        element.attributes.push(new);
                    }
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &u32) {
        self.0.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &u32, new_parent: &u32) {
        let mut tree = self.0.borrow_mut();
        loop {
            let (.., first, _) = tree.links(*node);
            if first == NONE {
                break;
            }
            tree.append(*new_parent, first);
        }
    }
}
