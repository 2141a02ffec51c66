//! The words of a quotation and of the source's text beside each other.
//!
//! **In:** two texts. **Out:** [`Word`]s, and how like two of them are.
//! **Not here:** their order.

use super::fold::ligature;
use crate::evidence::fact::token;
use crate::evidence::terms::fold_letter;
use crate::evidence::terms::value;

/// A word, and the bytes it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In small letters without accents; numerals by their value.
    pub(super) key: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) number: bool,
}

/// How two words stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    /// Another spelling of the same word.
    Spelling,
    /// Another word that looks like it.
    Near,
    Other,
}

/// The words of `text` between two bytes.
pub(super) fn words(text: &str, from: usize, to: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = from;
    while let Some(found) = token::next(text, at, false).filter(|found| found.start < to) {
        at = found.end;
        let mut end = found.end;
        let mut key = fold(found.text);
        if found.digits {
            let numeral = found.text.trim_end_matches(['.', ',']);
            // Which mark sets thousands apart is the language's; two notations of one number are one.
            let plain = value::number(numeral, "en");
            key = plain
                .filter(|_| numeral.contains([',', '\u{a0}', '\u{202f}']))
                .unwrap_or(key);
            let behind = text.get(end..).unwrap_or("");
            let unspaced = behind.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
            // The sign belongs to the number: 5 % is not 5.
            if let Some(sign) = unspaced
                .chars()
                .next()
                .filter(|c| matches!(c, '%' | '€' | '£' | '$'))
            {
                key.push(sign);
                end += behind.len() - unspaced.len() + sign.len_utf8();
            }
            let before = text.get(..found.start).unwrap_or("").chars().next_back();
            if let Some(sign) = before.filter(|c| matches!(c, '€' | '£' | '$')) {
                key.push(sign);
            }
        }
        if !key.is_empty() {
            words.push(Word {
                key,
                start: found.start,
                end,
                number: found.digits,
            });
        }
        at = at.max(end);
    }
    words
}

fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' | '’' | 'ʼ' => {}
            c => match ligature(c) {
                Some(letters) => key.push_str(letters),
                None => key.extend(c.to_lowercase().filter_map(fold_letter)),
            },
        }
    }
    key
}

/// How like two words are.
pub(super) fn likeness(a: &Word, b: &Word) -> Likeness {
    if a.key == b.key {
        return Likeness::Same;
    }
    if a.number || b.number {
        // "l2" for "12" is a misread figure only where letters stand in the number; "0f" for "of".
        return Likeness::Other;
    }
    let (long, short) = if a.key.len() >= b.key.len() {
        (a, b)
    } else {
        (b, a)
    };
    if long.key.len() - short.key.len() > 1 + long.key.len() / 3 || long.key.len() > 64 {
        return Likeness::Other;
    }
    if spelled(&a.key) == spelled(&b.key) {
        return Likeness::Spelling;
    }
    let alike = strsim::normalized_levenshtein(&a.key, &b.key) >= 0.6;
    if alike {
        Likeness::Near
    } else {
        Likeness::Other
    }
}

/// A word whatever the school: British and American endings, letters doubled in long words,
/// figures that a scanner reads for letters.
fn spelled(key: &str) -> String {
    let mut out = key
        .replace('0', "o")
        .replace('1', "l")
        .replace("isation", "ization")
        .replace("ising", "izing")
        .replace("ised", "ized");
    if out.ends_with("ise") && out.len() >= 6 {
        out.truncate(out.len() - 3);
        out.push_str("ize");
    }
    if out.len() >= 5 {
        if out.ends_with("tre") {
            out.truncate(out.len() - 3);
            out.push_str("ter");
        }
        for (british, american) in [
            ("efence", "efense"),
            ("icence", "icense"),
            ("programme", "program"),
        ] {
            out = out.replace(british, american);
        }
    }
    if out.len() >= 6 {
        out = out.replace("our", "or");
    }
    if out.len() >= 8 {
        let mut single = String::with_capacity(out.len());
        for c in out.chars() {
            if !single.ends_with(c) {
                single.push(c);
            }
        }
        out = single;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_is_told_from_another_word() {
        fn check(a: &str, b: &str, expected: Likeness) {
            let (a, b) = (
                words(a, 0, a.len()).remove(0),
                words(b, 0, b.len()).remove(0),
            );
            assert_eq!(likeness(&a, &b), expected, "{a:?} {b:?}");
        }
        check("Café", "CAFE", Likeness::Same);
        check("oﬃce", "office", Likeness::Same);
        check("1,000", "1000", Likeness::Same);
        check("organisation", "organization", Likeness::Spelling);
        check("neighbour", "neighbor", Likeness::Spelling);
        check("harbours", "harbors", Likeness::Spelling);
        check("four", "for", Likeness::Near);
        check("accomodation", "accommodation", Likeness::Spelling);
        check("c0uncil", "council", Likeness::Spelling);
        check("dessert", "desert", Likeness::Near);
        check("government", "governments", Likeness::Near);
        check("14", "16", Likeness::Other);
        check("5 %", "5", Likeness::Other);
        check("rise", "fall", Likeness::Other);
    }
}
