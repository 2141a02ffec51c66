//! What a page draws as text: every glyph with its characters and its box.
//!
//! **In:** a page. **Out:** glyphs in the order in which they are drawn, in the page's own
//! coordinates: points, from the top left corner, as the page is shown. **Not here:**
//! words, lines and what they mean.

use super::geometry::Rect;
use super::tags::Tag;
use crate::limits::Budget;
use hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun, OutlineFontData};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{self, Dict};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask,
};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use unicode_normalization::UnicodeNormalization;

/// Parts of an em above and below the baseline that a character takes, whatever its font says.
const ASCENT: f64 = 0.75;
const DESCENT: f64 = 0.22;

/// Glyphs, lines and clips that one page draws; a dense map has some hundred thousand.
const MAX_STEPS: usize = 500_000;

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
    /// Whether its font says that it is bold.
    pub(super) bold: bool,
    /// Whose it is, in a tagged file.
    pub(super) owner: Owner,
}

/// Whose a piece of content is, by its marks (ISO 32000-2, section 14.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Nobody says.
    Unmarked,
    /// Nobody's: running heads, page numbers, decoration.
    Artifact,
    /// The element's that has content with this number.
    Content(i32),
    /// This block's.
    Block(Tag),
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
        steps: 0,
    };
    // A form may draw ten forms, which draw ten each, and so on: the interpreter cannot be told
    // to stop, so the recorder leaves it in the only way there is.
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        hayro_interpret::interpret_page(page, &mut context, &mut recorder);
    }));
    if let Err(panic) = drawn
        && !panic.is::<Enough>()
    {
        resume_unwind(panic);
    }
    recorder.glyphs
}

struct Recorder<'b> {
    glyphs: Vec<Glyph>,
    /// Text at places where it was drawn already: filled and then stroked, or twice for boldness.
    seen: HashSet<(i64, i64, String)>,
    /// The marked contents that are open, the innermost last.
    marked: Vec<Marked>,
    budget: &'b mut Budget,
    full: bool,
    /// What the page has drawn so far.
    steps: usize,
}

/// An open marked content.
struct Marked {
    /// The text that stands for all of it.
    replacement: Option<Replacement>,
    owner: Owner,
}

/// `/ActualText` (ISO 32000-2, section 14.9.4).
struct Replacement {
    text: String,
    used: bool,
}

/// Thrown when a page draws more than any page does.
struct Enough;

impl Recorder<'_> {
    /// Counts something that the page draws.
    fn step(&mut self) {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            resume_unwind(Box::new(Enough));
        }
    }

    fn glyph(&mut self, drawn: &DrawnGlyph<'_>, place: Affine, bold: bool) {
        if self.full {
            return;
        }
        let mut replacements = self.marked.iter_mut().rev();
        let text = match replacements.find_map(|marked| marked.replacement.as_mut()) {
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
        let Some(mut glyph) = placed(text, place, width) else {
            return;
        };
        glyph.bold = bold;
        glyph.owner = self
            .marked
            .last()
            .map_or(Owner::Unmarked, |marked| marked.owner);
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
        bold: false,
        owner: Owner::Unmarked,
    })
}

/// Weights from 600 are bold ones (CSS Fonts 4, section 2.2); not every font tells its weight.
fn is_bold(font: &OutlineFontData) -> bool {
    let named = |name: &String| name.contains("Bold") || name.contains("Black");
    font.weight.is_some_and(|weight| weight >= 600)
        || font.postscript_name.as_ref().is_some_and(named)
}

/// What a glyph says; the character code where its font does not tell, if that is plain.
fn characters(glyph: &DrawnGlyph<'_>) -> String {
    let told = match glyph.as_unicode() {
        Some(BfString::Char(character)) => character.to_string(),
        Some(BfString::String(text)) => text,
        None => by_code(glyph.char_code()),
    };
    plain(&told)
}

/// The same letters as a person would type them.
fn plain(told: &str) -> String {
    let mut plain = String::with_capacity(told.len());
    for character in told.chars() {
        match character {
            // Ligatures and the wide forms of letters are a matter of fonts; superscripts are not.
            '\u{fb00}'..='\u{fb4f}' | '\u{ff01}'..='\u{ff5e}' => plain.extend(character.nfkc()),
            '\u{a0}' | '\t' | '\r' | '\n' => plain.push(' '),
            // The way back from a note is a link for the eye, and no part of the note.
            '↩' | '\u{fe0e}' | '\u{fe0f}' => {}
            other if other.is_control() => {}
            other => plain.push(other),
        }
    }
    plain
}

/// The character for a code that its font gives no name. Fonts without names are TeX's bitmaps
/// for the most part; what lies below the plain characters are the ligatures, quotes and
/// dashes of its encodings OT1 and T1 (LaTeX encoding guide, 2024, tables 2 and 3).
fn by_code(code: u32) -> String {
    let known = match code {
        11 | 27 => "ff",
        12 | 28 => "fi",
        13 | 29 => "fl",
        14 | 30 => "ffi",
        15 | 31 => "ffl",
        16 => "“",
        17 => "”",
        18 => "„",
        19 => "«",
        20 => "»",
        21 => "–",
        22 => "—",
        136 => "•",
        _ => {
            let plain = char::from_u32(code).filter(|c| c.is_ascii_graphic() || *c == ' ');
            return plain.unwrap_or(char::REPLACEMENT_CHARACTER).to_string();
        }
    };
    known.to_owned()
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
        // All glyphs of a run are of one font.
        let bold = match run.glyphs().first().map(|glyph| &**glyph) {
            Some(DrawnGlyph::Outline(glyph)) => {
                glyph.font_data().is_some_and(|font| is_bold(&font))
            }
            _ => false,
        };
        self.step();
        for glyph in run.glyphs() {
            self.step();
            self.glyph(glyph, props.transform * glyph.transform(), bold);
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        self.step();
        let replacement = properties
            .and_then(|properties| properties.get::<object::String<'_>>("ActualText"))
            .map(|text| Replacement {
                text: plain(&text_string(text.as_bytes())),
                used: false,
            });
        let within = self
            .marked
            .last()
            .map_or(Owner::Unmarked, |marked| marked.owner);
        let owner = match properties.and_then(|properties| properties.get::<i32>("MCID")) {
            Some(content) => Owner::Content(content),
            None if tag == b"Artifact" => Owner::Artifact,
            None => within,
        };
        self.marked.push(Marked { replacement, owner });
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.step();
    }
    fn push_clip_path(&mut self, _: &ClipPath) {
        self.step();
    }
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.step();
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.step();
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
