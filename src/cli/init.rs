//! `ibid init`

use super::Common;
use super::failure::{End, Failure};
use std::io::Write;
use std::path::Path;

/// Write a settings file with every setting explained
///
/// Writes sources.toml (or --config FILE). A file that is there is left alone.
#[derive(Debug, clap::Args)]
pub(super) struct InitArgs {}

pub(super) fn run(_args: &InitArgs, common: &Common) -> Result<End, Failure> {
    let path = common
        .config
        .as_deref()
        .unwrap_or_else(|| Path::new(ibid::config::FILE_NAME));
    let result = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    let mut file = match result {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::new(format!("{} is there already", path.display()))
                .hint("It is left as it is; name another with --config."));
        }
        Err(error) => {
            return Err(Failure::new(format!(
                "could not write {}: {error}",
                path.display()
            )));
        }
    };
    file.write_all(ibid::config::TEMPLATE.as_bytes())?;
    if !common.quiet {
        writeln!(
            anstream::stdout().lock(),
            "wrote {}; list your documents in it and run `ibid check`",
            path.display()
        )?;
    }
    Ok(End::Sound)
}
