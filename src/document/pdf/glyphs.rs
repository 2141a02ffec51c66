//! What a page draws as text: every glyph with its characters and its box.
//!
//! **In:** a page. **Out:** glyphs in the order in which they are drawn, in the page's own
//! coordinates: points, from the top left corner, as the page is shown. **Not here:**
//! words, lines and what they mean.

use super::geometry::Rect;
use crate::limits::Budget;
use hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{self, Dict};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask,
};
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Parts of an em above and below the baseline that a character takes, whatever its font says.
const ASCENT: f64 = 0.75;
const DESCENT: f64 = 0.22;

/// A glyph on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    /// Its characters, ligatures undone; never empty.
    pub(super) text: String,
    /// Where its baseline begins.
    pub(super) origin: (f64, f64),
    /// Its direction along the baseline, of length 1.
    pub(super) along: (f64, f64),
    /// How far along the baseline it reaches, in points.
    pub(super) advance: f64,
    /// The size of its font, in points.
    pub(super) size: f64,
    /// Its box.
    pub(super) bounds: Rect,
}

impl Glyph {
    /// Whether it is nothing but space.
    pub(super) fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// Draws a page into glyphs. Stops quietly when `budget` runs out.
pub(super) fn of_page<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    budget: &mut Budget,
) -> Vec<Glyph> {
    let transform = page.initial_transform(true);
    let (width, height) = page.render_dimensions();
    let bounds = hayro_interpret::kurbo::Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let settings = InterpreterSettings {
        // A link's own look repeats its words.
        render_content: RenderContent::PAGE,
        ..InterpreterSettings::default()
    };
    let mut context = Context::new(
        Affine::new(transform.as_coeffs()),
        bounds,
        cache,
        page.xref(),
        settings,
    );
    let mut recorder = Recorder {
        glyphs: Vec::new(),
        seen: HashSet::new(),
        marked: Vec::new(),
        budget,
        full: false,
    };
    hayro_interpret::interpret_page(page, &mut context, &mut recorder);
    recorder.glyphs
}

struct Recorder<'b> {
    glyphs: Vec<Glyph>,
    /// Text at places where it was drawn already: filled and then stroked, or twice for boldness.
    seen: HashSet<(i64, i64, String)>,
    /// For each open marked content: the text that stands for all of it, until it was used.
    marked: Vec<Option<Replacement>>,
    budget: &'b mut Budget,
    full: bool,
}

/// `/ActualText` (ISO 32000-2, section 14.9.4).
struct Replacement {
    text: String,
    used: bool,
}

impl Recorder<'_> {
    fn glyph(&mut self, drawn: &DrawnGlyph<'_>, place: Affine) {
        if self.full {
            return;
        }
        let text = match self.marked.iter_mut().rev().find_map(Option::as_mut) {
            Some(replacement) if replacement.used => return,
            Some(replacement) => {
                replacement.used = true;
                replacement.text.clone()
            }
            None => characters(drawn),
        };
        if text.is_empty() {
            return;
        }
        if self.budget.take(text.len() as u64).is_err() {
            self.full = true;
            return;
        }
        let width = match drawn {
            DrawnGlyph::Outline(glyph) => glyph.advance_width(),
            DrawnGlyph::Type3(glyph) => glyph.advance_width(),
        };
        let width = f64::from(width.unwrap_or(500.0));
        let Some(glyph) = placed(text, place, width) else {
            return;
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "coordinates of a page, rounded to a third of a point"
        )]
        let key = |(x, y): (f64, f64)| ((x * 3.0).round() as i64, (y * 3.0).round() as i64);
        let (x, y) = key(glyph.origin);
        if glyph.is_space() || self.seen.insert((x, y, glyph.text.clone())) {
            self.glyphs.push(glyph);
        }
    }
}

/// A glyph where the matrix puts it; none when the matrix makes nothing of it.
fn placed(text: String, place: Affine, width: f64) -> Option<Glyph> {
    let origin = place * Point::ZERO;
    let unit = place * Point::new(1000.0, 0.0) - origin;
    let up = place * Point::new(0.0, 1000.0) - origin;
    let (length, size) = (unit.hypot(), up.hypot());
    let real = [origin.x, origin.y, length, size];
    if !real.iter().all(|value| value.is_finite()) || length < 1e-6 || size < 1e-6 {
        return None;
    }
    let along = (unit.x / length, unit.y / length);
    let advance = (width / 1000.0 * length).clamp(0.0, 20.0 * length);
    let end = (origin.x + along.0 * advance, origin.y + along.1 * advance);
    let over = (up.x / size, up.y / size);
    let corner =
        |(x, y): (f64, f64), rise: f64| (x + over.0 * rise * size, y + over.1 * rise * size);
    let base = (origin.x, origin.y);
    let bounds = Rect::around(&[
        corner(base, ASCENT),
        corner(base, -DESCENT),
        corner(end, ASCENT),
        corner(end, -DESCENT),
    ]);
    Some(Glyph {
        text,
        origin: base,
        along,
        advance,
        size,
        bounds,
    })
}

/// What a glyph says; the character code where its font does not tell, if that is plain.
fn characters(glyph: &DrawnGlyph<'_>) -> String {
    let told = match glyph.as_unicode() {
        Some(BfString::Char(character)) => character.to_string(),
        Some(BfString::String(text)) => text,
        None => char::from_u32(glyph.char_code())
            .filter(|character| character.is_ascii_graphic() || *character == ' ')
            .map_or_else(|| "\u{fffd}".to_owned(), |character| character.to_string()),
    };
    // Ligatures and the wide forms of letters are a matter of fonts; superscripts are not.
    let plain: String = told
        .chars()
        .flat_map(|character| {
            match character {
                '\u{fb00}'..='\u{fb4f}' | '\u{ff01}'..='\u{ff5e}' => {
                    character.nfkc().collect::<String>()
                }
                '\u{a0}' | '\t' | '\r' | '\n' => " ".to_owned(),
                other if other.is_control() => String::new(),
                other => other.to_string(),
            }
            .chars()
            .collect::<Vec<_>>()
        })
        .collect();
    plain
}

/// A text string (ISO 32000-2, section 7.9.2.2): UTF-16 or UTF-8 by its mark, else PDFDocEncoding,
/// of which what is not Latin-1 is rare enough to be let go.
pub(super) fn text_string(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return encoding_rs::UTF_16BE.decode(rest).0.into_owned();
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return encoding_rs::UTF_16LE.decode(rest).0.into_owned();
    }
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

impl<'a> Device<'a> for Recorder<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform());
        }
    }

    fn begin_marked_content(&mut self, _tag: &[u8], properties: Option<&Dict<'_>>) {
        let actual = properties
            .and_then(|properties| properties.get::<object::String<'_>>("ActualText"))
            .map(|text| Replacement {
                text: text_string(text.as_bytes()),
                used: false,
            });
        self.marked.push(actual);
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
