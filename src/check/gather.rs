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

mod keeper;
mod lanes;
mod payload;
mod probe;
mod suspect;
mod unchanged;

use super::docket::{self, Docket, EarlierText, Texts};
use super::input::{self, Loaded};
use super::outcome::{Late, Outcome, Outcomes, State, replaced};
use super::reader::{self, Reader};
use super::recall::Recall;
use super::shelf::Shelf;
use super::{CheckError, Observer, Wanted, blocking};
use crate::archive::warc::http;
use crate::archive::{Archive, ArchiveError, Capture, Held, Known, Ready};
use crate::citation::{Hint, SourceUrl, canonical};
use crate::config::Config;
use crate::evidence::{Content, Drift, SourceText, drift, soft_404};
use crate::fetch::{
    Fetched, Fetcher, Request, Status, StatusReason, Validators, coding, redirect, status,
};
use crate::limits::Limits;
use crate::report::Redirect;
pub(super) use keeper::Keeper;
use lanes::{Lane, Lanes};
pub(super) use payload::text_by;
pub use payload::text_of_held;
use payload::{Page, Payload};
use probe::Prober;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// The texts that were read of a source.
#[derive(Debug, Default)]
struct Read {
    present: Option<Arc<SourceText>>,
    earlier: Option<Arc<SourceText>>,
}

/// What the archive knew of a source before this run.
#[derive(Debug, Default, Clone)]
struct Before {
    earlier: Option<Capture>,
    /// Its record, or that of its payload, cannot be read any more.
    lost: bool,
    /// The status of the answer that holds its payload.
    status: Option<u16>,
    validators: Option<Validators>,
    failures: Vec<jiff::Timestamp>,
}

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

    async fn before(&self, source: &SourceUrl, url: &Url) -> Result<Before, CheckError> {
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
    async fn keep(
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

    /// Reads the text of the present and the earlier capture and what they tell; none where the
    /// present one confirms a payload that is lost.
    async fn read(
        &self,
        fetched: &Fetched,
        outcome: &mut Outcome,
    ) -> Result<Option<Read>, CheckError> {
        let mut read = Read::default();
        let answered = outcome.state.status.answers();
        let same = match (&outcome.earlier, &outcome.capture) {
            (Some(earlier), Some(present)) => earlier.digest == present.digest,
            _ => false,
        };
        if let Some(answer) = fetched.answer().filter(|_| answered) {
            let limits = self.config.policy.limits;
            let final_url = answer.target_uri.clone();
            let payload = match (answer.response.status, &outcome.capture) {
                (304, Some(capture)) => match self.load(capture).await? {
                    Some(held) => Payload::of_held(held),
                    None => return Ok(None),
                },
                _ => Payload::of_answer(answer),
            };
            let page = self.text_of(payload, final_url.clone(), limits).await?;
            self.look_for_walls(fetched, &final_url, &page, outcome)
                .await?;
            read.present = Some(page.text);
        }
        let page = outcome.state.status.answers();
        if let Some(earlier) = outcome.earlier.clone() {
            if same {
                read.earlier.clone_from(&read.present);
                outcome.state.drift = Some(identical());
                if !page {
                    // It was no more of a page the last time.
                    outcome.forget_earlier();
                    read.earlier = None;
                }
            } else {
                self.compare(fetched, &earlier, outcome, &mut read).await?;
            }
        }
        if page && outcome.earlier.is_none() && read.present.is_some() {
            outcome.state.drift = Some(Drift::none(Content::First));
        }
        if let Some(drift) = &mut outcome.state.drift {
            drift.content = replaced(outcome.state.status, drift.content);
        }
        Ok(Some(read))
    }

    /// Reads the earlier capture's text and compares the present one with it.
    async fn compare(
        &self,
        fetched: &Fetched,
        earlier: &Capture,
        outcome: &mut Outcome,
        read: &mut Read,
    ) -> Result<(), CheckError> {
        let Ok(url) = Url::parse(&earlier.target_uri) else {
            return Ok(());
        };
        let Some(held) = self.load(earlier).await? else {
            let lost = " What was archived of it earlier cannot be read any more; `ibid verify` tells why.";
            outcome.state.reason.text.push_str(lost);
            return Ok(());
        };
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
        read.earlier = Some(page.text);
        if let (Some(old), Some(new)) = (read.earlier.clone(), read.present.clone()) {
            let compared = self.reader.reading(move || drift::compare(&old, &new));
            // Two texts that take longer than that to compare are left without a word for it.
            outcome.state.drift = compared.await.ok();
        }
        Ok(())
    }

    /// Has the claims judged that rest on the source, and keeps what those need that wait.
    async fn judge(
        &self,
        source: &SourceUrl,
        read: Read,
        outcome: &mut Outcome,
    ) -> Result<(), CheckError> {
        let present = read.present.filter(|_| outcome.state.status.answers());
        let is_present = present.is_some();
        let changed = outcome
            .state
            .drift
            .as_ref()
            .is_some_and(|drift| drift.content != Content::Identical);
        let texts = Texts {
            // What the source says now, else what it said when it last answered.
            now: present.or_else(|| read.earlier.clone()),
            before: before(outcome, read.earlier.filter(|_| changed)),
        };
        let Some(now) = texts.now.clone() else {
            return Ok(());
        };
        outcome.title.clone_from(&now.title);
        if self.docket.is_late(source) {
            let captures = [&outcome.capture, &outcome.earlier];
            outcome.late = Some(Box::new(Late {
                hint: self.hint(&now),
                texts: self.has_room(&texts).then(|| texts.clone()),
                now: captures[usize::from(!is_present)].clone(),
                before: outcome.earlier.clone().filter(|_| texts.before.is_some()),
            }));
        }
        drop(now);
        let (claims, shelf) = (self.docket.claims(source), Arc::clone(&self.shelf));
        let _turn = self.readers.acquire().await;
        let judged = self.reader.reading(move || {
            let judged = docket::judge(&claims, &texts);
            drop(texts);
            shelf.put_found(judged)
        });
        outcome.judged = match judged.await {
            Ok(put) => put?,
            Err(_) => {
                let unjudged = docket::unjudged(self.docket.claims(source));
                self.shelf.put_found(unjudged)?
            }
        };
        Ok(())
    }

    /// What the text of a source tells about its place in the document.
    fn hint(&self, text: &SourceText) -> Hint {
        let main = text.main_text();
        let end = main.floor_char_boundary(self.hint_bytes);
        Hint {
            title: text.title.clone(),
            text: main.get(..end).unwrap_or_default().to_owned(),
        }
    }

    /// Takes room for texts that are kept; says whether there was any.
    fn has_room(&self, texts: &Texts) -> bool {
        let bytes = texts.bytes();
        self.room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |room| {
                room.checked_sub(bytes)
            })
            .is_ok()
    }

    /// What is held of a capture; none where its record is lost.
    async fn load(&self, capture: &Capture) -> Result<Option<Held>, CheckError> {
        let capture = capture.clone();
        let load = move |archive: &Archive| unless_lost(archive.load(&capture));
        self.keeper.ask(load).await
    }

    /// Reads a payload's text in the readers' room; few at a time.
    async fn text_of(
        &self,
        payload: Payload,
        url: Url,
        limits: Limits,
    ) -> Result<Page, CheckError> {
        let _turn = self.readers.acquire().await;
        let page = self.reader.reading(move || payload.read(&url, &limits));
        let page = page.await;
        Ok(page.unwrap_or_else(|why| Page::unreadable(why.to_string())))
    }
}

/// An earlier text with its moments.
fn before(outcome: &Outcome, text: Option<Arc<SourceText>>) -> Option<EarlierText> {
    let last_seen = outcome.earlier.as_ref()?.timestamp;
    let since = outcome
        .capture
        .as_ref()
        .map_or(last_seen, |capture| capture.timestamp);
    Some(EarlierText {
        text: text?,
        last_seen,
        since,
    })
}

fn identical() -> Drift {
    Drift::none(Content::Identical)
}

/// Reads the texts again that claims waited for, where they were not kept.
pub(super) struct Again<'a> {
    archive: &'a Mutex<Archive>,
    config: &'a Config,
    reader: &'a Reader,
    /// By capture: several claims may rest on one source; and the bytes that there is room for.
    kept: Mutex<(BTreeMap<String, Texts>, usize)>,
}

impl<'a> Again<'a> {
    pub(super) const fn new(
        archive: &'a Mutex<Archive>,
        config: &'a Config,
        reader: &'a Reader,
    ) -> Self {
        Self {
            archive,
            config,
            reader,
            kept: Mutex::new((BTreeMap::new(), ALL_TEXTS)),
        }
    }

    pub(super) fn texts(&self, late: &Late) -> Result<Texts, ArchiveError> {
        let captures = [&late.now, &late.before].into_iter().flatten();
        let key: String = captures.map(|capture| capture.record_id.as_str()).collect();
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(texts) = kept().0.get(&key) {
            return Ok(texts.clone());
        }
        let before = match (self.text(late.before.as_ref())?, &late.before, &late.now) {
            (Some(text), Some(before), Some(now)) => Some(EarlierText {
                text,
                last_seen: before.timestamp,
                since: now.timestamp,
            }),
            _ => None,
        };
        let lost = || Page::unreadable("its capture cannot be read any more".to_owned()).text;
        let now = self.text(late.now.as_ref())?;
        let now = now.or_else(|| late.now.as_ref().map(|_| lost()));
        let texts = Texts { now, before };
        let (texts_kept, room) = &mut *kept();
        if let Some(left) = room.checked_sub(texts.bytes()) {
            *room = left;
            texts_kept.insert(key, texts.clone());
        }
        Ok(texts)
    }

    fn text(&self, capture: Option<&Capture>) -> Result<Option<Arc<SourceText>>, ArchiveError> {
        let Some((capture, url)) =
            capture.and_then(|capture| Some((capture, Url::parse(&capture.target_uri).ok()?)))
        else {
            return Ok(None);
        };
        let held = {
            let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
            unless_lost(archive.load(capture))?
        };
        let Some(held) = held else { return Ok(None) };
        let limits = self.config.policy.limits;
        let read = self
            .reader
            .read(move || Payload::of_held(held).read(&url, &limits));
        let page = read.unwrap_or_else(|why| Page::unreadable(why.to_string()));
        Ok(Some(page.text))
    }
}

/// Does what can be done for a fetch before the archive has it.
async fn make_ready(fetched: Arc<Fetched>, before: &Before) -> Result<Ready, CheckError> {
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

/// What is read of a record; none where that cannot be read, which is its loss alone.
fn unless_lost<T>(read: Result<T, ArchiveError>) -> Result<Option<T>, ArchiveError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_of_a_record() => Ok(None),
        Err(error) => Err(error),
    }
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
    let validators = Validators {
        etag: http::field(&fields, "etag"),
        last_modified: http::field(&fields, "last-modified"),
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
    let fetched = Arc::new(fetcher.fetch(request).await);
    if !fetched.exchanges.is_empty() {
        keeper
            .store(make_ready(Arc::clone(&fetched), &Before::default()).await?)
            .await?;
    }
    let mut loaded = Loaded {
        path: None,
        name: input::web_name(url),
        bytes: None,
        content_type: None,
        base: None,
        error: None,
    };
    let (status, reason) = status::status_of(&fetched, &[]);
    match fetched.answer() {
        Some(answer) if status.answers() => {
            let encoding = answer.response.field("content-encoding");
            let most = config.policy.limits.max_decoded_bytes;
            let body = &answer.response.body;
            let decoded = match answer.response.truncated {
                // Nobody would miss what is cited in the rest.
                Some(why) => Err(format!(
                    "only its first {} bytes came, because {}",
                    body.len(),
                    status::why(why)
                )),
                None => body
                    .bytes()
                    .map_err(|error| format!("its body could not be read back: {error}"))
                    .and_then(|body| coding::decode(encoding.as_deref(), &body, most)),
            };
            loaded.content_type = answer.response.field("content-type");
            loaded.base = Some(answer.target_uri.clone());
            match decoded {
                Ok(bytes) => loaded.bytes = Some(bytes.into()),
                Err(why) => loaded.error = Some(why),
            }
        }
        _ => loaded.error = Some(reason.text),
    }
    Ok(loaded)
}
