//! The key that captures of one address are found by, whatever spelling was asked.
//!
//! Like the sort keys of other web archives (SURT): the host turned round, so that hosts
//! of one domain stand together. Unlike most, `http` and `https` are two keys: what is
//! kept is an answer to one address, and two schemes may answer two things.

use url::{Host, Url};

/// The key of an address: `https:org,example,www)/path?query`.
///
/// Case of scheme and host, default port, an empty path, fragment, user name and the case of
/// percent-encoding make no difference. What is no address is its own key.
#[must_use]
pub fn urlkey(url: &str) -> String {
    let Ok(url) = Url::parse(url.trim()) else {
        return url.trim().to_owned();
    };
    let host = match url.host() {
        Some(Host::Domain(name)) => {
            let labels: Vec<&str> = name.trim_end_matches('.').split('.').rev().collect();
            labels.join(",")
        }
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => format!("[{address}]"),
        // `urn:` and the like have no host; nothing is to be made equal.
        None => return url.to_string(),
    };
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let path = equal_escapes(url.path());
    let query = match url.query() {
        Some(query) => format!("?{}", equal_escapes(query)),
        None => String::new(),
    };
    format!("{}:{host}{port}){path}{query}", url.scheme())
}

/// Percent-encodings in upper case, those of unreserved characters undone (RFC 3986, section 6.2.2).
fn equal_escapes(text: &str) -> String {
    let mut equal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, escape) = rest.split_at(at);
        equal.push_str(before);
        match escape
            .get(1..3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            Some(byte) => {
                let character = char::from(byte);
                if character.is_ascii_alphanumeric() || "-._~".contains(character) {
                    equal.push(character);
                } else {
                    equal.push_str(&escape[..3].to_ascii_uppercase());
                }
                rest = &escape[3..];
            }
            None => {
                equal.push('%');
                rest = &escape[1..];
            }
        }
    }
    equal.push_str(rest);
    equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_have_one_key() {
        let check = |url: &str, expected: &str| assert_eq!(urlkey(url), expected, "{url}");
        check("http://www.Example.org", "http:org,example,www)/");
        check("HTTP://www.example.org:80/#top", "http:org,example,www)/");
        check(
            "http://user:secret@www.example.org./",
            "http:org,example,www)/",
        );
        check(
            "https://example.org/a%2fb%7ec?x=%e9",
            "https:org,example)/a%2Fb~c?x=%E9",
        );
        check("https://example.org:8443/", "https:org,example:8443)/");
        check("http://127.0.0.1:81/", "http:127.0.0.1:81)/");
        check("http://[::1]/", "http:[::1])/");
        check("http://a.example/100%", "http:example,a)/100%");
        check("http://a.example/x%zz", "http:example,a)/x%zz");
        check("urn:x-ibid:run:1", "urn:x-ibid:run:1");
        check("no address", "no address");
        assert_ne!(urlkey("http://a.example/"), urlkey("https://a.example/"));
        assert_ne!(urlkey("http://a.example/A"), urlkey("http://a.example/a"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = urlkey(&text);
            let _ = urlkey(&format!("http://a.example/{text}"));
        }
    }
}
