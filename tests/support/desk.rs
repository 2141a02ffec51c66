//! An editor's desk: a folder with a draft, and settings that let loopback hosts in.

use ibid::check::{self, Silent, input::Input};
use ibid::clock::Clock;
use ibid::config::{Config, Overrides};
use ibid::report::Report;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) config: Config,
}

impl Desk {
    /// A desk with this draft, where `hosts` (a pattern) may be asked.
    pub(crate) fn new(document: &str, settings: &str, hosts: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("draft.md"), document).unwrap();
        let overrides = Overrides {
            allow_hosts: vec![hosts.to_owned()],
            ..Overrides::default()
        };
        let path = folder.path().join("sources.toml");
        let mut config = Config::parse(settings, &path, &overrides).unwrap();
        config.policy.pause = Duration::ZERO;
        config.policy.retries = 0;
        Self { folder, config }
    }

    pub(crate) fn document(&self) -> PathBuf {
        self.folder.path().join("draft.md")
    }

    pub(crate) async fn check(&self) -> Report {
        self.check_at(&Clock::system()).await
    }

    pub(crate) async fn check_at(&self, clock: &Clock) -> Report {
        let inputs = [Input::File(self.document())];
        check::run(&inputs, &self.config, clock, Arc::new(Silent))
            .await
            .unwrap()
    }

    pub(crate) fn archive(&self) -> &Path {
        &self.config.archive
    }
}
