//! What a page says of itself: title, date, language, and the base of its addresses.
//!
//! **In:** a parsed tree. **Out:** the fields of a document's head. **Not here:** its text.

use crate::document::markdown::date;
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// Bytes of linked data that are parsed.
const MAX_LINKED_DATA: usize = 1 << 20;
/// Values of linked data that are looked at.
const MAX_VALUES: usize = 10_000;

/// An attribute of the first match, or its text where `attribute` is empty.
fn first_text(html: &Html, query: &str, attribute: &str) -> Option<String> {
    let selector = Selector::parse(query).ok()?;
    let element = html.select(&selector).next()?;
    let value = if attribute.is_empty() {
        element.text().take(64).collect::<String>()
    } else {
        element.value().attr(attribute)?.to_owned()
    };
    let folded = value
        .split_whitespace()
        .take(100)
        .collect::<Vec<_>>()
        .join(" ");
    (!folded.is_empty()).then_some(folded)
}

/// The title without the site's name.
pub(super) fn title(html: &Html) -> Option<String> {
    let heading = only_heading(html);
    let site = first_text(html, "meta[property='og:site_name']", "content");
    first_text(html, "meta[property='og:title']", "content")
        .or_else(|| first_text(html, "title", ""))
        .map(|title| without_site(&title, heading.as_deref(), site.as_deref()))
        .or_else(|| first_text(html, "h1", ""))
}

fn only_heading(html: &Html) -> Option<String> {
    let selector = Selector::parse("h1").ok()?;
    let mut all = html.select(&selector);
    let first: ElementRef<'_> = all.next()?;
    let words = first.text().take(64).collect::<String>();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// Only where the page's own heading or the site's own name confirms it.
fn without_site(title: &str, heading: Option<&str>, site: Option<&str>) -> String {
    for mark in [" | ", " - ", " – ", " — ", " :: ", " · ", " • ", " » "] {
        if let Some((own, name)) = title.rsplit_once(mark) {
            let same = |known: Option<&str>, part: &str| {
                known.is_some_and(|known| known.to_lowercase() == part.trim().to_lowercase())
            };
            if (same(heading, own) || same(site, name)) && !own.trim().is_empty() {
                return own.trim().to_owned();
            }
        }
    }
    title.to_owned()
}

/// When it was published.
pub(super) fn published(html: &Html) -> Option<String> {
    let meta = [
        ("meta[property='article:published_time']", "content"),
        ("meta[itemprop='datePublished']", "content"),
        ("meta[name='date' i]", "content"),
        ("meta[name='DC.date' i]", "content"),
        ("meta[name='DC.date.issued' i]", "content"),
        ("meta[name='dcterms.date' i]", "content"),
        ("meta[name='citation_publication_date' i]", "content"),
        ("time[itemprop='datePublished']", "datetime"),
        ("article time[datetime]", "datetime"),
        ("time[datetime]", "datetime"),
    ];
    let from = |(query, attribute): &(&str, &str)| date(&first_text(html, query, attribute)?);
    meta.first()
        .and_then(from)
        .or_else(|| linked_date(html))
        .or_else(|| meta.iter().skip(1).find_map(from))
}

/// `datePublished` of JSON-LD.
fn linked_date(html: &Html) -> Option<String> {
    let selector = Selector::parse("script[type='application/ld+json']").ok()?;
    let mut left = MAX_LINKED_DATA;
    for script in html.select(&selector) {
        let text: String = script.text().collect();
        left = left.checked_sub(text.len())?;
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else {
            continue;
        };
        let mut waiting = vec![&value];
        let mut looked = 0;
        while let Some(value) = waiting.pop() {
            looked += 1;
            if looked > MAX_VALUES {
                break;
            }
            if let Some(found) = value.get("datePublished").and_then(|found| found.as_str())
                && let Some(date) = date(found)
            {
                return Some(date);
            }
            match value {
                serde_json::Value::Array(items) => waiting.extend(items.iter().rev()),
                serde_json::Value::Object(fields) => waiting.extend(fields.values()),
                _ => {}
            }
        }
    }
    None
}

/// Its language as an ISO 639-1 code.
pub(super) fn language(html: &Html) -> Option<String> {
    let tag = first_text(html, "html[lang]", "lang")
        .or_else(|| first_text(html, "html[xml\\:lang]", "xml:lang"))
        .or_else(|| first_text(html, "meta[http-equiv='content-language' i]", "content"))?;
    let code = tag.split(['-', '_', ',']).next()?.trim().to_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// Bytes of an address that others may be relative to: each of them becomes as long, and servers
/// take hardly longer ones.
const MAX_BASE: usize = 2 << 10;

/// What relative addresses are relative to.
pub(super) fn base(html: &Html, from: Option<&Url>) -> Option<Url> {
    let told = first_text(html, "base[href]", "href").filter(|href| href.len() <= MAX_BASE);
    match (from, told) {
        (Some(from), Some(href)) => from.join(&href).ok(),
        (None, Some(href)) => Url::parse(&href).ok(),
        (from, None) => from.cloned(),
    }
}

/// The host that a page says it is from.
pub(super) fn site(html: &Html) -> Option<String> {
    let address = first_text(html, "link[rel='canonical']", "href")
        .or_else(|| first_text(html, "meta[property='og:url']", "content"))?;
    Some(Url::parse(&address).ok()?.host_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_an_address_that_others_can_be_relative_to() {
        let check = |length: usize, expected: Option<&str>| {
            let address = format!("http://a.example/{}/", "x".repeat(length));
            let html = Html::parse_document(&format!("<base href='{address}'>"));
            let from = Url::parse("http://b.example/").ok();
            let found = base(&html, from.as_ref());
            let host = found.as_ref().and_then(Url::host_str);
            assert_eq!(host, expected, "{length}");
        };
        check(100, Some("a.example"));
        check(MAX_BASE, Some("b.example"));
    }
}
