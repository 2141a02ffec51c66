//! Pages: their text, whether they are errors, what became of them.

use crate::bytes_of;
use ibid::evidence::{SourceText, drift, main_text, soft_404, wall};
use ibid::limits::Limits;
use serde_json::{Value, json};
use std::path::Path;
use url::Url;

/// The main text of a page.
pub(crate) fn extraction(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let page = read(item, "file", folder)?;
    Ok(json!({ "id": item["id"], "text": page.main_text() }))
}

/// What is measured of each line of a page, for `scripts/fit_main_text.py`.
pub(crate) fn lines(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let bytes = bytes_of(item, "file", folder)?;
    let found = main_text::measures(&bytes, &address(item)?, &Limits::default());
    Ok(json!({ "id": item["id"], "names": found.names, "lines": found.lines }))
}

/// Whether a page that came with status 200 is an error page, from the page alone.
pub(crate) fn soft_404(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let page = read(item, "file", folder)?;
    let url = address(item)?;
    let alone = soft_404::alone(&url, &url, &page);
    // What a check says: parking included. A page without a finding keeps its own small probability.
    let found = soft_404::judge(&url, &url, &page, None);
    let score = found.map_or(alone.probability, |found| found.probability);
    let label = if score >= soft_404::LIKELY {
        "error"
    } else {
        "content"
    };
    Ok(
        json!({ "id": item["id"], "score": score, "label": label, "signs": alone.signs,
        "wall": wall::behind(&url, &url, &page).map(|wall| wall.code) }),
    )
}

/// How much of a page changed, and what became of each passage.
pub(crate) fn drift(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let (old, new) = (read(item, "old", folder)?, read(item, "new", folder)?);
    let change = drift::compare(&old, &new);
    let page = drift::Page::new(&new);
    let passages: Vec<Value> = item["passages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|passage| {
            let text = passage["text"].as_str().unwrap_or("");
            let status = match page.fate(text) {
                drift::Fate::Present(_) => "present",
                drift::Fate::Edited(_) => "edited",
                drift::Fate::Absent => "absent",
            };
            json!({ "text": text, "status": status })
        })
        .collect();
    Ok(json!({ "id": item["id"], "score": change.lost, "passages": passages }))
}

fn read(item: &Value, field: &str, folder: &Path) -> anyhow::Result<SourceText> {
    let bytes = bytes_of(item, field, folder)?;
    Ok(main_text::read(
        &bytes,
        None,
        &address(item)?,
        &Limits::default(),
    ))
}

fn address(item: &Value) -> anyhow::Result<Url> {
    Ok(Url::parse(
        item["url"].as_str().unwrap_or("http://page.test/").trim(),
    )?)
}
