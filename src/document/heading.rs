//! Headings over lists of works.
//!
//! **In:** a heading's words. **Out:** what kind of list stands below. **Not here:**
//! what is a heading (the readers), what follows for a citation.

/// Headings over the list of works that the text's marks lead to, in small letters.
const REFERENCES: &[&str] = &[
    // English
    "references",
    "reference list",
    "list of references",
    "bibliography",
    "selected bibliography",
    "works cited",
    "literature",
    "literature cited",
    "sources",
    "notes",
    "notes and references",
    "references and notes",
    "sources and notes",
    "footnotes",
    "endnotes",
    "citations",
    // German
    "literatur",
    "literaturverzeichnis",
    "quellen",
    "quellenverzeichnis",
    "quellenangaben",
    "einzelnachweise",
    "anmerkungen",
    "fußnoten",
    "endnoten",
    "referenzen",
    "nachweise",
    "literatur und quellen",
    "quellen und literatur",
    // French
    "références",
    "bibliographie",
    "notes et références",
    "sources et références",
    "notes de bas de page",
    "références bibliographiques",
    // Spanish, Portuguese, Italian, Catalan
    "referencias",
    "bibliografía",
    "fuentes",
    "notas",
    "notas y referencias",
    "referencias bibliográficas",
    "referências",
    "referências bibliográficas",
    "fontes",
    "notas e referências",
    "bibliografia",
    "riferimenti",
    "riferimenti bibliografici",
    "fonti",
    "note",
    "note e riferimenti",
    "referències",
    // Dutch, Swedish, Danish, Norwegian, Finnish
    "referenties",
    "bronnen",
    "bronvermelding",
    "noten",
    "literatuur",
    "literatuurlijst",
    "referenser",
    "källor",
    "källförteckning",
    "noter",
    "litteratur",
    "fotnoter",
    "referencer",
    "kilder",
    "litteraturliste",
    "referanser",
    "fotnotar",
    "lähteet",
    "viitteet",
    "kirjallisuus",
    // Polish, Czech, Hungarian
    "przypisy",
    "bibliografia i źródła",
    "źródła",
    "literatura",
    "reference",
    "zdroje",
    "poznámky",
    "použitá literatura",
    "források",
    "jegyzetek",
    "irodalom",
    "irodalomjegyzék",
    "hivatkozások",
    // Russian, Ukrainian
    "литература",
    "источники",
    "список литературы",
    "примечания",
    "библиография",
    "сноски",
    "література",
    "джерела",
    "примітки",
    "список використаних джерел",
    // Turkish, Greek, Japanese, Chinese, Korean, Arabic
    "kaynakça",
    "kaynaklar",
    "dipnotlar",
    "βιβλιογραφία",
    "πηγές",
    "παραπομπές",
    "σημειώσεις",
    "参考文献",
    "脚注",
    "出典",
    "注",
    "注释",
    "参考资料",
    "參考文獻",
    "참고 문헌",
    "참고문헌",
    "각주",
    "المراجع",
    "مراجع",
    "المصادر",
    "الهوامش",
];

/// Headings over works that the text only points to, in small letters.
const POINTERS: &[&str] = &[
    "further reading",
    "see also",
    "external links",
    "links",
    "more information",
    "further information",
    "resources",
    "related links",
    "related articles",
    "read more",
    "recommended reading",
    "literaturhinweise",
    "weblinks",
    "siehe auch",
    "weiterführende literatur",
    "weiterführende links",
    "weitere informationen",
    "zum weiterlesen",
    "voir aussi",
    "liens externes",
    "pour en savoir plus",
    "pour aller plus loin",
    "lectures complémentaires",
    "véase también",
    "enlaces externos",
    "para saber más",
    "lecturas recomendadas",
    "más información",
    "ver também",
    "ligações externas",
    "leitura adicional",
    "vedi anche",
    "voci correlate",
    "collegamenti esterni",
    "per approfondire",
    "vegeu també",
    "enllaços externs",
    "zie ook",
    "externe links",
    "externe link",
    "verder lezen",
    "se även",
    "externa länkar",
    "vidare läsning",
    "se også",
    "eksterne henvisninger",
    "eksterne links",
    "eksterne lenker",
    "videre lesning",
    "kirjallisuutta",
    "katso myös",
    "aiheesta muualla",
    "zobacz też",
    "zobacz także",
    "linki zewnętrzne",
    "související články",
    "viz také",
    "externí odkazy",
    "lásd még",
    "további információk",
    "külső hivatkozások",
    "ссылки",
    "см. также",
    "посилання",
    "див. також",
    "ayrıca bakınız",
    "dış bağlantılar",
    "δείτε επίσης",
    "εξωτερικοί σύνδεσμοι",
    "関連項目",
    "外部リンク",
    "参见",
    "外部链接",
    "延伸阅读",
    "같이 보기",
    "외부 링크",
    "انظر أيضا",
    "وصلات خارجية",
];

/// Bytes of such a heading.
const MAX_HEADING: usize = 80;

/// What stands below a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorksList {
    /// The works that the text's marks lead to.
    References,
    /// Works that the text only points to.
    Pointers,
}

/// The list of works that a heading announces.
pub(crate) fn works_list(heading: &str) -> Option<WorksList> {
    if heading.len() > MAX_HEADING {
        return None;
    }
    let lower = heading.to_lowercase();
    let name = lower.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(
                c,
                '.' | ':' | '：' | '*' | '#' | '—' | '-' | '[' | ']' | '='
            )
    });
    if REFERENCES.contains(&name) {
        Some(WorksList::References)
    } else {
        POINTERS.contains(&name).then_some(WorksList::Pointers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_over_works_are_known() {
        let check = |heading: &str, expected: Option<WorksList>| {
            assert_eq!(works_list(heading), expected, "{heading}");
        };
        check("References", Some(WorksList::References));
        check("7. REFERENCES:", Some(WorksList::References));
        check("Références", Some(WorksList::References));
        check("Литература", Some(WorksList::References));
        check("参考文献", Some(WorksList::References));
        check("See also", Some(WorksList::Pointers));
        check("Weblinks", Some(WorksList::Pointers));
        check("References to rain", None);
        check("", None);
    }
}
