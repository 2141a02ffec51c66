//! What a reader of the page sees, and the citations on it.

use super::*;
use crate::citation::{Basis, citations};
use crate::document::BlockKind;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn blocks(document: &Document) -> Vec<(&'static str, &str)> {
    document
        .blocks
        .iter()
        .map(|block| {
            let kind = match block.kind {
                BlockKind::Heading(_) => "heading",
                BlockKind::Paragraph => "paragraph",
                BlockKind::ListItem => "item",
                BlockKind::TableCell => "cell",
                BlockKind::Caption => "caption",
                BlockKind::Quote => "quote",
                BlockKind::Code => "code",
                BlockKind::Footnote(_) => "note",
                BlockKind::Reference(_) => "reference",
            };
            (kind, block.span.of(&document.text))
        })
        .collect()
}

#[test]
fn the_words_of_the_page_are_read_in_their_order() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let document = read(source);
        assert_eq!(blocks(&document), expected, "{source}");
    };
    check(
        "== Rain ==\n'''Rain''' is ''wet''\nwater.\n\nIt falls&nbsp;&ndash; often.",
        &[
            ("heading", "Rain"),
            ("paragraph", "Rain is wet water."),
            ("paragraph", "It falls – often."),
        ],
    );
    check(
        "* One [[page|word]]s\n** Two [[rain]]\n# Three\n: Four\nFive",
        &[
            ("item", "One words"),
            ("item", "Two rain"),
            ("item", "Three"),
            ("paragraph", "Four"),
            ("paragraph", "Five"),
        ],
    );
    check(
        "{| class=\"wikitable\"\n|+ A table\n! Town !! Rain\n|-\n| style=\"x\" | Bergen || 5 [[mm|millimetres]]\n|}\nAfter",
        &[
            ("caption", "A table"),
            ("cell", "Town"),
            ("cell", "Rain"),
            ("cell", "Bergen"),
            ("cell", "5 millimetres"),
            ("paragraph", "After"),
        ],
    );
    check(
        "[[File:a.jpg|thumb|left|220px|alt=x|A [[map]] of ''Bergen''.]]\nIt rained. [[Category:Rain]]\n[[de:Regen]]",
        &[("caption", "A map of Bergen."), ("paragraph", "It rained.")],
    );
    check(
        "A<!-- [[x -->B <nowiki>[[y]] ''z''</nowiki><pre>\n{{c}}\n</pre><syntaxhighlight lang=\"c\">\nint a;\n</syntaxhighlight>",
        &[
            ("paragraph", "AB [[y]] ''z''"),
            ("code", "{{c}}"),
            ("code", "int a;"),
        ],
    );
    check(
        "The {{lang|fr|mot}} is {{convert|5|km|mi}} {{unknown|x}}long{{citation needed|date=May 2012}}.{{quote|Said so.|Poe}}",
        &[
            ("paragraph", "The mot is 5 km long."),
            ("quote", "Said so. — Poe"),
        ],
    );
    check(
        "<blockquote>Quoted.</blockquote>Then<br />more.__NOTOC__",
        &[("quote", "Quoted."), ("paragraph", "Then more.")],
    );
    check("{{ a [[ b ]] }} c <ref>d", &[("paragraph", "c d")]);
    check(
        "a [http://e.example/ b\nc",
        &[("paragraph", "a [http://e.example/ b c")],
    );
    check(
        "{{Infobox town\n| population_total = 5,000<ref>{{cite web|url=https://e.example/p|title=P}}</ref>\n| other = x\n}}\nText.",
        &[
            ("cell", "population total: 5,000"),
            ("paragraph", "Text."),
            ("note", "P."),
        ],
    );
}

#[test]
fn a_source_has_its_own_address_and_not_that_of_its_copy() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let document = read(source);
        let found: Vec<_> = document
            .links
            .iter()
            .map(|link| (link.span.of(&document.text), link.url_as_cited.as_str()))
            .collect();
        assert_eq!(found, expected, "{source}");
    };
    check(
        "x<ref>{{cite web |last=Poe |first=Ann |url=https://e.example/a?b=1&amp;c=2 |title=The ''rain'' |archive-url=https://web.archive.org/web/2010/https://e.example/a |archive-date=2010-01-01 |url-status=dead |doi=10.5555/a}}</ref>",
        &[
            ("The rain", "https://e.example/a?b=1&c=2"),
            ("doi:10.5555/a", "https://doi.org/10.5555/a"),
        ],
    );
    check(
        "x<ref>{{Internetquelle |url=https://e.example/a |titel=Regen |werk=Wetter}}</ref>",
        &[("Regen", "https://e.example/a")],
    );
    check(
        "x<ref>{{Lien web|titre=La pluie|url=https://e.example/a}}</ref>",
        &[("La pluie", "https://e.example/a")],
    );
    check(
        "x<ref>{{cita web|url=https://e.example/a|título=La lluvia}}</ref>",
        &[("La lluvia", "https://e.example/a")],
    );
    check(
        "x<ref>{{Literatur|Autor=A|Titel=Regen|Online=https://e.example/a}}</ref>",
        &[("Regen", "https://e.example/a")],
    );
    check(
        "x {{doi|10.5555/a}} {{arXiv|2101.00001}} {{PMID|123}}",
        &[
            ("doi:10.5555/a", "https://doi.org/10.5555/a"),
            ("arXiv:2101.00001", "https://arxiv.org/abs/2101.00001"),
            ("PMID 123", "https://pubmed.ncbi.nlm.nih.gov/123"),
        ],
    );
    check(
        "The ([https://e.example/a  log ''of'' it]), [//e.example/b b], [https://e.example/c] and https://e.example/d. [[https://e.example/e|e]]",
        &[
            ("log of it", "https://e.example/a"),
            ("b", "https://e.example/b"),
            ("https://e.example/c", "https://e.example/c"),
            ("https://e.example/d", "https://e.example/d"),
            ("e", "https://e.example/e"),
        ],
    );
}

#[test]
fn a_note_cites_for_the_sentence_of_its_mark() {
    let check = |source: &str, expected: &[(Basis, &str, &str)]| {
        let document = read(source);
        let (found, _) = citations(&document, &BTreeMap::new());
        let mut found: Vec<_> = found
            .iter()
            .map(|c| (c.basis, c.claim.text.as_str(), &*c.url_as_cited))
            .collect();
        found.sort_by_key(|one| expected.iter().position(|other| other == one));
        assert_eq!(found, expected, "{source}");
    };
    check(
        "It rained.<ref>[https://e.example/a Log]</ref> It stopped<ref name=\"b\">https://e.example/b</ref>, they say. Then more.<ref name=b />",
        &[
            (Basis::Footnote, "It rained.", "https://e.example/a"),
            (
                Basis::Footnote,
                "It stopped, they say.",
                "https://e.example/b",
            ),
            (Basis::Footnote, "Then more.", "https://e.example/b"),
        ],
    );
    check(
        "Rain.<ref name=a/><ref group=n name=a/>\n== References ==\n{{reflist|refs=\n<ref name=a>{{cite web|url=https://e.example/a|title=A}}</ref>}}\n<references group=\"n\">\n<ref name=\"a\" group=n>https://e.example/n</ref>\n</references>",
        &[
            (Basis::Footnote, "Rain.", "https://e.example/a"),
            (Basis::Footnote, "Rain.", "https://e.example/n"),
        ],
    );
    check(
        "Rain.{{sfn|Poe|Lee|2010|p=5}} Snow.<ref>{{harvnb|Roe|2011a}}, p. 3.</ref> Hail.{{sfn|Doe|2012}}<ref>{{cite book|author=Doe|date=May 2012|title=D|url=https://e.example/d}}</ref>\n== Bibliography ==\n* {{cite book|last=Poe|last2=Lee|year=2010|title=P|url=https://e.example/p}}\n* Text {{cite book|last=Roe|date=2 May 2011a|title=R|url=https://e.example/r}}",
        &[
            (Basis::Reference, "Rain.", "https://e.example/p"),
            (Basis::Reference, "Snow.", "https://e.example/r"),
            (Basis::Footnote, "Hail.", "https://e.example/d"),
        ],
    );
    check(
        "Rain.\n== External links ==\n* [https://e.example/x Site] of it\n* {{Official website|https://e.example/o}}",
        &[
            (Basis::Reference, "Site of it", "https://e.example/x"),
            (Basis::Reference, "Official website", "https://e.example/o"),
        ],
    );
    check(
        "Rain [1] fell. Snow [2, 1] too.\n== Sources ==\n# Poe, https://e.example/1\n# [https://e.example/2 Lee]",
        &[
            (Basis::Reference, "Rain [1] fell.", "https://e.example/1"),
            (Basis::Reference, "Snow [2, 1] too.", "https://e.example/1"),
            (Basis::Reference, "Snow [2, 1] too.", "https://e.example/2"),
        ],
    );
    check(
        "Rain{{efn|As {{cite web|url=https://e.example/e|title=E}} has it.}} fell.{{r|b}} {{#tag:ref|https://e.example/t|name=b}}",
        &[
            (Basis::Footnote, "Rain fell.", "https://e.example/e"),
            (Basis::Footnote, "Rain fell.", "https://e.example/t"),
        ],
    );
}

#[test]
fn time_is_linear_in_what_it_is_fed() {
    for piece in [
        "{{",
        "[[",
        "<ref>",
        "<ref name=a",
        "[http://a ",
        "<!--",
        "<pre>",
        "{|\n|",
        "}}",
        "]]",
        "{{a|",
        "[[File:a|",
        "==",
        "\n= a",
        "'",
        "&",
        "<nowiki",
        "\n*",
        "<references>",
        "{{quote|",
        "{{a|<ref>",
        "|",
        "\n|",
        "<ref>{{cite web|title=",
        "http://",
        "__",
        "<blockquote>",
        "{{{",
        "<b",
        "{{reflist|refs=",
    ] {
        let document = read(&piece.repeat(20_000));
        assert!(document.text.len() < 4 << 20, "{piece}");
    }
    let nested = format!("{}x{}", "{{quote|".repeat(20_000), "}}".repeat(20_000));
    assert!(read(&nested).text.len() < 1000);
    let nested = format!("{}x{}", "[http://a ".repeat(20_000), "]".repeat(20_000));
    assert!(!read(&nested).text.is_empty());
}

proptest! {
    #[test]
    fn any_text_gives_spans_within_it(source in "(\\{\\{|\\}\\}|\\[\\[|\\]\\]|\\[https://e.example/ |\\]|<ref( name=a)?/?>|</ref>|<!--|-->|\\{\\||\\|\\}|\\||\\|-|!|=|==|\\*|#|:|''|&amp;|é|\n|\n\n| |a|quote|cite web|url=https://e.example/|title=|sfn|File:|<br>|<blockquote>|<references>|</references>|<code>|</code>|<pre>|</pre>|2010){0,60}") {
        let document = read(&source);
        let spans = document.blocks.iter().map(|b| b.span)
            .chain(document.links.iter().map(|l| l.span))
            .chain(document.note_refs.iter().map(|m| m.span));
        for span in spans {
            prop_assert!(document.text.get(span.start..span.end).is_some(), "{span:?}");
        }
        let mut end = 0;
        for block in &document.blocks {
            prop_assert!(block.span.start >= end && !block.span.is_empty());
            end = block.span.end;
        }
        let _ = citations(&document, &BTreeMap::new());
    }
}
