//! Notes that are found by the links of their marks alone.
//!
//! **In:** the lines that marks lead to, and the notes that were found without. **Out:** the rest
//! of them, with their lines. **Not here:** how a mark finds its line (`marks`).

use super::super::flow::{FlowLine, FlowPage};
use super::super::marks::{At, Begin};
use super::super::shapes::heads_references;
use super::{NoteLine, Notes, follows, named, running};
use std::collections::BTreeMap;

/// A note that is being read.
struct Rest<'a> {
    name: String,
    /// Its last line, and the page of that.
    last: &'a FlowLine,
    page: usize,
    /// Where the next note of its list begins: all up to there is its own.
    next: Option<At>,
    /// Whether it is an entry of a list of references.
    reference: bool,
}

impl Notes {
    /// Notes that marks lead to wherever they stand: below a chapter, or as large as its text.
    pub(super) fn elsewhere(
        &mut self,
        pages: &[FlowPage],
        apart: &[Vec<bool>],
        used: &mut BTreeMap<String, usize>,
    ) {
        let begins: Vec<Begin> = self.marks.begins().collect();
        let mut waiting = begins.iter().enumerate().peekable();
        let mut open: Option<Rest> = None;
        let mut before: Option<&FlowLine> = None;
        for (at, line) in running(pages, apart) {
            while waiting.next_if(|(_, begin)| begin.at < at).is_some() {}
            let begin = waiting.next_if(|(_, begin)| begin.at == at);
            if self.lines.contains_key(&at) {
                open = None;
            } else if let Some((index, begin)) = begin {
                let name = named(&begin.label, used);
                let again = open.as_ref().is_some_and(|open| open.next == Some(at));
                let reference = match &open {
                    Some(open) if again => open.reference,
                    _ => before.is_some_and(|line| heads_references(&line.text)),
                };
                if reference {
                    self.references.insert(name.clone());
                }
                let next = begins.get(index + 1).filter(|next| next.goes_on(begin));
                self.lines.insert(
                    at,
                    NoteLine {
                        name: name.clone(),
                        label: Some(begin.length),
                    },
                );
                open = Some(Rest {
                    name,
                    last: line,
                    page: at.0,
                    next: next.map(|next| next.at),
                    reference,
                });
            } else if let Some(rest) = &mut open {
                let below = rest.page == at.0 && follows(rest.last, line);
                if below || rest.next.is_some() {
                    self.lines.insert(
                        at,
                        NoteLine {
                            name: rest.name.clone(),
                            label: None,
                        },
                    );
                    (rest.last, rest.page) = (line, at.0);
                } else {
                    open = None;
                }
            }
            before = Some(line);
        }
    }
}
