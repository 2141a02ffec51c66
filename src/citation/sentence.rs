//! Where a claim begins and ends.
//!
//! **In:** a [`Document`]. **Out:** spans of its text, one a claim: sentences of
//! running text, headings, list items, cells, entries of notes. **Not here:**
//! which of them cites anything.
//!
//! `split` cuts a block, `border` says whether a full stop ends a sentence,
//! `abbreviation` holds the words that it does not end after.

mod abbreviation;
mod border;
mod split;

use super::{Claim, ClaimRule};
use crate::document::{BlockKind, ByteSpan, Document};

/// The sentences of all blocks that can be claims, in reading order.
#[must_use]
pub fn sentences(document: &Document) -> Vec<ByteSpan> {
    let mut notes: Vec<usize> = document
        .note_refs
        .iter()
        .map(|mark| mark.span.start)
        .collect();
    notes.sort_unstable();
    let language = document.language.as_deref();
    let mut found = Vec::new();
    for block in &document.blocks {
        match block.kind {
            BlockKind::Code => {}
            BlockKind::Footnote(_) | BlockKind::Reference(_) | BlockKind::Heading(_) => {
                push(&document.text, block.span, &mut found);
            }
            _ => split::split(&document.text, block.span, &notes, language, &mut found),
        }
    }
    found
}

/// The sentence that holds `offset`: at a border the one that begins there.
/// Where none does, the nearest before it, else the first after it.
pub(super) fn holding(sentences: &[ByteSpan], offset: usize) -> Option<ByteSpan> {
    let after = sentences.partition_point(|sentence| sentence.start <= offset);
    match after.checked_sub(1) {
        Some(index) => Some(sentences[index]),
        None => sentences.first().copied(),
    }
}

/// The claim that a span of the document makes.
pub(super) fn claim(document: &Document, span: ByteSpan) -> Claim {
    let place = document.place_at(span.start);
    Claim {
        text: folded(span.of(&document.text)),
        page: place.page,
        line: place.line,
        start: span.start,
        end: span.end,
        rule: ClaimRule::Sentence,
        covers: None,
    }
}

/// Text with every run of white space made one space.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Bytes of one claim. Text that goes on for longer without an end is no sentence, and each
/// citation in it would carry all of it.
const MAX_CLAIM: usize = 2_000;

/// Appends a span without the white space around it, cut between words where it is too long.
fn push(text: &str, span: ByteSpan, found: &mut Vec<ByteSpan>) {
    let mut rest = trimmed(text, span);
    while let Some(span) = rest {
        if span.len() <= MAX_CLAIM {
            found.push(span);
            return;
        }
        let mut end = span.start + MAX_CLAIM;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let piece = ByteSpan::new(span.start, end).of(text);
        let cut = piece
            .rfind(char::is_whitespace)
            .map_or(end, |at| span.start + at);
        found.extend(trimmed(text, ByteSpan::new(span.start, cut)));
        rest = trimmed(text, ByteSpan::new(cut, span.end));
    }
}

fn trimmed(text: &str, span: ByteSpan) -> Option<ByteSpan> {
    let piece = span.of(text);
    let start = span.start + (piece.len() - piece.trim_start().len());
    let end = start + piece.trim().len();
    (start < end).then_some(ByteSpan::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Format};
    use proptest::prelude::*;

    fn document(text: &str) -> Document {
        let mut document = Document::empty(Format::Text);
        document.text = text.to_owned();
        document.blocks.push(Block {
            kind: BlockKind::Paragraph,
            span: ByteSpan::new(0, text.len()),
        });
        document
    }

    /// Cuts `text`, whose sentences are set apart by `|`, and expects to find them again.
    fn check(language: &str, marked: &str) {
        let text = marked.replace('|', "");
        let mut document = document(&text);
        document.language = Some(language.to_owned()).filter(|code| !code.is_empty());
        let found: Vec<&str> = sentences(&document).iter().map(|s| s.of(&text)).collect();
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        assert_eq!(found, expected, "{language}");
    }

    #[test]
    fn a_sentence_ends_where_a_reader_would_end_it() {
        let check = |marked: &str| check("en", marked);
        check("It rained.| Then it stopped.");
        check("See PC no. 901 of May.");
        check("He said no.| She left.");
        check("The U.S. Senate met.| The U.S.| The end.");
        check("The U.S. Government objected to it.| It lost.");
        check("Mr. J. R. Smith spoke.");
        check("P. F. Chang and J. Doe, Jr. came.| They ate.");
        check("In Brown v. Smith the court held this.| Smith paid.");
        check("Doe et al. 2010 found rain.| As Doe et al. (2011) say, it fell.");
        check("It was so for Doe et al.| The others left.");
        check("See pp. 3–5 and fig. 2.| Then vol. 7, no. 5, ch. IV of it.");
        check("He lived in St. Petersburg.| Gen. Gray did not.");
        check("She works at Acme Inc. and at Foo Ltd.| They pay.");
        check("It cost 3.5 million.| 20 people came.");
        check("We met at 5 p.m.| He left at 6 p.m. sharp.");
        check("He had 12.| Rivers were low.");
        check("He has a Ph.D. in law.| In May he left.");
        check("Visit example.org.| Bye!");
        check("It rained all day.|In May it stopped at example.Net and Node.Js.");
        check("See https://example.org/a.b/c?x=1.| Then leave.");
        check("He got an A.| The rest failed.");
    }

    #[test]
    fn labels_belong_to_what_they_label() {
        let check = |marked: &str| check("en", marked);
        check("1. Introduction");
        check("1. First we wait.| 2. Then we go.");
        check("IV. Results of the year");
        check("A. Rain");
        check("2.1. Rain in May");
        check("Figure 3. Rain in May.| Source: the log.");
        check("Fig. 3. Rain in May.");
    }

    #[test]
    fn quotations_and_brackets_stay_whole() {
        let check = |marked: &str| check("en", marked);
        check("“We agree.”| They left (late).| “Why?” he asked.");
        check("He said \"stop.\"| Then went.");
        check("“Why now? It is late!” she cried.| He slept.");
        check("He said: “It rained. It was cold.”| They left.");
        check("\"Stop! Go back!\" he cried.| Nobody did.");
        check("It fell (it rained. It was cold.) and broke.| We left.");
        check("It fell [...] and broke.| […] It was cold.");
        check("He waited … and waited...| Then he left.");
        check("Who knew? she thought.| Nobody!| Really?!| Yes.");
        check("It is 6\" wide.| It is 7\" long.");
    }

    #[test]
    fn marks_of_notes_belong_to_the_sentence_before() {
        let check = |marked: &str| check("en", marked);
        check("It rained.[1]| Then it stopped.[2][3]| We left.");
        check("It rained. [4, 5]| Then it stopped.");
        check("It rained.¹²| Then it stopped.");
        check("It rained.12| Then it stopped.");
        check("It rained,[1] then stopped.[note 2]| We left.");
        check("It rained.[1]|Then it stopped.");
        check("Doe et al.[3] found rain.");
    }

    #[test]
    fn a_mark_that_is_left_out_of_the_text_ends_a_glued_sentence() {
        let text = "It rained.In May it stopped. But example.Net went on.";
        let mut document = document(text);
        document.note_refs.push(crate::document::NoteRef {
            label: "1".to_owned(),
            span: ByteSpan::new(10, 10),
        });
        let found: Vec<&str> = sentences(&document).iter().map(|s| s.of(text)).collect();
        assert_eq!(
            found,
            [
                "It rained.",
                "In May it stopped.",
                "But example.Net went on."
            ]
        );
    }

    #[test]
    fn sentences_end_in_many_languages() {
        check(
            "de",
            "Am 3. März kam der 2. Zug.| Er hielt.| Im 19. Jahrhundert nicht.",
        );
        check(
            "de",
            "Das gilt z. B. Montag, d. h. heute.| Vgl. Abs. 3 S. 5 Nr. 2.| Das reicht.",
        );
        check("de", "Ludwig XIV. Hof war groß.| Bis 2012.| Danach nicht.");
        check(
            "de",
            "Er sagte: „Es regnet. Es ist kalt.“| Dann ging er.| Dr. Müller u. a. blieben.",
        );
        check(
            "de",
            "Die Müller GmbH & Co. KG zahlt rd. 3 Mio. Euro.| Sie kann.",
        );
        check(
            "fr",
            "M. Dupont et Mme. Durand sont venus.| « Il pleut. Il fait froid. » dit-il.| Fin.",
        );
        check(
            "fr",
            "Voir art. 5, p. 12 et chap. 3.| Il pleut au XIXe siècle.| Pourquoi ?| Parce que.",
        );
        check(
            "es",
            "El Sr. Pérez llegó.| ¿Por qué?| ¡Nadie lo sabe!| Véase la pág. 5 y el núm. 3.",
        );
        check("es", "EE. UU. firmó el acuerdo.| La Sra. Ruiz no.");
        check(
            "it",
            "Il dott. Rossi e il sig. Bianchi sono qui.| Vedi pag. 5, art. 3.| È tardi.",
        );
        check(
            "pt",
            "O Sr. Silva chegou.| Ver pág. 5 e art. 3.| Não choveu.| A Dra. Costa saiu.",
        );
        check(
            "nl",
            "Zie blz. 5 en art. 3.| Dhr. Jansen kwam bijv. Maandag.| Het regende.",
        );
        check(
            "sv",
            "Det regnade bl.a. Måndag kl. 5.| Den 3. Maj kom hon.| Se s. 7.",
        );
        check(
            "pl",
            "Ul. Długa 3 jest blisko.| Zob. str. 5, art. 3 ust. 2 pkt 4.| W 2010 r. Kowalski był tu.",
        );
        check(
            "cs",
            "Viz str. 5 a čl. 3.| Dne 3. Května pršelo.| Bylo to např. Brno.",
        );
        check(
            "ru",
            "А. С. Пушкин жил на ул. Мойка.| См. стр. 5, ст. 3.| В 2012 г. шёл дождь и т. д.| Он ушёл.",
        );
        check("ru", "«Идёт дождь. Холодно», — сказал он.| Все ушли.");
        check("uk", "Це на вул. Довга.| Див. с. 5, ст. 3.| Він пішов.");
        check(
            "tr",
            "Prof. Dr. Yılmaz geldi.| Bkz. s. 5.| 3. Ordu gitti.| Bu doğru.",
        );
        check(
            "el",
            "Ο κ. Παππάς ήρθε.| Γιατί;| Βλ. σελ. 5 και άρθ. 3.| Δεν ξέρω.",
        );
        check("hu", "Lásd a 3. Oldalt.| Dr. Kovács eljött.| A vonat nem.");
        check(
            "fi",
            "Ks. s. 5 ja esim. Turku.| Hän tuli 3. Toukokuuta.| Se riitti.",
        );
        check(
            "ja",
            "今日は雨。|明日は晴れ。|「雨だ。寒い。」と彼は言った。|終わり。",
        );
        check(
            "zh",
            "今天下雨。|“下雨了。”他说。|“为什么？”他问。|没有人知道！",
        );
        check("hi", "आज बारिश हुई।| कल धूप होगी।| क्यों?| पता नहीं।");
        check("ar", "هطل المطر.| لماذا؟| لا أحد يعرف!| قال د. سامي ذلك.");
        check("ur", "بارش ہوئی۔| پھر رک گئی۔");
        check("hy", "Անձրև եկավ։| Հետո դադարեց։");
        check("ko", "비가 왔다.| 그리고 그쳤다.");
        check("am", "ዘነበ።| ቆመ።");
        check("", "Am 3. März kam er.| Er blieb.");
    }

    #[test]
    fn a_text_without_an_end_is_cut_between_words() {
        let text = "rain é".repeat(2_000);
        let found = sentences(&document(&text));
        assert!(found.len() > 2 && found.iter().all(|span| span.len() <= MAX_CLAIM));
        let text = "é".repeat(5_000);
        assert_eq!(sentences(&document(&text)).len(), 5);
    }

    #[test]
    fn a_text_without_spaces_takes_no_longer_than_another() {
        // With a look back to the last space at every stop this would take minutes.
        let text = "http://a.example/".repeat(40_000);
        let before = sentences(&document(&text)).len();
        assert!(before > 300);
    }

    proptest! {
        #[test]
        fn sentences_cover_all_that_is_not_space(text in "[a-zA-Z0-9 .!?\"”“()\\[\\]é。」¹\\n]{0,80}") {
            let document = document(&text);
            let found = sentences(&document);
            let mut end = 0;
            for span in &found {
                prop_assert!(text[end..span.start].trim().is_empty());
                prop_assert_eq!(span.of(&text).trim().len(), span.len());
                end = span.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
