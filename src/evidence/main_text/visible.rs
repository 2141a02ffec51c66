//! The visible words of an HTML tree, one block a line.

use crate::document::ByteSpan;
use scraper::{ElementRef, Html};

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) title: Option<String>,
    pub(super) language: Option<String>,
    pub(super) text: String,
    /// Its lines, in order.
    pub(super) lines: Vec<Line>,
}

/// One block of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) span: ByteSpan,
    /// Bytes of it that are links.
    pub(super) linked: usize,
}

/// Text that grows line by line, white space folded.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    lines: Vec<Line>,
    start: usize,
    linked: usize,
    space: bool,
}

impl Lines {
    pub(super) fn push(&mut self, piece: &str) -> usize {
        let before = self.text.len();
        let mut chars = piece.chars().peekable();
        while let Some(c) = chars.next() {
            let between_digits = matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}')
                && self.text.ends_with(|c: char| c.is_ascii_digit())
                && chars.peek().is_some_and(char::is_ascii_digit);
            if between_digits {
                // "100 000": the space that makes it one number stays.
                self.text.push(c);
            } else if c.is_whitespace() {
                self.space = true;
            } else if !c.is_control() {
                if self.space && self.text.len() > self.start {
                    self.text.push(' ');
                }
                self.space = false;
                self.text.push(c);
            }
        }
        self.text.len() - before
    }

    const fn space(&mut self) {
        self.space = true;
    }

    pub(super) fn end_line(&mut self) {
        self.space = false;
        if self.text.len() > self.start {
            self.lines.push(Line {
                span: ByteSpan::new(self.start, self.text.len()),
                linked: self.linked,
            });
            self.text.push('\n');
            self.start = self.text.len();
        }
        self.linked = 0;
    }

    pub(super) fn finish(mut self) -> (String, Vec<Line>) {
        self.end_line();
        self.text.truncate(self.start.saturating_sub(1));
        (self.text, self.lines)
    }
}

/// Reads a tree. `with_hidden` takes what the page hides at first, too.
pub(super) fn read(tree: &Html, with_hidden: bool) -> Page {
    let mut lines = Lines::default();
    let mut links = 0usize;
    let mut preformatted = 0usize;
    let mut node = tree.tree.root();
    // Without recursion: the depth of a page is a stranger's choice.
    let mut opening = true;
    loop {
        let element = node.value().as_element();
        if opening {
            let silent = element.is_some_and(|element| {
                is_silent(element.name()) || (!with_hidden && is_hidden(element))
            });
            opening = false;
            // What is silent is not opened, so nothing of it closes.
            if !silent {
                if let Some(element) = element {
                    links += usize::from(element.name() == "a");
                    preformatted += usize::from(element.name() == "pre");
                    border(element.name(), &mut lines);
                } else if let Some(text) = node.value().as_text() {
                    show(text, preformatted > 0, links > 0, &mut lines);
                }
                if let Some(child) = node.first_child() {
                    node = child;
                    opening = true;
                    continue;
                }
                close(element, &mut links, &mut preformatted, &mut lines);
            }
        } else {
            close(element, &mut links, &mut preformatted, &mut lines);
        }
        match (node.next_sibling(), node.parent()) {
            (Some(next), _) => {
                node = next;
                opening = true;
            }
            (None, Some(parent)) => node = parent,
            (None, None) => break,
        }
    }
    let (text, lines) = lines.finish();
    let (title, language) = facts(tree);
    Page {
        title,
        language,
        text,
        lines,
    }
}

fn show(text: &str, preformatted: bool, linked: bool, lines: &mut Lines) {
    for (number, line) in text.split('\n').enumerate() {
        match (number, preformatted) {
            (0, _) => {}
            (_, true) => lines.end_line(),
            (_, false) => lines.space(),
        }
        let added = lines.push(line);
        if linked {
            lines.linked += added;
        }
    }
}

fn close(
    element: Option<&scraper::node::Element>,
    links: &mut usize,
    preformatted: &mut usize,
    lines: &mut Lines,
) {
    if let Some(element) = element {
        let name = element.name();
        *links = links.saturating_sub(usize::from(name == "a"));
        *preformatted = preformatted.saturating_sub(usize::from(name == "pre"));
        if name != "br" {
            border(name, lines);
        }
    }
}

/// Elements that show no text of the page.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "object"
            | "noframes"
            | "noembed"
            | "select"
            | "textarea"
            | "datalist"
            | "canvas"
            | "audio"
            | "video"
    )
}

fn is_hidden(element: &scraper::node::Element) -> bool {
    let style = element.attr("style").is_some_and(|style| {
        let style: String = style
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(2_000)
            .collect();
        let style = style.to_ascii_lowercase();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    style
        || element
            .attr("hidden")
            .is_some_and(|value| value != "until-found")
}

/// What an element's border does to the line.
fn border(name: &str, lines: &mut Lines) {
    match name {
        "td" | "th" | "button" | "option" | "label" | "input" => lines.space(),
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "cite" | "code" | "data"
        | "del" | "dfn" | "em" | "font" | "i" | "img" | "ins" | "kbd" | "mark" | "math" | "mi"
        | "mn" | "mo" | "mrow" | "q" | "rp" | "rt" | "ruby" | "s" | "samp" | "small" | "span"
        | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u" | "var" | "wbr" | "picture"
        | "source" | "nobr" => {}
        _ => lines.end_line(),
    }
}

/// Title and language.
fn facts(tree: &Html) -> (Option<String>, Option<String>) {
    let (mut og, mut title, mut heading, mut language) = (None, None, None, None);
    for node in tree.tree.nodes() {
        let Some(element) = ElementRef::wrap(node) else {
            continue;
        };
        let value = element.value();
        match value.name() {
            "html" if language.is_none() => {
                language = value
                    .attr("lang")
                    .or_else(|| value.attr("xml:lang"))
                    .and_then(code);
            }
            "meta" if og.is_none() && value.attr("property") == Some("og:title") => {
                og = value.attr("content").and_then(folded);
            }
            "title" if title.is_none() => title = words(element),
            "h1" if heading.is_none() => heading = words(element),
            _ => {}
        }
    }
    let title = title.map(|title| without_site(&title, heading.as_deref()));
    (og.or(title).or(heading), language)
}

/// The text of a title without the site's name: only where the page's own heading confirms it.
fn without_site(title: &str, heading: Option<&str>) -> String {
    for mark in [" | ", " - ", " – ", " — ", " :: ", " · "] {
        if let Some((own, _)) = title.rsplit_once(mark)
            && heading.is_some_and(|heading| heading.eq_ignore_ascii_case(own.trim()))
        {
            return own.trim().to_owned();
        }
    }
    title.to_owned()
}

fn words(element: ElementRef<'_>) -> Option<String> {
    folded(&element.text().take(64).collect::<String>())
}

fn folded(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().take(100).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// "en-GB" → "en"; three-letter codes are left out.
fn code(value: &str) -> Option<String> {
    let code = value.split(['-', '_']).next()?.trim().to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}

/// The text of XML: tags and comments become line ends, the five entities and CDATA are read.
pub(super) fn without_tags(xml: &str) -> String {
    let mut text = String::with_capacity(xml.len() / 2);
    let mut rest = xml;
    while let Some(open) = rest.find('<') {
        text.push_str(&entities(&rest[..open]));
        rest = &rest[open..];
        let (close, kept) = if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            ("]]>", &data[..end])
        } else if rest.starts_with("<!--") {
            ("-->", "")
        } else {
            (">", "")
        };
        text.push('\n');
        text.push_str(kept);
        rest = rest
            .find(close)
            .map_or("", |end| &rest[end + close.len()..]);
    }
    text.push_str(&entities(rest));
    text
}

fn entities(text: &str) -> String {
    // The ampersand last: "&amp;lt;" is the text "&lt;".
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
