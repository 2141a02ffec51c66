//! Which hosts belong together. Pure.
//!
//! **In:** an address. **Out:** its registrable domain. **Not here:** what follows from it.

use std::net::IpAddr;
use url::{Host, Url};

/// The registrable domain of an address by the public suffix list: `bbc.co.uk` for
/// `news.bbc.co.uk`, `me.github.io` for itself (its users are strangers to each other).
/// None for an IP address and for a name that is a suffix itself.
pub(in crate::fetch) fn of(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => of_name(name),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// The same for a name.
pub(in crate::fetch) fn of_name(name: &str) -> Option<String> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    // The list is of names: it would make `0.1` of `127.0.0.1`.
    if name.parse::<IpAddr>().is_ok() {
        return None;
    }
    psl::domain_str(&name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_grouped_by_who_can_register_them() {
        let check = |url: &str, expected: Option<&str>| {
            let url = Url::parse(url).unwrap();
            assert_eq!(of(&url).as_deref(), expected, "{url}");
        };
        check("https://en.wikipedia.org/", Some("wikipedia.org"));
        check("https://WIKIPEDIA.org./", Some("wikipedia.org"));
        check("https://news.bbc.co.uk/", Some("bbc.co.uk"));
        check("https://me.github.io/x", Some("me.github.io"));
        check("https://a.b.example/", Some("b.example"));
        check("https://co.uk/", None);
        check("http://127.0.0.1/", None);
        check("http://[::1]/", None);
        check("http://localhost/", None);
    }
}
