//! Texts that claims waited for, where they were not kept.

use super::ALL_TEXTS;
use super::payload::{Page, text_by};
use crate::archive::{Archive, ArchiveError, Capture, unless_lost};
use crate::check::docket::{EarlierText, Texts};
use crate::check::outcome::Late;
use crate::check::reader::Reader;
use crate::config::Config;
use crate::evidence::SourceText;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Reads the texts again that claims waited for, where they were not kept.
pub(in crate::check) struct Again<'a> {
    archive: &'a Mutex<Archive>,
    config: &'a Config,
    reader: &'a Reader,
    /// By capture: several claims may rest on one source; and the bytes that there is room for.
    kept: Mutex<(BTreeMap<String, Texts>, usize)>,
}

impl<'a> Again<'a> {
    pub(in crate::check) const fn new(
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

    pub(in crate::check) fn texts(&self, late: &Late) -> Result<Texts, ArchiveError> {
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
        let Some(capture) = capture else {
            return Ok(None);
        };
        let held = {
            let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
            unless_lost(archive.load(capture))?
        };
        Ok(held.and_then(|held| text_by(self.reader, held, &self.config.policy.limits)))
    }
}
