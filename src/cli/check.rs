//! `ibid check`

use super::failure::{End, Failure};
use super::progress::Progress;
use super::{Common, FormatName, block_on, output};
use ibid::check::{self, input};
use ibid::clock::Clock;
use ibid::fetch::Status;
use ibid::report::{Entries, Report};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Read, fetch, archive, judge and report
///
/// Without arguments: all documents of sources.toml.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Documents: files, globs or addresses of web pages
    #[arg(value_name = "DOCUMENT|URL")]
    documents: Vec<String>,
    /// Read and judge every source, also those that have not changed since they were judged last
    #[arg(long)]
    judge_anew: bool,
}

pub(super) fn run(args: &CheckArgs, common: &Common) -> Result<End, Failure> {
    let mut config = common.config()?;
    config.reuse &= !args.judge_anew;
    let inputs = if args.documents.is_empty() {
        input::inputs(&config.documents, &config.folder)
    } else {
        input::inputs(&args.documents, Path::new(""))
    };
    if inputs.is_empty() {
        return Err(Failure::new("there is nothing to check").hint(
            "Name a document (`ibid check draft.md`), or list documents in sources.toml (`ibid init` writes one).",
        ));
    }
    let progress = Arc::new(Progress::new(common.quiet, common.verbose));
    let result = block_on(check::run(
        &inputs,
        &config,
        &Clock::system(),
        progress.clone(),
    ))?;
    progress.done();
    let mut report = result?;
    output::write(&mut report, common, Some(&config.archive))?;
    if common.output.is_some() || common.format() != FormatName::Terminal {
        let sources = report.sources.iter().flat_map(Entries::iter);
        progress.problems(sources.filter(|source| is_problem(source.status)));
    }
    if !common.quiet && nothing_was_reached(&report) {
        writeln!(
            anstream::stderr().lock(),
            "ibid: no source could be reached; look at this machine's network first"
        )?;
    }
    Ok(output::end_of(&report, config.fail_on))
}

const fn is_problem(status: Status) -> bool {
    matches!(status, Status::Dead | Status::Unreachable | Status::Blocked)
}

/// Several hosts at once do not fail by themselves.
fn nothing_was_reached(report: &Report) -> bool {
    report.sources.as_ref().is_some_and(|sources| {
        let mut each = sources.iter();
        sources.len() > 1 && each.all(|source| source.status == Status::Unreachable)
    })
}
