//! The pipeline: the one place where the stages meet.
//!
//! ```text
//! input ─► documents ─► citations ─► gather ─────────────► assess ─► report
//!          read each    claims ×     fetch, archive in     page lists,
//!                       sources      groups, read and      verdicts
//!                                    judge by source
//! ```
//!
//! One failure stays one failure: a document that cannot be read becomes an entry
//! with its error, a source that cannot be reached an entry with its status, a capture
//! that is damaged costs its source the comparison. Only what keeps ibid from its own
//! work (an archive that is locked or cannot be written to, a catalogue that is damaged,
//! settings that cannot be) ends the run.

mod assess;
mod docket;
mod gather;
mod history;
pub mod input;
mod outcome;
pub mod pandoc;
mod past;
mod reader;
mod recall;
mod shelf;

use crate::archive::{Archive, ArchiveError, Digest, RunOutline, Settings, SourceOutcome};
use crate::citation::{self, Basis, ByContent, Citation, SourceUrl};
use crate::clock::Clock;
use crate::config::Config;
use crate::document::Document;
use crate::fetch::client::SetupError;
use crate::fetch::{Body, Fetcher, Status};
use crate::report::{self, DocumentEntry, Entries, Report};
use docket::Docket;
use futures_util::stream::{StreamExt, TryStreamExt};
pub use gather::text_of_held;
pub use history::{HistoryEntry, good_captures, history};
use input::{Input, Loaded};
use reader::Reader;
pub use reader::hush_readers;
use recall::Recall;
use shelf::Shelf;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a run tells while it works. Every method may be called from any thread.
pub trait Observer: Send + Sync {
    /// Documents are read; so many sources are to be fetched.
    fn started(&self, _sources: usize) {}
    /// So many bytes of bodies came.
    fn received(&self, _bytes: u64) {}
    /// How the run stands; told now and then.
    fn standing(&self, _standing: &Standing) {}
    /// A capture was written and synced: it survives from now on.
    fn archived(&self, _url: &str, _sha256: &str) {}
    /// A source is what it was when it was judged last: what was found then stands, it is not read.
    fn unchanged(&self, _url: &str) {}
    /// A source is done.
    fn settled(&self, _url: &str, _status: Status) {}
    /// Everything is fetched; judging begins.
    fn judging(&self) {}
}

/// How a run stands while sources are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Hosts that are not done.
    pub hosts: usize,
    /// The host with the most sources left,
    pub longest: String,
    /// how many these are,
    pub longest_left: usize,
    /// and how many it had.
    pub longest_all: usize,
}

/// An observer that looks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// Why a check could not do its work. Clauses that follow "could not check: ".
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The HTTP client.
    #[error(transparent)]
    Fetch(#[from] SetupError),
    /// A part of the work died: a bug in ibid or in a library it stands on.
    #[error("{part} stopped unexpectedly: {what}")]
    Stopped {
        /// Which part.
        part: &'static str,
        /// What it said last.
        what: String,
    },
}

/// A document with its place in the report and what it cites.
pub(crate) struct Cited {
    entry: DocumentEntry,
    document: Option<Document>,
    citations: Vec<Citation>,
    /// The files that it was put together from, until they are archived.
    parts: Vec<input::Part>,
    /// Citations of page lists that their sources' texts bore on, by source and claim.
    by_content: BTreeMap<(SourceUrl, usize), ByContent>,
}

impl Cited {
    /// The same, in the memory of the thread that calls. What stays of a document lies scattered
    /// among what reading it took, and a thread's memory goes back to the system from its end only
    /// (glibc): 50 MB stayed with 100,000 citations.
    fn anew(mut self) -> Self {
        self.citations.shrink_to_fit();
        for citation in &mut self.citations {
            *citation = citation.anew();
        }
        self
    }
}

/// Only reads: every claim with its sources, nothing fetched.
///
/// Inputs that are web addresses are not read here; they become entries with an error
/// that says so.
#[must_use]
pub fn citations(inputs: &[Input], config: &Config) -> Report {
    let limits = &config.policy.limits;
    let reader = Reader::new(limits.read_time);
    let cited: Vec<Cited> = reader::all(inputs, |index, input| {
        cite(index, input::load(input, limits), config, &reader)
    });
    let entries = assess::citation_entries(&cited);
    Report {
        schema: report::SCHEMA,
        ibid: env!("CARGO_PKG_VERSION").to_owned(),
        run: None,
        documents: cited.into_iter().map(|cited| cited.entry).collect(),
        sources: None,
        citations: entries,
        summary: None,
    }
}

/// Reads, fetches, archives, judges and reports.
///
/// When it returns, everything that the report speaks of is on disk, the report itself included.
///
/// # Errors
/// [`CheckError`] when ibid could not do its own work; outcomes of sources are no errors.
pub async fn run(
    inputs: &[Input],
    config: &Config,
    clock: &Clock,
    observer: Arc<dyn Observer>,
) -> Result<Report, CheckError> {
    let started = clock.now();
    let mut policy = config.policy.clone();
    policy.spill_folder = Some(config.archive.clone());
    let fetcher = Fetcher::new(policy, clock.clone())?;
    let archive = Archive::write(&config.archive, settings_of(config), clock.clone())?;
    let keeper = gather::Keeper::start(archive, &config.archive)?;

    let reader = Reader::new(config.policy.limits.read_time);
    let documents = inputs.iter().enumerate().map(|(index, input)| {
        let (fetcher, keeper, reader) = (&fetcher, &keeper, reader.clone());
        async move {
            let loaded = load(input, fetcher, keeper, config).await?;
            let config = config.clone();
            let work = move || cite(index, loaded, &config, &reader);
            let mut cited = blocking("reading", work).await?;
            for part in std::mem::take(&mut cited.parts) {
                let media_type = part.media_type();
                keeper
                    .store_document(&part.path, media_type, part.bytes.into())
                    .await?;
            }
            Ok::<_, CheckError>(cited)
        }
    });
    // In the order of the inputs, however long each takes.
    let cited: Vec<Cited> = futures_util::stream::iter(documents)
        .buffered(reader::side_by_side())
        .try_collect()
        .await?;

    let wanted = wanted(&cited);
    observer.started(wanted.len());
    let recall = remembered(&cited, &wanted, config).await?;
    let docket = Docket::new(cited);
    let shelf = Arc::new(Shelf::new(&config.archive));
    let tools = gather::Tools {
        fetcher,
        keeper,
        config: Arc::new(config.clone()),
        reader: reader.clone(),
        observer: Arc::clone(&observer),
        recall,
        shelf: Arc::clone(&shelf),
    };
    let gather::Gathered {
        outcomes,
        docket,
        keeper,
    } = gather::gather(wanted, docket, tools).await?;
    observer.judging();

    let archive = keeper.finish().await?;
    let run_id = run_id(started, clock);
    let (config, clock) = (config.clone(), clock.clone());
    blocking("judging", move || {
        // One after the other: the catalogue is not for many at once.
        let held = Mutex::new(archive);
        let again = gather::Again::new(&held, &config, &reader);
        let mut report = {
            let past = past::Past::new(&held, config.policy.limits, &reader);
            let again = |late: &outcome::Late| again.texts(late);
            let desk = assess::Desk {
                shelf: &shelf,
                reader: &reader,
                config: &config,
                clock: &clock,
            };
            assess::assess(docket, outcomes, again, past, &desk)?
        };
        let mut archive = held.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.run = Some(report::Run {
            id: run_id.clone(),
            started: rfc3339(started),
            finished: rfc3339(clock.now()),
            archive: config.archive.display().to_string(),
            judge: config
                .judge
                .then(|| recall::judge_word(&config.policy.limits)),
        });
        let json = Body::written(&config.archive, |out| {
            report::json::write_compact(&report, out)
        });
        let json = json.map_err(|error| ArchiveError::Io {
            path: config.archive.clone(),
            error,
        })?;
        archive.store_run(&outline(&report, &run_id), source_outcomes(&report), &json)?;
        archive.close()?;
        Ok(report)
    })
    .await?
}

/// What the catalogue has of a run's report.
fn outline(report: &Report, id: &str) -> RunOutline {
    let run = report.run.as_ref();
    RunOutline {
        id: id.to_owned(),
        finished: run.map(|run| run.finished.clone()).unwrap_or_default(),
        judge: run.and_then(|run| run.judge.clone()),
        documents: report.documents.iter().map(|of| of.path.clone()).collect(),
    }
}

/// And of its sources.
fn source_outcomes(report: &Report) -> impl Iterator<Item = SourceOutcome> {
    report.sources.iter().flat_map(Entries::glean)
}

/// What earlier runs found for the sources of these documents.
async fn remembered(
    cited: &[Cited],
    wanted: &[Wanted],
    config: &Config,
) -> Result<Recall, CheckError> {
    if !config.judge || !config.reuse {
        return Ok(Recall::default());
    }
    let documents = cited.iter().map(|cited| cited.entry.path.clone()).collect();
    let sources = wanted.iter().map(|wanted| wanted.source.to_string());
    let (sources, folder) = (sources.collect(), config.archive.clone());
    let judge = recall::judge_word(&config.policy.limits);
    let read = move || Recall::of(&Archive::read(&folder)?, &documents, &sources, &judge);
    Ok(blocking("reading the last report", read).await??)
}

/// Gets a document's bytes, from the disk or from the web, and archives them.
async fn load(
    input: &Input,
    fetcher: &Fetcher,
    keeper: &gather::Keeper,
    config: &Config,
) -> Result<Loaded, CheckError> {
    let loaded = match input {
        Input::Web(url) => return gather::fetch_document(url, fetcher, keeper, config).await,
        Input::File(_) => {
            let (input, limits) = (input.clone(), config.policy.limits);
            blocking("reading", move || input::load(&input, &limits)).await?
        }
    };
    if let Some(bytes) = &loaded.bytes {
        keeper
            .store_document(&loaded.name, loaded.media_type(), bytes.clone())
            .await?;
    }
    Ok(loaded)
}

/// Moves work that reads or computes off the async threads.
async fn blocking<T: Send + 'static>(
    part: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CheckError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| CheckError::Stopped {
            part,
            what: error.to_string(),
        })
}

fn settings_of(config: &Config) -> Settings {
    let policy = &config.policy;
    Settings {
        user_agent: policy.user_agent.clone(),
        fields: vec![
            ("per-host".to_owned(), policy.per_host.to_string()),
            ("pause-ms".to_owned(), policy.pause.as_millis().to_string()),
            (
                "max-body-bytes".to_owned(),
                policy.limits.max_body_bytes.to_string(),
            ),
            (
                "max-redirects".to_owned(),
                policy.limits.max_redirects.to_string(),
            ),
        ],
        max_warc_bytes: 0,
    }
}

/// A run's name: its moment to the second, and a little that keeps two of one second apart.
fn run_id(started: jiff::Timestamp, clock: &Clock) -> String {
    let moment = started.strftime("%Y%m%dT%H%M%SZ");
    let id = clock.fresh_id().simple().to_string();
    let tail = id.get(id.len().saturating_sub(4)..).unwrap_or_default();
    format!("{moment}-{tail}")
}

/// RFC 3339 in UTC, to the millisecond.
#[must_use]
pub fn rfc3339(moment: jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Reads the citations of a loaded document and lays the editor's decisions over them.
fn cite(index: usize, loaded: Loaded, config: &Config, reader: &Reader) -> Cited {
    let entry = DocumentEntry {
        id: format!("d{}", index + 1),
        path: loaded.name.clone(),
        format: None,
        title: None,
        date: None,
        language: None,
        sha256: loaded.sha256(),
        parts: Vec::new(),
        error: loaded.error.clone(),
        problems: Vec::new(),
    };
    let unread = |entry: DocumentEntry, error: String| Cited {
        entry: DocumentEntry {
            error: Some(error),
            ..entry
        },
        document: None,
        citations: Vec::new(),
        parts: Vec::new(),
        by_content: BTreeMap::new(),
    };
    if let Some(error) = loaded.error {
        return unread(entry, error);
    }
    let (blank, config) = (entry.clone(), config.clone());
    let cited = reader.read(move || match loaded.read(&config.policy.limits) {
        Ok(read) => cite_read(entry, read, &config),
        Err(error) => unread(entry, error),
    });
    cited.map_or_else(|why| unread(blank, why.to_string()), Cited::anew)
}

/// Finds the citations of a document that was read.
fn cite_read(mut entry: DocumentEntry, read: input::Read, config: &Config) -> Cited {
    let input::Read {
        mut document,
        parts,
    } = read;
    entry.parts = parts
        .iter()
        .map(|part| report::DocumentPart {
            path: part.path.clone(),
            sha256: Digest::of(&part.bytes).to_hex(),
        })
        .collect();
    entry.format = Some(document.format);
    entry.title.clone_from(&document.title);
    entry.date.clone_from(&document.date);
    entry.language.clone_from(&document.language);
    let (mut citations, unusable) = citation::citations(&document, &BTreeMap::new());
    let place = |place: crate::document::Place| match (place.page, place.line) {
        (Some(page), Some(line)) => format!("page {page}, line {line}: "),
        (Some(page), None) => format!("page {page}: "),
        (None, Some(line)) => format!("line {line}: "),
        (None, None) => String::new(),
    };
    for problem in &document.problems {
        entry
            .problems
            .push(format!("{}{}", place(problem.place), problem.text));
    }
    for address in unusable {
        entry.problems.push(format!(
            "{}{:?} is no address that can be cited: {}",
            place(document.place_at(address.span.start)),
            citation::canonical::without_userinfo(&address.url_as_cited),
            address.why
        ));
    }
    apply_decisions(&document, &mut citations, &entry, config);
    if !citations.iter().any(|one| one.basis == Basis::PageList) {
        // It is not looked at again but for its words; what stood where may be as large as they.
        document = Document {
            text: document.text,
            language: document.language,
            ..Document::empty(document.format)
        };
    }
    Cited {
        entry,
        document: Some(document),
        citations,
        parts,
        by_content: BTreeMap::new(),
    }
}

/// "This URL belongs to that claim": moves a citation to the sentence that holds the editor's words.
pub(crate) fn apply_decisions(
    document: &Document,
    citations: &mut [Citation],
    entry: &DocumentEntry,
    config: &Config,
) {
    let claims = config
        .decisions
        .iter()
        .filter_map(|decision| Some((decision, decision.claim.as_ref()?)));
    for (decision, words) in claims {
        let Some(at) = document.text.find(words.as_str()) else {
            continue;
        };
        let sentence = citation::sentence::sentences(document)
            .into_iter()
            .find(|span| span.start <= at && at < span.end);
        let Some(span) = sentence else { continue };
        for citation in citations
            .iter_mut()
            .filter(|citation| decision.concerns(&citation.source, &entry.path))
        {
            citation.claim = citation::claim_at(document, span);
            citation.anchor = None;
            citation.basis = Basis::Editor;
            citation.confidence = 1.0;
        }
    }
}

/// A source that is cited.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    source: SourceUrl,
    /// Its first citation; what that has is fetched.
    cited: docket::Place,
}

/// The distinct sources, in the order of their first citation.
fn wanted(cited: &[Cited]) -> Vec<Wanted> {
    let mut seen = std::collections::BTreeSet::new();
    assess::places(cited)
        .filter(|(_, _, citation)| seen.insert(&citation.source))
        .map(|(place, _, citation)| Wanted {
            source: citation.source.clone(),
            cited: place,
        })
        .collect()
}
