//! Bodies.

use serde_json::Value;

use super::form::{self, Read};
use super::{Reason, Refusal, Request, multipart};
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
    let read = match read(model, media, schema, request) {
        Ok(Some(read)) => read,
        Ok(None) => return Ok(()),
        Err(reason) => {
            reasons.push(reason);
            return Ok(());
        }
    };
    if !model.requests.valid(schema, &read.value) {
        let found = model.requests.violations(schema, &read.value).into_iter();
        for found in found.filter(|found| read.tells(&found.path, &found.keyword)) {
            let place = std::iter::once("body".to_owned()).chain(found.path).collect();
            reasons.push(Reason { place, message: found.message, rule: found.keyword });
        }
    }
    Ok(())
}

/// The body as JSON, whatever it was sent as; `None` if it is not of a kind with fields.
pub(crate) fn sent(model: &Model, operation: &Operation, request: &Request) -> Option<Value> {
    let media = operation.body.as_ref().and_then(|body| media(body, request).ok()?);
    let Some((media, schema)) = media.and_then(|media| Some((media, model.requests.get(media.schema?))))
    else {
        let json = request.header("content-type").is_none_or(is_json);
        return json.then(|| serde_json::from_slice(&request.body).ok()).flatten();
    };
    let mut read = read(model, media, schema, request).ok()??;
    if let Value::Object(members) = &mut read.value {
        members.retain(|name, _| !read.opaque.contains(name));
    }
    Some(read.value)
}

fn read(model: &Model, media: &Media, schema: &Value, request: &Request) -> Result<Option<Read>, Reason> {
    let broken =
        |message: String, rule: &str| Reason { place: vec!["body".into()], message, rule: rule.into() };
    let sent = request.header("content-type").unwrap_or(&media.name);
    match essence(sent).as_str() {
        "application/x-www-form-urlencoded" => {
            let pairs = form_pairs(&String::from_utf8_lossy(&request.body));
            Ok(Some(form::read(&model.requests, schema, media, pairs)))
        }
        "multipart/form-data" => match multipart::parts(sent, &request.body) {
            Ok(parts) => Ok(Some(form::read_parts(&model.requests, schema, media, parts))),
            Err(message) => Err(broken(message.to_owned(), "multipart_invalid")),
        },
        kind if is_json(kind) && is_json(&media.name) => match serde_json::from_slice(&request.body) {
            Ok(value) => Ok(Some(Read { value, opaque: Vec::new() })),
            Err(error) => Err(broken(format!("the body is not JSON: {error}"), "json_invalid")),
        },
        _ => Ok(None),
    }
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

/// Names and values of a query or a form.
pub(crate) fn form_pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn missing(place: &[&str]) -> Reason {
    let place = place.iter().map(|step| (*step).to_owned()).collect();
    Reason { place, message: "field required".into(), rule: "missing".into() }
}
