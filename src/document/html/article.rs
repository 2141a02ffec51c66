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

mod cards;
mod controls;
mod teasers;

pub(super) use teasers::is_heading;

use super::tree::{Amount, Node, is_block, is_in_prose, is_silent, sums};
use super::weigh::{self, Row};
use super::words::Naming;
use std::collections::BTreeMap;
use url::Url;

/// What a furniture name may hold of a page's prose, in percent, and still be believed.
const NAMED: usize = 45;
/// What a framing tag may hold of it.
const FRAMING: usize = 50;
/// Prose that must remain beside what readers wrote.
const REMAINS: usize = 200;
/// What the smallest part must hold of the prose around it, in percent.
const HOLDS: usize = 90;
/// Links outside the article that tell a site's page from a page of its own.
const SITE_LINKS: usize = 5;

/// What of a page is not read.
#[derive(Debug)]
pub(super) struct Left {
    /// Whether each element is left out (its descendants are then left out with it).
    pub(super) out: Vec<bool>,
    /// Whether each element is a link whose words are read, and which cites nothing.
    pub(super) uncited: Vec<bool>,
    /// Links that may not be the text's own, and how likely they are, in percent.
    pub(super) doubts: BTreeMap<usize, u8>,
    /// What was weighed.
    pub(super) rows: Vec<Row>,
}

/// Whose page it is, as far as that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) host: Option<&'a str>,
    /// The page's own address.
    pub(super) page: Option<&'a Url>,
}

/// Whether an address leads to the page's own site.
pub(super) fn is_home(href: &str, site: Site<'_>) -> bool {
    teasers::is_home_of(href, site.host)
}

/// What of a page is not read.
pub(super) fn left_out(nodes: &[Node<'_>], notes: &[bool], site: Site<'_>) -> Left {
    let sources: Vec<bool> = nodes
        .iter()
        .map(|node| node.naming == Naming::Notes)
        .collect();
    let mut page = Page {
        nodes,
        notes: holding(nodes, notes),
        sources: holding(nodes, &sources),
        dropped: vec![false; nodes.len()],
        uncited: vec![false; nodes.len()],
        inside: vec![false; nodes.len()],
    };
    page.mark_articles();
    page.drop_framing();
    page.drop_named();
    page.drop_bars(site.host);
    let root = page.root();
    let is_site = page.drop_outside(root);
    let mut rows = Vec::new();
    if is_site {
        rows = weigh::rows(nodes, &page.dropped, &page.net(), root, site);
        page.drop_teasers(root);
        page.drop_controls(root, site);
        page.drop_cards(root, site.host);
        page.drop_tail(root, site.host);
    }
    for row in &mut rows {
        row.is_kept =
            !page.is_below_dropped(row.index) && page.uncited.get(row.index) == Some(&false);
    }
    let doubts = page.drop_unlikely(&rows, &below(nodes, notes));
    Left {
        out: page.dropped,
        uncited: page.uncited,
        doubts,
        rows,
    }
}

/// Whether each element stands in a note, or in a list that is named as one of sources.
fn below(nodes: &[Node<'_>], notes: &[bool]) -> Vec<bool> {
    let mut below = vec![false; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        let around = node.parent < index && below.get(node.parent) == Some(&true);
        let here = notes.get(index) == Some(&true) || node.naming == Naming::Notes;
        if let Some(below) = below.get_mut(index) {
            *below = around || here;
        }
    }
    below
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
    uncited: Vec<bool>,
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
                || (!is_block(name) && is_in_prose(page.nodes, index))
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

    /// Rows of links with bars between them ("Home | Words | Help") are menus on any page.
    fn drop_bars(&mut self, site: Option<&str>) {
        let net = self.net();
        self.drop_where(0, |page, index, node| {
            let here = net.get(index).copied().unwrap_or_default();
            node.bars >= 2
                && here.links >= 3
                && here.prose == 0
                && here.is_linked(70)
                && !page.holds_notes(index)
                && page.leads_home(index, site)
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
                // A part that is prose and hardly links is the text's, too.
                let here = net.get(child).copied().unwrap_or_default();
                // The page's heading often stands beside its text; the site's is linked.
                let heading = here.links == 0
                    && matches!(
                        self.nodes.get(child).map(|node| node.element.name()),
                        Some("h1")
                    );
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

    /// Drops links that are hardly the text's own, and gives those that are in doubt.
    fn drop_unlikely(&mut self, rows: &[Row], sources: &[bool]) -> BTreeMap<usize, u8> {
        let mut doubts = BTreeMap::new();
        for row in rows {
            let likelihood = row.likelihood();
            let taken = likelihood >= weigh::DOUBTFUL && !row.is_directory;
            if taken || sources.get(row.index) == Some(&true) {
                continue;
            }
            if !row.is_directory && (likelihood >= weigh::UNLIKELY || row.is_promised) {
                doubts.insert(row.index, weigh::percent(likelihood));
            } else if self.nodes.get(row.index).is_some_and(|node| node.alone) {
                self.drop(row.index);
            } else {
                self.uncite(row.index);
            }
        }
        doubts
    }

    /// What stands in every element, without what is left out already.
    fn net(&self) -> Vec<Amount> {
        sums(self.nodes, &self.dropped)
    }
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
