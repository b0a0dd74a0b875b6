//! Bodies.

use serde_json::{Map, Value};

use super::text::{allows, guess, inner};
use super::{Reason, Refusal, Request};
use crate::model::{Body, Media, Model, Operation, essence, is_json};

pub(super) fn check(
    model: &Model,
    operation: &Operation,
    request: &Request,
    reasons: &mut Vec<Reason>,
) -> Result<(), Refusal> {
    let Some(body) = &operation.body else { return Ok(()) };
    if request.body.is_empty() {
        if body.required && !body.media.is_empty() {
            reasons.push(missing(&["body"]));
        }
        return Ok(());
    }
    let Some(media) = media(body, request)? else { return Ok(()) };
    let Some(schema) = media.schema.map(|id| model.requests.get(id)) else { return Ok(()) };
    let sent = request.header("content-type").unwrap_or(&media.name);
    let value = match essence(sent).as_str() {
        "application/x-www-form-urlencoded" => form(model, schema, &request.body),
        "multipart/form-data" => {
            parts(model, schema, &request.body, reasons);
            return Ok(());
        }
        kind if is_json(kind) && is_json(&media.name) => match serde_json::from_slice(&request.body) {
            Ok(value) => value,
            Err(error) => {
                let message = format!("the body is not JSON: {error}");
                reasons.push(Reason { place: vec!["body".into()], message, rule: "json_invalid".into() });
                return Ok(());
            }
        },
        _ => return Ok(()),
    };
    if !model.requests.valid(schema, &value) {
        for found in model.requests.violations(schema, &value) {
            let place = std::iter::once("body".to_owned()).chain(found.path).collect();
            reasons.push(Reason { place, message: found.message, rule: found.keyword });
        }
    }
    Ok(())
}

/// The documented entry for what was sent. Without a content type, the first one is meant.
fn media<'m>(body: &'m Body, request: &Request) -> Result<Option<&'m Media>, Refusal> {
    let Some(sent) = request.header("content-type") else { return Ok(body.media.first()) };
    let sent = essence(sent);
    let matches = |media: &&Media| {
        let documented = essence(&media.name);
        let wide = |prefix: &str| sent.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        documented == sent
            || documented == "*/*"
            || documented == "*"
            || documented.is_empty()
            || documented.strip_suffix("/*").is_some_and(wide)
            || (is_json(&documented) && is_json(&sent))
    };
    match body.media.iter().find(matches) {
        None if !body.media.is_empty() => Err(Refusal::UnsupportedMediaType(sent)),
        found => Ok(found),
    }
}

/// The fields of a form as the schema wants them.
fn form(model: &Model, schema: &Value, body: &[u8]) -> Value {
    let bundle = &model.requests;
    let any = Value::Bool(true);
    let mut members: Map<String, Value> = Map::new();
    for (name, text) in form_pairs(&String::from_utf8_lossy(body)) {
        let name = name.strip_suffix("[]").map(str::to_owned).unwrap_or(name);
        let property = inner(bundle, schema, &["properties", &name], 0).unwrap_or(&any);
        if allows(bundle, property, "array", 0) {
            let items = inner(bundle, property, &["items"], 0).unwrap_or(&any);
            let value = guess(bundle, items, &text);
            match members.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(list) => list.push(value),
                other => *other = value,
            }
        } else if allows(bundle, property, "object", 0) {
            let value = serde_json::from_str(&text).unwrap_or_else(|_| guess(bundle, property, &text));
            members.insert(name, value);
        } else {
            members.insert(name, guess(bundle, property, &text));
        }
    }
    Value::Object(members)
}

/// Names and values of a query or a form.
pub(crate) fn form_pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Of a multipart body only the names are looked at.
fn parts(model: &Model, schema: &Value, body: &[u8], reasons: &mut Vec<Reason>) {
    let text = String::from_utf8_lossy(body);
    let required = inner(&model.requests, schema, &["required"], 0).and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        let there = [format!("name=\"{name}\""), format!("name={name}"), format!("name=\"{name}[")];
        if !there.iter().any(|there| text.contains(there)) {
            reasons.push(missing(&["body", name]));
        }
    }
}

fn missing(place: &[&str]) -> Reason {
    let place = place.iter().map(|step| (*step).to_owned()).collect();
    Reason { place, message: "field required".into(), rule: "missing".into() }
}
