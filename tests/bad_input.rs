//! Promise: bad input gets a result that a person understands, and the others go on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

use std::path::Path;
use std::process::{Command, Output};

fn ibid(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ibid"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Reads one document beside a good one; gives its error in the report.
fn error_of(name: &str, bytes: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let good = "Rain fell on [nine days](https://log.example/may).\n";
    std::fs::write(folder.path().join("good.md"), good).unwrap();
    let output = ibid(
        folder.path(),
        &["citations", name, "good.md", "--format", "json"],
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["citations"].as_array().unwrap().last().unwrap()["source"],
        "https://log.example/may",
        "the good document is read all the same"
    );
    let error = report["documents"][0]["error"].as_str().map(str::to_owned);
    assert_eq!(
        output.status.code(),
        Some(if error.is_some() { 2 } else { 0 }),
        "{}",
        stderr(&output)
    );
    error
}

#[test]
fn what_cannot_be_read_says_why() {
    let check = |name: &str, bytes: &[u8], expected: &str| {
        let error = error_of(name, bytes).unwrap_or_default();
        assert!(error.contains(expected), "{name}: {error:?}");
    };
    check("empty.md", b"", "it is empty");
    check("blank.txt", b" \n\n \t\n", "it is empty");
    check(
        "picture.md",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0",
        "a PNG image",
    );
    check(
        "program.txt",
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
        "not text",
    );
    check(
        "paper.pdf",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        "its structure is damaged beyond repair",
    );
    check(
        "page.html",
        b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n",
        "a mail or a web page saved as one (MHTML) cannot be read yet",
    );
    check(
        "table.zip",
        b"PK\x05\x06",
        "a ZIP archive cannot be read yet",
    );
    check("list.ris", b"\x1f\x8b\x08\0", "gzip-compressed data");
    check("cells.ipynb", b"{\"cells\": [", "its JSON is damaged");
}

#[test]
fn legacy_encodings_are_read_not_refused() {
    let text = "Ein Regen fiel über Überlingen, wie das Tagebuch sagt: http://log.example/mai\n";
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    assert_eq!(error_of("latin.txt", &latin), None);
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(error_of("wide.txt", &utf16), None);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("latin.txt"), &latin).unwrap();
    let output = ibid(folder.path(), &["citations", "latin.txt"]);
    assert!(
        stdout(&output).contains("Überlingen"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_missing_file_and_a_folder_are_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("drafts")).unwrap();
    let output = ibid(folder.path(), &["citations", "gone.md", "drafts"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stdout(&output);
    assert!(
        text.contains("gone.md") && text.contains("there is no such file"),
        "{text}"
    );
    assert!(
        text.contains("drafts") && text.contains("it is a folder"),
        "{text}"
    );
}

#[test]
fn a_document_without_links_has_no_citations_and_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("plain.md"), "Nothing is cited here.\n").unwrap();
    let output = ibid(folder.path(), &["citations", "plain.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let checked = ibid(folder.path(), &["check", "plain.md"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    assert!(stdout(&checked).contains("no citations") || stdout(&checked).contains("0 citations"));
}

#[test]
fn a_long_text_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let line = "On the ninth of May the gauge stood at 93 centimetres, as the log has it.\n";
    let mut text = line.repeat((50 << 20) / line.len());
    text.push_str("The last line cites http://log.example/end\n");
    std::fs::write(folder.path().join("long.txt"), text).unwrap();
    // A busy machine may take its time.
    std::fs::write(
        folder.path().join("sources.toml"),
        "[read]\ntimeout = 600\n",
    )
    .unwrap();
    let output = ibid(
        folder.path(),
        &["citations", "long.txt", "--format", "json"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["citations"].as_array().unwrap().len(), 1);
    assert_eq!(report["citations"][0]["source"], "http://log.example/end");
}

#[test]
fn a_typo_in_the_settings_names_the_nearest_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("sources.toml"),
        "[fetch]\nper_hots = 3\n",
    )
    .unwrap();
    let output = ibid(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    assert!(
        message.contains("sources.toml, line 2: unknown key `fetch.per_hots`")
            && message.contains("`fetch.per_host`"),
        "{message}"
    );
}

#[test]
fn nothing_to_check_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = ibid(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("ibid init"), "{}", stderr(&output));
}

#[test]
fn init_writes_settings_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ibid(folder.path(), &["init"]).status.code(), Some(0));
    let path = folder.path().join("sources.toml");
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains("documents = ["));
    std::fs::write(&path, "# mine\n").unwrap();
    let again = ibid(folder.path(), &["init"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "# mine\n");
}

#[test]
fn an_archive_that_is_not_there_is_an_error_for_readers() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["report"] as &[&str],
        &["get", "http://a.example/"],
        &["history", "http://a.example/"],
        &["verify"],
    ] {
        let output = ibid(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains("there is no archive in"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn a_document_past_its_deadline_is_one_error() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Rain fell on [nine days](https://log.example/may).\n";
    std::fs::write(folder.path().join("slow.md"), text).unwrap();
    // No time at all: every document is too slow for it.
    std::fs::write(folder.path().join("sources.toml"), "[read]\ntimeout = 0\n").unwrap();
    let output = ibid(folder.path(), &["citations", "slow.md", "gone.md"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stdout(&output);
    assert!(
        text.contains("it could not be read within 0 s") && text.contains("there is no such file"),
        "{text}"
    );
}
