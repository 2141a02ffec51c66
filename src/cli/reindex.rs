//! `ibid reindex`

use super::Common;
use super::failure::{End, Failure};
use ibid::archive::Archive;
use ibid::clock::Clock;
use std::io::Write;

/// Rebuild the catalogue from the WARC files
#[derive(Debug, clap::Args)]
pub(super) struct ReindexArgs {}

pub(super) fn run(_args: &ReindexArgs, common: &Common) -> Result<End, Failure> {
    let config = common.config()?;
    let summary = Archive::reindex(&config.archive, Clock::system())?;
    if !common.quiet {
        writeln!(
            anstream::stdout().lock(),
            "{} WARC files, {} records: {} captures and {} runs in the catalogue",
            summary.files,
            summary.records,
            summary.captures,
            summary.runs
        )?;
    }
    Ok(End::Sound)
}
