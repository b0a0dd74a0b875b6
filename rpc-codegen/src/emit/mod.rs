//! Emission of everything but types: operations, client, errors, manifest, readme. Reads the intermediate representation,
//! decides nothing that a pass could.

#![allow(clippy::result_large_err, reason = "findings are rare, and there is one type of them")]

mod client;
mod errors;
mod manifest;
pub(crate) mod names;
mod operations;
mod readme;
mod seam;
mod status;
pub(crate) mod text;
mod tokens;
mod values;

pub(crate) use client::client;
pub(crate) use errors::errors;
pub(crate) use manifest::manifest;
pub(crate) use operations::{modules, modules_file};
pub(crate) use readme::{readme, showcase};
// Swap for `crate::types::{TypeModule, emit_mod, needs_validation, rules, rust_type}`.
pub use seam::TypeModule;
pub(crate) use seam::{emit_mod, needs_validation, rules, rust_type};
