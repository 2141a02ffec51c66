//! What a reader of a bibliography sees of an entry.
//!
//! **In:** fields as LaTeX. **Out:** [`Entry`]: its parts in the order of most
//! styles, a full stop between them, and its addresses. **Not here:** damage.

use super::Entry;
use super::scan::Raw;
use crate::document::{ByteSpan, latex, text};
use std::collections::BTreeMap;

/// Names that a sentence gives in full; more become "et al.".
const NAMES_IN_A_SENTENCE: usize = 2;
/// The longest field that is read, in bytes; abstracts stay well below.
const LONGEST_FIELD: usize = 64 << 10;

pub(super) fn made(raw: &[Raw]) -> Vec<Entry> {
    let by_key: BTreeMap<&str, &Raw> = raw
        .iter()
        .rev()
        .map(|raw| (raw.key.as_str(), raw))
        .collect();
    raw.iter()
        .map(|entry| {
            let parent = |name: &str| {
                let key = entry.fields.get(name)?.split(',').next()?.trim();
                by_key.get(key).map(|parent| &parent.fields)
            };
            Fields {
                own: &entry.fields,
                crossref: parent("crossref"),
                xdata: parent("xdata"),
            }
            .entry(&entry.key)
        })
        .collect()
}

struct Fields<'a> {
    own: &'a BTreeMap<String, String>,
    /// The volume that it is a part of.
    crossref: Option<&'a BTreeMap<String, String>>,
    /// Fields that several entries share.
    xdata: Option<&'a BTreeMap<String, String>>,
}

impl Fields<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let own = self
            .own
            .get(name)
            .or_else(|| self.xdata.and_then(|fields| fields.get(name)));
        let parent = || {
            let fields = self.crossref?;
            match name {
                "booktitle" => fields.get("booktitle").or_else(|| fields.get("title")),
                "year" | "date" | "month" | "publisher" | "editor" | "series" | "journal"
                | "journaltitle" | "volume" => fields.get(name),
                _ => None,
            }
        };
        own.or_else(parent)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty() && value.len() <= LONGEST_FIELD)
    }

    fn words(&self, name: &str) -> Option<(String, Vec<(String, ByteSpan)>)> {
        let found = latex::words(self.get(name)?);
        (!found.0.trim().is_empty()).then_some(found)
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.words(name))
            .map(|(text, _)| text)
    }

    fn entry(&self, key: &str) -> Entry {
        let mut out = Text::default();
        let people = ["author", "editor", "organization", "institution"]
            .into_iter()
            .find_map(|name| self.get(name));
        let people = people.map(names).unwrap_or_default();
        out.part(&people.join("; "));
        let title = [self.first(&["title"]), self.first(&["subtitle"])];
        out.part(&title.into_iter().flatten().collect::<Vec<_>>().join(": "));
        if let Some(book) = self.first(&["booktitle", "maintitle"]) {
            out.part(&format!("In: {book}"));
        }
        out.part(&self.journal());
        for name in ["series", "publisher", "school", "type"] {
            if let Some(text) = self.first(&[name]) {
                out.part(&text);
            }
        }
        for name in ["howpublished", "note", "addendum"] {
            if let Some((text, links)) = self.words(name) {
                out.linked(&text, links);
            }
        }
        let date = self.date();
        out.part(&date);
        self.identifiers(&mut out);
        // A full stop ends it, but for an address, which it could be taken for a part of.
        if !out.text.is_empty() && !out.ends_in_link() && !out.text.ends_with(['.', '!', '?']) {
            out.text.push('.');
        }
        Entry {
            key: key.to_owned(),
            text: out.text,
            links: out.links,
            authors: in_a_sentence(&people),
            year: date.get(..4).unwrap_or("").to_owned(),
        }
    }

    fn journal(&self) -> String {
        let mut text = self.first(&["journal", "journaltitle"]).unwrap_or_default();
        let mut add = |piece: String| {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(&piece);
        };
        match (self.first(&["volume"]), self.first(&["number", "issue"])) {
            (Some(volume), Some(number)) => add(format!("{volume}({number})")),
            (Some(volume), None) => add(volume),
            (None, Some(number)) => add(format!("no. {number}")),
            (None, None) => {}
        }
        if let Some(pages) = self.first(&["pages"]) {
            add(pages);
        }
        text
    }

    fn date(&self) -> String {
        if let Some(date) = self.first(&["date"]) {
            return date;
        }
        let year = self.first(&["year"]).unwrap_or_default();
        const MONTHS: [&str; 12] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        let month = self.first(&["month"]).unwrap_or_default().to_lowercase();
        let number = MONTHS
            .iter()
            .position(|name| month.starts_with(name))
            .map(|index| index + 1)
            .or_else(|| month.parse().ok().filter(|month| (1..=12).contains(month)));
        match number {
            Some(number) if !year.is_empty() => format!("{year}-{number:02}"),
            _ => year,
        }
    }

    fn identifiers(&self, out: &mut Text) {
        if let Some(doi) = self.get("doi").map(latex::address) {
            out.identifier("doi:", "https://doi.org/", &doi);
        }
        if let Some(eprint) = self.get("eprint").map(latex::address) {
            let kind = ["eprinttype", "archiveprefix"]
                .into_iter()
                .find_map(|name| self.get(name))
                .unwrap_or("")
                .to_ascii_lowercase();
            match kind.as_str() {
                "arxiv" => out.identifier("arXiv:", "https://arxiv.org/abs/", &eprint),
                "pubmed" => out.identifier("PMID:", "https://pubmed.ncbi.nlm.nih.gov/", &eprint),
                "jstor" => out.identifier("JSTOR:", "https://www.jstor.org/stable/", &eprint),
                "hdl" => out.identifier("hdl:", "https://hdl.handle.net/", &eprint),
                _ if is_arxiv(&eprint) => {
                    out.identifier("arXiv:", "https://arxiv.org/abs/", &eprint);
                }
                _ => out.linked(&eprint, Vec::new()),
            }
        }
        if let Some(id) = self.get("pmid").filter(|id| is_number(id)) {
            out.identifier("PMID:", "https://pubmed.ncbi.nlm.nih.gov/", id);
        }
        let url = self.get("url").map(|url| {
            let (_, links) = latex::words(url);
            // `url = {\url{…}}` is common.
            links
                .into_iter()
                .next()
                .filter(|_| url.contains("\\url") || url.contains("\\href"))
                .map_or_else(|| latex::address(url), |(url, _)| url)
        });
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            let is_known = out.links.iter().any(|(known, _)| is_same(known, &url));
            if !is_known {
                let mut span = None;
                out.open_part();
                if !url.contains(char::is_whitespace) {
                    let start = out.text.len();
                    span = Some(ByteSpan::new(start, start + url.len()));
                }
                out.text.push_str(&url);
                if let Some(span) = span {
                    out.links.push((url, span));
                }
            }
        }
    }
}

/// Two ways to write the address of one DOI are one.
fn is_same(a: &str, b: &str) -> bool {
    let bare = |url: &str| {
        let url = url.to_ascii_lowercase();
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let rest = rest.strip_prefix("dx.").unwrap_or(rest);
        rest.trim_end_matches('/').to_owned()
    };
    bare(a) == bare(b)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `2101.00001v2` or `hep-th/9901001`
fn is_arxiv(id: &str) -> bool {
    let digits = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit());
    let old = id
        .split_once('/')
        .is_some_and(|(_, number)| number.get(..7).is_some_and(digits));
    let new = id.split_once('.').is_some_and(|(month, number)| {
        month.len() == 4 && digits(month) && digits(number.split('v').next().unwrap_or(""))
    });
    (old && id.is_ascii()) || new
}

/// People as written; BibTeX puts "and" between them.
fn names(field: &str) -> Vec<String> {
    let folded = field.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for name in outside_braces(&folded) {
        let (name, _) = latex::words(name);
        match name.trim() {
            "" => {}
            "others" => found.push("et al.".to_owned()),
            name => found.push(name.to_owned()),
        }
    }
    found
}

/// Splits at " and " where no brace is open.
fn outside_braces(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b' ' if depth <= 0 && at >= start && text[at..].starts_with(" and ") => {
                parts.push(&text[start..at]);
                start = at + 5;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or(""));
    parts
}

/// "Smith", "Smith and Jones", "Smith et al."
fn in_a_sentence(people: &[String]) -> String {
    let family = |name: &String| {
        name.split_once(',').map_or_else(
            || name.rsplit(' ').next().unwrap_or(name).to_owned(),
            |(family, _)| family.to_owned(),
        )
    };
    let has_more = people.last().is_some_and(|name| name == "et al.");
    match people {
        [] => String::new(),
        [first] => family(first),
        [first, second] if people.len() <= NAMES_IN_A_SENTENCE && !has_more => {
            format!("{} and {}", family(first), family(second))
        }
        [first, ..] => format!("{} et al.", family(first)),
    }
}

/// An entry's text as it grows.
#[derive(Default)]
struct Text {
    text: String,
    links: Vec<(String, ByteSpan)>,
}

impl Text {
    /// Ends the part before with a full stop; an address stays free of one.
    fn open_part(&mut self) {
        if self.text.is_empty() {
            return;
        }
        if !self.text.ends_with(['.', '!', '?']) {
            self.text.push('.');
        }
        self.text.push(' ');
    }

    fn ends_in_link(&self) -> bool {
        let last = self.links.last();
        last.is_some_and(|(_, span)| span.end == self.text.len())
    }

    fn part(&mut self, words: &str) {
        self.linked(words, Vec::new());
    }

    fn linked(&mut self, words: &str, links: Vec<(String, ByteSpan)>) {
        if words.trim().is_empty() {
            return;
        }
        self.open_part();
        let start = self.text.len();
        self.text.push_str(words);
        let mut known = links;
        for span in text::printed(words) {
            if !known.iter().any(|(_, other)| other.overlaps(span)) {
                known.push((span.of(words).to_owned(), span));
            }
        }
        known.sort_by_key(|(_, span)| *span);
        for (url, span) in known {
            self.links
                .push((url, ByteSpan::new(span.start + start, span.end + start)));
        }
    }

    fn identifier(&mut self, name: &str, resolver: &str, id: &str) {
        if id.is_empty() || id.contains(char::is_whitespace) {
            return self.part(id);
        }
        let lower = id.to_ascii_lowercase();
        let (words, url) = if lower.starts_with("http://") || lower.starts_with("https://") {
            (id.to_owned(), id.to_owned())
        } else {
            let bare = match lower.strip_prefix(&name.to_ascii_lowercase()) {
                Some(rest) => &id[id.len() - rest.len()..],
                None => id,
            };
            (format!("{name}{bare}"), format!("{resolver}{bare}"))
        };
        if self.links.iter().any(|(known, _)| is_same(known, &url)) {
            return;
        }
        self.open_part();
        let start = self.text.len();
        self.text.push_str(&words);
        self.links
            .push((url, ByteSpan::new(start, self.text.len())));
    }
}
