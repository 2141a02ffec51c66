//! A citing document that is a page of the web.

use super::keeper::Keeper;
use super::known::{Before, make_ready};
use crate::check::CheckError;
use crate::check::input::{self, Loaded};
use crate::config::Config;
use crate::fetch::{Fetcher, Request, coding, status};
use std::sync::Arc;
use url::Url;

/// Fetches a citing document from the web, and archives it as what it is: a capture.
pub(in crate::check) async fn fetch_document(
    url: &Url,
    fetcher: &Fetcher,
    keeper: &Keeper,
    config: &Config,
) -> Result<Loaded, CheckError> {
    let request = Request {
        url: url.clone(),
        validators: None,
    };
    let fetched = Arc::new(fetcher.fetch(request).await);
    if !fetched.exchanges.is_empty() {
        keeper
            .store(make_ready(Arc::clone(&fetched), &Before::default()).await?)
            .await?;
    }
    let mut loaded = Loaded {
        path: None,
        name: input::web_name(url),
        bytes: None,
        content_type: None,
        base: None,
        error: None,
    };
    let (status, reason) = status::status_of(&fetched, &[]);
    match fetched.answer() {
        Some(answer) if status.answers() => {
            let encoding = answer.response.field("content-encoding");
            let most = config.policy.limits.max_decoded_bytes;
            let body = &answer.response.body;
            let decoded = match answer.response.truncated {
                // Nobody would miss what is cited in the rest.
                Some(why) => Err(format!(
                    "only its first {} bytes came, because {}",
                    body.len(),
                    status::why(why)
                )),
                None => body
                    .bytes()
                    .map_err(|error| format!("its body could not be read back: {error}"))
                    .and_then(|body| coding::decode(encoding.as_deref(), &body, most)),
            };
            loaded.content_type = answer.response.field("content-type");
            loaded.base = Some(answer.target_uri.clone());
            match decoded {
                Ok(bytes) => loaded.bytes = Some(bytes.into()),
                Err(why) => loaded.error = Some(why),
            }
        }
        _ => loaded.error = Some(reason.text),
    }
    Ok(loaded)
}
