//! Pages: their text, whether they are errors, what became of them.

use crate::bytes_of;
use ibid::evidence::{SourceText, drift, main_text, soft_404};
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
    let score = soft_404::judge(&url, &url, &page, None).map_or(0.0, |found| found.probability);
    let label = if score >= 0.5 { "error" } else { "content" };
    Ok(json!({ "id": item["id"], "score": score, "label": label }))
}

/// How much of a page changed, and what became of each passage.
pub(crate) fn drift(item: &Value, folder: &Path) -> anyhow::Result<Value> {
    let (old, new) = (read(item, "old", folder)?, read(item, "new", folder)?);
    let change = drift::compare(&old, &new);
    Ok(json!({ "id": item["id"], "score": change.changed, "passages": [] }))
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
