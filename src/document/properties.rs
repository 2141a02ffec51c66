//! What an office document says of itself beside its text.
//!
//! **In:** the part with its properties. **Out:** title, date, and the data of citations
//! that Zotero keeps there. **Not here:** which part that is.

use super::markdown;
use super::xml::{Piece, Pieces};
use std::collections::BTreeMap;

/// Bytes of one property.
const MAX_PROPERTY: usize = 4 << 20;

/// Title and date as `docProps/core.xml` and `meta.xml` have them.
///
/// The date is that of the last change: the text as it stands is as old as that, and a
/// draft made from a template inherits the template's day of creation.
pub(super) fn properties(text: &str) -> (Option<String>, Option<String>) {
    let (mut title, mut created, mut modified) = (None, None, None);
    let mut pieces = Pieces::new(text);
    loop {
        match pieces.next() {
            Piece::Open(element) => match element.name() {
                "title" => title = Some(pieces.text(MAX_PROPERTY)),
                "created" | "creation-date" => created = Some(pieces.text(MAX_PROPERTY)),
                "modified" | "date" => modified = Some(pieces.text(MAX_PROPERTY)),
                _ => {}
            },
            Piece::End(_) => break,
            _ => {}
        }
    }
    let title = title
        .map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|title| !title.is_empty());
    let day = |value: Option<String>| markdown::date(value?.trim());
    (title, day(modified).or_else(|| day(created)))
}

/// What Zotero keeps for its bookmarks: instructions by the bookmark's name. Long ones are
/// cut into properties `NAME_1`, `NAME_2` …
pub(super) fn bookmarked(text: &str) -> BTreeMap<String, String> {
    let mut pieces = Pieces::new(text);
    let mut cut: BTreeMap<(String, u32), String> = BTreeMap::new();
    loop {
        match pieces.next() {
            Piece::Open(element) if matches!(element.name(), "property" | "user-defined") => {
                let name = element.attribute("name").unwrap_or_default();
                let value = pieces.text(MAX_PROPERTY);
                if let Some((bookmark, number)) = name.rsplit_once('_')
                    && bookmark.starts_with("ZOTERO_BREF_")
                    && let Ok(number) = number.parse()
                {
                    cut.insert((bookmark.to_owned(), number), value);
                }
            }
            Piece::End(_) => break,
            _ => {}
        }
    }
    let mut whole: BTreeMap<String, String> = BTreeMap::new();
    for ((bookmark, _), value) in cut {
        whole.entry(bookmark).or_default().push_str(&value);
    }
    whole
}
