//! Names and the ways they are written: titles, initials, accents, other alphabets.
//!
//! **In:** a claim; a source's text. **Out:** the claim's names, and whether the source has
//! them. **Not here:** who is meant. Two people of one name are one to this room.

use super::Tongue;
use super::token::{self, Token};
use crate::document::ByteSpan;
use crate::evidence::terms::{fold_letter, starts_sentence};
use std::collections::{HashMap, HashSet};

/// A name as its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Words in order, titles left out.
    words: Vec<NameWord>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NameWord {
    /// How the word sounds, whatever its alphabet and accents.
    sound: String,
    /// A single letter.
    initial: bool,
    /// The first word of a sentence before a whole name: it may be no part of it.
    doubtful: bool,
}

impl Name {
    /// Whether two names have a word in common.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let known = |word: &NameWord| {
            !word.initial
                && other
                    .words
                    .iter()
                    .any(|theirs| alike(&word.sound, &theirs.sound))
        };
        self.words.iter().any(known)
    }
}

/// Words of a name; longer runs of capitals are headings.
const MAX_WORDS: usize = 8;
/// Distinct capitalised words of a source that are remembered.
const MAX_SPOKEN: usize = 1 << 16;

/// The names in a claim, with their bytes.
pub(super) fn names(text: &str, tongue: &Tongue) -> Vec<(Name, ByteSpan)> {
    let mut names = Vec::new();
    let mut run: Vec<Token<'_>> = Vec::new();
    let mut at = 0;
    while let Some(token) = token::next(text, at, false) {
        at = token.end;
        let joins = run.last().is_some_and(|last| {
            let gap = text.get(last.end..token.start).unwrap_or("\n");
            let dotted = last.text.chars().count() == 1 || is_title(&last.lower());
            matches!(gap, " " | "\u{a0}" | "-" | "‑") || (matches!(gap, ". " | ".") && dotted)
        });
        if !joins {
            settle(text, &mut run, &tongue.code, &mut names);
        }
        // "von der Leyen", but "Häuser der Stadt".
        let article = matches!(token.text, "der" | "den" | "la" | "le" | "el")
            && run.last().is_none_or(|last| !is_particle(last.text));
        let particle = !run.is_empty()
            && !article
            && is_particle(token.text)
            && capital_follows(text, token.end);
        let lower = token.lower();
        // "A. V. Club": a letter with a point is no article.
        let initial = token.text.chars().count() == 1
            && text
                .get(token.end..)
                .is_some_and(|rest| rest.starts_with('.'));
        let name_like = !token.digits && token.capital() && (initial || !tongue.stops.have(&lower));
        if name_like || particle {
            run.push(token);
        } else {
            settle(text, &mut run, &tongue.code, &mut names);
        }
    }
    settle(text, &mut run, &tongue.code, &mut names);
    names
}

fn capital_follows(text: &str, end: usize) -> bool {
    token::following(text, end, 1)
        .first()
        .is_some_and(|next| next.capital() || is_particle(next.text))
}

/// Makes a name of a run of capitalised words, where it is one.
fn settle(text: &str, run: &mut Vec<Token<'_>>, language: &str, names: &mut Vec<(Name, ByteSpan)>) {
    let tokens = std::mem::take(run);
    let opens = |first: &Token<'_>| starts_sentence(text, first.start);
    let openers = usize::from(
        tokens.len() > 1
            && tokens
                .first()
                .is_some_and(|first| opens(first) && is_opener(&first.lower())),
    );
    let titles = openers
        + tokens
            .iter()
            .skip(openers)
            .take_while(|token| is_title(&token.lower()))
            .count();
    let named = tokens.get(titles..).unwrap_or(&[]);
    let (Some(first), Some(last)) = (named.first(), named.last()) else {
        return;
    };
    if named.len() > MAX_WORDS {
        return;
    }
    let capitals = |token: &Token<'_>| {
        let letters = token.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase)
    };
    let alone = named.len() == 1;
    // The first word of a sentence has its capital from there, and every German noun has one.
    let borrowed = titles == 0 && (opens(first) || language == "de");
    if alone && ((borrowed && !capitals(first)) || first.text.chars().count() < 2) {
        return;
    }
    let words: Vec<NameWord> = named
        .iter()
        .filter(|token| !is_particle(token.text))
        .map(|token| NameWord {
            sound: sound(token.text),
            initial: token.text.chars().count() == 1,
            doubtful: named.len() > 2 && token.start == first.start && opens(token),
        })
        .filter(|word| !word.sound.is_empty())
        .collect();
    if words.iter().any(|word| !word.initial) && names.len() < super::MAX_FACTS {
        names.push((Name { words }, ByteSpan::new(first.start, last.end)));
    }
}

/// Words that open a sentence before a name and are no part of it.
fn is_opener(lower: &str) -> bool {
    matches!(
        lower,
        "yesterday"
            | "today"
            | "later"
            | "last"
            | "however"
            | "meanwhile"
            | "according"
            | "former"
            | "when"
            | "while"
            | "since"
            | "like"
            | "gestern"
            | "heute"
            | "später"
            | "nachdem"
            | "laut"
            | "hier"
            | "aujourd'hui"
            | "selon"
            | "ayer"
            | "hoy"
            | "según"
            | "ieri"
            | "oggi"
            | "secondo"
            | "gisteren"
            | "vandaag"
            | "volgens"
            | "ontem"
            | "segundo"
            | "вчера"
            | "сегодня"
    )
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "von"
            | "van"
            | "de"
            | "der"
            | "den"
            | "del"
            | "della"
            | "di"
            | "da"
            | "dos"
            | "du"
            | "la"
            | "le"
            | "el"
            | "al"
            | "bin"
            | "ibn"
            | "ben"
            | "ten"
            | "ter"
            | "zu"
            | "zur"
            | "af"
            | "av"
            | "y"
            | "of"
    )
}

fn is_title(lower: &str) -> bool {
    matches!(
        lower,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "dr"
            | "prof"
            | "professor"
            | "sir"
            | "dame"
            | "lord"
            | "lady"
            | "president"
            | "minister"
            | "general"
            | "gen"
            | "colonel"
            | "col"
            | "captain"
            | "capt"
            | "judge"
            | "justice"
            | "king"
            | "queen"
            | "prince"
            | "princess"
            | "pope"
            | "saint"
            | "st"
            | "senator"
            | "sen"
            | "rep"
            | "gov"
            | "governor"
            | "chancellor"
            | "mayor"
            | "herr"
            | "frau"
            | "präsident"
            | "präsidentin"
            | "kanzler"
            | "kanzlerin"
            | "ministerin"
            | "bürgermeister"
            | "bürgermeisterin"
            | "m"
            | "mme"
            | "mlle"
            | "monsieur"
            | "madame"
            | "président"
            | "señor"
            | "señora"
            | "sr"
            | "sra"
            | "don"
            | "doña"
            | "presidente"
            | "signor"
            | "signora"
            | "dottor"
            | "meneer"
            | "mevrouw"
            | "dhr"
            | "mevr"
            | "господин"
            | "госпожа"
            | "президент"
            | "министр"
    )
}

/// Where a source has capitalised words, by how they sound.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    /// By consonants, the sounds and their first place.
    words: HashMap<String, Vec<(String, ByteSpan)>>,
}

impl Spoken {
    pub(super) fn read(text: &str) -> Self {
        let mut spoken = Self::default();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut at = 0;
        while let Some(start) = next_capital(text, at) {
            let Some(token) = token::next(text, start, false) else {
                break;
            };
            at = token.end.max(start + 1);
            while !text.is_char_boundary(at) {
                at += 1;
            }
            if token.text.len() > 64 || seen.len() >= MAX_SPOKEN || !seen.insert(token.text) {
                continue;
            }
            let sound = sound(token.text);
            if sound.is_empty() {
                continue;
            }
            let span = ByteSpan::new(token.start, token.end);
            let known = spoken.words.entry(consonants(&sound)).or_default();
            if known.len() < 16 && !known.iter().any(|(other, _)| *other == sound) {
                known.push((sound, span));
            }
        }
        spoken
    }

    /// Where the source has a word that sounds so.
    fn word(&self, sound: &str) -> Option<ByteSpan> {
        let key = consonants(sound);
        if let Some(same) = self.words.get(&key)
            && let Some((_, span)) = same.iter().find(|(other, _)| alike(sound, other))
        {
            return Some(*span);
        }
        // An ending of the case: "Назарбаевым", "Bergs".
        for ending in ["s", "m", "h", "n"] {
            if let Some(same) = self.words.get(&format!("{key}{ending}"))
                && let Some((_, span)) = same.iter().find(|(other, _)| {
                    other.starts_with(sound) && other.len() <= sound.len() + 2 && sound.len() >= 4
                })
            {
                return Some(*span);
            }
        }
        None
    }

    /// Where the source has the name: all of its words, or the last one of a person's.
    pub(super) fn find(&self, name: &Name, text: &str) -> Option<ByteSpan> {
        let last = name.words.iter().rfind(|word| !word.initial)?;
        let place = self.word(&last.sound)?;
        let others = name
            .words
            .iter()
            .filter(|word| !word.initial && !word.doubtful && *word != last);
        let missing = others
            .filter(|word| self.word(&word.sound).is_none())
            .count();
        if missing == 0 {
            return Some(place);
        }
        // "N. Nazarbayev", "President Nazarbayev": the same person by the last name.
        let short = (2..=3).contains(&name.words.len()) && last.sound.len() >= 4;
        (short && stands_alone(text, place, name)).then_some(place)
    }
}

/// Whether a title or the first name's initial stands before a last name in the source.
fn stands_alone(text: &str, place: ByteSpan, name: &Name) -> bool {
    let before = text.get(..place.start).unwrap_or("");
    let near = before.trim_end_matches([' ', '.', '\u{a0}']);
    let start = near
        .char_indices()
        .rev()
        .take(24)
        .take_while(|(_, c)| c.is_alphanumeric())
        .last()
        .map_or(near.len(), |(at, _)| at);
    let word = near.get(start..).unwrap_or("");
    if word.is_empty() || before.len() - near.len() > 2 || near.ends_with(['\n', ':']) {
        return false;
    }
    let initial = name
        .words
        .iter()
        .any(|own| own.sound.chars().next() == sound(word).chars().next());
    if word.chars().count() == 1 {
        return initial;
    }
    is_title(&word.to_lowercase())
}

fn next_capital(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let mut inside = false;
    for (at, c) in rest.char_indices() {
        if !inside && c.is_uppercase() {
            return Some(from + at);
        }
        inside = c.is_alphanumeric();
    }
    None
}

/// Two sounds with the same consonants that differ in a vowel or two.
fn alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let long = consonants(a).len() >= 4;
    long && a.chars().next() == b.chars().next() && strsim::levenshtein(a, b) <= 2
}

fn consonants(sound: &str) -> String {
    let mut kept: String = sound
        .chars()
        .filter(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'))
        .collect();
    // Short names are told by their vowels.
    if kept.chars().count() < 4 {
        kept = sound.to_owned();
    }
    kept
}

/// A word by its sound, roughly: Latin letters without accents, one letter for what
/// transliterations write in several ways (BGN/PCGN, ISO 9, French and German usage).
fn sound(word: &str) -> String {
    let mut latin = String::with_capacity(word.len() + 4);
    let lower = word.to_lowercase();
    let lower = lower
        .strip_suffix("'s")
        .or_else(|| lower.strip_suffix("’s"))
        .unwrap_or(&lower);
    for c in lower.chars().filter_map(fold_letter) {
        match letter(c) {
            Some(letters) => latin.push_str(letters),
            None if c.is_alphanumeric() => latin.push(c),
            None => {}
        }
    }
    for (from, to) in [
        ("shch", "c"),
        ("schtsch", "c"),
        ("tsch", "c"),
        ("tch", "c"),
        ("dsch", "j"),
        ("dzh", "j"),
        ("zh", "j"),
        ("sch", "s"),
        ("sh", "s"),
        ("ch", "c"),
        ("kh", "c"),
        ("gh", "g"),
        ("ph", "f"),
        ("th", "t"),
        ("ts", "c"),
        ("tz", "c"),
        ("ck", "k"),
        ("qu", "k"),
        ("ou", "u"),
        ("ow", "ov"),
        ("ew", "ev"),
        ("off", "ov"),
        ("eff", "ev"),
        ("iy", "i"),
        ("ij", "i"),
        ("yi", "i"),
        ("ye", "e"),
        ("yo", "o"),
        ("yu", "u"),
        ("ya", "a"),
        ("ie", "e"),
        ("ia", "a"),
        ("iu", "u"),
        ("je", "e"),
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
    ] {
        if latin.contains(from) {
            latin = latin.replace(from, to);
        }
    }
    let mut out = String::with_capacity(latin.len());
    for c in latin.chars() {
        let c = match c {
            'y' | 'j' if out.is_empty() => c,
            'y' => 'i',
            'q' => 'k',
            'w' => 'v',
            'x' => 's',
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// A letter of another alphabet in Latin ones.
const fn letter(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ы' => "i",
        'ї' => "i",
        'й' => "y",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ү' => "u",
        'ф' => "f",
        'х' | 'һ' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'α' | 'ά' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' | 'έ' => "e",
        'ζ' => "z",
        'η' | 'ή' | 'ι' | 'ί' | 'υ' | 'ύ' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ό' | 'ω' | 'ώ' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'φ' => "f",
        'χ' => "kh",
        'ψ' => "ps",
        'ß' => "s",
        'æ' => "a",
        'œ' => "o",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_runs_of_capitals() {
        fn check(claim: &str, language: &str, expected: &[&str]) {
            let found: Vec<&str> = names(claim, &Tongue::new(Some(language)))
                .iter()
                .map(|(_, span)| span.of(claim))
                .collect();
            assert_eq!(found, expected, "{claim}");
        }
        check(
            "Yesterday Anna Berg left NATO.",
            "en",
            &["Anna Berg", "NATO"],
        );
        check("Anna Berg left.", "en", &["Anna Berg"]);
        check("Reuters said so.", "en", &[]);
        check(
            "The mayor, Dr. J. R. Berg, and Mr. Dietz left.",
            "en",
            &["J. R. Berg", "Dietz"],
        );
        check(
            "It was President Nazarbayev who left.",
            "en",
            &["Nazarbayev"],
        );
        check(
            "Es sprach Ludwig van Beethoven im Haus.",
            "de",
            &["Ludwig van Beethoven"],
        );
        check("Die Häuser der Stadt.", "de", &[]);
        check("It was told by A. B. Dietz there.", "en", &["A. B. Dietz"]);
        check("She met Cyrus al-Hamid there.", "en", &["Cyrus al-Hamid"]);
    }

    #[test]
    fn a_name_is_found_in_its_variants() {
        fn check(claim: &str, source: &str, expected: bool) {
            let (name, _) = names(claim, &Tongue::new(Some("en"))).remove(0);
            let found = Spoken::read(source).find(&name, source);
            assert_eq!(
                found.is_some(),
                expected,
                "{name:?} in {source}: {:?}",
                Spoken::read(source)
            );
        }
        check(
            "So Nursultan Nazarbayev said",
            "said Nursultan Nazarbaev today",
            true,
        );
        check(
            "So Nursultan Nazarbayev said",
            "сказал Нурсултан Назарбаев",
            true,
        );
        check(
            "So Nursultan Nazarbayev said",
            "встреча с Нурсултаном Назарбаевым",
            true,
        );
        check(
            "So Nursultan Nazarbayev said",
            "as president Nazarbayev put it",
            true,
        );
        check(
            "So Nursultan Nazarbayev said",
            "as N. Nazarbayev put it",
            true,
        );
        check(
            "So Nursultan Nazarbayev said",
            "as Dariga Nazarbayeva put it",
            false,
        );
        check(
            "So Mikhail Gorbachev said",
            "sagte Michail Gorbatschow",
            true,
        );
        check("So Mikhail Gorbachev said", "dit Mikhaïl Gorbatchev", true);
        check("He met Anna Müller there", "ANNA MUELLER was there", true);
        check("He met Anna Berg there", "as Carl Berg put it", false);
        check("He met Anna Berg there", "Dr. Berg put it so", true);
        check("He met José Muñoz there", "Jose Munoz", true);
        check("He met Anna Berg there", "Bergen is a town", false);
        check("He went to New York then", "in York he went", false);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(claim in "\\PC{0,60}", source in "\\PC{0,80}") {
            let spoken = Spoken::read(&source);
            for (name, span) in names(&claim, &Tongue::new(Some("en"))) {
                proptest::prop_assert!(claim.get(span.start..span.end).is_some());
                let _ = spoken.find(&name, &source);
            }
        }
    }
}
