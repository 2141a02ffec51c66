//! Promise: what is damaged in an archive costs itself and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::archive::{Archive, fixity};
use ibid::check::history;
use ibid::evidence::{Content, EvidenceKind};
use ibid::fetch::Status;
use ibid::report::{CaptureEntry, Report, SourceEntry};
use std::path::Path;
use support::desk::Desk;
use support::web::{Answer, Web};

const HOST: &str = "127.0.69.1";
const ALL: [&str; 4] = ["/changed", "/one", "/tagged", "/two"];

fn page(about: &str, words: &str) -> Answer {
    let text =
        (1..=30).map(|day| format!("<p>On day {day} the keeper of the {about} {words}.</p>"));
    Answer::html(&format!(
        "<!doctype html><html lang=en><title>Log of the {about}</title><main><h1>Log</h1>\
         <p>The {about} was opened on 4 May 1998 by the mayor.</p>{}</main>",
        text.collect::<String>()
    ))
}

async fn web() -> Web {
    let wrote = |about| page(about, "wrote of the wind");
    Web::builder()
        .page(HOST, "/tagged", wrote("museum").etag("\"1\""))
        .page(HOST, "/changed", wrote("bridge"))
        .page(HOST, "/one", wrote("tower").etag("\"1\""))
        .page(HOST, "/two", wrote("harbour"))
        .start()
        .await
        .unwrap()
}

fn desk(web: &Web) -> Desk {
    let url = |path| web.url(HOST, path);
    let draft = format!(
        "The museum was [opened on 4 May 1998]({}) by the mayor.\n\n\
         The bridge was [opened on 4 May 1998]({}) by the mayor.\n\n\
         The tower was sold on 9 June 2003 for 877 crowns ([one]({}), [two]({})).\n",
        url("/tagged"),
        url("/changed"),
        url("/one"),
        url("/two"),
    );
    Desk::new(&draft, "[judge]\nprobe = false\n", "127.0.69.*")
}

fn source(report: &Report, path: &str) -> SourceEntry {
    let mut sources = report.sources.as_ref().unwrap().iter();
    let source = sources.find(|source| source.url.ends_with(path));
    source.unwrap().into_owned()
}

/// What is shown for the claims on a source.
fn kind(report: &Report, path: &str) -> EvidenceKind {
    let mut citations = report.citations.iter();
    let citation = citations.find(|one| one.source.ends_with(path)).unwrap();
    citation.evidence.as_ref().unwrap().kind
}

/// Where one source lacks something, all of its claim are judged together.
fn lacks(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::Partial | EvidenceKind::NotFound)
}

/// Changes a byte of a capture's record, counted from its end or its start.
fn damage(archive: &Path, capture: &CaptureEntry, byte: fn(u64) -> u64) {
    let warc = archive.join(&capture.warc);
    let mut bytes = std::fs::read(&warc).unwrap();
    let at = capture.offset + byte(capture.length);
    bytes[usize::try_from(at).unwrap()] ^= 0x40;
    // It may not be written to any more, but made again.
    std::fs::remove_file(&warc).unwrap();
    std::fs::write(&warc, bytes).unwrap();
}

/// All is there and was read, and what the report speaks of can be had again.
fn assert_read(report: &Report, desk: &Desk) {
    let archive = Archive::read(desk.archive()).unwrap();
    for path in ALL {
        let source = source(report, path);
        assert_eq!(source.status, Status::Live, "{source:?}");
        let capture = source.capture.unwrap();
        let capture = archive.capture_at(&capture.warc, capture.offset).unwrap();
        let held = archive.load(&capture.unwrap()).unwrap();
        assert!(!held.payload.is_empty(), "{path}");
    }
    assert_eq!(kind(report, "/tagged"), EvidenceKind::Supported);
    assert_eq!(kind(report, "/changed"), EvidenceKind::Supported);
    assert!(lacks(kind(report, "/one")));
}

async fn damaged(byte: fn(u64) -> u64) {
    let web = web().await;
    let mut desk = desk(&web);
    desk.config.reuse = false;
    let first = desk.check().await;
    assert_read(&first, &desk);
    for path in ["/changed", "/one", "/tagged"] {
        let capture = source(&first, path).capture.unwrap();
        damage(desk.archive(), &capture, byte);
    }
    web.replace(HOST, "/changed", page("bridge", "counted the boats"));
    let second = desk.check().await;
    assert_read(&second, &desk);
    let changed = source(&second, "/changed");
    assert!(
        changed.reason.contains("cannot be read any more"),
        "{changed:?}"
    );
    assert!(
        changed.content.is_none() && changed.earlier.is_some(),
        "{changed:?}"
    );
    let archive = Archive::read(desk.archive()).unwrap();
    let url = web.url(HOST, "/changed");
    let through_time = history(&archive, &url, &desk.config.policy.limits).unwrap();
    let told: Vec<_> = through_time.iter().map(|entry| entry.content).collect();
    assert_eq!(told, [None, Some(Content::First)]);
    // From here on there is nothing to be said, but by who looks at all that is held.
    let third = desk.check().await;
    assert_read(&third, &desk);
    let tagged = source(&third, "/tagged");
    assert_eq!(tagged.content, Some(Content::Identical));
    let mut found = Vec::new();
    fixity::verify(desk.archive(), |finding| found.push(finding)).unwrap();
    assert!(found.len() >= 3, "{found:?}");
    web.finish();
}

#[tokio::test]
async fn captures_whose_payload_is_damaged_cost_their_comparison() {
    damaged(|length| length - 6).await;
}

#[tokio::test]
async fn captures_that_are_no_records_any_more_cost_their_comparison() {
    damaged(|_| 0).await;
}

#[tokio::test]
async fn a_lost_text_of_several_that_are_judged_together_is_not_missed() {
    let web = web().await;
    let desk = desk(&web);
    let first = desk.check().await;
    damage(
        desk.archive(),
        &source(&first, "/one").capture.unwrap(),
        |length| length - 6,
    );
    damage(
        desk.archive(),
        &source(&first, "/two").capture.unwrap(),
        |length| length - 6,
    );
    // They have not changed: nothing is read of them but for what they show together.
    let second = desk.check().await;
    assert!(lacks(kind(&second, "/one")));
    web.finish();
}

#[tokio::test]
async fn a_source_whose_file_is_gone_is_asked_for_the_whole() {
    let web = web().await;
    let mut desk = desk(&web);
    desk.config.reuse = false;
    let first = desk.check().await;
    // Of the second night all that does not change is told by the first night's file.
    desk.check().await;
    let file = source(&first, "/tagged").capture.unwrap().warc;
    std::fs::remove_file(desk.archive().join(file)).unwrap();
    assert_read(&desk.check().await, &desk);
    assert_read(&desk.check().await, &desk);
    web.finish();
}
