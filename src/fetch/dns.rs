//! Names and their addresses, each asked once a run.
//!
//! What was resolved here is what is checked by the guard and what is connected to:
//! the HTTP client asks this cache and nothing else, so a name cannot have one address
//! for the check and another for the connection (DNS rebinding).
//!
//! "No such name" is taken for an answer only when a control name resolves in the same
//! run: without a network, some resolvers say that of every name.

use super::Policy;
use hickory_resolver::TokioResolver;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

/// One question to one name server; a second is asked when it stays silent.
const TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: usize = 2;
/// The longest that a name is waited for, search lists and all families included.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a name resolved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolution {
    /// Its addresses, at least one.
    Found(Vec<IpAddr>),
    /// There is no such name, and names do resolve.
    Gone,
    /// It is not known, for this reason.
    Unknown(String),
}

type Cell = Arc<OnceCell<Resolution>>;

/// The names of a run.
pub(super) struct Names {
    fixed: BTreeMap<String, Vec<IpAddr>>,
    resolver: Option<TokioResolver>,
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

impl Names {
    pub(super) fn new(policy: &Policy) -> Self {
        // Without a usable resolv.conf the system's own look-up is asked.
        let resolver = TokioResolver::builder_tokio().ok().and_then(|mut builder| {
            let options = builder.options_mut();
            options.timeout = TIMEOUT;
            options.attempts = ATTEMPTS;
            builder.build().ok()
        });
        let fixed = policy
            .static_names
            .iter()
            .map(|(name, addresses)| (name.to_ascii_lowercase(), addresses.clone()))
            .collect();
        Self {
            fixed,
            resolver,
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
        match self.ask(name).await {
            Answer::Found(addresses) => Resolution::Found(addresses),
            Answer::Unknown(why) => Resolution::Unknown(why),
            Answer::NoSuchName if self.control_resolves().await => Resolution::Gone,
            Answer::NoSuchName => Resolution::Unknown(format!(
                "the name server knows neither {name} nor {}, which is sure to exist",
                self.control_name
            )),
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
        let asked = tokio::time::timeout(PATIENCE, self.ask_server(name)).await;
        let told = asked
            .unwrap_or_else(|_| Answer::Unknown(format!("no name server answered about {name}")));
        if matches!(told, Answer::Found(_)) {
            return told;
        }
        // The hosts file and local names are known to the system only.
        let system = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, 0))).await;
        match system {
            Ok(Ok(addresses)) => {
                let addresses: Vec<IpAddr> = addresses.map(|address| address.ip()).collect();
                if addresses.is_empty() {
                    told
                } else {
                    Answer::Found(addresses)
                }
            }
            _ => told,
        }
    }

    async fn ask_server(&self, name: &str) -> Answer {
        let Some(resolver) = &self.resolver else {
            return Answer::Unknown("this machine has no name server configured".to_owned());
        };
        // The closing dot keeps search lists out: a cited name is a whole name.
        match resolver.lookup_ip(format!("{name}.")).await {
            Ok(found) => {
                let addresses: Vec<IpAddr> = found.iter().collect();
                if addresses.is_empty() {
                    Answer::Unknown(format!("{name} has no address"))
                } else {
                    Answer::Found(addresses)
                }
            }
            Err(error) if error.is_nx_domain() => Answer::NoSuchName,
            Err(error) if error.is_no_records_found() => {
                Answer::Unknown(format!("{name} has no address"))
            }
            Err(_) => Answer::Unknown(format!("no name server answered about {name}")),
        }
    }
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
                Resolution::Unknown(why) => Err(why.into()),
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
}
