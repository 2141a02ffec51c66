//! The guard in the parser.
//!
//! **In:** the tokens of a page, before the tree builder gets them. **Out:** whether it gets each.
//! **Not here:** what is cut ahead of the parser ([`super::cap_depth`]).
//!
//! [`super::cap_depth`] reads tags as pages write them. A page that means harm can hide tags from
//! it, and so nest without end; and a formatting element that is never closed is made again in
//! every paragraph, so that few tags make many elements. Here the tree builder itself is asked.

use html5ever::interface::{TokenizerResult, Tracer, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use scraper::{Html, HtmlTreeSink};
use std::cell::Cell;
use std::marker::PhantomData;

/// Elements that may be open, or wait to be made again; what is capped ahead stays far below.
const MAX_OPEN: usize = 1024;
/// How often they are counted: every so many tags.
const COUNTED: usize = 128;
/// Nodes that a token may make, on average, and those that a page may have on top of that.
const NODES_A_TOKEN: usize = 3;
const NODES_FREE: usize = 50_000;

/// Lets tokens in to a tree builder.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    tokens: Cell<usize>,
    tags: Cell<usize>,
    /// Too many elements are open: no more may be.
    is_deep: Cell<bool>,
    /// Too many nodes were made: nothing more is read. (A part left out could be the end of a
    /// script, without which the tree builder takes no tag.)
    is_full: Cell<bool>,
    has_refused: Cell<bool>,
}

impl Gate {
    /// Whether the tree builder, which has made so many nodes, gets this token.
    pub(crate) fn lets_in<S: TreeSink>(
        &self,
        token: &Token,
        builder: &TreeBuilder<S::Handle, S>,
        nodes: usize,
    ) -> bool
    where
        S::Handle: Clone,
    {
        if matches!(token, Token::EOFToken | Token::ParseError(_)) {
            return true;
        }
        self.tokens.set(self.tokens.get() + 1);
        if self.is_full.get() || nodes > NODES_FREE + NODES_A_TOKEN * self.tokens.get() {
            self.is_full.set(true);
            self.has_refused.set(true);
            return false;
        }
        if !matches!(token, Token::TagToken(tag) if tag.kind == TagKind::StartTag) {
            return true;
        }
        self.tags.set(self.tags.get() + 1);
        if self.tags.get().is_multiple_of(COUNTED) {
            let open = Count(Cell::new(0), PhantomData);
            builder.trace_handles(&open);
            self.is_deep.set(open.0.get() > MAX_OPEN);
        }
        if self.is_deep.get() {
            self.has_refused.set(true);
        }
        !self.is_deep.get()
    }
}

/// Counts what a tree builder holds.
struct Count<H>(Cell<usize>, PhantomData<H>);

impl<H> Tracer for Count<H> {
    type Handle = H;

    fn trace_handle(&self, _: &H) {
        self.0.set(self.0.get() + 1);
    }
}

/// A tree builder behind its gate.
struct Guarded<S: TreeSink> {
    builder: TreeBuilder<S::Handle, S>,
    gate: Gate,
}

impl TokenSink for Guarded<HtmlTreeSink> {
    type Handle = <HtmlTreeSink as TreeSink>::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        let nodes = self.builder.sink.0.borrow().tree.values().len();
        if !self.gate.lets_in(&token, &self.builder, nodes) {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// As `Html::parse_document`, within bounds; and whether something was left out.
pub(super) fn parse(html: &str) -> (Html, bool) {
    let sink = HtmlTreeSink::new(Html::new_document());
    let guarded = Guarded {
        builder: TreeBuilder::new(sink, TreeBuilderOpts::default()),
        gate: Gate::default(),
    };
    let tokenizer = Tokenizer::new(guarded, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    let Guarded { builder, gate } = tokenizer.sink;
    (builder.sink.finish(), gate.has_refused.get())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::html::cap_depth;

    /// Pages in which tags are hidden from [`cap_depth`].
    fn nested(times: usize) -> Vec<String> {
        let hidden = [
            "<title_x>",
            "<p =\">",
            "<!-->",
            "<svg><title>",
            "<p a=b=\">",
        ];
        let mut pages: Vec<String> = hidden
            .iter()
            .map(|start| format!("{start}{}", "<div>a".repeat(times)))
            .collect();
        pages.push("<div><table><td></div>a".repeat(times));
        pages.push("<div><! </div>a".repeat(times));
        pages
    }

    #[test]
    fn no_page_nests_without_end() {
        for page in nested(5_000) {
            let (html, refused) = parse(&cap_depth(&page, 256));
            let deepest = html.tree.nodes().map(|node| node.ancestors().count());
            let deepest = deepest.max().unwrap_or(0);
            assert!(deepest < MAX_OPEN + 4 * COUNTED, "{deepest}");
            assert!(refused, "{}", page.get(..40).unwrap_or_default());
        }
    }

    #[test]
    fn few_tags_make_few_nodes() {
        let open: String = (0..200).map(|id| format!("<b id={id}>")).collect();
        let page = format!("<p>{open}</p>{}", "<p>a</p>".repeat(5_000));
        let (html, refused) = parse(&page);
        let nodes = html.tree.values().len();
        assert!(nodes < 2 * (NODES_FREE + NODES_A_TOKEN * 15_400), "{nodes}");
        assert!(refused);
    }

    #[test]
    fn other_pages_are_read_as_without_it() {
        let mut pages: Vec<String> = nested(100);
        pages.push("<p><b><i id=1>a<p>b</i><script>if(a<b){}</script><p>c".repeat(100));
        for page in pages {
            let (html, refused) = parse(&page);
            assert_eq!(html, Html::parse_document(&page));
            assert!(!refused);
        }
    }
}
