//! Asks a sister address that cannot exist: one per folder of a host and run, a few per host,
//! none where the host does not want to be asked.

use super::payload::Payload;
use super::{Before, Work};
use crate::check::CheckError;
use crate::evidence::soft_404::{self, Face, Faces, Probe};
use crate::fetch::{Request, Status, status};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;
use url::Url;

type Answer = Arc<OnceCell<Option<Arc<Probe>>>>;

/// Probes of one host in a run; a site that answers 404 in eight folders has shown its manner.
const MAX_PER_HOST: usize = 8;

/// The answers that sister addresses gave in this run.
#[derive(Debug, Default)]
pub(super) struct Prober {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// By host, then folder: the sister that was asked there.
    folders: BTreeMap<String, BTreeMap<String, (Url, Answer)>>,
    /// Hosts that showed a wall or refused.
    closed: BTreeSet<String>,
    /// Pages that were shown.
    faces: Faces,
}

impl Prober {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No more questions for the host of this address.
    pub(super) fn leave_alone(&self, url: &Url) {
        self.known().closed.insert(host(url));
    }

    /// Whether this page was shown before in this run, at another address; it is remembered.
    pub(super) fn has_seen(&self, face: &Face) -> bool {
        let mut known = self.known();
        known.faces.insert(face);
        known.faces.others(face) > 0
    }

    /// What the sister address of `url` answers; none where it has no sister, where it does not
    /// answer, or where no more may be asked.
    ///
    /// The answer is archived as well: it is part of the proof.
    pub(super) async fn probe(
        &self,
        work: &Work,
        url: &Url,
    ) -> Result<Option<Arc<Probe>>, CheckError> {
        let Some((sister, answer)) = self.place(url) else {
            return Ok(None);
        };
        let probe = answer
            .get_or_try_init(|| async {
                let request = Request {
                    url: sister.clone(),
                    validators: None,
                };
                let fetched = Arc::new(work.fetcher.fetch(request).await);
                work.keep(&fetched, &Before::default()).await?;
                let (status, _) = status::status_of(&fetched, &[]);
                if status == Status::Blocked {
                    self.leave_alone(url);
                }
                let Some(answer) = fetched.answer() else {
                    return Ok(None);
                };
                let final_url = answer.target_uri.clone();
                let limits = work.config.policy.limits;
                let page = work
                    .text_of(Payload::of_answer(answer), final_url.clone(), limits)
                    .await?;
                Ok::<_, CheckError>(Some(Arc::new(Probe {
                    requested: sister.clone(),
                    status: answer.response.status,
                    final_url,
                    text: (*page.text).clone(),
                })))
            })
            .await?;
        Ok(probe.clone())
    }

    /// The sister to ask and the place for her answer. A folder's first question stands for all
    /// of its pages, but tells nothing of those that another handler answers (".php" beside ".html").
    fn place(&self, url: &Url) -> Option<(Url, Answer)> {
        let sister = soft_404::sister(url, &token(url))?;
        let mut known = self.known();
        if known.closed.contains(&host(url)) {
            return None;
        }
        let folders = known.folders.entry(host(url)).or_default();
        let room = folders.len() < MAX_PER_HOST;
        let asked = match folders.entry(folder(url).to_owned()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) if room => {
                entry.insert((sister.clone(), Answer::default()))
            }
            std::collections::btree_map::Entry::Vacant(_) => return None,
        };
        (asked.0 == sister).then(|| (sister, Arc::clone(&asked.1)))
    }
}

/// Scheme and port belong to it: another server may answer there.
fn host(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn folder(url: &Url) -> &str {
    let path = url.path().trim_end_matches('/');
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A name that no page has, the same in every run, so that an unchanged answer stays a revisit.
fn token(url: &Url) -> String {
    let place = format!("{}{}", url.host_str().unwrap_or_default(), folder(url));
    let hex = crate::archive::Digest::of(place.as_bytes()).to_hex();
    format!("ibid-{}", hex.get(..16).unwrap_or(&hex))
}
