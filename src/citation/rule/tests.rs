use crate::citation::{ClaimRule, citations};
use crate::document::{Document, markdown, text};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The rule of each citation, with the part covered where it is not the claim.
fn rules(document: &Document) -> Vec<(ClaimRule, String)> {
    let (found, _) = citations(document, &BTreeMap::new());
    found
        .iter()
        .map(|citation| {
            let covers = citation.claim.covers;
            let part = covers.map_or("", |part| &document.text[part.start..part.end]);
            (citation.claim.rule, part.to_owned())
        })
        .collect()
}

fn check(markdown: &str, expected: &[(ClaimRule, &str)]) {
    let found = rules(&markdown::read(markdown, None));
    let found: Vec<_> = found
        .iter()
        .map(|(rule, part)| (*rule, part.as_str()))
        .collect();
    assert_eq!(found, expected, "{markdown}");
}

#[test]
fn marks_cover_a_clause_a_sentence_or_a_paragraph() {
    use ClaimRule::{Clause, Item, Paragraph, Sentence};
    let check = |body: &str, expected: &[(ClaimRule, &str)]| {
        let mut text = body.to_owned();
        for label in ["1", "2"] {
            if body.contains(&format!("[^{label}]")) {
                text.push_str(&format!("\n\n[^{label}]: <https://e.example/{label}>"));
            }
        }
        check(&text, expected);
    };
    check("It rained.[^1] It stopped.", &[(Sentence, "")]);
    check("It rained[^1] all day. It stopped.", &[(Sentence, "")]);
    check(
        "It rained,[^1] and then it stopped. So.",
        &[(Clause, "It rained")],
    );
    check(
        "It rained[^1], and then it stopped. So.",
        &[(Clause, "It rained")],
    );
    check(
        "It rained;[^1] then it stopped.[^2] So.",
        &[(Clause, "It rained"), (Clause, "then it stopped.")],
    );
    check(
        "It rained,[^1][^2] and then it stopped. So.",
        &[(Clause, "It rained"), (Clause, "It rained")],
    );
    check(
        "It rained. It stopped.[^1]",
        &[(Paragraph, "It rained. It stopped.")],
    );
    check(
        "It rained. It stopped.[^1][^2]",
        &[
            (Paragraph, "It rained. It stopped."),
            (Paragraph, "It rained. It stopped."),
        ],
    );
    check("It rained. It stopped[^1].", &[(Sentence, "")]);
    check(
        "It rained.[^1] It stopped.[^2]",
        &[(Sentence, ""), (Sentence, "")],
    );
    check("It stopped.[^1]", &[(Sentence, "")]);
    check("* It stopped.[^1]\n* Then", &[(Item, "")]);
    check("# Rain[^1]\n\nIt stopped.", &[(Item, "")]);
    check(
        "| Rain[^1] | Snow |\n|---|---|\n| a | b[^2] |",
        &[(Item, ""), (Item, "")],
    );
}

#[test]
fn links_of_one_sentence_stand_on_their_parts_where_words_tell() {
    use ClaimRule::{Clause, Sentence};
    check("[It](https://e.example/1) rained.", &[(Sentence, "")]);
    check(
        "By [A](https://e.example/1) it rained, while [B](https://e.example/2) says it snowed.",
        &[
            (Clause, "By A it rained"),
            (Clause, "while B says it snowed."),
        ],
    );
    check(
        "Laut [A](https://e.example/1) regnete es; [B](https://e.example/2) sah Schnee.",
        &[(Clause, "Laut A regnete es"), (Clause, "B sah Schnee.")],
    );
    check(
        "We asked [A](https://e.example/1), [B](https://e.example/2), and [C](https://e.example/3).",
        &[(Sentence, ""), (Sentence, ""), (Sentence, "")],
    );
    check(
        "It rained (https://e.example/1), but it also snowed (https://e.example/2).",
        &[
            (Clause, "It rained (https://e.example/1)"),
            (Clause, "but it also snowed (https://e.example/2)."),
        ],
    );
}

#[test]
fn what_only_points_on_is_an_entry() {
    use ClaimRule::{Entry, Item, Sentence};
    let link = "[the log](https://e.example/1)";
    for pointer in [
        "For more information, see",
        "See also",
        "Read more:",
        "Weitere Informationen:",
        "Siehe auch",
        "Pour en savoir plus :",
        "Para más información, véase",
        "Vedi anche",
        "Zie ook",
        "Läs mer:",
        "Zobacz też",
        "Подробнее:",
    ] {
        check(&format!("{pointer} {link}."), &[(Entry, "")]);
    }
    check(&format!("Seen also by {link}."), &[(Sentence, "")]);
    check("https://e.example/1", &[(Entry, "")]);
    check("Source: https://e.example/1", &[(Entry, "")]);
    check(
        "The log says it rained: https://e.example/1",
        &[(Sentence, "")],
    );
    for heading in [
        "References",
        "5. Bibliography",
        "Further reading",
        "External links",
        "Literatur:",
        "Références",
        "Enlaces externos",
        "Fonti",
        "Referências",
        "Bronnen",
        "Källor",
        "Bibliografia",
        "Zdroje",
        "Литература",
        "参考文献",
    ] {
        check(
            &format!(
                "# Rain\n\nSee {link}.\n\n## {heading}\n\n* Doe, {link}, 2012\n\nRoe, {link}\n\n## Snow\n\nIt is {link}."
            ),
            &[(Sentence, ""), (Entry, ""), (Entry, ""), (Sentence, "")],
        );
    }
    check(
        &format!(
            "For more information about rain, see:\n\n* Doe, {link}\n* Roe, {link}\n\nIt rained.\n\n* A {link}"
        ),
        &[(Entry, ""), (Entry, ""), (Item, "")],
    );
}

#[test]
fn entries_are_known_in_plain_text() {
    let document = text::read(
        "It rained on the roof and on the old garden, as the log says, at https://e.example/0 every day.\n\n\
         For more information about rain see:\n\n\
         Doe, Rain on roofs, 2012, https://e.example/1\n\n\
         Roe, Rain in gardens, 2013, https://e.example/2\n",
    );
    let found: Vec<_> = rules(&document).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(
        found,
        [ClaimRule::Sentence, ClaimRule::Entry, ClaimRule::Entry]
    );
}

proptest! {
    #[test]
    fn what_is_covered_lies_in_the_text(
        body in "(\\[\\^[12]\\]|, while |; |\\. [A-Z]|\\[a\\]\\(https://e\\.example/[1-3]\\)|[a-zé ,.]|\\n\\n|# ){0,24}",
    ) {
        let document = markdown::read(&format!("{body}\n\n[^1]: <https://e.example/1>\n\n[^2]: Ibid.\n"), None);
        let (found, _) = citations(&document, &BTreeMap::new());
        for citation in found {
            if let Some(part) = citation.claim.covers {
                prop_assert!(part.start <= part.end && part.end <= document.text.len());
                prop_assert!(document.text.get(part.start..part.end).is_some());
            }
        }
    }
}
