//! What the catalogue tells: captures, runs, and which led to which.

use super::super::catalogue::CaptureRow;
use super::super::urlkey::urlkey;
use super::super::{Capture, CaptureKind};
use super::{Archive, KeptReport, Result, RunRecord, Writer};
use crate::fetch::status;
use jiff::Timestamp;

/// Hops of an archived redirect chain that are followed.
const MAX_HOPS: usize = 20;

impl Archive {
    /// What the names of the WARC files begin with that are written since it was opened; none
    /// where it was opened for reading.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.writer.as_ref().map(Writer::session)
    }

    /// All captures of an address, oldest first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn captures(&self, url: &str) -> Result<Vec<Capture>> {
        let rows = self.catalogue.captures(&urlkey(url))?;
        Ok(rows.into_iter().map(|row| row.capture).collect())
    }

    /// The latest captures of an address, the latest first, at most so many.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn latest(&self, url: &str, most: usize) -> Result<Vec<Capture>> {
        let rows = self.catalogue.latest(&urlkey(url), None, most)?;
        Ok(rows.into_iter().map(|row| row.capture).collect())
    }

    /// The capture whose record starts there.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn capture_at(&self, warc: &str, offset: u64) -> Result<Option<Capture>> {
        Ok(self
            .catalogue
            .capture_at(warc, offset)?
            .map(|row| row.capture))
    }

    /// What `find` finds first among the latest captures of an address, the latest first; none
    /// where the last fifty have nothing.
    ///
    /// # Errors
    /// When the catalogue cannot be read, and what `find` says.
    pub fn latest_that<T>(
        &self,
        url: &str,
        mut find: impl FnMut(Capture) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let find = |row: CaptureRow| find(row.capture);
        self.catalogue.latest_that(&urlkey(url), find)
    }

    /// The capture at the end of the address's redirect chain as it was at `at` (or before; now, if none is given):
    /// follows archived redirects.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn answer(&self, url: &str, at: Option<Timestamp>) -> Result<Option<Capture>> {
        let latest = self.catalogue.latest(&urlkey(url), at, 1)?;
        let Some(mut row) = latest.into_iter().next() else {
            return Ok(None);
        };
        let mut seen = vec![row.capture.record_id.clone()];
        while let Some(next) = self.follow(&row)? {
            if seen.len() > MAX_HOPS || seen.contains(&next.capture.record_id) {
                break;
            }
            seen.push(next.capture.record_id.clone());
            row = next;
        }
        Ok(Some(row.capture))
    }

    /// The capture that an archived redirect led to: the first at or after it, else the last before.
    fn follow(&self, row: &CaptureRow) -> Result<Option<CaptureRow>> {
        if !matches!(row.capture.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let to = row.location.as_ref().and_then(|location| {
            let from = url::Url::parse(&row.capture.target_uri).ok()?;
            from.join(location).ok()
        });
        let Some(to) = to else { return Ok(None) };
        let mut rows = self.catalogue.captures(&urlkey(to.as_str()))?;
        rows.retain(|next| next.capture.record_id != row.capture.record_id);
        let after = rows.partition_point(|next| next.capture.timestamp < row.capture.timestamp);
        Ok(rows.get(after).or(rows.last()).cloned())
    }

    /// The moments at which the source could not be reached in the runs since it last answered, oldest first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn failures(&self, source: &str) -> Result<Vec<Timestamp>> {
        let mut failures = Vec::new();
        self.catalogue.outcomes(source, |at, status, code| {
            let failed = matches!(
                (status, code),
                ("unreachable", _) | ("dead", "dead-after-failures")
            );
            if failed && status::speaks_against(code) {
                failures.push(at);
            }
            failed
        })?;
        failures.reverse();
        Ok(failures)
    }

    /// All runs, oldest first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn runs(&self) -> Result<Vec<RunRecord>> {
        let runs = self.catalogue.runs()?;
        Ok(runs
            .into_iter()
            .filter_map(|(id, finished, _, _)| {
                Some(RunRecord {
                    id,
                    finished: finished.parse().ok()?,
                })
            })
            .collect())
    }

    /// The capture that a revisit refers to; none where that is not held.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn confirmed(&self, revisit: &Capture) -> Result<Option<Capture>> {
        let row = self.catalogue.capture_at(&revisit.warc, revisit.offset)?;
        let held = match row.and_then(|row| row.refers_to) {
            Some(id) => self.catalogue.by_id(&id)?,
            None => None,
        };
        Ok(held.map(|row| row.capture))
    }

    /// Whether a capture's payload is held: by its own record, or by the one that it refers to.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn holds_payload(&self, capture: &Capture) -> Result<bool> {
        if capture.kind == CaptureKind::Response {
            return Ok(true);
        }
        let row = self.catalogue.capture_at(&capture.warc, capture.offset)?;
        Ok(match row.and_then(|row| row.refers_to) {
            Some(id) => self.catalogue.by_id(&id)?.is_some(),
            None => {
                let key = urlkey(&capture.target_uri);
                !self.catalogue.holders(&capture.digest, &key)?.is_empty()
            }
        })
    }

    /// The last run that judged this document by this judge ([`crate::report::Run::judge`]).
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn judged_run(&self, document: &str, judge: &str) -> Result<Option<KeptReport>> {
        let run = self.catalogue.judged_run(document, judge)?;
        Ok(run.map(|(warc, offset)| KeptReport { warc, offset }))
    }
}
