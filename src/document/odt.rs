//! OpenDocument texts (LibreOffice), packed or as one XML file.
//!
//! **In:** the bytes of an `.odt` or `.fodt`. **Out:** a [`Document`]: body in order,
//! boxes after the paragraph that holds them, notes after the running text. **Not here:**
//! headers and footers, tables of contents, deleted text (tracked changes are taken as
//! accepted), hidden text.
//!
//! Comments are read as Word's are: only where they hold an address.

mod body;
#[cfg(test)]
mod tests;

use super::builder::Builder;
use super::package::Package;
use super::xml::{Piece, Pieces, Space, decode};
use super::{Document, DocumentError, Format, Place, Problem, properties, style};
use crate::limits::Limits;
use std::collections::BTreeMap;

/// Styles of one document; each change of looks makes one.
const MAX_STYLES: usize = 200_000;
/// Styles that a style is based on, one upon the other.
const MAX_BASES: usize = 20;

/// Reads an OpenDocument text.
///
/// # Errors
/// [`DocumentError`] when the package cannot be opened, is encrypted, has no text part, or
/// passes a bound.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, DocumentError> {
    let (content, styles, meta) = if bytes.starts_with(b"PK") {
        let mut package = Package::open(bytes, limits)?;
        let manifest = text(&mut package, "META-INF/manifest.xml")?;
        if manifest.contains("encryption-data") {
            return Err(DocumentError::Encrypted);
        }
        let content = text(&mut package, "content.xml")?;
        if content.is_empty() {
            return Err(DocumentError::Damaged {
                what: "it is no OpenDocument text: its content is missing".to_owned(),
            });
        }
        (
            content,
            text(&mut package, "styles.xml")?,
            text(&mut package, "meta.xml")?,
        )
    } else {
        let content = decode(bytes.to_vec());
        let meta = content
            .split_once("</office:meta>")
            .map(|(meta, _)| meta.to_owned())
            .unwrap_or_default();
        (content, String::new(), meta)
    };
    let mut known = Styles::default();
    known.read(&styles);
    known.read(&content);
    let mut builder = Builder::new(Format::Odt);
    let bookmarked = properties::bookmarked(&meta);
    let whole = body::walk(&content, &known, bookmarked, &mut builder);
    let (mut document, _) = builder.finish();
    if !whole {
        document.problems.push(Problem {
            place: Place::default(),
            text: "its content is damaged; what stands before the damage was read".to_owned(),
        });
    }
    let (title, date) = properties::properties(&meta);
    document.title = title.or_else(|| document.first_heading());
    document.date = date;
    document.language = super::decode::language_of(&document.text).or(known.language);
    Ok(document)
}

fn text(package: &mut Package<'_>, part: &str) -> Result<String, DocumentError> {
    Ok(package.read(part)?.map(decode).unwrap_or_default())
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    parent: Option<String>,
    hidden: bool,
    breaks: bool,
}

/// All styles, those of the text's own looks too.
#[derive(Debug, Default)]
struct Styles {
    styles: BTreeMap<String, Style>,
    language: Option<String>,
}

impl Styles {
    fn read(&mut self, text: &str) {
        let mut pieces = Pieces::new(text);
        let mut id: Option<String> = None;
        let mut depth = usize::MAX;
        loop {
            match pieces.next() {
                Piece::Open(element) if element.space == Space::Office => match element.name() {
                    "body" | "master-styles" | "settings" | "scripts" => pieces.skip(),
                    _ => {}
                },
                Piece::Open(element) => match element.name() {
                    "style" => {
                        id = element.attribute("name");
                        depth = pieces.depth();
                        let style = Style {
                            name: element
                                .attribute("display-name")
                                .or_else(|| id.clone())
                                .unwrap_or_default(),
                            parent: element.attribute("parent-style-name"),
                            hidden: false,
                            breaks: element
                                .attribute("master-page-name")
                                .is_some_and(|name| !name.is_empty()),
                        };
                        if let Some(id) = &id
                            && self.styles.len() < MAX_STYLES
                        {
                            self.styles.insert(id.clone(), style);
                        }
                    }
                    "default-style" => id = None,
                    "text-properties" => {
                        let style = id.as_ref().and_then(|id| self.styles.get_mut(id));
                        match style {
                            Some(style) => {
                                style.hidden |=
                                    element.attribute("display").as_deref() == Some("none");
                            }
                            None if self.language.is_none() => {
                                self.language = element
                                    .attribute("language")
                                    .filter(|code| code.len() == 2 && code.is_ascii());
                            }
                            None => {}
                        }
                    }
                    "paragraph-properties" => {
                        if let Some(style) = id.as_ref().and_then(|id| self.styles.get_mut(id)) {
                            style.breaks |=
                                element.attribute("break-before").as_deref() == Some("page");
                        }
                    }
                    _ => {}
                },
                Piece::Close if pieces.depth() < depth => {
                    depth = usize::MAX;
                    id = None;
                }
                Piece::End(_) => return,
                _ => {}
            }
        }
    }

    fn chain<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Style> {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let style = self.styles.get(next?)?;
            next = style.parent.as_deref();
            Some(style)
        })
        .take(MAX_BASES)
    }

    fn of_paragraph(&self, id: &str) -> Option<style::Styled> {
        if !self.styles.contains_key(id) {
            return style::styled(id);
        }
        // A style that is based on one which is not listed is known by that one's name.
        self.chain(id).find_map(|one| {
            style::styled(&one.name).or_else(|| style::styled(one.parent.as_deref()?))
        })
    }

    fn hides(&self, id: &str) -> bool {
        self.chain(id).any(|style| style.hidden)
    }

    fn breaks(&self, id: &str) -> bool {
        self.styles.get(id).is_some_and(|style| style.breaks)
    }
}
