//! The words of a reason: sentences that a person would use.
//!
//! **In:** a quotation, a fact, what the evidence lacks. **Out:** a sentence. **Not here:** whether
//! it is a reason, and how heavy.

use crate::evidence::terms::value::scale;
use crate::evidence::{Difference, Evidence, Fact, FactKind, Quotation};

/// Characters of a quotation or name that a reason repeats.
pub(super) const MAX_REPEATED: usize = 100;
/// Words before and behind a difference that place it.
const CONTEXT: usize = 3;
/// Facts that are missed by name.
const MAX_MISSED: usize = 4;

/// "The source says 14 dead, the text says 16."
pub(super) fn contradicted(fact: &Fact, says: &str) -> String {
    format!(
        "The source says {}, the text says {}.",
        brief(says),
        without_the_same_end(&brief(&fact.text), says)
    )
}

/// The claim's words without those at their end that the source's have too: "16 dead" beside "14 dead" is 16.
fn without_the_same_end<'t>(text: &'t str, says: &str) -> &'t str {
    let said: Vec<String> = says.split_whitespace().map(str::to_lowercase).collect();
    let mut kept = text;
    while let Some((before, last)) = kept.rsplit_once(char::is_whitespace) {
        let number =
            last.contains(|c: char| c.is_numeric()) || scale(&last.to_lowercase()).is_some();
        let word = last.contains(char::is_alphabetic);
        if number || !word || !said.contains(&last.to_lowercase()) {
            break;
        }
        kept = before.trim_end();
    }
    // What is left must say a value.
    let tells = kept.contains(|c: char| c.is_numeric()) || !kept.contains(char::is_whitespace);
    if tells { kept } else { text }
}

/// "The source says “…must depend on…”, the text quotes “…may depend on…”."
pub(super) fn altered(quotation: &Quotation) -> String {
    let (mut ours, mut theirs) = (String::new(), String::new());
    let changed = |piece: &Difference| !matches!(piece, Difference::Kept(_));
    let first = quotation.difference.iter().position(changed).unwrap_or(0);
    let last = quotation.difference.iter().rposition(changed).unwrap_or(0);
    for (index, piece) in quotation.difference.iter().enumerate() {
        match piece {
            Difference::Kept(text) => {
                let shown = match (index < first, index > last) {
                    (true, _) => ending(text),
                    (_, true) => beginning(text),
                    _ => text.clone(),
                };
                ours.push_str(&shown);
                theirs.push_str(&shown);
            }
            Difference::OnlyInText(text) => ours.push_str(text),
            Difference::OnlyInSource(text) => theirs.push_str(text),
        }
    }
    let (ours, theirs) = (brief(&ours), brief(&theirs));
    format!("The words quoted differ: the source says “{theirs}”, the text quotes “{ours}”.")
}

/// The last words of a text, with an ellipsis for those before.
fn ending(text: &str) -> String {
    match text
        .trim_end()
        .rmatch_indices(char::is_whitespace)
        .nth(CONTEXT - 1)
    {
        Some((at, space)) => format!("…{}", &text[at + space.len()..]),
        None => text.to_owned(),
    }
}

fn beginning(text: &str) -> String {
    let lead = text.len() - text.trim_start().len();
    match text[lead..]
        .match_indices(char::is_whitespace)
        .nth(CONTEXT - 1)
    {
        Some((at, _)) => format!("{}…", &text[..lead + at]),
        None => text.to_owned(),
    }
}

/// What of the claim is missing, by name.
pub(super) fn partial(evidence: &Evidence) -> String {
    let contradicted = evidence.facts.iter().any(|fact| fact.source_says.is_some());
    let altered = evidence
        .quotations
        .iter()
        .any(|quotation| quotation.altered);
    if let Some(missing) = missing(evidence, |_| true) {
        format!("Only part of the claim was found; the source does not have {missing}.")
    } else if contradicted || altered {
        "A passage of the source bears on the claim, but differs from it.".to_owned()
    } else {
        "Only part of the claim's words were found together in the source.".to_owned()
    }
}

/// Numbers and dates that are missed though the claim was found. Names are not told: a source may
/// call them otherwise.
pub(super) fn missing_values(evidence: &Evidence) -> Option<String> {
    let missing = missing(evidence, |kind| kind != FactKind::Name)?;
    Some(format!("The source does not have {missing}."))
}

/// Facts that the source neither has nor contradicts, by name.
fn missing(evidence: &Evidence, of: impl Fn(FactKind) -> bool) -> Option<String> {
    let facts = evidence.facts.iter();
    let missing: Vec<String> = facts
        .filter(|fact| !fact.found && fact.source_says.is_none() && of(fact.kind))
        .take(MAX_MISSED)
        .map(|fact| format!("“{}”", brief(&fact.text)))
        .collect();
    (!missing.is_empty()).then(|| missing.join(", "))
}

/// A text short enough for a reason.
pub(super) fn brief(text: &str) -> String {
    let folded: Vec<&str> = text.split_whitespace().collect();
    let folded = folded.join(" ");
    match folded.char_indices().nth(MAX_REPEATED) {
        Some((cut, _)) => format!("{}…", folded[..cut].trim_end()),
        None => folded,
    }
}

/// A clause or sentence as a sentence: closed by a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        "No reason is known.".to_owned()
    } else if text.ends_with(['.', '!', '?', '…', '”']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::FactKind;

    fn fact(text: &str, says: Option<&str>, found: bool) -> Fact {
        Fact {
            text: text.to_owned(),
            kind: FactKind::Number,
            found,
            source_says: says.map(str::to_owned),
        }
    }

    #[test]
    fn another_number_is_told_in_words() {
        fn check(text: &str, says: &str, expected: &str) {
            assert_eq!(contradicted(&fact(text, Some(says), false), says), expected);
        }
        check(
            "16 dead",
            "14 dead",
            "The source says 14 dead, the text says 16.",
        );
        check(
            "16 people",
            "14 people were killed",
            "The source says 14 people were killed, the text says 16.",
        );
        check(
            "16",
            "14 dead",
            "The source says 14 dead, the text says 16.",
        );
        check("12 %", "15 %", "The source says 15 %, the text says 12 %.");
        check(
            "sixteen dead",
            "14 dead",
            "The source says 14 dead, the text says sixteen.",
        );
        check(
            "4 May 1998",
            "5 May 1998",
            "The source says 5 May 1998, the text says 4 May 1998.",
        );
        check(
            "9.5 million pounds",
            "4.5 million pounds",
            "The source says 4.5 million pounds, the text says 9.5 million.",
        );
    }

    #[test]
    fn a_changed_quotation_is_told_with_the_words_around() {
        let kept = |text: &str| Difference::Kept(text.to_owned());
        let quotation = Quotation {
            text: "the council of the town will keep the harbour open in winter and in summer"
                .to_owned(),
            found: false,
            altered: true,
            difference: vec![
                kept("the council of the town will"),
                Difference::OnlyInSource(" not".to_owned()),
                kept(" keep the harbour open in winter"),
            ],
            passage: None,
        };
        assert_eq!(
            altered(&quotation),
            "The words quoted differ: the source says “…the town will not keep the harbour…”, \
             the text quotes “…the town will keep the harbour…”."
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let evidence = Evidence {
            facts: vec![fact("5,000", None, false), fact("2012", None, true)],
            ..Evidence::nothing(crate::evidence::EvidenceKind::Partial)
        };
        assert_eq!(
            partial(&evidence),
            "Only part of the claim was found; the source does not have “5,000”."
        );
        assert!(brief(&"long ".repeat(100)).chars().count() <= MAX_REPEATED + 1);
    }
}
