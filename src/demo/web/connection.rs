//! One connection: requests in, answers and faults out.

use super::{Answer, Fault, Seen, Shared};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Longer than any test waits.
const FOREVER: Duration = Duration::from_secs(3600);
/// Header lines of a request that are read.
const MAX_LINES: usize = 200;
/// Body of a request that is read and thrown away.
const MAX_REQUEST_BODY: u64 = 1 << 20;

/// Takes connections until it is aborted. Without a host it is the proxy.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, host: Option<String>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors: others will be closed soon.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (shared, host) = (Arc::clone(&shared), host.clone());
        connections.spawn(async move {
            // A client that goes away is no news.
            let _ = talk(stream, &shared, host.as_deref()).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn talk(stream: TcpStream, shared: &Shared, host: Option<&str>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(mut seen) = read_request(&mut stream).await? {
        if seen.method == "CONNECT" {
            return tunnel(stream, shared, &seen.path).await;
        }
        match host {
            Some(host) => host.clone_into(&mut seen.host),
            None => {
                let Ok(url) = url::Url::parse(&seen.path) else {
                    return send_plain(&mut stream, 400, "a proxy wants a whole address").await;
                };
                seen.host = url.host_str().unwrap_or_default().to_owned();
                seen.path = match url.query() {
                    Some(query) => format!("{}?{query}", url.path()),
                    None => url.path().to_owned(),
                };
                if !shared.knows(&seen.host) {
                    return send_plain(&mut stream, 502, "no such host").await;
                }
            }
        }
        let is_head = seen.method == "HEAD";
        let Some(answer) = shared.answer(seen) else {
            return Ok(());
        };
        if !send(&mut stream, &answer, is_head).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads one request; none at the end of the connection.
async fn read_request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Seen>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let mut seen = Seen {
        host: String::new(),
        method: method.to_owned(),
        path: path.to_owned(),
        fields: Vec::new(),
        at: Instant::now(),
    };
    for _ in 0..MAX_LINES {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            seen.fields
                .push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let length: u64 = seen
        .field("content-length")
        .and_then(|value| value.parse().ok())
        .unwrap_or(0);
    let mut body = stream.take(length.min(MAX_REQUEST_BODY));
    tokio::io::copy(&mut body, &mut tokio::io::sink()).await?;
    Ok(Some(seen))
}

async fn send_plain(stream: &mut BufReader<TcpStream>, status: u16, text: &str) -> io::Result<()> {
    let answer = Answer::text(text).status(status);
    send(stream, &answer, false).await?;
    Ok(())
}

/// Leads a `CONNECT` to where it goes.
async fn tunnel(
    mut stream: BufReader<TcpStream>,
    shared: &Shared,
    authority: &str,
) -> io::Result<()> {
    let known = super::lock(&shared.tunnels).get(authority).copied();
    let Some(address) = known else {
        return send_plain(&mut stream, 502, "no such host").await;
    };
    let mut there = TcpStream::connect(address).await?;
    stream
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    tokio::io::copy_bidirectional(&mut stream, &mut there).await?;
    Ok(())
}

/// Sends an answer with its fault; says whether the connection may go on.
async fn send(
    stream: &mut BufReader<TcpStream>,
    answer: &Answer,
    is_head: bool,
) -> io::Result<bool> {
    let body = if is_head { &[] } else { &answer.body[..] };
    match answer.fault {
        Some(Fault::CloseBeforeAnswer) => return Ok(false),
        Some(Fault::Reset) => {
            stream.get_ref().set_zero_linger()?;
            return Ok(false);
        }
        Some(Fault::StallBeforeHead) => {
            tokio::time::sleep(FOREVER).await;
            return Ok(false);
        }
        Some(Fault::Junk) => {
            stream
                .write_all(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n\0\0\0")
                .await?;
            return Ok(false);
        }
        Some(Fault::Raw(bytes)) => {
            stream.write_all(bytes).await?;
            stream.flush().await?;
            return Ok(false);
        }
        Some(Fault::Forever(first, then)) => {
            stream.write_all(first).await?;
            let piece = then.repeat((16 << 10) / then.len().max(1));
            loop {
                stream.write_all(&piece).await?;
            }
        }
        Some(Fault::RawDrip(bytes, every)) => {
            for byte in bytes.chunks(1) {
                stream.write_all(byte).await?;
                stream.flush().await?;
                tokio::time::sleep(every).await;
            }
            return Ok(false);
        }
        _ => {}
    }
    stream.write_all(head(answer).as_bytes()).await?;
    match answer.fault {
        Some(Fault::StallInBody(bytes)) => {
            stream.write_all(body.get(..bytes).unwrap_or(body)).await?;
            tokio::time::sleep(FOREVER).await;
            return Ok(false);
        }
        Some(Fault::Drip { bytes, every }) => {
            for piece in body.chunks(bytes.max(1)) {
                stream.write_all(piece).await?;
                tokio::time::sleep(every).await;
            }
        }
        Some(Fault::CutBody(bytes)) => {
            stream.write_all(body.get(..bytes).unwrap_or(body)).await?;
            return Ok(false);
        }
        Some(Fault::BadChunk) => {
            stream.write_all(b"5\r\nhello\r\nxyzzy\r\nworld").await?;
            return Ok(false);
        }
        Some(Fault::Endless) => loop {
            stream.write_all(&[b'x'; 16 << 10]).await?;
        },
        _ if answer.chunked => {
            // Small chunks, so that their borders fall inside words.
            for piece in body.chunks(7) {
                let size = format!("{:x}\r\n", piece.len());
                stream.write_all(size.as_bytes()).await?;
                stream.write_all(piece).await?;
                stream.write_all(b"\r\n").await?;
            }
            stream.write_all(b"0\r\n\r\n").await?;
        }
        _ => stream.write_all(body).await?,
    }
    stream.flush().await?;
    Ok(true)
}

fn head(answer: &Answer) -> String {
    let reason = reqwest::StatusCode::from_u16(answer.status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Unnamed");
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", answer.status);
    for (name, value) in &answer.fields {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match answer.fault {
        Some(Fault::BadChunk) => head.push_str("Transfer-Encoding: chunked\r\n"),
        Some(Fault::Endless) => head.push_str("Connection: close\r\n"),
        Some(Fault::HugeHead(bytes)) => {
            for number in 0..bytes.div_ceil(1000) {
                head.push_str(&format!("X-Filler-{number}: {}\r\n", "y".repeat(980)));
            }
            head.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
        }
        _ if answer.chunked => head.push_str("Transfer-Encoding: chunked\r\n"),
        _ if answer.status == 304 || answer.status == 204 => {}
        _ => head.push_str(&format!("Content-Length: {}\r\n", answer.body.len())),
    }
    head.push_str("\r\n");
    head
}
