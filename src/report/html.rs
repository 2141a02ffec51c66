//! The report as one self-contained HTML file, and pages that show archived copies.
//!
//! **In:** a [`Report`]. **Out:** HTML without script and without network, which a
//! strict content security policy in the page itself enforces. What is shown stands
//! in the report; the [`view`] only splits texts where words are marked. Foreign text
//! goes through the templates' escaping, never around it.

mod view;

use super::{CaptureEntry, CitationEntry, Entries, Report, SourceEntry};
use askama::Template;
use std::borrow::Cow;
use view::Page;

/// Renders the report.
#[must_use]
pub fn render(report: &Report) -> String {
    // All of it stands on one page: here it has to be in memory.
    let citations: Vec<CitationEntry> = report.citations.iter().map(Cow::into_owned).collect();
    let sources = report.sources.iter().flat_map(Entries::iter);
    let sources: Vec<SourceEntry> = sources.map(Cow::into_owned).collect();
    // Rendering to a String fails only when a value's Display does; ours do not.
    Page::of(report, &citations, &sources)
        .render()
        .unwrap_or_default()
}

/// What an archived copy shows.
#[derive(Debug, Clone, Copy)]
pub enum CopyContent<'a> {
    /// An HTML page, decoded to characters.
    Html(&'a str),
    /// Text.
    Text(&'a str),
    /// Something else: name of the file beside the page that holds the bytes.
    File(&'a str),
}

#[derive(Template)]
#[template(path = "copy.html")]
struct Copy<'a> {
    url: &'a str,
    capture: &'a CaptureEntry,
    html: Option<&'a str>,
    text: Option<&'a str>,
    file: Option<&'a str>,
}

/// A page that shows an archived copy without script, without origin and without network.
///
/// The archived page stands in a frame with an empty `sandbox`: no script, no forms, no
/// origin. The frame inherits this page's policy, under which nothing is loaded.
#[must_use]
pub fn render_copy(url: &str, capture: &CaptureEntry, content: CopyContent<'_>) -> String {
    let mut copy = Copy {
        url,
        capture,
        html: None,
        text: None,
        file: None,
    };
    match content {
        CopyContent::Html(html) => copy.html = Some(html),
        CopyContent::Text(text) => copy.text = Some(text),
        CopyContent::File(name) => copy.file = Some(name),
    }
    copy.render().unwrap_or_default()
}
