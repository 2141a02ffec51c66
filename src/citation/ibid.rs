//! Notes that refer to another note: "Ibid.", "op. cit.", "see note 3".
//!
//! **In:** notes in order, with their own links. **Out:** the same, where those
//! without a link have the links of the note that they mean. **Not here:** whose
//! mark stands where (`footnote`).
//!
//! Such a note cites the other one's source, perhaps another page of it; that it
//! means this source is a reading, so its confidence is lower.

use super::Basis;
use crate::document::Link;
use std::collections::BTreeMap;

/// That "ibid." means the note before it, as its words say.
const SURE: f64 = 0.9;
/// That "see note 3" or "Smith, op. cit." means that note's source.
const LIKELY: f64 = 0.7;

/// A note or an entry of a reference list.
pub(super) struct Note<'a> {
    pub(super) label: &'a str,
    pub(super) basis: Basis,
    pub(super) text: &'a str,
    pub(super) links: Vec<Cited<'a>>,
}

/// A link that a note cites.
#[derive(Clone, Copy)]
pub(super) struct Cited<'a> {
    pub(super) link: &'a Link,
    pub(super) confidence: f64,
}

/// "In the same place", as notes in many languages begin.
const SAME: &[&str] = &[
    "ibid",
    "ibidem",
    "ib",
    "id",
    "idem",
    "ebd",
    "ebda",
    "ebenda",
    "a.a.o",
    "ibíd",
    "ibídem",
    "ivi",
    "там же",
    "там само",
    "tamże",
    "tamtéž",
    "samma",
    "samme sted",
    "smst",
    "ut supra",
    "aynı yerde",
    "a.g.e",
    "ό.π",
    "同上",
    "同前",
];

/// Words before the number of the note that is meant.
const SEE: &[&str] = &[
    "see note",
    "see n.",
    "see fn.",
    "see footnote",
    "see endnote",
    "supra note",
    "supra n.",
    "above note",
    "above n.",
    "cf. note",
    "same as note",
    "siehe anm.",
    "siehe fn.",
    "siehe fußnote",
    "s. anm.",
    "s. fn.",
    "vgl. anm.",
    "vgl. fn.",
    "wie anm.",
    "voir note",
    "voir supra note",
    "véase nota",
    "ver nota",
    "vedi nota",
    "zie noot",
    "se not",
    "se note",
    "zob. przypis",
    "por. przypis",
    "см. прим.",
    "см. примечание",
    "см. сноску",
];

/// "In the work cited": the name before it says which.
const CITED: &[&str] = &[
    "op. cit",
    "op.cit",
    "loc. cit",
    "loc.cit",
    "art. cit",
    "a. a. o",
    "a.a.o",
    "указ. соч",
];

/// Bytes of a note that only refers to another.
const MAX_NOTE: usize = 160;

/// Links that a note takes over from another: one after another may do so.
const MAX_LINKS: usize = 16;

/// Gives notes without a link the links of the note that they refer to.
pub(super) fn resolve(notes: &mut [Note<'_>], index_of: &BTreeMap<&str, usize>) {
    // By the name that a note begins with: the last note with links that does.
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for index in 0..notes.len() {
        let Some(note) = notes.get(index) else { break };
        let meant = if note.links.is_empty() && note.text.len() <= MAX_NOTE {
            meant(note.text, index, &named, index_of)
        } else {
            None
        };
        if let Some((other, confidence)) = meant {
            let links: Vec<Cited<'_>> = notes
                .get(other)
                .filter(|_| other != index)
                .map(|other| &other.links)
                .into_iter()
                .flatten()
                .take(MAX_LINKS)
                .map(|cited| Cited {
                    link: cited.link,
                    confidence: cited.confidence.min(confidence),
                })
                .collect();
            if let Some(note) = notes.get_mut(index) {
                note.links = links;
            }
        } else if let Some(name) = name(note.text)
            && !note.links.is_empty()
        {
            named.insert(name, index);
        }
    }
}

/// The note that a note without a link refers to, and how sure that is.
fn meant(
    text: &str,
    index: usize,
    named: &BTreeMap<String, usize>,
    index_of: &BTreeMap<&str, usize>,
) -> Option<(usize, f64)> {
    let lower = text.to_lowercase();
    let lower = lower.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_ascii_digit() || matches!(c, '[' | ']' | '.' | '(' | '*' | '_')
    });
    let same = SAME.iter().any(|word| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    if same {
        return Some((index.checked_sub(1)?, SURE));
    }
    for phrase in SEE {
        if let Some(at) = lower.find(phrase) {
            let rest = lower[at + phrase.len()..].trim_start_matches([' ', '\u{a0}', '.']);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if let Some(other) = index_of.get(&rest[..digits]) {
                return Some((*other, LIKELY));
            }
        }
    }
    if CITED.iter().any(|phrase| lower.contains(phrase)) {
        return Some((*named.get(&name(text)?)?, LIKELY));
    }
    None
}

/// The first word of a note with at least three letters: its author's name, mostly.
fn name(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_alphabetic() && c != '-' && c != '’' && c != '\'')
        .take(8)
        .find(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::citation::citations;
    use crate::document::markdown;
    use std::collections::BTreeMap;

    #[test]
    fn a_note_in_the_same_place_cites_the_same_source() {
        // Notes 1 and 2 have addresses; the third is the one in question.
        let check = |third: &str, expected: Option<(&str, f64)>| {
            let text = format!(
                "One.[^1] Two.[^2] Three.[^3]\n\n[^1]: Doe, Rain, https://example.org/1\n\n\
                 [^2]: Roe, Snow, https://example.org/2\n\n[^3]: {third}\n"
            );
            let (found, _) = citations(&markdown::read(&text, None), &BTreeMap::new());
            let found = found
                .iter()
                .find(|citation| citation.claim.text == "Three.")
                .map(|citation| (citation.source.as_str(), citation.confidence));
            assert_eq!(found, expected, "{third}");
        };
        let before = Some(("https://example.org/2", 0.9));
        check("Ibid., p. 4.", before);
        check("*Ibid.*", before);
        check("Id. at 5.", before);
        check("Ebd., S. 4.", before);
        check("Там же, с. 4.", before);
        check("See note 1, p. 7.", Some(("https://example.org/1", 0.7)));
        check("Vgl. Anm. 1.", Some(("https://example.org/1", 0.7)));
        check("Doe, op. cit., p. 3.", Some(("https://example.org/1", 0.7)));
        check("Poe, op. cit., p. 3.", None);
        check("Identity papers were lost.", None);
        check("See note 3.", None);
        check("See note 9.", None);
        check(
            "Ibid. and https://example.org/3",
            Some(("https://example.org/3", 1.0)),
        );
    }
}
