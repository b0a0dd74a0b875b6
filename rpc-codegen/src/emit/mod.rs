//! Emission of everything but types: operations, client, errors, manifest, readme. Reads the intermediate representation,
//! decides nothing that a pass could.

mod client;
mod errors;
mod gates;
mod headers;
mod manifest;
pub(crate) mod names;
mod operations;
mod readme;
mod status;
pub(crate) mod text;
mod tokens;
mod values;

pub(crate) use crate::types::{TypeModule, emit_mod, is_counted_only, needs_validation, rules, rust_type};
pub(crate) use client::client;
pub(crate) use errors::errors;
pub(crate) use gates::Gates;
pub(crate) use headers::headers;
pub(crate) use manifest::manifest;
pub(crate) use operations::{Signature, modules, modules_file, signatures};
pub(crate) use readme::{readme, showcase};
