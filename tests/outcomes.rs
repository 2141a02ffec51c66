//! Promise: whatever a server does, the source's outcome is the right one: its status, whether
//! it is asked again, and what is kept. Row by row, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use futures_util::future::join_all;
use ibid::clock::Clock;
use ibid::fetch::status::status_of;
use ibid::fetch::{Fetched, Fetcher, Policy, Request, Status, Truncation, coding};
use std::time::Duration;
use support::names::{NameServer, Reply};
use support::tls::{self, Authority, hello};
use support::web::{Answer, Fault, Web};

const HOST: &str = "127.0.55.1";

/// What is kept of the last exchange's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// There is no exchange.
    Nothing,
    /// So many bytes, and that is all there was.
    Whole(u64),
    /// So many bytes, and why not more.
    Cut(u64, Truncation),
}

/// What came of a source: status, reason code, tries, exchanges, what is kept of the last.
type Outcome = (Status, &'static str, u32, usize, Kept);

fn policy() -> Policy {
    let mut policy = Policy {
        allow_hosts: vec!["127.0.*".to_owned(), "[::1]".to_owned()],
        pause: Duration::ZERO,
        // One further try, so that the column of tries tells who is asked again.
        retries: 1,
        retry_pause: Duration::from_millis(5),
        connect_timeout: Duration::from_millis(900),
        first_byte_timeout: Duration::from_millis(900),
        total_timeout: Duration::from_millis(2500),
        ..Policy::default()
    };
    policy.limits.max_body_bytes = 50_000;
    policy
}

async fn fetch(policy: Policy, url: &str) -> Fetched {
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let request = Request {
        url: url.parse().unwrap(),
        validators: None,
    };
    fetcher.fetch(request).await
}

fn outcome(fetched: &Fetched) -> Outcome {
    let (status, reason) = status_of(fetched, &[]);
    assert!(
        reason.text.ends_with('.') && reason.text.len() > 20,
        "{}",
        reason.text
    );
    let kept = fetched.exchanges.last().map_or(Kept::Nothing, |exchange| {
        let length = exchange.response.body.len();
        match exchange.response.truncated {
            None => Kept::Whole(length),
            Some(why) => Kept::Cut(length, why),
        }
    });
    (
        status,
        reason.code,
        fetched.tries,
        fetched.exchanges.len(),
        kept,
    )
}

/// Serves each row's answer on a host of its own, fetches all side by side, and compares.
async fn check(net: u8, rows: Vec<(&'static str, Answer, Outcome)>) {
    let host = |row: usize| format!("127.0.{net}.{}", row + 1);
    let mut builder = Web::builder();
    for (row, (_, answer, _)) in rows.iter().enumerate() {
        builder = builder.page(&host(row), "/", answer.clone());
    }
    let web = builder.start().await.unwrap();
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let fetched = (0..rows.len()).map(|row| {
        let request = Request {
            url: web.url(&host(row), "/").parse().unwrap(),
            validators: None,
        };
        fetcher.fetch(request)
    });
    let fetched = join_all(fetched).await;
    let wrong: Vec<String> = rows
        .iter()
        .zip(&fetched)
        .filter(|((_, _, expected), fetched)| outcome(fetched) != *expected)
        .map(|((name, _, expected), fetched)| {
            let text = status_of(fetched, &[]).1.text;
            format!("{name}: {:?}, not {expected:?}: {text}", outcome(fetched))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    web.finish();
}

fn raw(bytes: &'static [u8]) -> Answer {
    Answer::fault(Fault::Raw(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_status_has_its_outcome() {
    use Status::{Blocked, Dead, Live, Unreachable};
    let row = |name: &'static str, status: u16, told: Status, code: &'static str, tries: u32| {
        let answer = Answer::text("text").status(status);
        (name, answer, (told, code, tries, 1, Kept::Whole(4)))
    };
    check(
        61,
        vec![
            row("200", 200, Live, "live", 1),
            row("201", 201, Live, "live", 1),
            row("203", 203, Live, "live", 1),
            row("206", 206, Unreachable, "http-206", 1),
            row("226", 226, Live, "live", 1),
            row("300", 300, Unreachable, "http-3xx", 1),
            row("305", 305, Unreachable, "http-3xx", 1),
            row("400", 400, Unreachable, "http-400", 1),
            row("401", 401, Blocked, "http-401", 1),
            row("402", 402, Blocked, "http-402", 1),
            row("403", 403, Blocked, "http-403", 2),
            row("404", 404, Dead, "http-404", 1),
            row("405", 405, Unreachable, "http-405", 1),
            row("406", 406, Blocked, "http-406", 2),
            row("407", 407, Blocked, "http-407", 1),
            row("408", 408, Unreachable, "http-408", 2),
            row("409", 409, Unreachable, "http-4xx", 1),
            row("410", 410, Dead, "http-410", 1),
            row("414", 414, Unreachable, "http-4xx", 1),
            row("418", 418, Unreachable, "http-4xx", 1),
            row("421", 421, Unreachable, "http-4xx", 2),
            row("425", 425, Unreachable, "http-4xx", 2),
            row("429", 429, Blocked, "http-429", 3),
            row("431", 431, Unreachable, "http-4xx", 1),
            row("451", 451, Blocked, "http-451", 1),
            row("500", 500, Unreachable, "http-500", 2),
            row("501", 501, Unreachable, "http-5xx", 1),
            row("502", 502, Unreachable, "http-502", 2),
            row("503", 503, Unreachable, "http-503", 2),
            row("504", 504, Unreachable, "http-504", 2),
            row("505", 505, Unreachable, "http-5xx", 1),
            row("520", 520, Unreachable, "http-5xx", 1),
            row("600", 600, Unreachable, "http-other", 1),
            row("999", 999, Blocked, "http-999", 2),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_a_body_and_answers_nobody_asked_for() {
    use Status::{Live, Unreachable};
    let none = Kept::Whole(0);
    check(62, vec![
        ("200", Answer::text(""), (Live, "empty", 1, 1, none)),
        ("204", Answer::text("").status(204), (Live, "empty", 1, 1, none)),
        ("205", Answer::text("").status(205), (Live, "empty", 1, 1, none)),
        (
            "304",
            Answer::text("").status(304),
            (Unreachable, "http-304", 1, 1, none),
        ),
        (
            "100",
            raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"),
            (Live, "live", 1, 1, Kept::Whole(4)),
        ),
        (
            "103",
            raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"),
            (Live, "live", 1, 1, Kept::Whole(4)),
        ),
        (
            "101",
            raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            (Unreachable, "http-1xx", 1, 1, none),
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_answers_have_their_outcome() {
    use Status::{Live, Unreachable};
    let lost: Outcome = (Unreachable, "connection-lost", 2, 0, Kept::Nothing);
    let late: Outcome = (Unreachable, "timeout", 1, 0, Kept::Nothing);
    let bad: Outcome = (Unreachable, "bad-answer", 1, 0, Kept::Nothing);
    let whole = |bytes| (Live, "live", 1, 1, Kept::Whole(bytes));
    let cut = |bytes, why| (Live, "live", 1, 1, Kept::Cut(bytes, why));
    let slow = Duration::from_millis(50);
    let mut many_fields = Answer::text("here");
    for number in 0..600 {
        many_fields = many_fields.field(&format!("X-{number}"), "y");
    }
    check(63, vec![
        ("close", Answer::fault(Fault::CloseBeforeAnswer), lost),
        ("reset", Answer::fault(Fault::Reset), lost),
        ("half-a-head", raw(b"HTTP/1.1 200 OK\r\nContent-Le"), lost),
        ("stall", Answer::fault(Fault::StallBeforeHead), late),
        (
            "head-drips",
            Answer::fault(Fault::RawDrip(
                b"HTTP/1.1 200 OK\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n",
                slow,
            )),
            late,
        ),
        (
            "1xx-without-end",
            Answer::fault(Fault::Forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n")),
            late,
        ),
        ("junk", Answer::fault(Fault::Junk), bad),
        ("http-0.9", raw(b"<html><title>old</title>Hello.</html>"), bad),
        ("http-3.0", raw(b"HTTP/3.0 200 OK\r\nContent-Length: 4\r\n\r\nhere"), bad),
        ("no-status", raw(b"HTTP/1.1 OK\r\nContent-Length: 4\r\n\r\nhere"), bad),
        ("lower-case", raw(b"http/1.1 200 ok\r\ncontent-length: 4\r\n\r\nhere"), bad),
        ("ssh", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), bad),
        ("head-of-2-MB", Answer::fault(Fault::HugeHead(2 << 20)), bad),
        ("head-of-300-KB", Answer::fault(Fault::HugeHead(300 << 10)), bad),
        ("too-many-fields", many_fields, bad),
        (
            "head-without-end",
            Answer::fault(Fault::Forever(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n")),
            bad,
        ),
        (
            "field-without-end",
            Answer::fault(Fault::Forever(b"HTTP/1.1 200 OK\r\nX-More: ", b"and more and more")),
            bad,
        ),
        (
            "two-lengths",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhere!"),
            bad,
        ),
        (
            "length-no-number",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: four\r\n\r\nhere"),
            bad,
        ),
        (
            "length-below-zero",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nhere"),
            bad,
        ),
        ("http-1.0", raw(b"HTTP/1.0 200 OK\r\n\r\nhere"), whole(4)),
        ("bare-line-feeds", raw(b"HTTP/1.1 200 OK\nContent-Length: 4\n\nhere"), whole(4)),
        (
            "same-length-twice",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nhere"),
            whole(4),
        ),
        (
            "length-and-chunks",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\n\r\n"),
            whole(4),
        ),
        (
            "length-too-short",
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere and there"),
            whole(4),
        ),
        ("cut", Answer::fault(Fault::CutBody(100)), cut(100, Truncation::Disconnect)),
        (
            "last-chunk-missing",
            raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n"),
            cut(4, Truncation::Disconnect),
        ),
        ("bad-chunk", Answer::fault(Fault::BadChunk), cut(5, Truncation::Disconnect)),
        ("stall-in-body", Answer::fault(Fault::StallInBody(100)), cut(100, Truncation::Time)),
        ("without-end", Answer::fault(Fault::Endless), cut(50_000, Truncation::Length)),
        (
            "chunks-without-end",
            Answer::fault(Fault::Forever(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n",
            )),
            cut(50_000, Truncation::Length),
        ),
        (
            "bad-coding",
            Answer::text("no gzip").field("Content-Encoding", "gzip"),
            whole(7),
        ),
        (
            "unknown-coding",
            Answer::text("what?").field("Content-Encoding", "pack200"),
            whole(5),
        ),
    ])
    .await;
    // What is kept of a bad coding is what came; that it cannot be read is said when it is read.
    let why = coding::decode(Some("gzip"), b"no gzip", 1000).unwrap_err();
    assert_eq!(why, "its gzip coding is damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_have_their_outcome() {
    use Status::{Live, Moved, Skipped, Unreachable};
    let mut web = Web::builder()
        .page(HOST, "/here", Answer::text("here"))
        .page(HOST, "/to-here", Answer::redirect(301, "/here"))
        .page(
            HOST,
            "/to-here-for-now",
            Answer::redirect(302, "/here#part"),
        )
        .page(HOST, "/other", Answer::redirect(303, "/here"))
        .page(HOST, "/same-method", Answer::redirect(307, "/here"))
        .page(HOST, "/for-good", Answer::redirect(308, "/here"))
        .page(HOST, "/itself", Answer::redirect(302, "/itself"))
        .page(HOST, "/a", Answer::redirect(302, "/b"))
        .page(HOST, "/b", Answer::redirect(302, "/a"))
        .page(HOST, "/nowhere", Answer::text("text").status(301))
        .page(HOST, "/no-address", Answer::redirect(301, "http://[oops/"))
        .page(
            HOST,
            "/mail",
            Answer::redirect(302, "mailto:desk@example.org"),
        )
        .page(HOST, "/ftp", Answer::redirect(302, "ftp://files.example/x"))
        .page(HOST, "/file", Answer::redirect(302, "file:///etc/passwd"))
        .page(
            HOST,
            "/data",
            Answer::redirect(302, "data:text/plain,hello"),
        )
        .page(
            HOST,
            "/script",
            Answer::redirect(302, "javascript:alert(1)"),
        )
        .page(HOST, "/gone", Answer::redirect(301, "/404"))
        .page("secure.example", "/", Answer::text("secure"))
        .page(
            "secure.example",
            "/back",
            Answer::redirect(302, "http://127.0.55.1/"),
        )
        .handler(HOST, "/cookie", |seen| match seen.field("cookie") {
            Some("seen=1") => Answer::text("welcome"),
            _ => Answer::redirect(302, "/cookie").field("Set-Cookie", "seen=1; Path=/"),
        })
        .handler(HOST, "/cookie-for-others", |seen| {
            assert_eq!(
                seen.field("cookie"),
                None,
                "a cookie of another chain came back"
            );
            Answer::text("here")
        })
        .otherwise(HOST, Answer::not_found())
        .start()
        .await
        .unwrap();
    let authority = Authority::new();
    let inside = web.door("secure.example").await.unwrap();
    let door = authority
        .front("secure.example", inside, tls::Fault::None)
        .await;
    let secure = format!("https://secure.example:{}", door.port());
    web.replace(
        HOST,
        "/to-secure",
        Answer::redirect(301, &format!("{secure}/")),
    );
    web.replace(
        "secure.example",
        "/back",
        Answer::redirect(302, &web.url(HOST, "/here")),
    );
    let mut policy = policy();
    authority.introduce("secure.example", door.ip(), &mut policy);
    let at = |path: &str| web.url(HOST, path);
    let rows: Vec<(String, Outcome)> = vec![
        (at("/to-here"), (Moved, "moved", 1, 2, Kept::Whole(4))),
        (at("/to-here-for-now"), (Live, "live", 1, 2, Kept::Whole(4))),
        (at("/other"), (Live, "live", 1, 2, Kept::Whole(4))),
        (at("/same-method"), (Live, "live", 1, 2, Kept::Whole(4))),
        (at("/for-good"), (Moved, "moved", 1, 2, Kept::Whole(4))),
        (
            at("/itself"),
            (Unreachable, "redirect-loop", 1, 1, Kept::Whole(0)),
        ),
        (
            at("/a"),
            (Unreachable, "redirect-loop", 1, 2, Kept::Whole(0)),
        ),
        (
            at("/nowhere"),
            (Unreachable, "bad-redirect", 1, 1, Kept::Whole(4)),
        ),
        (
            at("/no-address"),
            (Unreachable, "bad-redirect", 1, 1, Kept::Whole(0)),
        ),
        (at("/mail"), (Skipped, "scheme", 1, 1, Kept::Whole(0))),
        (at("/ftp"), (Skipped, "scheme", 1, 1, Kept::Whole(0))),
        (at("/file"), (Skipped, "scheme", 1, 1, Kept::Whole(0))),
        (at("/data"), (Skipped, "scheme", 1, 1, Kept::Whole(0))),
        (at("/script"), (Skipped, "scheme", 1, 1, Kept::Whole(0))),
        (
            at("/gone"),
            (Status::Dead, "http-404", 1, 2, Kept::Whole(51)),
        ),
        (at("/cookie"), (Live, "live", 1, 2, Kept::Whole(7))),
        (
            at("/cookie-for-others"),
            (Live, "live", 1, 1, Kept::Whole(4)),
        ),
        (at("/to-secure"), (Moved, "moved", 1, 2, Kept::Whole(6))),
        (
            format!("{secure}/back"),
            (Live, "live", 1, 2, Kept::Whole(4)),
        ),
    ];
    // One fetcher for all: a cookie must not live longer than its chain.
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    for (url, expected) in rows {
        let request = Request {
            url: url.parse().unwrap(),
            validators: None,
        };
        let fetched = fetcher.fetch(request).await;
        assert_eq!(outcome(&fetched), expected, "{url}: {:?}", fetched.failure);
    }
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_without_end_ends_at_its_bound() {
    let web = Web::builder()
        .otherwise_handler(HOST, |seen| {
            let number: u32 = seen.path.trim_start_matches('/').parse().unwrap();
            Answer::redirect(302, &format!("/{}", number + 1))
        })
        .start()
        .await
        .unwrap();
    let fetched = fetch(policy(), &web.url(HOST, "/0")).await;
    let expected = (Status::Unreachable, "redirect-loop", 1, 11, Kept::Whole(0));
    assert_eq!(outcome(&fetched), expected);
    assert_eq!(
        fetched.failure.unwrap().text,
        "there are more than 10 redirects"
    );
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_faults_have_their_words() {
    use tls::Fault::{Expired, None as Good, NotYet, SelfSigned, WrongName};
    let mut web = Web::builder()
        .page("tls.example", "/", Answer::text("here"))
        .start()
        .await
        .unwrap();
    let authority = Authority::new();
    let inside = web.door("tls.example").await.unwrap();
    let mut policy = policy();
    authority.introduce("tls.example", "127.0.0.1".parse().unwrap(), &mut policy);
    let mut rows = Vec::new();
    for (fault, words) in [
        (Good, ""),
        (Expired, "its certificate has expired"),
        (NotYet, "its certificate is not valid yet"),
        (WrongName, "its certificate is for another name"),
        (
            SelfSigned,
            "its certificate was not issued by anyone who is trusted",
        ),
    ] {
        let door = authority.front("tls.example", inside, fault).await;
        rows.push((format!("{fault:?}"), door, "tls", words));
    }
    let agreed = "no secure connection could be agreed on";
    for (name, bytes, code, words) in [
        ("too old", Some(hello::TOO_OLD), "tls", agreed),
        ("TLS 1.0", Some(hello::TLS_1_0), "tls", agreed),
        ("no cipher", Some(hello::NO_CIPHER), "tls", agreed),
        ("plain HTTP", Some(hello::PLAIN), "tls", agreed),
        ("closed", Some(&[][..]), "connection-lost", "lost"),
        ("silent", None, "timeout", "in time"),
    ] {
        rows.push((name.to_owned(), tls::raw_door(bytes).await, code, words));
    }
    for (name, door, code, words) in rows {
        let url = format!("https://tls.example:{}/", door.port());
        let fetched = fetch(policy.clone(), &url).await;
        let Some(failure) = &fetched.failure else {
            assert_eq!(name, "None", "{name} was taken for good");
            assert_eq!(
                fetched.answer().unwrap().response.body.bytes().unwrap(),
                "here"
            );
            continue;
        };
        let (status, reason) = status_of(&fetched, &[]);
        assert_eq!(
            (status, reason.code),
            (Status::Unreachable, code),
            "{name}: {failure:?}"
        );
        assert!(failure.text.contains(words), "{name}: {}", failure.text);
        let tries = if code == "connection-lost" { 2 } else { 1 };
        assert_eq!(fetched.tries, tries, "{name}");
    }
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_their_outcome() {
    use Reply::{Address, NoSuchName, Nothing, OneFamily, Silence, Trouble};
    let web = Web::builder()
        .page(HOST, "/", Answer::text("here"))
        .start()
        .await
        .unwrap();
    let server = NameServer::builder()
        .name("good.example", Address(HOST.parse().unwrap()))
        .name("xn--bcher-kva.example", Address(HOST.parse().unwrap()))
        // No name by the rules for hosts, and in use all the same.
        .name("a_b.example", Address(HOST.parse().unwrap()))
        .name("one-family.example", OneFamily(HOST.parse().unwrap()))
        .name("control.example", Address("192.0.9.1".parse().unwrap()))
        .name("gone.example", NoSuchName)
        .name("no-address.example", Nothing)
        .name("trouble.example", Trouble)
        .name("silent.example", Silence)
        .start()
        .await;
    let mut policy = policy();
    policy.name_servers = vec![server.address()];
    policy.control_name = "control.example".to_owned();
    let told = async |policy: &Policy, host: &str| {
        let url = format!("http://{host}:{}/", web.port());
        let fetched = fetch(policy.clone(), &url).await;
        let (status, code, tries, _, _) = outcome(&fetched);
        (status, code, tries)
    };
    let unknown = (Status::Unreachable, "name-unknown", 1);
    assert_eq!(
        told(&policy, "good.example").await,
        (Status::Live, "live", 1)
    );
    assert_eq!(
        told(&policy, "GOOD.example.").await,
        (Status::Live, "live", 1)
    );
    for host in ["bücher.example", "a_b.example", "one-family.example"] {
        let told = told(&policy, host).await;
        assert_eq!(told, (Status::Live, "live", 1), "{host}");
    }
    let gone = (Status::Dead, "no-such-name", 1);
    assert_eq!(told(&policy, "gone.example").await, gone);
    assert_eq!(told(&policy, "no-address.example").await, unknown);
    assert_eq!(told(&policy, "trouble.example").await, unknown);
    assert_eq!(told(&policy, "silent.example").await, unknown);
    // Where nothing is known, not even what is sure to exist, nothing is gone, nor to blame.
    policy.control_name = "gone-too.example".to_owned();
    let offline = (Status::Unreachable, "no-network", 1);
    for host in ["gone.example", "no-address.example", "trouble.example"] {
        assert_eq!(told(&policy, host).await, offline, "{host}");
    }
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_http_2_breaks_off_has_its_outcome() {
    let authority = Authority::new();
    let rows: Vec<(&str, tls::Two, Outcome)> = vec![
        (
            "reset",
            tls::Two::Reset,
            (Status::Unreachable, "connection-lost", 2, 0, Kept::Nothing),
        ),
        (
            "refused",
            tls::Two::Refused,
            (Status::Unreachable, "connection-lost", 2, 0, Kept::Nothing),
        ),
        (
            "going away",
            tls::Two::GoingAway,
            (Status::Unreachable, "connection-lost", 2, 0, Kept::Nothing),
        ),
        (
            "reset in the body",
            tls::Two::ResetInBody(b"here"),
            (
                Status::Live,
                "live",
                1,
                1,
                Kept::Cut(4, Truncation::Disconnect),
            ),
        ),
    ];
    for (name, two, expected) in rows {
        let door = authority.h2("two.example", two).await;
        let mut policy = policy();
        authority.introduce("two.example", door.ip(), &mut policy);
        let url = format!("https://two.example:{}/", door.port());
        let fetched = fetch(policy, &url).await;
        assert_eq!(outcome(&fetched), expected, "{name}: {:?}", fetched.failure);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_every_kind_are_asked_or_skipped() {
    let web = Web::builder()
        .page(HOST, "/", Answer::text("here"))
        .page("::1", "/", Answer::text("here"))
        .start()
        .await
        .unwrap();
    let port = web.port();
    let live = (Status::Live, "live", 1, 1, Kept::Whole(4));
    let skipped = (Status::Skipped, "scheme", 1, 0, Kept::Nothing);
    let rows = [
        (format!("http://{HOST}:{port}/"), live),
        (format!("http://[::1]:{port}/"), live),
        (format!("http://[0:0:0:0:0:0:0:1]:{port}/"), live),
        (format!("http://desk:secret@{HOST}:{port}/#part"), live),
        (
            format!("http://{HOST}:{port}/{}", "a".repeat(12_000)),
            (Status::Dead, "http-404", 1, 1, Kept::Whole(51)),
        ),
        (
            format!("http://{HOST}:{port}/{}", "a".repeat(12_300)),
            skipped,
        ),
        (
            format!("http://{HOST}:{port}/{}", "a".repeat(70_000)),
            skipped,
        ),
        ("ftp://files.example/report.pdf".to_owned(), skipped),
        ("mailto:desk@example.org".to_owned(), skipped),
        ("data:text/plain,hello".to_owned(), skipped),
        ("file:///etc/passwd".to_owned(), skipped),
        ("javascript:alert(1)".to_owned(), skipped),
        ("tel:+4930123".to_owned(), skipped),
    ];
    for (url, expected) in rows {
        let fetched = fetch(policy(), &url).await;
        assert_eq!(outcome(&fetched), expected, "{url}");
        // Who someone else is to the host is neither sent nor told.
        assert!(!format!("{fetched:?}").contains("secret"), "{fetched:?}");
    }
    assert!(
        web.requests()
            .iter()
            .all(|seen| seen.field("authorization").is_none())
    );
    let hosts: Vec<_> = web
        .requests()
        .iter()
        .map(|seen| seen.field("host").unwrap().to_owned())
        .collect();
    assert_eq!(hosts[0], format!("{HOST}:{port}"));
    assert_eq!(hosts[1], format!("[::1]:{port}"));
    web.finish();
}
