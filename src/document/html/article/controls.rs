//! Links within an article that do something and cite nothing.
//!
//! **In:** the elements of the article. **Out:** buttons, downloads of each picture, ways
//! to sign in, the house's own rules, pages that only sort (authors, tags), and what asks
//! readers to write or to pay: left out, or, where they stand in a sentence, no link.
//! **Not here:** what leads on to further reading (`teasers`, `cards`).

use super::super::tree::{is_block, is_in_prose, sums};
use super::super::words::{self, controls};
use super::teasers::{HEADING, is_heading};
use super::{NAMED, Page, Site, prose};

use std::collections::{BTreeMap, BTreeSet};

/// Links of the same words, each alone in its line, that make them a control.
const REPEATED: usize = 3;
/// Prose outside of paragraphs, in percent, with which boxes are paragraphs.
const BOXED: usize = 20;
/// Characters of a block that asks readers for something.
const ASK: usize = 300;

impl Page<'_> {
    /// Drops what does something, and marks links within sentences that cite nothing.
    pub(super) fn drop_controls(&mut self, root: usize, site: Site<'_>) {
        let above = controls::above(site.page);
        let net = self.net();
        let total = prose(&net, root);
        let sets_in_boxes = self.sets_in_boxes(root);
        // Addresses that sentences cite.
        let mut cited: BTreeSet<&str> = BTreeSet::new();
        // Whether the text has begun.
        let mut begun = false;
        let mut sources = false;
        let mut repeated: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        // Rules of other houses, by the block that they stand in.
        let mut rules: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        // The end of the last table or list item.
        let mut tables = 0;
        let end = self.nodes.len();
        // What was kept beside the article is asked, too.
        let mut index = 1;
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
            // Old pages set the whole article in a table.
            if index > root && matches!(name, "table" | "li" | "dl") {
                tables = tables.max(node.end);
            }
            let short = here.text < HEADING;
            if (is_heading(node) || (short && here.links == 0 && is_block(name))) && here.text > 0 {
                sources = words::is_source_heading(&node.head) || node.announces;
            } else if node.own.prose > 0 {
                sources = node.announces;
            }
            begun |= node.own.prose > 0 && !is_heading(node);
            if name == "a" && node.own.links > 0 {
                let href = node.element.attr("href").unwrap_or("").trim();
                let home = self.leads_home(index, site.host);
                let house = home && (controls::is_policy(&node.head) || controls::is_account(href));
                let button =
                    short && (words::is_call(&node.head) || controls::is_order(&node.head));
                let up = controls::is_above(href, &above) || controls::is_sorting(href);
                let sorts = home && !sources && up;
                // A link by itself in a box is none that a writer set.
                let boxed = home
                    && !sets_in_boxes
                    && !sources
                    && !node.head.trim_end().ends_with(':')
                    && index >= tables
                    && !controls::is_file(href)
                    && self.is_in_box(index);
                // A link alone to what a sentence cites already is its teaser.
                let again = home && !sources && index >= tables && cited.contains(href);
                let post = href.starts_with("mailto:") && index >= tables && self.is_in_box(index);
                if !node.alone && is_in_prose(self.nodes, index) {
                    cited.insert(href);
                }
                if controls::is_policy(&node.head)
                    && let Some(block) = self.block_of(index)
                {
                    rules.entry(block).or_default().push(index);
                }
                if node.alone
                    && (house
                        || button
                        || sorts
                        || boxed
                        || again
                        || (post && !sets_in_boxes)
                        || controls::is_licence(href))
                {
                    self.drop(index);
                } else if house && !controls::may_be_cited(&node.head, href) {
                    self.uncite(index);
                } else if node.alone && home && short && index >= tables {
                    repeated
                        .entry(node.head.trim().to_lowercase())
                        .or_default()
                        .push(index);
                }
            } else if is_block(name)
                && here.links > 0
                && here.prose == 0
                && here.text < ASK
                && here.is_linked(40)
                && !sources
                && !self.holds_notes(index)
                && self.leads_home(index, site.host)
                && ((!begun && !node.is_sentence && self.is_innermost(index))
                    || self.begins_at_home(index)
                    || self.all_lead(index, |href| {
                        controls::is_above(href, &above) || controls::is_sorting(href)
                    }))
            {
                // What stands over the text (date, section), the way down to the page, or the subjects that it is sorted under.
                self.drop(index);
                index = node.end.max(index + 1);
                continue;
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
        // "See our terms and privacy policy" is small print.
        for link in rules
            .into_values()
            .filter(|links| links.len() >= 2)
            .flatten()
        {
            self.uncite(link);
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

    /// The block that an element stands in.
    fn block_of(&self, index: usize) -> Option<usize> {
        let mut at = index;
        loop {
            let parent = self.nodes.get(at)?.parent;
            if parent == at {
                return None;
            }
            if is_block(self.nodes.get(parent)?.element.name()) {
                return Some(parent);
            }
            at = parent;
        }
    }

    /// Whether the block around a link is one that sets no text (a paragraph or a heading does).
    fn is_in_box(&self, index: usize) -> bool {
        let block = self.block_of(index).and_then(|block| self.nodes.get(block));
        block.is_some_and(|block| {
            matches!(
                block.element.name(),
                "div" | "section" | "header" | "footer" | "aside"
            )
        })
    }

    /// Whether no block stands in a block.
    fn is_innermost(&self, index: usize) -> bool {
        let end = self.nodes.get(index).map_or(index, |node| node.end);
        let inner = self.nodes.get(index + 1..end).unwrap_or_default();
        !inner.iter().any(|node| is_block(node.element.name()))
    }

    /// Whether an article sets a good part of its text without paragraphs.
    fn sets_in_boxes(&self, root: usize) -> bool {
        let end = self.nodes.get(root).map_or(root, |node| node.end);
        let (mut boxed, mut all) = (0, 0);
        for (index, node) in self.nodes.iter().enumerate().take(end).skip(root) {
            if node.own.prose > 0 && !self.is_dropped(index) {
                all += node.own.prose;
                boxed += if node.element.name() == "div" {
                    node.own.prose
                } else {
                    0
                };
            }
        }
        boxed * 100 > all * BOXED
    }

    /// Whether the first of several links leads to the site's front page.
    fn begins_at_home(&self, index: usize) -> bool {
        let end = self.nodes.get(index).map_or(index, |node| node.end);
        let inner = self.nodes.get(index..end).unwrap_or_default();
        let mut links = inner.iter().filter(|node| node.own.links > 0);
        let first = links
            .next()
            .and_then(|link| link.element.attr("href"))
            .is_some_and(|href| controls::is_front(href.trim()));
        first && links.next().is_some()
    }

    /// Whether every link in an element leads where `judge` says.
    fn all_lead(&self, index: usize, judge: impl Fn(&str) -> bool) -> bool {
        let end = self.nodes.get(index).map_or(index, |node| node.end);
        let inner = self.nodes.get(index..end).unwrap_or_default();
        inner
            .iter()
            .filter(|node| node.own.links > 0)
            .all(|node| judge(node.element.attr("href").unwrap_or("").trim()))
    }

    pub(super) fn uncite(&mut self, index: usize) {
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
