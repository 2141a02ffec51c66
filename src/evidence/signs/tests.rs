//! Signs of small pages.

use super::*;

fn signs(html: &str) -> Signs {
    Signs::of(&crate::evidence::tree::Tree::of(html))
}

#[test]
fn own_lines_are_told_from_links_and_navigation() {
    let page = signs(
        "<title>A | B</title><nav>Home News</nav><main><h1>A <b>tea</b></h1>\
         <p>One two.<a href=/>Back</a></p><ul><li>Three</ul></main><footer>Four</footer>",
    );
    let lines: Vec<(&str, bool, bool)> = page
        .lines
        .iter()
        .map(|line| (line.text.as_str(), line.heading, line.item))
        .collect();
    assert_eq!(
        lines,
        [
            ("A tea", true, false),
            ("One two.", false, false),
            ("Three", false, true)
        ]
    );
    assert_eq!(page.title.as_deref(), Some("A | B"));
    assert_eq!(page.words, 5);
}

#[test]
fn markup_tells_what_kind_of_page_it_is() {
    fn check(html: &str, expected: impl Fn(&Signs) -> bool) {
        let found = signs(html);
        assert!(expected(&found), "{html}: {found:?}");
    }
    check("<body class='error404 x'>", |s| s.error_body);
    check("<div class=page-not-found>x", |s| {
        s.error_part && !s.error_body
    });
    check("<a class=not-found>x</a><p class=notes>", |s| !s.error_part);
    check("<img src=/i/404.png>", |s| s.error_picture);
    check("<img src=/i/14041.png>", |s| !s.error_picture);
    check("<meta name=robots content='NOINDEX, follow'>", |s| {
        s.noindex
    });
    check("<link rel=canonical href=/a>", |s| {
        s.canonical.as_deref() == Some("/a")
    });
    check(
        "<meta http-equiv=Refresh content='3; url=\"/home\"'>",
        |s| s.refresh.as_deref() == Some("/home"),
    );
    check("<meta property=og:type content=article>", |s| s.article);
    check(
        "<script type=application/ld+json>{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\"}</script>",
        |s| s.article,
    );
    check("<input type=password>", |s| s.password);
    check("<div hidden><input type=password></div>", |s| !s.password);
    check("<noscript><b>Turn it</b> on</noscript>", |s| {
        s.noscript.trim() == "Turn it on"
    });
    check("<div id=root></div><script>1</script>", |s| s.empty_mount);
    check(
        "<div id=root>A page that was made on the server.</div>",
        |s| !s.empty_mount,
    );
    check("<script src=//x.test/a.js>", |s| s.hosts == ["x.test"]);
    check("<script>window._cf_chl_opt={}</script>", |s| {
        s.has(Mark::Cloudflare)
    });
    // Cloudflare puts this on every page it guards.
    check(
        "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>",
        |s| s.marks.is_empty(),
    );
}

#[test]
fn a_layout_named_after_its_sidebar_is_no_sidebar() {
    let page =
        signs("<div class='box sidebar-right'><p>One two.</p><div class=sidebar>Three</div></div>");
    assert_eq!(page.words, 2, "{:?}", page.lines);
}

#[test]
fn words_are_counted_in_scripts_without_spaces() {
    assert_eq!(count_words("one two"), 2);
    assert_eq!(count_words("页面不存在"), 3);
}

#[test]
fn long_pages_are_read_within_bounds() {
    let page = signs(&format!(
        "{}{}",
        "<p>word ".repeat(50_000),
        "<div>".repeat(200)
    ));
    assert!(page.lines.len() <= 80 && page.words <= 4_100);
}
