//! Links within an article that do something and cite nothing.
//!
//! **In:** the elements of the article. **Out:** buttons, downloads of each picture, ways
//! to sign in, the house's own rules, pages that only sort (authors, tags), and what asks
//! readers to write or to pay: left out, or, where they stand in a sentence, no link.
//! **Not here:** what leads on to further reading (`teasers`, `cards`).

use super::super::tree::{is_block, sums};
use super::super::words::{self, controls};
use super::teasers::{HEADING, is_heading};
use super::{NAMED, Page, prose};

use std::collections::BTreeMap;

/// Links of the same words, each alone in its line, that make them a control.
const REPEATED: usize = 3;
/// Characters of a block that asks readers for something.
const ASK: usize = 300;

impl Page<'_> {
    /// Drops what does something, and marks links within sentences that cite nothing.
    pub(super) fn drop_controls(&mut self, root: usize, site: Option<&str>) {
        let net = self.net();
        let total = prose(&net, root);
        let end = self.nodes.get(root).map_or(0, |node| node.end);
        let mut sources = false;
        let mut repeated: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut tables = root;
        let mut index = root + 1;
        while index < end {
            let nodes = self.nodes;
            let Some(node) = nodes.get(index) else {
                return;
            };
            let here = net.get(index).copied().unwrap_or_default();
            let name = node.element.name();
            if self.is_dropped(index) || self.holds_notes(index) && name == "li" {
                index = node.end.max(index + 1);
                continue;
            }
            if name == "table" {
                tables = tables.max(node.end);
            }
            if is_heading(node) && here.text > 0 {
                sources = words::is_source_heading(&node.head);
            }
            if name == "a" && node.own.links > 0 {
                let href = node.element.attr("href").unwrap_or("").trim();
                let home = self.leads_home(index, site);
                let short = here.text < HEADING;
                let house = home && (controls::is_policy(&node.head) || controls::is_account(href));
                let button =
                    short && (words::is_call(&node.head) || controls::is_order(&node.head));
                let sorts = home && !sources && controls::is_sorting(href);
                if node.alone && (house || button || sorts || controls::is_licence(href)) {
                    self.drop(index);
                } else if house && !controls::may_be_cited(&node.head, href) {
                    self.uncite(index);
                } else if node.alone && home && short && index >= tables {
                    repeated
                        .entry(node.head.trim().to_lowercase())
                        .or_default()
                        .push(index);
                }
            } else if (is_block(name) || name.contains('-'))
                && here.links > 0
                && here.text < ASK
                && !sources
                && controls::is_ask(&node.head)
                && !self.holds_notes(index)
            {
                self.drop(index);
            }
            index += 1;
        }
        for (words, links) in repeated {
            let says_source = words::is_source_heading(&words);
            if links.len() >= REPEATED && !words.is_empty() && !says_source {
                for link in links {
                    self.drop(link);
                }
            }
        }
        self.drop_replies(root, total);
    }

    fn uncite(&mut self, index: usize) {
        if let Some(uncited) = self.uncited.get_mut(index) {
            *uncited = true;
        }
    }

    /// What follows a heading that invites readers to write below.
    fn drop_replies(&mut self, root: usize, total: usize) {
        let sums = sums(self.nodes, &self.dropped);
        let end = self.nodes.get(root).map_or(0, |node| node.end);
        let mut index = root + 1;
        while index < end {
            let Some(node) = self.nodes.get(index) else {
                return;
            };
            if self.is_dropped(index) {
                index = node.end.max(index + 1);
                continue;
            }
            let last = self.nodes.get(node.parent).map_or(0, |node| node.end);
            if is_heading(node)
                && controls::invites_replies(&node.head)
                && !self.holds_notes(node.parent)
            {
                let after: Vec<usize> = self
                    .children(node.parent)
                    .into_iter()
                    .filter(|child| *child >= index)
                    .collect();
                let held: usize = after.iter().map(|child| prose(&sums, *child)).sum();
                if held * 100 <= total * NAMED {
                    for child in after {
                        self.drop(child);
                    }
                }
                index = last.max(index + 1);
            } else {
                index += 1;
            }
        }
    }
}
