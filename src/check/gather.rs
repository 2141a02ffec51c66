//! Fetches every source, keeps what came in groups, reads its text and has it judged.
//!
//! ```text
//! lanes, a few per host ─► fetch ─► make ready ─► keep ─────► read ─► judge
//!                          async    threads       one writer,  threads
//!                                                 one sync a group
//! ```
//!
//! A lane takes a source of its host through all of it before it takes the next: where the
//! later stages are slow, the earlier ones wait for them, and what is in memory is bounded by
//! the number of lanes. A source goes on to be read only after its captures were
//! acknowledged, so that no judgement rests on bytes that a power cut could take away.
//! Texts are dropped as soon as they are judged.

mod again;
mod document;
mod keeper;
mod known;
mod lanes;
mod payload;
mod probe;
mod suspect;
mod texts;
mod unchanged;

use super::docket::Docket;
use super::outcome::{Outcome, Outcomes, State};
use super::reader::{self, Reader};
use super::recall::Recall;
use super::shelf::Shelf;
use super::{CheckError, Observer, Wanted, blocking};
use crate::citation::{SourceUrl, canonical};
use crate::config::Config;
use crate::evidence::{Content, Drift};
use crate::fetch::{Fetched, Fetcher, Request, Status, StatusReason, redirect, status};
use crate::report::Redirect;
pub(super) use again::Again;
pub(super) use document::fetch_document;
pub(super) use keeper::Keeper;
use known::Before;
use lanes::{Lane, Lanes};
use payload::Page;
pub(super) use payload::text_by;
pub use payload::text_of_held;
use probe::Prober;
use std::fmt::Display;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

/// Lanes that are under way at once; each holds one source and what is known of it.
const LANES: usize = 1024;
/// Sources that are between read and judged at once: enough that a few may wait for the answer
/// to a probe. Without this bound every lane would read before any judged.
const TEXTS: usize = 32;
/// How much of a source's text helps to align a page list,
const HINT_BYTES: usize = 64 << 10;
/// how much of all of them together,
const ALL_HINTS: usize = 16 << 20;
/// and how much of whole texts is kept for a second look; what is beyond is read again.
const ALL_TEXTS: usize = 16 << 20;

/// What sources are gathered with.
pub(super) struct Tools {
    pub(super) fetcher: Fetcher,
    pub(super) keeper: Keeper,
    pub(super) config: Arc<Config>,
    pub(super) reader: Reader,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) recall: Recall,
    pub(super) shelf: Arc<Shelf>,
}

/// What is left when all sources are gathered.
pub(super) struct Gathered {
    pub(super) outcomes: Outcomes,
    pub(super) docket: Docket,
    pub(super) keeper: Keeper,
}

/// Fetches, keeps, reads and judges all sources.
pub(super) async fn gather(
    wanted: Vec<Wanted>,
    docket: Docket,
    tools: Tools,
) -> Result<Gathered, CheckError> {
    let late = wanted.iter();
    let late = late.filter(|wanted| docket.is_late(&wanted.source)).count();
    let per_host = tools.config.policy.per_host;
    let work = Arc::new(Work {
        fetcher: tools.fetcher,
        keeper: tools.keeper,
        config: tools.config,
        observer: tools.observer,
        reader: tools.reader,
        recall: tools.recall,
        shelf: tools.shelf,
        readers: Semaphore::new(reader::side_by_side()),
        packers: Semaphore::new(reader::side_by_side()),
        texts: Semaphore::new(TEXTS),
        prober: Prober::default(),
        hint_bytes: (ALL_HINTS / late.max(1)).min(HINT_BYTES),
        room: AtomicUsize::new(ALL_TEXTS),
        outcomes: Mutex::new(Outcomes::new(&docket)),
        docket,
    });
    let hosted = wanted.into_iter().map(|wanted| {
        let address = work.address(&wanted);
        let host = address.as_ref().and_then(Url::host_str);
        (host.unwrap_or_default().to_owned(), wanted)
    });
    let lanes = Arc::new(Lanes::of(hosted, per_host));
    let mut waiting = lanes.all().into_iter();
    // Each a task of its own: what a connection's task has read is taken up on its own thread.
    let mut under_way = JoinSet::new();
    let walk = |lane| Arc::clone(&work).walk(Arc::clone(&lanes), lane);
    for lane in waiting.by_ref().take(LANES) {
        under_way.spawn(walk(lane));
    }
    while let Some(ended) = under_way.join_next().await {
        if let Err(error) = ended.unwrap_or_else(|died| Err(stopped(&died))) {
            under_way.shutdown().await;
            return Err(error);
        }
        under_way.extend(waiting.next().map(walk));
    }
    let work = Arc::into_inner(work).ok_or_else(|| stopped(&"a task did not end"))?;
    let outcomes = work.outcomes.into_inner();
    let mut outcomes = outcomes.unwrap_or_else(PoisonError::into_inner);
    suspect::generic_pages(&mut outcomes);
    Ok(Gathered {
        outcomes,
        docket: work.docket,
        keeper: work.keeper,
    })
}

fn stopped(died: &dyn Display) -> CheckError {
    CheckError::Stopped {
        part: "gathering",
        what: died.to_string(),
    }
}

fn skipped(code: &'static str, text: String) -> Outcome {
    Outcome::of(State {
        status: Status::Skipped,
        reason: StatusReason { code, text },
        drift: None,
    })
}

/// What every lane's task shares.
struct Work {
    fetcher: Fetcher,
    keeper: Keeper,
    config: Arc<Config>,
    observer: Arc<dyn Observer>,
    reader: Reader,
    docket: Docket,
    recall: Recall,
    shelf: Arc<Shelf>,
    readers: Semaphore,
    packers: Semaphore,
    /// Sources whose texts are in memory.
    texts: Semaphore,
    prober: Prober,
    hint_bytes: usize,
    room: AtomicUsize,
    outcomes: Mutex<Outcomes>,
}

impl Work {
    /// Takes a lane's sources one after the other through all stages.
    async fn walk(self: Arc<Self>, lanes: Arc<Lanes>, lane: Lane) -> Result<(), CheckError> {
        while let Some(wanted) = lane.next() {
            let outcome = self.outcome(&wanted).await?;
            let entry = self.shelf.put(&outcome.entry(&wanted.source))?;
            self.outcomes().settle(&wanted.source, outcome, entry);
            if let Some(standing) = lanes.settled(&lane) {
                self.observer.standing(&standing);
            }
        }
        Ok(())
    }

    fn outcomes(&self) -> MutexGuard<'_, Outcomes> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn outcome(&self, wanted: &Wanted) -> Result<Outcome, CheckError> {
        let outcome = match (self.skip_reason(&wanted.source), self.address(wanted)) {
            (Some(reason), _) => skipped(
                "editor-skip",
                format!("Not asked, by the editor's decision: {reason}"),
            ),
            (None, None) => skipped(
                "no-address",
                "It is no address that can be asked.".to_owned(),
            ),
            (None, Some(url)) => self.one(&wanted.source, &url).await?,
        };
        self.observer
            .settled(wanted.source.as_str(), outcome.state.status);
        Ok(outcome)
    }

    /// What is fetched for a source: the address that was cited first.
    fn address(&self, wanted: &Wanted) -> Option<Url> {
        let (_, citation) = self.docket.citation(wanted.cited)?;
        canonical::to_fetch(&citation.url_as_cited)
    }

    /// The editor's reason not to ask: it must hold for every document that cites the source.
    fn skip_reason(&self, source: &SourceUrl) -> Option<String> {
        let mut decisions = self.config.decisions.iter();
        if !decisions.any(|decision| decision.skip.is_some()) {
            return None;
        }
        let mut reason = None;
        for document in self.docket.documents(source) {
            let decision = self.config.decisions.iter().find(|decision| {
                decision.skip.is_some() && decision.concerns(source, &document.entry.path)
            })?;
            reason.clone_from(&decision.skip);
        }
        reason
    }

    async fn one(&self, source: &SourceUrl, url: &Url) -> Result<Outcome, CheckError> {
        let before = self.before(source, url).await?;
        if let Some(outcome) = self.asked(source, url, before.clone()).await? {
            return Ok(outcome);
        }
        // What the server confirms is lost here: it is asked for it, which ends this.
        let before = Before {
            validators: None,
            lost: true,
            ..before
        };
        let outcome = self.asked(source, url, before).await?;
        outcome.ok_or_else(|| stopped(&"a payload was confirmed that was not asked for"))
    }

    /// What becomes of a source that is asked with what was known before; none where it only
    /// confirms a payload that cannot be read any more.
    async fn asked(
        &self,
        source: &SourceUrl,
        url: &Url,
        before: Before,
    ) -> Result<Option<Outcome>, CheckError> {
        let request = Request {
            url: url.clone(),
            validators: before.validators.clone(),
        };
        let fetched = Arc::new(self.fetcher.fetch(request).await);
        let captures = self.keep(&fetched, &before).await?;
        let capture = match fetched.answer() {
            Some(_) => captures.last().cloned(),
            None => None,
        };
        let (status, reason) = status::status_of(&fetched, &before.failures);
        if status == Status::Blocked {
            self.prober.leave_alone(url);
        }
        let state = State {
            status,
            reason,
            drift: None,
        };
        let mut outcome = Outcome {
            http_status: fetched.answer().map(|answer| answer.response.status),
            final_url: final_url(&fetched),
            moved_to: status::moved_to(&fetched).map(ToString::to_string),
            redirects: redirects(&fetched),
            capture,
            earlier: before.earlier,
            ..Outcome::of(state)
        };
        if outcome.http_status == Some(304) {
            // What the source says is what it said: report the status of the answer that it confirmed.
            outcome.http_status = before.status;
        }
        if self.config.judge && self.as_last_time(source, &fetched, &mut outcome).await? {
            self.observer.unchanged(source.as_str());
        } else if self.config.judge {
            let _room = self.texts.acquire().await;
            let Some(read) = self.read(&fetched, &mut outcome).await? else {
                return Ok(None);
            };
            drop(fetched);
            self.judge(source, read, &mut outcome).await?;
        } else if let (Some(earlier), Some(present)) = (&outcome.earlier, &outcome.capture) {
            outcome.state.drift = (earlier.digest == present.digest).then(identical);
        }
        Ok(Some(outcome))
    }
}

fn identical() -> Drift {
    Drift::none(Content::Identical)
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
