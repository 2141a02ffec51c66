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

#[test]
fn parking_is_told_by_words_scripts_and_hosts() {
    fn check(from: &str, to: &str, html: &str, expected: Option<&str>) {
        let (from, to) = (url(from), url(to));
        let page = main_text::read(html.as_bytes(), Some("text/html"), &to, &Limits::default());
        let found = judge(&from, &to, &page, None);
        assert_eq!(found.map(|finding| finding.code), expected, "{html}");
    }
    let here = "https://a.org/x/y";
    let parked = Some("parked");
    check(
        here,
        here,
        "<title>a.org</title><p>Diese Domain steht zum Verkauf.",
        parked,
    );
    check(
        here,
        here,
        "<title>a.org</title><p>Этот домен продаётся",
        parked,
    );
    check(here, here, "<title>a.org</title><p>该域名正在出售", parked);
    check(
        here,
        here,
        "<title>a.org</title><a href=/1>Flour</a><script src=https://img.sedoparking.com/a.js></script>",
        parked,
    );
    check(
        here,
        "https://www.hugedomains.com/domain_profile.cfm?d=a.org",
        "<title>a.org</title><p>Yours in a day",
        parked,
    );
    check(
        here,
        here,
        "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the web server is successfully installed.",
        Some("unused-host"),
    );
    check(
        here,
        here,
        "<title>Account Suspended</title><p>Contact your hosting provider.",
        Some("unused-host"),
    );
    // Pages about it, and a seller's own pages.
    check(
        here,
        here,
        "<title>Notes</title><p>The sign in the window says that the shop is for sale.",
        None,
    );
    let story = STORY.repeat(14);
    check(
        here,
        here,
        &format!(
            "<title>The trade in names</title><p>{story}<p>“This domain is for sale”, it said.<p>{story}"
        ),
        None,
    );
    let seller = "https://www.hugedomains.com/blog/names";
    check(
        seller,
        seller,
        "<title>Names</title><p>Short names are dear. Buy this domain.",
        None,
    );
}

#[test]
fn the_same_face_at_several_addresses_is_told() {
    let face = |address: &str, html: &str| {
        let address = url(address);
        let page = main_text::read(
            html.as_bytes(),
            Some("text/html"),
            &address,
            &Limits::default(),
        );
        Face::of(&address, &address, &page)
    };
    let notice = "<title>T</title><p>What you came for is not with us any more, whatever it was.";
    let mut faces = Faces::default();
    for address in [
        "https://a.org/1/one",
        "https://a.org/2/two.html",
        "https://a.org/3/one",
        "https://b.org/4/four",
    ] {
        faces.insert(&face(address, notice).unwrap());
    }
    let third = face("https://www.a.org/5/five", notice).unwrap();
    assert_eq!(
        faces.others(&third),
        2,
        "an alias and another host do not count"
    );
    assert_eq!(third.generic(2).unwrap().code, "soft-404-generic");
    assert_eq!(third.generic(1), None, "two may be one page and its print");
    // Numbered pages that differ in their numbers are pages of their own.
    let entry = |number: u32| {
        let text =
            format!("<p>Log of the harbour, sheet {number}: wind from the west, one boat in");
        face(&format!("https://a.org/log/{number}"), &text).unwrap()
    };
    let mut sheets = Faces::default();
    for number in 4..9 {
        sheets.insert(&entry(number));
    }
    assert_eq!(sheets.others(&entry(5)), 0);
    // What tells nothing by its sameness.
    assert_eq!(face("https://a.org/x", "<p>Loading"), None);
    assert_eq!(
        face("https://a.org/x", &format!("<div id=root></div><p>{STORY}")),
        None
    );
    assert_eq!(face("https://a.org/login", &format!("<p>{STORY}")), None);
    assert_eq!(
        face("https://a.org/x", &format!("<p>{}", STORY.repeat(15))),
        None
    );
}

#[test]
fn addresses_tell_on_their_own() {
    fn check(from: &str, to: &str, html: &str, expected: bool) {
        let (from, to) = (url(from), url(to));
        let page = main_text::read(html.as_bytes(), Some("text/html"), &to, &Limits::default());
        assert_eq!(
            judge(&from, &to, &page, None).is_some(),
            expected,
            "{from} → {to}"
        );
    }
    let funny = "<title>Lark</title><h1>Gone fishing</h1><p>Ask us again in spring.";
    check("https://a.org/x/y", "https://a.org/404.html", funny, true);
    check(
        "https://a.org/x/y",
        "https://a.org/errors/page-not-found",
        funny,
        true,
    );
    check("https://a.org/x/y", "https://a.org/x/y", funny, false);
    // Who asks for a page about 404s gets one.
    let about = "<title>404 Not Found</title><h1>404 Not Found</h1><p>What the code means.";
    check(
        "https://a.org/http/404",
        "https://a.org/http/404",
        about,
        false,
    );
    check("https://a.org/x", "https://a.org/x", about, true);
    // A title in the address's own words is no notice.
    let lost = "<title>Second page of letter not found</title><p>It was in the drawer in May.";
    check(
        "https://a.org/second-page-of-letter-not-found",
        "https://a.org/second-page-of-letter-not-found",
        lost,
        false,
    );
}
