//! Who we are to single hosts: where the secret is, never the secret itself.

use crate::fetch::Credential;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A file that holds a secret is short; more than this is another file.
const MAX_SECRET_BYTES: u64 = 16 << 10;

/// One `[[credential]]` table as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialTable {
    host: String,
    env: Option<String>,
    file: Option<PathBuf>,
    #[serde(default)]
    plain: bool,
}

impl CredentialTable {
    /// Gets the secret; one that is not to be had is missed by whoever fetches. What goes wrong
    /// is said without it.
    pub(super) fn settle(
        self,
        folder: &Path,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Credential, String> {
        let of = |what: &str| format!("credential for {:?}: {what}", self.host);
        // An address finds host and port, as everywhere else.
        let url = url::Url::parse(&format!("https://{}/", self.host))
            .ok()
            .filter(|url| {
                url.path() == "/" && url.username().is_empty() && url.password().is_none()
            })
            .ok_or_else(|| of("that is no host; write it as archive.example.org"))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        // The parser drops the usual port, which is then no port of its own.
        let port = url.port();
        let secret = match (&self.env, &self.file) {
            (Some(name), None) => {
                variable(name).ok_or_else(|| format!("the environment has no variable {name}"))
            }
            (None, Some(file)) => read(&folder.join(file)),
            _ => return Err(of("name either `env` or `file`")),
        };
        let value = secret.and_then(|secret| {
            Credential::value_of(&secret).map_err(|why| format!("the secret {why}"))
        });
        Ok(match value {
            Ok(value) => Credential::new(&host, port, self.plain, &value),
            Err(why) => Credential::missing(&host, why),
        })
    }
}

fn read(path: &Path) -> Result<String, String> {
    use std::io::Read;
    let failed = |what: String| format!("{}: {what}", path.display());
    let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
    let mut text = String::new();
    file.take(MAX_SECRET_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| failed(error.to_string()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_from_the_environment_or_a_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "Bearer abc\nmore\n").unwrap();
        let variable = |name: &str| (name == "LOGIN").then(|| "desk:secret".to_owned());
        let check =
            |host: &str, env: Option<&str>, file: Option<&str>, expected: Result<(), &str>| {
                let table = CredentialTable {
                    host: host.to_owned(),
                    env: env.map(str::to_owned),
                    file: file.map(PathBuf::from),
                    plain: false,
                };
                let settled = table.settle(folder.path(), variable);
                assert_eq!(
                    settled.as_ref().map(|_| ()).map_err(String::as_str),
                    expected
                );
                assert!(!format!("{settled:?}").contains("secret\""));
            };
        check("a.example", Some("LOGIN"), None, Ok(()));
        check("a.example:8443", None, Some("secret"), Ok(()));
        // Whoever only reads does not need it.
        check("a.example", Some("OTHER"), None, Ok(()));
        check(
            "https://a.example/",
            Some("LOGIN"),
            None,
            Err(
                "credential for \"https://a.example/\": that is no host; write it as archive.example.org",
            ),
        );
        check(
            "a.example",
            None,
            None,
            Err("credential for \"a.example\": name either `env` or `file`"),
        );
    }

    #[test]
    fn whoever_fetches_is_told_what_is_missing() {
        let table = CredentialTable {
            host: "a.example".to_owned(),
            env: Some("OTHER".to_owned()),
            file: None,
            plain: false,
        };
        let policy = crate::fetch::Policy {
            credentials: vec![table.settle(Path::new(""), |_| None).unwrap()],
            ..crate::fetch::Policy::default()
        };
        let error = crate::fetch::Fetcher::new(policy, crate::clock::Clock::system()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the credential for a.example cannot be used: the environment has no variable OTHER"
        );
    }
}
