//! Links within a file, from the marks of notes to the notes.

use super::*;

/// The first page of a file, and the second one, by their numbers.
const FIRST: usize = 6;
const SECOND: usize = 8;

/// A link within the file.
fn jump(rect: &str, target: &str) -> String {
    format!("<</Type/Annot/Subtype/Link/Rect[{rect}]{target}>>")
}

/// Which note each mark means, by the note's words.
fn meant(document: &Document) -> Vec<&str> {
    let note = |label: &str| {
        let mut blocks = document.blocks.iter();
        let found = blocks.find(|block| match &block.kind {
            BlockKind::Footnote(name) | BlockKind::Reference(name) => name == label,
            _ => false,
        });
        found.map_or("", |block| block.span.of(&document.text))
    };
    let marks = document.note_refs.iter();
    marks.map(|mark| note(&mark.label)).collect()
}

/// Two marks; then a list of references, and one of notes with the same numbers.
fn two_lists() -> String {
    at(50, 500, "The wall was built in 1821.")
        + &set(178, 504, 6, 'F', "1")
        + &at(185, 500, "It broke twice.")
        + &set(255, 504, 6, 'F', "2")
        + &at(50, 488, "It was mended [1].")
        + &set(50, 460, 14, 'B', "References")
        + &at(50, 440, "1. Smith, The Wall.")
        + &at(50, 425, "2. Jones, The Storms.")
        + &at(50, 385, "1. A letter of the mason.")
        + &at(50, 370, "2. Two in one year.")
}

#[test]
fn a_mark_that_is_a_link_means_the_note_that_it_leads_to() {
    let names = format!(
        "/Names<</Dests<</Kids[<</Names[(n1)[{FIRST} 0 R/XYZ 50 395 0]\
         (n2)<</D[{FIRST} 0 R/FitR 50 300 200 380]>>]>>]>>>>\
         /Dests<</n1[{FIRST} 0 R/XYZ null 397 null]/n2[{FIRST} 0 R/FitBH 382]>>"
    );
    let check = |first: &str, second: &str, expected: &[&str]| {
        let mut draft = Draft::new();
        let links = jump("177 502 183 511", first) + &jump("254 502 260 511", second);
        draft.page(&two_lists(), &links);
        draft.catalog.clone_from(&names);
        let document = document(&draft.bytes());
        assert_eq!(meant(&document), expected, "{first} {second}");
    };
    let notes = ["A letter of the mason.", "Two in one year."];
    let works = ["Smith, The Wall.", "Jones, The Storms."];
    check("/Dest/n1", "/Dest/n2", &notes);
    check("/Dest(n1)", "/A<</S/GoTo/D(n2)>>", &notes);
    check(
        &format!("/A<</S/GoTo/D[{FIRST} 0 R/XYZ 50 395 0]>>"),
        &format!("/Dest[{FIRST} 0 R/FitH 380]"),
        &notes,
    );
    let to = |top: u32| format!("/Dest[{FIRST} 0 R/XYZ 50 {top} 0]");
    check(&to(450), &to(435), &works);
    // What leads nowhere tells nothing: the first list after the text is the one.
    check("/Dest(n3)", "/Dest/n3", &works);
    check("/Dest[99 0 R/XYZ 50 395 0]", "/Dest[0/Fit]", &works);
    check(&to(200), &to(590), &works);
    check("", "/A<</S/GoTo>>", &works);
}

#[test]
fn the_other_list_is_left_to_the_marks_in_brackets() {
    let mut draft = Draft::new();
    let to = |top: u32| format!("/Dest[{FIRST} 0 R/XYZ 50 {top} 0]");
    let links = jump("177 502 183 511", &to(395)) + &jump("254 502 260 511", &to(380));
    draft.page(&two_lists(), &links);
    assert_eq!(
        blocks(&document(&draft.bytes())),
        [
            "p: The wall was built in 1821. It broke twice. It was mended [1].",
            "h1: References",
            "item: Smith, The Wall.",
            "item: Jones, The Storms.",
            "note 1: A letter of the mason.",
            "note 2: Two in one year.",
        ]
    );
}

#[test]
fn chapters_have_notes_of_their_own() {
    let chapter = |words: [&str; 4]| {
        let [text, more, first, second] = words;
        at(50, 500, text)
            + &set(178, 504, 6, 'F', "1")
            + &at(185, 500, more)
            + &set(255, 504, 6, 'F', "2")
            + &at(50, 440, &format!("1. {first}"))
            + &at(50, 428, "It is in the archive.")
            + &at(50, 416, &format!("2. {second}"))
    };
    let links = |page: usize| {
        jump(
            "177 502 183 511",
            &format!("/Dest[{page} 0 R/XYZ 50 450 0]"),
        ) + &jump(
            "254 502 260 511",
            &format!("/Dest[{page} 0 R/XYZ 50 426 0]"),
        )
    };
    let mut draft = Draft::new();
    let words = [
        "The wall was built in 1821.",
        "It broke twice.",
        "A letter of the mason.",
        "Two in one year.",
    ];
    draft.page(&chapter(words), &links(FIRST));
    let words = [
        "The pier was built in 1921.",
        "It never broke.",
        "A letter of the smith.",
        "None in a century.",
    ];
    draft.page(&chapter(words), &links(SECOND));
    assert_eq!(
        meant(&document(&draft.bytes())),
        [
            "A letter of the mason. It is in the archive.",
            "Two in one year.",
            "A letter of the smith. It is in the archive.",
            "None in a century.",
        ]
    );
}

#[test]
fn a_note_as_large_as_the_text_is_found_by_its_link() {
    let content = at(50, 500, "The wall was built in 1821.")
        + &set(178, 504, 6, 'F', "*")
        + &at(50, 460, "* A letter of the mason.")
        + &at(50, 430, "Nothing else is known.");
    let link = jump("177 502 183 511", "/Dest[6 0 R/XYZ 50 470 0]");
    let document = document(&one_page(&content, &link));
    assert_eq!(meant(&document), ["A letter of the mason."]);
    assert!(
        document
            .text
            .starts_with("The wall was built in 1821.\n\nNothing else")
    );
}
