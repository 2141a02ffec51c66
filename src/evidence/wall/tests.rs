//! Walls of every maker, and pages that only look like one.

use super::*;
use crate::evidence::main_text;
use crate::limits::Limits;

fn read(html: &str) -> SourceText {
    let url = Url::parse("https://a.example/x").unwrap();
    main_text::read(html.as_bytes(), Some("text/html"), &url, &Limits::default())
}

fn story(times: usize) -> String {
    "<p>The bridge over the Lark was opened on Monday, and half the town stood on it.</p>"
        .repeat(times)
}

#[test]
fn walls_are_told_from_pages() {
    fn check(html: &str, expected: Option<&str>) {
        let page = read(html);
        let found = wall(&page).map(|wall| wall.code);
        assert_eq!(found, expected, "{html}\n{:?}", page.signs);
    }
    let challenge = Some("challenge");
    check(
        "<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>",
        challenge,
    );
    check(
        "<title>Nur einen Moment…</title><p>a.example überprüft die Sicherheit Ihrer Verbindung.",
        challenge,
    );
    check(
        "<title>a.example</title><p>Checking your browser before accessing a.example.",
        challenge,
    );
    check(
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>You are unable to access a.example",
        challenge,
    );
    check(
        "<title>Access Denied</title><h1>Access Denied</h1><p>You don't have permission to access this page on this server.<p>Reference #18.2f",
        challenge,
    );
    check(
        "<title>Access to this page has been denied.</title><div id=px-captcha></div><p>Press &amp; Hold to confirm you are a human (and not a bot).",
        challenge,
    );
    check(
        "<title>a.example</title><p>Please wait<script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script><script src=https://ct.captcha-delivery.com/c.js></script>",
        challenge,
    );
    check(
        "<html><head><META NAME=ROBOTS CONTENT='NOINDEX, NOFOLLOW'></head><body><iframe src='/_Incapsula_Resource?SWUDNSAI=31&xinfo=9'>Request unsuccessful. Incapsula incident ID: 7-1</iframe></body></html>",
        challenge,
    );
    check(
        "<title></title><script>window.awsWafCookieDomainList = []; window.gokuProps = {};</script><div id=challenge-container></div>",
        challenge,
    );
    check(
        "<title>Making sure you're not a bot!</title><script id=anubis_challenge type=application/json>{}</script><p>Protected by Anubis from the makers of it",
        challenge,
    );
    check(
        "<title>Pardon Our Interruption</title><p>As you were browsing something about your browser made us think you were a bot.",
        challenge,
    );
    check(
        "<title>安全验证</title><p>请完成安全验证后继续访问",
        challenge,
    );

    let script = Some("script-only");
    check(
        "<title>App</title><noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>",
        script,
    );
    check(
        "<title>App</title><p>Please enable JavaScript to run this app.",
        script,
    );
    check(
        "<title>Portal</title><app-root></app-root><script src=main.js></script>",
        script,
    );
    check(
        "<title>Portal</title><p>Bitte aktivieren Sie JavaScript in Ihrem Browser.",
        script,
    );
    check(
        "<title>Portail</title><noscript>Veuillez activer JavaScript.</noscript><div id=app><p>Chargement</div>",
        script,
    );

    let paid = Some("paywall");
    check(
        "<title>Story</title><h1>The bridge opens</h1><p>Subscribe to continue reading.",
        paid,
    );
    check(
        "<title>Artikel</title><h1>Die Brücke</h1><p>Dieser Beitrag ist exklusiv für Abonnenten.",
        paid,
    );
    check(
        "<title>Article</title><h1>Le pont</h1><p>Cet article est réservé aux abonnés.",
        paid,
    );

    let consent = Some("consent");
    check(
        "<title>Story</title><p>We value your privacy<p>We and our partners store information on a device<button>Accept all cookies</button><button>Reject</button>",
        consent,
    );
    check(
        "<title>Zeitung</title><h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Details zu Ihrer Zustimmung finden Sie in der Datenschutzerklärung.",
        consent,
    );
    check(
        "<title>Before you continue to Search</title><p>We use cookies and data to show advertisements<p>Before you continue to Search<button>Accept all</button>",
        consent,
    );

    let login = Some("login");
    check("<title>Members</title><p>Please sign in", login);
    check(
        "<title>Log in | Lark forum</title><form><label>Name<input name=u></label><input type=password></form>",
        login,
    );
    check(
        "<title>Anmelden - Schule</title><form><input type=password><p>Passwort vergessen?</form>",
        login,
    );
    check(
        "<title>Central Authentication Service</title><form><input name=username><input type=password><p>Enter your username and password.</form>",
        login,
    );

    let trouble = Some("server-trouble");
    check(
        "<title>503 Service Unavailable</title><h1>Service Unavailable</h1>",
        trouble,
    );
    check(
        "<title>Wartungsarbeiten</title><p>Wir sind bald wieder da.",
        trouble,
    );
    check(
        "<title>Error establishing a database connection</title>",
        trouble,
    );
}

#[test]
fn pages_that_say_something_themselves_are_no_walls() {
    fn check(html: &str) {
        assert_eq!(wall(&read(html)), None, "{html}");
    }
    check("<title>Story</title><p>The bridge over the Lark was opened on Monday.");
    let story = story(12);
    check(&format!(
        "<title>Story</title>{story}<p>Accept all cookies. Please log in. Enable JavaScript. Subscribe to continue reading."
    ));
    // A short note with a banner, a box for comments and a door for members.
    check(
        "<title>A note</title><h1>No market on Friday</h1><p>There is no market on Friday, because the square is being paved. The next one is on the 14th, from eight in the morning to one, with the fish stall that many of you asked for.</p><div class=banner><p>We value your privacy. We use cookies.</p><button>Accept all cookies</button></div><noscript>Please enable JavaScript to view the comments.</noscript><a href=/login>Log in</a>",
    );
    check(
        "<title>Ours</title><p>Two lines of text that came from the server, short as they are.<noscript>Please enable JavaScript to view the comments powered by Disqus.</noscript>",
    );
    check(&format!("<title>How to fix “Access denied”</title>{story}"));
    check(
        "<title>Log in troubles</title><p>If the login page stays white, clear the cache of the browser, then close all of its windows and begin again. Where that is no help, write to the office, which is open from nine to four.</p>",
    );
    // The scripts of a maker on a page that it let through.
    check(&format!(
        "<title>Story</title>{story}<script src=https://ct.captcha-delivery.com/c.js></script>"
    ));
    check(
        "<title>Captcha</title>"
            .replace("Captcha", "The history of the captcha, in seven pictures")
            .as_str(),
    );
}

#[test]
fn a_cut_article_is_read_as_far_as_it_goes() {
    fn check(html: &str, expected: bool) {
        let page = read(html);
        assert_eq!(cut(&page).is_some(), expected, "{html}");
        assert!(!expected || wall(&page).is_none(), "{html}");
    }
    check(
        &format!(
            "<h1>Bridge</h1>{}<p>Subscribe to continue reading.</p>",
            story(5)
        ),
        true,
    );
    check(
        &format!(
            "<script type=application/ld+json>{{\"isAccessibleForFree\": \"False\"}}</script>{}",
            story(6)
        ),
        true,
    );
    check(
        &format!(
            "<h1>Bridge</h1>{}<p>Subscribe to continue reading.</p>",
            story(60)
        ),
        false,
    );
    check(&format!("<h1>Bridge</h1>{}", story(5)), false);
    check(
        "<h1>Bridge</h1><p>Subscribe to continue reading.</p>",
        false,
    );
}

#[test]
fn a_chain_that_ends_at_a_door_is_a_wall() {
    fn check(requested: &str, end: &str, expected: Option<&str>) {
        let url = |text: &str| Url::parse(text).unwrap();
        let page = read("<title>Lark</title><p>Welcome to Lark. Name and password, please.");
        let found = behind(&url(requested), &url(end), &page);
        assert_eq!(found.map(|wall| wall.code), expected, "{requested} → {end}");
    }
    let asked = "https://a.example/report/9";
    check(
        asked,
        "https://a.example/login?next=/report/9",
        Some("login"),
    );
    check(asked, "https://sso.a.example/start", Some("login"));
    check(
        asked,
        "https://consent.a.example/m?continue=x",
        Some("consent"),
    );
    check(asked, "https://a.example/report/9/", None);
    check("https://a.example/login", "https://a.example/login/", None);
    check(asked, "https://a.example/blog/login-troubles-solved", None);
}
