//! Documents that are merely large: long lines, much text, a million links.

use crate::{LINKS, sized, survives};

/// A format's file name, what comes first, a piece that may be repeated, what comes last.
type Shape = (&'static str, &'static str, &'static str, &'static str);

const LINKED: &[Shape] = &[
    (
        "a.txt",
        "",
        "Rain fell, says https://a.example/x today.\n\n",
        "",
    ),
    ("a.md", "", "Rain [fell](https://a.example/x).\n\n", ""),
    (
        "b.md",
        "",
        "Rain fell[^1].\n\n[^1]: https://a.example/x\n\n",
        "",
    ),
    (
        "a.html",
        "<html><body><article>",
        "<p>Rain <a href='https://a.example/x'>fell</a> there.</p>\n",
        "</article></body></html>",
    ),
    (
        "a.tex",
        "\\documentclass{article}\\begin{document}\n",
        "Rain \\href{https://a.example/x}{fell}.\n\n",
        "\\end{document}\n",
    ),
    (
        "a.wiki",
        "== Rain ==\n",
        "Rain [https://a.example/x fell].<ref>{{cite web|url=https://a.example/x}}</ref>\n\n",
        "",
    ),
    (
        "a.rtf",
        "{\\rtf1\\ansi ",
        "Rain {\\field{\\*\\fldinst HYPERLINK \"https://a.example/x\"}{\\fldrslt fell}}.\\par ",
        "}",
    ),
    ("a.urls", "", "https://a.example/x\n", ""),
    (
        "a.bib",
        "",
        "@misc{k, title = {Rain}, url = {https://a.example/x}}\n",
        "",
    ),
    (
        "a.ris",
        "",
        "TY  - ELEC\nTI  - Rain\nUR  - https://a.example/x\nER  - \n",
        "",
    ),
    (
        "a.json",
        "[",
        "{\"id\":\"k\",\"type\":\"webpage\",\"title\":\"Rain\",\"URL\":\"https://a.example/x\"},",
        "{\"id\":\"l\",\"type\":\"webpage\"}]",
    ),
    (
        "a.ipynb",
        "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":[",
        "{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":[\"Rain [fell](https://a.example/x).\"]},",
        "{\"cell_type\":\"markdown\",\"metadata\":{},\"source\":[]}]}",
    ),
];

fn made((_, head, piece, tail): Shape, times: usize) -> Vec<u8> {
    format!("{head}{}{tail}", piece.repeat(times)).into_bytes()
}

#[test]
fn a_million_links() {
    for shape in LINKED {
        survives(shape.0, &made(*shape, LINKS));
    }
}

#[test]
fn a_million_links_in_one_paragraph() {
    for (name, head, piece, tail) in LINKED {
        if matches!(*name, "a.bib" | "a.ris" | "a.json" | "a.ipynb" | "a.urls") {
            continue;
        }
        let one = piece
            .replace("\n\n", " ")
            .replace("<p>", "")
            .replace("</p>", "");
        let one = one
            .replace("\\par ", "")
            .replace(".", "")
            .replace("aexample", "a.example");
        let text = format!("{head}{}{tail}", one.repeat(LINKS / 10));
        survives(name, text.as_bytes());
    }
}

#[test]
fn a_megabyte_in_one_line() {
    for line in [
        "rain ",
        "rain",
        "Rain fell. ",
        "\u{96e8}",
        "https://a.example/",
        "[a] (1) ",
    ] {
        for (name, head, _, tail) in LINKED {
            let text = format!("{head}{}{tail}", line.repeat((sized(1 << 20)) / line.len()));
            survives(name, text.as_bytes());
        }
    }
}

#[test]
fn fifty_megabytes_of_text() {
    for (name, head, _, tail) in LINKED {
        let prose = "Rain fell on nine days of May, as the log says. It was a wet month.\n";
        let times = sized(50 << 20) / prose.len();
        let text = format!("{head}{}{tail}", prose.repeat(times));
        survives(name, text.as_bytes());
    }
}

#[test]
fn a_hundred_thousand_page_lists() {
    let page = "Rain fell on nine days.\nhttps://a.example/x\nhttps://b.example/y\n\u{c}";
    survives("a.txt", page.repeat(LINKS / 10).as_bytes());
    let list = "https://a.example/x\n".repeat(LINKS / 10);
    let text = "Rain fell on nine days. ".repeat(sized(10_000));
    survives("b.txt", format!("{text}\n{list}").as_bytes());
}
