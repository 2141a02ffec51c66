//! The weights of what is known of a link's place.
//!
//! **In:** [`Features`]. **Out:** a likelihood. **Not here:** what they mean.
//!
//! Logistic regression (L1), fitted by `scripts/fit_html_links.py` on 7616 links of 399 pages,
//! 2026-11-25; area under the curve 0.949, cross-validated by site.

use super::Features;

const START: f32 = 2.630;

const WEIGHTS: [f32; Features::COUNT] = [
    0.345,  // alone
    0.478,  // blank
    -1.484, // button
    -0.855, // home
    -1.041, // mail
    -0.203, // sorting
    -1.986, // account
    1.106,  // file
    -0.808, // same_words
    -1.158, // call
    -0.592, // order
    -4.806, // policy
    -0.951, // byline
    -2.392, // profile
    -0.092, // profiles
    0.195,  // block_links
    -0.732, // block_linked
    -0.484, // in_box
    1.249,  // in_cell
    2.344,  // sentence
    -1.650, // lead
    -3.365, // ask
    -1.411, // linked1
    -0.623, // linked2
    0.942,  // list
    -3.270, // aside
    0.455,  // repeats
    -0.150, // until
    -2.298, // teaser_heading
    2.010,  // source_heading
    0.000,  // heading_links
    1.290,  // announced
    -4.620, // led
];

/// How likely a link so placed is one that the text itself set, 0 to 1.
pub(super) fn likelihood(features: &Features) -> f32 {
    let values = features.values();
    let sum: f32 = values
        .iter()
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    1.0 / (1.0 + (-(START + sum)).exp())
}
