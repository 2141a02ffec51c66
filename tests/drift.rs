//! What became of the passage that carries a claim, as an editor would say it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::check::{self, Silent, input::Input};
use ibid::clock::Clock;
use ibid::evidence::drift::FateWord;
use ibid::evidence::{Content, EvidenceKind, Verdict};
use ibid::report::{CitationEntry, Report, SourceEntry, html, terminal};
use std::borrow::Cow;
use std::sync::Arc;
use support::desk::Desk;
use support::web::{Answer, Web};

const HOST: &str = "127.0.56.1";
const CLAIM: &str = "The lighthouse at Torn was lit by 412 oil lamps until 1931";
const PASSAGE: &str = "Until 1931 the lighthouse at Torn was lit by 412 oil lamps, which two keepers filled each evening.";

/// A page with a passage in the middle of other paragraphs, and what comes and goes around it.
fn page(title: &str, before: &str, passage: &str, after: &str, passing: [&str; 3]) -> Answer {
    let [day, views, advertisement] = passing;
    Answer::html(&format!(
        "<!doctype html><html lang=en><title>{title}</title><body>\
         <nav><a href=/>Home</a> <a href=/boats>Boats</a></nav>\
         <p class=today>{day}</p>\
         <article><h1>{title}</h1><p>{before}</p>\
         <div class=promo>{advertisement}</div>\
         <p>{passage}</p><p>{after}</p><p>{views}</p></article>\
         <footer>Torn Harbour Museum</footer></body></html>"
    ))
}

const BEFORE: &str = "Torn lies at the mouth of the fjord, where the current is strong and the rocks lie \
    just below the water, and ships were lost there every winter before the tower was built.";
const AFTER: &str = "The tower is open to visitors from June to August, and the stairs are steep; \
    children below the age of ten climb them only with somebody who holds their hand.";
const OTHER_BEFORE: &str = "A fishing village of some ninety houses grew on the shore in the age of herring; \
    most of them stand empty now, and only in summer is there light in their windows at night.";
const OTHER_AFTER: &str = "Whoever wants to see the lamp room writes to the harbour office, pays nothing, \
    and is rowed across by the pilot whenever the wind allows it and he has nothing else to do.";
const PASSING: [&str; 3] = [
    "Saturday, 2 May 2026",
    "Views: 1,204",
    "Advertisement: Rain coats for half the money at Berg and Sons",
];

fn desk(web: &Web) -> Desk {
    let url = web.url(HOST, "/tower");
    let draft = format!("{CLAIM}, as the [museum]({url}) writes.\n");
    Desk::new(&draft, "", "127.0.56.*")
}

/// Checks as if it were that day.
async fn check_on(desk: &Desk, day: &str) -> Report {
    let moment: jiff::Timestamp = format!("{day}T08:00:00Z").parse().unwrap();
    let clock = Clock::fixed(moment).starting_at(moment.as_second().unsigned_abs());
    desk.check_at(&clock).await
}

async fn web_with(answer: Answer) -> Web {
    Web::builder()
        .page(HOST, "/tower", answer)
        .start()
        .await
        .unwrap()
}

fn only(report: &Report) -> (Cow<'_, SourceEntry>, Cow<'_, CitationEntry>) {
    let source = report.sources.as_ref().unwrap().first().unwrap();
    (source, report.citations.first().unwrap())
}

fn kind(citation: &CitationEntry) -> EvidenceKind {
    citation.evidence.as_ref().unwrap().kind
}

fn code(citation: &CitationEntry) -> &str {
    &citation.reasons[0].code
}

fn on_terminal(report: &Report) -> String {
    let text = terminal::render(
        report,
        terminal::Options {
            width: 200,
            colour: false,
            verbose: true,
        },
    );
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_source_that_changes_everything_but_the_passage_stays_supported_and_says_drifted() {
    let web = web_with(page("The tower of Torn", BEFORE, PASSAGE, AFTER, PASSING)).await;
    let desk = desk(&web);
    let first = check_on(&desk, "2026-05-02").await;
    let (source, citation) = only(&first);
    assert_eq!(source.content, Some(Content::First));
    assert_eq!(
        (kind(&citation), citation.verdict),
        (EvidenceKind::Supported, Some(Verdict::Sound))
    );

    web.replace(
        HOST,
        "/tower",
        page(
            "The tower of Torn",
            OTHER_BEFORE,
            PASSAGE,
            OTHER_AFTER,
            PASSING,
        ),
    );
    let second = check_on(&desk, "2026-05-03").await;
    let (source, citation) = only(&second);
    assert_eq!(source.content, Some(Content::Drifted));
    assert!(source.changed.unwrap() > 0.5, "{source:?}");
    let blocks = source.blocks.as_ref().unwrap();
    assert_eq!((blocks.added, blocks.removed), (2, 2), "{blocks:?}");
    assert_eq!(
        (kind(&citation), citation.verdict),
        (EvidenceKind::Supported, Some(Verdict::Sound))
    );
    assert_eq!(code(&citation), "drifted-elsewhere");
    assert_eq!(citation.drift, None, "nothing of the claim's has changed");
    let told = on_terminal(&second);
    assert!(
        told.contains("drifted since the earlier capture (2 blocks removed, 2 added)"),
        "{told}"
    );
    assert!(
        told.contains("The passage that carries this claim still stands."),
        "{told}"
    );
    web.finish();
}

#[tokio::test]
async fn a_source_that_changes_only_the_passage_is_news() {
    let web = web_with(page("The tower of Torn", BEFORE, PASSAGE, AFTER, PASSING)).await;
    let desk = desk(&web);
    check_on(&desk, "2026-05-02").await;
    let edited = PASSAGE.replace("412", "390");
    web.replace(
        HOST,
        "/tower",
        page("The tower of Torn", BEFORE, &edited, AFTER, PASSING),
    );
    let second = check_on(&desk, "2026-05-03").await;
    let (source, citation) = only(&second);
    assert_eq!(source.content, Some(Content::Drifted));
    assert!(source.changed.unwrap() < 0.1, "{source:?}");
    assert_eq!(citation.verdict, Some(Verdict::Attention));
    assert_eq!(code(&citation), "passage-changed");
    assert_eq!(
        citation.reasons[0].text,
        "The passage that carried this claim was changed between 2 May 2026 and 3 May 2026: “412” became “390”."
    );
    let drift = citation.drift.as_ref().unwrap();
    assert_eq!(drift.passages[0].fate, FateWord::Edited);
    assert_eq!(drift.passages[0].text, PASSAGE);
    let told = on_terminal(&second);
    assert!(
        told.contains("then: Until 1931 the lighthouse at Torn was lit by 412"),
        "{told}"
    );
    assert!(
        told.contains("now: Until 1931 the lighthouse at Torn was lit by 390"),
        "{told}"
    );
    let page = html::render(&second);
    assert!(page.contains("<del>412</del> <ins>390</ins>"), "{page}");
    web.finish();
}

#[tokio::test]
async fn advertisements_dates_and_counters_are_cosmetic() {
    let web = web_with(page("The tower of Torn", BEFORE, PASSAGE, AFTER, PASSING)).await;
    let desk = desk(&web);
    check_on(&desk, "2026-05-02").await;
    let other = [
        "Sunday, 3 May 2026",
        "Views: 1,377",
        "Advertisement: New boats for old ones, only this week at the yard in Lund",
    ];
    web.replace(
        HOST,
        "/tower",
        page("The tower of Torn", BEFORE, PASSAGE, AFTER, other),
    );
    let second = check_on(&desk, "2026-05-03").await;
    let (source, citation) = only(&second);
    assert_eq!(source.content, Some(Content::Cosmetic), "{source:?}");
    assert_eq!(source.changed, Some(0.0));
    assert_eq!(source.blocks, None);
    assert_eq!(
        (kind(&citation), citation.verdict),
        (EvidenceKind::Supported, Some(Verdict::Sound))
    );
    assert_eq!(code(&citation), "supported");
    web.finish();
}

#[tokio::test]
async fn a_passage_that_is_gone_is_told_with_its_dates_for_as_long_as_it_is_gone() {
    let standing = || page("The tower of Torn", BEFORE, PASSAGE, AFTER, PASSING);
    let web = web_with(standing()).await;
    let desk = desk(&web);
    for day in ["2026-04-30", "2026-05-01", "2026-05-02"] {
        check_on(&desk, day).await;
    }
    let without = |views: &str| {
        let gone = "Nobody knows any more who kept the tower in those days.";
        page(
            "The tower of Torn",
            BEFORE,
            gone,
            AFTER,
            [PASSING[0], views, PASSING[2]],
        )
    };
    let expected = "has been gone since 3 May 2026 (last seen on 2 May 2026): “Until 1931";
    // Another counter each day: other bytes each time, then the same for two days.
    for (day, views) in [
        ("2026-05-03", "Views: 1"),
        ("2026-05-04", "Views: 2"),
        ("2026-05-05", "Views: 3"),
        ("2026-05-06", "Views: 4"),
        ("2026-05-07", "Views: 4"),
    ] {
        web.replace(HOST, "/tower", without(views));
        let report = check_on(&desk, day).await;
        let (_, citation) = only(&report);
        assert_ne!(citation.verdict, Some(Verdict::Sound), "{day}");
        assert_eq!(code(&citation), "passage-gone", "{day}");
        assert!(
            citation.reasons[0].text.contains(expected),
            "{day}: {}",
            citation.reasons[0].text
        );
        let drift = citation.drift.as_ref().unwrap();
        assert!(
            drift.last_seen.starts_with("2026-05-02"),
            "{day}: {drift:?}"
        );
        assert!(drift.since.starts_with("2026-05-03"), "{day}: {drift:?}");
        assert_eq!(drift.passages[0].fate, FateWord::Absent);
    }
    // It is back: no news any more.
    web.replace(HOST, "/tower", standing());
    let report = check_on(&desk, "2026-05-08").await;
    let (_, citation) = only(&report);
    assert_eq!(
        (kind(&citation), citation.verdict),
        (EvidenceKind::Supported, Some(Verdict::Sound))
    );
    assert_eq!(citation.drift, None);
    web.finish();
}

#[tokio::test]
async fn another_page_at_the_address_is_replaced() {
    let web = web_with(page("The tower of Torn", BEFORE, PASSAGE, AFTER, PASSING)).await;
    let desk = desk(&web);
    check_on(&desk, "2026-05-02").await;
    let shop = Answer::html(&format!(
        "<!doctype html><html lang=en><title>Sweet deals</title><body><article><h1>Sweet deals</h1><p>{}</p>\
         <p>{}</p></article></body></html>",
        "Our casino welcomes every new player with a bonus of five hundred spins, and winnings go to your \
         account within minutes, whatever bank you use and wherever you live.",
        "Choose among nine hundred machines, roulette and poker tables with real dealers, and play from your \
         telephone while you travel, without any download at all.",
    ));
    web.replace(HOST, "/tower", shop);
    let report = check_on(&desk, "2026-05-03").await;
    let (source, citation) = only(&report);
    assert_eq!(source.content, Some(Content::Replaced), "{source:?}");
    assert_eq!(citation.verdict, Some(Verdict::Broken));
    assert_eq!(code(&citation), "replaced");
    assert!(
        citation.reasons[0]
            .text
            .contains("has been another since 3 May 2026"),
        "{:?}",
        citation.reasons
    );
    web.finish();
}

#[tokio::test]
async fn what_this_check_archived_is_no_earlier_capture() {
    // A document is fetched before the sources; here it is the source of another.
    let web = web_with(page("The tower of Torn", BEFORE, PASSAGE, AFTER, PASSING)).await;
    let desk = desk(&web);
    let tower = url::Url::parse(&web.url(HOST, "/tower")).unwrap();
    let inputs = [Input::Web(tower), Input::File(desk.document())];
    let check_on = async |day: &str| {
        let clock = Clock::fixed(format!("{day}T08:00:00Z").parse().unwrap());
        let report = check::run(&inputs, &desk.config, &clock, Arc::new(Silent)).await;
        let sources = report.unwrap().sources.unwrap();
        sources.first().unwrap().into_owned()
    };
    let first = check_on("2026-05-02").await;
    assert_eq!(first.content, Some(Content::First));
    let edited = PASSAGE.replace("412", "390");
    let edited = page("The tower of Torn", BEFORE, &edited, AFTER, PASSING);
    web.replace(HOST, "/tower", edited);
    let second = check_on("2026-05-03").await;
    assert_eq!(second.content, Some(Content::Drifted), "{second:?}");
    let earlier = second.earlier.unwrap();
    assert!(earlier.timestamp.starts_with("2026-05-02"), "{earlier:?}");
    web.finish();
}
