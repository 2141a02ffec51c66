//! Prints or writes a report in the format asked for.

use super::failure::{End, Failure};
use super::{Common, FormatName};
use ibid::archive::{Archive, unless_lost};
use ibid::config::FailOn;
use ibid::fetch::coding;
use ibid::limits::Limits;
use ibid::report::html::{self, CopyContent};
use ibid::report::{CaptureEntry, Entries, Report, terminal};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

/// The widest that a report is set, in columns; longer lines tire.
const MAX_WIDTH: usize = 100;

/// Writes a report to `--output`, else to standard output.
pub(super) fn write(
    report: &mut Report,
    common: &Common,
    archive: Option<&Path>,
) -> Result<(), Failure> {
    if common.format() == FormatName::Html
        && let (Some(file), Some(folder)) = (&common.output, archive)
    {
        add_copies(report, file, folder)?;
    }
    match &common.output {
        Some(path) => write_file_by(path, |file| render(report, common, file)),
        None => {
            let mut stdout = BufWriter::new(anstream::stdout().lock());
            render(report, common, &mut stdout)?;
            Ok(stdout.flush()?)
        }
    }
}

/// Writes a file whole or not at all.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_file_by(path, |file| file.write_all(bytes))
}

/// The same, with what `fill` writes.
pub(super) fn write_file_by(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(format!("could not write {}: {error}", path.display()))
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    // A device or a pipe (`/dev/stdout`) cannot be replaced; it is written to.
    let special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if special {
        let mut file = BufWriter::new(std::fs::File::create(path).map_err(failed)?);
        return fill(&mut file).and_then(|()| file.flush()).map_err(failed);
    }
    let file = tempfile::Builder::new()
        .prefix(".ibid-")
        .permissions(readable())
        .tempfile_in(folder)
        .map_err(failed)?;
    let mut file = BufWriter::new(file);
    fill(&mut file).map_err(failed)?;
    let file = file
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Readable for others as well, as far as the user's mask allows; temporary files are not by default.
fn readable() -> std::fs::Permissions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::Permissions::from_mode(0o666)
    }
    #[cfg(not(unix))]
    {
        let mut permissions = std::fs::Permissions::from(Default::default());
        permissions.set_readonly(false);
        permissions
    }
}

fn render(report: &Report, common: &Common, out: &mut dyn Write) -> io::Result<()> {
    let text = match common.format() {
        FormatName::Json => return ibid::report::json::write(report, out),
        FormatName::Html => html::render(report),
        FormatName::Terminal => {
            let to_terminal = common.output.is_none() && std::io::stdout().is_terminal();
            // Knows NO_COLOR, CLICOLOR and CLICOLOR_FORCE, and whether this is a terminal.
            let choice = anstream::AutoStream::choice(&std::io::stdout());
            let columns = || {
                terminal_size::terminal_size()
                    .map_or(80, |(width, _)| usize::from(width.0))
                    .clamp(40, MAX_WIDTH)
            };
            terminal::render(
                report,
                terminal::Options {
                    width: if to_terminal { columns() } else { 80 },
                    colour: common.output.is_none() && choice != anstream::ColorChoice::Never,
                    verbose: common.verbose,
                },
            )
        }
    };
    out.write_all(text.as_bytes())
}

/// Writes a page for every archived copy into a folder beside the report, and names it in the report.
fn add_copies(report: &mut Report, file: &Path, folder: &Path) -> Result<(), Failure> {
    let Ok(archive) = Archive::read(folder) else {
        // A report can be written without the archive it speaks of; then it has no copies.
        return Ok(());
    };
    let stem = file.file_stem().map_or_else(
        || "report".into(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    let name = format!("{stem}-copies");
    let copies = file.with_file_name(&name);
    let Some(sources) = &report.sources else {
        return Ok(());
    };
    let mut with_copies = Entries::new();
    // The same bytes may have come from two addresses in the same second.
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut name_for = |plain: &str, url: &str| {
        let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
        let mut names = std::iter::once(plain.to_owned()).chain(numbered);
        let free = names.find(|name| taken.get(name).is_none_or(|other| other == url));
        let name = free.unwrap_or_else(|| plain.to_owned());
        taken.insert(name.clone(), url.to_owned());
        name
    };
    for source in sources.iter() {
        let mut source = source.into_owned();
        let url = source.final_url.as_deref().unwrap_or(&source.url);
        for entry in [&mut source.capture, &mut source.earlier]
            .into_iter()
            .flatten()
        {
            if let Some(copy) = write_copy(&archive, url, entry, &copies, &mut name_for)? {
                entry.copy = Some(format!("{name}/{copy}"));
            }
        }
        with_copies.push(source);
    }
    report.sources = Some(with_copies);
    Ok(())
}

/// Writes one copy; gives its file name, or nothing when the capture is not held or cannot be read.
fn write_copy(
    archive: &Archive,
    url: &str,
    entry: &CaptureEntry,
    folder: &Path,
    name_for: &mut impl FnMut(&str, &str) -> String,
) -> Result<Option<String>, Failure> {
    let Some(capture) = archive.capture_at(&entry.warc, entry.offset)? else {
        return Ok(None);
    };
    // Of a record that is lost there is no copy; the report is there all the same.
    let Some(held) = unless_lost(archive.load(&capture))? else {
        return Ok(None);
    };
    let limits = Limits::default();
    let content_type = held.field("content-type");
    let coding = held.field("content-encoding");
    let most = limits.max_decoded_bytes;
    let body = coding::decode_body(coding.as_deref(), &held.payload, most).unwrap_or(held.payload);
    let short = entry.sha256.get(..16).unwrap_or(&entry.sha256);
    let stamp: String = entry
        .timestamp
        .chars()
        .filter(char::is_ascii_digit)
        .take(14)
        .collect();
    let name = format!("{}.html", name_for(&format!("{stamp}-{short}"), url));
    let decode = |html| {
        let bytes = body.bytes()?;
        let decoded = ibid::document::decode::decode(&bytes, content_type.as_deref(), html);
        Ok::<_, Failure>(decoded.text)
    };
    // A capture from elsewhere may be larger than any page.
    let short_enough = body.len() <= most;
    let page = match capture.media_type.as_str() {
        "text/html" | "application/xhtml+xml" if short_enough => {
            html::render_copy(url, entry, CopyContent::Html(&decode(true)?))
        }
        kind if short_enough
            && (kind.starts_with("text/")
                || matches!(kind, "application/json" | "application/xml")) =>
        {
            html::render_copy(url, entry, CopyContent::Text(&decode(false)?))
        }
        kind => {
            let raw = format!("{stamp}-{short}.{}", ending(kind));
            write_file_by(&folder.join(&raw), |file| {
                io::copy(&mut body.reader(), file).map(drop)
            })?;
            html::render_copy(url, entry, CopyContent::File(&raw))
        }
    };
    write_file(&folder.join(&name), page.as_bytes())?;
    Ok(Some(name))
}

/// A file name's ending that a program will know; never one that a browser would run.
fn ending(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/zip" => "zip",
        _ => "bin",
    }
}

/// How a report ends, by what the user asked to fail on.
pub(super) fn end_of(report: &Report, fail_on: FailOn) -> End {
    if report
        .documents
        .iter()
        .any(|document| document.error.is_some())
    {
        return End::Failed;
    }
    let Some(summary) = &report.summary else {
        return End::Sound;
    };
    let fails = match fail_on {
        FailOn::Attention => summary.attention + summary.broken > 0,
        FailOn::Broken => summary.broken > 0,
        FailOn::Never => false,
    };
    if fails { End::Attention } else { End::Sound }
}
