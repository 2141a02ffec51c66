//! RIS: a tag and a value on every line.
//!
//! **In:** characters. **Out:** entries. **Not here:** types of works; every record
//! from `TY` to `ER` is an entry.

use super::work::Work;
use super::{Entry, Problem};
use crate::document::Place;
use crate::document::text::lines_of;

/// The entries of a list.
#[must_use]
pub fn entries(text: &str) -> (Vec<Entry>, Vec<Problem>) {
    let mut reader = Reader::default();
    for line in lines_of(text) {
        reader.line(line.text, line.number);
    }
    reader.end();
    (reader.entries, reader.problems)
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    /// The line on which the open record began.
    open: Option<u32>,
    fields: Vec<(String, String)>,
    /// A tag outside a record was told; its neighbours need not be.
    strayed: bool,
}

impl Reader {
    fn line(&mut self, line: &str, number: u32) {
        let Some((tag, value)) = tagged(line) else {
            // A value goes on; between records stands whatever the publisher has to say.
            let text = line.trim();
            if self.open.is_some()
                && !text.is_empty()
                && let Some((_, value)) = self.fields.last_mut()
            {
                value.push(' ');
                value.push_str(text);
            }
            return;
        };
        match tag {
            "TY" => {
                if self.open.is_some() {
                    self.end();
                }
                self.open = Some(number);
                self.strayed = false;
            }
            "ER" => self.end(),
            _ if self.open.is_some() => self.fields.push((tag.to_owned(), value.to_owned())),
            _ if self.strayed => {}
            _ => {
                self.strayed = true;
                self.problems.push(Problem {
                    place: Place {
                        page: None,
                        line: Some(number),
                    },
                    text: format!("the tag {tag} stands outside a record and was left out"),
                });
            }
        }
    }

    fn end(&mut self) {
        let fields = std::mem::take(&mut self.fields);
        let Some(line) = self.open.take() else {
            return;
        };
        let key = first(&fields, &["ID"]);
        let key = if key.is_empty() {
            (self.entries.len() + 1).to_string()
        } else {
            key
        };
        self.entries.push(work(&fields).entry(key, Some(line)));
    }
}

/// `AU  - Moor, Ada`: two letters or digits, blanks, a dash.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let tag = line.get(..2)?;
    let mut letters = tag.bytes();
    let is_tag = letters.next().is_some_and(|b| b.is_ascii_uppercase())
        && letters
            .next()
            .is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let rest = line.get(2..)?;
    let dash = rest.trim_start_matches(' ');
    let blanks = rest.len() - dash.len();
    let value = dash.strip_prefix('-')?;
    let apart = value.is_empty() || value.starts_with(char::is_whitespace);
    (is_tag && (1..=3).contains(&blanks) && apart).then(|| (tag, value.trim()))
}

/// All values of these tags, in the order of the tags.
fn all<'a>(fields: &'a [(String, String)], tags: &'a [&str]) -> impl Iterator<Item = &'a str> {
    tags.iter().flat_map(move |tag| {
        fields
            .iter()
            .filter(move |(name, value)| name == tag && !value.is_empty())
            .map(|(_, value)| value.as_str())
    })
}

fn first(fields: &[(String, String)], tags: &[&str]) -> String {
    all(fields, tags).next().unwrap_or_default().to_owned()
}

/// What the tags say (the specification of 2012, and what Zotero and EndNote make of it).
fn work(fields: &[(String, String)]) -> Work {
    let first = |tags: &[&str]| first(fields, tags);
    let every = |tags: &[&str]| all(fields, tags).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (first(&["SP"]), first(&["EP"]));
    let pages = if to.is_empty() || from.contains(['-', '–']) {
        from.replace('-', "–")
    } else {
        format!("{from}–{to}")
    };
    let mut doi = first(&["DO"]);
    if doi.is_empty() {
        // Older exports keep it among the notes.
        doi = all(fields, &["M3", "M1", "N1", "L3"])
            .find(|value| super::work::doi(value).is_some())
            .unwrap_or_default()
            .to_owned();
    }
    let mut urls = every(&["UR", "LK"]);
    if urls.is_empty() && doi.is_empty() {
        urls = every(&["L2", "L1"]);
    }
    let from_pubmed = first(&["DB", "DP"]).to_ascii_lowercase().contains("pubmed");
    let (container, book) = (first(&["T2", "JO", "JF", "JA", "J2", "J1"]), first(&["BT"]));
    let title = first(&["TI", "T1", "CT"]);
    Work {
        authors: every(&["AU", "A1"]),
        editors: every(&["ED", "A2", "A3"]),
        // A book has its title where a chapter has that of its book.
        title: if title.is_empty() {
            book.clone()
        } else {
            title.clone()
        },
        container: if container.is_empty() && !title.is_empty() {
            book
        } else {
            container
        },
        volume: first(&["VL"]),
        issue: first(&["IS"]),
        pages,
        publisher: first(&["PB"]),
        year: first(&["PY", "Y1", "DA"])
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        doi,
        arxiv: all(fields, &["AN", "M1", "C7"])
            .find(|value| {
                value
                    .get(..6)
                    .is_some_and(|v| v.eq_ignore_ascii_case("arxiv:"))
            })
            .unwrap_or_default()
            .to_owned(),
        pmid: if from_pubmed {
            first(&["AN"])
        } else {
            String::new()
        },
        pmcid: all(fields, &["C2"])
            .find(|value| value.starts_with("PMC"))
            .unwrap_or_default()
            .to_owned(),
        urls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::references::document;
    use proptest::prelude::*;

    #[test]
    fn every_record_is_an_entry() {
        let check = |text: &str, expected: &[(&str, &str, u32)]| {
            let (entries, _) = entries(text);
            let found: Vec<_> = entries
                .iter()
                .map(|e| (e.key.as_str(), e.text.as_str(), e.line.unwrap()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "TY  - JOUR\nID  - moor\nAU  - Moor, Ada\nAU  - Hill, Ben\nTI  - The rain\n  of March\nJO  - Weather\nVL  - 12\nIS  - 3\nSP  - 45\nEP  - 67\nPY  - 2010/03//\nDO  - 10.1000/rain\nUR  - https://e.example/rain\nER  - \n\nTY  - ELEC\nT1  - Log\nUR  - https://e.example/log\n",
            &[
                (
                    "moor",
                    "Moor, Ada; Hill, Ben (2010), The rain of March, Weather 12(3), 45–67, https://doi.org/10.1000/rain https://e.example/rain",
                    1,
                ),
                ("2", "Log, https://e.example/log", 17),
            ],
        );
        check(
            "TY - BOOK\nBT - Rain\nA1 - Moor\nPB - Hill\nAN - 123\nDB - PubMed\nER -",
            &[(
                "1",
                "Moor, Rain, Hill, https://pubmed.ncbi.nlm.nih.gov/123/",
                1,
            )],
        );
        check(
            "TY  - CHAP\nTI  - Rain\nBT  - Weather\nL1  - https://e.example/r.pdf\nM3  - 10.1000/x\nER  - \n",
            &[("1", "Rain, Weather, https://doi.org/10.1000/x", 1)],
        );
    }

    #[test]
    fn what_stands_outside_a_record_is_told() {
        let (entries, problems) =
            entries("Provider: x\n\nAU  - Moor\nTY  - JOUR\nTI  - A\nER  - \n");
        assert_eq!(entries.len(), 1);
        assert_eq!(problems[0].place.line, Some(3));
    }

    proptest! {
        #[test]
        fn any_text_reads(text in "((TY|ER|AU|UR|DO|SP)  - |10\\.1234/|https://|\n|[\\PC]){0,60}") {
            let (entries, problems) = entries(&text);
            let document = document(entries, problems);
            for link in &document.links {
                prop_assert_eq!(link.span.of(&document.text), &link.url_as_cited);
            }
        }
    }
}
