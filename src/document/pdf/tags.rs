//! The structure of a tagged PDF: which piece of a page's content belongs to which paragraph,
//! heading, item or cell (ISO 32000-2, section 14.7).
//!
//! **In:** the catalogue. **Out:** for marked content of a page, the block it is part of.
//! **Not here:** where that content lies on the page (`glyphs`), and links, which lie on the
//! page where their annotations say.

use hayro_interpret::hayro_syntax::object::{Dict, MaybeRef, Name, Object, ObjectIdentifier};
use hayro_interpret::hayro_syntax::xref::XRef;
use std::collections::{BTreeMap, BTreeSet};

/// Elements that are visited; a page of dense text has some hundred.
const MAX_ELEMENTS: usize = 2_000_000;
/// Elements within each other; deeper ones are left out.
const MAX_DEPTH: u16 = 256;
/// Roles that stand for other roles, one after another.
const MAX_ROLES: usize = 16;

/// What a block is, by its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    /// And its level, 0 where the tag does not tell.
    Heading(u8),
    ListItem,
    TableCell,
    Caption,
    Quote,
    Code,
    Note,
}

/// The block that a piece of content belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag {
    /// Which one; the same on every page that the block stands on.
    pub(super) block: usize,
    pub(super) kind: Kind,
}

/// All tags of a document.
#[derive(Debug, Default)]
pub(super) struct Tags {
    pages: BTreeMap<ObjectIdentifier, BTreeMap<i32, Tag>>,
}

impl Tags {
    pub(super) fn of(xref: &XRef) -> Self {
        let mut tags = Self::default();
        let root = xref
            .get::<Dict<'_>>(xref.root_id())
            .and_then(|catalog| catalog.get::<Dict<'_>>("StructTreeRoot"));
        if let Some(root) = root {
            tags.walk(&root, xref);
        }
        tags
    }

    /// The tags of a page's marked content, by its number; none when the page has none.
    pub(super) fn of_page(&self, page: Option<ObjectIdentifier>) -> Option<&BTreeMap<i32, Tag>> {
        self.pages.get(&page?)
    }

    fn walk<'a>(&mut self, root: &Dict<'a>, xref: &'a XRef) {
        let roles = root.get::<Dict<'a>>("RoleMap").unwrap_or_default();
        let mut kids = Kids {
            xref,
            waiting: Vec::new(),
            seen: BTreeSet::new(),
        };
        kids.push(root, Context::default());
        let mut blocks = 0;
        for _ in 0..MAX_ELEMENTS {
            let Some((object, mut context)) = kids.waiting.pop() else {
                return;
            };
            let element = match object {
                Object::Number(number) => {
                    if let Ok(content) = i32::try_from(number.as_i64()) {
                        self.content(content, context, &mut blocks);
                    }
                    continue;
                }
                Object::Dict(element) => element,
                _ => continue,
            };
            let page = element.get_ref("Pg").map(ObjectIdentifier::from);
            context.page = page.or(context.page);
            if let Some(content) = element.get::<i32>("MCID") {
                self.content(content, context, &mut blocks);
                continue;
            }
            let Some(role) = element.get::<Name<'a>>("S") else {
                continue;
            };
            if context.depth < MAX_DEPTH {
                context.depth += 1;
                context.enter(role_of(role, &roles).as_ref(), &mut blocks);
                kids.push(&element, context);
            }
        }
    }

    fn content(&mut self, content: i32, context: Context, blocks: &mut usize) {
        let Some(page) = context.page else { return };
        let block = context.block.unwrap_or_else(|| {
            *blocks += 1;
            *blocks
        });
        let kind = context.kind;
        self.pages
            .entry(page)
            .or_default()
            .insert(content, Tag { block, kind });
    }
}

/// Elements that wait to be visited, the next one last.
struct Kids<'a> {
    xref: &'a XRef,
    waiting: Vec<(Object<'a>, Context)>,
    /// An element has one parent; one that is met again stands in a circle.
    seen: BTreeSet<ObjectIdentifier>,
}

impl<'a> Kids<'a> {
    fn push(&mut self, element: &Dict<'a>, context: Context) {
        let from = self.waiting.len();
        if let Some(Object::Array(kids)) = element.get::<Object<'a>>("K") {
            for kid in kids.raw_iter().take(MAX_ELEMENTS) {
                self.one(kid, context);
            }
        } else if let Some(kid) = element.get_raw::<Object<'a>>("K") {
            self.one(kid, context);
        }
        if let Some(new) = self.waiting.get_mut(from..) {
            new.reverse();
        }
    }

    fn one(&mut self, kid: MaybeRef<Object<'a>>, context: Context) {
        let kid = match kid {
            MaybeRef::NotRef(kid) => Some(kid),
            MaybeRef::Ref(reference) => {
                let id = ObjectIdentifier::from(reference);
                let new = self.seen.insert(id);
                new.then(|| self.xref.get::<Object<'a>>(id)).flatten()
            }
        };
        self.waiting.extend(kid.map(|kid| (kid, context)));
    }
}

/// A role of the standard for a role of the program that made the file.
fn role_of<'a>(role: Name<'a>, roles: &Dict<'a>) -> Name<'a> {
    let mut role = role;
    for _ in 0..MAX_ROLES {
        match roles.get::<Name<'a>>(role.as_ref()) {
            Some(next) if next.as_ref() != role.as_ref() => role = next,
            _ => break,
        }
    }
    role
}

/// Where in the tree an element stands.
#[derive(Debug, Clone, Copy)]
struct Context {
    page: Option<ObjectIdentifier>,
    block: Option<usize>,
    kind: Kind,
    depth: u16,
    /// Whether its parent is a list.
    listed: bool,
}

impl Default for Context {
    fn default() -> Self {
        Self {
            page: None,
            block: None,
            kind: Kind::Paragraph,
            depth: 0,
            listed: false,
        }
    }
}

impl Context {
    fn enter(&mut self, role: &[u8], blocks: &mut usize) {
        let listed = std::mem::replace(&mut self.listed, role == b"L");
        let kind = match role {
            // Chromium knows no items for a list of notes, but the list it does.
            b"NonStruct" | b"Div" if listed => Kind::ListItem,
            // What groups blocks: text directly in it is a block of its own.
            b"Document" | b"DocumentFragment" | b"Part" | b"Art" | b"Sect" | b"Div" | b"Aside"
            | b"L" | b"Table" | b"THead" | b"TBody" | b"TFoot" | b"TR" | b"TOC" | b"Index"
            | b"Figure" | b"Form" | b"StructTreeRoot" => {
                if matches!(self.kind, Kind::Paragraph) || matches!(role, b"L" | b"Table") {
                    self.block = None;
                }
                return;
            }
            b"P" => match self.kind {
                // A paragraph of an item or a cell is that item or cell.
                Kind::ListItem | Kind::TableCell | Kind::Caption | Kind::Note
                    if self.block.is_some() =>
                {
                    return;
                }
                kind => kind,
            },
            b"H" | b"Title" => Kind::Heading(0),
            b"H1" => Kind::Heading(1),
            b"H2" => Kind::Heading(2),
            b"H3" => Kind::Heading(3),
            b"H4" => Kind::Heading(4),
            b"H5" => Kind::Heading(5),
            b"H6" => Kind::Heading(6),
            b"LI" | b"TOCI" => Kind::ListItem,
            b"TD" | b"TH" => Kind::TableCell,
            b"Caption" => Kind::Caption,
            b"BlockQuote" => {
                self.kind = Kind::Quote;
                self.block = None;
                return;
            }
            b"Note" | b"FENote" => Kind::Note,
            b"Code" if self.block.is_none() => Kind::Code,
            // What stands within a line.
            _ => return,
        };
        *blocks += 1;
        self.block = Some(*blocks);
        self.kind = kind;
    }
}
