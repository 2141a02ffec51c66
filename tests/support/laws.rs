//! What holds for every document, however hostile: the laws that fuzzing and its kept findings check.
//!
//! **In:** a target's name and bytes. **Out:** nothing, or a panic that says which law was
//! broken. **Not here:** how long it took and what it weighed; the fuzzer watches that.
//!
//! `fuzz/` and the tests share this file, so that a finding of one is a test of the other.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each user takes its own part of this"
)]
#![allow(clippy::unwrap_used, reason = "a broken law is a panic")]

#[path = "html_outline.rs"]
mod html_outline;
#[path = "source_laws.rs"]
mod source_laws;

use super::packages;
use ibid::citation::{self, sentence};
use ibid::document::{
    self, Block, BlockKind, ByteSpan, Document, DocumentError, Format, Hints, LinkKind,
};
use ibid::evidence::{main_text, soft_404, wall};
use ibid::limits::Limits;
use std::collections::BTreeMap;
use url::Url;

/// Every target: the name of the file in `fuzz/fuzz_targets/`, and of the folder of its findings.
pub const TARGETS: &[&str] = &[
    "addresses",
    "archive",
    "bibtex",
    "coding",
    "csl",
    "docx",
    "drift",
    "epub",
    "html",
    "judge",
    "latex",
    "markdown",
    "notebook",
    "odt",
    "package",
    "page",
    "pandoc",
    "pdf",
    "quotation",
    "ris",
    "rtf",
    "sentences",
    "source",
    "text",
    "tree",
    "urls",
    "warc",
    "wikitext",
];

/// Runs one target on these bytes.
pub fn run(target: &str, data: &[u8]) {
    match target {
        "addresses" => addresses(data),
        "sentences" => sentences(data),
        "page" => page(data),
        "archive" => source_laws::archive(data),
        "coding" => source_laws::coding(data),
        "drift" => source_laws::drift(data),
        "judge" => source_laws::judge(data),
        "quotation" => source_laws::quotation(data),
        "source" => source_laws::source(data),
        "tree" => source_laws::tree(data),
        "warc" => source_laws::warc(data),
        // Valid packages around parts that are not; "package" takes the bytes as they are.
        "docx" => check("a.docx", &packages::docx(data)),
        "odt" => check("a.odt", &packages::odt(data)),
        "epub" => check("a.epub", &packages::epub(data)),
        "package" => check("a.docx", data),
        "bibtex" => check("a.bib", data),
        "csl" => check("a.json", data),
        "html" => check("a.html", data),
        "latex" => check("a.tex", data),
        "markdown" => check("a.md", data),
        "notebook" => check("a.ipynb", data),
        "pandoc" => check("a.json", data),
        "pdf" => check("a.pdf", data),
        "ris" => check("a.ris", data),
        "rtf" => check("a.rtf", data),
        "text" => check("a.txt", data),
        "urls" => check("a.urls", data),
        "wikitext" => check("a.wiki", data),
        other => panic!("there is no target {other}"),
    }
}

/// Reads bytes under this name and checks what came of it.
pub fn check(name: &str, bytes: &[u8]) {
    let _ = read(name, bytes);
}

/// As [`check`], and gives what was read.
pub fn read(name: &str, bytes: &[u8]) -> Result<Document, DocumentError> {
    let base = Url::parse("https://base.example/folder/page").unwrap();
    let hints = Hints {
        name: Some(name),
        base: Some(&base),
        ..Hints::default()
    };
    let document = document::read(bytes, hints, &Limits::default())?;
    document_holds(&document);
    citations_hold(&document);
    Ok(document)
}

/// A span lies in its text, on borders of characters.
fn holds(span: ByteSpan, text: &str, what: &str) {
    assert!(
        span.start <= span.end && text.get(span.start..span.end).is_some(),
        "{what} at {span:?} does not fit a text of {} bytes",
        text.len()
    );
}

fn document_holds(document: &Document) {
    let text = document.text.as_str();
    let mut end = 0;
    for block in &document.blocks {
        holds(block.span, text, "a block");
        assert!(
            end <= block.span.start,
            "a block at {:?} begins before {end}, where the one before it ends",
            block.span
        );
        end = block.span.end;
        if let BlockKind::Heading(level) = block.kind {
            assert!((1..=6).contains(&level), "a heading of level {level}");
        }
    }
    for link in &document.links {
        holds(link.span, text, "a link");
        if let LinkKind::PageList { page, .. } = link.kind {
            assert!(
                page < document.pages.len().max(1),
                "a list of page {page} of {}",
                document.pages.len()
            );
        }
    }
    for mark in &document.note_refs {
        holds(mark.span, text, "the mark of a note");
    }
    let mut end = 0;
    for page in &document.pages {
        holds(*page, text, "a page");
        assert!(end <= page.start, "pages overlap at {page:?}");
        end = page.end;
    }
    assert!(
        document.places.is_sorted_by_key(|(offset, _)| *offset),
        "places are not in order"
    );
    if let Some(date) = &document.date {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let lengths: Vec<usize> = date.split('-').map(str::len).collect();
        assert!(
            [&[4][..], &[4, 2], &[4, 2, 2]].contains(&lengths.as_slice())
                && date.split('-').all(digits),
            "{date:?} is no date"
        );
    }
}

fn citations_hold(document: &Document) {
    let text = document.text.as_str();
    for span in sentence::sentences(document) {
        holds(span, text, "a sentence");
    }
    let (citations, unusable) = citation::citations(document, &BTreeMap::new());
    let mut start = 0;
    for citation in &citations {
        let claim = &citation.claim;
        holds(ByteSpan::new(claim.start, claim.end), text, "a claim");
        assert!(start <= claim.start, "claims are not in order");
        start = claim.start;
        if let Some(anchor) = citation.anchor {
            holds(anchor, text, "an anchor");
        }
        assert!(
            (0.0..=1.0).contains(&citation.confidence),
            "a confidence of {}",
            citation.confidence
        );
    }
    for address in &unusable {
        holds(address.span, text, "an unusable address");
    }
}

/// The finder of printed addresses, and the canonical form of what it finds.
fn addresses(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    check("a.txt", data);
    if let Ok(source) = citation::SourceUrl::parse(&text) {
        let again = citation::SourceUrl::parse(source.as_str());
        assert_eq!(again.as_ref(), Ok(&source), "canonical twice is once");
    }
    let _ = citation::canonical::to_fetch(&text);
    for passage in citation::fragment::text_fragments(&text) {
        assert!(
            !passage.start.trim().is_empty(),
            "an address points to a passage of nothing"
        );
    }
}

/// The splitter of sentences, on one block of text.
fn sentences(data: &[u8]) {
    let mut document = Document::empty(Format::Text);
    document.text = String::from_utf8_lossy(data).into_owned();
    let span = ByteSpan::new(0, document.text.len());
    let kind = BlockKind::Paragraph;
    document.blocks.push(Block { kind, span });
    document.language = Some("en".to_owned());
    citations_hold(&document);
}

/// A cited page, as a source is read and what kind of page it is: a wall, a soft 404.
fn page(data: &[u8]) {
    let url = Url::parse("https://base.example/folder/page").unwrap();
    let source = main_text::read(data, Some("text/html"), &url, &Limits::default());
    let _ = (wall::behind(&url, &url, &source), wall::cut(&source));
    let alone = soft_404::alone(&url, &url, &source).probability;
    assert!((0.0..=1.0).contains(&alone), "a probability of {alone}");
    let probe = soft_404::Probe {
        requested: url.clone(),
        status: 200,
        final_url: url.clone(),
        text: source.clone(),
    };
    for probe in [None, Some(&probe)] {
        if let Some(found) = soft_404::judge(&url, &url, &source, probe) {
            assert!(
                (soft_404::LIKELY..=1.0).contains(&found.probability),
                "{found:?}"
            );
        }
    }
    let _ = soft_404::Face::of(&url, &url, &source);
}
