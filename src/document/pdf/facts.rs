//! What a file says about itself: title and language.
//!
//! **In:** the information dictionary and the catalogue. **Out:** [`Facts`]. **Not here:** a
//! date. A file's dates tell when a program wrote it, which may be long after the text.

use super::glyphs::text_string;
use crate::document::{BlockKind, Document, Place, Problem};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{self, Dict};

/// What a file says about itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    title: Option<String>,
    pub(super) language: Option<String>,
    /// What was left out.
    pub(super) problems: Vec<Problem>,
}

impl Facts {
    pub(super) fn of(pdf: &Pdf) -> Self {
        let title = pdf
            .metadata()
            .title
            .as_ref()
            .map(|title| folded(&text_string(title)));
        let xref = pdf.xref();
        let language = xref
            .get::<Dict<'_>>(xref.root_id())
            .and_then(|catalog| catalog.get::<object::String<'_>>("Lang"))
            .and_then(|language| code(&text_string(language.as_bytes())));
        Self {
            title: title.filter(|title| !title.is_empty()),
            language,
            problems: Vec::new(),
        }
    }

    /// Notes that something was left out.
    pub(super) fn left_out(&mut self, text: String) {
        self.problems.push(Problem {
            place: Place::default(),
            text,
        });
    }

    /// The title that the text itself shows, else the one in the file's own words. Programs
    /// write file names and templates into the latter; readers see the former.
    pub(super) fn title(&self, document: &Document) -> Option<String> {
        let heading = document
            .blocks
            .iter()
            .take(12)
            .find(|block| matches!(block.kind, BlockKind::Heading(1)))
            .map(|block| block.span.of(&document.text).to_owned());
        let said = self.title.as_ref().filter(|title| !is_file_name(title));
        let shown = |title: &&String| {
            let first = document
                .pages
                .first()
                .map_or("", |page| page.of(&document.text));
            let squeezed = |text: &str| -> String {
                text.chars()
                    .filter(|c| c.is_alphanumeric())
                    .flat_map(char::to_lowercase)
                    .collect()
            };
            squeezed(first).contains(&squeezed(title))
        };
        said.filter(shown)
            .cloned()
            .or(heading)
            .or_else(|| said.cloned())
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The language of a tag such as `en-GB` (RFC 5646), if it has two letters.
fn code(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

fn is_file_name(title: &str) -> bool {
    let lower = title.to_lowercase();
    lower.starts_with("microsoft word")
        || lower.starts_with("untitled")
        || [
            ".doc", ".docx", ".odt", ".pdf", ".tex", ".indd", ".dvi", ".rtf", ".qxd", ".html",
        ]
        .iter()
        .any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_its_first_two_letters() {
        let check = |tag: &str, expected: Option<&str>| {
            assert_eq!(code(tag).as_deref(), expected, "{tag}");
        };
        check("en-GB", Some("en"));
        check("DE", Some("de"));
        check("x-default", None);
        check("", None);
        assert!(is_file_name("Microsoft Word - draft.doc"));
        assert!(!is_file_name("The Harbour Wall"));
    }
}
