//! One walk over the tree that gathers the signs.

use super::names::Named;
use super::{Line, Signs, count_words, marks};
use crate::evidence::quick_hash::QuickMap;
use crate::evidence::space;
use crate::evidence::tree::{self, Element, Step, Traits, Tree};
use html5ever::{LocalName, local_name};

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
struct Walk<'a> {
    signs: Signs,
    /// What classes and ids say that were seen before.
    named: QuickMap<&'a str, Named>,
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
    /// Of every open element, whether it counts as aside and as silent.
    open: Vec<(bool, bool)>,
    script_bytes: usize,
    /// Visible letters so far, links and navigation included.
    letters: usize,
    /// Depth of an element that a script fills and the letters before it, while it is open.
    mount: Option<(usize, usize)>,
}

pub(super) fn read(tree: &Tree) -> Signs {
    let mut walk = Walk::default();
    for step in tree.walk() {
        match step {
            Step::Open(element) => walk.open(element),
            Step::Close(element) => walk.close(element),
            Step::Text(text) => walk.text(text),
        }
    }
    walk.end_line();
    walk.signs
}

impl<'a> Walk<'a> {
    fn open(&mut self, element: &'a Element) {
        let traits = element.traits();
        if !traits.has(Traits::RUNS_ON) {
            self.end_line();
        }
        let id = element.attribute(&local_name!("id"));
        let named = self
            .named(element.attribute(&local_name!("class")))
            .or(self.named(id));
        let silent = is_silent(element);
        let aside = traits.has(Traits::ASIDE)
            || (!traits.has(Traits::CONTENT) && (named.aside || is_navigation(element)));
        self.open.push((aside, silent));
        self.heading += usize::from(traits.has(Traits::HEADING));
        self.item += usize::from(traits.has(Traits::ITEM));
        self.aside += usize::from(aside);
        self.silent += usize::from(silent);
        self.title += usize::from(traits.has(Traits::TITLE) && self.signs.title.is_none());
        self.noscript += usize::from(traits.has(Traits::NOSCRIPT));
        self.script += usize::from(traits.has(Traits::SCRIPT));
        match *element.local() {
            local_name!("meta") => self.meta(element),
            local_name!("link") if element.attribute(&local_name!("rel")) == Some("canonical") => {
                self.signs.canonical = element.attribute(&local_name!("href")).map(cut);
            }
            local_name!("input")
                if element.attribute(&local_name!("type")) == Some("password")
                    && self.silent == 0 =>
            {
                self.signs.password = true;
            }
            local_name!("img") => {
                let called = [local_name!("alt"), local_name!("src")];
                self.signs.error_picture |= called
                    .iter()
                    .filter_map(|name| element.attribute(name))
                    .any(is_called_404);
            }
            _ => {}
        }
        if traits.has(Traits::ADDRESSED) {
            for name in [
                local_name!("src"),
                local_name!("action"),
                local_name!("href"),
            ] {
                if let Some(address) = element.attribute(&name) {
                    self.address(address);
                }
            }
        }
        self.named_error(element, named);
        self.mount(element, id);
    }

    fn close(&mut self, element: &Element) {
        let traits = element.traits();
        if !traits.has(Traits::RUNS_ON) {
            self.end_line();
        }
        let depth = self.open.len();
        let (aside, silent) = self.open.pop().unwrap_or_default();
        let less = |count: &mut usize, by: bool| *count = count.saturating_sub(usize::from(by));
        less(&mut self.heading, traits.has(Traits::HEADING));
        less(&mut self.item, traits.has(Traits::ITEM));
        less(&mut self.aside, aside);
        less(&mut self.silent, silent);
        less(&mut self.title, traits.has(Traits::TITLE));
        less(&mut self.noscript, traits.has(Traits::NOSCRIPT));
        less(&mut self.script, traits.has(Traits::SCRIPT));
        if let Some((mount, before)) = self.mount
            && mount == depth
        {
            self.mount = None;
            // A spinner's "Loading…" is nothing.
            self.signs.empty_mount |= self.letters - before < 20;
        }
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
                let hints = marks::find(text, &mut self.signs.marks);
                self.signs.article |= hints.vocabulary && text.len() > 20 && says_article(text);
                self.signs.paid |= hints.free && says_paid(text);
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
        if self.signs.words >= MAX_WORDS {
            // No line counts any more.
            return;
        }
        // The line is cut when it ends; its growth is bounded by the page, which is.
        let mut rest = text;
        while !rest.is_empty() {
            let words = space::without_blanks(rest);
            if words.len() < rest.len() {
                self.space();
            }
            rest = words;
            let (words, after) = rest
                .split_at_checked(space::plain_words(rest))
                .unwrap_or(("", rest));
            self.line.push_str(words);
            let Some(c) = after.chars().next() else { break };
            if c.is_whitespace() {
                self.space();
            } else {
                self.line.push(c);
            }
            rest = after.get(c.len_utf8()..).unwrap_or("");
        }
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        let mut whole = std::mem::take(&mut self.line);
        self.keep(whole.trim_end());
        whole.clear();
        self.line = whole;
    }

    fn keep(&mut self, line: &str) {
        if line.is_empty() || self.signs.words >= MAX_WORDS {
            return;
        }
        let words = count_words(line);
        self.signs.words += words;
        self.signs.prose += usize::from(words >= PROSE);
        if self.signs.lines.len() < MAX_LINES {
            self.signs.lines.push(Line {
                text: beginning(line, MAX_LINE).to_owned(),
                heading: self.heading > 0,
                item: self.item > 0,
                words,
            });
        }
    }

    fn meta(&mut self, element: &Element) {
        let value = element.attribute(&local_name!("content")).unwrap_or("");
        let is = |name: &LocalName, wanted: &str| {
            element
                .attribute(name)
                .is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
        };
        let (name, property) = (&local_name!("name"), &local_name!("property"));
        if is(name, "robots") {
            self.signs.noindex |= value.to_ascii_lowercase().contains("noindex");
        } else if is(&local_name!("http-equiv"), "refresh") {
            let target = value.split_once('=').map_or("", |(_, target)| target);
            self.signs.refresh = Some(cut(target.trim().trim_matches(['"', '\''])));
        } else if is(property, "og:type") {
            self.signs.article |= value.trim().eq_ignore_ascii_case("article");
        } else if is(property, "article:published_time") {
            self.signs.article = true;
        } else if is(name, "next-error") || is(name, "next_error") {
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

    /// What a class or an id says.
    fn named(&mut self, names: Option<&'a str>) -> Named {
        names.map_or(Named::default(), |names| {
            *self.named.entry(names).or_insert_with(|| Named::of(names))
        })
    }

    fn named_error(&mut self, element: &Element, named: Named) {
        self.signs.error_body |= named.no_article;
        if !named.error {
            return;
        }
        match element.name() {
            "html" | "body" | "main" | "article" => self.signs.error_body = true,
            "a" | "li" | "template" | "dialog" | "link" | "style" => {}
            _ => self.signs.error_part |= self.silent == 0 && self.aside == 0,
        }
    }

    /// Whether this is an element that a script fills.
    fn mount(&mut self, element: &Element, id: Option<&str>) {
        let mount = id.is_some_and(|id| {
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
            self.mount = Some((self.open.len(), self.letters));
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

fn is_navigation(element: &Element) -> bool {
    element.attribute(&local_name!("role")).is_some_and(|role| {
        matches!(
            role,
            "navigation" | "contentinfo" | "search" | "dialog" | "menu" | "menubar"
        )
    })
}

fn is_silent(element: &Element) -> bool {
    if element.traits().has(Traits::HUSHED) {
        return true;
    }
    element.attributes().any(|(name, value)| match *name {
        local_name!("hidden") => true,
        local_name!("aria-hidden") => {
            value == "true" && !matches!(*element.local(), local_name!("body") | local_name!("div"))
        }
        local_name!("style") => {
            let style = value.get(..200).unwrap_or(value);
            tree::hides(style.chars().filter(|c| *c != ' '))
        }
        _ => false,
    })
}

fn folded(text: &str) -> String {
    let words: Vec<&str> = space::words(text).collect();
    words.join(" ")
}

fn cut(text: &str) -> String {
    beginning(text, MAX_VALUE).to_owned()
}

/// So many characters of a text.
fn beginning(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = text.char_indices().nth(most);
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
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
