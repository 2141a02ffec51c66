use super::*;
use proptest::prelude::*;

#[test]
fn addresses_end_where_a_reader_would_end_them() {
    let check = |text: &str, expected: &[&str]| {
        let found: Vec<&str> = printed(text).map(|span| span.of(text)).collect();
        assert_eq!(found, expected, "{text}");
    };
    // Punctuation of the sentence.
    check("See http://www.nhc.no.", &["http://www.nhc.no"]);
    check("At https://a.example/b, then", &["https://a.example/b"]);
    check("At https://a.example/b; then", &["https://a.example/b"]);
    check("Is it https://a.example/b?", &["https://a.example/b"]);
    check(
        "Is it https://a.example/b?c=d?",
        &["https://a.example/b?c=d"],
    );
    check("It is https://a.example/b!", &["https://a.example/b"]);
    check("Here: https://a.example/b: it", &["https://a.example/b"]);
    check("In https://a.example/b...", &["https://a.example/b"]);
    check("In https://a.example/b… more", &["https://a.example/b"]);
    check("In https://a.example/b/. More", &["https://a.example/b/"]);
    check(
        "In https://a.example/b.html. More",
        &["https://a.example/b.html"],
    );
    check("https://a.example/b-", &["https://a.example/b-"]);
    check("https://a.example/?q=", &["https://a.example/?q="]);
    // Brackets.
    check(
        "(https://example.org/a_(b))",
        &["https://example.org/a_(b)"],
    );
    check("(https://example.org/a)", &["https://example.org/a"]);
    check("(see https://example.org/a).", &["https://example.org/a"]);
    check(
        "https://example.org/a_(b)_c",
        &["https://example.org/a_(b)_c"],
    );
    check(
        "(https://a.example/),(https://b.example/)",
        &["https://a.example/", "https://b.example/"],
    );
    check("[https://a.example/b]", &["https://a.example/b"]);
    check("[a](https://a.example/b)[c]", &["https://a.example/b"]);
    check("https://a.example/b[1]", &["https://a.example/b"]);
    check(
        "https://a.example/?b[]=1&c[d]=2",
        &["https://a.example/?b[]=1&c[d]=2"],
    );
    check("{https://a.example/b}", &["https://a.example/b"]);
    check("\\url{https://a.example/b}", &["https://a.example/b"]);
    check(
        "http://[2001:db8::1]:8080/a",
        &["http://[2001:db8::1]:8080/a"],
    );
    // Angle brackets and quotation marks.
    check("<https://example.org/a>", &["https://example.org/a"]);
    check("<URL:https://example.org/a>", &["https://example.org/a"]);
    check("&lt;https://example.org/a&gt;", &["https://example.org/a"]);
    check(
        "“www.example.org/x”, or example.org",
        &["www.example.org/x"],
    );
    check("«https://a.example/b»", &["https://a.example/b"]);
    check("„https://a.example/b“", &["https://a.example/b"]);
    check("'https://a.example/b'", &["https://a.example/b"]);
    check("\"https://a.example/b\"", &["https://a.example/b"]);
    check("`https://a.example/b`", &["https://a.example/b"]);
    check("https://a.example/O'Hara", &["https://a.example/O'Hara"]);
    check("https://a.example's page", &["https://a.example"]);
    check("**https://a.example/b**", &["https://a.example/b"]);
    check("*https://a.example/b_*", &["https://a.example/b_"]);
    check("_https://a.example/b_", &["https://a.example/b"]);
    check("| https://a.example/b|c |", &["https://a.example/b"]);
    check("https://a.example/b²", &["https://a.example/b"]);
    // Glued to other words.
    check(
        "http://a.example/a.pdfhttp://b.example/",
        &["http://a.example/a.pdf", "http://b.example/"],
    );
    check(
        "http://a.example/a,http://b.example/",
        &["http://a.example/a", "http://b.example/"],
    );
    check(
        "http://a.example/http://b.example/",
        &["http://a.example/", "http://b.example/"],
    );
    check("See:http://a.example/b", &["http://a.example/b"]);
    check("Availablehttp://a.example/b", &["http://a.example/b"]);
    check(
        "http://a.example/b;www.c.example/d",
        &["http://a.example/b", "www.c.example/d"],
    );
    check(
        "https://web.archive.org/web/20120320/http://a.example/b.",
        &["https://web.archive.org/web/20120320/http://a.example/b"],
    );
    check(
        "https://a.example/r?u=http://b.example/c",
        &["https://a.example/r?u=http://b.example/c"],
    );
    check(
        "https://a.example/s?q=cache:http://b.example/",
        &["https://a.example/s?q=cache:http://b.example/"],
    );
    check(
        "https://a.example/www.b.example/c",
        &["https://a.example/www.b.example/c"],
    );
    // Signs within.
    check(
        "https://a.example/a%20b+c%C3%A4",
        &["https://a.example/a%20b+c%C3%A4"],
    );
    check(
        "https://a.example//b//c?d=//e",
        &["https://a.example//b//c?d=//e"],
    );
    check(
        "https://a.example/~me/#a,b;c=d:e@f!$&'()*",
        &["https://a.example/~me/#a,b;c=d:e@f!$&'()"],
    );
    check(
        "https://a.example/#:~:text=rain,fell",
        &["https://a.example/#:~:text=rain,fell"],
    );
    check("HTTPS://A.EXAMPLE/B", &["HTTPS://A.EXAMPLE/B"]);
    check(
        "https://me:pw@a.example:8443/b",
        &["https://me:pw@a.example:8443/b"],
    );
    check("ftp://a.example/b", &["ftp://a.example/b"]);
    check(
        "http://localhost:8000/a and http://127.0.0.1/",
        &["http://localhost:8000/a", "http://127.0.0.1/"],
    );
    // Other scripts.
    check(
        "https://bücher.example/straße.",
        &["https://bücher.example/straße"],
    );
    check("https://пример.рф/путь, да", &["https://пример.рф/путь"]);
    check("見よhttps://example.orgを参照。", &["https://example.org"]);
    check(
        "（https://example.org/日本）",
        &["https://example.org/日本"],
    );
    check("देखें https://example.org/a।", &["https://example.org/a"]);
    // Without a scheme.
    check(
        "www.nhc.no and www.nhc.no/a?b.",
        &["www.nhc.no", "www.nhc.no/a?b"],
    );
    check("WWW.Example.org", &["WWW.Example.org"]);
    check("www.x and www. and awww.example.org", &[]);
    check("At example.org/report.", &["example.org/report"]);
    check(
        "(news.example.co.uk/2012/a_b)",
        &["news.example.co.uk/2012/a_b"],
    );
    check("Booking.com and example.org said", &[]);
    check("and/or src/main.rs/x 1.5/10 e.g./i.e. node.js/express", &[]);
    check("me@example.org or me@example.org/x", &[]);
    // Made harmless.
    check("hxxp://a.example/b", &["hxxp://a.example/b"]);
    check("hxxps://example[.]org/a.", &["hxxps://example[.]org/a"]);
    check("at example[.]org, or", &["example[.]org"]);
    check("at example[dot]org/a", &["example[dot]org/a"]);
    check("at example(.)com", &["example(.)com"]);
    check("https[:]//example[.]org/a", &["https[:]//example[.]org/a"]);
    check("see [...] and (...) and a[.]b", &[]);
    // Names with a resolver.
    check("doi:10.1000/xyz123.", &["doi:10.1000/xyz123"]);
    check("DOI: 10.1000/xyz123, and", &["DOI: 10.1000/xyz123"]);
    check("(10.1000/a(b)c)", &["10.1000/a(b)c"]);
    check(
        "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2.",
        &["10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"],
    );
    check(
        "https://doi.org/10.1000/xyz.",
        &["https://doi.org/10.1000/xyz"],
    );
    check("doi.org/10.1000/xyz", &["doi.org/10.1000/xyz"]);
    check(
        "<10.1000/xyz> 10.5/10 110.1000/x 10.1000.5/x",
        &["10.1000/xyz", "10.1000.5/x"],
    );
    check("arXiv:2101.00001v2.", &["arXiv:2101.00001v2"]);
    check("arXiv: hep-th/9901001 [hep-th]", &["arXiv: hep-th/9901001"]);
    check(
        "arXiv:math.GT/0309136 and arXiv 1501.0001",
        &["arXiv:math.GT/0309136", "arXiv 1501.0001"],
    );
    check("arXiv said 2101 and arXiv:21", &[]);
    check("hdl:2027/mdp.39015, hdl:", &["hdl:2027/mdp.39015"]);
    check(
        "PMID: 12345678; PMCID: PMC1234567.",
        &["PMID: 12345678", "PMCID: PMC1234567"],
    );
    check("PMC1234567 and PMC 12 and pmidship", &["PMC1234567"]);
    // Nothing.
    check("https:// and http://. and ://x", &[]);
    check("ISBN 978-3-16-148410-0", &[]);
}

#[test]
fn words_stand_for_an_address() {
    let check = |words: &str, expected: Option<&str>| {
        assert_eq!(stands_for(words).as_deref(), expected, "{words}");
    };
    check("https://example.org/a", None);
    check("mailto:a@example.org", None);
    check("/about", None);
    check("page.html", None);
    check("images/x.org/a", None);
    check("www.example.org", Some("http://www.example.org"));
    check("example.org/a", Some("http://example.org/a"));
    check(
        "hxxps://example[.]org/a[.]b",
        Some("https://example.org/a[.]b"),
    );
    check("hxxp://example.org/", Some("http://example.org/"));
    check("example[dot]org", Some("http://example.org"));
    check("https[:]//example(.)org", Some("https://example.org"));
    check("doi:10.1000/A#1", Some("https://doi.org/10.1000/A%231"));
    check("DOI 10.1000/a", Some("https://doi.org/10.1000/a"));
    check("info:doi/10.1000/a", Some("https://doi.org/10.1000/a"));
    check("10.1000/a", Some("https://doi.org/10.1000/a"));
    check(
        "arXiv:2101.00001v2",
        Some("https://arxiv.org/abs/2101.00001v2"),
    );
    check(
        "arXiv: hep-th/9901001",
        Some("https://arxiv.org/abs/hep-th/9901001"),
    );
    check("hdl:2027/x", Some("https://hdl.handle.net/2027/x"));
    check("PMID: 123", Some("https://pubmed.ncbi.nlm.nih.gov/123/"));
    check(
        "PMCID: PMC123",
        Some("https://pmc.ncbi.nlm.nih.gov/articles/PMC123/"),
    );
    check(
        "https://exam\u{ad}ple.org/\u{200b}a",
        Some("https://example.org/a"),
    );
}

proptest! {
    #[test]
    fn addresses_lie_apart_and_inside_the_text(
        text in "(https?://|www\\.|10\\.1000/|arXiv:|hxxp|doi:|PMC|[a-z0-9.:/()\\[\\]<>é日\\u{200b}' ]){0,30}",
    ) {
        let mut end = 0;
        for span in printed(&text) {
            prop_assert!(span.start >= end && span.end <= text.len());
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            prop_assert!(!span.is_empty());
            end = span.end;
        }
    }

    #[test]
    fn an_address_alone_is_found_whole(address in "https?://[a-z]{1,9}\\.org(/[a-zA-Z0-9_~%+=&-]{1,12}){0,3}/") {
        let found: Vec<_> = printed(&address).collect();
        prop_assert_eq!(found, vec![ByteSpan::new(0, address.len())]);
    }

    #[test]
    fn no_words_panic(words in "\\PC{0,40}") {
        let _ = stands_for(&words);
        let _ = printed(&words).count();
    }
}
