//! How likely a link is one that the text itself set.
//!
//! **In:** the measured elements of a page, and which of them frame it. **Out:** a [`Row`]
//! for each link that is left: what is known of its place as numbers, and how likely it is a
//! citation. **Not here:** what the numbers weigh (`weigh::model`, fitted), and what follows
//! (`article`).
//!
//! Every number is about the kind of place that a link has: how much is said beside it, how
//! often the like stands beside it, what was said before it. None is about one site.

mod features;
mod group;
#[rustfmt::skip] // Fitted constants.
mod model;
mod place;
mod trees;

use super::article::{Site, is_heading};
use super::tree::{Amount, Node, is_block, is_in_prose};
use super::words;
use features::Features;
use group::{Groups, InRow, Left};

/// Levels above a link that are looked at: deeper pages say nothing new.
const LEVELS: usize = 24;
/// Characters of a short block, such as a lead-in.
const SHORT: usize = 80;
/// Where no more prose comes: farther than any that comes, on the scale of `until`.
const NEVER: f32 = 12.0;

/// Below this likelihood a link is none of the text's. Losing a citation is worse than
/// taking a menu's link, so it lies well below one half.
pub(super) const UNLIKELY: f32 = 0.25;
/// Below this one it is taken and in doubt.
pub(super) const DOUBTFUL: f32 = 0.5;

/// A likelihood in whole percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between 0 and 100"
)]
pub(super) fn percent(likelihood: f32) -> u8 {
    (likelihood.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// A link, weighed.
#[derive(Debug)]
pub(super) struct Row {
    /// The element.
    pub(super) index: usize,
    pub(super) features: Features,
    /// Whether a sentence announces it, it stands below a picture or leads to a file: such a link
    /// may be in doubt, and is never one of the page's surroundings.
    pub(super) is_promised: bool,
    /// Whether it is one of very many to the site's own pages of one kind, as in a list of all
    /// places: no text cites so.
    pub(super) is_directory: bool,
    /// Prose before it, in characters.
    prose: usize,
    /// Whether the rules of `article` keep it as a citation.
    pub(super) is_kept: bool,
}

impl Row {
    const fn of(index: usize, features: Features) -> Self {
        Self {
            index,
            features,
            is_promised: false,
            is_directory: false,
            prose: 0,
            is_kept: true,
        }
    }

    /// How likely it is that the text itself set this link, 0 to 1.
    pub(super) fn likelihood(&self) -> f32 {
        trees::likelihood(&self.features)
    }
}

const fn flag(value: bool) -> f32 {
    if value { 1.0 } else { 0.0 }
}

/// A count on a scale on which ten more of many are little.
#[expect(
    clippy::cast_precision_loss,
    reason = "a logarithm of a count needs no more digits"
)]
fn scale(count: usize) -> f32 {
    (count as f32).ln_1p()
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
fn linked(amount: Amount) -> f32 {
    if amount.text == 0 {
        0.0
    } else {
        amount.linked as f32 / amount.text as f32
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
fn share(part: usize, all: usize) -> f32 {
    if all == 0 {
        0.0
    } else {
        part as f32 / all as f32
    }
}

fn href<'a>(node: &Node<'a>) -> &'a str {
    node.element.attr("href").unwrap_or("").trim()
}

/// What the page says before a link.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    text: usize,
    prose: usize,
    links: usize,
    /// Whether the last heading stands over sources, and the links up to it.
    source: bool,
    heading_links: usize,
    /// Whether the last short block, or the end of the last prose, leads on or announces.
    led: bool,
    announced: bool,
    /// Whether the end of the last prose announces, and nothing came in between.
    promised: bool,
}

impl Said {
    /// Takes an element's beginning in; `here` is what stands in it.
    fn hear(&mut self, node: &Node<'_>, here: Amount) {
        if is_heading(node) && here.text > 0 {
            self.led = words::is_teaser_heading(&node.head);
            self.source = words::is_source_heading(&node.head);
            self.heading_links = self.links + here.links;
            self.announced = node.announces || self.source;
            self.promised = false;
        } else if is_block(node.element.name())
            && here.links == 0
            && (1..SHORT).contains(&here.text)
        {
            self.led = words::is_teaser_heading(&node.head);
            self.announced = node.announces || words::is_source_heading(&node.head);
            self.promised = false;
        }
        if node.own.prose > 0 {
            self.led = false;
            self.announced = node.announces;
            self.promised = node.announces;
        }
    }

    /// Tells a link what was said before it.
    fn tell(&self, row: &mut Features) {
        row.prose_before = scale(self.prose);
        row.source_heading = flag(self.source);
        row.heading_links = scale(self.links.saturating_sub(self.heading_links));
        row.announced = flag(self.announced);
        row.led = flag(self.led);
    }
}

/// The rows of all links that are not left out, in document order.
pub(super) fn rows(
    nodes: &[Node<'_>],
    out: &[bool],
    net: &[Amount],
    root: usize,
    site: Site<'_>,
) -> Vec<Row> {
    let amount = |index: usize| net.get(index).copied().unwrap_or_default();
    let mut gone = vec![false; nodes.len()];
    let mut prose = vec![false; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        let around = node.parent < index && gone.get(node.parent) == Some(&true);
        if let Some(gone) = gone.get_mut(index) {
            *gone = around || out.get(index) == Some(&true);
        }
        if node.own.links > 0
            && let Some(prose) = prose.get_mut(index)
        {
            *prose = is_in_prose(nodes, index);
        }
    }
    let left = Left {
        gone: &gone,
        prose: &prose,
    };
    let is_left = |index: &usize| gone.get(*index) == Some(&false);
    let mut groups = Groups::of(nodes, &left, site);
    for (index, node) in nodes.iter().enumerate() {
        if is_left(&index) && amount(index).links > 0 {
            groups.hold(node);
        }
    }
    let mut said = Said::default();
    let mut found: Vec<Row> = Vec::new();
    let mut links: Vec<InRow<'_>> = Vec::new();
    // Links before the next prose, and the text before each.
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    // What was left out so far, and what all of it comes to.
    let mut skipped = 0;
    let mut last = 0;
    for (index, node) in nodes.iter().enumerate() {
        if !is_left(&index) {
            skipped += node.own.text.saturating_sub(node.own.linked);
            continue;
        }
        said.hear(node, amount(index));
        if node.own.prose > 0 {
            for (row, from) in waiting.drain(..) {
                if let Some(row) = found.get_mut(row) {
                    row.features.until = scale(said.text.saturating_sub(from));
                }
            }
        }
        if node.element.name() == "a" && node.own.links > 0 {
            let mut row = place::of_link(nodes, net, index, root, &groups);
            said.tell(&mut row);
            row.sibling = flag(place::is_sibling(href(node), site.page));
            if prose.get(index) != Some(&true) {
                row.until = NEVER;
                waiting.push((found.len(), said.text));
            }
            links.push(InRow {
                at: node.at.saturating_sub(skipped),
                href: href(node),
                length: amount(index).text,
                is_home: super::article::is_home(href(node), site),
            });
            found.push(Row {
                is_promised: said.promised
                    || place::is_in_caption(nodes, index)
                    || words::controls::is_file(href(node)),
                prose: said.prose,
                ..Row::of(index, row)
            });
            said.links += 1;
        }
        said.text += node.own.text;
        said.prose += node.own.prose;
        last = last.max(node.at.saturating_sub(skipped) + node.own.text - node.own.linked);
    }
    for row in &mut found {
        let after = said.prose.saturating_sub(row.prose);
        row.features.prose_after = scale(after);
    }
    group::tell_rows(&links, last, &mut found);
    found
}

/// An element's ancestors, nearest first, to a bound.
fn ancestors<'n>(nodes: &'n [Node<'_>], index: usize) -> impl Iterator<Item = usize> + 'n {
    let parent = |at: usize| nodes.get(at).map(|node| node.parent);
    std::iter::successors(Some(index), move |at| parent(*at).filter(|up| up != at))
        .skip(1)
        .take(LEVELS)
}

fn block_of(nodes: &[Node<'_>], index: usize) -> Option<usize> {
    ancestors(nodes, index).find(|up| {
        nodes
            .get(*up)
            .is_some_and(|node| is_block(node.element.name()))
    })
}
