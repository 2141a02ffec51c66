//! Which proxy a request goes through: the one that was named, else as the usual
//! environment variables say. Pure once the variables are read.

use super::Policy;
use ipnet::IpNet;
use std::net::IpAddr;
use url::Url;

/// The proxies of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies {
    http: Option<Url>,
    https: Option<Url>,
    /// Hosts that are asked directly.
    direct: Vec<String>,
    /// Whether this machine's own addresses are asked directly, as browsers have it: by the
    /// proxy they would be the proxy's.
    own_direct: bool,
}

impl Proxies {
    /// The policy's proxy for everything, else `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and
    /// `NO_PROXY` (lower case first, as curl has it).
    pub(super) fn of(policy: &Policy, variable: impl Fn(&str) -> Option<String>) -> Self {
        if let Some(proxy) = &policy.proxy {
            return Self {
                http: Some(proxy.clone()),
                https: Some(proxy.clone()),
                direct: Vec::new(),
                own_direct: false,
            };
        }
        let read = |name: &str| {
            let lower = name.to_ascii_lowercase();
            variable(&lower)
                .or_else(|| variable(name))
                .filter(|value| !value.is_empty())
        };
        let proxy = |name: &str| {
            let value = read(name).or_else(|| read("ALL_PROXY"))?;
            let value = if value.contains("://") {
                value
            } else {
                format!("http://{value}")
            };
            Url::parse(&value).ok()
        };
        Self {
            http: proxy("HTTP_PROXY"),
            https: proxy("HTTPS_PROXY"),
            direct: read("NO_PROXY")
                .unwrap_or_default()
                .split([',', ' '])
                .filter(|entry| !entry.is_empty())
                .map(str::to_ascii_lowercase)
                .collect(),
            own_direct: true,
        }
    }

    /// The scheme of a proxy that cannot be spoken to.
    pub(super) fn unknown_scheme(&self) -> Option<&str> {
        let mut proxies = [&self.http, &self.https].into_iter().flatten();
        let unknown = proxies.find(|proxy| !matches!(proxy.scheme(), "http" | "https"));
        unknown.map(Url::scheme)
    }

    /// The proxy that a request for this address goes through.
    pub(super) fn for_url(&self, url: &Url) -> Option<&Url> {
        let proxy = match url.scheme() {
            "https" => self.https.as_ref()?,
            _ => self.http.as_ref()?,
        };
        let host = url
            .host_str()?
            .trim_matches(['[', ']'])
            .to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        let own = host == "localhost" || address.is_some_and(|address| address.is_loopback());
        if own && self.own_direct {
            return None;
        }
        let direct = self.direct.iter().any(|entry| {
            let by_address = || {
                let net: IpNet = entry.parse().ok()?;
                Some(net.contains(&address?))
            };
            let name = entry.trim_start_matches("*.").trim_start_matches('.');
            entry == "*"
                || host == name
                || (address.is_none() && host.ends_with(&format!(".{name}")))
                || by_address() == Some(true)
        });
        (!direct).then_some(proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_chosen_as_the_variables_say() {
        let variables = |name: &str| {
            let value = match name {
                "http_proxy" => "127.0.0.1:1",
                "HTTPS_PROXY" => "http://127.0.0.1:2",
                "NO_PROXY" => "direct.example, .inner.example,10.0.0.0/8",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let proxies = Proxies::of(&Policy::default(), variables);
        let check = |url: &str, expected: Option<&str>| {
            let url = Url::parse(url).unwrap();
            assert_eq!(proxies.for_url(&url).map(Url::as_str), expected, "{url}");
        };
        check("http://a.example/", Some("http://127.0.0.1:1/"));
        check("https://a.example/", Some("http://127.0.0.1:2/"));
        check("https://direct.example/", None);
        check("http://x.direct.example/", None);
        check("http://notdirect.example/", Some("http://127.0.0.1:1/"));
        check("http://x.inner.example/", None);
        check("http://10.1.2.3/", None);
        check("http://127.1.2.3:80/", None);
        check("https://[::1]/", None);
    }

    #[test]
    fn a_proxy_that_cannot_be_spoken_to_is_known() {
        let check = |value: &str, expected: Option<&str>| {
            let variable = |name: &str| (name == "ALL_PROXY").then(|| value.to_owned());
            let proxies = Proxies::of(&Policy::default(), variable);
            assert_eq!(proxies.unknown_scheme(), expected, "{value}");
        };
        check("socks5://127.0.0.1:1080", Some("socks5"));
        check("https://127.0.0.1:1080", None);
        check("", None);
    }

    #[test]
    fn a_proxy_that_was_named_is_for_everything() {
        let policy = Policy {
            proxy: Url::parse("http://127.0.0.1:9/").ok(),
            ..Policy::default()
        };
        let proxies = Proxies::of(&policy, |_| Some("*".to_owned()));
        let url = Url::parse("https://a.example/").unwrap();
        assert_eq!(proxies.for_url(&url), policy.proxy.as_ref());
    }
}
