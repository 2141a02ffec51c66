//! Predictions of the library's own functions for an evaluation set, one JSON object a line.
//!
//! `cargo run --release --example evaluate -- KIND INPUTS.jsonl > PREDICTIONS.jsonl`, where KIND
//! is `pdf`, `docx`, `page-list`, `notes` or `html-links`; `file` is relative to the inputs.

use anyhow::Context;
use ibid::citation::{self, Basis, ClaimRule};
use ibid::document::{self, BlockKind, Hints, docx, pdf};
use ibid::limits::Limits;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().context("usage: evaluate KIND INPUTS")?;
    let inputs = PathBuf::from(arguments.next().context("usage: evaluate KIND INPUTS")?);
    let folder = inputs.parent().unwrap_or_else(|| Path::new("."));
    let mut out = std::io::stdout().lock();
    for line in std::fs::read_to_string(&inputs)?.lines() {
        let item: serde_json::Value = serde_json::from_str(line)?;
        let file = item["file"].as_str().context("an input without file")?;
        let mut bytes = std::fs::read(folder.join(file))?;
        if bytes.starts_with(b"\x1f\x8b") {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked)?;
            bytes = unpacked;
        }
        if kind == "pdf" {
            let links = pdf::links(&bytes, &Limits::default()).unwrap_or_default();
            let links: Vec<_> = links
                .iter()
                .filter(|link| link.url.contains(':') && !link.url.starts_with("file:"))
                .map(|link| {
                    serde_json::json!({ "page": link.page, "url": link.url, "anchor": link.anchor })
                })
                .collect();
            writeln!(
                out,
                "{}",
                serde_json::json!({ "id": item["id"], "links": links })
            )?;
            continue;
        }
        if kind == "docx" {
            writeln!(out, "{}", docx_answer(&item["id"], &bytes)?)?;
            continue;
        }
        let base = item["url"]
            .as_str()
            .and_then(|url| url::Url::parse(url.trim()).ok());
        let hints = Hints {
            name: Some(file.trim_end_matches(".gz")),
            base: base.as_ref(),
            ..Hints::default()
        };
        let document = document::read(&bytes, hints, &Limits::default())?;
        if kind == "html-links" {
            let links: Vec<_> = document
                .links
                .iter()
                .map(|link| {
                    serde_json::json!({
                        "url": link.url_as_cited,
                        "anchor": link.span.of(&document.text),
                    })
                })
                .collect();
            let answer = serde_json::json!({ "id": item["id"], "links": links });
            writeln!(out, "{answer}")?;
            continue;
        }
        let (found, _) = citation::citations(&document, &BTreeMap::new());
        let citations: Vec<_> = found
            .iter()
            // A note whose mark stands nowhere is an entry: no sentence cites it.
            .filter(|citation| {
                kind != "notes"
                    || (citation.basis == Basis::Footnote
                        && citation.claim.rule != ClaimRule::Entry)
            })
            .map(|citation| {
                serde_json::json!({
                    "url": citation.url_as_cited,
                    "sentence": citation.claim.text,
                    "confidence": citation.confidence,
                    "basis": citation.basis,
                })
            })
            .collect();
        let answer = serde_json::json!({ "id": item["id"], "citations": citations });
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

/// Links with what they lead to, and marks of notes with the text before them in their block
/// and the note's own. Reviewers' comments are neither links nor notes of the text.
fn docx_answer(id: &serde_json::Value, bytes: &[u8]) -> anyhow::Result<serde_json::Value> {
    let limits = Limits::default();
    let links: Vec<_> = docx::links(bytes, &limits)?
        .into_iter()
        .filter(|link| !link.in_comment && link.target.contains(':'))
        .map(|link| serde_json::json!({ "url": link.target, "anchor": link.anchor }))
        .collect();
    let document = document::read(bytes, Hints::default(), &limits)?;
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
            serde_json::json!({
                "text_before": before,
                "note": notes.get(mark.label.as_str()).map_or("", |note| note.trim()),
            })
        })
        .collect();
    Ok(serde_json::json!({ "id": id, "links": links, "note_refs": note_refs }))
}
