//! Other articles of the site, shown within an article.
//!
//! **In:** the elements of the article. **Out:** cards (a link around a heading, a linked
//! heading in an item) and short lists of headlines between paragraphs are left out.
//! **Not here:** lists under headings that say "related", and after the text (`teasers`).

use super::super::tree::{Amount, is_block};
use super::super::words::{self, controls};
use super::Page;
use super::teasers::{HEADING, is_heading};

/// Lists of headlines that an article has at most.
const LISTS: usize = 3;
/// Headlines of a list within the text.
const HEADLINES: usize = 6;
/// Words of a headline.
const HEADLINE: usize = 4;

impl Page<'_> {
    /// Other articles as cards: a link around a heading, a linked heading in a list's item or
    /// in what is named a card; and lists of nothing but headlines.
    pub(super) fn drop_cards(&mut self, root: usize, site: Option<&str>) {
        let net = self.net();
        let amount = |index: usize| net.get(index).copied().unwrap_or_default();
        let mut sources = false;
        // Below a heading a list is what the section says.
        let mut headed = false;
        let mut lists = Vec::new();
        let mut tables = root;
        let end = self.nodes.get(root).map_or(0, |node| node.end);
        let mut index = root + 1;
        while index < end {
            let Some(node) = self.nodes.get(index) else {
                break;
            };
            let name = node.element.name();
            if self.is_dropped(index) {
                index = node.end.max(index + 1);
                continue;
            }
            if name == "table" {
                tables = tables.max(node.end);
            }
            let here = amount(index);
            let short = (1..HEADING).contains(&here.text) && here.links == 0;
            if (is_heading(node) && here.text > 0 && !here.is_linked(70))
                || (short && is_block(name))
            {
                sources = words::is_source_heading(&node.head) || node.announces;
                headed = true;
            } else if node.own.prose > 0 {
                sources = node.announces;
                headed = false;
            }
            let few = (1..=2).contains(&here.links) && here.is_linked(60);
            let card = (name == "a" && node.own.links > 0)
                || (name == "li" && few)
                || (few && is_block(name) && controls::is_card(node.element.attr("class")));
            // An article within the article, with a linked heading, is another one.
            let nested = name == "article" && here.links <= 3;
            let list = name == "ul" && !headed && self.is_headlines(index, &amount);
            let card = card || nested;
            let teaser = here.links > 0
                && (here.prose == 0
                    || (nested && here.prose * 4 < net.get(root).map_or(0, |net| net.prose)))
                && index >= tables
                && !sources
                && (list || (card && self.has_heading(index, nested)))
                && !self.holds_notes(index)
                && self.leads_home(index, site);
            if teaser && list {
                lists.push(index);
            } else if teaser {
                self.drop(index);
            }
            // Within a card that stays nothing is asked again.
            index = if teaser || card {
                node.end.max(index + 1)
            } else {
                index + 1
            };
        }
        // A page of many such lists is a page of links, and they are its text.
        if lists.len() <= LISTS {
            for list in lists {
                self.drop(list);
            }
        }
    }

    /// Whether a list has two items at least, and each is a link of several words and no more.
    fn is_headlines(&self, index: usize, amount: &impl Fn(usize) -> Amount) -> bool {
        let items = self.children(index);
        (2..=HEADLINES).contains(&items.len())
            && items.into_iter().all(|item| {
                let here = amount(item);
                here.links == 1
                    && here.is_linked(95)
                    && self
                        .nodes
                        .get(item)
                        .is_some_and(|node| node.head.split_whitespace().count() >= HEADLINE)
            })
    }

    /// Whether a heading stands in an element, and whether it is linked.
    fn has_heading(&self, index: usize, linked: bool) -> bool {
        let end = self.nodes.get(index).map_or(index, |node| node.end);
        let inner = self.nodes.get(index..end).unwrap_or_default();
        inner.iter().enumerate().any(|(at, node)| {
            let inner = self.nodes.get(index + at..node.end).unwrap_or_default();
            is_heading(node) && (!linked || inner.iter().take(6).any(|inner| inner.own.links > 0))
        })
    }
}
