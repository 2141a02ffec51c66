//! Heads of HTTP messages in blocks, as WARC readers expect them.
//!
//! The client does not give heads as bytes, so they are written again from their fields
//! as HTTP/1.1. What framed the body on the wire is gone with it: `Transfer-Encoding` is
//! kept as `X-Archive-Orig-Transfer-Encoding`, and `Content-Length` is the stored length.

use super::one_line;
use super::read::MAX_HEAD;
use crate::fetch::{Exchange, Field};
use url::Url;

/// Fields of a request that say who we are to others: their values are not kept.
const WITHHELD: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

/// Whether the value of one of these fields is not kept.
#[must_use]
pub fn withholds(fields: &[Field]) -> bool {
    let withheld = |name: &str| {
        WITHHELD
            .iter()
            .any(|secret| name.eq_ignore_ascii_case(secret))
    };
    fields.iter().any(|(name, _)| withheld(name))
}

/// The address as it is written down: without user name, password and fragment.
#[must_use]
pub fn target_uri(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    // Refused only by addresses that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

/// The block of a request.
#[must_use]
pub fn request_block(exchange: &Exchange) -> Vec<u8> {
    let url = &exchange.target_uri;
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let mut block = format!("{} {}{query} HTTP/1.1\r\n", exchange.method, url.path()).into_bytes();
    for (name, value) in &exchange.request_fields {
        let withheld = WITHHELD
            .iter()
            .any(|secret| name.eq_ignore_ascii_case(secret));
        let value: &[u8] = if withheld { b"[withheld]" } else { value };
        push_field(&mut block, name, value);
    }
    block.extend_from_slice(b"\r\n");
    block
}

/// The head of a response; `body_length` is the length of the body that is stored with it,
/// none for a head that is stored alone.
#[must_use]
pub fn response_head(exchange: &Exchange, body_length: Option<u64>) -> Vec<u8> {
    let response = &exchange.response;
    let line = format!(
        "HTTP/1.1 {} {}",
        response.status,
        one_line(&response.reason)
    );
    let mut head = line.trim_end().as_bytes().to_vec();
    head.extend_from_slice(b"\r\n");
    let mut length_told = false;
    for (name, value) in &response.fields {
        if name.eq_ignore_ascii_case("transfer-encoding") {
            push_field(&mut head, "X-Archive-Orig-Transfer-Encoding", value);
        } else if name.eq_ignore_ascii_case("content-length") {
            let stored = body_length.map(|length| length.to_string());
            let same = stored.as_deref().map(str::as_bytes) == Some(value.trim_ascii());
            if same && !length_told {
                push_field(&mut head, name, value);
                length_told = true;
            } else {
                push_field(&mut head, "X-Archive-Orig-Content-Length", value);
            }
        } else {
            push_field(&mut head, name, value);
        }
    }
    if let Some(length) = body_length
        && !length_told
    {
        push_field(&mut head, "Content-Length", length.to_string().as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// A field on a line of its own, whatever is in it.
fn push_field(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    let clean = |byte: &u8| {
        if matches!(byte, b'\r' | b'\n' | 0) {
            b' '
        } else {
            *byte
        }
    };
    block.extend(name.as_bytes().iter().map(clean));
    block.extend_from_slice(b": ");
    block.extend(value.iter().map(clean));
    block.extend_from_slice(b"\r\n");
}

/// The head of a stored response, read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Status code.
    pub status: u16,
    /// Reason phrase; may be empty.
    pub reason: String,
    /// Fields in order.
    pub fields: Vec<Field>,
}

impl Head {
    /// The first field of that name, any case, as text.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        field(&self.fields, name)
    }
}

/// The first field of that name, any case, as text.
#[must_use]
pub fn field(fields: &[Field], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned())
}

/// Length of the head in a block, its closing empty line included; the whole block where it has no end.
#[must_use]
pub fn head_length(block: &[u8]) -> usize {
    block
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .map_or(block.len(), |at| at + 4)
}

/// Reads the head of a response block, of a long one the first megabyte.
#[must_use]
pub fn read_head(block: &[u8]) -> Option<Head> {
    let block = block.get(..MAX_HEAD).unwrap_or(block);
    let head = block.get(..head_length(block))?;
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = String::from_utf8_lossy(lines.next()?);
    let mut words = line.splitn(3, ' ').skip(1);
    let status = words.next()?.parse().ok()?;
    let reason = words.next().unwrap_or_default().to_owned();
    let fields = lines
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = String::from_utf8_lossy(&line[..colon]).into_owned();
            Some((name, line[colon + 1..].trim_ascii().to_vec()))
        })
        .collect();
    Some(Head {
        status,
        reason,
        fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Response;

    fn own(fields: &[(&str, &str)]) -> Vec<Field> {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
            .collect()
    }

    fn exchange(url: &str, fields: &[(&str, &str)]) -> Exchange {
        Exchange {
            target_uri: Url::parse(url).unwrap(),
            started: "2026-11-23T20:15:00Z".parse().unwrap(),
            duration: std::time::Duration::ZERO,
            peer: None,
            protocol: "h2",
            method: "GET",
            request_fields: own(&[("host", "a.example"), ("cookie", "s=1"), ("accept", "*/*")]),
            response: Response {
                status: 200,
                reason: "OK".to_owned(),
                fields: own(fields),
                body: bytes::Bytes::new().into(),
                truncated: None,
            },
        }
    }

    fn head(fields: &[(&str, &str)], body_length: Option<u64>) -> String {
        let head = response_head(&exchange("http://a.example/", fields), body_length);
        String::from_utf8(head).unwrap()
    }

    #[test]
    fn framing_that_is_gone_is_kept_under_another_name() {
        let check = |fields: &[(&str, &str)], length, expected: &str| {
            assert_eq!(
                head(fields, length),
                format!("HTTP/1.1 200 OK\r\n{expected}\r\n")
            );
        };
        check(&[("content-length", "5")], Some(5), "content-length: 5\r\n");
        check(
            &[("content-length", "9")],
            Some(5),
            "X-Archive-Orig-Content-Length: 9\r\nContent-Length: 5\r\n",
        );
        check(
            &[("transfer-encoding", "chunked"), ("etag", "1")],
            Some(5),
            "X-Archive-Orig-Transfer-Encoding: chunked\r\netag: 1\r\nContent-Length: 5\r\n",
        );
        check(
            &[("content-length", "5")],
            None,
            "X-Archive-Orig-Content-Length: 5\r\n",
        );
    }

    #[test]
    fn no_value_can_add_a_line() {
        let text = head(
            &[("x", "1\r\nset-cookie: evil\n\n"), ("y\r\nz", "2")],
            Some(0),
        );
        assert_eq!(
            text,
            "HTTP/1.1 200 OK\r\nx: 1  set-cookie: evil  \r\ny  z: 2\r\nContent-Length: 0\r\n\r\n"
        );
    }

    #[test]
    fn secrets_are_withheld() {
        let exchange = exchange("http://user:secret@a.example/x?y=1#z", &[]);
        assert_eq!(
            String::from_utf8(request_block(&exchange)).unwrap(),
            "GET /x?y=1 HTTP/1.1\r\nhost: a.example\r\ncookie: [withheld]\r\naccept: */*\r\n\r\n"
        );
        assert_eq!(target_uri(&exchange.target_uri), "http://a.example/x?y=1");
    }

    #[test]
    fn a_stored_head_is_read_back() {
        let mut block = response_head(
            &exchange(
                "http://a.example/",
                &[("Content-Type", "text/html"), ("X", "a: b")],
            ),
            Some(4),
        );
        let length = block.len();
        block.extend_from_slice(b"body");
        assert_eq!(head_length(&block), length);
        let head = read_head(&block).unwrap();
        assert_eq!(head.status, 200);
        assert_eq!(head.field("content-type").unwrap(), "text/html");
        assert_eq!(head.field("x").unwrap(), "a: b");
        assert_eq!(read_head(b"junk"), None);
    }
}
