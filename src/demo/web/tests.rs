use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn ask(address: (&str, u16), request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn hosts_share_a_port_and_every_request_is_recorded() {
    let web = Web::builder()
        .page("127.0.40.1", "/a", Answer::text("one"))
        .page("127.0.40.2", "/a", Answer::text("two").chunked())
        .start()
        .await
        .unwrap();
    let request = "GET /a HTTP/1.1\r\nHost: x\r\nAccept: y\r\n\r\n";
    let one = ask(("127.0.40.1", web.port()), request).await;
    assert!(
        one.starts_with("HTTP/1.1 200 OK\r\n") && one.ends_with("\r\n\r\none"),
        "{one}"
    );
    let two = ask(("127.0.40.2", web.port()), request).await;
    assert!(two.ends_with("\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"), "{two}");
    let gone = ask(("127.0.40.2", web.port()), "GET /b HTTP/1.1\r\n\r\n").await;
    assert!(gone.starts_with("HTTP/1.1 404 "), "{gone}");
    web.replace("127.0.40.1", "/a", Answer::text("three"));
    let three = ask(("127.0.40.1", web.port()), request).await;
    assert!(three.ends_with("three"), "{three}");
    let seen = web.requests();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[0].field("accept"), Some("y"));
    web.finish();
}

#[tokio::test]
async fn named_hosts_are_reached_through_the_proxy() {
    let web = Web::builder()
        .page(
            "paper.example",
            "/x?y=1",
            Answer::text("news").etag("\"7\""),
        )
        .start()
        .await
        .unwrap();
    let proxy = ("127.0.0.1", web.proxy_url().port().unwrap());
    let news = ask(proxy, "GET http://paper.example/x?y=1 HTTP/1.1\r\n\r\n").await;
    assert!(news.ends_with("news"), "{news}");
    let same = "GET http://paper.example/x?y=1 HTTP/1.1\r\nIf-None-Match: \"7\"\r\n\r\n";
    let same = ask(proxy, same).await;
    assert!(same.starts_with("HTTP/1.1 304 "), "{same}");
    let unknown = ask(proxy, "GET http://other.example/ HTTP/1.1\r\n\r\n").await;
    assert!(unknown.starts_with("HTTP/1.1 502 "), "{unknown}");
    web.finish();
}

#[tokio::test]
async fn faults_are_faulty() {
    let web = Web::builder()
        .page(
            "127.0.40.3",
            "/close",
            Answer::fault(Fault::CloseBeforeAnswer),
        )
        .page("127.0.40.3", "/reset", Answer::fault(Fault::Reset))
        .page("127.0.40.3", "/cut", Answer::fault(Fault::CutBody(10)))
        .page("127.0.40.3", "/junk", Answer::fault(Fault::Junk))
        .sequence(
            "127.0.40.3",
            "/later",
            vec![Answer::text("busy").status(503), Answer::text("here")],
        )
        .start()
        .await
        .unwrap();
    let address = ("127.0.40.3", web.port());
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\n\r\n");
    assert_eq!(ask(address, &get("/close")).await, "");
    assert_eq!(ask(address, &get("/reset")).await, "");
    let cut = ask(address, &get("/cut")).await;
    assert!(cut.contains("Content-Length: 1000\r\n") && cut.ends_with("\r\n\r\n0123456789"));
    assert!(!ask(address, &get("/junk")).await.starts_with("HTTP"));
    assert!(
        ask(address, &get("/later"))
            .await
            .starts_with("HTTP/1.1 503 ")
    );
    assert!(ask(address, &get("/later")).await.ends_with("here"));
    assert!(ask(address, &get("/later")).await.ends_with("here"));
    web.finish();
}

#[tokio::test]
#[should_panic(expected = "handlers panicked: [\"127.0.40.4 /bad\"]")]
async fn a_panicking_handler_fails_the_test() {
    let web = Web::builder()
        .handler("127.0.40.4", "/bad", |_| panic!("on purpose"))
        .start()
        .await
        .unwrap();
    assert_eq!(
        ask(("127.0.40.4", web.port()), "GET /bad HTTP/1.1\r\n\r\n").await,
        ""
    );
    web.finish();
}
