//! The settings of a run: `sources.toml`, overlaid by the command line.
//!
//! The one place where settings have names, defaults and bounds. **In:** the text of
//! the file and the [`Overrides`] that were typed. **Out:** a settled [`Config`].
//! An unknown key is an error that names the nearest known one: a mistyped setting
//! that is silently ignored is worse than none.

mod credential;
pub mod decision;
mod known;

use crate::fetch::Policy;
pub use decision::Decision;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// The file that is looked for where none is named.
pub const FILE_NAME: &str = "sources.toml";

/// What `ibid init` writes: every setting with its default, explained.
pub const TEMPLATE: &str = include_str!("config/template.toml");

/// From which verdict on a check ends with exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// When a citation needs attention or is broken.
    #[default]
    Attention,
    /// Only when a citation is broken.
    Broken,
    /// Never on account of a verdict.
    Never,
}

/// Settled settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where captures go.
    pub archive: PathBuf,
    /// What `ibid check` without arguments reads: paths, globs, addresses; paths are relative to `folder`.
    pub documents: Vec<String>,
    /// The folder that holds the settings file (empty: the working directory).
    pub folder: PathBuf,
    /// When a check fails.
    pub fail_on: FailOn,
    /// How sources are fetched.
    pub policy: Policy,
    /// Whether claims are judged by their sources (`--no-judge`: fetch and archive only).
    pub judge: bool,
    /// Whether a page that looks like a soft 404 is told by a probe of a sister address.
    pub probe: bool,
    /// Whether what an earlier run found stands where source, claim and judge are the same
    /// (`--judge-anew`: every source is read).
    pub reuse: bool,
    /// What the editor decided.
    pub decisions: Vec<Decision>,
}

/// What was typed on the command line; everything else stays as the file has it.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--archive`
    pub archive: Option<PathBuf>,
    /// `--allow-host`, added to the file's.
    pub allow_hosts: Vec<String>,
    /// `--proxy`
    pub proxy: Option<String>,
    /// `--fail-on`
    pub fail_on: Option<FailOn>,
    /// `--no-judge`
    pub no_judge: bool,
}

/// Why settings could not be settled. Clauses that follow "could not read the settings: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or cannot be read.
    #[error("{}: {what}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        what: String,
    },
    /// A key that no setting has.
    #[error("{}, line {line}: unknown key `{key}`{}", path.display(), nearest.as_ref().map_or_else(String::new, |near| format!("; the nearest known key is `{near}`")))]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// Line of the key, from 1.
        line: usize,
        /// The key with its table: `fetch.pauze`.
        key: String,
        /// The most similar known key, when one is similar.
        nearest: Option<String>,
    },
    /// A value that cannot be, or a file that is not TOML.
    #[error("{}, line {line}: {what}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// A value of the command line that cannot be.
    #[error("{option}: {what}")]
    Option {
        /// Which option.
        option: &'static str,
        /// What is wrong.
        what: String,
    },
}

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    archive: Option<PathBuf>,
    documents: Vec<String>,
    fail_on: FailOn,
    fetch: FetchTable,
    read: ReadTable,
    judge: JudgeTable,
    source: Vec<decision::SourceTable>,
    credential: Vec<credential::CredentialTable>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FetchTable {
    contact: Option<String>,
    allow_hosts: Vec<String>,
    proxy: Option<String>,
    proxy_resolves: Option<bool>,
    connect_timeout: Option<f64>,
    first_byte_timeout: Option<f64>,
    total_timeout: Option<f64>,
    per_host: Option<usize>,
    pause: Option<f64>,
    per_site: Option<usize>,
    concurrency: Option<usize>,
    retries: Option<u32>,
    max_retry_after: Option<f64>,
    second_look: Option<bool>,
    max_body: Option<u64>,
    max_host: Option<u64>,
    max_run: Option<u64>,
    min_rate: Option<u64>,
    max_redirects: Option<usize>,
    control_name: Option<String>,
    extra_roots: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ReadTable {
    timeout: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct JudgeTable {
    enabled: bool,
    probe: bool,
    reuse: bool,
}

impl Default for JudgeTable {
    fn default() -> Self {
        Self {
            enabled: true,
            probe: true,
            reuse: true,
        }
    }
}

impl Config {
    /// Reads the named file, or `sources.toml` of the working directory where there is one,
    /// and lays the command line over it.
    ///
    /// # Errors
    /// [`ConfigError`]; a named file that is missing is one, a missing default file is not.
    pub fn load(named: Option<&Path>, overrides: &Overrides) -> Result<Self, ConfigError> {
        let path = named.unwrap_or_else(|| Path::new(FILE_NAME));
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path, overrides),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                Self::settle(File::default(), path, overrides)
            }
            Err(error) => Err(ConfigError::Unreadable {
                path: path.to_owned(),
                what: error.to_string(),
            }),
        }
    }

    /// Settles the text of a settings file that lies at `path`.
    ///
    /// # Errors
    /// [`ConfigError`]
    pub fn parse(text: &str, path: &Path, overrides: &Overrides) -> Result<Self, ConfigError> {
        let document =
            toml_edit::Document::parse(text).map_err(|error| invalid(text, path, &error))?;
        known::check(&document, text, path)?;
        let file: File =
            toml_edit::de::from_str(text).map_err(|error| invalid_value(text, path, &error))?;
        Self::settle(file, path, overrides)
    }

    fn settle(file: File, path: &Path, overrides: &Overrides) -> Result<Self, ConfigError> {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let archive = match &overrides.archive {
            Some(typed) => typed.clone(),
            None => folder.join(file.archive.unwrap_or_else(|| PathBuf::from("archive"))),
        };
        let defaults = Policy::default();
        let fetch = file.fetch;
        let in_file = |what: String| ConfigError::Invalid {
            path: path.to_owned(),
            line: 1,
            what,
        };
        let seconds = |name: &str, value: Option<f64>, default: Duration| match value {
            None => Ok(default),
            Some(value) if value.is_finite() && (0.0..=86_400.0).contains(&value) => {
                Ok(Duration::from_secs_f64(value))
            }
            Some(value) => Err(in_file(format!(
                "{name} is {value}; it is a number of seconds from 0 to 86400"
            ))),
        };
        let at_least_one = |name: &str, value: Option<usize>, default: usize| match value {
            Some(0) => Err(in_file(format!("fetch.{name} is 0; it is at least 1"))),
            value => Ok(value.unwrap_or(default)),
        };
        let proxy = match (&overrides.proxy, &fetch.proxy) {
            (Some(typed), _) => Some(parse_proxy(typed).map_err(|what| ConfigError::Option {
                option: "--proxy",
                what,
            })?),
            (None, Some(written)) => {
                Some(parse_proxy(written).map_err(|what| in_file(format!("fetch.proxy: {what}")))?)
            }
            (None, None) => None,
        };
        let mut limits = defaults.limits;
        if let Some(mebibytes) = fetch.max_body {
            limits.max_body_bytes = mebibytes.saturating_mul(1 << 20);
        }
        let mebibytes = |given: Option<u64>, default: u64| {
            given.map_or(default, |given| given.saturating_mul(1 << 20))
        };
        limits.max_host_bytes = mebibytes(fetch.max_host, limits.max_host_bytes);
        limits.max_run_bytes = mebibytes(fetch.max_run, limits.max_run_bytes);
        limits.min_bytes_per_second = fetch.min_rate.unwrap_or(limits.min_bytes_per_second);
        limits.max_redirects = fetch.max_redirects.unwrap_or(limits.max_redirects);
        limits.read_time = seconds("read.timeout", file.read.timeout, limits.read_time)?;
        let mut allow_hosts = fetch.allow_hosts;
        allow_hosts.extend(overrides.allow_hosts.iter().cloned());
        let policy = Policy {
            user_agent: crate::fetch::default_user_agent(fetch.contact.as_deref()),
            allow_hosts,
            proxy,
            proxy_resolves: fetch.proxy_resolves.unwrap_or(defaults.proxy_resolves),
            connect_timeout: seconds(
                "fetch.connect_timeout",
                fetch.connect_timeout,
                defaults.connect_timeout,
            )?,
            first_byte_timeout: seconds(
                "fetch.first_byte_timeout",
                fetch.first_byte_timeout,
                defaults.first_byte_timeout,
            )?,
            total_timeout: seconds(
                "fetch.total_timeout",
                fetch.total_timeout,
                defaults.total_timeout,
            )?,
            per_host: at_least_one("per_host", fetch.per_host, defaults.per_host)?,
            pause: seconds("fetch.pause", fetch.pause, defaults.pause)?,
            per_site: at_least_one("per_site", fetch.per_site, defaults.per_site)?,
            max_retry_after: seconds(
                "fetch.max_retry_after",
                fetch.max_retry_after,
                defaults.max_retry_after,
            )?,
            second_look: fetch.second_look.unwrap_or(defaults.second_look),
            credentials: file
                .credential
                .into_iter()
                .map(|table| table.settle(&folder, |name| std::env::var(name).ok()))
                .collect::<Result<_, _>>()
                .map_err(in_file)?,
            concurrency: at_least_one("concurrency", fetch.concurrency, defaults.concurrency)?,
            retries: fetch.retries.unwrap_or(defaults.retries),
            extra_roots_pem: read_roots(&folder, fetch.extra_roots.as_deref())?,
            control_name: fetch.control_name.unwrap_or(defaults.control_name.clone()),
            limits,
            ..defaults
        };
        let decisions = file
            .source
            .into_iter()
            .map(Decision::settle)
            .collect::<Result<_, _>>()
            .map_err(in_file)?;
        Ok(Self {
            archive,
            documents: file.documents,
            folder,
            fail_on: overrides.fail_on.unwrap_or(file.fail_on),
            policy,
            judge: file.judge.enabled && !overrides.no_judge,
            probe: file.judge.probe,
            reuse: file.judge.reuse,
            decisions,
        })
    }
}

fn read_roots(folder: &Path, named: Option<&Path>) -> Result<Option<Vec<u8>>, ConfigError> {
    let Some(named) = named else { return Ok(None) };
    let path = folder.join(named);
    match std::fs::read(&path) {
        Ok(pem) => Ok(Some(pem)),
        Err(error) => Err(ConfigError::Unreadable {
            path,
            what: error.to_string(),
        }),
    }
}

fn parse_proxy(text: &str) -> Result<Url, String> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url =
        Url::parse(&with_scheme).map_err(|error| format!("{text:?} is no address: {error}"))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!(
            "{other} proxies are not supported; use http://host:port"
        )),
    }
}

fn invalid(text: &str, path: &Path, error: &toml_edit::TomlError) -> ConfigError {
    ConfigError::Invalid {
        path: path.to_owned(),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        what: error.message().trim().replace('\n', "; "),
    }
}

fn invalid_value(text: &str, path: &Path, error: &toml_edit::de::Error) -> ConfigError {
    ConfigError::Invalid {
        path: path.to_owned(),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        what: error.message().trim().replace('\n', "; "),
    }
}

/// Line, from 1, of a byte of the text.
fn line_of(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("desk/sources.toml"), &Overrides::default())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let config = parse("").unwrap();
        assert_eq!(config.archive, Path::new("desk/archive"));
        assert_eq!(config.fail_on, FailOn::Attention);
        assert!(config.judge && config.probe);
        assert_eq!(config.policy.per_host, 4);
    }

    #[test]
    fn the_template_parses_and_changes_nothing() {
        let written = parse(TEMPLATE).unwrap();
        let default = parse("").unwrap();
        assert_eq!(written.archive, default.archive);
        assert_eq!(written.policy.pause, default.policy.pause);
        assert_eq!(written.policy.limits, default.policy.limits);
        // Every key that is known is explained.
        for key in known::all() {
            assert!(
                TEMPLATE.contains(&format!("{key} = ")),
                "{key} is not explained"
            );
        }
    }

    #[test]
    fn what_is_typed_wins_and_allowed_hosts_add_up() {
        let overrides = Overrides {
            archive: Some(PathBuf::from("elsewhere")),
            allow_hosts: vec!["127.1.*".to_owned()],
            proxy: Some("127.0.0.1:3128".to_owned()),
            fail_on: Some(FailOn::Never),
            no_judge: true,
        };
        let text = "archive = \"kept\"\nfail_on = \"broken\"\n[fetch]\nallow_hosts = [\"intra\"]\n";
        let config = Config::parse(text, Path::new("sources.toml"), &overrides).unwrap();
        assert_eq!(config.archive, Path::new("elsewhere"));
        assert_eq!(config.policy.allow_hosts, ["intra", "127.1.*"]);
        assert_eq!(
            config.policy.proxy.unwrap().as_str(),
            "http://127.0.0.1:3128/"
        );
        assert_eq!(config.fail_on, FailOn::Never);
        assert!(!config.judge);
    }

    #[test]
    fn mistakes_name_the_file_the_line_and_the_mend() {
        let check = |text: &str, expected: &str| {
            assert_eq!(parse(text).unwrap_err(), expected, "{text}");
        };
        check(
            "archive = \"a\"\ndocuments = []\narchve = \"b\"\n",
            "desk/sources.toml, line 3: unknown key `archve`; the nearest known key is `archive`",
        );
        check(
            "[fetch]\nper_hots = 3\n",
            "desk/sources.toml, line 2: unknown key `fetch.per_hots`; the nearest known key is `fetch.per_host`",
        );
        check(
            "[[source]]\nurl = \"https://a.example/\"\nacept = \"fine\"\n",
            "desk/sources.toml, line 3: unknown key `source.acept`; the nearest known key is `source.accept`",
        );
        check(
            "[fecth]\n",
            "desk/sources.toml, line 1: unknown key `fecth`; the nearest known key is `fetch`",
        );
        check(
            "zzzzzzzz = 1\n",
            "desk/sources.toml, line 1: unknown key `zzzzzzzz`",
        );
        check(
            "[fetch]\npause = -1\n",
            "desk/sources.toml, line 1: fetch.pause is -1; it is a number of seconds from 0 to 86400",
        );
        check(
            "[read]\ntimeout = 1e9\n",
            "desk/sources.toml, line 1: read.timeout is 1000000000; it is a number of seconds from 0 to 86400",
        );
        check(
            "[fetch]\nproxy = \"socks5://h:1\"\n",
            "desk/sources.toml, line 1: fetch.proxy: socks5 proxies are not supported; use http://host:port",
        );
        assert!(
            parse("archive = \n")
                .unwrap_err()
                .starts_with("desk/sources.toml, line 1: ")
        );
        assert!(
            parse("\nfail_on = \"sometimes\"\n")
                .unwrap_err()
                .starts_with("desk/sources.toml, line 2: ")
        );
        assert!(
            parse("documents = \"one\"\n")
                .unwrap_err()
                .starts_with("desk/sources.toml, line 1: ")
        );
    }
}
