//! What others wrote: large records, records that say little, and what is no record at all.

use super::*;
use crate::archive::warc::{Effort, member};

const HEAD: &[u8] = b"HTTP/1.0 200 OK\r\nContent-Type: Text/Plain; charset=x\r\n\r\n";

/// A member that holds a record of these fields; it tells no digest.
fn foreign(kind: &str, uri: &str, block: &[u8]) -> Vec<u8> {
    let mut whole = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\n\
         WARC-Date: 2019-01-01T00:00:00Z\r\nWARC-Target-URI: {uri}\r\nContent-Length: {}\r\n\r\n",
        Digest::of(uri.as_bytes()).to_hex(),
        block.len(),
    )
    .into_bytes();
    whole.extend_from_slice(block);
    whole.extend_from_slice(b"\r\n\r\n");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &whole).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_foreign_archive_is_read_whatever_it_holds() {
    let large = vec![b'0'; 3 << 20];
    let large_block = [HEAD, &large].concat();
    let small_block = [HEAD, b"small"].concat();
    let no_report = format!(r#"{{"sources": [{}1"#, "[".repeat(100_000));
    let parts = [
        foreign("response", "http://a.example/large", &large_block),
        b"\x1f\x8b\x08".repeat(40_000),
        foreign("metadata", "urn:x-ibid:run:no", no_report.as_bytes()),
        foreign("metadata", "urn:x-ibid:run:yes", b"{}"),
        foreign("resource", "http://a.example/other", b"other"),
        foreign("response", "http://a.example/small", &small_block),
    ];
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("foreign.warc.gz"), parts.concat()).unwrap();
    let summary = Archive::reindex(folder.path(), Clock::system()).unwrap();
    assert_eq!((summary.records, summary.captures, summary.runs), (5, 2, 1));
    let (_, findings) = findings(folder.path());
    let told: Vec<_> = findings
        .iter()
        .map(|finding| (finding.check, finding.offset))
        .collect();
    assert_eq!(told, [("record", parts[0].len() as u64)]);

    let archive = Archive::read(folder.path()).unwrap();
    for (url, payload, in_memory) in [
        ("http://a.example/large", &large[..], false),
        ("http://a.example/small", b"small", true),
    ] {
        let capture = archive.answer(url, None).unwrap().unwrap();
        assert_eq!(capture.digest, Digest::of(payload), "{url}");
        assert_eq!(capture.payload_length, payload.len() as u64, "{url}");
        assert_eq!(capture.media_type, "text/plain");
        let held = archive.load(&capture).unwrap();
        assert_eq!(held.payload.in_memory().is_some(), in_memory, "{url}");
        assert_eq!(held.payload.bytes().unwrap(), payload, "{url}");
    }
}

#[test]
fn a_capture_whose_record_is_cut_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("foreign.warc.gz");
    let block = [
        HEAD,
        &(0..60_000_u32)
            .flat_map(u32::to_le_bytes)
            .collect::<Vec<_>>(),
    ]
    .concat();
    let mut whole = foreign("response", "http://a.example/", &block);
    std::fs::write(&file, &whole).unwrap();
    Archive::reindex(folder.path(), Clock::system()).unwrap();
    let archive = Archive::read(folder.path()).unwrap();
    let capture = archive.answer("http://a.example/", None).unwrap().unwrap();
    let told = |archive: &Archive| archive.load(&capture).unwrap_err().to_string();
    whole.truncate(whole.len() - 1);
    std::fs::write(&file, &whole).unwrap();
    let expected = "foreign.warc.gz, byte 0: the record ends too soon";
    assert_eq!(told(&archive), expected);
    std::fs::write(&file, b"").unwrap();
    let expected = "foreign.warc.gz, byte 0: the file ends before it";
    assert_eq!(told(&archive), expected);
    // Another record stands there now.
    let report = Record::new(
        crate::archive::warc::Kind::Metadata,
        uuid::Uuid::nil(),
        DAY.parse().unwrap(),
        b"{}".to_vec(),
    );
    std::fs::write(&file, member(&report, Effort::Compress).unwrap()).unwrap();
    let expected = "foreign.warc.gz, byte 0: it holds no response";
    assert_eq!(told(&archive), expected);
}
