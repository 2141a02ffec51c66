use super::*;
use proptest::prelude::*;
use serde_json::json;

fn tree(blocks: Value) -> Document {
    let tree = json!({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks});
    read(&tree.to_string(), None).unwrap()
}

/// Words as pandoc has them.
fn words(text: &str) -> Value {
    let mut list = Vec::new();
    for word in text.split(' ') {
        if !list.is_empty() {
            list.push(json!({"t": "Space"}));
        }
        list.push(json!({"t": "Str", "c": word}));
    }
    Value::from(list)
}

fn para(text: &str) -> Value {
    json!({"t": "Para", "c": words(text)})
}

fn link(text: &str, url: &str) -> Value {
    json!({"t": "Link", "c": [["", [], []], words(text), [url, ""]]})
}

#[test]
fn every_block_has_its_kind() {
    let check = |block: Value, expected: &[(BlockKind, &str)]| {
        let document = tree(json!([block.clone()]));
        let found: Vec<_> = document
            .blocks
            .iter()
            .map(|b| (b.kind.clone(), b.span.of(&document.text)))
            .collect();
        assert_eq!(found, expected, "{block}");
        assert_eq!(document.problems, []);
    };
    use BlockKind::{Caption, Code, Heading, ListItem, Paragraph, Quote, TableCell};
    let attr = json!(["", [], []]);
    check(para("It rained."), &[(Paragraph, "It rained.")]);
    check(
        json!({"t": "Header", "c": [2, attr, words("Rain")]}),
        &[(Heading(2), "Rain")],
    );
    check(
        json!({"t": "BlockQuote", "c": [para("It rained.")]}),
        &[(Quote, "It rained.")],
    );
    check(
        json!({"t": "CodeBlock", "c": [attr, "rain()\n"]}),
        &[(Code, "rain()")],
    );
    check(
        json!({"t": "LineBlock", "c": [words("Rain fell"), words("all night")]}),
        &[(Paragraph, "Rain fell\nall night")],
    );
    check(
        json!({"t": "BulletList", "c": [[para("One."), para("More.")], [para("Two.")]]}),
        &[(ListItem, "One."), (Paragraph, "More."), (ListItem, "Two.")],
    );
    check(
        json!({"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], [[para("One.")]]]}),
        &[(ListItem, "One.")],
    );
    check(
        json!({"t": "DefinitionList", "c": [[words("Rain"), [[para("Water.")]]]]}),
        &[(ListItem, "Rain"), (ListItem, "Water.")],
    );
    check(
        json!({"t": "Figure", "c": [attr, [null, [para("A roof.")]], [
            {"t": "Plain", "c": [{"t": "Image", "c": [attr, words("alt"), ["p.png", ""]]}]}]]}),
        &[(Caption, "A roof.")],
    );
    check(
        json!({"t": "Para", "c": [{"t": "Image", "c": [attr, words("A roof."), ["p.png", "fig:"]]}]}),
        &[(Caption, "A roof.")],
    );
    let cell = |text: &str| json!([attr, {"t": "AlignDefault"}, 1, 1, [para(text)]]);
    check(
        json!({"t": "Table", "c": [
            attr, [null, [para("Rain by day")]],
            [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}]],
            [attr, [[attr, [cell("Day")]]]],
            [[attr, 0, [], [[attr, [cell("Monday")]]]]],
            [attr, [[attr, [cell("Sum")]]]]]}),
        &[
            (Caption, "Rain by day"),
            (TableCell, "Day"),
            (TableCell, "Monday"),
            (TableCell, "Sum"),
        ],
    );
    // Tables of pandoc before 2.10.
    check(
        json!({"t": "Table", "c": [
            words("Rain by day"), [{"t": "AlignDefault"}], [0], [[para("Day")]], [[[para("Monday")]]]]}),
        &[
            (Caption, "Rain by day"),
            (TableCell, "Day"),
            (TableCell, "Monday"),
        ],
    );
}

#[test]
fn links_stand_on_their_words_and_addresses_are_found_bare() {
    let attr = json!(["", [], []]);
    let document = tree(json!([
        {"t": "Para", "c": [
            link("The log", "https://e.example/1"), {"t": "Space"},
            {"t": "Emph", "c": [link("says ", "https://e.example/2")]}, {"t": "SoftBreak"},
            {"t": "Link", "c": [attr, [{"t": "Image", "c": [attr, words("alt"), ["p.png", ""]]}], ["https://e.example/x", ""]]},
            {"t": "Quoted", "c": [{"t": "DoubleQuote"}, [{"t": "SmallCaps", "c": words("rain")}]]}, {"t": "Space"},
            {"t": "Code", "c": [attr, "https://e.example/code"]}, {"t": "Space"},
            {"t": "RawInline", "c": ["html", "<b>"]},
            {"t": "Math", "c": [{"t": "InlineMath"}, "x^2"]}, {"t": "Space"},
            {"t": "Str", "c": "https://e.example/3."}]},
        {"t": "Para", "c": [link("https://e.example/4", "https://e.example/4")]},
        {"t": "CodeBlock", "c": [attr, "https://e.example/code"]}
    ]));
    assert!(
        document
            .text
            .starts_with("The log says “rain” https://e.example/code x^2 https"),
        "{}",
        document.text
    );
    let found: Vec<_> = document
        .links
        .iter()
        .map(|link| (link.span.of(&document.text), link.url_as_cited.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("The log", "https://e.example/1"),
            ("says", "https://e.example/2"),
            ("https://e.example/3", "https://e.example/3"),
            ("https://e.example/4", "https://e.example/4"),
        ]
    );
    assert_eq!(document.links[3].kind, LinkKind::Printed);
}

#[test]
fn notes_and_reference_lists_are_reached_by_their_marks() {
    let document = tree(json!([
        {"t": "Para", "c": [
            {"t": "Str", "c": "Rain."},
            {"t": "Note", "c": [{"t": "Para", "c": [
                {"t": "Str", "c": "See"}, {"t": "Note", "c": [para("Deeper.")]}]}, para("More.")]},
            {"t": "Space"}, {"t": "Str", "c": "Snow"}, {"t": "Space"},
            {"t": "Cite", "c": [[{"citationId": "moor"}, {"citationId": "gone"}], words("(Moor 2010)")]}]},
        {"t": "Div", "c": [["refs", ["references", "csl-bib-body"], []], [
            {"t": "Div", "c": [["ref-moor", ["csl-entry"], []], [
                {"t": "Para", "c": [{"t": "Str", "c": "Moor,"}, {"t": "Space"}, link("doi", "https://doi.org/10.1000/r")]}]]}]]}
    ]));
    let marks: Vec<_> = document
        .note_refs
        .iter()
        .map(|mark| (mark.label.as_str(), mark.span.of(&document.text)))
        .collect();
    assert_eq!(marks, [("1", ""), ("moor", "(Moor 2010)"), ("2", "")]);
    let kinds: Vec<_> = document
        .blocks
        .iter()
        .map(|b| (b.kind.clone(), b.span.of(&document.text)))
        .collect();
    let note = |label: &str| BlockKind::Footnote(label.to_owned());
    assert_eq!(
        kinds,
        [
            (BlockKind::Paragraph, "Rain. Snow (Moor 2010)"),
            (BlockKind::Reference("moor".to_owned()), "Moor, doi"),
            (note("1"), "See"),
            (note("1"), "More."),
            (note("2"), "Deeper."),
        ]
    );
}

#[test]
fn what_the_file_says_of_itself_is_kept() {
    let meta = json!({
        "title": {"t": "MetaInlines", "c": words("The rain")},
        "date": {"t": "MetaString", "c": "2012-03-20"},
        "lang": {"t": "MetaInlines", "c": words("en-GB")},
        "abstract": {"t": "MetaBlocks", "c": [para("It rained.")]},
    });
    let tree = json!({"pandoc-api-version": [1, 22], "meta": meta, "blocks": []});
    let document = read(&tree.to_string(), None).unwrap();
    assert_eq!(document.title.as_deref(), Some("The rain"));
    assert_eq!(document.date.as_deref(), Some("2012-03-20"));
    assert_eq!(document.language.as_deref(), Some("en"));
    assert_eq!(document.text, "It rained.");
}

#[test]
fn works_of_the_metadata_are_the_list_where_there_is_no_other() {
    let inlines = |text: &str| json!({"t": "MetaInlines", "c": words(text)});
    let author = json!({"t": "MetaMap", "c": {"family": inlines("Moor"), "given": inlines("Ada")}});
    let issued = json!({"t": "MetaMap", "c": {"year": inlines("2010")}});
    let work = json!({"t": "MetaMap", "c": {
        "id": inlines("R2"), "title": inlines("The rain"), "DOI": inlines("10.1000/rain"),
        "author": {"t": "MetaList", "c": [author]}, "issued": issued}});
    let empty = json!({"t": "MetaMap", "c": {"id": inlines("R1")}});
    let meta = json!({"references": {"t": "MetaList", "c": [empty, work]}});
    let cite = json!({"t": "Cite", "c": [[{"citationId": "R2"}], words("[2]")]});
    let blocks = json!([{"t": "Para", "c": [{"t": "Str", "c": "Rain"}, {"t": "Space"}, cite]}]);
    let document = read(&json!({"meta": meta, "blocks": blocks}).to_string(), None).unwrap();
    assert_eq!(
        document.text,
        "Rain [2]\n\nMoor, Ada (2010), The rain, https://doi.org/10.1000/rain"
    );
    assert_eq!(document.links.len(), 1);
    assert_eq!(
        document.links[0].span.of(&document.text),
        "https://doi.org/10.1000/rain"
    );
    assert_eq!(document.note_refs[0].label, "R2");
}

#[test]
fn what_is_not_known_is_looked_through_and_told() {
    let document = tree(json!([
        {"t": "Aside", "c": [["", [], []], [para("It rained.")]]},
        {"t": "Para", "c": [{"t": "Wavy", "c": [["", [], []], words("It stopped.")]}]}
    ]));
    assert_eq!(document.text, "It rained.\n\nIt stopped.");
    assert_eq!(document.problems.len(), 1);
    assert!(document.problems[0].text.contains("Aside"));
    for none in ["[]", "{}", "{\"blocks\": 1}", "[{\"unMeta\":{}},[]]", ""] {
        assert!(read(none, None).is_err(), "{none}");
    }
}

#[test]
fn deep_nesting_costs_only_itself() {
    let deep = |levels: usize| {
        let open = r#"{"t":"BlockQuote","c":["#.repeat(levels);
        format!("{open}{}{}", para("It rained."), "]}".repeat(levels))
    };
    let json = format!(
        "{{\"blocks\":[{},{},{}]}}",
        deep(20),
        deep(100_000),
        para("It stopped.")
    );
    let document = read(&json, None).unwrap();
    assert_eq!(document.text, "It rained.\n\nIt stopped.");
    assert_eq!(document.problems.len(), 1);
}

fn node() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<u8>().prop_map(Value::from),
        "[a ]{0,4}|https://e\\.example/|\\PC{0,3}".prop_map(Value::from),
        Just(json!({"t": "Space"})),
        Just(json!({"t": "Str", "c": "Rain"})),
        Just(json!(["ref-a", ["csl-entry"], []])),
    ];
    let names = prop::sample::select(vec![
        "Para",
        "Plain",
        "Table",
        "Figure",
        "Div",
        "BulletList",
        "OrderedList",
        "DefinitionList",
        "Header",
        "LineBlock",
        "Link",
        "Note",
        "Cite",
        "Emph",
        "Code",
        "Image",
        "Quoted",
        "Odd",
    ]);
    leaf.prop_recursive(6, 60, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            (names.clone(), inner.clone()).prop_map(|(name, c)| json!({"t": name, "c": c})),
            (names.clone(), prop::collection::vec(inner, 0..5))
                .prop_map(|(name, c)| json!({"t": name, "c": c})),
        ]
    })
}

proptest! {
    #[test]
    fn any_tree_reads(blocks in prop::collection::vec(node(), 0..6), meta in node()) {
        let tree = json!({"meta": {"title": meta, "abstract": meta}, "blocks": blocks});
        let Ok(document) = read(&tree.to_string(), None) else {
            return Ok(());
        };
        let mut end = 0;
        for block in &document.blocks {
            prop_assert!(end <= block.span.start && !block.span.of(&document.text).is_empty());
            end = block.span.end;
        }
        for span in document.links.iter().map(|l| l.span).chain(document.note_refs.iter().map(|m| m.span)) {
            prop_assert!(document.text.get(span.start..span.end).is_some());
        }
    }
}
