//! Links on what became of their glyphs.
//!
//! **In:** the links of pages, and where each glyph went in the text. **Out:** links with
//! their spans, one for each that a reader would count. **Not here:** which glyphs lie below
//! an annotation (`page`).

use super::page::PageLink;
use crate::document::{ByteSpan, Document, Link, LinkKind};
use std::collections::BTreeMap;

/// Where each glyph of a line went, by page and line.
pub(super) type Went = BTreeMap<(usize, usize), Vec<Option<ByteSpan>>>;

/// A link of a page in the text; none where it lies on nothing of it. A link on a headline and
/// the text below it sits on the block where most of its words are.
pub(super) fn of(link: &PageLink, page: usize, went: &Went, document: &Document) -> Option<Link> {
    let mut by_block: BTreeMap<usize, (usize, ByteSpan)> = BTreeMap::new();
    for (line, place) in link.pieces.iter().flatten() {
        let glyphs = went.get(&(page, *line));
        let Some(span) = glyphs.and_then(|glyphs| *glyphs.get(*place)?) else {
            continue;
        };
        let block = document
            .blocks
            .partition_point(|block| block.span.start <= span.start);
        let entry = by_block.entry(block).or_insert((0, span));
        entry.0 += span.len();
        entry.1.start = entry.1.start.min(span.start);
        entry.1.end = entry.1.end.max(span.end);
    }
    let most = by_block
        .into_values()
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    Some(Link {
        certainty: 100,
        url_as_cited: link.url.clone(),
        span: whole_words(most?.1, &document.text),
        kind: LinkKind::Hyperlink,
    })
}

/// A link that misses one letter of a word has a box that is a little too small.
fn whole_words(span: ByteSpan, text: &str) -> ByteSpan {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (Some(before), Some(after)) = (text.get(..span.start), text.get(span.end..)) else {
        return span;
    };
    let mut whole = span;
    let mut chars = before.chars().rev();
    if let Some(missing) = chars.next().filter(|c| c.is_alphanumeric())
        && is_letter(span.of(text).chars().next())
        && !is_letter(chars.next())
    {
        whole.start -= missing.len_utf8();
    }
    let mut chars = after.chars();
    if let Some(missing) = chars.next().filter(|c| c.is_alphanumeric())
        && is_letter(span.of(text).chars().next_back())
        && !is_letter(chars.next())
    {
        whole.end += missing.len_utf8();
    }
    whole
}

/// Links in reading order. A link that a page break cut in two is one; so are a link and
/// another to the same address that lies wholly on its words.
pub(super) fn one_each(mut links: Vec<Link>, text: &str) -> Vec<Link> {
    links.sort_by_key(|link| (link.span.start, std::cmp::Reverse(link.span.end)));
    let mut kept: Vec<Link> = Vec::with_capacity(links.len());
    for link in links {
        if let Some(before) = kept.last_mut()
            && before.url_as_cited == link.url_as_cited
        {
            let gap = ByteSpan::new(before.span.end, link.span.start);
            let joined = gap.start <= gap.end
                && gap.of(text).trim().is_empty()
                && !gap.of(text).contains('\n');
            if before.span.contains(link.span) {
                continue;
            }
            if joined || before.span.overlaps(link.span) {
                before.span.end = before.span.end.max(link.span.end);
                continue;
            }
        }
        kept.push(link);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_missing_by_mistake_and_two_are_not() {
        let text = "See the survey of walls.";
        let check = |start: usize, end: usize, expected: &str| {
            let span = whole_words(ByteSpan::new(start, end), text);
            assert_eq!(span.of(text), expected);
        };
        check(9, 13, "survey");
        check(9, 14, "survey");
        check(8, 13, "survey");
        check(8, 14, "survey");
        check(10, 14, "rvey");
        check(0, 0, "");
    }
}
