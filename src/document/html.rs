//! HTML, from a file or from the web.
//!
//! **In:** characters, the address they came from, the bounds. **Out:** a
//! [`Document`] of the main part of the page. **Not here:** scripts are not run,
//! styles not asked; what a page hides with them is read like the rest.
//!
//! html5ever's time is quadratic in nesting depth, so [`cap_depth`] flattens what is
//! too deep before the parser sees it.

use super::markdown::{absolute, date};
use super::{
    Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, NoteRef, Place, Problem,
};
use crate::limits::Limits;
use scraper::{ElementRef, Html, Node, Selector};
use std::borrow::Cow;
use std::collections::BTreeMap;
use url::Url;

/// Elements that never hold others (HTML, section 13.1.2, "void elements").
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr", "param",
];

/// Elements whose content is not markup.
const RAW: &[&str] = &[
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed",
];

/// Drops the tags of elements that are nested deeper than `max_depth`; their text stays.
#[must_use]
pub fn cap_depth(html: &str, max_depth: usize) -> Cow<'_, str> {
    // Counts without matching names: a closing tag closes something or nothing, and both
    // bound the depth that the parser can reach. Implied closings only lower the real depth.
    let bytes = html.as_bytes();
    let mut kept = String::new();
    let mut copied = 0;
    let mut depth = 0_usize;
    let mut dropped: Vec<&str> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(next) = html[at..].find('<') {
        let start = at + next;
        if html[start..].starts_with("<!--") {
            at = html[start + 4..]
                .find("-->")
                .map_or(html.len(), |end| start + 4 + end + 3);
            continue;
        }
        let closing = bytes.get(start + 1) == Some(&b'/');
        let name_start = start + 1 + usize::from(closing);
        let name_len = bytes[name_start..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
            .count();
        if name_len == 0 || !bytes[name_start].is_ascii_alphabetic() {
            at = start + 1;
            continue;
        }
        let name = &html[name_start..name_start + name_len];
        let end = tag_end(bytes, name_start + name_len);
        at = end;
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(VOID) {
            continue;
        }
        if !closing && is(RAW) {
            at = end_of_raw(html, end, name);
            continue;
        }
        if closing {
            if dropped
                .last()
                .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
            {
                dropped.pop();
                kept.push_str(&html[copied..start]);
                copied = end;
            } else if let Some(index) = open
                .iter()
                .rev()
                .take(64)
                .position(|tag| tag.eq_ignore_ascii_case(name))
            {
                open.truncate(open.len() - 1 - index);
                depth = open.len();
            }
        } else if depth >= max_depth {
            dropped.push(name);
            kept.push_str(&html[copied..start]);
            copied = end;
        } else {
            // An open p or li is closed by the next one, which keeps old pages shallow.
            let implied = ["p", "li", "td", "tr", "dt", "dd", "option"];
            if is(&implied)
                && open
                    .last()
                    .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
            {
                open.pop();
            }
            open.push(name);
            depth = open.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[copied..]);
    Cow::Owned(kept)
}

/// One past the `>` that ends a tag; quoted attribute values may hold `>`.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (offset, byte) in bytes[from..].iter().enumerate() {
        match (quote, *byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if after_equals => quote = Some(*byte),
            (None, b'>') => return from + offset + 1,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            after_equals = *byte == b'=';
        }
    }
    bytes.len()
}

/// Where the closing tag of a raw element begins.
fn end_of_raw(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(next) = html[at..].find("</") {
        let start = at + next;
        let found = html.as_bytes().get(start + 2..start + 2 + name.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return start + 2 + name.len();
        }
        at = start + 2;
    }
    html.len()
}

/// Reads HTML.
#[must_use]
pub fn read(text: &str, base: Option<&Url>, limits: &Limits) -> Document {
    let capped = cap_depth(text, limits.max_html_depth);
    let flattened = matches!(capped, Cow::Owned(_));
    let html = Html::parse_document(&capped);
    let mut document = Document::empty(Format::Html);
    if flattened {
        document.problems.push(Problem {
            place: Place::default(),
            text: format!(
                "elements nested deeper than {} were flattened",
                limits.max_html_depth
            ),
        });
    }
    document.title = first_text(&html, "meta[property='og:title']", "content")
        .or_else(|| first_text(&html, "title", ""))
        .or_else(|| first_text(&html, "h1", ""));
    document.date = [
        ("meta[property='article:published_time']", "content"),
        ("meta[name='date']", "content"),
        ("meta[name='DC.date' i]", "content"),
        ("time[datetime]", "datetime"),
    ]
    .iter()
    .find_map(|(query, attribute)| date(&first_text(&html, query, attribute)?));
    document.language = first_text(&html, "html", "lang")
        .and_then(|lang| lang.get(..2).map(str::to_lowercase))
        .filter(|lang| lang.bytes().all(|b| b.is_ascii_lowercase()));
    let href = first_text(&html, "base[href]", "href");
    let base = match (base, href) {
        (Some(base), Some(href)) => base.join(&href).ok(),
        (None, Some(href)) => Url::parse(&href).ok(),
        (base, None) => base.cloned(),
    };
    let mut builder = Builder {
        document,
        kind: BlockKind::Paragraph,
        block_start: 0,
        space: false,
        link: None,
        base,
        notes: note_targets(&html),
        code: 0,
        in_note: None,
    };
    builder.walk(main_part(&html));
    builder.finish()
}

fn select<'a>(html: &'a Html, query: &str) -> Vec<ElementRef<'a>> {
    Selector::parse(query)
        .map(|selector| html.select(&selector).collect())
        .unwrap_or_default()
}

/// An attribute of the first match, or its text where `attribute` is empty.
fn first_text(html: &Html, query: &str, attribute: &str) -> Option<String> {
    let element = *select(html, query).first()?;
    let value = if attribute.is_empty() {
        element.text().collect::<String>()
    } else {
        element.value().attr(attribute)?.to_owned()
    };
    let folded = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!folded.is_empty()).then_some(folded)
}

/// The page's only `article` or `main`, else all of it: several articles are a list of teasers.
fn main_part(html: &Html) -> ElementRef<'_> {
    for query in ["main", "[role='main']", "article"] {
        if let [only] = select(html, query)[..]
            && only.text().map(str::len).sum::<usize>() > 200
        {
            return only;
        }
    }
    html.root_element()
}

/// Fragments that links within the page point to, where the target holds a link elsewhere.
fn note_targets(html: &Html) -> BTreeMap<String, bool> {
    let mut targets = BTreeMap::new();
    for link in select(html, "a[href^='#']") {
        if let Some(id) = link.value().attr("href").and_then(|href| href.get(1..)) {
            targets.insert(id.to_owned(), false);
        }
    }
    for element in select(html, "li[id], p[id], div[id], dd[id], aside[id]") {
        let id = element.value().attr("id").unwrap_or("");
        if !targets.contains_key(id) {
            continue;
        }
        let Ok(links) = Selector::parse("a[href]") else {
            continue;
        };
        let mut hrefs = element
            .select(&links)
            .filter_map(|link| link.value().attr("href"));
        let (mut back, mut away) = (false, false);
        for href in hrefs.by_ref().take(50) {
            back |= href.starts_with('#');
            away |= !href.starts_with('#');
        }
        // A section of the page is a target too; a note is short and is a list's item or leads back.
        let length: usize = element.text().map(str::len).sum();
        let is_item = matches!(element.value().name(), "li" | "p" | "dd");
        if length < 2000 && (back || (is_item && away)) {
            targets.insert(id.to_owned(), true);
        }
    }
    targets.retain(|_, is_note| *is_note);
    targets
}

struct Builder {
    document: Document,
    kind: BlockKind,
    block_start: usize,
    space: bool,
    link: Option<(String, usize)>,
    base: Option<Url>,
    notes: BTreeMap<String, bool>,
    code: usize,
    in_note: Option<String>,
}

impl Builder {
    /// Walks the tree; its depth is bounded by [`cap_depth`], so recursion is.
    fn walk(&mut self, element: ElementRef<'_>) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        if is_furniture(element) {
            return;
        }
        let kind = match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                Some(BlockKind::Heading(name.as_bytes()[1] - b'0'))
            }
            "li" | "dd" | "dt" => Some(BlockKind::ListItem),
            "td" | "th" => Some(BlockKind::TableCell),
            "figcaption" | "caption" => Some(BlockKind::Caption),
            "blockquote" => Some(BlockKind::Quote),
            "pre" => Some(BlockKind::Code),
            "p" | "div" | "section" | "article" | "main" | "body" | "ul" | "ol" | "dl"
            | "table" | "tr" | "thead" | "tbody" | "figure" | "address" | "details" | "summary"
            | "aside" | "header" | "footer" | "center" | "hr" | "tfoot" => {
                Some(BlockKind::Paragraph)
            }
            _ => None,
        };
        let id = element.value().attr("id").unwrap_or("");
        let outer_note = self.in_note.clone();
        if self.notes.contains_key(id) {
            self.in_note = Some(id.to_owned());
        }
        if let Some(kind) = kind {
            let outer = if matches!(name, "p" | "div") && self.kind != BlockKind::Code {
                self.kind.clone()
            } else {
                kind.clone()
            };
            self.end_block();
            let before = std::mem::replace(
                &mut self.kind,
                match &self.in_note {
                    Some(label) => BlockKind::Footnote(label.clone()),
                    None if kind == BlockKind::Paragraph => outer,
                    None => kind,
                },
            );
            self.code += usize::from(name == "pre");
            self.walk(element);
            self.code -= usize::from(name == "pre");
            self.end_block();
            self.kind = before;
        } else if name == "a" {
            self.anchor(element);
        } else if name == "br" {
            self.space = true;
        } else {
            self.walk(element);
        }
        self.in_note = outer_note;
    }

    fn anchor(&mut self, element: ElementRef<'_>) {
        let href = element.value().attr("href").map_or("", str::trim);
        if let Some(id) = href.strip_prefix('#') {
            // A way back to the mark is no part of the note's words.
            if self.in_note.is_some() {
                let words: String = element.text().collect();
                if words.trim().chars().count() > 3 {
                    self.walk(element);
                }
                return;
            }
            if self.notes.contains_key(id) {
                let end = self.document.text.len();
                self.document.note_refs.push(NoteRef {
                    label: id.to_owned(),
                    span: ByteSpan::new(end, end),
                });
                return;
            }
        }
        let lower: String = href.chars().take(12).flat_map(char::to_lowercase).collect();
        if href.is_empty() || href.starts_with('#') || lower.starts_with("javascript:") {
            self.walk(element);
            return;
        }
        self.link = Some((href.to_owned(), usize::MAX));
        self.walk(element);
        self.close_link();
    }

    fn close_link(&mut self) {
        let Some((href, start)) = self.link.take() else {
            return;
        };
        let end = self.document.text.len();
        if start >= end {
            return;
        }
        let span = ByteSpan::new(start, end);
        let words = span.of(&self.document.text);
        let kind = if words == href {
            LinkKind::Printed
        } else {
            LinkKind::Hyperlink
        };
        self.document.links.push(Link {
            url_as_cited: absolute(href, self.base.as_ref()),
            span,
            kind,
        });
    }

    fn text(&mut self, text: &str) {
        if self.code > 0 {
            self.begin();
            self.document.text.push_str(text);
            return;
        }
        for (index, word) in text.split(|c: char| c.is_whitespace()).enumerate() {
            self.space |= index > 0;
            if word.is_empty() {
                continue;
            }
            self.begin();
            if self.space && self.document.text.len() > self.block_start {
                self.document.text.push(' ');
            }
            self.space = false;
            if let Some((_, start)) = &mut self.link
                && *start == usize::MAX
            {
                *start = self.document.text.len();
            }
            self.document.text.push_str(word);
        }
    }

    fn begin(&mut self) {
        if self.document.text.len() == self.block_start && !self.document.text.is_empty() {
            self.document.text.push_str("\n\n");
            self.block_start = self.document.text.len();
        }
    }

    fn end_block(&mut self) {
        // A link around several blocks is on the words of the first that has any.
        if self.link.as_ref().is_some_and(|link| link.1 != usize::MAX) {
            self.close_link();
        }
        let span = ByteSpan::new(self.block_start, self.document.text.len());
        if !span.is_empty() {
            self.document.blocks.push(Block {
                kind: self.kind.clone(),
                span,
            });
        }
        self.block_start = self.document.text.len();
        self.space = false;
    }

    fn finish(mut self) -> Document {
        self.end_block();
        super::markdown::bare_addresses(&mut self.document, &[]);
        self.document
    }
}

/// What frames the page and is not part of what it says.
fn is_furniture(element: ElementRef<'_>) -> bool {
    let value = element.value();
    let role = value.attr("role").unwrap_or("");
    let hidden = value.attr("hidden").is_some();
    let notes = role == "doc-endnotes" || role == "doc-footnote";
    let named = match value.name() {
        "script" | "style" | "noscript" | "template" | "nav" | "svg" | "form" | "button"
        | "select" | "iframe" | "head" => true,
        // The header and footer of an article hold its title and its notes.
        "header" | "footer" | "aside" => {
            !notes
                && !element
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|outer| matches!(outer.value().name(), "article" | "main"))
        }
        _ => false,
    };
    named || hidden || matches!(role, "navigation" | "banner" | "contentinfo" | "search")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_capped_and_text_is_kept() {
        let deep = format!("{}x{}", "<b>".repeat(50_000), "</b>".repeat(50_000));
        let capped = cap_depth(&deep, 256);
        assert_eq!(capped.matches("<b>").count(), 256);
        assert!(capped.contains('x'));
        assert!(matches!(cap_depth("<p>a<p>b<br>", 2), Cow::Borrowed(_)));
        assert!(matches!(
            cap_depth("<script>if(a<b){</script><p>x", 2),
            Cow::Borrowed(_)
        ));
        let document = read(&deep, None, &Limits::default());
        assert_eq!(document.text, "x");
        assert_eq!(document.problems.len(), 1);
    }

    #[test]
    fn words_links_and_notes_are_read() {
        let base = Url::parse("https://e.example/dir/page").unwrap();
        let html = "<html lang=en-GB><title> A  page </title><nav><a href=/>Home</a></nav>\
            <p>It <a href='../log'>really rained</a>.<sup><a href='#fn1'>1</a></sup> Ok.</p>\
            <ol><li id=fn1>The <a href='https://n.example/'>note</a>. <a href='#r1'>↩</a></li></ol>";
        let document = read(html, Some(&base), &Limits::default());
        assert_eq!(document.title.as_deref(), Some("A page"));
        assert_eq!(document.language.as_deref(), Some("en"));
        assert_eq!(document.text, "It really rained. Ok.\n\nThe note.");
        assert_eq!(document.links[0].url_as_cited, "https://e.example/log");
        assert_eq!(document.links[0].span.of(&document.text), "really rained");
        assert_eq!(document.note_refs[0].span, ByteSpan::new(17, 17));
        assert_eq!(
            document.blocks[1].kind,
            BlockKind::Footnote("fn1".to_owned())
        );
    }
}
