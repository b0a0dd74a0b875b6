//! `lib.rs`, written as rustfmt leaves it: the modules are not formatted again, this file is.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::emit::{names, showcase, text};
use crate::ir::{Service, Shape};

/// What the crate has beyond client and operations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// `errors.rs`.
    pub(super) errors: bool,
    /// `headers.rs`.
    pub(super) headers: bool,
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
    let alphabets = if has_other_letters(service) { OTHER_LETTERS } else { &[] };
    for (lint, reason) in ALLOWED.iter().chain(alphabets) {
        let _ = writeln!(out, "#![allow({lint}, reason = \"{reason}\")]");
    }
    let modules = [
        ("mod client;", true),
        ("pub mod errors;", parts.errors),
        ("pub mod headers;", parts.headers),
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

/// Lints about letters beyond ASCII, where a name has some.
const OTHER_LETTERS: &[(&str, &str)] = &[
    ("confusable_idents", "its alphabet"),
    ("mixed_script_confusables", "its alphabet"),
    ("uncommon_codepoints", "its alphabet"),
];

/// Whether any name has letters beyond ASCII.
fn has_other_letters(service: &Service) -> bool {
    let in_type = |shape: &Shape| match shape {
        Shape::Struct(object) => object.fields.iter().any(|field| !field.name.is_ascii()),
        Shape::Enum(set) => set.values.iter().any(|value| !value.name.is_ascii()),
        Shape::Union(union) => union.variants.iter().any(|variant| !variant.name.is_ascii()),
        Shape::Alias(..) => false,
    };
    let in_parameters = |operation: &crate::ir::Operation| {
        operation.parameters.iter().any(|parameter| !parameter.name.is_ascii())
    };
    service.types.iter().any(|(_, def)| !def.name.is_ascii() || in_type(&def.shape))
        || service.operations.iter().any(|op| !op.name.is_ascii() || in_parameters(op))
        || service.credentials.iter().any(|credential| !credential.setter.is_ascii())
        || service.tags.values().any(|tag| !tag.module.is_ascii())
}

#[cfg(test)]
mod tests {
    use crate::{Options, generate, testing_input};

    #[test]
    fn names_in_other_alphabets_set_off_no_lint() {
        for (parameter, expected) in [("a", false), ("ʿalaph", true)] {
            let document = format!(
                r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{"/a": {{"get": {{
                "operationId": "a", "parameters": [{{"name": "{parameter}", "in": "query", "schema": {{"type": "string"}}}}],
                "responses": {{"204": {{"description": ""}}}}}}}}}}}}"#
            );
            let output = generate(&testing_input(&document), &Options::default()).unwrap();
            let library = String::from_utf8_lossy(output.files.get("src/lib.rs").unwrap()).into_owned();
            assert_eq!(library.contains("#![allow(uncommon_codepoints"), expected, "{library}");
        }
    }
}
