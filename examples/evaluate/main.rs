//! Predictions of the library's own functions for an evaluation set, one JSON object a line.
//!
//! `cargo run --release --example evaluate -- KIND INPUTS.jsonl > PREDICTIONS.jsonl`. The inputs
//! hold no labels; their `file`, `old` and `new` are relative to them, `.gz` is gzip. KIND is
//!
//! - `pdf`, `docx`, `notes`, `page-list`, `html-links`, `html-rows`: links and citations of documents;
//! - `evidence`: claims and the sentences or passages that they cite;
//! - `evidence-features`: of the same, what `scripts/fit_evidence.py` fits constants on;
//! - `extraction`, `soft404`, `drift`: pages, as text, as errors, against an earlier self.

mod documents;
mod evidence;
mod pages;

use anyhow::{Context, bail};
use serde_json::Value;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().context("usage: evaluate KIND INPUTS")?;
    let inputs = PathBuf::from(arguments.next().context("usage: evaluate KIND INPUTS")?);
    let folder = inputs.parent().unwrap_or_else(|| Path::new("."));
    let answer: fn(&Value, &Path) -> anyhow::Result<Value> = match kind.as_str() {
        "pdf" => documents::pdf_links,
        "docx" => documents::docx_links,
        "notes" => documents::notes,
        "page-list" => documents::page_list,
        "html-links" => documents::html_links,
        "html-rows" => documents::html_rows,
        "evidence" => evidence::evidence,
        "evidence-features" => evidence::features,
        "extraction" => pages::extraction,
        "soft404" => pages::soft_404,
        "drift" => pages::drift,
        _ => bail!("no such kind: {kind}"),
    };
    let mut out = std::io::stdout().lock();
    for line in std::fs::read_to_string(&inputs)?.lines() {
        let item: Value = serde_json::from_str(line)?;
        writeln!(out, "{}", answer(&item, folder)?)?;
    }
    Ok(())
}

/// The bytes of the file that a field of an input names, unpacked when they are gzip.
fn bytes_of(item: &Value, field: &str, folder: &Path) -> anyhow::Result<Vec<u8>> {
    let file = item[field].as_str().context("an input without file")?;
    let bytes = std::fs::read(folder.join(file))?;
    if !bytes.starts_with(b"\x1f\x8b") {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
