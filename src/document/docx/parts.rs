//! The parts of a Word document, and how they lead to each other and out of it.
//!
//! **In:** the package. **Out:** relationships, the names of parts, and Word's own list of
//! sources. **Not here:** its text.

use crate::document::package::{Package, folder, resolve};
use crate::document::xml::{Piece, Pieces, decode};
use crate::document::{DocumentError, cited_item};
use std::collections::BTreeMap;

/// Relationships of one part; each link has one.
const MAX_RELATIONSHIPS: usize = 200_000;

/// One way out of a part.
#[derive(Debug)]
pub(super) struct Relationship {
    kind: String,
    pub(super) target: String,
    external: bool,
}

/// The relationships of a part, by their id.
pub(super) type Relationships = BTreeMap<String, Relationship>;

/// The relationships of a part.
///
/// # Errors
/// Those of [`Package::read`].
pub(super) fn relationships(
    package: &mut Package<'_>,
    part: &str,
) -> Result<Relationships, DocumentError> {
    let (folder, name) = (folder(part), part.rsplit('/').next().unwrap_or(part));
    let Some(bytes) = package.read(&resolve(folder, &format!("_rels/{name}.rels")))? else {
        return Ok(BTreeMap::new());
    };
    let text = decode(bytes);
    let mut pieces = Pieces::new(&text);
    let mut found = BTreeMap::new();
    loop {
        match pieces.next() {
            Piece::Open(element) if element.name() == "Relationship" => {
                let id = element.attribute("Id");
                let target = element.attribute("Target");
                if let (Some(id), Some(target)) = (id, target)
                    && found.len() < MAX_RELATIONSHIPS
                {
                    let relationship = Relationship {
                        kind: element.attribute("Type").unwrap_or_default(),
                        target,
                        external: element.attribute("TargetMode").as_deref() == Some("External"),
                    };
                    found.insert(id, relationship);
                }
            }
            Piece::End(_) => return Ok(found),
            _ => {}
        }
    }
}

/// The part that a relationship of this kind leads to, else the one that usually does.
pub(super) fn part(from: &str, relationships: &Relationships, kind: &str, usual: &str) -> String {
    relationships
        .values()
        .find(|one| !one.external && one.kind.rsplit('/').next() == Some(kind))
        .map_or_else(
            || resolve(folder(from), usual),
            |one| resolve(folder(from), &one.target),
        )
}

/// The text of a part; empty where there is none.
///
/// # Errors
/// Those of [`Package::read`].
pub(super) fn text(package: &mut Package<'_>, part: &str) -> Result<String, DocumentError> {
    Ok(package.read(part)?.map(decode).unwrap_or_default())
}

/// The addresses of Word's own list of sources, by their tags.
///
/// # Errors
/// Those of [`Package::read`].
pub(super) fn sources(
    package: &mut Package<'_>,
) -> Result<BTreeMap<String, String>, DocumentError> {
    let names: Vec<String> = package
        .names()
        .filter(|name| name.starts_with("customxml/item") && name.ends_with(".xml"))
        .filter(|name| !name.contains("props"))
        .take(50)
        .map(str::to_owned)
        .collect();
    let mut found = BTreeMap::new();
    for name in names {
        if let Some(part) = package.read(&name)? {
            cited_item::in_sources(part, &mut found);
        }
    }
    Ok(found)
}
