//! HTML, from a file or from the web.
//!
//! **In:** characters, the address they came from, the bounds. **Out:** a
//! [`Document`] of what the page itself says. **Not here:** scripts are not run, and of
//! styles only the attribute is asked whether something is hidden.
//!
//! ```text
//! characters ─ depth ─ gate ─► tree ─ measured ─► notes, and what is left out ─► text, links, marks
//! ```

mod article;
mod depth;
mod facts;
mod flow;
mod gate;
mod notes;
mod tree;
mod weigh;
mod words;

pub use depth::cap_depth;
pub(crate) use gate::Gate;

use super::{Document, Format, Place, Problem};
use crate::limits::{Budget, Limits};
use scraper::Html;
use std::borrow::Cow;
use url::Url;

/// Reads HTML.
#[must_use]
pub fn read(text: &str, base: Option<&Url>, limits: &Limits) -> Document {
    let capped = cap_depth(text, limits.max_html_depth);
    let (html, refused) = gate::parse(&capped);
    let flattened = refused || matches!(capped, Cow::Owned(_));
    let mut document = Document::empty(Format::Html);
    if flattened {
        document.problems.push(Problem {
            place: Place::default(),
            text: format!(
                "elements nested deeper than {} were flattened",
                limits.max_html_depth
            ),
        });
    }
    document.title = facts::title(&html);
    document.date = facts::published(&html);
    document.language = facts::language(&html);
    let nodes = tree::measure(&html);
    let notes = notes::Notes::find(&nodes);
    let left = left_out(&html, &nodes, &notes, base);
    let own = base.map(|base| {
        let mut own = base.clone();
        own.set_fragment(None);
        own
    });
    let flow = flow::Flow {
        document,
        nodes: &nodes,
        left: &left,
        notes: &notes,
        base: facts::base(&html, base),
        own,
        addresses: Some(Budget::new("bytes of addresses", flow::MAX_ADDRESSES)),
        state: flow::State::default(),
    };
    let mut document = flow.read(&html);
    super::markdown::bare_addresses(&mut document, &[]);
    document
}

/// One link of a page as it was weighed: its address, and what is known of its place.
#[derive(Debug, Clone)]
pub struct Weighed {
    /// The address as the page has it.
    pub href: String,
    /// Whether the rules about its place keep it, whatever its likelihood.
    pub is_kept: bool,
    /// How likely the text itself set it, 0 to 1.
    pub likelihood: f32,
    /// Numbers about its place, by name.
    pub features: Vec<(&'static str, f32)>,
}

/// The links beside and in a page's article, each weighed; for fitting and for looking into it.
#[must_use]
pub fn weighed(text: &str, base: Option<&Url>, limits: &Limits) -> Vec<Weighed> {
    let capped = cap_depth(text, limits.max_html_depth);
    let (html, _) = gate::parse(&capped);
    let nodes = tree::measure(&html);
    let notes = notes::Notes::find(&nodes);
    let left = left_out(&html, &nodes, &notes, base);
    left.rows
        .iter()
        .map(|row| Weighed {
            href: nodes
                .get(row.index)
                .and_then(|node| node.element.attr("href"))
                .map_or_else(String::new, |href| href.trim().to_owned()),
            is_kept: row.is_kept,
            likelihood: row.likelihood(),
            features: row.features.named().collect(),
        })
        .collect()
}

/// What of a page is not read.
fn left_out(
    html: &Html,
    nodes: &[tree::Node<'_>],
    notes: &notes::Notes,
    base: Option<&Url>,
) -> article::Left {
    let site = base
        .and_then(Url::host_str)
        .map(str::to_owned)
        .or_else(|| facts::site(html));
    article::left_out(
        nodes,
        &notes.mask(nodes.len()),
        article::Site {
            host: site.as_deref(),
            page: base,
        },
    )
}

#[cfg(test)]
mod tests;
