//! What a text cites is found, and on the right words.
//!
//! Every document in `tests/documents/` stands beside a file of the same name and
//! `.citations`: one line a citation, in reading order of the claims: basis, source,
//! claim. Adding a case is adding two files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

use ibid::citation;
use ibid::document::{self, Hints};
use ibid::limits::Limits;
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn every_document_cites_what_its_list_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut walked = 0;
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Some(document) = name.strip_suffix(".citations") {
            assert!(folder.join(document).exists(), "{name} has no document");
            continue;
        }
        let expected = std::fs::read_to_string(folder.join(format!("{name}.citations")))
            .unwrap_or_else(|_| panic!("{name} has no list of expected citations"));
        let hints = Hints {
            name: Some(name),
            ..Hints::default()
        };
        let bytes = std::fs::read(path).unwrap();
        let document = document::read(&bytes, hints, &Limits::default()).unwrap();
        let (found, unusable) = citation::citations(&document, &BTreeMap::new());
        assert_eq!(unusable, [], "{name}");
        let found: Vec<String> = found
            .iter()
            .map(|citation| {
                let basis = serde_json::to_value(citation.basis).unwrap();
                let basis = basis.as_str().unwrap();
                format!("{basis} {} {}", citation.source, citation.claim.text)
            })
            .collect();
        assert_eq!(found.join("\n"), expected.trim_end(), "{name}");
        walked += 1;
    }
    assert!(walked >= 3, "the documents are missing");
}
