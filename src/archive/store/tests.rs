//! The archive as its users meet it: what was acknowledged is there, whatever happened since.

use super::*;
use crate::archive::warc::{Reader, Record};
use crate::archive::{CaptureKind, Held, fixity};
use crate::fetch::{Exchange, Fetched, Response, Truncation};
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

mod foreign;
mod nights;

const DAY: &str = "2026-05-01T08:00:00Z";

fn exchange(url: &str, status: u16, body: &str) -> Exchange {
    let field = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    Exchange {
        target_uri: Url::parse(url).unwrap(),
        started: DAY.parse().unwrap(),
        duration: Duration::from_millis(12),
        peer: Some("192.0.2.7".parse().unwrap()),
        protocol: "http/1.1",
        method: "GET",
        request_fields: vec![field("host", "a.example")],
        response: Response {
            status,
            reason: "Said".to_owned(),
            fields: vec![field("content-type", "text/html; charset=utf-8")],
            body: body.to_owned().into(),
            truncated: None,
        },
    }
}

fn at(mut exchange: Exchange, moment: &str) -> Exchange {
    exchange.started = moment.parse().unwrap();
    exchange
}

fn with(mut exchange: Exchange, name: &str, value: &str) -> Exchange {
    exchange
        .response
        .fields
        .push((name.to_owned(), value.as_bytes().to_vec()));
    exchange
}

fn fetched(exchanges: Vec<Exchange>) -> Fetched {
    Fetched {
        requested: exchanges[0].target_uri.clone(),
        exchanges,
        failure: None,
        tries: 1,
    }
}

fn page(url: &str, body: &str) -> Fetched {
    fetched(vec![exchange(url, 200, body)])
}

/// A fetch may be made ready with or without knowing that the archive holds its payload.
trait Keep {
    fn keep(&mut self, group: &[Fetched]) -> Result<Vec<Vec<Capture>>>;
}

impl Keep for Archive {
    fn keep(&mut self, group: &[Fetched]) -> Result<Vec<Vec<Capture>>> {
        let ready = |(number, fetched): (usize, &Fetched)| {
            let last = fetched.exchanges.last().unwrap();
            let known = match number % 2 {
                1 => Known::Held(Digest::known(last.response.body.sha256())),
                _ => Known::Nothing,
            };
            Ready::new(Arc::new(fetched.clone()), known).unwrap()
        };
        let group: Vec<Ready> = group.iter().enumerate().map(ready).collect();
        self.store(&group)
    }
}

fn open(folder: &Path, session: u64) -> Archive {
    let clock = Clock::fixed(DAY.parse().unwrap()).starting_at(session * 10_000);
    Archive::write(folder, Settings::default(), clock).unwrap()
}

fn payload(held: &Held) -> Vec<u8> {
    held.payload.bytes().unwrap().into()
}

fn clean(folder: &Path) -> fixity::Fixity {
    keep_warcs(folder);
    verified(folder)
}

fn verified(folder: &Path) -> fixity::Fixity {
    let (fixity, findings) = findings(folder);
    assert_eq!(findings, []);
    fixity
}

fn findings(folder: &Path) -> (fixity::Fixity, Vec<fixity::Finding>) {
    let mut findings = Vec::new();
    let fixity = fixity::verify(folder, |finding| findings.push(finding)).unwrap();
    assert_eq!(fixity.findings, findings.len());
    (fixity, findings)
}

/// Copies the WARC files to where `tests/interop/run` looks for them, when it asked for that.
fn keep_warcs(folder: &Path) {
    let Ok(keep) = std::env::var("IBID_KEEP_WARCS") else {
        return;
    };
    let unique = folder.file_name().unwrap().to_string_lossy().into_owned();
    for (name, _) in segment::files(folder).unwrap() {
        let target = Path::new(&keep).join(format!("store{unique}-{name}"));
        if !target.exists() {
            std::fs::copy(folder.join(&name), target).unwrap();
        }
    }
}

/// The archive's only WARC file.
fn only_file(folder: &Path) -> std::path::PathBuf {
    let files = segment::files(folder).unwrap();
    assert_eq!(files.len(), 1);
    folder.join(&files[0].0)
}

/// Lets a closed file be changed, as a test that damages it has to.
fn writable(path: &Path) {
    let mut permissions = std::fs::metadata(path).unwrap().permissions();
    #[expect(
        clippy::permissions_set_readonly_false,
        reason = "a file in the test's own folder"
    )]
    permissions.set_readonly(false);
    std::fs::set_permissions(path, permissions).unwrap();
}

#[test]
fn what_was_stored_is_read_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let kept = archive
        .keep(&[page(
            "http://a.example/x?b=2#part",
            "one \u{fe}\r\n\r\n two",
        )])
        .unwrap();
    assert_eq!(kept.len(), 1);
    let capture = archive.captures("HTTP://A.example:80/x?b=2").unwrap();
    assert_eq!(capture, kept[0], "found however its host is written");
    let held = archive.load(&capture[0]).unwrap();
    assert_eq!(payload(&held), "one \u{fe}\r\n\r\n two".as_bytes());
    assert_eq!(held.status, 200);
    assert_eq!(
        held.field("Content-Type").unwrap(),
        "text/html; charset=utf-8"
    );
    assert_eq!(
        archive
            .capture_at(&capture[0].warc, capture[0].offset)
            .unwrap(),
        Some(capture[0].clone())
    );
    archive.close().unwrap();
    let fixity = clean(folder.path());
    // warcinfo, response, request: a block digest each, and a payload digest of the response.
    assert_eq!((fixity.records, fixity.digests), (3, 4));
}

#[test]
fn the_same_payload_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/", "same")]).unwrap();
    archive.close().unwrap();
    let mut archive = open(folder.path(), 2);
    let kept = archive
        .keep(&[
            page("http://a.example/", "same"),
            page("http://b.example/", "same"),
            page("http://a.example/", "other"),
        ])
        .unwrap();
    let kinds: Vec<_> = kept.iter().map(|captures| captures[0].kind).collect();
    assert_eq!(
        kinds,
        [
            CaptureKind::Revisit,
            CaptureKind::Revisit,
            CaptureKind::Response
        ]
    );
    for captures in &kept[..2] {
        assert_eq!(payload(&archive.load(&captures[0]).unwrap()), b"same");
    }
    archive.close().unwrap();
    clean(folder.path());
}

#[test]
fn empty_answers_and_errors_of_other_addresses_are_not_taken_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let kept = archive
        .keep(&[
            page("http://a.example/", ""),
            page("http://b.example/", ""),
            fetched(vec![exchange("http://a.example/1", 404, "gone")]),
            fetched(vec![exchange("http://a.example/2", 404, "gone")]),
            fetched(vec![exchange("http://a.example/2", 404, "gone")]),
        ])
        .unwrap();
    let kinds: Vec<_> = kept.iter().map(|captures| captures[0].kind).collect();
    assert_eq!(kinds[..4], [CaptureKind::Response; 4]);
    assert_eq!(kinds[4], CaptureKind::Revisit);
}

#[test]
fn a_payload_that_was_cut_short_stands_only_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let mut cut = exchange("http://a.example/", 200, "half");
    cut.response.truncated = Some(Truncation::Length);
    let kept = archive
        .keep(&[fetched(vec![cut]), page("http://a.example/", "half")])
        .unwrap();
    assert_eq!(kept[0][0].truncated.as_deref(), Some("length"));
    assert_eq!(kept[1][0].kind, CaptureKind::Response);
}

#[test]
fn not_modified_is_a_revisit_of_what_was_held() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let first = with(exchange("http://a.example/", 200, "text"), "etag", "\"1\"");
    let kept = archive.keep(&[fetched(vec![first])]).unwrap();
    let later = with(
        at(
            exchange("http://a.example/", 304, ""),
            "2026-05-02T08:00:00Z",
        ),
        "etag",
        "\"1-gzip\"",
    );
    let again = archive.keep(&[fetched(vec![later])]).unwrap();
    let capture = &again[0][0];
    assert_eq!(capture.kind, CaptureKind::Revisit);
    assert_eq!(capture.digest, kept[0][0].digest);
    let held = archive.load(capture).unwrap();
    assert_eq!(payload(&held), b"text");
    assert_eq!(held.status, 200);
    assert_eq!(held.field("etag").unwrap(), "\"1-gzip\"");
    assert_eq!(
        held.field("content-type").unwrap(),
        "text/html; charset=utf-8"
    );
    let path = folder.path().join(&capture.warc);
    let mut reader = Reader::new(File::open(path).unwrap(), capture.offset).unwrap();
    let record = reader.next().unwrap().unwrap().unwrap().record;
    assert!(
        record
            .field("WARC-Profile")
            .unwrap()
            .ends_with("/revisit/server-not-modified"),
        "{:?}",
        record.fields
    );
    archive.close().unwrap();
    clean(folder.path());
}

#[test]
fn an_archived_redirect_is_followed_as_it_was_then() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let hop = |moment: &str, to: &str| {
        at(
            with(exchange("http://a.example/old", 301, ""), "location", to),
            moment,
        )
    };
    let end = |moment: &str, url: &str, body: &str| at(exchange(url, 200, body), moment);
    archive
        .keep(&[
            fetched(vec![
                hop("2026-05-01T08:00:00Z", "/one"),
                end("2026-05-01T08:00:01Z", "http://a.example/one", "first"),
            ]),
            fetched(vec![
                hop("2026-06-01T08:00:00Z", "http://b.example/two"),
                end("2026-06-01T08:00:01Z", "http://b.example/two", "second"),
            ]),
        ])
        .unwrap();
    let answer = |day: Option<&str>| {
        let at = day.map(|day| day.parse().unwrap());
        let capture = archive.answer("http://a.example/old", at).unwrap()?;
        Some(String::from_utf8(payload(&archive.load(&capture).unwrap())).unwrap())
    };
    assert_eq!(answer(Some("2026-04-30T00:00:00Z")), None);
    assert_eq!(answer(Some("2026-05-20T00:00:00Z")).unwrap(), "first");
    assert_eq!(answer(None).unwrap(), "second");
}

#[test]
fn a_redirect_in_another_character_set_leads_where_it_led() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let mut hop = exchange("http://a.example/old", 302, "");
    let location = ("location".to_owned(), b"/caf\xe9".to_vec());
    hop.response.fields.push(location);
    let end = exchange("http://a.example/caf%E9", 200, "here");
    archive.keep(&[fetched(vec![hop, end])]).unwrap();
    let answer = archive.answer("http://a.example/old", None).unwrap();
    assert_eq!(answer.unwrap().target_uri, "http://a.example/caf%E9");
}

#[test]
fn a_redirect_to_itself_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let hop = |from: &str, to: &str| fetched(vec![with(exchange(from, 302, ""), "location", to)]);
    archive
        .keep(&[
            hop("http://a.example/1", "/2"),
            hop("http://a.example/2", "/1"),
        ])
        .unwrap();
    let answer = archive.answer("http://a.example/1", None).unwrap().unwrap();
    assert_eq!(answer.status, 302);
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_off_and_nothing_before_it_is_lost() {
    let whole = tempfile::tempdir().unwrap();
    let mut archive = open(whole.path(), 1);
    let first = archive
        .keep(&[page("http://a.example/1", "first")])
        .unwrap();
    let file = only_file(whole.path());
    let acknowledged = std::fs::metadata(&file).unwrap().len();
    archive
        .keep(&[page("http://a.example/2", "second")])
        .unwrap();
    archive.close().unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let name = file.file_name().unwrap();
    let start = usize::try_from(acknowledged).unwrap();
    for end in start..bytes.len() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), &bytes[..end]).unwrap();
        if end % 2 == 0 {
            // A catalogue that knows more than the file holds, as after a power cut.
            for ending in ["", "-wal", "-shm"] {
                let part = format!("{}{ending}", crate::archive::catalogue::FILE);
                let _ = std::fs::copy(whole.path().join(&part), folder.path().join(&part));
            }
        }
        let mut archive = open(folder.path(), 2);
        let held = archive.captures("http://a.example/1").unwrap();
        assert_eq!(held, first[0], "torn at byte {end}");
        assert_eq!(payload(&archive.load(&held[0]).unwrap()), b"first");
        // The second capture is there when its record is, although its request may be lost.
        for capture in archive.captures("http://a.example/2").unwrap() {
            assert_eq!(payload(&archive.load(&capture).unwrap()), b"second");
        }
        archive
            .keep(&[page("http://a.example/3", "third")])
            .unwrap();
        archive.close().unwrap();
        verified(folder.path());
        // A few of these are enough for the foreign readers.
        if end % 16 == 0 {
            keep_warcs(folder.path());
        }
    }
}

#[test]
fn a_file_of_which_nothing_was_written_whole_goes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("ibid-x-00001.warc.gz"),
        [0x1f, 0x8b, 8, 0],
    )
    .unwrap();
    open(folder.path(), 1).close().unwrap();
    assert_eq!(segment::files(folder.path()).unwrap(), []);
}

#[test]
fn damage_in_the_middle_costs_one_record_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let pages: Vec<Fetched> = (0..4)
        .map(|n| page(&format!("http://a.example/{n}"), &format!("page {n}")))
        .collect();
    let kept = archive.keep(&pages).unwrap();
    archive.close().unwrap();
    let hurt = &kept[1][0];
    let file = only_file(folder.path());
    let mut bytes = std::fs::read(&file).unwrap();
    let place = usize::try_from(hurt.offset + hurt.length / 2).unwrap();
    bytes[place] ^= 0x10;
    writable(&file);
    std::fs::write(&file, &bytes).unwrap();
    let (_, findings) = findings(folder.path());
    assert!(
        !findings.is_empty() && findings.iter().all(|finding| finding.offset == hurt.offset),
        "{findings:?}"
    );
    assert!(Archive::read(folder.path()).unwrap().load(hurt).is_err());
    // Read anew, the three others are there.
    let summary = Archive::reindex(folder.path(), Clock::system()).unwrap();
    assert_eq!(summary.captures, 3);
    let archive = Archive::read(folder.path()).unwrap();
    for captures in [&kept[0], &kept[2], &kept[3]] {
        assert_eq!(
            archive.captures(&captures[0].target_uri).unwrap(),
            *captures
        );
    }
}

#[test]
fn reindex_brings_back_what_the_catalogue_knew() {
    let folder = tempfile::tempdir().unwrap();
    let report = br#"{"schema":1,"run":{"id":"r1","started":"2026-05-01T08:00:00Z",
        "finished":"2026-05-01T08:00:09Z"},"sources":[{"url":"http://a.example/1",
        "status":"unreachable","reason_code":"timeout"}]}"#;
    for session in 1..=3 {
        let mut archive = open(folder.path(), session);
        archive
            .store_document("draft.md", "text/markdown", &Body::from("# Draft"))
            .unwrap();
        let body = format!("page {}", session % 2);
        archive
            .keep(&[
                page("http://a.example/1", &body),
                fetched(vec![
                    with(exchange("http://a.example/old", 301, ""), "location", "/1"),
                    exchange("http://a.example/1", 200, &body),
                ]),
                fetched(vec![exchange("http://a.example/1", 304, "")]),
            ])
            .unwrap();
        let report = Body::from(report.as_slice());
        let outline = RunOutline {
            id: format!("r{session}"),
            finished: "2026-05-01T08:00:09Z".to_owned(),
            judge: None,
            documents: Vec::new(),
        };
        let outcome = SourceOutcome {
            source: "http://a.example/1".to_owned(),
            status: "unreachable".to_owned(),
            reason_code: "timeout".to_owned(),
        };
        let outcomes = std::iter::once(outcome);
        archive.store_run(&outline, outcomes, &report).unwrap();
        archive.close().unwrap();
    }
    let dump = || Catalogue::read(folder.path()).unwrap().dump();
    let before = dump();
    assert!(
        before.iter().any(|line| line.starts_with("outcomes:")),
        "{before:#?}"
    );
    let summary = Archive::reindex(folder.path(), Clock::system()).unwrap();
    assert_eq!(dump(), before);
    assert_eq!((summary.files, summary.captures, summary.runs), (3, 12, 3));
    clean(folder.path());
    // A catalogue that is no catalogue is made again without being asked.
    std::fs::write(
        folder.path().join(crate::archive::catalogue::FILE),
        b"not a database",
    )
    .unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(
            folder
                .path()
                .join(format!("{}{ending}", crate::archive::catalogue::FILE)),
        );
    }
    open(folder.path(), 4).close().unwrap();
    assert_eq!(dump(), before);
}

#[test]
fn what_a_new_catalogue_cannot_read_is_set_aside_and_never_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/1", "one")]).unwrap();
    archive.keep(&[page("http://a.example/2", "two")]).unwrap();
    let last = archive.captures("http://a.example/2").unwrap().remove(0);
    archive.close().unwrap();
    let file = folder.path().join(&last.warc);
    let mut damaged = std::fs::read(&file).unwrap();
    let start = usize::try_from(last.offset).unwrap();
    // From the second capture's record on, no record can be read.
    for byte in damaged[start..].iter_mut().step_by(7) {
        *byte ^= 0x55;
    }
    std::fs::write(&file, &damaged).unwrap();
    let foreign = folder.path().join("foreign.warc.gz");
    std::fs::write(&foreign, b"no record at all").unwrap();
    Archive::reindex(folder.path(), Clock::system()).unwrap();
    let aside = |path: &Path| std::fs::read(format!("{}.torn", path.display())).unwrap();
    assert_eq!(aside(&foreign), b"no record at all");
    let kept = std::fs::read(&file).unwrap();
    assert_eq!([kept, aside(&file)].concat(), damaged);
    let archive = Archive::read(folder.path()).unwrap();
    assert_eq!(archive.captures("http://a.example/1").unwrap().len(), 1);
    assert!(archive.captures("http://a.example/2").unwrap().is_empty());
}

#[test]
fn a_reader_is_not_blocked_and_sees_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/1", "one")]).unwrap();
    let reader = Archive::read(folder.path()).unwrap();
    assert_eq!(reader.captures("http://a.example/1").unwrap().len(), 1);
    archive.keep(&[page("http://a.example/2", "two")]).unwrap();
    let captures = reader.captures("http://a.example/2").unwrap();
    assert_eq!(payload(&reader.load(&captures[0]).unwrap()), b"two");
    clean(folder.path());
    let clock = Clock::system();
    let second = Archive::write(folder.path(), Settings::default(), clock.clone());
    assert!(
        matches!(second, Err(ArchiveError::Locked { .. })),
        "{second:?}"
    );
    let reindex = Archive::reindex(folder.path(), clock);
    assert!(
        matches!(reindex, Err(ArchiveError::Locked { .. })),
        "{reindex:?}"
    );
}

#[test]
fn a_reader_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), 1).close().unwrap();
    let mut reader = Archive::read(folder.path()).unwrap();
    let stored = reader.keep(&[page("http://a.example/", "x")]);
    assert!(matches!(stored, Err(ArchiveError::ReadOnly)), "{stored:?}");
    assert!(matches!(
        Archive::read(&folder.path().join("nowhere")),
        Err(ArchiveError::Missing { .. })
    ));
}

#[test]
fn a_full_file_is_closed_for_good_and_the_next_begins() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        max_warc_bytes: 2_000,
        ..Settings::default()
    };
    let mut archive = Archive::write(folder.path(), settings, Clock::system()).unwrap();
    for n in 0..6 {
        archive
            .keep(&[page(&format!("http://a.example/{n}"), &format!("page {n}"))])
            .unwrap();
    }
    archive.close().unwrap();
    let files = segment::files(folder.path()).unwrap();
    assert!(files.len() > 1, "{files:?}");
    for (name, _) in &files {
        let path = folder.path().join(name);
        assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
        let mut reader = Reader::new(File::open(&path).unwrap(), 0).unwrap();
        let first = reader.next().unwrap().unwrap().unwrap().record;
        assert_eq!(first.kind, crate::archive::warc::Kind::Warcinfo);
        assert_eq!(first.field("WARC-Filename"), Some(name.as_str()));
    }
    clean(folder.path());
}

#[test]
fn nothing_of_a_group_that_failed_is_in_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/1", "one")]).unwrap();
    let writer = archive.writer.as_mut().unwrap();
    let catalogue = &archive.catalogue;
    let failed: Result<()> = writer.group(catalogue, |writer| {
        let report = Body::from("{}");
        let record = records::run("r", &report, &writer.clock);
        let tail = Some(Tail::Body(&report));
        let (name, located) = writer.write(folder.path(), record, tail, Effort::Compress)?;
        let outline = RunOutline {
            id: "r".to_owned(),
            finished: DAY.to_owned(),
            judge: None,
            documents: Vec::new(),
        };
        let outcomes = std::iter::empty::<SourceOutcome>();
        catalogue.add_run(&name, located.offset, &outline, outcomes)?;
        Err(ArchiveError::ReadOnly)
    });
    assert!(failed.is_err());
    assert_eq!(archive.runs().unwrap(), []);
    archive.keep(&[page("http://a.example/2", "two")]).unwrap();
    let second = archive.captures("http://a.example/2").unwrap();
    assert_eq!(payload(&archive.load(&second[0]).unwrap()), b"two");
    archive.close().unwrap();
    clean(folder.path());
}

#[test]
fn no_value_from_outside_adds_a_field_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    let mut hostile = with(
        exchange("http://user:secret@a.example/", 200, "x"),
        "x-note\r\nx-made: up",
        "one\r\nWARC-Type: metadata\r\n\r\nbody",
    );
    hostile
        .request_fields
        .push(("Authorization".to_owned(), b"Basic c2VjcmV0".to_vec()));
    hostile.response.reason = "OK\r\nSet-Cookie: a=b".to_owned();
    let kept = archive.keep(&[fetched(vec![hostile])]).unwrap();
    archive
        .store_document("a\r\nb.md", "text/markdown\r\nX-Y: z", &Body::from("x"))
        .unwrap();
    let held = archive.load(&kept[0][0]).unwrap();
    assert_eq!(payload(&held), b"x");
    // Two that came, and the length of what was kept.
    assert_eq!(held.fields.len(), 3, "{:?}", held.fields);
    assert_eq!(kept[0][0].target_uri, "http://a.example/");
    archive.close().unwrap();
    clean(folder.path());
    let file = File::open(only_file(folder.path())).unwrap();
    let mut reader = Reader::new(file, 0).unwrap();
    while let Some(item) = reader.next().unwrap() {
        let record = item.unwrap().record;
        let block = String::from_utf8_lossy(&record.block).into_owned();
        assert!(
            !block.contains("c2VjcmV0") && !block.contains("secret@"),
            "{block}"
        );
        assert!(record.field("X-Y").is_none());
    }
}

#[test]
fn the_longest_addresses_and_validators_are_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("http://a.example/{}", "x".repeat(12_000));
    let tag = format!("\"{}\"", "t".repeat(2_000));
    let mut archive = open(folder.path(), 1);
    let twice = [page(&long, "one"), page(&long, "one")];
    let mut confirmed = with(exchange(&long, 304, ""), "etag", "\"another\"");
    let asked = ("If-None-Match".to_owned(), tag.into_bytes());
    confirmed.request_fields.push(asked);
    // The request of the second is told by the first; its validators stand in the record's header.
    let confirmed = [fetched(vec![confirmed.clone()]), fetched(vec![confirmed])];
    let mut kept = archive.keep(&twice).unwrap();
    kept.extend(archive.keep(&confirmed).unwrap());
    for capture in kept.iter().flatten() {
        assert_eq!(payload(&archive.load(capture).unwrap()), b"one");
        assert!(!archive.fields(capture).unwrap().is_empty());
    }
    archive.close().unwrap();
    clean(folder.path());
}

#[test]
fn a_catalogue_that_is_only_out_of_reach_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/1", "one")]).unwrap();
    archive.close().unwrap();
    let catalogue = folder.path().join(crate::archive::catalogue::FILE);
    let before = std::fs::read(&catalogue).unwrap();
    // SQLite cannot make its log, as on a full disk.
    let log = catalogue.with_extension("sqlite-wal");
    std::fs::create_dir(&log).unwrap();
    let refused = Archive::write(folder.path(), Settings::default(), Clock::system());
    let error = refused.unwrap_err();
    assert!(matches!(error, ArchiveError::Hindered { .. }), "{error}");
    assert_eq!(std::fs::read(&catalogue).unwrap(), before);
    std::fs::remove_dir(&log).unwrap();
    let archive = Archive::read(folder.path()).unwrap();
    assert_eq!(archive.captures("http://a.example/1").unwrap().len(), 1);
    // One that holds something else, or half of itself, is made again.
    drop(archive);
    for bytes in [
        b"no catalogue".to_vec(),
        before[..before.len() / 2].to_vec(),
    ] {
        std::fs::write(&catalogue, bytes).unwrap();
        open(folder.path(), 2).close().unwrap();
        clean(folder.path());
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_was_moved_and_linked_is_still_there() {
    let [folder, elsewhere] = [0, 1].map(|_| tempfile::tempdir().unwrap());
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/1", "one")]).unwrap();
    archive.close().unwrap();
    let file = only_file(folder.path());
    let moved = elsewhere.path().join(file.file_name().unwrap());
    std::fs::rename(&file, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &file).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("lost.warc.gz")).unwrap();
    let archive = open(folder.path(), 2);
    let held = archive.captures("http://a.example/1").unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(payload(&archive.load(&held[0]).unwrap()), b"one");
    archive.close().unwrap();
    clean(folder.path());
}
