//! Promises of a check as an editor would say them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::archive::Archive;
use ibid::check::{self, Silent, input::Input};
use ibid::clock::Clock;
use ibid::evidence::{Content, EvidenceKind, Verdict};
use ibid::fetch::Status;
use ibid::report::{CitationEntry, Report, SourceEntry};
use std::borrow::Cow;
use std::sync::Arc;
use support::desk::Desk;
use support::web::{Answer, Fault, Web};

/// A desk whose sources lie on this file's hosts.
fn desk(document: &str) -> Desk {
    desk_with(document, "")
}

fn desk_with(document: &str, settings: &str) -> Desk {
    Desk::new(document, settings, "127.0.50.*")
}

fn source<'r>(report: &'r Report, url: &str) -> Cow<'r, SourceEntry> {
    let sources = report.sources.as_ref().unwrap();
    sources
        .iter()
        .find(|source| source.url == url)
        .unwrap_or_else(|| {
            panic!(
                "{url} is not among {:?}",
                sources.iter().map(|s| s.url.clone()).collect::<Vec<_>>()
            )
        })
}

fn citation<'r>(report: &'r Report, url: &str) -> Cow<'r, CitationEntry> {
    report
        .citations
        .iter()
        .find(|citation| citation.source == url)
        .unwrap()
}

const MUSEUM: &str = "<!doctype html><html lang=en><title>The museum</title><main>\
    <h1>The museum</h1><p>The museum on the hill was opened on 4 May 1998 by the mayor. \
    It holds 312 paintings, most of them of the sea, and two old boats.</p>\
    <p>“We never thought that anyone would come,” its first keeper used to say.</p>\
    <p>The museum is open every day but Monday, and children pay nothing.</p></main>";

#[tokio::test]
async fn every_verdict_is_explained_and_its_evidence_is_archived() {
    let web = Web::builder()
        .page("127.0.50.1", "/museum", Answer::html(MUSEUM))
        .page("127.0.50.1", "/gone", Answer::not_found())
        .page(
            "127.0.50.1",
            "/closed",
            Answer::html("<h1>No</h1>").status(403),
        )
        .page("127.0.50.1", "/old", Answer::redirect(308, "/museum"))
        .start()
        .await
        .unwrap();
    let url = |path: &str| web.url("127.0.50.1", path);
    let desk = desk(&format!(
        "The museum [holds 312 paintings]({}), most of them of the sea. “We never thought that \
         anyone would come,” [said its keeper]({}). It has [a café]({}) and \
         [a library]({}).\n",
        url("/museum"),
        url("/old"),
        url("/gone"),
        url("/closed"),
    ));
    let report = desk.check().await;
    assert_eq!(source(&report, &url("/museum")).status, Status::Live);
    assert_eq!(source(&report, &url("/gone")).status, Status::Dead);
    assert_eq!(source(&report, &url("/closed")).status, Status::Blocked);
    let moved = source(&report, &url("/old"));
    assert_eq!(moved.status, Status::Moved);
    assert_eq!(moved.final_url.as_deref(), Some(url("/museum").as_str()));
    assert_eq!(moved.redirects.len(), 1);

    let paintings = citation(&report, &url("/museum"));
    assert_eq!(
        paintings.evidence.as_ref().unwrap().kind,
        EvidenceKind::Supported,
        "{paintings:?}"
    );
    assert_eq!(paintings.verdict, Some(Verdict::Sound));
    let keeper = citation(&report, &url("/old"));
    assert_eq!(keeper.evidence.as_ref().unwrap().kind, EvidenceKind::Quoted);
    assert_eq!(keeper.verdict, Some(Verdict::Attention), "it moved");
    assert_eq!(
        citation(&report, &url("/gone")).verdict,
        Some(Verdict::Broken)
    );
    assert_eq!(
        citation(&report, &url("/closed")).verdict,
        Some(Verdict::Attention),
        "a block is no death"
    );
    for citation in report.citations.iter() {
        assert!(!citation.reasons.is_empty(), "{citation:?}");
        assert!(
            citation
                .reasons
                .iter()
                .all(|reason| reason.text.ends_with(['.', '”']) || reason.text.contains("http"))
        );
    }

    // What the report says of the passage can be looked up in the archive.
    let archive = Archive::read(desk.archive()).unwrap();
    let capture = archive.answer(&url("/museum"), None).unwrap().unwrap();
    let museum = source(&report, &url("/museum"));
    let entry = museum.capture.as_ref().unwrap();
    assert_eq!(entry.sha256, capture.digest.to_hex());
    let text = check::text_of_held(archive.load(&capture).unwrap(), &desk.config.policy.limits);
    for passage in &paintings.evidence.as_ref().unwrap().passages {
        assert_eq!(&text.text[passage.start..passage.end], passage.text);
    }
    // The report itself is kept.
    let kept = archive
        .run_report(&report.run.as_ref().unwrap().id)
        .unwrap()
        .unwrap();
    assert_eq!(serde_json::from_slice::<Report>(&kept).unwrap(), report);
    support::keep_warcs("verdicts", desk.archive());
    web.finish();
}

#[tokio::test]
async fn a_change_is_told_from_the_claims_side() {
    let web = Web::builder()
        .page("127.0.50.2", "/touched", Answer::html(MUSEUM))
        .page("127.0.50.2", "/untouched", Answer::html(MUSEUM))
        .page("127.0.50.2", "/same", Answer::html(MUSEUM))
        .page("127.0.50.2", "/tagged", Answer::html(MUSEUM).etag("\"1\""))
        .page("127.0.50.2", "/attributes", Answer::html(MUSEUM))
        .start()
        .await
        .unwrap();
    let url = |path: &str| web.url("127.0.50.2", path);
    let claim = |path: &str| {
        format!(
            "The museum was [opened on 4 May 1998]({}) by the mayor.\n\n",
            url(path)
        )
    };
    let all = ["/touched", "/untouched", "/same", "/tagged", "/attributes"];
    let desk = desk(&all.map(claim).concat());
    let first = desk.check().await;
    for path in all {
        assert_eq!(
            source(&first, &url(path)).content,
            Some(Content::First),
            "{path}"
        );
        assert_eq!(
            citation(&first, &url(path)).verdict,
            Some(Verdict::Sound),
            "{path}"
        );
    }
    let touched = MUSEUM.replace(
        "The museum on the hill was opened on 4 May 1998 by the mayor. It holds",
        "Tickets are sold at the harbour. The new building holds",
    );
    assert_ne!(touched, MUSEUM);
    web.replace("127.0.50.2", "/touched", Answer::html(&touched));
    let untouched = MUSEUM.replace(
        "every day but Monday",
        "from Thursday to Sunday in the summer months",
    );
    web.replace("127.0.50.2", "/untouched", Answer::html(&untouched));
    let attributes = MUSEUM.replace("<main>", "<main class=\"x7f\">");
    web.replace("127.0.50.2", "/attributes", Answer::html(&attributes));

    let second = desk.check().await;
    let content = |path: &str| source(&second, &url(path)).content;
    assert_eq!(content("/same"), Some(Content::Identical));
    assert_eq!(content("/tagged"), Some(Content::Identical), "by 304");
    assert_eq!(content("/attributes"), Some(Content::Cosmetic));
    assert_eq!(content("/untouched"), Some(Content::Drifted));
    assert_eq!(content("/touched"), Some(Content::Drifted));
    let verdict = |path: &str| citation(&second, &url(path)).verdict;
    assert_eq!(verdict("/same"), Some(Verdict::Sound));
    assert_eq!(verdict("/tagged"), Some(Verdict::Sound));
    assert_eq!(verdict("/attributes"), Some(Verdict::Sound));
    assert_eq!(
        verdict("/untouched"),
        Some(Verdict::Sound),
        "the change does not touch the claim"
    );
    assert_ne!(
        verdict("/touched"),
        Some(Verdict::Sound),
        "{:?}",
        citation(&second, &url("/touched"))
    );
    let conditional = web
        .requests()
        .iter()
        .filter(|seen| seen.field("if-none-match") == Some("\"1\""))
        .count();
    assert_eq!(conditional, 1);
    support::keep_warcs("drift", desk.archive());
    web.finish();
}

#[tokio::test]
async fn a_soft_404_is_told_and_a_page_about_missing_things_is_not() {
    let missing = "<!doctype html><title>Page not found</title><h1>Page not found</h1>\
                   <p>The page you asked for does not exist.</p>";
    let web = Web::builder()
        .otherwise("127.0.50.3", Answer::html(missing))
        .page("127.0.50.3", "/real", Answer::html(MUSEUM))
        .start()
        .await
        .unwrap();
    let url = |path: &str| web.url("127.0.50.3", path);
    let desk = desk(&format!(
        "A [lost report]({}) and the museum with its [312 paintings]({}).\n",
        url("/reports/lost"),
        url("/real"),
    ));
    let report = desk.check().await;
    let lost = source(&report, &url("/reports/lost"));
    assert_eq!(lost.status, Status::Dead, "{}", lost.reason);
    assert!(
        lost.reason_code.starts_with("soft-404"),
        "{}",
        lost.reason_code
    );
    assert_eq!(source(&report, &url("/real")).status, Status::Live);
    web.finish();
}

#[tokio::test]
async fn unreachable_is_not_dead_before_three_checks_over_three_days() {
    let desk = desk("As the [log](http://127.0.50.99:9/log) says.\n");
    let url = "http://127.0.50.99:9/log";
    let day = |day: &str| Clock::fixed(format!("2026-05-{day}T08:00:00Z").parse().unwrap());
    for (when, expected) in [
        ("01", Status::Unreachable),
        ("02", Status::Unreachable),
        ("03", Status::Unreachable),
        ("04", Status::Dead),
        ("05", Status::Dead),
    ] {
        // Two clocks that give the same identifiers would make two runs one.
        let report = desk
            .check_at(&day(when).starting_at(when.parse::<u64>().unwrap() * 1000))
            .await;
        let source = source(&report, url);
        assert_eq!(
            source.status, expected,
            "on the {when}th: {}",
            source.reason
        );
    }
}

#[tokio::test]
async fn what_an_editor_accepted_is_sound_until_its_day() {
    let web = Web::builder()
        .page("127.0.50.4", "/x", Answer::not_found())
        .start()
        .await
        .unwrap();
    let url = web.url("127.0.50.4", "/x");
    let settings = format!(
        "[[source]]\nurl = \"{url}\"\naccept = \"withdrawn, we hold a copy\"\nuntil = 2026-05-02\n"
    );
    let desk = desk_with(&format!("It was [said]({url}) so.\n"), &settings);
    let on = |day: u64| {
        Clock::fixed(format!("2026-05-0{day}T08:00:00Z").parse().unwrap()).starting_at(day * 1000)
    };
    let accepted = desk.check_at(&on(2)).await;
    assert_eq!(citation(&accepted, &url).verdict, Some(Verdict::Sound));
    assert_eq!(citation(&accepted, &url).reasons[0].code, "accepted");
    assert_eq!(
        source(&accepted, &url).status,
        Status::Dead,
        "the status stays what it is"
    );
    let expired = desk.check_at(&on(3)).await;
    assert_eq!(citation(&expired, &url).verdict, Some(Verdict::Broken));
    web.finish();
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused_with_a_reason() {
    let web = Web::builder()
        .page(
            "127.0.50.5",
            "/inside",
            Answer::redirect(302, "http://127.0.60.1:9/secret"),
        )
        .start()
        .await
        .unwrap();
    let through = web.url("127.0.50.5", "/inside");
    let refused = [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://intern.example/",
        through.as_str(),
    ];
    let text: String = refused
        .iter()
        .map(|url| format!("See <{url}>.\n\n"))
        .collect();
    let mut desk = desk(&text);
    desk.config.policy.static_names.insert(
        "intern.example".to_owned(),
        vec!["127.0.0.1".parse().unwrap()],
    );
    let report = desk.check().await;
    let sources = report.sources.as_ref().unwrap();
    // Three spellings of 127.0.0.1 are one source.
    assert_eq!(
        sources.len(),
        7,
        "{:?}",
        sources.iter().map(|s| s.url.clone()).collect::<Vec<_>>()
    );
    for source in sources.iter() {
        assert_eq!(
            source.status,
            Status::Skipped,
            "{}: {}",
            source.url,
            source.reason
        );
        assert_eq!(source.reason_code, "refused-address", "{}", source.url);
    }
    assert_eq!(web.requests().len(), 1, "only the allowed host was asked");
    assert!(
        report
            .citations
            .iter()
            .all(|citation| citation.verdict == Some(Verdict::Attention))
    );
    web.finish();
}

#[tokio::test]
async fn a_page_list_is_put_on_its_sentences_with_the_sources_own_words() {
    let page = |title: &str, text: &str| {
        Answer::html(&format!(
            "<!doctype html><title>{title}</title><main><h1>{title}</h1><p>{text}</p></main>"
        ))
    };
    let web = Web::builder()
        .page(
            "port.example",
            "/doc/1",
            page(
                "Arrivals in the port",
                "In May ninety-one ships with grain arrived in the port.",
            ),
        )
        .page(
            "town.example",
            "/doc/2",
            page(
                "New school opened",
                "The mayor opened the new school at the mill.",
            ),
        )
        .start()
        .await
        .unwrap();
    let text = "Report on the town\n\nIn May ninety-one ships with grain arrived, more than ever. \
                The weather was mild. Nobody complained. The mayor opened a school at the old mill.\n\n\
                http://port.example/doc/1\nhttp://town.example/doc/2\n";
    let mut desk = desk("");
    let path = desk.folder.path().join("report.txt");
    std::fs::write(&path, text).unwrap();
    desk.config.policy.proxy = Some(web.proxy_url());
    let report = check::run(
        &[Input::File(path)],
        &desk.config,
        &Clock::system(),
        Arc::new(Silent),
    )
    .await
    .unwrap();
    assert!(
        citation(&report, "http://port.example/doc/1")
            .claim
            .text
            .starts_with("In May ninety-one ships")
    );
    assert!(
        citation(&report, "http://town.example/doc/2")
            .claim
            .text
            .starts_with("The mayor opened a school")
    );
    // The report says what the sources' words did.
    for url in ["http://port.example/doc/1", "http://town.example/doc/2"] {
        let reasons = &citation(&report, url).reasons;
        assert!(
            reasons
                .iter()
                .any(|reason| reason.code.ends_with("-by-content")),
            "{reasons:?}"
        );
    }
    web.finish();
}

#[tokio::test]
async fn a_web_page_can_be_the_document() {
    let web = Web::builder()
        .page(
            "127.0.50.6",
            "/story",
            Answer::html(
                "<!doctype html><title>Story</title><article><p>The museum \
             <a href=\"/museum\">holds 312 paintings</a>, most of them of the sea.</p></article>",
            ),
        )
        .page("127.0.50.6", "/museum", Answer::html(MUSEUM))
        .start()
        .await
        .unwrap();
    let desk = desk("");
    let story = url::Url::parse(&web.url("127.0.50.6", "/story")).unwrap();
    let report = check::run(
        &[Input::Web(story.clone())],
        &desk.config,
        &Clock::system(),
        Arc::new(Silent),
    )
    .await
    .unwrap();
    assert_eq!(report.documents[0].error, None);
    assert_eq!(report.citations.len(), 1);
    assert_eq!(
        report.citations.first().unwrap().source,
        web.url("127.0.50.6", "/museum")
    );
    assert_eq!(
        report.citations.first().unwrap().verdict,
        Some(Verdict::Sound)
    );
    let archive = Archive::read(desk.archive()).unwrap();
    assert!(
        archive.answer(story.as_str(), None).unwrap().is_some(),
        "the document is archived too"
    );
    web.finish();
}

#[tokio::test]
async fn the_password_in_a_documents_address_is_in_no_report() {
    let web = Web::builder().page("127.0.50.9", "/", Answer::html(MUSEUM));
    let web = web.start().await.unwrap();
    let mut story = url::Url::parse(&web.url("127.0.50.9", "/")).unwrap();
    let plain = story.to_string();
    story.set_username("editor").unwrap();
    story.set_password(Some("hunter2")).unwrap();
    let (desk, inputs) = (desk(""), [Input::Web(story)]);
    let clock = Clock::system();
    let checked = check::run(&inputs, &desk.config, &clock, Arc::new(Silent)).await;
    let reports = [checked.unwrap(), check::citations(&inputs, &desk.config)];
    for report in reports {
        assert_eq!(report.documents[0].path, plain);
        let json = serde_json::to_string(&report).unwrap();
        assert!(!json.contains("hunter2"), "{json}");
    }
    web.finish();
}

#[tokio::test]
async fn a_web_page_that_comes_in_part_is_no_document() {
    let cut = Answer::fault(Fault::CutBody(100));
    let web = Web::builder().page("127.0.50.8", "/", cut).start();
    let web = web.await.unwrap();
    let story = url::Url::parse(&web.url("127.0.50.8", "/")).unwrap();
    let desk = desk("");
    let report = check::run(
        &[Input::Web(story)],
        &desk.config,
        &Clock::system(),
        Arc::new(Silent),
    )
    .await
    .unwrap();
    let document = &report.documents[0];
    let expected = "only its first 100 bytes came, because the connection ended too soon";
    assert_eq!(document.error.as_deref(), Some(expected));
    web.finish();
}

#[tokio::test]
async fn the_files_that_a_document_names_as_its_parts_are_archived_with_it() {
    let web = Web::builder()
        .page("127.0.50.8", "/museum", Answer::html(MUSEUM))
        .start()
        .await
        .unwrap();
    let desk = desk("");
    let folder = desk.folder.path();
    let bib = format!(
        "@online{{museum, title = {{The museum}}, url = {{{}}}}}\n",
        web.url("127.0.50.8", "/museum")
    );
    std::fs::write(folder.join("list.bib"), &bib).unwrap();
    std::fs::write(folder.join("unused.bib"), "@misc{a, title = {x}}\n").unwrap();
    let paper = folder.join("paper.tex");
    let text = "\\documentclass{article}\\begin{document}\n\
        The museum holds 312 paintings \\cite{museum}.\n\\bibliography{list}\n\\end{document}\n";
    std::fs::write(&paper, text).unwrap();
    let inputs = [Input::File(paper)];
    let report = check::run(&inputs, &desk.config, &Clock::system(), Arc::new(Silent))
        .await
        .unwrap();
    assert_eq!(report.citations.len(), 1);
    assert_eq!(
        report.citations.first().unwrap().verdict,
        Some(Verdict::Sound)
    );
    let parts = &report.documents[0].parts;
    assert_eq!(parts.len(), 1, "{parts:?}");
    assert!(parts[0].path.ends_with("list.bib"), "{parts:?}");
    let digest = ibid::archive::Digest::of(bib.as_bytes());
    assert_eq!(parts[0].sha256, digest.to_hex());
    let mut held = Vec::new();
    for file in glob::glob(&format!("{}/**/*.warc.gz", desk.archive().display())).unwrap() {
        let file = std::fs::File::open(file.unwrap()).unwrap();
        let mut records = ibid::archive::warc::Reader::new(file, 0).unwrap();
        while let Some(record) = records.next().unwrap() {
            held.push(record.unwrap().record.block);
        }
    }
    let is_held = |text: &str| {
        held.iter()
            .filter(|block| **block == text.as_bytes())
            .count()
    };
    assert_eq!((is_held(&bib), is_held(text)), (1, 1));
    web.finish();
}
