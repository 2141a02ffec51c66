//! `ibid schema`

use super::failure::{End, Failure};
use super::{Common, output};
use std::io::Write;

/// Print the JSON Schema of the JSON report
#[derive(Debug, clap::Args)]
pub(super) struct SchemaArgs {}

pub(super) fn run(_args: &SchemaArgs, common: &Common) -> Result<End, Failure> {
    let schema = ibid::report::json::schema();
    match &common.output {
        Some(path) => output::write_file(path, schema.as_bytes())?,
        None => anstream::stdout().lock().write_all(schema.as_bytes())?,
    }
    Ok(End::Sound)
}
