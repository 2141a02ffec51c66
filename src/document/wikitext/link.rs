//! Links of wikitext: to pages, to files, to the web.
//!
//! **In:** the range within `[[…]]` or from `[`. **Out:** words, a caption, or a link.
//! **Not here:** addresses that stand bare.

use super::reader::Reader;
use super::template::{absolute, parts};
use crate::document::BlockKind;
use std::ops::Range;

/// Names of the namespace of files, in the large wikis.
const FILES: &[&str] = &[
    "file",
    "image",
    "media",
    "datei",
    "bild",
    "fichier",
    "archivo",
    "imagen",
    "immagine",
    "ficheiro",
    "imagem",
    "bestand",
    "afbeelding",
    "plik",
    "grafika",
    "файл",
    "изображение",
    "fil",
    "tiedosto",
    "dosya",
    "resim",
    "fitxer",
    "soubor",
    "kép",
    "ファイル",
    "画像",
    "文件",
    "ملف",
    "קובץ",
];
/// Names of the namespace of categories.
const CATEGORIES: &[&str] = &[
    "category",
    "kategorie",
    "catégorie",
    "categoría",
    "categoria",
    "categorie",
    "kategoria",
    "категория",
    "kategori",
    "luokka",
    "kategória",
    "категорія",
    "カテゴリ",
    "分类",
    "تصنيف",
    "קטגוריה",
];
/// Options of pictures that are no caption.
const OPTIONS: &[&str] = &[
    "thumb",
    "thumbnail",
    "mini",
    "miniatur",
    "vignette",
    "miniatura",
    "miniaturadeimagen",
    "frame",
    "framed",
    "frameless",
    "border",
    "left",
    "right",
    "center",
    "none",
    "links",
    "rechts",
    "zentriert",
    "gauche",
    "droite",
    "centre",
    "izquierda",
    "derecha",
    "centro",
    "destra",
    "sinistra",
    "upright",
    "hochkant",
    "redresse",
    "baseline",
    "middle",
    "top",
    "sub",
    "super",
    "text-top",
    "bottom",
    "мини",
    "слева",
    "справа",
    "rand",
    "ohne",
    "gerahmt",
    "cadre",
    "esquerda",
    "direita",
    "verticale",
];

impl Reader<'_> {
    /// `[[page|words]]`, `[[File:…|thumb|caption]]`, `[[Category:…]]`
    pub(super) fn internal(&mut self, range: Range<usize>) {
        let parts = parts(self.source, &self.pairs, range.clone());
        let first = parts
            .first()
            .map_or(range.clone(), |(part, _)| part.clone());
        let target = self.source.get(first.clone()).unwrap_or("").trim();
        if target.starts_with("http://") || target.starts_with("https://") {
            // Two brackets too many for a link to the web; what is meant is plain.
            let end = target.find(char::is_whitespace).unwrap_or(target.len());
            let url = target[..end].replace("&amp;", "&");
            let words = match parts.get(1) {
                Some((words, _)) => words.start..range.end,
                None => first.start + end..first.end,
            };
            return self.outer_link(url, words);
        }
        let space = target
            .split_once(':')
            .map(|(space, _)| space.trim().to_lowercase());
        if let Some(space) = &space {
            if FILES.contains(&space.as_str()) {
                return self.picture(&parts[1..]);
            }
            if CATEGORIES.contains(&space.as_str()) {
                return;
            }
            // "[[de:Regen]]" leads to the page's sister in another language.
            let is_language = (2..=3).contains(&space.len())
                && space.bytes().all(|b| b.is_ascii_lowercase())
                && parts.len() == 1
                && self.stands_alone(&range);
            if is_language {
                return;
            }
        }
        match parts.get(1) {
            // "[[Mercury (planet)|]]" prints "Mercury".
            Some((words, _)) if words.is_empty() => {
                let name = target.split(" (").next().unwrap_or(target);
                let name = name.rsplit(':').next().unwrap_or(name);
                self.flow().words(name);
            }
            Some((words, _)) => self.render(words.start..range.end),
            None => {
                let words = target.strip_prefix(':').unwrap_or(target);
                self.flow().words(&words.replace("&nbsp;", " "));
            }
        }
    }

    /// Whether a link has its line for itself.
    fn stands_alone(&self, range: &Range<usize>) -> bool {
        let before = self
            .source
            .get(..range.start.saturating_sub(2))
            .unwrap_or("");
        let after = self.source.get(range.end + 2..).unwrap_or("");
        (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with('\n'))
    }

    fn picture(&mut self, parts: &[(Range<usize>, Option<usize>)]) {
        let Some((caption, equals)) = parts.last().cloned() else {
            return;
        };
        let text = self.source.get(caption.clone()).unwrap_or("").trim();
        let lower = text.to_lowercase();
        let is_size =
            lower.ends_with("px") && lower.starts_with(|c: char| c.is_ascii_digit() || c == 'x');
        let option = equals.is_some_and(|at| {
            let name = self.source.get(caption.start..at).unwrap_or("").trim();
            matches!(
                name,
                "alt"
                    | "link"
                    | "upright"
                    | "lang"
                    | "class"
                    | "page"
                    | "thumbtime"
                    | "hochkant"
                    | "title"
            )
        });
        if text.is_empty() || is_size || option || OPTIONS.contains(&lower.as_str()) {
            return;
        }
        if self.is_in_note() {
            return;
        }
        if self.flow().has_words() {
            self.enter(BlockKind::Caption);
            self.render(caption);
            if let Some(flow) = self.leave() {
                self.captions.push(flow);
            }
            return;
        }
        self.begin(BlockKind::Caption);
        self.render(caption);
        self.flow().end_block();
    }

    /// `[https://… words]`: the address, the range of its words, and where it ends.
    pub(super) fn external(
        &mut self,
        at: usize,
        end: usize,
    ) -> Option<(String, Range<usize>, usize)> {
        if at < self.no_bracket {
            return None;
        }
        let rest = self.source.get(at + 1..end)?;
        let bytes = rest.as_bytes();
        let length = rest.find(|c: char| {
            c.is_whitespace() || matches!(c, ']' | '[' | '<' | '>' | '"' | '{' | '|')
        })?;
        let length = rest[..length].find("''").unwrap_or(length);
        let mut close = length;
        loop {
            match bytes.get(close) {
                Some(b']') => break,
                None | Some(b'\n') => {
                    // No link that begins later in this line closes either.
                    self.no_bracket = at + 1 + close;
                    return None;
                }
                Some(b'[' | b'{' | b'<') => {
                    let inner = at + 1 + close;
                    let skipped = self.pairs.end_of(inner).filter(|skipped| *skipped <= end);
                    close = skipped.map_or(close + 1, |skipped| skipped - at - 1);
                }
                Some(_) => close += 1,
            }
        }
        let url = absolute(&rest[..length].replace("&amp;", "&"));
        Some((url, at + 1 + length..at + 1 + close, at + 1 + close + 1))
    }

    pub(super) fn outer_link(&mut self, url: String, words: Range<usize>) {
        let start = self.flow().here();
        let text = self.source.get(words.clone()).unwrap_or("");
        self.render(words.end - text.trim_start().len()..words.end);
        if self.flow().text.len() <= start {
            self.flow().words(&url);
        }
        self.flow().link(url, start);
    }
}
