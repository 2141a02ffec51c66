//! Ranks the sentences of cited pages for claims, for the scorer of the WiCE set.
//!
//! `cargo run --release --example evidence_eval -- claims.jsonl > predictions.jsonl`
//! reads lines with `id`, `claim` and `evidence` (sentences), and writes lines with
//! `id`, `ranked`, `score` and `label`.

#![expect(clippy::print_stdout, reason = "an example prints its answer")]

use ibid::evidence::{ClaimText, EvidenceKind, SourceText, judge, passage};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_default();
    for line in std::fs::read_to_string(path)?.lines() {
        let item: serde_json::Value = serde_json::from_str(line)?;
        let claim = ClaimText {
            text: item["claim"].as_str().unwrap_or(""),
            anchor: None,
            language: Some("en"),
        };
        let empty = Vec::new();
        let sentences: Vec<&str> = item["evidence"]
            .as_array()
            .unwrap_or(&empty)
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect();
        let (ranked, score) = passage::rank(claim, &sentences);
        let source = SourceText {
            text: sentences.join("\n"),
            ..SourceText::default()
        };
        let label = match judge(claim, &source).kind {
            EvidenceKind::Quoted | EvidenceKind::Supported => "supported",
            EvidenceKind::Partial => "partially_supported",
            EvidenceKind::NotFound | EvidenceKind::Unreadable | EvidenceKind::None => {
                "not_supported"
            }
        };
        println!(
            "{}",
            serde_json::json!({"id": item["id"], "ranked": ranked, "score": score, "label": label})
        );
    }
    Ok(())
}
