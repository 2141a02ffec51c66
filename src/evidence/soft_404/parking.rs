//! Domains whose owner left: parked, for sale, expired, or a server that was never set up.
//!
//! By what parking services' pages say in their titles and short lines, by their scripts,
//! and by their hosts, where the chain led to one from elsewhere.

use super::Finding;
use super::address::host;
use super::words::normal;
use crate::evidence::SourceText;
use crate::evidence::signs::Mark;
use url::Url;

/// Own words beyond which a page is none of these.
const SHORT: usize = 150;
/// Words of a line that may be such a notice.
const NOTICE: usize = 32;

/// What parking pages say. Lower case.
const PARKED: &[&str] = &[
    "this domain is for sale",
    "domain is for sale",
    "domain may be for sale",
    "domain for sale",
    "domain name is for sale",
    "domain name may be for sale",
    "this website is for sale",
    "website is for sale",
    "buy this domain",
    "get this domain",
    "own this domain today",
    "purchase this domain",
    "the domain name is available for purchase",
    "is parked free",
    "domain is parked",
    "this domain has been parked",
    "parked domain",
    "domain parked by",
    "this is a parked",
    "parked by the owner",
    "domain has expired",
    "domain name has expired",
    "domain expired",
    "domain registration has expired",
    "inquire about this domain",
    "make an offer on this domain",
    "domain has recently been registered",
    "domain has been registered at",
    "this domain is registered at",
    "this domain was recently registered",
    "newly registered domain",
    "this domain is available",
    "domain is pending renewal",
    "is available for purchase",
    "diese domain steht zum verkauf",
    "domain steht zum verkauf",
    "diese domain kaufen",
    "domain zu verkaufen",
    "domain kaufen",
    "domain steht möglicherweise zum verkauf",
    "diese domain ist geparkt",
    "domain ist geparkt",
    "diese domain wurde registriert",
    "domaine est à vendre",
    "acheter ce domaine",
    "domaine à vendre",
    "domaine a expiré",
    "nom de domaine est parqué",
    "ce domaine est enregistré",
    "dominio está en venta",
    "dominio en venta",
    "comprar este dominio",
    "dominio ha caducado",
    "dominio puede estar en venta",
    "dominio estacionado",
    "dominio è in vendita",
    "dominio in vendita",
    "acquista questo dominio",
    "dominio è scaduto",
    "dominio parcheggiato",
    "domínio está à venda",
    "domínio à venda",
    "comprar este domínio",
    "este domínio expirou",
    "domein is te koop",
    "domeinnaam is te koop",
    "domein te koop",
    "domeinnaam te koop",
    "koop deze domeinnaam",
    "domein is geparkeerd",
    "domeinnaam is gereserveerd",
    "domein is gereserveerd",
    "domena na sprzedaż",
    "domena jest na sprzedaż",
    "kup tę domenę",
    "domena wygasła",
    "domena jest zaparkowana",
    "doména je na prodej",
    "doména na prodej",
    "doména je na predaj",
    "doména je zaparkována",
    "tato doména je k prodeji",
    "домен продается",
    "домен выставлен на продажу",
    "купить домен",
    "купить этот домен",
    "домен припаркован",
    "срок регистрации домена истек",
    "домен не прилинкован",
    "домен зарегистрирован",
    "домен продається",
    "домен на продаж",
    "bu alan adı satılık",
    "alan adı satılıktır",
    "satılık domain",
    "bu domain satılık",
    "domänen är till salu",
    "domänen är parkerad",
    "domän till salu",
    "denna domän är till salu",
    "domenet er til salgs",
    "domenet er parkert",
    "domene til salgs",
    "dette domenet er registrert",
    "domænet er til salg",
    "domænet er parkeret",
    "domæne til salg",
    "verkkotunnus on myytävänä",
    "verkkotunnus myytävänä",
    "a domain eladó",
    "domain eladó",
    "ez a domain eladó",
    "domeniul este de vânzare",
    "domeniu de vânzare",
    "το domain πωλείται",
    "domain πωλείται",
    "このドメインは販売中",
    "ドメインは売り出し中",
    "ドメインを購入",
    "このドメインは、お名前",
    "ドメインの有効期限",
    "该域名正在出售",
    "域名出售",
    "此域名出售",
    "域名正在出售",
    "購買此域名",
    "购买此域名",
    "域名可转让",
    "您访问的域名",
    "域名已过期",
    "域名转让",
    "도메인을 판매",
    "도메인 판매",
    "이 도메인은 판매 중",
    "도메인이 만료",
    "الدومين للبيع",
    "النطاق للبيع",
    "هذا النطاق معروض للبيع",
    "این دامنه به فروش",
    "دامنه به فروش می",
    "הדומיין למכירה",
    "domain ini dijual",
    "tên miền này đang được rao bán",
    "tên miền đang được bán",
    "โดเมนนี้ขาย",
];

/// What servers show that nobody has set up, or no longer: titles and headings, whole.
const DEFAULTS: &[&str] = &[
    "welcome to nginx!",
    "welcome to nginx",
    "welcome to openresty!",
    "welcome to centos",
    "iis windows server",
    "iis windows",
    "iis7",
    "internet information services",
    "apache2 ubuntu default page: it works",
    "apache2 ubuntu default page",
    "apache2 debian default page: it works",
    "apache2 debian default page",
    "apache2 default page",
    "apache http server test page powered by centos",
    "test page for the apache http server",
    "test page for the apache http server on red hat enterprise linux",
    "test page for the nginx http server on fedora",
    "http server test page powered by centos",
    "http server test page",
    "test page for the http server on fedora",
    "it works!",
    "default web site page",
    "default parallels plesk page",
    "default plesk page",
    "domain default page",
    "plesk default page",
    "web server's default page",
    "default page",
    "welcome to your new website",
    "website default page",
    "account suspended",
    "this account has been suspended",
    "site suspended",
    "website suspended",
    "this site has been suspended",
    "suspended domain",
    "contact support",
    "this domain has been suspended",
    "future home of something quite cool.",
    "future home of something quite cool",
    "website coming soon",
    "site not found · github pages",
    "site not published",
    "site not found",
    "no such app",
    "heroku | no such app",
    "there isn't a github pages site here.",
    "project not found",
    "hello world! caddy",
    "caddy works!",
    "success! your new web server is ready to use.",
];

/// Hosts that do nothing else.
const HOSTS: &[&str] = &[
    "sedoparking.com",
    "sedo.com",
    "parkingcrew.net",
    "bodis.com",
    "hugedomains.com",
    "afternic.com",
    "dan.com",
    "above.com",
    "parklogic.com",
    "domainmarket.com",
    "undeveloped.com",
    "uniregistry.com",
    "brandbucket.com",
    "squadhelp.com",
    "atom.com",
    "buydomains.com",
    "parked.com",
    "skenzo.com",
    "namebright.com",
    "dynadot.com",
    "epik.com",
    "efty.com",
    "godaddy.com",
    "domainname.de",
    "domain-for-sale.at",
    "expireddomains.com",
    "ww1.parked.com",
];

/// Whether nobody that was cited lives at this address any longer.
pub(super) fn parked(requested: &Url, final_url: &Url, page: &SourceText) -> Option<Finding> {
    let signs = &page.signs;
    let words = if signs.lines.is_empty() {
        page.text.split_whitespace().take(SHORT + 1).count()
    } else {
        signs.words
    };
    if words > SHORT || signs.article {
        return None;
    }
    let moved_in = known(host(final_url)) && host(final_url) != host(requested);
    let scripted = signs.has(Mark::Parking);
    let said = notices(page).find(|line| {
        let line = normal(line);
        PARKED.iter().any(|phrase| line.contains(phrase))
    });
    let probability: f64 = match (&said, moved_in, scripted) {
        (Some(_), true, _) | (Some(_), _, true) => 0.98,
        // A seller's own site sells domains on every page.
        (Some(_), ..) if known(host(requested)) => 0.4,
        (Some(_), ..) => 0.93,
        (None, true, true) => 0.9,
        (None, true, _) => 0.8,
        (None, _, true) => 0.75,
        (None, false, false) => return unused(page, words),
    };
    let how = match (said, moved_in) {
        (Some(line), _) => format!("the page says “{}”", super::brief(line)),
        (None, true) => format!("it leads to {}, which sells domains", host(final_url)),
        (None, false) => "it shows the page of a parking service".to_owned(),
    };
    Some(Finding {
        code: "parked",
        text: format!(
            "The domain is parked or for sale: {how}. The page that was cited is not there."
        ),
        probability,
    })
}

/// A server's page from before anything was set up, or after the bill was not paid.
fn unused(page: &SourceText, words: usize) -> Option<Finding> {
    let title = page
        .signs
        .title
        .as_deref()
        .or(page.title.as_deref())
        .unwrap_or("");
    let name = normal(title);
    (words <= SHORT && DEFAULTS.contains(&name.as_str())).then(|| Finding {
        code: "unused-host",
        text: format!(
            "The server shows the page of a site that is not set up or was closed: “{}”.",
            super::brief(title)
        ),
        probability: if name == "contact support" || name == "default page" {
            0.6
        } else {
            0.93
        },
    })
}

fn known(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    HOSTS.iter().any(|parking| {
        host.strip_suffix(parking)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Title and short lines; links count here ("Buy this domain").
fn notices(page: &SourceText) -> impl Iterator<Item = &str> {
    let titles = page
        .signs
        .title
        .iter()
        .chain(&page.title)
        .map(String::as_str);
    let lines = page.text.lines().take(60);
    titles.chain(lines).filter(|line| {
        line.len() <= 400 && line.split_whitespace().take(NOTICE + 1).count() <= NOTICE
    })
}
