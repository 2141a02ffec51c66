//! Promise: what a stranger's server sends without measure (a bomb, a body, a head, a chain
//! without end, a byte now and then) is bounded, has its reason, and harms no other source.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::check::{self, Silent, input::Input};
use ibid::clock::Clock;
use ibid::config::{Config, Overrides};
use ibid::evidence::EvidenceKind;
use ibid::fetch::status::status_of;
use ibid::fetch::{FailureKind, Fetcher, Policy, Request, Status, Truncation};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::desk::Desk;
use support::web::{Answer, Fault, Web};

/// 256 MiB of zeros in Brotli (RFC 7932), as its reference encoder makes them at its best.
const BROTLI_BOMB: &str = "cfffff7ff82700e2b14020f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c3\
2200ddfb7ffeffffc33f0110870500baf7fffcffff877f02200e0b0074effff9ffff0fff04401c1600e8defff3ffff1f\
fe0980382c00d0bdffe7ffff3ffc1300715800a07bffcfffff7ff82700e2b00040f7fe9ffffffff04f00c4610180eefd\
3fffffffe19f0088c30200ddfb7ffeffffc33f0110870500baf7fffcffff877f02200e0b0074effff9ffff0fff04401c\
1600e8defff3ffff1ffe0980382c00d0bdffe7ffff3ffc1300715800a07bff3f";

fn brotli_bomb() -> Vec<u8> {
    let hex = data_encoding::HEXLOWER;
    hex.decode(BROTLI_BOMB.as_bytes()).unwrap()
}

fn gzip_bomb() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..48 {
        gzip.write_all(&[0; 1 << 20]).unwrap();
    }
    gzip.finish().unwrap()
}

/// A frame (RFC 8878) of 512 blocks that say a byte 128 Ki times each: 64 MiB in 2 KiB.
fn zstd_bomb() -> Vec<u8> {
    const BLOCKS: u32 = 512;
    const BLOCK: u32 = 128 << 10;
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd];
    // No single segment, no content size; a window of 128 KiB (section 3.1.1.1.2).
    bytes.extend([0x00, 0x38]);
    for number in 1..=BLOCKS {
        // Size, kind 1 (run-length), and whether it is the last (section 3.1.1.2).
        let head = (BLOCK << 3) | (1 << 1) | u32::from(number == BLOCKS);
        bytes.extend(&head.to_le_bytes()[..3]);
        bytes.push(0);
    }
    bytes
}

const PROSE: &str = "<!doctype html><html><head><title>Harbour</title></head><body><main>\
<h1>The harbour</h1><p>The new harbour was opened in May 1987 after nine years of work.</p>\
<p>Its quay is 412 metres long, and ships of the line call there every Tuesday.</p></main></body></html>";

#[tokio::test(flavor = "multi_thread")]
async fn every_measureless_source_has_its_reason_and_the_others_are_unharmed() {
    let coded = |coding: &str, bytes: Vec<u8>| {
        Answer::of("text/html", bytes).field("Content-Encoding", coding)
    };
    let rows: Vec<(Answer, Status, &str)> = vec![
        (coded("gzip", gzip_bomb()), Status::Live, "live"),
        (coded("br", brotli_bomb()), Status::Live, "live"),
        (coded("zstd", zstd_bomb()), Status::Live, "live"),
        (Answer::fault(Fault::Endless), Status::Live, "live"),
        (
            Answer::fault(Fault::Forever(
                b"HTTP/1.1 200 OK\r\n",
                b"X-More: and more\r\n",
            )),
            Status::Unreachable,
            "bad-answer",
        ),
        (Answer::fault(Fault::StallInBody(500)), Status::Live, "live"),
        (
            Answer::fault(Fault::Drip {
                bytes: 1,
                every: Duration::from_millis(100),
            }),
            Status::Live,
            "live",
        ),
        (
            Answer::fault(Fault::StallBeforeHead),
            Status::Unreachable,
            "timeout",
        ),
    ];
    let bombs = 3;
    let host = |row: usize| format!("127.0.64.{}", row + 1);
    let mut builder = Web::builder()
        .page("127.0.64.100", "/", Answer::html(PROSE))
        .otherwise_handler("127.0.64.101", |seen| {
            let number: u32 = seen.path.trim_start_matches('/').parse().unwrap();
            Answer::redirect(302, &format!("/{}", number + 1))
        });
    for (row, (answer, _, _)) in rows.iter().enumerate() {
        builder = builder.page(&host(row), "/", answer.clone());
    }
    let web = builder.start().await.unwrap();
    let mut text = format!(
        "The harbour was [opened in May 1987]({}).\n\nIt goes [on and on]({}).\n",
        web.url("127.0.64.100", "/"),
        web.url("127.0.64.101", "/0"),
    );
    for row in 0..rows.len() {
        text.push_str(&format!(
            "\nClaim {row} has [a source]({}).\n",
            web.url(&host(row), "/")
        ));
    }
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.md");
    std::fs::write(&draft, text).unwrap();
    let overrides = Overrides {
        allow_hosts: vec!["127.0.64.*".to_owned()],
        ..Overrides::default()
    };
    let settings = folder.path().join("sources.toml");
    let mut config = Config::parse("[judge]\nprobe = false\n", &settings, &overrides).unwrap();
    config.policy.retries = 1;
    config.policy.first_byte_timeout = Duration::from_secs(1);
    config.policy.total_timeout = Duration::from_secs(4);
    config.policy.limits.max_body_bytes = 1 << 20;
    let begin = Instant::now();
    let report = check::run(
        &[Input::File(draft)],
        &config,
        &Clock::system(),
        Arc::new(Silent),
    )
    .await
    .unwrap();
    // Each ends within its own time; none keeps the run waiting for ever.
    assert!(
        begin.elapsed() < Duration::from_secs(60),
        "{:?}",
        begin.elapsed()
    );
    let source = |url: &str| {
        let sources = report.sources.as_ref().unwrap();
        sources.iter().find(|source| source.url == url).unwrap()
    };
    let told = |url: &str| (source(url).status, source(url).reason_code.clone());
    for (row, (_, status, code)) in rows.iter().enumerate() {
        let url = web.url(&host(row), "/");
        assert_eq!(told(&url), (*status, (*code).to_owned()), "row {row}");
        if row < bombs {
            let citation = report.citations.iter().find(|c| c.source == url).unwrap();
            let evidence = citation.evidence.as_ref().unwrap();
            assert_eq!(evidence.kind, EvidenceKind::Unreadable, "row {row}");
            let told = &source(&url).reason;
            assert!(told.contains("200 times"), "row {row}: {told}");
        }
    }
    let endless = web.url("127.0.64.101", "/0");
    assert_eq!(told(&endless).1, "redirect-loop");
    let good = web.url("127.0.64.100", "/");
    assert_eq!(told(&good), (Status::Live, "live".to_owned()));
    let good = report.citations.iter().find(|c| c.source == good).unwrap();
    assert_ne!(
        good.evidence.as_ref().unwrap().kind,
        EvidenceKind::Unreadable
    );
    web.finish();
}

fn policy() -> Policy {
    Policy {
        allow_hosts: vec!["127.0.65.*".to_owned()],
        pause: Duration::ZERO,
        retries: 0,
        first_byte_timeout: Duration::from_millis(400),
        total_timeout: Duration::from_secs(600),
        ..Policy::default()
    }
}

fn request(url: &str) -> Request {
    Request {
        url: url.parse().unwrap(),
        validators: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_hardly_comes_is_not_waited_for() {
    let drip = |bytes: usize| {
        Answer::fault(Fault::Drip {
            bytes,
            every: Duration::from_millis(100),
        })
    };
    let web = Web::builder()
        .page("127.0.65.1", "/", drip(1))
        .page("127.0.65.2", "/", drip(100))
        .start()
        .await
        .unwrap();
    // A least rate of 100 bytes a second, looked at every 0.4 seconds; ten minutes in all.
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let slow = fetcher.fetch(request(&web.url("127.0.65.1", "/"))).await;
    let answer = slow.answer().unwrap();
    assert_eq!(answer.response.truncated, Some(Truncation::Time));
    assert!((1..40).contains(&answer.response.body.len()));
    let steady = fetcher.fetch(request(&web.url("127.0.65.2", "/"))).await;
    assert_eq!(steady.answer().unwrap().response.truncated, None);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_took_its_time_is_not_asked_again() {
    let drip = |status: u16| {
        let drip = Fault::Drip {
            bytes: 100,
            every: Duration::from_millis(100),
        };
        Answer::text(&"0123456789".repeat(1000))
            .status(status)
            .with(drip)
    };
    let web = Web::builder()
        .page("127.0.65.6", "/", drip(503))
        .page("127.0.65.7", "/", drip(403))
        .start()
        .await
        .unwrap();
    let mut policy = policy();
    policy.retries = 2;
    policy.total_timeout = Duration::from_millis(800);
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    for host in ["127.0.65.6", "127.0.65.7"] {
        let fetched = fetcher.fetch(request(&web.url(host, "/"))).await;
        let answer = fetched.answer().unwrap();
        assert_eq!(answer.response.truncated, Some(Truncation::Time));
        assert_eq!(fetched.tries, 1, "{host}");
    }
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_and_a_run_send_no_more_than_they_may() {
    let text = "0123456789".repeat(100);
    let mut builder = Web::builder();
    for host in ["127.0.65.3", "127.0.65.4", "127.0.65.5"] {
        builder = builder.otherwise(host, Answer::text(&text));
    }
    let web = builder.start().await.unwrap();
    let mut policy = policy();
    policy.limits.max_host_bytes = 1500;
    policy.limits.max_run_bytes = 2700;
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let mut told = Vec::new();
    for (host, path) in [
        ("127.0.65.3", "/1"),
        ("127.0.65.3", "/2"),
        ("127.0.65.3", "/3"),
        ("127.0.65.4", "/1"),
        ("127.0.65.5", "/1"),
        ("127.0.65.5", "/2"),
    ] {
        let fetched = fetcher.fetch(request(&web.url(host, path))).await;
        let (status, reason) = status_of(&fetched, &[]);
        let kept = fetched
            .answer()
            .map(|answer| (answer.response.body.len(), answer.response.truncated));
        told.push((status, reason.code, kept));
        if let Some(failure) = fetched.failure {
            assert_eq!(failure.kind, FailureKind::OverBudget);
        }
    }
    let cut = Some(Truncation::Length);
    let over = (Status::Skipped, "over-budget", None);
    let expected = [
        (Status::Live, "live", Some((1000, None))),
        (Status::Live, "live", Some((500, cut))),
        over,
        (Status::Live, "live", Some((1000, None))),
        (Status::Live, "live", Some((200, cut))),
        over,
    ];
    assert_eq!(told, expected);
    assert_eq!(web.requests().len(), 4);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_that_comes_to_no_end_costs_its_source_alone() {
    // Many long claims on one page: to judge them takes many times as long as to read the page, or
    // any of the documents. What goes on past the deadline must not be waited for, nor missed.
    let words = |from: usize, many: usize| {
        let words = (from..from + many).map(|word| format!("harbour{}", word % 1999));
        words.collect::<Vec<_>>().join(" ")
    };
    let paragraphs = (0..120).map(|at| format!("<p>The town said: {}.</p>", words(at * 7, 40)));
    let long = format!("<main>{}</main>", paragraphs.collect::<String>());
    let web = Web::builder()
        .page("127.0.68.1", "/", Answer::html(&long))
        .page("127.0.68.2", "/", Answer::html(PROSE))
        .start()
        .await
        .unwrap();
    let (long, good) = (web.url("127.0.68.1", "/"), web.url("127.0.68.2", "/"));
    let mut desk = Desk::new("", "[judge]\nprobe = false\n", "127.0.68.*");
    let drafts: Vec<Input> = (0..300)
        .map(|number| {
            let words = words(number * 13, 150);
            let draft = desk.folder.path().join(format!("{number}.md"));
            let text = format!(
                "The town [said]({long}) that {words}.\n\nIt was [opened in May 1987]({good}).\n"
            );
            std::fs::write(&draft, text).unwrap();
            Input::File(draft)
        })
        .collect();
    desk.config.policy.limits.read_time = Duration::from_millis(200);
    let report = check::run(&drafts, &desk.config, &Clock::system(), Arc::new(Silent))
        .await
        .unwrap();
    // On a machine that judges them in time they are judged, and a slow one misses some documents; in
    // any case there is a report, with an entry for each.
    let of_long = report.citations.iter().filter(|one| one.source == long);
    let kinds = of_long.map(|one| one.evidence.as_ref().unwrap().kind);
    let kinds: Vec<EvidenceKind> = kinds.collect();
    assert!(!kinds.is_empty());
    let alike = |kind: &EvidenceKind| {
        (*kind == EvidenceKind::Unreadable) == (kinds[0] == EvidenceKind::Unreadable)
    };
    assert!(kinds.iter().all(alike), "{kinds:?}");
    assert_eq!(report.documents.len(), drafts.len());
    web.finish();
}
