//! HTML, from a file or from the web.
//!
//! **In:** characters, the address they came from, the bounds. **Out:** a
//! [`Document`] of what the page itself says. **Not here:** scripts are not run, and of
//! styles only the attribute is asked whether something is hidden.
//!
//! ```text
//! characters ─ depth ─► tree ─ measured ─► notes, and what is left out ─► text, links, marks
//! ```

mod article;
mod depth;
mod facts;
mod flow;
mod notes;
mod tree;
mod words;

pub use depth::cap_depth;

use super::{Document, Format, Place, Problem};
use crate::limits::Limits;
use scraper::Html;
use std::borrow::Cow;
use url::Url;

/// Reads HTML.
#[must_use]
pub fn read(text: &str, base: Option<&Url>, limits: &Limits) -> Document {
    let capped = cap_depth(text, limits.max_html_depth);
    let flattened = matches!(capped, Cow::Owned(_));
    let html = Html::parse_document(&capped);
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
    let site = base
        .and_then(Url::host_str)
        .map(str::to_owned)
        .or_else(|| facts::site(&html));
    let left = article::left_out(
        &nodes,
        &notes.mask(nodes.len()),
        article::Site {
            host: site.as_deref(),
            page: base,
        },
    );
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
        state: flow::State::default(),
    };
    let mut document = flow.read(&html);
    super::markdown::bare_addresses(&mut document, &[]);
    document
}

#[cfg(test)]
mod tests;
