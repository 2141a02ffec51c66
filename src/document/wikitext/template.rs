//! A template call and its parameters, and what the usual ones are.
//!
//! **In:** the range between `{{` and `}}`. **Out:** name and parameters as ranges.
//! **Not here:** what they print.

use super::scan::Pairs;
use std::ops::Range;

/// Parameters that are looked at; infoboxes have up to a few hundred.
const MOST_PARAMETERS: usize = 1000;

#[derive(Debug)]
pub(super) struct Template<'a> {
    /// In lower case, underscores as spaces.
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter<'a>>,
}

#[derive(Debug, Clone)]
pub(super) struct Parameter<'a> {
    /// In lower case; its number where it has no name.
    pub(super) name: String,
    pub(super) is_named: bool,
    pub(super) range: Range<usize>,
    pub(super) text: &'a str,
}

impl<'a> Template<'a> {
    pub(super) fn of(source: &'a str, pairs: &Pairs, range: Range<usize>) -> Self {
        let parts = parts(source, pairs, range.clone());
        let mut parts = parts.into_iter();
        let name_range = parts
            .next()
            .map_or(range.start..range.start, |(range, _)| range);
        let name = source.get(name_range).unwrap_or("");
        let name = name.split("<!--").next().unwrap_or("").trim();
        let mut count = 0_u32;
        let parameters = parts
            .map(|(range, equals)| {
                let (name, from) = match equals {
                    Some(equals) => (
                        source
                            .get(range.start..equals)
                            .unwrap_or("")
                            .trim()
                            .to_lowercase(),
                        equals + 1,
                    ),
                    None => {
                        count += 1;
                        (count.to_string(), range.start)
                    }
                };
                let text = source.get(from..range.end).unwrap_or("");
                let start = from + (text.len() - text.trim_start().len());
                let text = text.trim();
                Parameter {
                    name,
                    is_named: equals.is_some(),
                    range: start..start + text.len(),
                    text,
                }
            })
            .collect();
        Self {
            name: name.replace('_', " ").to_lowercase(),
            parameters,
        }
    }

    /// The first of these parameters that has a value.
    pub(super) fn first(&self, names: &[&str]) -> Option<&Parameter<'a>> {
        names.iter().find_map(|name| {
            self.parameters
                .iter()
                .find(|parameter| parameter.name == *name && !parameter.text.is_empty())
        })
    }

    /// The value of a parameter as it stands.
    pub(super) fn text(&self, names: &[&str]) -> Option<&'a str> {
        self.first(names).map(|parameter| parameter.text)
    }

    /// Parameters without a name, in their order.
    pub(super) fn unnamed(&self) -> impl Iterator<Item = &Parameter<'a>> {
        self.parameters
            .iter()
            .filter(|parameter| !parameter.is_named)
    }

    /// An address among its parameters of these names.
    pub(super) fn address(&self, names: &[&str]) -> Option<String> {
        let value = self.text(names)?;
        let value = value
            .replace("{{!}}", "|")
            .replace("{{=}}", "=")
            .replace("&amp;", "&");
        let word = value.split_whitespace().next()?;
        let word = word.split("{{").next()?.split('<').next()?;
        is_address(word).then(|| absolute(word))
    }
}

/// Whether a text begins as an address does.
pub(super) fn is_address(text: &str) -> bool {
    let head = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    ["http://", "https://", "ftp://", "//"]
        .iter()
        .any(|scheme| head.starts_with(scheme) && text.len() > scheme.len())
}

/// An address without a scheme is reached by `https`.
pub(super) fn absolute(url: &str) -> String {
    if url.starts_with("//") {
        format!("https:{url}")
    } else {
        url.to_owned()
    }
}

/// What stands between the bars of a template or a link, each with its first `=`.
pub(super) fn parts(
    source: &str,
    pairs: &Pairs,
    range: Range<usize>,
) -> Vec<(Range<usize>, Option<usize>)> {
    let bytes = source.as_bytes();
    let mut parts = Vec::new();
    let mut start = range.start;
    let mut equals = None;
    let mut at = range.start;
    while at < range.end {
        match bytes[at] {
            b'|' if parts.len() < MOST_PARAMETERS => {
                parts.push((start..at, equals));
                start = at + 1;
                equals = None;
                at += 1;
            }
            b'=' => {
                equals = equals.or(Some(at));
                at += 1;
            }
            b'{' | b'[' | b'<' => {
                let end = pairs.end_of(at).filter(|end| *end <= range.end);
                at = end.unwrap_or(at + 1);
            }
            _ => at += 1,
        }
    }
    parts.push((start..range.end, equals));
    parts
}
