//! Promise: a thousand sources on a hundred hosts, some of them faulty, each get the
//! right status; every digest is right; a second check of an unchanged web writes
//! revisit records only.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::archive::{Archive, CaptureKind, fixity};
use ibid::check::{self, Silent, input::Input};
use ibid::clock::Clock;
use ibid::config::{Config, Overrides};
use ibid::evidence::Content;
use ibid::fetch::Status;
use ibid::report::Report;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use support::web::{Answer, Fault, Web};

const HOSTS: usize = 100;
const PAGES: usize = 10;

fn host(index: usize) -> String {
    format!("127.0.{}.{}", 20 + index / 50, 1 + index % 50)
}

/// Every twentieth address is faulty, one kind after another; what it is, and what becomes of it.
fn fault(number: usize) -> Option<(Answer, Status)> {
    if number % 20 != 7 {
        return None;
    }
    Some(match number / 20 % 10 {
        0 => (Answer::html("<h1>Gone</h1>").status(404), Status::Dead),
        1 => (Answer::html("<h1>Gone</h1>").status(410), Status::Dead),
        2 => (Answer::html("<h1>No</h1>").status(403), Status::Blocked),
        3 => (
            Answer::html("<h1>Oops</h1>").status(500),
            Status::Unreachable,
        ),
        4 => (Answer::fault(Fault::CloseBeforeAnswer), Status::Unreachable),
        5 => (Answer::fault(Fault::Reset), Status::Unreachable),
        6 => (Answer::fault(Fault::StallBeforeHead), Status::Unreachable),
        7 => (Answer::fault(Fault::Junk), Status::Unreachable),
        8 => (
            Answer::redirect(302, &format!("/loop/{number}")),
            Status::Unreachable,
        ),
        _ => (Answer::redirect(301, "/moved"), Status::Moved),
    })
}

fn page(host: usize, page: usize) -> String {
    format!(
        "<!doctype html><title>Log {host}.{page}</title><main><h1>Log of station {host}</h1>\
         <p>On day {page} of the month the gauge of station {host} stood at {} centimetres. \
         The keeper noted the wind, the pressure of the air and the ships that lay at the quay.</p></main>",
        host * 31 + page * 7
    )
}

async fn web() -> (Web, BTreeMap<(String, String), Status>) {
    let mut builder = Web::builder();
    let mut expected = BTreeMap::new();
    for index in 0..HOSTS {
        let name = host(index);
        builder = builder.page(&name, "/moved", Answer::html(&page(index, 99)));
        for number in 0..PAGES {
            let path = format!("/log/{number}");
            let (answer, status) = fault(index * PAGES + number)
                .unwrap_or_else(|| (Answer::html(&page(index, number)), Status::Live));
            if let Some(to) = answer.location().filter(|to| to.starts_with("/loop")) {
                let back = Answer::redirect(302, &path);
                builder = builder.page(&name, to, back);
            }
            builder = builder.page(&name, &path, answer);
            expected.insert((name.clone(), path), status);
        }
    }
    (builder.start().await.unwrap(), expected)
}

fn config(folder: &Path) -> Config {
    let overrides = Overrides {
        archive: Some(folder.join("archive")),
        allow_hosts: vec!["127.*".to_owned()],
        ..Overrides::default()
    };
    let mut config = Config::parse("", &folder.join("sources.toml"), &overrides).unwrap();
    config.policy.pause = Duration::ZERO;
    config.policy.per_host = 4;
    config.policy.retries = 1;
    config.policy.retry_pause = Duration::from_millis(20);
    config.policy.connect_timeout = Duration::from_secs(1);
    config.policy.first_byte_timeout = Duration::from_secs(2);
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_sources_on_a_hundred_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let (web, expected) = web().await;
    let mut text = String::from("# The stations\n\n");
    for (host, path) in expected.keys() {
        let url = web.url(host, path);
        writeln!(text, "The keeper of {host} [wrote it down]({url}).\n").unwrap();
    }
    let document = folder.path().join("stations.md");
    std::fs::write(&document, text).unwrap();

    let config = config(folder.path());
    let inputs = [Input::File(document)];
    let clock = Clock::system();
    let first = check::run(&inputs, &config, &clock, Arc::new(Silent))
        .await
        .unwrap();
    assert_statuses(&first, &web, &expected);
    let wrong = |finding| panic!("{finding:?}");
    let fixity = fixity::verify(&config.archive, wrong).unwrap();
    assert!(fixity.digests > 2 * 1000);

    let second = check::run(&inputs, &config, &clock, Arc::new(Silent))
        .await
        .unwrap();
    assert_statuses(&second, &web, &expected);
    fixity::verify(&config.archive, wrong).unwrap();
    let archive = Archive::read(&config.archive).unwrap();
    for (host, path) in expected.keys() {
        let url = web.url(host, path);
        let captures = archive.captures(&url).unwrap();
        for again in captures.iter().skip(captures.len().div_ceil(2)) {
            assert_eq!(again.kind, CaptureKind::Revisit, "{url} {again:?}");
        }
    }
    for source in second.sources.as_ref().unwrap().iter() {
        if source.status == Status::Live || source.status == Status::Moved {
            assert_eq!(source.content, Some(Content::Identical), "{}", source.url);
        }
    }
    support::keep_warcs("many", &config.archive);
    web.finish();
}

fn assert_statuses(report: &Report, web: &Web, expected: &BTreeMap<(String, String), Status>) {
    let found: BTreeMap<String, (Status, String)> = report
        .sources
        .as_ref()
        .unwrap()
        .iter()
        .map(|source| (source.url.clone(), (source.status, source.reason.clone())))
        .collect();
    assert_eq!(found.len(), expected.len());
    for ((host, path), status) in expected {
        let url = web.url(host, path);
        let (actual, reason) = &found[url.as_str()];
        assert_eq!(actual, status, "{url}: {reason}");
    }
}
