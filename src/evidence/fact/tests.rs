use super::*;
use crate::evidence::FactKind::{Date, Name, Number};

/// The finding for the fact of a claim that holds `fact`: "found", "missing", or what the source says.
fn finding(claim: &str, source: &str, fact: &str, languages: (&str, &str)) -> String {
    let tongue = Tongue::new(Some(languages.0));
    let all = facts(claim, &tongue, &[]);
    let said = Said::read(source, Some(languages.1));
    let near = [ByteSpan::new(0, source.len())];
    let found = look_up(claim, &tongue, &all, &said, &near);
    let (index, _) = all
        .iter()
        .enumerate()
        .find(|(_, known)| known.text.contains(fact))
        .unwrap_or_else(|| panic!("{fact} is not among {all:?}"));
    match &found[index] {
        Finding::Found(_) => "found".to_owned(),
        Finding::NotFound => "missing".to_owned(),
        Finding::Contradicted { source_says, .. } => source_says.clone(),
    }
}

#[test]
fn facts_are_numbers_dates_and_names() {
    fn check(claim: &str, language: &str, expected: &[(&str, FactKind)]) {
        let all = facts(claim, &Tongue::new(Some(language)), &[]);
        let told: Vec<(&str, FactKind)> = all
            .iter()
            .map(|fact| (fact.text.as_str(), fact.kind))
            .collect();
        assert_eq!(told, expected, "{claim}");
    }
    check(
        "On 14 March 2012 Anna Berg sold 1,200 boats.",
        "en",
        &[
            ("14 March 2012", Date),
            ("Anna Berg", Name),
            ("1,200 boats", Number),
        ],
    );
    check(
        "More than a dozen died in 1999.",
        "en",
        &[("More than a dozen died", Number), ("1999", Date)],
    );
    check(
        "Seventeen people, 12 % of all, left.",
        "en",
        &[("Seventeen people", Number), ("12 %", Number)],
    );
    check(
        "It cost £4.5 million in the 1990s.",
        "en",
        &[("£4.5 million", Number), ("1990s", Date)],
    );
    check("The boats sank.", "en", &[]);
    check("One of them was the first to leave.", "en", &[]);
}

#[test]
fn a_value_is_found_in_any_notation() {
    fn check(claim: &str, fact: &str, source: &str, languages: (&str, &str)) {
        assert_eq!(
            finding(claim, source, fact, languages),
            "found",
            "{claim} / {source}"
        );
    }
    let en = ("en", "en");
    check(
        "More than a dozen died.",
        "dozen",
        "In the end 17 people died.",
        en,
    );
    check(
        "More than a dozen died.",
        "dozen",
        "At least fourteen were killed.",
        en,
    );
    check(
        "More than a dozen died.",
        "dozen",
        "Mehr als ein Dutzend Menschen starben.",
        ("en", "de"),
    );
    check("Seventeen people died.", "Seventeen", "17 people died.", en);
    check("It was 12 % of all.", "12 %", "that is twelve per cent", en);
    check(
        "It was twelve per cent.",
        "twelve",
        "das sind 12 Prozent",
        ("en", "de"),
    );
    check(
        "It was 12 % of all.",
        "12 %",
        "el doce por ciento",
        ("en", "es"),
    );
    check(
        "It cost 100,000 pounds.",
        "100,000",
        "£100 000 or so; £100,000 in all",
        en,
    );
    check(
        "Es kamen 100.000 Menschen.",
        "100.000",
        "100,000 people came",
        ("de", "en"),
    );
    check("It is five miles long.", "five", "eight km long", en);
    check("About 300 came.", "300", "297 people came", en);
    check("There were 1500 men.", "1500", "1,500 men", en);
    check("There were 1,500 men.", "1,500", "1500 men", en);
    check("Between 12 and 15 men came.", "12", "12–15 men", en);
    check("On 20 March 2012 he left.", "20 March", "2012-03-20", en);
    check(
        "On 20 March 2012 he left.",
        "20 March",
        "On March 20 he left. It was 2012.",
        en,
    );
    check(
        "On 20 March 2012 he left.",
        "20 March",
        "am 20. März 2012",
        ("en", "de"),
    );
    check(
        "On 20 March 2012 he left.",
        "20 March",
        "le 20 mars 2012",
        ("en", "fr"),
    );
    check(
        "On 20 March 2012 he left.",
        "20 March",
        "el 20 de marzo de 2012",
        ("en", "es"),
    );
    check(
        "On 20 March 2012 he left.",
        "20 March",
        "20 марта 2012 года",
        ("en", "ru"),
    );
    check("In March 2012 he left.", "March 2012", "on 20.03.12", en);
    check("In 2012 he left.", "2012", "on 20.03.12", en);
}

#[test]
fn the_source_says_another_number_in_its_place() {
    fn check(claim: &str, fact: &str, source: &str, says: &str) {
        assert_eq!(
            finding(claim, source, fact, ("en", "en")),
            says,
            "{claim} / {source}"
        );
    }
    check(
        "The clash in Harrow left 16 dead.",
        "16",
        "The clash in Harrow left 14 dead.",
        "14 dead",
    );
    check(
        "The clash in Harrow left 16 dead.",
        "16",
        "In the Harrow clash 14 people were killed.",
        "14 people were killed",
    );
    check(
        "Harrow sold 1,200 boats to the navy.",
        "1,200",
        "The navy bought 900 boats from Harrow.",
        "900 boats",
    );
    check(
        "The bridge at Harrow cost £4.5 million.",
        "4.5",
        "The bridge at Harrow cost £3.5 million.",
        "£3.5 million",
    );
    check(
        "The bridge was opened on 4 May 1998.",
        "4 May",
        "The bridge was opened on 5 May 1998.",
        "5 May 1998",
    );
    check(
        "The bridge was opened in 1998 by Berg.",
        "1998",
        "Berg opened the bridge in 1997.",
        "1997",
    );
}

#[test]
fn nothing_is_called_contradicted_lightly() {
    fn check(claim: &str, fact: &str, source: &str, expected: &str) {
        assert_eq!(
            finding(claim, source, fact, ("en", "en")),
            expected,
            "{claim} / {source}"
        );
    }
    let dead = "The clash in Harrow left 16 dead.";
    check(
        dead,
        "16",
        "Of the clash in Harrow nothing is known.",
        "missing",
    );
    check(
        dead,
        "16",
        "The clash in Harrow left 14 wounded.",
        "missing",
    );
    check(dead, "16", "The flood in Lark left 14 dead.", "missing");
    check(
        dead,
        "16",
        "The clash in Harrow: 14 dead, later 15 dead.",
        "missing",
    );
    check(
        dead,
        "16",
        "The clash in Harrow left 14 dead at noon and 16 dead at night.",
        "found",
    );
    check(
        dead,
        "16",
        "The clash in Harrow left more than a dozen dead.",
        "missing",
    );
    check(
        "In 2011 Harrow sold 1,200 boats.",
        "1,200",
        "In 2012 Harrow sold 900 boats.",
        "missing",
    );
    check(
        "It won the 3rd prize for boats.",
        "3rd",
        "It won the 2nd prize for boats.",
        "missing",
    );
    check(
        "The bridge was opened in 1998.",
        "1998",
        "The bridge was opened on 3 June 1997 and closed in 2001.",
        "missing",
    );
    check(
        "12 % of the boats sank.",
        "12 %",
        "15 % of the houses burnt, 20 % fell.",
        "missing",
    );
}

proptest::proptest! {
    #[test]
    fn nothing_panics(claim in "\\PC{0,50}", source in "\\PC{0,80}") {
        let tongue = Tongue::new(Some("en"));
        let all = facts(&claim, &tongue, &[]);
        let said = Said::read(&source, Some("en"));
        let near = [ByteSpan::new(0, source.len())];
        for finding in look_up(&claim, &tongue, &all, &said, &near) {
            if let Finding::Found(span) | Finding::Contradicted { span, .. } = finding {
                proptest::prop_assert!(source.get(span.start..span.end).is_some());
            }
        }
    }
}
