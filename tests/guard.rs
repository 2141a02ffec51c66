//! Promise: nobody can make ibid ask an address inside: not by a literal in disguise, not by
//! a name, not by an answer that changes, not by a redirect, not by way of a proxy.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use ibid::check::{self, Silent, input::Input};
use ibid::clock::Clock;
use ibid::config::{Config, Overrides};
use ibid::fetch::{FailureKind, Fetched, Fetcher, Policy, Request, Status};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use support::names::{NameServer, Reply};
use support::web::{Answer, Web};

/// The one host that is let in, and one beside it that is not.
const OUTSIDE: &str = "127.0.56.1";
const INSIDE: &str = "127.0.57.1";

/// Hosts as a stranger may write them; none is a public address.
const LITERALS: [&str; 92] = [
    // IPv4 (IANA registry of special-purpose addresses), each range at its ends.
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    // The same in disguise.
    "127.1",
    "127.0.1",
    "0",
    "0x7f000001",
    "0X7F.1",
    "0x7f.0x0.0x0.0x1",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "0177.0x0.1",
    "0xa9fea9fe",
    "2852039166",
    "0251.0376.0251.0376",
    "3232235777",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "１２７.0.0.1",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "169.254.43518",
    // IPv6.
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[100::1]",
    "[100:0:0:1::1]",
    "[2001::1]",
    "[2001:1::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[2620:4f:8000::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[4000::1]",
    "[1234::1]",
    // IPv4 inside IPv6.
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:a9fe:a9fe]",
    "[0:0:0:0:0:ffff:10.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[::8.8.8.8]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::8.8.8.8]",
    "[2002:7f00:1::1]",
    "[2002:808:808::1]",
    "[2001:0:4136:e378:8000:63bf:f5ff:fffe]",
    "[2606:4700::5efe:10.0.0.1]",
    // Names of this machine (RFC 6761).
    "localhost",
    "LOCALHOST.",
    "www.localhost",
];

/// What is public, however it is written.
const PUBLIC: [&str; 7] = [
    "1.1.1.1",
    "0x08080808",
    "[2606:4700:4700::1111]",
    "[2a00:1450:4001::1]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::8.8.8.8]",
    "172.32.0.1",
];

fn policy() -> Policy {
    Policy {
        allow_hosts: vec![OUTSIDE.to_owned()],
        pause: Duration::ZERO,
        retries: 0,
        connect_timeout: Duration::from_millis(400),
        first_byte_timeout: Duration::from_millis(500),
        total_timeout: Duration::from_secs(2),
        ..Policy::default()
    }
}

async fn fetch(fetcher: &Fetcher, url: &str) -> Fetched {
    let request = Request {
        url: url.parse().unwrap(),
        validators: None,
    };
    fetcher.fetch(request).await
}

fn kind(fetched: &Fetched) -> Option<FailureKind> {
    fetched.failure.as_ref().map(|failure| failure.kind)
}

/// A web outside with a page for each literal that redirects to it, and one inside.
async fn web() -> Web {
    let mut builder = Web::builder()
        .page(INSIDE, "/", Answer::text("inside"))
        .page(OUTSIDE, "/", Answer::text("outside"));
    for (number, host) in LITERALS.iter().enumerate() {
        let to = format!("http://{host}:9/x");
        builder = builder.page(OUTSIDE, &format!("/{number}"), Answer::redirect(302, &to));
    }
    builder.start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_literal_leads_inside_not_directly_and_not_by_a_redirect() {
    let web = web().await;
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    for (number, host) in LITERALS.iter().enumerate() {
        for url in [
            format!("http://{host}/"),
            format!("https://{host}:8443/x?y"),
            format!("http://user:secret@{host}:{}/", web.port()),
        ] {
            let fetched = fetch(&fetcher, &url).await;
            assert_eq!(kind(&fetched), Some(FailureKind::Refused), "{url}");
            assert!(fetched.exchanges.is_empty(), "{url}");
            assert!(!format!("{fetched:?}").contains("secret"), "{url}");
        }
        let fetched = fetch(&fetcher, &web.url(OUTSIDE, &format!("/{number}"))).await;
        assert_eq!(kind(&fetched), Some(FailureKind::Refused), "to {host}");
        assert_eq!(fetched.exchanges.len(), 1, "the redirect itself is kept");
    }
    assert!(web.requests().iter().all(|seen| seen.host == OUTSIDE));
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_asked_for_nothing_inside() {
    let web = web().await;
    let mut policy = policy();
    policy.proxy = Some(web.proxy_url());
    policy.static_names.insert(
        "inside.example".to_owned(),
        vec!["10.0.0.1".parse().unwrap()],
    );
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let hosts = LITERALS.iter().copied().chain(["inside.example"]);
    for host in hosts {
        for scheme in ["http", "https"] {
            let fetched = fetch(&fetcher, &format!("{scheme}://{host}/")).await;
            assert_eq!(
                kind(&fetched),
                Some(FailureKind::Refused),
                "{scheme} {host}"
            );
        }
    }
    // It is asked for what is outside, and a redirect of that leads nowhere inside either.
    for (number, host) in LITERALS.iter().enumerate() {
        let fetched = fetch(&fetcher, &format!("http://{OUTSIDE}/{number}")).await;
        assert_eq!(kind(&fetched), Some(FailureKind::Refused), "to {host}");
    }
    assert_eq!(web.requests().len(), LITERALS.len());
    // A name that only the proxy could know is not handed to it by those who do not want that.
    let server = NameServer::builder().start().await;
    for (resolves, told) in [(true, None), (false, Some(FailureKind::NoNetwork))] {
        let mut policy = self::policy();
        policy.proxy = Some(web.proxy_url());
        policy.proxy_resolves = resolves;
        policy.name_servers = vec![server.address()];
        let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
        let fetched = fetch(&fetcher, "http://known-to-the-proxy.example/").await;
        assert_eq!(kind(&fetched), told, "{:?}", fetched.failure);
    }
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_public_is_not_refused() {
    // Behind a proxy that is not there, so that nobody is asked for real.
    let mut policy = policy();
    policy.proxy = Some("http://127.0.56.99:9/".parse().unwrap());
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    for host in PUBLIC {
        let fetched = fetch(&fetcher, &format!("http://{host}/")).await;
        assert_eq!(kind(&fetched), Some(FailureKind::Proxy), "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_has_another_address_when_it_is_asked_again_leads_nowhere_inside() {
    let web = web().await;
    let v4 = |text: &str| -> IpAddr { text.parse().unwrap() };
    // Each has two answers, in turn.
    let rebinding = [
        ("first.rebind.example", [v4(OUTSIDE), v4(INSIDE)]),
        ("then.rebind.example", [v4(INSIDE), v4(OUTSIDE)]),
        ("six.rebind.example", [v4("::1"), v4(OUTSIDE)]),
    ];
    let mut server = NameServer::builder();
    for (name, answers) in rebinding {
        server = server.turns(name, answers.map(Reply::Address));
    }
    let server = server.start().await;
    let mut policy = policy();
    policy.name_servers = vec![server.address()];
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let url = |name: &str, path: &str| format!("http://{name}:{}{path}", web.port());
    // The first answer holds for the whole run, however often the name is used.
    for path in ["/", "/", "/0"] {
        fetch(&fetcher, &url("first.rebind.example", path)).await;
    }
    let good = fetch(&fetcher, &url("first.rebind.example", "/")).await;
    assert_eq!(
        good.answer().unwrap().response.body.bytes().unwrap(),
        "outside"
    );
    for name in ["then.rebind.example", "six.rebind.example"] {
        for _ in 0..3 {
            let fetched = fetch(&fetcher, &url(name, "/")).await;
            assert_eq!(kind(&fetched), Some(FailureKind::Refused), "{name}");
        }
    }
    assert!(web.requests().iter().all(|seen| seen.host == OUTSIDE));
    // One question for each family, and no more.
    assert_eq!(server.questions("first.rebind.example"), 2);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_one_address_inside_is_refused() {
    let web = web().await;
    let fetch_name = async |addresses: &[&str], allowed: &[&str]| {
        let mut policy = policy();
        let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
        policy
            .static_names
            .insert("127.0.attacker.example".to_owned(), addresses);
        policy.allow_hosts = allowed.iter().map(|text| (*text).to_owned()).collect();
        let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
        let url = format!("http://127.0.attacker.example:{}/", web.port());
        kind(&fetch(&fetcher, &url).await)
    };
    let refused = Some(FailureKind::Refused);
    assert_eq!(fetch_name(&[INSIDE], &[OUTSIDE]).await, refused);
    assert_eq!(fetch_name(&[OUTSIDE, INSIDE], &[OUTSIDE]).await, refused);
    assert_eq!(fetch_name(&["8.8.8.8", "::1"], &[OUTSIDE]).await, refused);
    assert_eq!(
        fetch_name(&["::ffff:127.0.57.1"], &[OUTSIDE]).await,
        refused
    );
    // A pattern of numbers lets in addresses, not names that look like it.
    assert_eq!(fetch_name(&["10.0.0.1"], &["127.0.*"]).await, refused);
    assert_eq!(fetch_name(&[INSIDE], &["127.0.57.*"]).await, None);
    assert_eq!(fetch_name(&[INSIDE], &["*.attacker.example"]).await, None);
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_check_asks_nobody_inside_for_probes_neither() {
    // The page sends whatever is unknown elsewhere, so a sister address is asked for: inside.
    let page = "<!doctype html><title>Harbour</title><h1>Page not found</h1><p>Sorry.</p>";
    let inside = Web::builder()
        .otherwise(INSIDE, Answer::text("inside"))
        .start()
        .await
        .unwrap();
    let to = inside.url(INSIDE, "/");
    let web = Web::builder()
        .page(OUTSIDE, "/news/harbour", Answer::html(page))
        .page(OUTSIDE, "/moved", Answer::redirect(301, &to))
        .otherwise(OUTSIDE, Answer::redirect(302, &to))
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.md");
    let text = format!(
        "The harbour [opened]({}). The bridge [closed]({}). It was [seen]({to}).\n",
        web.url(OUTSIDE, "/news/harbour"),
        web.url(OUTSIDE, "/moved"),
    );
    std::fs::write(&draft, text).unwrap();
    let settings = folder.path().join("sources.toml");
    let mut config = Config::parse("", &settings, &Overrides::default()).unwrap();
    config.policy = policy();
    let report = check::run(
        &[Input::File(draft)],
        &config,
        &Clock::system(),
        Arc::new(Silent),
    )
    .await
    .unwrap();
    let sources = report.sources.unwrap();
    assert_eq!(sources.len(), 3);
    let refused = sources
        .iter()
        .filter(|source| source.status == Status::Skipped)
        .count();
    assert_eq!(refused, 2, "{sources:?}");
    assert!(
        web.requests()
            .iter()
            .any(|seen| seen.path.contains("ibid-")),
        "a probe was sent"
    );
    assert_eq!(inside.requests().len(), 0);
    web.finish();
    inside.finish();
}
