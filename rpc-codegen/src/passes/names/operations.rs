//! Methods.

use super::namer::{Item, Namer, Scope};
use super::reserved;
use super::words::{Kind, ident};
use crate::ir::{Operation, Service};
use crate::passes::find;
use crate::settings::Section;

pub(super) fn name(service: &mut Service, namer: &mut Namer<'_>) {
    let mut items = Vec::new();
    for operation in &service.operations {
        let alias = operation.key.clone();
        let mut item = Item::new(operation.key.clone(), alias, candidates(operation), &operation.origin);
        item.chosen = namer.chosen(Section::Operations, |wanted| find::is_operation(operation, wanted));
        items.push(item);
    }
    let scope = Scope {
        section: Section::Operations,
        kind: Kind::Operation,
        reserved: &|name| reserved::is_reserved(Kind::Operation, name),
        claims: &claims,
    };
    for (operation, name) in service.operations.iter_mut().zip(namer.assign(&scope, items)) {
        operation.type_name = ident(Kind::Type, &name);
        operation.name = name;
    }
}

/// A method, and the types that are named after it.
fn claims(name: &str) -> Vec<String> {
    let marker = ident(Kind::Type, name);
    let derived = ["Params", "Reply", "Error"].map(|end| format!("{marker}{end}"));
    [format!("{name}()"), marker].into_iter().chain(derived).collect()
}

/// The name by rule: what FastAPI's operationId had before path and method were added, the operationId of others, or
/// method and path.
pub(crate) fn rule(operation: &Operation) -> String {
    match operation.operation_id.as_deref().map(|id| without_place(id, operation)) {
        Some(id) if id.chars().any(char::is_alphanumeric) => ident(Kind::Operation, id),
        _ => ident(Kind::Operation, &from_place(operation, true)),
    }
}

fn candidates(operation: &Operation) -> Vec<String> {
    let rule = rule(operation);
    let method = method(operation);
    let mut all = vec![rule.clone()];
    if !rule.split('_').any(|word| word == method) {
        all.push(ident(Kind::Operation, &format!("{rule} {method}")));
    }
    all.push(ident(Kind::Operation, &from_place(operation, true)));
    all.push(ident(Kind::Operation, &from_place(operation, false)));
    all
}

fn path(operation: &Operation) -> &str {
    operation.key.split_once(' ').map_or(operation.template.as_str(), |(_, path)| path)
}

fn method(operation: &Operation) -> String {
    operation.method.as_str().to_lowercase()
}

/// Takes FastAPI's ending off: the path with `_` for all that is no letter, digit or `_`, then `_` and a method (with
/// several methods on one route, the same one for all). A path that was mounted elsewhere ends in what FastAPI knew.
fn without_place<'i>(id: &'i str, operation: &Operation) -> &'i str {
    const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let own = method(operation);
    for method in std::iter::once(own.as_str()).chain(METHODS.iter().copied()) {
        let Some(id) = id.strip_suffix(method).and_then(|id| id.strip_suffix('_')) else { continue };
        let path = path(operation);
        let starts = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).take(8);
        for place in starts.filter_map(|at| path.get(at..)) {
            let ending: String =
                place.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
            if let Some(name) = id.strip_suffix(&ending)
                && !name.is_empty()
                && ending.len() > 1
            {
                return name;
            }
        }
    }
    id
}

/// `GET /api/v1/orders/{order_id}` → `get orders by order_id`; `short` leaves out `api` and versions.
fn from_place(operation: &Operation, short: bool) -> String {
    let mut words = vec![method(operation)];
    for segment in path(operation).split('/').filter(|segment| !segment.is_empty()) {
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(parameter) => words.push(format!("by {parameter}")),
            None if short && is_general(segment) => {}
            None => words.push(segment.to_owned()),
        }
    }
    words.join(" ")
}

/// `api` and `v1`: segments that say nothing about what an operation is about.
pub(super) fn is_general(segment: &str) -> bool {
    let version =
        segment.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    segment == "api" || version
}

/// The first segment of the path that says something.
pub(super) fn subject(operation: &Operation) -> Option<&str> {
    let mut segments = path(operation).split('/');
    segments.find(|segment| !segment.is_empty() && !segment.starts_with('{') && !is_general(segment))
}
