//! What holds for every source, however hostile: its tree, its text, what it shows for a claim, what
//! changed in it, its coding, and the archive's files.
//!
//! **In:** a target's bytes. **Out:** nothing, or a panic that says which law was broken.
//! **Not here:** the laws of citing documents (`laws`).
//!
//! Where a target takes several texts, a line `=== name` stands before each (`packages::parts`).

use super::super::packages::parts;
use super::{holds, html_outline};
use ibid::archive::warc::{self, Effort, Kind, Reader, Sums};
use ibid::archive::{Archive, Digest, fixity};
use ibid::clock::Clock;
use ibid::document::ByteSpan;
use ibid::document::html::cap_depth;
use ibid::evidence::drift::{self, BlockChange, Earlier, Fate, Page, Piece, PieceKind};
use ibid::evidence::{self, ClaimText, Content, Difference, Evidence, SourceText, main_text};
use ibid::fetch::coding;
use ibid::limits::Limits;
use std::borrow::Cow;
use std::io::{BufRead, Cursor, Read, Write};
use url::Url;

/// The part of that name as text; empty where there is none.
fn text_of<'a>(parts: &[(String, &'a [u8])], name: &str) -> Cow<'a, str> {
    let part = parts.iter().find(|(other, _)| other == name);
    part.map_or(Cow::Borrowed(""), |(_, bytes)| {
        // The line break before the next part's name is not the part's own.
        String::from_utf8_lossy(bytes.strip_suffix(b"\n").unwrap_or(bytes))
    })
}

fn share(value: f64, what: &str) {
    assert!((0.0..=1.0).contains(&value), "{what} of {value}");
}

/// The lean tree is the one that html5ever alone builds.
pub fn tree(data: &[u8]) {
    let html = String::from_utf8_lossy(data);
    let html = cap_depth(&html, Limits::default().max_html_depth);
    let ours = evidence::outline(&html);
    // What many tags nest, or make again and again, is bounded in ours alone.
    if html.matches('<').count() <= 400 {
        assert_eq!(ours, html_outline::outline(&html));
    }
}

fn read(data: &[u8], media_type: &str) -> SourceText {
    let url = Url::parse("https://base.example/folder/page").unwrap();
    let source = main_text::read(data, Some(media_type), &url, &Limits::default());
    source_holds(&source);
    source
}

fn source_holds(source: &SourceText) {
    let mut end = 0;
    for span in &source.main {
        holds(*span, &source.text, "a part of the main text");
        assert!(end <= span.start, "parts of the main text overlap");
        end = span.end;
    }
    let _ = source.main_text();
}

/// A payload of any media type, which stands on the first line.
pub fn source(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (media_type, body) = data.split_at(end.map_or(0, |end| end + 1));
    read(body, String::from_utf8_lossy(media_type).trim());
}

fn evidence_holds(evidence: &Evidence, text: &str) {
    share(evidence.score, "a score");
    for passage in &evidence.passages {
        let span = ByteSpan::new(passage.start, passage.end);
        holds(span, text, "a passage");
        share(passage.score, "a passage's score");
        for &(start, end) in &passage.marks {
            holds(ByteSpan::new(start, end), &passage.text, "a mark");
        }
    }
    for quotation in &evidence.quotations {
        assert!(
            !(quotation.found && quotation.altered),
            "{quotation:?} is found and altered"
        );
        if let Some(index) = quotation.passage {
            assert!(index < evidence.passages.len(), "no passage {index}");
        }
        let differs = !quotation.difference.is_empty();
        assert!(differs || !quotation.altered, "no difference to show");
        let mine: String = quotation.difference.iter().filter_map(of_text).collect();
        assert!(!differs || mine == quotation.text, "{quotation:?}");
    }
}

fn of_text(piece: &Difference) -> Option<&str> {
    match piece {
        Difference::Kept(text) | Difference::OnlyInText(text) => Some(text),
        Difference::OnlyInSource(_) => None,
    }
}

fn judged(claim: &str, language: Option<&str>, source: &SourceText) -> Evidence {
    let claim = ClaimText {
        text: claim,
        anchor: claim.split_whitespace().next(),
        language,
    };
    let evidence = evidence::judge(claim, source);
    evidence_holds(&evidence, &source.text);
    for passage in &evidence.passages {
        assert_eq!(
            source.text.get(passage.start..passage.end),
            Some(passage.text.as_str()),
            "a passage has other words than its place"
        );
    }
    evidence
}

/// A claim, its language and a page: what the page shows for it, alone and with another.
pub fn judge(data: &[u8]) {
    let parts = parts(data, "claim");
    let claim = text_of(&parts, "claim");
    let language = text_of(&parts, "language");
    let language = (!language.is_empty()).then_some(&*language);
    let source = read(text_of(&parts, "page").as_bytes(), "text/html");
    let _ = judged(&claim, language, &source);
    let plain = plain(&text_of(&parts, "page"));
    let _ = judged(&claim, language, &plain);
    let claim = ClaimText {
        text: &claim,
        anchor: None,
        language,
    };
    let together = evidence::judge_together(claim, &[&source, &plain]);
    share(together.score, "a score of two sources");
    let lines: Vec<&str> = plain.text.lines().collect();
    let mut ranks = evidence::passage::rank(claim, &lines);
    ranks.sort_unstable();
    assert!(
        ranks.is_sorted_by(|a, b| a < b) && ranks.iter().all(|at| *at < lines.len()),
        "{ranks:?} of {} sentences",
        lines.len()
    );
}

fn plain(text: &str) -> SourceText {
    SourceText {
        text: text.to_owned(),
        ..SourceText::default()
    }
}

/// A quotation and a text: whether it stands there, and that it stands in itself.
pub fn quotation(data: &[u8]) {
    let parts = parts(data, "quotation");
    let quotation = text_of(&parts, "quotation");
    let text = text_of(&parts, "text");
    let claim = format!("She said “{quotation}” to us.");
    let _ = judged(&claim, Some("en"), &plain(&text));
    let around = plain(&format!("{text}.\n{quotation}.\n{text}"));
    for said in judged(&claim, Some("en"), &around).quotations {
        assert!(
            said.found || said.text != quotation || !is_plain(&quotation),
            "{quotation:?} is not found where it stands"
        );
    }
}

/// Three words or more, of which nothing is folded away and nothing stands for something else.
fn is_plain(text: &str) -> bool {
    let letters = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
    text.split(' ').all(letters) && text.split(' ').count() >= 3
}

/// Two captures of a page, and a claim that rests on the first.
pub fn drift(data: &[u8]) {
    let parts = parts(data, "earlier");
    let (earlier, present) = (text_of(&parts, "earlier"), text_of(&parts, "present"));
    let claim = text_of(&parts, "claim");
    let plains = (plain(&earlier), plain(&present));
    let pages = (
        read(earlier.as_bytes(), "text/html"),
        read(present.as_bytes(), "text/html"),
    );
    for (earlier, present) in [&plains, &pages] {
        changed(earlier, present);
        let again = drift::compare(earlier, earlier);
        assert!(
            again.content == Content::Cosmetic || earlier.unreadable.is_some(),
            "a page differs from itself"
        );
        let then = judged(&claim, Some("en"), earlier);
        let now = judged(&claim, Some("en"), present);
        let moment = jiff::Timestamp::UNIX_EPOCH;
        let page = Page::new(present);
        let kept = Earlier::new(then, &page, moment, moment).kept_by(now);
        evidence_holds(&kept, &present.text);
        for line in earlier.text.lines().chain([&*claim]).take(40) {
            fate_holds(&page.fate(line), line, &present.text);
        }
    }
}

fn changed(earlier: &SourceText, present: &SourceText) {
    let drift = drift::compare(earlier, present);
    share(drift.changed, "a change");
    share(drift.lost, "a loss");
    let count = |change| {
        let shown = drift.blocks.shown.iter();
        shown.filter(|block| block.change == change).count()
    };
    assert!(count(BlockChange::Added) <= drift.blocks.added);
    assert!(count(BlockChange::Removed) <= drift.blocks.removed);
    assert!(count(BlockChange::Reworded) <= drift.blocks.reworded);
    for block in &drift.blocks.shown {
        let (before, after) = (block.before.is_some(), block.after.is_some());
        let expected = match block.change {
            BlockChange::Added => (false, true),
            BlockChange::Removed => (true, false),
            BlockChange::Reworded => (true, true),
        };
        assert_eq!((before, after), expected, "{block:?}");
    }
}

fn fate_holds(fate: &Fate, passage: &str, text: &str) {
    match fate {
        Fate::Present(span) => holds(*span, text, "a passage that stands"),
        Fate::Edited(edit) => {
            holds(edit.span, text, "a passage that was edited");
            share(edit.likeness, "a likeness");
            for Piece { kind, text: piece } in &edit.difference {
                let whole = if *kind == PieceKind::Added {
                    text
                } else {
                    passage
                };
                assert!(whole.contains(piece.as_str()), "{piece:?} is of neither");
            }
        }
        Fate::Absent => {}
    }
}

/// A WARC file: as it is where it begins as gzip does, else parts that are each made a member.
fn warc_file(data: &[u8]) -> Vec<u8> {
    if data.starts_with(&[0x1f, 0x8b]) {
        return data.to_vec();
    }
    let mut file = Vec::new();
    for (name, text) in parts(data, "") {
        if name == "raw" {
            file.extend_from_slice(text);
            continue;
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).unwrap();
        file.extend(gzip.finish().unwrap());
    }
    file
}

/// A foreign or damaged WARC file: its records lie in it in order, and can be written again.
pub fn warc(data: &[u8]) {
    let file = warc_file(data);
    let mut reader = Reader::new(Cursor::new(&file), 0).unwrap();
    let mut at = 0;
    while let Some(item) = reader.next().unwrap() {
        match item {
            Ok(located) => {
                assert_eq!(located.offset, at, "a record lies elsewhere");
                assert!(located.length > 0, "a record of nothing");
                at += located.length;
                record_holds(&file, &located);
            }
            Err(damage) => {
                assert_eq!(damage.offset, at, "a damage lies elsewhere");
                let next = damage.resumes.unwrap_or(file.len() as u64);
                assert!(next > at || damage.resumes.is_none(), "no way forward");
                at = next;
            }
        }
        assert!(at <= file.len() as u64, "{at} is past the end");
    }
}

fn record_holds(file: &[u8], located: &warc::Located) {
    let record = &located.record;
    let member = || file.get(located.offset as usize..).unwrap();
    let start = warc::read_start(member()).unwrap();
    assert!(record.block.starts_with(&start.block), "another start");
    assert_eq!((start.kind, &start.fields), (record.kind, &record.fields));
    let mut block = Vec::new();
    let (opened, mut stream) = warc::open(member()).unwrap();
    assert_eq!(opened.fields, record.fields, "other fields");
    let read = stream.read_to_end(&mut block);
    assert!(read.is_ok() && block == record.block, "another block");
    let _ = record.id();
    streams_by(member(), located);
    if let Some(head) = warc::http::read_head(&record.block) {
        let _ = head.field("content-type");
    }
    // What a field's value may not hold, and a foreign kind's own name, are not written again.
    let mut again = record.clone();
    again.fields.clear();
    for (name, value) in &record.fields {
        if !name.is_empty() && value.bytes().all(|byte| byte >= b' ') {
            again.set(name, value);
        }
    }
    let written = warc::member(&again, Effort::Compress).unwrap();
    let read = Reader::new(Cursor::new(&written), 0)
        .unwrap()
        .next()
        .unwrap();
    let read = read.unwrap().unwrap().record;
    assert_eq!(read.block, again.block, "a block written and read");
    assert_eq!(read.kind, again.kind, "a kind written and read");
}

/// A block that streams by is known as well as one that is in memory.
fn streams_by(member: &[u8], located: &warc::Located) {
    let mut reader = Reader::new(Cursor::new(member), 0).unwrap();
    let wanted = warc::Wanted {
        block: true,
        payload: true,
    };
    let read = reader.next_with(|record, block| Sums::of(record.kind, block, wanted));
    let (streamed, sums) = read.unwrap().unwrap().unwrap();
    let record = &located.record;
    assert_eq!(streamed.record.fields, record.fields, "other fields");
    assert_eq!(streamed.length, located.length, "another length");
    assert!(record.block.starts_with(&sums.head), "another head");
    assert_eq!(sums.block, Some(Digest::of(&record.block)));
    assert_eq!(sums.payload, Some(Digest::of(record.payload())));
    assert_eq!(sums.payload_length, record.payload().len() as u64);
}

/// An archive's folder with such a file in it: mended, verified, and read back.
pub fn archive(data: &[u8]) {
    let file = warc_file(data);
    if file.is_empty() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("foreign.warc.gz"), &file).unwrap();
    let now = "2026-11-27T12:00:00Z".parse().unwrap();
    let Ok(summary) = Archive::reindex(folder.path(), Clock::fixed(now)) else {
        return;
    };
    let archive = Archive::read(folder.path()).unwrap();
    let found = fixity::verify(folder.path(), |finding| {
        assert!(
            finding.check != "tail",
            "a mended archive has a torn tail: {finding:?}"
        );
    });
    // A file that held nothing is taken away.
    if let Ok(found) = found {
        assert_eq!(found.records, summary.records, "records read and entered");
    }
    let _ = archive.runs().unwrap();
    let mut addresses: Vec<String> = Vec::new();
    let mut reader = Reader::new(Cursor::new(&file), 0).unwrap();
    while let Some(item) = reader.next().unwrap() {
        let uri = item.ok().and_then(|located| {
            matches!(located.record.kind, Kind::Response | Kind::Revisit)
                .then(|| located.record.field("WARC-Target-URI").map(str::to_owned))?
        });
        addresses.extend(uri);
    }
    for address in addresses.iter().map(|address| warc::bare(address)).take(8) {
        let _ = archive.answer(address, None).unwrap();
        for capture in archive.captures(address).unwrap() {
            let _ = archive.fields(&capture);
            if let Ok(held) = archive.load(&capture) {
                assert_eq!(held.capture, capture);
            }
        }
    }
}

/// A payload with its content codings, which stand on the first line.
pub fn coding(data: &[u8]) {
    const MOST: u64 = 1 << 20;
    let mut body = data;
    let mut codings = String::new();
    let _ = body.read_line(&mut codings);
    let whole = coding::decode(Some(&codings), body, MOST);
    let partial = coding::decode_partial(Some(&codings), body, MOST);
    for decoded in [&whole, &partial].into_iter().flatten() {
        // What has no coding is handed on as it came.
        let most = (MOST as usize).max(body.len());
        assert!(decoded.len() <= most, "{} bytes", decoded.len());
    }
    if let Ok(whole) = whole {
        assert_eq!(partial.as_ref(), Ok(&whole), "a whole body is no part");
    }
}
