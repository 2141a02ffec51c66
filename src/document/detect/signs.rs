//! What a text shows of its format: how it opens, and what stands in it.
//!
//! An *opening* is a signature: a text that begins so is of that format whatever its
//! name says. *Signs* are habits, counted; they decide for texts without a telling name.

use super::Kind;
use super::kind::{DOCBOOK, FICTION_BOOK, JATS, OPML};
use crate::document::latex;

/// The types of entries that a BibTeX or BibLaTeX file opens with (BibLaTeX manual 3.20, 2.1).
const ENTRY_TYPES: &[&str] = &[
    "article",
    "book",
    "mvbook",
    "inbook",
    "bookinbook",
    "suppbook",
    "booklet",
    "collection",
    "mvcollection",
    "incollection",
    "dataset",
    "manual",
    "misc",
    "online",
    "electronic",
    "www",
    "patent",
    "periodical",
    "suppperiodical",
    "proceedings",
    "mvproceedings",
    "inproceedings",
    "conference",
    "reference",
    "inreference",
    "report",
    "techreport",
    "set",
    "software",
    "thesis",
    "mastersthesis",
    "phdthesis",
    "unpublished",
    "video",
    "audio",
    "movie",
    "image",
    "legislation",
    "string",
    "preamble",
    "comment",
    "xdata",
];

/// The types of items in CSL 1.0.2, appendix III.
const CSL_TYPES: &[&str] = &[
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "document",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
];

/// The format that a text plainly opens as. `head` is its beginning, `bytes` the whole.
pub(super) fn opening(head: &str, bytes: &[u8]) -> Option<Kind> {
    match head.chars().next()? {
        '<' => xml(head),
        '{' | '[' => json(head, bytes),
        'T' if is_ris_start(head) => Some(Kind::Ris),
        '@' | '%' | '\\' => bibtex(head).or_else(|| latex_document(head)),
        _ if provider_ris(head) => Some(Kind::Ris),
        _ => None,
    }
}

/// By the root element, behind declarations, comments and instructions.
fn xml(head: &str) -> Option<Kind> {
    let mut rest = head;
    let mut doctype = "";
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->")?.1;
        } else if let Some(after) = rest.strip_prefix("<?") {
            rest = after.split_once('>')?.1;
        } else if rest.starts_with("<!") {
            let end = rest.find('>')?;
            let subset = rest.find('[').filter(|open| *open < end);
            let end = match subset {
                Some(open) => open + rest.get(open..)?.find("]>")? + 1,
                None => end,
            };
            doctype = rest.get(..end)?;
            rest = rest.get(end + 1..)?;
            if starts_with(doctype, "<!doctype html") {
                return Some(Kind::Html);
            }
        } else {
            break;
        }
    }
    let tag = rest.get(..rest.find('>').unwrap_or(rest.len()))?;
    let name: String = tag
        .chars()
        .skip(1)
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect();
    let says = |words: &str| tag.contains(words) || doctype.contains(words);
    match name.rsplit(':').next().unwrap_or("") {
        "html" | "head" | "body" => Some(Kind::Html),
        "opml" => Some(Kind::Pandoc(&OPML)),
        "fictionbook" => Some(Kind::Pandoc(&FICTION_BOOK)),
        _ if says("docbook.org/ns/docbook") || says("//DTD DocBook") => {
            Some(Kind::Pandoc(&DOCBOOK))
        }
        "article" | "book" if says("JATS") || says("//NLM//DTD") || says("dtd-version=") => {
            Some(Kind::Pandoc(&JATS))
        }
        "article" if rest.contains("<front>") && rest.contains("<article-meta>") => {
            Some(Kind::Pandoc(&JATS))
        }
        _ => None,
    }
}

/// By its keys. A quotation mark within a string is escaped, so `"nbformat"` with both
/// of its own is a key or a whole value.
fn json(head: &str, bytes: &[u8]) -> Option<Kind> {
    let holds = |key: &str| head.contains(key);
    if head.starts_with('{') {
        if holds("\"pandoc-api-version\"") || ends_with_key(bytes, "\"pandoc-api-version\"") {
            return Some(Kind::PandocTree);
        }
        let cells = holds("\"cells\"") || holds("\"worksheets\"");
        // The number of the format stands first or last, as the writer sorts its keys.
        if cells && (holds("\"nbformat\"") || ends_with_key(bytes, "\"nbformat\"")) {
            return Some(Kind::Notebook);
        }
    }
    let tells = [
        "\"issued\"",
        "\"date-parts\"",
        "\"container-title\"",
        "\"accessed\"",
        "\"citation-key\"",
        "\"DOI\"",
        "\"URL\"",
    ];
    let is_csl = tells.iter().any(|key| holds(key))
        && head.match_indices("\"type\"").take(16).any(|(at, key)| {
            let value = head.get(at + key.len()..).unwrap_or("").trim_start();
            let value = value.strip_prefix(':').unwrap_or("").trim_start();
            let value = value.strip_prefix('"').unwrap_or("");
            CSL_TYPES.contains(&value.split('"').next().unwrap_or(""))
        });
    is_csl.then_some(Kind::CslJson)
}

fn ends_with_key(bytes: &[u8], key: &str) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(4096)..);
    tail.is_some_and(|tail| {
        tail.windows(key.len())
            .any(|window| window == key.as_bytes())
    })
}

/// `TY  - JOUR`, the first tag of an entry.
fn is_ris_start(line: &str) -> bool {
    let rest = line.strip_prefix("TY").unwrap_or("");
    let dash = rest.trim_start_matches(' ');
    dash.len() < rest.len() && dash.starts_with("- ")
}

/// Some publishers say who they are before the first entry.
fn provider_ris(head: &str) -> bool {
    let lines = head.lines().filter(|line| !line.trim().is_empty());
    lines.take(12).any(is_ris_start) && head.lines().any(|line| line.starts_with("ER  -"))
}

/// `@article{`, behind comments.
fn bibtex(head: &str) -> Option<Kind> {
    let first = uncommented(head)?;
    let (name, _) = first.strip_prefix('@')?.split_once(['{', '('])?;
    let name = name.trim().to_ascii_lowercase();
    ENTRY_TYPES.contains(&name.as_str()).then_some(Kind::Bibtex)
}

/// A command first, and the class of the document or its begin soon after.
fn latex_document(head: &str) -> Option<Kind> {
    let opens = uncommented(head)?.starts_with('\\')
        && ["\\documentclass", "\\documentstyle", "\\begin{document}"]
            .iter()
            .any(|command| head.contains(command));
    opens.then_some(Kind::Latex)
}

/// The first line that is no comment of TeX.
fn uncommented(head: &str) -> Option<&str> {
    head.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('%'))
}

/// Signs of a piece of LaTeX: several of its commands, and a line that begins with one.
/// Prose about LaTeX has them within its lines.
pub(super) fn latex(head: &str) -> bool {
    let commands = head.lines().any(|line| {
        let rest = line.trim_start().strip_prefix('\\');
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    });
    commands && latex::looks_like_latex(head)
}

/// Signs of HTML without `<html>`: a tag first, and several of the common ones.
pub(super) fn html(head: &str) -> bool {
    const TAGS: &[&str] = &[
        "<p>", "<p ", "</p>", "<div", "</div>", "<a ", "</a>", "<br", "<li", "<h1",
    ];
    let lower = head.to_ascii_lowercase();
    let tags: usize = TAGS.iter().map(|tag| lower.matches(tag).count()).sum();
    head.starts_with('<') && tags >= 4
}

/// Signs of MediaWiki's markup: a reference, a template of one, or a heading, and one sign more.
pub(super) fn wikitext(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    let any = |signs: &[&str]| signs.iter().any(|sign| lower.contains(sign));
    let noted = any(&[
        "<ref>",
        "<ref name",
        "{{cite ",
        "{{citation",
        "{{reflist",
        "{{sfn",
    ]);
    let heading = head.lines().any(|line| {
        let line = line.trim_end();
        let inner = line.strip_prefix("==").and_then(|l| l.strip_suffix("=="));
        inner.is_some_and(|inner| inner.chars().any(char::is_alphanumeric))
    });
    let linked = head
        .split("[[")
        .skip(1)
        .any(|rest| rest.split('\n').next().is_some_and(|l| l.contains("]]")));
    let bold = head.contains("'''");
    let template = head.contains("{{") && head.contains("}}");
    let signs = [noted, heading, linked, bold, template];
    (noted || heading) && signs.iter().filter(|sign| **sign).count() >= 2
}

/// Signs of Markdown: links or notes in its way, and one sign more.
pub(super) fn markdown(head: &str) -> bool {
    // Pages are a thing of dumps from PDF, whose lines Markdown would take for its own.
    if head.contains('\u{c}') {
        return false;
    }
    let links = head.matches("](http").count() + head.matches("](<http").count();
    let (mut definitions, mut headings, mut fences) = (0, 0, 0);
    for line in head.lines() {
        let line = line.trim_start_matches([' ', '>']);
        let marks = line.len() - line.trim_start_matches('#').len();
        headings += usize::from((1..=6).contains(&marks) && line[marks..].starts_with(' '));
        fences += usize::from(line.starts_with("```") || line.starts_with("~~~"));
        let defined = line.strip_prefix('[').and_then(|l| l.split_once("]:"));
        definitions += usize::from(defined.is_some_and(|(label, target)| {
            let target = target.trim_start().trim_start_matches('<');
            label.starts_with('^') || starts_with(target, "http")
        }));
    }
    let front = front_matter(head);
    (links + definitions > 0)
        && links.min(2) + definitions.min(2) + headings.min(1) + fences.min(1) + usize::from(front)
            >= 2
}

/// `key: value` between two lines of `---` at the very beginning.
fn front_matter(head: &str) -> bool {
    let Some((matter, _)) = head
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---"))
    else {
        return false;
    };
    matter.lines().any(|line| {
        line.split_once(':')
            .is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '))
    })
}

/// ASCII case put aside.
fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}
