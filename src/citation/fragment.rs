//! The passage that an address points to: `#:~:text=`.
//!
//! **In:** an address as cited. **Out:** its [`TextFragment`]s. **Not here:** finding
//! them in a source. A text fragment is the author's own word for which passage
//! carries the claim (WICG, "URL Fragment Text Directives").

use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text directives taken of one address; browsers highlight a few.
const MAX_FRAGMENTS: usize = 16;

/// One passage that an address points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TextFragment {
    /// Words directly before the passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The passage, or its first words where `end` is given.
    pub start: String,
    /// The passage's last words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Words directly after the passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
}

/// The passages that an address points to, in its order.
#[must_use]
pub fn text_fragments(url_as_cited: &str) -> Vec<TextFragment> {
    let Some((_, fragment)) = url_as_cited.split_once('#') else {
        return Vec::new();
    };
    let Some((_, directives)) = fragment.split_once(":~:") else {
        return Vec::new();
    };
    directives
        .split('&')
        .filter_map(|directive| text_fragment(directive.strip_prefix("text=")?))
        .take(MAX_FRAGMENTS)
        .collect()
}

/// `[prefix-,]start[,end][,-suffix]`; anything else is no text directive (section 3.3).
fn text_fragment(directive: &str) -> Option<TextFragment> {
    let mut terms: Vec<&str> = directive.split(',').take(5).collect();
    let prefix = terms.first().and_then(|term| term.strip_suffix('-'));
    if prefix.is_some() {
        terms.remove(0);
    }
    let suffix = terms.last().and_then(|term| term.strip_prefix('-'));
    if suffix.is_some() {
        terms.pop();
    }
    let (start, end) = match terms.as_slice() {
        [start] => (*start, None),
        [start, end] => (*start, Some(*end)),
        _ => return None,
    };
    Some(TextFragment {
        prefix: prefix.and_then(decoded),
        start: decoded(start)?,
        end: end.and_then(decoded),
        suffix: suffix.and_then(decoded),
    })
}

fn decoded(term: &str) -> Option<String> {
    let text = percent_decode_str(term).decode_utf8().ok()?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_points_to_passages() {
        let check = |fragment: &str, expected: &[&str]| {
            let found: Vec<String> = text_fragments(&format!("https://example.org/a{fragment}"))
                .into_iter()
                .map(|f| {
                    let part = |part: Option<String>| part.unwrap_or_default();
                    format!(
                        "{}[{}|{}]{}",
                        part(f.prefix),
                        f.start,
                        part(f.end),
                        part(f.suffix)
                    )
                })
                .collect();
            assert_eq!(found, expected, "{fragment}");
        };
        check("", &[]);
        check("#part", &[]);
        check("#:~:text=rain%20fell", &["[rain fell|]"]);
        check("#part:~:text=rain,fell", &["[rain|fell]"]);
        check("#:~:text=it-,rain,fell,-twice", &["it[rain|fell]twice"]);
        check("#:~:text=it-,rain", &["it[rain|]"]);
        check("#:~:text=rain,-twice", &["[rain|]twice"]);
        check("#:~:text=a%2Cb%2D&text=c&unknown=d", &["[a,b-|]", "[c|]"]);
        check("#:~:text=a,b,c&text=&text=%ff", &[]);
    }
}
