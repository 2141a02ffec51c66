//! Promises of the judge as an editor would say them: quotations, numbers and dates compared with
//! what the archived source says, and the difference told in words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::clock::Clock;
use ibid::evidence::{Difference, Evidence, EvidenceKind, Verdict};
use ibid::report::{CitationEntry, Report};
use std::borrow::Cow;
use support::desk::Desk;
use support::web::{Answer, Web};

const HOST: &str = "127.0.57.1";

fn desk(document: &str, settings: &str) -> Desk {
    Desk::new(document, settings, "127.0.57.*")
}

fn citation<'r>(report: &'r Report, url: &str) -> Cow<'r, CitationEntry> {
    let found = report
        .citations
        .iter()
        .find(|citation| citation.source == url);
    found.unwrap_or_else(|| panic!("{url} is not cited"))
}

fn evidence(report: &Report, url: &str) -> Evidence {
    citation(report, url).evidence.clone().unwrap()
}

fn codes(citation: &CitationEntry) -> Vec<&str> {
    citation
        .reasons
        .iter()
        .map(|reason| reason.code.as_str())
        .collect()
}

fn reason<'r>(citation: &'r CitationEntry, code: &str) -> &'r str {
    let found = citation.reasons.iter().find(|reason| reason.code == code);
    &found
        .unwrap_or_else(|| panic!("{code} is not among {:?}", citation.reasons))
        .text
}

fn page(title: &str, paragraphs: &[&str]) -> Answer {
    let body: String = paragraphs
        .iter()
        .map(|text| format!("<p>{text}</p>"))
        .collect();
    Answer::html(&format!(
        "<!doctype html><html lang=en><title>{title}</title><nav><a href=/>Home</a> <a href=/all>All \
         reports</a></nav><main><h1>{title}</h1>{body}</main><footer>Made in Lark</footer>"
    ))
}

/// What was said in a valley about a treaty, a strike and a flood: stand-ins for the sources of a report.
async fn valley() -> Web {
    let treaty = [
        "The envoys of the lake towns met for two days in Harrow and spoke of the grain that the upland sends.",
        "Any further loan, they wrote, <em>must depend&nbsp;on</em> reforms, and above all on “full respect for \
         human rights” in the upland’s mines, where inspectors have been turned away since 2009.",
        "The upland’s minister, Oran Tessel, called the paper a letter from people who had never been cold.",
    ];
    let strike = [
        "The miners of Upper Lark had been on strike for seven months when the guard moved in on 16 December 2011.",
        "In the square 14 people were killed and more than sixty were hurt, the inquiry of the lake towns found.",
        "What followed was, in the words of its chair, “a clamp\u{ad}down on opposition of a kind that this valley \
         had not seen in thirty years”.",
    ];
    let flood = [
        "The flood of March took the bridge at Lark and twelve per cent of the vineyards below it.",
        "Repairs will cost 4.5 million crowns, the district council said, and last until 2014.",
    ];
    Web::builder()
        .page(HOST, "/treaty", page("Envoys warn the upland", &treaty))
        .page(
            HOST,
            "/strike",
            page("The inquiry into the strike", &strike),
        )
        .page(HOST, "/treaty-b", page("Envoys warn the upland", &treaty))
        .page(HOST, "/treaty-c", page("Envoys warn the upland", &treaty))
        .page(
            HOST,
            "/strike-b",
            page("The inquiry into the strike", &strike),
        )
        .page(HOST, "/flood", page("After the flood", &flood))
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn quotations_are_judged_and_shown_in_their_place() {
    let web = valley().await;
    let url = |path: &str| web.url(HOST, path);
    let desk = desk(
        &format!(
            "The envoys said that loans \"must depend on\" reforms and on \"full respect for human rights\" \
             [in the mines]({treaty}). The inquiry spoke of a \"clampdown on opposition\" [after the \
             strike]({strike}).\n\n\
             The upland's minister said the paper came from [\"people who had always been cold\"]({treaty}-b).\n\n\
             He also spoke of [\"a harvest of stones and thistles\"]({treaty}-c).\n",
            treaty = url("/treaty"),
            strike = url("/strike"),
        ),
        "",
    );
    let report = desk.check_at(&Clock::system()).await;

    let treaty = evidence(&report, &url("/treaty"));
    assert_eq!(treaty.kind, EvidenceKind::Quoted, "{treaty:#?}");
    for quotation in &treaty.quotations {
        assert!(
            quotation.found && quotation.difference.is_empty(),
            "{quotation:?}"
        );
        let passage = &treaty.passages[quotation.passage.unwrap()];
        let marked = passage.marks.iter().any(|(start, end)| {
            let words = passage.text[*start..*end].replace('\u{a0}', " ");
            words.contains(&quotation.text)
        });
        assert!(marked, "{passage:?}");
    }
    assert_eq!(
        citation(&report, &url("/treaty")).verdict,
        Some(Verdict::Sound)
    );
    let strike = evidence(&report, &url("/strike"));
    assert_eq!(strike.kind, EvidenceKind::Quoted, "{strike:#?}");

    // A word that was changed is told, and stands beside the source's.
    let changed = citation(&report, &url("/treaty-b"));
    let quotation = &changed.evidence.as_ref().unwrap().quotations[0];
    assert!(quotation.altered && !quotation.found);
    assert!(
        quotation
            .difference
            .contains(&Difference::OnlyInText("always".to_owned()))
    );
    assert!(
        quotation
            .difference
            .contains(&Difference::OnlyInSource("never".to_owned()))
    );
    assert_eq!(
        changed.evidence.as_ref().unwrap().kind,
        EvidenceKind::Partial
    );
    assert_eq!(changed.verdict, Some(Verdict::Attention));
    assert_eq!(
        reason(&changed, "quotation-altered"),
        "The words quoted differ: the source says “people who had never been cold”, the text quotes \
         “people who had always been cold”."
    );

    // Words that nobody said are not found, and no difference is made up.
    let missing = citation(&report, &url("/treaty-c"));
    let quotation = &missing.evidence.as_ref().unwrap().quotations[0];
    assert!(!quotation.found && !quotation.altered && quotation.difference.is_empty());
    assert!(reason(&missing, "quotation-not-found").contains("a harvest of stones and thistles"));
    web.finish();
}

#[tokio::test]
async fn a_number_that_differs_is_told_in_words() {
    let web = valley().await;
    let url = |path: &str| web.url(HOST, path);
    let desk = desk(
        &format!(
            "On 16 December 2011 in the square of Upper Lark [16 people were killed]({strike}), the inquiry found.\n\n\
             The flood took the bridge at Lark and [12 % of the vineyards]({flood}) below it.\n\n\
             The inquiry found that [more than a dozen people were killed]({strike}-b) in the square at Upper Lark.\n",
            strike = url("/strike"),
            flood = url("/flood"),
        ),
        "",
    );
    let report = desk.check_at(&Clock::system()).await;

    let strike = citation(&report, &url("/strike"));
    assert_eq!(
        strike.evidence.as_ref().unwrap().kind,
        EvidenceKind::Partial,
        "{strike:#?}"
    );
    assert_eq!(strike.verdict, Some(Verdict::Attention));
    assert_eq!(
        reason(&strike, "contradicted"),
        "The source says 14 people were killed, the text says 16."
    );
    let facts = &strike.evidence.as_ref().unwrap().facts;
    let day = facts
        .iter()
        .find(|fact| fact.text == "16 December 2011")
        .unwrap();
    assert!(day.found);

    // The same values in other notations are the same.
    for path in ["/flood", "/strike-b"] {
        let same = citation(&report, &url(path));
        assert_eq!(same.verdict, Some(Verdict::Sound), "{same:#?}");
    }
    web.finish();
}

#[tokio::test]
async fn sources_cited_together_are_judged_together_and_each_alone() {
    let web = valley().await;
    let url = |path: &str| web.url(HOST, path);
    let desk = desk(
        &format!(
            "The guard moved in on the miners of Upper Lark [on 16 December 2011]({strike}), and the flood of \
             March took the bridge at Lark, whose repairs [cost 4.5 million crowns]({flood}).\n",
            strike = url("/strike"),
            flood = url("/flood"),
        ),
        "",
    );
    let report = desk.check_at(&Clock::system()).await;
    for path in ["/strike", "/flood"] {
        let own = citation(&report, &url(path));
        assert_eq!(
            own.evidence.as_ref().unwrap().kind,
            EvidenceKind::Partial,
            "{own:#?}"
        );
        assert_eq!(own.together, Some(EvidenceKind::Supported));
        assert_eq!(own.verdict, Some(Verdict::Sound));
        assert_eq!(codes(&own)[0], "supported-together");
    }
    web.finish();
}

#[tokio::test]
async fn an_editor_may_overrule_the_judge_until_a_day() {
    let web = valley().await;
    let url = web.url(HOST, "/strike");
    let settings = format!(
        "[[source]]\nurl = \"{url}\"\naccept = \"two of the hurt died later, says the ministry\"\nuntil = 2026-05-02\n"
    );
    let desk = desk(
        &format!(
            "In the square of Upper Lark [16 people were killed]({url}), the inquiry found.\n"
        ),
        &settings,
    );
    let on = |day: u64| {
        Clock::fixed(format!("2026-05-0{day}T08:00:00Z").parse().unwrap()).starting_at(day * 1000)
    };
    let report = desk.check_at(&on(2)).await;
    let accepted = citation(&report, &url);
    assert_eq!(accepted.verdict, Some(Verdict::Sound));
    assert_eq!(codes(&accepted)[..2], ["accepted", "contradicted"]);
    assert_eq!(
        reason(&accepted, "accepted"),
        "Accepted by the editor (until 2026-05-02): two of the hurt died later, says the ministry."
    );
    // What the source shows stays what it is.
    assert_eq!(
        accepted.evidence.as_ref().unwrap().kind,
        EvidenceKind::Partial
    );
    let report = desk.check_at(&on(3)).await;
    let expired = citation(&report, &url);
    assert_eq!(expired.verdict, Some(Verdict::Attention));
    assert!(!codes(&expired).contains(&"accepted"));
    web.finish();
}
