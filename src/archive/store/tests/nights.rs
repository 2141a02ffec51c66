//! What many nights add to an archive, and that it stays as it was to those who read it.

use super::*;
use crate::archive::warc::Kind;

/// A conditional request that was answered by 304.
fn unchanged(url: &str, asked: &str, answered: &str) -> Fetched {
    let mut exchange = with(exchange(url, 304, ""), "etag", answered);
    let field = ("if-none-match".to_owned(), asked.as_bytes().to_vec());
    exchange.request_fields.push(field);
    fetched(vec![exchange])
}

fn records(path: &Path) -> Vec<Record> {
    let mut reader = Reader::new(File::open(path).unwrap(), 0).unwrap();
    std::iter::from_fn(|| reader.next().unwrap())
        .map(|item| item.unwrap().record)
        .collect()
}

#[test]
fn a_request_that_was_answered_by_304_is_told_once_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let urls = [
        "http://a.example/1",
        "http://a.example/2",
        "http://a.example/3",
        "http://a.example/4",
    ];
    let mut archive = open(folder.path(), 1);
    let pages = urls.map(|url| page(url, url));
    archive.keep(&pages).unwrap();
    archive.close().unwrap();
    let first = only_file(folder.path());
    let mut archive = open(folder.path(), 2);
    let mut with_a_secret = unchanged(urls[3], "\"4\"", "\"4\"");
    let secret = ("authorization".to_owned(), b"Basic c2VjcmV0".to_vec());
    with_a_secret.exchanges[0].request_fields.push(secret);
    archive
        .keep(&[
            unchanged(urls[0], "\"1\"", "\"1\""),
            unchanged(urls[1], "\"2\"", "\"2\""),
            unchanged(urls[2], "W/\"3\"", "\"3\""),
            with_a_secret,
        ])
        .unwrap();
    archive.close().unwrap();
    let files = segment::files(folder.path()).unwrap();
    let names = files.iter().map(|(name, _)| folder.path().join(name));
    let second = names.into_iter().find(|path| *path != first).unwrap();
    let told: Vec<_> = records(&second)
        .iter()
        .map(|record| {
            let uri = record.field("WARC-Target-URI").unwrap_or_default();
            let otherwise = record.field("X-Request-If-None-Match");
            (record.kind, uri.to_owned(), otherwise.map(str::to_owned))
        })
        .collect();
    let own = |kind, url: &str, otherwise: Option<&str>| {
        (kind, url.to_owned(), otherwise.map(str::to_owned))
    };
    assert_eq!(
        told,
        [
            own(Kind::Warcinfo, "", None),
            own(Kind::Revisit, urls[0], None),
            own(Kind::Request, urls[0], None),
            own(Kind::Revisit, urls[1], None),
            own(Kind::Revisit, urls[2], Some("W/\"3\"")),
            own(Kind::Revisit, urls[3], None),
            own(Kind::Request, urls[3], None),
        ]
    );
    let info = String::from_utf8(records(&second)[0].block.clone()).unwrap();
    assert!(info.contains("X-Request-If-None-Match"), "{info}");
    clean(folder.path());
}

#[test]
fn after_many_nights_a_revisit_still_finds_its_payload() {
    let folder = tempfile::tempdir().unwrap();
    let url = "http://a.example/1";
    let mut archive = open(folder.path(), 1);
    let kept = archive.keep(&[page(url, "text")]).unwrap();
    for night in 1..=70 {
        let mut again = unchanged(url, "\"1\"", "\"1\"");
        again.exchanges[0].started += jiff::SignedDuration::from_hours(24 * night);
        let again = archive.keep(&[again]).unwrap();
        assert_eq!(again[0][0].kind, CaptureKind::Revisit, "{night}");
        let confirmed = archive.confirmed(&again[0][0]).unwrap();
        assert_eq!(confirmed.as_ref(), Some(&kept[0][0]), "{night}");
    }
    let captures = archive.captures(url).unwrap();
    assert_eq!(captures.len(), 71);
    let mut latest = archive.latest(url, 5).unwrap();
    latest.reverse();
    assert_eq!(latest, captures[66..]);
    assert_eq!(payload(&archive.load(&captures[70]).unwrap()), b"text");
    let then = archive.answer(url, Some(captures[9].timestamp)).unwrap();
    assert_eq!(then.as_ref(), captures.get(9));
    archive.close().unwrap();
    clean(folder.path());
}

#[test]
fn revisits_keep_what_they_know_when_the_file_of_their_payload_goes() {
    let folder = tempfile::tempdir().unwrap();
    let url = "http://a.example/1";
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page(url, "text")]).unwrap();
    archive.close().unwrap();
    let first = only_file(folder.path());
    let mut archive = open(folder.path(), 2);
    let again = archive.keep(&[unchanged(url, "\"1\"", "\"1\"")]).unwrap();
    archive.close().unwrap();
    let away = folder.path().join("away");
    std::fs::rename(&first, &away).unwrap();
    let archive = open(folder.path(), 3);
    assert_eq!(archive.captures(url).unwrap(), again[0]);
    assert!(archive.load(&again[0][0]).is_err());
    archive.close().unwrap();
    std::fs::rename(&away, &first).unwrap();
    let archive = open(folder.path(), 4);
    assert_eq!(payload(&archive.load(&again[0][0]).unwrap()), b"text");
    archive.close().unwrap();
    verified(folder.path());
}

#[test]
fn a_catalogue_of_an_older_layout_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = open(folder.path(), 1);
    archive.keep(&[page("http://a.example/1", "text")]).unwrap();
    archive.close().unwrap();
    let dump = || Catalogue::read(folder.path()).unwrap().dump();
    let before = dump();
    for ending in ["", "-wal", "-shm"] {
        let name = format!("{}{ending}", crate::archive::catalogue::FILE);
        let _ = std::fs::remove_file(folder.path().join(name));
    }
    let old =
        rusqlite::Connection::open(folder.path().join(crate::archive::catalogue::FILE)).unwrap();
    old.execute_batch("CREATE TABLE captures (warc TEXT); PRAGMA user_version = 1;")
        .unwrap();
    drop(old);
    let told = Archive::read(folder.path()).unwrap_err().to_string();
    assert!(told.contains("`ibid reindex` rebuilds it"), "{told}");
    open(folder.path(), 2).close().unwrap();
    assert_eq!(dump(), before);
}
