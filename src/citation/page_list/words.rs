//! Words of sentences and of addresses, in forms in which they can meet.
//!
//! **In:** a sentence, or an address. **Out:** its words in order, each in its
//! forms. **Not here:** where they stand (`index`), what a meeting is worth (`fit`).

use super::lexicon;
use url::Url;

/// Most words of one address that are looked at; real ones have fewer than forty.
pub(super) const MAX_TOKENS: usize = 60;

/// A word without its commonest endings, in lower case.
pub(super) fn stem(word: &str) -> String {
    let mut word = word.to_lowercase();
    for ending in [
        "'s", "’s", "ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s",
        "ly", "e", "y",
    ] {
        if let Some(short) = word.strip_suffix(ending)
            && short.chars().count() >= 3
        {
            word.truncate(short.len());
            break;
        }
    }
    word
}

/// The form under which words with the same first five letters meet.
pub(super) fn beginning(word: &str) -> Option<String> {
    (word.chars().count() > 5 && !word.starts_with(|c: char| c.is_ascii_digit()))
        .then(|| format!("~{}", word.chars().take(5).collect::<String>()))
}

/// The form under which words written together and initials meet.
pub(super) fn whole(word: &str) -> String {
    format!("={word}")
}

/// The words of a text with their places.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr().addr();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr().addr() - base, word))
}

/// The quotations of a sentence as stems, those of three words or more.
pub(super) fn quotations(text: &str) -> impl Iterator<Item = Vec<String>> {
    // Between any two marks: which of them opens is not always told by their form.
    text.split(['“', '”', '"', '„', '«', '»'])
        .skip(1)
        .step_by(2)
        .map(|quotation| words(quotation).map(|(_, word)| stem(word)).collect())
        .filter(|stems: &Vec<String>| stems.len() >= 3)
}

/// The part of an address that a word stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// What names the page: the last segment of the path with words in it, or the fragment.
    Name,
    /// The rest of path and query.
    Path,
    /// The host.
    Host,
}

/// One word of an address.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// In lower case, whole.
    pub(super) word: String,
    /// Where it stands in the address.
    pub(super) part: Part,
    /// The forms under which a sentence may have it, and how much of a meeting each is.
    pub(super) forms: Vec<(String, f32)>,
}

/// The words of an address in the order in which they are written, host first.
/// `known` tells whether the document has a form.
pub(super) fn tokens(cited: &str, known: impl Fn(&str) -> bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let url = Url::parse(cited).or_else(|_| Url::parse(&format!("http://{cited}")));
    let Ok(url) = url else {
        return tokens;
    };
    let host = url.host_str().unwrap_or("").trim_start_matches("www.");
    let labels: Vec<&str> = host.split('.').collect();
    for label in &labels[..labels.len().saturating_sub(1)] {
        split(label, Part::Host, &known, &mut tokens);
    }
    if labels.len() > 1 {
        // "javascript.info" is a name that texts print whole.
        tokens.push(Token {
            word: host.to_owned(),
            part: Part::Host,
            forms: vec![(whole(&labels.concat()), 1.0)],
        });
    }
    let mut pieces: Vec<String> = url.path().split('/').map(decoded).collect();
    // A text fragment quotes the page, not the words that link to it.
    let fragment = url.fragment().filter(|text| !text.starts_with(":~:"));
    pieces.extend(url.query().map(decoded));
    let path_end = pieces.len();
    pieces.extend(fragment.map(decoded));
    let starts = tokens.len();
    let mut named: Option<(usize, usize)> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let before = tokens.len();
        split(piece, Part::Path, &known, &mut tokens);
        let letters = tokens[before..]
            .iter()
            .any(|token| token.word.chars().any(char::is_alphabetic));
        let query = at + 1 == path_end && url.query().is_some();
        if letters && (!query || named.is_none()) {
            named = Some((before, tokens.len()));
        }
    }
    // A home page is named by its host.
    let (from, to) = named.unwrap_or((0, starts));
    for token in &mut tokens[from..to] {
        token.part = Part::Name;
    }
    let initials = initials(&tokens[from..to]);
    tokens.extend(initials);
    tokens.truncate(MAX_TOKENS);
    tokens
}

/// "domain-name-system" is DNS.
fn initials(name: &[Token]) -> Option<Token> {
    if !(2..=6).contains(&name.len()) {
        return None;
    }
    let word: String = name
        .iter()
        .filter_map(|token| token.word.chars().next())
        .collect();
    word.chars().all(char::is_alphabetic).then(|| Token {
        forms: vec![(abbreviation(&word), 0.9)],
        word,
        part: Part::Path,
    })
}

/// The form under which abbreviations meet the words they stand for.
pub(super) fn abbreviation(lower: &str) -> String {
    format!("^{lower}")
}

fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part)
        .decode_utf8_lossy()
        .into_owned()
}

fn split(text: &str, part: Part, known: &impl Fn(&str) -> bool, tokens: &mut Vec<Token>) {
    for (_, written) in words(text) {
        if tokens.len() >= MAX_TOKENS {
            return;
        }
        if written.len() > 60 {
            continue;
        }
        let humps = humps(written);
        let lower = written.to_lowercase();
        // The whole may be a name of its own: "forum18".
        let name = known(&stem(&lower)) || lexicon::meaning(&lower).next().is_some();
        if (2..=6).contains(&humps.len()) && !name {
            for hump in humps {
                one(&hump.to_lowercase(), part, known, tokens);
            }
            continue;
        }
        one(&lower, part, known, tokens);
    }
}

fn one(lower: &str, part: Part, known: &impl Fn(&str) -> bool, tokens: &mut Vec<Token>) {
    if lexicon::is_empty_word(lower) || lower.len() < 2 {
        return;
    }
    let digits = lower.bytes().all(|b| b.is_ascii_digit());
    let stemmed = stem(lower);
    let met = known(&stemmed);
    if !met && !digits && !known(&whole(lower)) {
        let pieces = apart(lower, known);
        if !pieces.is_empty() {
            for piece in pieces {
                tokens.push(Token {
                    word: piece.to_owned(),
                    part,
                    forms: vec![(stem(piece), 0.8)],
                });
            }
            return;
        }
    }
    // A number says less than a word: it may count anything.
    let mut forms = vec![(stemmed, if digits { 0.6 } else { 1.0 })];
    if !digits {
        forms.push((whole(lower), 0.9));
        if let Some(beginning) = beginning(lower) {
            forms.push((beginning, 0.35));
        }
    }
    tokens.push(Token {
        word: lower.to_owned(),
        part,
        forms,
    });
}

/// A word written together, taken apart into words that the document has:
/// "getbootstrap" holds "bootstrap". Empty where less than two thirds of it are such words.
fn apart<'a>(word: &'a str, known: &impl Fn(&str) -> bool) -> Vec<&'a str> {
    const SHORTEST: usize = 3;
    if !(7..=30).contains(&word.len()) || !word.is_ascii() {
        return Vec::new();
    }
    // Best cover of the first `end` letters: squares of the pieces' lengths, so that few
    // long ones win over many short ones.
    let mut best: Vec<(usize, usize)> = vec![(0, 0); word.len() + 1];
    for end in 1..=word.len() {
        best[end] = (best[end - 1].0, end);
        for start in 0..(end + 1).saturating_sub(SHORTEST) {
            let piece = &word[start..end];
            let cover = best[start].0 + (end - start) * (end - start);
            if cover > best[end].0 && !lexicon::is_empty_word(piece) && known(&stem(piece)) {
                best[end] = (cover, start);
            }
        }
    }
    let mut pieces = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let start = best[end].1;
        if start == end {
            end -= 1;
        } else {
            pieces.push(&word[start..end]);
            end = start;
        }
    }
    pieces.reverse();
    let covered: usize = pieces.iter().map(|piece| piece.len()).sum();
    let long = pieces.iter().any(|piece| piece.len() >= 4);
    if long && covered * 3 >= word.len() * 2 {
        pieces
    } else {
        Vec::new()
    }
}

/// "Kazakhstan2009" and "getDocument" are two words each.
pub(super) fn humps(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in word.char_indices() {
        let border = before.is_some_and(|before| {
            (before.is_lowercase() && c.is_uppercase()) || (before.is_numeric() != c.is_numeric())
        });
        if border {
            parts.push(&word[start..at]);
            start = at;
        }
        before = Some(c);
    }
    parts.push(&word[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_read_as_its_words() {
        let known = |form: &str| ["blu", "mill", "hous", "boat"].contains(&form);
        let check = |url: &str, expected: &[(&str, Part)]| {
            let found = tokens(url, known);
            let found: Vec<(&str, Part)> =
                found.iter().map(|t| (t.word.as_str(), t.part)).collect();
            assert_eq!(found, expected, "{url}");
        };
        use Part::{Host, Name, Path};
        check(
            "https://www.old.example/press/2012/grain-price.html?utm=7",
            &[
                ("old", Host),
                ("old.example", Host),
                ("press", Path),
                ("2012", Path),
                ("grain", Name),
                ("price", Name),
                ("gp", Path),
            ],
        );
        // A home page is named by its host, and a host written together is taken apart.
        check(
            "https://bluemill.example/",
            &[
                ("blue", Name),
                ("mill", Name),
                ("bluemill.example", Name),
                ("bmb", Path),
            ],
        );
        // A fragment names the section; a text fragment does not.
        check(
            "https://a.example/guide#boat-house",
            &[
                ("a.example", Host),
                ("guide", Path),
                ("boat", Name),
                ("house", Name),
                ("bh", Path),
            ],
        );
        check(
            "https://a.example/guide#:~:text=Grain",
            &[("a.example", Host), ("guide", Name)],
        );
        check("https://a.example/%", &[("a.example", Name)]);
        check("no address at all", &[]);
    }

    #[test]
    fn words_written_together_are_taken_apart() {
        let known = |form: &str| ["mill", "boat", "gra"].contains(&form);
        assert_eq!(apart("millboats", &known), ["mill", "boats"]);
        assert_eq!(apart("thisgrain", &known), Vec::<&str>::new());
        assert_eq!(apart("mühlenboot", &known), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn any_address_has_few_words(url in "\\PC{0,300}", met: bool) {
            prop_assert!(tokens(&url, |_| met).len() <= MAX_TOKENS);
            let url = format!("http://a.example/{url}");
            prop_assert!(tokens(&url, |_| met).len() <= MAX_TOKENS);
        }
    }
}
