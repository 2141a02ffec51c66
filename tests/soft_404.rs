//! An answer of 200 is not believed where it says "not found", sends every unknown address
//! home, was parked, or stands in front of the page; and a page about such things is left alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::evidence::{Content, EvidenceKind};
use ibid::fetch::Status;
use ibid::report::{Report, SourceEntry};
use std::borrow::Cow;
use support::desk::Desk;
use support::web::{Answer, Builder, Web};

const HOST: &str = "127.0.51.1";

const STORY: &str = "<!doctype html><html lang=en><title>The mill at Harrow</title><main>\
    <h1>The mill at Harrow</h1><p>The mill was built in 1803 and ground rye until the flood of \
    1954, which took its wheel and left the stones where they lie today, under the alders.</p>\
    <p>Since 1990 it has been a school of baking, with twelve places a year and a shop that \
    opens on Saturdays. Its bread is made of rye that is grown within sight of the door.</p></main>";

/// A desk whose draft cites these paths.
fn desk(web: &Web, paths: &[&str], settings: &str) -> Desk {
    let links: Vec<String> = paths
        .iter()
        .map(|path| format!("It was [said]({}) so.\n", web.url(HOST, path)))
        .collect();
    Desk::new(&links.join("\n"), settings, "127.0.51.*")
}

fn source<'r>(report: &'r Report, web: &Web, path: &str) -> Cow<'r, SourceEntry> {
    let url = web.url(HOST, path);
    let sources = report.sources.as_ref().unwrap();
    sources.iter().find(|source| source.url == url).unwrap()
}

fn probes(web: &Web) -> usize {
    web.requests()
        .iter()
        .filter(|seen| seen.path.contains("/ibid-"))
        .count()
}

/// Checks these paths and looks at their statuses and codes.
async fn expect(web: Builder, expected: &[(&str, Status, &str)]) -> usize {
    let web = web.start().await.unwrap();
    let paths: Vec<&str> = expected.iter().map(|(path, ..)| *path).collect();
    let report = desk(&web, &paths, "").check().await;
    for (path, status, code) in expected {
        let source = source(&report, &web, path);
        assert_eq!(
            (source.status, source.reason_code.as_str()),
            (*status, *code),
            "{path}: {}",
            source.reason
        );
    }
    let probes = probes(&web);
    web.finish();
    probes
}

#[tokio::test]
async fn words_that_nobody_listed_are_told_by_a_sister_address() {
    let lost = "<!doctype html><title>Harrow</title><p>Ach, hier wohnt keiner mehr, \
                der etwas davon weiß; frag im Laden nebenan.</p>";
    let web = Web::builder()
        .otherwise(HOST, Answer::html(lost))
        .page(HOST, "/news/mill", Answer::html(STORY))
        .page(
            HOST,
            "/notes/short",
            Answer::html("<title>A note</title><p>No market on Friday, the next is on the 14th."),
        );
    let probes = expect(
        web,
        &[
            ("/news/old", Status::Dead, "soft-404-probe"),
            ("/news/older", Status::Dead, "soft-404-probe"),
            ("/news/mill", Status::Live, "live"),
            ("/notes/short", Status::Live, "live"),
        ],
    )
    .await;
    assert_eq!(probes, 2, "one for each of the two folders");
}

#[tokio::test]
async fn a_page_that_is_sent_home_like_every_unknown_one_is_gone() {
    let web = Web::builder()
        .page(HOST, "/", Answer::html(STORY))
        .otherwise(HOST, Answer::redirect(302, "/"));
    expect(
        web,
        &[("/2011/mill.html", Status::Dead, "soft-404-redirect-home")],
    )
    .await;
    // On a site that can say 404 it was sent there on purpose.
    let web = Web::builder().page(HOST, "/", Answer::html(STORY)).page(
        HOST,
        "/2011/mill.html",
        Answer::redirect(302, "/"),
    );
    expect(web, &[("/2011/mill.html", Status::Live, "live")]).await;
}

#[tokio::test]
async fn a_parked_domain_took_the_place_of_the_page() {
    let parked = "<!doctype html><title>harrow-mill.example</title><h1>harrow-mill.example</h1>\
                  <p>This domain is for sale.</p><script src=https://img.sedoparking.com/x.js></script>\
                  <a href=/buy>Make an offer</a> <a href=/1>Flour</a> <a href=/2>Bread</a>";
    let web = Web::builder()
        .page(HOST, "/mill", Answer::html(STORY))
        .start()
        .await
        .unwrap();
    let desk = desk(&web, &["/mill"], "");
    assert_eq!(
        source(&desk.check().await, &web, "/mill").status,
        Status::Live
    );
    web.replace(HOST, "/mill", Answer::html(parked));
    let report = desk.check().await;
    let source = source(&report, &web, "/mill");
    assert_eq!(source.reason_code, "parked", "{}", source.reason);
    assert_eq!(source.status, Status::Dead);
    assert_eq!(source.content, Some(Content::Replaced));
    web.finish();
}

#[tokio::test]
async fn walls_with_200_are_walls_and_their_host_is_left_alone() {
    let challenge = "<!doctype html><title>Just a moment...</title>\
                     <script>window._cf_chl_opt={cRay:'8'};</script>\
                     <noscript>Enable JavaScript and cookies to continue</noscript>";
    let probes = expect(
        Web::builder().page(HOST, "/report", Answer::html(challenge)),
        &[("/report", Status::Blocked, "challenge")],
    )
    .await;
    assert_eq!(probes, 0);
    let login = "<!doctype html><title>Harrow library</title><p>Name and card number, please.</p>";
    expect(
        Web::builder()
            .page(
                HOST,
                "/papers/7",
                Answer::redirect(302, "/login?next=/papers/7"),
            )
            .page(HOST, "/login?next=/papers/7", Answer::html(login))
            .page(
                HOST,
                "/down",
                Answer::html("<title>503 Service Unavailable</title><p>Soon back."),
            ),
        &[
            ("/papers/7", Status::Blocked, "login"),
            ("/down", Status::Unreachable, "server-trouble"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_page_about_missing_pages_stays_live() {
    let article = format!(
        "<!doctype html><html lang=en><title>404 page not found: why links die</title><article>\
         <h1>404 page not found: why links die</h1><p>“Page not found” is the sentence that more \
         people have read on the web than any other, and hardly anybody has read it to its end.</p>\
         {}</article>",
        "<p>A link dies when a site is built anew and nobody thinks of those who still hold the old \
         address in a book, a court's decision or a letter to the council.</p>"
            .repeat(6)
    );
    expect(
        Web::builder().page(HOST, "/essays/link-rot", Answer::html(&article)),
        &[("/essays/link-rot", Status::Live, "live")],
    )
    .await;
}

#[tokio::test]
async fn a_cut_article_is_live_and_the_reason_says_that_it_is_cut() {
    let cut = "<!doctype html><html lang=en><title>The mill</title><article><h1>The mill</h1>\
               <p>The mill was built in 1803 and ground rye until the flood of 1954, which took its \
               wheel and left the stones where they lie today, under the alders by the ford.</p>\
               <p>Since 1990 it has been a school of baking, with twelve places a year and a shop \
               that opens on Saturdays from nine to one.</p>\
               <p>Subscribe to continue reading.</p></article>";
    let web = Web::builder()
        .page(HOST, "/mill", Answer::html(cut))
        .start()
        .await
        .unwrap();
    let report = desk(&web, &["/mill"], "").check().await;
    let source = source(&report, &web, "/mill");
    assert_eq!(
        (source.status, source.reason_code.as_str()),
        (Status::Live, "paywall-cut")
    );
    let citation = report.citations.first().unwrap();
    let codes: Vec<&str> = citation
        .reasons
        .iter()
        .map(|reason| reason.code.as_str())
        .collect();
    assert!(codes.contains(&"paywall-cut"), "{codes:?}");
    let evidence = citation.evidence.as_ref().unwrap();
    assert_ne!(
        evidence.kind,
        EvidenceKind::Unreadable,
        "what is shown is read"
    );
    web.finish();
}

#[tokio::test]
async fn without_a_probe_sameness_of_cited_pages_still_tells() {
    let lost = "<!doctype html><title>Harrow</title><p>Hier steht nichts mehr von dem, was einmal \
                hier stand; wer es sucht, der frage im Laden an der Ecke nach.</p>";
    let web = Web::builder()
        .otherwise(HOST, Answer::html(lost))
        .page(HOST, "/mill", Answer::html(STORY))
        .start()
        .await
        .unwrap();
    let paths = ["/a/one", "/b/two", "/c/three", "/mill"];
    let report = desk(&web, &paths, "[judge]\nprobe = false\n").check().await;
    for path in &paths[..3] {
        let source = source(&report, &web, path);
        assert_eq!(source.reason_code, "soft-404-generic", "{path}");
    }
    assert_eq!(source(&report, &web, "/mill").status, Status::Live);
    assert_eq!(probes(&web), 0);
    web.finish();
}
