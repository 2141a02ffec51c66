//! OpenDocument texts made of XML, and what is read from them.

use super::*;
use crate::document::testing::{assert_sound, packed, shown};
use crate::document::{Hints, read as read_any};
use proptest::prelude::*;

const NAMES: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:xlink="http://www.w3.org/1999/xlink""#;

const STYLES: &str = r#"<office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Quotations"/>
<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Preformatted_20_Text"/>
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
</office:automatic-styles>"#;

fn content(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><office:document-content {NAMES}>{STYLES}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
}

fn document(body: &str) -> Vec<u8> {
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", &content(body)),
    ])
}

fn check(body: &str, expected: &str) {
    let document = read_any(&document(body), Hints::default(), &Limits::default()).unwrap();
    assert_sound(&document);
    assert_eq!(shown(&document), expected, "{body}");
}

#[test]
fn words_links_and_blocks_are_read() {
    check(
        "<text:h text:outline-level=\"2\">Rain</text:h>\n<text:p>It <text:a xlink:href=\"https://e.example/log\">really  \
         <text:span>rained</text:span></text:a>.</text:p>",
        "h2: Rain\np: It [really rained](https://e.example/log).",
    );
    check(
        "<text:list><text:list-item><text:p>One</text:p><text:list><text:list-item><text:p>Two</text:p></text:list-item></text:list>\
         </text:list-item></text:list><text:p text:style-name=\"P1\">Said.</text:p><text:p text:style-name=\"P2\">x<text:s text:c=\"3\"/>y<text:line-break/>z</text:p>",
        "li: One\nli: Two\nquote: Said.\ncode: x   y/z",
    );
    check(
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"99999\">\
         <text:p>b</text:p></table:table-cell></table:table-row></table:table><text:p>c<text:tab/>d</text:p>",
        "td: a\ntd: b\np: c\td",
    );
    check(
        "<text:p>a <text:a xlink:href=\"#x\">place</text:a> <text:a xlink:href=\"https://e.example/\">https://e.example/</text:a></text:p>",
        "p: a place <https://e.example/>",
    );
}

#[test]
fn notes_follow_the_text() {
    check(
        "<text:p>It rained.<text:note text:id=\"ftn1\" text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body>\
         <text:p>The <text:a xlink:href=\"https://n.example/\">log</text:a>.</text:p><text:p>More.</text:p></text:note-body></text:note> It \
         stopped.<text:note text:note-class=\"endnote\"><text:note-citation>i</text:note-citation><text:note-body><text:p>End.</text:p></text:note-body></text:note></text:p>\
         <text:p>Again<text:note-ref text:ref-name=\"ftn1\">1</text:note-ref>.</text:p>",
        "p: It rained.{footnote 1} It stopped.{endnote 1}\np: Again{footnote 1}.\n\
         footnote 1: The [log](https://n.example/).\nfootnote 1: More.\nendnote 1: End.",
    );
    check(
        "<text:p><office:annotation office:name=\"c1\"><dc:creator>Ann</dc:creator><text:p>https://c.example/</text:p></office:annotation>\
         It rained.<office:annotation-end office:name=\"c1\"/> Yes.<office:annotation><text:p>Nice</text:p></office:annotation></text:p>",
        "p: It rained.{comment 1} Yes.\ncomment 1: <https://c.example/>",
    );
}

#[test]
fn what_does_not_show_is_not_read() {
    check(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>\
         <text:table-of-content><text:index-body><text:p>Rain 1</text:p></text:index-body></text:table-of-content>\
         <text:p>It <text:change text:change-id=\"1\"/>rained<text:span text:style-name=\"T1\"> secretly</text:span>.</text:p>\
         <text:section text:display=\"none\"><text:p>hidden</text:p></text:section><text:section><text:p>Seen.</text:p></text:section>",
        "p: It rained.\np: Seen.",
    );
}

#[test]
fn boxes_stand_after_their_paragraph() {
    check(
        "<text:p>Before <draw:frame><svg:title>Name</svg:title><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame>and after.</text:p>\
         <text:p>Shape <draw:custom-shape><text:p>on it</text:p></draw:custom-shape>here.</text:p>",
        "p: Before and after.\np: In the box.\np: Shape here.\np: on it",
    );
}

#[test]
fn citations_of_reference_managers_are_links() {
    let csl = "{&quot;citationItems&quot;:[{&quot;itemData&quot;:{&quot;DOI&quot;:&quot;10.1234/a&quot;}}]}";
    check(
        &format!(
            "<text:p>It rained <text:reference-mark-start text:name=\"ZOTERO_ITEM CSL_CITATION {csl} RNDx\"/>(Ann)\
             <text:reference-mark-end text:name=\"ZOTERO_ITEM CSL_CITATION {csl} RNDx\"/>.</text:p>"
        ),
        "p: It rained [(Ann)](https://doi.org/10.1234/a).",
    );
    check(
        "<text:p>See <text:bibliography-mark text:url=\"https://b.example/1\" text:identifier=\"Ann10\">[Ann10]</text:bibliography-mark>.</text:p>\
         <text:bibliography><text:bibliography-source/><text:index-body><text:p>Ann: Rain</text:p></text:index-body></text:bibliography>\
         <text:section text:name=\" ZOTERO_BIBL {} RNDy\"><text:p>Bo: Snow</text:p></text:section>",
        "p: See [[Ann10]](https://b.example/1).\nreference entry 1: Ann: Rain\nreference entry 2: Bo: Snow",
    );
}

#[test]
fn flat_files_properties_and_passwords() {
    let flat = format!(
        "<?xml version=\"1.0\"?>\n<office:document {NAMES} office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:meta>\
         <dc:title>Rain</dc:title><dc:date>2024-05-06T01:02:03</dc:date></office:meta>{STYLES}<office:body><office:text>\
         <text:p text:style-name=\"P1\">It rained.</text:p></office:text></office:body></office:document>"
    );
    let document = read_any(flat.as_bytes(), Hints::default(), &Limits::default()).unwrap();
    assert_eq!(shown(&document), "quote: It rained.");
    assert_eq!(document.title.as_deref(), Some("Rain"));
    assert_eq!(document.date.as_deref(), Some("2024-05-06"));
    let locked = packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        (
            "META-INF/manifest.xml",
            "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>",
        ),
        ("content.xml", "\u{1}\u{2}"),
    ]);
    assert_eq!(
        read(&locked, &Limits::default()).unwrap_err(),
        DocumentError::Encrypted
    );
}

#[test]
fn pages_are_counted_where_the_file_tells_them() {
    let body = "<text:p>One<text:soft-page-break/>two</text:p>";
    let document = read(&document(body), &Limits::default()).unwrap();
    let pages: Vec<_> = document
        .places
        .iter()
        .map(|(at, place)| (*at, place.page))
        .collect();
    assert_eq!(pages, [(0, Some(1)), (3, Some(2))]);
}

const SOUP: &[&str] = &[
    "<text:p>",
    "</text:p>",
    "<text:h>",
    "</text:h>",
    "<text:span>",
    "</text:span>",
    "word ",
    "é ",
    " ",
    "<text:a xlink:href=\"https://e.example/\">",
    "</text:a>",
    "<text:note>",
    "</text:note>",
    "<text:note-body>",
    "</text:note-body>",
    "<office:annotation office:name=\"a\">",
    "</office:annotation>",
    "<office:annotation-end office:name=\"a\"/>",
    "<draw:text-box>",
    "</draw:text-box>",
    "<text:list>",
    "</text:list>",
    "<table:table-cell>",
    "</table:table-cell>",
    "<text:s text:c=\"9\"/>",
    "<text:line-break/>",
    "<text:soft-page-break/>",
    "<text:bibliography>",
    "</text:bibliography>",
    "<text:note-ref text:ref-name=\"x\"/>",
    "<text:tracked-changes>",
    "</text:tracked-changes>",
    "<text:reference-mark-start text:name=\"ZOTERO_ITEM {\"/>",
    "https://e.example/x",
];

proptest! {
    #[test]
    fn any_elements_make_a_sound_document(
        pieces in proptest::collection::vec(proptest::sample::select(SOUP), 0..80)
    ) {
        assert_sound(&read(&document(&pieces.concat()), &Limits::default()).unwrap());
    }
}
