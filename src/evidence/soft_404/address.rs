//! What addresses tell: a sister that cannot exist, a chain that leads home, a page about errors.

use super::words::{normal, titled};
use url::Url;

/// An address beside `url` that cannot exist: same folder, a name made of `token`. None where no such address makes sense (the host's root).
#[must_use]
pub fn sister(url: &Url, token: &str) -> Option<Url> {
    let path = url.path();
    let folder_like = path.ends_with('/');
    let trimmed = path.trim_end_matches('/');
    let (folder, name) = trimmed.rsplit_once('/')?;
    if name.is_empty() || token.is_empty() {
        return None;
    }
    // The same ending reaches the same handler: a site may answer .html and .php otherwise.
    let ending = match name.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            format!(".{ending}")
        }
        _ => String::new(),
    };
    let mut sister = url.clone();
    let slash = if folder_like { "/" } else { "" };
    sister.set_path(&format!("{folder}/{token}{ending}{slash}"));
    sister.set_query(None);
    sister.set_fragment(None);
    (sister != *url).then_some(sister)
}

/// Whether the chain led from a page to a home page or an upper folder of the site.
pub(super) fn sent_up(requested: &Url, final_url: &Url) -> bool {
    let segments = |url: &Url| {
        url.path()
            .split('/')
            .filter(|part| !part.is_empty() && !part.starts_with("index."))
            .count()
    };
    // A language's home page ("/en/") is a home page.
    let home = segments(final_url) == 0
        || (segments(final_url) == 1 && final_url.path().trim_matches('/').len() == 2);
    let asked = segments(requested);
    let up = final_url.path().ends_with('/')
        && final_url.path() != requested.path()
        && requested.path().starts_with(final_url.path())
        && asked > segments(final_url);
    (home && asked > segments(final_url) && place(requested) != place(final_url)) || up
}

/// Host and path, without what does not tell two pages apart.
pub(super) fn place(url: &Url) -> (String, String) {
    (
        host(url).to_owned(),
        url.path().trim_end_matches('/').to_owned(),
    )
}

/// The host without "www.".
pub(super) fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or("");
    host.strip_prefix("www.").unwrap_or(host)
}

/// A login or consent page answers alike for every address and hides what lies behind: no death.
#[must_use]
pub fn is_gate(url: &Url) -> bool {
    const HOSTS: &[&str] = &[
        "login", "signin", "auth", "sso", "idp", "accounts", "consent", "cas",
    ];
    const PATHS: &[&str] = &[
        "login",
        "log-in",
        "log_in",
        "logon",
        "signin",
        "sign-in",
        "sign_in",
        "signon",
        "auth",
        "authorize",
        "authenticate",
        "oauth",
        "oauth2",
        "sso",
        "saml",
        "saml2",
        "wp-login",
        "connexion",
        "anmelden",
        "einloggen",
        "consent",
        "cookie-consent",
        "cookiewall",
        "privacy-gate",
        "captcha",
        "challenge",
        "paywall",
        "userlogin",
    ];
    let host = url.host_str().unwrap_or("").split('.').next().unwrap_or("");
    HOSTS.contains(&host)
        || url.path().split(['/', '.', ';']).any(|part| {
            let part = part.to_ascii_lowercase();
            let short = part.len() <= 14;
            PATHS.contains(&part.as_str())
                || (short
                    && (part.starts_with("login")
                        || part.ends_with("login")
                        || part.contains("captcha")))
        })
}

/// The last parts of an address say "404" or "not found" themselves.
pub(super) fn says_error(url: &Url) -> bool {
    let last = url
        .path_segments()
        .into_iter()
        .flatten()
        .rfind(|part| !part.is_empty());
    last.filter(|part| part.len() <= 80).is_some_and(|part| {
        let words = normal(&part.replace(['-', '_', '.', '+', '=', '&'], " "));
        let words = words
            .trim_end_matches(" html")
            .trim_end_matches(" php")
            .trim_end_matches(" aspx");
        words
            .split(' ')
            .any(|word| matches!(word, "404" | "error404" | "notfound" | "pagenotfound"))
            || titled(words) > 0.8
    })
}

/// The last part of an address and a title share their words: the page is the one that was asked for.
pub(super) fn agrees(url: &Url, title: &str) -> bool {
    let Some(slug) = url
        .path_segments()
        .into_iter()
        .flatten()
        .rfind(|part| !part.is_empty())
    else {
        return false;
    };
    let slug =
        percent_encoding::percent_decode_str(slug.get(..300).unwrap_or(slug)).decode_utf8_lossy();
    let title = normal(title);
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let slug = normal(&slug);
    let (mut all, mut shared) = (0usize, 0usize);
    for word in slug.split(|c: char| !c.is_alphanumeric()) {
        if word.chars().count() >= 4
            && word.chars().all(char::is_alphabetic)
            && !matches!(word, "html" | "page" | "index" | "aspx")
        {
            all += 1;
            shared += usize::from(words.contains(&word));
        }
    }
    shared >= 2 && shared * 2 >= all
}
