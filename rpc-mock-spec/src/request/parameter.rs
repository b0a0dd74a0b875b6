//! Parameters, by their style.

use rpc_codegen::ir::{Place, Style};
use serde_json::{Map, Value};

use super::form::{self, Read};
use super::text::{allows, guess, inner};
use super::{Reason, Request};
use crate::model::{Media, Parameter};
use crate::schema::Bundle;

static ANY: Value = Value::Bool(true);

pub(super) fn check(bundle: &Bundle, parameter: &Parameter, request: &Request, reasons: &mut Vec<Reason>) {
    let texts = texts(parameter, request);
    let schema = parameter.schema.map_or(&ANY, |id| bundle.get(id));
    let object = allows(bundle, schema, "object", 0);
    let place = vec![place(parameter.place).to_owned(), parameter.name.clone()];
    if let Some(read) = deep(bundle, parameter, schema, request).filter(|_| object) {
        if !bundle.valid(schema, &read.value) {
            let found = bundle.violations(schema, &read.value).into_iter();
            for found in found.filter(|found| read.tells(&found.path, &found.keyword)) {
                let place = place.iter().cloned().chain(found.path).collect();
                reasons.push(Reason { place, message: found.message, rule: found.keyword });
            }
        }
        return;
    }
    if texts.is_empty() {
        if parameter.required && !(object && has_members(bundle, parameter, schema, request)) {
            let (message, rule) = ("field required".to_owned(), "missing".to_owned());
            reasons.push(Reason { place, message, rule });
        }
        return;
    }
    // No style says how objects inside of lists are written.
    let nested = inner(bundle, schema, &["items"], 0).is_some_and(|items| allows(bundle, items, "object", 0));
    if (object || nested) && parameter.style != Style::Json {
        return;
    }
    let value = read(bundle, parameter, schema, &texts);
    if !bundle.valid(schema, &value) {
        for found in bundle.violations(schema, &value) {
            let place = place.iter().cloned().chain(found.path).collect();
            reasons.push(Reason { place, message: found.message, rule: found.keyword });
        }
    }
}

/// The object of `filter[a]=1&filter[b]=2`. How lists and objects inside of it are written, no style says.
fn deep(bundle: &Bundle, parameter: &Parameter, schema: &Value, request: &Request) -> Option<Read> {
    if parameter.place != Place::Query || parameter.style != Style::DeepObject {
        return None;
    }
    let member = |key: &str| {
        let inside = key.strip_prefix(parameter.name.as_str())?.strip_prefix('[')?.strip_suffix(']')?;
        Some(inside.to_owned())
    };
    let pairs = request.query.iter().filter_map(|(key, text)| Some((member(key)?, text.clone())));
    let (plain, other): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| {
        let property = inner(bundle, schema, &["properties", name], 0).unwrap_or(&ANY);
        !name.contains(['[', ']']) && !["array", "object"].iter().any(|ty| allows(bundle, property, ty, 0))
    });
    if plain.is_empty() && other.is_empty() {
        return None;
    }
    let mut read = form::read(bundle, schema, &Media::default(), plain);
    for (name, _) in other {
        read.hide(name.split(']').next().unwrap_or_default());
    }
    Some(read)
}

/// Whether a value is one text, in place of a list or an object.
pub(super) fn is_plain(bundle: &Bundle, parameter: &Parameter) -> bool {
    let schema = parameter.schema.map_or(&ANY, |id| bundle.get(id));
    let many = ["array", "object"].iter().any(|ty| allows(bundle, schema, ty, 0));
    !many
        && parameter.style != Style::Json
        && parameter.style != Style::Label
        && parameter.style != Style::Matrix
}

/// Whether the query has members of an exploded object, which stand there under their own names. Names that no schema knows
/// may be members as well, where nothing names the members.
fn has_members(bundle: &Bundle, parameter: &Parameter, schema: &Value, request: &Request) -> bool {
    if parameter.place != Place::Query || parameter.style != Style::Form || !parameter.explode {
        return false;
    }
    let members = inner(bundle, schema, &["properties"], 0).and_then(Value::as_object);
    let known = |name: &str| members.is_none_or(|members| members.is_empty() || members.contains_key(name));
    // An object without required members may be empty, and then nothing of it is to be seen.
    let may_be_empty = bundle.valid(schema, &Value::Object(Map::new()));
    may_be_empty || request.query.iter().any(|(name, _)| known(name))
}

/// The parameter's texts as they came; none if it did not come.
fn texts(parameter: &Parameter, request: &Request) -> Vec<String> {
    let of = |pairs: &[(String, String)], name: &str| {
        pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
    };
    match parameter.place {
        Place::Path => of(&request.path, &parameter.name),
        Place::Header => of(&request.headers, &parameter.name.to_ascii_lowercase()),
        Place::Cookie => request.cookie(&parameter.name).map(str::to_owned).into_iter().collect(),
        Place::Query => {
            let mut found = of(&request.query, &parameter.name);
            found.extend(of(&request.query, &format!("{}[]", parameter.name)));
            if found.is_empty() {
                let start = format!("{}[", parameter.name);
                let deep = request.query.iter().filter(|(key, _)| key.starts_with(&start));
                found.extend(deep.map(|(_, value)| value.clone()));
            }
            found
        }
    }
}

fn read(bundle: &Bundle, parameter: &Parameter, schema: &Value, texts: &[String]) -> Value {
    let first = texts.first().map(String::as_str).unwrap_or_default();
    let first = match parameter.style {
        Style::Label => first.strip_prefix('.').unwrap_or(first),
        Style::Matrix => first.split_once('=').map_or(first, |(_, value)| value),
        _ => first,
    };
    if parameter.style == Style::Json {
        return serde_json::from_str(first).unwrap_or_else(|_| guess(bundle, schema, first));
    }
    if !allows(bundle, schema, "array", 0) {
        return guess(bundle, schema, first);
    }
    let items = inner(bundle, schema, &["items"], 0).unwrap_or(&ANY);
    let list =
        |texts: Vec<&str>| Value::Array(texts.into_iter().map(|text| guess(bundle, items, text)).collect());
    let between = match parameter.style {
        Style::SpaceDelimited => ' ',
        Style::PipeDelimited => '|',
        Style::Label if parameter.explode => '.',
        _ => ',',
    };
    let split = || {
        let parts = |text| match text {
            "" => Vec::new(),
            text => str::split(text, between).map(str::trim).collect(),
        };
        let rest = texts.iter().skip(1).map(String::as_str);
        list(std::iter::once(first).chain(rest).flat_map(parts).collect())
    };
    let whole = list(texts.iter().map(String::as_str).collect());
    let scalar = guess(bundle, schema, first);
    let mut readings = if texts.len() > 1 { vec![whole] } else { vec![whole, scalar] };
    // Servers differ in whether they split; what either makes of it may be meant.
    readings.insert(usize::from(parameter.explode || texts.len() > 1), split());
    let fitting = readings.iter().position(|value| bundle.valid(schema, value)).unwrap_or(0);
    readings.swap_remove(fitting)
}

/// As FastAPI names them.
pub(super) fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

/// A value as the texts that a client would send.
pub(super) fn write(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let name = parameter.name.clone();
    if parameter.style == Style::Json {
        return vec![(name, value.to_string())];
    }
    let between = match parameter.style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    let start = match parameter.style {
        Style::Label => ".".to_owned(),
        Style::Matrix => format!(";{name}="),
        _ => String::new(),
    };
    match value {
        Value::Array(items) if parameter.place == Place::Query && parameter.explode => {
            items.iter().map(|item| (name.clone(), text(item))).collect()
        }
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(text).collect();
            vec![(name, format!("{start}{}", texts.join(between)))]
        }
        Value::Object(members) => members_of(parameter, members, text),
        other => vec![(name, format!("{start}{}", text(other)))],
    }
}

fn members_of(
    parameter: &Parameter,
    members: &Map<String, Value>,
    text: impl Fn(&Value) -> String,
) -> Vec<(String, String)> {
    let name = &parameter.name;
    match parameter.style {
        Style::DeepObject => {
            members.iter().map(|(key, value)| (format!("{name}[{key}]"), text(value))).collect()
        }
        _ if parameter.place == Place::Query && parameter.explode => {
            members.iter().map(|(key, value)| (key.clone(), text(value))).collect()
        }
        _ => {
            let pairs: Vec<String> =
                members.iter().map(|(key, value)| format!("{key},{}", text(value))).collect();
            vec![(name.clone(), pairs.join(","))]
        }
    }
}
