//! Books made of XHTML, and what is read from them.

use super::*;
use crate::document::testing::{assert_sound, packed, shown};
use crate::document::{Hints, read as read_any};
use proptest::prelude::*;

const CONTAINER: &str =
    "<container><rootfiles><rootfile full-path=\"OPS/book.opf\"/></rootfiles></container>";

const BOOK: &str = "<package><metadata><dc:title>On  rain</dc:title><dc:language>de-AT</dc:language>\
    <dc:date opf:event=\"modification\">2024-01-01</dc:date><dc:date opf:event=\"publication\">2020-02-03</dc:date></metadata>\
    <manifest><item id=\"n\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
    <item id=\"two\" href=\"text/second%20part.xhtml\" media-type=\"application/xhtml+xml\"/>\
    <item id=\"one\" href=\"text/one.xhtml\" media-type=\"application/xhtml+xml\"/>\
    <item id=\"notes\" href=\"notes.xhtml\" media-type=\"application/xhtml+xml\"/>\
    <item id=\"p\" href=\"p.jpg\" media-type=\"image/jpeg\"/></manifest>\
    <spine><itemref idref=\"n\"/><itemref idref=\"one\"/><itemref idref=\"two\"/><itemref idref=\"two\"/>\
    <itemref idref=\"notes\" linear=\"no\"/><itemref idref=\"p\"/></spine></package>";

fn chapter(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\">\
         <head><title>x</title></head><body>{body}</body></html>"
    )
}

fn book_of(one: &str, two: &str, notes: &str, further: &[(&str, &str)]) -> Vec<u8> {
    let (one, two, notes) = (chapter(one), chapter(two), chapter(notes));
    let mut members = vec![
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", CONTAINER),
        ("OPS/book.opf", BOOK),
        (
            "OPS/nav.xhtml",
            "<html><body><nav>Contents</nav></body></html>",
        ),
        ("OPS/text/one.xhtml", one.as_str()),
        ("OPS/text/second part.xhtml", two.as_str()),
        ("OPS/notes.xhtml", notes.as_str()),
    ];
    members.extend_from_slice(further);
    packed(&members)
}

#[test]
fn chapters_are_read_in_the_order_of_the_spine_with_notes_across_files() {
    let bytes = book_of(
        "<h1>Rain</h1><p>It <a href=\"https://e.example/log\">rained</a>.<a epub:type=\"noteref\" href=\"../notes.xhtml#n1\">1</a> \
         See <a href=\"second%20part.xhtml\">the next chapter</a> and <a href=\"../p.jpg\">a picture</a>.&eacute;</p>",
        "<h2 id=\"n1\">Snow</h2><p>It stopped.<a epub:type=\"noteref\" href=\"../notes.xhtml#n2\">2</a> \
         <a href=\"#n1\">Above</a> &amp; <a href=\"https://e.example/?a=1&amp;b=2\">there</a>.</p>",
        "<aside epub:type=\"footnote\" id=\"n1\"><p>The first note, <a href=\"https://n.example/1\">its log</a>.</p></aside>\
         <aside epub:type=\"footnote\" id=\"n2\"><p>The second note.</p></aside>",
        &[],
    );
    let document = read_any(&bytes, Hints::default(), &Limits::default()).unwrap();
    assert_sound(&document);
    assert_eq!(
        shown(&document),
        "h1: Rain\n\
         p: It [rained](https://e.example/log).{c2-n1} See the next chapter and a picture.é\n\
         h2: Snow\n\
         p: It stopped.{c2-n2} Above & [there](https://e.example/?a=1&b=2).\n\
         c2-n1: The first note, [its log](https://n.example/1).\n\
         c2-n2: The second note."
    );
    assert_eq!(document.format, Format::Epub);
    assert_eq!(document.title.as_deref(), Some("On rain"));
    assert_eq!(document.language.as_deref(), Some("de"));
    assert_eq!(document.date.as_deref(), Some("2020-02-03"));
}

#[test]
fn broken_markup_is_read_as_html() {
    let bytes = book_of(
        "<p>One<br>two <a href=\"https://e.example/\">three</a>",
        "<p>Four.</p>",
        "",
        &[],
    );
    let document = read(&bytes, &Limits::default()).unwrap();
    assert_sound(&document);
    assert_eq!(document.links.len(), 1);
    assert!(
        document.text.starts_with("One two three\n\nFour."),
        "{:?}",
        document.text
    );
    assert_eq!(document.problems.len(), 1, "{:?}", document.problems);
}

#[test]
fn locked_and_empty_books_are_refused() {
    let locked = |algorithm: &str| {
        format!(
            "<encryption><enc:EncryptedData><enc:EncryptionMethod Algorithm=\"{algorithm}\"/><enc:CipherData>\
             <enc:CipherReference URI=\"OPS/text/one.xhtml\"/></enc:CipherData></enc:EncryptedData></encryption>"
        )
    };
    let refused = |algorithm: &str| {
        let encryption = locked(algorithm);
        let bytes = book_of(
            "<p>a</p>",
            "",
            "",
            &[("META-INF/encryption.xml", &encryption)],
        );
        read(&bytes, &Limits::default()).err()
    };
    assert_eq!(
        refused("http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
        Some(DocumentError::Encrypted)
    );
    assert_eq!(refused("http://www.idpf.org/2008/embedding"), None);
    let empty = packed(&[("META-INF/container.xml", CONTAINER)]);
    assert!(read(&empty, &Limits::default()).is_err());
}

const SOUP: &[&str] = &[
    "<p>",
    "</p>",
    "<p id=\"n1\">",
    "<br>",
    "<br/>",
    "<a href=\"#n1\">1</a>",
    "<a href=\"https://e.example/\">",
    "</a>",
    "<aside epub:type=\"footnote\" id=\"n1\">",
    "</aside>",
    "<svg>",
    "</svg>",
    "word ",
    "é",
    "&eacute;",
    "&x",
    "<",
    "</body>",
    "<main>",
    "<article>",
    "<script>",
    "<x:y>",
    "<a name='\"'>",
    "<ul><li>",
    "</ul>",
];

proptest! {
    #[test]
    fn any_elements_make_a_sound_document(
        pieces in proptest::collection::vec(proptest::sample::select(SOUP), 0..60)
    ) {
        let soup = pieces.concat();
        assert_sound(&read(&book_of(&soup, &soup, &soup, &[]), &Limits::default()).unwrap());
    }
}
