//! The laws that every target checks; the tests use the same files.

#[path = "../../tests/support/laws.rs"]
pub mod laws;
#[path = "../../tests/support/packages.rs"]
pub mod packages;
