//! Words of sentences and of addresses, in a form in which they can meet.
//!
//! **In:** a sentence, or an address. **Out:** keys with weights. **Not here:** how
//! much a meeting is worth (`align`).

use super::lexicon;
use url::Url;

/// A word without its commonest endings, in lower case.
pub(super) fn stem(word: &str) -> String {
    let mut word = word.to_lowercase();
    for ending in [
        "'s", "’s", "ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s",
        "ly", "e", "y",
    ] {
        if let Some(short) = word.strip_suffix(ending)
            && short.chars().count() >= 3
        {
            word.truncate(short.len());
            break;
        }
    }
    word
}

/// The words of a text with their places.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr().addr();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr().addr() - base, word))
}

/// The quotations of a sentence as stems, those of three words or more.
pub(super) fn quotations(text: &str) -> impl Iterator<Item = Vec<String>> {
    // Between any two marks: which of them opens is not always told by their form.
    text.split(['“', '”', '"', '„', '«', '»'])
        .skip(1)
        .step_by(2)
        .map(|quotation| words(quotation).map(|(_, word)| stem(word)).collect())
        .filter(|stems: &Vec<String>| stems.len() >= 3)
}

/// All keys under which a sentence can be met: its words, neighbouring words,
/// words written together, and initials of names.
pub(super) fn sentence_keys(text: &str) -> Vec<String> {
    let list: Vec<&str> = words(text).map(|(_, word)| word).collect();
    let stems: Vec<String> = list.iter().map(|word| stem(word)).collect();
    let lower: Vec<String> = list.iter().map(|word| word.to_lowercase()).collect();
    let mut keys = Vec::with_capacity(list.len() * 5);
    let mut last_content: Option<usize> = None;
    for (index, stem) in stems.iter().enumerate() {
        keys.push(stem.clone());
        if stem.chars().count() > 5 {
            keys.push(format!("~{}", stem.chars().take(5).collect::<String>()));
        }
        if lexicon::is_empty_word(&lower[index]) {
            continue;
        }
        if let Some(before) = last_content {
            keys.push(format!("{} {stem}", stems[before]));
        }
        last_content = Some(index);
    }
    for size in 2..=3 {
        for window in lower.windows(size) {
            let together = window.concat();
            if together.len() >= 6 {
                keys.push(format!("={together}"));
            }
        }
    }
    // Initials: "United Nations", "Council of Europe".
    let mut initials = String::new();
    for word in &list {
        match word.chars().next() {
            Some(first) if first.is_uppercase() => initials.extend(first.to_lowercase()),
            _ if matches!(*word, "of" | "the" | "for" | "and" | "in" | "on") => continue,
            _ => initials.clear(),
        }
        if (2..=6).contains(&initials.len()) {
            keys.push(stem_of_initials(&initials));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn stem_of_initials(initials: &str) -> String {
    format!("={initials}")
}

/// The keys of an address, each with its weight.
pub(super) fn address_keys(cited: &str) -> Vec<(String, f64)> {
    let mut keys = Vec::new();
    let url = Url::parse(cited).or_else(|_| Url::parse(&format!("http://{cited}")));
    let Ok(url) = url else {
        return keys;
    };
    let labels: Vec<&str> = url.host_str().unwrap_or("").split('.').collect();
    for label in &labels[..labels.len().saturating_sub(1)] {
        part(label, 0.7, &mut keys);
        keys.push((format!("={label}"), 0.9));
    }
    // "javascript.info" is a name that texts print whole.
    let host = url.host_str().unwrap_or("").trim_start_matches("www.");
    keys.push((format!("={}", host.replace('.', "")), 1.2));
    let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    for (index, segment) in segments.iter().enumerate() {
        let left = segments.len() - 1 - index;
        let weight = [1.0, 0.75, 0.6].get(left).copied().unwrap_or(0.5);
        part(&decoded(segment), weight, &mut keys);
    }
    for query in url.query().into_iter().chain(url.fragment()) {
        part(&decoded(query), 0.7, &mut keys);
    }
    // A word met twice in one address counts once, at its best.
    keys.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    keys.dedup_by(|b, a| a.0 == b.0);
    keys
}

fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part)
        .decode_utf8_lossy()
        .into_owned()
}

fn part(text: &str, weight: f64, keys: &mut Vec<(String, f64)>) {
    let mut before: Option<String> = None;
    for (_, whole) in words(text) {
        for word in humps(whole) {
            let lower = word.to_lowercase();
            for meant in lexicon::meaning(&lower) {
                keys.push((stem(meant), weight * 0.6));
            }
            if lexicon::is_empty_word(&lower) || lower.len() < 2 || lower.len() > 40 {
                continue;
            }
            let stem = stem(&lower);
            if let Some(before) = &before {
                keys.push((format!("{before} {stem}"), weight * 0.8));
            }
            let digits = lower.bytes().all(|b| b.is_ascii_digit());
            keys.push((stem.clone(), weight));
            if stem.chars().count() > 5 && !digits {
                keys.push((
                    format!("~{}", stem.chars().take(5).collect::<String>()),
                    weight * 0.3,
                ));
            }
            if !digits {
                keys.push((format!("={lower}"), weight * 0.8));
            }
            before = Some(stem);
        }
    }
}

/// "Kazakhstan2009" and "getDocument" are two words each.
fn humps(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in word.char_indices() {
        let border = before.is_some_and(|before| {
            (before.is_lowercase() && c.is_uppercase()) || (before.is_numeric() != c.is_numeric())
        });
        if border {
            parts.push(&word[start..at]);
            start = at;
        }
        before = Some(c);
    }
    parts.push(&word[start..]);
    // The whole may be a name of its own: "forum18".
    if parts.len() == 2 {
        parts.push(word);
    }
    parts
}
