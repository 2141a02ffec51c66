//! Links and citations of documents.

use crate::bytes_of;
use ibid::citation::{self, Basis, Citation, ClaimRule};
use ibid::document::{self, BlockKind, Document, Hints, docx, html, pdf};
use ibid::limits::Limits;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Each link of a PDF file with its page and exact words.
pub(crate) fn pdf_links(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let bytes = bytes_of(item, "file", folder)?;
    let links = pdf::links(&bytes, &Limits::default()).unwrap_or_default();
    let links: Vec<_> = links
        .iter()
        .filter(|link| link.url.contains(':') && !link.url.starts_with("file:"))
        .map(|link| json!({ "page": link.page, "url": link.url, "anchor": link.anchor }))
        .collect();
    Ok(json!({ "id": item["id"], "links": links }))
}

/// Citations by notes. A note whose mark stands nowhere is an entry: no sentence cites it.
pub(crate) fn notes(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    citations(item, folder, |citation| {
        citation.basis == Basis::Footnote && citation.claim.rule != ClaimRule::Entry
    })
}

/// Citations of a text whose links follow each page.
pub(crate) fn page_list(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    citations(item, folder, |_| true)
}

fn citations(item: &Value, folder: &Path, wanted: fn(&Citation) -> bool) -> anyhow::Result<Value> {
    let document = read(item, folder)?;
    let (found, _) = citation::citations(&document, &BTreeMap::new());
    let citations: Vec<_> = found
        .iter()
        .filter(|citation| wanted(citation))
        .map(|citation| {
            json!({
                "url": citation.url_as_cited,
                "sentence": citation.claim.text,
                "confidence": citation.confidence,
                "basis": citation.basis,
            })
        })
        .collect();
    Ok(json!({ "id": item["id"], "citations": citations }))
}

/// The links of a web page that stand in its article.
pub(crate) fn html_links(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let document = read(item, folder)?;
    let links: Vec<_> = document
        .links
        .iter()
        .map(|link| {
            json!({
                "url": link.url_as_cited,
                "anchor": link.span.of(&document.text),
                "certainty": link.certainty,
            })
        })
        .collect();
    Ok(json!({ "id": item["id"], "links": links }))
}

/// The links of a web page as they are weighed, for `scripts/fit_html_links.py`.
pub(crate) fn html_rows(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let bytes = bytes_of(item, "file", folder)?;
    let base = item["url"]
        .as_str()
        .and_then(|url| url::Url::parse(url.trim()).ok());
    let text = String::from_utf8_lossy(&bytes);
    let rows = html::weighed(&text, base.as_ref(), &Limits::default());
    let names: Vec<_> = rows
        .first()
        .map(|row| row.features.iter().map(|(name, _)| *name).collect())
        .unwrap_or_default();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let values: Vec<_> = row.features.iter().map(|(_, value)| *value).collect();
            json!([row.href, row.is_kept, row.likelihood, values])
        })
        .collect();
    Ok(json!({ "id": item["id"], "names": names, "rows": rows }))
}

fn read(item: &Value, folder: &Path) -> anyhow::Result<Document> {
    let bytes = bytes_of(item, "file", folder)?;
    let base = item["url"]
        .as_str()
        .and_then(|url| url::Url::parse(url.trim()).ok());
    let hints = Hints {
        name: item["file"]
            .as_str()
            .map(|file| file.trim_end_matches(".gz")),
        base: base.as_ref(),
        ..Hints::default()
    };
    Ok(document::read(&bytes, hints, &Limits::default())?)
}

/// Links with what they lead to, and marks of notes with the text before them in their block
/// and the note's own. Reviewers' comments are neither links nor notes of the text.
pub(crate) fn docx_links(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let bytes = bytes_of(item, "file", folder)?;
    let limits = Limits::default();
    let links: Vec<_> = docx::links(&bytes, &limits)?
        .into_iter()
        .filter(|link| !link.in_comment && link.target.contains(':'))
        .map(|link| json!({ "url": link.target, "anchor": link.anchor }))
        .collect();
    let document = document::read(&bytes, Hints::default(), &limits)?;
    let mut notes: BTreeMap<&str, String> = BTreeMap::new();
    for block in &document.blocks {
        if let BlockKind::Footnote(label) = &block.kind {
            let note = notes.entry(label).or_default();
            note.push_str(block.span.of(&document.text));
            note.push(' ');
        }
    }
    let note_refs: Vec<_> = document
        .note_refs
        .iter()
        .filter(|mark| mark.label.starts_with("footnote") || mark.label.starts_with("endnote"))
        .map(|mark| {
            let block = document.block_at(mark.span.start);
            let before = block.map_or(0, |block| block.span.start);
            let before = document.text.get(before..mark.span.start).unwrap_or("");
            // The nearest words tell the place; whole paragraphs for each of many marks do not.
            let before = &before[before.floor_char_boundary(before.len().saturating_sub(400))..];
            json!({
                "text_before": before,
                "note": notes.get(mark.label.as_str()).map_or("", |note| note.trim()),
            })
        })
        .collect();
    Ok(json!({ "id": item["id"], "links": links, "note_refs": note_refs }))
}
