use super::*;
use crate::evidence::fact::unit::Dimension;

fn read(text: &str, language: &str) -> Option<(Quantity, String)> {
    let mut from = 0;
    while let Some(token) = token::next(text, from, language != "en") {
        if (token.digits || number_word::may_begin(&token.lower(), language))
            && let Some((quantity, span)) = at(text, &token, language)
        {
            return Some((quantity, span.of(text).to_owned()));
        }
        from = token.end;
    }
    None
}

fn check(text: &str, language: &str, nominal: f64, unit: Unit, words: &str) {
    let (found, span) = read(text, language).unwrap_or_else(|| panic!("nothing in {text}"));
    assert_eq!(
        (found.nominal, found.unit, span.as_str()),
        (nominal, unit, words),
        "{text}"
    );
}

#[test]
fn numbers_with_units_in_many_notations() {
    use Unit::{Money, None, Percent};
    check("it was 12 % of all", "en", 12.0, Percent, "12 %");
    check("it was 12% of all", "en", 12.0, Percent, "12%");
    check(
        "it was twelve per cent of all",
        "en",
        12.0,
        Percent,
        "twelve per cent",
    );
    check("it was 12 percent", "en", 12.0, Percent, "12 percent");
    check(
        "es waren zwölf Prozent",
        "de",
        12.0,
        Percent,
        "zwölf Prozent",
    );
    check(
        "c’était douze pour cent",
        "fr",
        12.0,
        Percent,
        "douze pour cent",
    );
    check(
        "era el doce por ciento",
        "es",
        12.0,
        Percent,
        "doce por ciento",
    );
    check(
        "il dodici per cento",
        "it",
        12.0,
        Percent,
        "dodici per cento",
    );
    check(
        "het was twaalf procent",
        "nl",
        12.0,
        Percent,
        "twaalf procent",
    );
    check("было 12 процентов", "ru", 12.0, Percent, "12 процентов");
    check(
        "rose by 3 percentage points",
        "en",
        3.0,
        Unit::Points,
        "3 percentage points",
    );
    check("100,000 people", "en", 100_000.0, None, "100,000");
    check("100.000 Menschen", "de", 100_000.0, None, "100.000");
    check(
        "100\u{a0}000 personnes",
        "fr",
        100_000.0,
        None,
        "100\u{a0}000",
    );
    check("100 000 personnes", "fr", 100_000.0, None, "100 000");
    check("100'000 Menschen", "de", 100_000.0, None, "100'000");
    check(
        "1.234.567,8 Meter",
        "de",
        1_234_567.8,
        Unit::Measure(Dimension::Length, 1.0),
        "1.234.567,8 Meter",
    );
    check(
        "cost $4.5 million",
        "en",
        4_500_000.0,
        Money("USD"),
        "$4.5 million",
    );
    check("cost US$5m", "en", 5_000_000.0, Money("USD"), "US$5m");
    check(
        "cost 4.5 million pounds",
        "en",
        4_500_000.0,
        Money("GBP"),
        "4.5 million pounds",
    );
    check(
        "4,5 Millionen Euro",
        "de",
        4_500_000.0,
        Money("EUR"),
        "4,5 Millionen Euro",
    );
    check(
        "4,5 millions d’euros",
        "fr",
        4_500_000.0,
        Money("EUR"),
        "4,5 millions d’euros",
    );
    check(
        "4,5 millones de euros",
        "es",
        4_500_000.0,
        Money("EUR"),
        "4,5 millones de euros",
    );
    check(
        "5 km long",
        "en",
        5.0,
        Unit::Measure(Dimension::Length, 1000.0),
        "5 km",
    );
    check(
        "5km long",
        "en",
        5.0,
        Unit::Measure(Dimension::Length, 1000.0),
        "5km",
    );
    check(
        "ran 80 km/h fast",
        "en",
        80.0,
        Unit::Measure(Dimension::Speed, 1.0),
        "80 km/h",
    );
    check(
        "a 14-year-old boy",
        "en",
        14.0,
        Unit::Measure(Dimension::Months, 12.0),
        "14-year",
    );
    check("twenty-five men", "en", 25.0, None, "twenty-five");
    check("the 3rd man", "en", 3.0, None, "3rd");
}

#[test]
fn bounds_and_ranges() {
    fn bounded(text: &str, language: &str, low: f64, high: f64, words: &str) {
        let (found, span) = read(text, language).unwrap_or_else(|| panic!("nothing in {text}"));
        let near = |a: f64, b: f64| a == b || (a - b).abs() < 1e-6;
        assert!(
            near(found.low, low) && near(found.high, high),
            "{text}: {found:?}"
        );
        assert_eq!(span, words);
    }
    let no_end = f64::INFINITY;
    bounded(
        "more than a dozen died",
        "en",
        12.0,
        no_end,
        "more than a dozen",
    );
    bounded(
        "mehr als ein Dutzend starben",
        "de",
        12.0,
        no_end,
        "mehr als ein Dutzend",
    );
    bounded("at least 14 died", "en", 14.0, no_end, "at least 14");
    bounded("fewer than 20 died", "en", 0.0, 20.0, "fewer than 20");
    bounded("about 100 died", "en", 90.0, 110.0, "about 100");
    bounded("nearly 100 died", "en", 90.0, 100.0, "nearly 100");
    bounded("12–15 people", "en", 12.0, 15.0, "12–15");
    bounded("between 12 and 15 people", "en", 12.0, 15.0, "12 and 15");
    bounded("12 to 15 people", "en", 12.0, 15.0, "12 to 15");
    bounded("2–3 million people", "en", 2e6, 3e6, "2–3 million");
    bounded("dozens of people", "en", 20.0, 199.0, "dozens");
    bounded("won 3-1 at home", "en", 3.0, 3.0, "3");
}

#[test]
fn what_agrees_and_what_excludes() {
    fn compare(claim: &str, source: &str, agrees: bool, excludes: bool) {
        let (claim_value, source_value) =
            (read(claim, "en").unwrap().0, read(source, "en").unwrap().0);
        assert_eq!(
            (
                claim_value.agrees(&source_value),
                claim_value.excludes(&source_value)
            ),
            (agrees, excludes),
            "{claim} / {source}"
        );
    }
    compare("17 people", "17 people", true, false);
    compare("17 people", "seventeen", true, false);
    compare("more than a dozen", "17 people", true, false);
    compare("more than a dozen", "14 dead", true, false);
    compare("more than a dozen", "9 dead", false, true);
    compare("14 dead", "more than a dozen", false, false);
    compare("16 dead", "14 dead", false, true);
    compare("about 100", "97", true, false);
    compare("about 100", "250", false, true);
    compare("4.5 million", "4,512,300", true, false);
    compare("4.5 million", "4,712,300", false, true);
    compare("300 people", "297 people", true, false);
    compare("12 %", "12 people", false, false);
    compare("5 miles", "8 km", true, false);
    compare("5 miles", "9 km", false, true);
    compare("3rd", "3", false, false);
    compare("12-15", "14", true, false);
}

#[test]
fn figures_that_count_nothing() {
    for text in ["H1N1", "at 10:30", "v2", "room A4", "§ 3a", "/2012/05"] {
        assert_eq!(read(text, "en"), None, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_panics(text in "\\PC{0,40}") {
        for language in ["en", "de", "fr", "ru"] {
            let _ = read(&text, language);
        }
    }

    #[test]
    fn no_row_of_numbers_panics(text in "[0-9 .,–%$€a-e-]{0,32}") {
        let _ = read(&text, "en");
        let _ = read(&text, "fr");
    }
}
