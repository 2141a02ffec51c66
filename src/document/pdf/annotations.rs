//! Link annotations: where on a page one can click, and where that leads
//! (ISO 32000-2, section 12.5.6.5).
//!
//! **In:** a page's dictionary. **Out:** addresses, and places of the document itself, with the
//! boxes that lead there, as the page is shown, in the order of the file. **Not here:** the
//! words below them.

use super::destinations::{Destination, Destinations};
use super::geometry::Rect;
use super::glyphs::text_string;
use hayro_interpret::hayro_syntax::object::{self, Array, Dict, Name, Object};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::xref::XRef;
use hayro_interpret::kurbo::{Affine, Point};

/// Annotations of a page, and actions of a chain, that are followed.
const MAX_ANNOTATIONS: usize = 20_000;
const MAX_ACTIONS: usize = 32;
/// Boxes of a page's links; one annotation has one, or one for each line that it lies on.
const MAX_BOXES: usize = 100_000;

/// A place to click.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Annotation {
    /// The address, as the file has it; relative ones joined with the document's base.
    pub(super) url: String,
    /// The boxes that it covers, at least one.
    pub(super) boxes: Vec<Rect>,
}

/// A place to click that leads to another place of the document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Jump {
    pub(super) to: Destination,
    /// The boxes that it covers, at least one.
    pub(super) boxes: Vec<Rect>,
}

/// What a document's links are read with.
pub(super) struct Links<'a> {
    base: Option<url::Url>,
    destinations: Destinations<'a>,
}

impl<'a> Links<'a> {
    pub(super) fn of(xref: &'a XRef) -> Self {
        let catalog = xref.get::<Dict<'a>>(xref.root_id()).unwrap_or_default();
        let base = catalog
            .get::<Dict<'_>>("URI")
            .and_then(|uri| uri.get::<object::String<'_>>("Base"))
            .and_then(|base| url::Url::parse(&address(base.as_bytes())).ok());
        let destinations = Destinations::of(catalog);
        Self { base, destinations }
    }

    /// The link annotations of a page: those that lead out of the document, and those within it.
    pub(super) fn of_page(&self, page: &Page<'a>) -> (Vec<Annotation>, Vec<Jump>) {
        let (mut out, mut within) = (Vec::new(), Vec::new());
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
            return (out, within);
        };
        let transform = Affine::new(page.initial_transform(true).as_coeffs());
        let links = annotations
            .iter::<Dict<'a>>()
            .take(MAX_ANNOTATIONS)
            .filter(|annotation| is(annotation, "Subtype", "Link"));
        let mut left = MAX_BOXES;
        for annotation in links {
            let Some(boxes) = boxes(&annotation, transform) else {
                continue;
            };
            if boxes.len() > left {
                break;
            }
            left -= boxes.len();
            if let Some(url) = self.target(&annotation) {
                out.push(Annotation { url, boxes });
            } else if let Some(to) = self.place(&annotation) {
                within.push(Jump { to, boxes });
            }
        }
        (out, within)
    }

    /// The place of the document that a click leads to.
    fn place(&self, annotation: &Dict<'a>) -> Option<Destination> {
        let destination = annotation.get::<Object<'a>>("Dest").or_else(|| {
            let action = annotation.get::<Dict<'a>>("A")?;
            is(&action, "S", "GoTo").then(|| action.get::<Object<'a>>("D"))?
        });
        self.destinations.place(&destination?)
    }

    /// The address that a click leads to: by its action, the actions after that one, the
    /// action of a destination by name, or the action that an older program left (`PA`).
    fn target(&self, annotation: &Dict<'a>) -> Option<String> {
        let by_action = |key: &str| {
            let action = annotation.get::<Dict<'a>>(key)?;
            self.address_of(action)
        };
        by_action("A")
            .or_else(|| self.named(&annotation.get::<Object<'a>>("Dest")?))
            .or_else(|| by_action("PA"))
    }

    fn address_of(&self, first: Dict<'a>) -> Option<String> {
        let mut waiting = vec![first];
        for _ in 0..MAX_ACTIONS {
            let action = waiting.pop()?;
            if let Some(uri) = action.get::<object::String<'_>>("URI") {
                return Some(self.joined(&address(uri.as_bytes())));
            }
            // A link into another file that is on the web.
            let remote = is(&action, "S", "GoToR") || is(&action, "S", "Launch");
            if let Some(file) = action.get::<Object<'_>>("F").filter(|_| remote)
                && let Some(url) = web_file(&file)
            {
                return Some(url);
            }
            match action.get::<Object<'a>>("Next") {
                Some(Object::Dict(next)) => waiting.push(next),
                Some(Object::Array(next)) => {
                    let mut next: Vec<Dict<'a>> =
                        next.iter::<Dict<'a>>().take(MAX_ACTIONS).collect();
                    next.reverse();
                    waiting.extend(next);
                }
                _ => {}
            }
            if is(&action, "S", "GoTo")
                && let Some(destination) = action.get::<Object<'a>>("D")
                && let Some(url) = self.named(&destination)
            {
                return Some(url);
            }
        }
        None
    }

    /// A destination by name whose entry is an action that leads out of the document.
    fn named(&self, destination: &Object<'a>) -> Option<String> {
        let entry = self.destinations.named(destination)?;
        match entry {
            Object::Dict(entry) => {
                let uri = entry.get::<object::String<'_>>("URI").or_else(|| {
                    let action = entry.get::<Dict<'_>>("A")?;
                    action.get::<object::String<'_>>("URI")
                })?;
                Some(self.joined(&address(uri.as_bytes())))
            }
            _ => None,
        }
    }

    fn joined(&self, address: &str) -> String {
        match (&self.base, url::Url::parse(address)) {
            (Some(base), Err(url::ParseError::RelativeUrlWithoutBase)) => base
                .join(address)
                .map_or_else(|_| address.to_owned(), String::from),
            _ => address.to_owned(),
        }
    }
}

fn is(dict: &Dict<'_>, key: &str, value: &str) -> bool {
    dict.get::<Name<'_>>(key)
        .is_some_and(|name| name.as_ref() == value.as_bytes())
}

fn web_file(file: &Object<'_>) -> Option<String> {
    let bytes = match file {
        Object::String(name) => name.as_bytes().to_vec(),
        Object::Dict(specification) => ["UF", "F"]
            .iter()
            .find_map(|key| specification.get::<object::String<'_>>(*key))?
            .as_bytes()
            .to_vec(),
        _ => return None,
    };
    let url = address(&bytes);
    (url.starts_with("http://") || url.starts_with("https://")).then_some(url)
}

/// An address is 7-bit text by the standard; what else there is gets read as text.
fn address(bytes: &[u8]) -> String {
    text_string(bytes)
        .chars()
        .filter(|character| !character.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The quadrilaterals that lie within the annotation's rectangle, else the rectangle.
fn boxes(annotation: &Dict<'_>, transform: Affine) -> Option<Vec<Rect>> {
    let shown = |points: &[(f64, f64)]| {
        let points: Vec<(f64, f64)> = points
            .iter()
            .map(|(x, y)| {
                let point = transform * Point::new(*x, *y);
                (point.x, point.y)
            })
            .collect();
        Rect::around(&points)
    };
    let rect = annotation.get::<object::Rect>("Rect")?;
    let whole = shown(&[(rect.x0, rect.y0), (rect.x1, rect.y1)]);
    let numbers: Vec<f64> = annotation
        .get::<Array<'_>>("QuadPoints")
        .map(|points| points.iter::<f32>().take(8 * 1024).map(f64::from).collect())
        .unwrap_or_default();
    let quads: Vec<Rect> = numbers
        .chunks_exact(8)
        .map(|quad| {
            let points: Vec<(f64, f64)> = quad
                .chunks_exact(2)
                .filter_map(|point| Some((*point.first()?, *point.get(1)?)))
                .collect();
            shown(&points)
        })
        .filter(|quad| quad.width() > 0.0 && quad.height() > 0.0)
        .collect();
    // By the standard they are to be ignored when any lies outside.
    let room = whole.grown(1.0);
    let inside =
        |quad: &Rect| room.holds((quad.left, quad.top)) && room.holds((quad.right, quad.bottom));
    if !quads.is_empty() && quads.iter().all(inside) {
        Some(quads)
    } else {
        Some(vec![whole])
    }
}
