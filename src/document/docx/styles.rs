//! Word's styles: what kind of paragraph each one makes, and whether its text shows.
//!
//! **In:** `styles.xml`. **Out:** [`Styles`]. **Not here:** how anything looks.

use crate::document::style::{self, Styled};
use crate::document::xml::{Piece, Pieces, Space};
use crate::document::{BlockKind, style as names};
use std::collections::BTreeMap;

/// Styles of one document; Word itself has about 380.
const MAX_STYLES: usize = 10_000;
/// Styles that a style is based on, one upon the other.
const MAX_BASES: usize = 20;

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    /// From 0; 9 is body text.
    outline: Option<u8>,
    list: Option<bool>,
    hidden: Option<bool>,
}

/// All styles.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: BTreeMap<String, Style>,
    /// Language of text that names none.
    pub(super) language: Option<String>,
}

impl Styles {
    /// Reads the part.
    pub(super) fn read(text: &str) -> Self {
        let mut found = Self::default();
        let mut pieces = Pieces::new(text);
        let mut id = None;
        let mut style = Style::default();
        let mut depth = usize::MAX;
        loop {
            match pieces.next() {
                Piece::Open(element) if element.space == Space::Word => match element.name() {
                    "style" => {
                        id = element.attribute("styleId");
                        style = Style::default();
                        depth = pieces.depth();
                    }
                    "name" => style.name = element.attribute("val").unwrap_or_default(),
                    "basedOn" => style.based_on = element.attribute("val"),
                    "outlineLvl" => {
                        style.outline = element.attribute("val").and_then(|val| val.parse().ok());
                    }
                    "numId" => style.list = Some(element.attribute("val").as_deref() != Some("0")),
                    "vanish" => style.hidden = Some(element.is_on()),
                    // Conditional formats of tables are about looks.
                    "tblStylePr" => pieces.skip(),
                    "lang" if id.is_none() => found.language = element.attribute("val"),
                    _ => {}
                },
                Piece::Close if pieces.depth() < depth => {
                    depth = usize::MAX;
                    if let Some(id) = id.take()
                        && found.styles.len() < MAX_STYLES
                    {
                        found.styles.insert(id, std::mem::take(&mut style));
                    }
                }
                Piece::End(_) => return found,
                _ => {}
            }
        }
    }

    fn chain<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Style> {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let style = self.styles.get(next?)?;
            next = style.based_on.as_deref();
            Some(style)
        })
        .take(MAX_BASES)
    }

    /// What a style makes of a paragraph. A style that is not listed is known by its own name.
    pub(super) fn of_paragraph(&self, id: &str) -> Option<Styled> {
        if !self.styles.contains_key(id) {
            // "Heading1", as programs write it that leave the list of styles out.
            let spaced = id.trim_end_matches(|c: char| c.is_ascii_digit());
            let number = id.get(spaced.len()..).unwrap_or("");
            return names::styled(format!("{spaced} {number}").trim());
        }
        for style in self.chain(id) {
            if let Some(styled) = style::styled(&style.name) {
                return Some(styled);
            }
            if let Some(level) = style.outline {
                return (level < 9).then(|| Styled::Block(BlockKind::Heading((level + 1).min(6))));
            }
            if let Some(list) = style.list {
                return list.then_some(Styled::Block(BlockKind::ListItem));
            }
        }
        None
    }

    /// Whether a style hides its text.
    pub(super) fn hides(&self, id: &str) -> bool {
        self.chain(id).find_map(|style| style.hidden) == Some(true)
    }
}
