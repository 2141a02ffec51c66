//! Where records lie, what damage costs, and what is read in vain.

use super::*;
use crate::archive::warc::{Effort, member};
use proptest::prelude::*;
use std::io::Cursor;

fn record(text: &str) -> Record {
    let mut record = Record::new(
        Kind::Resource,
        uuid::Uuid::from_u128(7),
        "2026-11-23T20:15:00.123456Z".parse().unwrap(),
        text.as_bytes().to_vec(),
    );
    record.set("Content-Type", "text/plain");
    record
}

fn all(bytes: &[u8]) -> Vec<Result<Located, Damage>> {
    let mut reader = Reader::new(Cursor::new(bytes), 0).unwrap();
    std::iter::from_fn(|| reader.next().unwrap()).collect()
}

#[test]
fn records_lie_where_the_reader_says() {
    let one = member(&record("one"), Effort::Compress).unwrap();
    let two = member(&record("two"), Effort::Store).unwrap();
    let found = all(&[one.clone(), two.clone()].concat());
    let places: Vec<_> = found
        .iter()
        .map(|item| item.as_ref().map(|l| (l.offset, l.length)).unwrap())
        .collect();
    let (first, second) = (one.len() as u64, two.len() as u64);
    assert_eq!(places, [(0, first), (first, second)]);
}

#[test]
fn damage_costs_the_record_that_it_is_in() {
    let one = member(&record("one"), Effort::Compress).unwrap();
    let mut two = member(&record("two, which will be damaged"), Effort::Store).unwrap();
    let middle = two.len() / 2;
    two[middle] ^= 0xff;
    let three = member(&record("three"), Effort::Compress).unwrap();
    let found = all(&[one.clone(), two.clone(), three].concat());
    assert_eq!(found.len(), 3);
    let damage = found[1].as_ref().unwrap_err();
    assert_eq!(damage.offset, one.len() as u64);
    assert_eq!(damage.resumes, Some((one.len() + two.len()) as u64));
    assert_eq!(found[2].as_ref().unwrap().record.block, b"three");
}

#[test]
fn a_torn_tail_has_nothing_after_it() {
    let one = member(&record("one"), Effort::Compress).unwrap();
    let two = member(&record("two"), Effort::Compress).unwrap();
    for length in 1..two.len() {
        let found = all(&[&one[..], &two[..length]].concat());
        assert_eq!(found.len(), 2, "{length}");
        let damage = found[1].as_ref().unwrap_err();
        assert_eq!((damage.offset, damage.resumes), (one.len() as u64, None));
    }
}

/// A record without its block and the first bytes of that, of everything in a file.
fn starts(bytes: &[u8]) -> Vec<Result<(Record, Vec<u8>), Damage>> {
    let mut reader = Reader::new(Cursor::new(bytes), 0).unwrap();
    let start = |_: &Record, block: &mut dyn BufRead| {
        let mut start = Vec::new();
        block.take(3).read_to_end(&mut start).map(|_| start)
    };
    let next = || reader.next_with(start).unwrap();
    std::iter::from_fn(next)
        .map(|item| item.map(|(located, start)| (located.record, start)))
        .collect()
}

#[test]
fn what_is_left_of_a_block_is_passed_over() {
    let file: Vec<u8> = ["one and more", "2", ""]
        .iter()
        .flat_map(|text| member(&record(text), Effort::Compress).unwrap())
        .collect();
    let found = starts(&file);
    let expected = [&b"one"[..], b"2", b""];
    for (item, start) in found.iter().zip(expected) {
        assert_eq!(item.as_ref().unwrap(), &(record(""), start.to_vec()));
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn damage_is_the_same_however_much_of_a_block_is_taken() {
    let text = "three, which will be damaged in every byte";
    let whole = member(&record(text), Effort::Store).unwrap();
    for place in 0..whole.len() {
        let mut hurt = whole.clone();
        hurt[place] ^= 0x55;
        hurt.extend(member(&record("next"), Effort::Compress).unwrap());
        let damages: Vec<_> = all(&hurt).into_iter().filter_map(Result::err).collect();
        let of_starts: Vec<_> = starts(&hurt).into_iter().filter_map(Result::err).collect();
        assert_eq!(damages, of_starts, "{place}");
    }
}

#[test]
fn an_error_of_who_takes_is_a_damage() {
    let one = member(&record("one"), Effort::Compress).unwrap();
    let mut reader = Reader::new(Cursor::new(&one), 0).unwrap();
    let refuse = |_: &Record, _: &mut dyn BufRead| Err::<(), _>(io::Error::other("no"));
    let damage = reader.next_with(refuse).unwrap().unwrap().unwrap_err();
    assert_eq!((damage.offset, damage.resumes), (0, None));
}

/// A broken record that holds a whole one, as a capture of a WARC file does, and one behind it.
fn one_in_another() -> (Vec<u8>, u64, u64) {
    let mut outer = record("");
    outer.block = member(&record("inner"), Effort::Compress).unwrap();
    let mut file = member(&outer, Effort::Store).unwrap();
    let inner = file.windows(3).rposition(|bytes| bytes == MAGIC).unwrap();
    let checksum = file.len() - 8;
    file[checksum] ^= 1;
    let behind = file.len();
    file.extend(member(&record("behind"), Effort::Compress).unwrap());
    (file, inner as u64, behind as u64)
}

#[test]
fn the_search_begins_inside_of_what_is_broken() {
    let (file, inner, _) = one_in_another();
    let damage = all(&file)[0].clone().unwrap_err();
    assert_eq!((damage.offset, damage.resumes), (0, Some(inner)));
}

#[test]
fn what_was_read_in_vain_too_often_is_not_read_again() {
    let (file, _, behind) = one_in_another();
    let mut reader = Reader::new(Cursor::new(&file), 0).unwrap();
    reader.in_vain = IN_VAIN;
    let damage = reader.next().unwrap().unwrap().unwrap_err();
    assert_eq!((damage.offset, damage.resumes), (0, Some(behind)));
    let next = reader.next().unwrap().unwrap().unwrap();
    assert_eq!(next.record.block, b"behind");
}

#[test]
fn what_only_looks_like_members_costs_what_is_between() {
    let one = member(&record("one"), Effort::Compress).unwrap();
    let two = member(&record("two"), Effort::Compress).unwrap();
    // Over more than one window, and so that a magic lies across its border.
    for junk in [MAGIC.repeat(50_001), vec![0x1f; 70_000], vec![0; 65_534]] {
        let file = [&one[..], &junk, &two].concat();
        let found = all(&file);
        let damage = found[1].as_ref().unwrap_err();
        let (begins, ends) = (one.len() as u64, (one.len() + junk.len()) as u64);
        assert_eq!((damage.offset, damage.resumes), (begins, Some(ends)));
        assert_eq!(found[2].as_ref().unwrap().record.block, b"two");
        assert_eq!(found.len(), 3);
    }
}

#[test]
fn a_record_says_how_long_it_is() {
    let check = |header: &str, rest: &str, expected: &str| {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        write!(gzip, "{header}\r\n\r\n{rest}").unwrap();
        let found = all(&gzip.finish().unwrap());
        let what = found[0].as_ref().map_err(|damage| &*damage.what);
        let what = what.map_or_else(|what| what, |_| "");
        assert_eq!(what, expected, "{header} {rest}");
    };
    let of = |length: &str| format!("WARC/1.0\r\nContent-Length: {length}");
    let unusable = "the record has no usable Content-Length";
    check(&of("2"), "ab\r\n\r\n", "");
    check(
        &of("2"),
        "abc\r\n\r\n",
        "the record does not end where its Content-Length says",
    );
    check(
        &of("2"),
        "ab\r\n\r\nx",
        "the record does not end where its Content-Length says",
    );
    check(
        &of("9"),
        "ab\r\n\r\n",
        "the block is shorter than its Content-Length",
    );
    check(
        &of("4294967296"),
        "ab",
        "the block is shorter than its Content-Length",
    );
    check(&of("4294967297"), "ab", unusable);
    check(&of("-1"), "ab", unusable);
    check("WARC/1.0\r\nX: y", "ab", unusable);
    check("WARC/2.0", "ab", "the member holds no WARC 1.x record");
    check(
        &format!("WARC/1.0\r\nX: {}", "y".repeat(600_000)),
        "",
        "the record ends too soon",
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read(block in proptest::collection::vec(any::<u8>(), 0..2000), value in "[ -~]{0,40}") {
        let mut written = record("");
        written.block = block;
        written.set("X-Value", value.trim());
        for effort in [Effort::Store, Effort::Compress] {
            let found = all(&member(&written, effort).unwrap());
            prop_assert_eq!(&found[0].as_ref().unwrap().record, &written);
            prop_assert_eq!(found.len(), 1);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = all(&bytes);
    }

    #[test]
    fn no_text_in_a_member_panics(text in "(WARC/1\\.1\r\n)?([A-Za-z-]{0,9}:? ?[ -~]{0,9}\r\n){0,4}\\PC{0,20}") {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        let _ = all(&gzip.finish().unwrap());
    }
}
