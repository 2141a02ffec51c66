//! What leads on to other pages within an article.
//!
//! **In:** the elements of the article. **Out:** lead-ins ("Read also: …"), bylines,
//! buttons, lists under headings such as "Related", and links to the same site after
//! the text's end are left out. **Not here:** what stands around the article.

use super::super::tree::{Amount, Node, is_block, sums};
use super::super::words;
use super::Page;

/// Elements after a heading that are looked at for its list.
const NEIGHBOURS: usize = 60;
/// Elements of a block that may be a button.
const BUTTON: usize = 30;
/// Characters of a heading, or of a button.
pub(super) const HEADING: usize = 60;

impl Page<'_> {
    /// Lead-ins to further reading, and lists of teasers, within the article.
    pub(super) fn drop_teasers(&mut self, root: usize) {
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
                || (name == "aside" && linked(index, 40))
                || (is_block(name) && amount(index).text < HEADING && words::is_byline(&node.head))
                // Headings have a button that copies their address.
                || (is_block(name)
                    && !is_heading(node)
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

    pub(super) fn is_below_dropped(&self, index: usize) -> bool {
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
    pub(super) fn drop_tail(&mut self, root: usize, site: Option<&str>) {
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
    pub(super) fn leads_home(&self, index: usize, site: Option<&str>) -> bool {
        let end = self.nodes.get(index).map_or(index, |node| node.end);
        self.nodes
            .get(index..end)
            .unwrap_or_default()
            .iter()
            .filter(|node| node.own.links > 0)
            .all(|node| {
                let href = node.element.attr("href").unwrap_or("").trim();
                is_home_of(href, site)
            })
    }
}

/// Whether an address leads to the page's own site.
pub(super) fn is_home_of(href: &str, site: Option<&str>) -> bool {
    match href.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
            site.is_some_and(|site| is_of_site(rest, site))
        }
        _ => !href.starts_with("mailto:"),
    }
}

/// Whether an address (after its `//`) has the site's host.
fn is_of_site(rest: &str, site: &str) -> bool {
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.eq_ignore_ascii_case(site.strip_prefix("www.").unwrap_or(site))
}

pub(in super::super) fn is_heading(node: &Node<'_>) -> bool {
    matches!(node.element.name().as_bytes(), [b'h', b'1'..=b'6'])
}
