//! Lines of a page that come and go whatever its author does: the date of the day, counters,
//! advertisements, links to what is read elsewhere.
//!
//! **In:** a line and those before it. **Out:** whether it is passing. **Not here:** facts.
//! A line that only a reader who knows the claim could tell from a fact ("17 visitors") may be
//! called passing: what became of a claim's own passage is asked apart, letter by letter.

use unicode_segmentation::UnicodeSegmentation;

/// Reads a page's lines in order and tells those that are passing.
#[derive(Debug, Default)]
pub(super) struct Passing {
    /// Lines that an advertisement's label still covers.
    advertised: usize,
    /// Lines that a heading over links still covers.
    linked: usize,
}

/// Lines under a heading such as "Most read" that are its links, at most.
const MAX_LINKED: usize = 12;
/// Words of a line that is more than a teaser.
const PROSE: usize = 12;
/// Words of a line that is only a date, a counter, a label.
const MAX_LABEL: usize = 10;

impl Passing {
    /// Whether the next line is passing.
    pub(super) fn next(&mut self, line: &str) -> bool {
        let words: Vec<String> = line
            .unicode_words()
            .take(MAX_LABEL.max(PROSE) + 1)
            .map(str::to_lowercase)
            .collect();
        let label = words.len() <= MAX_LABEL;
        let advertised = std::mem::take(&mut self.advertised) > 0;
        if label && is_one_of(ADVERTISED, &words) {
            self.advertised = 1;
            return true;
        }
        if label && is_one_of(ELSEWHERE, &words) {
            self.linked = MAX_LINKED;
            return true;
        }
        let prose = words.len() >= PROSE && line.ends_with(['.', '!', '?', '”', '"', '。', '…']);
        if prose {
            self.linked = 0;
        }
        if self.linked > 0 {
            self.linked -= 1;
            return true;
        }
        advertised || advertisement(line) || (label && (date(&words, line) || counter(&words)))
    }
}

/// "Advertisement: …" in one line.
fn advertisement(line: &str) -> bool {
    let Some((label, _)) = line.split_once([':', '–', '—', '|']) else {
        return false;
    };
    let words: Vec<String> = label
        .unicode_words()
        .take(4)
        .map(str::to_lowercase)
        .collect();
    words.len() < 4 && is_one_of(ADVERTISED, &words)
}

fn is_one_of(labels: &str, words: &[String]) -> bool {
    listed(labels, &words.join(" "))
}

/// Whether a list, set apart by `|`, has a word.
fn listed(list: &str, word: &str) -> bool {
    list.split('|').any(|known| known == word)
}

/// Only a date or a day, with the words that go with one: "Wednesday, 25 November 2026", "Last updated 3 May".
fn date(words: &[String], line: &str) -> bool {
    let number = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        let ending = word.len() - digits.len();
        (!digits.is_empty() && ending <= 3)
            && digits
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | ':' | ','))
    };
    let han = |word: &str| {
        word.chars()
            .all(|c| "年月日星期今天更新于一二三四五六七八九十周週曜火水木金土昨".contains(c))
    };
    let named = |word: &str| listed(DAYS, word) || listed(MONTHS, word);
    let known = |word: &str| number(word) || named(word) || han(word) || listed(BESIDE_DATES, word);
    // "2026-05-03" and "3.5.2026" are three numbers; one number alone is no date.
    let numbers = words
        .iter()
        .filter(|word| number(word))
        .map(|word| word.split('.').count())
        .sum::<usize>();
    let dated = numbers == 3
        || (numbers > 0 && line.contains('©'))
        || words.iter().any(|word| named(word))
        || (numbers > 0 && words.iter().any(|word| !number(word)));
    dated && words.iter().all(|word| known(word))
}

/// Only a count of visits and the like: "Views: 1,204", "You are visitor no. 10234".
fn counter(words: &[String]) -> bool {
    let number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'k' | 'm'))
    };
    words.iter().any(|word| number(word))
        && words.iter().any(|word| listed(COUNTED, word))
        && words
            .iter()
            .all(|word| number(word) || listed(COUNTED, word) || listed(BESIDE_COUNTS, word))
}

const ADVERTISED: &str = "ad|ads|advert|advertisement|advertisements|advertising|advertorial|sponsored|\
    sponsored content|sponsored link|sponsored links|paid content|paid post|promoted|\
    partner content|anzeige|werbung|gesponsert|publicité|annonce|contenu sponsorisé|\
    publicidad|anuncio|patrocinado|publicidade|pubblicità|sponsorizzato|advertentie|reklame|\
    reklam|annons|annonsørinnhold|mainos|reklama|реклама|广 告|広 告";

/// Headings over links to other pages.
const ELSEWHERE: &str = "related|related articles|related article|related stories|related story|related links|\
    related posts|related content|related news|related topics|related pages|read more|\
    read next|read also|more stories|more news|more from|more on this story|more on this|\
    more like this|most read|most popular|most viewed|most shared|popular posts|popular now|\
    recent posts|recommended|recommended for you|recommended reading|you may also like|\
    you might also like|trending|trending now|latest news|latest stories|latest posts|\
    top stories|up next|in other news|mehr zum thema|das könnte sie auch interessieren|\
    das könnte dich auch interessieren|meistgelesen|meist gelesen|ähnliche artikel|\
    ähnliche beiträge|weitere artikel|weitere themen|neueste beiträge|lesen sie auch|\
    à lire aussi|lire aussi|sur le même sujet|les plus lus|articles liés|\
    articles similaires|te puede interesar|también te puede interesar|noticias relacionadas|\
    artículos relacionados|lo más leído|lo más visto|leggi anche|potrebbe interessarti|\
    articoli correlati|i più letti|leia também|veja também|mais lidas|lees ook|\
    meer over dit onderwerp|meest gelezen|les også|les mer|mest lest|läs också|läs mer|\
    mest läst|læs også|mest læste";

const MONTHS: &str = "january|february|march|april|may|june|july|august|september|october|november|december|\
    januar|februar|märz|mai|juni|juli|oktober|dezember|jänner|janvier|février|mars|avril|\
    juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|\
    junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|gennaio|febbraio|\
    aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|\
    junho|julho|setembro|outubro|novembro|dezembro|januari|februari|maart|mei|augustus|maj|\
    augusti|desember|marts|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez|des|\
    января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря";

const DAYS: &str = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|\
    montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|\
    mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|\
    domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|mandag|tirsdag|onsdag|\
    torsdag|fredag|lørdag|søndag|måndag|tisdag|lördag|söndag|maandag|dinsdag|woensdag|\
    donderdag|vrijdag|zaterdag|zondag";

const BESIDE_DATES: &str = "today|today's|date|is|it|it's|last|page|updated|update|modified|changed|reviewed|\
    generated|retrieved|accessed|on|at|of|as|the|am|pm|utc|gmt|cet|cest|est|edt|pst|pdt|\
    copyright|c|heute|ist|der|den|stand|zuletzt|aktualisiert|geändert|uhr|le|mise|à|jour|\
    dernière|aujourd'hui|hoy|actualizado|última|actualización|el|de|del|oggi|aggiornato|il|\
    oppdatert|sist|uppdaterad|senast|vandaag|bijgewerkt";

const COUNTED: &str = "views|view|viewed|visits|visit|visitors|visitor|hits|hit|reads|readers|likes|like|\
    comments|comment|shares|share|followers|subscribers|downloads|clicks|replies|upvotes|\
    online|aufrufe|besucher|besuche|kommentare|leser|vues|visites|visiteurs|commentaires|\
    visitas|visitantes|comentarios|lecturas|visualizzazioni|visite|commenti|besøk|besøkende|\
    kommentarer|visninger|просмотров|просмотры";

const BESIDE_COUNTS: &str = "total|number|no|of|today|now|so|far|you|are|the|this|page|times|seen|read|guests|users|\
    since|and|s|sie|sind|nummer|nr|heute|insgesamt|seite|fois|veces|volte|ganger";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_and_goes_is_told_from_text() {
        fn check(line: &str, expected: bool) {
            assert_eq!(Passing::default().next(line), expected, "{line}");
        }
        check("Wednesday, 25 November 2026", true);
        check("Last updated: 3 May 2026 at 14:05 UTC", true);
        check("Mittwoch, 3. Mai 2026", true);
        check("2026年5月3日 星期三", true);
        check("© 2026", true);
        check("Views: 1,204", true);
        check("Viewed 1204 times", true);
        check("You are visitor no. 10234", true);
        check("Advertisement: Shoes for half the money", true);
        check("Anzeige", true);
        check("17 people died on 3 May 2026", false);
        check("The bridge was closed on 3 May 2026.", false);
        check("Ads were the paper's main income: they paid for it", false);
        check("Market 17", false);
        check("17", false);
        check("3.5.2026", true);
        check("It has views over the lake", false);
        check("", false);
    }

    #[test]
    fn a_label_covers_what_stands_under_it() {
        let mut passing = Passing::default();
        let lines = [
            ("The bridge was closed.", false),
            ("Advertisement", true),
            ("Shoes for half the money", true),
            ("The ferry sails again.", false),
            ("Most read", true),
            ("A cat climbs the town hall", true),
            ("Mayor resigns", true),
            (
                "In the end the council of the town decided to build the bridge anew in May.",
                false,
            ),
            ("It costs five million.", false),
        ];
        for (line, expected) in lines {
            assert_eq!(passing.next(line), expected, "{line}");
        }
    }
}
