//! `ibid verify`

use super::Common;
use super::failure::{End, Failure};
use ibid::archive::fixity;
use std::io::Write;

/// Recompute every digest in the archive
///
/// Reads every WARC file from its first byte to its last, recomputes block and payload
/// digests, and compares the catalogue with the files. Exit status 2 when anything is
/// not as it should be.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {}

pub(super) fn run(_args: &VerifyArgs, common: &Common) -> Result<End, Failure> {
    let config = common.config()?;
    let mut stdout = anstream::stdout().lock();
    let mut written = Ok(());
    let fixity = fixity::verify(&config.archive, |finding| {
        if written.is_ok() {
            written = writeln!(
                stdout,
                "{}, byte {}: {} ({})",
                finding.warc,
                finding.offset,
                ibid::report::escape::terminal(&finding.what),
                finding.check
            );
        }
    })?;
    written?;
    if !common.quiet || fixity.findings > 0 {
        writeln!(
            stdout,
            "{} WARC files, {} records, {} digests recomputed, {} MB read: {}",
            fixity.files,
            fixity.records,
            fixity.digests,
            fixity.bytes.div_ceil(1_000_000),
            match fixity.findings {
                0 => "all as they should be".to_owned(),
                1 => "1 problem".to_owned(),
                many => format!("{many} problems"),
            }
        )?;
    }
    Ok(if fixity.findings == 0 {
        End::Sound
    } else {
        End::Failed
    })
}
