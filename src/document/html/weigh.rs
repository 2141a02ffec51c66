//! How likely a link is one that the text itself set.
//!
//! **In:** the measured elements of a page, and which of them frame it. **Out:** a [`Row`]
//! for each link that is left: what is known of its place as numbers, and how likely it is a
//! citation. **Not here:** what the numbers weigh (`weigh::model`, fitted), and what follows
//! (`article`).
//!
//! Every number is about the kind of place that a link has: how much is said beside it, how
//! often the like stands beside it, what was said before it. None is about one site.

mod model;

use super::article::{Site, is_heading, is_home};
use super::tree::{Amount, Node, is_block};
use super::words::{self, controls};
use std::collections::HashMap;

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
    /// Whether the rules of `article` keep it as a citation.
    pub(super) is_kept: bool,
}

impl Row {
    /// How likely it is that the text itself set this link, 0 to 1.
    pub(super) fn likelihood(&self) -> f32 {
        model::likelihood(&self.features)
    }
}

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident),* $(,)?) => {
        /// What is known of a link's place, one number each.
        #[derive(Debug, Clone, Copy, Default)]
        pub(super) struct Features { $($(#[doc = $doc])* $name: f32),* }

        impl Features {
            /// How many there are.
            pub(super) const COUNT: usize = [$(stringify!($name)),*].len();
            /// Their names, in order.
            pub(super) const NAMES: [&'static str; Self::COUNT] = [$(stringify!($name)),*];

            /// Each with its name.
            pub(super) fn named(&self) -> impl Iterator<Item = (&'static str, f32)> {
                Self::NAMES.into_iter().zip(self.values())
            }

            /// Their values, in order.
            pub(super) const fn values(&self) -> [f32; Self::COUNT] {
                [$(self.$name),*]
            }
        }
    };
}

features! {
    /// It stands alone in its line.
    alone,
    /// It opens a window.
    blank,
    /// Its class makes it a button.
    button,
    /// It leads to the page's own site.
    home,
    /// It is an address for mail.
    mail,
    /// It leads to what only sorts.
    sorting,
    /// It leads to where readers sign in or pay.
    account,
    /// It leads to a file to read.
    file,
    /// Links with the same words.
    same_words,
    /// Its words ask to do something.
    call,
    /// Its words order something.
    order,
    /// Its words name the house's rules.
    policy,
    /// Its block names an author.
    byline,
    /// It leads to someone's own page on a network.
    profile,
    /// Such a link, not the only one in its block.
    profiles,
    /// Links in its block.
    block_links,
    /// Share of its block that is linked.
    block_linked,
    /// Its block is no paragraph, item, heading or cell.
    in_box,
    /// Its block is a cell of a table.
    in_cell,
    /// Its block ends like a sentence.
    sentence,
    /// Its block leads on to further reading.
    lead,
    /// Its block asks readers for something.
    ask,
    /// Share that is linked of the block around its block.
    linked1,
    /// And of the one around that.
    linked2,
    /// A list is around it.
    list,
    /// An `aside`, `header` or `footer` is around it.
    aside,
    /// How many neighbours of the same kind hold links, too.
    repeats,
    /// How much comes before the next prose.
    until,
    /// The heading above stands over teasers.
    teaser_heading,
    /// The heading above stands over sources.
    source_heading,
    /// Links since that heading.
    heading_links,
    /// What stands before it announces it ("Sources:").
    announced,
    /// What stands before it leads on ("Related").
    led,
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

fn href<'a>(node: &Node<'a>) -> &'a str {
    node.element.attr("href").unwrap_or("").trim()
}

/// What the page says before a link.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    text: usize,
    links: usize,
    /// What the last heading stands over, and the links up to it.
    teaser: bool,
    source: bool,
    heading_links: usize,
    /// Whether the last short block, or the end of the last prose, leads on or announces.
    led: bool,
    announced: bool,
}

impl Said {
    /// Takes an element's beginning in; `here` is what stands in it.
    fn hear(&mut self, node: &Node<'_>, here: Amount) {
        if is_heading(node) && here.text > 0 {
            self.teaser = words::is_teaser_heading(&node.head);
            self.source = words::is_source_heading(&node.head);
            self.heading_links = self.links + here.links;
            self.led = self.teaser;
            self.announced = node.announces || self.source;
        } else if is_block(node.element.name())
            && here.links == 0
            && (1..SHORT).contains(&here.text)
        {
            self.led = words::is_teaser_heading(&node.head);
            self.announced = node.announces || words::is_source_heading(&node.head);
        }
        if node.own.prose > 0 {
            self.led = false;
            self.announced = node.announces;
        }
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
    for (index, node) in nodes.iter().enumerate() {
        let around = node.parent < index && gone.get(node.parent) == Some(&true);
        if let Some(gone) = gone.get_mut(index) {
            *gone = around || out.get(index) == Some(&true);
        }
    }
    let left = || {
        nodes
            .iter()
            .enumerate()
            .filter(|(index, _)| gone.get(*index) == Some(&false))
    };
    let counts = Counts::of(nodes, left(), net);
    let mut said = Said::default();
    let mut found: Vec<Row> = Vec::new();
    // Links before the next prose, and the text before each.
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for (index, node) in left() {
        said.hear(node, amount(index));
        if node.own.prose > 0 {
            for (row, from) in waiting.drain(..) {
                if let Some(row) = found.get_mut(row) {
                    row.features.until = scale(said.text.saturating_sub(from));
                }
            }
        }
        if node.element.name() == "a" && node.own.links > 0 {
            let mut row = of_link(nodes, net, index, root, &counts);
            row.home = flag(is_home(href(node), site));
            row.teaser_heading = flag(said.teaser);
            row.source_heading = flag(said.source);
            row.heading_links = scale(said.links.saturating_sub(said.heading_links));
            row.announced = flag(said.announced);
            row.led = flag(said.led);
            let in_prose = block_of(nodes, index)
                .and_then(|block| nodes.get(block))
                .is_some_and(|block| block.own.prose > 0);
            if !in_prose {
                row.until = NEVER;
                waiting.push((found.len(), said.text));
            }
            found.push(Row {
                index,
                features: row,
                is_kept: true,
            });
            said.links += 1;
        }
        said.text += node.own.text;
    }
    found
}

/// What is counted over the whole page.
#[derive(Default)]
struct Counts<'a> {
    /// Links of the same words.
    words: HashMap<String, usize>,
    /// Neighbours of the same tag and class that hold links.
    like: HashMap<Kind<'a>, usize>,
    /// Links of a block that lead to people's own pages.
    profiles: HashMap<usize, usize>,
}

/// Parent, tag and first class.
type Kind<'a> = (usize, &'a str, &'a str);

fn kind<'a>(node: &Node<'a>) -> Kind<'a> {
    let class = node.element.attr("class").unwrap_or("");
    let class = class.split_whitespace().next().unwrap_or("");
    (node.parent, node.element.name(), class)
}

impl<'a> Counts<'a> {
    fn of<'n>(
        nodes: &'n [Node<'a>],
        left: impl Iterator<Item = (usize, &'n Node<'a>)>,
        net: &[Amount],
    ) -> Self
    where
        'a: 'n,
    {
        let mut counts = Self::default();
        for (index, node) in left {
            if net.get(index).is_some_and(|net| net.links > 0) {
                *counts.like.entry(kind(node)).or_default() += 1;
            }
            if node.own.links == 0 {
                continue;
            }
            let words = node.head.trim().to_lowercase();
            *counts.words.entry(words).or_default() += 1;
            if controls::is_profile(href(node))
                && let Some(block) = block_of(nodes, index)
            {
                *counts.profiles.entry(block).or_default() += 1;
            }
        }
        counts
    }
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

/// What the link, its block and the elements around it say.
fn of_link(
    nodes: &[Node<'_>],
    net: &[Amount],
    index: usize,
    root: usize,
    counts: &Counts<'_>,
) -> Features {
    let amount = |index: usize| net.get(index).copied().unwrap_or_default();
    let mut row = Features::default();
    let Some(node) = nodes.get(index) else {
        return row;
    };
    let to = href(node);
    let rel = node.element.attr("rel").unwrap_or("");
    row.alone = flag(node.alone);
    row.blank = flag(node.element.attr("target").is_some());
    row.button = flag(node.element.attr("class").is_some_and(words::is_button));
    row.mail = flag(to.starts_with("mailto:"));
    row.sorting = flag(controls::is_sorting(to));
    row.account = flag(controls::is_account(to));
    row.file = flag(controls::is_file(to));
    let same = counts.words.get(&node.head.trim().to_lowercase());
    row.same_words = scale(same.copied().unwrap_or(0));
    row.call = flag(words::is_call(&node.head) || words::is_relation(rel));
    row.order = flag(controls::is_order(&node.head));
    row.policy = flag(controls::is_policy(&node.head));
    row.profile = flag(controls::is_profile(to));
    let mut blocks = 0;
    let mut within = true;
    let mut prose = false;
    for at in std::iter::once(index).chain(ancestors(nodes, index)) {
        let Some(up) = nodes.get(at) else { break };
        let name = up.element.name();
        let here = amount(at);
        within &= at != root;
        prose |= up.own.prose > 0 || here.prose > 0;
        if !prose && at != root {
            let like = counts.like.get(&kind(up)).copied().unwrap_or(0);
            row.repeats = row.repeats.max(scale(like));
        }
        if within {
            match name {
                "ul" | "ol" | "dl" => row.list = 1.0,
                "aside" | "header" | "footer" => row.aside = 1.0,
                _ => {}
            }
        }
        if at == index || !is_block(name) {
            continue;
        }
        match blocks {
            0 => {
                row.block_links = scale(here.links);
                row.block_linked = linked(here);
                row.in_box = flag(matches!(
                    name,
                    "div" | "section" | "article" | "main" | "aside"
                ));
                row.in_cell = flag(matches!(name, "td" | "th"));
                row.sentence = flag(up.is_sentence);
                row.lead = flag(words::is_lead(&up.head));
                row.ask = flag(controls::is_ask(&up.head));
                row.byline = flag(words::is_byline(&up.head));
                let beside = counts.profiles.get(&at).copied().unwrap_or(0);
                row.profiles = flag(row.profile > 0.0 && beside >= 2);
            }
            1 => row.linked1 = linked(here),
            2 => row.linked2 = linked(here),
            _ => {}
        }
        blocks += 1;
    }
    row
}
