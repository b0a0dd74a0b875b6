//! Names: the intermediate representation's plain strings become identifiers here and nowhere else.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Operation, Parameter, Service};
use crate::location::Location;
use crate::passes::reserved;
use crate::types::{NEVER_RAW, try_ident};

/// Types and values that generated modules use by their short names.
const TYPES_IN_SCOPE: &[&str] = &[
    "AsRef",
    "Call",
    "Client",
    "DecodeError",
    "Descriptor",
    "ENVELOPE",
    "Err",
    "ErrorReply",
    "Into",
    "Method",
    "None",
    "Ok",
    "Operation",
    "Option",
    "Reply",
    "Result",
    "Self",
    "Some",
    "String",
    "TypedError",
    "Vec",
];

/// Names that no file may have on some systems, and the module's own.
const FILES: &[&str] = &["mod", "con", "prn", "aux", "nul"];

/// An identifier; keywords become raw, or get a trailing `_` where raw is impossible.
///
/// # Errors
/// When the name is none: the names pass lets no such name through.
pub(crate) fn ident(name: &str) -> Result<Ident, Diagnostic> {
    try_ident(name).ok_or_else(|| internal(format!("`{}` is not an identifier", name.escape_debug())))
}

/// A mistake of the generator without a place.
pub(crate) fn internal(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(rules::INTERNAL, Location::start_of(""), message)
}

fn clear_of(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = name.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}

/// Name of a type that generated modules may define next to their imports.
pub(crate) fn type_name(name: &str) -> String {
    if TYPES_IN_SCOPE.contains(&name) { format!("{name}Operation") } else { name.to_owned() }
}

/// Name of an operation's method.
pub(crate) fn method(operation: &Operation) -> String {
    clear_of(&operation.name, |name| reserved::METHODS.contains(&name))
}

/// Name of a credential's setter: on the builder and on every call.
pub(crate) fn credential(setter: &str) -> String {
    clear_of(setter, |name| reserved::BUILDER.contains(&name) || reserved::OPTIONS.contains(&name))
}

/// Name of an optional parameter's setter.
pub(crate) fn setter(service: &Service, operation: &Operation, parameter: &Parameter) -> String {
    let optional_body = operation.body.as_ref().is_some_and(|body| !body.required);
    clear_of(&parameter.name, |name| {
        reserved::OPTIONS.contains(&name)
            || (optional_body && name == "body")
            || service.credentials.iter().any(|other| credential(&other.setter) == name)
    })
}

/// Name of a required parameter's argument: clear of the method's own variables and the body's arguments.
pub(crate) fn argument(parameter: &Parameter) -> String {
    clear_of(&parameter.name, |name| matches!(name, "call" | "params" | "body" | "content_type"))
}

/// Name of an operation's struct of arguments, clear of the other types of its module.
pub(crate) fn params(operation: &Operation, taken: &BTreeSet<String>) -> String {
    let base = format!("{}Params", operation.type_name);
    let numbered = (2..).map(|number| format!("{base}{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(base)
}

/// Module of an operation, which is also its file's name.
pub(crate) fn module(service: &Service, operation: &Operation) -> String {
    let tag = operation.tag.as_ref().and_then(|tag| service.tags.get(tag));
    let name = tag.map_or("default", |tag| tag.module.as_str());
    file_module(name)
}

/// A module's name, safe as a file's name on every system.
pub(crate) fn file_module(name: &str) -> String {
    let device = |name: &str| {
        ["com", "lpt"]
            .iter()
            .any(|port| name.strip_prefix(port).is_some_and(|rest| rest.len() == 1 && rest.is_ascii()))
    };
    let name = if NEVER_RAW.contains(&name) { format!("{name}_") } else { name.to_owned() };
    clear_of(&name, |name| FILES.contains(&name) || device(name))
}

/// The crate's name in Rust code.
///
/// # Errors
/// When it is not a package name.
pub(crate) fn crate_ident(service: &Service) -> Result<String, Diagnostic> {
    let name = &service.crate_name;
    let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if !legal || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(internal(format!("`{}` is not a package name", name.escape_debug())));
    }
    Ok(name.replace('-', "_"))
}
