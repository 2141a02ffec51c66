//! What a text says of itself, in pandoc's metadata.
//!
//! **In:** values of the metadata. **Out:** their words, and the works that they name
//! (JATS keeps its reference list there, and whoever writes `references:`).

use crate::document::references::{Entry, csl};
use serde_json::{Map, Value};

/// The bare words of a value, white space folded.
pub(super) fn words(value: &Value) -> String {
    let mut words = String::new();
    flat(value, &mut words);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn flat(value: &Value, words: &mut String) {
    match value {
        Value::String(text) => words.push_str(text),
        Value::Array(list) => list.iter().for_each(|inner| flat(inner, words)),
        Value::Object(node) => {
            let content = node.get("c").unwrap_or(&Value::Null);
            match node.get("t").and_then(Value::as_str) {
                Some("Space" | "SoftBreak" | "LineBreak") => words.push(' '),
                Some("Note" | "RawInline" | "MetaMap" | "Image") => {}
                // Attributes, words, target: only the words.
                Some("Link" | "Span" | "Code" | "Math" | "Quoted" | "Cite") => {
                    flat(content.get(1).unwrap_or(&Value::Null), words);
                }
                _ => flat(content, words),
            }
        }
        _ => {}
    }
}

/// The entries of `references`, whose fields are those of CSL.
pub(super) fn references(meta: &Value) -> Vec<Entry> {
    let list = meta.get("references").and_then(|list| list.get("c"));
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items
        .enumerate()
        .filter_map(|(index, value)| match plain(value) {
            Value::Object(fields) => Some(csl::item(&fields, index, None)),
            _ => None,
        })
        .filter(|entry| !entry.text.is_empty())
        .collect()
}

/// A value of the metadata as ordinary JSON.
fn plain(value: &Value) -> Value {
    let content = value.get("c").unwrap_or(&Value::Null);
    match (value.get("t").and_then(Value::as_str), content) {
        (Some("MetaMap"), Value::Object(map)) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect::<Map<_, _>>(),
        ),
        (Some("MetaList"), Value::Array(list)) => list.iter().map(plain).collect(),
        _ => Value::String(words(value)),
    }
}
