//! Templates that describe a source, in the languages of the large wikis.
//!
//! **In:** a [`Template`]. **Out:** its words with the link on its title, and the key
//! by which short notes name it. The address of an archived copy is no second
//! source: what is cited is the original. **Not here:** where the template stands.

use super::reader::Reader;
use super::template::Template;

/// Beginnings of the names of templates that describe a source.
const NAMES: &[&str] = &[
    "cite ",
    "cite",
    "citation",
    "internetquelle",
    "literatur",
    "lien web",
    "lien brisé",
    "article",
    "ouvrage",
    "chapitre",
    "cita ",
    "citar ",
    "citeer ",
    "cytuj",
    "webbref",
    "bokref",
    "tidningsref",
    "tidskriftsref",
    "kilde ",
    "viite",
    "verkkoviite",
    "cit ",
    "vcite",
    "harvard reference",
    "web kaynağı",
    "haber kaynağı",
    "kitap kaynağı",
    "cite web",
    "книга",
    "статья",
    "публикация",
    "cita pub",
];

const URL: &[&str] = &[
    "url",
    "article-url",
    "chapter-url",
    "chapterurl",
    "contribution-url",
    "section-url",
    "entry-url",
    "online",
    "lire en ligne",
    "urlchapter",
    "url-chapter",
    "ссылка",
    "adres",
    "www",
    "link",
    "conference-url",
    "map-url",
    "transcript-url",
    "urlcapítulo",
    "bağlantı",
];
const ARCHIVE: &[&str] = &[
    "archive-url",
    "archiveurl",
    "archiv-url",
    "archiv url",
    "archive url",
    "urlarchivo",
    "urlarchivio",
    "arquivourl",
    "arquivo-url",
    "archief-url",
    "archiefurl",
    "archiwum",
    "arkivurl",
    "archive-url",
    "arşivurl",
    "url-archivo",
];
const TITLE: &[&str] = &[
    "title",
    "titel",
    "titre",
    "título",
    "titulo",
    "titolo",
    "tytuł",
    "tittel",
    "заглавие",
    "название",
    "başlık",
    "trans-title",
    "script-title",
    "nimeke",
    "rubrik",
    "otsikko",
];
const PART: &[&str] = &[
    "chapter",
    "contribution",
    "entry",
    "article",
    "kapitel",
    "titre chapitre",
    "capítulo",
    "capitolo",
    "section",
];
const WORK: &[&str] = &[
    "work",
    "website",
    "newspaper",
    "journal",
    "magazine",
    "periodical",
    "werk",
    "sammelwerk",
    "site",
    "périodique",
    "sitioweb",
    "obra",
    "periódico",
    "sito",
    "jornal",
    "revista",
    "издание",
    "czasopismo",
    "opublikowany",
    "tidning",
    "encyclopedia",
    "rivista",
    "conference",
    "book-title",
];
const PUBLISHER: &[&str] = &[
    "publisher",
    "hrsg",
    "verlag",
    "éditeur",
    "editorial",
    "editore",
    "editora",
    "издательство",
    "wydawca",
    "utgivare",
    "agency",
    "institution",
    "publicado",
    "yayıncı",
];
const DATE: &[&str] = &[
    "date",
    "datum",
    "année",
    "fecha",
    "año",
    "data",
    "anno",
    "ano",
    "дата",
    "год",
    "rok",
    "år",
    "year",
    "jahr",
    "tarih",
    "publication-date",
];
const YEAR: &[&str] = &[
    "year", "date", "jahr", "datum", "année", "date", "año", "fecha", "anno", "data", "ano", "год",
    "rok", "år",
];
const AUTHOR: &[&str] = &[
    "author",
    "authors",
    "autor",
    "auteur",
    "autore",
    "автор",
    "författare",
    "yazar",
    "vauthors",
    "autori",
    "people",
];
const LAST: &[&str] = &[
    "last",
    "surname",
    "nom",
    "apellidos",
    "apellido",
    "cognome",
    "último",
    "sobrenome",
    "nazwisko",
    "efternamn",
    "soyadı",
    "nachname",
];
const FIRST: &[&str] = &[
    "first", "given", "prénom", "nombre", "nome", "primeiro", "imię", "förnamn", "ad", "vorname",
];

/// Identifiers that resolve to an address.
const IDENTIFIERS: &[(&str, &str, &str)] = &[
    ("doi", "doi:", "https://doi.org/"),
    ("arxiv", "arXiv:", "https://arxiv.org/abs/"),
    ("eprint", "arXiv:", "https://arxiv.org/abs/"),
    ("pmid", "PMID ", "https://pubmed.ncbi.nlm.nih.gov/"),
    (
        "pmc",
        "PMC ",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC",
    ),
    ("jstor", "JSTOR ", "https://www.jstor.org/stable/"),
    ("hdl", "hdl:", "https://hdl.handle.net/"),
    ("bibcode", "Bibcode:", "https://ui.adsabs.harvard.edu/abs/"),
    ("ssrn", "SSRN ", "https://ssrn.com/abstract="),
];

/// Whether a template describes a source.
pub(super) fn is_source(template: &Template<'_>) -> bool {
    let name = template.name.as_str();
    if name.starts_with("infobox")
        || matches!(
            name,
            "citation needed" | "cite needed" | "citation needed span" | "citation bloc"
        )
    {
        return false;
    }
    let has_title = template.text(TITLE).is_some();
    let has_address = template.address(URL).is_some() || template.address(ARCHIVE).is_some();
    let is_named = NAMES.iter().any(|start| name.starts_with(start));
    (is_named && (has_title || has_address || template.text(&["doi", "arxiv", "pmid"]).is_some()))
        || (has_title && has_address)
}

/// The link that an identifier template (`{{doi|…}}`) makes: its words and its address.
pub(super) fn identifier(template: &Template<'_>) -> Option<(String, String)> {
    let (_, words, resolver) = IDENTIFIERS
        .iter()
        .find(|(name, _, _)| *name == template.name)?;
    let id = template.text(&["1", "id", "eprint"])?;
    let id = id.strip_prefix("PMC").unwrap_or(id);
    is_id(id).then(|| (format!("{words}{id}"), format!("{resolver}{id}")))
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() < 300
        && !id.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '[' | '<' | '|'))
}

/// Names and year as short notes have them: "Smith Jones 2010".
pub(super) fn key_of<'a>(names: impl Iterator<Item = &'a str>, year: &str) -> Option<String> {
    let mut key = String::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()).take(5) {
        if name.len() > 100 {
            return None;
        }
        key.push_str(&name.to_lowercase());
        key.push(' ');
    }
    let digits: String = year
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(12)
        .collect();
    if key.is_empty() {
        return None;
    }
    key.push_str(&digits);
    Some(key)
}

/// The year in a date as people write it, with the letter that tells two apart.
fn year_in(date: &str) -> &str {
    for (at, _) in date.char_indices() {
        let Some(year) = date.get(at..at + 4) else {
            break;
        };
        let is_number = year.bytes().all(|b| b.is_ascii_digit());
        let before = date[..at].ends_with(|c: char| c.is_ascii_digit());
        if is_number && !before {
            let letter = date[at + 4..].starts_with(|c: char| c.is_ascii_lowercase());
            return date.get(at..at + 4 + usize::from(letter)).unwrap_or(year);
        }
    }
    ""
}

impl<'a> Reader<'a> {
    /// Writes what a template says of its source; gives its key.
    pub(super) fn write_source(&mut self, template: &Template<'a>) -> Option<String> {
        let names = self.people(template);
        let mut families = Vec::new();
        let mut people = Vec::new();
        for (family, given) in &names {
            families.push(family.as_str());
            people.push(match given.is_empty() {
                true => family.clone(),
                false => format!("{family}, {given}"),
            });
        }
        self.sentence(&people.join("; "));
        let url = template.address(URL).or_else(|| template.address(ARCHIVE));
        let part = template.first(PART).cloned();
        let title = template.first(TITLE).cloned();
        let start = self.flow().here();
        for (index, parameter) in part.iter().chain(title.iter()).enumerate() {
            if index > 0 {
                self.flow().words(". ");
            }
            self.render(parameter.range.clone());
        }
        if let Some(url) = url {
            let words = self.flow().text.len() > start;
            if !words {
                self.flow().words(&url);
            }
            self.flow().link(url, start);
        }
        self.flow().words(". ");
        for names in [WORK, PUBLISHER, DATE] {
            if let Some(parameter) = template.first(names).cloned() {
                self.render(parameter.range);
                self.flow().words(". ");
            }
        }
        for (name, words, resolver) in IDENTIFIERS {
            let Some(id) = template.text(&[name]).filter(|id| is_id(id)) else {
                continue;
            };
            let id = id.strip_prefix("PMC").unwrap_or(id);
            let flow = self.flow();
            let start = flow.here();
            flow.words(&format!("{words}{id}"));
            flow.link(format!("{resolver}{id}"), start);
            flow.space();
        }
        if let Some(quote) = template
            .first(&["quote", "zitat", "extrait", "cita", "citazione", "citação"])
            .cloned()
            && quote.is_named
        {
            self.flow().words(" “");
            self.render(quote.range);
            self.flow().words("” ");
        }
        let year = template.text(YEAR).map(year_in).unwrap_or("");
        let said = template.text(&["ref"]).and_then(harvard_id);
        said.or_else(|| key_of(families.into_iter(), year))
    }

    /// Family and given names, numbered as people number them.
    fn people(&mut self, template: &Template<'a>) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for number in 0..6_u32 {
            let numbered = |names: &[&str]| {
                names.iter().find_map(|name| {
                    let key = match number {
                        0 => (*name).to_owned(),
                        number => format!("{name}{number}"),
                    };
                    template.first(&[&key]).cloned()
                })
            };
            let family = numbered(LAST).or_else(|| numbered(AUTHOR));
            let Some(family) = family else {
                continue;
            };
            let given = numbered(FIRST);
            let family = self.words_of(family.range);
            let given = given
                .map(|given| self.words_of(given.range))
                .unwrap_or_default();
            found.push((family, given));
        }
        found
    }

    fn sentence(&mut self, words: &str) {
        if !words.is_empty() {
            self.flow().words(words);
            self.flow()
                .words(if words.ends_with('.') { " " } else { ". " });
        }
    }
}

/// The key in `ref={{sfnref|Smith|2010}}`.
fn harvard_id(value: &str) -> Option<String> {
    let inner = value.strip_prefix("{{")?.strip_suffix("}}")?;
    let mut parts = inner.split('|');
    let name = parts.next()?.trim().to_lowercase();
    if !matches!(name.as_str(), "sfnref" | "harvid" | "citeref") {
        return None;
    }
    let mut parts: Vec<&str> = parts.filter(|part| !part.contains('=')).collect();
    let year = parts.pop().unwrap_or("");
    key_of(parts.into_iter(), year)
}
