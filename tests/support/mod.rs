//! What the tests share: the small web that the demo uses, and a place for WARC files
//! that foreign readers will judge.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test binary uses its own part of this"
)]

pub(crate) mod desk;
pub(crate) mod names;
pub(crate) mod tls;

pub(crate) use ibid::demo::web;
use std::path::Path;

/// Copies an archive's WARC files to where `tests/interop/run` looks for them, when it asked for that.
pub(crate) fn keep_warcs(name: &str, archive: &Path) {
    let Ok(keep) = std::env::var("IBID_KEEP_WARCS") else {
        return;
    };
    for entry in std::fs::read_dir(archive).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        if file.ends_with(".warc.gz") {
            let target = Path::new(&keep).join(format!("{name}-{file}"));
            std::fs::copy(&path, target).unwrap();
        }
    }
}
