//! What an editor decided about a source, and whether it is in force.

use crate::citation::SourceUrl;
use serde::Deserialize;

/// One `[[source]]` table as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceTable {
    url: String,
    accept: Option<String>,
    until: Option<toml_edit::Datetime>,
    skip: Option<String>,
    claim: Option<String>,
    document: Option<String>,
}

/// An editor's decision about one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The source.
    pub source: SourceUrl,
    /// Its state is accepted, for this reason.
    pub accept: Option<String>,
    /// Last day on which the acceptance holds.
    pub until: Option<jiff::civil::Date>,
    /// It is not fetched, for this reason.
    pub skip: Option<String>,
    /// It belongs to the claim that holds these words.
    pub claim: Option<String>,
    /// The decision holds for documents whose path ends so; for all where absent.
    pub document: Option<String>,
}

impl Decision {
    pub(super) fn settle(table: SourceTable) -> Result<Self, String> {
        let source = SourceUrl::parse(&table.url)
            .map_err(|why| format!("source.url {:?} is no address: {why}", table.url))?;
        let until = match &table.until {
            None => None,
            Some(moment) => {
                let text = moment.to_string();
                let day = text.get(..10).unwrap_or(&text);
                Some(day.parse::<jiff::civil::Date>().map_err(|_| {
                    format!("source.until {text:?} is no date; write it as 2027-01-31")
                })?)
            }
        };
        if table.until.is_some() && table.accept.is_none() {
            return Err(format!(
                "source {:?} has `until` without `accept`; say what is accepted and why: accept = \"…\"",
                table.url
            ));
        }
        let decides = table.accept.is_some() || table.skip.is_some() || table.claim.is_some();
        if !decides {
            return Err(format!(
                "source {:?} decides nothing; give it `accept`, `skip` or `claim`",
                table.url
            ));
        }
        let words = [
            ("accept", &table.accept),
            ("skip", &table.skip),
            ("claim", &table.claim),
        ];
        for (key, words) in words {
            if words.as_ref().is_some_and(|words| words.trim().is_empty()) {
                return Err(format!(
                    "source {:?} has `{key}` without words; say why, or for `claim` which words of the text",
                    table.url
                ));
            }
        }
        Ok(Self {
            source,
            accept: table.accept,
            until,
            skip: table.skip,
            claim: table.claim,
            document: table.document,
        })
    }

    /// Whether it speaks about this source in this document.
    #[must_use]
    pub fn concerns(&self, source: &SourceUrl, document: &str) -> bool {
        self.source == *source
            && self
                .document
                .as_ref()
                .is_none_or(|ending| document.ends_with(ending.as_str()))
    }

    /// The acceptance, when it is in force on that day.
    #[must_use]
    pub fn acceptance_on(
        &self,
        day: jiff::civil::Date,
    ) -> Option<crate::evidence::verdict::Acceptance> {
        let reason = self.accept.clone()?;
        if self.until.is_some_and(|until| day > until) {
            return None;
        }
        Some(crate::evidence::verdict::Acceptance {
            reason,
            until: self.until.map(|until| until.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Overrides};
    use std::path::Path;

    #[test]
    fn a_decision_without_words_is_refused() {
        let settings = |key: &str, words: &str| {
            let text = format!("[[source]]\nurl = \"http://a.example/\"\n{key} = \"{words}\"\n");
            Config::parse(&text, Path::new("sources.toml"), &Overrides::default())
        };
        for key in ["accept", "skip", "claim"] {
            assert!(settings(key, "The ferry runs.").is_ok(), "{key}");
            let told = settings(key, " ").unwrap_err().to_string();
            assert!(told.contains(key) && told.contains("a.example"), "{told}");
        }
    }
}
