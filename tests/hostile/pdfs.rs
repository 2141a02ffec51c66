//! PDFs whose objects refer to each other in circles, and those with too much of anything.

use crate::{sized, survives};

/// A PDF of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[String]) -> Vec<u8> {
    let streams: Vec<Vec<u8>> = objects
        .iter()
        .map(|body| body.clone().into_bytes())
        .collect();
    pdf_of_bytes(&streams)
}

fn pdf_of_bytes(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, body) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).bytes());
        out.extend(body);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend(trailer.bytes());
    out
}

fn stream(dictionary: &str, content: &str) -> String {
    format!(
        "<< {dictionary} /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

const TEXT: &str = "BT /F 12 Tf 72 700 Td (Rain fell on nine days.) Tj ET";
const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/// A page with text and an annotation; object 3 is the page, 4 its text, 5 the font, 6 the annotation.
fn page_with(annotation: &str, others: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /Names << /Dests 7 0 R >> >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> /Annots [6 0 R] >>".to_owned(),
        stream("", TEXT),
        FONT.to_owned(),
        annotation.to_owned(),
    ];
    objects.extend(others.iter().map(|text| (*text).to_owned()));
    pdf(&objects)
}

const LINK: &str = "/Type /Annot /Subtype /Link /Rect [72 690 300 715]";

#[test]
fn a_sound_one_is_read() {
    let bytes = page_with(
        &format!("<< {LINK} /A << /S /URI /URI (https://a.example/x) >> >>"),
        &["<< /Names [] >>"],
    );
    let outcome = survives("sound.pdf", &bytes);
    assert_eq!((outcome.error, outcome.citations), (None, 1));
}

#[test]
fn chains_of_actions_may_be_circles() {
    let bytes = page_with(
        &format!("<< {LINK} /A 7 0 R >>"),
        &[
            "<< /S /GoTo /D [3 0 R /Fit] /Next [8 0 R 7 0 R] >>",
            "<< /S /JavaScript /Next 7 0 R >>",
        ],
    );
    survives("actions.pdf", &bytes);
    // Each of thirty actions is followed by the next one twice: a thousand million ways through.
    let chain: Vec<String> = (0..30)
        .map(|n| format!("<< /S /GoTo /Next [{0} 0 R {0} 0 R] >>", n + 8))
        .collect();
    let chain: Vec<&str> = chain.iter().map(String::as_str).collect();
    survives(
        "tree-of-actions.pdf",
        &page_with(&format!("<< {LINK} /A 7 0 R >>"), &chain),
    );
    let long: Vec<String> = (0..sized(100_000))
        .map(|n| format!("<< /S /GoTo /Next {} 0 R >>", n + 8))
        .collect();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    survives(
        "chain-of-actions.pdf",
        &page_with(&format!("<< {LINK} /A 7 0 R >>"), &long),
    );
}

#[test]
fn names_may_be_circles() {
    let to_name = format!("<< {LINK} /A << /S /GoTo /D (x) >> >>");
    for names in [
        "<< /Kids [7 0 R 7 0 R] >>",
        "<< /Kids [8 0 R 8 0 R] /Limits [(a) (z)] >>",
        "<< /Names [(x) 7 0 R] >>",
        "<< /Names [(x) (x)] >>",
    ] {
        let bytes = page_with(&to_name, &[names, "<< /Kids [7 0 R 7 0 R] >>"]);
        survives("names.pdf", &bytes);
    }
    let kids: Vec<String> = (0..30)
        .map(|n| format!("<< /Kids [{0} 0 R {0} 0 R] /Limits [(a) (z)] >>", n + 8))
        .collect();
    let kids: Vec<&str> = kids.iter().map(String::as_str).collect();
    survives("tree-of-names.pdf", &page_with(&to_name, &kids));
}

#[test]
fn the_tree_of_pages_may_be_a_circle() {
    for kids in [
        "<< /Type /Pages /Kids [2 0 R] /Count 1 >>",
        "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2147483647 >>",
        "<< /Type /Pages /Parent 2 0 R /Kids [] /Count -1 >>",
    ] {
        let bytes = pdf(&[
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            kids.to_owned(),
            "<< /Type /Pages /Parent 3 0 R /Kids [2 0 R 3 0 R] /Count 1 >>".to_owned(),
        ]);
        survives("pages.pdf", &bytes);
    }
    // Thirty levels of two: a thousand million pages, all of them the same.
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    for level in 0..30 {
        let kid = level + 3;
        objects.push(format!(
            "<< /Type /Pages /Kids [{kid} 0 R {kid} 0 R] /Count {} >>",
            1_u64 << (30 - level)
        ));
    }
    objects.push(format!(
        "<< /Type /Page /Parent 31 0 R /MediaBox [0 0 612 792] /Contents {} 0 R /Resources << /Font << /F {} 0 R >> >> >>",
        33, 34
    ));
    objects.push(stream("", TEXT));
    objects.push(FONT.to_owned());
    survives("doubling-pages.pdf", &pdf(&objects));
    // A page tree a hundred thousand levels deep.
    let depth = sized(100_000);
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    objects
        .extend((0..depth).map(|n| format!("<< /Type /Pages /Kids [{} 0 R] /Count 1 >>", n + 3)));
    objects.push("<< /Type /Page /MediaBox [0 0 612 792] >>".to_owned());
    survives("deep-pages.pdf", &pdf(&objects));
}

#[test]
fn streams_may_hold_themselves() {
    let holder = "<< /Type /Catalog /Pages 2 0 R >>";
    for objects in [
        vec![
            holder.to_owned(),
            stream(
                "/Type /ObjStm /N 1 /First 4 /Extends 2 0 R",
                "2 0 << /Type /Pages /Kids [] >>",
            ),
        ],
        vec![
            holder.to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Contents 4 0 R /MediaBox [0 0 9 9] >>".to_owned(),
            "<< /Length 4 0 R >>\nstream\nBT ET\nendstream".to_owned(),
        ],
        vec![
            holder.to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Contents [3 0 R 4 0 R 4 0 R] /MediaBox 5 0 R /Resources 5 0 R >>"
                .to_owned(),
            stream("/Filter 4 0 R /DecodeParms 4 0 R", "BT ET"),
            "5 0 R".to_owned(),
        ],
    ] {
        survives("streams.pdf", &pdf(&objects));
    }
    // Sections of the cross-reference table that lead back to themselves.
    let mut bytes = pdf(&[
        holder.to_owned(),
        "<< /Type /Pages /Kids [] /Count 0 >>".to_owned(),
    ]);
    let at = bytes.windows(5).position(|w| w == b"xref\n").unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    for key in ["/Prev", "/XRefStm"] {
        bytes = text
            .replace("/Size", &format!("{key} {at} /Size"))
            .into_bytes();
        survives("xref.pdf", &bytes);
    }
}

#[test]
fn a_form_may_draw_itself() {
    let form = |content: &str, resources: &str| {
        stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F 5 0 R >> /XObject << {resources} >> >>"
            ),
            content,
        )
    };
    let page = |others: Vec<String>| {
        let mut objects = vec![
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>".to_owned(),
            stream("", &format!("{TEXT} /X Do")),
            FONT.to_owned(),
        ];
        objects.extend(others);
        pdf(&objects)
    };
    survives(
        "form.pdf",
        &page(vec![form("/X Do /X Do /X Do", "/X 6 0 R")]),
    );
    // Ten times ten times ten … the same words.
    let ten = "/X Do ".repeat(10);
    let mut forms: Vec<String> = (0..12)
        .map(|n| form(&ten, &format!("/X {} 0 R", n + 7)))
        .collect();
    forms.push(form(TEXT, ""));
    survives("forms.pdf", &page(forms));
}

#[test]
fn ten_thousand_pages_are_read() {
    let count = sized(10_000);
    let kids: String = (0..count).map(|n| format!("{} 0 R ", n + 5)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{kids}] /Count {count} /MediaBox [0 0 612 792] /Resources << /Font << /F 4 0 R >> >> >>"
        ),
        stream("", TEXT),
        FONT.to_owned(),
    ];
    objects.extend((0..count).map(|_| {
        format!("<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Annots [<< {LINK} /A << /S /URI /URI (https://a.example/x) >> >>] >>")
    }));
    let outcome = survives("pages.pdf", &pdf(&objects));
    assert_eq!((outcome.error, outcome.citations), (None, count));
}

#[test]
fn a_stream_may_be_a_bomb() {
    use flate2::{Compress, Compression, FlushCompress};
    for piece in [
        "(Rain fell.) Tj ".repeat(4096),
        "q ".repeat(32_768),
        "[ ".repeat(32_768),
        "<< ".repeat(20_000),
        "( ".repeat(32_768),
        " ".repeat(65_536),
    ] {
        // Zlib's header, and deflated blocks laid end to end.
        let mut packed = vec![0x78, 0x01];
        let mut deflater = Compress::new(Compression::best(), false);
        let mut chunk = Vec::with_capacity(1 << 20);
        deflater
            .compress_vec(piece.as_bytes(), &mut chunk, FlushCompress::Full)
            .unwrap();
        for _ in 0..sized(4 << 30) / piece.len() {
            packed.extend(&chunk);
        }
        let mut body = format!(
            "<< /Filter /FlateDecode /Length {} >>\nstream\n",
            packed.len()
        )
        .into_bytes();
        body.extend(&packed);
        body.extend(b"\nendstream");
        let objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>".to_vec(),
            FONT.as_bytes().to_vec(),
            body,
        ];
        survives("bomb.pdf", &pdf_of_bytes(&objects));
    }
}

#[test]
fn deep_values_do_not_overflow() {
    for (open, close) in [
        ("[", "]"),
        ("<< /A ", " >>"),
        ("(", ")"),
        ("[<< /A [", "]>>]"),
    ] {
        for closings in [0, sized(100_000)] {
            let value = format!("{}1{}", open.repeat(sized(100_000)), close.repeat(closings));
            let bytes = page_with(&format!("<< {LINK} /A {value} >>"), &[&value]);
            survives("deep.pdf", &bytes);
            let bytes = pdf(&[
                "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>"
                    .to_owned(),
                stream("", &format!("{value} Tj")),
            ]);
            survives("deep-content.pdf", &bytes);
        }
    }
}
