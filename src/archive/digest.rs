//! SHA-256 digests of payloads and blocks.

use data_encoding::{BASE32, HEXLOWER};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest. WARC headers have it in base32 (upper case, padded), reports in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of parts that follow one another: bytes, and what a reader gives.
    ///
    /// # Errors
    /// What the reader says.
    pub fn of_parts(start: &[u8], mut rest: impl std::io::Read) -> std::io::Result<Self> {
        let mut hash = Hash::default();
        hash.update(start);
        std::io::copy(&mut rest, &mut hash)?;
        Ok(hash.digest())
    }

    /// One that was computed already.
    #[must_use]
    pub const fn known(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hex.
    #[must_use]
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// From hex.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let bytes = HEXLOWER.decode(hex.to_ascii_lowercase().as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// `sha256:` and base32, as in WARC headers (WARC 1.1, section 5.8).
    #[must_use]
    pub fn to_warc(&self) -> String {
        format!("sha256:{}", BASE32.encode(&self.0))
    }

    /// From a WARC header; none for another algorithm or what is no digest.
    #[must_use]
    pub fn from_warc(text: &str) -> Option<Self> {
        let (algorithm, value) = text.split_once(':')?;
        if !algorithm.eq_ignore_ascii_case("sha256") && !algorithm.eq_ignore_ascii_case("sha-256") {
            return None;
        }
        if value.len() == 64 {
            return Self::from_hex(value);
        }
        let bytes = BASE32.decode(value.to_ascii_uppercase().as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

/// A digest in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Hash(Sha256);

impl Hash {
    /// Takes what comes next.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of all that came.
    pub(super) fn digest(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl std::io::Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_the_field_expects() {
        let digest = Digest::of(b"hello");
        let hex = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(digest.to_hex(), hex);
        let warc = "sha256:FTZE3OS7WCRQ4JXIHMVMLOPCTYNRMHS4D6TUEXTTAQZWFE4LTASA====";
        assert_eq!(digest.to_warc(), warc);
        for text in [warc, &warc.to_lowercase(), &format!("sha-256:{hex}")] {
            assert_eq!(Digest::from_warc(text), Some(digest), "{text}");
        }
        assert_eq!(Digest::from_hex(hex), Some(digest));
        assert_eq!(Digest::from_warc("sha1:AAAA"), None);
        assert_eq!(Digest::from_hex("xyz"), None);
    }
}
