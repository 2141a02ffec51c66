//! What to check: files, globs and web addresses, as given.

use super::pandoc::Pandoc;
use crate::archive::Digest;
use crate::citation::canonical;
use crate::document::detect::{self, Dialect, Kind};
use crate::document::{self, Companions, Document, DocumentError, Hints, Place, Problem, decode};
use crate::limits::Limits;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use url::Url;

/// One document to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// A web page.
    Web(Url),
}

/// A document's bytes, or why there are none.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Path or address as given.
    pub name: String,
    /// The file that it is, where it is one: other files may belong to it.
    pub path: Option<PathBuf>,
    /// What was read.
    pub bytes: Option<Vec<u8>>,
    /// `Content-Type`, for a web page.
    pub content_type: Option<String>,
    /// The address that it came from, for a web page.
    pub base: Option<Url>,
    /// Why it could not be loaded, with the mend where one is known.
    pub error: Option<String>,
    /// Why only its beginning was loaded.
    pub cut: Option<String>,
}

/// Makes inputs of what was typed or written: an address, a path, or a glob (in `folder`).
///
/// A path that is there is taken as it is, even when it looks like a glob. A glob
/// that matches nothing is kept as a path, so that its absence is reported.
#[must_use]
pub fn inputs(given: &[String], folder: &Path) -> Vec<Input> {
    let mut inputs = Vec::new();
    for text in given {
        if let Some(url) = web_address(text) {
            inputs.push(Input::Web(url));
            continue;
        }
        let path = folder.join(text);
        let is_glob = text.contains(['*', '?', '[']) && !path.exists();
        let mut matches = Vec::new();
        if is_glob && let Ok(found) = glob::glob(&path.to_string_lossy()) {
            matches.extend(found.flatten().filter(|path| path.is_file()));
        }
        if matches.is_empty() {
            matches.push(path);
        }
        inputs.extend(matches.into_iter().map(Input::File));
    }
    let mut seen = Vec::new();
    inputs.retain(|input| {
        let new = !seen.contains(input);
        if new {
            seen.push(input.clone());
        }
        new
    });
    inputs
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Reads a file. A web page is not loaded here (that takes a fetcher).
#[must_use]
pub fn load(input: &Input, limits: &Limits) -> Loaded {
    let (name, result) = match input {
        Input::File(path) => (path.display().to_string(), read_file(path, limits)),
        Input::Web(url) => (
            name_of(url),
            Err("it is on the web; `ibid check` fetches it, this command does not".to_owned()),
        ),
    };
    let (bytes, error) = match result {
        Ok(bytes) => (Some(bytes), None),
        Err(error) => (None, Some(error)),
    };
    Loaded {
        name,
        path: match input {
            Input::File(path) => Some(path.clone()),
            Input::Web(_) => None,
        },
        bytes,
        content_type: None,
        base: None,
        error,
        cut: None,
    }
}

/// What a web page is called in the report: its address without user name and password.
pub(super) fn name_of(url: &Url) -> String {
    canonical::without_userinfo(url.as_str()).into_owned()
}

fn read_file(path: &Path, limits: &Limits) -> Result<Vec<u8>, String> {
    use std::io::ErrorKind;
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "it may not be read by this user".to_owned(),
        _ => error.to_string(),
    })?;
    if metadata.is_dir() {
        return Err(
            "it is a folder; name the files in it, or a glob such as `folder/*.md`".to_owned(),
        );
    }
    if metadata.len() > limits.max_document_bytes {
        return Err(format!(
            "it is {} MB long; up to {} MB are read",
            metadata.len() >> 20,
            limits.max_document_bytes >> 20
        ));
    }
    std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => "it may not be read by this user".to_owned(),
        _ => error.to_string(),
    })
}

impl Loaded {
    /// SHA-256 of the bytes, hex.
    #[must_use]
    pub fn sha256(&self) -> Option<String> {
        self.bytes.as_ref().map(|bytes| Digest::of(bytes).to_hex())
    }

    /// The media type to archive it under: that of the format that it is in.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        let bytes = self.bytes.as_deref().unwrap_or_default();
        media_type(bytes, self.hints())
    }

    /// Reads the document; the error is a clause for a person.
    ///
    /// # Errors
    /// Why it could not be loaded or read.
    pub fn read(&self, limits: &Limits) -> Result<Read, String> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let beside = self.path.as_deref().and_then(Beside::of);
        let hints = Hints {
            companions: beside.as_ref().map(|beside| beside as &dyn Companions),
            ..self.hints()
        };
        let bytes = self.bytes.as_deref().unwrap_or_default();
        let error = match document::read(bytes, hints, limits) {
            Ok(mut document) => {
                document
                    .problems
                    .extend(self.cut.clone().map(|text| Problem {
                        place: Place::default(),
                        text,
                    }));
                let parts = beside.map(Beside::into_parts).unwrap_or_default();
                return Ok(Read { document, parts });
            }
            Err(error) => error,
        };
        // Told apart once more only where the readers leave it to pandoc.
        if matches!(error, DocumentError::NeedsPandoc { .. })
            && let Ok(Kind::Pandoc(dialect)) = detect::kind(bytes, hints)
        {
            let document = self.read_by_pandoc(bytes, dialect, limits)?;
            return Ok(Read {
                document,
                parts: Vec::new(),
            });
        }
        Err(error.to_string())
    }

    fn read_by_pandoc(
        &self,
        bytes: &[u8],
        dialect: &Dialect,
        limits: &Limits,
    ) -> Result<Document, String> {
        detect::check_size(bytes, limits).map_err(|error| error.to_string())?;
        // Pandoc takes UTF-8 only, but for XML, which names its own character set.
        let is_xml = bytes.trim_ascii_start().starts_with(b"<");
        let (text, mut problems) = if is_xml {
            (bytes.to_vec(), Vec::new())
        } else {
            let decoded = decode::decode(bytes, self.content_type.as_deref(), false);
            (decoded.text.into_bytes(), decoded.problems)
        };
        let source = String::from_utf8_lossy(&text).into_owned();
        let tree = Pandoc::default().tree(text, dialect)?;
        let hints = Hints {
            base: self.base.as_ref(),
            ..Hints::default()
        };
        let mut document = document::read(tree.json.as_bytes(), hints, limits)
            .map_err(|error| error.to_string())?;
        document::pandoc::place(&mut document, &source);
        problems.extend(tree.warnings.into_iter().map(|warning| Problem {
            place: Place::default(),
            text: format!("pandoc warns: {warning}"),
        }));
        document.problems.extend(problems);
        Ok(document)
    }

    fn hints(&self) -> Hints<'_> {
        Hints {
            name: Some(&self.name),
            content_type: self.content_type.as_deref(),
            base: self.base.as_ref(),
            companions: None,
        }
    }
}

/// The longest file that is read as a part of a document; bibliographies of whole
/// libraries stay below 30 MB.
const LONGEST_COMPANION: u64 = 64 << 20;

/// The media type of the format that bytes are in.
fn media_type(bytes: &[u8], hints: Hints<'_>) -> &'static str {
    detect::kind(bytes, hints).map_or("application/octet-stream", Kind::media_type)
}

/// A document that was read.
#[derive(Debug)]
pub struct Read {
    /// Its text, links and notes.
    pub document: Document,
    /// The other files that it was put together from, in the order of their first reading.
    pub parts: Vec<Part>,
}

/// A file that a document names and that was read as a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its path: the folder of the document as given, and the name that the document uses.
    pub path: String,
    /// What was read.
    pub bytes: Vec<u8>,
}

impl Part {
    /// The media type to archive it under.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        let hints = Hints {
            name: Some(&self.path),
            ..Hints::default()
        };
        media_type(&self.bytes, hints)
    }
}

/// The folder that a document lies in. A document comes from strangers: it may name
/// files there and below, and none elsewhere, whether by `..`, by an absolute path or
/// through a symbolic link.
#[derive(Debug)]
struct Beside {
    /// As given, for names that a person knows again.
    given: PathBuf,
    /// Without links and dots, for the comparison.
    folder: PathBuf,
    /// What was read so far.
    parts: Mutex<Vec<Part>>,
}

impl Beside {
    fn of(document: &Path) -> Option<Self> {
        Some(Self {
            given: document.parent()?.to_owned(),
            folder: document.canonicalize().ok()?.parent()?.to_owned(),
            parts: Mutex::default(),
        })
    }

    fn into_parts(self) -> Vec<Part> {
        self.parts
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, name: &str, bytes: &[u8]) {
        let path = self.given.join(name).display().to_string();
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if !parts.iter().any(|part| part.path == path) {
            let bytes = bytes.to_vec();
            parts.push(Part { path, bytes });
        }
    }
}

impl Companions for Beside {
    fn companion(&self, name: &str) -> Option<Vec<u8>> {
        use std::io::Read;
        use std::path::Component;
        let below = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !below {
            return None;
        }
        let path = self.folder.join(name).canonicalize().ok()?;
        let is_file = std::fs::metadata(&path).is_ok_and(|found| found.is_file());
        if !path.starts_with(&self.folder) || !is_file {
            return None;
        }
        let mut bytes = Vec::new();
        let mut file = std::fs::File::open(&path).ok()?.take(LONGEST_COMPANION + 1);
        file.read_to_end(&mut bytes).ok()?;
        if bytes.len() as u64 > LONGEST_COMPANION {
            return None;
        }
        self.keep(name, &bytes);
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_addresses_and_missing_files_become_inputs_once_each() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.md", "b.md", "c.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let given: Vec<String> = ["*.md", "a.md", "https://a.example/x", "no-*.md", "gone.txt"]
            .map(str::to_owned)
            .to_vec();
        let expected: Vec<Input> = vec![
            Input::File(folder.path().join("a.md")),
            Input::File(folder.path().join("b.md")),
            Input::Web(Url::parse("https://a.example/x").unwrap()),
            Input::File(folder.path().join("no-*.md")),
            Input::File(folder.path().join("gone.txt")),
        ];
        assert_eq!(inputs(&given, folder.path()), expected);
    }

    #[test]
    fn a_document_is_archived_as_what_it_is() {
        let check = |name: &str, bytes: &[u8], expected: &str| {
            let loaded = Loaded {
                name: name.to_owned(),
                path: None,
                bytes: Some(bytes.to_vec()),
                content_type: None,
                base: None,
                error: None,
                cut: None,
            };
            assert_eq!(loaded.media_type(), expected, "{name}");
        };
        check("a.md", b"# x", "text/markdown");
        check("a.txt", b"x", "text/plain");
        check("a.txt", b"%PDF-1.7\n", "application/pdf");
        check("a.md", b"<!DOCTYPE html>", "text/html");
        check("a.rst", b"x", "text/x-rst");
        check("a.ris", b"x", "application/x-research-info-systems");
        check("a.png", b"\x89PNG\r\n\x1a\n", "application/octet-stream");
    }

    #[test]
    fn what_cannot_be_loaded_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let check = |path: PathBuf, expected: &str| {
            let loaded = load(&Input::File(path), &Limits::default());
            assert_eq!(loaded.error.unwrap(), expected);
        };
        check(folder.path().join("gone"), "there is no such file");
        check(
            folder.path().to_owned(),
            "it is a folder; name the files in it, or a glob such as `folder/*.md`",
        );
    }

    #[test]
    fn a_document_reads_no_file_outside_its_folder() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("paper");
        std::fs::create_dir_all(folder.join("parts")).unwrap();
        let document = folder.join("a.tex");
        for path in [
            &document,
            &folder.join("parts/b.tex"),
            &outer.path().join("c"),
        ] {
            std::fs::write(path, "x").unwrap();
        }
        let beside = Beside::of(&document).unwrap();
        let check = |name: &str, there: bool| {
            assert_eq!(beside.companion(name).is_some(), there, "{name}");
        };
        check("a.tex", true);
        check("./parts/b.tex", true);
        check("../c", false);
        check("parts/../../c", false);
        check("parts/../a.tex", false);
        check("parts", false);
        check("gone.tex", false);
        check("", false);
        check(&outer.path().join("c").display().to_string(), false);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.path().join("c"), folder.join("d")).unwrap();
            std::os::unix::fs::symlink(folder.join("parts/b.tex"), folder.join("e")).unwrap();
            check("d", false);
            check("e", true);
        }
        let paths: Vec<String> = beside.into_parts().into_iter().map(|p| p.path).collect();
        let under = |name: &str| folder.join(name).display().to_string();
        assert_eq!(paths[..2], [under("a.tex"), under("./parts/b.tex")]);
        assert!(!paths.iter().any(|path| path.ends_with('c')), "{paths:?}");
    }
}
