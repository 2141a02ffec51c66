//! Text that is kept for later, in little room.

use libdeflater::{CompressionLvl, Compressor, Decompressor};

/// Packs texts, one after the other.
pub(crate) struct Press(Compressor);

impl Press {
    pub(crate) fn new() -> Self {
        // The quickest level: what is packed is soon opened again.
        Self(Compressor::new(CompressionLvl::new(1).unwrap_or_default()))
    }

    pub(crate) fn pack(&mut self, text: &[u8]) -> Option<Packed> {
        let mut deflated = vec![0; self.0.deflate_compress_bound(text.len())];
        let length = self.0.deflate_compress(text, &mut deflated).ok()?;
        deflated.truncate(length);
        Some(Packed {
            deflated: deflated.into_boxed_slice(),
            length: text.len(),
        })
    }
}

/// A packed text.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    deflated: Box<[u8]>,
    length: usize,
}

impl Packed {
    /// The text, unless what is held is none.
    pub(crate) fn open(&self) -> Option<Vec<u8>> {
        let mut text = vec![0; self.length];
        let mut press = Decompressor::new();
        let length = press.deflate_decompress(&self.deflated, &mut text).ok()?;
        (length == self.length).then_some(text)
    }
}
