//! The readable text of a payload.
//!
//! **In:** bytes (content coding undone), their media type. **Out:** a
//! [`SourceText`]: every visible word in reading order, and which of them are the
//! main text. PDF and office files are read by the readers of `document`, as if they cited.
//! **Not here:** images, sounds, archives; they are `unreadable`, with the reason.
//!
//! ```text
//! bytes ─ decode ─► HTML ─ depth guard ─► own tree ─► text, one block a line
//!                                           │  └── choose ─► which lines are the main text
//!                                           └──► facts ─► title, author, dates, site, language
//! ```
//!
//! One parse serves all. No good extractor keeps places, so the choice among our lines is our own:
//! fitted trees over what is measured of each line ([`choose`]).

mod choose;
mod data;
mod facts;
mod features;
#[rustfmt::skip] // Fitted constants.
mod fitted;
mod forest;
mod marks;
mod page;
mod words;
mod xml;

use super::SourceText;
use super::signs::Signs;
use super::space;
use super::tree::Tree;
use crate::document::html::cap_depth;
use crate::document::{self, ByteSpan, Hints, decode};
use crate::limits::Limits;

/// HTML beyond this is cut before it is parsed.
const MAX_PARSED: usize = 32 << 20;
/// HTML is cut before this many tags: a tree takes some 350 bytes for each (measured 2026-11-25).
const MAX_TAGS: usize = 600_000;

/// What a payload is, by its first bytes and its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    Xml,
    Text,
    /// PDF, an office file, a book: whatever the readers of documents make of it.
    Document,
    /// Why nothing is read.
    Unreadable(&'static str),
}

/// Reads a payload (content coding already undone).
#[must_use]
pub fn read(
    payload: &[u8],
    content_type: Option<&str>,
    url: &url::Url,
    limits: &Limits,
) -> SourceText {
    let kind = kind(payload, content_type);
    if let Kind::Unreadable(why) = kind {
        return unreadable(why);
    }
    if kind == Kind::Document {
        return of_document(payload, content_type, limits);
    }
    let decoded = decode::decode(payload, content_type, kind == Kind::Html);
    let mut source = match kind {
        Kind::Html => read_html(&decoded.text, Some(url), limits.max_html_depth),
        Kind::Xml => plain(&xml::without_tags(&decoded.text)),
        Kind::Text | Kind::Document | Kind::Unreadable(_) => {
            let words = data::of_json(&decoded.text).or_else(|| data::of_subtitles(&decoded.text));
            plain(words.as_deref().unwrap_or(&decoded.text))
        }
    };
    if source.text.is_empty() {
        source.unreadable = Some("it has no text".to_owned());
    } else if source.language.is_none() {
        source.language = decode::language_of(&source.text);
    }
    source
}

/// The words of a document, one block a line.
fn of_document(payload: &[u8], content_type: Option<&str>, limits: &Limits) -> SourceText {
    let hints = Hints {
        content_type,
        ..Hints::default()
    };
    let document = match document::read(payload, hints, limits) {
        Ok(document) => document,
        Err(error) => return unreadable(&error.to_string()),
    };
    let mut lines = page::Lines::default();
    for block in &document.blocks {
        lines.push(block.span.of(&document.text));
        lines.end_line();
    }
    let text = lines.finish().0;
    SourceText {
        unreadable: text.is_empty().then(|| "it has no text".to_owned()),
        text,
        title: document.title,
        language: document.language,
        ..SourceText::default()
    }
}

fn unreadable(why: &str) -> SourceText {
    SourceText {
        unreadable: Some(why.to_owned()),
        ..SourceText::default()
    }
}

fn kind(payload: &[u8], content_type: Option<&str>) -> Kind {
    if let Some(kind) = signature(payload) {
        return kind;
    }
    let media_type = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let head = payload.get(..1024).unwrap_or(payload);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let looks_html = head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with('<') && head.contains("<html"));
    match media_type.as_str() {
        "text/html" | "application/xhtml+xml" => Kind::Html,
        "application/pdf" => Kind::Document,
        "text/xml" | "application/xml" if !looks_html => Kind::Xml,
        other if other.ends_with("+xml") && other != "image/svg+xml" => Kind::Xml,
        other if other.starts_with("image/") => Kind::Unreadable("an image cannot be read"),
        other if other.starts_with("audio/") => Kind::Unreadable("a sound cannot be read"),
        other if other.starts_with("video/") => Kind::Unreadable("a film cannot be read"),
        other if other.starts_with("font/") => Kind::Unreadable("a font cannot be read"),
        "text/plain" => Kind::Text,
        _ if looks_html => Kind::Html,
        _ if head.starts_with("<?xml") => Kind::Xml,
        _ => Kind::Text,
    }
}

/// What is no text, told by its first bytes (the servers' word for it is often wrong).
fn signature(payload: &[u8]) -> Option<Kind> {
    const DOCUMENTS: &[&[u8]] = &[b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"];
    if DOCUMENTS.iter().any(|magic| payload.starts_with(magic)) {
        return Some(Kind::Document);
    }
    let known: &[(&[u8], &str)] = &[
        (b"\x89PNG", "an image cannot be read"),
        (b"\xff\xd8\xff", "an image cannot be read"),
        (b"GIF8", "an image cannot be read"),
        (b"\x1f\x8b", "a gzip file cannot be read yet"),
    ];
    if let Some((_, why)) = known.iter().find(|(magic, _)| payload.starts_with(magic)) {
        return Some(Kind::Unreadable(why));
    }
    let utf16 = payload.starts_with(b"\xff\xfe") || payload.starts_with(b"\xfe\xff");
    let head = payload.get(..4096).unwrap_or(payload);
    (!utf16 && head.iter().filter(|byte| **byte == 0).count() * 100 > head.len())
        .then_some(Kind::Unreadable("a binary file cannot be read"))
}

/// Text as it is: white space folded within its lines, blank lines dropped.
fn plain(text: &str) -> SourceText {
    let mut folded = page::Lines::default();
    for line in text.lines() {
        folded.push(line);
        folded.end_line();
    }
    SourceText {
        text: folded.finish().0,
        ..SourceText::default()
    }
}

/// Reads decoded HTML.
fn read_html(html: &str, url: Option<&url::Url>, max_depth: usize) -> SourceText {
    let Parsed {
        page,
        declared,
        signs,
    } = parse(html, url, max_depth);
    let chosen = choose::main_lines(&page, &declared);
    let main: Vec<ByteSpan> = page
        .lines
        .iter()
        .zip(chosen)
        .filter_map(|(line, chosen)| chosen.then_some(line.span))
        .collect();
    SourceText {
        title: declared.title,
        language: declared.language,
        author: declared.author,
        published: declared.published,
        modified: declared.modified,
        site: declared.site,
        signs,
        main: join_lines(&main),
        text: page.text,
        ..SourceText::default()
    }
}

/// What one parse gives.
struct Parsed {
    /// What the page shows.
    page: page::Page,
    /// What it says of itself.
    declared: facts::Declared,
    /// What tells errors and walls.
    signs: Signs,
}

/// What a page shows, and what it says of itself.
fn parse(html: &str, url: Option<&url::Url>, max_depth: usize) -> Parsed {
    let mut cut = html.len().min(MAX_PARSED);
    while !html.is_char_boundary(cut) {
        cut -= 1;
    }
    // A page of fewer bytes has no more tags.
    if cut > MAX_TAGS {
        let mut tags = html.match_indices('<').map(|(at, _)| at);
        cut = tags.nth(MAX_TAGS).map_or(cut, |at| cut.min(at));
    }
    let html = cap_depth(html.get(..cut).unwrap_or(html), max_depth);
    let mut tree = Tree::of(&html);
    let mut page = page::read(&tree, false);
    if is_bare(&page, 20) {
        // Pages that hide everything until a script shows it, and those that show a script's
        // work to readers without scripts only.
        let all = page::read(&tree, true);
        if !is_bare(&all, 40) {
            page = all;
        } else if html.contains("<noscript") {
            let html = html
                .replace("<noscript", "<div")
                .replace("</noscript", "</div");
            let html = cap_depth(&html, max_depth);
            let other = Tree::of(&html);
            let all = page::read(&other, false);
            if !is_bare(&all, 40) {
                (tree, page) = (other, all);
            }
        }
    }
    Parsed {
        declared: facts::read(&tree, url),
        signs: Signs::of(&tree),
        page,
    }
}

/// Whether a page shows fewer words than this.
fn is_bare(page: &page::Page, words: usize) -> bool {
    space::words(&page.text).take(words).count() < words
}

/// A page as the trees are fitted on it (`scripts/fit_main_text.py`).
#[doc(hidden)]
#[derive(Debug)]
pub struct Measures {
    /// The names of the numbers.
    pub names: Vec<String>,
    /// Each line's text, and its numbers.
    pub lines: Vec<(String, Vec<f32>)>,
}

/// What is measured of an HTML page's lines.
#[doc(hidden)]
#[must_use]
pub fn measures(payload: &[u8], url: &url::Url, limits: &Limits) -> Measures {
    let decoded = decode::decode(payload, None, true);
    let Parsed { page, declared, .. } = parse(&decoded.text, Some(url), limits.max_html_depth);
    let measured = features::Measured::new(&page, &declared);
    let mut found = Measures {
        names: Vec::new(),
        lines: Vec::new(),
    };
    for (index, line) in page.lines.iter().enumerate() {
        let mut row = Vec::new();
        measured.row(index, &mut |name, value| {
            if index == 0 {
                found.names.push(name.to_string());
            }
            row.push(value);
        });
        let text = line.span.of(&page.text).to_owned();
        found.lines.push((text, row));
    }
    found
}

/// Lines that follow one another directly, as one span.
fn join_lines(lines: &[ByteSpan]) -> Vec<ByteSpan> {
    let mut spans: Vec<ByteSpan> = Vec::new();
    for line in lines {
        match spans.last_mut() {
            Some(last) if last.end + 1 == line.start => last.end = line.end,
            _ => spans.push(*line),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_payload_is_shows_in_its_first_bytes() {
        fn check(payload: &[u8], content_type: Option<&str>, expected: Kind) {
            assert_eq!(kind(payload, content_type), expected, "{content_type:?}");
        }
        check(b"<p>a", Some("text/html; charset=utf-8"), Kind::Html);
        check(b"  <!DOCTYPE html><p>a", None, Kind::Html);
        check(b"a < b", Some("text/plain"), Kind::Text);
        check(b"{\"a\": 1}", Some("application/json"), Kind::Text);
        check(b"<rss></rss>", Some("application/rss+xml"), Kind::Xml);
        check(b"%PDF-1.7", Some("text/html"), Kind::Document);
        check(
            b"x",
            Some("image/webp"),
            Kind::Unreadable("an image cannot be read"),
        );
        check(
            b"\x00\x01\x02",
            None,
            Kind::Unreadable("a binary file cannot be read"),
        );
    }

    #[test]
    fn visible_words_are_read_in_order() {
        fn check(html: &str, expected: &str) {
            assert_eq!(read_html(html, None, 256).text, expected);
        }
        check(
            "<p>One <b>two</b>\n three.</p><p>Four</p>",
            "One two three.\nFour",
        );
        check("a<br>b<div>c</div>d", "a\nb\nc\nd");
        check("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc");
        check(
            "<p>a<script>b</script><style>c</style><template>d</template></p>",
            "a",
        );
        check("<p hidden>a</p><p style='display: none'>b</p><p>c", "c");
        check("<p>x&nbsp;y &lt;z&gt; 100&nbsp;000", "x y <z> 100\u{a0}000");
        check("<pre>a  b\nc</pre>", "a b\nc");
        check("", "");
    }

    #[test]
    fn a_cited_document_is_read_as_a_citing_one() {
        let url = url::Url::parse("https://a.example/minutes").unwrap();
        let read = |bytes: &[u8]| read(bytes, None, &url, &Limits::default());
        let minutes = read(br"{\rtf1\ansi The bridge was  closed.\par It had cracks.\par}");
        assert_eq!(minutes.text, "The bridge was closed.\nIt had cracks.");
        assert_eq!(minutes.unreadable, None);
        let torn = read(b"%PDF-1.7 and no more");
        assert!(
            torn.text.is_empty() && torn.unreadable.is_some(),
            "{torn:?}"
        );
    }

    #[test]
    fn title_and_language_are_read() {
        fn check(html: &str, title: Option<&str>, language: Option<&str>) {
            let source = read_html(html, None, 256);
            assert_eq!(
                (source.title.as_deref(), source.language.as_deref()),
                (title, language)
            );
        }
        check(
            "<html lang=en-GB><title> A  story </title>",
            Some("A story"),
            Some("en"),
        );
        check(
            "<meta property=og:title content='B'><title>B | Site</title>",
            Some("B"),
            None,
        );
        check(
            "<title>A bridge falls | The Daily Post</title><h1>A bridge falls</h1>",
            Some("A bridge falls"),
            None,
        );
        check(
            "<title>Up - and down</title><h1>Other</h1>",
            Some("Up - and down"),
            None,
        );
        check("<h1>Only a heading</h1>", Some("Only a heading"), None);
        check("<p>x", None, None);
    }

    #[test]
    fn the_article_is_told_from_its_surroundings() {
        let paragraphs: String = (1..=6)
            .map(|n| format!("<p>Paragraph {n} tells how the bridge over the river Lark was planned, paid for, \
                built and opened, who spoke, who cut the ribbon, and what the village thinks of it, today.</p>"))
            .collect();
        let html = format!(
            "<html><body><nav><ul><li><a href=/>Home</a><li><a href=/s>Sport</a></ul></nav>\
             <article><h1>A bridge</h1>{paragraphs}</article>\
             <footer><a href=/i>Imprint</a> All rights reserved</footer></body></html>"
        );
        let source = read_html(&html, None, 256);
        let main = source.main_text();
        assert!(
            main.contains("Paragraph 1") && main.contains("Paragraph 6"),
            "{main}"
        );
        assert!(
            !main.contains("Sport") && !main.contains("Imprint"),
            "{main}"
        );
        assert!(source.text.contains("Sport"));
        assert!(
            source
                .main
                .windows(2)
                .all(|pair| pair[0].end <= pair[1].start)
        );
    }

    #[test]
    fn a_page_that_scripts_fill_is_read_as_readers_without_them_see_it() {
        let words = "word ".repeat(50);
        let shell = format!("<div id=app></div><noscript><p>{words}</p></noscript>");
        assert_eq!(read_html(&shell, None, 256).text, words.trim());
        let page = format!("<p>{words}</p><noscript>Turn scripts on</noscript>");
        assert_eq!(read_html(&page, None, 256).text, words.trim());
    }

    #[test]
    fn deep_nesting_does_no_harm() {
        let html = format!("{}deep", "<div>".repeat(50_000));
        assert_eq!(read_html(&html, None, 256).text, "deep");
    }

    #[test]
    fn hostile_pages_are_read() {
        let many = 20_000;
        let pages = [
            "<div class=a>".repeat(many) + "deep",
            "<table><tr><td>".repeat(many) + "deep",
            format!("<p>{}", "word ".repeat(many * 5)),
            format!("<p>{}", "<span class=b>a </span>".repeat(many)),
            "a<br>".repeat(many),
            (0..many)
                .map(|n| format!("<div class=c{n} id=d{n}>x"))
                .collect(),
            format!("<body class=\"{}\"><p>x", "post ".repeat(many)),
        ];
        let began = std::time::Instant::now();
        for page in &pages {
            let source = read_html(page, None, 256);
            assert!(!source.text.is_empty());
        }
        // A watchdog for what grows with the square of a size, not a measurement.
        assert!(began.elapsed().as_secs() < 240, "{:?}", began.elapsed());
    }

    #[test]
    fn plain_text_and_xml_keep_their_lines() {
        assert_eq!(plain("a  b\n\n c\n").text, "a b\nc");
        let xml =
            "<?xml version='1.0'?><a><!-- no --><b>one</b><b>t&amp;wo</b><![CDATA[three]]></a>";
        assert_eq!(plain(&xml::without_tags(xml)).text, "one\nt&wo\nthree");
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_inside_the_text(html in "[<>/pdiv a-cé\"='&;]{0,80}") {
            let source = read_html(&html, None, 256);
            let mut last = 0;
            for span in &source.main {
                proptest::prop_assert!(source.text.get(span.start..span.end).is_some());
                proptest::prop_assert!(last <= span.start && span.start < span.end);
                last = span.end;
            }
        }
    }
}
