//! Requests on the wire, hop by hop, with manners and retries.
//!
//! The only room that knows the HTTP client. Its redirects and decoders are off: every
//! hop is checked by the guard, and the payload is what came. What the client does not
//! give is the case and order of header fields and the chunk borders; `archive` writes
//! heads from the fields and says so.

use super::body::{Body, Depot};
use super::dns::{ClientNames, Names, Resolution};
use super::guard::Guard;
use super::headers::{self, Agents, Extra, Look, Looks};
use super::manners::host::Ended;
use super::manners::{Hosts, Leave};
use super::proxy::Proxies;
use super::rate::{Allowance, Rate};
use super::redirect::{Chain, Next};
use super::{
    Exchange, Failure, FailureKind, Fetched, Field, Policy, Request, Response, Truncation,
    Validators, outcome,
};
use crate::clock::Clock;
use reqwest::header::HeaderMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::{Host, Url};

/// Why no fetcher could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The TLS or HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {what}")]
    Client {
        /// What it said.
        what: String,
    },
    /// The User-Agent holds what a header field cannot.
    #[error("{value:?} cannot be sent as a User-Agent")]
    UserAgent {
        /// The value.
        value: String,
    },
    /// The secret of a credential was not to be had.
    #[error("the credential for {host} cannot be used: {what}")]
    Credential {
        /// The host that it is for.
        host: String,
        /// Why.
        what: String,
    },
    /// A host pattern is no glob.
    #[error("{pattern:?} is not a host pattern: {what}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong.
        what: String,
    },
}

/// The longest address that is asked, in bytes. A record's header names it twice, and readers of WARC
/// files give up at some length (fastwarc 2 at 32 KiB, and loses the rest of the file).
const MAX_ADDRESS: usize = 12 << 10;
/// The most header fields of one answer.
const MAX_FIELDS: usize = 512;
/// Connections to one host that are kept unused: a quarter of those that may be under way, and two;
/// and how long: long enough for the next request to the host, short enough that a thousand hosts
/// do not hold a thousand sockets.
const IDLE_OF_PLACES: usize = 4;
const LEAST_IDLE: usize = 2;
const IDLE: Duration = Duration::from_secs(3);

/// Fetches sources, with manners. Cheap to clone; clones share hosts' state.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) policy: Policy,
    pub(super) clock: Clock,
    guard: Guard,
    names: Arc<Names>,
    pub(super) hosts: Hosts,
    pub(super) looks: Looks,
    allowance: Allowance,
    proxies: Proxies,
    client: reqwest::Client,
    depot: Depot,
    agents: Agents,
}

/// One try: what came, what ended it, and how long the wire was waited for.
#[derive(Debug)]
pub(super) struct Try {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) failure: Option<Failure>,
    pub(super) spent: Duration,
}

/// One hop of a chain that is asked.
struct Hop<'h> {
    /// What was asked before it in its chain.
    way: &'h [Exchange],
    url: &'h Url,
    look: Look,
    validators: Option<&'h Validators>,
    cookies: Option<String>,
    /// The longest that it may take.
    at_most: Duration,
}

impl Fetcher {
    /// A fetcher by that policy.
    ///
    /// # Errors
    /// [`SetupError`] when a host pattern is no glob, the User-Agent cannot be sent, a secret is missing, or the
    /// machine's TLS roots cannot be read.
    pub fn new(policy: Policy, clock: Clock) -> Result<Self, SetupError> {
        let guard = Guard::new(&policy.allow_hosts)?;
        let names = Arc::new(Names::new(&policy));
        let proxies = Proxies::of(&policy, |name| std::env::var(name).ok());
        if let Some(scheme) = proxies.unknown_scheme() {
            // Told at once: else every source would be unreachable.
            let what = format!("{scheme} proxies are not supported; use http://host:port");
            return Err(SetupError::Client { what });
        }
        for credential in &policy.credentials {
            credential.value().map_err(|what| SetupError::Credential {
                host: credential.host.clone(),
                what: what.to_owned(),
            })?;
        }
        let agents = Agents::of(&policy.user_agent).ok_or_else(|| SetupError::UserAgent {
            value: policy.user_agent.clone(),
        })?;
        let client = client(&policy, &names, &proxies)?;
        Ok(Self(Arc::new(Inner {
            hosts: Hosts::new(&policy),
            depot: Depot::new(policy.spill_folder.clone()),
            looks: Looks::default(),
            allowance: Allowance::new(&policy.limits),
            policy,
            clock,
            guard,
            names,
            proxies,
            client,
            agents,
        })))
    }

    /// Fetches one source: hop by hop, with retries, paced by host. Never fails: what goes
    /// wrong is in [`Fetched::failure`].
    pub async fn fetch(&self, request: Request) -> Fetched {
        self.0.tries(&request).await
    }
}

/// The client: what it would do by itself (redirects, decoding, proxies) is switched off.
fn client(
    policy: &Policy,
    names: &Arc<Names>,
    proxies: &Proxies,
) -> Result<reqwest::Client, SetupError> {
    let failed = |error: reqwest::Error| SetupError::Client {
        what: error.to_string(),
    };
    let chosen = proxies.clone();
    let half = policy.first_byte_timeout / 2;
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .no_proxy()
        .proxy(reqwest::Proxy::custom(move |url| {
            chosen.for_url(url).cloned()
        }))
        .dns_resolver(ClientNames(Arc::clone(names)))
        .connect_timeout(policy.connect_timeout)
        // A connection that died without a word would else take all requests of its host with it.
        .http2_keep_alive_interval(Some(half).filter(|half| !half.is_zero()))
        .http2_keep_alive_timeout(half)
        .http1_max_headers(MAX_FIELDS)
        .http2_max_header_list_size(
            u32::try_from(policy.limits.max_header_bytes).unwrap_or(u32::MAX),
        )
        .pool_idle_timeout(IDLE.max(policy.pause * 4))
        .pool_max_idle_per_host((policy.per_host / IDLE_OF_PLACES).max(LEAST_IDLE));
    if let Some(pem) = &policy.extra_roots_pem {
        let roots = reqwest::Certificate::from_pem_bundle(pem).map_err(failed)?;
        builder = builder.tls_certs_merge(roots);
    }
    builder.build().map_err(failed)
}

/// The address without fragment and without user name and password: those are for others.
pub(super) fn without_secrets(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // Refused only by addresses that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

impl Inner {
    pub(super) fn failure(&self, kind: FailureKind, url: &Url, text: impl Into<String>) -> Failure {
        Failure {
            kind,
            url: url.clone(),
            text: text.into(),
            at: self.clock.now(),
        }
    }

    /// One try: follows redirects to their end.
    pub(super) async fn chain(
        &self,
        requested: &Url,
        validators: Option<&Validators>,
        look: Look,
    ) -> Try {
        // A chain may take longer than one exchange, but not as often longer as it has hops.
        let whole = self.policy.total_timeout * 2;
        let mut done = Try {
            exchanges: Vec::new(),
            failure: None,
            spent: Duration::ZERO,
        };
        let mut chain = Chain::default();
        let mut url = requested.clone();
        loop {
            chain.ask(&url);
            let left = whole.saturating_sub(done.spent);
            if left.is_zero() {
                let text = format!(
                    "the redirects took longer than {} seconds",
                    whole.as_secs_f64()
                );
                done.failure = Some(self.failure(FailureKind::Timeout, &url, text));
                return done;
            }
            let hop = Hop {
                way: &done.exchanges,
                url: &url,
                // A host that is known to want a browser's fields gets them wherever it
                // stands in a chain.
                look: match look {
                    Look::Plain => self.looks.first(&url),
                    Look::Browser => look,
                },
                validators: validators.filter(|_| done.exchanges.is_empty()),
                cookies: chain.cookies(&url),
                at_most: left.min(self.policy.total_timeout),
            };
            let (result, spent) = self.one(hop).await;
            done.spent += spent;
            let exchange = match result {
                Ok(exchange) => exchange,
                Err(failure) => {
                    done.failure = Some(failure);
                    return done;
                }
            };
            let next = chain.next(&url, &exchange.response, self.policy.limits.max_redirects);
            done.exchanges.push(exchange);
            match next {
                Next::Stop => return done,
                Next::Fail(kind, text) => {
                    done.failure = Some(self.failure(kind, &url, text));
                    return done;
                }
                Next::Follow(to) => url = without_secrets(&to),
            }
        }
    }

    /// One request and its answer, and how long the wire was waited for.
    async fn one(&self, hop: Hop<'_>) -> (Result<Exchange, Failure>, Duration) {
        let url = hop.url;
        let at_once = |failure: Failure| (Err(failure), Duration::ZERO);
        if !matches!(url.scheme(), "http" | "https") {
            let text = format!("{}: addresses are not fetched", url.scheme());
            return at_once(self.failure(FailureKind::NotFetched, url, text));
        }
        if url.as_str().len() > MAX_ADDRESS {
            let text = format!("its address is longer than {MAX_ADDRESS} bytes");
            return at_once(self.failure(FailureKind::NotFetched, url, text));
        }
        let by_proxy = self.proxies.for_url(url).is_some();
        if let Err(failure) = self.check(url, by_proxy).await {
            return at_once(failure);
        }
        if let Some(text) = self.allowance.used_up(host_of(url)) {
            return at_once(self.failure(FailureKind::OverBudget, url, text));
        }
        let mut leave = match self.hosts.enter(url).await {
            Ok(leave) => leave,
            Err(closed) => {
                let text = format!("{} (as was found earlier in this run)", closed.text);
                return at_once(self.failure(closed.kind, url, text));
            }
        };
        let begin = Instant::now();
        let result = self.send(hop, by_proxy, &mut leave).await;
        (result, begin.elapsed())
    }

    /// Asks the guard: the literal host, or every address that the name resolves to.
    async fn check(&self, url: &Url, by_proxy: bool) -> Result<(), Failure> {
        let refused = |text: String| self.failure(FailureKind::Refused, url, text);
        let host = url
            .host()
            .ok_or_else(|| self.failure(FailureKind::NotFetched, url, "it has no host"))?;
        self.guard.check_host(&host).map_err(refused)?;
        let Host::Domain(name) = host else {
            return Ok(());
        };
        match self.names.resolve(name).await {
            Resolution::Found(addresses) => {
                self.guard.check_resolved(name, &addresses).map_err(refused)
            }
            // Behind a proxy names may be known to the proxy alone.
            Resolution::Gone | Resolution::Unknown(_) | Resolution::Offline(_)
                if by_proxy && self.policy.proxy_resolves =>
            {
                Ok(())
            }
            Resolution::Gone => {
                let text = format!("there is no host named {name} any more");
                Err(self.failure(FailureKind::NoSuchName, url, text))
            }
            Resolution::Unknown(why) => Err(self.failure(FailureKind::NameUnknown, url, why)),
            Resolution::Offline(why) => Err(self.failure(FailureKind::NoNetwork, url, why)),
        }
    }

    async fn send(
        &self,
        hop: Hop<'_>,
        by_proxy: bool,
        leave: &mut Leave<'_>,
    ) -> Result<Exchange, Failure> {
        let url = hop.url;
        let way = hop.way.iter().map(|exchange| &exchange.target_uri);
        let extra = Extra {
            validators: hop.validators,
            cookies: hop.cookies,
            authorization: headers::authorization(&self.policy, way, url),
        };
        let fields = headers::fields(&self.agents, hop.look, extra);
        let request_fields = sent_fields(url, &fields);
        let started = self.clock.now();
        let begin = Instant::now();
        let sending = || self.client.get(url.clone()).headers(fields.clone()).send();
        let patience = self.policy.connect_timeout + self.policy.first_byte_timeout;
        let patience = patience.min(hop.at_most);
        let mut sent = tokio::time::timeout(patience, sending()).await;
        if let Ok(Err(error)) = &sent
            && outcome::may_be_stale(error)
            && leave.has_answered()
        {
            // It may have closed the connection that it had kept for us (RFC 9112, section
            // 9.3.1): that is nobody's failure.
            let left = patience.saturating_sub(begin.elapsed());
            sent = tokio::time::timeout(left, sending()).await;
        }
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let (kind, text) = outcome::of_error(&error, by_proxy);
                let no_connection = error.is_connect()
                    && matches!(
                        kind,
                        FailureKind::ConnectionRefused
                            | FailureKind::NameUnknown
                            | FailureKind::NoNetwork
                            | FailureKind::Timeout
                    );
                let ended = match kind {
                    kind if no_connection => Ended::NoConnection(kind),
                    FailureKind::Timeout => Ended::Silent,
                    _ => Ended::Other,
                };
                leave.heard(ended, &text);
                return Err(self.failure(kind, url, text));
            }
            Err(_) => {
                let text = format!("no answer within {} seconds", patience.as_secs_f64());
                // What the hops before took is not held against this host.
                let ended = if hop.at_most < self.policy.total_timeout {
                    Ended::Other
                } else {
                    Ended::Silent
                };
                leave.heard(ended, &text);
                return Err(self.failure(FailureKind::Timeout, url, text));
            }
        };
        match response.status().as_u16() {
            // Over TLS the way to the host is told apart from its answer by itself.
            407 if by_proxy && url.scheme() == "http" => {
                let text = "the proxy asks who we are (407)";
                return Err(self.failure(FailureKind::Proxy, url, text));
            }
            status @ (429 | 503) => {
                let text = format!("it answers {status} time and again: it asks to be left alone");
                leave.heard(Ended::TurnedAway, &text);
            }
            _ => leave.heard(Ended::Answered(begin.elapsed()), ""),
        }
        let peer = response
            .remote_addr()
            .map(|address| address.ip())
            .filter(|_| !by_proxy);
        if let Some(peer) = peer {
            self.guard
                .check_peer(host_of(url), peer)
                .map_err(|text| self.failure(FailureKind::Refused, url, text))?;
        }
        let head = Head::of(&response);
        if head.bytes() > self.policy.limits.max_header_bytes {
            let text = "its header fields are longer than the limit";
            return Err(self.failure(FailureKind::BadAnswer, url, text));
        }
        let left = hop.at_most.saturating_sub(begin.elapsed());
        let body = self.body(response, left, host_of(url)).await;
        let (body, truncated) = body.map_err(|error| {
            let text = format!("its body could not be held on this machine: {error}");
            self.failure(FailureKind::NotFetched, url, text)
        })?;
        Ok(Exchange {
            target_uri: url.clone(),
            started,
            duration: begin.elapsed(),
            peer,
            protocol: head.protocol,
            method: "GET",
            request_fields,
            response: Response {
                status: head.status,
                reason: head.reason,
                fields: head.fields,
                body,
                truncated,
            },
        })
    }

    /// Reads the body up to its end, its bound, or the end of the time; one that hardly comes
    /// is not waited for, and one for which the run has no room is cut.
    async fn body(
        &self,
        mut response: reqwest::Response,
        left: Duration,
        host: &str,
    ) -> std::io::Result<(Body, Option<Truncation>)> {
        let limit = self.policy.limits.max_body_bytes;
        let end = Instant::now() + left;
        let window = self.policy.first_byte_timeout;
        let mut rate = Rate::new(&self.policy.limits, window, Instant::now());
        let mut body = self.depot.receive();
        let truncated = loop {
            let deadline = rate.deadline().map_or(end, |deadline| deadline.min(end));
            match tokio::time::timeout_at(deadline.into(), response.chunk()).await {
                Ok(Ok(None)) => break None,
                Ok(Ok(Some(chunk))) => {
                    rate.took(chunk.len(), Instant::now());
                    let taken = self.allowance.take(host, chunk.len() as u64);
                    let room = limit.saturating_sub(body.length()).min(taken);
                    let fits = chunk.get(..usize::try_from(room).unwrap_or(usize::MAX));
                    body.push(fits.unwrap_or(&chunk)).await?;
                    if fits.is_some_and(|fits| fits.len() < chunk.len()) {
                        break Some(Truncation::Length);
                    }
                }
                Ok(Err(_)) => break Some(Truncation::Disconnect),
                Err(_) => break Some(Truncation::Time),
            }
        };
        Ok((body.finish().await?, truncated))
    }
}

/// The head of an answer.
struct Head {
    status: u16,
    reason: String,
    protocol: &'static str,
    fields: Vec<Field>,
}

impl Head {
    fn of(response: &reqwest::Response) -> Self {
        let status = response.status();
        Self {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            protocol: match response.version() {
                reqwest::Version::HTTP_09 | reqwest::Version::HTTP_10 => "http/1.0",
                reqwest::Version::HTTP_2 => "h2",
                _ => "http/1.1",
            },
            fields: response
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                .collect(),
        }
    }

    fn bytes(&self) -> u64 {
        self.fields
            .iter()
            .map(|(name, value)| (name.len() + value.len()) as u64)
            .sum()
    }
}

/// The host without the brackets of an IPv6 address.
fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

/// The fields as they are on the wire: the client adds `Host`.
fn sent_fields(url: &Url, fields: &HeaderMap) -> Vec<Field> {
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    };
    let mut sent = vec![("host".to_owned(), host.into_bytes())];
    sent.extend(
        fields
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())),
    );
    sent
}
