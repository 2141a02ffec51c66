//! Entities of XML: that multiply, and that name files.

use crate::survives;

#[path = "../support/packages.rs"]
mod made;

/// An entity of a thousand million others (known as "billion laughs").
fn laughs() -> String {
    let mut entities = String::from("<!ENTITY e0 \"rain\">");
    for level in 1..10 {
        let ten = format!("&e{};", level - 1).repeat(10);
        entities.push_str(&format!("<!ENTITY e{level} \"{ten}\">"));
    }
    entities
}

/// One entity that is long, and used often ("quadratic blow-up").
fn long_entity() -> String {
    format!("<!ENTITY e9 \"{}\">", "rain ".repeat(20_000))
}

/// An XML document of each format that is XML inside, with these declarations and this text.
fn documents(declarations: &str, text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let doctype = |root: &str| format!("<?xml version=\"1.0\"?><!DOCTYPE {root} [{declarations}]>");
    let word = format!(
        "{}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>Rain fell. {text}</w:t></w:r></w:p></w:body></w:document>",
        doctype("w:document")
    );
    let office = format!(
        "{}<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text><text:p>Rain fell. {text}</text:p></office:text></office:body></office:document-content>",
        doctype("office:document-content")
    );
    let page = format!(
        "{}<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Rain fell. {text}</p></body></html>",
        doctype("html")
    );
    vec![
        ("entities.docx", made::docx(word.as_bytes())),
        ("entities.odt", made::odt(office.as_bytes())),
        ("entities.epub", made::epub(page.as_bytes())),
        ("entities.fodt", office.into_bytes()),
        ("entities.html", page.into_bytes()),
    ]
}

#[test]
fn entities_do_not_multiply() {
    let often = "&e9;".repeat(20_000);
    for (declarations, text) in [(laughs(), "&e9;"), (long_entity(), often.as_str())] {
        for (name, bytes) in documents(&declarations, text) {
            survives(name, &bytes);
        }
    }
}

#[test]
fn entities_do_not_read_files() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "umbrella-7319").unwrap();
    let path = secret.display();
    let declarations = [
        format!("<!ENTITY e9 SYSTEM \"file://{path}\">"),
        format!("<!ENTITY e9 SYSTEM \"{path}\">"),
        format!("<!ENTITY % p SYSTEM \"file://{path}\"> %p;<!ENTITY e9 \"x\">"),
    ];
    for declarations in declarations {
        for (name, bytes) in documents(&declarations, "&e9; [x](https://a.example/)") {
            let outcome = survives(name, &bytes);
            assert!(!outcome.report.contains("umbrella"), "{name}");
        }
    }
}
