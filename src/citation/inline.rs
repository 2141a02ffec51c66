//! The basis `inline`: the address is printed in the claim.
//!
//! **In:** links of kind [`LinkKind::Printed`]. **Out:** a citation each, on the
//! sentence that prints the address. **Not here:** finding addresses in text,
//! which the readers of `document` do.

use super::{Basis, Citation, Unusable, hyperlink};
use crate::document::{ByteSpan, Document, LinkKind};

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    hyperlink::of_links(
        document,
        sentences,
        unusable,
        LinkKind::Printed,
        Basis::Inline,
    )
}
