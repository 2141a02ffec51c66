//! Words that point the reader on and claim nothing: "see also", "for more information",
//! headings of bibliographies. And words that set the clauses of a sentence apart.
//!
//! **In:** a document, or a piece of text. **Out:** which blocks are lists of
//! entries; whether a sentence only points; where a clause begins. **Not here:**
//! what follows for a citation (`rule`).

use crate::document::heading::works_list;
use crate::document::{BlockKind, ByteSpan, Document, Format, LinkKind};

/// Beginnings of sentences that only point on, in small letters.
const POINTERS: &[&str] = &[
    "for more information",
    "for further information",
    "for more details",
    "for more on",
    "for further details",
    "for details, see",
    "for details see",
    "for a full list",
    "see also",
    "more information",
    "further information",
    "further reading",
    "read more",
    "learn more",
    "find out more",
    "read also",
    "more on this",
    "to learn more",
    "download the",
    "weitere informationen",
    "weiterführende informationen",
    "mehr informationen",
    "mehr dazu",
    "siehe auch",
    "nähere informationen",
    "mehr zum thema",
    "lesen sie auch",
    "vgl. auch",
    "pour plus d'informations",
    "pour plus d’informations",
    "pour plus d'information",
    "pour plus d’information",
    "pour en savoir plus",
    "voir aussi",
    "à lire aussi",
    "lire aussi",
    "para más información",
    "más información",
    "véase también",
    "para saber más",
    "lea también",
    "per maggiori informazioni",
    "per ulteriori informazioni",
    "vedi anche",
    "per saperne di più",
    "leggi anche",
    "para mais informações",
    "mais informações",
    "ver também",
    "veja também",
    "saiba mais",
    "leia também",
    "meer informatie",
    "voor meer informatie",
    "zie ook",
    "lees ook",
    "lees meer",
    "mer information",
    "för mer information",
    "läs mer",
    "se även",
    "läs också",
    "mere information",
    "læs mere",
    "læs også",
    "se også",
    "les mer",
    "les også",
    "mer informasjon",
    "for mer informasjon",
    "for mere information",
    "lisätietoja",
    "lue lisää",
    "lue myös",
    "katso myös",
    "więcej informacji",
    "zobacz też",
    "zobacz także",
    "czytaj więcej",
    "czytaj także",
    "czytaj też",
    "více informací",
    "další informace",
    "čtěte také",
    "viz také",
    "viz též",
    "további információ",
    "lásd még",
    "bővebben",
    "подробнее",
    "см. также",
    "читайте также",
    "більше інформації",
    "докладніше",
    "читайте також",
    "див. також",
    "daha fazla bilgi",
    "ayrıca bkz",
    "ayrıca bakınız",
    "περισσότερες πληροφορίες",
    "δείτε επίσης",
    "διαβάστε επίσης",
    "βλ. επίσης",
    "詳しくは",
    "関連記事",
    "更多信息",
    "另见",
    "另請參閱",
    "للمزيد من المعلومات",
    "انظر أيضا",
    "اقرأ أيضا",
];

/// Words that begin another clause after a comma, in small letters. Plain "and" is not among
/// them: it also joins the parts of an enumeration.
const CLAUSES: &[&str] = &[
    "while",
    "whereas",
    "but",
    "although",
    "though",
    "yet",
    "however",
    "and according to",
    "according to",
    "even as",
    "during which",
    "während",
    "wohingegen",
    "aber",
    "doch",
    "jedoch",
    "hingegen",
    "obwohl",
    "und laut",
    "laut",
    "tandis que",
    "alors que",
    "mais",
    "selon",
    "et selon",
    "bien que",
    "mientras",
    "pero",
    "aunque",
    "según",
    "y según",
    "mentre",
    "ma",
    "secondo",
    "sebbene",
    "enquanto",
    "mas",
    "embora",
    "segundo",
    "terwijl",
    "maar",
    "hoewel",
    "volgens",
    "medan",
    "men",
    "enligt",
    "mens",
    "ifølge",
    "natomiast",
    "ale",
    "podczas gdy",
    "według",
    "zatímco",
    "však",
    "podle",
    "тогда как",
    "но",
    "а",
    "хотя",
    "по данным",
    "але",
    "oysa",
    "ancak",
    "ama",
    "ενώ",
    "αλλά",
    "όμως",
];

/// Bytes of a sentence that only points.
const MAX_POINTER: usize = 240;

/// Whether a sentence only points the reader on.
pub(super) fn is_pointer(sentence: &str) -> bool {
    sentence.len() <= MAX_POINTER && begins_with(sentence, POINTERS)
}

fn begins_with(text: &str, phrases: &[&str]) -> bool {
    let lower = lowered(text, 60);
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    phrases.iter().any(|phrase| {
        lower
            .strip_prefix(phrase)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) || !phrase.is_ascii())
    })
}

/// The beginning of a text in small letters, white space made plain.
fn lowered(text: &str, characters: usize) -> String {
    text.chars()
        .take(characters)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// For each block, whether it is an entry of a list of works that the text names for further reading.
pub(super) fn entries(document: &Document, sentences: &[ByteSpan]) -> Vec<bool> {
    let text = &document.text;
    let blocks = &document.blocks;
    let mut is_entry = vec![false; blocks.len()];
    // The level of the heading whose section we are in.
    let mut section: Option<u8> = None;
    let mut announced = false;
    for (index, block) in blocks.iter().enumerate() {
        let piece = block.span.of(text);
        let linked = has_link(document, block.span);
        if let BlockKind::Heading(level) = block.kind {
            let ends = section.is_some_and(|open| {
                level <= open
                    && (!is_plain(document.format)
                        || !linked && goes_on_in_prose(document, sentences, index))
            });
            if works_list(piece).is_some() {
                section = Some(level);
                announced = false;
                continue;
            }
            if ends {
                section = None;
            }
        }
        if announced && !linked {
            announced = false;
        }
        is_entry[index] = section.is_some() || announced;
        if !linked && piece.trim_end().ends_with([':', '：']) {
            // "For more information about rain, see:" above a list.
            announced = is_pointer(piece) || works_list(piece).is_some();
        }
    }
    is_entry
}

/// Whether headings of a format are only guessed.
const fn is_plain(format: Format) -> bool {
    matches!(format, Format::Text | Format::Pdf)
}

/// Whether running text without links follows a heading.
fn goes_on_in_prose(document: &Document, sentences: &[ByteSpan], heading: usize) -> bool {
    let Some(next) = document.blocks.get(heading + 1) else {
        return false;
    };
    let first = sentences.partition_point(|sentence| sentence.start < next.span.start);
    let several = sentences
        .get(first + 1)
        .is_some_and(|second| next.span.contains(*second));
    next.kind == BlockKind::Paragraph && several && !has_link(document, next.span)
}

fn has_link(document: &Document, span: ByteSpan) -> bool {
    let links = &document.links;
    let first = links.partition_point(|link| {
        !matches!(link.kind, LinkKind::PageList { .. }) && link.span.end <= span.start
    });
    links.get(first).is_some_and(|link| {
        !matches!(link.kind, LinkKind::PageList { .. }) && link.span.start < span.end
    })
}

/// Where another clause begins between two links of one sentence: after a semicolon, or after a
/// comma with a word such as "while".
pub(super) fn clause_border(between: &str) -> Option<usize> {
    between
        .char_indices()
        .rev()
        .filter(|(_, c)| matches!(c, ';' | ',' | '；' | '–' | '—'))
        .find_map(|(at, c)| {
            let after = between.get(at + c.len_utf8()..)?;
            if matches!(c, ';' | '；') {
                return Some(at);
            }
            let lower = lowered(after, 60);
            let lower = lower.trim_start();
            CLAUSES
                .iter()
                .any(|word| {
                    lower
                        .strip_prefix(*word)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']))
                })
                .then_some(at)
        })
}
