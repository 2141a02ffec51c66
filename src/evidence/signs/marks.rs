//! What known makers of challenges, consent walls and parking pages leave in a page.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// A maker, known by what its scripts are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Cloudflare's challenge page.
    Cloudflare,
    /// Imperva, Incapsula.
    Imperva,
    /// DataDome.
    DataDome,
    /// HUMAN, PerimeterX.
    Human,
    /// AWS WAF.
    AwsWaf,
    /// Akamai Bot Manager.
    Akamai,
    /// Anubis.
    Anubis,
    /// Other tests for robots.
    Challenge,
    /// A parking service.
    Parking,
    /// The page is written by a build tool whose page for missing addresses this is.
    NotFoundRoute,
}

/// Parts of addresses and scripts; only such as stand on the wall itself, not on every page
/// that the maker guards (Cloudflare puts "challenge-platform/scripts/jsd" everywhere).
const TABLE: &[(&str, Mark)] = &[
    ("_cf_chl_opt", Mark::Cloudflare),
    ("orchestrate/chl_page", Mark::Cloudflare),
    ("orchestrate/jsch", Mark::Cloudflare),
    ("orchestrate/managed", Mark::Cloudflare),
    ("cf-browser-verification", Mark::Cloudflare),
    ("cf-challenge-running", Mark::Cloudflare),
    ("_incapsula_resource?swudnsai", Mark::Imperva),
    ("_incapsula_resource?cwudnsai", Mark::Imperva),
    ("incapsula incident id", Mark::Imperva),
    ("geo.captcha-delivery.com", Mark::DataDome),
    ("ct.captcha-delivery.com", Mark::DataDome),
    ("captcha-delivery.com/c.js", Mark::DataDome),
    ("px-captcha", Mark::Human),
    ("_pxblockscript", Mark::Human),
    ("captcha.px-cdn.net", Mark::Human),
    ("captcha.px-cloud.net", Mark::Human),
    ("awswafcookiedomainlist", Mark::AwsWaf),
    ("gokuprops", Mark::AwsWaf),
    ("captcha.awswaf.com", Mark::AwsWaf),
    ("bm-verify=", Mark::Akamai),
    ("triggerinterstitialchallenge", Mark::Akamai),
    ("sec-if-cpt-container", Mark::Akamai),
    ("sec-cpt-if", Mark::Akamai),
    ("anubis_challenge", Mark::Anubis),
    (".within.website/x/cmd/anubis", Mark::Anubis),
    ("/go-away/challenge", Mark::Challenge),
    ("sgcaptcha", Mark::Challenge),
    ("ddos-guard/check", Mark::Challenge),
    ("__ddg_challenge", Mark::Challenge),
    ("/_sec/verify", Mark::Challenge),
    ("basedflare", Mark::Challenge),
    ("vercel/security/static/challenge", Mark::Challenge),
    ("kpsdk", Mark::Challenge),
    ("parkingcrew.net", Mark::Parking),
    ("sedoparking.com", Mark::Parking),
    ("img.sedoparking.com", Mark::Parking),
    ("parking.bodiscdn.com", Mark::Parking),
    ("bodis.com", Mark::Parking),
    ("d38psrni17bvxu.cloudfront.net", Mark::Parking),
    ("parklogic.com", Mark::Parking),
    ("above.com/marketplace", Mark::Parking),
    ("window.park = ", Mark::Parking),
    ("window.park=", Mark::Parking),
    ("/parking-lander/", Mark::Parking),
    ("parking-lander.", Mark::Parking),
    ("landers.parking", Mark::Parking),
    ("cdn.dan.com", Mark::Parking),
    ("hugedomains.com", Mark::Parking),
    ("afternic.com/forsale", Mark::Parking),
    ("skenzo.com", Mark::Parking),
    ("dsnextgen.com", Mark::Parking),
    ("cashparking", Mark::Parking),
    ("namebright.com/parking", Mark::Parking),
    ("google.com/adsense/domains/caf.js", Mark::Parking),
    ("\"page\":\"/404\"", Mark::NotFoundRoute),
    ("\"page\":\"/_error\"", Mark::NotFoundRoute),
    ("next_http_error_fallback;404", Mark::NotFoundRoute),
    ("window.pagepath=\"/404", Mark::NotFoundRoute),
];

/// Other words of scripts, which are found in the same pass.
const HINTS: [&str; 2] = ["schema.org", "\"isaccessibleforfree\""];

/// Words that make a closer look at a script worth it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints {
    /// It names schema.org.
    pub(super) vocabulary: bool,
    /// It says who may read the page.
    pub(super) free: bool,
}

#[expect(clippy::expect_used, reason = "a fixed list of short literals builds")]
static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(TABLE.iter().map(|(part, _)| *part).chain(HINTS))
        .expect("a fixed list of short literals builds")
});

/// The marks in a piece of script or an address.
pub(super) fn find(text: &str, found: &mut Vec<Mark>) -> Hints {
    let mut hints = Hints::default();
    for hit in FINDER.find_overlapping_iter(text) {
        let number = hit.pattern().as_usize();
        match TABLE.get(number) {
            Some((_, mark)) if !found.contains(mark) => found.push(*mark),
            Some(_) => {}
            None if number == TABLE.len() => hints.vocabulary = true,
            None => hints.free = true,
        }
    }
    hints
}
