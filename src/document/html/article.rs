//! Which part of a page is the document's own text.
//!
//! **In:** the measured elements of a page, and which of them are notes. **Out:** which
//! elements are left out. **Not here:** single links that only share or sort
//! (`flow`); the words that names are made of (`words`).
//!
//! ```text
//! elements ─ tags and roles that frame ─┐
//!          ─ names that say furniture ──┴► prose that is left ─► the smallest part that holds
//!            (weighed against the prose                          nearly all of it
//!             that they hold)                                    └► in it: teasers, lead-ins
//! ```
//!
//! A page that nobody framed (written by hand, made by pandoc) is taken whole.

use super::tree::{Amount, Node, is_block, is_silent, sums};
use super::words::{self, Naming};

/// What a furniture name may hold of a page's prose, in percent, and still be believed.
const NAMED: usize = 45;
/// What a framing tag may hold of it.
const FRAMING: usize = 50;
/// Prose that must remain beside what readers wrote.
const REMAINS: usize = 200;
/// Elements after a heading that are looked at for its list.
const NEIGHBOURS: usize = 60;
/// Elements of a block that may be a button.
const BUTTON: usize = 30;
/// Characters of a heading, or of a button.
const HEADING: usize = 60;
/// What the smallest part must hold of the prose around it, in percent.
const HOLDS: usize = 90;
/// Links outside the article that tell a site's page from a page of its own.
const SITE_LINKS: usize = 5;

/// Whether each element is left out (its descendants are then left out with it).
///
/// `site` is the page's own host, where it is known.
pub(super) fn left_out(nodes: &[Node<'_>], notes: &[bool], site: Option<&str>) -> Vec<bool> {
    let sources: Vec<bool> = nodes
        .iter()
        .map(|node| node.naming == Naming::Notes)
        .collect();
    let mut page = Page {
        nodes,
        notes: holding(nodes, notes),
        sources: holding(nodes, &sources),
        dropped: vec![false; nodes.len()],
        inside: vec![false; nodes.len()],
    };
    page.mark_articles();
    page.drop_framing();
    page.drop_named();
    let root = page.root();
    let is_site = page.drop_outside(root);
    if is_site {
        page.drop_teasers(root);
        page.drop_tail(root, site);
    }
    page.dropped
}

/// Whether a marked element stands in each element.
fn holding(nodes: &[Node<'_>], marked: &[bool]) -> Vec<bool> {
    let mut holds = marked.to_vec();
    holds.resize(nodes.len(), false);
    for (index, node) in nodes.iter().enumerate().rev() {
        if holds.get(index) == Some(&true)
            && let Some(parent) = holds.get_mut(node.parent)
        {
            *parent = true;
        }
    }
    holds
}

struct Page<'a> {
    nodes: &'a [Node<'a>],
    /// Whether a note stands in it.
    notes: Vec<bool>,
    /// Whether a list that is named as one of sources stands in it.
    sources: Vec<bool>,
    dropped: Vec<bool>,
    /// Whether it stands in an `article` or `main`.
    inside: Vec<bool>,
}

impl Page<'_> {
    fn mark_articles(&mut self) {
        for (index, node) in self.nodes.iter().enumerate() {
            let parent = self.nodes.get(node.parent);
            let within = parent.is_some_and(|parent| is_article(parent))
                || self.inside.get(node.parent).copied().unwrap_or(false);
            if index > 0
                && let Some(inside) = self.inside.get_mut(index)
            {
                *inside = within;
            }
        }
    }

    fn is_dropped(&self, index: usize) -> bool {
        self.dropped.get(index).copied().unwrap_or(false)
    }

    fn drop(&mut self, index: usize) {
        if let Some(dropped) = self.dropped.get_mut(index) {
            *dropped = true;
        }
    }

    /// Drops what `judge` says, from above; what lies below something dropped is not asked.
    fn drop_where(&mut self, from: usize, judge: impl Fn(&Self, usize, &Node<'_>) -> bool) {
        let end = self.nodes.get(from).map_or(0, |node| node.end);
        let mut index = from;
        while index < end {
            let Some(node) = self.nodes.get(index) else {
                return;
            };
            if self.is_dropped(index) {
                index = node.end.max(index + 1);
            } else if judge(self, index, node) {
                self.drop(index);
                index = node.end.max(index + 1);
            } else {
                index += 1;
            }
        }
    }

    /// Tags, roles and attributes that say "not the text".
    fn drop_framing(&mut self) {
        let sums = sums(self.nodes, &[]);
        let total = prose(&sums, 0);
        self.drop_where(0, |page, index, node| {
            let name = node.element.name();
            if is_silent(name) {
                return true;
            }
            let framing = match name {
                "nav" | "form" | "button" | "dialog" | "search" | "menu" => true,
                "header" | "footer" | "aside" => !page.inside.get(index).copied().unwrap_or(false),
                _ => is_hidden(node) || is_framing_role(node),
            };
            framing && !page.holds_notes(index) && (prose(&sums, index) * 100 <= total * FRAMING)
        });
    }

    /// Whether an element stands in a sentence.
    fn is_in_prose(&self, index: usize) -> bool {
        let mut at = index;
        while let Some(node) = self.nodes.get(at) {
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

    fn holds_notes(&self, index: usize) -> bool {
        self.notes.get(index).copied().unwrap_or(false)
    }

    /// Names that say furniture.
    fn drop_named(&mut self) {
        let sums = sums(self.nodes, &self.dropped);
        let total = prose(&sums, 0);
        self.drop_where(0, |page, index, node| {
            let name = node.element.name();
            if page.holds_notes(index)
                || page.sources.get(index) == Some(&true)
                || matches!(name, "html" | "body" | "main")
                || (!is_block(name) && page.is_in_prose(index))
            {
                return false;
            }
            let held = prose(&sums, index);
            match node.naming {
                Naming::Plain | Naming::Notes => false,
                Naming::Furniture => held * 100 <= total * NAMED,
                Naming::Comments => total - held.min(total) >= REMAINS || held == 0,
            }
        });
    }

    /// The smallest part that holds nearly all of the prose.
    fn root(&self) -> usize {
        let sums = sums(self.nodes, &self.dropped);
        let total = prose(&sums, 0);
        let mut root = 0;
        // The article that the page marks as such, if one stands out.
        let mut best: Option<usize> = None;
        let mut index = 0;
        while let Some(node) = self.nodes.get(index) {
            if self.is_dropped(index) {
                index = node.end.max(index + 1);
                continue;
            }
            if is_article(node) && prose(&sums, index) > best.map_or(0, |best| prose(&sums, best)) {
                best = Some(index);
            }
            index += 1;
        }
        if let Some(best) = best
            && prose(&sums, best) * 100 >= total * 60
        {
            root = best;
        }
        // Down to the one child that holds it.
        loop {
            let here = prose(&sums, root);
            let sections = self.nodes.get(root).is_some_and(is_article);
            let down = self.children(root).into_iter().find(|child| {
                !self.is_dropped(*child)
                    && prose(&sums, *child) * 100 >= here * HOLDS
                    && here > 0
                    && self.nodes.get(*child).is_some_and(|node| {
                        matches!(
                            node.element.name(),
                            "html"
                                | "body"
                                | "div"
                                | "section"
                                | "article"
                                | "main"
                                | "table"
                                | "tbody"
                                | "tr"
                                | "td"
                                | "center"
                                | "form"
                                | "span"
                        ) && !(sections && node.element.name() == "section")
                            || node.element.name().contains('-')
                    })
            });
            match down {
                Some(child) if self.holds_notes(root) == self.holds_notes(child) => root = child,
                _ => return root,
            }
        }
    }

    fn children(&self, index: usize) -> Vec<usize> {
        let Some(parent) = self.nodes.get(index) else {
            return Vec::new();
        };
        let mut children = Vec::new();
        let mut at = index + 1;
        while at < parent.end {
            children.push(at);
            at = self
                .nodes
                .get(at)
                .map_or(parent.end, |node| node.end)
                .max(at + 1);
        }
        children
    }

    /// What lies outside the article of a site's page; gives whether it is one.
    fn drop_outside(&mut self, root: usize) -> bool {
        let sums = sums(self.nodes, &[]);
        let amount = |index: usize| sums.get(index).copied().unwrap_or_default();
        let inside = self.net().get(root).map_or(0, |sum| sum.links);
        let outside = amount(0).links.saturating_sub(inside);
        if outside < SITE_LINKS {
            return false;
        }
        let net = self.net();
        // Level by level from the root upwards, all but the way to it.
        let mut way = root;
        while way > 0 {
            let parent = self.nodes.get(way).map_or(0, |node| node.parent);
            for child in self.children(parent) {
                // The page's heading often stands beside its text.
                let heading = matches!(
                    self.nodes.get(child).map(|node| node.element.name()),
                    Some("h1")
                );
                // A part that is prose and hardly links is the text's, too.
                let here = net.get(child).copied().unwrap_or_default();
                let text = here.prose * 100 >= here.text * 90
                    && here.prose >= REMAINS
                    && !here.is_linked(5);
                if child != way && !heading && !text && !self.holds_notes(child) {
                    self.drop(child);
                }
            }
            way = parent;
        }
        true
    }

    /// What stands in every element, without what is left out already.
    fn net(&self) -> Vec<Amount> {
        sums(self.nodes, &self.dropped)
    }

    /// Lead-ins to further reading, and lists of teasers, within the article.
    fn drop_teasers(&mut self, root: usize) {
        let net = self.net();
        let amount = |index: usize| net.get(index).copied().unwrap_or_default();
        let whole = sums(self.nodes, &[]);
        let buttons = |index: usize| whole.get(index).map_or(0, |sum| sum.buttons);
        let linked = |index: usize, percent: usize| {
            let here = amount(index);
            here.links > 0 && here.prose == 0 && here.is_linked(percent)
        };
        self.drop_where(root, |page, index, node| {
            let name = node.element.name();
            if index == root || page.holds_notes(index) || !linked(index, 40) {
                return false;
            }
            // "Read also: …", a box beside the text that only links, a button.
            (is_block(name) && words::is_lead(&node.head))
                || (name == "aside" && linked(index, 70))
                || (is_block(name) && amount(index).text < HEADING && words::is_byline(&node.head))
                || (is_block(name)
                    && buttons(index) > 0
                    && amount(index).text < HEADING
                    && linked(index, 70))
                || (is_block(name) && amount(index).links == 1 && page.is_call(index))
        });
        let root_end = self.nodes.get(root).map_or(0, |node| node.end);
        for index in root..root_end {
            let Some(node) = self.nodes.get(index) else {
                return;
            };
            let here = amount(index);
            let is_heading = is_heading(node) || (is_block(node.element.name()) && here.links == 0);
            if is_heading
                && (1..HEADING).contains(&here.text)
                && words::is_teaser_heading(&node.head)
                && !self.is_below_dropped(index)
            {
                self.drop_after(index, root, &amount);
            }
        }
    }

    /// Whether a link that stands alone in its block is a button.
    fn is_call(&self, index: usize) -> bool {
        let Some(node) = self.nodes.get(index) else {
            return false;
        };
        let inner = self.nodes.get(index..node.end).unwrap_or_default();
        if inner.len() > BUTTON {
            return false;
        }
        let named = |node: &Node<'_>| node.element.attr("class").is_some_and(words::is_button);
        let anchor = inner.iter().position(|inner| inner.own.links > 0);
        let Some(anchor) = anchor else {
            return false;
        };
        let text: usize = inner.iter().map(|inner| inner.own.text).sum();
        let linked: usize = inner.iter().map(|inner| inner.own.linked).sum();
        let alone = text == linked;
        alone
            && text < HEADING
            && (inner.get(anchor).is_some_and(named)
                || (anchor <= 2 && named(node))
                || inner.iter().any(|inner| words::is_call(&inner.head)))
    }

    fn is_below_dropped(&self, index: usize) -> bool {
        let mut at = index;
        loop {
            if self.is_dropped(at) {
                return true;
            }
            match self.nodes.get(at) {
                Some(node) if node.parent != at => at = node.parent,
                _ => return false,
            }
        }
    }

    /// Drops a heading and the lists of links after it.
    fn drop_after(&mut self, heading: usize, root: usize, amount: &impl Fn(usize) -> Amount) {
        let mut at = heading;
        // A heading is often wrapped by itself; its list is then its wrapper's neighbour.
        for _ in 0..4 {
            let Some(node) = self.nodes.get(at) else {
                return;
            };
            let parent = node.parent;
            let last = self.nodes.get(parent).map_or(0, |parent| parent.end);
            let mut sibling = node.end;
            let mut found = false;
            for _ in 0..NEIGHBOURS {
                let Some(next) = self.nodes.get(sibling).filter(|_| sibling < last) else {
                    break;
                };
                let current = sibling;
                sibling = next.end;
                let empty = next.own.text == 0 && next.end == current + 1;
                if self.is_dropped(current) || (empty && !is_heading(next)) {
                    continue;
                }
                let here = amount(current);
                // An item about a newsletter may be a sentence.
                let links = here.links > 0 && here.is_linked(40) && here.prose * 3 < here.text;
                if is_heading(next) && !here.is_linked(70) || self.holds_notes(current) || !links {
                    break;
                }
                self.drop(current);
                found = true;
            }
            if found {
                self.drop(heading);
                return;
            }
            if parent == at || parent <= root {
                return;
            }
            at = parent;
        }
    }

    /// Links to the same site after the end of the text, unless a heading calls them sources.
    fn drop_tail(&mut self, root: usize, site: Option<&str>) {
        let sums = sums(self.nodes, &self.dropped);
        let amount = |index: usize| sums.get(index).copied().unwrap_or_default();
        let end = self.nodes.get(root).map_or(0, |node| node.end);
        let mut last = root;
        let mut sources = false;
        let mut index = root;
        let mut tail: Vec<usize> = Vec::new();
        while index < end {
            let Some(node) = self.nodes.get(index) else {
                return;
            };
            if self.is_dropped(index) {
                index = node.end.max(index + 1);
                continue;
            }
            if node.own.prose > 0 {
                last = index;
                sources = false;
                tail.clear();
            }
            let here = amount(index);
            let short = (1..HEADING).contains(&here.text)
                && here.links == 0
                && is_block(node.element.name());
            if (is_heading(node) && here.text > 0) || short {
                sources =
                    words::is_source_heading(&node.head) || node.head.trim_end().ends_with(':');
            }
            if index > last
                && !sources
                && !self.holds_notes(index)
                && is_block(node.element.name())
                && node.element.name() != "table"
                && here.links > 0
                && here.prose == 0
                && here.is_linked(80)
                && self.leads_home(index, site)
            {
                tail.push(index);
                index = node.end.max(index + 1);
            } else {
                index += 1;
            }
        }
        let links: usize = tail.iter().map(|index| amount(*index).links).sum();
        if links >= 2 {
            for index in tail {
                self.drop(index);
            }
        }
    }

    /// Whether every link in an element leads to the page's own site.
    fn leads_home(&self, index: usize, site: Option<&str>) -> bool {
        let end = self.nodes.get(index).map_or(index, |node| node.end);
        self.nodes
            .get(index..end)
            .unwrap_or_default()
            .iter()
            .filter(|node| node.own.links > 0)
            .all(|node| {
                let href = node.element.attr("href").unwrap_or("").trim();
                match href.split_once("//") {
                    Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
                        site.is_some_and(|site| is_of_site(rest, site))
                    }
                    _ => !href.starts_with("mailto:"),
                }
            })
    }
}

/// Whether an address (after its `//`) has the site's host.
fn is_of_site(rest: &str, site: &str) -> bool {
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.eq_ignore_ascii_case(site.strip_prefix("www.").unwrap_or(site))
}

fn is_heading(node: &Node<'_>) -> bool {
    matches!(node.element.name().as_bytes(), [b'h', b'1'..=b'6'])
}

fn prose(sums: &[Amount], index: usize) -> usize {
    sums.get(index).map_or(0, |sum| sum.prose)
}

fn is_article(node: &Node<'_>) -> bool {
    matches!(node.element.name(), "article" | "main")
        || node
            .element
            .attr("role")
            .is_some_and(|role| matches!(role, "main" | "article"))
        || node.element.attr("itemprop") == Some("articleBody")
}

fn is_framing_role(node: &Node<'_>) -> bool {
    node.element.attr("role").is_some_and(|role| {
        matches!(
            role,
            "navigation"
                | "banner"
                | "contentinfo"
                | "search"
                | "menu"
                | "menubar"
                | "dialog"
                | "alertdialog"
                | "complementary"
                | "toolbar"
                | "tablist"
        )
    })
}

/// Whether a page hides an element from everyone.
fn is_hidden(node: &Node<'_>) -> bool {
    let element = node.element;
    let style = element.attr("style").is_some_and(|style| {
        let style: String = style
            .chars()
            .take(1000)
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        style.contains("display:none") || style.contains("visibility:hidden")
    });
    style
        || element
            .attr("hidden")
            .is_some_and(|value| value != "until-found")
        || element.attr("aria-hidden") == Some("true")
}
