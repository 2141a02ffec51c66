//! Claims and what they cite: the passage that carries the claim, and how far it does.

use ibid::evidence::passage::{self, Prepared};
use ibid::evidence::{ClaimText, EvidenceKind, SourceText, judge};
use serde_json::{Value, json};
use std::path::Path;

/// For numbered sentences (`evidence`) their ranks, a score and a label of three; for whole
/// `references` a score and a label of two.
pub(crate) fn evidence(item: &Value, _: &Path) -> anyhow::Result<Value> {
    let claim = claim(item);
    let references = strings(item, "references");
    let sentences = strings(item, "evidence");
    if item["references"].is_array() {
        let found = judge(claim, &source(&references));
        let label = match found.kind {
            EvidenceKind::Quoted | EvidenceKind::Supported => "attributable",
            _ => "not attributable",
        };
        return Ok(json!({ "id": item["id"], "score": found.score, "label": label }));
    }
    let ranked = passage::rank(claim, &sentences);
    let found = judge(claim, &source(&sentences));
    let label = match found.kind {
        EvidenceKind::Quoted | EvidenceKind::Supported => "supported",
        EvidenceKind::Partial => "partially_supported",
        EvidenceKind::NotFound | EvidenceKind::Unreadable | EvidenceKind::None => "not_supported",
    };
    Ok(json!({ "id": item["id"], "ranked": ranked, "score": found.score, "label": label }))
}

/// What score and ranks are made of: `scripts/fit_evidence.py` reads it.
pub(crate) fn features(item: &Value, _: &Path) -> anyhow::Result<Value> {
    let claim = claim(item);
    let mut sentences = strings(item, "evidence");
    let candidates = passage::candidates(claim, &sentences);
    sentences.extend(strings(item, "references"));
    let source = source(&sentences);
    let signals = Prepared::new(&source, claim.language).signals_of(claim);
    let facts = judge(claim, &source).facts;
    Ok(json!({ "id": item["id"], "signals": signals, "candidates": candidates, "facts": facts }))
}

fn claim(item: &Value) -> ClaimText<'_> {
    ClaimText {
        text: item["claim"].as_str().unwrap_or(""),
        anchor: None,
        language: Some("en"),
    }
}

fn strings<'a>(item: &'a Value, field: &str) -> Vec<&'a str> {
    let listed = item[field].as_array().into_iter().flatten();
    listed.filter_map(Value::as_str).collect()
}

fn source(parts: &[&str]) -> SourceText {
    SourceText {
        text: parts.join("\n"),
        ..SourceText::default()
    }
}
