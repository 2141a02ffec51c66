//! Names of works that have a resolver: DOI, arXiv, handles, PubMed.
//!
//! **In:** a text, or printed words. **Out:** the spans of such names, the address
//! that resolves one. **Not here:** ISBN and ISSN, which name a book and no place.

use crate::document::ByteSpan;

/// Bytes of a name; the DOI Handbook sets no bound, and no name in use comes near.
const MAX_NAME: usize = 1_000;

/// The names with a resolver in a text, in order, with the word before them that says what they are.
pub(super) fn names(text: &str) -> Vec<ByteSpan> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<ByteSpan> = Vec::new();
    for key in ["10.", "arxiv", "hdl:", "pmid", "pmc"] {
        for (at, _) in lower.match_indices(key) {
            let span = match key {
                "10." => doi_at(&lower, at),
                _ => begins_word(&lower, at).then(|| named(&lower, at)).flatten(),
            };
            found.extend(span);
        }
    }
    found.sort_unstable();
    let mut apart: Vec<ByteSpan> = Vec::with_capacity(found.len());
    for span in found {
        if apart.last().is_none_or(|last| last.end <= span.start) {
            apart.push(span);
        }
    }
    apart
}

/// The address that resolves a printed name.
pub(super) fn resolver(printed: &str) -> Option<String> {
    let lower = printed.to_ascii_lowercase();
    if let Some(at) = lower.find("10.")
        && matches!(
            lower[..at].trim_end_matches([' ', ':']),
            "" | "doi" | "info:doi/" | "urn:doi"
        )
        && let Some(length) = doi_length(&lower[at..])
        // With "doi:" before it, all of it is meant.
        && (at > 0 || length == lower.len())
    {
        return Some(format!("https://doi.org/{}", encoded(&printed[at..])));
    }
    let span = named(&lower, 0).filter(|span| span.end == printed.len())?;
    let name = span.of(printed);
    let rest = |key: &str| {
        name.get(key.len()..)
            .map(|rest| rest.trim_start_matches([':', ' ']))
    };
    if lower.starts_with("arxiv") {
        return Some(format!("https://arxiv.org/abs/{}", rest("arxiv")?));
    }
    if lower.starts_with("hdl:") {
        return Some(format!("https://hdl.handle.net/{}", encoded(rest("hdl")?)));
    }
    if lower.starts_with("pmid") {
        return Some(format!(
            "https://pubmed.ncbi.nlm.nih.gov/{}/",
            rest("pmid")?
        ));
    }
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    Some(format!(
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC{digits}/"
    ))
}

/// As much of a text as a name can have.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MAX_NAME);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn begins_word(lower: &str, at: usize) -> bool {
    !lower[..at]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '@'))
}

/// A DOI whose number begins at `at`, with "doi:" before it.
fn doi_at(lower: &str, at: usize) -> Option<ByteSpan> {
    let before = lower[..at].trim_end_matches([' ', '\u{a0}', ':']);
    let gap = at - before.len();
    let labelled = gap <= 3
        && before
            .strip_suffix("doi")
            .is_some_and(|rest| begins_word(lower, rest.len()));
    if !labelled && !begins_word(lower, at) {
        return None;
    }
    let length = doi_length(&lower[at..])?;
    let start = if labelled { before.len() - 3 } else { at };
    Some(ByteSpan::new(start, at + length))
}

/// Length of a DOI (`10.` registrant `/` suffix; DOI Handbook, section 2.2), punctuation of the sentence left out.
fn doi_length(lower: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = 3 + digits(lower.get(3..)?);
    if !(7..=12).contains(&at) {
        return None;
    }
    while lower.get(at..)?.starts_with('.') {
        let more = digits(lower.get(at + 1..)?);
        if more == 0 {
            return None;
        }
        at += 1 + more;
    }
    let suffix = beginning(lower.get(at..)?.strip_prefix('/')?);
    let end = suffix
        .find(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(
                    c,
                    '"' | '“'
                        | '”'
                        | '«'
                        | '»'
                        | '’'
                        | '‘'
                        | '…'
                        | '|'
                        | '\\'
                        | '^'
                        | '`'
                        | '{'
                        | '}'
                )
        })
        .unwrap_or(suffix.len());
    let suffix = &suffix[..end];
    // Only the old serial names of journals ("(SICI)…<1::AID…>3.0.CO;2-1") have angle brackets.
    let suffix = if suffix.contains("::aid-") || suffix.contains(".co;2") {
        suffix
    } else {
        &suffix[..suffix.find(['<', '>']).unwrap_or(suffix.len())]
    };
    // A second one glued to it.
    let suffix = &suffix[..suffix
        .find("http")
        .or_else(|| suffix.find("doi:"))
        .unwrap_or(suffix.len())];
    let mut kept = suffix;
    loop {
        let before = kept.len();
        kept = kept.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '(', '[', '>']);
        for (open, close) in [('(', ')'), ('[', ']')] {
            if kept.ends_with(close) && kept.matches(close).count() > kept.matches(open).count() {
                kept = &kept[..kept.len() - 1];
            }
        }
        if kept.len() == before {
            break;
        }
    }
    (!kept.is_empty()).then_some(at + 1 + kept.len())
}

/// A name with its key at `at`: `arXiv:2101.00001v2`, `hdl:2027/x`, `PMID: 123`, `PMCID: PMC123`.
fn named(lower: &str, at: usize) -> Option<ByteSpan> {
    let text = &lower[at..];
    let after = |key: &str| {
        let rest = text.strip_prefix(key)?;
        let value = rest.trim_start_matches([':', ' ', '\u{a0}']);
        // A key and its value stand close together.
        (rest.len() - value.len() <= 3).then_some(value)
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (value, length) = if let Some(value) = after("arxiv") {
        (value, arxiv_length(value)?)
    } else if let Some(value) = after("hdl:") {
        let name = beginning(value);
        let end = name
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']' | '”' | '|')
            })
            .unwrap_or(name.len());
        let kept = name[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        let prefix = kept.split('/').next().unwrap_or("");
        let numbered = !prefix.is_empty()
            && prefix
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
            && kept.len() > prefix.len() + 1;
        numbered.then_some((value, kept.len()))?
    } else if let Some(value) = after("pmid") {
        let length = digits(value);
        (1..=9).contains(&length).then_some((value, length))?
    } else {
        let value = after("pmcid").unwrap_or(text);
        let bare = value.len() == text.len();
        let number = value.strip_prefix("pmc")?;
        let number = number.strip_prefix(' ').filter(|_| !bare).unwrap_or(number);
        let length = digits(number);
        let least = if bare { 5 } else { 1 };
        (least..=9).contains(&length).then_some((number, length))?
    };
    let end = at + (text.len() - value.len()) + length;
    let closed = !lower[end..].starts_with(|c: char| c.is_alphanumeric());
    closed.then_some(ByteSpan::new(at, end))
}

/// Length of an arXiv identifier, new ("2101.00001v2") or old ("hep-th/9901001").
fn arxiv_length(value: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let version = |at: usize| match value.get(at..).and_then(|rest| rest.strip_prefix('v')) {
        Some(rest) if digits(rest) > 0 => at + 1 + digits(rest),
        _ => at,
    };
    let first = digits(value);
    if first == 4 {
        let second = digits(value.get(4..)?.strip_prefix('.')?);
        return (4..=5).contains(&second).then(|| version(5 + second));
    }
    let archive = value
        .bytes()
        .take(20)
        .take_while(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.'))
        .count();
    let number = digits(value.get(archive..)?.strip_prefix('/')?);
    (archive > 1 && number == 7).then(|| version(archive + 8))
}

/// A name as part of a path: what would end the path or change it is encoded; codes that stand there stay.
fn encoded(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '#' | '?' | '<' | '>' | '"' | ' ' | '[' | ']' | '\\' | '^' | '`' | '|' | '{' | '}' => {
                path.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => path.push(c),
        }
    }
    path
}
