//! How quickly sources are read and judged, without network or archive.
//!
//! `cargo run --release --example reading -- FOLDER [THREADS]`. FOLDER is a web as
//! `benches/web.py` makes it: `draft.md`, and `www/HOST/N.html` for each page that it cites. Each
//! page goes through what a check does with it: text, wall, soft 404, then its claims. Prints
//! megabytes of HTML a second for reading alone and for both, and what one more claim costs
//! on a page that is ready.

#![allow(clippy::print_stdout)] // Printing is what it is for.

use anyhow::Context;
use ibid::citation;
use ibid::document::{self, Hints};
use ibid::evidence::passage::Prepared;
use ibid::evidence::{self, ClaimText, main_text, soft_404, wall};
use ibid::limits::Limits;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use url::Url;

struct Page {
    url: Url,
    file: PathBuf,
    claim: String,
    anchor: Option<String>,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(
        arguments
            .next()
            .context("usage: reading FOLDER [THREADS]")?,
    );
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = arguments.next().map_or(Ok(cores), |given| given.parse())?;
    let pages = pages(&folder)?;
    let bytes: u64 = pages.iter().map(|page| size(&page.file)).sum();
    let read = timed(&pages, threads, false);
    let both = timed(&pages, threads, true);
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{} pages, {:.1} MB, {threads} threads",
        pages.len(),
        bytes as f64 / 1e6
    );
    println!(
        "reading              {:7.2} s {:7.1} MB/s",
        read.as_secs_f64(),
        rate(read)
    );
    println!(
        "reading and judging  {:7.2} s {:7.1} MB/s",
        both.as_secs_f64(),
        rate(both)
    );
    one_more_claim(&pages);
    Ok(())
}

fn size(file: &PathBuf) -> u64 {
    std::fs::metadata(file).map_or(0, |data| data.len())
}

/// What the draft cites, and why.
fn pages(folder: &std::path::Path) -> anyhow::Result<Vec<Page>> {
    let limits = Limits::default();
    let draft = std::fs::read(folder.join("draft.md"))?;
    let hints = Hints {
        content_type: Some("text/markdown"),
        ..Hints::default()
    };
    let document = document::read(&draft, hints, &limits)?;
    let (citations, _) = citation::citations(&document, &BTreeMap::new());
    let mut pages = Vec::new();
    for citation in citations {
        let url = Url::parse(&citation.source.to_string())?;
        let host = url.host_str().unwrap_or_default();
        pages.push(Page {
            file: folder
                .join("www")
                .join(host)
                .join(url.path().trim_start_matches('/')),
            anchor: citation
                .anchor
                .map(|span| span.of(&document.text).to_owned()),
            claim: citation.claim.text,
            url,
        });
    }
    Ok(pages)
}

fn timed(pages: &[Page], threads: usize, judged: bool) -> Duration {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(page, judged);
                }
            });
        }
    });
    start.elapsed()
}

fn work(page: &Page, judged: bool) {
    let bytes = std::fs::read(&page.file).unwrap_or_default();
    let html = Some("text/html; charset=utf-8");
    let text = main_text::read(&bytes, html, &page.url, &Limits::default());
    std::hint::black_box(&text);
    if judged {
        let found = (
            wall::behind(&page.url, &page.url, &text),
            soft_404::worth_probing(&page.url, &page.url, &text),
            soft_404::judge(&page.url, &page.url, &text, None),
            evidence::judge(claim(page), &text),
        );
        std::hint::black_box(found);
    }
}

fn claim(page: &Page) -> ClaimText<'_> {
    ClaimText {
        text: &page.claim,
        anchor: page.anchor.as_deref(),
        language: Some("en"),
    }
}

/// A source of about 50 KB of text, and a hundred claims.
fn one_more_claim(pages: &[Page]) {
    let Some(page) = pages
        .iter()
        .find(|page| (60_000..90_000).contains(&size(&page.file)))
    else {
        return;
    };
    let bytes = std::fs::read(&page.file).unwrap_or_default();
    let text = main_text::read(&bytes, Some("text/html"), &page.url, &Limits::default());
    let start = Instant::now();
    let prepared = Prepared::new(&text, Some("en"));
    std::hint::black_box(prepared.judge(claim(page)));
    let first = start.elapsed();
    let others: Vec<&Page> = pages.iter().take(100).collect();
    let start = Instant::now();
    for other in &others {
        std::hint::black_box(prepared.judge(claim(other)));
    }
    let each = start.elapsed() / u32::try_from(others.len()).unwrap_or(1);
    println!(
        "{:.0} KB of text: first claim {:.2} ms, each further one {:.2} ms",
        text.text.len() as f64 / 1e3,
        first.as_secs_f64() * 1e3,
        each.as_secs_f64() * 1e3
    );
}
