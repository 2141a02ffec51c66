//! What holds for documents of every format once they were read.
//!
//! **In:** a document as its reader left it. **Out:** the same, with what no reader needs to
//! know: addresses that are linked as themselves, typed reference lists, the language. **Not here:** anything that
//! depends on a format.

use super::{Document, LinkKind, decode, notes};

/// Programs link printed addresses by themselves; on paper such an address is printed, not linked.
pub(super) fn settle(document: &mut Document) {
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
