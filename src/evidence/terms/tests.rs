use super::*;

fn keys(text: &str, language: &str) -> Vec<String> {
    let terms = Tokenizer::new(Some(language)).terms(text);
    terms.into_iter().map(|term| term.key).collect()
}

#[test]
fn words_numbers_and_dates_become_keys() {
    fn check(text: &str, language: &str, expected: &[&str]) {
        assert_eq!(keys(text, language), expected, "{text}");
    }
    check("The cats were running", "en", &["cat", "run"]);
    check("Smith’s café", "en", &["smith", "cafe"]);
    check("100,000 people", "en", &["#100000", "peopl"]);
    check("100\u{a0}000 people", "en", &["#100000", "peopl"]);
    check("$1.5 million", "en", &["#1500000"]);
    check("twelve men in 2012", "en", &["#12", "men", "#2012"]);
    check("on 14 March 2012", "en", &["@03-14", "@03", "#2012"]);
    check("on March 14th, 2012", "en", &["@03-14", "@03", "#2012"]);
    check("on 2012-03-14", "en", &["@03-14", "@03", "#2012"]);
    check("2012-03-14T19:09", "en", &["@03-14", "@03", "#2012", "#9"]);
    check("am 14.3.2012", "de", &["@03-14", "@03", "#2012"]);
    check("am 14. März 2012", "de", &["@03-14", "@03", "#2012"]);
    check("March 2012", "en", &["@03", "#2012"]);
    check("they may march", "en", &["march"]);
    check("Die Häuser der Stadt", "de", &["haus", "stadt"]);
}

#[test]
fn names_are_told_by_capitals_within_the_sentence() {
    let terms = Tokenizer::new(None).terms("Yesterday Anna Berg left NATO.");
    let names: Vec<&str> = terms
        .iter()
        .filter(|term| term.kind == TermKind::Name)
        .map(|term| term.key.as_str())
        .collect();
    assert_eq!(names, ["anna", "berg", "nato"]);
}

proptest::proptest! {
    #[test]
    fn spans_lie_inside_the_text(text in "\\PC{0,80}") {
        for term in Tokenizer::new(Some("de")).terms(&text) {
            proptest::prop_assert!(text.get(term.span.start..term.span.end).is_some());
        }
    }
}
