//! CSL-JSON: what Zotero, Mendeley, pandoc and doi.org hand over.
//!
//! **In:** characters. **Out:** entries. **Not here:** items' types; every item is an
//! entry. An item that makes no sense costs only itself.

use super::work::{Work, folded};
use super::{Entry, Lines};
use crate::document::{DocumentError, Place, Problem};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Wrappings of the list: Zotero's interface says `items`, pandoc's metadata `references`.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    references: Option<Vec<&'a RawValue>>,
}

/// The entries of a list, or of a single item.
///
/// # Errors
/// [`DocumentError::Damaged`] when it is no JSON.
pub fn entries(text: &str) -> Result<(Vec<Entry>, Vec<Problem>), DocumentError> {
    let damaged = |error: serde_json::Error| DocumentError::Damaged {
        what: format!("its JSON is damaged: {error}"),
    };
    let lines = Lines::of(text);
    let items: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(damaged)?
    } else {
        let wrapped: Wrapped<'_> = serde_json::from_str(text).map_err(damaged)?;
        match wrapped.items.or(wrapped.references) {
            Some(items) => items,
            None => vec![serde_json::from_str(text).map_err(damaged)?],
        }
    };
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    for (index, json) in items.into_iter().enumerate() {
        let at = json
            .get()
            .as_ptr()
            .addr()
            .saturating_sub(text.as_ptr().addr());
        let line = lines.at(at);
        match serde_json::from_str::<Map<String, Value>>(json.get()) {
            Ok(fields) => entries.push(item(&fields, index, line)),
            Err(_) => problems.push(Problem {
                place: Place { page: None, line },
                text: "an item of the list is no object and was left out".to_owned(),
            }),
        }
    }
    Ok((entries, problems))
}

/// The entry of one item; `index` names it when it does not name itself.
pub(in crate::document) fn item(
    item: &Map<String, Value>,
    index: usize,
    line: Option<u32>,
) -> Entry {
    let field = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| item.get(*name)).map(plain);
        found.find(|text| !text.is_empty()).unwrap_or_default()
    };
    let mut work = Work {
        authors: names(item.get("author")),
        editors: names(item.get("editor")),
        title: field(&["title", "title-short"]),
        container: field(&["container-title", "container-title-short"]),
        volume: field(&["volume"]),
        issue: field(&["issue"]),
        pages: field(&["page"]).replace('-', "–"),
        publisher: field(&["publisher"]),
        year: item.get("issued").map(year).unwrap_or_default(),
        doi: field(&["DOI", "doi"]),
        arxiv: String::new(),
        pmid: field(&["PMID"]),
        pmcid: field(&["PMCID"]),
        urls: vec![field(&["URL", "url"])],
    };
    let is_arxiv = |text: &str| {
        text.get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("arxiv"))
    };
    for number in [field(&["number"]), field(&["archive_location"])] {
        if is_arxiv(&number) || (is_arxiv(&field(&["archive"])) && !number.is_empty()) {
            work.arxiv = number;
        }
    }
    // Zotero keeps what CSL has no field for as lines `PMID: 12345` of a note.
    for line in item
        .get("note")
        .and_then(Value::as_str)
        .unwrap_or("")
        .lines()
    {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let known = match name.trim().to_ascii_lowercase().as_str() {
            "doi" => &mut work.doi,
            "pmid" => &mut work.pmid,
            "pmcid" => &mut work.pmcid,
            "arxiv" => &mut work.arxiv,
            _ => continue,
        };
        if known.is_empty() {
            value.trim().clone_into(known);
        }
    }
    let key = field(&["id", "citation-key"]);
    let key = if key.is_empty() {
        (index + 1).to_string()
    } else {
        key
    };
    work.entry(key, line)
}

/// The text of a field, without the few tags that CSL lets stand in it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => without_tags(text),
        Value::Number(number) => number.to_string(),
        // doi.org gives lists of one.
        Value::Array(list) => list
            .first()
            .and_then(Value::as_str)
            .map(without_tags)
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn without_tags(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return folded(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        let tag = after.split_once('>').filter(|(tag, _)| {
            let name = tag.trim_start_matches('/');
            let name = name.split([' ', '/']).next().unwrap_or("");
            matches!(
                name,
                "i" | "b" | "em" | "sup" | "sub" | "sc" | "span" | "strong"
            )
        });
        rest = match tag {
            Some((_, after)) => after,
            None => {
                kept.push('<');
                after
            }
        };
    }
    kept.push_str(rest);
    let kept = kept.replace("&lt;", "<").replace("&gt;", ">");
    folded(&kept.replace("&amp;", "&"))
}

fn names(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|name| {
            let part = |key: &str| name.get(key).map(plain).unwrap_or_default();
            let family = [part("non-dropping-particle"), part("family")].join(" ");
            let (family, given) = (folded(&family), part("given"));
            match (family.is_empty(), given.is_empty()) {
                (false, false) => format!("{family}, {given}"),
                (false, true) => family,
                (true, false) => given,
                (true, true) => part("literal"),
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// The year of a CSL date: `{"date-parts": [[2010, 3, 20]]}`, `{"raw": …}`, `{"literal": …}`,
/// and in pandoc's metadata `{"year": …}`, alone or in a list.
fn year(value: &Value) -> String {
    let parts = value.get("date-parts").and_then(|parts| parts.get(0));
    let year = parts.and_then(|parts| parts.get(0)).map(plain);
    if let Some(year) = year.filter(|year| !year.is_empty()) {
        return year;
    }
    let value = value.get(0).unwrap_or(value);
    let raw = ["year", "raw", "literal"]
        .iter()
        .find_map(|key| value.get(*key));
    let raw = plain(raw.unwrap_or(value));
    let digits = |text: &&str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let mut words = raw.split(|c: char| !c.is_alphanumeric());
    words.find(digits).map_or(raw.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::references::document;
    use proptest::prelude::*;

    #[test]
    fn every_item_is_an_entry() {
        let check = |text: &str, expected: &[(&str, &str, u32)]| {
            let (entries, _) = entries(text).unwrap();
            let found: Vec<_> = entries
                .iter()
                .map(|e| (e.key.as_str(), e.text.as_str(), e.line.unwrap()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            r#"[
  {"id": "moor", "type": "article-journal", "title": "The <i>rain</i> &amp; March",
   "author": [{"family": "Moor", "given": "Ada"}, {"literal": "Weather Office"}],
   "issued": {"date-parts": [["2010", 3]]}, "container-title": "Weather",
   "volume": 12, "issue": "3", "page": "45-67", "DOI": "10.1000/rain"},
  {"id": 7, "type": "webpage", "title": "Log", "URL": "https://e.example/log",
   "issued": {"raw": "20 March 2012"}}
]"#,
            &[
                (
                    "moor",
                    "Moor, Ada; Weather Office (2010), The rain & March, Weather 12(3), 45–67, https://doi.org/10.1000/rain",
                    2,
                ),
                ("7", "Log (2012), https://e.example/log", 6),
            ],
        );
        check(
            r#"{"items": [{"title": "a < b", "note": "PMID: 12\nRead it"}]}"#,
            &[("1", "a < b, https://pubmed.ncbi.nlm.nih.gov/12/", 1)],
        );
        check(
            r#"{"type": "article", "title": ["Rain"], "number": "arXiv:2101.00001"}"#,
            &[("1", "Rain, https://arxiv.org/abs/2101.00001", 1)],
        );
    }

    #[test]
    fn an_item_that_is_none_costs_only_itself() {
        let (entries, problems) = entries("[1,\n {\"title\": \"Rain\"}, [[]], {}]").unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(problems.len(), 2);
        assert_eq!(document(entries, problems).text, "Rain");
        assert!(super::entries("[{\"a\": ").is_err());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            Just(Value::from("10.1234/x")),
            Just(Value::from("https://e.example/")),
        ];
        let keys = prop::sample::select(vec![
            "id",
            "author",
            "title",
            "issued",
            "date-parts",
            "DOI",
            "URL",
            "note",
            "family",
            "items",
        ]);
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(keys.clone(), inner, 0..5)
                    .prop_map(|map| map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_reads(value in json()) {
            if let Ok((entries, problems)) = entries(&value.to_string()) {
                let document = document(entries, problems);
                for link in &document.links {
                    prop_assert_eq!(link.span.of(&document.text), &link.url_as_cited);
                }
            }
        }
    }
}
