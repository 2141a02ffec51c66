//! Quotations made from sentences of our own by rule: what only looks different is found,
//! what differs is called altered and the difference shown.

use super::*;

/// A sentence; a word of it and another; a number in it and another; a negation in it and what is left without.
struct Line(
    &'static str,
    (&'static str, &'static str),
    (&'static str, &'static str),
    (&'static str, &'static str),
);

const LINES: [Line; 50] = [
    Line(
        "The harbour office has not lent out its 14 rowing boats since the storm took the landing stage",
        ("landing", "wooden"),
        ("14", "16"),
        (" not", ""),
    ),
    Line(
        "We will never sell the orchard, because 230 families bake with what its trees carry",
        ("orchard", "vineyard"),
        ("230", "320"),
        (" never", ""),
    ),
    Line(
        "Nobody on the island owns more than 3 goats, and the ferryman owns none at all",
        ("ferryman", "postman"),
        ("3", "5"),
        ("none", "some"),
    ),
    Line(
        "The keeper said that the lamp had not failed once in 41 winters of fog and ice",
        ("failed", "burned"),
        ("41", "14"),
        (" not", ""),
    ),
    Line(
        "It is no secret that the new mill grinds 1,200 sacks a week for the garrison",
        ("garrison", "hospital"),
        ("1,200", "2,100"),
        ("no secret", "a secret"),
    ),
    Line(
        "Our children do not walk to school, they row 2 miles against the tide each morning",
        ("children", "teachers"),
        ("2", "4"),
        (" not", ""),
    ),
    Line(
        "The committee cannot accept a bridge of 7 arches where the old one had a single span",
        ("committee", "parliament"),
        ("7", "9"),
        ("cannot", "can"),
    ),
    Line(
        "Without the 60 volunteers there would not have been a harvest worth the name this year",
        ("harvest", "festival"),
        ("60", "80"),
        (" not", ""),
    ),
    Line(
        "She told the inspectors that the well was not deeper than 35 feet when they dug it",
        ("inspectors", "neighbours"),
        ("35", "53"),
        (" not", ""),
    ),
    Line(
        "There is not one window in the chapel that is older than the fire of 1822",
        ("chapel", "castle"),
        ("1822", "1882"),
        (" not", ""),
    ),
    Line(
        "The council’s engineers did not measure the crack until 19 months after the flood",
        ("engineers", "solicitors"),
        ("19", "29"),
        (" not", ""),
    ),
    Line(
        "A toll of 5 pence was never asked of anyone who carried fish to the almshouse",
        ("almshouse", "market"),
        ("5", "6"),
        (" never", ""),
    ),
    Line(
        "The museum’s oldest map does not show the river that drowned 11 villages downstream",
        ("oldest", "newest"),
        ("11", "12"),
        (" not", ""),
    ),
    Line(
        "No train has stopped at the upper station since 27 people waited there in the snow",
        ("upper", "lower"),
        ("27", "17"),
        ("No train", "The train"),
    ),
    Line(
        "They had not expected that 400 beekeepers would come to a valley with a single inn",
        ("beekeepers", "shopkeepers"),
        ("400", "4,000"),
        (" not", ""),
    ),
    Line(
        "Der Hafenmeister hat die 14 Kähne seit dem Sturm nicht mehr an Fremde verliehen",
        ("Fremde", "Fischer"),
        ("14", "41"),
        (" nicht", ""),
    ),
    Line(
        "Wir werden die Mühle niemals schließen, solange 230 Familien hier ihr Mehl holen",
        ("schließen", "verkaufen"),
        ("230", "250"),
        (" niemals", ""),
    ),
    Line(
        "Die Brücke ist nicht für Lasten über 12 Tonnen gebaut, das wusste jeder im Rat",
        ("Lasten", "Züge"),
        ("12", "21"),
        (" nicht", ""),
    ),
    Line(
        "Niemand hat uns gesagt, dass die Glocke 300 Jahre älter ist als die Kirche selbst",
        ("Glocke", "Orgel"),
        ("300", "200"),
        ("Niemand", "Jeder"),
    ),
    Line(
        "Das Wasser stand 4 Tage lang so hoch, dass man die Gärten nicht mehr sehen konnte",
        ("Gärten", "Felder"),
        ("4", "6"),
        (" nicht", ""),
    ),
    Line(
        "Der Lehrer wollte keine Klasse mit mehr als 28 Kindern, und er bekam auch keine",
        ("Lehrer", "Pfarrer"),
        ("28", "38"),
        ("keine Klasse", "eine Klasse"),
    ),
    Line(
        "Im Archiv liegen 90 Briefe, die bis heute nicht gelesen worden sind",
        ("Briefe", "Karten"),
        ("90", "19"),
        (" nicht", ""),
    ),
    Line(
        "Ohne die Fähre kommt man im Winter 5 Monate lang nicht von der Insel weg",
        ("Fähre", "Straße"),
        ("5", "3"),
        (" nicht", ""),
    ),
    Line(
        "Le gardien n’a pas quitté le phare pendant les 41 hivers de son service",
        ("gardien", "marin"),
        ("41", "14"),
        (" pas", ""),
    ),
    Line(
        "Nous ne vendrons jamais le verger qui nourrit 230 familles de la vallée",
        ("verger", "moulin"),
        ("230", "320"),
        (" jamais", ""),
    ),
    Line(
        "Le conseil n’a pas voulu d’un pont de 7 arches devant la vieille église",
        ("conseil", "maire"),
        ("7", "9"),
        (" pas", ""),
    ),
    Line(
        "Il n’y a pas 12 bateaux dans le port qui soient plus vieux que le mien",
        ("bateaux", "voiliers"),
        ("12", "22"),
        (" pas", ""),
    ),
    Line(
        "La récolte n’aurait pas été rentrée sans les 60 bénévoles venus de la ville",
        ("récolte", "moisson"),
        ("60", "70"),
        (" pas", ""),
    ),
    Line(
        "Le train ne s’arrête plus à la gare haute depuis 27 ans, disent les anciens",
        ("anciens", "enfants"),
        ("27", "37"),
        (" plus", ""),
    ),
    Line(
        "Personne n’a compté les 400 marches avant le tremblement de terre de l’automne",
        ("marches", "fenêtres"),
        ("400", "500"),
        ("Personne n’a", "Chacun a"),
    ),
    Line(
        "El guarda no dejó el faro durante los 41 inviernos que duró su servicio",
        ("guarda", "capitán"),
        ("41", "14"),
        (" no", ""),
    ),
    Line(
        "Nunca venderemos el huerto que da de comer a 230 familias del valle",
        ("huerto", "molino"),
        ("230", "320"),
        ("Nunca venderemos", "Ahora venderemos"),
    ),
    Line(
        "El puente no fue construido para cargas de más de 12 toneladas de piedra",
        ("puente", "camino"),
        ("12", "20"),
        (" no", ""),
    ),
    Line(
        "Los niños no caminan a la escuela, reman 2 millas contra la marea",
        ("niños", "maestros"),
        ("2", "3"),
        (" no", ""),
    ),
    Line(
        "El agua no bajó en 4 días y los jardines quedaron cubiertos de barro",
        ("jardines", "campos"),
        ("4", "9"),
        (" no", ""),
    ),
    Line(
        "En el archivo hay 90 cartas que hasta hoy nadie ha leído en público",
        ("cartas", "actas"),
        ("90", "19"),
        ("nadie", "alguien"),
    ),
    Line(
        "Il guardiano non lasciò il faro nei 41 inverni del suo lungo servizio",
        ("guardiano", "pescatore"),
        ("41", "14"),
        (" non", ""),
    ),
    Line(
        "Non venderemo mai il frutteto che sfama 230 famiglie della valle",
        ("frutteto", "mulino"),
        ("230", "320"),
        (" mai", ""),
    ),
    Line(
        "Il ponte non è fatto per carichi di oltre 12 tonnellate di pietra",
        ("carichi", "carri"),
        ("12", "22"),
        (" non", ""),
    ),
    Line(
        "L’acqua non scese per 4 giorni e gli orti rimasero coperti di fango",
        ("orti", "campi"),
        ("4", "9"),
        (" non", ""),
    ),
    Line(
        "Nell’archivio ci sono 90 lettere che nessuno ha ancora letto ad alta voce",
        ("lettere", "mappe"),
        ("90", "19"),
        ("nessuno", "qualcuno"),
    ),
    Line(
        "De havenmeester heeft de 14 sloepen sinds de storm niet meer uitgeleend",
        ("storm", "brand"),
        ("14", "41"),
        (" niet", ""),
    ),
    Line(
        "Wij zullen de molen nooit sluiten zolang 230 gezinnen hier hun meel halen",
        ("molen", "bakkerij"),
        ("230", "250"),
        (" nooit", ""),
    ),
    Line(
        "De brug is niet gebouwd voor lasten van meer dan 12 ton steen",
        ("lasten", "treinen"),
        ("12", "21"),
        (" niet", ""),
    ),
    Line(
        "Het water zakte 4 dagen lang niet en de tuinen lagen onder de modder",
        ("tuinen", "akkers"),
        ("4", "9"),
        (" niet", ""),
    ),
    Line(
        "O guarda não deixou o farol durante os 41 invernos do seu serviço",
        ("guarda", "capitão"),
        ("41", "14"),
        (" não", ""),
    ),
    Line(
        "A ponte não foi feita para cargas de mais de 12 toneladas de pedra",
        ("ponte", "estrada"),
        ("12", "20"),
        (" não", ""),
    ),
    Line(
        "Смотритель не покидал маяк все 41 зиму своей долгой службы",
        ("маяк", "порт"),
        ("41", "14"),
        (" не", ""),
    ),
    Line(
        "Мост не рассчитан на грузы тяжелее 12 тонн камня и песка",
        ("грузы", "поезда"),
        ("12", "21"),
        (" не", ""),
    ),
    Line(
        "Вода не спадала 4 дня, и сады стояли по колено в грязи",
        ("сады", "поля"),
        ("4", "9"),
        (" не", ""),
    ),
];

/// The sentences as a source has them: one after another, in lines, between words of others.
fn source(hyphenated: bool) -> (String, Vec<ByteSpan>) {
    let mut text = String::from("Collected sayings of the valley\n");
    let mut places = Vec::new();
    for (number, Line(sentence, ..)) in LINES.iter().enumerate() {
        text.push_str("Somebody wrote it down: “");
        let start = text.len();
        match longest(sentence).filter(|_| hyphenated) {
            // A line ends within the longest word.
            Some((start, end)) => {
                let cut = sentence[start..end]
                    .char_indices()
                    .nth(4)
                    .map_or(end, |(at, _)| start + at);
                text.push_str(&sentence[..cut]);
                text.push_str("-\n");
                text.push_str(&sentence[cut..]);
            }
            None => text.push_str(sentence),
        }
        places.push(ByteSpan::new(start, text.len()));
        text.push_str(if number % 3 == 0 {
            ".” And so on.\n"
        } else {
            ",” it goes on. "
        });
    }
    (text, places)
}

fn longest(sentence: &str) -> Option<(usize, usize)> {
    sentence
        .unicode_word_indices()
        .max_by_key(|(_, word)| word.chars().count())
        .map(|(start, word)| (start, start + word.len()))
}

fn located(quotation: &str, source: &str) -> Located {
    locate(quotation, &Folded::new(source), source)
}

/// The quotation is found, and in its place.
fn is_found(quotation: &str, source: &str, place: ByteSpan) {
    match located(quotation, source) {
        Located::Found { span, .. } => {
            assert!(
                place.start <= span.start && span.end <= place.end,
                "{quotation}"
            );
        }
        other => panic!("not found: {quotation}\n{other:?}"),
    }
}

/// The altered quotation is told, and its pieces make both texts again.
fn is_altered(quotation: &str, source: &str, mine: &str, theirs: &str) {
    let Located::Altered { span, difference } = located(quotation, source) else {
        panic!("not altered: {quotation}\n{:?}", located(quotation, source));
    };
    let side = |of_text: bool| -> String {
        let pieces = difference.iter().filter_map(|piece| match piece {
            Difference::Kept(piece) => Some(piece.as_str()),
            Difference::OnlyInText(piece) => of_text.then_some(piece.as_str()),
            Difference::OnlyInSource(piece) => (!of_text).then_some(piece.as_str()),
        });
        pieces.collect()
    };
    assert_eq!(side(true), quotation, "{difference:?}");
    assert_eq!(side(false), span.of(source), "{difference:?}");
    let differs = difference
        .iter()
        .any(|piece| !matches!(piece, Difference::Kept(_)));
    assert!(differs && side(true).contains(mine.trim()) && side(false).contains(theirs.trim()));
    // Most of it is kept: a difference that marks everything shows nothing.
    let kept: usize = difference
        .iter()
        .map(|piece| {
            if let Difference::Kept(piece) = piece {
                piece.len()
            } else {
                0
            }
        })
        .sum();
    assert!(kept * 3 > quotation.len() * 2, "{difference:?}");
}

#[test]
fn typography_does_not_matter() {
    let (source, places) = source(false);
    for (number, Line(sentence, ..)) in LINES.iter().enumerate() {
        let mut quotation = sentence.replace('’', "'").replace(", ", " — ");
        match number % 4 {
            0 => quotation = quotation.to_uppercase(),
            1 => quotation = quotation.replace(' ', "\u{a0} "),
            2 => quotation.push(','),
            _ => {
                quotation = quotation
                    .replace('é', "e\u{301}")
                    .replace("fi", "ﬁ")
                    .replace('ü', "u\u{308}")
            }
        }
        is_found(&quotation, &source, places[number]);
    }
}

#[test]
fn an_ellipsis_stands_for_what_is_left_out() {
    let (source, places) = source(false);
    for (number, Line(sentence, ..)) in LINES.iter().enumerate() {
        let words: Vec<&str> = sentence.split(' ').collect();
        let dots = ["…", "...", "[...]", "[…]", ". . ."][number % 5];
        let (head, tail) = (&words[..4], &words[words.len() - 4..]);
        is_found(
            &format!("{} {dots} {}", head.join(" "), tail.join(" ")),
            &source,
            places[number],
        );
    }
}

#[test]
fn brackets_are_the_editors() {
    let (source, places) = source(false);
    for (number, Line(sentence, (word, _), ..)) in LINES.iter().enumerate() {
        let quotation = match number % 3 {
            0 => sentence.replacen(word, "[it]", 1),
            1 => sentence.replacen(word, &format!("{word} [sic]"), 1),
            _ => {
                let first = sentence.chars().next().unwrap();
                format!("[{first}]{}", &sentence[first.len_utf8()..])
            }
        };
        is_found(&quotation, &source, places[number]);
    }
}

#[test]
fn a_word_divided_at_the_end_of_a_line_is_one_word() {
    let (source, places) = source(true);
    for (number, Line(sentence, ..)) in LINES.iter().enumerate() {
        is_found(sentence, &source, places[number]);
    }
}

#[test]
fn a_wrong_word_is_told() {
    let (source, _) = source(false);
    for Line(sentence, (word, other), ..) in &LINES {
        is_altered(&sentence.replacen(word, other, 1), &source, other, word);
    }
}

#[test]
fn a_wrong_number_is_told() {
    let (source, _) = source(false);
    for Line(sentence, _, (number, other), _) in &LINES {
        is_altered(&sentence.replacen(number, other, 1), &source, other, number);
    }
}

#[test]
fn a_dropped_negation_is_told() {
    let (source, _) = source(false);
    for Line(sentence, _, _, (negation, other)) in &LINES {
        is_altered(
            &sentence.replacen(negation, other, 1),
            &source,
            other,
            negation,
        );
    }
}

#[test]
fn short_quotations_and_other_sentences() {
    let source = "The agreement must depend on full respect for human rights. It was no clampdown on opposition groups.";
    let found = |quotation: &str| matches!(located(quotation, source), Located::Found { .. });
    let altered = |quotation: &str| matches!(located(quotation, source), Located::Altered { .. });
    assert!(found("must depend on"));
    assert!(found("full respect for human rights"));
    assert!(found("clampdown on opposition"));
    assert!(altered("full respect for civil rights"));
    assert!(altered("It was a clampdown on opposition"));
    // Too little in common to say that it is meant.
    assert_eq!(located("must rely on", source), Located::Absent);
    assert_eq!(
        located(
            "respect for the rights of the crown and its ships at sea",
            source
        ),
        Located::Absent
    );
    assert_eq!(
        located("the mayor of the town opened it", source),
        Located::Absent
    );
    assert_eq!(located("…", source), Located::Absent);
}

#[test]
fn the_difference_is_shown_letter_by_letter() {
    let source = "They said that the council would keep the old harbours open.";
    let Located::Altered { difference, span } =
        located("the council would not keep the old harbour open", source)
    else {
        panic!("not altered");
    };
    let kept = |text: &str| Difference::Kept(text.to_owned());
    assert_eq!(
        difference,
        [
            kept("the council would "),
            Difference::OnlyInText("not".to_owned()),
            kept(" keep the old harbour"),
            Difference::OnlyInSource("s".to_owned()),
            kept(" open"),
        ]
    );
    assert_eq!(
        span.of(source),
        "the council would keep the old harbours open"
    );
}

#[test]
fn a_spelling_is_no_alteration() {
    let source =
        "The organization praised the neighbors of the harbor for their accomodation of strangers.";
    let quotation = "The organisation praised the neighbours of the harbor for their accommodation of strangers";
    let Located::Found { slips, .. } = located(quotation, source) else {
        panic!("not found");
    };
    assert!(!slips.is_empty());
}

#[test]
fn long_and_repetitive_texts_stay_bounded() {
    let source = "the old mill and the new mill ".repeat(20_000);
    let quotation = "the old mill and the new mill ".repeat(40) + "and the river";
    let _ = located(&quotation, &source);
    assert_eq!(
        located("no such words are ever found here", &source),
        Located::Absent
    );
}

proptest::proptest! {
    #[test]
    fn nothing_panics_and_every_slice_is_found(text in "\\PC{0,60}", a in 0usize..60, b in 0usize..60) {
        let folded = Folded::new(&text);
        let (a, b) = (a.min(b), a.max(b));
        if let Some(slice) = text.get(a..b) {
            let _ = locate(slice, &folded, &text).span().map(|span| span.of(&text).len());
        }
        let _ = quotations(&text);
    }

    #[test]
    fn nothing_panics_near_a_match(text in "[a-c \\[\\].…’é-]{0,80}", quotation in "[a-c \\[\\].…’é-]{0,40}") {
        let folded = Folded::new(&text);
        if let Some(span) = locate(&quotation, &folded, &text).span() {
            proptest::prop_assert!(text.get(span.start..span.end).is_some());
        }
        let _ = near::find(&quotation, &folded, &text);
    }
}
