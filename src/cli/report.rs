//! `ibid report`

use super::failure::{End, Failure};
use super::{Common, output};
use ibid::archive::Archive;
use ibid::report::Report;

/// Print or write a run's report again, in any format
#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// The run, or the beginning of its name [default: the latest]
    run: Option<String>,
    /// List the runs that are kept
    #[arg(long, conflicts_with = "run")]
    list: bool,
}

pub(super) fn run(args: &ReportArgs, common: &Common) -> Result<End, Failure> {
    let config = common.config()?;
    let archive = Archive::read(&config.archive)?;
    let runs = archive.runs()?;
    if args.list {
        use std::io::Write;
        let mut stdout = anstream::stdout().lock();
        for run in &runs {
            writeln!(
                stdout,
                "{}  {}",
                run.id,
                run.finished.strftime("%Y-%m-%d %H:%M UTC")
            )?;
        }
        return Ok(End::Sound);
    }
    let matching: Vec<_> = match &args.run {
        Some(beginning) => runs
            .iter()
            .filter(|run| run.id.starts_with(beginning.as_str()))
            .collect(),
        None => runs.last().into_iter().collect(),
    };
    let run = match (matching.as_slice(), &args.run) {
        ([run], _) => run,
        ([], None) => {
            return Err(Failure::new("no run is kept in this archive yet")
                .hint("`ibid check DOCUMENT` makes one."));
        }
        ([], Some(asked)) => {
            return Err(Failure::new(format!("no run is named {asked}"))
                .hint("`ibid report --list` lists the runs."));
        }
        (_, Some(asked)) => {
            return Err(
                Failure::new(format!("{} runs begin with {asked}", matching.len()))
                    .hint("`ibid report --list` lists the runs."),
            );
        }
        (_, None) => return Err(Failure::new("no run was chosen")),
    };
    let bytes = archive
        .run_report(&run.id)?
        .ok_or_else(|| Failure::new(format!("the report of run {} is not held", run.id)))?;
    let mut report: Report = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::new(format!(
            "could not read the report of run {}: {error}",
            run.id
        ))
        .hint("`ibid verify` tells whether the archive is damaged.")
    })?;
    output::write(&mut report, common, Some(&config.archive))?;
    Ok(output::end_of(&report, config.fail_on))
}
