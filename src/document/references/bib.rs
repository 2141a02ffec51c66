//! BibTeX and BibLaTeX as a list of references.
//!
//! **In:** characters. **Out:** entries with their lines. **Not here:** what the fields
//! of an entry hold (`bibtex`).

use super::{Entry, Problem};
use crate::document::bibtex;
use crate::document::text::lines_of;
use std::collections::BTreeMap;

/// The entries of a list.
#[must_use]
pub fn entries(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let mut lines: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines_of(text) {
        if let Some(key) = key(line.text) {
            // Of two entries with one key the first counts.
            lines.entry(key).or_insert(line.number);
        }
    }
    let (entries, problems) = bibtex::entries(text);
    let entries = entries.into_iter().map(|entry| Entry {
        line: lines.get(entry.key.as_str()).copied(),
        key: entry.key,
        text: entry.text,
        links: entry.links,
    });
    (entries.collect(), problems)
}

/// `moor` of `@article{moor,`.
fn key(line: &str) -> Option<&str> {
    let (_, rest) = line
        .trim_start()
        .strip_prefix('@')?
        .split_once(['{', '('])?;
    Some(rest.split(',').next()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_line() {
        let (entries, problems) = entries(
            "% A remark\n@online{ log , title={Log}, url={https://e.example/log}}\n\n  @book(moor,\n title={Rain}, doi={10.5555/rain})\n",
        );
        assert_eq!(problems, []);
        let found: Vec<_> = entries
            .iter()
            .map(|entry| (entry.key.as_str(), entry.line, entry.links[0].0.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("log", Some(2), "https://e.example/log"),
                ("moor", Some(4), "https://doi.org/10.5555/rain"),
            ]
        );
    }
}
