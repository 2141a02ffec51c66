//! Reads the texts of a source, compares them, and has its claims judged.

use super::payload::{Page, Payload};
use super::{Work, identical};
use crate::archive::{Archive, Capture, Held, unless_lost};
use crate::check::CheckError;
use crate::check::docket::{self, EarlierText, Texts};
use crate::check::outcome::{Late, Outcome, replaced};
use crate::citation::{Hint, SourceUrl};
use crate::evidence::{Content, Drift, SourceText, drift, soft_404};
use crate::fetch::Fetched;
use crate::limits::Limits;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use url::Url;

/// The texts that were read of a source.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) present: Option<Arc<SourceText>>,
    pub(super) earlier: Option<Arc<SourceText>>,
}

impl Work {
    /// Reads the text of the present and the earlier capture and what they tell; none where the
    /// present one confirms a payload that is lost.
    pub(super) async fn read(
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
    pub(super) async fn judge(
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
        let unjudged = docket::unjudged(&claims);
        let _turn = self.readers.acquire().await;
        let judged = self.reader.reading(move || {
            let judged = docket::judge(&claims, &texts);
            drop(texts);
            shelf.put_found(judged)
        });
        outcome.judged = match judged.await {
            Ok(put) => put?,
            Err(_) => self.shelf.put_found(unjudged())?,
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
    pub(super) async fn load(&self, capture: &Capture) -> Result<Option<Held>, CheckError> {
        let capture = capture.clone();
        let load = move |archive: &Archive| unless_lost(archive.load(&capture));
        self.keeper.ask(load).await
    }

    /// Reads a payload's text in the readers' room; few at a time.
    pub(super) async fn text_of(
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
