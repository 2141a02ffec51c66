//! Promise: a check that is killed at any moment loses no capture that it acknowledged,
//! and the next one starts without help.
//!
//! `IBID_KILLS` sets how often (20 where it is not set).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use support::web::{Answer, Web};

const HOSTS: usize = 8;
const PAGES: usize = 6;

fn ibid(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
    command.current_dir(folder).args(["--allow-host", "127.*"]);
    command
}

/// A generator of moments: the same in every run of the test, spread over the check's length.
fn moments(count: u64) -> impl Iterator<Item = Duration> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    (0..count).map(move |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Duration::from_micros(state % 450_000)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_check_loses_nothing_that_it_acknowledged() {
    let kills: u64 = std::env::var("IBID_KILLS")
        .ok()
        .map_or(20, |text| text.parse().expect("IBID_KILLS is a number"));
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Web::builder();
    for host in 0..HOSTS {
        for page in 0..PAGES {
            let counter = std::sync::atomic::AtomicU64::new(0);
            let path = format!("/page/{page}");
            // Another page each time, so that every check has something to write.
            builder = builder.handler(&format!("127.0.30.{}", host + 1), &path, move |_| {
                let turn = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let line = format!("<p>Reading {turn} of page {page} at host {host}.</p>");
                Answer::html(&line.repeat(200))
            });
        }
    }
    let web = builder.start().await.unwrap();
    let mut text = String::new();
    for host in 0..HOSTS {
        for page in 0..PAGES {
            let url = web.url(&format!("127.0.30.{}", host + 1), &format!("/page/{page}"));
            text.push_str(&format!("Reading {page} is [on record]({url}).\n\n"));
        }
    }
    std::fs::write(folder.path().join("draft.md"), text).unwrap();
    std::fs::write(
        folder.path().join("sources.toml"),
        "[fetch]\npause = 0.01\n",
    )
    .unwrap();

    let root = folder.path().to_owned();
    let acknowledged = tokio::task::spawn_blocking(move || {
        let mut acknowledged = Vec::new();
        for moment in moments(kills) {
            acknowledged.extend(killed_after(&root, moment));
        }
        acknowledged
    })
    .await
    .unwrap();
    assert!(
        acknowledged.len() as u64 > kills,
        "the kills came too early to prove anything: {} captures in {kills} checks",
        acknowledged.len()
    );

    let root = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        let last = ibid(&root)
            .args(["check", "draft.md", "--quiet"])
            .output()
            .unwrap();
        assert!(
            matches!(last.status.code(), Some(0 | 1)),
            "{}",
            String::from_utf8_lossy(&last.stderr)
        );
        let verify = ibid(&root).arg("verify").output().unwrap();
        assert_eq!(
            verify.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&verify.stdout)
        );
        let archive = ibid::archive::Archive::read(&root.join("archive")).unwrap();
        for (digest, url) in &acknowledged {
            let held = archive
                .captures(url)
                .unwrap()
                .into_iter()
                .find(|capture| capture.digest.to_hex() == *digest)
                .unwrap_or_else(|| panic!("{url} with {digest} was acknowledged and is lost"));
            let payload = archive.load(&held).unwrap().payload.bytes().unwrap();
            assert_eq!(ibid::archive::Digest::of(&payload).to_hex(), *digest);
        }
        support::keep_warcs("kill", &root.join("archive"));
    })
    .await
    .unwrap();
    web.finish();
}

/// Starts a check, kills it at that moment, gives what it had acknowledged.
fn killed_after(folder: &Path, moment: Duration) -> Vec<(String, String)> {
    let mut child = ibid(folder)
        .args(["check", "draft.md", "--verbose"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut told = Vec::new();
        let mut reader = BufReader::new(stderr);
        let mut line = String::new();
        // A line that the kill cut short was not told.
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line.ends_with('\n') {
            let mut words = line.trim_end().split(' ');
            if let (Some("archived"), Some(digest), Some(url)) =
                (words.next(), words.next(), words.next())
            {
                told.push((digest.to_owned(), url.to_owned()));
            }
            assert!(
                !line.contains("ibid: could not"),
                "the check did not start: {line}"
            );
            line.clear();
        }
        told
    });
    std::thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}
