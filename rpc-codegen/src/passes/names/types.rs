//! Types.
//!
//! - A component is called by its key: `HTTPValidationError` → `HttpValidationError`, `Order-Input` → `OrderInput`.
//! - A generic of pydantic reads like a phrase, the argument first: `Pagination_Order_` → `OrderPagination`,
//!   `Page_list_Order__` → `OrderListPage`, `Result_dict_str__Item__` → `ItemMapResult`, `Union_A__B_` → `AOrB`.
//! - The form of an operation is called after it: `Body_issue_token_api_v1_token_post` → `IssueTokenBody`.
//! - An inline schema is called by its owner and its place in it: `OrderCreate payment item` → `OrderCreatePaymentItem`.

use std::collections::BTreeMap;

use super::namer::{Item, Namer, Scope, itself};
use super::reserved;
use super::words::{Kind, ident};
use crate::ir::{Service, TypeDef};
use crate::passes::find;
use crate::settings::Section;

/// operationId → the operation's type name.
type Operations = BTreeMap<String, String>;

pub(super) fn name(service: &mut Service, namer: &mut Namer<'_>) {
    // From the back: of operations with the same id the first has it, whatever is appended.
    let named = service.operations.iter().rev();
    let operations: Operations = named
        .filter_map(|operation| Some((operation.operation_id.clone()?, operation.type_name.clone())))
        .collect();
    let is_used = |def: &TypeDef| def.direction.request || def.direction.reply;
    let mut items = Vec::new();
    for (_, def) in service.types.iter().filter(|(_, def)| is_used(def)) {
        let alias = component_key(&def.key).unwrap_or_else(|| by_rule(&def.name, &operations));
        let mut item = Item::new(def.key.clone(), alias, candidates(def, &operations), &def.origin);
        item.chosen = namer.chosen(Section::Types, |wanted| {
            item.alias == wanted
                || match def.input_of {
                    // The name without an ending is that of the other direction.
                    Some(_) => def.name == wanted || rule(&def.name) == wanted,
                    None => find::is_type(def, wanted),
                }
        });
        items.push(item);
    }
    let scope = Scope {
        section: Section::Types,
        kind: Kind::Type,
        reserved: &|name| reserved::is_reserved(Kind::Type, name),
        claims: &itself,
    };
    let names = namer.assign(&scope, items);
    let used = service.types.iter_mut().filter(|(_, def)| is_used(def));
    for ((_, def), name) in used.zip(names) {
        def.name = name;
    }
}

fn candidates(def: &TypeDef, operations: &Operations) -> Vec<String> {
    let rule = by_rule(&def.name, operations);
    let owner = owner(&def.key).map(|owner| ident(Kind::Type, &format!("{owner} {rule}")));
    std::iter::once(rule).chain(owner).collect()
}

/// The name by rule, as far as it does not depend on operations.
pub(in crate::passes) fn rule(name: &str) -> String {
    by_rule(name, &Operations::new())
}

fn by_rule(name: &str, operations: &Operations) -> String {
    let (head, tail) = name.split_once(' ').unwrap_or((name, ""));
    let body = head.strip_prefix("Body_").and_then(|id| operations.get(id));
    let head = match (body, operations.get(head)) {
        (Some(operation), _) => format!("{operation} body"),
        (None, Some(operation)) => operation.clone(),
        (None, None) => phrase(head, 0),
    };
    ident(Kind::Type, &if tail.is_empty() { head } else { format!("{head} {tail}") })
}

/// The name and the arguments of a generic as pydantic writes it: `Page[Order]` → `Page_Order_`.
pub(in crate::passes) fn generic(name: &str) -> Option<(&str, &str)> {
    let (base, inner) = name.strip_suffix('_')?.split_once('_')?;
    (!base.is_empty() && !inner.is_empty() && !inner.starts_with('_')).then_some((base, inner))
}

fn phrase(name: &str, depth: usize) -> String {
    let Some((base, inner)) = generic(name).filter(|_| depth < 8) else { return name.to_owned() };
    let parts = match base {
        "dict" | "Dict" | "Mapping" => vec![inner.split_once("__").map_or(inner, |(_, value)| value)],
        _ => split(inner),
    };
    let arguments: Vec<String> =
        parts.into_iter().filter(|part| *part != "NoneType").map(|part| phrase(part, depth + 1)).collect();
    match base {
        "list" | "List" | "set" | "Set" | "Sequence" => arguments.join(" ") + " List",
        "dict" | "Dict" | "Mapping" => arguments.join(" ") + " Map",
        "Union" => arguments.join(" Or "),
        "Optional" => format!("Optional {}", arguments.join(" ")),
        _ => format!("{} {base}", arguments.join(" ")),
    }
}

/// Arguments stand apart by `__`, after the `_` that close those before.
fn split(inner: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = inner;
    while let Some(at) = rest.find("__") {
        let run = rest.get(at..).map_or(2, |run| run.len() - run.trim_start_matches('_').len());
        let end = at + run - 2;
        match (rest.get(..end), rest.get(at + run..)) {
            (Some(argument), Some(after)) if !argument.is_empty() && !after.is_empty() => {
                parts.push(argument);
                rest = after;
            }
            _ => break,
        }
    }
    parts.push(rest);
    parts
}

/// `Order` of `#/components/schemas/Order`.
pub(in crate::passes) fn component_key(key: &str) -> Option<String> {
    let name =
        ["#/components/schemas/", "#/definitions/"].iter().find_map(|start| key.strip_prefix(start))?;
    (!name.contains('/')).then(|| unescaped(name))
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// What a schema stands in: another file, a component, an operation.
fn owner(key: &str) -> Option<String> {
    let (file, pointer) = key.split_once('#')?;
    let mut segments = pointer.split('/').skip(1).map(unescaped);
    if !file.is_empty() {
        let name = file.rsplit('/').next().unwrap_or(file);
        return Some(name.split('.').next().unwrap_or(name).to_owned());
    }
    match (segments.next()?.as_str(), segments.next()?, segments.next()?) {
        ("components", _, name) => segments.next().map(|_| name),
        ("paths", path, method) => Some(format!("{method} {path}")),
        _ => None,
    }
}
