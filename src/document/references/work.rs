//! A work as its fields name it, and the line that an entry prints of it.
//!
//! **In:** fields, as text. **Out:** an [`Entry`]. **Not here:** which field of which
//! format holds what.

use super::Entry;
use crate::document::ByteSpan;

/// Names that are printed; the others are "et al."
const MAX_NAMES: usize = 10;
/// Addresses of one work that are taken.
const MAX_ADDRESSES: usize = 100;

/// A work, as far as its entry says.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) authors: Vec<String>,
    pub(super) editors: Vec<String>,
    pub(super) title: String,
    pub(super) container: String,
    pub(super) volume: String,
    pub(super) issue: String,
    pub(super) pages: String,
    pub(super) publisher: String,
    pub(super) year: String,
    pub(super) doi: String,
    pub(super) arxiv: String,
    pub(super) pmid: String,
    pub(super) pmcid: String,
    pub(super) urls: Vec<String>,
}

impl Work {
    /// Its entry: one line without a full stop within, so that it stays one sentence.
    pub(super) fn entry(&self, key: String, line: Option<u32>) -> Entry {
        let mut parts: Vec<String> = Vec::new();
        let mut add = |part: &str| {
            let part = folded(part);
            if !part.is_empty() {
                parts.push(part);
            }
        };
        let year = folded(&self.year);
        let dated = |words: String| match (words.is_empty(), year.is_empty()) {
            (false, false) => format!("{words} ({year})"),
            _ => words,
        };
        let title = folded(&self.title);
        let title = title.trim_end_matches(['.', ',']);
        let by = self.by();
        if by.is_empty() {
            add(&dated(title.to_owned()));
        } else {
            add(&dated(by));
            add(title);
        }
        let mut container = folded(&self.container);
        if !self.volume.is_empty() {
            container = format!("{container} {}", self.volume);
        }
        if !self.issue.is_empty() {
            container = format!("{container}({})", self.issue);
        }
        add(&container);
        add(&self.pages);
        add(&self.publisher);
        let mut text = parts.join(", ");
        let mut links = Vec::new();
        for address in self.addresses() {
            if !text.is_empty() {
                text.push_str(if links.is_empty() { ", " } else { " " });
            }
            let start = text.len();
            text.push_str(&address);
            links.push((address, ByteSpan::new(start, text.len())));
        }
        Entry {
            key,
            line,
            text,
            links,
        }
    }

    fn by(&self) -> String {
        let (names, role) = if self.authors.is_empty() {
            (&self.editors, " (ed.)")
        } else {
            (&self.authors, "")
        };
        let printed: Vec<String> = names
            .iter()
            .take(MAX_NAMES)
            .map(|name| folded(name))
            .filter(|name| !name.is_empty())
            .collect();
        if printed.is_empty() {
            return String::new();
        }
        let others = if names.len() > MAX_NAMES {
            " et al."
        } else {
            ""
        };
        format!("{}{others}{role}", printed.join("; "))
    }

    /// Where the work can be had. One place of each is enough: a PubMed record only where
    /// neither DOI nor address leads to the work itself.
    fn addresses(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut add = |address: String| {
            let is_new = !found
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&address));
            if is_new && found.len() < MAX_ADDRESSES {
                found.push(address);
            }
        };
        if let Some(doi) = doi(&self.doi) {
            add(doi);
        } else {
            self.doi
                .split_whitespace()
                .filter_map(web)
                .for_each(&mut add);
        }
        for url in &self.urls {
            for url in url.split_whitespace() {
                doi(url).or_else(|| web(url)).into_iter().for_each(&mut add);
            }
        }
        if let Some(id) = identifier(&self.arxiv, &["arxiv:"]) {
            let doi = format!("https://doi.org/10.48550/arxiv.{id}");
            let page = format!("https://arxiv.org/abs/{id}");
            if !found.iter().any(|known| known.eq_ignore_ascii_case(&doi)) {
                found.retain(|known| *known != page);
                found.push(page);
            }
        }
        if found.is_empty()
            && let Some(id) = identifier(&self.pmcid, &["pmcid:"])
        {
            let digits = id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            found.push(format!(
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC{digits}/"
            ));
        }
        if found.is_empty()
            && let Some(id) = identifier(&self.pmid, &["pmid:"])
        {
            found.push(format!("https://pubmed.ncbi.nlm.nih.gov/{id}/"));
        }
        found
    }
}

/// White space folded.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The resolver's address of a DOI in any of its written forms.
pub(super) fn doi(value: &str) -> Option<String> {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let mut at = 0;
    for start in [
        "https://", "http://", "dx.", "www.", "doi.org/", "doi:", "doi ", " ",
    ] {
        if lower.get(at..).is_some_and(|rest| rest.starts_with(start)) {
            at += start.len();
        }
    }
    let doi = value.get(at..)?.trim_end_matches(['.', ',', ';']);
    // `10.`, four digits or more, a slash (ISO 26324).
    let digits = doi.strip_prefix("10.")?;
    let length = digits
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let suffix = digits.get(length..)?.strip_prefix('/')?;
    if length < 4 || suffix.is_empty() || suffix.contains(char::is_whitespace) {
        return None;
    }
    // As it stands in an address already, or as a name that may hold anything.
    let escaped: String = if lower.starts_with("http") {
        doi.to_owned()
    } else {
        doi.chars().map(escaped).collect()
    };
    Some(format!("https://doi.org/{escaped}"))
}

/// Characters of a DOI that mean something else in an address (DOI Handbook, 2.5.2.4).
fn escaped(c: char) -> String {
    match c {
        '%' => "%25".to_owned(),
        '"' => "%22".to_owned(),
        '#' => "%23".to_owned(),
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '?' => "%3F".to_owned(),
        '{' => "%7B".to_owned(),
        '}' => "%7D".to_owned(),
        _ => c.to_string(),
    }
}

/// An address on the web.
fn web(url: &str) -> Option<String> {
    let url = url.trim_matches(['<', '>', ',', ';']);
    let lower: String = url.chars().take(8).flat_map(char::to_lowercase).collect();
    let is_web = ["http://", "https://", "ftp://"]
        .iter()
        .any(|start| lower.starts_with(start));
    if is_web {
        return Some(url.to_owned());
    }
    lower.starts_with("www.").then(|| format!("http://{url}"))
}

/// An identifier behind its name, if it is one.
fn identifier<'a>(value: &'a str, names: &[&str]) -> Option<&'a str> {
    let mut value = value.trim();
    for name in names {
        if value
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
        {
            value = value.get(name.len()..)?.trim_start();
        }
    }
    // arXiv gives its class behind the number: `2101.00001 [cs.DL]`.
    let value = value.split_whitespace().next()?;
    let is_one = value.bytes().any(|b| b.is_ascii_digit())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-'));
    is_one.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doi_is_one_in_any_form() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(doi(value).as_deref(), expected, "{value}");
        };
        check("10.1000/a.b", Some("https://doi.org/10.1000/a.b"));
        check("doi:10.1000/a", Some("https://doi.org/10.1000/a"));
        check("DOI: 10.1000/a.", Some("https://doi.org/10.1000/a"));
        check(
            "http://dx.doi.org/10.1000/a",
            Some("https://doi.org/10.1000/a"),
        );
        check(
            "https://doi.org/10.1000/a%3Cb",
            Some("https://doi.org/10.1000/a%3Cb"),
        );
        check(
            "10.1000/a<b>#c",
            Some("https://doi.org/10.1000/a%3Cb%3E%23c"),
        );
        check("10.1000.10/a", Some("https://doi.org/10.1000.10/a"));
        check("10.5 percent/a", None);
        check("https://e.example/10.1000/a", None);
        check("", None);
    }

    #[test]
    fn every_work_is_printed_on_one_line_with_its_addresses() {
        let check = |work: Work, expected: &str, links: &[&str]| {
            let entry = work.entry("k".to_owned(), None);
            assert_eq!(entry.text, expected);
            let found: Vec<&str> = entry.links.iter().map(|(url, _)| url.as_str()).collect();
            assert_eq!(found, links);
            for (url, span) in &entry.links {
                assert_eq!(span.of(&entry.text), url);
            }
        };
        let text = str::to_owned;
        check(
            Work {
                authors: vec![text("Moor, Ada"), text("Hill, Ben")],
                title: text("The rain\nof March."),
                container: text("Weather"),
                volume: text("12"),
                issue: text("3"),
                pages: text("45–67"),
                year: text("2010"),
                doi: text("10.1000/rain"),
                pmid: text("12345"),
                urls: vec![
                    text("https://DOI.org/10.1000/RAIN"),
                    text("https://e.example/rain"),
                ],
                ..Work::default()
            },
            "Moor, Ada; Hill, Ben (2010), The rain of March, Weather 12(3), 45–67, https://doi.org/10.1000/rain https://e.example/rain",
            &["https://doi.org/10.1000/rain", "https://e.example/rain"],
        );
        check(
            Work {
                title: text("Rain"),
                year: text("2010"),
                pmid: text("PMID: 12345"),
                ..Work::default()
            },
            "Rain (2010), https://pubmed.ncbi.nlm.nih.gov/12345/",
            &["https://pubmed.ncbi.nlm.nih.gov/12345/"],
        );
        check(
            Work {
                editors: vec![text("Moor, Ada")],
                arxiv: text("arXiv:2101.00001v2 [cs.DL]"),
                urls: vec![text("file:///a.pdf")],
                ..Work::default()
            },
            "Moor, Ada (ed.), https://arxiv.org/abs/2101.00001v2",
            &["https://arxiv.org/abs/2101.00001v2"],
        );
    }
}
