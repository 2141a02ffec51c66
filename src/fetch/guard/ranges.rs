//! What an address is, when it is not a public one. Pure.
//!
//! **In:** an address. **Out:** a clause about it, or nothing when it is public. **Not here:**
//! who is let in all the same.
//!
//! The tables are the IANA registries of special-purpose addresses (IPv4 and IPv6, as of
//! 2025, RFC 6890), and beyond them two addresses that no cited page has: a cloud's own
//! services behind a public number, and IPv6 outside the range that is given out.

use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const V4: [([u8; 4], u8, &str); 18] = [
    ([0, 0, 0, 0], 8, "an address of “this network” (RFC 791)"),
    ([10, 0, 0, 0], 8, "a private address (RFC 1918)"),
    (
        [100, 64, 0, 0],
        10,
        "an address shared behind a carrier's NAT (RFC 6598)",
    ),
    ([127, 0, 0, 0], 8, "a loopback address (RFC 1122)"),
    (
        [168, 63, 129, 16],
        32,
        "the address of a cloud's own services (Azure)",
    ),
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
    ([192, 175, 48, 0], 24, "an AS112 address (RFC 7534)"),
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

/// The first that holds an address tells what it is.
const V6: [([u16; 8], u8, &str); 17] = [
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
        [0, 0, 0, 0, 0, 0, 0, 0],
        96,
        "an IPv4-compatible address (RFC 4291)",
    ),
    (
        [0x64, 0xff9b, 1, 0, 0, 0, 0, 0],
        48,
        "an address of a local NAT64 (RFC 8215)",
    ),
    (
        [0x100, 0, 0, 0, 0, 0, 0, 0],
        64,
        "a discard-only address (RFC 6666)",
    ),
    (
        [0x100, 0, 0, 1, 0, 0, 0, 0],
        64,
        "a dummy address (RFC 9780)",
    ),
    (
        [0x2001, 0, 0, 0, 0, 0, 0, 0],
        32,
        "a Teredo address (RFC 4380)",
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
        [0x2002, 0, 0, 0, 0, 0, 0, 0],
        16,
        "a 6to4 address (RFC 7526)",
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

/// Global unicast addresses: all that was ever given out (RFC 4291, section 2.4; IANA).
const GLOBAL: ([u16; 8], u8) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What an address is, when it is not a public one.
#[must_use]
pub fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    V4.iter()
        .find(|(start, length, _)| {
            Ipv4Net::new(Ipv4Addr::from(*start), *length).is_ok_and(|net| net.contains(&address))
        })
        .map(|(_, _, what)| *what)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    // Both lead to the IPv4 address and nowhere else, so that one decides.
    if let Some(v4) = mapped(address) {
        return special_v4(v4);
    }
    // An address inside says more than the tunnel that leads to it.
    if let Some(what) = inside(address).and_then(special_v4) {
        return Some(what);
    }
    let within = |start: [u16; 8], length: u8| {
        Ipv6Net::new(Ipv6Addr::from(start), length).is_ok_and(|net| net.contains(&address))
    };
    let named = V6
        .iter()
        .find(|(start, length, _)| within(*start, *length))
        .map(|(_, _, what)| *what);
    named.or_else(|| {
        (!within(GLOBAL.0, GLOBAL.1)).then_some("an address that was given to nobody (RFC 4291)")
    })
}

/// The IPv4 address that an address is another spelling of: mapped (RFC 4291, section 2.5.5.2)
/// and NAT64 by the well-known prefix, which resolvers of IPv6-only networks make (RFC 6052).
fn mapped(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(v4(high, low))
        }
        _ => None,
    }
}

/// The IPv4 address that an IPv6 address leads to by any way: mapped, compatible (RFC 4291,
/// deprecated), translated (RFC 2765), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo's
/// client (RFC 4380), ISATAP (RFC 5214, section 6.1).
pub(super) fn inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        // `::` and `::1` are their own entries.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x64, 0xff9b, 1, _, _, _, high, low]
        | [0x2002, high, low, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(v4(high, low)),
        [0x2001, 0, _, _, _, _, high, low] => Some(v4(!high, !low)),
        _ => None,
    }
}

const fn v4(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}
