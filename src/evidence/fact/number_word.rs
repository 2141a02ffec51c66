//! Numbers written in words: "twelve", "zweihundertfünf", "mehr als ein Dutzend" without the "mehr als".
//!
//! **In:** words at one place of a text. **Out:** the value and how many of the words it takes.
//! **Not here:** digits, units, bounds. English, German, French, Spanish, Italian, Dutch and
//! Portuguese are text2num's; its Danish panics on words that are no numbers, so the
//! Scandinavian languages and Russian have tables here.

use crate::evidence::terms::value::scale;
use std::sync::LazyLock;
use text2num::error::Error;
use text2num::{LangInterpreter, Language};

/// A number in words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Worded {
    /// Its value, the least one where only a size is told ("dozens").
    pub(super) value: f64,
    /// The most it may stand for; the value itself where it is exact.
    pub(super) most: f64,
    pub(super) ordinal: bool,
}

/// Words tried as one number.
pub(super) const MAX_WORDS: usize = 8;

static ENGLISH: LazyLock<Language> = LazyLock::new(Language::english);
static GERMAN: LazyLock<Language> = LazyLock::new(Language::german);
static FRENCH: LazyLock<Language> = LazyLock::new(Language::french);
static SPANISH: LazyLock<Language> = LazyLock::new(Language::spanish);
static ITALIAN: LazyLock<Language> = LazyLock::new(Language::italian);
static DUTCH: LazyLock<Language> = LazyLock::new(Language::dutch);
static PORTUGUESE: LazyLock<Language> = LazyLock::new(Language::portugese);

fn interpreter(language: &str) -> Option<&'static Language> {
    Some(match language {
        "en" => &ENGLISH,
        "de" => &GERMAN,
        "fr" => &FRENCH,
        "es" => &SPANISH,
        "it" => &ITALIAN,
        "nl" => &DUTCH,
        "pt" => &PORTUGUESE,
        _ => return None,
    })
}

/// Beginnings of the words that number words begin with. A word that begins otherwise
/// costs no more than this look.
pub(super) fn beginnings(language: &str) -> &'static [&'static str] {
    match language {
        "en" => &[
            "two", "thr", "fou", "fiv", "six", "sev", "eig", "nin", "ten", "ele", "twe", "thi",
            "fif", "for", "hun", "tho", "mil", "bil", "doz", "hal", "sco", "a", "one",
        ],
        "de" => &[
            "zwei", "drei", "drit", "vier", "fünf", "sech", "sieb", "acht", "neun", "zehn", "elf",
            "zwölf", "zwan", "hund", "taus", "ein", "eine", "einh", "eint", "einu", "dutz", "mill",
            "halb",
        ],
        "fr" => &[
            "deux", "troi", "quat", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douz",
            "trei", "quin", "seiz", "ving", "tren", "quar", "soix", "cent", "mill", "une", "un",
            "demi",
        ],
        "es" => &[
            "dos", "tres", "terc", "cuat", "cuar", "cinc", "seis", "siet", "och", "octa", "nuev",
            "nove", "dieci", "diez", "once", "doce", "trec", "cato", "quin", "vein", "trei",
            "sese", "sete", "cien", "mil", "una", "un", "tres", "medi", "deci",
        ],
        "it" => &[
            "due", "tre", "quat", "quar", "cinq", "sei", "sess", "sett", "otto", "otta", "nove",
            "nova", "diec", "undi", "dodi", "quin", "sedi", "dici", "vent", "tren", "cent", "mill",
            "mila", "una", "dozz", "mezz", "duec",
        ],
        "nl" => &[
            "twee", "drie", "vier", "vijf", "zes", "zeve", "acht", "nege", "tien", "elf", "twaa",
            "twin", "dert", "veer", "tach", "hond", "duiz", "milj", "een", "dozi", "tien",
        ],
        "pt" => &[
            "dois", "duas", "três", "quat", "quar", "cinc", "seis", "sete", "oito", "oite", "nove",
            "dez", "onze", "doze", "trez", "cato", "quin", "vint", "trin", "sess", "cem", "cent",
            "duze", "treze", "quinh", "mil", "uma", "dúzi", "meia",
        ],
        "no" | "nb" | "nn" | "da" | "sv" => &[
            "to", "två", "tre", "fir", "fyr", "fem", "sek", "sex", "sju", "syv", "åtte", "otte",
            "åtta", "ni", "ti", "elle", "elva", "tolv", "tjue", "tjug", "hund", "tus", "et", "en",
            "ett", "duss",
        ],
        "ru" => &[
            "дв",
            "тр",
            "чет",
            "пят",
            "шес",
            "сем",
            "восем",
            "восьм",
            "дев",
            "дес",
            "оди",
            "сор",
            "сто",
            "тыс",
            "дюж",
            "полу",
        ],
        _ => &[],
    }
}

/// Whether a number in words may begin with this word in small letters.
pub(super) fn may_begin(word: &str, language: &str) -> bool {
    let head = |text: &str| {
        (
            text.as_bytes().first().copied(),
            text.as_bytes().get(1).copied(),
        )
    };
    let asked = head(word);
    beginnings(language).iter().any(|start| {
        if start.len() < 3 {
            // What is as short as an article must be the whole word.
            word == *start
        } else {
            head(start) == asked && word.starts_with(start)
        }
    })
}

/// Whether a number in words does begin with this word in small letters, or may go on behind it:
/// when not, [`read`] finds none, whatever follows.
pub(super) fn begins(word: &str, language: &str) -> bool {
    if is_article(word) || is_half(word, language) || collective(word).is_some() {
        return true;
    }
    match interpreter(language) {
        Some(interpreter) => matches!(
            interpreter.exec_group(std::iter::once(word)),
            Ok(_) | Err(Error::Incomplete)
        ),
        None => single(word, language).is_some(),
    }
}

/// The number that these words in small letters begin with, and how many of them it takes.
/// `phrase(n)` gives the first `n` words as they stand in the text.
pub(super) fn read(
    words: &[&str],
    phrase: impl Fn(usize) -> String,
    language: &str,
) -> Option<(Worded, usize)> {
    if let Some(found) = sized(words, language) {
        return Some(found);
    }
    let mut best = None;
    for count in 1..=words.len().min(MAX_WORDS) {
        match exact(&phrase(count), language) {
            Some(worded) => best = Some((worded, count)),
            // "two hundred and" is no number yet, "two hundred and five" is.
            None if best.is_some_and(|(_, last)| last + 2 <= count) => break,
            None if best.is_none() && count > 2 => break,
            None => {}
        }
    }
    let (worded, used) = best?;
    // "two dozen"
    if let Some(size) = words.get(used).and_then(|word| collective(word))
        && size.1.is_none()
    {
        let value = worded.value * size.0;
        return Some((exactly(value, false), used + 1));
    }
    Some((worded, used))
}

const fn exactly(value: f64, ordinal: bool) -> Worded {
    Worded {
        value,
        most: value,
        ordinal,
    }
}

fn exact(phrase: &str, language: &str) -> Option<Worded> {
    if phrase.len() > 120 {
        return None;
    }
    let Some(interpreter) = interpreter(language) else {
        return table(phrase, language);
    };
    // "a hundred", "eine Million", "a million": the article is the one.
    let counted = match phrase.split_once(' ') {
        Some(("a" | "eine" | "un" | "une" | "een" | "um", rest)) => rest,
        Some(_) | None => phrase,
    };
    let digits = interpreter.exec_group(counted.split_whitespace()).ok()?;
    let plain = digits.to_string();
    if plain.is_empty() || plain.len() > 15 || digits.marker.is_fraction() {
        return None;
    }
    Some(exactly(plain.parse().ok()?, digits.marker.is_ordinal()))
}

/// Words for a size: "dozens", "a dozen", "half a dozen", "hundreds".
fn sized(words: &[&str], language: &str) -> Option<(Worded, usize)> {
    let first = *words.first()?;
    let (article, half) = (is_article(first), is_half(first, language));
    let skip = match (article || half, words.get(1)) {
        (true, Some(&"a")) if half => 2,
        (true, _) => 1,
        _ => 0,
    };
    let sized = words.get(skip)?;
    // "half a million"
    if half
        && let Some(places) = scale(sized)
        && let Ok(places) = i32::try_from(places)
    {
        return Some((exactly(10f64.powi(places) / 2.0, false), skip + 1));
    }
    let (value, most) = collective(sized)?;
    let used = skip + 1;
    if half {
        return most
            .is_none()
            .then_some((exactly(value / 2.0, false), used));
    }
    match most {
        Some(most) if !article => Some((
            Worded {
                value,
                most,
                ordinal: false,
            },
            used,
        )),
        Some(_) => None,
        None => Some((exactly(value, false), used)),
    }
}

fn is_article(word: &str) -> bool {
    matches!(
        word,
        "a" | "ein"
            | "eine"
            | "einem"
            | "einer"
            | "une"
            | "una"
            | "uma"
            | "een"
            | "et"
            | "ett"
            | "en"
    )
}

fn is_half(word: &str, language: &str) -> bool {
    matches!(
        (language, word),
        ("en", "half")
            | ("de", "halbes")
            | ("fr", "demi")
            | ("es", "media")
            | ("it", "mezza")
            | ("pt", "meia")
            | ("nl", "half")
            | ("ru", "полдюжины")
    )
}

/// A collective noun's value, and the most it may stand for where it tells only a size.
fn collective(word: &str) -> Option<(f64, Option<f64>)> {
    Some(match word {
        "dozen" | "dutzend" | "douzaine" | "docena" | "dozzina" | "dúzia" | "dozijn" | "dusin"
        | "dussin" | "дюжина" | "дюжины" | "дюжину" => (12.0, None),
        "dozens" | "dutzende" | "dutzenden" | "douzaines" | "docenas" | "dozzine" | "dúzias"
        | "tientallen" | "десятки" | "десятков" => (20.0, Some(199.0)),
        "hundreds" | "hunderte" | "hunderten" | "centaines" | "cientos" | "centinaia"
        | "centenas" | "honderden" | "hundrevis" | "сотни" | "сотен" => {
            (200.0, Some(1_999.0))
        }
        "thousands" | "tausende" | "tausenden" | "milliers" | "miles" | "migliaia" | "milhares"
        | "duizenden" | "тысячи" => (2_000.0, Some(199_999.0)),
        "millions" | "millionen" => return None,
        _ => return None,
    })
}

/// Number words of the languages that text2num does not have.
fn table(phrase: &str, language: &str) -> Option<Worded> {
    let mut sum = 0.0;
    let mut last = f64::INFINITY;
    for word in phrase.split([' ', '-']) {
        let (value, ordinal) = single(word, language)?;
        if ordinal {
            return (sum == 0.0 && phrase == word).then_some(exactly(value, true));
        }
        if value >= 1_000.0 && sum > 0.0 && sum < 1_000.0 {
            sum *= value;
        } else if value < last && (last >= 20.0 || sum == 0.0) {
            sum += value;
        } else {
            return None;
        }
        last = value;
    }
    (sum > 0.0).then_some(exactly(sum, false))
}

fn single(word: &str, language: &str) -> Option<(f64, bool)> {
    let cardinal = |value: f64| Some((value, false));
    let ordinal = |value: f64| Some((value, true));
    if language == "ru" {
        return match word {
            "два" | "две" | "двух" | "двое" => cardinal(2.0),
            "три" | "трёх" | "трех" | "трое" => cardinal(3.0),
            "четыре" | "четырёх" | "четырех" => cardinal(4.0),
            "пять" | "пяти" => cardinal(5.0),
            "шесть" | "шести" => cardinal(6.0),
            "семь" | "семи" => cardinal(7.0),
            "восемь" | "восьми" => cardinal(8.0),
            "девять" | "девяти" => cardinal(9.0),
            "десять" | "десяти" => cardinal(10.0),
            "одиннадцать" | "одиннадцати" => cardinal(11.0),
            "двенадцать" | "двенадцати" => cardinal(12.0),
            "тринадцать" | "тринадцати" => cardinal(13.0),
            "четырнадцать" | "четырнадцати" => cardinal(14.0),
            "пятнадцать" | "пятнадцати" => cardinal(15.0),
            "шестнадцать" | "шестнадцати" => cardinal(16.0),
            "семнадцать" | "семнадцати" => cardinal(17.0),
            "восемнадцать" | "восемнадцати" => cardinal(18.0),
            "девятнадцать" | "девятнадцати" => cardinal(19.0),
            "двадцать" | "двадцати" => cardinal(20.0),
            "тридцать" | "тридцати" => cardinal(30.0),
            "сорок" | "сорока" => cardinal(40.0),
            "пятьдесят" | "пятидесяти" => cardinal(50.0),
            "шестьдесят" => cardinal(60.0),
            "семьдесят" => cardinal(70.0),
            "восемьдесят" => cardinal(80.0),
            "девяносто" => cardinal(90.0),
            "сто" | "ста" => cardinal(100.0),
            "двести" => cardinal(200.0),
            "триста" => cardinal(300.0),
            "пятьсот" => cardinal(500.0),
            "тысяча" | "тысячи" | "тысяч" => cardinal(1_000.0),
            "третий" | "третья" | "третье" | "третьего" => ordinal(3.0),
            "четвёртый" | "четвертый" => ordinal(4.0),
            "пятый" => ordinal(5.0),
            _ => None,
        };
    }
    match word {
        "to" | "två" => cardinal(2.0),
        "tre" => cardinal(3.0),
        "fire" | "fyra" => cardinal(4.0),
        "fem" => cardinal(5.0),
        "seks" | "sex" => cardinal(6.0),
        "sju" | "syv" => cardinal(7.0),
        "åtte" | "otte" | "åtta" => cardinal(8.0),
        "ni" | "nio" => cardinal(9.0),
        "ti" | "tio" => cardinal(10.0),
        "elleve" | "elva" => cardinal(11.0),
        "tolv" => cardinal(12.0),
        "tretten" | "tretton" => cardinal(13.0),
        "fjorten" | "fjorton" => cardinal(14.0),
        "femten" | "femton" => cardinal(15.0),
        "tjue" | "tyve" | "tjugo" => cardinal(20.0),
        "tretti" | "tredve" | "trettio" => cardinal(30.0),
        "hundre" | "hundrede" | "hundra" => cardinal(100.0),
        "tusen" | "tusind" => cardinal(1_000.0),
        "tredje" => ordinal(3.0),
        "fjerde" | "fjärde" => ordinal(4.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, language: &str) -> Option<(f64, f64, bool, usize)> {
        let words: Vec<&str> = text.split(' ').collect();
        let (worded, used) = read(&words, |count| words[..count].join(" "), language)?;
        Some((worded.value, worded.most, worded.ordinal, used))
    }

    #[test]
    fn number_words_have_values() {
        fn check(text: &str, language: &str, expected: f64, used: usize) {
            assert_eq!(
                value(text, language),
                Some((expected, expected, false, used)),
                "{text}"
            );
        }
        check("twelve per cent", "en", 12.0, 1);
        check("twenty-five men", "en", 25.0, 1);
        check("one hundred and twenty boats", "en", 120.0, 4);
        check("a hundred and five boats", "en", 105.0, 4);
        check("two million", "en", 2_000_000.0, 2);
        check("a dozen people", "en", 12.0, 2);
        check("two dozen people", "en", 24.0, 2);
        check("half a dozen people", "en", 6.0, 3);
        check("half a million people", "en", 500_000.0, 3);
        check("zwölf prozent", "de", 12.0, 1);
        check("siebenundzwanzig boote", "de", 27.0, 1);
        check("ein dutzend", "de", 12.0, 2);
        check("eine million", "de", 1_000_000.0, 2);
        check("vingt et un bateaux", "fr", 21.0, 3);
        check("une douzaine", "fr", 12.0, 2);
        check("quatre-vingt-dix pages", "fr", 90.0, 1);
        check("treinta y cinco barcos", "es", 35.0, 3);
        check("dodici barche", "it", 12.0, 1);
        check("vijfentwintig boten", "nl", 25.0, 1);
        check("vinte e cinco barcos", "pt", 25.0, 3);
        check("двадцать пять лодок", "ru", 25.0, 2);
        check("tjue båter", "no", 20.0, 1);
        assert_eq!(value("dozens of", "en"), Some((20.0, 199.0, false, 1)));
        assert_eq!(value("third man", "en"), Some((3.0, 3.0, true, 1)));
        assert_eq!(value("a house", "en"), None);
        assert_eq!(value("thistle", "en"), None);
    }

    const WORDS: [&str; 28] = [
        "hundred",
        "thousand",
        "million",
        "billion",
        "two",
        "and",
        "tenth",
        "hundert",
        "tausend",
        "millionen",
        "zwei",
        "und",
        "cent",
        "mille",
        "million",
        "deux",
        "vingt",
        "et",
        "mil",
        "dos",
        "y",
        "ventuno",
        "mila",
        "duizend",
        "honderd",
        "e",
        "quatre-vingt",
        "drei-hundert",
    ];

    proptest::proptest! {
        /// text2num is given foreign words: no row of number words may panic.
        #[test]
        fn no_row_of_words_panics(picked in proptest::collection::vec(0usize..28, 1..9)) {
            let words: Vec<&str> = picked.iter().map(|index| WORDS[*index]).collect();
            for language in ["en", "de", "fr", "es", "it", "nl", "pt", "ru", "no", "xx"] {
                let _ = read(&words, |count| words[..count].join(" "), language);
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let lower = text.to_lowercase();
            let words: Vec<&str> = lower.split(' ').collect();
            for language in ["en", "de", "fr", "es", "it", "nl", "pt", "ru", "no"] {
                let _ = read(&words, |count| words[..count].join(" "), language);
            }
        }
    }
}
