//! What a person reads on paper, and the citations on it.

use super::*;
use crate::citation::{Basis, citations};
use crate::document::{BlockKind, Document};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Files beside a document, for tests.
#[derive(Debug, Default)]
struct Files(BTreeMap<String, String>);

impl Companions for Files {
    fn companion(&self, name: &str) -> Option<Vec<u8>> {
        Some(self.0.get(name)?.clone().into_bytes())
    }
}

fn files(given: &[(&str, &str)]) -> Files {
    Files(
        given
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
    )
}

fn blocks(document: &Document) -> Vec<(&'static str, &str)> {
    document
        .blocks
        .iter()
        .map(|block| {
            let kind = match block.kind {
                BlockKind::Heading(_) => "heading",
                BlockKind::Paragraph => "paragraph",
                BlockKind::ListItem => "item",
                BlockKind::TableCell => "cell",
                BlockKind::Caption => "caption",
                BlockKind::Quote => "quote",
                BlockKind::Code => "code",
                BlockKind::Footnote(_) => "note",
                BlockKind::Reference(_) => "reference",
            };
            (kind, block.span.of(&document.text))
        })
        .collect()
}

#[test]
fn the_words_on_paper_are_read_in_their_order() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let document = read(source, None, None);
        assert_eq!(blocks(&document), expected, "{source}");
    };
    check(
        "\\section{One \\emph{two}}\nThree\nfour.\n\nFive~six.",
        &[
            ("heading", "One two"),
            ("paragraph", "Three four."),
            ("paragraph", "Five six."),
        ],
    );
    check(
        "M\\\"{u}ller, Gauß, \\'Elan, fa\\c{c}ade, \\o{}re, na\\\"\\i ve, \\v{S}koda, Stra\\ss e, 5\\,\\% \\& more",
        &[(
            "paragraph",
            "Müller, Gauß, Élan, façade, øre, naïve, Škoda, Straße, 5 % & more",
        )],
    );
    check(
        "``Rain'' --- 1--2, it's % no\n  so. % end\n\nNext",
        &[
            ("paragraph", "“Rain” — 1–2, it’s so."),
            ("paragraph", "Next"),
        ],
    );
    check(
        "A\n\\begin{itemize}\n\\item One\n\\item[b)] Two\n\\begin{enumerate}\\item In\\end{enumerate}\n\\end{itemize}\nB",
        &[
            ("paragraph", "A"),
            ("item", "One"),
            ("item", "b) Two"),
            ("item", "In"),
            ("paragraph", "B"),
        ],
    );
    check(
        "\\begin{tabular}{l|r}\\hline A & B \\\\[2pt] \\multicolumn{2}{c}{C \\& D} \\\\ \\end{tabular}",
        &[("cell", "A"), ("cell", "B"), ("cell", "C & D")],
    );
    check(
        "\\begin{figure}[htb]\\includegraphics[width=3cm]{a.png}\\caption[S]{A \\label{f}map.}\\end{figure}",
        &[("caption", "A map.")],
    );
    check(
        "\\begin{quote}Said.\\end{quote} Then.",
        &[("quote", "Said."), ("paragraph", "Then.")],
    );
    check(
        "\\begin{verbatim}\n\\cite{x} % y\n\\end{verbatim} \\verb|a{b| c",
        &[("code", "\\cite{x} % y"), ("paragraph", "a{b c")],
    );
    check(
        "Gone\n\\documentclass{article}\\title{T}\\newcommand{\\x}[2][o]{<#1,#2>}\\begin{document}\\maketitle \\x{a} \\x[b]{c}\\end{document} after",
        &[("paragraph", "<o,a> <b,c>")],
    );
    check(
        "A\\iffalse B \\ifx C \\fi D \\else E\\fi F",
        &[("paragraph", "AEF")],
    );
    check(
        "Let $x_1^2 \\leq 5$ hold. It costs \\$5.",
        &[("paragraph", "Let x_1^2 ≤ 5 hold. It costs $5.")],
    );
    check(
        "See \\ref{a}, \\unknown[o]{words}{more}.",
        &[("paragraph", "See , wordsmore.")],
    );
    check(
        "\\def\\who#1{Dr. #1}\\who{Poe} came.",
        &[("paragraph", "Dr. Poe came.")],
    );
    check(
        "One\\footnote{Note one.\n\nMore.} two\\footnotemark. \\footnotetext{Second.}",
        &[
            ("paragraph", "One two."),
            ("note", "Note one."),
            ("note", "More."),
            ("note", "Second."),
        ],
    );
    check("}} a {{ b \\end{x} \\begin{y", &[("paragraph", "a b y")]);
}

#[test]
fn links_stand_on_their_words() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let document = read(source, None, None);
        let found: Vec<_> = document
            .links
            .iter()
            .map(|link| (link.span.of(&document.text), link.url_as_cited.as_str()))
            .collect();
        assert_eq!(found, expected, "{source}");
    };
    check(
        "The \\href{https://e.example/a\\_b\\%20c\\#d}{the \\emph{log}} of",
        &[("the log", "https://e.example/a_b%20c#d")],
    );
    check(
        "\\href{https://e.example/a%20b#c}{x}, \\url{https://e.example/a_b%20c}.",
        &[
            ("x", "https://e.example/a%20b#c"),
            ("https://e.example/a_b%20c", "https://e.example/a_b%20c"),
        ],
    );
    check(
        "\\texttt{https://e.example/a} \\nolinkurl{https://e.example/b_c} \\verb|https://e.example/code|",
        &[
            ("https://e.example/a", "https://e.example/a"),
            ("https://e.example/b_c", "https://e.example/b_c"),
        ],
    );
    check(
        "doi: \\doi{10.5555/a_b}",
        &[("doi:10.5555/a_b", "https://doi.org/10.5555/a_b")],
    );
    check("\\href{https://e.example/}{\\includegraphics{x}}", &[]);
    check(
        "\\url{https://e.example/ \\url{https://e.example/b}",
        &[
            ("https://e.example/", "https://e.example/"),
            ("https://e.example/b", "https://e.example/b"),
        ],
    );
}

#[test]
fn a_key_leads_to_its_entry() {
    let check = |source: &str,
                 given: &[(&str, &str)],
                 expected: &[(Basis, &str, &str)],
                 problems: usize| {
        let files = files(given);
        let document = read(source, Some("paper/a.tex"), Some(&files));
        assert_eq!(document.problems.len(), problems, "{:?}", document.problems);
        let (found, _) = citations(&document, &BTreeMap::new());
        let mut found: Vec<_> = found
            .iter()
            .map(|c| (c.basis, c.claim.text.as_str(), &*c.url_as_cited))
            .collect();
        // Of one claim, in the order of the test.
        found.sort_by_key(|one| expected.iter().position(|other| other == one));
        assert_eq!(found, expected, "{source}");
    };
    let bib = "@misc{a, author={Poe, Ann}, title={A}, year={2001}, url={https://e.example/a}}\n@misc{b, title={B}, doi={10.5555/b}}";
    check(
        "It rained \\cite[p.~5]{a}. It stopped.~\\parencite[see][]{a,b} \\bibliography{refs}",
        &[("refs.bib", bib)],
        &[
            (Basis::Reference, "It rained.", "https://e.example/a"),
            (Basis::Reference, "It stopped.", "https://e.example/a"),
            (Basis::Reference, "It stopped.", "https://doi.org/10.5555/b"),
        ],
        0,
    );
    check(
        "\\addbibresource{refs.bib} \\citet{a} says it rained. Two \\autocites{a}[5]{b}.",
        &[("refs.bib", bib)],
        &[
            (
                Basis::Reference,
                "Poe (2001) says it rained.",
                "https://e.example/a",
            ),
            (Basis::Reference, "Two.", "https://e.example/a"),
            (Basis::Reference, "Two.", "https://doi.org/10.5555/b"),
        ],
        0,
    );
    check(
        "Rain \\cite{k}.\\begin{thebibliography}{9}\\bibitem[P(01)]{k} Poe. \\newblock Rain. \\url{https://e.example/k}\\bibitem{l} L.\\end{thebibliography}",
        &[],
        &[(Basis::Reference, "Rain.", "https://e.example/k")],
        0,
    );
    check(
        "Rain \\cite{k}. \\bibliography{gone}",
        &[(
            "a.bbl",
            "\\begin{thebibliography}{1}\\bibitem{k}\nPoe.\n\\newblock \\href {https://e.example/k} {Rain}.\\end{thebibliography}",
        )],
        &[(Basis::Reference, "Rain.", "https://e.example/k")],
        1,
    );
    check(
        "\\hyperlink{ref-k}{Poe} saw rain. \\begin{CSLReferences}{1}{0}\n\\leavevmode\\vadjust pre{\\hypertarget{ref-k}{}}%\nPoe. \\url{https://e.example/k}\n\\end{CSLReferences}",
        &[],
        &[(Basis::Reference, "Poe saw rain.", "https://e.example/k")],
        0,
    );
    check(
        "Rain fell.\\footnote{See \\cite{a}.} Snow.\\footnotemark[1] \\bibliography{refs}",
        &[("refs.bib", bib)],
        &[
            (Basis::Reference, "Rain fell.", "https://e.example/a"),
            (Basis::Reference, "Snow.", "https://e.example/a"),
        ],
        0,
    );
    check(
        "It rained [1]. \\section*{References}\\begin{enumerate}\\item Poe, https://e.example/1\\end{enumerate}",
        &[],
        &[(Basis::Reference, "It rained [1].", "https://e.example/1")],
        0,
    );
    check(
        "Rain \\cite{k}. \\addbibresource{gone.bib}",
        &[(
            "a.bbl",
            "\\entry{k}{article}{}\n  \\name{author}{1}{}{%\n    {{hash=1}{%\n      family={Poe},\n      familyi={P\\bibinitperiod},\n      given={Ann},\n    }}%\n  }\n  \\field{title}{Rain}\n  \\field{year}{2001}\n  \\verb{url}\n  \\verb https://e.example/k_%20\n  \\endverb\n\\endentry\n",
        )],
        &[(Basis::Reference, "Rain.", "https://e.example/k_%20")],
        1,
    );
    check("Rain \\cite{k}.", &[], &[], 1);
    check(
        "\\begin{filecontents}{own.bib}\n@misc{o, title={O}, url={https://e.example/o}}\n\\end{filecontents}\nRain \\cite{o}. \\bibliography{own}",
        &[],
        &[(Basis::Reference, "Rain.", "https://e.example/o")],
        0,
    );
    check(
        "One. \\input{parts/two} \\include{a}",
        &[
            (
                "parts/two.tex",
                "Two.\\footnote{\\url{https://e.example/2}} \\input{parts/two}",
            ),
            ("a.tex", "\\input a"),
        ],
        &[(Basis::Footnote, "Two.", "https://e.example/2")],
        2,
    );
    check(
        "\\nocite{*} \\bibliography{refs}",
        &[("refs.bib", bib)],
        &[
            (
                Basis::Reference,
                "Poe, Ann. A. 2001. https://e.example/a",
                "https://e.example/a",
            ),
            (
                Basis::Reference,
                "B. doi:10.5555/b",
                "https://doi.org/10.5555/b",
            ),
        ],
        0,
    );
}

#[test]
fn a_document_says_what_it_is() {
    let check = |source: &str, title: Option<&str>, date: Option<&str>, language: Option<&str>| {
        let document = read(source, None, None);
        let found = (
            document.title.as_deref(),
            document.date.as_deref(),
            document.language.as_deref(),
        );
        assert_eq!(found, (title, date, language), "{source}");
    };
    check(
        "\\documentclass[ngerman]{article}\\usepackage[english,ngerman]{babel}\\title{Der \\textbf{Regen}\\thanks{x}}\\date{3. März 2012}\\begin{document}\"Ubel\\end{document}",
        Some("Der Regen"),
        Some("2012-03-03"),
        Some("de"),
    );
    check("\\date{\\today}\\section{S} x", Some("S"), None, None);
    check("\\date{2012-03}x", None, Some("2012-03"), None);
    check("\\date{May 2012}x", None, Some("2012-05"), None);
}

#[test]
fn latex_is_known_by_what_it_says() {
    let check = |text: &str, expected: bool| assert_eq!(looks_like_latex(text), expected, "{text}");
    check("% hi\n\\documentclass{article}", true);
    check("\\section{A} It \\emph{rained} \\cite{x}.", true);
    check("The file is C:\\section\\items.", false);
    check("Plain words.", false);
}

#[test]
fn time_is_linear_in_what_it_is_fed() {
    for piece in [
        "{",
        "\\x[",
        "\\url{",
        "\\href{",
        "\\label{",
        "\\footnote{",
        "\\begin{a}",
        "\\begin{verbatim}",
        "\\input{a}",
        "$",
        "\\cite{",
        "\\verb|",
        "%",
        "\\'",
        "\\item[",
        "\\iffalse ",
        "\\begin{tabular}{",
        "\\def\\a{\\a\\a}\\a ",
        "\\newcommand{\\b}[9]{#1#1#1#1}\\b",
        "\\end{a}",
        "\\section{",
        "\\citet{a",
    ] {
        let files = files(&[("a.tex", "\\input{b}"), ("b.tex", "\\input{a}\\input{b}")]);
        let document = read(&piece.repeat(20_000), Some("x.tex"), Some(&files));
        assert!(document.text.len() < 4 << 20, "{piece}");
    }
}

proptest! {
    #[test]
    fn any_text_gives_spans_within_it(source in "(\\\\(url|href|cite|footnote|section|item|begin|end|input|\"|'|verb|def|newcommand|caption|bibitem|title)?|\\{|\\}|\\[|\\]|document|tabular|quote|verbatim|%|&|\\$|#1|é|\n\n|\n| |a|https://e.example/|--){0,60}") {
        let files = files(&[("a.tex", "a \\input{a} {\\footnote{b")]);
        let document = read(&source, Some("x.tex"), Some(&files));
        let spans = document.blocks.iter().map(|b| b.span)
            .chain(document.links.iter().map(|l| l.span))
            .chain(document.note_refs.iter().map(|m| m.span));
        for span in spans {
            prop_assert!(document.text.get(span.start..span.end).is_some(), "{span:?}");
        }
        let mut end = 0;
        for block in &document.blocks {
            prop_assert!(block.span.start >= end && !block.span.is_empty());
            end = block.span.end;
        }
        let _ = citations(&document, &BTreeMap::new());
    }
}
