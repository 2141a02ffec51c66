//! The list that biber makes for biblatex (`.bbl`): fields again, in another dress.
//!
//! **In:** its characters, a field a line. **Out:** raw entries. **Not here:** the
//! lists of classic BibTeX, which are LaTeX text and are read as such.

use super::scan::Raw;

pub(super) fn entries(text: &str) -> Vec<Raw> {
    let mut found = Vec::new();
    let mut entry = Raw::default();
    let mut verbatim = None;
    let mut list = None;
    let mut people: Vec<(String, String)> = Vec::new();
    let mut role = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("\\entry{") {
            entry = Raw::default();
            rest.split('}')
                .next()
                .unwrap_or("")
                .clone_into(&mut entry.key);
        } else if line.starts_with("\\endentry") {
            keep_people(&mut entry, &role, &mut people);
            if !entry.key.is_empty() {
                found.push(std::mem::take(&mut entry));
            }
        } else if let Some(rest) = line.strip_prefix("\\name{") {
            keep_people(&mut entry, &role, &mut people);
            rest.split('}').next().unwrap_or("").clone_into(&mut role);
        } else if let Some(family) = value_of(line, "family=") {
            people.push((family.to_owned(), String::new()));
        } else if let Some(given) = value_of(line, "given=") {
            if let Some(last) = people.last_mut() {
                given.clone_into(&mut last.1);
            }
        } else if let Some((name, value)) = line
            .strip_prefix("\\field{")
            .and_then(|rest| rest.split_once("}{"))
        {
            let value = value.strip_suffix('}').unwrap_or(value);
            entry.fields.insert(name.to_owned(), value.to_owned());
        } else if let Some(rest) = line.strip_prefix("\\list{") {
            list = rest.split('}').next().map(str::to_owned);
        } else if let Some(name) = list.take() {
            let value = line.trim_end_matches('%').trim_matches(['{', '}']);
            entry.fields.insert(name, value.to_owned());
        } else if let Some(rest) = line.strip_prefix("\\verb{") {
            verbatim = rest.split('}').next().map(str::to_owned);
        } else if let Some(value) = line.strip_prefix("\\verb ")
            && let Some(name) = verbatim.take()
        {
            entry.fields.insert(name, value.to_owned());
        }
    }
    found
}

fn keep_people(entry: &mut Raw, role: &str, people: &mut Vec<(String, String)>) {
    if people.is_empty() {
        return;
    }
    let names: Vec<String> = people
        .drain(..)
        .map(|(family, given)| match given.is_empty() {
            true => format!("{{{family}}}"),
            false => format!("{family}, {given}"),
        })
        .collect();
    let role = if role.is_empty() { "author" } else { role };
    entry.fields.insert(role.to_owned(), names.join(" and "));
}

/// The value in `family={Lund},`.
fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let value = line.strip_prefix(name)?.trim_end_matches([',', '%']);
    value
        .strip_prefix('{')
        .map(|value| value.trim_end_matches('}'))
}
