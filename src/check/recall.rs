//! What the last judged runs found, for sources that have not changed since.
//!
//! **In:** the reports of earlier runs, as the archive has them. **Out:** for a source in the
//! same state with the same payload, its title and the evidence for the claims that were judged.
//! **Not here:** whether source and payload are the same; `gather::unchanged` asks that.
//!
//! Evidence is a function of the judge, its settings, the payload as it is read, and the claim.
//! All of them are looked at: a report by another judge or under other settings is not opened
//! ([`judge_word`]); a source whose state rests on more than its own payload says so
//! (`read_again`); a claim is found by its words, its anchor and its language. Whatever is not
//! found, or cannot be read, is judged afresh. A report may be large: it is read as a stream,
//! and only what concerns this run is kept, packed.

use crate::archive::{Archive, ArchiveError, Digest};
use crate::citation::ClaimRule;
use crate::evidence::{ClaimText, Evidence, EvidenceKind, JUDGE};
use crate::limits::Limits;
use crate::packed::{Packed, Press};
use crate::report::Redirect;
use serde::Deserialize;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufReader, Read};
use std::marker::PhantomData;

/// Reports of earlier runs that are read for one run, those that know most of its documents first.
const MAX_REPORTS: usize = 64;

/// Names the judge and all settings that can make it see something else.
pub(super) fn judge_word(limits: &Limits) -> String {
    word_of(JUDGE, limits)
}

fn word_of(judge: u32, limits: &Limits) -> String {
    let settings = Digest::of(format!("{limits:?}").as_bytes()).to_hex();
    let version = env!("CARGO_PKG_VERSION");
    let settings = settings.get(..8).unwrap_or_default();
    format!("{version}-{judge}-{settings}")
}

/// What is remembered, by the digest of the source's address.
#[derive(Debug, Default)]
pub(super) struct Recall(BTreeMap<Digest, Remembered>);

/// What a run found of a source.
#[derive(Debug)]
pub(super) struct Remembered {
    /// Everything that the fetch and the page told of it.
    pub(super) state: Digest,
    /// Of the payload that was judged.
    pub(super) payload: Digest,
    /// Where that capture lies.
    pub(super) warc: String,
    pub(super) offset: u64,
    pub(super) title: Option<String>,
    claims: Vec<(Digest, Packed)>,
}

impl Remembered {
    /// What was found for a claim.
    pub(super) fn evidence(&self, claim: ClaimText<'_>) -> Option<Evidence> {
        let key = key(claim.text, claim.anchor, claim.language);
        let (_, packed) = self.claims.iter().find(|(known, _)| *known == key)?;
        serde_json::from_slice(&packed.open()?).ok()
    }
}

impl Recall {
    /// Reads what the last runs found that were judged as this one will be. What cannot be read
    /// is as if it had not been.
    ///
    /// # Errors
    /// When the catalogue cannot be asked.
    pub(super) fn of(
        archive: &Archive,
        documents: &BTreeSet<String>,
        sources: &BTreeSet<String>,
        judge: &str,
    ) -> Result<Self, ArchiveError> {
        let mut runs: BTreeMap<_, usize> = BTreeMap::new();
        for document in documents {
            if let Some(run) = archive.judged_run(document, judge)? {
                *runs.entry(run).or_default() += 1;
            }
        }
        let mut runs: Vec<_> = runs.into_iter().collect();
        runs.sort_by_key(|(_, documents)| std::cmp::Reverse(*documents));
        let mut recall = Self::default();
        for (run, _) in runs.into_iter().take(MAX_REPORTS) {
            let found = archive
                .open_report(&run)
                .ok()
                .and_then(|report| Reading::new(sources).read(report).ok());
            for (source, remembered) in found.unwrap_or_default() {
                recall.add(source, remembered);
            }
        }
        Ok(recall)
    }

    pub(super) fn get(&self, source: &str) -> Option<&Remembered> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&Digest::of(source.as_bytes()))
    }

    fn add(&mut self, source: Digest, remembered: Remembered) {
        match self.0.entry(source) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(remembered);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                if known.state == remembered.state && known.payload == remembered.payload {
                    known.claims.extend(remembered.claims);
                }
            }
        }
    }
}

/// All that a fetch and the page told of a source, as one digest.
pub(super) fn state(
    status: &str,
    (code, reason): (&str, &str),
    http_status: Option<u16>,
    final_url: Option<&str>,
    redirects: &[Redirect],
) -> Digest {
    digest(&(status, code, reason, http_status, final_url, redirects))
}

fn key(claim: &str, anchor: Option<&str>, language: Option<&str>) -> Digest {
    digest(&(claim, anchor, language))
}

fn digest(value: &impl serde::Serialize) -> Digest {
    // Texts and numbers: nothing that JSON cannot hold.
    Digest::of(&serde_json::to_vec(value).unwrap_or_default())
}

/// A report that is being read.
struct Reading<'s> {
    sources: &'s BTreeSet<String>,
    languages: BTreeMap<String, Option<String>>,
    found: BTreeMap<Digest, Remembered>,
    press: Press,
}

#[derive(Deserialize)]
struct ToldDocument {
    id: String,
    language: Option<String>,
}

#[derive(Deserialize)]
struct ToldSource {
    url: String,
    status: String,
    reason: String,
    reason_code: String,
    http_status: Option<u16>,
    final_url: Option<String>,
    redirects: Vec<Redirect>,
    title: Option<String>,
    capture: Option<ToldCapture>,
    #[serde(default)]
    read_again: bool,
}

#[derive(Deserialize)]
struct ToldCapture {
    sha256: String,
    warc: String,
    offset: u64,
}

#[derive(Deserialize)]
struct ToldCitation {
    document: String,
    source: String,
    claim: ToldClaim,
    anchor: Option<ToldAnchor>,
    evidence: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct ToldClaim {
    text: String,
    #[serde(default)]
    rule: ClaimRule,
}

#[derive(Deserialize)]
struct ToldAnchor {
    text: String,
}

#[derive(Deserialize)]
struct ToldEvidence {
    kind: EvidenceKind,
}

impl<'s> Reading<'s> {
    fn new(sources: &'s BTreeSet<String>) -> Self {
        Self {
            sources,
            languages: BTreeMap::new(),
            found: BTreeMap::new(),
            press: Press::new(),
        }
    }

    fn read(mut self, report: impl Read) -> io::Result<BTreeMap<Digest, Remembered>> {
        let mut report = BufReader::with_capacity(64 << 10, report);
        let mut json = serde_json::Deserializer::from_reader(&mut report);
        (&mut self).deserialize(&mut json)?;
        json.end()?;
        drop(json);
        // Only at its end is it known that all of it was what was written.
        io::copy(&mut report, &mut io::sink())?;
        Ok(self.found)
    }

    fn source(&mut self, told: ToldSource) {
        let Some(capture) = told.capture else { return };
        if told.read_again || !self.sources.contains(&told.url) {
            return;
        }
        let Some(payload) = Digest::from_hex(&capture.sha256) else {
            return;
        };
        let remembered = Remembered {
            state: state(
                &told.status,
                (&told.reason_code, &told.reason),
                told.http_status,
                told.final_url.as_deref(),
                &told.redirects,
            ),
            payload,
            warc: capture.warc,
            offset: capture.offset,
            title: told.title,
            claims: Vec::new(),
        };
        self.found
            .insert(Digest::of(told.url.as_bytes()), remembered);
    }

    fn citation(&mut self, told: ToldCitation) {
        let Some(evidence) = told
            .evidence
            .filter(|_| told.claim.rule != ClaimRule::Entry)
        else {
            return;
        };
        let kind = serde_json::from_str::<ToldEvidence>(evidence.get()).map(|told| told.kind);
        // Where nothing could be read, time may have been to blame.
        if matches!(
            kind,
            Ok(EvidenceKind::Unreadable | EvidenceKind::None) | Err(_)
        ) {
            return;
        }
        let (Some(language), Some(remembered)) = (
            self.languages.get(&told.document),
            self.found.get_mut(&Digest::of(told.source.as_bytes())),
        ) else {
            return;
        };
        let anchor = told.anchor.as_ref().map(|anchor| anchor.text.as_str());
        let key = key(&told.claim.text, anchor, language.as_deref());
        if let Some(packed) = self.press.pack(evidence.get().as_bytes()) {
            remembered.claims.push((key, packed));
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Reading<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "documents" => map.next_value_seed(each(|told: ToldDocument| {
                    self.languages.insert(told.id, told.language);
                }))?,
                "sources" => map.next_value_seed(each(|told| self.source(told)))?,
                "citations" => map.next_value_seed(each(|told| self.citation(told)))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A list whose items are handed on one by one.
struct Each<T, F>(F, PhantomData<T>);

const fn each<T: DeserializeOwned, F: FnMut(T)>(take: F) -> Each<T, F> {
    Each(take, PhantomData)
}

impl<'de, T: DeserializeOwned, F: FnMut(T)> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnMut(T)> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            (self.0)(item);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_judge_or_setting_has_another_name() {
        let limits = Limits::default();
        let other = Limits {
            max_html_depth: 17,
            ..limits
        };
        assert_eq!(judge_word(&limits), word_of(JUDGE, &limits));
        assert_ne!(judge_word(&limits), word_of(JUDGE + 1, &limits));
        assert_ne!(judge_word(&limits), judge_word(&other));
    }

    fn read(sources: &[&str], report: &str) -> io::Result<BTreeMap<Digest, Remembered>> {
        let sources = sources.iter().map(|source| (*source).to_owned()).collect();
        Reading::new(&sources).read(report.as_bytes())
    }

    #[test]
    fn only_what_concerns_the_run_and_rests_on_the_payload_is_remembered() {
        let source = |url: &str, more: &str| {
            format!(
                r#"{{"url": "{url}", "status": "live", "reason": "It answers.", "reason_code": "live",
                    "redirects": [], "title": "A log"{more}, "capture": {{"timestamp": "", "sha256": "{}",
                    "warc": "a.warc.gz", "offset": 7, "length": 9, "media_type": "text/html"}}}}"#,
                Digest::of(b"text").to_hex()
            )
        };
        let citation = |url: &str, claim: &str, kind: &str| {
            format!(
                r#"{{"document": "d1", "source": "{url}", "claim": {{"text": "{claim}", "start": 0, "end": 9}},
                    "evidence": {{"kind": "{kind}", "score": 0.1234567890123456, "passages": [],
                                  "quotations": [], "facts": []}}}}"#
            )
        };
        let [a, b, c] = [
            "http://a.example/",
            "http://b.example/",
            "http://c.example/",
        ];
        let report = format!(
            r#"{{"schema": 1, "documents": [{{"id": "d1", "language": "en"}}],
                 "sources": [{}, {}, {}], "citations": [{}, {}, {}]}}"#,
            source(a, ""),
            source(b, r#", "read_again": true"#),
            source(c, ""),
            citation(a, "It rained.", "partial"),
            citation(a, "It snowed.", "unreadable"),
            citation(b, "It rained.", "partial"),
        );
        let found = read(&[a, b], &report).unwrap();
        let known: Vec<_> = found.keys().copied().collect();
        assert_eq!(known, [Digest::of(a.as_bytes())]);
        let claim = |text, language| ClaimText {
            text,
            anchor: None,
            language,
        };
        let last = &found[&known[0]];
        let evidence = last.evidence(claim("It rained.", Some("en"))).unwrap();
        assert_eq!(evidence.kind, EvidenceKind::Partial);
        assert!((evidence.score - 0.123_456_789_012_345_6).abs() < f64::EPSILON / 16.0);
        assert!(last.evidence(claim("It rained.", Some("fr"))).is_none());
        assert!(last.evidence(claim("It snowed.", Some("en"))).is_none());
        for cut in 0..report.len() {
            assert!(read(&[a, b], &report[..cut]).is_err(), "{cut}");
        }
    }
}
