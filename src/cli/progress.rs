//! What a run tells on standard error while it works.
//!
//! On a terminal one calm line: sources done of all, bytes, rate, hosts that are waited for,
//! the time that is left. With `--verbose` a line for everything that happens. When it is
//! over, a line for each source that is a problem, where the report goes elsewhere.

use ibid::check::{Observer, Standing};
use ibid::fetch::Status;
use ibid::report::{SourceEntry, escape};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Problems that are told one by one; the report has them all.
const TOLD: usize = 20;

/// A calm bar on a terminal, lines with `--verbose`, else nothing.
#[derive(Debug)]
pub(super) struct Progress {
    bars: MultiProgress,
    bar: ProgressBar,
    verbose: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    begun: Instant,
    bytes: u64,
    done: usize,
    all: usize,
    standing: Option<Standing>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
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
        Self {
            bars,
            bar,
            verbose,
            state: Mutex::new(State {
                begun: Instant::now(),
                bytes: 0,
                done: 0,
                all: 0,
                standing: None,
            }),
        }
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

    /// Tells the problems of a report that goes elsewhere, a line each.
    pub(super) fn problems<'p>(&self, problems: impl Iterator<Item = Cow<'p, SourceEntry>>) {
        if self.bar.is_hidden() {
            return;
        }
        let mut told = 0;
        let mut stderr = std::io::stderr().lock();
        for source in problems {
            told += 1;
            if told <= TOLD {
                let line = format!("{} {}: {}", source.status.word(), source.url, source.reason);
                let _ = writeln!(stderr, "{}", escape::terminal(&line));
            }
        }
        if told > TOLD {
            let _ = writeln!(stderr, "and {} more, all in the report", told - TOLD);
        }
    }
}

impl Observer for Progress {
    fn started(&self, sources: usize) {
        let mut state = lock(&self.state);
        state.begun = Instant::now();
        state.all = sources;
        self.bar.set_length(sources as u64);
    }

    fn received(&self, bytes: u64) {
        lock(&self.state).bytes += bytes;
    }

    fn archived(&self, url: &str, sha256: &str) {
        self.line(&format!("archived {sha256} {url}"));
    }

    fn unchanged(&self, url: &str) {
        self.line(&format!("unchanged {url}"));
    }

    fn settled(&self, url: &str, status: Status) {
        let mut state = lock(&self.state);
        state.done += 1;
        drop(state);
        self.bar.inc(1);
        self.line(&format!("{} {url}", status.word()));
    }

    fn standing(&self, standing: &Standing) {
        let mut state = lock(&self.state);
        state.standing = Some(standing.clone());
        let message = state.message(state.begun.elapsed());
        drop(state);
        self.bar.set_message(escape::terminal(&message));
    }

    fn judging(&self) {
        self.bar.set_message("writing the report");
    }
}

impl State {
    /// The line's end after `elapsed`.
    fn message(&self, elapsed: Duration) -> String {
        let seconds = elapsed.as_secs_f64().max(0.001);
        let mut parts = vec![format!(
            "{} ({}/s)",
            amount(self.bytes as f64),
            amount(self.bytes as f64 / seconds)
        )];
        if let Some(standing) = &self.standing {
            parts.push(match (standing.hosts, standing.longest_left) {
                (0, _) => String::new(),
                (1, left) => format!("waiting for {} ({left} left)", standing.longest),
                (hosts, _) => format!("{hosts} hosts to go"),
            });
        }
        if let Some(left) = self.left(seconds) {
            parts.push(format!("about {} left", span(left)));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("  ")
    }

    /// Seconds that are left at the rate so far. The host with the most sources left decides
    /// where it has done its share more slowly than the others; nothing is said at first.
    fn left(&self, seconds: f64) -> Option<f64> {
        if self.done < 10 || seconds < 3.0 || self.done >= self.all {
            return None;
        }
        let rate = self.done as f64 / seconds;
        let all = (self.all - self.done) as f64 / rate;
        let longest = self.standing.as_ref().map_or(0.0, |standing| {
            // Its sources go through one after the other, as they did until now.
            let done = standing.longest_all.saturating_sub(standing.longest_left);
            match done {
                0 => 0.0,
                done => seconds / done as f64 * standing.longest_left as f64,
            }
        });
        Some(all.max(longest))
    }
}

fn amount(bytes: f64) -> String {
    match bytes {
        bytes if bytes < 1e6 => format!("{:.0} KB", bytes / 1e3),
        bytes if bytes < 1e9 => format!("{:.0} MB", bytes / 1e6),
        bytes => format!("{:.1} GB", bytes / 1e9),
    }
}

fn span(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{seconds:.0} s")
    } else if seconds < 5400.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{:.0} h", seconds / 3600.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(done: usize, all: usize, hosts: usize, longest: (usize, usize)) -> State {
        State {
            begun: Instant::now(),
            bytes: 5_000_000,
            done,
            all,
            standing: Some(Standing {
                hosts,
                longest: "a.example".to_owned(),
                longest_left: longest.0,
                longest_all: longest.1,
            }),
        }
    }

    #[test]
    fn the_line_tells_what_is_left_to_wait_for() {
        let after = |state: State, seconds| state.message(Duration::from_secs(seconds));
        assert_eq!(
            after(state(50, 100, 7, (5, 10)), 10),
            "5 MB (500 KB/s)  7 hosts to go  about 10 s left"
        );
        // One host has forty of its fifty left: it decides, not the mean.
        assert_eq!(
            after(state(60, 100, 1, (40, 50)), 100),
            "5 MB (50 KB/s)  waiting for a.example (40 left)  about 7 min left"
        );
        assert_eq!(
            after(state(2, 100, 7, (5, 10)), 1),
            "5 MB (5 MB/s)  7 hosts to go"
        );
    }
}
