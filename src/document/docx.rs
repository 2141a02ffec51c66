//! Word documents (Office Open XML, transitional and strict).
//!
//! **In:** the bytes of a `.docx`. **Out:** a [`Document`]: body in order, boxes after
//! the paragraph that holds them, notes after the running text. **Not here:** looks;
//! headers and footers, which frame the text as a page's furniture does.
//!
//! - Links are relationships (`w:hyperlink`) and fields (`HYPERLINK`); the citations of
//!   Zotero, Mendeley, EndNote, Citavi and Word are links on the words that show them.
//! - Changes are taken as accepted: inserted text counts, deleted text does not.
//! - A comment is a reviewer's remark and not read, unless it holds an address: then it
//!   is a note on the words that it comments, because drafts are sourced that way.

mod body;
pub(super) mod field;
mod parts;
mod styles;
#[cfg(test)]
mod tests;

use super::builder::Builder;
use super::package::Package;
use super::{BlockKind, Document, DocumentError, Format, Place, Problem, decode, properties, xml};
use crate::limits::Limits;
use body::{NoteKind, Shared};
use std::collections::BTreeSet;
use styles::Styles;
use xml::{Piece, Pieces};

/// A link of a Word document, as its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocxLink {
    /// What it leads to: the relationship's target or the field's address.
    pub target: String,
    /// The place there, which Word keeps apart.
    pub place: Option<String>,
    /// The words that it sits on.
    pub anchor: String,
    /// Whether it stands in a reviewer's comment.
    pub in_comment: bool,
}

/// Reads a Word document.
///
/// # Errors
/// [`DocumentError`] when the package cannot be opened, has no text part, or passes a bound.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Document, DocumentError> {
    read_all(bytes, limits).map(|(document, _)| document)
}

/// The links of a Word document that sit on words, address and place apart.
///
/// # Errors
/// As [`read`].
pub fn links(bytes: &[u8], limits: &Limits) -> Result<Vec<DocxLink>, DocumentError> {
    let (document, targets) = read_all(bytes, limits)?;
    Ok(document
        .links
        .iter()
        .zip(targets)
        .filter_map(|(link, target)| {
            let target = target?;
            let (target, place) = link.url_as_cited.split_at_checked(target)?;
            let block = document.block_at(link.span.start);
            Some(DocxLink {
                target: target.to_owned(),
                place: place.strip_prefix('#').map(str::to_owned),
                anchor: link.span.of(&document.text).to_owned(),
                in_comment: block.is_some_and(|block| match &block.kind {
                    BlockKind::Footnote(label) => label.starts_with("comment "),
                    _ => false,
                }),
            })
        })
        .collect())
}

fn read_all(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Document, Vec<Option<usize>>), DocumentError> {
    let mut package = Package::open(bytes, limits)?;
    let roots = parts::relationships(&mut package, "")?;
    let main = parts::part("", &roots, "officeDocument", "word/document.xml");
    let text = parts::text(&mut package, &main)?;
    if text.is_empty() {
        return Err(DocumentError::Damaged {
            what: "it is no Word document: its text part is missing".to_owned(),
        });
    }
    let relationships = parts::relationships(&mut package, &main)?;
    let name_of = |kind: &str, usual: &str| parts::part(&main, &relationships, kind, usual);
    let styles = parts::text(&mut package, &name_of("styles", "styles.xml"))?;
    let mut shared = Shared::new(Styles::read(&styles));
    shared.sources = parts::sources(&mut package)?;
    let custom = parts::part("", &roots, "custom-properties", "docProps/custom.xml");
    shared.bookmarked = properties::bookmarked(&parts::text(&mut package, &custom)?);
    let comments_part = name_of("comments", "comments.xml");
    let comments = parts::text(&mut package, &comments_part)?;
    shared.comments = with_addresses(&comments);

    let mut builder = Builder::new(Format::Docx);
    let mut damaged = Vec::new();
    let mut walk = |part: &str, text: &str, notes, relationships: &_, shared: &mut Shared| {
        if !text.is_empty() && !body::walk(text, notes, relationships, &mut builder, shared) {
            damaged.push(part.to_owned());
        }
    };
    walk(&main, &text, None, &relationships, &mut shared);
    drop(text);
    for (kind, part) in [
        (NoteKind::Footnote, name_of("footnotes", "footnotes.xml")),
        (NoteKind::Endnote, name_of("endnotes", "endnotes.xml")),
        (NoteKind::Comment, comments_part),
    ] {
        let own = parts::relationships(&mut package, &part)?;
        if kind == NoteKind::Comment {
            walk(&part, &comments, Some(kind), &own, &mut shared);
        } else {
            let text = parts::text(&mut package, &part)?;
            walk(&part, &text, Some(kind), &own, &mut shared);
        }
    }
    let (mut document, targets) = builder.finish();
    document.problems.extend(damaged.iter().map(|part| Problem {
        place: Place::default(),
        text: format!("its part {part} is damaged; what stands before the damage was read"),
    }));
    let core = parts::part("", &roots, "core-properties", "docProps/core.xml");
    let (title, date) = properties::properties(&parts::text(&mut package, &core)?);
    document.title = title.or_else(|| document.first_heading());
    document.date = date;
    document.language = language(&document.text, &shared);
    Ok((document, targets))
}

/// The language of most of the text, as its runs say; where they are silent, what the words
/// look like; then the one that the document was set up with, which is often the program's.
fn language(text: &str, shared: &Shared) -> Option<String> {
    let most = shared.languages.iter().max_by_key(|(_, count)| **count);
    most.filter(|(code, count)| **count * 2 > text.len() && is_code(code))
        .map(|(code, _)| code.clone())
        .or_else(|| decode::language_of(text))
        .or_else(|| {
            let code = shared.styles.language.as_deref()?.get(..2)?.to_lowercase();
            is_code(&code).then_some(code)
        })
}

fn is_code(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())
}

/// The comments that hold an address, by id.
fn with_addresses(comments: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pieces = Pieces::new(comments);
    let mut id = String::new();
    loop {
        match pieces.next() {
            Piece::Open(element) => match element.name() {
                "comment" => id = element.attribute("id").unwrap_or_default(),
                "hyperlink" if element.relationship("id").is_some() => {
                    found.insert(id.clone());
                }
                _ => {}
            },
            Piece::Text(text) => {
                if ["http", "www.", "HYPERLINK"]
                    .iter()
                    .any(|sign| text.contains(sign))
                {
                    found.insert(id.clone());
                }
            }
            Piece::Close | Piece::Entity(_) => {}
            Piece::End(_) => return found,
        }
    }
}
