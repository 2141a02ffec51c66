//! What a failed request was: from the client's error to a [`FailureKind`] and words.
//!
//! The client nests errors of several libraries; what really happened lies somewhere
//! down the chain of sources. Types are looked at first, texts only where there is no type.

use super::FailureKind;
use std::error::Error;
use std::io;

/// Kind and clause of a failed request.
pub(super) fn of_error(error: &reqwest::Error, by_proxy: bool) -> (FailureKind, String) {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    let mut found = None;
    while let Some(here) = source {
        // The deepest cause that is understood tells most.
        found = of_cause(here).or(found);
        source = deeper(here);
    }
    let tunnel = last_text(error).to_ascii_lowercase();
    if by_proxy && (tunnel.contains("tunnel") || tunnel.contains("proxy")) {
        return (
            FailureKind::Proxy,
            format!("the proxy could not lead there ({})", last_text(error)),
        );
    }
    if let Some((kind, text)) = found {
        return match kind {
            FailureKind::ConnectionRefused if by_proxy => (
                FailureKind::Proxy,
                "the proxy could not be reached".to_owned(),
            ),
            kind => (kind, text),
        };
    }
    if error.is_builder() {
        let text = "its address is longer than can be asked for, or no address for HTTP";
        return (FailureKind::NotFetched, text.to_owned());
    }
    if error.is_timeout() {
        return (FailureKind::Timeout, "no connection in time".to_owned());
    }
    if error.is_connect() {
        return (
            FailureKind::ConnectionLost,
            format!("no connection could be made ({})", last_text(error)),
        );
    }
    (
        FailureKind::BadAnswer,
        format!("the answer could not be understood ({})", last_text(error)),
    )
}

/// Whether a connection that was kept may have been closed just as it was used again.
pub(super) fn may_be_stale(error: &reqwest::Error) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(here) = source {
        let closed = here.downcast_ref::<hyper::Error>();
        let reset = here.downcast_ref::<io::Error>().map(io::Error::kind);
        if closed.is_some_and(hyper::Error::is_incomplete_message)
            || matches!(
                reset,
                Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
            )
        {
            return !error.is_connect();
        }
        source = deeper(here);
    }
    false
}

/// The next error down; an `io::Error` hides its own cause.
fn deeper<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    if let Some(io) = error.downcast_ref::<io::Error>()
        && let Some(inner) = io.get_ref()
    {
        return Some(inner as &(dyn Error + 'static));
    }
    error.source()
}

fn of_cause(error: &(dyn Error + 'static)) -> Option<(FailureKind, String)> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some((FailureKind::Tls, tls_words(error)));
    }
    if let Some(error) = error.downcast_ref::<h2::Error>()
        && (error.is_reset() || error.is_go_away())
        && error.is_remote()
    {
        let text = "the server broke the exchange off before an answer";
        return Some((FailureKind::ConnectionLost, text.to_owned()));
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        let lost = || {
            (
                FailureKind::ConnectionLost,
                "the connection was closed before an answer".to_owned(),
            )
        };
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return Some(lost());
        }
        if error.is_parse() {
            return Some((
                FailureKind::BadAnswer,
                "what it answered is not HTTP, or more than is taken".to_owned(),
            ));
        }
    }
    let io = error.downcast_ref::<io::Error>()?;
    let told = match io.kind() {
        io::ErrorKind::ConnectionRefused => {
            (FailureKind::ConnectionRefused, "the connection was refused")
        }
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => (
            FailureKind::ConnectionLost,
            "the connection was lost before an answer",
        ),
        io::ErrorKind::TimedOut => (FailureKind::Timeout, "no connection in time"),
        io::ErrorKind::HostUnreachable => (
            FailureKind::ConnectionRefused,
            "there is no way to its network",
        ),
        // The system says so of itself: it has no route at all, or none of that address family.
        io::ErrorKind::NetworkUnreachable => (
            FailureKind::NoNetwork,
            "this machine has no way to its network",
        ),
        _ => return None,
    };
    Some((told.0, told.1.to_owned()))
}

fn tls_words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired".to_owned(),
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "its certificate is not valid yet".to_owned()
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "its certificate is for another name".to_owned()
            }
            Bad::UnknownIssuer => {
                "its certificate was not issued by anyone who is trusted".to_owned()
            }
            Bad::Revoked => "its certificate was revoked".to_owned(),
            other => format!("its certificate is not valid ({other})"),
        },
        other => format!("no secure connection could be agreed on ({other})"),
    }
}

/// What the deepest error says.
fn last_text(error: &reqwest::Error) -> String {
    let mut last: &(dyn Error + 'static) = error;
    while let Some(next) = deeper(last) {
        last = next;
    }
    last.to_string()
}
