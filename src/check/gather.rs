//! Fetches every source at once, keeps what came in groups, and reads its text.
//!
//! One thread, the [`Keeper`], owns the archive: whatever waits for it when it comes
//! round is written as one group with one sync. A source goes on to be read only after
//! its captures were acknowledged, so that no judgement rests on bytes that a power
//! cut could take away.

mod keeper;
mod probe;

use super::reader::{self, Reader};
use super::{CheckError, Cited, Observer, Wanted, blocking, input::Loaded};
use crate::archive::{Archive, ArchiveError, Capture, Held};
use crate::citation::SourceUrl;
use crate::config::Config;
use crate::evidence::{Content, Drift, SourceText, drift, main_text, soft_404, wall};
use crate::fetch::{
    Fetched, Fetcher, Request, Status, StatusReason, Validators, coding, redirect, status,
};
use crate::limits::Limits;
use crate::report::Redirect;
use futures_util::stream::{FuturesUnordered, StreamExt};
pub(super) use keeper::Keeper;
use probe::Prober;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use url::Url;

/// All that a run learned about one source.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) status: Status,
    pub(super) reason: StatusReason,
    pub(super) http_status: Option<u16>,
    pub(super) final_url: Option<String>,
    /// The address to cite from now on, when the source has moved for good.
    pub(super) moved_to: Option<String>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) capture: Option<Capture>,
    pub(super) text: Option<Arc<SourceText>>,
    /// The last good capture before this run.
    pub(super) earlier: Option<Capture>,
    pub(super) earlier_text: Option<Arc<SourceText>>,
    pub(super) drift: Option<Drift>,
}

impl Outcome {
    /// What was captured earlier turned out to be no page that could be compared.
    fn forget_earlier(&mut self) {
        self.earlier = None;
        self.earlier_text = None;
        self.drift = None;
    }
}

/// What the archive knew of a source before this run.
#[derive(Debug, Default)]
struct Before {
    earlier: Option<Capture>,
    validators: Option<Validators>,
    failures: Vec<jiff::Timestamp>,
}

/// Fetches, keeps and reads all sources.
pub(super) async fn gather(
    wanted: &[Wanted],
    fetcher: &Fetcher,
    keeper: &Keeper,
    config: &Config,
    cited: &[Cited],
    reader: &Reader,
    observer: &dyn Observer,
) -> Result<BTreeMap<SourceUrl, Outcome>, CheckError> {
    let readers = Semaphore::new(reader::side_by_side());
    let work = Work {
        fetcher,
        keeper,
        config,
        observer,
        reader,
        readers: &readers,
        prober: Prober::default(),
    };
    let mut running: FuturesUnordered<_> = wanted
        .iter()
        .map(|wanted| {
            let skip = skip_reason(&wanted.source, config, cited);
            let work = &work;
            async move {
                let outcome = match (skip, &wanted.fetch) {
                    (Some(reason), _) => skipped(
                        "editor-skip",
                        format!("Not asked, by the editor's decision: {reason}"),
                    ),
                    (None, None) => skipped(
                        "no-address",
                        "It is no address that can be asked.".to_owned(),
                    ),
                    (None, Some(url)) => work.one(&wanted.source, url).await?,
                };
                work.observer
                    .settled(wanted.source.as_str(), outcome.status);
                Ok::<_, CheckError>((wanted.source.clone(), outcome))
            }
        })
        .collect();
    let mut outcomes = BTreeMap::new();
    while let Some(result) = running.next().await {
        let (source, outcome) = result?;
        outcomes.insert(source, outcome);
    }
    Ok(outcomes)
}

/// The editor's reason not to ask: it must hold for every document that cites the source.
fn skip_reason(source: &SourceUrl, config: &Config, cited: &[Cited]) -> Option<String> {
    let mut reason = None;
    for document in cited
        .iter()
        .filter(|cited| cited.citations.iter().any(|c| c.source == *source))
    {
        let decision = config.decisions.iter().find(|decision| {
            decision.skip.is_some() && decision.concerns(source, &document.entry.path)
        })?;
        reason.clone_from(&decision.skip);
    }
    reason
}

fn skipped(code: &'static str, text: String) -> Outcome {
    Outcome {
        status: Status::Skipped,
        reason: StatusReason { code, text },
        http_status: None,
        final_url: None,
        moved_to: None,
        redirects: Vec::new(),
        capture: None,
        text: None,
        earlier: None,
        earlier_text: None,
        drift: None,
    }
}

/// What every source's task shares.
struct Work<'a> {
    fetcher: &'a Fetcher,
    keeper: &'a Keeper,
    config: &'a Config,
    observer: &'a dyn Observer,
    reader: &'a Reader,
    readers: &'a Semaphore,
    prober: Prober,
}

impl Work<'_> {
    async fn one(&self, source: &SourceUrl, url: &Url) -> Result<Outcome, CheckError> {
        let before = self.before(source, url).await?;
        let request = Request {
            url: url.clone(),
            validators: before.validators.clone(),
        };
        let fetched = self.fetcher.fetch(request).await;
        let captures = self.keep(&fetched).await?;
        let capture = match fetched.answer() {
            Some(_) => captures.last().cloned(),
            None => None,
        };
        let (status, reason) = status::status_of(&fetched, &before.failures);
        let mut outcome = Outcome {
            status,
            reason,
            http_status: fetched.answer().map(|answer| answer.response.status),
            final_url: final_url(&fetched),
            moved_to: status::moved_to(&fetched).map(ToString::to_string),
            redirects: redirects(&fetched),
            capture,
            text: None,
            earlier: before.earlier,
            earlier_text: None,
            drift: None,
        };
        if outcome.http_status == Some(304) {
            // What the source says is what it said: report the status of the answer that it confirmed.
            outcome.http_status = outcome.earlier.as_ref().map(|earlier| earlier.status);
        }
        if self.config.judge {
            self.read(&fetched, &mut outcome).await?;
        } else if let (Some(earlier), Some(present)) = (&outcome.earlier, &outcome.capture) {
            outcome.drift = (earlier.digest == present.digest).then(identical);
        }
        Ok(outcome)
    }

    async fn before(&self, source: &SourceUrl, url: &Url) -> Result<Before, CheckError> {
        let (source, url) = (source.to_string(), url.to_string());
        self.keeper
            .call(move |archive| {
                let earlier = last_good(archive, &url)?;
                let validators = match &earlier {
                    Some(capture) if capture.truncated.is_none() => {
                        validators_of(archive, capture, &url)?
                    }
                    _ => None,
                };
                Ok(Before {
                    earlier,
                    validators,
                    failures: archive.failures(&source)?,
                })
            })
            .await
    }

    /// Archives; tells the observer what is safe now.
    async fn keep(&self, fetched: &Fetched) -> Result<Vec<Capture>, CheckError> {
        if fetched.exchanges.is_empty() {
            return Ok(Vec::new());
        }
        let captures = self.keeper.store(fetched.clone()).await?;
        for capture in &captures {
            self.observer
                .archived(&capture.target_uri, &capture.digest.to_hex());
        }
        Ok(captures)
    }

    /// Reads the text of the present and the earlier capture and what they tell.
    async fn read(&self, fetched: &Fetched, outcome: &mut Outcome) -> Result<(), CheckError> {
        let answered = matches!(outcome.status, Status::Live | Status::Moved);
        let same = match (&outcome.earlier, &outcome.capture) {
            (Some(earlier), Some(present)) => earlier.digest == present.digest,
            _ => false,
        };
        if let Some(answer) = fetched.answer().filter(|_| answered) {
            let limits = self.config.policy.limits;
            let final_url = answer.target_uri.clone();
            let payload = match (answer.response.status, &outcome.capture) {
                (304, Some(capture)) => Payload::of_held(self.load(capture).await?),
                _ => Payload::of_answer(answer),
            };
            let page = self.text_of(payload, final_url.clone(), limits).await?;
            self.look_for_walls(fetched, &final_url, &page, outcome)
                .await?;
            outcome.text = Some(page.text);
        }
        if let Some(earlier) = outcome.earlier.clone() {
            if same {
                outcome.earlier_text.clone_from(&outcome.text);
                outcome.drift = Some(identical());
                if !matches!(outcome.status, Status::Live | Status::Moved) {
                    // It was no more of a page the last time.
                    outcome.forget_earlier();
                }
            } else {
                self.compare(fetched, &earlier, outcome).await?;
            }
        }
        let page = matches!(outcome.status, Status::Live | Status::Moved);
        if page && outcome.earlier.is_none() && outcome.text.is_some() {
            outcome.drift = Some(Drift::none(Content::First));
        }
        Ok(())
    }

    /// Reads the earlier capture's text and compares the present one with it.
    async fn compare(
        &self,
        fetched: &Fetched,
        earlier: &Capture,
        outcome: &mut Outcome,
    ) -> Result<(), CheckError> {
        let Ok(url) = Url::parse(&earlier.target_uri) else {
            return Ok(());
        };
        let held = self.load(earlier).await?;
        let limits = self.config.policy.limits;
        let page = self
            .text_of(Payload::of_held(held), url.clone(), limits)
            .await?;
        // A wall, or a page that says "not found", is nothing to compare with.
        let no_page = page.wall.is_some()
            || soft_404::judge(&fetched.requested, &url, &page.text, None).is_some();
        if no_page {
            outcome.forget_earlier();
            return Ok(());
        }
        outcome.earlier_text = Some(page.text);
        if let (Some(old), Some(new)) = (outcome.earlier_text.clone(), outcome.text.clone()) {
            outcome.drift = Some(blocking("comparing", move || drift::compare(&old, &new)).await?);
        }
        Ok(())
    }

    /// An answer of 200 may still be a wall, or say "not found".
    async fn look_for_walls(
        &self,
        fetched: &Fetched,
        final_url: &Url,
        page: &Page,
        outcome: &mut Outcome,
    ) -> Result<(), CheckError> {
        if let Some(why) = &page.text.unreadable {
            outcome.reason.text.push_str(&status::not_read(why));
        }
        if let Some(wall) = &page.wall {
            outcome.status = Status::Blocked;
            outcome.reason = StatusReason {
                code: wall.code,
                text: wall.text.to_owned(),
            };
            return Ok(());
        }
        let requested = &fetched.requested;
        let worth = soft_404::worth_probing(requested, final_url, &page.text);
        let probe = if worth && self.config.probe {
            self.prober.probe(self, requested).await?
        } else {
            None
        };
        if let Some(finding) = soft_404::judge(requested, final_url, &page.text, probe.as_deref()) {
            outcome.status = Status::Dead;
            outcome.reason = StatusReason {
                code: finding.code,
                text: finding.text,
            };
        }
        Ok(())
    }

    async fn load(&self, capture: &Capture) -> Result<Held, CheckError> {
        let capture = capture.clone();
        self.keeper
            .call(move |archive| archive.load(&capture))
            .await
    }

    /// Reads a payload's text in the readers' room; few at a time.
    async fn text_of(
        &self,
        payload: Payload,
        url: Url,
        limits: Limits,
    ) -> Result<Page, CheckError> {
        let _turn = self.readers.acquire().await;
        let reader = self.reader.clone();
        let read = move || reader.read(move || payload.read(&url, &limits));
        let page = blocking("reading a source", read).await?;
        Ok(page.unwrap_or_else(|why| Page::unreadable(why.to_string())))
    }
}

fn identical() -> Drift {
    Drift::none(Content::Identical)
}

/// A payload with what is needed to read it.
struct Payload {
    body: bytes::Bytes,
    content_type: Option<String>,
    content_encoding: Option<String>,
    cut: bool,
}

/// The text of a page, and the wall that it may be.
struct Page {
    text: Arc<SourceText>,
    wall: Option<wall::Wall>,
}

impl Page {
    fn unreadable(why: String) -> Self {
        Self {
            text: Arc::new(SourceText {
                unreadable: Some(why),
                ..SourceText::default()
            }),
            wall: None,
        }
    }
}

impl Payload {
    fn of_answer(answer: &crate::fetch::Exchange) -> Self {
        Self {
            body: answer.response.body.clone(),
            content_type: answer.response.field("content-type"),
            content_encoding: answer.response.field("content-encoding"),
            cut: answer.response.truncated.is_some(),
        }
    }

    fn of_held(held: Held) -> Self {
        Self {
            content_type: held.field("content-type"),
            content_encoding: held.field("content-encoding"),
            cut: held.capture.truncated.is_some(),
            body: held.payload.into(),
        }
    }

    fn read(self, url: &Url, limits: &Limits) -> Page {
        let coding = self.content_encoding.as_deref();
        let decoded = if self.cut {
            coding::decode_partial(coding, &self.body, limits.max_decoded_bytes)
        } else {
            coding::decode(coding, &self.body, limits.max_decoded_bytes)
        };
        match decoded {
            Ok(bytes) => {
                let text = main_text::read(&bytes, self.content_type.as_deref(), url, limits);
                Page {
                    wall: wall::wall(&text),
                    text: Arc::new(text),
                }
            }
            Err(why) => Page::unreadable(why),
        }
    }
}

/// The text of an archived payload, as a check reads it.
#[must_use]
pub fn text_of_held(held: Held, limits: &Limits) -> SourceText {
    let Ok(url) = Url::parse(&held.capture.target_uri) else {
        return SourceText::default();
    };
    let limits = *limits;
    let page = Reader::new(limits.read_time)
        .read(move || Payload::of_held(held).read(&url, &limits))
        .unwrap_or_else(|why| Page::unreadable(why.to_string()));
    Arc::unwrap_or_clone(page.text)
}

/// The latest capture of an address, at the end of its redirects, that held an answer.
pub(super) fn last_good(archive: &Archive, url: &str) -> Result<Option<Capture>, ArchiveError> {
    // An address that failed fifty times in a row has no capture worth comparing with.
    for capture in archive.captures(url)?.iter().rev().take(50) {
        let answer = archive.answer(url, Some(capture.timestamp))?;
        if let Some(answer) = answer.filter(|answer| matches!(answer.status, 200..=299 | 304)) {
            return Ok(Some(answer));
        }
    }
    Ok(None)
}

/// The validators of a capture, when it is of this very address (RFC 9110, section 13.1).
fn validators_of(
    archive: &Archive,
    capture: &Capture,
    url: &str,
) -> Result<Option<Validators>, ArchiveError> {
    if crate::archive::urlkey::urlkey(&capture.target_uri) != crate::archive::urlkey::urlkey(url) {
        return Ok(None);
    }
    let held = archive.load(capture)?;
    let validators = Validators {
        etag: held.field("etag"),
        last_modified: held.field("last-modified"),
    };
    Ok((validators != Validators::default()).then_some(validators))
}

fn final_url(fetched: &Fetched) -> Option<String> {
    let answer = fetched.answer()?;
    (answer.target_uri != fetched.requested).then(|| answer.target_uri.to_string())
}

fn redirects(fetched: &Fetched) -> Vec<Redirect> {
    fetched
        .exchanges
        .iter()
        .filter_map(|exchange| {
            let location = redirect::location(&exchange.target_uri, &exchange.response)?;
            Some(Redirect {
                url: exchange.target_uri.to_string(),
                http_status: exchange.response.status,
                location: location.to_string(),
            })
        })
        .collect()
}

/// Fetches a citing document from the web, and archives it as what it is: a capture.
pub(super) async fn fetch_document(
    url: &Url,
    fetcher: &Fetcher,
    keeper: &Keeper,
    config: &Config,
) -> Result<Loaded, CheckError> {
    let request = Request {
        url: url.clone(),
        validators: None,
    };
    let fetched = fetcher.fetch(request).await;
    if !fetched.exchanges.is_empty() {
        keeper.store(fetched.clone()).await?;
    }
    let mut loaded = Loaded {
        path: None,
        name: url.to_string(),
        bytes: None,
        content_type: None,
        base: None,
        error: None,
    };
    let (status, reason) = status::status_of(&fetched, &[]);
    match fetched.answer() {
        Some(answer) if matches!(status, Status::Live | Status::Moved) => {
            let encoding = answer.response.field("content-encoding");
            let decoded = coding::decode(
                encoding.as_deref(),
                &answer.response.body,
                config.policy.limits.max_decoded_bytes,
            );
            loaded.content_type = answer.response.field("content-type");
            loaded.base = Some(answer.target_uri.clone());
            match decoded {
                Ok(bytes) => loaded.bytes = Some(bytes),
                Err(why) => loaded.error = Some(why),
            }
        }
        _ => loaded.error = Some(reason.text),
    }
    Ok(loaded)
}
