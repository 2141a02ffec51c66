//! Promise: a host is asked as often as it can bear, a dead one once, and what one host does
//! is no other host's trouble.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

mod support;

use futures_util::future::join_all;
use ibid::clock::Clock;
use ibid::fetch::status::status_of;
use ibid::fetch::{Credential, FailureKind, Fetched, Fetcher, Policy, Request, Status};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::names::{NameServer, Reply};
use support::tls::{Authority, Two};
use support::web::{Answer, Fault, Web};

const HOST: &str = "127.0.58.1";
const OTHER: &str = "127.0.58.2";

fn policy() -> Policy {
    Policy {
        allow_hosts: vec!["127.0.*".to_owned(), "[::1]".to_owned()],
        pause: Duration::ZERO,
        retries: 2,
        retry_pause: Duration::from_millis(5),
        connect_timeout: Duration::from_millis(600),
        first_byte_timeout: Duration::from_millis(600),
        total_timeout: Duration::from_secs(3),
        ..Policy::default()
    }
}

fn request(url: &str) -> Request {
    Request {
        url: url.parse().unwrap(),
        validators: None,
    }
}

async fn fetch_all(fetcher: &Fetcher, urls: &[String]) -> Vec<Fetched> {
    join_all(urls.iter().map(|url| fetcher.fetch(request(url)))).await
}

fn kinds(fetched: &[Fetched]) -> Vec<Option<FailureKind>> {
    let mut kinds: Vec<_> = fetched
        .iter()
        .map(|fetched| fetched.failure.as_ref().map(|failure| failure.kind))
        .collect();
    kinds.dedup();
    kinds
}

/// A listener whose queue is full: whoever connects gets no answer at all, as from a host that
/// is switched off.
async fn dead_host() -> (
    std::net::SocketAddr,
    Vec<tokio::net::TcpStream>,
    tokio::net::TcpListener,
) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.58.9:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut fillers = Vec::new();
    // The kernel takes one or two more than were asked for.
    while let Ok(Ok(stream)) = tokio::time::timeout(
        Duration::from_millis(200),
        tokio::net::TcpStream::connect(address),
    )
    .await
    {
        fillers.push(stream);
    }
    (address, fillers, listener)
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_links_to_a_dead_host_cost_one_time_out() {
    let (address, _fillers, _listener) = dead_host().await;
    let urls: Vec<String> = (0..500)
        .map(|page| format!("http://{address}/{page}"))
        .collect();
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let begin = Instant::now();
    let fetched = fetch_all(&fetcher, &urls).await;
    let took = begin.elapsed();
    assert_eq!(kinds(&fetched), [Some(FailureKind::Timeout)]);
    assert!(fetched.iter().all(|fetched| fetched.tries == 1));
    // Two after another for each would be 250 time-outs; what is left over is for a machine
    // that is busy.
    assert!(took < Duration::from_millis(600) * 4, "{took:?}");
    let (status, reason) = status_of(&fetched[499], &[]);
    assert_eq!(status, Status::Unreachable);
    assert!(
        reason.text.contains("found earlier in this run"),
        "{}",
        reason.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_refuses_or_stays_silent_is_not_asked_by_all() {
    let mut builder = Web::builder().page(OTHER, "/", Answer::text("here"));
    for page in 0..100 {
        let stall = Answer::fault(Fault::StallBeforeHead);
        builder = builder.page(HOST, &format!("/{page}"), stall);
    }
    let web = builder.start().await.unwrap();
    let mut urls: Vec<String> = (0..100)
        .map(|page| web.url(HOST, &format!("/{page}")))
        .collect();
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let silent = fetch_all(&fetcher, &urls).await;
    assert_eq!(kinds(&silent), [Some(FailureKind::Timeout)]);
    assert!(web.requests().len() <= 3, "{}", web.requests().len());
    // Nobody listens there.
    urls = (0..100)
        .map(|page| format!("http://127.0.58.8:{}/{page}", web.port()))
        .collect();
    let refused = fetch_all(&fetcher, &urls).await;
    assert_eq!(kinds(&refused), [Some(FailureKind::ConnectionRefused)]);
    // The host beside them is as it was.
    let here = fetcher.fetch(request(&web.url(OTHER, "/"))).await;
    assert!(here.answer().is_some());
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_host_is_asked_for_one_page_first() {
    let under_way = Arc::new(AtomicUsize::new(0));
    let most_at_first = Arc::new(AtomicUsize::new(0));
    let mut builder = Web::builder();
    for page in 0..6 {
        let (under_way, most) = (under_way.clone(), most_at_first.clone());
        builder = builder.handler(HOST, &format!("/{page}"), move |_| {
            most.fetch_max(
                under_way.fetch_add(1, Ordering::SeqCst) + 1,
                Ordering::SeqCst,
            );
            std::thread::sleep(Duration::from_millis(50));
            Answer::text("page")
        });
    }
    let web = builder.start().await.unwrap();
    let urls: Vec<String> = (0..6)
        .map(|page| web.url(HOST, &format!("/{page}")))
        .collect();
    let mut policy = policy();
    policy.per_host = 6;
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let fetched = fetch_all(&fetcher, &urls).await;
    assert!(fetched.iter().all(|fetched| fetched.answer().is_some()));
    let seen = web.requests();
    let first_alone = seen[1].at - seen[0].at;
    assert!(first_alone >= Duration::from_millis(50), "{first_alone:?}");
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_turns_everyone_away_is_left_alone() {
    let web = Web::builder()
        .otherwise(HOST, Answer::text("busy").status(503))
        .otherwise(
            OTHER,
            Answer::text("later")
                .status(429)
                .field("Retry-After", "7200"),
        )
        .start()
        .await
        .unwrap();
    let urls = |host: &str| -> Vec<String> {
        (0..40)
            .map(|page| web.url(host, &format!("/{page}")))
            .collect()
    };
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let asked = |host: &str| {
        web.requests()
            .iter()
            .filter(|seen| seen.host == host)
            .count()
    };
    let busy = fetch_all(&fetcher, &urls(HOST)).await;
    assert!(asked(HOST) <= 6, "{}", asked(HOST));
    let patient = fetch_all(&fetcher, &urls(OTHER)).await;
    assert!(asked(OTHER) <= 3, "{}", asked(OTHER));
    for fetched in [&busy[39], &patient[39]] {
        let (status, reason) = status_of(fetched, &[]);
        // Never a step towards "dead": the source itself was not asked.
        assert_eq!((status, reason.code), (Status::Blocked, "asked-to-wait"));
    }
    let text = status_of(&patient[39], &[]).1.text;
    assert!(text.contains("7200 seconds"), "{text}");
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_busy_host_answered_is_kept_though_it_is_not_asked_again() {
    let web = Web::builder()
        .otherwise(HOST, Answer::text("busy").status(503))
        .start()
        .await
        .unwrap();
    let urls: Vec<String> = (0..12)
        .map(|page| web.url(HOST, &format!("/{page}")))
        .collect();
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let fetched = fetch_all(&fetcher, &urls).await;
    let asked: Vec<String> = web.requests().into_iter().map(|seen| seen.path).collect();
    for fetched in fetched {
        let (status, reason) = status_of(&fetched, &[]);
        let told = (status, reason.code, fetched.exchanges.len());
        let times = asked
            .iter()
            .filter(|path| *path == fetched.requested.path())
            .count();
        let expected = match times {
            0 => (Status::Blocked, "asked-to-wait", 0),
            _ => (Status::Unreachable, "http-503", 1),
        };
        assert_eq!(told, expected, "{}", fetched.requested);
        assert_eq!(
            fetched.tries as usize,
            times.max(1),
            "{}",
            fetched.requested
        );
    }
    assert!((1..12).contains(&asked.len()), "{asked:?}");
    web.finish();
}

/// A door that answers the first request of each connection, and closes it at the second.
async fn forgetful_door() -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.58.4:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await?;
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere";
                stream.write_all(answer).await?;
                stream.read(&mut request).await
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_closed_as_it_was_used_again_is_no_failure() {
    let door = forgetful_door().await;
    let mut policy = policy();
    policy.retries = 0;
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    for page in 0..4 {
        let url = format!("http://{door}/{page}");
        let fetched = fetcher.fetch(request(&url)).await;
        assert!(fetched.answer().is_some(), "{page}: {:?}", fetched.failure);
        assert_eq!(fetched.tries, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_look_that_comes_to_nothing_leaves_the_refusal() {
    let web = Web::builder()
        .handler(HOST, "/1", |seen| match seen.field("sec-fetch-mode") {
            Some(_) => Answer::text("trouble").status(503),
            None => Answer::text("go away").status(403),
        })
        .handler(HOST, "/2", |seen| match seen.field("sec-fetch-mode") {
            Some(_) => Answer::text("trouble").status(503),
            None => Answer::text("here"),
        })
        .start()
        .await
        .unwrap();
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let told = async |path: &str| {
        let fetched = fetcher.fetch(request(&web.url(HOST, path))).await;
        (status_of(&fetched, &[]).1.code, fetched.tries)
    };
    assert_eq!(told("/1").await, ("http-403", 2));
    // Nor does the host count as one that wants to be asked so.
    assert_eq!(told("/2").await, ("live", 1));
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_of_one_site_share_a_bound() {
    let now = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let mut policy = policy();
    policy.per_site = 3;
    let (inner_now, inner_most) = (now.clone(), most.clone());
    let web = Web::builder()
        .handler(HOST, "/", move |_| {
            inner_most.fetch_max(
                inner_now.fetch_add(1, Ordering::SeqCst) + 1,
                Ordering::SeqCst,
            );
            std::thread::sleep(Duration::from_millis(30));
            inner_now.fetch_sub(1, Ordering::SeqCst);
            Answer::text("page")
        })
        .start()
        .await
        .unwrap();
    let mut urls = Vec::new();
    for number in 0..12 {
        let name = format!("h{number}.site.example");
        let address: IpAddr = HOST.parse().unwrap();
        policy.static_names.insert(name.clone(), vec![address]);
        urls.push(format!("http://{name}:{}/", web.port()));
    }
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let fetched = fetch_all(&fetcher, &urls).await;
    assert!(fetched.iter().all(|fetched| fetched.answer().is_some()));
    assert!(most.load(Ordering::SeqCst) <= 3, "{most:?}");
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_asked_for_once_and_both_families_are_tried() {
    let web = Web::builder()
        .otherwise(HOST, Answer::text("here"))
        .start()
        .await
        .unwrap();
    // Its IPv6 address has nobody; the IPv4 one answers.
    let server = NameServer::builder()
        .name("one.example", Reply::Address(HOST.parse().unwrap()))
        .start()
        .await;
    let mut policy = policy();
    policy.name_servers = vec![server.address()];
    policy.static_names.insert(
        "both.example".to_owned(),
        vec!["::1".parse().unwrap(), HOST.parse().unwrap()],
    );
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let urls: Vec<String> = (0..50)
        .map(|page| format!("http://one.example:{}/{page}", web.port()))
        .collect();
    let fetched = fetch_all(&fetcher, &urls).await;
    assert!(fetched.iter().all(|fetched| fetched.answer().is_some()));
    assert_eq!(server.questions("one.example"), 2, "one for each family");
    let both = format!("http://both.example:{}/", web.port());
    let both = fetcher.fetch(request(&both)).await;
    let answer = both.answer().unwrap();
    assert_eq!(answer.peer, Some(HOST.parse().unwrap()));
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_refuses_unknown_agents_is_asked_as_a_browser_asks_and_told_who_asks() {
    let wary = |seen: &ibid::demo::web::Seen| {
        let agent = seen.field("user-agent").unwrap_or_default();
        assert!(agent.contains("ibid/"), "it says who asks: {agent}");
        match (
            agent.starts_with("Mozilla/5.0 "),
            seen.field("sec-fetch-mode"),
        ) {
            (true, Some("navigate")) => Answer::text("welcome"),
            _ => Answer::text("go away").status(403),
        }
    };
    let web = Web::builder()
        .handler(HOST, "/1", wary)
        .handler(HOST, "/2", wary)
        .otherwise(OTHER, Answer::text("never").status(403))
        .page("127.0.58.3", "/", Answer::text(""))
        .start()
        .await
        .unwrap();
    let fetcher = Fetcher::new(policy(), Clock::system()).unwrap();
    let first = fetcher.fetch(request(&web.url(HOST, "/1"))).await;
    assert_eq!((status_of(&first, &[]).0, first.tries), (Status::Live, 2));
    // It is remembered for the host …
    let second = fetcher.fetch(request(&web.url(HOST, "/2"))).await;
    assert_eq!((status_of(&second, &[]).0, second.tries), (Status::Live, 1));
    // … wherever it stands in a chain …
    web.replace(
        "127.0.58.3",
        "/",
        Answer::redirect(302, &web.url(HOST, "/2")),
    );
    let third = fetcher.fetch(request(&web.url("127.0.58.3", "/"))).await;
    assert_eq!((status_of(&third, &[]).0, third.tries), (Status::Live, 1));
    // … and so is that it was of no use.
    let mut tries = Vec::new();
    for page in 0..4 {
        let url = web.url(OTHER, &format!("/{page}"));
        let fetched = fetcher.fetch(request(&url)).await;
        assert_eq!(status_of(&fetched, &[]).0, Status::Blocked);
        tries.push(fetched.tries);
    }
    assert_eq!(tries, [2, 2, 1, 1]);
    // Who does not want that is obeyed.
    let mut plain = policy();
    plain.second_look = false;
    let fetcher = Fetcher::new(plain, Clock::system()).unwrap();
    let fetched = fetcher.fetch(request(&web.url(HOST, "/1"))).await;
    assert_eq!(
        (status_of(&fetched, &[]).0, fetched.tries),
        (Status::Blocked, 1)
    );
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_goes_to_its_host_and_nowhere_else() {
    let web = Web::builder()
        .page(HOST, "/here", Answer::text("here"))
        .page(HOST, "/away", Answer::redirect(302, "http://127.0.58.2/"))
        .page(OTHER, "/there", Answer::text("there"))
        .start()
        .await
        .unwrap();
    web.replace(
        HOST,
        "/away",
        Answer::redirect(302, &web.url(OTHER, "/there")),
    );
    for path in ["/in", "/back"] {
        web.replace(OTHER, path, Answer::redirect(302, &web.url(HOST, "/here")));
    }
    web.replace(
        HOST,
        "/out",
        Answer::redirect(302, &web.url(OTHER, "/back")),
    );
    let mut policy = policy();
    let value = Credential::value_of("desk:secret").unwrap();
    policy.credentials = vec![Credential::new(HOST, Some(web.port()), true, &value)];
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    for (host, path) in [
        (HOST, "/here"),
        (HOST, "/away"),
        (OTHER, "/in"),
        (HOST, "/out"),
    ] {
        let fetched = fetcher.fetch(request(&web.url(host, path))).await;
        assert!(fetched.answer().is_some());
    }
    let sent: Vec<(String, bool)> = web
        .requests()
        .iter()
        .map(|seen| {
            let value = seen.field("authorization");
            assert!(value.is_none_or(|value| value == "Basic ZGVzazpzZWNyZXQ="));
            (seen.path.clone(), value.is_some())
        })
        .collect();
    let expected = [
        ("/here", true),
        ("/away", true),
        ("/there", false),
        ("/in", false),
        ("/here", false),
        ("/out", true),
        ("/back", false),
        ("/here", false),
    ];
    assert_eq!(sent, expected.map(|(path, sent)| (path.to_owned(), sent)));
    web.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_spoken_where_it_is_offered() {
    let authority = Authority::new();
    let door = authority
        .h2("two.example", Two::Whole(b"here over two"))
        .await;
    let mut policy = policy();
    authority.introduce("two.example", door.ip(), &mut policy);
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let urls: Vec<String> = (0..5)
        .map(|page| format!("https://two.example:{}/{page}", door.port()))
        .collect();
    for fetched in fetch_all(&fetcher, &urls).await {
        let answer = fetched
            .answer()
            .unwrap_or_else(|| panic!("{:?}", fetched.failure));
        assert_eq!(answer.protocol, "h2");
        assert_eq!(answer.response.body.bytes().unwrap(), "here over two");
        assert!(answer.request_fields.iter().any(|(name, _)| name == "host"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_without_a_word_is_not_used_for_ever() {
    let authority = Authority::new();
    let door = authority.h2("two.example", Two::Dies(b"here")).await;
    let mut policy = policy();
    authority.introduce("two.example", door.ip(), &mut policy);
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    let fetch = async |page: u32| {
        let url = format!("https://two.example:{}/{page}", door.port());
        fetcher.fetch(request(&url)).await
    };
    assert!(fetch(1).await.answer().is_some());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let second = fetch(2).await;
    assert!(second.answer().is_some(), "{:?}", second.failure);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_hops_before_took_is_not_held_against_a_host() {
    let web = Web::builder()
        .page(HOST, "/1", Answer::text(""))
        .page(HOST, "/2", Answer::text(""))
        .page(OTHER, "/slow", Answer::fault(Fault::StallBeforeHead))
        .page(OTHER, "/", Answer::text("here"))
        .start()
        .await
        .unwrap();
    // Each hop takes most of the time that one may take, and no chain more than twice that.
    for (path, to) in [("/1", web.url(HOST, "/2")), ("/2", web.url(OTHER, "/slow"))] {
        let head = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
        let pause = Duration::from_millis(500) / u32::try_from(head.len()).unwrap();
        let head: &'static [u8] = Box::leak(head.into_bytes().into_boxed_slice());
        web.replace(HOST, path, Answer::fault(Fault::RawDrip(head, pause)));
    }
    let mut policy = policy();
    policy.total_timeout = policy.first_byte_timeout + Duration::from_millis(300);
    let fetcher = Fetcher::new(policy, Clock::system()).unwrap();
    for _ in 0..2 {
        let fetched = fetcher.fetch(request(&web.url(HOST, "/1"))).await;
        assert_eq!(fetched.failure.unwrap().kind, FailureKind::Timeout);
    }
    let direct = fetcher.fetch(request(&web.url(OTHER, "/"))).await;
    assert!(direct.answer().is_some(), "{:?}", direct.failure);
    web.finish();
}
