//! `lib.rs`, written as rustfmt leaves it: the modules are not formatted again, this file is.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::emit::{names, showcase, text};
use crate::ir::Service;

/// What the crate has beyond client and operations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// `errors.rs`.
    pub(super) errors: bool,
    /// `types/`.
    pub(super) types: bool,
}

/// `lib.rs`, without its header.
pub(super) fn library(service: &Service, parts: Parts) -> Result<String, Diagnostic> {
    let krate = names::crate_ident(service)?;
    let name = text::inline(&service.name);
    let mut docs = vec![format!("Client of {name} {}.", text::inline(&service.crate_version))];
    if let Some(description) = service.description.as_deref() {
        docs.push(String::new());
        docs.extend(text::block(description));
    }
    let example = showcase(service)?;
    let (given, lines) = example.map(|example| (example.given, example.lines)).unwrap_or_default();
    let given: Vec<String> = given.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    docs.extend([
        String::new(),
        "```no_run".to_owned(),
        format!("# async fn run({}) -> {krate}::Result<()> {{", given.join(", ")),
        format!("let client = {krate}::Client::from_env()?;"),
    ]);
    docs.extend(lines);
    docs.extend(["# Ok(()) }".to_owned(), "```".to_owned()]);

    let mut out = String::new();
    for line in docs {
        let _ = writeln!(out, "{}", format!("//! {line}").trim_end());
    }
    out.push_str("\n#![forbid(unsafe_code)]\n");
    for (lint, reason) in ALLOWED {
        let _ = writeln!(out, "#![allow({lint}, reason = \"{reason}\")]");
    }
    let modules = [
        ("mod client;", true),
        ("pub mod errors;", parts.errors),
        ("pub mod operations;", true),
        ("pub mod types;", parts.types),
    ];
    out.push('\n');
    for (module, _) in modules.iter().filter(|(_, there)| *there) {
        let _ = writeln!(out, "#[rustfmt::skip]\n{module}");
    }
    out.push_str("\npub use client::{Call, Client, ClientBuilder};\n");
    out.push_str("pub use rpc_runtime::{Error, Mesh, Response, Result};\n");
    Ok(out)
}

/// Lints that the document's choices would set off. Short, so that rustfmt keeps each on its line.
const ALLOWED: &[(&str, &str)] = &[
    ("deprecated", "the document says so"),
    ("clippy::doc_lazy_continuation", "the document's prose"),
    ("clippy::doc_overindented_list_items", "its prose"),
    ("clippy::match_overlapping_arm", "exact statuses first"),
    ("clippy::should_implement_trait", "its names"),
];
