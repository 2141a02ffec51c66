//! What a number counts: the nouns behind it, and what befell them ("14 people were killed").
//!
//! **In:** a text and the bytes of a quantity in it. **Out:** [`Counted`], which can be
//! told to be the same thing as another. **Not here:** grammar. Words near a number, within
//! its clause and up to the next number, stand for what it counts.

use super::Tongue;
use super::token::{self, Token};
use crate::document::ByteSpan;
use crate::evidence::terms::{algorithm, fold_letter};

/// What happened to those counted, told in words that differ from text to text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lot {
    Dead,
    Hurt,
    Held,
    Missing,
}

/// What a number counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Counted {
    /// Stems of the words behind it, nearest first; those for people at large left out.
    nouns: Vec<String>,
    /// People at large: "people", "persons", "Menschen".
    people: bool,
    lot: Option<Lot>,
    /// Where the words that tell it end.
    pub(super) end: usize,
}

/// Words behind and before a number that may tell what it counts.
const BEHIND: usize = 6;
const BEFORE: usize = 4;
/// Nouns kept.
const NOUNS: usize = 2;

impl Counted {
    /// Whether both count the same kind of thing, plainly.
    pub(super) fn same(&self, other: &Self) -> bool {
        match (self.lot, other.lot) {
            (Some(a), Some(b)) => a == b,
            (Some(_), None) | (None, Some(_)) => false,
            (None, None) => {
                self.nouns.iter().any(|noun| other.nouns.contains(noun))
                    || (self.people
                        && other.people
                        && self.nouns.is_empty()
                        && other.nouns.is_empty())
            }
        }
    }

    pub(super) const fn is_known(&self) -> bool {
        self.people || self.lot.is_some() || !self.nouns.is_empty()
    }
}

/// What the quantity at `span` counts.
pub(super) fn counted(text: &str, span: ByteSpan, tongue: &Tongue) -> Counted {
    let mut counted = Counted {
        end: span.end,
        ..Counted::default()
    };
    let mut content = 0;
    for token in token::following(text, span.end, BEHIND) {
        let lower = token.lower();
        if token.digits {
            // "14 dead and 30 injured": the rest is the other number's. So is the word between
            // "14 of the 30 people" theirs both.
            break;
        }
        if let Some(lot) = lot(&lower) {
            counted.lot = Some(lot);
            counted.end = token.end;
            break;
        }
        if tongue.stops.have(&lower) || lower.chars().count() < 3 {
            if matches!(
                lower.as_str(),
                "and" | "und" | "et" | "y" | "e" | "en" | "и" | "og"
            ) {
                break;
            }
            continue;
        }
        content += 1;
        if is_people(&lower) {
            counted.people = true;
        } else if counted.nouns.len() < NOUNS && content <= NOUNS {
            counted.nouns.push(stem(&lower, &tongue.code));
        }
        if content == 1 {
            counted.end = token.end;
        }
    }
    if counted.lot.is_none() {
        // "killing 14", "the death toll rose to 14"
        for token in token::preceding(text, span.start, BEFORE) {
            if token.digits {
                break;
            }
            if let Some(lot) = lot(&token.lower()) {
                counted.lot = Some(lot);
                break;
            }
        }
    }
    counted
}

/// Whether people, or those whom something befell, stand directly behind a number.
pub(super) fn of_people(text: &str, end: usize) -> bool {
    token::following(text, end, 1).first().is_some_and(|token| {
        let lower = token.lower();
        is_people(&lower) || lot(&lower).is_some()
    })
}

/// The word directly behind a quantity, where it names what is counted.
pub(super) fn noun_behind(text: &str, end: usize, tongue: &Tongue) -> Option<usize> {
    let tokens = token::following(text, end, 1);
    let token: &Token<'_> = tokens.first()?;
    let lower = token.lower();
    let told = !token.digits
        && text
            .get(end..token.start)
            .is_some_and(|gap| matches!(gap, " " | "\u{a0}"))
        && lower.chars().count() >= 3
        && !tongue.stops.have(&lower);
    told.then_some(token.end)
}

fn stem(lower: &str, language: &str) -> String {
    let stemmed = match algorithm(language) {
        Some(algorithm) if lower.len() <= 64 => waken_snowball::stem(algorithm, lower),
        _ => lower.into(),
    };
    stemmed.chars().filter_map(fold_letter).collect()
}

fn is_people(lower: &str) -> bool {
    matches!(
        lower,
        "people"
            | "persons"
            | "person"
            | "men"
            | "women"
            | "lives"
            | "menschen"
            | "personen"
            | "leute"
            | "personnes"
            | "gens"
            | "personas"
            | "gente"
            | "persone"
            | "mensen"
            | "pessoas"
            | "человек"
            | "людей"
            | "personer"
            | "mennesker"
            | "människor"
    )
}

/// What befell people: whole words, and the beginnings of words, that tell it.
const LOTS: [(Lot, &[&str], &[&str]); 4] = [
    (
        Lot::Dead,
        &[
            "dead", "died", "dies", "die", "slain", "tot", "tote", "toten", "toter", "starb",
            "starben", "ums", "mort", "morts", "morte", "mortes", "morti", "morto", "tué", "tués",
            "tuées", "murió", "murieron", "mortos", "morreram", "doden", "dode", "gedood", "døde",
            "drept", "drepte", "döda", "dödade",
        ],
        &[
            "death",
            "kill",
            "perish",
            "fatal",
            "getötet",
            "gestorben",
            "umgekommen",
            "todesopfer",
            "décéd",
            "muert",
            "fallec",
            "ucci",
            "omgekomen",
            "погиб",
            "убит",
            "умер",
        ],
    ),
    (
        Lot::Hurt,
        &["hurt", "skadde", "skadade"],
        &[
            "injur",
            "wound",
            "verletz",
            "blessé",
            "herid",
            "ferit",
            "ferid",
            "gewond",
            "ранен",
            "пострада",
        ],
    ),
    (
        Lot::Held,
        &["jailed", "pågrepet"],
        &[
            "arrest",
            "detain",
            "imprison",
            "festgenommen",
            "verhaft",
            "arrêt",
            "detenid",
            "aangehouden",
            "задержан",
            "арестован",
        ],
    ),
    (
        Lot::Missing,
        &["missing", "dispersi"],
        &["vermiss", "disparu", "desaparec", "vermist", "пропал"],
    ),
];

pub(super) fn lot(lower: &str) -> Option<Lot> {
    LOTS.iter()
        .find(|(_, whole, beginnings)| {
            whole.contains(&lower)
                || beginnings
                    .iter()
                    .any(|beginning| lower.starts_with(beginning))
        })
        .map(|(lot, _, _)| *lot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_is_told_in_other_words() {
        fn check(claim: (&str, &str), source: (&str, &str), expected: bool) {
            let of = |(text, number): (&str, &str)| {
                let start = text.find(number).unwrap();
                counted(
                    text,
                    ByteSpan::new(start, start + number.len()),
                    &Tongue::new(Some("en")),
                )
            };
            assert_eq!(
                of(claim).same(&of(source)),
                expected,
                "{claim:?} {source:?}: {:?} {:?}",
                of(claim),
                of(source)
            );
        }
        check(
            ("The clash left 16 dead.", "16"),
            ("In it 14 people were killed.", "14"),
            true,
        );
        check(
            ("killing 16 on the spot", "16"),
            ("the death toll rose to 14", "14"),
            true,
        );
        check(
            ("16 dead and 30 injured", "30"),
            ("14 people were killed", "14"),
            false,
        );
        check(
            ("16 dead and 30 injured", "30"),
            ("25 were wounded", "25"),
            true,
        );
        check(
            ("sold 1,200 boats", "1,200"),
            ("it sold 900 new boats", "900"),
            true,
        );
        check(
            ("sold 1,200 boats", "1,200"),
            ("it sold 900 houses", "900"),
            false,
        );
        check(("17 people came", "17"), ("12 persons came", "12"), true);
        check(("17 people", "17"), ("12 persons", "12"), true);
        check(("17 people", "17"), ("12 people died", "12"), false);
    }
}
