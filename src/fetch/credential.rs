//! Who we are to one host. Pure.
//!
//! **In:** a host and a secret, which the settings name by the environment or a file. **Out:**
//! a value of `Authorization`, for that host and nobody else. Never shown: not in a debug
//! text, not in the archive (`archive` withholds the field), not in a report.

use data_encoding::BASE64;

/// A credential for one host.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) plain: bool,
    /// The field's value, or why there is none.
    value: Result<String, String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

impl Credential {
    /// A value of `Authorization` for a host, at a port of its own where it has one. `plain`:
    /// it may be sent over `http:`, where everyone on the way can read it.
    #[must_use]
    pub fn new(host: &str, port: Option<u16>, plain: bool, value: &str) -> Self {
        Self {
            host: host.to_owned(),
            port,
            plain,
            value: Ok(value.to_owned()),
        }
    }

    /// A credential whose secret was not to be had, for this reason: whoever only reads does
    /// not need it, and whoever fetches is told.
    #[must_use]
    pub fn missing(host: &str, why: String) -> Self {
        Self {
            host: host.to_owned(),
            port: None,
            plain: false,
            value: Err(why),
        }
    }

    /// The field's value.
    ///
    /// # Errors
    /// Why there is none, as a clause without the secret.
    pub(super) fn value(&self) -> Result<&str, &str> {
        self.value.as_deref().map_err(String::as_str)
    }

    /// The field's value that a secret stands for: `user:password` (RFC 7617), or a whole value
    /// such as `Bearer …` (RFC 6750).
    ///
    /// # Errors
    /// A clause that does not hold the secret.
    pub fn value_of(secret: &str) -> Result<String, &'static str> {
        let secret = secret.trim();
        if secret.chars().any(|c| c.is_control()) {
            return Err("holds what a header field cannot");
        }
        if let Some((scheme, rest)) = secret.split_once(' ')
            && !scheme.contains(':')
            && !rest.trim().is_empty()
        {
            return Ok(secret.to_owned());
        }
        if secret.contains(':') {
            return Ok(format!("Basic {}", BASE64.encode(secret.as_bytes())));
        }
        Err("is neither `user:password` nor a whole value such as `Bearer …`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_pair_or_a_whole_value() {
        let check = |secret: &str, expected: Result<&str, ()>| {
            let value = Credential::value_of(secret);
            assert_eq!(value.as_deref().map_err(|_| ()), expected, "{secret:?}");
        };
        check("x:y\n", Ok("Basic eDp5"));
        check("desk:two words", Ok("Basic ZGVzazp0d28gd29yZHM="));
        check("Bearer abc", Ok("Bearer abc"));
        check("abc", Err(()));
        check("", Err(()));
        check("a:b\nc", Err(()));
    }
}
