//! What a link says itself, and what the elements around it say.
//!
//! **In:** the measured elements and what is counted over the page. **Out:** the numbers of one
//! link. **Not here:** what was said before it (`super`), rows of links (`group`).

use super::super::article::is_heading;
use super::super::tree::{Amount, Node, is_block};
use super::super::words::{self, Naming, before, controls};
use super::features::Features;
use super::group::Groups;
use super::{ancestors, block_of, flag, href, linked, scale, share};
use url::Url;

/// What the link, its block and the elements around it say.
pub(super) fn of_link(
    nodes: &[Node<'_>],
    net: &[Amount],
    index: usize,
    root: usize,
    groups: &Groups<'_>,
) -> Features {
    let mut row = Features::default();
    let Some(node) = nodes.get(index) else {
        return row;
    };
    of_words(node, &mut row);
    groups.tell(node, &mut row);
    let amount = |index: usize| net.get(index).copied().unwrap_or_default();
    row.length = scale(amount(index).text);
    let mut blocks = 0;
    let (mut within, mut prose, mut card) = (true, false, true);
    for at in std::iter::once(index).chain(ancestors(nodes, index)) {
        let Some(up) = nodes.get(at) else { break };
        let name = up.element.name();
        let here = amount(at);
        within &= at != root;
        prose |= up.own.prose > 0 || here.prose > 0;
        if !prose && at != root {
            row.repeats = row.repeats.max(scale(groups.like(up)));
        }
        card &= within && here.links <= 2;
        if card {
            row.card_text = scale(here.text.saturating_sub(here.linked));
            row.card_picture = flag(groups.has_picture(at, up.end));
            row.card_heading = flag(groups.has_heading(at, up.end));
        }
        if within {
            match name {
                "ul" | "ol" | "dl" if row.list == 0.0 => {
                    row.list = 1.0;
                    row.list_links = scale(here.links);
                    row.list_linked = linked(here);
                    row.list_home = share(groups.homes(at, up.end), here.links);
                }
                "aside" | "header" | "footer" => row.aside = 1.0,
                _ => {}
            }
            row.in_heading = row.in_heading.max(flag(is_heading(up)));
            let named = matches!(up.naming, Naming::Furniture | Naming::Comments);
            row.named = row.named.max(flag(named));
        }
        if at == index || !is_block(name) {
            continue;
        }
        match blocks {
            0 => of_block(node, up, here, &mut row),
            1 => row.linked1 = linked(here),
            2 => row.linked2 = linked(here),
            _ => {}
        }
        if blocks == 0 {
            row.profiles = flag(row.profile > 0.0 && groups.profiles(at) >= 2);
        }
        blocks += 1;
    }
    row
}

/// Whether a link stands in the caption of a picture or of a table.
pub(super) fn is_in_caption(nodes: &[Node<'_>], index: usize) -> bool {
    block_of(nodes, index)
        .and_then(|block| nodes.get(block))
        .is_some_and(|block| {
            matches!(block.element.name(), "figcaption" | "caption")
                || block
                    .element
                    .attr("class")
                    .is_some_and(|class| class.contains("caption-text"))
        })
}

/// What a link's words and address say.
fn of_words(node: &Node<'_>, row: &mut Features) {
    let to = href(node);
    let rel = node.element.attr("rel").unwrap_or("");
    row.alone = flag(node.alone);
    row.blank = flag(node.element.attr("target").is_some());
    row.button = flag(node.element.attr("class").is_some_and(words::is_button));
    row.mail = flag(to.starts_with("mailto:"));
    row.sorting = flag(controls::is_sorting(to));
    row.account = flag(controls::is_account(to));
    row.profile = flag(controls::is_profile(to));
    row.nofollow = flag(
        rel.split_whitespace()
            .any(|word| word.eq_ignore_ascii_case("nofollow")),
    );
    row.call = flag(words::is_call(&node.head) || words::is_relation(rel));
    row.order = flag(controls::is_order(&node.head));
    row.verb = flag(controls::begins_order(&node.head));
    row.policy = flag(controls::is_policy(&node.head));
    row.colon = flag(node.tail.trim_end().ends_with([':', '：']));
    row.follow = flag(before::asks_to_follow(&node.tail));
    row.filed = flag(before::files(&node.tail));
}

/// What the block around a link says.
fn of_block(node: &Node<'_>, block: &Node<'_>, here: Amount, row: &mut Features) {
    let name = block.element.name();
    let ahead = node.at.saturating_sub(block.at);
    let unlinked = here.text.saturating_sub(here.linked);
    row.before = scale(ahead);
    row.after = scale(unlinked.saturating_sub(ahead));
    row.block_links = scale(here.links);
    row.block_linked = linked(here);
    row.in_box = flag(matches!(
        name,
        "div" | "section" | "article" | "main" | "aside"
    ));
    row.sentence = flag(block.is_sentence);
    row.arrow = flag(block.head.trim_start().starts_with(is_arrow));
    row.lead = flag(words::is_lead(&block.head));
    row.byline = flag(words::is_byline(&block.head));
}

/// Whether a sign points to what follows it.
fn is_arrow(c: char) -> bool {
    matches!(c, '»' | '›' | '>' | '•' | '|' | '#')
        || ('\u{2190}'..='\u{21ff}').contains(&c)
        || ('\u{25a0}'..='\u{27bf}').contains(&c)
        || ('\u{2900}'..='\u{2bff}').contains(&c)
        || ('\u{1f300}'..='\u{1faff}').contains(&c)
}

/// Whether an address leads to the directory that the page itself stands in.
pub(super) fn is_sibling(href: &str, page: Option<&Url>) -> bool {
    let Some(page) = page.filter(|page| page.path().len() > 1) else {
        return false;
    };
    let directory = |url: &Url| {
        let path = url.path().trim_end_matches('/');
        path.rfind('/').map_or(0, |at| at + 1)
    };
    page.join(href).is_ok_and(|to| {
        to.host_str() == page.host_str()
            && to.path().get(..directory(&to)) == page.path().get(..directory(page))
    })
}
