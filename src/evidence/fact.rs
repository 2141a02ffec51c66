//! The facts of a claim: its numbers, dates and names, and what the source has of each.
//!
//! **In:** a claim; a source's text and the sentences in it that bear on the claim.
//! **Out:** [`ClaimFact`]s, and for each a [`Finding`]: found, contradicted (the source
//! plainly has another number in its place) or not found. **Not here:** which sentences
//! bear on the claim, and what follows for the verdict.
//!
//! ```text
//! claim  ─► facts ──┐
//! source ─► Said ───┴─► look_up ─► findings
//! ```
//!
//! Numbers and dates are compared as values: "12 %" is "twelve per cent", "20.3.12" is
//! "20 March 2012". Nothing is called contradicted lightly: the same thing must be counted
//! or dated otherwise in a sentence that speaks of what the claim speaks of, once and not
//! in several ways.

mod counted;
mod date;
mod glance;
mod look_up;
mod name;
mod number_word;
mod quantity;
pub(super) mod token;
mod unit;

use super::terms::stop_words::{StopWords, stop_words};
use super::{Fact, FactKind};
use crate::document::ByteSpan;
use date::DateValue;
use glance::Glance;
use name::{Name, Spoken};
use quantity::Quantity;
use std::cell::OnceCell;
use std::collections::HashSet;

pub(super) use look_up::look_up;

/// Facts taken from one claim.
pub(super) const MAX_FACTS: usize = 128;
/// Numbers and dates of a source that are remembered: a table of data has no end.
const MAX_MENTIONS: usize = 1 << 17;

/// A number, date or name of a claim.
#[derive(Debug, Clone)]
pub(super) struct ClaimFact {
    /// As the claim has it, with unit and bounds.
    pub(super) text: String,
    pub(super) kind: FactKind,
    /// Where it stands in the claim.
    pub(super) span: ByteSpan,
    /// Whether a source may well say it in other words ("both" for "two"): it counts when it is
    /// there or when another number is, but that it is not there says nothing.
    pub(super) weak: bool,
    sought: Sought,
}

impl ClaimFact {
    /// As the report has it.
    pub(super) fn told(&self, finding: Finding) -> Fact {
        let (found, source_says) = match finding {
            Finding::Found(_) => (true, None),
            Finding::NotFound => (false, None),
            Finding::Contradicted { source_says, .. } => (false, Some(source_says)),
        };
        Fact {
            text: self.text.clone(),
            kind: self.kind,
            found,
            source_says,
        }
    }
}

#[derive(Debug, Clone)]
enum Sought {
    Value(Value),
    Name(Name),
}

/// What the source has of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is there.
    Found(ByteSpan),
    /// The source has another value in its place.
    Contradicted {
        /// In the source's words: "14 dead".
        source_says: String,
        /// Where it says so.
        span: ByteSpan,
    },
    NotFound,
}

/// A number or a date.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Number(Quantity),
    Date(DateValue),
}

/// A value and its place in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mention {
    value: Value,
    span: ByteSpan,
}

/// All numbers, dates and names of a source, read once for many claims.
#[derive(Debug)]
pub(super) struct Said<'a> {
    text: &'a str,
    tongue: Tongue,
    mentions: Vec<Mention>,
    spoken: OnceCell<Spoken>,
}

impl<'a> Said<'a> {
    /// Reads a source's text in its language.
    pub(super) fn read(text: &'a str, language: Option<&str>) -> Self {
        let tongue = Tongue::new(language);
        Self {
            mentions: mentions(text, &tongue.code),
            text,
            tongue,
            spoken: OnceCell::new(),
        }
    }

    fn spoken(&self) -> &Spoken {
        self.spoken.get_or_init(|| Spoken::read(self.text))
    }
}

/// A language and its words that name nothing.
#[derive(Debug)]
pub(super) struct Tongue {
    /// ISO 639-1 code in small letters; English where none is known.
    code: String,
    stops: &'static StopWords,
}

impl Tongue {
    pub(super) fn new(language: Option<&str>) -> Self {
        let code = language
            .and_then(|code| code.split(['-', '_']).next())
            .unwrap_or("en")
            .to_lowercase();
        Self {
            stops: stop_words(&code),
            code,
        }
    }
}

/// The facts of a claim in order. What lies in a `silent` span (an address, the mark of a note) says nothing.
pub(super) fn facts(claim: &str, tongue: &Tongue, silent: &[ByteSpan]) -> Vec<ClaimFact> {
    let loud = |span: ByteSpan| !silent.iter().any(|quiet| quiet.overlaps(span));
    let mut facts: Vec<ClaimFact> = Vec::new();
    for mention in mentions(claim, &tongue.code) {
        if loud(mention.span) {
            facts.push(of_value(claim, mention, tongue));
        }
    }
    let dated = facts.clone();
    for (name, span) in name::names(claim, tongue) {
        // "March" and "May" within a date are no names.
        if loud(span) && !dated.iter().any(|fact| fact.span.overlaps(span)) {
            facts.push(ClaimFact {
                text: span.of(claim).to_owned(),
                kind: FactKind::Name,
                span,
                weak: false,
                sought: Sought::Name(name),
            });
        }
    }
    facts.sort_by_key(|fact| fact.span.start);
    let mut seen = HashSet::new();
    facts.retain(|fact| seen.insert(fact.text.clone()));
    facts.truncate(MAX_FACTS);
    facts
}

fn of_value(claim: &str, mention: Mention, tongue: &Tongue) -> ClaimFact {
    let mut span = mention.span;
    let (kind, weak) = match mention.value {
        Value::Date(date) => (FactKind::Date, date.year.is_none() && date.day.is_none()),
        Value::Number(quantity) => {
            if quantity.unit == unit::Unit::None
                && !quantity.ordinal
                && let Some(end) = counted::noun_behind(claim, span.end, tongue)
            {
                span.end = end;
            }
            (
                FactKind::Number,
                quantity.worded && quantity.unit == unit::Unit::None,
            )
        }
    };
    ClaimFact {
        text: span.of(claim).to_owned(),
        kind,
        span: mention.span,
        weak,
        sought: Sought::Value(mention.value),
    }
}

/// The numbers and dates of a text, in order.
fn mentions(text: &str, language: &str) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let spaced = language != "en";
    let mut glance = Glance::new(language);
    let mut at = 0;
    while let Some(start) = glance.next(text, at) {
        if mentions.len() == MAX_MENTIONS {
            break;
        }
        let Some(token) = token::next(text, start, spaced) else {
            break;
        };
        at = token.end;
        if !token.digits && glance.is_vain(text, token.text, token.end) {
            continue;
        }
        let mention = match date::at(text, start) {
            Some((date, end)) => Some(dated_or_counted(text, &token, date, end, language)),
            None => quantity::at(text, &token, language).map(|(quantity, span)| Mention {
                value: Value::Number(quantity),
                span,
            }),
        };
        if let Some(mention) = mention {
            at = mention.span.end.max(at);
            mentions.push(mention);
        }
    }
    mentions
}

/// Four figures are a year, but for a unit behind or a bound before them ("2000 km",
/// "1500 people", "more than 1500").
fn dated_or_counted(
    text: &str,
    token: &token::Token<'_>,
    date: DateValue,
    end: usize,
    language: &str,
) -> Mention {
    let plain = date.month.is_none() && !date.decade;
    if plain
        && let Some((quantity, span)) = quantity::at(text, token, language)
        && (quantity.unit != unit::Unit::None
            || counted::of_people(text, span.end)
            || quantity.low < quantity.nominal
            || quantity.high == f64::INFINITY)
    {
        return Mention {
            value: Value::Number(quantity),
            span,
        };
    }
    Mention {
        value: Value::Date(date),
        span: ByteSpan::new(token.start, end),
    }
}

#[cfg(test)]
mod tests;
