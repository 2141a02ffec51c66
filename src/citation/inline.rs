//! The basis `inline`: the address is printed in the claim.
//!
//! **In:** links of kind [`LinkKind::Printed`]. **Out:** a citation each, on the
//! sentence that prints the address. **Not here:** finding addresses in text,
//! which the readers of `document` do.

use super::rule::Rules;
use super::{Basis, Citation, Unusable, hyperlink};
use crate::document::{ByteSpan, Document, LinkKind};

pub(super) fn citations(
    document: &Document,
    sentences: &[ByteSpan],
    rules: &Rules<'_>,
    unusable: &mut Vec<Unusable>,
) -> Vec<Citation> {
    hyperlink::of_links(
        document,
        sentences,
        rules,
        unusable,
        LinkKind::Printed,
        Basis::Inline,
    )
}
