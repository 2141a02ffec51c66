//! Markdown: CommonMark with tables, footnotes, autolinks and bare addresses.
//!
//! **In:** characters, and the address they came from. **Out:** a [`Document`].
//! **Not here:** rendering; images are pictures and not citations, code is no claim.

mod raw;

use super::text::{lines_of, printed};
use super::{Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, NoteRef, Place};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use raw::Piece;
use url::Url;

/// Reads Markdown.
#[must_use]
pub fn read(text: &str, base: Option<&Url>) -> Document {
    let mut builder = Builder {
        document: Document::empty(Format::Markdown),
        block_start: 0,
        kind: None,
        notes: Vec::new(),
        quote: 0,
        link: None,
        image: 0,
        html: None,
        code: Vec::new(),
        place: None,
        base,
    };
    let body = builder.front_matter(text);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    for (event, range) in Parser::new_ext(&text[body..], options).into_offset_iter() {
        let line = starts.partition_point(|start| *start <= range.start + body);
        builder.place = u32::try_from(line).ok();
        builder.event(event);
    }
    builder.end_block();
    let mut document = builder.document;
    let code = builder.code;
    bare_addresses(&mut document, &code);
    if document.title.is_none() {
        document.title = document.first_heading();
    }
    document
}

struct Builder<'a> {
    document: Document,
    block_start: usize,
    kind: Option<BlockKind>,
    /// Labels of the footnote definitions that we are in.
    notes: Vec<String>,
    quote: usize,
    link: Option<(String, usize, LinkKind)>,
    image: usize,
    /// The raw HTML of the block that we are in.
    html: Option<String>,
    /// Code within lines, in which an address is no link.
    code: Vec<ByteSpan>,
    place: Option<u32>,
    base: Option<&'a Url>,
}

impl Builder<'_> {
    /// Reads `title`, `date` and `lang` between two lines of `---`; gives where the body begins.
    fn front_matter(&mut self, text: &str) -> usize {
        let Some(rest) = text.strip_prefix("---\n") else {
            return 0;
        };
        let Some(end) = rest.find("\n---") else {
            return 0;
        };
        let after = 4 + end + 4;
        if !text[after..].is_empty() && !text[after..].starts_with('\n') {
            return 0;
        }
        for line in lines_of(&rest[..end]) {
            let Some((key, value)) = line.text.split_once(':') else {
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            if value.is_empty() {
                continue;
            }
            match key {
                "title" => self.document.title = Some(value),
                "date" => self.document.date = date(&value),
                "lang" | "language" => {
                    self.document.language = value.get(..2).map(str::to_lowercase);
                }
                _ => {}
            }
        }
        after
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.text(&text);
                let end = self.document.text.len();
                self.code
                    .push(ByteSpan::new(end.saturating_sub(text.len()), end));
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::FootnoteReference(label) => {
                let end = self.document.text.trim_end().len();
                self.document.note_refs.push(NoteRef {
                    label: label.to_string(),
                    span: ByteSpan::new(end, end),
                });
            }
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.raw(&html, false),
            },
            Event::InlineHtml(html) => self.raw(&html, false),
            Event::Rule | Event::TaskListMarker(_) => {}
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.begin(BlockKind::Heading(level_of(level))),
            Tag::CodeBlock(_) => self.begin(BlockKind::Code),
            Tag::Item => self.begin(BlockKind::ListItem),
            Tag::TableCell => self.begin(BlockKind::TableCell),
            Tag::BlockQuote(_) => self.quote += 1,
            Tag::Paragraph => {
                let inside_item = self.kind == Some(BlockKind::ListItem)
                    && self.document.text.len() == self.block_start;
                if !inside_item {
                    self.begin(if self.quote > 0 {
                        BlockKind::Quote
                    } else {
                        BlockKind::Paragraph
                    });
                }
            }
            Tag::FootnoteDefinition(label) => {
                self.end_block();
                self.notes.push(label.to_string());
            }
            Tag::Image { .. } => self.image += 1,
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let kind = if matches!(link_type, LinkType::Autolink | LinkType::Email) {
                    LinkKind::Printed
                } else {
                    LinkKind::Hyperlink
                };
                self.link = Some((dest_url.to_string(), self.document.text.len(), kind));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::TableCell
            | TagEnd::Paragraph => self.end_block(),
            TagEnd::BlockQuote(_) => self.quote = self.quote.saturating_sub(1),
            TagEnd::FootnoteDefinition => {
                self.end_block();
                self.notes.pop();
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.end_block();
                    self.raw(&html, true);
                    self.close_link();
                    self.end_block();
                }
            }
            TagEnd::Image => self.image = self.image.saturating_sub(1),
            TagEnd::Link => self.close_link(),
            _ => {}
        }
    }

    /// Ends the link that is open, if one is.
    fn close_link(&mut self) {
        let Some((url, start, kind)) = self.link.take() else {
            return;
        };
        let words = self.document.text.get(start..).unwrap_or("");
        // A link without words (around a picture) cites nothing that can be read.
        if words.trim().is_empty() {
            return;
        }
        let start = start + (words.len() - words.trim_start().len());
        let words = words.trim();
        let span = ByteSpan::new(start, start + words.len());
        let kind = if words == url {
            LinkKind::Printed
        } else {
            kind
        };
        self.document.links.push(Link {
            certainty: 100,
            url_as_cited: absolute(url, self.base),
            span,
            kind,
        });
    }

    /// HTML within Markdown: its links count, its tags do not.
    fn raw(&mut self, html: &str, is_block: bool) {
        for piece in raw::pieces(html) {
            match piece {
                Piece::Text(text) => self.words(&text),
                Piece::Open(url) => {
                    self.close_link();
                    let start = self.document.text.len();
                    self.link = Some((url, start, LinkKind::Hyperlink));
                }
                Piece::Close => self.close_link(),
                Piece::Border if is_block => {
                    self.close_link();
                    self.end_block();
                }
                Piece::Border => self.words(" "),
            }
        }
    }

    /// Text of raw HTML, its white space folded.
    fn words(&mut self, text: &str) {
        let begins = self.document.text.len() == self.block_start
            || self.document.text.ends_with(char::is_whitespace);
        let mut folded = String::with_capacity(text.len());
        if text.starts_with(char::is_whitespace) && !begins {
            folded.push(' ');
        }
        for (index, word) in text.split_whitespace().enumerate() {
            if index > 0 {
                folded.push(' ');
            }
            folded.push_str(word);
        }
        if text.ends_with(char::is_whitespace) && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        self.text(&folded);
    }

    fn begin(&mut self, kind: BlockKind) {
        self.end_block();
        self.kind = Some(match self.notes.last() {
            Some(label) if kind != BlockKind::Code => BlockKind::Footnote(label.clone()),
            _ => kind,
        });
    }

    fn text(&mut self, text: &str) {
        if self.image > 0 || text.is_empty() {
            return;
        }
        if self.kind.is_none() {
            self.begin(BlockKind::Paragraph);
        }
        let document = &mut self.document;
        if document.text.len() == self.block_start && !document.text.is_empty() {
            document.text.push_str("\n\n");
            self.block_start = document.text.len();
            if let Some(link) = &mut self.link {
                link.1 = self.block_start;
            }
        }
        let place = Place {
            page: None,
            line: self.place,
        };
        if document.places.last().map(|last| last.1) != Some(place) {
            document.places.push((document.text.len(), place));
        }
        document.text.push_str(text);
    }

    fn end_block(&mut self) {
        let document = &mut self.document;
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        while document.text.len() > self.block_start && document.text.ends_with(char::is_whitespace)
        {
            document.text.pop();
        }
        let span = ByteSpan::new(self.block_start, document.text.len());
        if !span.is_empty() {
            document.blocks.push(Block { kind, span });
        }
        self.block_start = document.text.len();
    }
}

const fn level_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// A relative address made absolute where the page's own address is known.
pub(super) fn absolute(url: String, base: Option<&Url>) -> String {
    match base {
        Some(base) if !url.starts_with('#') && Url::parse(&url).is_err() => {
            base.join(&url).map_or(url, |joined| joined.to_string())
        }
        _ => url,
    }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` at the start of a value.
pub(super) fn date(value: &str) -> Option<String> {
    let digits = |from: usize, to: usize| {
        value
            .get(from..to)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let separated = |at: usize| value.get(at..=at) == Some("-");
    digits(0, 4)?;
    let has_month = separated(4) && digits(5, 7).is_some();
    let has_day = has_month && separated(7) && digits(8, 10).is_some();
    let end = if has_day {
        10
    } else if has_month {
        7
    } else {
        4
    };
    value.get(..end).map(str::to_owned)
}

/// Addresses that stand bare in the text (as GFM has them), outside links and code.
pub(super) fn bare_addresses(document: &mut Document, code: &[ByteSpan]) {
    let known: Vec<ByteSpan> = document.links.iter().map(|link| link.span).collect();
    let found: Vec<Link> = printed(&document.text)
        .filter(|span| {
            let next = known.partition_point(|link| link.end <= span.start);
            let linked = known.get(next).is_some_and(|link| link.overlaps(*span));
            let next = code.partition_point(|code| code.end <= span.start);
            let in_line = code.get(next).is_some_and(|code| code.overlaps(*span));
            let code = document
                .block_at(span.start)
                .is_some_and(|block| block.kind == BlockKind::Code);
            !linked && !in_line && !code
        })
        .map(|span| Link {
            certainty: 100,
            url_as_cited: span.of(&document.text).to_owned(),
            span,
            kind: LinkKind::Printed,
        })
        .collect();
    document.links.extend(found);
    document.links.sort_by_key(|link| link.span);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stand_on_their_words() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let document = read(text, None);
            let found: Vec<_> = document
                .links
                .iter()
                .map(|link| (link.span.of(&document.text), link.url_as_cited.as_str()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "A [log](https://e.example/l) of\nrain.",
            &[("log", "https://e.example/l")],
        );
        check(
            "A [log][1].\n\n[1]: https://e.example/l",
            &[("log", "https://e.example/l")],
        );
        check(
            "<https://e.example/>",
            &[("https://e.example/", "https://e.example/")],
        );
        check(
            "See https://e.example/a.",
            &[("https://e.example/a", "https://e.example/a")],
        );
        check("![p](https://e.example/p.png) x", &[]);
        check(
            "A <a href=\"https://e.example/l\">log of\nrain</a>, a [b][].\n\n[b]: <https://e.example/b> \"Title\"",
            &[
                ("log of rain", "https://e.example/l"),
                ("b", "https://e.example/b"),
            ],
        );
        check(
            "<p>See <a href='https://e.example/l'>the\n <b>log</b></a>.</p>\n<ul><li><a href=x>y</a></ul>\n\nEnd.",
            &[("the log", "https://e.example/l"), ("y", "x")],
        );
        check(
            "A <cite>log</cite>, doi:10.1000/1 of it.",
            &[("doi:10.1000/1", "doi:10.1000/1")],
        );
        check(
            "It rained.^[Doe, <https://e.example/1>] So.",
            &[("https://e.example/1", "https://e.example/1")],
        );
        check(
            "[![p](p.png) log](https://e.example/l) and ~~[old](https://e.example/o)~~",
            &[
                ("log", "https://e.example/l"),
                ("old", "https://e.example/o"),
            ],
        );
        check("```\nhttps://e.example/\n```", &[]);
        check(
            "One.\n\n* [a](https://e.example/)",
            &[("a", "https://e.example/")],
        );
    }

    #[test]
    fn front_matter_names_the_document() {
        let document = read(
            "---\ntitle: \"Rain\"\ndate: 2012-03-20\nlang: en-GB\n---\n\n# Head\n",
            None,
        );
        assert_eq!(document.title.as_deref(), Some("Rain"));
        assert_eq!(document.date.as_deref(), Some("2012-03-20"));
        assert_eq!(document.language.as_deref(), Some("en"));
        assert_eq!(document.place_at(0).line, Some(7));
    }
}
