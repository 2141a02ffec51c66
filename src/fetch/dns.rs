//! Names and their addresses, each asked once a run.
//!
//! What was resolved here is what is checked by the guard and what is connected to:
//! the HTTP client asks this cache and nothing else, so a name cannot have one address
//! for the check and another for the connection (DNS rebinding).
//!
//! "No such name" is taken for an answer only when a control name resolves in the same
//! run: without a network, some resolvers say that of every name, and the others nothing.

use super::Policy;
use futures_util::future::{Either, select};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::Name;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};

/// One question to one name server; a second is asked when it stays silent.
const TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: usize = 2;
/// The longest that a name is waited for, search lists and all families included.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the other family is waited for once one has addresses: some name servers never
/// answer about IPv6.
const OTHER_FAMILY: Duration = Duration::from_secs(1);
/// Names asked for at once: a name server serves others too.
const AT_ONCE: usize = 64;
/// Names that the system is asked for at once: each question holds a thread that others work on.
const SYSTEM_AT_ONCE: usize = 4;

/// What a name resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolution {
    /// Its addresses, at least one.
    Found(Vec<IpAddr>),
    /// There is no such name, and names do resolve.
    Gone,
    /// It is not known, for this reason.
    Unknown(String),
    /// No name is known at the moment, not even the control name: that is no fault of this one.
    Offline(String),
}

type Cell = Arc<OnceCell<Resolution>>;

/// The names of a run.
pub(super) struct Names {
    fixed: BTreeMap<String, Vec<IpAddr>>,
    /// One for each family, IPv6 first.
    resolvers: Option<[TokioResolver; 2]>,
    /// Whether the system is asked for what the name servers do not know.
    system: bool,
    patience: Duration,
    places: Semaphore,
    system_places: Arc<Semaphore>,
    control_name: String,
    control: OnceCell<bool>,
    known: Mutex<BTreeMap<String, Cell>>,
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

/// What one question was answered with.
enum Answer {
    Found(Vec<IpAddr>),
    NoSuchName,
    Unknown(String),
}

impl Answer {
    /// The other family's answer, which is not waited for for long once there are addresses.
    async fn beside(&self, other: impl Future<Output = Self>, moment: Duration) -> Self {
        if !matches!(self, Self::Found(_)) {
            return other.await;
        }
        let other = tokio::time::timeout(moment, other).await;
        other.unwrap_or_else(|_| Self::Unknown(String::new()))
    }

    /// What both families' answers say together. Some servers deny a name that has addresses of
    /// the other family only (RFC 4074, section 4.2): there is none when both say so.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Found(mut addresses), Self::Found(more)) => {
                addresses.extend(more);
                Self::Found(addresses)
            }
            (found @ Self::Found(_), _) | (_, found @ Self::Found(_)) => found,
            (unknown @ Self::Unknown(_), _) | (_, unknown) => unknown,
        }
    }
}

/// Asks for a name's addresses of a resolver's family.
async fn ask_family(resolver: &TokioResolver, labels: &Name, name: &str) -> Answer {
    match resolver.lookup_ip(labels.clone()).await {
        Ok(found) if found.iter().next().is_some() => Answer::Found(found.iter().collect()),
        Err(error) if error.is_nx_domain() => Answer::NoSuchName,
        Err(error) if !error.is_no_records_found() => {
            Answer::Unknown(format!("no name server answered about {name}"))
        }
        _ => Answer::Unknown(format!("{name} has no address")),
    }
}

impl Names {
    pub(super) fn new(policy: &Policy) -> Self {
        // A name is waited for no longer than a connection.
        let patience = PATIENCE.min(policy.connect_timeout);
        let resolver = |family| {
            let builder = if policy.name_servers.is_empty() {
                // Without a usable resolv.conf the system's own look-up is asked.
                TokioResolver::builder_tokio().ok()
            } else {
                let servers = policy.name_servers.iter().map(name_server).collect();
                let config = ResolverConfig::from_parts(None, Vec::new(), servers);
                Some(TokioResolver::builder_with_config(
                    config,
                    TokioRuntimeProvider::default(),
                ))
            };
            let mut builder = builder?;
            let options = builder.options_mut();
            options.timeout = TIMEOUT.min(patience / 2);
            options.attempts = ATTEMPTS;
            options.ip_strategy = family;
            builder.build().ok()
        };
        // The connection goes to whichever answers (RFC 8305).
        let resolvers = resolver(LookupIpStrategy::Ipv6Only)
            .zip(resolver(LookupIpStrategy::Ipv4Only))
            .map(|(six, four)| [six, four]);
        let fixed = policy
            .static_names
            .iter()
            .map(|(name, addresses)| (name.to_ascii_lowercase(), addresses.clone()))
            .collect();
        Self {
            fixed,
            resolvers,
            system: policy.name_servers.is_empty(),
            patience,
            places: Semaphore::new(AT_ONCE),
            system_places: Arc::new(Semaphore::new(SYSTEM_AT_ONCE)),
            control_name: policy.control_name.clone(),
            control: OnceCell::new(),
            known: Mutex::default(),
        }
    }

    /// Resolves a name; the answer stays the same for the whole run.
    pub(super) async fn resolve(&self, name: &str) -> Resolution {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if let Some(addresses) = self.fixed.get(&name) {
            return Resolution::Found(addresses.clone());
        }
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(name.clone()).or_default())
        };
        cell.get_or_init(|| self.look_up(&name)).await.clone()
    }

    async fn look_up(&self, name: &str) -> Resolution {
        let _place = self.places.acquire().await.ok();
        let told = match self.ask(name).await {
            Answer::Found(addresses) => return Resolution::Found(addresses),
            told => told,
        };
        if !self.control_resolves().await {
            return Resolution::Offline(format!(
                "this machine's name server knows neither {name} nor {}, which is sure to exist",
                self.control_name
            ));
        }
        match told {
            Answer::Unknown(why) => Resolution::Unknown(why),
            _ => Resolution::Gone,
        }
    }

    async fn control_resolves(&self) -> bool {
        let control = async || matches!(self.ask(&self.control_name).await, Answer::Found(_));
        *self.control.get_or_init(control).await
    }

    async fn ask(&self, name: &str) -> Answer {
        if let Some(addresses) = self.fixed.get(name) {
            return Answer::Found(addresses.clone());
        }
        let asked = tokio::time::timeout(self.patience, self.ask_server(name)).await;
        let told = asked
            .unwrap_or_else(|_| Answer::Unknown(format!("no name server answered about {name}")));
        if matches!(told, Answer::Found(_)) || !self.system {
            return told;
        }
        // The hosts file and local names are known to the system only.
        let system = tokio::time::timeout(self.patience, self.ask_system(name)).await;
        match system {
            Ok(Some(addresses)) => Answer::Found(addresses),
            _ => told,
        }
    }

    /// Asks the system, which cannot be asked without holding a thread, nor hurried: a question
    /// keeps its place until it is answered, though nobody waits for it any more.
    async fn ask_system(&self, name: &str) -> Option<Vec<IpAddr>> {
        let place = Arc::clone(&self.system_places).acquire_owned().await.ok()?;
        let name = name.to_owned();
        let asked = tokio::task::spawn_blocking(move || {
            let _place = place;
            let addresses = (name.as_str(), 0).to_socket_addrs().ok()?;
            Some(addresses.map(|address| address.ip()).collect())
        });
        let addresses: Option<Vec<IpAddr>> = asked.await.ok()?;
        addresses.filter(|addresses| !addresses.is_empty())
    }

    async fn ask_server(&self, name: &str) -> Answer {
        let Some([six, four]) = &self.resolvers else {
            return Answer::Unknown("this machine has no name server configured".to_owned());
        };
        // Its labels as they are: what is no name by the rules for hosts (`a_b.example`) may have
        // an address all the same. A whole name: search lists are left out.
        let Ok(labels) = Name::from_labels(name.split('.').map(str::as_bytes)) else {
            return Answer::Unknown(format!("{name} is no name that a name server could know"));
        };
        let six = pin!(ask_family(six, &labels, name));
        let four = pin!(ask_family(four, &labels, name));
        let moment = OTHER_FAMILY.min(self.patience / 4);
        match select(six, four).await {
            Either::Left((six, four)) => {
                let four = six.beside(four, moment).await;
                six.and(four)
            }
            Either::Right((four, six)) => four.beside(six, moment).await.and(four),
        }
    }
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()]
        .into_iter()
        .map(|mut connection| {
            connection.port = address.port();
            connection
        })
        .collect();
    NameServerConfig::new(address.ip(), true, connections)
}

/// The door through which the HTTP client asks for names.
#[derive(Debug, Clone)]
pub(super) struct ClientNames(pub(super) Arc<Names>);

impl reqwest::dns::Resolve for ClientNames {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let names = Arc::clone(&self.0);
        Box::pin(async move {
            match names.resolve(name.as_str()).await {
                Resolution::Found(addresses) => {
                    let addresses: reqwest::dns::Addrs = Box::new(
                        addresses
                            .into_iter()
                            .map(|address| SocketAddr::new(address, 0)),
                    );
                    Ok(addresses)
                }
                Resolution::Gone => Err("there is no such name".into()),
                Resolution::Unknown(why) | Resolution::Offline(why) => Err(why.into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_given_by_policy_are_answered_here() {
        let policy = Policy {
            static_names: BTreeMap::from([(
                "Intern.example".to_owned(),
                vec!["10.0.0.1".parse().unwrap()],
            )]),
            ..Policy::default()
        };
        let names = Names::new(&policy);
        let expected = Resolution::Found(vec!["10.0.0.1".parse().unwrap()]);
        assert_eq!(names.resolve("intern.EXAMPLE.").await, expected);
    }

    #[tokio::test]
    async fn a_system_that_does_not_answer_is_not_waited_for() {
        let names = Names {
            resolvers: None,
            patience: Duration::from_millis(50),
            ..Names::new(&Policy::default())
        };
        // As many questions as it takes are never answered.
        let places = Arc::clone(&names.system_places);
        let taken = places.acquire_many(SYSTEM_AT_ONCE as u32).await.unwrap();
        let told = names.resolve("localhost").await;
        assert!(matches!(told, Resolution::Offline(_)), "{told:?}");
        drop(taken);
        let Resolution::Found(addresses) = names.look_up("localhost").await else {
            panic!("the hosts file knows it");
        };
        assert!(addresses.iter().all(IpAddr::is_loopback));
    }
}
