//! Numbers and months as values, whatever way they are written.

use std::sync::LazyLock;

/// The value of a numeral as plain digits with at most one point: "100,000" → "100000".
///
/// A single separator before exactly three digits is ambiguous; the language
/// decides (English writes thousands with a comma, most others with a point).
pub(in crate::evidence) fn number(word: &str, language: &str) -> Option<String> {
    let digits_end = word
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.' | '\'' | '’')))
        .unwrap_or(word.len());
    let (numeral, suffix) = word.split_at(digits_end);
    let numeral = numeral.trim_end_matches(|c: char| !c.is_ascii_digit());
    if !numeral.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let shift = match suffix.to_lowercase().as_str() {
        "" | "st" | "nd" | "rd" | "th" | "s" | "er" | "e" | "ème" | "º" | "ª" => 0,
        "bn" => 9,
        "k" => 3,
        _ => return None,
    };
    let plain = separators(numeral, language)?;
    shifted(&plain, shift)
}

/// Takes thousands separators away and makes the decimal separator a point.
fn separators(numeral: &str, language: &str) -> Option<String> {
    let parts: Vec<&str> = numeral.split([',', '.', '\'', '’']).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    let marks: Vec<char> = numeral.chars().filter(|c| !c.is_ascii_digit()).collect();
    let groups = |parts: &[&str]| {
        parts.first().is_some_and(|part| part.len() <= 3)
            && parts.iter().skip(1).all(|part| part.len() == 3)
    };
    let (Some(last_mark), Some((last, head))) = (marks.last(), parts.split_last()) else {
        return Some(canonical(numeral, ""));
    };
    let all_same = marks.iter().all(|mark| mark == last_mark);
    if all_same && groups(&parts) {
        let decimal = if language == "en" { '.' } else { ',' };
        if marks.len() > 1 || *last_mark != decimal {
            return Some(canonical(&parts.concat(), ""));
        }
        return Some(canonical(&head.concat(), last));
    }
    let head_alike = marks[..marks.len() - 1]
        .iter()
        .all(|mark| mark != last_mark);
    if marks.len() == 1 || (head_alike && groups(head)) {
        return Some(canonical(&head.concat(), last));
    }
    None
}

fn canonical(whole: &str, fraction: &str) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

/// A plain number times ten to the power of `places`.
pub(in crate::evidence) fn shifted(plain: &str, places: usize) -> Option<String> {
    if plain.len() > 40 || places > 15 {
        return (places == 0).then(|| plain.to_owned());
    }
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut digits = format!("{whole}{fraction}");
    let missing = places.saturating_sub(fraction.len());
    digits.push_str(&"0".repeat(missing));
    let point = whole.len() + places;
    let (whole, fraction) = digits.split_at_checked(point)?;
    Some(canonical(whole, fraction))
}

/// Ten's power of a scale word: "million" → 6.
pub(in crate::evidence) fn scale(word: &str) -> Option<usize> {
    Some(match word {
        "thousand" | "tausend" | "mille" | "mil" | "tusen" => 3,
        "million" | "millions" | "millionen" | "mio" | "millón" | "millones" | "millioner"
        | "миллион" | "миллиона" | "миллионов" | "млн" => 6,
        "billion"
        | "billions"
        | "bn"
        | "milliarde"
        | "milliarden"
        | "mrd"
        | "milliard"
        | "milliards"
        | "milliarder"
        | "миллиард"
        | "миллиарда"
        | "миллиардов"
        | "млрд" => 9,
        "trillion" | "trillions" => 12,
        _ => return None,
    })
}

/// The value of a number word. "one" and its like are left out: they are articles and pronouns.
pub(in crate::evidence) fn number_word(word: &str, language: &str) -> Option<&'static str> {
    number_words(language)
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

/// The number words of a language, with their values.
pub(super) fn number_words(language: &str) -> &'static [(&'static str, &'static str)] {
    match language {
        "de" => &[
            ("zwei", "2"),
            ("drei", "3"),
            ("vier", "4"),
            ("fünf", "5"),
            ("sechs", "6"),
            ("sieben", "7"),
            ("acht", "8"),
            ("neun", "9"),
            ("zehn", "10"),
            ("elf", "11"),
            ("zwölf", "12"),
            ("zwanzig", "20"),
            ("hundert", "100"),
        ],
        "fr" => &[
            ("trois", "3"),
            ("quatre", "4"),
            ("cinq", "5"),
            ("sept", "7"),
            ("huit", "8"),
            ("dix", "10"),
            ("onze", "11"),
            ("douze", "12"),
            ("vingt", "20"),
            ("cent", "100"),
        ],
        "es" => &[
            ("tres", "3"),
            ("cuatro", "4"),
            ("cinco", "5"),
            ("seis", "6"),
            ("siete", "7"),
            ("ocho", "8"),
            ("nueve", "9"),
            ("diez", "10"),
            ("once", "11"),
            ("doce", "12"),
            ("veinte", "20"),
            ("cien", "100"),
        ],
        "no" | "nb" | "nn" | "da" => &[
            ("to", "2"),
            ("tre", "3"),
            ("fire", "4"),
            ("fem", "5"),
            ("seks", "6"),
            ("sju", "7"),
            ("syv", "7"),
            ("åtte", "8"),
            ("ni", "9"),
            ("ti", "10"),
            ("elleve", "11"),
            ("tolv", "12"),
            ("tjue", "20"),
            ("hundre", "100"),
        ],
        _ => &[
            ("two", "2"),
            ("three", "3"),
            ("four", "4"),
            ("five", "5"),
            ("six", "6"),
            ("seven", "7"),
            ("eight", "8"),
            ("nine", "9"),
            ("ten", "10"),
            ("eleven", "11"),
            ("twelve", "12"),
            ("thirteen", "13"),
            ("fourteen", "14"),
            ("fifteen", "15"),
            ("sixteen", "16"),
            ("seventeen", "17"),
            ("eighteen", "18"),
            ("nineteen", "19"),
            ("twenty", "20"),
            ("thirty", "30"),
            ("forty", "40"),
            ("fifty", "50"),
            ("sixty", "60"),
            ("seventy", "70"),
            ("eighty", "80"),
            ("ninety", "90"),
            ("hundred", "100"),
            ("third", "3"),
            ("fourth", "4"),
            ("fifth", "5"),
            ("sixth", "6"),
            ("seventh", "7"),
            ("eighth", "8"),
            ("ninth", "9"),
            ("tenth", "10"),
        ],
    }
}

/// The names of the months and their common abbreviations in small letters: English, German, French,
/// Spanish, Italian, Dutch, Portuguese, the Scandinavian languages, Russian and Polish.
const MONTHS: [&str; 12] = [
    "january jan januar jänner janvier janv enero ene gennaio genn januari janeiro январь января январе янв styczeń stycznia",
    "february feb februar feber février fevrier févr febrero febbraio febbr februari fevereiro fev февраль февраля феврале фев luty lutego",
    "march mar märz maerz mrz mars marzo maart mrt março marco март марта марте marzec marca",
    "april apr avril avr abril abr aprile апрель апреля апреле апр kwiecień kwietnia",
    "may mai mayo maggio magg mei maio maj май мая мае maja",
    "june jun juni juin junio giugno junho июнь июня июне czerwiec czerwca",
    "july jul juli juillet juil julio luglio julho июль июля июле lipiec lipca",
    "august aug août aout agosto augustus augusti август августа августе авг sierpień sierpnia",
    "september sep sept septembre septiembre settembre sett setembro сентябрь сентября сентябре сен сент wrzesień września",
    "october oct oktober okt octobre octubre ottobre ott outubro октябрь октября октябре окт październik października",
    "november nov novembre noviembre novembro ноябрь ноября ноябре ноя нояб listopad listopada",
    "december dec dezember dez desember décembre decembre déc diciembre dic dicembre dezembro декабрь декабря декабре дек grudzień grudnia",
];

/// The names by their first byte: nearly every word of a text is asked for.
static BY_BYTE: LazyLock<Vec<Vec<(&str, u8)>>> = LazyLock::new(|| {
    let mut table = vec![Vec::new(); 256];
    for (number, names) in (1..).zip(MONTHS) {
        for name in names.split(' ') {
            if let Some(row) = name
                .bytes()
                .next()
                .and_then(|byte| table.get_mut(usize::from(byte)))
            {
                row.push((name, number));
            }
        }
    }
    table
});

/// All names of months.
pub(in crate::evidence) fn months() -> impl Iterator<Item = &'static str> {
    MONTHS.iter().flat_map(|names| names.split(' '))
}

/// The month that a word in small letters names, 1 to 12.
pub(in crate::evidence) fn month(word: &str) -> Option<u8> {
    let row = BY_BYTE.get(usize::from(*word.as_bytes().first()?))?;
    row.iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_become_values() {
        fn check(word: &str, language: &str, expected: Option<&str>) {
            assert_eq!(
                number(word, language).as_deref(),
                expected,
                "{word} {language}"
            );
        }
        check("100,000", "en", Some("100000"));
        check("100.000", "de", Some("100000"));
        check("3.125", "en", Some("3.125"));
        check("3,50", "de", Some("3.5"));
        check("1,234,567.80", "en", Some("1234567.8"));
        check("1.234.567,80", "de", Some("1234567.8"));
        check("14th", "en", Some("14"));
        check("007", "en", Some("7"));
        check("5bn", "en", Some("5000000000"));
        check("1.2.3.4", "en", None);
        check("2a", "en", None);
        check("house", "en", None);
        assert_eq!(shifted("1.5", 6).as_deref(), Some("1500000"));
        assert_eq!(shifted("1.2345", 3).as_deref(), Some("1234.5"));
    }
}
