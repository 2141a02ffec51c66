//! What the signs are worth.
//!
//! **In:** the numbers of `looks`, `fit` and `hints`. **Out:** logarithms that add up.
//! **Not here:** how the numbers are taken.
//!
//! The model is a conditional random field over the sentences of a list's targets: the
//! weights below add up to the logarithm of how likely a target stands on a sentence after
//! the one before it. They were fitted by L-BFGS (penalty: half the sum of their squares,
//! times 2) to 2,946 links of 168 English articles of 153 sites, 2026-11-24, with whole sites
//! left out in turn: 72 % of the links of the sites left out came to stand on their
//! sentence (73 % of those fitted), so the weights follow the kind and not the file.

use super::fit::SIGNS;
use super::looks::TRAITS;

/// Weights of what a sentence looks like (`looks::traits`).
const TRAIT: [f32; TRAITS] = [
    -0.59, // one word or two
    -0.58, // a heading
    1.09,  // invites to follow a link
    0.63,  // says who said it
    0.31,  // names a work
    -0.26, // says what ought to be
    0.37,  // names, as a logarithm of their number
    -0.10, // prints an address
    0.99,  // points to the linked page
    0.34,  // has brackets
    -0.28, // goes on from the sentence before
    0.47,  // says what something is
    0.36,  // part that stands on the page, as a logarithm
];

/// Weights of how an address and a sentence meet (`fit`).
const SIGN: [f32; SIGNS] = [
    0.19, // words of path, query and fragment, by rarity
    0.21, // words of the host
    0.40, // what its words stand for; set by hand, for press releases (fitted to articles: 0.23)
    0.48, // the likeliest anchor, by rarity
    0.97, // part of the name of the page in the anchor
    0.30, // all of it, two words or more
    0.85, // part of those words of the name which the document has
    0.05, // all of them, two words or more
    0.39, // part of the anchor that the address has
    0.32, // part of the sentence that the address has
    0.76, // nearly all of the sentence
    0.22, // behind the best sentence of the page
    0.26, // the anchor opens with a capital, within the sentence
    0.81, // the anchor opens the sentence
];

/// How links lie: weights of the squared and of the plain distance from an even spread. The
/// sum over all ways already favours the even spread; real links lie in clusters, so the
/// weights take a part of that back.
const SPREAD: [f32; 2] = [0.49, 0.36];

/// A step that stays on the sentence.
const STAY: f32 = -1.42;
/// … with a target that the list had already.
const STAY_AGAIN: f32 = -0.58;
/// … on a short block of its own, a heading or an item.
const STAY_ALONE: f32 = -0.90;
/// … where this target's anchor stands after that of the target before.
const STAY_ORDERED: f32 = 1.20;
/// … before it: against the order of the list.
const STAY_CONTRARY: f32 = -1.75;
/// … where both would sit on the same words.
const STAY_SHARED: f32 = -0.80;

/// A step to the next sentence.
const NEXT: f32 = 0.08;
/// … from one short block to another: a list of links.
const NEXT_ALONE: f32 = 1.18;
/// … where both targets meet their sentences.
const NEXT_MET: f32 = -0.23;
/// … both.
const NEXT_ALONE_MET: f32 = 0.41;
/// … from short block to short block where neither meets its own.
const NEXT_ALONE_UNMET: f32 = 0.76;
/// A step to the last but one, from block to block.
const SKIP_ALONE: f32 = -0.26;

/// A step back. Not fitted: the lists of the development set are all in order. At this
/// price only a pair that is sure of its words is believed to be swapped.
pub(super) const BACK: f32 = -10.0;

/// What it is worth when a fetched source holds a quotation of the sentence word for word.
pub(super) const QUOTED: f32 = 4.0;
/// … when its text has all words of the sentence, of which the common ones count little.
pub(super) const TOLD: f32 = 8.0;
/// … when its title meets the sentence as an address would.
pub(super) const TITLED: f32 = 0.8;
/// Where an address is printed is known: beyond what words could say.
pub(super) const PRINTED: f32 = 60.0;

/// Chances turned into confidence: slope and shift of the log-odds. Fitted with whole sites
/// left out (slope 0.79, shift +0.16, 2026-11-24); the shift is lowered by a quarter so that
/// other kinds of documents do not find it too sure. Of the links with confidence 0.9 or more
/// on sites left out, 96 % were on their sentence, 34 % of all links.
const CONFIDENCE: (f64, f64) = (0.79, -0.10);
/// Most that order alone can tell, without a word that address and sentence share.
const WITHOUT_WORDS: f64 = 0.85;

fn dot(weights: &[f32], numbers: &[f32]) -> f32 {
    weights.iter().zip(numbers).map(|(w, n)| w * n).sum()
}

/// What speaks for a sentence whatever the target.
pub(super) fn look(traits: &[f32; TRAITS]) -> f32 {
    dot(&TRAIT, traits)
}

/// What speaks for a sentence with this target.
pub(super) fn meeting(signs: &[f32; SIGNS]) -> f32 {
    dot(&SIGN, signs)
}

/// What the distance from an even spread says, in parts of the page.
pub(super) fn spread(distance: f32) -> f32 {
    dot(&SPREAD, &[distance * distance, distance.abs()])
}

/// Two neighbours of a list and a place for each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Step {
    /// The list had this target already.
    pub(super) again: bool,
    /// Both sentences are short blocks of their own.
    pub(super) alone: bool,
    /// The anchor of the target before, as first and last word, on its sentence.
    pub(super) before: Option<(u32, u32)>,
    /// The anchor of this one.
    pub(super) here: Option<(u32, u32)>,
}

/// The price of staying on a sentence.
pub(super) fn stay(step: Step) -> f32 {
    let mut price = STAY;
    if step.again {
        price += STAY_AGAIN;
    }
    if step.alone {
        price += STAY_ALONE;
    }
    if let (Some(before), Some(here)) = (step.before, step.here) {
        price += if before.1 < here.0 {
            STAY_ORDERED
        } else if here.1 < before.0 {
            STAY_CONTRARY
        } else {
            STAY_SHARED
        };
    }
    price
}

/// The price of going to the next sentence.
pub(super) fn next(step: Step) -> f32 {
    let mut price = NEXT;
    let met = step.before.is_some() && step.here.is_some();
    let unmet = step.before.is_none() && step.here.is_none();
    if met {
        price += NEXT_MET;
    }
    if step.alone {
        price += NEXT_ALONE;
        if met {
            price += NEXT_ALONE_MET;
        }
        if unmet {
            price += NEXT_ALONE_UNMET;
        }
    }
    price
}

/// The price of leaving one sentence out.
pub(super) const fn skip(alone: bool) -> f32 {
    if alone { SKIP_ALONE } else { 0.0 }
}

/// The confidence in a place with this chance; `words` tells whether anything but order
/// speaks for it.
pub(super) fn confidence(chance: f32, words: bool) -> f64 {
    let chance = f64::from(chance).clamp(0.02, 0.995);
    let (slope, shift) = CONFIDENCE;
    let odds = slope * (chance / (1.0 - chance)).ln() + shift;
    let confidence = 1.0 / (1.0 + (-odds).exp());
    if words {
        confidence
    } else {
        confidence.min(WITHOUT_WORDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_link_of_a_sentence_stands_after_the_first() {
        let at = |before, here| {
            stay(Step {
                before: Some(before),
                here: Some(here),
                ..Step::default()
            })
        };
        assert!(at((0, 1), (4, 5)) > stay(Step::default()));
        assert!(at((4, 5), (0, 1)) < at((4, 5), (5, 6)));
        let again = Step {
            again: true,
            ..Step::default()
        };
        assert!(stay(again) < stay(Step::default()));
    }

    #[test]
    fn a_list_of_links_goes_from_item_to_item() {
        let alone = Step {
            alone: true,
            ..Step::default()
        };
        assert!(next(alone) > 1.0 + stay(alone));
        assert!(next(alone) > skip(true));
    }

    #[test]
    fn confidence_is_less_than_the_chance_and_needs_words() {
        assert!((0.94..0.97).contains(&confidence(0.98, true)));
        assert!(confidence(0.9, true) < 0.9);
        assert!(confidence(1.0, true) < 0.99);
        assert!(confidence(1.0, false) < 0.9);
        assert!(confidence(0.0, true) > 0.0);
    }
}
