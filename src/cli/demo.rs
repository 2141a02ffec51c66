//! `ibid demo`

use super::failure::{End, Failure};
use super::progress::Progress;
use super::{Common, FormatName, block_on, output};
use ibid::check::Observer;
use ibid::demo;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder that holds this file was made by the demo, and may be cleared by it.
const MARK: &str = ".made-by-ibid-demo";

/// Show the whole job on a small web of its own, without the internet
///
/// Brings up a small web on loopback, checks a document that cites it, changes a page,
/// checks again, prints the second report and says where the HTML report lies.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// Where document, archive and report go; cleared first when an earlier demo made it
    #[arg(default_value = "ibid-demo", value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(args: &DemoArgs, common: &Common) -> Result<End, Failure> {
    prepare(&args.folder)?;
    let progress = Arc::new(Progress::new(common.quiet, common.verbose));
    let observer: Arc<dyn Observer> = progress.clone();
    let result = block_on(demo::run(
        &args.folder,
        common.archive.as_deref(),
        &observer,
    ))?;
    progress.done();
    let mut demo =
        result.map_err(|error| Failure::new(format!("could not give the demo: {error}")))?;

    let html = args.folder.join("report.html");
    let as_html = Common {
        format: Some(FormatName::Html),
        output: Some(html.clone()),
        ..common.clone()
    };
    output::write(&mut demo.second.clone(), &as_html, Some(&demo.archive))?;
    output::write(&mut demo.second, common, Some(&demo.archive))?;
    if !common.quiet && common.output.is_none() && common.format() == FormatName::Terminal {
        writeln!(
            anstream::stdout().lock(),
            "\nThe document: {}\nThe archive:  {}\nThe report:   {}",
            demo.document.display(),
            demo.archive.display(),
            std::path::absolute(&html).unwrap_or(html).display(),
        )?;
    }
    Ok(End::Sound)
}

/// Makes the folder; clears one that an earlier demo made, refuses any other that is there.
fn prepare(folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(format!("could not prepare {}: {error}", folder.display()))
    };
    let mark = folder.join(MARK);
    if folder.exists() {
        let empty = std::fs::read_dir(folder).map_err(failed)?.next().is_none();
        if mark.exists() {
            std::fs::remove_dir_all(folder).map_err(failed)?;
        } else if !empty {
            return Err(Failure::new(format!(
                "{} is there already, and no demo made it",
                folder.display()
            ))
            .hint("Name another folder: `ibid demo FOLDER`."));
        }
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&mark, "The next `ibid demo` clears this folder.\n").map_err(failed)
}
