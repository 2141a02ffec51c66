//! What templates print.
//!
//! **In:** a template call. **Out:** its words, a note, an entry, or nothing.
//! **Not here:** how a source is described (`cite`). A template that is not known
//! prints nothing, but the notes in it are kept, with the words that they stand on.

use super::cite;
use super::reader::Reader;
use super::template::Template;
use crate::document::BlockKind;
use std::ops::Range;

/// Templates that name a source by author and year.
const SHORT: &[&str] = &[
    "sfn",
    "sfnp",
    "sfnm",
    "harv",
    "harvnb",
    "harvp",
    "harvtxt",
    "harvsp",
    "harvcol",
    "harvcolnb",
    "snf",
    "harvard citation",
    "harvard citation no brackets",
    "citeref",
    "sfn.",
    "harvcoltxt",
    "leg",
];
/// Templates that are a note.
const NOTES: &[&str] = &[
    "#tag:ref",
    "refn",
    "efn",
    "efn-ua",
    "efn-la",
    "efn-lr",
    "notetag",
    "cref2",
    "note",
    "footnote",
    "nota",
    "#tag:nota",
];
/// Parameters that hold the definitions of notes.
const DEFINITIONS: &[&str] = &[
    "refs",
    "références",
    "references",
    "notes",
    "referencias",
    "примечания",
];

impl<'a> Reader<'a> {
    pub(super) fn template(&mut self, range: Range<usize>) {
        let template = Template::of(self.source, &self.pairs, range);
        let name = template.name.as_str();
        if SHORT.contains(&name) {
            return self.short_note(&template);
        }
        if NOTES.contains(&name) {
            if let Some(content) = template.unnamed().next() {
                let name = template
                    .text(&["name"])
                    .map(|name| name.trim_matches('"').to_owned());
                let group = template
                    .text(&["group"])
                    .map(|group| group.trim_matches('"').to_owned());
                self.note(name, group, Some(content.range.clone()));
            }
            return;
        }
        if matches!(name, "r" | "ref name") {
            let names: Vec<String> = template.unnamed().map(|one| one.text.to_owned()).collect();
            for name in names {
                self.note(Some(name), None, None);
            }
            return;
        }
        if let Some(definitions) = template.first(DEFINITIONS).filter(|one| one.is_named) {
            let range = definitions.range.clone();
            self.enter(BlockKind::Paragraph);
            self.render(range);
            self.leave();
            return;
        }
        if let Some((words, url)) = cite::identifier(&template) {
            let flow = self.flow();
            let start = flow.here();
            flow.words(&words);
            flow.link(url, start);
            return;
        }
        if cite::is_source(&template) {
            return self.source_entry(&template);
        }
        if !self.prose(&template) {
            self.unknown(&template);
        }
    }

    fn source_entry(&mut self, template: &Template<'a>) {
        let is_entry = !self.is_in_note() && self.tables() == 0 && !self.flow().has_words();
        let key = self.write_source(template);
        if let Some(label) = self.inside.last().cloned() {
            if let Some(key) = key {
                self.keys.entry(key).or_insert(label);
            }
        } else if is_entry {
            let label = key.unwrap_or_else(|| self.next_entry());
            self.flow().turn_into(BlockKind::Reference(label));
        } else if let (Some(key), BlockKind::Reference(label)) = (key, self.flow().kind().clone()) {
            self.keys.entry(key).or_insert(label);
        }
    }

    fn short_note(&mut self, template: &Template<'a>) {
        let mut keys = Vec::new();
        if template.name == "sfnm" {
            for number in 1..=6_u32 {
                let year = template.text(&[&format!("{number}y")]).unwrap_or("");
                let names: Vec<&str> = (1..=4_u32)
                    .filter_map(|author| template.text(&[&format!("{number}a{author}")]))
                    .collect();
                keys.extend(cite::key_of(names.into_iter(), year));
            }
        } else {
            let mut names: Vec<&str> = template.unnamed().map(|one| one.text).collect();
            let year = names.pop().unwrap_or("");
            if self.is_in_note() || template.name.ends_with("txt") {
                let words = names.join(", ");
                self.flow().words(&format!("{words} {year}"));
            }
            keys.extend(cite::key_of(names.into_iter(), year));
        }
        for key in keys {
            self.short.insert(key.clone());
            self.flow().mark(key);
        }
    }

    /// Templates whose words belong to the sentence; false for all others.
    fn prose(&mut self, template: &Template<'a>) -> bool {
        let name = template.name.as_str();
        let unnamed: Vec<Range<usize>> = template.unnamed().map(|one| one.range.clone()).collect();
        let nth = |index: usize| unnamed.get(index).cloned();
        let text = |index: usize| {
            nth(index)
                .and_then(|range| self.source.get(range))
                .unwrap_or("")
                .to_owned()
        };
        match name {
            "nbsp" | "space" | "spaces" => self.flow().space(),
            "snd" | "spnd" | "sndash" | "spaced ndash" | "spaced en dash" => {
                self.flow().words(" – ")
            }
            "ndash" | "en dash" => self.flow().words("–"),
            "mdash" | "em dash" | "—" => self.flow().words("—"),
            "'" | "apostrophe" => self.flow().words("’"),
            "!" => self.flow().words("|"),
            "=" => self.flow().words("="),
            "convert" | "cvt" | "konvert" | "unité" | "unit" | "val" | "unidad" => {
                let mut words = vec![text(0)];
                // {{convert|5|to|9|km}} is a range.
                if matches!(
                    text(1).as_str(),
                    "-" | "–" | "to" | "and" | "by" | "x" | "or"
                ) {
                    words.extend([text(1), text(2), text(3)]);
                } else {
                    words.push(text(1));
                }
                if let Some(unit) = template.text(&["u", "ul"]) {
                    words.push(unit.to_owned());
                }
                let words = words.join(" ").replace(" - ", "–").replace(" – ", "–");
                self.flow().words(words.trim());
            }
            "quote" | "blockquote" | "cquote" | "quotation" | "quote box" | "zitat"
            | "citation bloc" | "cita" | "cytat" | "citazione" | "bq" | "block quotation"
            | "citat" | "цитата" | "başka" => {
                let said = template
                    .first(&["text", "quote", "zitat", "texto", "1", "testo", "contenu"])
                    .map(|one| one.range.clone());
                let Some(said) = said else {
                    return true;
                };
                let inline = self.is_in_note() || self.tables() > 0;
                if !inline {
                    self.begin(BlockKind::Quote);
                }
                self.render(said);
                for name in ["2", "author", "autor", "source", "3"] {
                    if let Some(by) = template.first(&[name]).map(|one| one.range.clone()) {
                        self.flow().words(" — ");
                        self.render(by);
                    }
                }
                if !inline {
                    self.flow().end_block();
                }
            }
            "url" | "official website" | "official url" | "official site" | "official"
            | "webarchive" => {
                let Some(url) = template
                    .address(&["1", "url"])
                    .or_else(|| bare_host(&text(0)))
                else {
                    return true;
                };
                let flow = self.flow();
                let start = flow.here();
                match (nth(1), name) {
                    (Some(words), "url") => self.render(words),
                    (_, "url" | "webarchive") => flow.words(&url),
                    _ => flow.words("Official website"),
                }
                self.flow().link(url, start);
            }
            "as of" | "since" => {
                let word = if name == "since" { "since" } else { "As of" };
                let parts: Vec<String> = (0..3).rev().map(text).collect();
                self.flow()
                    .words(&format!("{word} {}", parts.join(" ").trim()));
            }
            "start date" | "end date" | "start date and age" | "birth date" | "death date"
            | "birth date and age" | "dts" => {
                let parts: Vec<String> = (0..3)
                    .map(text)
                    .take_while(|part| !part.is_empty())
                    .collect();
                self.flow().words(&parts.join("-"));
            }
            "circa" | "c." | "ca." | "c" => {
                self.flow().words("c. ");
                if let Some(range) = nth(0) {
                    self.render(range);
                }
            }
            "us$" | "usd" | "a$" | "c$" | "€" | "£" | "eur" | "gbp" | "$" => {
                let sign = match name {
                    "us$" | "usd" => "US$",
                    "a$" => "A$",
                    "c$" => "C$",
                    "€" | "eur" => "€",
                    "£" | "gbp" => "£",
                    _ => "$",
                };
                self.flow().words(sign);
                if let Some(range) = nth(0) {
                    self.render(range);
                }
            }
            "displaytitle" => self.title = Some(text(0)),
            _ if name.starts_with("displaytitle:") => {
                let words = name["displaytitle:".len()..].trim().to_owned();
                self.title = (!words.is_empty()).then_some(words);
            }
            "lang" | "langue" | "lien" | "langx" | "transl" | "transliteration" | "color"
            | "font color" | "colored" | "sprache" | "lengua" => {
                // The last one is the word; those before say in which language or colour.
                let words = if name == "lien" {
                    nth(0)
                } else {
                    nth(1).or_else(|| nth(0))
                };
                if let Some(range) = words {
                    self.render(range);
                }
            }
            _ if name.starts_with("lang-") => {
                if let Some(range) = nth(0) {
                    self.render(range);
                }
            }
            "nowrap" | "nobr" | "small" | "smaller" | "big" | "larger" | "sic" | "abbr"
            | "abbreviation" | "tooltip" | "ill" | "interlanguage link" | "formatnum"
            | "visible anchor" | "vanchor" | "em" | "strong" | "smallcaps" | "sc" | "sup"
            | "sub" | "var" | "mvar" | "math" | "linktext" | "title case" | "ship" | "ss"
            | "uss" | "hms" | "quote inline" | "\"'" | "'\"" | "nw" | "not a typo"
            | "proper name" | "script" | "unicode" | "ipa" | "nihongo" | "zh" | "w" | "siècle"
            | "date" | "as written" | "typo" | "okina" | "italics" | "bold" | "underline" | "s"
            | "mono" | "code" | "tlx" | "keypress" | "nobold" | "no bold" | "noitalic"
            | "highlight" | "blue" | "red" | "green" => {
                if let Some(range) = nth(0) {
                    self.render(range);
                }
            }
            _ if name.starts_with("formatnum:")
                || name.starts_with("lc:")
                || name.starts_with("uc:") =>
            {
                let words = name
                    .split_once(':')
                    .map_or("", |(_, words)| words)
                    .to_owned();
                self.flow().words(&words);
            }
            "refbegin" | "refend" | "div col" | "div col end" | "clear" | "-" | "toc limit" => {
                self.flow().end_block()
            }
            "plainlist" | "unbulleted list" | "ubl" | "flatlist" | "hlist" | "bulleted list"
            | "columns-list" | "div col list" => {
                for range in unnamed {
                    self.render_blocks(range);
                    self.flow().space();
                }
            }
            _ => return false,
        }
        true
    }

    /// Notes in a template that we know nothing of stand on the words of its parameters.
    fn unknown(&mut self, template: &Template<'a>) {
        let is_apart = !self.flow().has_words() && !self.is_in_note() && self.tables() == 0;
        for parameter in &template.parameters {
            let has_note = ["<ref", "{{sfn", "{{efn", "{{refn", "{{r|"]
                .iter()
                .any(|note| parameter.text.contains(note));
            if !has_note {
                continue;
            }
            if is_apart {
                self.begin(BlockKind::TableCell);
                if parameter.is_named {
                    let name = parameter.name.replace('_', " ");
                    self.flow().words(&format!("{name}: "));
                }
                self.render(parameter.range.clone());
                self.flow().end_block();
            } else {
                self.render(parameter.range.clone());
            }
        }
    }
}

/// `{{URL|example.org}}` needs no scheme.
fn bare_host(text: &str) -> Option<String> {
    let looks = text.contains('.')
        && text.is_ascii()
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '[' | '<' | '|'));
    looks.then(|| format!("https://{text}"))
}
