//! Word documents made of XML, and what is read from them.

use super::*;
use crate::document::testing::{assert_sound, packed, shown};
use crate::document::{Hints, read as read_any};
use proptest::prelude::*;

const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math""#;

const RELATIONSHIPS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://e.example/log" TargetMode="External"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://e.example/two?a=1&amp;b=2" TargetMode="External"/>
</Relationships>"#;

const STYLES: &str = r#"
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Level"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Liste"><w:name w:val="Items"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>"#;

/// A document with this body, and further parts.
fn document(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let body =
        format!("<?xml version=\"1.0\"?><w:document {NAMES}><w:body>{body}</w:body></w:document>");
    let styles = format!("<w:styles {NAMES}>{STYLES}</w:styles>");
    let mut members = vec![
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", body.as_str()),
        ("word/_rels/document.xml.rels", RELATIONSHIPS),
        ("word/styles.xml", styles.as_str()),
    ];
    members.extend_from_slice(parts);
    packed(&members)
}

fn check(body: &str, expected: &str) {
    check_with(body, &[], expected);
}

fn check_with(body: &str, parts: &[(&str, &str)], expected: &str) {
    let bytes = document(body, parts);
    let document = read_any(&bytes, Hints::default(), &Limits::default()).unwrap();
    assert_sound(&document);
    assert_eq!(shown(&document), expected, "{body}");
}

/// A paragraph of runs.
fn p(runs: &str) -> String {
    format!("<w:p>{runs}</w:p>")
}

/// A run of text.
fn t(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn character(kind: &str) -> String {
    format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>")
}

/// A field with an instruction (escaped) and a result.
fn complex(instruction: &str, result: &str) -> String {
    format!(
        "{}<w:r><w:instrText xml:space=\"preserve\">{instruction}</w:instrText></w:r>{}{result}{}",
        character("begin"),
        character("separate"),
        character("end")
    )
}

#[test]
fn links_are_relationships_and_fields() {
    check(
        &p(&format!(
            "{}<w:hyperlink r:id=\"rId1\">{}{}</w:hyperlink>{}",
            t("It "),
            t("really"),
            t(" rained "),
            t("twice.")
        )),
        "p: It [really rained](https://e.example/log) twice.",
    );
    check(
        &p(&format!(
            "<w:hyperlink r:id=\"rId2\" w:anchor=\"top\">{}</w:hyperlink>",
            t("Two")
        )),
        "p: [Two](https://e.example/two?a=1&b=2#top)",
    );
    check(
        &p(&format!(
            "<w:hyperlink w:anchor=\"_Toc1\">{}</w:hyperlink>",
            t("Chapter")
        )),
        "p: Chapter",
    );
    check(
        &p(&complex(
            r#" HYPERLINK "https://e.example/f" \l "x" "#,
            &t("there"),
        )),
        "p: [there](https://e.example/f#x)",
    );
    // An instruction cut over runs, with a field in it and one in its result.
    check(
        &p(&format!(
            "{}<w:r><w:instrText>HYPERLINK \"https://e.ex</w:instrText></w:r>\
             <w:r><w:instrText>ample/</w:instrText></w:r>{}<w:r><w:instrText>\"</w:instrText></w:r>{}{}{}{}{}",
            character("begin"),
            complex("DOCPROPERTY Day", &t("monday")),
            character("separate"),
            t("on "),
            complex("DATE", &t("1/2/2024")),
            character("end"),
            t(" it rained")
        )),
        "p: [on 1/2/2024](https://e.example/monday) it rained",
    );
    check(
        &p(&format!(
            "<w:fldSimple w:instr='HYPERLINK \"https://e.example/s\"'>{}</w:fldSimple>!",
            t("simple")
        )),
        "p: [simple](https://e.example/s)",
    );
    check(
        &p(&format!(
            "<w:hyperlink r:id=\"rId1\">{}</w:hyperlink>",
            t("https://e.example/log/")
        )),
        "p: <https://e.example/log/>",
    );
    check(
        &p(&t("See https://e.example/bare.")),
        "p: See <https://e.example/bare>.",
    );
    // A field that is never closed is on the words of its paragraph.
    check(
        &format!(
            "{}{}",
            p(&format!(
                "{}<w:r><w:instrText>HYPERLINK \"https://e.example/o\"</w:instrText></w:r>{}{}",
                character("begin"),
                character("separate"),
                t("open")
            )),
            p(&t("Next."))
        ),
        "p: [open](https://e.example/o)\np: Next.",
    );
    // An index entry shows nothing.
    check(
        &p(&format!(
            "{}{}<w:r><w:instrText>XE \"rain\"</w:instrText></w:r>{}",
            t("Rain"),
            character("begin"),
            character("end")
        )),
        "p: Rain",
    );
}

#[test]
fn notes_follow_the_text_and_keep_their_kinds_apart() {
    let footnotes = format!(
        "<w:footnotes {NAMES}><w:footnote w:type=\"separator\" w:id=\"-1\">{}</w:footnote>\
         <w:footnote w:id=\"2\">{}</w:footnote><w:footnote w:id=\"1\">{}{}</w:footnote>\
         <w:footnote w:id=\"9\">{}</w:footnote></w:footnotes>",
        p("<w:r><w:separator/></w:r>"),
        p(&format!("<w:r><w:footnoteRef/></w:r>{}", t(" Second."))),
        p(&format!(
            "<w:hyperlink r:id=\"n1\">{}</w:hyperlink>",
            t("The log")
        )),
        p(&t("And more.")),
        p(&t("Nobody points here.")),
    );
    let endnotes = format!(
        "<w:endnotes {NAMES}><w:endnote w:id=\"1\">{}</w:endnote></w:endnotes>",
        p(&t("At the end: https://e.example/end")),
    );
    let own = "<Relationships><Relationship Id=\"n1\" Type=\"x/hyperlink\" Target=\"https://n.example/\" TargetMode=\"External\"/></Relationships>";
    let body = [
        p(&format!(
            "<w:bookmarkStart w:id=\"4\" w:name=\"_Ref7\"/>{}<w:r><w:footnoteReference w:id=\"1\"/></w:r><w:bookmarkEnd w:id=\"4\"/>{}\
             <w:r><w:endnoteReference w:id=\"1\"/></w:r>",
            t("It rained."), t(" It stopped.")
        )),
        p(&format!(
            "{}<w:r><w:footnoteReference w:customMarkFollows=\"1\" w:id=\"2\"/><w:t>*</w:t></w:r>{}",
            t("A star"), t(" shines.")
        )),
        p(&format!("{}{}.", t("As said above"), complex("NOTEREF _Ref7 \\h", &t("1")))),
    ]
    .concat();
    check_with(
        &body,
        &[
            ("word/footnotes.xml", &footnotes),
            ("word/_rels/footnotes.xml.rels", own),
            ("word/endnotes.xml", &endnotes),
        ],
        "p: It rained.{footnote 1} It stopped.{endnote 1}\n\
         p: A star{footnote 2} shines.\n\
         p: As said above{footnote 1}\n\
         footnote 1: [The log](https://n.example/)\n\
         footnote 1: And more.\n\
         endnote 1: At the end: <https://e.example/end>\n\
         footnote 2: Second.",
    );
}

#[test]
fn comments_with_an_address_are_notes() {
    let comments = format!(
        "<w:comments {NAMES}><w:comment w:id=\"1\">{}</w:comment><w:comment w:id=\"2\">{}</w:comment></w:comments>",
        p(&t("Source: https://c.example/1")),
        p(&t("Nice!")),
    );
    check_with(
        &p(&format!(
            "<w:commentRangeStart w:id=\"1\"/>{}<w:commentRangeEnd w:id=\"1\"/><w:r><w:commentReference w:id=\"1\"/></w:r>{}\
             <w:r><w:commentReference w:id=\"2\"/></w:r>",
            t("It rained."),
            t(" It stopped.")
        )),
        &[("word/comments.xml", &comments)],
        "p: It rained.{comment 1} It stopped.\ncomment 1: Source: <https://c.example/1>",
    );
}

#[test]
fn changes_are_taken_as_accepted_and_hidden_text_is_not_read() {
    check(
        &p(&format!(
            "{}<w:del w:id=\"1\"><w:r><w:delText>never </w:delText></w:r></w:del><w:ins w:id=\"2\">{}</w:ins>\
             <w:moveFrom w:id=\"3\">{}</w:moveFrom><w:moveTo w:id=\"4\">{}</w:moveTo>",
            t("It "),
            t("always "),
            t("here"),
            t("rains.")
        )),
        "p: It always rains.",
    );
    // A paragraph whose end was deleted goes on.
    check(
        &format!(
            "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr>{}</w:p>{}",
            t("One "),
            p(&t("sentence."))
        ),
        "p: One sentence.",
    );
    check(
        &format!(
            "<w:tbl><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}",
            p(&t("gone")),
            p(&t("kept")),
            p(&t("after"))
        ),
        "td: kept\np: after",
    );
    check(
        &p(&format!(
            "{}<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:rStyle w:val=\"Secret\"/></w:rPr><w:t>secret</w:t></w:r>\
             <w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>seen</w:t></w:r>",
            t("Text ")
        )),
        "p: Text seen",
    );
    check(
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Click here</w:t></w:r></w:p></w:sdtContent></w:sdt>\
         <w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>Typed</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "p: Typed",
    );
}

#[test]
fn styles_tell_kinds() {
    let styled = |style: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>",
            t(text)
        )
    };
    let numbered = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>";
    check(
        &[
            styled("Verzeichnis1", "Chapter 7"),
            styled("berschrift2", "Two"),
            styled("Mine", "Own"),
            styled("Level", "Chapter"),
            styled("Zitat", "Quoted."),
            styled("Liste", "Styled item"),
            styled("Heading3", "Not listed"),
            styled("Nothing", "Plain"),
            numbered.to_owned(),
            format!(
                "<w:tbl><w:tr><w:tc>{numbered}{}</w:tc></w:tr></w:tbl>",
                styled("berschrift2", "In a cell")
            ),
        ]
        .concat(),
        "h2: Two\nh2: Own\nh1: Chapter\nquote: Quoted.\nli: Styled item\nh3: Not listed\np: Plain\nli: Item\ntd: Item\nh2: In a cell",
    );
}

#[test]
fn boxes_stand_after_their_paragraph_once() {
    let content = format!("<w:txbxContent>{}</w:txbxContent>", p(&t("In the box.")));
    check(
        &format!(
            "{}{}",
            p(&format!(
                "{}<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>{content}</w:drawing></mc:Choice>\
                 <mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r>{}",
                t("Before "),
                t("and after.")
            )),
            p(&t("Next."))
        ),
        "p: Before and after.\np: In the box.\np: Next.",
    );
}

#[test]
fn characters_and_breaks() {
    check(
        &p(
            "<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known soft</w:t><w:softHyphen/><w:t>\u{ad}ware</w:t><w:tab/><w:t>a</w:t>\
            <w:br/><w:br/><w:t>b</w:t><w:sym w:font=\"Wingdings\" w:char=\"F0E0\"/><w:sym w:font=\"X\" w:char=\"2192\"/></w:r>\
            <m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
        ),
        "p: well-known software\ta/b→x=1",
    );
    let bytes = document(
        "<w:p><w:r><w:t>One</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>Two</w:t></w:r></w:p>",
        &[],
    );
    let document = read(&bytes, &Limits::default()).unwrap();
    let pages: Vec<_> = document
        .places
        .iter()
        .map(|(at, place)| (*at, place.page))
        .collect();
    assert_eq!(pages, [(0, Some(1)), (5, Some(2))]);
}

#[test]
fn citations_of_reference_managers_are_links() {
    let csl = r#"{"citationItems":[{"itemData":{"DOI":"10.1234/a"}},{"itemData":{"URL":"https://z.example/b"}}]}"#;
    let escaped = csl.replace('"', "&quot;");
    check(
        &p(&format!(
            "{}{}{}",
            t("It rained "),
            complex(
                &format!("ADDIN ZOTERO_ITEM CSL_CITATION {escaped}"),
                &t("(Ann 2010; Bo 2011)")
            ),
            t(".")
        )),
        "p: It rained [[(Ann 2010; Bo 2011)](https://doi.org/10.1234/a)](https://z.example/b).",
    );
    let packed_xml = data_encoding::BASE64.encode(
        b"<EndNote><Cite><record><electronic-resource-num>10.1/e</electronic-resource-num></record></Cite></EndNote>",
    );
    check(
        &p(&format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"><w:fldData xml:space=\"preserve\">{packed_xml}</w:fldData></w:fldChar></w:r>\
             <w:r><w:instrText> ADDIN EN.CITE </w:instrText></w:r>{}{}{}{}",
            complex("ADDIN EN.CITE.DATA", ""),
            character("separate"),
            t("[1]"),
            character("end")
        )),
        "p: [[1]](https://doi.org/10.1/e)",
    );
    let tag = data_encoding::BASE64.encode(csl.as_bytes());
    check(
        &p(&format!(
            "<w:sdt><w:sdtPr><w:tag w:val=\"MENDELEY_CITATION_v3_{tag}\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>{}",
            t("(Ann)"),
            t(" end")
        )),
        "p: [[(Ann)](https://doi.org/10.1234/a)](https://z.example/b) end",
    );
    let sources = "<b:Sources xmlns:b=\"http://schemas.openxmlformats.org/officeDocument/2006/bibliography\"><b:Source>\
        <b:Tag>Ann10</b:Tag><b:URL>https://s.example/ann</b:URL></b:Source></b:Sources>";
    check_with(
        &p(&complex("CITATION Ann10 \\l 1033", &t("(Ann, 2010)"))),
        &[("customXml/item1.xml", sources)],
        "p: [(Ann, 2010)](https://s.example/ann)",
    );
    let custom = format!(
        "<Properties><property name=\"ZOTERO_BREF_q_1\"><vt:lpwstr>ZOTERO_ITEM CSL_CITATION {}</vt:lpwstr></property>\
         <property name=\"ZOTERO_BREF_q_2\"><vt:lpwstr>{}</vt:lpwstr></property></Properties>",
        &escaped[..20],
        &escaped[20..]
    );
    check_with(
        &p(&format!(
            "<w:bookmarkStart w:id=\"1\" w:name=\"ZOTERO_BREF_q\"/>{}<w:bookmarkEnd w:id=\"1\"/>{}",
            t("(A)"),
            t(" b")
        )),
        &[("docProps/custom.xml", &custom)],
        "p: [[(A)](https://doi.org/10.1234/a)](https://z.example/b) b",
    );
    // The list of references is a field over paragraphs.
    check(
        &format!(
            "{}{}{}",
            p(&format!(
                "{}<w:r><w:instrText>ADDIN ZOTERO_BIBL {{}}</w:instrText></w:r>{}{}",
                character("begin"),
                character("separate"),
                t("Ann, Rain, https://z.example/a")
            )),
            p(&format!("{}{}", t("Bo, Snow"), character("end"))),
            p(&t("After."))
        ),
        "reference entry 1: Ann, Rain, <https://z.example/a>\nreference entry 2: Bo, Snow\np: After.",
    );
}

#[test]
fn properties_and_language() {
    let core = "<cp:coreProperties xmlns:dc=\"d\"><dc:title> On  rain </dc:title><dcterms:created>2020-01-02T00:00:00Z</dcterms:created>\
        <dcterms:modified>2024-05-06T07:08:09Z</dcterms:modified></cp:coreProperties>";
    let bytes = document(
        &p("<w:r><w:rPr><w:lang w:val=\"de-AT\"/></w:rPr><w:t>Es regnet.</w:t></w:r>"),
        &[("docProps/core.xml", core)],
    );
    let document = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(document.title.as_deref(), Some("On rain"));
    assert_eq!(document.date.as_deref(), Some("2024-05-06"));
    assert_eq!(document.language.as_deref(), Some("de"));
    let links = links(
        &super::tests::document(
            &p(&format!(
                "<w:hyperlink r:id=\"rId1\" w:anchor=\"top\">{}</w:hyperlink>{}",
                t("log"),
                t(" https://e.example/x")
            )),
            &[],
        ),
        &Limits::default(),
    )
    .unwrap();
    let expected = DocxLink {
        target: "https://e.example/log".to_owned(),
        place: Some("top".to_owned()),
        anchor: "log".to_owned(),
        in_comment: false,
    };
    assert_eq!(links, [expected]);
}

#[test]
fn strict_documents_and_other_prefixes_are_read() {
    let body = "<x:document xmlns:x=\"http://purl.oclc.org/ooxml/wordprocessingml/main\" xmlns:q=\"http://purl.oclc.org/ooxml/officeDocument/relationships\">\
        <x:body><x:p><x:hyperlink q:id=\"rId1\"><x:r><x:t>strict</x:t></x:r></x:hyperlink></x:p></x:body></x:document>";
    let bytes = packed(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", body),
        ("word/_rels/document.xml.rels", RELATIONSHIPS),
    ]);
    let document = read_any(&bytes, Hints::default(), &Limits::default()).unwrap();
    assert_eq!(shown(&document), "p: [strict](https://e.example/log)");
}

#[test]
fn damage_is_told_and_what_stands_before_it_is_read() {
    let bytes = packed(&[(
        "word/document.xml",
        "<w:document><w:body><w:p><w:r><w:t>Before</w:t></w:r></w:p><w:p <<<",
    )]);
    let document = read(&bytes, &Limits::default()).unwrap();
    assert_eq!(document.text, "Before");
    assert!(
        document.problems[0].text.contains("damaged"),
        "{:?}",
        document.problems
    );
    let error = read(&packed(&[("word/other.xml", "")]), &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "it is no Word document: its text part is missing"
    );
}

#[test]
fn depth_and_entities_cost_nothing() {
    // Deeper than any document: read up to the bound, no stack used up.
    let deep = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(5000), p(&t("x")));
    let document_ = read(&document(&deep, &[]), &Limits::default()).unwrap();
    assert!(!document_.problems.is_empty());
    let laughs = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>\
         <w:document {NAMES}><w:body>{}</w:body></w:document>",
        p(&t("a &b;&c;&amp;&#65; b"))
    );
    let bytes = packed(&[("word/document.xml", &laughs)]);
    assert_eq!(read(&bytes, &Limits::default()).unwrap().text, "a &A b");
    let boxes = format!(
        "{}{}",
        "<w:p><w:r><w:t>a</w:t><w:txbxContent>".repeat(500),
        t("x")
    );
    let document_ = read(&document(&boxes, &[]), &Limits::default()).unwrap();
    assert_sound(&document_);
}

/// Pieces of WordprocessingML in any order, ends that nothing began among them.
const SOUP: &[&str] = &[
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>word </w:t>",
    "<w:t>é</w:t>",
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "<w:trPr><w:del/></w:trPr>",
    "</w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<w:hyperlink r:id=\"rId1\">",
    "</w:hyperlink>",
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>",
    "<w:instrText>HYPERLINK \"https://e.example/\"</w:instrText>",
    "<w:instrText>ADDIN ZOTERO_BIBL</w:instrText>",
    "<w:fldChar w:fldCharType=\"separate\"/>",
    "<w:fldChar w:fldCharType=\"end\"/>",
    "<w:fldSimple w:instr=\"NOTEREF _Ref1\">",
    "</w:fldSimple>",
    "<w:footnoteReference w:id=\"1\"/>",
    "<w:endnoteReference w:id=\"1\"/>",
    "<w:del>",
    "</w:del>",
    "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>",
    "<w:pPr><w:pStyle w:val=\"berschrift2\"/></w:pPr>",
    "<w:sdt>",
    "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>",
    "<w:sdtPr><w:tag w:val=\"MENDELEY_BIBLIOGRAPHY\"/></w:sdtPr>",
    "<w:sdtContent>",
    "</w:sdtContent>",
    "</w:sdt>",
    "<mc:AlternateContent>",
    "<mc:Choice>",
    "</mc:Choice>",
    "<mc:Fallback>",
    "</mc:Fallback>",
    "</mc:AlternateContent>",
    "<w:bookmarkStart w:id=\"1\" w:name=\"_Ref1\"/>",
    "<w:bookmarkEnd w:id=\"1\"/>",
    "<w:lastRenderedPageBreak/>",
    "<w:br/>",
    "text",
    "&amp;",
    "&x;",
];

proptest! {
    #[test]
    fn any_elements_make_a_sound_document(
        pieces in proptest::collection::vec(proptest::sample::select(SOUP), 0..80)
    ) {
        let soup = pieces.concat();
        let notes = format!("<w:footnotes {NAMES}><w:footnote w:id=\"1\">{soup}</w:footnote></w:footnotes>");
        let bytes = document(&soup, &[("word/footnotes.xml", &notes), ("word/endnotes.xml", &notes)]);
        assert_sound(&read(&bytes, &Limits::default()).unwrap());
    }

    #[test]
    fn damaged_packages_make_a_sound_document_or_an_error(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = document(&p(&t("It rained.")), &[("word/footnotes.xml", "<w:footnotes/>")]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut.index(4) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(document) = read_any(&bytes, Hints::default(), &Limits::default()) {
            assert_sound(&document);
        }
    }
}
