//! What each value of a 2.0 document is.

use std::collections::HashMap;

use crate::load::cursor::Cursor;
use crate::load::operation::METHODS;

/// What is converted in a way of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    PathItem,
    Parameter,
    Header,
    Response,
    Schema,
}

/// The role of every value that the document reaches, in whatever file.
pub(super) fn of<'a>(document: &Cursor<'a>) -> HashMap<Cursor<'a>, Role> {
    let mut roles = HashMap::new();
    let mut waiting = vec![(document.clone(), Role::Document)];
    while let Some((at, role)) = waiting.pop() {
        if at.node().as_object().is_none() || roles.contains_key(&at) {
            continue;
        }
        if role != Role::Document
            && let Some(Ok(target)) = at.target()
        {
            waiting.push((target, role));
        }
        children(&at, role, &mut waiting);
        roles.insert(at, role);
    }
    roles
}

fn children<'a>(at: &Cursor<'a>, role: Role, found: &mut Vec<(Cursor<'a>, Role)>) {
    let one = |key: &str, role| at.key(key).into_iter().map(move |value| (value, role));
    let list = |key: &str, role| {
        at.key(key).into_iter().flat_map(|list| list.items()).map(move |value| (value, role))
    };
    let map = |key: &str, role| {
        at.key(key).into_iter().flat_map(|map| map.entries()).map(move |(_, value)| (value, role))
    };
    match role {
        Role::Document => {
            let paths = at.key("paths").into_iter().flat_map(|paths| paths.entries());
            let paths = paths.filter(|(path, _)| !path.starts_with("x-"));
            found.extend(paths.map(|(_, item)| (item, Role::PathItem)));
            found.extend(map("definitions", Role::Schema));
            found.extend(map("parameters", Role::Parameter));
            found.extend(map("responses", Role::Response));
        }
        Role::PathItem => {
            found.extend(list("parameters", Role::Parameter));
            for operation in METHODS.iter().filter_map(|(method, _)| at.key(method)) {
                let parameters = operation.key("parameters");
                let parameters = parameters.into_iter().flat_map(|list| list.items());
                found.extend(parameters.map(|value| (value, Role::Parameter)));
                let responses = operation.key("responses").into_iter().flat_map(|map| map.entries());
                let responses = responses.filter(|(status, _)| !status.starts_with("x-"));
                found.extend(responses.map(|(_, response)| (response, Role::Response)));
            }
        }
        Role::Parameter => {
            found.extend(one("schema", Role::Schema));
            found.extend(one("items", Role::Schema));
        }
        Role::Header => found.extend(one("items", Role::Schema)),
        Role::Response => {
            found.extend(one("schema", Role::Schema));
            found.extend(map("headers", Role::Header));
        }
        Role::Schema => {
            for key in ["items", "additionalProperties", "additionalItems", "not"] {
                found.extend(one(key, Role::Schema));
            }
            for key in ["items", "allOf", "anyOf", "oneOf"] {
                found.extend(list(key, Role::Schema));
            }
            for key in ["properties", "patternProperties", "definitions", "$defs"] {
                found.extend(map(key, Role::Schema));
            }
        }
    }
}
