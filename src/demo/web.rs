//! A small web on loopback, with faults on demand.
//!
//! The demonstration runs on it, and so do the tests: real sockets, many hosts on
//! `127.0.0.0/8` that share one port, and any number of named hosts behind a plain
//! HTTP proxy. It speaks HTTP/1.1 by hand, because a server that can only be correct
//! cannot show what happens when one is not. Every request is recorded. A handler
//! that panics fails the test that asked ([`Web::finish`]).

mod answer;
mod connection;

pub use answer::{Answer, Fault};
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The host that it came to: a loopback address, or a name behind the proxy.
    pub host: String,
    /// Method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Header fields; names in lower case.
    pub fields: Vec<(String, String)>,
    /// When.
    pub at: Instant,
}

impl Seen {
    /// The first field of that name, given in lower case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

type Handler = dyn Fn(&Seen) -> Answer + Send + Sync;

/// What an address answers.
#[derive(Clone)]
enum Route {
    Fixed(Answer),
    /// One after another; the last one stays.
    Sequence(Arc<(Vec<Answer>, AtomicUsize)>),
    Handler(Arc<Handler>),
}

impl Route {
    fn answer(&self, seen: &Seen) -> Answer {
        match self {
            Self::Fixed(answer) => answer.clone(),
            Self::Sequence(sequence) => {
                let (answers, turn) = &**sequence;
                let last = answers.len().saturating_sub(1);
                let turn = turn.fetch_add(1, Ordering::Relaxed).min(last);
                answers.get(turn).cloned().unwrap_or_else(Answer::not_found)
            }
            Self::Handler(handler) => handler(seen),
        }
    }
}

/// What the web's tasks share.
#[derive(Default)]
struct Shared {
    routes: Mutex<BTreeMap<(String, String), Route>>,
    /// What a host answers where it has no page.
    otherwise: BTreeMap<String, Route>,
    /// Where the proxy leads a `CONNECT`.
    tunnels: Mutex<BTreeMap<String, SocketAddr>>,
    seen: Mutex<Vec<Seen>>,
    panics: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Records a request and says what it gets; nothing where its handler panicked.
    fn answer(&self, seen: Seen) -> Option<Answer> {
        lock(&self.seen).push(seen.clone());
        let route = lock(&self.routes)
            .get(&(seen.host.clone(), seen.path.clone()))
            .or_else(|| self.otherwise.get(&seen.host))
            .cloned();
        let Some(route) = route else {
            return Some(Answer::not_found());
        };
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| route.answer(&seen)));
        match told {
            Ok(answer) => Some(answer.settle(&seen)),
            Err(_) => {
                lock(&self.panics).push(format!("{} {}", seen.host, seen.path));
                None
            }
        }
    }

    fn knows(&self, host: &str) -> bool {
        self.otherwise.contains_key(host)
            || lock(&self.routes).keys().any(|(known, _)| known == host)
    }
}

/// A web to be.
#[derive(Debug, Default)]
pub struct Builder {
    shared: Shared,
}

impl Builder {
    /// A page: what a path (with its query) of a host answers. A host is a loopback address,
    /// or a name that is reached through the proxy.
    #[must_use]
    pub fn page(self, host: &str, path: &str, answer: Answer) -> Self {
        self.route(host, path, Route::Fixed(answer))
    }

    /// A path that answers one after another; the last answer stays.
    #[must_use]
    pub fn sequence(self, host: &str, path: &str, answers: Vec<Answer>) -> Self {
        let sequence = Arc::new((answers, AtomicUsize::new(0)));
        self.route(host, path, Route::Sequence(sequence))
    }

    /// A path that answers as it is told each time.
    #[must_use]
    pub fn handler(
        self,
        host: &str,
        path: &str,
        handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.route(host, path, Route::Handler(Arc::new(handler)))
    }

    /// What a host answers for every other path; without it that is `404`.
    #[must_use]
    pub fn otherwise(mut self, host: &str, answer: Answer) -> Self {
        self.shared
            .otherwise
            .insert(host.to_owned(), Route::Fixed(answer));
        self
    }

    /// What a host answers for every other path, as it is told each time.
    #[must_use]
    pub fn otherwise_handler(
        mut self,
        host: &str,
        handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.shared
            .otherwise
            .insert(host.to_owned(), Route::Handler(Arc::new(handler)));
        self
    }

    fn route(self, host: &str, path: &str, route: Route) -> Self {
        lock(&self.shared.routes).insert((host.to_owned(), path.to_owned()), route);
        self
    }

    /// Brings it up.
    ///
    /// # Errors
    /// When no port is free on all of its hosts at once.
    pub async fn start(self) -> io::Result<Web> {
        let hosts: std::collections::BTreeSet<IpAddr> = lock(&self.shared.routes)
            .keys()
            .map(|(host, _)| host)
            .chain(self.shared.otherwise.keys())
            .filter_map(|host| host.parse().ok())
            .collect();
        let hosts: Vec<IpAddr> = hosts.into_iter().collect();
        let (port, listeners) = bind(&hosts).await?;
        let shared = Arc::new(self.shared);
        let mut tasks: Vec<JoinHandle<()>> = listeners
            .into_iter()
            .zip(hosts)
            .map(|(listener, host)| {
                tokio::spawn(connection::serve(
                    listener,
                    Arc::clone(&shared),
                    Some(host.to_string()),
                ))
            })
            .collect();
        let proxy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let proxy_port = proxy.local_addr()?.port();
        tasks.push(tokio::spawn(connection::serve(
            proxy,
            Arc::clone(&shared),
            None,
        )));
        Ok(Web {
            shared,
            port,
            proxy_port,
            tasks,
        })
    }
}

/// Binds every host on one port that is free on all of them.
async fn bind(hosts: &[IpAddr]) -> io::Result<(u16, Vec<TcpListener>)> {
    let Some((first, others)) = hosts.split_first() else {
        return Ok((80, Vec::new()));
    };
    let mut last_error = None;
    for _ in 0..32 {
        let listener = TcpListener::bind((*first, 0)).await?;
        let port = listener.local_addr()?.port();
        let mut listeners = vec![listener];
        for host in others {
            match TcpListener::bind((*host, port)).await {
                Ok(listener) => listeners.push(listener),
                Err(error) => {
                    last_error = Some(error);
                    break;
                }
            }
        }
        if listeners.len() == hosts.len() {
            return Ok((port, listeners));
        }
    }
    Err(last_error.unwrap_or_else(|| io::Error::from(io::ErrorKind::AddrInUse)))
}

/// A small web that is up. It goes down when it is dropped.
#[derive(Debug)]
pub struct Web {
    shared: Arc<Shared>,
    port: u16,
    proxy_port: u16,
    tasks: Vec<JoinHandle<()>>,
}

impl Web {
    /// Begins a web.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The port that all its hosts share.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The address of a page. Named hosts (behind the proxy) have the usual port.
    #[must_use]
    pub fn url(&self, host: &str, path: &str) -> String {
        if host.parse::<Ipv6Addr>().is_ok() {
            format!("http://[{host}]:{}{path}", self.port)
        } else if host.parse::<Ipv4Addr>().is_ok() {
            format!("http://{host}:{}{path}", self.port)
        } else {
            format!("http://{host}{path}")
        }
    }

    /// The proxy that leads to the named hosts.
    ///
    /// # Panics
    /// Never: the address is built from a port number.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "http://127.0.0.1 with a port number is an address"
    )]
    pub fn proxy_url(&self) -> Url {
        format!("http://127.0.0.1:{}/", self.proxy_port)
            .parse()
            .expect("http://127.0.0.1 with a port number is an address")
    }

    /// From now on the proxy leads `CONNECT name:port` there.
    pub fn tunnel(&self, authority: &str, to: SocketAddr) {
        lock(&self.shared.tunnels).insert(authority.to_owned(), to);
    }

    /// Gives a named host a door of its own, for what stands in front of it (TLS).
    ///
    /// # Errors
    /// When no port is free.
    pub async fn door(&mut self, host: &str) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        self.tasks.push(tokio::spawn(connection::serve(
            listener,
            Arc::clone(&self.shared),
            Some(host.to_owned()),
        )));
        Ok(address)
    }

    /// From now on, another answer.
    pub fn replace(&self, host: &str, path: &str, answer: Answer) {
        lock(&self.shared.routes).insert((host.to_owned(), path.to_owned()), Route::Fixed(answer));
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// Takes it down.
    ///
    /// # Panics
    /// When a handler panicked: what it was asked is in the message.
    pub fn finish(self) {
        let panics = lock(&self.shared.panics).clone();
        assert!(panics.is_empty(), "handlers panicked: {panics:?}");
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

#[cfg(test)]
mod tests;
