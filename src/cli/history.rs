//! `ibid history`

use super::failure::{End, Failure};
use super::{Common, FormatName, output};
use ibid::archive::{Archive, CaptureKind};
use ibid::check::{HistoryEntry, history};
use std::fmt::Write as _;
use std::io::Write as _;

/// Every capture of a source, and what changed between them
#[derive(Debug, clap::Args)]
pub(super) struct HistoryArgs {
    /// The address, as cited
    url: String,
}

pub(super) fn run(args: &HistoryArgs, common: &Common) -> Result<End, Failure> {
    let config = common.config()?;
    let archive = Archive::read(&config.archive)?;
    let entries = history(&archive, &args.url, &config.policy.limits)?;
    if entries.is_empty() {
        return Err(Failure::new(format!("no capture of {} is held", args.url))
            .hint("Give the address as it is cited, redirects and all."));
    }
    let text = match common.format() {
        FormatName::Json => json(&entries),
        FormatName::Terminal => lines(&entries, &args.url),
        FormatName::Html => {
            return Err(Failure::new("history has no HTML format")
                .hint("Use --format terminal or --format json."));
        }
    };
    match &common.output {
        Some(path) => output::write_file(path, text.as_bytes())?,
        None => anstream::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(End::Sound)
}

fn lines(entries: &[HistoryEntry], url: &str) -> String {
    let mut text = String::new();
    for entry in entries {
        let capture = &entry.capture;
        let digest = capture.digest.to_hex();
        let change = match (&entry.content, entry.changed) {
            (Some(content), Some(share)) => {
                format!("{} ({:.0} % of its words)", content.word(), share * 100.0)
            }
            (Some(content), None) => content.word().to_owned(),
            (None, _) => String::new(),
        };
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "{}  {:>3}  {:>8}  {}  {change}",
            capture.timestamp.strftime("%Y-%m-%d %H:%M:%S"),
            capture.status,
            size(capture.payload_length),
            digest.get(..12).unwrap_or(&digest),
        );
        if capture.target_uri != url {
            let at = ibid::report::escape::terminal(&capture.target_uri);
            let _ = writeln!(text, "                     at {at}");
        }
    }
    text
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn json(entries: &[HistoryEntry]) -> String {
    let list: Vec<_> = entries
        .iter()
        .map(|entry| {
            let capture = &entry.capture;
            serde_json::json!({
                "timestamp": ibid::check::rfc3339(capture.timestamp),
                "url": capture.target_uri,
                "http_status": capture.status,
                "sha256": capture.digest.to_hex(),
                "payload_bytes": capture.payload_length,
                "revisit": capture.kind == CaptureKind::Revisit,
                "warc": capture.warc,
                "offset": capture.offset,
                "length": capture.length,
                "content": entry.content.map(|content| content.word()),
                "changed": entry.changed,
            })
        })
        .collect();
    let mut text = format!("{:#}", serde_json::Value::Array(list));
    text.push('\n');
    text
}
