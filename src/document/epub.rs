//! EPUB books, editions 2 and 3.
//!
//! **In:** the bytes of an `.epub`. **Out:** a [`Document`]: all chapters in the order of
//! the spine, read as one page by the reader of HTML. **Not here:** what HTML means; the
//! table of contents; links from chapter to chapter, which cite nothing.
//!
//! One page, because notes cross files: `notes.xhtml#n3` becomes `#c9-n3`, and a mark in
//! one chapter finds its note in another. The package is opened by our own room and not by
//! a library of books: rbook 0.7.12 unpacks a member whole, however large it says it is not.

mod chapter;
#[cfg(test)]
mod tests;

use super::package::{Package, folder, resolve};
use super::xml::{Piece, Pieces, decode};
use super::{Document, DocumentError, Format, Place, Problem, html, markdown};
use crate::limits::Limits;
use std::collections::{BTreeMap, BTreeSet};

/// Chapters of one book.
const MAX_CHAPTERS: usize = 10_000;
/// Files of one book that its list names.
const MAX_ITEMS: usize = 50_000;
/// Bytes of a title.
const MAX_FIELD: usize = 4096;

/// What the package document says.
#[derive(Debug, Default)]
struct Book {
    title: Option<String>,
    date: Option<String>,
    language: Option<String>,
    /// Names of the chapters' members, in order.
    chapters: Vec<String>,
}

/// Reads a book.
///
/// # Errors
/// [`DocumentError`] when the package cannot be opened, its chapters are encrypted or
/// missing, or it passes a bound.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, DocumentError> {
    let mut package = Package::open(bytes, limits)?;
    let encrypted = encrypted(&text(&mut package, "META-INF/encryption.xml")?);
    let container = text(&mut package, "META-INF/container.xml")?;
    let opf = root_file(&container).unwrap_or_else(|| "OEBPS/content.opf".to_owned());
    let book = book(&text(&mut package, &opf)?, folder(&opf));
    let numbers: BTreeMap<String, usize> = book
        .chapters
        .iter()
        .enumerate()
        .map(|(number, name)| (name.to_lowercase(), number))
        .collect();
    let mut page = String::from("<!DOCTYPE html><html><body><main>");
    let mut problems = Vec::new();
    let mut found = false;
    for (number, name) in book.chapters.iter().enumerate() {
        if encrypted.contains(&name.to_lowercase()) {
            return Err(DocumentError::Encrypted);
        }
        let Some(part) = package.read(name)? else {
            problems.push(format!("its chapter {name} is missing"));
            continue;
        };
        found = true;
        if !chapter::write(&decode(part), name, number, &numbers, &mut page) {
            problems.push(format!("its chapter {name} is no well-formed XHTML"));
        }
    }
    if !found {
        return Err(DocumentError::Damaged {
            what: "it is no book: it names no chapters that are there".to_owned(),
        });
    }
    page.push_str("</main></body></html>");
    let mut document = html::read(&page, None, limits);
    document.format = Format::Epub;
    document.title = book.title.or_else(|| document.first_heading());
    document.date = book.date;
    document.language = book
        .language
        .or_else(|| super::decode::language_of(&document.text));
    // Lines would be those of the page that was made here.
    document.places = Vec::new();
    document
        .problems
        .extend(problems.into_iter().take(100).map(|text| Problem {
            place: Place::default(),
            text,
        }));
    Ok(document)
}

fn text(package: &mut Package<'_>, part: &str) -> Result<String, DocumentError> {
    Ok(package.read(part)?.map(decode).unwrap_or_default())
}

/// Where the container says that the package document lies.
fn root_file(container: &str) -> Option<String> {
    let mut pieces = Pieces::new(container);
    loop {
        match pieces.next() {
            Piece::Open(element) if element.name() == "rootfile" => {
                return element.attribute("full-path");
            }
            Piece::End(_) => return None,
            _ => {}
        }
    }
}

/// Members that are encrypted, lower case; fonts that are only made hard to copy aside.
fn encrypted(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pieces = Pieces::new(text);
    let mut is_font = false;
    loop {
        match pieces.next() {
            Piece::Open(element) => match element.name() {
                "EncryptedData" => is_font = false,
                "EncryptionMethod" => {
                    is_font |= element.attribute("Algorithm").is_some_and(|algorithm| {
                        algorithm == "http://www.idpf.org/2008/embedding"
                            || algorithm == "http://ns.adobe.com/pdf/enc#RC"
                    });
                }
                "CipherReference" if !is_font && found.len() < MAX_ITEMS => {
                    found.extend(
                        element
                            .attribute("URI")
                            .map(|name| resolve("", &chapter::decoded(&name)).to_lowercase()),
                    );
                }
                _ => {}
            },
            Piece::End(_) => return found,
            _ => {}
        }
    }
}

/// Reads the package document; names in it are relative to its folder.
fn book(opf: &str, folder: &str) -> Book {
    let mut book = Book::default();
    let mut items: BTreeMap<String, String> = BTreeMap::new();
    let mut published = None;
    let mut pieces = Pieces::new(opf);
    loop {
        match pieces.next() {
            Piece::Open(element) => match element.name() {
                "title" if book.title.is_none() => {
                    let title = pieces.text(MAX_FIELD);
                    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                    book.title = Some(title).filter(|title| !title.is_empty());
                }
                "language" if book.language.is_none() => {
                    let code = pieces.text(MAX_FIELD).trim().to_ascii_lowercase();
                    let code = code.get(..2).unwrap_or("");
                    book.language = code
                        .bytes()
                        .all(|b| b.is_ascii_lowercase())
                        .then(|| code.to_owned())
                        .filter(|code| !code.is_empty());
                }
                "date" => {
                    let is_published = element.attribute("event").as_deref() == Some("publication");
                    let date = markdown::date(pieces.text(MAX_FIELD).trim());
                    if is_published {
                        published = date;
                    } else if book.date.is_none() {
                        book.date = date;
                    }
                }
                "item" => {
                    let kind = element.attribute("media-type").unwrap_or_default();
                    let is_contents = element
                        .attribute("properties")
                        .is_some_and(|all| all.split_whitespace().any(|one| one == "nav"));
                    let is_chapter = matches!(
                        kind.as_str(),
                        "application/xhtml+xml" | "text/html" | "text/x-oeb1-document"
                    );
                    if let (Some(id), Some(href)) =
                        (element.attribute("id"), element.attribute("href"))
                        && is_chapter
                        && !is_contents
                        && items.len() < MAX_ITEMS
                    {
                        items.insert(id, resolve(folder, &chapter::decoded(&href)));
                    }
                }
                "itemref" => {
                    // Each chapter once, however often the spine names it.
                    let item = element.attribute("idref").and_then(|id| items.remove(&id));
                    if book.chapters.len() < MAX_CHAPTERS {
                        book.chapters.extend(item);
                    }
                }
                _ => {}
            },
            Piece::End(_) => break,
            _ => {}
        }
    }
    book.date = published.or(book.date);
    book
}
