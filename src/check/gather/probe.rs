//! Asks a sister address that cannot exist, once per folder of a host and run.

use super::{Payload, Work};
use crate::check::CheckError;
use crate::evidence::soft_404::{self, Probe};
use crate::fetch::Request;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use url::Url;

type Answer = Arc<OnceCell<Option<Arc<Probe>>>>;

/// The answers that sister addresses gave in this run.
#[derive(Debug, Default)]
pub(super) struct Prober {
    answers: Mutex<BTreeMap<Url, Answer>>,
}

impl Prober {
    /// What the sister address of `url` answers; none where it has no sister or does not answer.
    ///
    /// The answer is archived as well: it is part of the proof.
    pub(super) async fn probe(
        &self,
        work: &Work<'_>,
        url: &Url,
    ) -> Result<Option<Arc<Probe>>, CheckError> {
        let Some(sister) = soft_404::sister(url, &token(url)) else {
            return Ok(None);
        };
        let answer = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(sister.clone()).or_default())
        };
        let probe = answer
            .get_or_try_init(|| async {
                let request = Request {
                    url: sister.clone(),
                    validators: None,
                };
                let fetched = work.fetcher.fetch(request).await;
                work.keep(&fetched).await?;
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
}

/// A name that no page has, the same in every run, so that an unchanged answer stays a revisit.
fn token(url: &Url) -> String {
    let folder = url.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = format!("{}{folder}", url.host_str().unwrap_or_default());
    let hex = crate::archive::Digest::of(place.as_bytes()).to_hex();
    format!("ibid-{}", hex.get(..16).unwrap_or(&hex))
}
