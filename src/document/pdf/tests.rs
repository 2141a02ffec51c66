//! The reader on small files that these tests write themselves.

mod jumps;

use super::*;
use crate::document::{BlockKind, ByteSpan, LinkKind};
use proptest::prelude::*;
use std::fmt::Write;

/// A file being written: objects one after another, the first one its catalogue.
struct Draft {
    objects: Vec<String>,
    pages: Vec<usize>,
    /// More entries of the catalogue and of the trailer.
    catalog: String,
    trailer: String,
}

impl Draft {
    fn new() -> Self {
        let font = |name: &str| {
            format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>")
        };
        // Catalogue and page tree are written last.
        let objects = vec![
            String::new(),
            String::new(),
            font("Helvetica"),
            font("Helvetica-Bold"),
        ];
        Self {
            objects,
            pages: Vec::new(),
            catalog: String::new(),
            trailer: String::new(),
        }
    }

    /// Adds an object; gives its number.
    fn object(&mut self, body: impl Into<String>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    /// Adds a page with its annotations.
    fn page(&mut self, content: &str, annotations: &str) -> usize {
        let stream = self.object(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
        let page = self.object(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents {stream} 0 R\
             /Resources<</Font<</F 3 0 R/B 4 0 R>>>>/Annots[{annotations}]>>"
        ));
        self.pages.push(page);
        page
    }

    fn bytes(mut self) -> Vec<u8> {
        let mut kids = String::new();
        for page in &self.pages {
            let _ = write!(kids, "{page} 0 R ");
        }
        self.objects[0] = format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog);
        if self.objects[1].is_empty() {
            self.objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", self.pages.len());
        }
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut starts = Vec::new();
        for (index, body) in self.objects.iter().enumerate() {
            starts.push(file.len());
            file.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
        }
        let xref = file.len();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", starts.len() + 1);
        for start in &starts {
            table.push_str(&format!("{start:010} 00000 n \n"));
        }
        file.extend(table.bytes());
        file.extend(
            format!(
                "trailer\n<</Size {}/Root 1 0 R{}>>\nstartxref\n{xref}\n%%EOF\n",
                starts.len() + 1,
                self.trailer
            )
            .bytes(),
        );
        file
    }
}

/// A file of one page.
fn one_page(content: &str, annotations: &str) -> Vec<u8> {
    let mut draft = Draft::new();
    draft.page(content, annotations);
    draft.bytes()
}

/// Text at a place, counted from the lower left corner.
fn at(x: u32, y: u32, text: &str) -> String {
    set(x, y, 10, 'F', text)
}

fn set(x: u32, y: u32, size: u32, font: char, text: &str) -> String {
    let text = text.replace('(', "\\(").replace(')', "\\)");
    format!("BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n")
}

/// Lines of text below each other.
fn lines(x: u32, y: u32, texts: &[&str]) -> String {
    (0_u32..)
        .zip(texts)
        .map(|(index, text)| at(x, y - 12 * index, text))
        .collect()
}

fn link(rect: &str, url: &str) -> String {
    format!("<</Type/Annot/Subtype/Link/Rect[{rect}]/A<</S/URI/URI({url})>>>>")
}

fn document(bytes: &[u8]) -> Document {
    read(bytes, &Limits::default()).unwrap()
}

/// Blocks as "kind: text".
fn blocks(document: &Document) -> Vec<String> {
    document
        .blocks
        .iter()
        .map(|block| {
            let kind = match &block.kind {
                BlockKind::Heading(level) => format!("h{level}"),
                BlockKind::Paragraph => "p".to_owned(),
                BlockKind::ListItem => "item".to_owned(),
                BlockKind::TableCell => "cell".to_owned(),
                BlockKind::Caption => "caption".to_owned(),
                BlockKind::Quote => "quote".to_owned(),
                BlockKind::Code => "code".to_owned(),
                BlockKind::Footnote(label) => format!("note {label}"),
                BlockKind::Reference(label) => format!("reference {label}"),
            };
            format!("{kind}: {}", block.span.of(&document.text))
        })
        .collect()
}

/// Links as "words → address".
fn linked(document: &Document) -> Vec<String> {
    document
        .links
        .iter()
        .map(|link| format!("{} → {}", link.span.of(&document.text), link.url_as_cited))
        .collect()
}

#[test]
fn lines_are_one_paragraph_until_white_space_says_otherwise() {
    let check = |content: &str, expected: &[&str]| {
        assert_eq!(blocks(&document(&one_page(content, ""))), expected);
    };
    // A hyphen that broke a word goes, one that is the word's own stays.
    check(
        &lines(
            50,
            500,
            &[
                "The old wall of the harbour was built in local lime-",
                "stone, and most of it still stands. Everybody knows a well-",
                "known story of it; this well-known one is true as well, and",
                "so it is told.",
            ],
        ),
        &[
            "p: The old wall of the harbour was built in local limestone, and most of it still \
             stands. Everybody knows a well-known story of it; this well-known one is true as \
             well, and so it is told.",
        ],
    );
    // The last line of the first paragraph could have held the next word.
    check(
        &lines(
            50,
            500,
            &[
                "The old wall of the harbour was built in local limestone",
                "in a hurry.",
                "Two storms broke it, and the town paid for its repair with",
                "a loan.",
            ],
        ),
        &[
            "p: The old wall of the harbour was built in local limestone in a hurry.",
            "p: Two storms broke it, and the town paid for its repair with a loan.",
        ],
    );
    check(
        &(set(50, 540, 16, 'B', "The Harbour Wall")
            + &at(50, 515, "1.2 What was found")
            + &at(50, 500, "Mortar of three kinds.")),
        &[
            "h1: The Harbour Wall",
            "h2: 1.2 What was found",
            "p: Mortar of three kinds.",
        ],
    );
}

#[test]
fn items_hang_from_their_labels() {
    let content = at(50, 500, "There are three ways to keep it:")
        + &at(
            60,
            480,
            "\\225 Replace the stones that form its cap, as was done in",
        )
        + &at(67, 468, "the next town.")
        + &at(60, 456, "\\225 Drain the ground.")
        + &at(50, 436, "They were taken in this order:")
        + &at(60, 416, "1. The drain.")
        + &at(60, 404, "2. The cap.")
        + &at(
            50,
            384,
            "The council was content, it is said, with what it had paid on",
        )
        + &at(50, 372, "20. May of the year.");
    assert_eq!(
        blocks(&document(&one_page(&content, ""))),
        [
            "p: There are three ways to keep it:",
            "item: Replace the stones that form its cap, as was done in the next town.",
            "item: Drain the ground.",
            "p: They were taken in this order:",
            "item: The drain.",
            "item: The cap.",
            "p: The council was content, it is said, with what it had paid on 20. May of the year.",
        ]
    );
}

#[test]
fn cells_stand_in_rows_and_captions_name_what_they_belong_to() {
    let content = at(50, 500, "Year")
        + &at(150, 500, "Work")
        + &at(50, 485, "1953")
        + &at(150, 485, "First repair")
        + &at(50, 460, "Table 1: Works and their years.");
    assert_eq!(
        blocks(&document(&one_page(&content, ""))),
        [
            "cell: Year",
            "cell: Work",
            "cell: 1953",
            "cell: First repair",
            "caption: Table 1: Works and their years.",
        ]
    );
    // Cells whose words were broken over lines, each drawn whole before the next one.
    let content = at(50, 520, "Years of works and their sources.")
        + &at(50, 500, "1953")
        + &at(150, 500, "not")
        + &at(150, 488, "measured")
        + &at(250, 500, "parish book")
        + &at(50, 470, "1968")
        + &at(150, 470, "31 cm")
        + &at(250, 470, "gauge sheet");
    assert_eq!(
        blocks(&document(&one_page(&content, ""))),
        [
            "p: Years of works and their sources.",
            "cell: 1953",
            "cell: not measured",
            "cell: parish book",
            "cell: 1968",
            "cell: 31 cm",
            "cell: gauge sheet",
        ]
    );
}

#[test]
fn text_goes_on_over_columns_pages_and_notes() {
    let mark = |x: u32, y: u32, text: &str| set(x, y, 6, 'F', text);
    let mut draft = Draft::new();
    let head = at(50, 570, "Annals of Harbours");
    let first = lines(50, 500, &["The wall was built in 1821", "and broke twice."])
        + &mark(121, 492, "1")
        + &lines(
            50,
            476,
            &["It was repaired with the", "help of the whole town,"],
        )
        + &set(50, 100, 7, 'F', "1 Harbour Office, 1953.")
        + &lines(
            220,
            500,
            &["which paid for the stone", "and for the drink of"],
        );
    draft.page(&(head.clone() + &first + &at(200, 20, "1")), "");
    draft.page(
        &(head.clone() + &at(50, 500, "the masons.") + &at(200, 20, "2")),
        "",
    );
    draft.page(
        &(head + &at(50, 500, "Nothing else happened.") + &at(200, 20, "3")),
        "",
    );
    let document = document(&draft.bytes());
    assert_eq!(
        blocks(&document),
        [
            "p: The wall was built in 1821 and broke twice. It was repaired with the help of the \
             whole town, which paid for the stone and for the drink of the masons.",
            "p: Nothing else happened.",
            "note 1: Harbour Office, 1953.",
        ]
    );
    let mark = &document.note_refs[0];
    assert!(document.text[..mark.span.start].ends_with("broke twice."));
    assert_eq!(mark.label, "1");
    let page_of = |words: &str| document.place_at(document.text.find(words).unwrap()).page;
    assert_eq!(page_of("the masons"), Some(2));
    assert_eq!(page_of("Nothing"), Some(3));
    assert_eq!(page_of("Harbour Office"), Some(1));
    assert_eq!(document.pages[1].of(&document.text), "the masons.");
}

#[test]
fn a_page_ends_before_the_hyphen_of_a_word_that_goes_on() {
    let mut draft = Draft::new();
    let long = "It was repaired with the help of the whole gar-";
    draft.page(&at(50, 500, long), "");
    draft.page(&at(50, 500, "den and of the town."), "");
    let document = document(&draft.bytes());
    let pages = document.pages.iter().map(|page| page.of(&document.text));
    assert_eq!(
        pages.collect::<Vec<_>>(),
        [&long[..long.len() - 1], "den and of the town."]
    );
}

#[test]
fn notes_at_the_end_are_found_by_their_marks() {
    let check = |heading: &str, expected: &str| {
        let content = at(50, 500, "The wall was built in 1821.")
            + &set(178, 504, 6, 'F', "1")
            + &at(185, 500, "It broke twice.")
            + &set(255, 504, 6, 'F', "2")
            + &set(50, 460, 14, 'B', heading)
            + &at(50, 440, "1. Smith, The Wall, https://walls.example/1.")
            + &at(50, 425, "2. Jones, The Storms.");
        let document = document(&one_page(&content, ""));
        let labels: Vec<&str> = document
            .note_refs
            .iter()
            .map(|mark| mark.label.as_str())
            .collect();
        assert_eq!(labels, ["1", "2"]);
        let blocks = blocks(&document);
        assert_eq!(blocks[0], "p: The wall was built in 1821. It broke twice.");
        assert_eq!(
            blocks[2],
            format!("{expected} 1: Smith, The Wall, https://walls.example/1.")
        );
    };
    check("Notes", "note");
    check("References", "reference");
}

#[test]
fn a_link_lies_on_its_words() {
    let content = lines(
        50,
        500,
        &["The wall (see the old survey", "of walls) still stands."],
    );
    let check = |annotations: &str, expected: &[&str]| {
        let document = document(&one_page(&content, annotations));
        assert_eq!(linked(&document), expected, "{annotations}");
        assert!(
            document
                .links
                .iter()
                .all(|link| link.kind == LinkKind::Hyperlink)
        );
    };
    let url = "https://a.example/s";
    // Broken over lines: two annotations, or one with two quadrilaterals.
    let both = link("94 497 190 509", url) + &link("50 485 84 497", url);
    check(
        &both,
        &["see the old survey of walls → https://a.example/s"],
    );
    let quads = "<</Subtype/Link/Rect[50 485 190 509]/QuadPoints[94 509 190 509 94 497 190 497 \
                 50 497 84 497 50 485 84 485]/A<</S/URI/URI(https://a.example/s)>>>>";
    check(
        quads,
        &["see the old survey of walls → https://a.example/s"],
    );
    // A little too large, a little too small, one on top of the other.
    check(
        &link("92 491 192 514", url),
        &["see the old survey → https://a.example/s"],
    );
    check(
        &link("96 499 188 504", url),
        &["see the old survey → https://a.example/s"],
    );
    let twice = link("94 497 190 509", url) + &link("110 497 190 509", url);
    check(&twice, &["see the old survey → https://a.example/s"]);
    // Two addresses are two links.
    let two = link("94 497 190 509", url) + &link("50 485 84 497", "https://b.example/");
    check(
        &two,
        &[
            "see the old survey → https://a.example/s",
            "of walls → https://b.example/",
        ],
    );
    // No words, no link.
    check(&link("300 300 320 320", url), &[]);
}

#[test]
fn a_link_that_a_page_break_cuts_is_one() {
    let mut draft = Draft::new();
    let url = "https://a.example/s";
    draft.page(
        &at(50, 100, "The wall stands, as the old survey"),
        &link("137 97 215 109", url),
    );
    draft.page(&at(50, 500, "of walls says."), &link("50 497 87 509", url));
    let document = document(&draft.bytes());
    assert_eq!(
        linked(&document),
        ["the old survey of walls → https://a.example/s"]
    );
}

#[test]
fn an_address_is_found_through_names_chains_and_the_base() {
    let content = at(50, 500, "The survey stands.");
    let check = |target: &str, catalog: &str, expected: &[&str]| {
        let mut draft = Draft::new();
        draft.page(
            &content,
            &format!("<</Subtype/Link/Rect[69 497 102 509]{target}>>"),
        );
        draft.catalog = catalog.to_owned();
        assert_eq!(linked(&document(&draft.bytes())), expected, "{target}");
    };
    let found: &[&str] = &["survey → https://a.example/s"];
    check(
        "/A<</S/GoTo/D[0/Fit]/Next<</S/URI/URI(https://a.example/s)>>>>",
        "",
        found,
    );
    check(
        "/A<</S/JavaScript/Next[<</S/Named/N/Print>><</S/URI/URI(https://a.example/s)>>]>>",
        "",
        found,
    );
    check("/PA<</S/URI/URI(https://a.example/s)>>", "", found);
    check(
        "/A<</S/URI/URI(s)>>",
        "/URI<</Base(https://a.example/)>>",
        found,
    );
    check("/A<</S/GoToR/F(https://a.example/s)>>", "", found);
    let tree = "/Names<</Dests<</Kids[<</Limits[(a)(z)]/Names[(n)<</S/URI/URI(https://a.example/s)>>]>>]>>>>";
    check("/Dest(n)", tree, found);
    check("/A<</S/GoTo/D(n)>>", tree, found);
    check(
        "/Dest/n",
        "/Dests<</n<</A<</S/URI/URI(https://a.example/s)>>>>>>",
        found,
    );
    // A place in the document itself is no citation.
    check("/A<</S/GoTo/D[0/Fit]>>", "", &[]);
}

#[test]
fn a_printed_address_is_whole_again() {
    let content = lines(
        50,
        500,
        &[
            "The survey is at https://walls.example/reports/2019/",
            "harbour-wall?id=7, it seems.",
        ],
    );
    let document = document(&one_page(&content, ""));
    assert_eq!(
        linked(&document),
        [
            "https://walls.example/reports/2019/harbour-wall?id=7 → https://walls.example/reports/2019/harbour-wall?id=7"
        ]
    );
    assert_eq!(document.links[0].kind, LinkKind::Printed);
}

#[test]
fn tags_say_what_a_block_is() {
    let mut draft = Draft::new();
    let content = String::from("/Artifact BMC\n")
        + &at(50, 570, "Running head")
        + "EMC\n/H1 <</MCID 0>> BDC\n"
        + &at(50, 540, "The Wall")
        + "EMC\n/P <</MCID 1>> BDC\n"
        + &at(50, 520, "It broke.")
        + "EMC\n/P <</MCID 2>> BDC\n"
        + &at(50, 508, "Twice.")
        + "EMC\n/Lbl <</MCID 3>> BDC\n"
        + &at(50, 496, "1.")
        + "EMC\n/LBody <</MCID 4>> BDC\n"
        + &at(65, 496, "Drain it.")
        + "EMC\n/Span <</MCID 5/ActualText(office)>> BDC\n"
        + &at(50, 480, "o@ce")
        + "EMC\n";
    let page = draft.page(&content, "");
    let root = draft.object(format!(
        "<</Type/StructTreeRoot/RoleMap<</Zwischentitel/H1>>/K<</S/Document/Pg {page} 0 R/K[\
         <</S/Zwischentitel/K 0>><</S/P/K[1 2]>>\
         <</S/L/K<</S/LI/K[<</S/Lbl/K 3>><</S/LBody/K 4>>]>>>>\
         <</S/Table/K<</S/TR/K<</S/TD/K<</S/P/K 5>>>>>>>>]>>>>"
    ));
    draft.catalog = format!("/StructTreeRoot {root} 0 R/Lang(de-AT)");
    let document = document(&draft.bytes());
    assert_eq!(
        blocks(&document),
        [
            "h1: The Wall",
            "p: It broke. Twice.",
            "item: Drain it.",
            "cell: office"
        ]
    );
    assert_eq!(document.language.as_deref(), Some("de"));
    assert_eq!(document.title.as_deref(), Some("The Wall"));
}

#[test]
fn tags_that_go_in_circles_or_tell_nothing_are_passed_over() {
    let mut draft = Draft::new();
    let page = draft.page(&at(50, 500, "It broke."), "");
    let next = draft.objects.len() + 2;
    let root = draft.object(format!("<</Type/StructTreeRoot/K {next} 0 R>>"));
    draft.object(format!(
        "<</S/Sect/Pg {page} 0 R/K[{next} 0 R {root} 0 R 0]>>"
    ));
    draft.catalog = format!("/StructTreeRoot {root} 0 R");
    assert_eq!(blocks(&document(&draft.bytes())), ["p: It broke."]);
}

#[test]
fn the_title_is_what_readers_see() {
    let check = |info: &str, expected: Option<&str>| {
        let mut draft = Draft::new();
        let content = set(50, 540, 18, 'F', "The Harbour Wall")
            + &lines(
                50,
                500,
                &[
                    "It broke twice, and it was mended both times by the",
                    "town.",
                ],
            );
        draft.page(&content, "");
        let info = draft.object(format!("<</Title{info}/CreationDate(D:20240503)>>"));
        draft.trailer = format!("/Info {info} 0 R");
        let document = document(&draft.bytes());
        assert_eq!(document.title.as_deref(), expected, "{info}");
        assert_eq!(
            document.date, None,
            "when a file was made is not when its text was"
        );
    };
    check("(The Harbour Wall)", Some("The Harbour Wall"));
    check("(Microsoft Word - draft 7.doc)", Some("The Harbour Wall"));
    check("(Template for reports)", Some("The Harbour Wall"));
    check("()", Some("The Harbour Wall"));
}

#[test]
fn what_cannot_be_read_says_why() {
    let check = |bytes: &[u8], expected: &str| {
        let error = read(bytes, &Limits::default()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(&one_page("0 0 100 100 re f", ""), "no text");
    check(b"%PDF-1.7\nnothing", "damaged");
    let mut draft = Draft::new();
    draft.page(&at(50, 500, "Secret."), "");
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    draft.trailer =
        format!("/Encrypt<</Filter/Standard/V 1/R 2/O<{key}>/U<{key}>/P -4>>/ID[<{key}><{key}>]");
    check(&draft.bytes(), "password");
}

#[test]
fn a_page_that_stands_twice_is_two_pages() {
    let mut draft = Draft::new();
    let blank = draft.page("", "");
    draft.pages.push(blank);
    draft.page(
        &at(50, 500, "The wall."),
        &link("50 497 90 509", "https://a.example/"),
    );
    let bytes = draft.bytes();
    let document = document(&bytes);
    assert_eq!(document.pages.len(), 3);
    assert_eq!(document.place_at(0).page, Some(3));
    let found = links(&bytes, &Limits::default()).unwrap();
    assert_eq!((found[0].page, found[0].anchor.as_str()), (3, "The wall."));
}

#[test]
fn circles_depths_and_crowds_are_bounded() {
    // A page tree within itself.
    let mut draft = Draft::new();
    let page = draft.page(&at(50, 500, "The wall."), "");
    draft.objects[1] = format!("<</Type/Pages/Kids[2 0 R {page} 0 R 2 0 R]/Count 3>>");
    assert_eq!(document(&draft.bytes()).text, "The wall.");

    // Names below names, and an action that is its own next one.
    let mut draft = Draft::new();
    let chain = draft.object("");
    draft.objects[chain - 1] = format!("<</S/GoTo/D[0/Fit]/Next {chain} 0 R>>");
    let first = draft.objects.len() + 1;
    for level in 0..3_000 {
        draft.object(format!("<</Kids[{} 0 R {first} 0 R]>>", first + level + 1));
    }
    draft.object("<</Names[(m)(x)]>>");
    draft.catalog = format!("/Names<</Dests {first} 0 R>>");
    let annotations = format!(
        "<</Subtype/Link/Rect[50 497 90 509]/Dest(n)>>\
         <</Subtype/Link/Rect[50 497 90 509]/A {chain} 0 R>>"
    );
    draft.page(&at(50, 500, "The wall."), &annotations);
    assert!(document(&draft.bytes()).links.is_empty());

    // A tree of names whose every branch is the whole tree, and a crowd of links that ask for it.
    let mut draft = Draft::new();
    let tree = draft.object("");
    draft.objects[tree - 1] = format!(
        "<</Names[(m)(x)]/Kids[{}]>>",
        format!("{tree} 0 R ").repeat(5_000)
    );
    draft.catalog = format!("/Names<</Dests {tree} 0 R>>");
    let crowd = "<</Subtype/Link/Rect[50 497 90 509]/Dest(n)>>".repeat(5_000);
    draft.page(&at(50, 500, "The wall."), &crowd);
    assert!(document(&draft.bytes()).links.is_empty());

    // A crowd of annotations on one place.
    let crowd = link("50 497 90 509", "https://a.example/").repeat(5_000);
    let document = document(&one_page(&at(50, 500, "The wall."), &crowd));
    assert_eq!(document.links.len(), 1);
}

/// A file with something of everything, for mutants.
fn rich() -> Vec<u8> {
    let mut draft = Draft::new();
    let content = set(50, 550, 16, 'B', "The Harbour Wall")
        + &lines(
            50,
            500,
            &[
                "The wall was built in 1821 by the",
                "town, https://a.example/.",
            ],
        )
        + &set(120, 504, 6, 'F', "1")
        + &at(60, 460, "\\225 Drain the ground.")
        + &at(50, 440, "Year")
        + &at(150, 440, "Work")
        + &set(50, 60, 7, 'F', "1 Harbour Office.");
    let page = draft.page(&content, &link("50 497 90 509", "https://b.example/"));
    draft.page(
        &(String::from("/P <</MCID 0/ActualText(wall)>> BDC\n") + &at(50, 500, "w@l") + "EMC"),
        "<</Subtype/Link/Rect[50 497 90 509]/Dest(n)>>",
    );
    let root = draft.object(format!(
        "<</Type/StructTreeRoot/K<</S/P/Pg {} 0 R/K[0 <</Type/MCR/MCID 1/Pg {page} 0 R>>]>>>>",
        page + 2
    ));
    draft.catalog = format!(
        "/StructTreeRoot {root} 0 R/Names<</Dests<</Names[(n)<</S/URI/URI(https://c.example/)>>]>>>>"
    );
    draft.bytes()
}

/// One change to a file.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(usize, u8),
    Truncate(usize),
    Delete(usize, usize),
    Double(usize, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = 0..usize::MAX;
    prop_oneof![
        4 => (place.clone(), any::<u8>()).prop_map(|(at, by)| Mutation::Flip(at, by)),
        1 => place.clone().prop_map(Mutation::Truncate),
        1 => (place.clone(), 1..400_usize).prop_map(|(at, length)| Mutation::Delete(at, length)),
        1 => (place, 1..2000_usize).prop_map(|(at, length)| Mutation::Double(at, length)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    let size = bytes.len();
    match *mutation {
        Mutation::Flip(at, by) => bytes[at % size] ^= by,
        Mutation::Truncate(at) => bytes.truncate(at % size),
        Mutation::Delete(at, length) => {
            let start = at % size;
            bytes.drain(start..(start + length).min(size));
        }
        Mutation::Double(at, length) => {
            let start = at % size;
            let piece = bytes[start..(start + length).min(size)].to_vec();
            bytes.splice(start..start, piece);
        }
    }
}

/// What must hold of every document, however damaged its file was.
fn hold_together(document: &Document) {
    let text = &document.text;
    let fits = |span: ByteSpan| text.get(span.start..span.end).is_some();
    let mut end = 0;
    for block in &document.blocks {
        assert!(fits(block.span) && block.span.start >= end);
        end = block.span.end;
    }
    assert!(document.links.iter().all(|link| fits(link.span)));
    assert!(document.note_refs.iter().all(|mark| fits(mark.span)));
    assert!(document.pages.iter().all(|page| fits(*page)));
    assert!(document.places.is_sorted_by_key(|(start, _)| *start));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_mutant_panics_or_tears_the_text(
        mutations in prop::collection::vec(mutation(), 1..12)
    ) {
        let mut bytes = rich();
        for mutation in &mutations {
            mutate(&mut bytes, mutation);
        }
        if let Ok(document) = read(&bytes, &Limits::default()) {
            hold_together(&document);
        }
        let _ = links(&bytes, &Limits::default());
    }
}

/// Mutants of every file in the folder that `IBID_PDF_FOLDER` names, ten of each:
/// `IBID_PDF_FOLDER=… cargo test --release pdf::tests::mutants_of_a_folder -- --ignored --nocapture`
#[test]
#[ignore = "needs a folder of PDF files"]
fn mutants_of_a_folder() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let folder = std::env::var("IBID_PDF_FOLDER").unwrap();
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(mutation(), 1..4);
    let (mut read_files, mut refused) = (0, 0);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let whole = std::fs::read(&path).unwrap();
        for _ in 0..10 {
            let mut bytes = whole.clone();
            for mutation in strategy.new_tree(&mut runner).unwrap().current() {
                mutate(&mut bytes, &mutation);
            }
            match read(&bytes, &Limits::default()) {
                Ok(document) => {
                    hold_together(&document);
                    read_files += 1;
                }
                Err(_) => refused += 1,
            }
            let _ = links(&bytes, &Limits::default());
        }
    }
    assert!(read_files > refused, "{read_files} read, {refused} refused");
}
