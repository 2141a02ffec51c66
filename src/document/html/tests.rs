//! Whole pages of the kinds that are written, each with the links that it cites.

use super::*;
use crate::document::{BlockKind, ByteSpan, LinkKind};

const LIMITS: fn() -> Limits = Limits::default;

/// The cited links of a page, as anchor and address.
fn check(html: &str, expected: &[(&str, &str)]) {
    let base = Url::parse("https://post.example/2024/ferry").unwrap();
    let document = read(html, Some(&base), &LIMITS());
    let found: Vec<_> = document
        .links
        .iter()
        .map(|link| (link.span.of(&document.text), link.url_as_cited.as_str()))
        .collect();
    assert_eq!(found, expected, "{}", document.text);
}

/// Whether the rules keep each of a page's links, whatever its likelihood.
fn check_rules(html: &str, expected: &[(&str, bool)]) {
    let base = Url::parse("https://post.example/2024/ferry").unwrap();
    let found: Vec<_> = weighed(html, Some(&base), &LIMITS())
        .into_iter()
        .map(|row| (row.href, row.is_kept))
        .collect();
    let found: Vec<_> = found.iter().map(|row| (row.0.as_str(), row.1)).collect();
    assert_eq!(found, expected);
}

const MENU: &str = "<div class='top-menu'><ul><li><a href=/>Home</a><li><a href=/news>News</a>\
    <li><a href=/sport>Sport</a><li><a href=/arts>Arts</a><li><a href=/help>Help us</a></ul></div>";

const PROSE: &str = "<p>The ferry across the Lark stopped on Monday after ninety years, and the \
    pilot who had steered it since his youth tied it up without a word to anyone on the bank.</p>";

#[test]
fn a_news_article_cites_only_in_its_text() {
    check(
        &format!(
            "<html lang=en><body class='has-sidebar'>{MENU}
            <nav aria-label=Breadcrumb><a href=/>Home</a> › <a href=/news>News</a></nav>
            <div id=cookie-banner><p>We use cookies to keep the site running and to count our
              readers, as is told in our <a href=/privacy>privacy notice</a>.</p></div>
            <main><article><header><h1>The ferry stops</h1>
              <p class=byline>By <a rel=author href=/people/ada>Ada Quill</a></p>
              <ul class=share-buttons><li><a href='https://www.facebook.com/sharer.php?u=x'>Share</a>
                <li><a href='mailto:?subject=x'>Mail</a></ul></header>
            {PROSE}
            <p>The <a href='https://lark.example/minutes'>council's minutes</a> say that repairs would
              have cost more than a bridge, and that nobody offered to pay for either of the two.</p>
            <p><strong>Read also</strong>: <a href=/2023/bridge>The bridge that was never built</a></p>
            <aside class=newsletter><a href=/letter>Our letter</a></aside>
            <figure><img src=f.jpg><figcaption>The ferry in 1950. Photo:
              <a href='https://photos.example/7'>county archive</a></figcaption></figure>
            {PROSE}
            <h2>Related stories</h2>
            <ul><li><a href=/a>A flood remembered in the village</a><li><a href=/b>New boats for the lake</a></ul>
            <p class=tags><a rel=tag href=/tag/ferry>ferry</a> <a rel=tag href=/tag/lark>Lark</a></p>
            </article></main>
            <section id=comments><h2>Comments</h2><p>I rode it every day to school and back, see
              <a href='https://mine.example'>my page</a> for the pictures that my father took.</p></section>
            <footer><a href=/imprint>Imprint</a> <a href=/terms>Terms</a></footer>"
        ),
        &[
            ("council's minutes", "https://lark.example/minutes"),
            ("county archive", "https://photos.example/7"),
        ],
    );
}

#[test]
fn a_blog_without_semantic_elements_is_read_by_its_prose() {
    check(
        &format!(
            "<body>{MENU}<div class=wrap><div class=col-8><div class=post><h1>Ferries</h1>
            {PROSE}<p>I found <a href='https://e.example/log'>the log</a> of that year.<br><br>
            It is <a href='//e.example/odd'>odd</a> to read that it was never late at all.</p>{PROSE}
            <p class=post-meta>Posted in <a href=/c/boats>Boats</a></p></div></div>
            <div class=col-4><h3>About me</h3><p>I write <a href=/about>here</a>.</p>
            <h3>Archive</h3><ul><li><a href=/2023>2023</a><li><a href=/2022>2022</a></ul></div></div>
            <div class=foot><a href='https://pressware.example'>Made with Pressware</a></div>"
        ),
        &[
            ("the log", "https://e.example/log"),
            ("odd", "https://e.example/odd"),
        ],
    );
}

#[test]
fn teasers_after_the_text_go_and_sources_stay() {
    let tail = |heading: &str| {
        format!(
            "<body>{MENU}<article>{PROSE}{PROSE}{heading}<ul><li><a href=/x>A flood remembered</a>
            <li><a href=/y>New boats for the lake</a></ul></article>"
        )
    };
    check(&tail(""), &[]);
    check(&tail("<h3>You may also like</h3>"), &[]);
    check(
        &tail("<h3>Sources</h3>"),
        &[
            ("A flood remembered", "https://post.example/x"),
            ("New boats for the lake", "https://post.example/y"),
        ],
    );
}

#[test]
fn a_page_that_nobody_framed_is_taken_whole() {
    check(
        "<title>Ferries</title><h1>Ferries</h1><p>By <a href='https://me.example'>me</a>.</p>
        <p>Read more: <a href=more.html>the long story</a></p>
        <h2>Related</h2><ul><li><a href=a.html>Boats</a><li><a href=b.html>Bridges</a></ul>
        <form action=/x><p>A form around a page that holds all of its words is no form to fill in,
        says <a href='https://forms.example'>somebody</a> who had to read a great many of them.</p></form>",
        &[
            ("me", "https://me.example"),
            ("the long story", "https://post.example/2024/more.html"),
            ("Boats", "https://post.example/2024/a.html"),
            ("Bridges", "https://post.example/2024/b.html"),
            ("somebody", "https://forms.example"),
        ],
    );
    check(
        "<ul><li><a href='https://a.example/'>One</a><li><a href='https://b.example/'>Two</a></ul>",
        &[("One", "https://a.example/"), ("Two", "https://b.example/")],
    );
}

#[test]
fn documentation_keeps_its_references() {
    check(
        &format!(
            "<body>{MENU}<div class=sidebar><ul><li><a href=/docs/a>Install</a><li><a href=/docs/b>Use</a></ul></div>
            <main><section id=cookies><h2>Cookies</h2><p>See <a href=/docs/set>how to set one</a>.</p></section>
            <section id=share><h2>Share</h2>{PROSE}<p>A <a rel=tag href=/docs/lock>lock</a> is held all the
            while, so that nobody else can write to the same file before the work has ended.</p></section>
            <h2>See also</h2><ul><li><a href=/docs/other>Other ways to do the same</a></ul>
            <div class=pagination><a href=/docs/a>Previous</a><a href=/docs/c>Next</a></div></main>
            <footer>Licensed <a rel=license href=/cc>freely</a></footer>"
        ),
        &[
            ("how to set one", "https://post.example/docs/set"),
            ("lock", "https://post.example/docs/lock"),
            (
                "Other ways to do the same",
                "https://post.example/docs/other",
            ),
        ],
    );
}

/// An article of a site, with `inner` between its paragraphs.
fn article(inner: &str) -> String {
    format!("<body>{MENU}<article><h1>The ferry</h1>{PROSE}{inner}{PROSE}</article>")
}

#[test]
fn links_that_do_something_cite_nothing() {
    check(
        &article(
            "<p>The pilot will tell of it again on the first day of the fair, at the old landing.<br>
            <a href=/fair>Book your seat now</a></p>
            <div><p>Get the news of the river every week, and now and then a picture.</p>
            <a href=/join-our-mailing-list/>Subscribe</a></div>
            <p>Who has an <a href=/login>account</a> may read the <a href=/2020/pilot>talk with the pilot</a>
            under our <a href=/rules>privacy policy</a>, as may all who ask for it at the landing.</p>
            <h5><a href=/writer/ada>Ada Quill</a></h5>
            <div class=foot-line><a href='https://creativecommons.org/licenses/by/4.0/'>Licensed CC BY</a></div>
            <p>If you enjoyed this story, would you pay for the next? Just click <a href='https://pay.example'>here</a>.</p>",
        ),
        &[("talk with the pilot", "https://post.example/2020/pilot")],
    );
}

#[test]
fn the_same_words_below_every_picture_are_a_control() {
    let picture = |name: &str| {
        format!(
            "<figure><img src={name}.png><p><a href=/{name}.png>Bring home the picture</a></p></figure>"
        )
    };
    let pictures = |count: usize| -> String {
        ["ferry", "pilot", "bank", "bridge"]
            .iter()
            .take(count)
            .map(|name| picture(name))
            .collect()
    };
    check(&article(&pictures(4)), &[]);
    check_rules(&article(&pictures(1)), &[("/ferry.png", true)]);
}

#[test]
fn the_way_to_the_page_and_its_date_are_no_citations() {
    check(
        &article(
            "<p>See the <a href='https://lark.example/log'>log</a> or <a href=/2024/ferry>this page</a>.</p>
            <div>Under <a href=/tag/lark>Lark</a>, <a href=/2024>2024</a></div>
            <article><h3><a href=/b>New boats</a></h3><p>They came.</p></article>
            <p>See our <a href='https://house.example/t'>terms</a> and
            <a href='https://house.example/p'>privacy policy</a> and <a href='https://house.example/us'>us</a>.</p>
            <section><a href=/bridge>The bridge</a></section>",
        ),
        &[
            ("log", "https://lark.example/log"),
            ("us", "https://house.example/us"),
        ],
    );
    check(
        &format!(
            "<body>{MENU}<main><div><a href=/>Home</a> › <a href=/rivers>Rivers</a> › The ferry</div>
            <h1>The ferry</h1><p><a href=/archive/2024/5/6>Monday, the sixth</a>, at noon</p>{PROSE}
            <p>See the <a href='https://lark.example/log'>log</a>.</p></main>"
        ),
        &[("log", "https://lark.example/log")],
    );
}

#[test]
fn a_teaser_of_what_a_sentence_cites_is_left_out() {
    check_rules(
        &article(
            "<p>The council had heard in the spring that <a href=/2023/bridge>a bridge would cost less</a> than all the repairs that the old ferry was in need of.</p>
            <p><a href=/2023/bridge>The bridge that was never built</a></p>
            <p><a href=/2023/boats>The boats that were</a></p>
            <div><a href='mailto:ada@post.example'>Write to Ada</a></div>",
        ),
        &[
            ("/2023/bridge", true),
            ("/2023/bridge", false),
            ("/2023/boats", true),
            ("mailto:ada@post.example", false),
        ],
    );
}

#[test]
fn rows_of_links_with_bars_are_menus_on_any_page() {
    check(
        "<table><tr><td><a href=/>Home</a> | <a href=/words>Words</a> | <a href=/help>Help</a></td></tr>
        <tr><td>A word of the day, from a <a href='https://e.example/book'>book</a>.</td></tr></table>",
        &[("book", "https://e.example/book")],
    );
    check(
        "<p><a href='https://a.example/'>One</a> | <a href='https://b.example/'>Two</a> | <a href=/c>Three</a></p>",
        &[
            ("One", "https://a.example/"),
            ("Two", "https://b.example/"),
            ("Three", "https://post.example/c"),
        ],
    );
}

#[test]
fn what_is_handed_the_page_itself_is_no_citation() {
    check(
        "<p><a href='https://aloud.example/read?url=https%3A%2F%2Fpost.example%2F2024%2Fferry&l=en'>Listen</a></p>
        <p><a href='https://e.example/?url=https://post.example/2023/bridge'>The bridge</a></p>",
        &[(
            "The bridge",
            "https://e.example/?url=https://post.example/2023/bridge",
        )],
    );
}

#[test]
fn an_article_that_is_set_in_boxes_keeps_their_links() {
    let boxes = PROSE.replace("<p>", "<div>").replace("</p>", "</div>");
    check_rules(
        &format!(
            "<body>{MENU}<main>{boxes}<div><a href=/minutes>The minutes</a></div>{boxes}</main>"
        ),
        &[("/minutes", true)],
    );
}

#[test]
fn what_asks_readers_to_write_is_left_out() {
    check(
        &article(
            "<p>So says the <a href='https://lark.example/log'>log</a>.</p>
            <div><h3>Add a comment</h3><p>Your words are read before they are shown to anybody, and may be set in
            <a href='https://marks.example/syntax'>marks</a>.</p></div>",
        ),
        &[("log", "https://lark.example/log")],
    );
}

#[test]
fn cards_and_headlines_between_paragraphs_are_other_articles() {
    let headlines = "<ul><li><a href=/a>A flood remembered in the village</a>
        <li><a href=/b>New boats for the old lake</a></ul>";
    let kept = [
        (
            "A flood remembered in the village",
            "https://post.example/a",
        ),
        ("New boats for the old lake", "https://post.example/b"),
    ];
    check(&article(headlines), &[]);
    check(
        &article(
            "<div class=embedded><ul><li><h3><a href=/a>A flood remembered</a></h3></ul></div>",
        ),
        &[],
    );
    check(
        &article("<div><a href=/a><img src=a.png><h4>A flood remembered</h4></a></div>"),
        &[],
    );
    // What the text announces, and what stands below a heading, is the text's.
    check(
        &article(&format!(
            "<p>Of all that was written about the river in those years two stories are still read:</p>{headlines}"
        )),
        &kept,
    );
    check_rules(
        &article(&format!("<h2>The river in the papers</h2>{headlines}")),
        &[("/a", true), ("/b", true)],
    );
}

#[test]
fn a_directory_of_the_sites_own_pages_is_no_citation() {
    let states: String = ["al", "az", "ga", "me", "nh", "nj", "oh", "or", "ut", "va"]
        .iter()
        .flat_map(|state| [format!("{state}-north"), format!("{state}-south")])
        .map(|state| format!("<li><a href=/states/{state}>{state}</a></li>"))
        .collect();
    check(
        &article(&format!(
            "<p>See the <a href='https://lark.example/log'>log</a>.</p>
            <p>Of all the ferries in the land these are still to be seen on every day of the week:</p>
            <ul>{states}</ul>"
        )),
        &[("log", "https://lark.example/log")],
    );
}

#[test]
fn what_stands_below_a_picture_stays() {
    check(
        &article(
            "<figure><img src=a.png><figcaption><a href=/mill>The mill</a></figcaption></figure>",
        ),
        &[("The mill", "https://post.example/mill")],
    );
}

#[test]
fn a_linked_heading_with_a_button_is_kept() {
    check(
        &article(
            "<h2><a href='https://e.example/essay'>On ferries</a><div><button></button></div></h2>",
        ),
        &[("On ferries", "https://e.example/essay")],
    );
}

#[test]
fn a_sign_that_leads_to_the_menu_is_no_mark() {
    check(
        &format!(
            "<body><a href='#menu-list'>≡</a><a href='#menu-list'>*</a>{MENU}<header role=banner>
            <div role=navigation><ul><li id=menu-list><a href='/?lang=de'>DE</a><li><a href='/?lang=en'>EN</a></ul></div>
            </header><article>{PROSE}<p>See the <a href='https://e.example/log'>log</a>.</p></article>"
        ),
        &[("log", "https://e.example/log")],
    );
}

/// The text, then each mark's label and place, then each note's kind and text.
fn check_notes(html: &str, text: &str, marks: &[(&str, usize)], notes: &[(BlockKind, &str)]) {
    let document = read(html, None, &LIMITS());
    assert_eq!(document.text, text);
    let found: Vec<_> = document
        .note_refs
        .iter()
        .map(|mark| (mark.label.as_str(), mark.span.start))
        .collect();
    assert_eq!(found, marks, "{text}");
    let found: Vec<_> = document
        .blocks
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Footnote(_) | BlockKind::Reference(_)))
        .map(|block| (block.kind.clone(), block.span.of(&document.text)))
        .collect();
    assert_eq!(found, notes, "{text}");
}

fn note(label: &str) -> BlockKind {
    BlockKind::Footnote(label.to_owned())
}

#[test]
fn notes_of_pandoc_are_read() {
    check_notes(
        "<p>It rained.<a href='#fn1' class='footnote-ref' id='fnref1' role='doc-noteref'><sup>1</sup></a> Twice.</p>
        <aside id='footnotes' class='footnotes' role='doc-endnotes'><hr/><ol><li id='fn1'><p>The
        <a href='https://e.example/log'>log</a>.<a href='#fnref1' class='footnote-back'
        role='doc-backlink'>↩︎</a></p></li></ol></aside>",
        "It rained. Twice.\n\nThe log.",
        &[("fn1", 10)],
        &[(note("fn1"), "The log.")],
    );
    check_notes(
        "<p>So says <span class=citation><a href='#ref-quill' role='doc-biblioref'>Quill (1950)</a></span>.</p>
        <div id=refs class='references csl-bib-body' role=list><div id=ref-quill class=csl-entry
        role=listitem>Quill, <a href='https://e.example/q'>Ferries</a>.</div></div>",
        "So says Quill (1950).\n\nQuill, Ferries.",
        &[("ref-quill", 8)],
        &[(
            BlockKind::Reference("ref-quill".to_owned()),
            "Quill, Ferries.",
        )],
    );
}

#[test]
fn notes_of_mediawiki_are_read() {
    check_notes(
        "<div class=mw-parser-output><p>It rained<sup id=cite_ref-log_1-0 class=reference><a href='#cite_note-log-1'>
        <span class=cite-bracket>[</span>1<span class=cite-bracket>]</span></a></sup> and snowed.<sup id=cite_ref-log_1-1
        class=reference><a href='#cite_note-log-1'>[1]</a></sup></p><div class=reflist><ol class=references>
        <li id=cite_note-log-1><span class=mw-cite-backlink>^ <a href='#cite_ref-log_1-0'><sup><i>a</i></sup></a>
        <a href='#cite_ref-log_1-1'><sup><i>b</i></sup></a></span> <span class=reference-text><cite>
        <a rel=nofollow class='external text' href='https://e.example/log'>The log</a>.</cite></span></li></ol></div></div>",
        "It rained and snowed.\n\nThe log.",
        &[("cite_note-log-1", 9), ("cite_note-log-1", 21)],
        &[(note("cite_note-log-1"), "The log.")],
    );
}

#[test]
fn marks_in_brackets_and_named_anchors_are_read() {
    check_notes(
        "<p>It rained [<a href='#n1'>1</a>, <a href='#n2'>2</a>] twice (see <a href='#n1'>1</a> too).</p>
        <p><a name=n1></a>The log, <a href='https://e.example/log'>here</a>.</p>
        <p><a name=n2></a>A <a href='https://e.example/b'>book</a>.</p>",
        "It rained twice (see too).\n\nThe log, here.\n\nA book.",
        &[("n1", 9), ("n2", 9), ("n1", 20)],
        &[(note("n1"), "The log, here."), (note("n2"), "A book.")],
    );
    check_notes(
        "<p>A list <a href='#more'>below</a> [<b>x</b>].</p><ul><li id=more><a href='https://e.example/'>More</a></ul>",
        "A list below [x].\n\nMore",
        &[],
        &[],
    );
}

#[test]
fn quotations_cite_their_source() {
    check(
        "<blockquote cite='https://e.example/speech'><p>Nobody asked me.</p><p>I went.</p></blockquote>
        <p>She said <q cite='https://e.example/talk'>no</q>. <a href='tel:1'>Call</a>
        <a href='javascript:void(0)'>Go</a> <a href='#x'>Up</a> <a href='/2024/ferry#x'>Here</a></p>",
        &[
            ("Nobody asked me.", "https://e.example/speech"),
            ("no", "https://e.example/talk"),
        ],
    );
}

#[test]
fn a_page_says_who_and_when_it_is() {
    fn check(html: &str, title: Option<&str>, date: Option<&str>, language: Option<&str>) {
        let document = read(html, None, &LIMITS());
        assert_eq!(
            (
                document.title.as_deref(),
                document.date.as_deref(),
                document.language.as_deref()
            ),
            (title, date, language)
        );
    }
    check(
        "<html lang=de-AT><title>Die Fähre | Der Bote</title><meta property=og:site_name content='Der Bote'>
        <script type='application/ld+json'>{\"@graph\":[{\"x\":1},{\"datePublished\":\"2024-05-06T07:08Z\"}]}</script>
        <p>x<time datetime=2001-01-01>",
        Some("Die Fähre"),
        Some("2024-05-06"),
        Some("de"),
    );
    check(
        "<title>A - B</title><h1>Another</h1><time datetime=2001-02>",
        Some("A - B"),
        Some("2001-02"),
        None,
    );
    check(
        "<h1>Only a heading</h1>",
        Some("Only a heading"),
        None,
        None,
    );
}

#[test]
fn white_space_is_folded_as_it_is_shown() {
    fn check(html: &str, expected: &str) {
        assert_eq!(read(html, None, &LIMITS()).text, expected);
    }
    check("<p>a\n <b>b</b>c <i> d</i></p>e", "a bc d\n\ne");
    check("a<br>b<br><br>c<br> <br>d", "a b\n\nc\n\nd");
    check(
        "<pre>a  b\n c</pre><table><tr><td>d<td>e</table>",
        "a  b\n c\n\nd\n\ne",
    );
    check(
        "<a href='https://e.example/'>Log<span class=sr-only> (opens elsewhere)</span></a>",
        "Log",
    );
    check("<p hidden>a</p><p style='display: none'>b</p>c", "c");
}

#[test]
fn depth_is_capped_and_text_is_kept() {
    let deep = format!("{}x{}", "<b>".repeat(50_000), "</b>".repeat(50_000));
    let capped = cap_depth(&deep, 256);
    assert_eq!(capped.matches("<b>").count(), 256);
    assert!(capped.contains('x'));
    assert!(matches!(cap_depth("<p>a<p>b<br>", 2), Cow::Borrowed(_)));
    assert!(matches!(
        cap_depth("<script>if(a<b){</script><p>x", 2),
        Cow::Borrowed(_)
    ));
    let document = read(&deep, None, &LIMITS());
    assert_eq!(document.text, "x");
    assert_eq!(document.problems.len(), 1);
}

#[test]
fn words_links_and_notes_are_read() {
    let base = Url::parse("https://e.example/dir/page").unwrap();
    let html = "<html lang=en-GB><title> A  page </title><nav><a href=/>Home</a></nav>\
        <p>It <a href='../log'>really rained</a>.<sup><a href='#fn1'>1</a></sup> Ok.</p>\
        <ol><li id=fn1>The <a href='https://n.example/'>note</a>. <a href='#r1'>↩</a></li></ol>";
    let document = read(html, Some(&base), &LIMITS());
    assert_eq!(document.title.as_deref(), Some("A page"));
    assert_eq!(document.language.as_deref(), Some("en"));
    assert_eq!(document.text, "It really rained. Ok.\n\nThe note.");
    assert_eq!(document.links[0].url_as_cited, "https://e.example/log");
    assert_eq!(document.links[0].span.of(&document.text), "really rained");
    assert_eq!(document.links[0].kind, LinkKind::Hyperlink);
    assert_eq!(document.note_refs[0].span, ByteSpan::new(17, 17));
    assert_eq!(
        document.blocks[1].kind,
        BlockKind::Footnote("fn1".to_owned())
    );
}

proptest::proptest! {
    #[test]
    fn spans_lie_inside_the_text(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "<p>", "</p>", "<div class=nav>", "</div>", "<a href='#n'>", "<a href=/x>", "</a>", "<li id=n>",
            "<sup>", "</sup>", "[", "]", "1", " é ", "<br>", "<pre>", "</pre>", "<blockquote cite=/q>",
            "</blockquote>", "<article>", "<table><td>", "Read more: ", "<h2>", "</h2>", "\u{a0}", "<q cite=/z>",
            "A sentence of more than sixty letters that nobody needs to read but the reader does. ", "<ul>", "<nav>",
        ]),
        0..60,
    )) {
        let document = read(&parts.concat(), None, &LIMITS());
        let text = &document.text;
        for link in &document.links {
            proptest::prop_assert!(text.get(link.span.start..link.span.end).is_some());
        }
        for mark in &document.note_refs {
            proptest::prop_assert!(text.get(mark.span.start..mark.span.end).is_some());
        }
        let mut last = 0;
        for block in &document.blocks {
            proptest::prop_assert!(text.get(block.span.start..block.span.end).is_some());
            proptest::prop_assert!(block.span.start >= last);
            last = block.span.end;
        }
    }
}

#[test]
fn a_link_in_a_sentence_is_likelier_than_one_in_a_box_beside_others() {
    let page = article(
        "<p>So it stands in the <a href='https://lark.example/log'>log</a> of the village, written in May.</p>
        <div class=x><div><a href=/a>Boats</a></div><div><a href=/b>Fairs</a></div><div><a href=/c>Maps</a></div></div>",
    );
    let base = Url::parse("https://post.example/2024/ferry").ok();
    let rows = super::weighed(&page, base.as_ref(), &Limits::default());
    let likelihood = |href: &str| {
        rows.iter()
            .find(|row| row.href == href)
            .map_or(-1.0, |row| row.likelihood)
    };
    let cited = likelihood("https://lark.example/log");
    assert!(cited > 0.9, "{cited}");
    for href in ["/a", "/b", "/c"] {
        assert!(
            (0.0..0.5).contains(&likelihood(href)),
            "{href} {}",
            likelihood(href)
        );
    }
}

#[test]
fn addresses_do_not_outgrow_their_page() {
    let base = format!("https://e.example/{}/", "b".repeat(2000));
    // Some 80 MB of addresses.
    let links = "Said <a href=x>so</a>. ".repeat(40_000);
    let page = format!("<base href='{base}'><article><p>{links}</p></article>");
    let document = super::read(&page, None, &Limits::default());
    let bytes: usize = document
        .links
        .iter()
        .map(|link| link.url_as_cited.len())
        .sum();
    assert!(
        bytes as u64 <= super::flow::MAX_ADDRESSES && bytes > 60 << 20,
        "{bytes}"
    );
    let problems: Vec<_> = document
        .problems
        .iter()
        .map(|problem| &*problem.text)
        .collect();
    assert_eq!(
        problems,
        ["more than 67108864 bytes of addresses: the links behind them were left out"]
    );
}
