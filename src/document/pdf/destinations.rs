//! Destinations: places of a document that its own links lead to
//! (ISO 32000-2, section 12.3.2).
//!
//! **In:** the catalogue, and a destination as a link has it, by name perhaps. **Out:** the page
//! and the point of it. **Not here:** which words stand there (`marks`).

use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Nodes of the tree of names that are visited, and names that are kept; a book of a thousand
/// pages has some ten thousand.
const MAX_NODES: usize = 20_000;
const MAX_NAMES: usize = 200_000;

/// A point of a page, in the page's own coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Destination {
    pub(super) page: ObjectIdentifier,
    pub(super) point: (f64, f64),
}

/// The destinations that have names.
pub(super) struct Destinations<'a> {
    catalog: Dict<'a>,
    /// Those of the tree, gathered when the first one is asked for.
    tree: OnceCell<BTreeMap<Vec<u8>, Object<'a>>>,
}

impl<'a> Destinations<'a> {
    pub(super) const fn of(catalog: Dict<'a>) -> Self {
        Self {
            catalog,
            tree: OnceCell::new(),
        }
    }

    /// What a name stands for; none where the destination is no name.
    pub(super) fn named(&self, destination: &Object<'a>) -> Option<Object<'a>> {
        match destination {
            Object::Name(name) => self
                .catalog
                .get::<Dict<'a>>("Dests")?
                .get::<Object<'a>>(name.as_ref()),
            Object::String(name) => {
                let tree = self.tree.get_or_init(|| {
                    self.catalog
                        .get::<Dict<'a>>("Names")
                        .and_then(|names| names.get::<Dict<'a>>("Dests"))
                        .map(gather)
                        .unwrap_or_default()
                });
                tree.get(name.as_bytes()).cloned()
            }
            _ => None,
        }
    }

    /// The place that a destination is; none where it is a whole page, or leads out.
    pub(super) fn place(&self, destination: &Object<'a>) -> Option<Destination> {
        let explicit = match self.named(destination) {
            Some(Object::Dict(entry)) => entry.get::<Array<'a>>("D")?,
            Some(Object::Array(explicit)) => explicit,
            Some(_) => return None,
            None => match destination {
                Object::Array(explicit) => explicit.clone(),
                _ => return None,
            },
        };
        let mut parts = explicit.raw_iter().take(6);
        let Some(MaybeRef::Ref(page)) = parts.next() else {
            return None;
        };
        let Some(MaybeRef::NotRef(Object::Name(view))) = parts.next() else {
            return None;
        };
        let numbers: Vec<Option<f64>> = parts
            .map(|part| match part {
                MaybeRef::NotRef(Object::Number(number)) => Some(number.as_f64()),
                _ => None,
            })
            .collect();
        let number = |at: usize| numbers.get(at).copied().flatten();
        let point = match view.as_ref() {
            b"XYZ" => (number(0).unwrap_or(0.0), number(1)?),
            b"FitH" | b"FitBH" => (0.0, number(0)?),
            b"FitR" => (number(0)?, number(3)?),
            _ => return None,
        };
        Some(Destination {
            page: ObjectIdentifier::from(page),
            point,
        })
    }
}

/// The entries of a tree of names (ISO 32000-2, section 7.9.6); the first of each name counts.
fn gather(root: Dict<'_>) -> BTreeMap<Vec<u8>, Object<'_>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root];
    let mut left = MAX_NAMES;
    for _ in 0..MAX_NODES {
        let Some(node) = waiting.pop() else { break };
        if let Some(names) = node.get::<Array<'_>>("Names") {
            let mut entries = names.iter::<Object<'_>>();
            while left > 0
                && let (Some(name), Some(value)) = (entries.next(), entries.next())
            {
                left -= 1;
                if let Object::String(name) = name {
                    found.entry(name.as_bytes().to_vec()).or_insert(value);
                }
            }
        }
        if let Some(kids) = node.get::<Array<'_>>("Kids") {
            let room = MAX_NODES.saturating_sub(waiting.len());
            waiting.extend(kids.iter::<Dict<'_>>().take(room));
        }
    }
    found
}
