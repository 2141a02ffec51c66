//! One walk over the tree that gathers the signs.

use super::{Line, Signs, count_words, marks};
use scraper::node::Element;

/// Lines kept; a notice stands at the top.
const MAX_LINES: usize = 80;
/// Characters kept of a line.
const MAX_LINE: usize = 300;
/// Words counted; beyond this a page is long, however long.
const MAX_WORDS: usize = 4_000;
/// Words from which a line is prose.
const PROSE: usize = 20;
/// Hosts kept.
const MAX_HOSTS: usize = 64;
/// Bytes of one script that are searched for marks, and of all of them.
const MAX_SCRIPT: usize = 8 << 10;
const MAX_SCRIPTS: usize = 128 << 10;
/// Characters of other values that are kept.
const MAX_VALUE: usize = 500;

#[derive(Default)]
struct Walk {
    signs: Signs,
    line: String,
    heading: usize,
    item: usize,
    /// Open elements that take their text out of the page's own: links, navigation, forms.
    aside: usize,
    /// Open elements whose text nobody sees.
    silent: usize,
    title: usize,
    noscript: usize,
    script: usize,
    depth: usize,
    script_bytes: usize,
    /// Visible letters so far, links and navigation included.
    letters: usize,
    /// Depth of an element that a script fills and the letters before it, while it is open.
    mount: Option<(usize, usize)>,
}

pub(super) fn read(tree: &scraper::Html) -> Signs {
    let mut walk = Walk::default();
    let mut node = tree.tree.root();
    // Without recursion: the depth of a page is a stranger's choice.
    'nodes: loop {
        if let Some(element) = node.value().as_element() {
            walk.open(element);
        } else if let Some(text) = node.value().as_text() {
            walk.text(text);
        }
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if let Some(element) = node.value().as_element() {
                walk.close(element);
            }
            match (node.next_sibling(), node.parent()) {
                (Some(next), _) => {
                    node = next;
                    continue 'nodes;
                }
                (None, Some(parent)) => node = parent,
                (None, None) => break 'nodes,
            }
        }
    }
    walk.end_line();
    walk.signs
}

impl Walk {
    fn open(&mut self, element: &Element) {
        self.depth += 1;
        let name = element.name();
        if is_block(name) {
            self.end_line();
        }
        self.heading += usize::from(is_heading(name));
        self.item += usize::from(is_item(name));
        self.aside += usize::from(is_aside(element));
        self.silent += usize::from(is_silent(element));
        self.title += usize::from(name == "title" && self.signs.title.is_none());
        self.noscript += usize::from(name == "noscript");
        self.script += usize::from(name == "script");
        match name {
            "meta" => self.meta(element),
            "link" if element.attr("rel") == Some("canonical") => {
                self.signs.canonical = element.attr("href").map(cut);
            }
            "input" if element.attr("type") == Some("password") && self.silent == 0 => {
                self.signs.password = true;
            }
            "img" => {
                let called = |name| element.attr(name).is_some_and(is_called_404);
                self.signs.error_picture |= called("alt") || called("src");
            }
            _ => {}
        }
        for attribute in ["src", "action", "href"] {
            if matches!(
                name,
                "script" | "iframe" | "form" | "img" | "frame" | "link"
            ) && let Some(address) = element.attr(attribute)
            {
                self.address(address);
            }
        }
        self.names(element);
    }

    fn close(&mut self, element: &Element) {
        let name = element.name();
        if is_block(name) {
            self.end_line();
        }
        let less = |count: &mut usize, by: bool| *count = count.saturating_sub(usize::from(by));
        less(&mut self.heading, is_heading(name));
        less(&mut self.item, is_item(name));
        less(&mut self.aside, is_aside(element));
        less(&mut self.silent, is_silent(element));
        less(&mut self.title, name == "title");
        less(&mut self.noscript, name == "noscript");
        less(&mut self.script, name == "script");
        if let Some((mount, before)) = self.mount
            && mount == self.depth
        {
            self.mount = None;
            // A spinner's "Loading…" is nothing.
            self.signs.empty_mount |= self.letters - before < 20;
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn text(&mut self, text: &str) {
        if self.title > 0 {
            self.signs.title.get_or_insert_with(|| cut(&folded(text)));
            return;
        }
        if self.script > 0 {
            let end = text.floor_char_boundary(MAX_SCRIPT);
            if self.script_bytes < MAX_SCRIPTS {
                self.script_bytes += end;
                let text = text.get(..end).unwrap_or("");
                marks::find(text, &mut self.signs.marks);
                self.signs.article |= text.len() > 20 && says_article(text);
                self.signs.paid |= says_paid(text);
            }
            return;
        }
        if self.noscript > 0 {
            if self.signs.noscript.len() < MAX_VALUE {
                let text = cut(&folded(&without_tags(text)));
                self.signs.noscript.push_str(&text);
                self.signs.noscript.push(' ');
            }
            return;
        }
        if self.silent > 0 {
            return;
        }
        self.letters = self.letters.saturating_add(text.trim().len());
        if self.aside > 0 {
            return;
        }
        // The line is cut when it ends; its growth is bounded by the page, which is.
        for (number, word) in text.split_whitespace().enumerate() {
            let spaced = number > 0 || text.starts_with(char::is_whitespace);
            if spaced && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            self.line.push_str(word);
        }
        if text.ends_with(char::is_whitespace) && !self.line.is_empty() && !self.line.ends_with(' ')
        {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if line.is_empty() || self.signs.words >= MAX_WORDS {
            return;
        }
        let words = count_words(line);
        self.signs.words += words;
        self.signs.prose += usize::from(words >= PROSE);
        if self.signs.lines.len() < MAX_LINES {
            self.signs.lines.push(Line {
                text: line.chars().take(MAX_LINE).collect(),
                heading: self.heading > 0,
                item: self.item > 0,
                words,
            });
        }
    }

    fn meta(&mut self, element: &Element) {
        let value = element.attr("content").unwrap_or("");
        let is = |name: &str, wanted: &str| {
            element
                .attr(name)
                .is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
        };
        if is("name", "robots") {
            self.signs.noindex |= value.to_ascii_lowercase().contains("noindex");
        } else if is("http-equiv", "refresh") {
            let target = value.split_once('=').map_or("", |(_, target)| target);
            self.signs.refresh = Some(cut(target.trim().trim_matches(['"', '\''])));
        } else if is("property", "og:type") {
            self.signs.article |= value.trim().eq_ignore_ascii_case("article");
        } else if is("property", "article:published_time") {
            self.signs.article = true;
        } else if is("name", "next-error") || is("name", "next_error") {
            self.signs.error_body |= value.contains("not-found") || value.contains("404");
        }
    }

    fn address(&mut self, address: &str) {
        let address = address.get(..MAX_VALUE).unwrap_or(address);
        if address.len() > MAX_VALUE || address.starts_with("data:") {
            return;
        }
        marks::find(address, &mut self.signs.marks);
        let rest = address
            .strip_prefix("https:")
            .or_else(|| address.strip_prefix("http:"))
            .unwrap_or(address);
        let Some(rest) = rest.strip_prefix("//") else {
            return;
        };
        let host = rest
            .split(['/', '?', '#', ':'])
            .next()
            .unwrap_or("")
            .to_ascii_lowercase();
        if self.signs.hosts.len() < MAX_HOSTS && !self.signs.hosts.contains(&host) {
            self.signs.hosts.push(host);
        }
    }

    /// What classes and ids say.
    fn names(&mut self, element: &Element) {
        let names = [element.attr("class"), element.attr("id")];
        for token in names
            .iter()
            .flatten()
            .flat_map(|n| n.split_whitespace().take(60))
        {
            if token.len() <= 60 && is_error_name(token) {
                if matches!(element.name(), "html" | "body" | "main" | "article")
                    || token == "noarticletext"
                {
                    self.signs.error_body = true;
                } else if !matches!(
                    element.name(),
                    "a" | "li" | "template" | "dialog" | "link" | "style"
                ) {
                    self.signs.error_part |= self.silent == 0 && self.aside == 0;
                }
            }
        }
        let mount = element.attr("id").is_some_and(|id| {
            matches!(
                id,
                "root"
                    | "app"
                    | "__next"
                    | "__nuxt"
                    | "___gatsby"
                    | "react-root"
                    | "q-app"
                    | "svelte"
                    | "app-root"
                    | "main-app"
                    | "application"
                    | "wrap-app"
            )
        }) || element.name() == "app-root";
        if mount && self.mount.is_none() {
            self.mount = Some((self.depth, self.letters));
        }
    }
}

fn says_article(script: &str) -> bool {
    script.contains("schema.org")
        && [
            "Article\"",
            "\"BlogPosting\"",
            "\"Report\"",
            "\"ScholarlyArticle\"",
        ]
        .iter()
        .any(|kind| script.contains(kind))
}

/// `"isAccessibleForFree": false`, the value quoted or not.
fn says_paid(script: &str) -> bool {
    script
        .split_once("\"isAccessibleForFree\"")
        .is_some_and(|(_, rest)| {
            let value = rest.trim_start_matches([' ', ':', '"', '\n', '\t']);
            value
                .get(..5)
                .is_some_and(|value| value.eq_ignore_ascii_case("false"))
        })
}

/// "error404", "page-404", "not_found", "pageNotFound".
fn is_error_name(token: &str) -> bool {
    let token: String = token
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    const NAMES: &[&str] = &[
        "error404",
        "404error",
        "page404",
        "404page",
        "http404",
        "err404",
        "notfound",
        "fourohfour",
        "fourzerofour",
        "section404",
        "content404",
        "container404",
        "wrapper404",
        "404content",
        "404container",
        "404wrapper",
        "404wrap",
        "wrap404",
        "template404",
        "404template",
        "view404",
        "type404",
        "nopage",
        "missingpage",
        "pagemissing",
        "noarticletext",
    ];
    token == "404"
        || token == "errorpage"
        || token == "pageerror"
        || token == "httperror"
        || NAMES.iter().any(|name| token.contains(name))
}

fn is_called_404(value: &str) -> bool {
    let name = value.rsplit('/').next().unwrap_or(value);
    name.len() <= 80
        && name.find("404").is_some_and(|at| {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let before = name.get(..at).and_then(|part| part.chars().next_back());
            let after = name.get(at + 3..).and_then(|part| part.chars().next());
            !digit(before) && !digit(after)
        })
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3")
}

fn is_item(name: &str) -> bool {
    matches!(name, "li" | "td" | "th" | "dd" | "dt" | "pre")
}

/// Links and what stands around the content.
fn is_aside(element: &Element) -> bool {
    let name = element.name();
    if matches!(
        name,
        "a" | "nav" | "footer" | "aside" | "button" | "menu" | "label" | "dialog"
    ) {
        return true;
    }
    if matches!(name, "html" | "body" | "main" | "article" | "h1" | "h2") {
        return false;
    }
    let navigation = element.attr("role").is_some_and(|role| {
        matches!(
            role,
            "navigation" | "contentinfo" | "search" | "dialog" | "menu" | "menubar"
        )
    });
    let named = [element.attr("class"), element.attr("id")];
    navigation
        || named
            .iter()
            .flatten()
            .flat_map(|names| names.split_whitespace().take(20))
            .any(|token| {
                let token = token.to_ascii_lowercase();
                // "sidebar-right" is a layout: the class of the box around everything.
                matches!(
                    token.as_str(),
                    "sidebar"
                        | "md-sidebar"
                        | "menu"
                        | "main-menu"
                        | "site-nav"
                        | "site-footer"
                        | "page-footer"
                ) || ["footer", "navbar", "breadcrumb", "cookie"]
                    .iter()
                    .any(|name| token.starts_with(name))
            })
}

fn is_silent(element: &Element) -> bool {
    let name = element.name();
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "object"
            | "select"
            | "textarea"
            | "datalist"
            | "canvas"
            | "audio"
            | "video"
            | "head"
            | "title"
    ) || element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true") && name != "body" && name != "div"
        || element.attr("style").is_some_and(|style| {
            let style = style
                .get(..200)
                .unwrap_or(style)
                .replace(' ', "")
                .to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

fn is_block(name: &str) -> bool {
    !matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "button"
            | "label"
            | "input"
    )
}

fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_VALUE).collect()
}

/// The tree keeps what is inside `noscript` as text.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut tag = false;
    for c in text.chars().take(4 * MAX_VALUE) {
        match c {
            '<' => tag = true,
            '>' => {
                tag = false;
                out.push(' ');
            }
            c if !tag => out.push(c),
            _ => {}
        }
    }
    out
}
