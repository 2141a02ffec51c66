//! RTF, and what is read from it.

use super::*;
use crate::document::testing::{assert_sound, shown};
use proptest::prelude::*;

fn check(body: &str, expected: &str) {
    check_bytes(body.as_bytes(), expected);
}

fn check_bytes(body: &[u8], expected: &str) {
    let bytes = [b"{\\rtf1\\ansi\\ansicpg1252\\deff0 ", body, b"}"].concat();
    let document = read(&bytes);
    assert_sound(&document);
    let body = String::from_utf8_lossy(body);
    assert_eq!(shown(&document), expected, "{body}");
}

#[test]
fn fields_are_links() {
    check(
        r#"It {\field{\*\fldinst{HYPERLINK "https://e.example/log" \\l "top"}}{\fldrslt{\ul really rained}}} twice.\par Next.\par"#,
        "p: It [really rained](https://e.example/log#top) twice.\np: Next.",
    );
    // A field in the instruction, and one in the result.
    check(
        r#"{\field{\*\fldinst HYPERLINK "https://e.example/{\field{\*\fldinst X}{\fldrslt day}}"}{\fldrslt on {\field{\*\fldinst DATE}{\fldrslt monday}}}}!"#,
        "p: [on monday](https://e.example/day)!",
    );
    check("See https://e.example/x.", "p: See <https://e.example/x>.");
    check(
        r#"{\field{\*\fldinst ADDIN ZOTERO_ITEM CSL_CITATION \{"citationItems":[\{"itemData":\{"DOI":"10.1234/a"\}\}]\}}{\fldrslt (Ann)}}"#,
        "p: [(Ann)](https://doi.org/10.1234/a)",
    );
}

#[test]
fn notes_follow_the_text() {
    check(
        r"It rained.{\super\chftn{\footnote\pard\plain {\super\chftn} The log: https://n.example/\par More.}} It stopped.{\*\footnote\ftnalt End.}\par Next.",
        "p: It rained.{footnote 1} It stopped.{endnote 1}\np: Next.\n\
         footnote 1: The log: <https://n.example/>\nfootnote 1: More.\nendnote 1: End.",
    );
    check(
        r"It rained.{\*\atnid A}{\*\atnauthor Ann}\chatn{\*\annotation{\*\atnref 1}https://c.example/} Yes.{\*\annotation Nice}",
        "p: It rained.{comment 1} Yes.\ncomment 1: <https://c.example/>",
    );
    // Notes of deleted text are deleted.
    check(r"Kept.{\deleted Gone.{\footnote Note.}}", "p: Kept.");
}

#[test]
fn characters_are_decoded_by_font_and_page() {
    check_bytes(b"na\\'efve \\u8364 ?5 \\'80", "p: naïve €5 €");
    check(r"\u-10179 ?\u-8704 ?", "p: 😀");
    check(r"{\uc2 \u228 ab}c \uc0\u228 d", "p: äc äd");
    check_bytes(
        b"{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset128 C;}}{\\f1 \\'c4\\'e0} {\\f2 \\'93\\'fa} \\f0\\'c4",
        "p: Да 日 Ä",
    );
    check(
        r"a\~b\-c\_d \{x\} \emdash \ldblquote q\rdblquote",
        "p: a\u{a0}bc-d {x} —“q”",
    );
    check(r"{\upr{plain}{\*\ud wide}}", "p: wide");
    check_bytes(b"a{\\pict\\bin4 }}}}ff}b", "p: ab");
}

#[test]
fn styles_lists_and_cells_tell_kinds() {
    check(
        r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 2;}{\s2 Quote;}{\*\cs3 Char;}}\pard\plain\s1 Title\par\pard\s2 Said.\par
\pard {\listtext\tab 1.}\ls1 Item\par\pard\fi-360 {\bullet}\tab Another\par\pard\fi-360 2.\tab Third\par\pard\fi-360 Hanging\par
\trowd\pard\intbl a\cell b\cell\row\pard\outlinelevel0 Level\par\pard Plain",
        "h2: Title\nquote: Said.\nli: Item\nli: Another\nli: Third\np: Hanging\ntd: a\ntd: b\nh1: Level\np: Plain",
    );
}

#[test]
fn what_does_not_show_is_not_read() {
    check(
        r"{\*\generator X}{\header Head {\shp{\*\shpinst{\shptxt boxed}}}}{\footer Foot}{\colortbl;\red0;}Text{\v hidden}\v  more\v0 .{\deleted gone}\par{\*\unknown x}{\xe\v index}",
        "p: Text.",
    );
    check(
        r"Before {\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt In the box.\par}}{\shprslt again}}and after.\par Next.",
        "p: Before and after.\np: In the box.\np: Next.",
    );
}

#[test]
fn properties_are_read() {
    let document = read(
        br"{\rtf1{\info{\title On rain}{\author Ann}{\creatim\yr2020\mo1\dy2\hr3}{\revtim\yr2024\mo5\dy6}}Text}",
    );
    assert_eq!(document.title.as_deref(), Some("On rain"));
    assert_eq!(document.date.as_deref(), Some("2024-05-06"));
    assert_eq!(document.text, "Text");
}

#[test]
fn depth_is_bounded() {
    let deep = format!("{{\\rtf1 a{}b", "{".repeat(100_000));
    let document = read(deep.as_bytes());
    assert_eq!(document.text, "ab");
    assert_eq!(document.problems.len(), 1);
    let notes = format!("{{\\rtf1 a{}b", "{\\footnote x".repeat(1000));
    assert_sound(&read(notes.as_bytes()));
}

proptest! {
    #[test]
    fn any_tokens_make_a_sound_document(
        tokens in proptest::collection::vec(
            proptest::sample::select(vec![
                "{", "}", "\\field", "\\*", "\\fldinst", "\\fldrslt", "HYPERLINK \"https://e.example/\"",
                "\\footnote", "\\par", "\\cell", "\\'e4", "\\u228 ?", "\\u-10179 ?", "word ", "é", "\\v ",
                "\\annotation", "\\shptxt", "\\pard", "\\fi-1 ", "1.", "\\tab ", "\\info", "\\title",
                "\\stylesheet", "\\s1 ", "\\upr", "\\ud", "\\bin2 ", "\\plain ", "\\listtext", "\\ansicpg932 ",
            ]),
            0..80,
        )
    ) {
        let text = format!("{{\\rtf1 {}", tokens.concat());
        assert_sound(&read(text.as_bytes()));
    }

    #[test]
    fn any_bytes_make_a_sound_document(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        assert_sound(&read(&bytes));
    }
}
