//! Brings up the small web with pages from a table, behind a proxy, for trying ibid out
//! on a document whose sources are not to be asked.
//!
//! ```text
//! cargo run --example web -- TABLE
//! ibid check document.txt --proxy http://127.0.0.1:PORT
//! ```
//!
//! Addresses with https are answered under an authority of its own, whose certificate it
//! writes beside the table (`ca.pem`); name that in `sources.toml` as `extra_roots`.
//!
//! The table is tab-separated, one address a line: the address, a status code or a fault (`close`, `reset`, `stall`), and for 2xx the
//! file with the body (relative to the table), for 3xx where it leads. `#` begins a comment.

#[path = "../tests/support/tls.rs"]
mod tls;

use ibid::demo::web::{Answer, Fault, Web};
use std::collections::BTreeSet;
use std::path::Path;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table = std::env::args().nth(1).ok_or("usage: web TABLE")?;
    let table = Path::new(&table);
    let folder = table.parent().unwrap_or_else(|| Path::new("."));
    let mut builder = Web::builder();
    let mut secure = BTreeSet::new();
    for line in std::fs::read_to_string(table)?.lines() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('\t').filter(|column| !column.is_empty());
        let (Some(address), Some(what)) = (columns.next(), columns.next()) else {
            return Err(format!("an address and a status are wanted: {line}").into());
        };
        let url = url::Url::parse(address)?;
        let host = url.host_str().ok_or("an address without host")?;
        if url.scheme() == "https" {
            secure.insert(host.to_owned());
        }
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let answer = match (what, columns.next()) {
            ("close", _) => Answer::fault(Fault::CloseBeforeAnswer),
            ("reset", _) => Answer::fault(Fault::Reset),
            ("stall", _) => Answer::fault(Fault::StallBeforeHead),
            (status, rest) => {
                let status: u16 = status.parse()?;
                match rest {
                    Some(location) if (300..400).contains(&status) => {
                        Answer::redirect(status, location)
                    }
                    Some(file) => page(&folder.join(file))?.status(status),
                    None => Answer::html("<!doctype html><title>No page</title><h1>No page</h1>")
                        .status(status),
                }
            }
        };
        builder = builder.page(host, &path, answer);
    }
    let mut web = builder.start().await?;
    let authority = tls::Authority::new();
    std::fs::write(folder.join("ca.pem"), authority.pem())?;
    for host in &secure {
        let door = web.door(host).await?;
        let front = authority.front(host, door, tls::Fault::None).await;
        web.tunnel(&format!("{host}:443"), front);
    }
    #[expect(clippy::print_stdout, reason = "the address is what one runs it for")]
    {
        println!("{}", web.proxy_url());
    }
    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn page(file: &Path) -> std::io::Result<Answer> {
    let body = std::fs::read(file)?;
    let ending = file.extension().map(|ending| ending.to_string_lossy());
    Ok(Answer::of(
        match ending.as_deref() {
            Some("html") => "text/html; charset=utf-8",
            Some("pdf") => "application/pdf",
            _ => "text/plain; charset=utf-8",
        },
        body,
    ))
}
