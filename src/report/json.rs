//! The report as JSON, and the JSON Schema that every such report keeps to.

use super::entries::AsPacked;
use super::{CitationEntry, DocumentEntry, Entries, Report, Run, SourceEntry, Summary};
use serde::Serialize;
use std::io::{self, Write};

/// A report whose lists are written as they are packed, without reading them.
#[derive(Serialize)]
struct Compact<'r> {
    schema: u32,
    ibid: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'r Run>,
    documents: &'r [DocumentEntry],
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<AsPacked<'r, SourceEntry>>,
    citations: AsPacked<'r, CitationEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'r Summary>,
}

/// The report as JSON, indented, with a final newline; the same report gives the same bytes.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut bytes = Vec::new();
    // The types hold nothing that JSON cannot: keys are strings, numbers are finite.
    let _ = write(report, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes the same without white space, as the archive keeps it.
///
/// # Errors
/// What `out` says.
pub fn write_compact(report: &Report, mut out: impl Write) -> io::Result<()> {
    let Report {
        schema,
        ibid,
        run,
        documents,
        sources,
        citations,
        summary,
    } = report;
    let compact = Compact {
        schema: *schema,
        ibid,
        run: run.as_ref(),
        documents,
        sources: sources.as_ref().map(Entries::as_packed),
        citations: citations.as_packed(),
        summary: summary.as_ref(),
    };
    serde_json::to_writer(&mut out, &compact)?;
    out.write_all(b"\n")
}

/// Writes the same.
///
/// # Errors
/// What `out` says.
pub fn write(report: &Report, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, report)?;
    out.write_all(b"\n")
}

/// The JSON Schema (draft 2020-12) of the report, indented, with a final newline.
#[must_use]
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(Report);
    schema.insert("$id".to_owned(), "urn:x-ibid:report:1".into());
    schema.insert("title".to_owned(), "ibid report, schema 1".into());
    pretty(serde_json::to_value(schema))
}

fn pretty(value: serde_json::Result<serde_json::Value>) -> String {
    // The types hold nothing that JSON cannot: keys are strings, numbers are finite.
    let value = value.unwrap_or(serde_json::Value::Null);
    format!("{value:#}\n")
}
