//! Which addresses are refused. Pure.
//!
//! Cited addresses come from strangers, and whoever runs ibid often sits inside a
//! network. What is not a public address is refused unless it was let in by name.
//!
//! The tricks against such checks, and what stops each (the tests have their names):
//!
//! | trick | stopped by |
//! |---|---|
//! | `127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1`, `127.0.0.1.` | the URL parser makes an address of them, which is checked as one (`numbers_in_disguise`) |
//! | `[::ffff:127.0.0.1]`, NAT64, 6to4, Teredo, IPv4-compatible | the IPv4 address inside is checked (`ipv4_inside_ipv6`) |
//! | ISATAP, SIIT; tunnels as such (6to4, Teredo) | refused with or without a bad address inside (same test) |
//! | `127.1.attacker.example` against the pattern `127.1.*` | a pattern of numbers lets in addresses, never names (`a_pattern_of_numbers_lets_in_no_name`) |
//! | a name that resolves to a private address | every resolved address is checked (`names_are_checked_by_their_addresses`) |
//! | a name with one public and one private address | one bad address refuses the name (same test) |
//! | DNS rebinding: another answer when it is asked again | the first answer holds for the run, the connection is made to the addresses that were checked, and the peer is checked afterwards (`the_peer_is_checked`, `tests/guard.rs`) |
//! | a public page that redirects inside | every hop is checked like a first address (`tests/guard.rs`) |
//! | a proxy that resolves by itself | literals are always checked, names as far as they resolve here; with `proxy_resolves = false` others are not handed to it |

mod ranges;

use super::client::SetupError;
use globset::{Glob, GlobSet, GlobSetBuilder};
use ranges::inside;
pub use ranges::special;
use std::net::IpAddr;
use url::Host;

/// An IPv6 address without the brackets that it has in an address; a glob keeps its own.
fn unbracketed(pattern: &str) -> &str {
    pattern
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .filter(|inner| inner.contains(':'))
        .unwrap_or(pattern)
}

/// The guard, with what the user let in.
#[derive(Debug, Clone)]
pub struct Guard {
    names: GlobSet,
    addresses: GlobSet,
}

/// Whether a pattern can only mean addresses: digits (or hexadecimal ones and colons), dots and
/// the marks of a glob. It must not let in names: `127.1.*` would else let in whatever
/// `127.1.attacker.example` resolves to.
fn is_of_addresses(pattern: &str) -> bool {
    let mark = |c: char| matches!(c, '.' | '*' | '?' | '[' | ']' | '-' | '!');
    let v4 = pattern.chars().all(|c| c.is_ascii_digit() || mark(c));
    let v6 = pattern.contains(':')
        && pattern
            .chars()
            .all(|c| c.is_ascii_hexdigit() || c == ':' || mark(c));
    (v4 && pattern.contains(|c: char| c.is_ascii_digit())) || v6
}

impl Guard {
    /// A guard that lets in what these patterns match: names, addresses, globs such as `127.1.*`.
    ///
    /// # Errors
    /// [`SetupError::Pattern`] for what is no glob.
    pub fn new(patterns: &[String]) -> Result<Self, SetupError> {
        let failed = |pattern: &str, error: &globset::Error| SetupError::Pattern {
            pattern: pattern.to_owned(),
            what: error.kind().to_string(),
        };
        let (mut names, mut addresses) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for pattern in patterns {
            let plain = unbracketed(pattern.trim()).to_ascii_lowercase();
            let glob = Glob::new(&plain).map_err(|error| failed(pattern, &error))?;
            if !is_of_addresses(&plain) {
                names.add(glob.clone());
            }
            addresses.add(glob);
        }
        let built = |set: GlobSetBuilder| set.build().map_err(|error| failed("", &error));
        Ok(Self {
            names: built(names)?,
            addresses: built(addresses)?,
        })
    }

    fn lets_in_name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        // A literal is judged as an address, whatever it is called.
        let literal = name.parse::<IpAddr>().is_ok();
        !literal && self.names.is_match(name)
    }

    fn lets_in_address(&self, address: IpAddr) -> bool {
        self.addresses.is_match(address.to_string())
    }

    /// Checks the host of an address before anything is asked: literals are judged here,
    /// names once they are resolved.
    ///
    /// # Errors
    /// Why it is refused, as a clause.
    pub fn check_host(&self, host: &Host<&str>) -> Result<(), String> {
        match host {
            Host::Ipv4(address) => self.check_address(None, IpAddr::V4(*address)),
            Host::Ipv6(address) => self.check_address(None, IpAddr::V6(*address)),
            Host::Domain(name) => {
                let bare = name.trim_end_matches('.');
                let local = bare.eq_ignore_ascii_case("localhost")
                    || bare.to_ascii_lowercase().ends_with(".localhost");
                if local && !self.lets_in_name(bare) {
                    // RFC 6761, section 6.3: whatever a resolver says of it.
                    return Err(format!("{bare} is this machine itself (RFC 6761)"));
                }
                Ok(())
            }
        }
    }

    /// Checks the addresses that a name resolved to: one that is not public refuses the name.
    ///
    /// # Errors
    /// Why it is refused, as a clause.
    pub fn check_resolved(&self, name: &str, addresses: &[IpAddr]) -> Result<(), String> {
        if self.lets_in_name(name) {
            return Ok(());
        }
        addresses
            .iter()
            .try_for_each(|address| self.check_address(Some(name), *address))
    }

    /// Checks the address that a connection was really made to.
    ///
    /// # Errors
    /// Why it is refused, as a clause.
    pub fn check_peer(&self, host: &str, peer: IpAddr) -> Result<(), String> {
        self.check_resolved(host, &[peer])
    }

    fn check_address(&self, name: Option<&str>, address: IpAddr) -> Result<(), String> {
        let Some(what) = special(address) else {
            return Ok(());
        };
        if self.lets_in_address(address) {
            return Ok(());
        }
        if let IpAddr::V6(v6) = address
            && let Some(v4) = inside(v6)
            && self.lets_in_address(IpAddr::V4(v4))
        {
            return Ok(());
        }
        Err(match name {
            Some(name) => format!("{name} resolves to {address}, {what}"),
            None => format!("{address} is {what}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn guard(patterns: &[&str]) -> Guard {
        let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
        Guard::new(&patterns).unwrap()
    }

    fn refused(guard: &Guard, url: &str) -> Option<String> {
        let url = Url::parse(url).unwrap();
        guard.check_host(&url.host().unwrap()).err()
    }

    #[test]
    fn public_addresses_pass() {
        let strict = guard(&[]);
        for url in [
            "http://1.1.1.1/",
            "http://[2606:4700::1111]/",
            "http://[::ffff:8.8.8.8]/",
            "http://[64:ff9b::808:808]/",
            "http://a.example/",
        ] {
            assert_eq!(refused(&strict, url), None, "{url}");
        }
    }

    #[test]
    fn special_addresses_are_refused_with_what_they_are() {
        let strict = guard(&[]);
        let check = |url: &str, expected: &str| {
            assert_eq!(refused(&strict, url).as_deref(), Some(expected), "{url}");
        };
        check(
            "http://127.0.0.1/",
            "127.0.0.1 is a loopback address (RFC 1122)",
        );
        check(
            "http://10.0.0.1/",
            "10.0.0.1 is a private address (RFC 1918)",
        );
        check(
            "http://172.31.255.255/",
            "172.31.255.255 is a private address (RFC 1918)",
        );
        check(
            "http://192.168.1.1/",
            "192.168.1.1 is a private address (RFC 1918)",
        );
        check(
            "http://169.254.169.254/latest",
            "169.254.169.254 is a link-local address (RFC 3927)",
        );
        check(
            "http://100.64.0.1/",
            "100.64.0.1 is an address shared behind a carrier's NAT (RFC 6598)",
        );
        check(
            "http://0.0.0.0/",
            "0.0.0.0 is an address of “this network” (RFC 791)",
        );
        check(
            "http://255.255.255.255/",
            "255.255.255.255 is a multicast or reserved address (RFC 1112)",
        );
        check("http://[::1]/", "::1 is a loopback address (RFC 4291)");
        check("http://[::]/", ":: is the unspecified address (RFC 4291)");
        check(
            "http://[fd00::1]/",
            "fd00::1 is a private address (RFC 4193)",
        );
        check(
            "http://[fe80::1]/",
            "fe80::1 is a link-local address (RFC 4291)",
        );
        check(
            "http://localhost/",
            "localhost is this machine itself (RFC 6761)",
        );
        check(
            "http://x.LOCALHOST./",
            "x.localhost is this machine itself (RFC 6761)",
        );
    }

    #[test]
    fn numbers_in_disguise() {
        let strict = guard(&[]);
        for url in [
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
            "http://0x7f.1/",
            "http://%31%32%37.0.0.1/",
            "http://１２７.0.0.1/",
        ] {
            assert_eq!(
                refused(&strict, url).as_deref(),
                Some("127.0.0.1 is a loopback address (RFC 1122)"),
                "{url}"
            );
        }
    }

    #[test]
    fn ipv4_inside_ipv6() {
        let strict = guard(&[]);
        for url in [
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:0:127.0.0.1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[64:ff9b:1::a00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[2002:a9fe:a9fe::1]/",
            "http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/",
        ] {
            assert!(refused(&strict, url).is_some(), "{url}");
        }
    }

    #[test]
    fn a_pattern_of_numbers_lets_in_no_name() {
        let inside: IpAddr = "10.0.0.1".parse().unwrap();
        for pattern in ["127.1.*", "10.?.0.1", "127.[01].*", "fd00:*", "[fd00::1]"] {
            for name in [
                "127.1.attacker.example",
                "10.a.0.1.example",
                "127.1.x",
                "fd00.example",
            ] {
                let told = guard(&[pattern]).check_resolved(name, &[inside]);
                let by_address = pattern == "10.?.0.1";
                assert_eq!(told.is_ok(), by_address, "{pattern} {name}");
            }
        }
        assert_eq!(refused(&guard(&["127.[01].*"]), "http://127.1.2.3/"), None);
        assert_eq!(
            guard(&["10.1.*"]).check_resolved("a.example", &["10.1.2.3".parse().unwrap()]),
            Ok(())
        );
    }

    #[test]
    fn names_are_checked_by_their_addresses() {
        let strict = guard(&[]);
        let public: IpAddr = "93.184.216.34".parse().unwrap();
        let private: IpAddr = "10.0.0.1".parse().unwrap();
        assert_eq!(strict.check_resolved("a.example", &[public]), Ok(()));
        assert_eq!(
            strict
                .check_resolved("a.example", &[public, private])
                .unwrap_err(),
            "a.example resolves to 10.0.0.1, a private address (RFC 1918)"
        );
    }

    #[test]
    fn the_peer_is_checked() {
        let strict = guard(&[]);
        assert!(
            strict
                .check_peer("a.example", "127.0.0.1".parse().unwrap())
                .is_err()
        );
        assert!(
            strict
                .check_peer("a.example", "1.1.1.1".parse().unwrap())
                .is_ok()
        );
    }

    #[test]
    fn what_is_let_in_by_name_or_address_passes() {
        let private: IpAddr = "10.0.0.1".parse().unwrap();
        assert_eq!(refused(&guard(&["127.1.*"]), "http://127.1.2.3/"), None);
        assert!(refused(&guard(&["127.1.*"]), "http://127.2.2.3/").is_some());
        assert_eq!(refused(&guard(&["[::1]"]), "http://[::1]/"), None);
        assert_eq!(
            refused(&guard(&["127.0.0.1"]), "http://[::ffff:127.0.0.1]/"),
            None
        );
        assert_eq!(
            guard(&["intern.example"]).check_resolved("intern.example", &[private]),
            Ok(())
        );
        assert_eq!(
            guard(&["*.example"]).check_resolved("Intern.example", &[private]),
            Ok(())
        );
        assert_eq!(
            guard(&["10.0.0.1"]).check_resolved("intern.example", &[private]),
            Ok(())
        );
        assert!(
            guard(&["other.example"])
                .check_resolved("intern.example", &[private])
                .is_err()
        );
        assert!(matches!(
            Guard::new(&["[".repeat(2) + "a"]),
            Ok(_) | Err(SetupError::Pattern { .. })
        ));
    }
}
