//! Which keys a settings file may have, and the nearest to one that it may not.

use super::{ConfigError, line_of};
use std::path::Path;
use toml_edit::{Document, Item, TableLike};

/// Every key by its table. `source` is a list of tables.
const KEYS: [(&str, &[&str]); 6] = [
    (
        "",
        &[
            "archive",
            "documents",
            "fail_on",
            "fetch",
            "read",
            "judge",
            "source",
            "credential",
        ],
    ),
    (
        "fetch",
        &[
            "contact",
            "allow_hosts",
            "proxy",
            "proxy_resolves",
            "connect_timeout",
            "first_byte_timeout",
            "total_timeout",
            "per_host",
            "pause",
            "per_site",
            "concurrency",
            "retries",
            "max_retry_after",
            "second_look",
            "max_body",
            "max_host",
            "max_run",
            "min_rate",
            "max_redirects",
            "control_name",
            "extra_roots",
        ],
    ),
    ("read", &["timeout"]),
    ("judge", &["enabled", "probe", "reuse"]),
    (
        "source",
        &["url", "accept", "until", "skip", "claim", "document"],
    ),
    ("credential", &["host", "env", "file", "plain"]),
];

/// Below this likeness (Jaro–Winkler, 0 to 1) a key is not offered as the one that was meant.
const LIKE_ENOUGH: f64 = 0.75;

/// Refuses the first key that no setting has.
pub(super) fn check(document: &Document<&str>, text: &str, path: &Path) -> Result<(), ConfigError> {
    let root = document.as_table();
    check_table(root, "", text, path)?;
    for (name, _) in KEYS.iter().skip(1) {
        match root.get(name) {
            Some(Item::ArrayOfTables(tables)) => {
                for table in tables.iter() {
                    check_table(table, name, text, path)?;
                }
            }
            Some(item) => {
                if let Some(table) = item.as_table_like() {
                    check_table(table, name, text, path)?;
                }
            }
            None => {}
        }
    }
    Ok(())
}

fn check_table(
    table: &dyn TableLike,
    name: &str,
    text: &str,
    path: &Path,
) -> Result<(), ConfigError> {
    let known = KEYS
        .iter()
        .find(|(table, _)| *table == name)
        .map_or(&[] as &[&str], |(_, keys)| keys);
    let full = |key: &str| match name {
        "" => key.to_owned(),
        table => format!("{table}.{key}"),
    };
    for (key, item) in table.iter() {
        if known.contains(&key) {
            continue;
        }
        let span = table
            .get_key_value(key)
            .and_then(|(key, _)| key.span())
            .or_else(|| item.span());
        let nearest = known
            .iter()
            .map(|candidate| (strsim::jaro_winkler(key, candidate), candidate))
            .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, candidate)| full(candidate));
        return Err(ConfigError::UnknownKey {
            path: path.to_owned(),
            line: line_of(text, span.map_or(0, |span| span.start)),
            key: full(key),
            nearest,
        });
    }
    Ok(())
}

/// Every key that holds a value.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    KEYS.iter()
        .flat_map(|(_, keys)| keys.iter().copied())
        .filter(|key| !matches!(*key, "fetch" | "read" | "judge" | "source" | "credential"))
}
