//! Plain text, as people and converters write it.
//!
//! **In:** characters. **Out:** a [`Document`] whose hard-wrapped lines are joined
//! again, whose pages and page lists are found, and whose printed addresses are links.
//! **Not here:** character sets (`decode`), markup of any kind.
//!
//! Nothing in a text says where a paragraph ends. We measure the text first: how
//! wide its lines are, and whether a blank line stands between all of them. What
//! is unusual against that is a border.

pub(super) use super::address::printed;
use super::{
    Block, BlockKind, ByteSpan, Document, Format, Link, LinkKind, Place, notes, page_list, settle,
};
use std::collections::HashSet;

/// One line of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Without its line end.
    pub(super) text: &'a str,
    /// From 1.
    pub(super) number: u32,
    /// A form feed stood before it.
    pub(super) page_break: bool,
}

/// The lines of a text; a form feed ends a line without counting as one.
pub(super) fn lines_of(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut number: u32 = 0;
    for whole in text.split('\n') {
        number = number.saturating_add(1);
        for (index, text) in whole.split('\u{c}').enumerate() {
            lines.push(Line {
                text,
                number,
                page_break: index > 0,
            });
        }
    }
    lines
}

/// Reads plain text.
#[must_use]
pub fn read(text: &str) -> Document {
    let lines = lines_of(text);
    let lists = page_list::lists(&lines);
    let mut in_list = vec![false; lines.len()];
    for list in &lists {
        in_list[list.clone()].fill(true);
    }
    let layout = Layout::of(&lines, &in_list);
    let mut joiner = Joiner::new(text, &lines, layout);
    let has_pages = !lists.is_empty() || lines.iter().any(|line| line.page_break);
    joiner.page = has_pages.then_some(1);
    let mut at = 0;
    while at < lines.len() {
        if lines[at].page_break {
            joiner.end_page();
        }
        if in_list[at] {
            while at < lines.len() && in_list[at] {
                let target = lines[at].text.trim();
                if !target.is_empty() {
                    joiner.target(target);
                }
                at += 1;
                if at < lines.len() && lines[at].page_break {
                    break;
                }
            }
            joiner.list_ended = true;
            continue;
        }
        if lines[at].text.trim().is_empty() {
            joiner.blank += 1;
        } else {
            if joiner.list_ended {
                joiner.end_page();
            }
            joiner.line(lines[at]);
        }
        at += 1;
    }
    joiner.finish()
}

/// How a text sets its lines.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// Blank lines between two lines of one paragraph.
    usual_blank: usize,
    /// Characters of a full line.
    width: usize,
    /// Whether paragraphs are broken into lines at all.
    wrapped: bool,
}

impl Layout {
    fn of(lines: &[Line<'_>], in_list: &[bool]) -> Self {
        let mut lengths = Vec::new();
        // [no blank line between, one blank line between]: pairs, and those that run on.
        let mut pairs = [0_usize; 2];
        let mut running = [0_usize; 2];
        let mut before: Option<&str> = None;
        let mut blank = 0;
        for (line, listed) in lines.iter().zip(in_list) {
            let text = line.text.trim();
            if *listed {
                before = None;
                continue;
            }
            if text.is_empty() {
                blank += 1;
                continue;
            }
            lengths.push(text.chars().count());
            if let Some(before) = before
                && blank < 2
            {
                pairs[blank] += 1;
                running[blank] += usize::from(runs_on(before, text));
            }
            before = Some(text);
            blank = 0;
        }
        lengths.sort_unstable();
        let width = lengths
            .get(lengths.len().saturating_sub(1) * 95 / 100)
            .copied()
            .unwrap_or(0);
        let double = pairs[1] > pairs[0] && running[1] * 4 > pairs[1] && running[1] > running[0];
        Self {
            usual_blank: usize::from(double),
            width,
            wrapped: width <= 160,
        }
    }
}

/// Whether a sentence plainly goes on from one line to the next.
fn runs_on(line: &str, next: &str) -> bool {
    next.starts_with(char::is_lowercase) && !ends_sentence(line)
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '"', '’', '\'', '»', ')', ']'])
        .ends_with(['.', '!', '?', ':', '…', '。', '！', '？'])
}

/// Builds the document's text line by line.
struct Joiner<'a> {
    document: Document,
    layout: Layout,
    words: HashSet<&'a str>,
    block_start: usize,
    kind: BlockKind,
    block_lines: usize,
    last: &'a str,
    blank: usize,
    page: Option<u32>,
    page_start: usize,
    list_ended: bool,
    /// A page ended since the last line.
    turned: bool,
    targets: Vec<Link>,
    position: usize,
}

impl<'a> Joiner<'a> {
    fn new(text: &'a str, lines: &[Line<'a>], layout: Layout) -> Self {
        // Whether "inter-/national" lost a hyphen is told by the text's own words.
        let hyphens = lines
            .iter()
            .any(|line| ends_in_hyphen(line.text.trim_end()));
        let words = if hyphens {
            text.split(|c: char| !c.is_alphanumeric() && c != '-')
                .collect()
        } else {
            HashSet::new()
        };
        let mut document = Document::empty(Format::Text);
        document.text.reserve(text.len());
        Self {
            document,
            layout,
            words,
            block_start: 0,
            kind: BlockKind::Paragraph,
            block_lines: 0,
            last: "",
            blank: 0,
            page: None,
            page_start: 0,
            list_ended: false,
            turned: false,
            targets: Vec::new(),
            position: 0,
        }
    }

    fn target(&mut self, url: &str) {
        let end = self.document.text.len();
        self.targets.push(Link {
            certainty: 100,
            url_as_cited: url.to_owned(),
            span: ByteSpan::new(end, end),
            kind: LinkKind::PageList {
                page: self.document.pages.len(),
                position: self.position,
            },
        });
        self.position += 1;
    }

    fn end_page(&mut self) {
        let end = self.document.text.len();
        // A form feed after a list, or at the very start, turns no further page.
        if end == self.page_start && self.position == 0 {
            return;
        }
        self.document
            .pages
            .push(ByteSpan::new(self.page_start, end));
        self.page_start = end;
        self.page = self.page.map(|page| page.saturating_add(1));
        self.position = 0;
        self.list_ended = false;
        self.turned = true;
    }

    fn line(&mut self, line: Line<'a>) {
        let (item, text) = bullet(line.text.trim());
        let item = item || self.begins_entry(text);
        let border = self.is_border(item, text);
        if border {
            self.end_block();
            if !self.document.text.is_empty() {
                self.document.text.push_str("\n\n");
            }
            self.block_start = self.document.text.len();
            self.block_lines = 0;
            self.kind = if item {
                BlockKind::ListItem
            } else {
                BlockKind::Paragraph
            };
        } else if breaks_address(self.last, text, self.is_full(self.last)) {
            // What is printed on two lines is one address.
        } else if ends_in_hyphen(self.last) && text.starts_with(char::is_alphabetic) {
            self.join_hyphen(text);
        } else {
            self.document.text.push(' ');
        }
        if self.turned {
            self.page_start = self.document.text.len();
            self.turned = false;
        }
        let place = Place {
            page: self.page,
            line: Some(line.number),
        };
        self.document.places.push((self.document.text.len(), place));
        self.document.text.push_str(text);
        self.block_lines += 1;
        self.last = text;
        self.blank = 0;
    }

    /// Whether not even a short word would have fitted on this line.
    fn is_full(&self, line: &str) -> bool {
        line.chars().count() + 3 >= self.layout.width
    }

    /// Whether a line begins an entry of a list of notes: "[1] Doe", "¹ Doe". A mark that was
    /// wrapped to the next line stands inside a sentence.
    fn begins_entry(&self, text: &str) -> bool {
        let labelled = text.starts_with('[') && !text.starts_with("[[")
            || text.starts_with(['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']);
        let apart = self.blank > self.layout.usual_blank
            || ends_sentence(self.last)
            || self.last.contains("://")
            || self.last.is_empty();
        labelled && apart && notes::label(text).is_some_and(|(label, _)| label.len() < 4)
    }

    fn is_border(&self, item: bool, text: &str) -> bool {
        if self.last.is_empty() || item || !self.layout.wrapped {
            return true;
        }
        if self.blank <= self.layout.usual_blank
            && breaks_address(self.last, text, self.is_full(self.last))
        {
            return false;
        }
        let first_word = text.split_whitespace().next().unwrap_or("");
        let needed = self.last.chars().count() + 1 + first_word.chars().count();
        let lower = text.starts_with(char::is_lowercase);
        if self.turned {
            return !lower && (ends_sentence(self.last) || needed * 100 < self.layout.width * 75);
        }
        if self.blank > self.layout.usual_blank {
            return true;
        }
        // The word would have fitted: someone ended the line on purpose.
        let share = if ends_sentence(self.last) { 90 } else { 85 };
        !lower && needed * 100 < self.layout.width * share
    }

    /// Joins "so-" and "called", and "inter-" and "national" where the text itself has the
    /// word without a hyphen and never with it.
    fn join_hyphen(&mut self, text: &str) {
        let first = self
            .last
            .rsplit(|c: char| !c.is_alphanumeric() && c != '-' && c != '\u{ad}')
            .next()
            .unwrap_or("");
        let stem = first.trim_end_matches(['-', '\u{ad}', '‐']);
        let rest: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
        let joined = format!("{stem}{rest}");
        let kept = format!("{stem}-{rest}");
        let soft = self.last.ends_with('\u{ad}');
        if soft || (self.words.contains(joined.as_str()) && !self.words.contains(kept.as_str())) {
            self.document.text.pop();
            // Pages that ended with the hyphen, and the lists below them, end before it now.
            let end = self.document.text.len();
            settle::end_pages(&mut self.document.pages, &self.document.text);
            let below = self.targets.iter_mut().rev();
            for target in below.take_while(|target| target.span.end > end) {
                target.span = ByteSpan::new(end, end);
            }
        }
    }

    fn end_block(&mut self) {
        let span = ByteSpan::new(self.block_start, self.document.text.len());
        if span.is_empty() {
            return;
        }
        let text = span.of(&self.document.text);
        let short = self.block_lines <= 2 && text.len() < 120 && text.len() > 1;
        let bare = !text.ends_with(['.', '!', '?', ',', ';']) && !text.contains("://");
        let kind = match &self.kind {
            BlockKind::Paragraph if short && bare && self.layout.wrapped => BlockKind::Heading(2),
            kind => kind.clone(),
        };
        self.document.blocks.push(Block { kind, span });
    }

    fn finish(mut self) -> Document {
        self.end_block();
        if self.page.is_some() {
            self.end_page();
        }
        let mut document = self.document;
        document.title = title(&document);
        document.links = printed(&document.text)
            .map(|span| Link {
                certainty: 100,
                url_as_cited: span.of(&document.text).to_owned(),
                span,
                kind: LinkKind::Printed,
            })
            .collect();
        document.links.extend(self.targets);
        document
    }
}

/// The first block, when it is a heading; a heading that ends in a colon goes on in the next.
fn title(document: &Document) -> Option<String> {
    let mut title = String::new();
    for block in document.blocks.iter().take(2) {
        if !matches!(block.kind, BlockKind::Heading(_)) {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(block.span.of(&document.text));
        if !title.ends_with(':') {
            break;
        }
    }
    let folded = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!folded.is_empty()).then_some(folded)
}

fn ends_in_hyphen(line: &str) -> bool {
    let mut chars = line.chars().rev();
    matches!(chars.next(), Some('-' | '\u{ad}' | '‐'))
        && chars.next().is_some_and(char::is_alphabetic)
}

/// Whether a printed address was broken between these two lines; `is_full` says that the first one has no room left.
fn breaks_address(line: &str, next: &str, is_full: bool) -> bool {
    let last = line.rsplit(char::is_whitespace).next().unwrap_or("");
    let first = next.split_whitespace().next().unwrap_or("");
    let Some(begins) = last.rfind("://").or_else(|| last.rfind("www.")) else {
        return false;
    };
    if first.contains("://") || first.starts_with("www.") {
        return false;
    }
    // RFC 3986, appendix C: what stands between angle brackets is one address.
    let bracketed = last[..begins].contains('<') && !last[begins..].contains('>');
    if bracketed && first.contains('>') {
        return true;
    }
    let first = first.trim_end_matches(['.', ',', ';', ':', ')', '>', ']', '”', '"']);
    let is_part = first.contains(['/', '.', '-', '_', '=', '&', '%', '?', '#']);
    if last.ends_with(['/', '-', '_', '=', '&', '?', '%', '#', '+', '~']) {
        return is_part
            || (is_full && !last.ends_with('/') && first.contains(|c: char| c.is_ascii_digit()));
    }
    // Broken in the middle of a word, or before a sign: only where the line was full.
    let continues = first.starts_with(['/', '?', '&', '=', '_', '%', '#'])
        || (is_full
            && is_part
            && first.len() > 4
            && first.is_ascii()
            && first.contains(['/', '_', '=', '%', '.'])
            && !last.ends_with(['.', ',', ';', ')']));
    continues && !is_sentence_word(first)
}

/// "e.g.", "and/or", "U.S.": words with signs that an address has too.
fn is_sentence_word(word: &str) -> bool {
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    letters + word.matches(['.', '/']).count() == word.len()
        && word.split(['.', '/']).all(|part| part.len() <= 3)
}

/// Takes a bullet off a line; numbered items keep their number.
fn bullet(line: &str) -> (bool, &str) {
    let mut chars = line.chars();
    let first = chars.next().unwrap_or(' ');
    let rest = chars.as_str();
    let private = ('\u{e000}'..='\u{f8ff}').contains(&first);
    if private || matches!(first, '•' | '◦' | '▪' | '■' | '●' | '‣' | '·') {
        let trimmed = rest.trim_start();
        return if trimmed.is_empty() {
            (true, line)
        } else {
            (true, trimmed)
        };
    }
    if matches!(first, '-' | '*' | '+' | '–') && rest.starts_with(' ') && !rest.trim().is_empty()
    {
        return (true, rest.trim_start());
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let numbered = (1..=2).contains(&digits)
        && line[digits..].starts_with(['.', ')'])
        && line[digits + 1..].starts_with(' ');
    (numbered, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_paragraphs() {
        let check = |text: &str, expected: &str| {
            let document = read(text);
            assert_eq!(document.text, expected);
            for block in &document.blocks {
                assert!(!block.span.of(&document.text).is_empty());
            }
        };
        check(
            "The rain fell on the roof and on\nthe garden behind it all night.\n\nThen it stopped and we went out\nto look at the damage.\n",
            "The rain fell on the roof and on the garden behind it all night.\n\nThen it stopped and we went out to look at the damage.",
        );
        check(
            "The rain fell on the roof and on \n\nthe garden behind it all night. \n\n \n\nThen it stopped and we went out \n\nto look at the so-\n\ncalled damage. \n",
            "The rain fell on the roof and on the garden behind it all night.\n\nThen it stopped and we went out to look at the so-called damage.",
        );
        check("• one\n• two\n", "one\n\ntwo");
        check(
            "An international body said much here.\nIt was an inter-\nnational affair of all.",
            "An international body said much here. It was an international affair of all.",
        );
    }

    #[test]
    fn an_address_is_whole_again_after_its_lines_were_joined() {
        let check = |text: &str, expected: &[&str]| {
            let document = read(text);
            let found: Vec<_> = document
                .links
                .iter()
                .map(|link| link.url_as_cited.as_str())
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "The log of the rain is kept at https://example.org/some-\nlog/of_rain.html and nowhere else, it seems.",
            &["https://example.org/some-log/of_rain.html"],
        );
        check(
            "The log of the rain of last year is at https://example.org/\n2012/rain.pdf, as we said.",
            &["https://example.org/2012/rain.pdf"],
        );
        check(
            "The log of the rain is kept at https://example.org/reports/annualrep\nort_2012.pdf and nowhere else.",
            &["https://example.org/reports/annualreport_2012.pdf"],
        );
        check(
            "The log of the rain is kept at <https://example.org/a\nb> and nowhere else, as it seems to us.",
            &["https://example.org/ab"],
        );
        check(
            "The log of the rain of May is kept at https://example.org/log\nand/or in the house.",
            &["https://example.org/log"],
        );
        check(
            "The log of the rain of May is kept at https://example.org/log/\nbut nobody reads it.",
            &["https://example.org/log/"],
        );
        check(
            "The log of the rain is kept at https://example.org/log/of/rain\nhttps://example.org/b and there.",
            &["https://example.org/log/of/rain", "https://example.org/b"],
        );
    }

    #[test]
    fn a_sentence_runs_on_across_a_page_list() {
        let document = read(
            "The rain fell on the roof and on\nthe old\nhttps://example.org/a\nhttps://example.org/b\n garden of the house next door.\n",
        );
        assert_eq!(
            document.text,
            "The rain fell on the roof and on the old garden of the house next door."
        );
        assert_eq!(document.pages.len(), 2);
        assert_eq!(document.links.len(), 2);
        assert_eq!(
            document.links[1].kind,
            LinkKind::PageList {
                page: 0,
                position: 1
            }
        );
        let at = document.text.find("garden").unwrap();
        assert_eq!(
            document.place_at(at),
            Place {
                page: Some(2),
                line: Some(5)
            }
        );
    }

    #[test]
    fn a_word_that_is_broken_over_two_pages_belongs_to_both() {
        let document = read(
            "The rain fell on the roof and on the gar\u{ad}\nhttps://example.org/a\nhttps://example.org/b\nížden of the house next door.\n",
        );
        assert_eq!(
            document.text,
            "The rain fell on the roof and on the garížden of the house next door."
        );
        let pages: Vec<&str> = document
            .pages
            .iter()
            .map(|page| page.of(&document.text))
            .collect();
        assert_eq!(
            pages,
            [
                "The rain fell on the roof and on the gar",
                "ížden of the house next door."
            ]
        );
        let ends: Vec<usize> = document.links.iter().map(|link| link.span.start).collect();
        assert_eq!(ends, [pages[0].len(); 2]);
    }

    #[test]
    fn a_page_of_a_list_alone_ends_where_the_word_before_it_does() {
        let document = read(
            "The rain fell on the roof and on the gar\u{ad}\nhttps://example.org/a\n\u{c}https://example.org/b\n\u{c}den of the house next door.\n",
        );
        let end = "The rain fell on the roof and on the gar".len();
        let spans: Vec<_> = document.pages.iter().map(|p| (p.start, p.end)).collect();
        assert_eq!(spans, [(0, end), (end, end), (end, document.text.len())]);
    }
}
