use super::*;
use crate::citation::{Basis, ByContent};
use crate::evidence::drift::{Earlier, FateWord, Piece, PieceKind, Trace};
use crate::evidence::{Content, Drift, Fact, FactKind, Quotation};

const KINDS: [EvidenceKind; 6] = [
    EvidenceKind::Quoted,
    EvidenceKind::Supported,
    EvidenceKind::Partial,
    EvidenceKind::NotFound,
    EvidenceKind::Unreadable,
    EvidenceKind::None,
];
const STATUSES: [Status; 6] = [
    Status::Live,
    Status::Moved,
    Status::Dead,
    Status::Unreachable,
    Status::Blocked,
    Status::Skipped,
];
const CONTENTS: [Content; 5] = [
    Content::First,
    Content::Identical,
    Content::Cosmetic,
    Content::Drifted,
    Content::Replaced,
];

/// A case: what differs from a live source that carries its claim.
struct Case {
    status: Status,
    moved_to: Option<&'static str>,
    content: Option<Content>,
    now: Evidence,
    together: Option<Evidence>,
    has_claim: bool,
    earlier: Option<Earlier>,
    confidence: f64,
    by_content: Option<ByContent>,
    acceptance: Option<Acceptance>,
}

fn case(status: Status, now: EvidenceKind) -> Case {
    Case {
        status,
        moved_to: None,
        content: None,
        now: Evidence::nothing(now),
        together: None,
        has_claim: true,
        earlier: None,
        confidence: 1.0,
        by_content: None,
        acceptance: None,
    }
}

fn judge(case: &Case) -> (Verdict, Vec<Reason>) {
    let drift = case.content.map(|content| Drift {
        changed: 0.12,
        ..Drift::none(content)
    });
    verdict(&Grounds {
        status: case.status,
        status_reason: "the server said so",
        status_code: "status-code",
        url_as_cited: "http://example.org/a",
        moved_to: case.moved_to,
        drift: drift.as_ref(),
        evidence: &case.now,
        together: case.together.as_ref(),
        has_claim: case.has_claim,
        earlier: case.earlier.as_ref(),
        basis: Basis::Hyperlink,
        confidence: case.confidence,
        by_content: case.by_content,
        acceptance: case.acceptance.as_ref(),
    })
}

fn check(case: &Case, verdict: Verdict, codes: &[&str]) {
    let (found, reasons) = judge(case);
    let found_codes: Vec<&str> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(
        (found, found_codes.as_slice()),
        (verdict, codes),
        "{reasons:?}"
    );
}

fn quoting(kind: EvidenceKind, found: bool) -> Evidence {
    let quotation = Quotation {
        text: "we will not leave".to_owned(),
        found,
        altered: false,
        difference: Vec::new(),
        passage: None,
    };
    Evidence {
        quotations: vec![quotation],
        ..Evidence::nothing(kind)
    }
}

/// A passage that carried the claim, and one word of it that is another now.
fn trace(fate: FateWord, before: &str, after: &str) -> Trace {
    let piece = |kind, text: &str| Piece {
        kind,
        text: text.to_owned(),
    };
    let edited = fate == FateWord::Edited;
    Trace {
        text: format!("The bridge has {before} arches."),
        fate,
        now: edited.then(|| format!("The bridge has {after} arches.")),
        difference: if edited {
            vec![
                piece(PieceKind::Removed, before),
                piece(PieceKind::Added, after),
            ]
        } else {
            Vec::new()
        },
        span: None,
    }
}

fn earlier(evidence: Evidence, trace: Trace) -> Earlier {
    Earlier {
        evidence,
        traces: vec![trace],
        last_seen: "2026-05-02T08:00:00Z".parse().unwrap(),
        since: "2026-05-03T08:00:00Z".parse().unwrap(),
    }
}

fn drifted(before: EvidenceKind, trace: Trace, now: EvidenceKind) -> Case {
    Case {
        content: Some(Content::Drifted),
        earlier: Some(earlier(Evidence::nothing(before), trace)),
        ..case(Status::Live, now)
    }
}

#[test]
fn the_status_alone() {
    use EvidenceKind::None;
    check(&case(Status::Dead, None), Verdict::Broken, &["status-code"]);
    check(
        &case(Status::Unreachable, None),
        Verdict::Attention,
        &["status-code"],
    );
    check(
        &case(Status::Blocked, None),
        Verdict::Attention,
        &["status-code"],
    );
    check(
        &case(Status::Skipped, None),
        Verdict::Attention,
        &["status-code"],
    );
    check(&case(Status::Live, None), Verdict::Sound, &["not-judged"]);
}

#[test]
fn a_move_is_told_from_another_form_of_the_address() {
    let to = |url| Case {
        moved_to: Some(url),
        ..case(Status::Moved, EvidenceKind::Supported)
    };
    check(
        &to("https://www.example.org/a/"),
        Verdict::Sound,
        &["moved-form", "supported"],
    );
    check(
        &to("https://example.org/b"),
        Verdict::Attention,
        &["moved", "supported"],
    );
    check(
        &to("https://example.net/a"),
        Verdict::Attention,
        &["moved", "supported"],
    );
}

#[test]
fn the_evidence_alone() {
    let live = |kind| case(Status::Live, kind);
    check(&live(EvidenceKind::Quoted), Verdict::Sound, &["quoted"]);
    check(
        &live(EvidenceKind::Supported),
        Verdict::Sound,
        &["supported"],
    );
    check(
        &live(EvidenceKind::Partial),
        Verdict::Attention,
        &["partial"],
    );
    check(
        &live(EvidenceKind::NotFound),
        Verdict::Attention,
        &["not-found"],
    );
    check(
        &live(EvidenceKind::Unreadable),
        Verdict::Attention,
        &["unreadable"],
    );
    let missing = Case {
        now: quoting(EvidenceKind::Supported, false),
        ..live(EvidenceKind::None)
    };
    check(
        &missing,
        Verdict::Attention,
        &["quotation-not-found", "supported"],
    );
}

#[test]
fn a_value_that_is_missed_is_told_beside_what_was_found() {
    let fact = |text: &str, kind, found| Fact {
        text: text.to_owned(),
        kind,
        found,
        source_says: None,
    };
    let facts = [
        fact("2009", FactKind::Date, true),
        fact("2012", FactKind::Date, false),
        fact("Astana", FactKind::Name, false),
    ];
    for (kind, code) in [
        (EvidenceKind::Quoted, "quoted"),
        (EvidenceKind::Supported, "supported"),
    ] {
        let with = |facts: &[Fact]| Case {
            now: Evidence {
                facts: facts.to_vec(),
                ..Evidence::nothing(kind)
            },
            ..case(Status::Live, kind)
        };
        check(&with(&facts), Verdict::Sound, &[code, "value-not-found"]);
        let (_, reasons) = judge(&with(&facts));
        assert_eq!(reasons[1].text, "The source does not have “2012”.");
        check(&with(&facts[..1]), Verdict::Sound, &[code]);
        check(&with(&facts[2..]), Verdict::Sound, &[code]);
    }
}

#[test]
fn drift_matters_where_it_touches_the_claim() {
    use EvidenceKind::{NotFound, Partial, Quoted, Supported, Unreadable};
    let present = || trace(FateWord::Present, "five", "five");
    let absent = || trace(FateWord::Absent, "five", "");
    let edited = |before, after| trace(FateWord::Edited, before, after);
    let rows = [
        (
            Supported,
            present(),
            Supported,
            Verdict::Sound,
            &["drifted-elsewhere", "supported"][..],
        ),
        (
            Supported,
            absent(),
            NotFound,
            Verdict::Broken,
            &["passage-gone", "not-found"],
        ),
        (
            Supported,
            absent(),
            Partial,
            Verdict::Attention,
            &["passage-gone", "partial"],
        ),
        (
            Supported,
            absent(),
            Supported,
            Verdict::Sound,
            &["passage-replaced", "supported"],
        ),
        (
            Supported,
            edited("five", "six"),
            Partial,
            Verdict::Attention,
            &["passage-changed", "partial"],
        ),
        (
            Supported,
            edited("five", "six"),
            Supported,
            Verdict::Sound,
            &["passage-reworded", "supported"],
        ),
        (
            Supported,
            edited("5", "6"),
            Supported,
            Verdict::Attention,
            &["passage-changed", "supported"],
        ),
        (
            Supported,
            edited("all", "not all"),
            Supported,
            Verdict::Attention,
            &["passage-changed", "supported"],
        ),
        (
            NotFound,
            present(),
            NotFound,
            Verdict::Attention,
            &["not-found", "drifted"],
        ),
        (
            Quoted,
            absent(),
            Unreadable,
            Verdict::Attention,
            &["unreadable"],
        ),
    ];
    for (before, trace, now, verdict, codes) in rows {
        check(&drifted(before, trace, now), verdict, codes);
    }
    let gone = Case {
        now: quoting(Supported, false),
        earlier: Some(earlier(quoting(Quoted, true), absent())),
        ..drifted(Quoted, absent(), Supported)
    };
    check(&gone, Verdict::Broken, &["quotation-gone", "supported"]);
    let unsure = Case {
        confidence: 0.3,
        ..drifted(Supported, absent(), NotFound)
    };
    check(
        &unsure,
        Verdict::Attention,
        &["passage-gone", "not-found", "uncertain-claim"],
    );
    let first = Case {
        content: Some(Content::Drifted),
        ..case(Status::Live, Supported)
    };
    check(&first, Verdict::Sound, &["drifted", "supported"]);
    // The page is as it was in the last check; the passage went before that.
    let long_gone = Case {
        content: Some(Content::Identical),
        ..drifted(Supported, absent(), NotFound)
    };
    check(&long_gone, Verdict::Broken, &["passage-gone", "not-found"]);
}

#[test]
fn news_has_its_dates_and_its_difference() {
    fn check(case: &Case, expected: &str) {
        assert_eq!(judge(case).1[0].text, expected);
    }
    use EvidenceKind::{NotFound, Partial, Supported};
    check(
        &drifted(Supported, trace(FateWord::Absent, "five", ""), NotFound),
        "The passage that carried this claim has been gone since 3 May 2026 (last seen on 2 May 2026): \
         “The bridge has five arches.”.",
    );
    check(
        &drifted(Supported, trace(FateWord::Edited, "5", "6"), Partial),
        "The passage that carried this claim was changed between 2 May 2026 and 3 May 2026: “5” became “6”.",
    );
    check(
        &drifted(Supported, trace(FateWord::Present, "5", "5"), Supported),
        "About 12 % of the page's main text has changed since the earlier capture. The passage that \
         carries this claim still stands.",
    );
    let mut today = drifted(Supported, trace(FateWord::Absent, "five", ""), NotFound);
    if let Some(earlier) = &mut today.earlier {
        earlier.since = "2026-05-02T17:30:00Z".parse().unwrap();
    }
    assert!(
        judge(&today).1[0]
            .text
            .contains("since 2 May 2026, 17:30 UTC (last seen on 2 May 2026, 08:00 UTC)")
    );
}

#[test]
fn a_replaced_page_is_broken_unless_the_claim_is_still_there() {
    let replaced = |kind| Case {
        content: Some(Content::Replaced),
        ..case(Status::Live, kind)
    };
    check(
        &replaced(EvidenceKind::NotFound),
        Verdict::Broken,
        &["replaced", "not-found"],
    );
    check(
        &replaced(EvidenceKind::Quoted),
        Verdict::Attention,
        &["replaced-but-found", "quoted"],
    );
}

#[test]
fn an_acceptance_keeps_the_reasons() {
    let accepted = |status, kind| Case {
        acceptance: Some(Acceptance {
            reason: "seen on paper".to_owned(),
            until: Some("2027-01-01".to_owned()),
        }),
        ..case(status, kind)
    };
    let dead = accepted(Status::Dead, EvidenceKind::None);
    check(&dead, Verdict::Sound, &["accepted", "status-code"]);
    let text = &judge(&dead).1[0].text;
    assert_eq!(
        text,
        "Accepted by the editor (until 2027-01-01): seen on paper."
    );
    check(
        &accepted(Status::Live, EvidenceKind::Quoted),
        Verdict::Sound,
        &["quoted"],
    );
}

#[test]
fn several_sources_carry_a_claim_together() {
    let with = |own, all| Case {
        together: Some(Evidence::nothing(all)),
        ..case(Status::Live, own)
    };
    use EvidenceKind::{NotFound, Partial, Supported};
    check(
        &with(Partial, Supported),
        Verdict::Sound,
        &["supported-together"],
    );
    check(&with(Partial, Partial), Verdict::Attention, &["partial"]);
    check(
        &with(NotFound, Supported),
        Verdict::Attention,
        &["not-found", "carried-by-others"],
    );
    let quoted_elsewhere = Case {
        now: quoting(Partial, false),
        together: Some(quoting(EvidenceKind::Quoted, true)),
        ..case(Status::Live, Partial)
    };
    check(&quoted_elsewhere, Verdict::Sound, &["supported-together"]);
}

#[test]
fn a_difference_is_a_reason_of_its_own() {
    let live = |now| Case {
        now,
        ..case(Status::Live, EvidenceKind::None)
    };
    let mut altered = quoting(EvidenceKind::Partial, false);
    altered.quotations[0].altered = true;
    check(
        &live(altered),
        Verdict::Attention,
        &["quotation-altered", "partial"],
    );
    let fact = Fact {
        text: "16 dead".to_owned(),
        kind: FactKind::Number,
        found: false,
        source_says: Some("14 dead".to_owned()),
    };
    let contradicted = live(Evidence {
        facts: vec![fact],
        ..Evidence::nothing(EvidenceKind::Partial)
    });
    check(
        &contradicted,
        Verdict::Attention,
        &["contradicted", "partial"],
    );
    assert_eq!(
        judge(&contradicted).1[0].text,
        "The source says 14 dead, the text says 16."
    );
}

/// Every combination has reasons in sentences, and only what the module's table calls broken is broken.
#[test]
fn all_combinations_are_explained_and_none_cries_wolf() {
    for status in STATUSES {
        for now in KINDS {
            for content in CONTENTS {
                for before in KINDS {
                    for confidence in [0.2, 1.0] {
                        let case = Case {
                            content: Some(content),
                            earlier: Some(earlier(
                                Evidence::nothing(before),
                                trace(FateWord::Absent, "five", ""),
                            )),
                            confidence,
                            moved_to: Some("https://example.org/b"),
                            ..case(status, now)
                        };
                        let (verdict, reasons) = judge(&case);
                        assert!(!reasons.is_empty());
                        for reason in &reasons {
                            assert!(!reason.code.is_empty() && !reason.text.is_empty());
                            let words = format!(" {} ", reason.text.to_lowercase());
                            assert!(!words.contains(" true"), "{words}");
                        }
                        let answers = matches!(status, Status::Live | Status::Moved);
                        let may_break = status == Status::Dead
                            || (answers && content == Content::Replaced)
                            // What carried the claim before is gone, however little else changed.
                            || (answers
                                && matches!(before, EvidenceKind::Quoted | EvidenceKind::Supported)
                                && now == EvidenceKind::NotFound
                                && confidence > 0.5);
                        assert!(verdict != Verdict::Broken || may_break);
                        if verdict == Verdict::Sound {
                            assert!(status == Status::Live, "{status:?} {now:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_placed_a_citation_is_told_and_changes_no_verdict() {
    for (by_content, code) in [
        (ByContent::Confirmed, "confirmed-by-content"),
        (ByContent::Moved, "placed-by-content"),
    ] {
        let placed = |kind| Case {
            by_content: Some(by_content),
            ..case(Status::Live, kind)
        };
        check(
            &placed(EvidenceKind::Supported),
            Verdict::Sound,
            &["supported", code],
        );
        check(
            &placed(EvidenceKind::Partial),
            Verdict::Attention,
            &["partial", code],
        );
    }
}

#[test]
fn an_entry_without_a_claim_is_judged_by_its_presence_alone() {
    let entry = |status, content| Case {
        has_claim: false,
        content: Some(content),
        ..case(status, EvidenceKind::None)
    };
    let live = entry(Status::Live, Content::First);
    check(&live, Verdict::Sound, &["no-claim"]);
    let drifted = entry(Status::Live, Content::Drifted);
    check(&drifted, Verdict::Sound, &["drifted", "no-claim"]);
    let replaced = entry(Status::Live, Content::Replaced);
    check(&replaced, Verdict::Broken, &["replaced", "no-claim"]);
    let dead = entry(Status::Dead, Content::First);
    check(&dead, Verdict::Broken, &["status-code"]);
    let blocked = entry(Status::Blocked, Content::First);
    check(&blocked, Verdict::Attention, &["status-code"]);
}
