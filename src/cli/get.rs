//! `ibid get`

use super::failure::{End, Failure};
use super::{Common, output};
use ibid::archive::{Archive, Capture, Held};
use ibid::check::{good_captures, text_of_held};
use ibid::fetch::Body;
use jiff::Timestamp;
use std::io::{self, Write};

/// Write the archived bytes of a source
///
/// Content codings (gzip, br, zstd) are undone unless --raw is given. What is written
/// without --raw, --text or --headers is the page as a browser would have got it.
#[derive(Debug, clap::Args)]
pub(super) struct GetArgs {
    /// The address, as cited
    url: String,
    /// The capture in force at that moment: 2012, 2012-03, 2012-03-20, 20120320101500 or RFC 3339 [default: the latest]
    #[arg(long, value_name = "DATE")]
    at: Option<String>,
    /// Only the text, as evidence is looked for in it
    #[arg(long, group = "what")]
    text: bool,
    /// Only the status line and header fields, as stored
    #[arg(long, group = "what")]
    headers: bool,
    /// The payload exactly as received, content coding kept
    #[arg(long, group = "what")]
    raw: bool,
}

pub(super) fn run(args: &GetArgs, common: &Common) -> Result<End, Failure> {
    let config = common.config()?;
    let archive = Archive::read(&config.archive)?;
    let at = match &args.at {
        Some(text) => Some(end_of_moment(text).ok_or_else(|| {
            Failure::new(format!("--at {text:?} is no date")).hint(
                "Write it as 2012, 2012-03, 2012-03-20, 20120320101500 or 2012-03-20T10:15:00Z.",
            )
        })?),
        None => None,
    };
    let capture = choose(&archive, &args.url, at, common)?;
    let held = archive.load(&capture)?;
    if !common.quiet {
        let mut stderr = anstream::stderr().lock();
        let line = format!(
            "captured {} from {} ({}), sha256 {}",
            ibid::check::rfc3339(capture.timestamp),
            capture.target_uri,
            held.status,
            capture.digest.to_hex(),
        );
        writeln!(stderr, "{}", ibid::report::escape::terminal(&line))?;
    }
    let written: Body = if args.text {
        let text = text_of_held(held, &config.policy.limits);
        if let Some(why) = text.unreadable {
            return Err(Failure::new(format!("no text can be read: {why}"))
                .hint("Without --text the archived bytes are written."));
        }
        text.text.into_bytes().into()
    } else if args.headers {
        head(&held).into()
    } else if args.raw {
        held.payload
    } else {
        let coding = held.field("content-encoding");
        ibid::fetch::coding::decode_body(
            coding.as_deref(),
            &held.payload,
            config.policy.limits.max_decoded_bytes,
        )
        .map_err(|why| {
            Failure::new(format!("could not undo the content coding: {why}"))
                .hint("--raw writes the payload as received.")
        })?
    };
    match &common.output {
        Some(path) => {
            output::write_file_by(path, |file| io::copy(&mut written.reader(), file).map(drop))?
        }
        None => {
            let mut stdout = std::io::stdout().lock();
            io::copy(&mut written.reader(), &mut stdout)?;
            stdout.flush()?;
        }
    }
    Ok(End::Sound)
}

/// The capture in force then: the last good one at or before, else the first after, else whatever came.
fn choose(
    archive: &Archive,
    url: &str,
    at: Option<Timestamp>,
    common: &Common,
) -> Result<Capture, Failure> {
    let good = good_captures(archive, url)?;
    let before = good
        .iter()
        .rev()
        .find(|capture| at.is_none_or(|at| capture.timestamp <= at));
    if let Some(capture) = before {
        return Ok(capture.clone());
    }
    let note = |text: String| -> Result<(), Failure> {
        if !common.quiet {
            writeln!(anstream::stderr().lock(), "{text}")?;
        }
        Ok(())
    };
    if let Some(first) = good.first() {
        note("nothing was captured by then; this is the first capture after".to_owned())?;
        return Ok(first.clone());
    }
    match archive.answer(url, at)? {
        Some(capture) => {
            note(format!(
                "it never answered with a page; this is its answer with status {}",
                capture.status
            ))?;
            Ok(capture)
        }
        None => Err(Failure::new(format!("no capture of {url} is held"))
            .hint("Give the address as it is cited; `ibid history URL` lists captures.")),
    }
}

fn head(held: &Held) -> Vec<u8> {
    let line = format!("HTTP/1.1 {} {}", held.status, held.reason);
    let mut bytes = format!("{}\n", line.trim_end()).into_bytes();
    for (name, value) in &held.fields {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.push(b'\n');
    }
    bytes
}

/// The last moment that the text means: of the year, the month, the day or the second.
fn end_of_moment(text: &str) -> Option<Timestamp> {
    use jiff::{ToSpan, civil::date, tz::TimeZone};
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 14 && text.len() == 14 {
        let moment = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
        return Some(moment.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
    }
    let mut parts = text.split('-').map(str::parse::<i16>);
    let year = parts.next()?.ok()?;
    let month = parts.next().transpose().ok()?;
    let day = parts.next().transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let small = |part: Option<i16>| i8::try_from(part.unwrap_or(1)).ok();
    let (month_or_first, day_or_first) = (small(month)?, small(day)?);
    let start = jiff::civil::Date::new(year, month_or_first, day_or_first).ok()?;
    debug_assert!(start >= date(-9999, 1, 1));
    let length = match (month, day) {
        (None, _) => 1.year(),
        (Some(_), None) => 1.month(),
        (Some(_), Some(_)) => 1.day(),
    };
    let next = start.checked_add(length).ok()?;
    let next = next.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp();
    next.checked_sub(1.nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_means_its_last_moment() {
        let check = |text: &str, expected: Option<&str>| {
            let found = end_of_moment(text).map(|moment| moment.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("2012", Some("2012-12-31T23:59:59.999999999Z"));
        check("2012-02", Some("2012-02-29T23:59:59.999999999Z"));
        check("2012-03-20", Some("2012-03-20T23:59:59.999999999Z"));
        check("20120320101500", Some("2012-03-20T10:15:00Z"));
        check("2012-03-20T10:15:00Z", Some("2012-03-20T10:15:00Z"));
        check("2012-13-01", None);
        check("yesterday", None);
        check("", None);
    }
}
