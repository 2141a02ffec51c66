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
    let left_out = article::left_out(&nodes, &notes.mask(nodes.len()), site.as_deref());
    let own = base.map(|base| {
        let mut own = base.clone();
        own.set_fragment(None);
        own
    });
    let flow = flow::Flow {
        document,
        nodes: &nodes,
        left_out: &left_out,
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
mod tests {
    use super::*;
    use crate::document::{BlockKind, ByteSpan};

    #[test]
    fn depth_is_capped_and_text_is_kept() {
        let deep = format!("{}x{}", "<b>".repeat(50_000), "</b>".repeat(50_000));
        let capped = cap_depth(&deep, 256);
        assert_eq!(capped.matches("<b>").count(), 256);
        assert!(capped.contains('x'));
        assert!(matches!(cap_depth("<p>a<p>b<br>", 2), Cow::Borrowed(_)));
        assert!(matches!(
            cap_depth("<script>if(a<b){</script><p>x", 2),
            Cow::Borrowed(_)
        ));
        let document = read(&deep, None, &Limits::default());
        assert_eq!(document.text, "x");
        assert_eq!(document.problems.len(), 1);
    }

    #[test]
    fn words_links_and_notes_are_read() {
        let base = Url::parse("https://e.example/dir/page").unwrap();
        let html = "<html lang=en-GB><title> A  page </title><nav><a href=/>Home</a></nav>\
            <p>It <a href='../log'>really rained</a>.<sup><a href='#fn1'>1</a></sup> Ok.</p>\
            <ol><li id=fn1>The <a href='https://n.example/'>note</a>. <a href='#r1'>↩</a></li></ol>";
        let document = read(html, Some(&base), &Limits::default());
        assert_eq!(document.title.as_deref(), Some("A page"));
        assert_eq!(document.language.as_deref(), Some("en"));
        assert_eq!(document.text, "It really rained. Ok.\n\nThe note.");
        assert_eq!(document.links[0].url_as_cited, "https://e.example/log");
        assert_eq!(document.links[0].span.of(&document.text), "really rained");
        assert_eq!(document.note_refs[0].span, ByteSpan::new(17, 17));
        assert_eq!(
            document.blocks[1].kind,
            BlockKind::Footnote("fn1".to_owned())
        );
    }
}
