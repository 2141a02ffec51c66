//! Claims and what they cite: the passage that carries the claim, and how far it does.

use ibid::evidence::{ClaimText, EvidenceKind, SourceText, judge, passage};
use serde_json::{Value, json};
use std::path::Path;

/// For numbered sentences (`evidence`) their ranks, a score and a label of three; for whole
/// `references` a score and a label of two.
pub(crate) fn evidence(item: &Value, _: &Path) -> anyhow::Result<Value> {
    let claim = ClaimText {
        text: item["claim"].as_str().unwrap_or(""),
        anchor: None,
        language: Some("en"),
    };
    let strings = |field: &str| -> Vec<&str> {
        let listed = item[field].as_array().into_iter().flatten();
        listed.filter_map(Value::as_str).collect()
    };
    if item["references"].is_array() {
        let references = strings("references");
        let source = source(&references);
        let found = judge(claim, &source);
        let label = match found.kind {
            EvidenceKind::Quoted | EvidenceKind::Supported => "attributable",
            _ => "not attributable",
        };
        return Ok(json!({ "id": item["id"], "score": found.score, "label": label }));
    }
    let sentences = strings("evidence");
    let (ranked, score) = passage::rank(claim, &sentences);
    let label = match judge(claim, &source(&sentences)).kind {
        EvidenceKind::Quoted | EvidenceKind::Supported => "supported",
        EvidenceKind::Partial => "partially_supported",
        EvidenceKind::NotFound | EvidenceKind::Unreadable | EvidenceKind::None => "not_supported",
    };
    Ok(json!({ "id": item["id"], "ranked": ranked, "score": score, "label": label }))
}

fn source(parts: &[&str]) -> SourceText {
    SourceText {
        text: parts.join("\n"),
        ..SourceText::default()
    }
}
