//! MediaWiki's markup.
//!
//! **In:** characters. **Out:** a [`Document`]: what the page shows, then the bodies of
//! its notes; entries of lists of sources are references. **Not here:** templates of
//! a wiki: what the usual ones print is known (`prose`, `cite`), others print nothing.
//!
//! ```text
//!  source ─ scan ─► pairs ─ reader ─► running text ┐
//!                     │ <ref>, {{sfn}} ─► notes    ├─► Document
//!                     └ {{cite …}} ─► references ──┘
//! ```

mod cite;
mod link;
mod prose;
mod reader;
mod scan;
mod template;

use super::{BlockKind, Document, Format, NoteRef, Problem};
use reader::Reader;
use std::collections::BTreeSet;

/// Reads wikitext.
#[must_use]
pub fn read(text: &str) -> Document {
    let mut reader = Reader::new(text);
    let mut whole = reader.run();
    for caption in std::mem::take(&mut reader.captions) {
        whole.append(caption);
    }
    // Bodies in the order of their marks, then those that nothing points to.
    let mut order: Vec<String> = whole
        .note_refs
        .iter()
        .map(|mark| mark.label.clone())
        .collect();
    let bodies: BTreeSet<String> = reader.defined.iter().cloned().collect();
    order.append(&mut reader.defined);
    let mut at = 0;
    while let Some(label) = order.get(at).cloned() {
        at += 1;
        if let Some(body) = reader.notes.remove(&label) {
            order.extend(body.note_refs.iter().map(|mark| mark.label.clone()));
            whole.append(body);
        }
    }
    let mut document = whole.finish(Format::Wikitext);
    resolve(&mut document, &reader);
    typed_marks(&mut document);
    document.title = reader.title.take().filter(|title| !title.trim().is_empty());
    document.problems = missing(&document, &bodies);
    document
}

/// Marks that were typed, "[3]", for an entry of a list with numbers.
fn typed_marks(document: &mut Document) {
    /// The longest mark, in bytes: "[12, 13, 14, 15, 16, 17]" and some more.
    const LONGEST: usize = 40;
    let text = &document.text;
    let mut labels = BTreeSet::new();
    for block in &mut document.blocks {
        let BlockKind::Reference(label) = &mut block.kind else {
            continue;
        };
        let entry = block.span.of(text).strip_prefix('[');
        if let Some((number, _)) = entry.and_then(|rest| rest.split_once(']'))
            && number.len() <= 4
            && number.bytes().all(|b| b.is_ascii_digit())
        {
            *label = format!("[{number}]");
        }
        if label.starts_with('[') {
            labels.insert(label.clone());
        }
    }
    if labels.is_empty() {
        return;
    }
    for block in &document.blocks {
        if matches!(
            block.kind,
            BlockKind::Reference(_) | BlockKind::Footnote(_) | BlockKind::Code
        ) {
            continue;
        }
        let piece = block.span.of(text);
        for (open, _) in piece.match_indices('[') {
            let mark = piece[open + 1..]
                .bytes()
                .take(LONGEST)
                .position(|b| b == b']');
            let Some(length) = mark else {
                continue;
            };
            let start = block.span.start + open;
            for number in piece[open + 1..open + 1 + length].split([',', ';']) {
                let label = format!("[{}]", number.trim());
                if labels.contains(&label) {
                    let span = super::ByteSpan::new(start, start + length + 2);
                    document.note_refs.push(NoteRef { label, span });
                }
            }
        }
    }
    document.note_refs.sort_by_key(|mark| mark.span);
}

/// Problems that are worth telling of one document.
const MOST_PROBLEMS: usize = 100;

/// Marks that lead nowhere.
fn missing(document: &Document, bodies: &BTreeSet<String>) -> Vec<Problem> {
    let entries: BTreeSet<&str> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Reference(label) => Some(label.as_str()),
            _ => None,
        })
        .collect();
    let mut told = BTreeSet::new();
    document
        .note_refs
        .iter()
        .filter(|mark| !bodies.contains(&mark.label) && !entries.contains(mark.label.as_str()))
        .filter(|mark| told.insert(mark.label.as_str()))
        .take(MOST_PROBLEMS)
        .map(|mark| Problem {
            place: document.place_at(mark.span.start),
            text: format!("no note or source is found under the name {}", mark.label),
        })
        .collect()
}

/// Leads short notes ("Smith 2010") to the source that they name: an entry of a list, or
/// a note that describes it.
fn resolve(document: &mut Document, reader: &Reader<'_>) {
    super::writer::lift_marks(document, |label| reader.short.contains(label));
    for mark in &mut document.note_refs {
        if let Some(label) = reader.keys.get(&mark.label) {
            mark.label.clone_from(label);
        }
    }
    let mut seen = BTreeSet::new();
    document
        .note_refs
        .retain(|mark| seen.insert((mark.span, mark.label.clone())));
    document.note_refs.sort_by_key(|mark| mark.span);
}

/// Whether a section of this name lists sources rather than tells of them.
fn lists_sources(heading: &str) -> bool {
    matches!(
        heading.to_lowercase().trim().trim_end_matches(':'),
        "external links"
            | "external link"
            | "further reading"
            | "references"
            | "sources"
            | "bibliography"
            | "works cited"
            | "cited works"
            | "literature"
            | "literature cited"
            | "notes and references"
            | "references and notes"
            | "weblinks"
            | "literatur"
            | "einzelnachweise"
            | "quellen"
            | "belege"
            | "liens externes"
            | "lien externe"
            | "bibliographie"
            | "références"
            | "notes et références"
            | "sources et références"
            | "enlaces externos"
            | "bibliografía"
            | "referencias"
            | "lecturas"
            | "fuentes"
            | "collegamenti esterni"
            | "bibliografia"
            | "fonti"
            | "ligações externas"
            | "referências"
            | "leitura adicional"
            | "externe links"
            | "bronnen"
            | "literatuur"
            | "linki zewnętrzne"
            | "przypisy"
            | "externa länkar"
            | "källor"
            | "eksterne henvisninger"
            | "kilder"
            | "ссылки"
            | "литература"
            | "источники"
            | "примечания"
            | "dış bağlantılar"
            | "kaynakça"
            | "посилання"
            | "література"
            | "enllaços externs"
            | "pranala luar"
            | "referensi"
            | "liên kết ngoài"
            | "tham khảo"
            | "外部リンク"
            | "参考文献"
            | "脚注"
            | "出典"
            | "外部链接"
            | "外部連結"
            | "参考资料"
            | "參考資料"
            | "외부 링크"
            | "참고 문헌"
            | "각주"
            | "وصلات خارجية"
            | "المراجع"
            | "קישורים חיצוניים"
    )
}

#[cfg(test)]
mod tests;
