//! The command line: arguments in, calls of the library, words out.
//!
//! One file per command; the doc comment of its arguments is its help. What
//! commands print goes to standard output, everything about the doing to standard error.

mod check;
mod citations;
mod demo;
mod failure;
mod get;
mod history;
mod init;
mod output;
mod progress;
mod reindex;
mod report;
mod schema;
mod verify;

use clap::{Args, Parser, Subcommand, ValueEnum};
use failure::{End, Failure};
use ibid::config::{Config, FailOn, Overrides};
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks every source that a text cites: is it still in the same place, does it
/// still say what we say it says. Keeps the proof.
///
/// Exit status: 0 all sound; 1 something needs attention (see --fail-on);
/// 2 ibid could not do its job.
#[derive(Debug, Parser)]
#[command(
    name = "ibid",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::CheckArgs),
    Citations(citations::CitationsArgs),
    Report(report::ReportArgs),
    Get(get::GetArgs),
    History(history::HistoryArgs),
    Verify(verify::VerifyArgs),
    Reindex(reindex::ReindexArgs),
    Init(init::InitArgs),
    Demo(demo::DemoArgs),
    Schema(schema::SchemaArgs),
}

/// Options that mean the same everywhere.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Folder of the archive [default: `archive` of sources.toml, else `archive`]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Everywhere")]
    archive: Option<PathBuf>,
    /// Settings file [default: sources.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    config: Option<PathBuf>,
    /// Format of what is printed [default: by the ending of --output, else terminal]
    #[arg(long, global = true, value_enum, help_heading = "Everywhere")]
    format: Option<FormatName>,
    /// Write to this file instead of standard output
    #[arg(
        long,
        short,
        global = true,
        value_name = "FILE",
        help_heading = "Everywhere"
    )]
    output: Option<PathBuf>,
    /// Let in a host whose address is not public: a name, an address or a glob such as 127.1.* (may be repeated)
    #[arg(
        long,
        global = true,
        value_name = "PATTERN",
        help_heading = "Everywhere"
    )]
    allow_host: Vec<String>,
    /// Send all requests through this proxy [default: as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say]
    #[arg(long, global = true, value_name = "URL", help_heading = "Everywhere")]
    proxy: Option<String>,
    /// From which verdict on the exit status is 1 [default: attention]
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "VERDICT",
        help_heading = "Everywhere"
    )]
    fail_on: Option<FailOnName>,
    /// Fetch and archive only
    #[arg(long, global = true, help_heading = "Everywhere")]
    no_judge: bool,
    /// Say nothing but results and errors
    #[arg(
        long,
        short,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Everywhere"
    )]
    quiet: bool,
    /// Say more: every capture as it is kept, sound citations in full
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    Terminal,
    Json,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOnName {
    Attention,
    Broken,
    Never,
}

impl Common {
    fn config(&self) -> Result<Config, Failure> {
        let overrides = Overrides {
            archive: self.archive.clone(),
            allow_hosts: self.allow_host.clone(),
            proxy: self.proxy.clone(),
            fail_on: self.fail_on.map(|name| match name {
                FailOnName::Attention => FailOn::Attention,
                FailOnName::Broken => FailOn::Broken,
                FailOnName::Never => FailOn::Never,
            }),
            no_judge: self.no_judge,
        };
        Ok(Config::load(self.config.as_deref(), &overrides)?)
    }

    /// The format asked for, else the one that the output file's ending tells.
    fn format(&self) -> FormatName {
        let by_ending = || {
            let ending = self.output.as_ref()?.extension()?.to_ascii_lowercase();
            match ending.to_str()? {
                "json" => Some(FormatName::Json),
                "html" | "htm" => Some(FormatName::Html),
                _ => None,
            }
        };
        self.format
            .or_else(by_ending)
            .unwrap_or(FormatName::Terminal)
    }
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let CommandLine { command, common } = CommandLine::parse();
    ibid::check::hush_readers();
    let result = match command {
        Command::Check(args) => check::run(&args, &common),
        Command::Citations(args) => citations::run(&args, &common),
        Command::Report(args) => report::run(&args, &common),
        Command::Get(args) => get::run(&args, &common),
        Command::History(args) => history::run(&args, &common),
        Command::Verify(args) => verify::run(&args, &common),
        Command::Reindex(args) => reindex::run(&args, &common),
        Command::Init(args) => init::run(&args, &common),
        Command::Demo(args) => demo::run(&args, &common),
        Command::Schema(args) => schema::run(&args, &common),
    };
    match result {
        Ok(end) => end.exit_code(),
        Err(failure) => {
            failure.print();
            End::Failed.exit_code()
        }
    }
}

/// Runs asynchronous work on a runtime of its own.
fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    // One thread could move all bytes, for less; but a server that answers 103 without end has its
    // thread to itself, and the others need another.
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Every thread that allocates keeps memory of its own: as many as can be at work at once.
        // Four may wait for the system, which is asked about names that no name server knows.
        .max_blocking_threads(4 + cores)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("could not start the runtime: {error}")))?;
    Ok(runtime.block_on(work))
}
