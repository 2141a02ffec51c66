//! The one place where errors become words and an exit status.

use ibid::archive::ArchiveError;
use ibid::check::CheckError;
use ibid::config::ConfigError;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// All sound.
    Sound,
    /// Something needs attention.
    Attention,
    /// ibid could not do its job, or not all of it.
    Failed,
}

impl End {
    /// The exit status: 0, 1 or 2.
    pub(super) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Sound => 0,
            Self::Attention => 1,
            Self::Failed => 2,
        })
    }
}

/// What went wrong, and what to do about it.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    hint: Option<String>,
    silent: bool,
}

impl Failure {
    /// A failure with this message: a clause without full stop.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            silent: false,
        }
    }

    /// Adds what to do: a sentence.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says it on standard error.
    pub(super) fn print(&self) {
        use std::io::Write;
        if self.silent {
            return;
        }
        let mut stderr = anstream::stderr().lock();
        // Where standard error is gone, nobody is left to be told.
        let _ = writeln!(
            stderr,
            "ibid: {}",
            ibid::report::escape::terminal(&self.message)
        );
        if let Some(hint) = &self.hint {
            let _ = writeln!(stderr, "      {}", ibid::report::escape::terminal(hint));
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::Unreadable { .. } => {
                Some("`ibid init` writes a settings file with every setting explained.")
            }
            _ => None,
        };
        let failure = Self::new(format!("could not read the settings: {error}"));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let hint = match &error {
            ArchiveError::Locked { .. } => Some(
                "Wait until it has ended; readers (`get`, `history`, `report`) work meanwhile.",
            ),
            ArchiveError::Missing { .. } => {
                Some("Name its folder with --archive, or make one with `ibid check`.")
            }
            ArchiveError::Damaged { .. } => Some("`ibid verify` lists everything that is damaged."),
            _ => None,
        };
        let failure = Self::new(format!("could not use the archive: {error}"));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Archive(error) => error.into(),
            CheckError::Fetch(error) => Self::new(format!("could not start fetching: {error}")),
            CheckError::Stopped { .. } => Self::new(format!("could not finish the check: {error}"))
                .hint("Everything that was archived is kept; run the same command again."),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self {
            // `ibid … | head` ends this way; that is no news to anyone.
            silent: error.kind() == std::io::ErrorKind::BrokenPipe,
            message: format!("could not write: {error}"),
            hint: None,
        }
    }
}
