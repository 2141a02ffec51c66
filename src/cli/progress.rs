//! What a run tells on standard error while it works.

use ibid::check::Observer;
use ibid::fetch::Status;
use ibid::report::escape;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};

/// A calm bar on a terminal, lines with `--verbose`, else nothing.
#[derive(Debug)]
pub(super) struct Progress {
    bars: MultiProgress,
    bar: ProgressBar,
    verbose: bool,
}

impl Progress {
    pub(super) fn new(quiet: bool, verbose: bool) -> Self {
        let bars = MultiProgress::new();
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            bars.add(ProgressBar::new(0))
        };
        if let Ok(style) =
            ProgressStyle::with_template("{bar:24} {pos}/{len} sources  {elapsed}  {wide_msg}")
        {
            bar.set_style(style.progress_chars("━╸─"));
        }
        Self { bars, bar, verbose }
    }

    fn line(&self, line: &str) {
        if self.verbose {
            // A line that cannot be told is no reason to stop the work.
            self.bars.suspend(|| {
                let _ = writeln!(std::io::stderr().lock(), "{}", escape::terminal(line));
            });
        }
    }

    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn started(&self, sources: usize) {
        self.bar.set_length(sources as u64);
    }

    fn archived(&self, url: &str, sha256: &str) {
        self.line(&format!("archived {sha256} {url}"));
    }

    fn settled(&self, url: &str, status: Status) {
        self.bar.inc(1);
        self.bar.set_message(escape::terminal(url));
        self.line(&format!("{} {url}", status.word()));
    }

    fn judging(&self) {
        self.bar.set_message("reading");
    }
}
