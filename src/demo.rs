//! The whole job on a small web of our own, on loopback, without the internet.
//!
//! Brings up nine hosts, writes a document that cites them, checks it twice with a
//! change in between, and leaves report, archive and document in a folder. The web
//! ([`web`]) is the one that the tests use.

pub mod web;

use crate::archive::ArchiveError;
use crate::check::{self, CheckError, Observer, input::Input};
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Overrides};
use crate::report::Report;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use web::{Answer, Web};

/// The document, with `{name}` where a host's address goes.
const DRAFT: &str = include_str!("demo/pages/draft.md");

/// The hosts of the demonstration: the name in the document, the host's name, its loopback address.
const HOSTS: [(&str, &str, &str); 7] = [
    ("harbour", "harbour.example", "127.0.11.1"),
    ("institute", "tides.example", "127.0.11.2"),
    ("council", "lundvik.example", "127.0.11.3"),
    ("builder", "builder.example", "127.0.11.4"),
    ("insurer", "insurer.example", "127.0.11.5"),
    ("ferry", "ferry.example", "127.0.11.6"),
    ("post", "post.example", "127.0.11.7"),
];

/// Why the demonstration could not be given.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder could not be written.
    #[error("{}: {error}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The web could not be brought up.
    #[error("the small web could not be brought up: {0}")]
    Web(std::io::Error),
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The check.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// What the demonstration leaves.
#[derive(Debug)]
pub struct Demo {
    /// The report of the first check.
    pub first: Report,
    /// The report of the second, after the ferry's timetable has changed.
    pub second: Report,
    /// The document that was checked.
    pub document: PathBuf,
    /// The archive.
    pub archive: PathBuf,
}

/// Gives the demonstration: document and archive go below `folder`, or the archive where `archive` says.
///
/// # Errors
/// [`DemoError`]
pub async fn run(
    folder: &Path,
    archive: Option<&Path>,
    observer: &Arc<dyn Observer>,
) -> Result<Demo, DemoError> {
    let web = start().await.map_err(DemoError::Web)?;
    let document = folder.join("draft.md");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| DemoError::Io { path, error }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    std::fs::write(&document, draft(&web)).map_err(failed(&document))?;

    let config = config(folder, archive)?;
    let inputs = [Input::File(document.clone())];
    let clock = Clock::system();
    let first = check::run(&inputs, &config, &clock, Arc::clone(observer)).await?;
    web.replace(
        "127.0.11.6",
        "/timetable",
        Answer::html(include_str!("demo/pages/timetable-after.html")),
    );
    let second = check::run(&inputs, &config, &clock, Arc::clone(observer)).await?;
    Ok(Demo {
        first,
        second,
        document,
        archive: config.archive,
    })
}

/// The document with the addresses that its hosts have this time.
fn draft(web: &Web) -> String {
    let mut text = DRAFT.to_owned();
    for (place, name, _) in HOSTS {
        let address = format!("http://{name}:{}", web.port());
        text = text.replace(&format!("{{{place}}}"), &address);
    }
    text
}

fn config(folder: &Path, archive: Option<&Path>) -> Result<Config, DemoError> {
    let overrides = Overrides {
        archive: Some(archive.map_or_else(|| folder.join("archive"), Path::to_owned)),
        allow_hosts: vec!["127.0.11.*".to_owned()],
        ..Overrides::default()
    };
    let mut config = Config::parse("", &folder.join("sources.toml"), &overrides)?;
    config.policy.pause = Duration::from_millis(50);
    config.policy.static_names = HOSTS
        .iter()
        .filter_map(|(_, name, address)| {
            let address: Ipv4Addr = address.parse().ok()?;
            Some(((*name).to_owned(), vec![IpAddr::V4(address)]))
        })
        .collect();
    Ok(config)
}

/// A good page, a page that quotes, a text file, a moved page, a dead one, a soft 404,
/// a blocked one, one that will change, and one that a footnote cites.
async fn start() -> std::io::Result<Web> {
    Web::builder()
        .page(
            "127.0.11.1",
            "/gauge",
            Answer::html(include_str!("demo/pages/gauge.html")),
        )
        .page(
            "127.0.11.2",
            "/levels",
            Answer::html(include_str!("demo/pages/levels.html")),
        )
        .page(
            "127.0.11.2",
            "/series.txt",
            Answer::text(include_str!("demo/pages/series.txt")),
        )
        .page(
            "127.0.11.3",
            "/minutes-june",
            Answer::redirect(301, "/archive/2025/minutes-june"),
        )
        .page(
            "127.0.11.3",
            "/archive/2025/minutes-june",
            Answer::html(include_str!("demo/pages/minutes.html")),
        )
        // The council's server answers every unknown address with 200.
        .otherwise(
            "127.0.11.3",
            Answer::html(include_str!("demo/pages/not-here.html")),
        )
        .page(
            "127.0.11.4",
            "/estimate",
            Answer::html(include_str!("demo/pages/gone.html")).status(404),
        )
        .page(
            "127.0.11.5",
            "/map",
            Answer::html(include_str!("demo/pages/denied.html")).status(403),
        )
        .page(
            "127.0.11.6",
            "/timetable",
            Answer::html(include_str!("demo/pages/timetable-before.html")),
        )
        .page(
            "127.0.11.7",
            "/the-night-the-quay-went-under",
            Answer::html(include_str!("demo/pages/eyewitness.html")),
        )
        .start()
        .await
}
