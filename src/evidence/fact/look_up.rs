//! Each fact of a claim looked up in what the source said.
//!
//! **In:** facts, the source's [`Said`], the sentences that bear on the claim.
//! **Out:** a [`Finding`] for each fact. **Not here:** reading either text.

use super::counted::{self, Counted};
use super::date::{Agreement, DateValue};
use super::name::{self, Name};
use super::quantity::Quantity;
use super::unit::Unit;
use super::{ClaimFact, Finding, Mention, Said, Sought, Tongue, Value, token};
use crate::document::ByteSpan;
use std::collections::HashSet;

/// The share of the claim's words that a sentence must have to date its event, or to measure
/// the same thing where no noun says what is measured.
const SAME_MATTER: f64 = 0.65;
/// Words of the claim that a sentence must have beside what is counted.
const SHARED_WORDS: usize = 2;
/// Bytes of a contradiction that are repeated.
const MAX_SAID: usize = 60;

/// Looks every fact up. `near` are the sentences that bear on the claim, in any order.
pub(in crate::evidence) fn look_up(
    claim: &str,
    tongue: &Tongue,
    facts: &[ClaimFact],
    said: &Said<'_>,
    near: &[ByteSpan],
) -> Vec<Finding> {
    let matter = Matter::new(claim, tongue, facts);
    facts
        .iter()
        .map(|fact| match &fact.sought {
            Sought::Name(name) => match said.spoken().find(name, said.text) {
                Some(span) => Finding::Found(span),
                None => Finding::NotFound,
            },
            Sought::Value(Value::Number(quantity)) => {
                let thing = counted::counted(claim, fact.span, tongue);
                let alone = facts
                    .iter()
                    .filter(|other| other.measures_like(quantity))
                    .count()
                    == 1;
                number(
                    quantity,
                    &thing,
                    &Matter {
                        alone,
                        ..matter.clone()
                    },
                    said,
                    near,
                )
            }
            Sought::Value(Value::Date(date)) => dated(date, &matter, facts, said, near),
        })
        .collect()
}

#[derive(Clone)]
/// What a claim speaks of, as the beginnings of its words.
struct Matter {
    words: HashSet<String>,
    years: HashSet<i16>,
    names: Vec<Name>,
    /// Whether the claim has one quantity of its kind only, so that it cannot be taken for another
    /// ("8 minutes and 20 seconds").
    alone: bool,
}

/// Letters of a word that tell it from others, endings left out.
const TELLING: usize = 5;

fn words(text: &str, tongue: &Tongue) -> Vec<String> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(token) = token::next(text, at, false) {
        at = token.end;
        let lower = token.lower();
        if !token.digits
            && counted::lot(&lower).is_none()
            && lower.chars().count() >= 3
            && !tongue.stops.have(&lower)
        {
            let folded = lower
                .chars()
                .filter_map(crate::evidence::terms::fold_letter);
            words.push(folded.take(TELLING).collect());
        }
    }
    words
}

impl Matter {
    fn new(claim: &str, tongue: &Tongue, facts: &[ClaimFact]) -> Self {
        let years = facts.iter().filter_map(|fact| match fact.sought {
            Sought::Value(Value::Date(date)) => date.year,
            Sought::Value(Value::Number(_)) | Sought::Name(_) => None,
        });
        let names = facts.iter().filter_map(|fact| match &fact.sought {
            Sought::Name(name) => Some(name),
            Sought::Value(_) => None,
        });
        Self {
            words: words(claim, tongue).into_iter().collect(),
            years: years.collect(),
            names: names.cloned().collect(),
            alone: true,
        }
    }

    /// Whether a sentence names others, and none of those whom the claim names.
    fn other_names(&self, sentence: &str, tongue: &Tongue) -> bool {
        let theirs = name::names(sentence, tongue);
        !self.names.is_empty()
            && !theirs.is_empty()
            && !self
                .names
                .iter()
                .any(|name| theirs.iter().any(|(other, _)| name.shares(other)))
    }

    /// How many of the claim's words a sentence has, and which share that is.
    fn shared(&self, sentence: &str, tongue: &Tongue) -> (usize, f64) {
        let theirs: HashSet<String> = words(sentence, tongue).into_iter().collect();
        let shared = self.words.intersection(&theirs).count();
        (shared, shared as f64 / self.words.len().max(1) as f64)
    }
}

impl ClaimFact {
    fn measures_like(&self, quantity: &Quantity) -> bool {
        match &self.sought {
            Sought::Value(Value::Number(own)) => own.unit.comparable(quantity.unit),
            Sought::Value(Value::Date(_)) | Sought::Name(_) => false,
        }
    }
}

fn inside(span: ByteSpan, near: &[ByteSpan]) -> Option<ByteSpan> {
    near.iter()
        .copied()
        .find(|sentence| sentence.overlaps(span))
}

fn number(
    quantity: &Quantity,
    thing: &Counted,
    matter: &Matter,
    said: &Said<'_>,
    near: &[ByteSpan],
) -> Finding {
    let agreeing = |mention: &&Mention| match &mention.value {
        Value::Number(theirs) => quantity.agrees(theirs),
        // "1500 men" reads as a year until something is known to be counted.
        Value::Date(date) => {
            quantity.unit == Unit::None
                && !quantity.ordinal
                && date.month.is_none()
                && !date.decade
                && date
                    .year
                    .is_some_and(|year| (f64::from(year) - quantity.nominal).abs() < 0.5)
        }
    };
    let mut elsewhere = None;
    for mention in said.mentions.iter().filter(agreeing) {
        if inside(mention.span, near).is_some() {
            return Finding::Found(mention.span);
        }
        let same = || counted::counted(said.text, mention.span, &said.tongue).same(thing);
        // The first place will do, unless another one counts the same thing.
        if elsewhere.is_none() || same() {
            let plain = same();
            if plain {
                return Finding::Found(mention.span);
            }
            elsewhere = elsewhere.or(Some(mention.span));
        }
    }
    match rival(quantity, thing, matter, said, near) {
        Some(finding) => finding,
        None => elsewhere.map_or(Finding::NotFound, Finding::Found),
    }
}

/// Another value that the source plainly has in the place of the claim's number.
fn rival(
    quantity: &Quantity,
    thing: &Counted,
    matter: &Matter,
    said: &Said<'_>,
    near: &[ByteSpan],
) -> Option<Finding> {
    if quantity.ordinal {
        return None;
    }
    let mut rivals: Vec<(&Mention, &Quantity, Counted)> = Vec::new();
    for sentence in near {
        let words = sentence.of(said.text);
        let (shared, share) = matter.shared(words, &said.tongue);
        if other_time(matter, *sentence, said) || matter.other_names(words, &said.tongue) {
            continue;
        }
        let mut measured = Vec::new();
        for mention in in_sentence(said, *sentence) {
            let Value::Number(theirs) = &mention.value else {
                continue;
            };
            if !quantity.unit.comparable(theirs.unit) || theirs.ordinal {
                continue;
            }
            let other = counted::counted(said.text, mention.span, &said.tongue);
            measured.push((mention, theirs, other));
        }
        let alone = measured.len() == 1;
        for (mention, theirs, other) in measured {
            let same_thing = thing.is_known() && thing.same(&other) && shared >= SHARED_WORDS;
            // A measure or a sum of money has its unit for a noun.
            let same_measure =
                quantity.unit != Unit::None && matter.alone && alone && share >= SAME_MATTER;
            if same_thing || same_measure {
                rivals.push((mention, theirs, other));
            }
        }
    }
    let (mention, first, other) = rivals.first()?;
    // Several counts of the same thing: which one the claim means is not for us to say.
    let single = rivals
        .iter()
        .all(|(_, theirs, _)| first.agrees(theirs) || theirs.agrees(first));
    if !single || !quantity.excludes(first) {
        return None;
    }
    let span = ByteSpan::new(mention.span.start, other.end.max(mention.span.end));
    let short = if span.len() <= MAX_SAID {
        span
    } else {
        mention.span
    };
    Some(contradicted(said, short))
}

fn contradicted(said: &Said<'_>, span: ByteSpan) -> Finding {
    let words: Vec<&str> = span.of(said.text).split_whitespace().collect();
    Finding::Contradicted {
        source_says: words.join(" "),
        span,
    }
}

/// The mentions within a sentence.
fn in_sentence<'s>(said: &'s Said<'_>, sentence: ByteSpan) -> impl Iterator<Item = &'s Mention> {
    let first = said
        .mentions
        .partition_point(|mention| mention.span.start < sentence.start);
    said.mentions
        .get(first..)
        .unwrap_or(&[])
        .iter()
        .take_while(move |mention| mention.span.start < sentence.end)
}

/// Whether a sentence speaks of another year than the claim does.
fn other_time(matter: &Matter, sentence: ByteSpan, said: &Said<'_>) -> bool {
    let mut years = in_sentence(said, sentence)
        .filter_map(|mention| match &mention.value {
            Value::Date(date) => date.year,
            Value::Number(_) => None,
        })
        .peekable();
    years.peek().is_some()
        && !matter.years.is_empty()
        && !years.any(|year| matter.years.contains(&year))
}

fn dated(
    date: &DateValue,
    matter: &Matter,
    facts: &[ClaimFact],
    said: &Said<'_>,
    near: &[ByteSpan],
) -> Finding {
    let dates = || {
        said.mentions
            .iter()
            .filter_map(|mention| match &mention.value {
                Value::Date(theirs) => Some((theirs, mention.span)),
                Value::Number(_) => None,
            })
    };
    let mut full = None;
    let mut open = None;
    for (theirs, span) in dates() {
        match date.agreement(theirs) {
            Agreement::Full => {
                if inside(span, near).is_some() {
                    return Finding::Found(span);
                }
                full = full.or(Some(span));
            }
            Agreement::YearOpen => open = open.or(Some(span)),
            Agreement::None => {}
        }
    }
    // "1,500 men" in the source for "1500 men".
    let counted = |mention: &&Mention| match &mention.value {
        Value::Number(theirs) => {
            date.month.is_none()
                && !date.decade
                && theirs.unit == Unit::None
                && date
                    .year
                    .is_some_and(|year| (f64::from(year) - theirs.nominal).abs() < 0.5)
        }
        Value::Date(_) => false,
    };
    let full = full.or_else(|| Some(said.mentions.iter().find(counted)?.span));
    if let Some(span) = full {
        return Finding::Found(span);
    }
    // The source tells the year in another place.
    if let Some(span) = open
        && dates().any(|(theirs, _)| theirs.year == date.year)
    {
        return Finding::Found(span);
    }
    let only_date = facts
        .iter()
        .filter(|fact| matches!(fact.sought, Sought::Value(Value::Date(_))))
        .count()
        == 1;
    if !only_date {
        return Finding::NotFound;
    }
    // One sentence that tells of the same event, and one date in it.
    let mut rivals: Vec<ByteSpan> = Vec::new();
    let mut values: Vec<DateValue> = Vec::new();
    for sentence in near {
        let words = sentence.of(said.text);
        let (shared, share) = matter.shared(words, &said.tongue);
        if matter.other_names(words, &said.tongue) || share < SAME_MATTER || shared < SHARED_WORDS {
            continue;
        }
        let mut there = in_sentence(said, *sentence).filter_map(|mention| match mention.value {
            Value::Date(theirs) => Some((theirs, mention.span)),
            Value::Number(_) => None,
        });
        let (Some((theirs, span)), None) = (there.next(), there.next()) else {
            continue;
        };
        if !date.differs_in_kind(&theirs) {
            return Finding::NotFound;
        }
        if !values.contains(&theirs) {
            values.push(theirs);
            rivals.push(span);
        }
    }
    match rivals.as_slice() {
        [span] => contradicted(said, *span),
        _ => Finding::NotFound,
    }
}
