//! What holds for documents of every format once they were read.
//!
//! **In:** a document as its reader left it. **Out:** the same, with what no reader needs to
//! know: addresses that are linked as themselves, typed reference lists, the language. **Not here:** anything that
//! depends on a format.

use super::{ByteSpan, Document, LinkKind, Place, Problem, decode, notes};

/// Links of one document, and marks of notes: a book of ten thousand pages with ten on each.
const MAX_LINKS: usize = 100_000;
/// What is said about one document; the thousandth problem tells no more than the others.
const MAX_PROBLEMS: usize = 1_000;

/// Programs link printed addresses by themselves; on paper such an address is printed, not linked.
pub(super) fn settle(document: &mut Document) {
    bound(document);
    for link in &mut document.links {
        if link.kind == LinkKind::Hyperlink
            && is_itself(link.span.of(&document.text), &link.url_as_cited)
        {
            link.kind = LinkKind::Printed;
        }
    }
    notes::references(document);
    if document.language.is_none() {
        document.language = decode::language_of(&document.text);
    }
}

/// Lets pages end with the text, of which the end was taken away again: a hyphen, an empty block.
pub(super) fn end_pages(pages: &mut [ByteSpan], text: &str) {
    let end = text.len();
    for page in pages.iter_mut().rev().take_while(|page| page.end > end) {
        *page = ByteSpan::new(page.start.min(end), end);
    }
}

/// Drops what is too much, and says so.
fn bound(document: &mut Document) {
    let mut dropped = Vec::new();
    if document.links.len() > MAX_LINKS {
        dropped.push((document.links.len(), "links"));
        document.links.truncate(MAX_LINKS);
    }
    if document.note_refs.len() > MAX_LINKS {
        dropped.push((document.note_refs.len(), "marks of notes"));
        document.note_refs.truncate(MAX_LINKS);
    }
    document.problems.truncate(MAX_PROBLEMS);
    document
        .problems
        .extend(dropped.into_iter().map(|(count, what)| Problem {
            place: Place::default(),
            text: format!("it has {count} {what}; only the first {MAX_LINKS} are looked at"),
        }));
}

/// Whether words are the address that they lead to, a scheme or a last slash more or less.
fn is_itself(words: &str, url: &str) -> bool {
    let words = bare(words);
    // "intranet" that leads to http://intranet/ is a word.
    words.contains(['.', ':']) && words.eq_ignore_ascii_case(bare(url))
}

fn bare(address: &str) -> &str {
    let address = address.trim();
    let address = ["http://", "https://", "mailto:"]
        .iter()
        .find_map(|scheme| {
            let (start, rest) = address.split_at_checked(scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then_some(rest)
        })
        .unwrap_or(address);
    address.strip_suffix('/').unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_links_are_cut_and_told() {
        let mut document = Document::empty(crate::document::Format::Text);
        let link = crate::document::Link {
            certainty: 100,
            url_as_cited: "https://a.example/".to_owned(),
            span: crate::document::ByteSpan::default(),
            kind: LinkKind::Hyperlink,
        };
        document.links = vec![link; MAX_LINKS + 1];
        settle(&mut document);
        assert_eq!(document.links.len(), MAX_LINKS);
        assert_eq!(
            document.problems[0].text,
            "it has 100001 links; only the first 100000 are looked at"
        );
    }

    #[test]
    fn an_address_linked_as_itself_is_printed() {
        let check = |words: &str, url: &str, expected: bool| {
            assert_eq!(is_itself(words, url), expected, "{words} {url}");
        };
        check("https://a.example/x", "https://a.example/x", true);
        check("a.example", "http://a.example/", true);
        check("A.example/x", "https://a.example/x", true);
        check("me@a.example", "mailto:me@a.example", true);
        check("a.example", "https://a.example/x", false);
        check("the log", "https://a.example/x", false);
        check("intranet", "http://intranet/", false);
        check("", "https://", false);
    }
}
