//! Promise: a source that has not changed is not read again, and the report is the one that
//! reading it would give.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::check::{self, Observer, input::Input};
use ibid::clock::Clock;
use ibid::report::Report;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use support::desk::Desk;
use support::web::{Answer, Web};

const HOST: &str = "127.0.54.1";

/// Remembers which sources were not read.
#[derive(Default)]
struct Watch(Mutex<BTreeSet<String>>);

impl Observer for Watch {
    fn unchanged(&self, url: &str) {
        self.0.lock().unwrap().insert(url.to_owned());
    }
}

/// A check; the report, and the paths of the sources that were not read.
async fn check(desk: &Desk) -> (Report, Vec<String>) {
    let watch = Arc::new(Watch::default());
    let inputs = [Input::File(desk.document())];
    let report = check::run(&inputs, &desk.config, &Clock::system(), watch.clone())
        .await
        .unwrap();
    let unread = watch.0.lock().unwrap().clone();
    let path = |url: &String| url::Url::parse(url).unwrap().path().to_owned();
    (report, unread.iter().map(path).collect())
}

/// The report without its moments and places.
fn found(report: &Report) -> Value {
    let mut value = serde_json::to_value(report).unwrap();
    value["run"] = Value::Null;
    for source in value["sources"].as_array_mut().unwrap() {
        for capture in ["capture", "earlier"] {
            assert!(source[capture].is_object(), "{source}");
            source[capture] = source[capture]["sha256"].clone();
        }
    }
    value
}

/// A page with more words than the pages have that are compared with others of their host.
fn page(about: &str) -> String {
    let mut text = String::new();
    for day in 1..=30 {
        let _ = write!(
            text,
            "<p>On day {day} the keeper of {about} wrote {} words about the wind and the boats.</p>",
            day * 37
        );
    }
    format!(
        "<!doctype html><html lang=en><title>Log of {about}</title><main><h1>Log of {about}</h1>\
         <p>The {about} was opened on 4 May 1998 by the mayor, who paid 312 crowns for it.</p>{text}\
         <p>“We never thought that anyone would come,” its first keeper used to say.</p></main>"
    )
}

fn claims(url: impl Fn(&str) -> String) -> String {
    format!(
        "The museum was [opened on 4 May 1998]({}) by the mayor.\n\n\
         The mayor paid [316 crowns]({}) for the bridge in 1998.\n\n\
         Its first keeper said: “We never thought that anyone would come” ([log]({})).\n\n\
         Elephants were fed in Lisbon ([report]({})).\n\n\
         The tower was opened on 4 May 1998 and holds nine elephants ([one]({}), [two]({})).\n\n\
         The chapel was [opened]({}) on 4 May 1998.\n",
        url("/tagged"),
        url("/plain"),
        url("/plain"),
        url("/plain"),
        url("/one"),
        url("/two"),
        url("/short"),
    )
}

async fn web() -> Web {
    let short = "<!doctype html><title>The chapel</title><main><h1>The chapel</h1><p>The chapel was \
                 opened on 4 May 1998 by the mayor, who paid for it.</p></main>";
    Web::builder()
        .page(HOST, "/tagged", Answer::html(&page("museum")).etag("\"1\""))
        .page(HOST, "/plain", Answer::html(&page("bridge")))
        .page(HOST, "/one", Answer::html(&page("tower")))
        .page(HOST, "/two", Answer::redirect(301, "/three"))
        .page(HOST, "/three", Answer::html(&page("harbour")))
        .page(HOST, "/short", Answer::html(short))
        .start()
        .await
        .unwrap()
}

fn desk(web: &Web) -> Desk {
    Desk::new(&claims(|path| web.url(HOST, path)), "", "127.0.54.*")
}

const ALL: [&str; 4] = ["/one", "/plain", "/tagged", "/two"];

#[tokio::test]
async fn what_has_not_changed_is_not_read_and_reported_as_if_it_had_been() {
    let web = web().await;
    let mut desk = desk(&web);
    let (first, unread) = check(&desk).await;
    assert!(unread.is_empty(), "{unread:?}");
    let sources = first.sources.as_ref().unwrap();
    let again = sources.iter().filter(|source| source.read_again);
    let again: Vec<String> = again.map(|source| source.url.clone()).collect();
    // It is so short that other pages of its host have to be looked at.
    assert_eq!(again, [web.url(HOST, "/short")]);

    let (second, unread) = check(&desk).await;
    assert_eq!(unread, ALL);
    // What was taken over is taken over again.
    let (third, unread) = check(&desk).await;
    assert_eq!(unread, ALL);
    desk.config.reuse = false;
    let (anew, unread) = check(&desk).await;
    assert!(unread.is_empty(), "{unread:?}");
    assert_eq!(found(&second), found(&anew));
    assert_eq!(found(&third), found(&anew));
    let kinds: BTreeSet<_> = anew
        .citations
        .iter()
        .map(|c| c.evidence.as_ref().unwrap().kind)
        .collect();
    assert!(kinds.len() > 2, "{kinds:?}");
    support::keep_warcs("unchanged", desk.archive());
    let wrong = |finding| panic!("{finding:?}");
    ibid::archive::fixity::verify(desk.archive(), wrong).unwrap();
    web.finish();
}

#[tokio::test]
async fn what_has_changed_is_read() {
    let web = web().await;
    let mut desk = desk(&web);
    check(&desk).await;

    // A claim.
    let text = std::fs::read_to_string(desk.document()).unwrap();
    let changed = text.replace("by the mayor", "by the king");
    std::fs::write(desk.document(), changed).unwrap();
    assert_eq!(check(&desk).await.1, ["/one", "/plain", "/two"]);
    // What is known of the claim now is not what is known of the older one.
    assert_eq!(check(&desk).await.1, ALL);
    std::fs::write(desk.document(), text).unwrap();
    assert_eq!(check(&desk).await.1, ["/one", "/plain", "/two"]);

    // The page; then it is known again.
    web.replace(HOST, "/plain", Answer::html(&page("ferry")));
    assert_eq!(check(&desk).await.1, ["/one", "/tagged", "/two"]);
    assert_eq!(check(&desk).await.1, ALL);

    // How the same bytes are to be read.
    web.replace(HOST, "/plain", Answer::text(&page("ferry")));
    assert_eq!(check(&desk).await.1, ["/one", "/tagged", "/two"]);

    // Where they lie.
    web.replace(HOST, "/two", Answer::redirect(302, "/three"));
    assert_eq!(check(&desk).await.1, ["/one", "/plain", "/tagged"]);

    // A run that judges nothing says nothing of evidence, and is looked past.
    desk.config.judge = false;
    let (unjudged, _) = check(&desk).await;
    assert_eq!(unjudged.run.unwrap().judge, None);
    desk.config.judge = true;
    assert_eq!(check(&desk).await.1, ALL);

    // The judge's settings.
    desk.config.policy.limits.max_html_depth += 1;
    assert!(check(&desk).await.1.is_empty());
    assert_eq!(check(&desk).await.1, ALL);
    web.finish();
}

#[tokio::test]
async fn a_report_that_cannot_be_read_is_not_missed() {
    let web = web().await;
    let desk = desk(&web);
    check(&desk).await;
    let mut files = std::fs::read_dir(desk.archive()).unwrap();
    let warc = files
        .find_map(|entry| {
            let path = entry.unwrap().path();
            path.to_string_lossy().ends_with(".warc.gz").then_some(path)
        })
        .unwrap();
    let mut bytes = std::fs::read(&warc).unwrap();
    // The report is the last record; its checksum stands at its end.
    let at = bytes.len() - 6;
    bytes[at] ^= 0x40;
    let mut permissions = std::fs::metadata(&warc).unwrap().permissions();
    #[expect(
        clippy::permissions_set_readonly_false,
        reason = "a file in a folder of its own"
    )]
    permissions.set_readonly(false);
    std::fs::set_permissions(&warc, permissions).unwrap();
    std::fs::write(&warc, bytes).unwrap();
    let (report, unread) = check(&desk).await;
    assert!(unread.is_empty(), "{unread:?}");
    assert_eq!(report.citations.len(), 7);
    assert_eq!(check(&desk).await.1, ALL);
    web.finish();
}

/// What the catalogue has of runs, in words.
fn runs(desk: &Desk) -> Vec<String> {
    let catalogue = rusqlite::Connection::open(desk.archive().join("catalogue.sqlite")).unwrap();
    let rows = |text: &str| {
        let mut select = catalogue.prepare(text).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<Vec<String>, _>>().unwrap()
    };
    let mut runs = rows("SELECT concat_ws(' ', id, finished, judge) FROM runs ORDER BY id");
    runs.extend(rows(
        "SELECT concat_ws(' ', r.id, a.uri, o.at, w.text) FROM outcomes o JOIN runs r ON r.place = o.run
         JOIN addresses a ON a.id = o.source JOIN words w ON w.id = o.what ORDER BY 1",
    ));
    runs.extend(rows(
        "SELECT concat_ws(' ', r.id, w.text) FROM judged j JOIN runs r ON r.place = j.run
         JOIN words w ON w.id = j.document ORDER BY 1",
    ));
    runs
}

#[tokio::test]
async fn a_rebuilt_catalogue_has_the_same_runs() {
    let web = web().await;
    let mut desk = desk(&web);
    check(&desk).await;
    desk.config.judge = false;
    check(&desk).await;
    let told = runs(&desk);
    // Two runs; what became of five sources in each; one document that was judged.
    assert_eq!(told.len(), 2 + 2 * 5 + 1, "{told:#?}");
    ibid::archive::Archive::reindex(desk.archive(), Clock::system()).unwrap();
    assert_eq!(runs(&desk), told);
    web.finish();
}
