use super::*;
use crate::evidence::judge;

const SOURCE: &str = "Harrow Post\nHome Sport Weather\nA new bridge for Harrow\n\
    The council of Harrow met on Monday, 14 March 2011. Members talked for three hours.\n\
    The bridge over the river Lark will cost 4.5 million pounds, said the mayor, Anna Berg. \
    It is to be opened in 2013.\n\
    “We will not be cut off from our school again,” she told the meeting. People cheered.\n\
    Fishing on the Lark is allowed from May.\nImprint";

fn judged(claim: &str) -> Evidence {
    let source = SourceText {
        text: SOURCE.to_owned(),
        language: Some("en".to_owned()),
        ..SourceText::default()
    };
    judge(ask(claim), &source)
}

fn ask(text: &str) -> ClaimText<'_> {
    ClaimText {
        text,
        anchor: None,
        language: Some("en"),
    }
}

#[test]
fn the_kind_follows_what_is_there() {
    fn check(claim: &str, expected: EvidenceKind) {
        let evidence = judged(claim);
        assert_eq!(evidence.kind, expected, "{claim}: {evidence:#?}");
    }
    check(
        "Mayor Anna Berg said that the bridge over the Lark would cost £4.5 million.",
        EvidenceKind::Supported,
    );
    check(
        "The Harrow council met on March 14, 2011.",
        EvidenceKind::Supported,
    );
    check(
        "Berg: \"We will not be cut off from our school again.\"",
        EvidenceKind::Quoted,
    );
    check(
        "The bridge over the river Lark will cost 9.5 million pounds, said Anna Berg.",
        EvidenceKind::Partial,
    );
    check(
        "Penguins breed in colonies on the antarctic coast during winter.",
        EvidenceKind::NotFound,
    );
}

#[test]
fn a_quotation_that_is_not_there_does_not_count_as_quoted() {
    let evidence = judged("Berg said: “We shall never be cut off from our school again.”");
    assert_ne!(evidence.kind, EvidenceKind::Quoted);
    assert!(!evidence.quotations[0].found);
}

#[test]
fn a_scare_quote_decides_nothing() {
    let evidence = judged("The “bridge” is a scandal of unheard-of corruption and waste.");
    assert!(evidence.quotations[0].found);
    assert_ne!(evidence.kind, EvidenceKind::Quoted);
}

#[test]
fn the_quoted_passage_comes_first_and_is_marked() {
    let evidence = judged("She said they would “not be cut off from our school again” in 2013.");
    assert_eq!(evidence.quotations[0].passage, Some(0));
    let passage = &evidence.passages[0];
    let marked = |(start, end): &(usize, usize)| passage.text.get(*start..*end);
    let marks: Vec<Option<&str>> = passage.marks.iter().map(marked).collect();
    assert!(
        marks.contains(&Some("not be cut off from our school again")),
        "{marks:?}"
    );
}

#[test]
fn facts_are_looked_up_one_by_one() {
    let facts = judged("On 14 March 2011 Anna Berg and Carl Dietz paid 7,000 pounds.").facts;
    let found: Vec<(&str, bool)> = facts
        .iter()
        .map(|fact| (fact.text.as_str(), fact.found))
        .collect();
    assert_eq!(
        found,
        [
            ("14 March 2011", true),
            ("Anna Berg", true),
            ("Carl Dietz", false),
            ("7,000 pounds", false)
        ]
    );
}

#[test]
fn passages_and_marks_lie_inside_the_text() {
    let claims = [
        "The mayor of Harrow opened the bridge over the Lark in 2013 after fishing in May.",
        "",
        "…",
        "“”",
        "Harrow “Harrow Harrow Harrow” Harrow",
    ];
    for claim in claims {
        let evidence = judged(claim);
        assert!((0.0..=1.0).contains(&evidence.score), "{claim}");
        assert!(evidence.passages.len() <= PICKS);
        for passage in &evidence.passages {
            assert_eq!(
                SOURCE.get(passage.start..passage.end),
                Some(passage.text.as_str())
            );
            for (start, end) in &passage.marks {
                assert!(
                    passage
                        .text
                        .get(*start..*end)
                        .is_some_and(|mark| !mark.is_empty())
                );
            }
        }
    }
}

#[test]
fn the_main_text_is_preferred() {
    let source = SourceText {
        text: "The bridge was opened on Monday.\nThe bridge was opened on Monday.".to_owned(),
        main: vec![ByteSpan::new(33, 65)],
        ..SourceText::default()
    };
    let evidence = judge(ask("The bridge was opened on Monday."), &source);
    assert_eq!(evidence.passages[0].start, 33);
}

#[test]
fn the_score_falls_with_what_the_source_lacks() {
    let falling = [
        "The bridge over the river Lark will cost 4.5 million pounds, said Anna Berg.",
        "The bridge over the river Lark will cost 9.5 million pounds, said Anna Berg.",
        "The bridge over the river Orne will cost 9.5 million pounds, said Carl Dietz.",
    ]
    .map(|claim| judged(claim).score);
    assert!(falling.is_sorted_by(|a, b| a > b), "{falling:?}");
    assert!(falling[0] > 0.6 && falling[2] < 0.05, "{falling:?}");
    let unrelated = judged("Penguins breed in colonies on the antarctic coast during winter.");
    assert!(unrelated.score < 0.05, "{unrelated:?}");
}

#[test]
fn a_further_sentence_is_taken_for_what_the_first_leaves_open() {
    fn check(claim: &str, sentences: &[&str], expected: &[usize]) {
        assert_eq!(rank(ask(claim), sentences), expected, "{claim}");
    }
    // The third says again what the first says; the last has what is missing.
    check(
        "The harbour of Tannes was rebuilt in 1907 after a storm broke its wall.",
        &[
            "The harbour of Tannes was rebuilt soon after the storm.",
            "Ships called.",
            "So Tannes had its harbour rebuilt.",
            "Nobody was hurt.",
            "Flour is dear.",
            "Trains ran.",
            "The wall was mended by 1907.",
        ],
        &[0, 6, 2],
    );
    // Of two that hold as much, the one beside more of the claim comes first.
    check(
        "The mill burned down on Sunday and two men were hurt.",
        &[
            "The mill is old.",
            "Flour is dear.",
            "It was the mill.",
            "Two men were hurt when it burned on Sunday.",
        ],
        &[3, 2, 0],
    );
}

#[test]
fn a_text_without_spaces_is_told_from_another() {
    let score = |text: &str| {
        let source = SourceText {
            text: text.to_owned(),
            language: Some("zh".to_owned()),
            ..SourceText::default()
        };
        judge(ask("桥梁将于二〇一三年开放。"), &source).score
    };
    assert!(score("市长说，桥梁将于二〇一三年开放。") > 2.0 * score("五月起允许钓鱼。"));
}

#[test]
fn sentences_are_ranked() {
    let sentences = ["A dog.", "Written in 2012.", "A cat sat on a mat.", ""];
    let ranked = rank(ask("The cat sat on the mat in 2012."), &sentences);
    assert_eq!(ranked, [2, 1]);
}

#[test]
fn a_prepared_source_judges_as_a_fresh_one() {
    let mut source = SourceText {
        text: SOURCE.to_owned(),
        ..SourceText::default()
    };
    let claim = ask("The bridge over the Lark will cost 4.5 million pounds, Anna Berg said.");
    let prepared = Prepared::new(&source, Some("en"));
    assert!(prepared.serves(Some("en")) && !prepared.serves(Some("de")) && !prepared.serves(None));
    for _ in 0..2 {
        assert_eq!(prepared.judge(claim), judge(claim, &source));
    }
    source.language = Some("en".to_owned());
    assert!(Prepared::new(&source, Some("de")).serves(None));
}

proptest::proptest! {
    #[test]
    fn nothing_panics(claim in "\\PC{0,60}", text in "\\PC{0,120}") {
        let source = SourceText { text, ..SourceText::default() };
        for passage in judge(ask(&claim), &source).passages {
            proptest::prop_assert_eq!(source.text.get(passage.start..passage.end), Some(passage.text.as_str()));
        }
    }
}
