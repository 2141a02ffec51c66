//! `ibid citations`

use super::failure::{End, Failure};
use super::{Common, output};
use ibid::check::{self, input};
use std::path::Path;

/// Only read: every claim with its sources, nothing fetched
#[derive(Debug, clap::Args)]
pub(super) struct CitationsArgs {
    /// Documents: files or globs
    #[arg(required = true, value_name = "DOCUMENT")]
    documents: Vec<String>,
}

pub(super) fn run(args: &CitationsArgs, common: &Common) -> Result<End, Failure> {
    let config = common.config()?;
    let inputs = input::inputs(&args.documents, Path::new(""));
    let mut report = check::citations(&inputs, &config);
    output::write(&mut report, common, None)?;
    Ok(output::end_of(&report, config.fail_on))
}
