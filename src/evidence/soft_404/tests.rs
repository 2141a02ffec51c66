//! Pages as real frameworks make them, and pages that only speak about such things.

use super::*;
use crate::evidence::main_text;
use crate::limits::Limits;

fn page(title: &str, text: &str) -> SourceText {
    SourceText {
        title: (!title.is_empty()).then(|| title.to_owned()),
        text: text.to_owned(),
        ..SourceText::default()
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn probe(status: u16, final_url: &str, text: &str) -> Probe {
    Probe {
        requested: url("https://a.org/x/zz9"),
        status,
        final_url: url(final_url),
        text: page("", text),
    }
}

const STORY: &str = "The council of Harrow met on Monday and agreed to build a new bridge.";

#[test]
fn a_sister_stands_beside_and_cannot_exist() {
    fn check(of: &str, expected: Option<&str>) {
        assert_eq!(
            sister(&url(of), "zz9").map(String::from).as_deref(),
            expected,
            "{of}"
        );
    }
    check(
        "https://a.org/news/story.html?x=1#top",
        Some("https://a.org/news/zz9.html"),
    );
    check("https://a.org/news/story/", Some("https://a.org/news/zz9/"));
    check("https://a.org/story", Some("https://a.org/zz9"));
    check("https://a.org/", None);
    check("https://a.org", None);
    check("https://a.org/?p=5", None);
}

#[test]
fn pages_that_say_not_found_are_told_from_pages_about_it() {
    fn check(title: &str, text: &str, expected: Option<&str>) {
        let at = url("https://a.org/x/y");
        let found = judge(&at, &at, &page(title, text), None);
        assert_eq!(
            found.map(|finding| finding.code),
            expected,
            "{title} / {text}"
        );
    }
    check("Page not found", "Sorry.", Some("soft-404-words"));
    check(
        "404 | The Post",
        "Go to the front page",
        Some("soft-404-words"),
    );
    check(
        "The Post",
        "Oops!\nThe page you’re looking for doesn’t exist.",
        Some("soft-404-words"),
    );
    check("Die Post", "Seite nicht gefunden", Some("soft-404-words"));
    check("新聞", "無此網頁", Some("soft-404-words"));
    check("A new bridge", STORY, None);
    check("The lost page was not found in the library", STORY, None);
    check("Room 404 opens", STORY, None);
    let long = format!(
        "{} The error 404 page not found is a classic.",
        STORY.repeat(40)
    );
    check("What is a 404 Not Found error?", &long, None);
    check(
        "a.org",
        "This domain is for sale. Make an offer.",
        Some("parked"),
    );
    let about = format!(
        "{} She put up a sign: this domain is for sale.",
        STORY.repeat(40)
    );
    check("The trade in names", &about, None);
}

#[test]
fn a_probe_decides() {
    fn check(final_url: &str, text: &str, probe: Probe, expected: Option<&str>) {
        let found = judge(
            &url("https://a.org/x/y"),
            &url(final_url),
            &page("P", text),
            Some(&probe),
        );
        assert_eq!(found.map(|finding| finding.code), expected, "{final_url}");
    }
    let here = "https://a.org/x/y";
    let home = "https://www.a.org/";
    check(
        home,
        STORY,
        probe(200, "https://a.org/", STORY),
        Some("soft-404-redirect-home"),
    );
    check(home, STORY, probe(404, "https://a.org/x/zz9", "no"), None);
    check(
        here,
        STORY,
        probe(200, "https://a.org/x/zz9", STORY),
        Some("soft-404-probe"),
    );
    check(
        here,
        STORY,
        probe(
            200,
            "https://a.org/x/zz9",
            "Something else altogether stands here",
        ),
        None,
    );
    check(here, "App", probe(200, "https://a.org/x/zz9", "App"), None);
    let login = "https://a.org/login";
    check(login, STORY, probe(200, login, STORY), None);
}

#[test]
fn an_honest_site_makes_words_doubtful() {
    let at = url("https://a.org/x/y");
    let says = page("Page not found", "Sorry.");
    let sure = judge(&at, &at, &says, None).unwrap().probability;
    let doubt = judge(
        &at,
        &at,
        &says,
        Some(&probe(404, "https://a.org/x/z", "no")),
    )
    .unwrap();
    assert!(sure >= 0.9 && doubt.probability <= 0.6);
}

#[test]
fn only_doubtful_pages_are_probed() {
    let at = url("https://a.org/x/y");
    let story = page("A bridge", &STORY.repeat(20));
    assert!(!worth_probing(&at, &at, &story));
    assert!(worth_probing(&at, &url("https://a.org/"), &story));
    assert!(worth_probing(&at, &at, &page("404", "Sorry.")));
    assert!(!worth_probing(
        &url("http://a.org/"),
        &url("https://www.a.org/"),
        &story
    ));
}

/// The pages of `tests/pages/soft_404.txt`: what each is, its name, its address and its source.
fn own_pages() -> Vec<(&'static str, &'static str, Url, &'static str)> {
    include_str!("../../../tests/pages/soft_404.txt")
        .split("\n=== ")
        .skip(1)
        .map(|page| {
            let (head, html) = page.split_once('\n').unwrap();
            let head: Vec<&str> = head.split(' ').collect();
            (head[0], head[1], url(head[2]), html)
        })
        .collect()
}

#[test]
fn pages_as_frameworks_make_them_are_told_apart() {
    let mut wrong = Vec::new();
    for (kind, name, address, html) in own_pages() {
        let page = main_text::read(html.as_bytes(), None, &address, &Limits::default());
        let alone = alone(&address, &address, &page);
        let found = judge(&address, &address, &page, None);
        if found.is_some() != (kind == "error") {
            let signs: Vec<String> = NAMES
                .iter()
                .zip(alone.signs)
                .filter(|(_, value)| *value != 0.0)
                .map(|(name, value)| format!("{name} {value:.2}"))
                .collect();
            wrong.push(format!(
                "{kind} {name}: {:.2} {found:?} {signs:?}",
                alone.probability
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
