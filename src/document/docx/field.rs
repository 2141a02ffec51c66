//! Word's fields: what an instruction asks for.
//!
//! **In:** the instruction between a field's begin and its result
//! (`HYPERLINK "https://…" \l "place"`). **Out:** what the result stands for.
//! **Not here:** fields in the stream of runs (`body`); RTF has the same instructions.

use crate::document::cited_item;
use std::collections::BTreeMap;

/// Bytes of one instruction. A citation carries its items' data, abstracts too.
pub(in crate::document) const MAX_INSTRUCTION: usize = 4 << 20;

/// What a field's result stands for.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) enum Field {
    /// Words that lead to these addresses; of each the length of what names its target.
    Links(Vec<(String, usize)>),
    /// The number of a note that is marked elsewhere, at this bookmark.
    Note(String),
    /// A list of references.
    References,
    /// Words like any other.
    Plain,
    /// A citation whose data cannot be read: whose.
    Unreadable(&'static str),
}

/// Reads an instruction. `data` is what stands beside it (EndNote's items in base64),
/// `sources` are the addresses of Word's own list of sources.
pub(in crate::document) fn field(
    instruction: &str,
    data: &str,
    sources: &BTreeMap<String, String>,
) -> Field {
    let instruction = instruction.trim();
    let (name, rest) = instruction
        .split_once(char::is_whitespace)
        .unwrap_or((instruction, ""));
    match name.to_ascii_uppercase().as_str() {
        "HYPERLINK" => hyperlink(rest),
        "NOTEREF" | "FTNREF" => match arguments(rest).next() {
            Some(Argument::Word(bookmark)) => Field::Note(bookmark),
            _ => Field::Plain,
        },
        "CITATION" => links(
            tags(rest)
                .iter()
                .filter_map(|tag| sources.get(tag).cloned())
                .collect(),
        ),
        "BIBLIOGRAPHY" => Field::References,
        "ADDIN" => addin(rest.trim_start(), data),
        _ => Field::Plain,
    }
}

fn links(addresses: Vec<String>) -> Field {
    if addresses.is_empty() {
        return Field::Plain;
    }
    Field::Links(
        addresses
            .into_iter()
            .map(|address| {
                let target = address.len();
                (address, target)
            })
            .collect(),
    )
}

/// What reference managers add.
pub(in crate::document) fn addin(rest: &str, data: &str) -> Field {
    if rest.starts_with("ZOTERO_ITEM") {
        csl(rest, "Zotero")
    } else if rest.starts_with("CSL_CITATION") || rest.starts_with("Mendeley Citation") {
        csl(rest, "Mendeley")
    } else if rest.starts_with("EN.CITE.DATA") {
        Field::Plain
    } else if rest.starts_with("EN.CITE") {
        if rest.contains("<EndNote") {
            links(cited_item::in_endnote(rest))
        } else {
            match from_base64(data) {
                Some(xml) => links(cited_item::in_endnote(&xml)),
                None => Field::Unreadable("EndNote"),
            }
        }
    } else if let Some(packed) = rest.strip_prefix("CitaviPlaceholder{") {
        let json = from_base64(packed.trim_end().trim_end_matches('}'));
        match json.and_then(|json| cited_item::in_citavi(&json)) {
            Some(addresses) => links(addresses),
            None => Field::Unreadable("Citavi"),
        }
    } else if rest.starts_with("ZOTERO_BIBL")
        || rest.starts_with("CitaviBibliography")
        || rest.starts_with("Mendeley Bibliography")
        || rest.starts_with("EN.REFLIST")
    {
        Field::References
    } else {
        Field::Plain
    }
}

fn csl(json: &str, whose: &'static str) -> Field {
    cited_item::in_csl(json).map_or(Field::Unreadable(whose), links)
}

/// Text in base64, white space left out.
pub(super) fn from_base64(data: &str) -> Option<String> {
    let packed: String = data
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .collect();
    let bytes = data_encoding::BASE64_NOPAD.decode(packed.as_bytes()).ok()?;
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// `HYPERLINK "address" \l "place"`; without an address it leads to a place in the document.
fn hyperlink(rest: &str) -> Field {
    let (mut address, mut place) = (None, None);
    let mut arguments = arguments(rest);
    while let Some(argument) = arguments.next() {
        match argument {
            Argument::Switch('l') => place = arguments.next_word(),
            // A tip and a window's name.
            Argument::Switch('o' | 't') => drop(arguments.next_word()),
            Argument::Switch(_) => {}
            Argument::Word(word) => {
                address.get_or_insert(word);
            }
        }
    }
    let Some(address) = address.filter(|address| !address.trim().is_empty()) else {
        return Field::Plain;
    };
    Field::Links(vec![with_place(address.trim(), place.as_deref())])
}

/// An address and the place there, which Word keeps apart.
pub(super) fn with_place(address: &str, place: Option<&str>) -> (String, usize) {
    match place.filter(|place| !place.is_empty() && !address.contains('#')) {
        Some(place) => (format!("{address}#{place}"), address.len()),
        None => (address.to_owned(), address.len()),
    }
}

/// `Tag1 \l 1033 \m Tag2`
fn tags(rest: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut arguments = arguments(rest);
    while let Some(argument) = arguments.next() {
        match argument {
            Argument::Word(tag) => tags.push(tag),
            Argument::Switch('m') => tags.extend(arguments.next_word()),
            // Language, page, volume, prefix and suffix take a value; n, t and y do not.
            Argument::Switch('l' | 'p' | 'v' | 'f' | 's') => drop(arguments.next_word()),
            Argument::Switch(_) => {}
        }
        if tags.len() > 100 {
            break;
        }
    }
    tags
}

#[derive(Debug, PartialEq, Eq)]
enum Argument {
    Word(String),
    Switch(char),
}

struct Arguments<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
}

fn arguments(rest: &str) -> Arguments<'_> {
    Arguments {
        chars: rest.chars().peekable(),
    }
}

impl Arguments<'_> {
    fn next_word(&mut self) -> Option<String> {
        match self.next()? {
            Argument::Word(word) => Some(word),
            Argument::Switch(_) => None,
        }
    }
}

impl Iterator for Arguments<'_> {
    type Item = Argument;

    /// ECMA-376, part 1, 17.16.2: words, quoted words in which `\` escapes, switches.
    fn next(&mut self) -> Option<Argument> {
        while self.chars.next_if(|c| c.is_whitespace()).is_some() {}
        let first = self.chars.next()?;
        let closing = match first {
            '"' | '”' | '“' | '„' => true,
            '\\' => {
                let switch = self.chars.next()?;
                return Some(Argument::Switch(switch.to_ascii_lowercase()));
            }
            _ => false,
        };
        let mut word = String::new();
        if !closing {
            word.push(first);
        }
        while let Some(c) = self.chars.next() {
            match c {
                '"' if closing => break,
                '”' | '“' if closing && first != '"' => break,
                c if !closing && c.is_whitespace() => break,
                '\\' => match self.chars.next_if(|next| matches!(next, '\\' | '"')) {
                    Some(escaped) => word.push(escaped),
                    None => word.push('\\'),
                },
                c => word.push(c),
            }
        }
        Some(Argument::Word(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(instruction: &str, expected: &[(&str, usize)]) {
        let sources = BTreeMap::from([
            ("Ann10".to_owned(), "https://s.example/ann".to_owned()),
            ("Bo11".to_owned(), "https://s.example/bo".to_owned()),
        ]);
        let found = match field(instruction, "", &sources) {
            Field::Links(links) => links,
            _ => Vec::new(),
        };
        let found: Vec<_> = found.iter().map(|(url, n)| (url.as_str(), *n)).collect();
        assert_eq!(found, expected, "{instruction}");
    }

    #[test]
    fn instructions_lead_to_addresses() {
        check(
            r#" HYPERLINK "https://e.example/a" \l "part 2" \o "A tip" "#,
            &[("https://e.example/a#part 2", 19)],
        );
        check(
            "HYPERLINK https://e.example/a",
            &[("https://e.example/a", 19)],
        );
        check(
            r#"hyperlink \t "_blank" "https://e.example/""#,
            &[("https://e.example/", 18)],
        );
        check(
            r#"HYPERLINK "C:\\texts\\a.docx""#,
            &[(r"C:\texts\a.docx", 15)],
        );
        check(r#"HYPERLINK \l "_Toc1""#, &[]);
        check("HYPERLINK", &[]);
        check(
            r"CITATION Ann10 \l 1033 \m Bo11 \p 7",
            &[("https://s.example/ann", 21), ("https://s.example/bo", 20)],
        );
        check("CITATION Nobody", &[]);
        check("PAGE", &[]);
        check(
            r#"ADDIN CSL_CITATION {"citationItems":[{"itemData":{"DOI":"10.1234/m"}}]}"#,
            &[("https://doi.org/10.1234/m", 25)],
        );
    }

    #[test]
    fn other_fields_are_told_apart() {
        let none = BTreeMap::new();
        assert_eq!(
            field("NOTEREF _Ref1 \\h", "", &none),
            Field::Note("_Ref1".to_owned())
        );
        assert_eq!(field("ADDIN ZOTERO_BIBL {}", "", &none), Field::References);
        assert_eq!(
            field("ADDIN ZOTERO_ITEM {", "", &none),
            Field::Unreadable("Zotero")
        );
        let packed = data_encoding::BASE64.encode(
            b"<EndNote><Cite><record><electronic-resource-num>10.1/x</electronic-resource-num>\
              </record></Cite></EndNote>",
        );
        assert_eq!(
            field("ADDIN EN.CITE", &packed, &none),
            Field::Links(vec![("https://doi.org/10.1/x".to_owned(), 22)])
        );
        let packed = data_encoding::BASE64
            .encode(br#"{"Entries":[{"Reference":{"OnlineAddress":"https://c.example/"}}]}"#);
        assert_eq!(
            field(&format!("ADDIN CitaviPlaceholder{{{packed}}}"), "", &none),
            Field::Links(vec![("https://c.example/".to_owned(), 18)])
        );
    }
}
