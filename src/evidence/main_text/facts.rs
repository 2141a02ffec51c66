//! What a page says of itself: title, author, dates, site, language, its kind.
//!
//! **In:** a parsed tree, the page's address. **Out:** [`Declared`]. **Not here:** its text.

use crate::evidence::space;
use crate::evidence::tree::{Element, Tree};
use html5ever::local_name;
use serde_json::Value;
use url::Url;

/// Kinds of page that may be declared.
pub(super) const KINDS: usize = 12;
/// Bytes of linked data that are read.
const MAX_LINKED_DATA: usize = 1 << 20;
/// Values of linked data that are looked at.
const MAX_VALUES: usize = 10_000;

/// What a page says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Declared {
    pub(super) title: Option<String>,
    pub(super) language: Option<String>,
    pub(super) author: Option<String>,
    /// ISO 8601 dates, as far as they are said.
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) site: Option<String>,
    /// `og:type` article, website, product, else · linked data: article, product, forum or questions, list,
    /// organisation or service · address: forum, product, documentation.
    pub(super) kinds: [bool; KINDS],
    pub(super) address_depth: u8,
}

/// Something that is said in several places: the most trusted is kept, among equals the first.
#[derive(Debug, Default)]
struct Best(Option<(u8, String)>);

impl Best {
    fn offer(&mut self, rank: u8, value: Option<String>) {
        if let Some(value) = value
            && self.0.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            self.0 = Some((rank, value));
        }
    }

    fn take(self) -> Option<String> {
        self.0.map(|(_, value)| value)
    }
}

#[derive(Debug, Default)]
struct Offers {
    title: Best,
    author: Best,
    published: Best,
    modified: Best,
    site: Best,
    /// Bytes of linked data read so far.
    linked: usize,
}

/// Reads what a page says of itself.
pub(super) fn read(tree: &Tree, url: Option<&Url>) -> Declared {
    let mut declared = Declared::default();
    let mut offers = Offers::default();
    let (mut title, mut heading) = (None, None);
    for (at, element) in tree.elements() {
        match *element.local() {
            local_name!("html") if declared.language.is_none() => {
                declared.language = element
                    .attribute(&local_name!("lang"))
                    .or_else(|| element.attribute(&local_name!("xml:lang")))
                    .and_then(code);
            }
            local_name!("meta") => meta(element, &mut offers, &mut declared.kinds),
            local_name!("title") if title.is_none() => title = words(tree, at),
            local_name!("h1") if heading.is_none() => heading = words(tree, at),
            local_name!("script")
                if element.attribute(&local_name!("type")) == Some("application/ld+json") =>
            {
                let text: String = tree.texts(at).take(4).collect();
                linked(&text, &mut offers, &mut declared.kinds);
            }
            local_name!("time") => {
                let date = element.attribute(&local_name!("datetime")).and_then(date);
                match element.attribute(&local_name!("itemprop")) {
                    Some("datePublished") => offers.published.offer(2, date),
                    Some("dateModified") => offers.modified.offer(2, date),
                    _ => offers.published.offer(5, date),
                }
            }
            local_name!("a") | local_name!("span") | local_name!("p") | local_name!("div") => {
                let is_author = element.attributes().any(|(name, value)| {
                    matches!(*name, local_name!("rel") | local_name!("itemprop"))
                        && value == "author"
                });
                if is_author {
                    offers
                        .author
                        .offer(3, words(tree, at).and_then(|name| person(&name)));
                }
            }
            _ => {}
        }
    }
    let title = title.map(|title| without_site(&title, heading.as_deref()));
    offers.title.offer(1, title.or(heading));
    declared.title = offers.title.take();
    declared.author = offers.author.take();
    declared.site = offers.site.take();
    declared.modified = offers.modified.take();
    if let Some(url) = url {
        offers.published.offer(4, date_in(url.path()));
        address(url, &mut declared);
    }
    declared.published = offers.published.take();
    declared
}

fn meta(element: &Element, offers: &mut Offers, kinds: &mut [bool; KINDS]) {
    let name = element
        .attribute(&local_name!("property"))
        .or_else(|| element.attribute(&local_name!("name")))
        .or_else(|| element.attribute(&local_name!("itemprop")));
    let content = element.attribute(&local_name!("content"));
    let (Some(name), Some(content)) = (name, content) else {
        return;
    };
    match name.to_ascii_lowercase().as_str() {
        "og:title" => offers.title.offer(0, folded(content)),
        "og:site_name" => offers.site.offer(0, folded(content)),
        "application-name" => offers.site.offer(2, folded(content)),
        "author" | "citation_author" | "dc.creator" | "dcterms.creator" | "parsely-author" => {
            offers.author.offer(1, person(content));
        }
        "article:author" | "byl" | "sailthru.author" => offers.author.offer(2, person(content)),
        "article:published_time" | "og:published_time" => offers.published.offer(0, date(content)),
        "datepublished" | "citation_publication_date" | "parsely-pub-date" => {
            offers.published.offer(2, date(content));
        }
        "date" | "dc.date" | "dc.date.issued" | "dcterms.date" | "pubdate" | "publish-date"
        | "sailthru.date" => offers.published.offer(3, date(content)),
        "article:modified_time" | "og:updated_time" => offers.modified.offer(0, date(content)),
        "datemodified" | "last-modified" | "dcterms.modified" => {
            offers.modified.offer(2, date(content));
        }
        "og:type" => {
            let kind = match content.trim() {
                "article" | "blog" | "news" => 0,
                "website" => 1,
                "product" | "og:product" | "product.item" => 2,
                _ => 3,
            };
            kinds[kind] = true;
        }
        _ => {}
    }
}

/// Linked data (JSON-LD): kinds, dates, author, publisher.
fn linked(text: &str, offers: &mut Offers, kinds: &mut [bool; KINDS]) {
    linked_kinds(text, kinds);
    offers.linked = offers.linked.saturating_add(text.len());
    if offers.linked > MAX_LINKED_DATA {
        return;
    }
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let mut waiting = vec![&value];
    for _ in 0..MAX_VALUES {
        let Some(value) = waiting.pop() else { break };
        match value {
            Value::Array(items) => waiting.extend(items.iter().rev()),
            Value::Object(fields) => {
                let text = |name: &str| fields.get(name).and_then(Value::as_str);
                offers
                    .published
                    .offer(1, text("datePublished").and_then(date));
                offers
                    .modified
                    .offer(1, text("dateModified").and_then(date));
                offers
                    .author
                    .offer(0, fields.get("author").and_then(name_of).and_then(person));
                offers.site.offer(
                    1,
                    fields.get("publisher").and_then(name_of).and_then(folded),
                );
                // Comments and related articles have authors and dates of their own.
                waiting.extend(
                    fields
                        .iter()
                        .filter(|(name, _)| {
                            matches!(name.as_str(), "@graph" | "mainEntity" | "mainEntityOfPage")
                        })
                        .map(|(_, value)| value),
                );
            }
            _ => {}
        }
    }
}

/// The name of a person or organisation in linked data; the first of several.
fn name_of(value: &Value) -> Option<&str> {
    let value = value.as_array().map_or(Some(value), |all| all.first())?;
    value.as_str().or_else(|| value.get("name")?.as_str())
}

/// A name as a person bears it: not an address, "By" left out.
fn person(text: &str) -> Option<String> {
    let name = folded(text)?;
    let name = name
        .strip_prefix("By ")
        .or_else(|| name.strip_prefix("by "))
        .unwrap_or(&name);
    let short = name.split_whitespace().count() <= 12 && !name.contains("://");
    (short && name.chars().any(char::is_alphabetic)).then(|| name.to_owned())
}

/// `YYYY-MM-DD` at the start of a value, or as much of it as is there.
fn date(value: &str) -> Option<String> {
    let mut parts = value.trim().split(|c: char| !c.is_ascii_digit());
    let year = parts
        .next()
        .filter(|year| year.len() == 4 && ("1000"..="2999").contains(year))?;
    let two = |part: Option<&str>, most: u8| {
        let part = part.filter(|part| part.len() == 2)?;
        part.parse::<u8>()
            .ok()
            .filter(|number| (1..=most).contains(number))?;
        Some(part.to_owned())
    };
    Some(match two(parts.next(), 12) {
        None => year.to_owned(),
        Some(month) => match two(parts.next(), 31) {
            None => format!("{year}-{month}"),
            Some(day) => format!("{year}-{month}-{day}"),
        },
    })
}

/// A whole date in an address ("/2019/11/20/").
fn date_in(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split(['/', '-']).take(40).collect();
    parts
        .windows(3)
        .map(|window| window.join("-"))
        .find(|joined| joined.len() == 10 && date(joined).is_some_and(|date| date.len() == 10))
}

fn linked_kinds(text: &str, kinds: &mut [bool; KINDS]) {
    for part in text.split("\"@type\"").skip(1).take(200) {
        let name: String = part
            .chars()
            .skip_while(|c| !c.is_alphabetic())
            .take_while(|c| c.is_alphabetic())
            .take(40)
            .collect();
        let kind = match name.as_str() {
            "Article" | "NewsArticle" | "BlogPosting" | "ReportageNewsArticle" | "TechArticle" => 4,
            "Product" | "Offer" | "AggregateOffer" => 5,
            "DiscussionForumPosting" | "QAPage" | "Question" | "Comment" => 6,
            "CollectionPage" | "ItemList" => 7,
            "Service" | "LocalBusiness" | "SoftwareApplication" => 8,
            _ => continue,
        };
        kinds[kind] = true;
    }
}

fn address(url: &Url, declared: &mut Declared) {
    let host = url.host_str().unwrap_or("");
    let path = url.path().to_ascii_lowercase();
    declared.address_depth = path
        .split('/')
        .filter(|part| !part.is_empty())
        .count()
        .min(20) as u8;
    let words = |list: &[&str]| {
        path.split(|c: char| !c.is_alphanumeric())
            .chain(host.split(['.', '-']))
            .any(|word| list.contains(&word))
    };
    declared.kinds[9] = words(&[
        "forum",
        "forums",
        "thread",
        "threads",
        "topic",
        "viewtopic",
        "community",
        "t",
        "questions",
        "discussion",
        "comments",
        "showthread",
    ]);
    declared.kinds[10] = words(&[
        "product",
        "products",
        "shop",
        "store",
        "item",
        "p",
        "dp",
        "collections",
        "category",
        "categories",
        "catalog",
    ]);
    declared.kinds[11] = words(&[
        "docs",
        "doc",
        "documentation",
        "reference",
        "guide",
        "manual",
        "api",
        "wiki",
        "learn",
        "tutorial",
    ]);
}

/// The text of a title without the site's name: only where the page's own heading confirms it.
fn without_site(title: &str, heading: Option<&str>) -> String {
    for mark in [" | ", " - ", " – ", " — ", " :: ", " · "] {
        if let Some((own, _)) = title.rsplit_once(mark)
            && heading.is_some_and(|heading| heading.eq_ignore_ascii_case(own.trim()))
        {
            return own.trim().to_owned();
        }
    }
    title.to_owned()
}

fn words(tree: &Tree, element: u32) -> Option<String> {
    folded(&tree.texts(element).take(64).collect::<String>())
}

fn folded(text: &str) -> Option<String> {
    let words: Vec<&str> = space::words(text).take(100).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// "en-GB" → "en"; three-letter codes are left out.
fn code(value: &str) -> Option<String> {
    let code = value.split(['-', '_']).next()?.trim().to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str, url: &str) -> Declared {
        read(&Tree::of(html), Url::parse(url).ok().as_ref())
    }

    #[test]
    fn author_dates_and_site_are_read() {
        fn check(html: &str, expected: [Option<&str>; 4]) {
            let found = of(html, "https://a.example/x");
            let found = [
                &found.author,
                &found.published,
                &found.modified,
                &found.site,
            ];
            assert_eq!(found.map(|value| value.as_deref()), expected, "{html}");
        }
        check("<p>x", [None; 4]);
        check(
            "<meta name=author content='By Ada  Lark'><meta property=article:published_time \
             content=2019-11-20T08:00:00Z><meta property=og:site_name content='The Post'>",
            [Some("Ada Lark"), Some("2019-11-20"), None, Some("The Post")],
        );
        check(
            "<script type=application/ld+json>{\"@graph\":[{\"author\":[{\"name\":\"B. Reed\"}],\
             \"datePublished\":\"2020-02\",\"dateModified\":\"2020-03-01 10:00\",\
             \"comment\":{\"author\":\"C\"},\"publisher\":{\"name\":\"Q\"}}]}</script>",
            [
                Some("B. Reed"),
                Some("2020-02"),
                Some("2020-03-01"),
                Some("Q"),
            ],
        );
        check(
            "<meta name=author content=https://a.example/ada><time datetime=2001-02-03>then</time>",
            [None, Some("2001-02-03"), None, None],
        );
        check(
            "<script type=application/ld+json>{\"author\":</script>",
            [None; 4],
        );
    }

    #[test]
    fn dates_are_dates() {
        fn check(value: &str, expected: Option<&str>) {
            assert_eq!(date(value).as_deref(), expected, "{value}");
        }
        check("2019-11-20T08:00", Some("2019-11-20"));
        check("2019/11/20", Some("2019-11-20"));
        check("2019-13-20", Some("2019"));
        check("20 November 2019", None);
        check("0000-00-00", None);
        let address = of("<p>x", "https://a.example/news/2019/11/20/bridge");
        assert_eq!(address.published.as_deref(), Some("2019-11-20"));
        assert_eq!(of("<p>x", "https://a.example/1/2/3").published, None);
    }
}
