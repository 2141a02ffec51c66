//! Reference lists that are only typed: a heading, entries below it, and marks in the text.
//!
//! **In:** a document as its reader left it. **Out:** the same; the entries are
//! [`BlockKind::Reference`] blocks, and every mark `[3]`, `[2, 5–7]` or `(Lind 2017)` in the text
//! points to its entry. **Not here:** lists that a format marks as such; their readers know.

mod author_year;

use super::{BlockKind, ByteSpan, Document, NoteRef};
use std::collections::{BTreeMap, BTreeSet};

/// Headings of reference lists, in lower case.
const HEADINGS: &[&str] = &[
    "references",
    "reference list",
    "list of references",
    "cited references",
    "literature cited",
    "works cited",
    "literature",
    "bibliography",
    "sources",
    "notes",
    "notes and references",
    "endnotes",
    "quellen",
    "quellenverzeichnis",
    "einzelnachweise",
    "nachweise",
    "literatur",
    "literaturverzeichnis",
    "referenzen",
    "références",
    "références bibliographiques",
    "bibliographie",
    "sources et références",
    "fuentes",
    "referencias",
    "bibliografía",
    "riferimenti",
    "riferimenti bibliografici",
    "bibliografia",
    "fonti",
    "referências",
    "referências bibliográficas",
    "fontes",
    "referenties",
    "bronnen",
    "literatuur",
    "referenser",
    "källor",
    "referanser",
    "kilder",
    "referencer",
    "litteratur",
    "lähteet",
    "bibliografia i źródła",
    "źródła",
    "przypisy",
    "literatura",
    "zdroje",
    "források",
    "kaynakça",
    "kaynaklar",
    "список литературы",
    "литература",
    "источники",
    "примечания",
    "джерела",
    "参考文献",
    "參考文獻",
    "参考资料",
    "المراجع",
];
/// Longest mark in brackets, in bytes.
const MAX_MARK: usize = 60;
/// Most entries that one mark `[2–40]` names; a wider one is an interval of numbers.
const MAX_RANGE: usize = 50;

/// Finds the typed reference list of a document, and the marks that point into it.
pub(super) fn find(document: &mut Document) {
    // Where the format itself ties marks to entries, nothing was typed.
    let tied: BTreeSet<&str> = document
        .note_refs
        .iter()
        .map(|mark| mark.label.as_str())
        .collect();
    let is_tied = |block: &super::Block| matches!(&block.kind, BlockKind::Reference(label) if tied.contains(label.as_str()));
    if document.blocks.iter().any(is_tied) {
        return;
    }
    let heading = document.blocks.iter().rposition(|block| {
        matches!(block.kind, BlockKind::Heading(_)) && is_title(block.span.of(&document.text))
    });
    let Some(heading) = heading else {
        return;
    };
    let body_end = document.blocks[heading].span.start;
    // Notes count from 1 as well; a label is one thing only.
    let taken: BTreeSet<String> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Footnote(label) => Some(label.clone()),
            _ => None,
        })
        .collect();
    // What the text calls an entry, and its label.
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let mut authors = Vec::new();
    let mut number = 0_usize;
    for block in &mut document.blocks[heading + 1..] {
        if matches!(block.kind, BlockKind::Heading(_)) {
            break;
        }
        let is_entry = matches!(
            block.kind,
            BlockKind::ListItem | BlockKind::Paragraph | BlockKind::Reference(_)
        );
        if !is_entry {
            continue;
        }
        let entry = block.span.of(&document.text);
        let name = match (typed_label(entry), &block.kind) {
            (Some(label), _) => label.to_owned(),
            (None, BlockKind::ListItem | BlockKind::Reference(_)) => {
                number += 1;
                number.to_string()
            }
            (None, _) => match author_year::name(entry) {
                Some(name) => name,
                None => continue,
            },
        };
        let mut label = match &block.kind {
            BlockKind::Reference(label) => label.clone(),
            _ => name.clone(),
        };
        while taken.contains(&label) || labels.values().any(|known| *known == label) {
            label.insert_str(0, "ref ");
        }
        authors.extend(author_year::name(entry).map(|name| (name, label.clone())));
        labels.entry(name).or_insert_with(|| label.clone());
        block.kind = BlockKind::Reference(label);
    }
    let body = document.text.get(..body_end).unwrap_or_default();
    let mut marks = bracketed(body, &labels);
    if marks.is_empty() {
        marks = author_year::marks(body, &authors);
    }
    // Code shows brackets of its own.
    marks.retain(|mark| {
        document
            .block_at(mark.span.start)
            .is_none_or(|block| block.kind != BlockKind::Code)
    });
    document.note_refs.extend(marks);
    document.note_refs.sort_by_key(|mark| mark.span);
}

fn is_title(text: &str) -> bool {
    let text = text
        .trim()
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '\u{a0}'))
        .trim_end_matches([':', '.'])
        .to_lowercase();
    HEADINGS.contains(&text.as_str())
}

/// The label that is typed before an entry: `[3]`, `3.`, `(3)`.
fn typed_label(entry: &str) -> Option<&str> {
    if let Some((label, _)) = entry
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        return is_label(label).then_some(label);
    }
    let rest = entry.strip_prefix('(').unwrap_or(entry);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (label, rest) = rest.split_at(digits);
    let closed = rest.starts_with(['.', ')']) && rest[1..].starts_with([' ', '\u{a0}', '\t']);
    ((1..=3).contains(&digits) && closed).then_some(label)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() < 40
        && label
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '+' | '-'))
}

/// The marks in square brackets: one label, several, ranges of numbers.
fn bracketed(body: &str, labels: &BTreeMap<String, String>) -> Vec<NoteRef> {
    let mut marks = Vec::new();
    for (open, _) in body.match_indices('[') {
        let window = body.as_bytes().get(open..body.len().min(open + MAX_MARK));
        let close = window.and_then(|bytes| bytes.iter().position(|byte| *byte == b']'));
        let Some(length) = close else { continue };
        let span = ByteSpan::new(open, open + length + 1);
        let inner = ByteSpan::new(open + 1, open + length).of(body);
        for part in inner.split([',', ';']).map(str::trim) {
            let known = |name: &str| labels.get(name).cloned();
            match range(part) {
                Some(range) => marks.extend(
                    range
                        .filter_map(|number| known(&number.to_string()))
                        .map(|label| NoteRef { label, span }),
                ),
                None => marks.extend(known(part).map(|label| NoteRef { label, span })),
            }
        }
    }
    marks
}

fn range(part: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let (from, to) = part.split_once(['-', '–', '—'])?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from < to && to - from < MAX_RANGE).then_some(from..=to)
}

#[cfg(test)]
mod tests {
    use crate::document::{BlockKind, Document, Hints, read};
    use crate::limits::Limits;

    fn document(text: &str) -> Document {
        let hints = Hints {
            name: Some("a.md"),
            ..Hints::default()
        };
        read(text.as_bytes(), hints, &Limits::default()).unwrap()
    }

    fn marks(document: &Document) -> Vec<(&str, &str)> {
        document
            .note_refs
            .iter()
            .map(|mark| (mark.label.as_str(), mark.span.of(&document.text)))
            .collect()
    }

    #[test]
    fn a_list_is_reached_by_its_marks() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            assert_eq!(marks(&document(text)), expected, "{text}");
        };
        check(
            "It rained [1].\n\n## References\n\n1. Log, https://e.example/l\n",
            &[("1", "[1]")],
        );
        check(
            "It rained [1, 3].\n\n## Quellen\n\n[1] A\n\n[2] B\n\n[3] C\n",
            &[("1", "[1, 3]"), ("3", "[1, 3]")],
        );
        check(
            "It rained [1–3].\n\n## References:\n\n1. A\n2. B\n3. C\n",
            &[("1", "[1–3]"), ("2", "[1–3]"), ("3", "[1–3]")],
        );
        check("An array a[1].\n\n## Results\n\n1. A\n", &[]);
        check("```\na[1]\n```\n\n## References\n\n1. A\n", &[]);
        check(
            "Rain fell (Lind 2017; Moor & Lind, 2018, p. 4). Hale et al. (2019b) disagree.\n\n\
             # Bibliography\n\nHale, T. (2019b). Dry. https://e.example/h\n\nLind, K. 2017. Wet.\n\n\
             Moor, A., Lind, K. (2018). Marks.\n",
            &[
                ("Lind 2017", "Lind 2017"),
                ("Moor 2018", "Moor & Lind, 2018"),
                ("Hale 2019b", "Hale et al. (2019b"),
            ],
        );
    }

    #[test]
    fn notes_and_entries_that_count_alike_stay_apart() {
        let document = document(
            "It rained.[^1] It stopped [1].\n\n## References\n\n1. Log\n\n[^1]: https://e.example/n\n",
        );
        assert_eq!(marks(&document), [("1", ""), ("ref 1", "[1]")]);
        let is_entry = |block: &&crate::document::Block| {
            block.kind == BlockKind::Reference("ref 1".to_owned())
        };
        assert_eq!(document.blocks.iter().filter(is_entry).count(), 1);
    }
}
