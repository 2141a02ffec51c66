//! From a source to what its server answered.
//!
//! **In:** addresses, a [`Policy`]. **Out:** for each a [`Fetched`]: every
//! exchange of its redirect chain with the body as received, or what went
//! wrong. **Not here:** where captures go (`archive`), what they say (`evidence`).
//!
//! An outcome is not an error: a 404, a time-out and a refused address are
//! values that end up in the report. Two rooms touch the network, [`client`]
//! and [`dns`]; the rules (which addresses are refused, how a host is paced,
//! when to try again, what a chain of answers means) are values in and out.

mod body;
pub mod client;
pub mod coding;
mod credential;
mod dns;
pub mod guard;
mod headers;
mod manners;
mod outcome;
mod proxy;
mod rate;
pub mod redirect;
mod retry;
mod sockets;
pub mod status;
mod tries;

use jiff::Timestamp;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

pub use body::Body;
pub use client::Fetcher;
pub use credential::Credential;
pub use status::{Status, StatusReason};

/// How sources are fetched. Defaults are polite; `config` fills it from `sources.toml` and the command line.
#[derive(Debug, Clone)]
pub struct Policy {
    /// `User-Agent` as sent.
    pub user_agent: String,
    /// Name servers to ask instead of the system's.
    pub name_servers: Vec<std::net::SocketAddr>,
    /// Names that are answered here and not asked of a name server; for tests and the demo.
    pub static_names: std::collections::BTreeMap<String, Vec<IpAddr>>,
    /// Certificates (PEM) that are trusted beside the system's, as of a proxy that looks inside.
    pub extra_roots_pem: Option<Vec<u8>>,
    /// Names, addresses or globs that the address guard lets in although their address is not public.
    pub allow_hosts: Vec<String>,
    /// Proxy for all requests, `http://host:port`; else the usual environment variables hold.
    pub proxy: Option<Url>,
    /// Whether the proxy is asked for names that do not resolve here, whose addresses only it knows.
    pub proxy_resolves: bool,
    /// From the first packet to an open (TLS) connection.
    pub connect_timeout: Duration,
    /// From the request sent to the head of the answer.
    pub first_byte_timeout: Duration,
    /// One exchange as a whole.
    pub total_timeout: Duration,
    /// Requests to one host under way at once.
    pub per_host: usize,
    /// Pause between the starts of two requests to one host; it shrinks, to a tenth at the
    /// least, for hosts that answer quickly, and grows for those that are slow or ask for it.
    pub pause: Duration,
    /// Requests under way at once to all hosts under one registrable domain.
    pub per_site: usize,
    /// Requests under way at once, all hosts together: a bound on sockets. What goes on at once
    /// follows from the number of hosts.
    pub concurrency: usize,
    /// Further tries after a failure that may pass.
    pub retries: u32,
    /// First pause before a retry; doubles with each.
    pub retry_pause: Duration,
    /// The longest `Retry-After` that is waited for within a run; a longer one ends the tries.
    pub max_retry_after: Duration,
    /// Whether a site that refuses the plain request (403, 406, 429, 999) is asked once more with
    /// a browser's header fields; the `User-Agent` still says who asks.
    pub second_look: bool,
    /// Who we are to single hosts.
    pub credentials: Vec<Credential>,
    /// A name that is sure to exist. A name counts as gone only when this one resolves in the same run.
    pub control_name: String,
    /// Folder for bodies that are too large for memory; else the system's own for such things.
    pub spill_folder: Option<std::path::PathBuf>,
    /// Bounds on what is taken.
    pub limits: crate::limits::Limits,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            user_agent: default_user_agent(None),
            name_servers: Vec::new(),
            static_names: std::collections::BTreeMap::new(),
            extra_roots_pem: None,
            allow_hosts: Vec::new(),
            proxy: None,
            proxy_resolves: true,
            connect_timeout: Duration::from_secs(10),
            first_byte_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(60),
            per_host: 4,
            pause: Duration::from_millis(250),
            per_site: 16,
            concurrency: 512,
            retries: 2,
            retry_pause: Duration::from_secs(1),
            max_retry_after: Duration::from_secs(30),
            second_look: true,
            credentials: Vec::new(),
            control_name: "iana.org".to_owned(),
            spill_folder: None,
            limits: crate::limits::Limits::default(),
        }
    }
}

/// The truthful `User-Agent`: what asks, in which version, and whom to write to.
#[must_use]
pub fn default_user_agent(contact: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match contact {
        Some(contact) => format!("ibid/{version} (citation checker; {contact})"),
        None => format!("ibid/{version} (citation checker)"),
    }
}

/// What to ask for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The address as cited, without its fragment.
    pub url: Url,
    /// Validators of an earlier capture, for a conditional request.
    pub validators: Option<Validators>,
}

/// What an earlier answer gave to ask by (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A header field as sent or received; the value is kept as bytes.
pub type Field = (String, Vec<u8>);

/// One request and the answer to it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The address asked for.
    pub target_uri: Url,
    /// When the request was sent.
    pub started: Timestamp,
    /// From the request sent to the last byte.
    pub duration: Duration,
    /// The address that was connected to (none behind a proxy).
    pub peer: Option<IpAddr>,
    /// `http/1.0`, `http/1.1` or `h2`.
    pub protocol: &'static str,
    /// Method of the request.
    pub method: &'static str,
    /// The request's header fields as sent.
    pub request_fields: Vec<Field>,
    /// The answer.
    pub response: Response,
}

/// An answer as received.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Reason phrase (the standard one; HTTP/2 has none).
    pub reason: String,
    /// Header fields as received, in the client's order.
    pub fields: Vec<Field>,
    /// The payload: content coding kept, transfer coding undone.
    pub body: Body,
    /// Why the body is not whole, when it is not.
    pub truncated: Option<Truncation>,
}

impl Response {
    /// The first field of that name (any case), as text; bytes outside ASCII become `U+FFFD`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned())
    }
}

/// Why a body was not kept whole (the values of `WARC-Truncated`, WARC 1.1 section 5.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncation {
    /// It was longer than the limit.
    Length,
    /// It took longer than the limit.
    Time,
    /// The connection ended before the body did.
    Disconnect,
}

/// What went wrong, when there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The address guard refused it.
    Refused,
    /// A scheme that is not fetched, or an address that cannot be asked.
    NotFetched,
    /// The server for names says that there is no such name.
    NoSuchName,
    /// No answer about the name could be had.
    NameUnknown,
    /// This machine has no network, or no name server that knows a name which is sure to exist.
    NoNetwork,
    /// The connection was refused.
    ConnectionRefused,
    /// The connection was reset or closed before an answer.
    ConnectionLost,
    /// No connection, or no head of an answer, in time.
    Timeout,
    /// TLS: the certificate or the handshake.
    Tls,
    /// The answer was not HTTP, or broke a bound on header fields.
    BadAnswer,
    /// The proxy could not be reached or refused.
    Proxy,
    /// More hops than the limit, or a hop back to an address already asked.
    RedirectLoop,
    /// A redirect to nowhere: no `Location`, or one that is no address.
    BadRedirect,
    /// The host asked to be left alone for longer than a run waits.
    AskedToWait,
    /// The bytes that a run, or one host in it, may send were used up.
    OverBudget,
}

/// A failed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// The address that was asked when it failed.
    pub url: Url,
    /// What happened, as a clause for a person.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Everything that came of one source in one run.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The address that was asked for first.
    pub requested: Url,
    /// The last try's exchanges, hop by hop; the last one is the answer unless `failure` is set.
    pub exchanges: Vec<Exchange>,
    /// What ended the chain without an answer.
    pub failure: Option<Failure>,
    /// How many tries were made, the last one included.
    pub tries: u32,
}

impl Fetched {
    /// The answer at the end of the chain.
    #[must_use]
    pub fn answer(&self) -> Option<&Exchange> {
        if self.failure.is_some() {
            return None;
        }
        self.exchanges.last()
    }
}
