//! What reference managers hide in a document: the items that a mark cites.
//!
//! **In:** the data behind a citation as Zotero, Mendeley, EndNote, Citavi and Word store it.
//! **Out:** one address for each item that has any. **Not here:** where in a document
//! the data stands (`docx`, `odt`, `rtf`).
//!
//! A DOI counts before a URL: it is meant to last, and it is what the style prints.

use super::xml::{Piece, Pieces, decode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;
use std::collections::BTreeMap;

/// Items of one citation.
const MAX_ITEMS: usize = 500;
/// Bytes of an address.
const MAX_ADDRESS: usize = 8 << 10;

/// Characters of a DOI that an address cannot hold as they are (DOI Handbook, 2.5.2.4).
const IN_DOI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address that a DOI is resolved at, however it is written.
pub(super) fn of_doi(doi: &str) -> Option<String> {
    let doi = doi.trim();
    let start = doi.find("10.")?;
    let bare = doi.get(start..)?;
    let (registrant, suffix) = bare.split_once('/')?;
    let is_number = registrant
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    // Written as an address it is already encoded.
    let written = if start > 0 && doi.starts_with("http") {
        bare.to_owned()
    } else {
        utf8_percent_encode(bare, IN_DOI).to_string()
    };
    (is_number && !suffix.is_empty() && bare.len() < MAX_ADDRESS)
        .then(|| format!("https://doi.org/{written}"))
}

fn of_url(url: &str) -> Option<String> {
    let url = url.trim();
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let is_web = lower.starts_with("http://") || lower.starts_with("https://");
    (is_web && url.len() < MAX_ADDRESS).then(|| url.to_owned())
}

/// One address of an item: its DOI's, its URL, its PubMed page.
pub(super) fn of(doi: Option<&str>, url: Option<&str>, pmid: Option<&str>) -> Option<String> {
    doi.and_then(of_doi)
        .or_else(|| url.and_then(|url| of_url(url).or_else(|| of_doi(url))))
        .or_else(|| {
            let id = pmid?.trim();
            let is_id = (1..=9).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
            is_id.then(|| format!("https://pubmed.ncbi.nlm.nih.gov/{id}/"))
        })
}

/// The addresses in a CSL citation (Zotero, Mendeley): JSON with `citationItems`.
/// `None` when it cannot be read.
pub(super) fn in_csl(json: &str) -> Option<Vec<String>> {
    let json = json.get(json.find('{')?..)?;
    // What follows the object (a random mark of Zotero's in ODT) is of no interest.
    let value = serde_json::Deserializer::from_str(json)
        .into_iter::<Value>()
        .next()?
        .ok()?;
    let items = value.get("citationItems")?.as_array()?;
    let addresses = items.iter().take(MAX_ITEMS).filter_map(|item| {
        let data = item.get("itemData").or_else(|| item.get("item"))?;
        of(
            text(data, "DOI").as_deref(),
            text(data, "URL").as_deref(),
            text(data, "PMID").as_deref(),
        )
    });
    Some(addresses.collect())
}

/// The addresses in a citation of Citavi: JSON with `Entries`. `None` when it cannot be read.
pub(super) fn in_citavi(json: &str) -> Option<Vec<String>> {
    let value: Value = serde_json::from_str(json).ok()?;
    let entries = value.get("Entries")?.as_array()?;
    let addresses = entries.iter().take(MAX_ITEMS).filter_map(|entry| {
        let data = entry.get("Reference")?;
        of(
            text(data, "Doi").as_deref(),
            text(data, "OnlineAddress").as_deref(),
            text(data, "PubMedId").as_deref(),
        )
    });
    Some(addresses.collect())
}

/// A field of an item, as text.
fn text(item: &Value, name: &str) -> Option<String> {
    match item.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The addresses in EndNote's XML: `<EndNote><Cite><record>…`.
pub(super) fn in_endnote(xml: &str) -> Vec<String> {
    let Some(xml) = xml.find("<EndNote").and_then(|start| xml.get(start..)) else {
        return Vec::new();
    };
    let mut addresses = Vec::new();
    let mut pieces = Pieces::new(xml);
    let (mut doi, mut url) = (None, None);
    let mut record_depth = usize::MAX;
    loop {
        match pieces.next() {
            Piece::Open(element) => match element.name() {
                "record" => {
                    record_depth = pieces.depth();
                    (doi, url) = (None, None);
                }
                "electronic-resource-num" => doi = Some(pieces.text(MAX_ADDRESS)),
                "url" if url.is_none() => url = Some(pieces.text(MAX_ADDRESS)),
                "notes" | "abstract" => pieces.skip(),
                _ => {}
            },
            Piece::Close if pieces.depth() < record_depth => {
                record_depth = usize::MAX;
                if let Some(address) = of(doi.take().as_deref(), url.take().as_deref(), None)
                    && addresses.len() < MAX_ITEMS
                {
                    addresses.push(address);
                }
            }
            Piece::Close | Piece::Text(_) | Piece::Entity(_) => {}
            Piece::End(_) => return addresses,
        }
    }
}

/// Word's own list of sources (`b:Sources`): the address of each tag.
pub(super) fn in_sources(part: Vec<u8>, found: &mut BTreeMap<String, String>) {
    let text = decode(part);
    if !text.get(..4096).unwrap_or(&text).contains("bibliography") {
        return;
    }
    let mut pieces = Pieces::new(&text);
    let (mut tag, mut doi, mut url) = (None, None, None);
    let mut source_depth = usize::MAX;
    loop {
        match pieces.next() {
            Piece::Open(element) => match element.name() {
                "Source" => source_depth = pieces.depth(),
                "Tag" => tag = Some(pieces.text(MAX_ADDRESS)),
                "URL" => url = Some(pieces.text(MAX_ADDRESS)),
                "DOI" => doi = Some(pieces.text(MAX_ADDRESS)),
                _ => {}
            },
            Piece::Close if pieces.depth() < source_depth => {
                source_depth = usize::MAX;
                let address = of(doi.take().as_deref(), url.take().as_deref(), None);
                if let (Some(tag), Some(address)) = (tag.take(), address)
                    && found.len() < 10_000
                {
                    found.insert(tag.trim().to_owned(), address);
                }
            }
            Piece::Close | Piece::Text(_) | Piece::Entity(_) => {}
            Piece::End(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_become_addresses() {
        let check = |doi: &str, expected: Option<&str>| {
            assert_eq!(of_doi(doi).as_deref(), expected, "{doi}");
        };
        check("10.1234/abc", Some("https://doi.org/10.1234/abc"));
        check("doi: 10.1234/abc", Some("https://doi.org/10.1234/abc"));
        check(
            "https://doi.org/10.1234/a%3Cb",
            Some("https://doi.org/10.1234/a%3Cb"),
        );
        check(
            "10.1234/a<b>#1",
            Some("https://doi.org/10.1234/a%3Cb%3E%231"),
        );
        check("10.1234/", None);
        check("10.x/abc", None);
        check("none", None);
    }

    #[test]
    fn items_of_reference_managers_have_addresses() {
        let csl = r#"ZOTERO_ITEM CSL_CITATION {"citationItems":[
            {"itemData":{"DOI":"10.1234/a","URL":"https://p.example/a"}},
            {"itemData":{"URL":"https://p.example/b"}},
            {"itemData":{"title":"A book"}},
            {"itemData":{"PMID":123}}]} RND123"#;
        assert_eq!(
            in_csl(csl).unwrap(),
            [
                "https://doi.org/10.1234/a",
                "https://p.example/b",
                "https://pubmed.ncbi.nlm.nih.gov/123/"
            ]
        );
        assert_eq!(in_csl("ZOTERO_ITEM CSL_CITATION {broken"), None);
        let endnote = "<EndNote><Cite><record><urls><related-urls><url><style>https://p.example/a\
            </style></url></related-urls></urls><electronic-resource-num>10.1234/a\
            </electronic-resource-num></record></Cite><Cite><record><urls><related-urls>\
            <url>https://p.example/b</url></related-urls></urls></record></Cite></EndNote>";
        assert_eq!(
            in_endnote(endnote),
            ["https://doi.org/10.1234/a", "https://p.example/b"]
        );
    }
}
