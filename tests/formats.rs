//! One text, saved by the programs that people use, cites the same in every format.
//!
//! `tests/formats/forty.md` has forty citations of every basis that a file can hold;
//! `forty.citations` says what they are. `make.sh` has pandoc, LibreOffice, pdfTeX and
//! Chromium make the documents in `made/`; they lie there so that the test needs none of
//! these programs. `IBID_FORMATS=FOLDER` judges a folder made afresh instead.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

use ibid::citation;
use ibid::document::{self, Hints};
use ibid::limits::Limits;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Documents that `make.sh` makes.
const MADE: &[&str] = &[
    "chromium.pdf",
    "libreoffice.docx",
    "libreoffice.odt",
    "libreoffice.pdf",
    "libreoffice.rtf",
    "pandoc.docx",
    "pandoc.epub",
    "pandoc.html",
    "pandoc.json",
    "pandoc.mediawiki",
    "pandoc.odt",
    "pandoc.rtf",
    "pandoc.tex",
    "pdflatex.pdf",
];

/// What a format itself loses: file, and what stands in the place of the expected line.
/// An entry that is no longer needed fails the test too.
const LOST: &[(&str, &str, &str)] = &[];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats")
}

/// Typography that programs change on their own.
fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            '–' | '—' => '-',
            other => other,
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line for each citation: basis, source, linked words, claim.
fn citations(path: &Path) -> Vec<String> {
    let name = path.file_name().unwrap().to_str().unwrap();
    let hints = Hints {
        name: Some(name),
        ..Hints::default()
    };
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let document = document::read(&bytes, hints, &Limits::default())
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let (found, unusable) = citation::citations(&document, &BTreeMap::new());
    assert_eq!(unusable, [], "{name}");
    found
        .iter()
        .map(|citation| {
            let basis = serde_json::to_value(citation.basis).unwrap();
            let anchor = citation.anchor.map_or("", |span| span.of(&document.text));
            format!(
                "{}\t{}\t{}\t{}",
                basis.as_str().unwrap(),
                citation.source,
                plain(anchor),
                plain(&citation.claim.text)
            )
        })
        .collect()
}

fn expected() -> Vec<String> {
    let list = std::fs::read_to_string(folder().join("forty.citations")).unwrap();
    list.lines().map(str::to_owned).collect()
}

#[test]
fn the_text_itself_has_forty_citations() {
    let expected = expected();
    assert_eq!(citations(&folder().join("forty.md")), expected);
    assert_eq!(expected.len(), 40);
    let bases: BTreeSet<&str> = expected
        .iter()
        .filter_map(|line| line.split('\t').next())
        .collect();
    let all = ["footnote", "hyperlink", "inline", "reference"];
    assert_eq!(bases.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn every_format_gives_the_same_citations() {
    let made =
        std::env::var_os("IBID_FORMATS").map_or_else(|| folder().join("made"), PathBuf::from);
    let mut differences = String::new();
    for name in MADE {
        let mut expected = expected();
        for (_, line, instead) in LOST.iter().filter(|(file, _, _)| file == name) {
            let at = expected.iter().position(|expected| expected == line);
            let at = at.unwrap_or_else(|| panic!("{name}: no such line: {line}"));
            expected[at] = (*instead).to_owned();
        }
        expected.retain(|line| !line.is_empty());
        expected.sort();
        let mut found = citations(&made.join(name));
        found.sort();
        for line in expected.iter().filter(|line| !found.contains(line)) {
            differences.push_str(&format!("{name}\n  - {line}\n"));
        }
        for line in found.iter().filter(|line| !expected.contains(line)) {
            differences.push_str(&format!("{name}\n  + {line}\n"));
        }
        if found.len() != expected.len() {
            differences.push_str(&format!("{name}: {} citations\n", found.len()));
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}
