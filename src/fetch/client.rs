//! Requests on the wire, hop by hop, with manners and retries.
//!
//! The only room that knows the HTTP client. Its redirects and decoders are off: every
//! hop is checked by the guard, and the payload is what came. What the client does not
//! give is the case and order of header fields and the chunk borders; `archive` writes
//! heads from the fields and says so.

use super::body::{Body, Depot};
use super::dns::{ClientNames, Names, Resolution};
use super::guard::Guard;
use super::manners::Hosts;
use super::proxy::Proxies;
use super::redirect::{Chain, Next};
use super::retry::{self, Again, End};
use super::{
    Exchange, Failure, FailureKind, Fetched, Field, Policy, Request, Response, Truncation,
    Validators, outcome,
};
use crate::clock::Clock;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
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
    /// A host pattern is no glob.
    #[error("{pattern:?} is not a host pattern: {what}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong.
        what: String,
    },
}

/// The most header fields of one answer.
const MAX_FIELDS: usize = 512;
/// What is asked for: pages first, anything else as well.
const ACCEPT: &str = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8";
/// The codings that can be undone later; the payload is kept as it came.
const ACCEPT_ENCODING: &str = "gzip, br, zstd";

/// Fetches sources, with manners. Cheap to clone; clones share hosts' state.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    policy: Policy,
    clock: Clock,
    guard: Guard,
    names: Arc<Names>,
    hosts: Hosts,
    proxies: Proxies,
    client: reqwest::Client,
    depot: Depot,
    user_agent: HeaderValue,
}

impl Fetcher {
    /// A fetcher by that policy.
    ///
    /// # Errors
    /// [`SetupError`] when a host pattern is no glob, the User-Agent cannot be sent, or the
    /// machine's TLS roots cannot be read.
    pub fn new(policy: Policy, clock: Clock) -> Result<Self, SetupError> {
        let guard = Guard::new(&policy.allow_hosts)?;
        let names = Arc::new(Names::new(&policy));
        let proxies = Proxies::of(&policy, |name| std::env::var(name).ok());
        let user_agent =
            HeaderValue::from_str(&policy.user_agent).map_err(|_| SetupError::UserAgent {
                value: policy.user_agent.clone(),
            })?;
        let client = client(&policy, &names, &proxies)?;
        Ok(Self(Arc::new(Inner {
            hosts: Hosts::new(&policy),
            depot: Depot::new(policy.spill_folder.clone()),
            policy,
            clock,
            guard,
            names,
            proxies,
            client,
            user_agent,
        })))
    }

    /// Fetches one source: hop by hop, with retries, paced by host. Never fails: what goes
    /// wrong is in [`Fetched::failure`].
    pub async fn fetch(&self, request: Request) -> Fetched {
        let inner = &*self.0;
        let requested = without_secrets(&request.url);
        let mut tries = 0;
        loop {
            tries += 1;
            let (exchanges, failure) = inner.chain(&requested, request.validators.as_ref()).await;
            let end = match (&failure, exchanges.last()) {
                (Some(failure), _) => Some(End::Failure(failure.kind)),
                (None, Some(answer)) => Some(End::Answer(answer.response.status)),
                (None, None) => None,
            };
            let asked = exchanges
                .last()
                .filter(|_| failure.is_none())
                .and_then(|answer| {
                    let value = answer.response.field("retry-after")?;
                    retry::retry_after(&value, inner.clock.now())
                });
            let spread = spread(&requested);
            let again = end.map_or(Again::Stop, |end| {
                retry::again(&inner.policy, end, tries, asked, spread)
            });
            // A host that asks for patience asks it of everyone.
            if let (Some(asked), Some(answer)) = (asked, exchanges.last())
                && matches!(answer.response.status, 429 | 503)
            {
                let pause = asked.min(inner.policy.max_retry_after);
                inner.hosts.back_off(&host_key(&answer.target_uri), pause);
            }
            match again {
                Again::After(pause) => tokio::time::sleep(pause).await,
                Again::Stop => {
                    return Fetched {
                        requested,
                        exchanges,
                        failure,
                        tries,
                    };
                }
            }
        }
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
        .http1_max_headers(MAX_FIELDS)
        .pool_max_idle_per_host(policy.per_host);
    if let Some(pem) = &policy.extra_roots_pem {
        let roots = reqwest::Certificate::from_pem_bundle(pem).map_err(failed)?;
        builder = builder.tls_certs_merge(roots);
    }
    builder.build().map_err(failed)
}

/// The address without fragment and without user name and password: those are for others.
fn without_secrets(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // Refused only by addresses that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// A host with its port: what manners are kept by.
fn host_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("{host}:{}", url.port_or_known_default().unwrap_or(0))
}

/// 0 to 1, the same for the same address in every run (FNV-1a).
fn spread(url: &Url) -> f64 {
    let hash = url.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    f64::from(hash) / f64::from(u32::MAX)
}

impl Inner {
    fn failure(&self, kind: FailureKind, url: &Url, text: impl Into<String>) -> Failure {
        Failure {
            kind,
            url: url.clone(),
            text: text.into(),
            at: self.clock.now(),
        }
    }

    /// One try: follows redirects to their end.
    async fn chain(
        &self,
        requested: &Url,
        validators: Option<&Validators>,
    ) -> (Vec<Exchange>, Option<Failure>) {
        let mut exchanges = Vec::new();
        let mut chain = Chain::default();
        let mut url = requested.clone();
        loop {
            chain.ask(&url);
            let first = exchanges.is_empty();
            let conditions = validators.filter(|_| first);
            let exchange = match self.one(&url, conditions, chain.cookies(&url)).await {
                Ok(exchange) => exchange,
                Err(failure) => return (exchanges, Some(failure)),
            };
            let next = chain.next(&url, &exchange.response, self.policy.limits.max_redirects);
            exchanges.push(exchange);
            match next {
                Next::Stop => return (exchanges, None),
                Next::Fail(kind, text) => {
                    let failure = self.failure(kind, &url, text);
                    return (exchanges, Some(failure));
                }
                Next::Follow(to) => url = without_secrets(&to),
            }
        }
    }

    /// One request and its answer.
    async fn one(
        &self,
        url: &Url,
        validators: Option<&Validators>,
        cookies: Option<String>,
    ) -> Result<Exchange, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            let text = format!("{}: addresses are not fetched", url.scheme());
            return Err(self.failure(FailureKind::NotFetched, url, text));
        }
        let by_proxy = self.proxies.for_url(url).is_some();
        self.check(url, by_proxy).await?;
        let key = host_key(url);
        let leave = self.hosts.enter(&key).await.map_err(|(kind, text)| {
            let text = format!("{text} (the host was found down earlier in this run)");
            self.failure(kind, url, text)
        })?;
        let result = self.send(url, validators, cookies, by_proxy, &key).await;
        drop(leave);
        result
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
            Resolution::Gone | Resolution::Unknown(_) if by_proxy => Ok(()),
            Resolution::Gone => {
                let text = format!("there is no host named {name} any more");
                Err(self.failure(FailureKind::NoSuchName, url, text))
            }
            Resolution::Unknown(why) => Err(self.failure(FailureKind::NameUnknown, url, why)),
        }
    }

    async fn send(
        &self,
        url: &Url,
        validators: Option<&Validators>,
        cookies: Option<String>,
        by_proxy: bool,
        key: &str,
    ) -> Result<Exchange, Failure> {
        let fields = self.fields(validators, cookies);
        let request_fields = sent_fields(url, &fields);
        let started = self.clock.now();
        let begin = Instant::now();
        let sending = self.client.get(url.clone()).headers(fields).send();
        let patience = self.policy.connect_timeout + self.policy.first_byte_timeout;
        let patience = patience.min(self.policy.total_timeout);
        let response = match tokio::time::timeout(patience, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let (kind, text) = outcome::of_error(&error, by_proxy);
                if error.is_connect() && kind != FailureKind::Tls {
                    self.hosts.failed(key, kind, &text);
                }
                return Err(self.failure(kind, url, text));
            }
            Err(_) => {
                let text = format!("no answer within {} seconds", patience.as_secs_f64());
                return Err(self.failure(FailureKind::Timeout, url, text));
            }
        };
        self.hosts.answered(key);
        let peer = response
            .remote_addr()
            .map(|address| address.ip())
            .filter(|_| !by_proxy);
        if let Some(peer) = peer {
            let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
            self.guard
                .check_peer(host, peer)
                .map_err(|text| self.failure(FailureKind::Refused, url, text))?;
        }
        let head = Head::of(&response);
        if head.bytes() > self.policy.limits.max_header_bytes {
            let text = "its header fields are longer than the limit";
            return Err(self.failure(FailureKind::BadAnswer, url, text));
        }
        let left = self.policy.total_timeout.saturating_sub(begin.elapsed());
        let (body, truncated) = self.body(response, left).await.map_err(|error| {
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

    /// The fields of a request.
    fn fields(&self, validators: Option<&Validators>, cookies: Option<String>) -> HeaderMap {
        let mut fields = HeaderMap::new();
        fields.insert(header::USER_AGENT, self.user_agent.clone());
        fields.insert(header::ACCEPT, HeaderValue::from_static(ACCEPT));
        fields.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static(ACCEPT_ENCODING),
        );
        let mut add = |name: HeaderName, value: Option<String>| {
            // A validator that no header field can hold is left out: then the whole page comes.
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                fields.insert(name, value);
            }
        };
        if let Some(validators) = validators {
            add(header::IF_NONE_MATCH, validators.etag.clone());
            add(header::IF_MODIFIED_SINCE, validators.last_modified.clone());
        }
        add(header::COOKIE, cookies);
        fields
    }

    /// Reads the body up to its end, its bound, or the end of the time.
    async fn body(
        &self,
        mut response: reqwest::Response,
        left: Duration,
    ) -> std::io::Result<(Body, Option<Truncation>)> {
        let limit = self.policy.limits.max_body_bytes;
        let deadline = tokio::time::Instant::now() + left;
        let mut body = self.depot.receive();
        let truncated = loop {
            match tokio::time::timeout_at(deadline, response.chunk()).await {
                Ok(Ok(None)) => break None,
                Ok(Ok(Some(chunk))) => {
                    let room = usize::try_from(limit.saturating_sub(body.length()));
                    let fits = chunk.get(..room.unwrap_or(usize::MAX));
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
