//! What can be opened a hundred thousand times and is never closed.

use crate::{sized, survives};

const DEEP: usize = 100_000;

fn nested(name: &str, head: &str, open: &str, middle: &str, close: &str, tail: &str) {
    let depth = sized(DEEP);
    for closings in [0, depth] {
        let text = format!(
            "{head}{}{middle}{}{tail}",
            open.repeat(depth),
            close.repeat(closings)
        );
        survives(name, text.as_bytes());
    }
}

#[test]
fn html() {
    for tag in [
        "div", "span", "b", "a", "table", "ul", "font", "svg", "template", "select", "p", "cite",
    ] {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        nested("a.html", "<html><body>", &open, "Rain fell.", &close, "");
    }
    nested(
        "b.html",
        "<html>",
        "<table><tr><td>",
        "x",
        "</td></tr></table>",
        "",
    );
    nested("c.html", "<html>", "<a href=x><b>", "x", "</a></b>", "");
    nested("d.html", "<html><p>", "<!--", "x", "-->", "");
    nested("e.html", "<html><p ", "a=\"'<", "x", ">", "");
    nested("f.html", "<html><p>", "&amp", "x", ";", "");
    nested("g.html", "<html><p>", "<blockquote><q>", "x", "</q>", "");
    nested("h.html", "<html><p>", "</p>", "x", "</b>", "");
}

#[test]
fn markdown() {
    for (open, close) in [
        (">", ""),
        ("> ", ""),
        ("[", "](https://a.example/)"),
        ("[", "]"),
        ("![", "](x)"),
        ("[^", "]"),
        ("*", "*"),
        ("**a ", "b** "),
        ("_a ", "_"),
        ("~~", "~~"),
        ("`", "`"),
        ("`a``", ""),
        ("<", ">"),
        ("<div>", "</div>"),
        ("- ", ""),
        ("1. ", ""),
        ("|", "|"),
        ("(", ")"),
        ("&", ";"),
        ("\\", ""),
        ("<!--", "-->"),
        ("<?", "?>"),
        ("[a](", ")"),
        ("[a](<", ">)"),
        ("[a]: x '", "'"),
    ] {
        nested("a.md", "", open, "rain", close, "\n");
    }
    nested("b.md", "a | b\n--|--\n", "|", "x", "|", "\n");
    nested("c.md", "", "- a\n\n ", "x", "", "");
}

#[test]
fn latex() {
    for (open, close) in [
        ("{", "}"),
        ("\\emph{", "}"),
        ("\\footnote{a ", "}"),
        ("\\href{https://a.example/}{", "}"),
        ("\\begin{itemize}\\item ", "\\end{itemize}"),
        ("\\begin{quote}", "\\end{quote}"),
        ("\\begin{", "}"),
        ("\\verb", "|"),
        ("$", "$"),
        ("\\[", "\\]"),
        ("\\cite[", "]"),
        ("\\cite{a,", "}"),
        ("\\newcommand{\\a}{", "}"),
        ("\\if", "\\fi "),
        ("%", "\n"),
        ("\\", ""),
    ] {
        nested(
            "a.tex",
            "\\documentclass{article}\\begin{document}",
            open,
            "rain",
            close,
            "",
        );
    }
}

#[test]
fn latex_macros_that_multiply() {
    let mut text = String::from("\\documentclass{article}\n\\newcommand{\\ma}{rain }\n");
    for letter in 'b'..='z' {
        let before = char::from_u32(u32::from(letter) - 1).unwrap();
        let ten = format!("\\m{before} ").repeat(10);
        text.push_str(&format!("\\newcommand{{\\m{letter}}}{{{ten}}}\n"));
    }
    text.push_str("\\newcommand{\\loop}{x \\loop \\loop}\n\\def\\self{\\self}\n");
    for call in ["\\mz", "\\loop", "\\self", "\\input{a}", "\\include{a.tex}"] {
        let whole = format!("{text}\\begin{{document}}\nRain {call} fell.\n\\end{{document}}\n");
        survives("a.tex", whole.as_bytes());
    }
}

#[test]
fn bibtex() {
    for (open, close) in [
        ("{", "}"),
        ("\"", "\""),
        ("@article{a, title = {", "}}"),
        ("@string{a = ", "}"),
        ("a # ", ""),
        ("\\'{", "}"),
    ] {
        nested(
            "a.bib",
            "@article{key, title = {",
            open,
            "rain",
            close,
            "}}\n",
        );
    }
    let mut text = String::from("@string{a0 = \"rain \"}\n");
    for level in 1..40 {
        let before = level - 1;
        text.push_str(&format!("@string{{a{level} = a{before} # a{before}}}\n"));
    }
    text.push_str("@article{key, title = a39, url = {https://a.example/}}\n");
    text.push_str("@article{k1, crossref = {k2}}\n@article{k2, crossref = {k1}}\n");
    survives("b.bib", text.as_bytes());
}

#[test]
fn wikitext() {
    for (open, close) in [
        ("{{", "}}"),
        ("{{cite web|url=", "}}"),
        ("{", "}"),
        ("[[", "]]"),
        ("[[File:a|", "]]"),
        ("[", "]"),
        ("[https://a.example/ ", "]"),
        ("<ref>", "</ref>"),
        ("<ref name=a>", "</ref>"),
        ("<div>", "</div>"),
        ("<!--", "-->"),
        ("''", "''"),
        ("'''", "'''"),
        ("{|\n|-\n|", "|}\n"),
        ("*", ""),
        (":", ""),
        ("=", "="),
        ("<nowiki>", "</nowiki>"),
        ("{{{", "}}}"),
    ] {
        let head = "== Rain ==\n'''Rain''' is [[water]].\n";
        nested("a.wiki", head, open, "rain", close, "\n");
    }
}

#[test]
fn rtf() {
    for (open, close) in [
        ("{", "}"),
        ("{\\footnote ", "}"),
        (
            "{\\field{\\*\\fldinst HYPERLINK \"https://a.example/\"}{\\fldrslt ",
            "}}",
        ),
        ("{\\*\\x ", "}"),
        ("\\u-999999999 ", ""),
        ("\\bin999999999 ", ""),
        ("\\'", ""),
        ("\\trowd\\intbl ", "\\cell\\row "),
    ] {
        nested("a.rtf", "{\\rtf1\\ansi ", open, "rain", close, "}");
    }
}

#[test]
fn json() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        nested(
            "a.ipynb",
            "{\"nbformat\":4,\"cells\":",
            open,
            "1",
            close,
            "}",
        );
        nested(
            "a.json",
            "[{\"id\":\"x\",\"type\":\"book\",\"title\":",
            open,
            "1",
            close,
            "}]",
        );
        nested(
            "b.json",
            "{\"pandoc-api-version\":[1,23],\"meta\":{},\"blocks\":",
            open,
            "1",
            close,
            "}",
        );
    }
    nested(
        "c.json",
        "{\"pandoc-api-version\":[1,23],\"meta\":{},\"blocks\":[",
        "{\"t\":\"BlockQuote\",\"c\":[",
        "{\"t\":\"HorizontalRule\"}",
        "]}",
        "]}",
    );
}

#[test]
fn text_and_addresses() {
    for (open, close) in [
        ("(", ")"),
        ("https://a.example/(", ")"),
        ("http://", ""),
        ("www.", ""),
        ("a.", ""),
        ("“", "”"),
        ("\u{c}", ""),
        ("1. ", ""),
        ("https://web.archive.org/web/2020/", ""),
        ("https://a.example/?u=https%3A%2F%2F", ""),
        ("[1]", ""),
        ("hxxp://a[.]", ""),
        ("doi:10.1/", ""),
        ("\u{301}", ""),
        ("\u{202e}", ""),
        ("Dr. ", ""),
        ("…", ""),
        ("!?", ""),
    ] {
        nested("a.txt", "Rain fell. ", open, "rain", close, "\n");
        nested("a.urls", "https://a.example/\n", open, "rain", close, "\n");
    }
}
