//! Citations by key, and the bibliographies that have the keys.
//!
//! **In:** `\cite` and its like; `\bibitem`s, `.bib` and `.bbl` files. **Out:** marks,
//! and an entry of the reference list for each key that is cited. **Not here:** how
//! a style would print an entry.

use super::reader::Reader;
use super::token::{self, Kind};
use crate::document::writer::Writer;
use crate::document::{BlockKind, ByteSpan, bibtex, decode};
use std::collections::BTreeMap;

/// Files that one document may bring with it, and their bytes together: far above any
/// book that was seen, and low enough to stay quick.
const MOST_FILES: usize = 256;
const MOST_BYTES: u64 = 64 << 20;

/// Whether a command's name is one of the many that cite.
pub(super) fn is_citation(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("cite")
        && ![
            "style", "text", "param", "option", "setup", "define", "declare", "new", "label",
            "reset",
        ]
        .iter()
        .any(|other| name.contains(other) && name != "textcite" && name != "textcites")
}

impl Reader<'_> {
    /// `\cite[before][after]{keys}`, and `\cites` with several of these.
    pub(super) fn cite(&mut self, name: &str) {
        let many = name.ends_with("cites");
        let mut first = true;
        loop {
            while self.option(!first).is_some() {}
            let is_group = self.peek().is_some_and(|token| token.kind == Kind::Open);
            if !first && !is_group {
                return;
            }
            let Some(keys) = self.argument() else {
                return;
            };
            self.print_names(name, &keys);
            self.cite_keys(&keys);
            if !many {
                return;
            }
            first = false;
        }
    }

    /// Some commands print who wrote it, as a part of the sentence.
    fn print_names(&mut self, name: &str, keys: &str) {
        let name = name.to_ascii_lowercase();
        let mut words = Vec::new();
        for key in keys.split(',').map(str::trim) {
            let Some(entry) = self.library.get(key) else {
                continue;
            };
            let (authors, year) = (&entry.authors, &entry.year);
            words.push(
                if name.starts_with("citet") && name != "citetitle" || name.starts_with("textcite")
                {
                    match year.is_empty() {
                        true => authors.clone(),
                        false => format!("{authors} ({year})"),
                    }
                } else if name.starts_with("citeauthor") {
                    authors.clone()
                } else if name.starts_with("citeyear") && !name.ends_with("par") {
                    year.clone()
                } else if name.starts_with("citeal") {
                    format!("{authors} {year}").trim().to_owned()
                } else {
                    continue;
                },
            );
        }
        if !words.is_empty() {
            let words = words.join(", ");
            self.flow().words(&words);
        }
    }

    /// Marks these keys after the words written so far.
    pub(super) fn cite_keys(&mut self, keys: &str) {
        for key in keys.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            self.flow().mark(key.to_owned());
            self.remember_key(key);
        }
    }

    pub(super) fn cite_without_mark(&mut self, keys: &str) {
        for key in keys.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            if key == "*" {
                self.cite_all = true;
            } else {
                self.remember_key(key);
            }
        }
    }

    fn remember_key(&mut self, key: &str) {
        if self.known_cited.insert(key.to_owned()) {
            self.cited.push(key.to_owned());
        }
    }

    /// `\bibitem[label]{key}`: what follows is the entry.
    pub(super) fn bib_item(&mut self) {
        self.option(false);
        let key = self.argument().unwrap_or_default();
        self.begin_entry(key.trim());
    }

    /// Begins an entry of the reference list that stands in the text itself.
    pub(super) fn begin_entry(&mut self, key: &str) {
        let kind = BlockKind::Reference(key.to_owned());
        self.defined.insert(key.to_owned());
        let flow = self.flow();
        flow.begin(kind.clone());
        // Every paragraph up to the next item belongs to the entry.
        flow.usual = kind;
    }

    /// Looks through a source for its bibliographies, so that names can be printed
    /// before the list is reached.
    pub(super) fn look_ahead(&mut self, source: &str) {
        let tokens = token::tokens(source);
        for window in tokens.windows(2) {
            let (token, next) = (window[0], window[1]);
            if token.kind == Kind::Begin
                && next.kind == Kind::Code
                && token.span.of(source).starts_with("filecontents")
            {
                let content = next.span.of(source);
                let after = content
                    .split_once('{')
                    .and_then(|(_, rest)| rest.split_once('}'));
                if let Some((name, text)) = after
                    && self.inner.len() < MOST_FILES
                {
                    self.inner.insert(name.trim().to_owned(), text.to_owned());
                }
            }
        }
        for (index, token) in tokens.iter().enumerate() {
            let is_list = token.kind == Kind::Command
                && matches!(
                    token.span.of(source),
                    "bibliography" | "addbibresource" | "addglobalbib" | "addsectionbib"
                );
            if !is_list {
                continue;
            }
            let open = tokens[index + 1..]
                .iter()
                .take(16)
                .find(|token| token.kind == Kind::Open);
            let names = open.and_then(|open| {
                let rest = source.get(open.span.end..)?;
                let end = rest.bytes().take(4096).position(|b| b == b'}')?;
                rest.get(..end)
            });
            if let Some(names) = names {
                self.bibliographies(names);
            }
        }
    }

    /// Reads the `.bib` files of these names.
    pub(super) fn bibliographies(&mut self, names: &str) {
        for name in names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let name = if name.ends_with(".bib") {
                name.to_owned()
            } else {
                format!("{name}.bib")
            };
            if self.libraries.len() >= MOST_FILES || !self.libraries.insert(name.clone()) {
                continue;
            }
            if name.contains("://") {
                continue;
            }
            let Some(text) = self.file(&name) else {
                self.problem(format!(
                    "the bibliography {name} that it names could not be read"
                ));
                continue;
            };
            let (entries, problems) = bibtex::entries(&text);
            for entry in entries {
                self.library.entry(entry.key.clone()).or_insert(entry);
            }
            for problem in problems {
                let line = problem.place.line.unwrap_or(0);
                self.problem(format!("{name}, line {line}: {}", problem.text));
            }
        }
    }

    /// The text of a file that belongs to the document.
    pub(super) fn file(&mut self, name: &str) -> Option<String> {
        if let Some(text) = self.inner.get(name) {
            return Some(text.clone());
        }
        let bytes = self.companions?.companion(name)?;
        self.included = self.included.saturating_add(bytes.len() as u64);
        if self.included > MOST_BYTES {
            self.problem(format!(
                "the files that it includes are longer than {} MB; {name} was left out",
                MOST_BYTES >> 20
            ));
            return None;
        }
        Some(decode::decode(&bytes, None, false).text)
    }

    /// `\input{name}`: the file is read in its place.
    pub(super) fn include(&mut self, folder: &str) {
        let Some(name) = self.argument() else {
            return;
        };
        let mut name = name.trim().trim_matches('"').to_owned();
        if name.chars().count() == 1 && !name.starts_with('\\') {
            // `\input name` without braces: the rest of the word is its name.
            name.push_str(&self.word());
        }
        if !folder.trim().is_empty() {
            name = format!("{}/{name}", folder.trim().trim_end_matches('/'));
        }
        if name.is_empty() || name.contains(['\\', '#']) {
            return;
        }
        let has_ending = name
            .rsplit('/')
            .next()
            .is_some_and(|last| last.contains('.'));
        if !has_ending {
            name.push_str(".tex");
        }
        let open = self
            .frames
            .iter()
            .any(|frame| frame.file.as_deref() == Some(&name));
        self.files += 1;
        if open || self.files > MOST_FILES || self.frames.len() > 32 {
            self.problem(format!(
                "{name} includes itself, or too much is included; it was left out here"
            ));
            return;
        }
        let Some(text) = self.file(&name) else {
            self.problem(format!(
                "the file {name} that it includes could not be read"
            ));
            return;
        };
        // A part that can also stand alone brings a preamble of its own.
        let text = match text.split_once("\\begin{document}") {
            Some((_, body)) => body.split("\\end{document}").next().unwrap_or(body),
            None => &text,
        };
        self.look_ahead(text);
        self.enter(text, false, Some(name));
    }

    /// The finished list of references beside a file, where some key is still missing.
    pub(super) fn printed_list(&mut self, name: Option<&str>) -> Option<String> {
        let is_missing = self
            .cited
            .iter()
            .any(|key| !self.defined.contains(key) && !self.library.contains_key(key));
        let name = name.filter(|_| is_missing)?;
        let last = name.rsplit(['/', '\\']).next()?;
        let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        self.file(&format!("{stem}.bbl"))
    }

    /// Writes an entry for every key that is cited.
    pub(super) fn reference_list(&mut self, text: &mut Writer, printed: Option<String>) {
        text.line = None;
        let mut wanted = std::mem::take(&mut self.cited);
        if self.cite_all {
            wanted.extend(
                self.library
                    .keys()
                    .filter(|key| !self.known_cited.contains(*key))
                    .cloned(),
            );
        }
        wanted.retain(|key| !self.defined.contains(key));
        let from_list = printed
            .map(|source| entries_of(&source))
            .unwrap_or_default();
        for key in wanted {
            let entry = self.library.get(&key).or_else(|| from_list.get(&key));
            match entry {
                Some(entry) if !entry.text.is_empty() => {
                    text.entry(BlockKind::Reference(key), &entry.text, &entry.links);
                }
                _ => self.problem(format!("no entry was found for the citation key {key}")),
            }
        }
    }
}

/// The entries of a list that LaTeX has made already (`.bbl`).
fn entries_of(source: &str) -> BTreeMap<String, bibtex::Entry> {
    if source.contains("\\entry{") {
        return bibtex::finished_entries(source)
            .into_iter()
            .map(|entry| (entry.key.clone(), entry))
            .collect();
    }
    let mut reader = Reader::new(None);
    reader.enter(source, false, None);
    let document = reader.run().finish(crate::document::Format::Latex);
    let mut entries: BTreeMap<String, bibtex::Entry> = BTreeMap::new();
    let mut links = document.links.iter().peekable();
    for block in &document.blocks {
        let mut own = Vec::new();
        while let Some(link) = links.next_if(|link| link.span.start < block.span.end) {
            if block.span.contains(link.span) {
                let span = ByteSpan::new(
                    link.span.start - block.span.start,
                    link.span.end - block.span.start,
                );
                own.push((link.url_as_cited.clone(), span));
            }
        }
        if let BlockKind::Reference(key) = &block.kind {
            let text = block.span.of(&document.text).to_owned();
            entries.entry(key.clone()).or_insert(bibtex::Entry {
                key: key.clone(),
                text,
                links: own,
                authors: String::new(),
                year: String::new(),
            });
        }
    }
    entries
}
