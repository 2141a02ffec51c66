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
//! | a name that resolves to a private address | every resolved address is checked (`names_are_checked_by_their_addresses`) |
//! | a name with one public and one private address | one bad address refuses the name (same test) |
//! | DNS rebinding: another answer when it is asked again | the connection is made to the addresses that were checked, and the peer is checked afterwards (`the_peer_is_checked`) |
//! | a public page that redirects inside | every hop is checked like a first address (in `tests/check.rs`) |
//! | a proxy that resolves by itself | literals are always checked, names as far as they resolve here |

use super::client::SetupError;
use globset::{Glob, GlobSet, GlobSetBuilder};
use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::Host;

/// Special-purpose IPv4 ranges (IANA registry as of 2025, RFC 6890) and what they are.
const V4: [([u8; 4], u8, &str); 16] = [
    ([0, 0, 0, 0], 8, "an address of “this network” (RFC 791)"),
    ([10, 0, 0, 0], 8, "a private address (RFC 1918)"),
    (
        [100, 64, 0, 0],
        10,
        "an address shared behind a carrier's NAT (RFC 6598)",
    ),
    ([127, 0, 0, 0], 8, "a loopback address (RFC 1122)"),
    ([169, 254, 0, 0], 16, "a link-local address (RFC 3927)"),
    ([172, 16, 0, 0], 12, "a private address (RFC 1918)"),
    (
        [192, 0, 0, 0],
        24,
        "an address for IETF protocols (RFC 6890)",
    ),
    (
        [192, 0, 2, 0],
        24,
        "an address for documentation (RFC 5737)",
    ),
    ([192, 31, 196, 0], 24, "an AS112 address (RFC 7535)"),
    ([192, 52, 193, 0], 24, "an AMT address (RFC 7450)"),
    ([192, 88, 99, 0], 24, "a 6to4 relay address (RFC 7526)"),
    ([192, 168, 0, 0], 16, "a private address (RFC 1918)"),
    ([198, 18, 0, 0], 15, "an address for benchmarks (RFC 2544)"),
    (
        [198, 51, 100, 0],
        24,
        "an address for documentation (RFC 5737)",
    ),
    (
        [203, 0, 113, 0],
        24,
        "an address for documentation (RFC 5737)",
    ),
    (
        [224, 0, 0, 0],
        3,
        "a multicast or reserved address (RFC 1112)",
    ),
];

/// Special-purpose IPv6 ranges, those with an IPv4 address inside left out (see [`inside`]).
const V6: [([u16; 8], u8, &str); 12] = [
    (
        [0, 0, 0, 0, 0, 0, 0, 0],
        128,
        "the unspecified address (RFC 4291)",
    ),
    (
        [0, 0, 0, 0, 0, 0, 0, 1],
        128,
        "a loopback address (RFC 4291)",
    ),
    (
        [0x100, 0, 0, 0, 0, 0, 0, 0],
        64,
        "a discard-only address (RFC 6666)",
    ),
    (
        [0x2001, 0, 0, 0, 0, 0, 0, 0],
        23,
        "an address for IETF protocols (RFC 2928)",
    ),
    (
        [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0],
        32,
        "an address for documentation (RFC 3849)",
    ),
    (
        [0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0],
        48,
        "an AS112 address (RFC 7534)",
    ),
    (
        [0x3fff, 0, 0, 0, 0, 0, 0, 0],
        20,
        "an address for documentation (RFC 9637)",
    ),
    (
        [0x5f00, 0, 0, 0, 0, 0, 0, 0],
        16,
        "a segment-routing address (RFC 9602)",
    ),
    (
        [0xfc00, 0, 0, 0, 0, 0, 0, 0],
        7,
        "a private address (RFC 4193)",
    ),
    (
        [0xfe80, 0, 0, 0, 0, 0, 0, 0],
        10,
        "a link-local address (RFC 4291)",
    ),
    (
        [0xfec0, 0, 0, 0, 0, 0, 0, 0],
        10,
        "a site-local address (RFC 3879)",
    ),
    (
        [0xff00, 0, 0, 0, 0, 0, 0, 0],
        8,
        "a multicast address (RFC 4291)",
    ),
];

/// What an address is, when it is not a public one.
#[must_use]
pub fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => match inside(address) {
            Some(v4) => special_v4(v4),
            None => V6
                .iter()
                .find(|(start, length, _)| {
                    Ipv6Net::new(Ipv6Addr::from(*start), *length)
                        .is_ok_and(|net| net.contains(&address))
                })
                .map(|(_, _, what)| *what),
        },
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    V4.iter()
        .find(|(start, length, _)| {
            Ipv4Net::new(Ipv4Addr::from(*start), *length).is_ok_and(|net| net.contains(&address))
        })
        .map(|(_, _, what)| *what)
}

/// The IPv4 address that an IPv6 address stands for: mapped (RFC 4291), compatible (RFC 4291,
/// deprecated), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo's client (RFC 4380).
fn inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // `::` and `::1` are their own entries.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => {
            from(high, low)
        }
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 1, _, _, _, high, low] => {
            from(high, low)
        }
        [0x2002, high, low, ..] => from(high, low),
        [0x2001, 0, _, _, _, _, high, low] => from(!high, !low),
        _ => None,
    }
}

/// The guard, with what the user let in.
#[derive(Debug, Clone)]
pub struct Guard {
    allowed: GlobSet,
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
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let plain = pattern.trim().trim_matches(['[', ']']).to_ascii_lowercase();
            set.add(Glob::new(&plain).map_err(|error| failed(pattern, &error))?);
        }
        let allowed = set.build().map_err(|error| failed("", &error))?;
        Ok(Self { allowed })
    }

    fn lets_in(&self, name: &str) -> bool {
        self.allowed.is_match(name.to_ascii_lowercase())
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
                if local && !self.lets_in(bare) {
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
        if self.lets_in(name) {
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
        if self.lets_in(&address.to_string()) {
            return Ok(());
        }
        if let IpAddr::V6(v6) = address
            && let Some(v4) = inside(v6)
            && self.lets_in(&v4.to_string())
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
