//! What the archive knows of a source before it is asked, and what it is given afterwards.

use super::Work;
use crate::archive::warc::http;
use crate::archive::{Archive, ArchiveError, Capture, Known, Ready, unless_lost};
use crate::check::{CheckError, blocking};
use crate::citation::SourceUrl;
use crate::fetch::{Fetched, Validators};
use std::sync::Arc;
use url::Url;

/// The longest validator that is sent back, in bytes: the record of the answer names it in its header,
/// which others have to read.
const MAX_VALIDATOR: usize = 2 << 10;

/// What the archive knew of a source before this run.
#[derive(Debug, Default, Clone)]
pub(super) struct Before {
    pub(super) earlier: Option<Capture>,
    /// Its record, or that of its payload, cannot be read any more.
    pub(super) lost: bool,
    /// The status of the answer that holds its payload.
    pub(super) status: Option<u16>,
    pub(super) validators: Option<Validators>,
    pub(super) failures: Vec<jiff::Timestamp>,
}

impl Work {
    pub(super) async fn before(&self, source: &SourceUrl, url: &Url) -> Result<Before, CheckError> {
        if self.keeper.was_empty() {
            return Ok(Before::default());
        }
        let (source, url) = (source.to_string(), url.to_string());
        let session = self.keeper.session();
        self.keeper
            .ask(move |archive| {
                let earlier = last_good(archive, &url, &session)?;
                let validators = match &earlier {
                    Some(capture) if capture.truncated.is_none() => {
                        unless_lost(validators_of(archive, capture, &url))?
                    }
                    _ => Some(None),
                };
                let status = match &earlier {
                    Some(capture) if capture.status == 304 => archive.confirmed(capture)?,
                    earlier => earlier.clone(),
                };
                Ok(Before {
                    earlier,
                    lost: validators.is_none(),
                    status: status.map(|capture| capture.status),
                    // What is lost cannot be confirmed: the source is asked for the whole.
                    validators: validators.flatten(),
                    failures: archive.failures(&source)?,
                })
            })
            .await
    }

    /// Archives; tells the observer what is safe now.
    pub(super) async fn keep(
        &self,
        fetched: &Arc<Fetched>,
        before: &Before,
    ) -> Result<Vec<Capture>, CheckError> {
        if fetched.exchanges.is_empty() {
            return Ok(Vec::new());
        }
        let bodies = fetched.exchanges.iter();
        let bytes = bodies.map(|exchange| exchange.response.body.len()).sum();
        self.observer.received(bytes);
        let ready = {
            let _turn = self.packers.acquire().await;
            make_ready(Arc::clone(fetched), before).await?
        };
        let captures = self.keeper.store(ready).await?;
        for capture in &captures {
            self.observer
                .archived(&capture.target_uri, &capture.digest.to_hex());
        }
        Ok(captures)
    }
}

/// Does what can be done for a fetch before the archive has it.
pub(super) async fn make_ready(
    fetched: Arc<Fetched>,
    before: &Before,
) -> Result<Ready, CheckError> {
    let held = match (&before.earlier, before.lost) {
        (Some(earlier), false) => Known::Held(earlier.digest),
        (Some(earlier), true) => Known::Lost(earlier.digest),
        (None, _) => Known::Nothing,
    };
    let quick = Ready::is_quick(&fetched);
    let work = move || Ready::new(fetched, held);
    let ready = if quick {
        work()
    } else {
        blocking("compressing", work).await?
    };
    ready.map_err(|error| CheckError::Stopped {
        part: "compressing",
        what: error.to_string(),
    })
}

/// The latest capture of an address, at the end of its redirects, that held an answer, but for
/// those of this session: another source may have led there a moment ago.
fn last_good(archive: &Archive, url: &str, session: &str) -> Result<Option<Capture>, ArchiveError> {
    let is_of_before = |capture: &Capture| !capture.warc.starts_with(session);
    archive.latest_that(url, |capture| {
        if !is_of_before(&capture) {
            return Ok(None);
        }
        let answer = archive.answer(url, Some(capture.timestamp))?;
        Ok(answer.filter(|answer| answer.is_page() && is_of_before(answer)))
    })
}

/// The validators of a capture, when it is of this very address (RFC 9110, section 13.1).
fn validators_of(
    archive: &Archive,
    capture: &Capture,
    url: &str,
) -> Result<Option<Validators>, ArchiveError> {
    if crate::archive::urlkey::urlkey(&capture.target_uri) != crate::archive::urlkey::urlkey(url)
        || !archive.holds_payload(capture)?
    {
        return Ok(None);
    }
    let fields = archive.fields(capture)?;
    let validator = |name| http::field(&fields, name).filter(|value| value.len() <= MAX_VALIDATOR);
    let validators = Validators {
        etag: validator("etag"),
        last_modified: validator("last-modified"),
    };
    Ok((validators != Validators::default()).then_some(validators))
}
