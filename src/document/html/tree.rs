//! The elements of a page in document order, measured.
//!
//! **In:** a parsed tree. **Out:** one [`Node`] an element, parents before children, with
//! how much text, how many links and how much prose stand in it. **Not here:** what of it
//! is the document's own text (`article`).
//!
//! Nothing here recurses: the depth of a page is a stranger's choice.

use super::words::{self, Naming};
use scraper::Html;
use scraper::node::Element;

/// Characters of unlinked text that make a block prose: a short sentence.
const PROSE: usize = 60;
/// Characters kept of a block's beginning.
const HEAD: usize = 60;
/// Characters kept of what stands before a link.
const TAIL: usize = 48;

/// One element.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) element: &'a Element,
    /// Index of its parent (its own for the first).
    pub(super) parent: usize,
    /// One past the index of its last descendant.
    pub(super) end: usize,
    /// What stands directly in it; prose is counted where the block is.
    pub(super) own: Amount,
    /// How much stands before it on the page outside of links, in characters without white space.
    pub(super) at: usize,
    /// How the text of its block before it ends, for links.
    pub(super) tail: String,
    /// How its text begins, for blocks and for links.
    pub(super) head: String,
    /// Whether its block has no text before it.
    pub(super) begins: bool,
    /// Whether its block ends with a colon.
    pub(super) announces: bool,
    /// Whether its block ends like a sentence.
    pub(super) is_sentence: bool,
    /// Bars between the links of its block.
    pub(super) bars: usize,
    /// A link that stands alone in its line.
    pub(super) alone: bool,
    pub(super) naming: Naming,
}

/// How much stands somewhere, in characters without white space.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amount {
    pub(super) text: usize,
    /// Of it within links that lead elsewhere.
    pub(super) linked: usize,
    pub(super) links: usize,
    /// Text of blocks that are mostly words and not links.
    pub(super) prose: usize,
    pub(super) buttons: usize,
}

impl Amount {
    pub(super) const fn add(&mut self, other: Self) {
        self.text += other.text;
        self.linked += other.linked;
        self.links += other.links;
        self.prose += other.prose;
        self.buttons += other.buttons;
    }

    /// Whether more than `percent` of the text is linked.
    pub(super) const fn is_linked(self, percent: usize) -> bool {
        self.linked * 100 > self.text * percent
    }
}

/// Whether an element begins a block of text.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "body"
            | "ul"
            | "ol"
            | "dl"
            | "li"
            | "dd"
            | "dt"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "figure"
            | "figcaption"
            | "caption"
            | "blockquote"
            | "pre"
            | "address"
            | "details"
            | "summary"
            | "aside"
            | "header"
            | "footer"
            | "center"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "form"
            | "fieldset"
            | "nav"
            | "dialog"
            | "hgroup"
            | "html"
            | "search"
    )
}

/// Elements whose content is never read as text.
pub(super) fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "select"
            | "iframe"
            | "head"
            | "object"
            | "canvas"
            | "audio"
            | "video"
            | "textarea"
            | "datalist"
            | "noembed"
            | "noframes"
            | "map"
    )
}

struct Open {
    index: usize,
    block: bool,
    link: bool,
    anchor: bool,
    /// Text and linked text directly in this block.
    text: usize,
    linked: usize,
    line: Line,
    /// How the text so far ends.
    last: Option<char>,
    tail: String,
    bars: usize,
}

/// What stands in a block's line so far: nothing, one link, or more.
#[derive(Debug, Clone, Copy, Default)]
enum Line {
    #[default]
    Empty,
    Link(usize),
    More,
}

/// Ends the line of the innermost open block.
fn end_line(open: &mut [Open], nodes: &mut [Node<'_>]) {
    if let Some(block) = open.iter_mut().rev().find(|open| open.block)
        && let Line::Link(link) = std::mem::take(&mut block.line)
        && let Some(node) = nodes.get_mut(link)
    {
        node.alone = true;
    }
}

/// Measures a tree. Silent elements are in the list, and nothing below them.
pub(super) fn measure(html: &Html) -> Vec<Node<'_>> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut links = 0_usize;
    let mut link = 0_usize;
    let mut unlinked = 0_usize;
    let mut node = html.tree.root();
    loop {
        let mut down = true;
        if let Some(element) = node.value().as_element() {
            let parent = open.last().map_or(nodes.len(), |open| open.index);
            let name = element.name();
            let away = name == "a"
                && element.attr("href").is_some_and(|href| {
                    !href.trim_start().starts_with('#') && !href.trim().is_empty()
                });
            let silent = is_silent(name);
            if name == "br" || is_block(name) {
                end_line(&mut open, &mut nodes);
            }
            let own = Amount {
                links: usize::from(away),
                buttons: usize::from(name == "button"),
                ..Amount::default()
            };
            let block = open.iter().rev().find(|open| open.block);
            nodes.push(Node {
                element,
                parent,
                end: nodes.len() + 1,
                own,
                at: unlinked,
                tail: block
                    .filter(|_| away)
                    .map_or_else(String::new, |block| ending(&block.tail).to_owned()),
                head: String::new(),
                announces: false,
                is_sentence: false,
                bars: 0,
                alone: false,
                begins: block.is_none_or(|block| block.text == 0),
                naming: if silent {
                    Naming::Plain
                } else {
                    naming(element)
                },
            });
            links += usize::from(away);
            if away {
                link = nodes.len() - 1;
            }
            open.push(Open {
                index: nodes.len() - 1,
                block: is_block(name),
                link: away,
                anchor: name == "a",
                text: 0,
                linked: 0,
                line: Line::Empty,
                last: None,
                tail: String::new(),
                bars: 0,
            });
            down = !silent;
        } else if let Some(text) = node.value().as_text() {
            let count = weight(text);
            unlinked += if links > 0 { 0 } else { count };
            if count > 0
                && let Some(last) = open.last()
                && let Some(owner) = nodes.get_mut(last.index)
            {
                owner.own.text += count;
                owner.own.linked += if links > 0 { count } else { 0 };
            }
            if count > 0
                && let Some(anchor) = open.iter().rev().take(4).find(|open| open.anchor)
                && let Some(owner) = nodes.get_mut(anchor.index)
                && owner.head.len() < HEAD
            {
                if !owner.head.is_empty() && text.starts_with(char::is_whitespace) {
                    owner.head.push(' ');
                }
                owner.head.extend(text.trim().chars().take(HEAD));
            }
            if count > 0
                && let Some(block) = open.iter_mut().rev().find(|open| open.block)
            {
                block.text += count;
                block.linked += if links > 0 { count } else { 0 };
                block.bars += usize::from(links == 0 && is_bar(text));
                block.last = text.trim_end().chars().next_back();
                keep_ending(&mut block.tail, text);
                block.line = match block.line {
                    Line::Empty if links > 0 => Line::Link(link),
                    Line::Link(one) if links > 0 && one == link => Line::Link(one),
                    // A dash or an arrow beside a link is no word.
                    same if !text.chars().any(char::is_alphanumeric) => same,
                    _ => Line::More,
                };
                if let Some(owner) = nodes.get_mut(block.index)
                    && owner.head.len() < HEAD
                {
                    let folded = text
                        .split_whitespace()
                        .take(12)
                        .collect::<Vec<_>>()
                        .join(" ");
                    if !owner.head.is_empty() && text.starts_with(char::is_whitespace) {
                        owner.head.push(' ');
                    }
                    owner.head.extend(folded.chars().take(HEAD));
                }
            }
        }
        if down && let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        // Closes this node, and every parent whose last child it is.
        loop {
            if node.value().is_element() && open.last().is_some_and(|open| open.block) {
                end_line(&mut open, &mut nodes);
            }
            if node.value().is_element()
                && let Some(closed) = open.pop()
            {
                links -= usize::from(closed.link);
                let end = nodes.len();
                if let Some(owner) = nodes.get_mut(closed.index) {
                    owner.end = end;
                    owner.announces = is_colon(closed.last);
                    owner.is_sentence = matches!(closed.last, Some('.' | '!' | '?' | '…' | '。'));
                    owner.bars = closed.bars;
                    let words = closed.text - closed.linked;
                    if closed.block && words >= PROSE && words > closed.linked {
                        owner.own.prose = words;
                    }
                }
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => node = parent,
                None => return nodes,
            }
        }
    }
}

/// The last characters of a text.
fn ending(text: &str) -> &str {
    let start = text.char_indices().rev().nth(TAIL - 1);
    start.map_or(text, |(start, _)| text.get(start..).unwrap_or(text))
}

/// Adds a text to one of which only the end is kept.
fn keep_ending(kept: &mut String, text: &str) {
    let text = ending(text);
    if kept.len() > 8 * TAIL {
        *kept = ending(kept).to_owned();
    }
    kept.push_str(text);
}

fn is_colon(last: Option<char>) -> bool {
    matches!(last, Some(':' | '：'))
}

/// Whether a text between two links only divides them.
fn is_bar(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 12
        && text.chars().all(|c| {
            matches!(c, '|' | '¦' | '·' | '•' | '∙' | '›' | '»' | '>' | '/') || c.is_whitespace()
        })
}

/// Characters that are not white space; one of a script without spaces says as much as three.
fn weight(text: &str) -> usize {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if ('\u{2e80}'..'\u{fb00}').contains(&c) {
                3
            } else {
                1
            }
        })
        .sum()
}

fn naming(element: &Element) -> Naming {
    let mut found = Naming::Plain;
    // An element of the page's own making is named by its tag.
    let tag = Some(element.name()).filter(|name| name.contains('-'));
    let names = [
        "class",
        "role",
        "data-testid",
        "data-component",
        "aria-label",
    ];
    // An id of many words, or of a section, is made from its heading and not from its purpose.
    let id = element.attr("id").filter(|id| {
        if words::naming(id) == Naming::Comments {
            return true;
        }
        let is_section = element.name() == "section"
            || matches!(element.name().as_bytes(), [b'h', b'1'..=b'6'])
            || element
                .attr("class")
                .is_some_and(|class| class.split_whitespace().any(|class| class == "section"));
        !is_section && words::split(id).len() <= 3
    });
    for name in names
        .iter()
        .filter_map(|name| element.attr(name))
        .chain(tag)
        .chain(id)
    {
        found = found.max(words::naming(name));
    }
    found
}

/// What stands in every element, with those left out that `dropped` marks.
pub(super) fn sums(nodes: &[Node<'_>], dropped: &[bool]) -> Vec<Amount> {
    let mut sums: Vec<Amount> = nodes.iter().map(|node| node.own).collect();
    // Children come after their parents, so from the back every sum is complete.
    for index in (1..nodes.len()).rev() {
        if dropped.get(index).copied().unwrap_or(false) {
            continue;
        }
        if let (Some(node), Some(sum)) = (nodes.get(index), sums.get(index).copied())
            && node.parent < index
            && let Some(parent) = sums.get_mut(node.parent)
        {
            parent.add(sum);
        }
    }
    sums
}

/// Whether an element stands in a sentence.
pub(super) fn is_in_prose(nodes: &[Node<'_>], index: usize) -> bool {
    let mut at = index;
    while let Some(node) = nodes.get(at) {
        if is_block(node.element.name()) {
            return node.own.prose > 0;
        }
        if node.parent == at {
            break;
        }
        at = node.parent;
    }
    false
}
