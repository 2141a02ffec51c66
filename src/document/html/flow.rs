//! The text of a page, with its blocks, links and marks.
//!
//! **In:** a parsed tree, which elements are left out, and the notes. **Out:** a
//! [`Document`]. **Not here:** what is left out (`article`), which targets are notes (`notes`).
//!
//! White space is folded as a browser shows it; what is preformatted stays. Nothing here
//! recurses: the depth of a page is a stranger's choice.

use super::article::Left;
use super::notes::Notes;
use super::tree::{Node, is_block, is_in_prose};
use super::words;
use crate::document::markdown::absolute;
use crate::document::{
    Block, BlockKind, ByteSpan, Document, Link, LinkKind, NoteRef, Place, Problem,
};
use crate::limits::Budget;
use scraper::Html;
use url::Url;

/// Bytes of all addresses of a page: each relative one becomes as long as what it is relative to,
/// and a page of a few megabytes may have a million.
pub(super) const MAX_ADDRESSES: u64 = 64 << 20;
/// Characters of a way back from a note ("[12]", "Back").
const WAY_BACK: usize = 5;

pub(super) struct Flow<'a> {
    pub(super) document: Document,
    pub(super) nodes: &'a [Node<'a>],
    pub(super) left: &'a Left,
    pub(super) notes: &'a Notes,
    /// What relative addresses are relative to.
    pub(super) base: Option<Url>,
    /// The page's own address, without fragment.
    pub(super) own: Option<Url>,
    /// Bytes of addresses that may still be made; none when they were too many.
    pub(super) addresses: Option<Budget>,
    pub(super) state: State,
}

/// Where in the page the reader stands.
#[derive(Debug, Default)]
pub(super) struct State {
    kind: Option<BlockKind>,
    block_start: usize,
    space: bool,
    breaks: usize,
    /// Address and start of the link that we are in.
    link: Option<(String, usize)>,
    /// How certain that link is, in percent.
    certainty: u8,
    /// A mark whose words stay: its label and start.
    words_of_mark: Option<(String, usize)>,
    code: usize,
    in_note: Option<BlockKind>,
    /// The opening bracket that was taken back for a mark, and what has come since.
    bracket: Option<(char, String)>,
    /// Quotations that name their source: where they begin.
    quotes: Vec<(String, usize)>,
}

/// What is undone when an element closes.
struct Open {
    index: usize,
    kind: Option<Option<BlockKind>>,
    note: Option<Option<BlockKind>>,
    link: bool,
    words_of_mark: bool,
    quote: bool,
}

impl Flow<'_> {
    pub(super) fn read(mut self, html: &Html) -> Document {
        let mut node = html.tree.root();
        let mut next_index = 0;
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut down = true;
            if node.value().is_element() {
                let index = next_index;
                let end = self.nodes.get(index).map_or(index + 1, |node| node.end);
                let (opened, inside) = self.open(index);
                open.push(opened);
                down = inside;
                next_index = if inside { index + 1 } else { end };
            } else if let Some(text) = node.value().as_text() {
                self.text(text);
            }
            if down && let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            loop {
                if node.value().is_element()
                    && let Some(opened) = open.pop()
                {
                    self.close(opened);
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                match node.parent() {
                    Some(parent) => node = parent,
                    None => {
                        self.end_block();
                        return self.document;
                    }
                }
            }
        }
    }

    /// Opens an element; gives whether its content is read.
    fn open(&mut self, index: usize) -> (Open, bool) {
        let mut opened = Open {
            index,
            kind: None,
            note: None,
            link: false,
            words_of_mark: false,
            quote: false,
        };
        let nodes = self.nodes;
        let Some(node) = nodes.get(index) else {
            return (opened, false);
        };
        let name = node.element.name();
        if self.left.out.get(index).copied().unwrap_or(false) {
            if is_block(name) {
                self.end_block();
            }
            return (opened, false);
        }
        if is_for_readers_aloud(node) || is_way_back(node) {
            return (opened, false);
        }
        if let Some(note) = self.notes.kind_at(index) {
            self.end_block();
            opened.note = Some(self.state.in_note.replace(note));
        }
        if let Some(kind) = kind_of(name) {
            self.end_block();
            let outer = self.state.kind.clone();
            let inherits =
                kind == BlockKind::Paragraph && matches!(name, "p" | "div" | "section" | "span");
            let kind = match &self.state.in_note {
                Some(note) => note.clone(),
                None if inherits => outer.clone().unwrap_or(kind),
                None => kind,
            };
            opened.kind = Some(self.state.kind.replace(kind));
        } else if opened.note.is_some() {
            opened.kind = Some(self.state.kind.take());
            self.state.kind = self.state.in_note.clone();
        }
        match name {
            "pre" => self.state.code += 1,
            "br" => self.line_break(),
            "input" | "label" | "option" | "img" => self.state.space |= name != "img",
            "a" => {
                let inside = self.anchor(index, &mut opened);
                return (opened, inside);
            }
            _ => {}
        }
        if matches!(name, "blockquote" | "q")
            && let Some(cite) = node.element.attr("cite").map(str::trim)
            && is_citable(cite)
        {
            self.state.quotes.push((cite.to_owned(), usize::MAX));
            opened.quote = true;
        }
        (opened, true)
    }

    fn close(&mut self, opened: Open) {
        let name = self
            .nodes
            .get(opened.index)
            .map_or("", |node| node.element.name());
        if opened.link {
            self.close_link();
        }
        if opened.words_of_mark
            && let Some((label, start)) = self.state.words_of_mark.take()
        {
            let end = self.document.text.len();
            if start < end {
                self.document.note_refs.push(NoteRef {
                    label,
                    span: ByteSpan::new(start, end),
                });
            }
        }
        if opened.quote
            && let Some((cite, start)) = self.state.quotes.pop()
            && start < self.document.text.len()
        {
            // A quotation over several blocks is cited from its first on.
            let end = self
                .document
                .text
                .get(start..)
                .and_then(|quoted| quoted.find("\n\n"))
                .map_or(self.document.text.len(), |length| start + length);
            self.push_link(&cite, ByteSpan::new(start, end), 100);
        }
        let read = !self.left.out.get(opened.index).copied().unwrap_or(false);
        if read {
            match name {
                "pre" if opened.kind.is_some() => {
                    self.state.code = self.state.code.saturating_sub(1)
                }
                _ => {}
            }
        }
        if let Some(kind) = opened.kind {
            self.end_block();
            self.state.kind = kind;
        }
        if let Some(note) = opened.note {
            self.end_block();
            self.state.in_note = note;
        }
    }

    /// Opens an anchor; gives whether its words are read.
    fn anchor(&mut self, index: usize, opened: &mut Open) -> bool {
        let nodes = self.nodes;
        let Some(node) = nodes.get(index) else {
            return false;
        };
        let href = node.element.attr("href").map_or("", str::trim);
        let fragment = self.fragment(href);
        if let Some(id) = fragment {
            let length: usize = nodes
                .get(index..node.end)
                .unwrap_or_default()
                .iter()
                .map(|inner| inner.own.text)
                .sum();
            if let Some(label) = self.notes.label(&id).map(str::to_owned) {
                if super::notes::looks_like_mark(nodes, index) {
                    self.mark(label);
                    return false;
                }
                self.state.words_of_mark = Some((label, usize::MAX));
                opened.words_of_mark = true;
                return true;
            }
            // A way back to the mark is no part of the note's words.
            return !(self.state.in_note.is_some() && length <= WAY_BACK);
        }
        let rel = node.element.attr("rel").unwrap_or("");
        // Some pages mark words of their sentences as tags.
        let sorts = words::is_relation(rel) && !is_in_prose(self.nodes, index);
        let uncited =
            self.left.uncited.get(index).copied().unwrap_or(false) || self.is_own(href, index);
        if is_citable(href) && !words::is_share(href) && !sorts && !uncited {
            self.close_link();
            self.state.link = Some((href.to_owned(), usize::MAX));
            self.state.certainty = self.left.doubts.get(&index).copied().unwrap_or(100);
            opened.link = true;
        }
        true
    }

    /// Whether an address is the page's own (a page does not cite itself), or is handed it
    /// (to share, print, translate or read the page aloud).
    fn is_own(&self, href: &str, index: usize) -> bool {
        let Some(own) = self.own.as_ref().filter(|own| !own.cannot_be_a_base()) else {
            return false;
        };
        if let Some((_, query)) = href.split_once('?')
            && own.path().len() > 1
            // Shops are told in every sentence which page led to them.
            && self.nodes.get(index).is_some_and(|node| node.alone)
            && let Some(host) = own.host_str()
        {
            let plain = format!("//{host}{}", own.path());
            let handed = query.contains(&plain)
                || query.contains(&plain.replace('/', "%2F"))
                || query.contains(&plain.replace('/', "%2f"));
            if handed {
                return true;
            }
        }
        own.join(href).is_ok_and(|url| {
            url.fragment().is_none()
                && url.path() == own.path()
                && url.query() == own.query()
                && url.host_str() == own.host_str()
        })
    }

    /// The fragment of an address within this page.
    fn fragment(&self, href: &str) -> Option<String> {
        if let Some(fragment) = href.strip_prefix('#') {
            return Some(fragment.to_owned());
        }
        if !href.contains('#') {
            return None;
        }
        let own = self.own.as_ref()?;
        let mut url = own.join(href).ok()?;
        let fragment = url.fragment()?.to_owned();
        url.set_fragment(None);
        (url == *own && !fragment.starts_with(":~:")).then_some(fragment)
    }

    /// A mark of a note: its own words are no part of the text.
    fn mark(&mut self, label: String) {
        if self.state.bracket.is_none()
            && self.may_shrink()
            && let Some(open) = self.document.text.chars().next_back()
            && matches!(open, '[' | '(')
        {
            self.document.text.pop();
            if self.may_shrink() && self.document.text.ends_with(' ') {
                self.document.text.pop();
            }
            self.state.bracket = Some((open, String::new()));
        } else if let Some((_, since)) = &mut self.state.bracket {
            since.clear();
        }
        let end = self.document.text.len();
        self.document.note_refs.push(NoteRef {
            label,
            span: ByteSpan::new(end, end),
        });
    }

    /// Whether the last character belongs to nothing but the block.
    fn may_shrink(&self) -> bool {
        let end = self.document.text.len();
        let state = &self.state;
        let starts = state
            .link
            .iter()
            .map(|link| link.1)
            .chain(state.words_of_mark.iter().map(|mark| mark.1))
            .chain(state.quotes.iter().map(|quote| quote.1));
        let mut starts = starts.filter(|start| *start != usize::MAX);
        let last = self.document.links.last().map_or(0, |link| link.span.end);
        let marked = self
            .document
            .note_refs
            .last()
            .map_or(0, |mark| mark.span.end);
        end > state.block_start && last < end && marked < end && starts.all(|start| start + 1 < end)
    }

    fn line_break(&mut self) {
        if self.state.code > 0 {
            self.push("\n");
            return;
        }
        self.state.space = true;
        self.state.breaks += 1;
        // Two in a row are how old pages set paragraphs.
        if self.state.breaks == 2 && self.state.link.is_none() {
            let breaks = self.state.breaks;
            self.end_block();
            self.state.breaks = breaks;
        }
    }

    fn text(&mut self, text: &str) {
        if self.state.code > 0 {
            if !text.is_empty() {
                self.push(text);
            }
            return;
        }
        let mut rest = text;
        if let Some((open, since)) = &mut self.state.bracket {
            let close = if *open == '[' { ']' } else { ')' };
            if let Some(after) = text.trim_start().strip_prefix(close)
                && since.trim().is_empty()
            {
                self.state.bracket = None;
                rest = after;
            } else if text
                .chars()
                .all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '–' | '-' | '|'))
            {
                since.push_str(text);
                return;
            } else {
                let held = format!("{open}{since}");
                self.state.bracket = None;
                self.words(&held);
            }
        }
        self.words(rest);
    }

    fn words(&mut self, text: &str) {
        for (index, word) in text.split(char::is_whitespace).enumerate() {
            self.state.space |= index > 0;
            if !word.is_empty() {
                self.push(word);
            }
        }
    }

    fn push(&mut self, word: &str) {
        let state = &mut self.state;
        let text = &mut self.document.text;
        state.breaks = 0;
        if text.len() == state.block_start && !text.is_empty() {
            text.push_str("\n\n");
            state.block_start = text.len();
        }
        if state.space && text.len() > state.block_start && state.code == 0 {
            text.push(' ');
        }
        state.space = false;
        let starts = state
            .link
            .iter_mut()
            .map(|link| &mut link.1)
            .chain(state.words_of_mark.iter_mut().map(|mark| &mut mark.1))
            .chain(state.quotes.iter_mut().map(|quote| &mut quote.1));
        for start in starts {
            if *start == usize::MAX {
                *start = text.len();
            }
        }
        text.push_str(word);
    }

    fn close_link(&mut self) {
        if let Some((href, start)) = self.state.link.take()
            && start < self.document.text.len()
        {
            let span = ByteSpan::new(start, self.document.text.len());
            self.push_link(&href, span, self.state.certainty);
        }
    }

    fn push_link(&mut self, href: &str, span: ByteSpan, certainty: u8) {
        let kind = if span.of(&self.document.text) == href {
            LinkKind::Printed
        } else {
            LinkKind::Hyperlink
        };
        let Some(addresses) = &mut self.addresses else {
            return;
        };
        let address = absolute(href.to_owned(), self.base.as_ref());
        if let Err(why) = addresses.take(address.len() as u64) {
            self.addresses = None;
            self.document.problems.push(Problem {
                place: Place::default(),
                text: format!("{why}: the links behind them were left out"),
            });
            return;
        }
        self.document.links.push(Link {
            url_as_cited: address,
            span,
            kind,
            certainty,
        });
    }

    fn end_block(&mut self) {
        // A link around several blocks is on the words of the first that has any.
        if self
            .state
            .link
            .as_ref()
            .is_some_and(|link| link.1 != usize::MAX)
        {
            self.close_link();
        }
        if let Some((open, since)) = self.state.bracket.take()
            && !since.trim().is_empty()
        {
            self.words(&format!("{open}{since}"));
        }
        let text = &mut self.document.text;
        let span = ByteSpan::new(self.state.block_start, text.len());
        if !span.is_empty() {
            self.document.blocks.push(Block {
                kind: self.state.kind.clone().unwrap_or(BlockKind::Paragraph),
                span,
            });
        }
        self.state.block_start = text.len();
        self.state.space = false;
        self.state.breaks = 0;
    }
}

/// What block an element begins.
fn kind_of(name: &str) -> Option<BlockKind> {
    Some(match name {
        "h1" => BlockKind::Heading(1),
        "h2" => BlockKind::Heading(2),
        "h3" => BlockKind::Heading(3),
        "h4" => BlockKind::Heading(4),
        "h5" => BlockKind::Heading(5),
        "h6" => BlockKind::Heading(6),
        "li" | "dd" | "dt" => BlockKind::ListItem,
        "td" | "th" => BlockKind::TableCell,
        "figcaption" | "caption" => BlockKind::Caption,
        "blockquote" => BlockKind::Quote,
        "pre" => BlockKind::Code,
        _ if is_block(name) => BlockKind::Paragraph,
        _ => return None,
    })
}

/// Whether an address can be cited: it leads out of the page, and to something that is read.
fn is_citable(href: &str) -> bool {
    let lower: String = href
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(12)
        .flat_map(char::to_lowercase)
        .collect();
    !(lower.is_empty()
        || lower.starts_with('#')
        || [
            "javascript:",
            "tel:",
            "sms:",
            "data:",
            "about:",
            "blob:",
            "vbscript:",
            // Made by a reader's own device.
            "x-",
        ]
        .iter()
        .any(|scheme| lower.starts_with(scheme)))
}

/// Words that a page gives only to programs that read it aloud.
fn is_for_readers_aloud(node: &Node<'_>) -> bool {
    node.element.attr("class").is_some_and(|class| {
        class.split_whitespace().take(40).any(|class| {
            matches!(
                class,
                "sr-only"
                    | "visually-hidden"
                    | "visuallyhidden"
                    | "screen-reader-text"
                    | "screenreader"
                    | "u-screen-reader-text"
                    | "screen-reader-only"
                    | "assistive-text"
            )
        })
    })
}

/// A way back from a note to its mark, by its own word.
fn is_way_back(node: &Node<'_>) -> bool {
    node.element.attr("role") == Some("doc-backlink")
        || node.element.attr("epub:type") == Some("backlink")
        || node.element.attr("class").is_some_and(|class| {
            class.split_whitespace().take(40).any(|class| {
                matches!(
                    class,
                    "mw-cite-backlink"
                        | "footnote-back"
                        | "footnote-backref"
                        | "reversefootnote"
                        | "footnote-return"
                        | "data-footnote-backref"
                        | "backlink"
                )
            })
        })
}
