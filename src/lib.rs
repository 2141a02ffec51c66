//! ibid answers, for every source a text cites: is it still in the same place,
//! and does it still say what we say it says — and keeps the proof.
//!
//! The library follows the way of the data; each stage is one module, and only
//! [`check`] brings them together:
//!
//! ```text
//! document ─► citation ─► fetch ─► archive ─► evidence ─► report
//! ```

pub mod archive;
pub mod check;
pub mod citation;
pub mod clock;
pub mod config;
pub mod demo;
pub mod document;
pub mod evidence;
pub mod fetch;
pub mod limits;
mod packed;
pub mod report;
