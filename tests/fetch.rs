//! Promise: whatever a server does, each source gets an outcome; nobody is asked more
//! often than is decent, and nobody is asked whom a stranger must not make us ask.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::clock::Clock;
use ibid::fetch::status::status_of;
use ibid::fetch::{FailureKind, Fetched, Fetcher, Policy, Request, Status, Truncation};
use std::time::Duration;
use support::tls::{self, Authority};
use support::web::{Answer, Fault, Web};

const HOST: &str = "127.0.53.1";

fn policy() -> Policy {
    Policy {
        allow_hosts: vec!["127.0.53.*".to_owned()],
        pause: Duration::ZERO,
        retries: 0,
        retry_pause: Duration::from_millis(10),
        connect_timeout: Duration::from_millis(500),
        first_byte_timeout: Duration::from_millis(500),
        total_timeout: Duration::from_secs(2),
        ..Policy::default()
    }
}

async fn fetch(policy: Policy, url: &str) -> Fetched {
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    fetcher.fetch(request(url)).await
}

fn request(url: &str) -> Request {
    Request {
        url: url.parse().unwrap(),
        validators: None,
    }
}

fn failure(fetched: &Fetched) -> FailureKind {
    fetched.failure.as_ref().unwrap().kind
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_outcome() {
    let faults = [
        (
            "/close",
            Fault::CloseBeforeAnswer,
            FailureKind::ConnectionLost,
        ),
        ("/reset", Fault::Reset, FailureKind::ConnectionLost),
        ("/stall", Fault::StallBeforeHead, FailureKind::Timeout),
        ("/junk", Fault::Junk, FailureKind::BadAnswer),
        ("/head", Fault::HugeHead(2 << 20), FailureKind::BadAnswer),
    ];
    let mut builder = Web::builder();
    for (path, fault, _) in faults {
        builder = builder.page(HOST, path, Answer::fault(fault));
    }
    let web = builder.start().await.unwrap();
    for (path, _, expected) in faults {
        let fetched = fetch(policy(), &web.url(HOST, path)).await;
        assert_eq!(failure(&fetched), expected, "{path}: {:?}", fetched.failure);
        let (status, reason) = status_of(&fetched, &[]);
        assert_eq!(status, Status::Unreachable, "{path}");
        assert!(
            reason.text.ends_with('.') && reason.text.len() > 30,
            "{}",
            reason.text
        );
    }
    // Nobody listens there.
    let fetched = fetch(policy(), &format!("http://127.0.53.9:{}/", web.port())).await;
    assert_eq!(failure(&fetched), FailureKind::ConnectionRefused);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_body_is_kept_as_half_a_body() {
    let faults = [
        ("/cut", Fault::CutBody(100), Truncation::Disconnect),
        ("/chunk", Fault::BadChunk, Truncation::Disconnect),
        ("/stall", Fault::StallInBody(100), Truncation::Time),
        ("/endless", Fault::Endless, Truncation::Length),
        (
            "/drip",
            Fault::Drip {
                bytes: 10,
                every: Duration::from_millis(100),
            },
            Truncation::Time,
        ),
    ];
    let mut builder = Web::builder();
    for (path, fault, _) in faults {
        builder = builder.page(HOST, path, Answer::fault(fault));
    }
    let web = builder.start().await.unwrap();
    let mut policy = policy();
    policy.limits.max_body_bytes = 100_000;
    for (path, _, expected) in faults {
        let fetched = fetch(policy.clone(), &web.url(HOST, path)).await;
        let answer = fetched.answer().unwrap();
        assert_eq!(answer.response.truncated, Some(expected), "{path}");
        assert!(answer.response.body.len() <= 100_000);
        let (status, reason) = status_of(&fetched, &[]);
        assert_eq!(status, Status::Live, "{path}");
        assert!(reason.text.contains("bytes were kept"), "{}", reason.text);
    }
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_recorded_hop_by_hop_and_end() {
    let web = Web::builder()
        .page(HOST, "/a", Answer::redirect(302, "/b#there"))
        .page(HOST, "/b", Answer::redirect(301, "c?x=1"))
        .page(HOST, "/c?x=1", Answer::text("here"))
        .page(HOST, "/loop", Answer::redirect(302, "/pool"))
        .page(HOST, "/pool", Answer::redirect(302, "/loop"))
        .page(HOST, "/nowhere", Answer::text("").status(302))
        .page(
            HOST,
            "/mail",
            Answer::redirect(302, "mailto:desk@example.org"),
        )
        .handler(HOST, "/cookie", |seen| match seen.field("cookie") {
            Some("seen=1") => Answer::text("welcome"),
            _ => Answer::redirect(302, "/cookie").field("Set-Cookie", "seen=1; Path=/"),
        })
        .start()
        .await
        .unwrap();
    let fetched = fetch(policy(), &web.url(HOST, "/a")).await;
    let hops: Vec<(String, u16)> = fetched
        .exchanges
        .iter()
        .map(|exchange| (exchange.target_uri.to_string(), exchange.response.status))
        .collect();
    let expected =
        [("/a", 302), ("/b", 301), ("/c?x=1", 200)].map(|(path, code)| (web.url(HOST, path), code));
    assert_eq!(hops, expected);
    let looped = fetch(policy(), &web.url(HOST, "/loop")).await;
    assert_eq!(failure(&looped), FailureKind::RedirectLoop);
    let nowhere = fetch(policy(), &web.url(HOST, "/nowhere")).await;
    assert_eq!(failure(&nowhere), FailureKind::BadRedirect);
    let mail = fetch(policy(), &web.url(HOST, "/mail")).await;
    assert_eq!(failure(&mail), FailureKind::NotFetched);
    // A server that looks for its cookie gets it.
    let cookie = fetch(policy(), &web.url(HOST, "/cookie")).await;
    assert_eq!(
        cookie.answer().unwrap().response.body.bytes().unwrap(),
        "welcome"
    );
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payload_is_what_came() {
    let gzipped = {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(b"coded").unwrap();
        gzip.finish().unwrap()
    };
    let coded = Answer::of("text/plain", gzipped.clone()).field("Content-Encoding", "gzip");
    let web = Web::builder()
        .page(HOST, "/gzip", coded.clone())
        .page(HOST, "/chunked", coded.chunked())
        .start()
        .await
        .unwrap();
    for path in ["/gzip", "/chunked"] {
        let fetched = fetch(policy(), &web.url(HOST, path)).await;
        assert_eq!(
            fetched.answer().unwrap().response.body.bytes().unwrap(),
            gzipped,
            "{path}"
        );
    }
    let seen = web.requests();
    let agent = seen[0].field("user-agent").unwrap();
    assert!(agent.starts_with("ibid/"), "{agent}");
    assert!(seen[0].field("referer").is_none() && seen[0].field("cookie").is_none());
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_pass_is_tried_again_and_retry_after_is_obeyed() {
    let web = Web::builder()
        .sequence(
            HOST,
            "/busy",
            vec![
                Answer::text("").status(503).field("Retry-After", "1"),
                Answer::text("here"),
            ],
        )
        .sequence(
            HOST,
            "/flaky",
            vec![Answer::fault(Fault::Reset), Answer::text("here")],
        )
        .page(HOST, "/broken", Answer::text("").status(500))
        .page(HOST, "/gone", Answer::not_found())
        .page(
            HOST,
            "/later",
            Answer::text("").status(429).field("Retry-After", "3600"),
        )
        .start()
        .await
        .unwrap();
    let mut policy = policy();
    policy.retries = 2;
    // Each with a fetcher of its own: a host that asks for patience asks it of everyone.
    for (path, status, tries) in [
        ("/busy", Status::Live, 2),
        ("/flaky", Status::Live, 2),
        ("/broken", Status::Unreachable, 3),
        ("/gone", Status::Dead, 1),
        ("/later", Status::Blocked, 1),
    ] {
        let fetched = fetch(policy.clone(), &web.url(HOST, path)).await;
        assert_eq!(status_of(&fetched, &[]).0, status, "{path}");
        assert_eq!(fetched.tries, tries, "{path}");
    }
    let busy: Vec<_> = web
        .requests()
        .into_iter()
        .filter(|seen| seen.path == "/busy")
        .map(|seen| seen.at)
        .collect();
    assert!(
        busy[1] - busy[0] >= Duration::from_secs(1),
        "it was told to wait a second"
    );
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_host_is_asked_for_few_pages_at_once_with_a_pause_between() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let now = std::sync::Arc::new(AtomicUsize::new(0));
    let most = std::sync::Arc::new(AtomicUsize::new(0));
    let mut builder = Web::builder();
    for page in 0..8 {
        let (now, most) = (now.clone(), most.clone());
        builder = builder.handler(HOST, &format!("/{page}"), move |_| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(60));
            now.fetch_sub(1, Ordering::SeqCst);
            Answer::text("page")
        });
    }
    let web = builder.start().await.unwrap();
    let pause = Duration::from_millis(30);
    let mut policy = policy();
    policy.per_host = 2;
    policy.pause = pause;
    policy.first_byte_timeout = Duration::from_secs(5);
    policy.total_timeout = Duration::from_secs(10);
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let all = (0..8).map(|page| fetcher.fetch(request(&web.url(HOST, &format!("/{page}")))));
    let fetched = futures_util::future::join_all(all).await;
    assert!(fetched.iter().all(|fetched| fetched.answer().is_some()));
    assert!(most.load(Ordering::SeqCst) <= 2);
    let first = web.requests().first().unwrap().at;
    let last = web.requests().last().unwrap().at;
    assert!(last - first >= pause * 6, "{:?}", last - first);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_asks_for_patience_is_left_alone_by_all() {
    let web = Web::builder()
        .sequence(
            HOST,
            "/first",
            vec![
                Answer::text("").status(429).field("Retry-After", "1"),
                Answer::text("here"),
            ],
        )
        .page(HOST, "/second", Answer::text("here"))
        .start()
        .await
        .unwrap();
    let mut policy = policy();
    policy.retries = 1;
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let first = fetcher.fetch(request(&web.url(HOST, "/first")));
    let second = async {
        while web.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        fetcher.fetch(request(&web.url(HOST, "/second"))).await
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.tries, 2);
    assert!(second.answer().is_some());
    let seen = web.requests();
    let second = seen.iter().find(|seen| seen.path == "/second").unwrap();
    assert!(second.at - seen[0].at >= Duration::from_millis(900));
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_lead_inside_and_is_not_asked_twice() {
    let web = Web::builder()
        .page(HOST, "/", Answer::text("here"))
        .page("127.0.54.1", "/", Answer::text("inside"))
        .start()
        .await
        .unwrap();
    let mut policy = policy();
    let mut name = |name: &str, addresses: &[&str]| {
        let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
        policy.static_names.insert(name.to_owned(), addresses);
    };
    name("one.example", &["127.0.54.1"]);
    name("two.example", &["192.0.9.9", "127.0.54.1"]);
    name("six.example", &["::ffff:127.0.54.1"]);
    name("let.example", &[HOST]);
    for host in ["one.example", "two.example", "six.example"] {
        let fetched = fetch(policy.clone(), &format!("http://{host}:{}/", web.port())).await;
        assert_eq!(failure(&fetched), FailureKind::Refused, "{host}");
        let text = &fetched.failure.unwrap().text;
        assert!(text.contains("127.0.54.1") && text.contains(host), "{text}");
    }
    assert_eq!(web.requests().len(), 0);
    // By the name's own pattern, and by its address's.
    let fetched = fetch(
        policy.clone(),
        &format!("http://let.example:{}/", web.port()),
    )
    .await;
    assert!(fetched.answer().is_some(), "{:?}", fetched.failure);
    policy.allow_hosts = vec!["one.example".to_owned()];
    let fetched = fetch(policy, &format!("http://one.example:{}/", web.port())).await;
    assert_eq!(
        fetched.answer().unwrap().response.body.bytes().unwrap(),
        "inside"
    );
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_certificate_is_no_death_and_no_answer() {
    let authority = Authority::new();
    let mut web = Web::builder()
        .page("good.example", "/", Answer::text("here"))
        .page("old.example", "/", Answer::text("here"))
        .page("wrong.example", "/", Answer::text("here"))
        .start()
        .await
        .unwrap();
    for (host, fault) in [
        ("good.example", tls::Fault::None),
        ("old.example", tls::Fault::Expired),
        ("wrong.example", tls::Fault::WrongName),
    ] {
        let inside = web.door(host).await.unwrap();
        let door = authority.front(host, inside, fault).await;
        web.tunnel(&format!("{host}:443"), door);
    }
    let mut trusting = policy();
    trusting.proxy = Some(web.proxy_url());
    trusting.extra_roots_pem = Some(authority.pem().as_bytes().to_vec());
    let good = fetch(trusting.clone(), "https://good.example/").await;
    assert!(good.answer().is_some(), "{:?}", good.failure);
    for host in ["old.example", "wrong.example"] {
        let fetched = fetch(trusting.clone(), &format!("https://{host}/")).await;
        assert_eq!(
            failure(&fetched),
            FailureKind::Tls,
            "{host}: {:?}",
            fetched.failure
        );
        assert_eq!(status_of(&fetched, &[]).0, Status::Unreachable);
    }
    // An authority that nobody named is not trusted.
    let mut wary = trusting;
    wary.extra_roots_pem = None;
    let fetched = fetch(wary, "https://good.example/").await;
    assert_eq!(failure(&fetched), FailureKind::Tls, "{:?}", fetched.failure);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_is_not_there_is_said() {
    let mut policy = policy();
    policy.proxy = Some("http://127.0.53.9:9/".parse().unwrap());
    let fetched = fetch(policy, "http://1.1.1.1/").await;
    assert_eq!(
        failure(&fetched),
        FailureKind::Proxy,
        "{:?}",
        fetched.failure
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_asks_is_no_answer_of_the_source() {
    let web = Web::builder()
        .page(
            "asked.example",
            "/",
            Answer::text("who are you?").status(407),
        )
        .start()
        .await
        .unwrap();
    let mut policy = policy();
    policy.proxy = Some(web.proxy_url());
    let fetched = fetch(policy, "http://asked.example/").await;
    assert_eq!(failure(&fetched), FailureKind::Proxy);
    assert!(fetched.exchanges.is_empty(), "nothing is kept as its page");
    web.finish();
}
