//! The report as JSON, and the JSON Schema that every such report keeps to.

use super::Report;
use std::io::{self, Write};

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
    serde_json::to_writer(&mut out, report)?;
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
