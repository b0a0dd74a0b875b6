//! Failures in the form that the document gives them.

use serde_json::{Map, Value, json};

use super::Outgoing;
use crate::model::{Model, Operation, Reply, is_json};
use crate::request::Reason;
use crate::sample;

/// Fields that hold a text for people.
const MESSAGES: [&str; 8] =
    ["message", "msg", "detail", "title", "error", "error_description", "description", "reason"];

/// A failure: FastAPI's, the service's envelope, or a sample with the message in it, whichever the document's schema allows.
pub(crate) fn failure(
    model: &Model,
    operation: &Operation,
    status: u16,
    message: &str,
    reasons: &[Reason],
) -> Outgoing {
    let documented = reply(operation, status);
    let media = documented.and_then(|reply| reply.media.iter().find(|media| is_json(&media.name)));
    let schema = media.and_then(|media| media.schema);
    let body = match (media, schema) {
        (Some(media), Some(id)) => {
            let schema = model.replies.get(id);
            let tries = [Some(fastapi(message, reasons)), Some(enveloped(model, status, message))];
            let fitting = tries
                .into_iter()
                .flatten()
                .find(|value| named(schema, value, model) && model.replies.valid(schema, value));
            fitting.unwrap_or_else(|| {
                let sample = sample::sample(&model.replies, id, &media.examples).value;
                told(model, schema, sample, status, message)
            })
        }
        _ => plain(model, status, message, reasons),
    };
    let name = media.map(|media| media.name.clone()).filter(|name| !name.contains('*'));
    let name = name.unwrap_or_else(|| "application/json".into());
    Outgoing { status, headers: vec![("content-type".into(), name)], body: body.to_string().into_bytes() }
}

/// The status for a request that is not valid: 422, or 400 where only that is documented.
pub(crate) fn bad_request(operation: &Operation) -> u16 {
    let documented = |status: &str| operation.replies.iter().any(|reply| reply.status == status);
    if documented("400") && !documented("422") { 400 } else { 422 }
}

/// The reply for a status: its own, its class's, else `default`.
fn reply(operation: &Operation, status: u16) -> Option<&Reply> {
    let named = |name: &str| operation.replies.iter().find(|reply| reply.status.eq_ignore_ascii_case(name));
    named(&status.to_string()).or_else(|| named("4XX")).or_else(|| named("default"))
}

/// Whether the schema speaks of the first field of the value: a schema that allows anything promises nothing of this form.
fn named(schema: &Value, value: &Value, model: &Model) -> bool {
    let schema = model.replies.resolve(schema);
    let properties = schema.get("properties").and_then(Value::as_object);
    let first = value.as_object().and_then(|members| members.keys().next());
    properties.is_none_or(|properties| first.is_none_or(|first| properties.contains_key(first)))
}

fn fastapi(message: &str, reasons: &[Reason]) -> Value {
    let index = |step: &String| step.parse::<u64>().map_or_else(|_| Value::from(step.as_str()), Value::from);
    let detail = |reason: &Reason| {
        let place: Vec<Value> = reason.place.iter().map(index).collect();
        json!({"loc": place, "msg": reason.message, "type": reason.rule})
    };
    match reasons {
        [] => json!({"detail": message}),
        _ => json!({"detail": reasons.iter().map(detail).collect::<Vec<_>>()}),
    }
}

fn enveloped(model: &Model, status: u16, message: &str) -> Value {
    let mut out = Map::new();
    let name = |own: Option<&String>, usual: &str| own.map_or_else(|| usual.to_owned(), Clone::clone);
    let envelope = model.envelope.as_ref();
    out.insert(name(envelope.map(|envelope| &envelope.code), "code"), status.into());
    out.insert(name(envelope.map(|envelope| &envelope.message), "message"), message.into());
    out.insert(name(envelope.map(|envelope| &envelope.data), "data"), Value::Null);
    Value::Object(out)
}

fn plain(model: &Model, status: u16, message: &str, reasons: &[Reason]) -> Value {
    let mut out = match &model.envelope {
        Some(_) => enveloped(model, status, message),
        None => json!({"code": status, "message": message}),
    };
    if let (Value::Object(out), None) = (&mut out, &model.envelope) {
        let errors = reasons.iter().map(|reason| json!({"place": reason.place, "message": reason.message}));
        out.insert("errors".into(), errors.collect());
    }
    out
}

/// A sample with the message in it, and the status where it has a code of that kind.
fn told(model: &Model, schema: &Value, mut sample: Value, status: u16, message: &str) -> Value {
    let mut set = |name: &str, value: Value| {
        let mut with = sample.clone();
        let Some(member) = with
            .get_mut(name)
            .filter(|member| std::mem::discriminant(*member) == std::mem::discriminant(&value))
        else {
            return;
        };
        *member = value;
        if model.replies.valid(schema, &with) {
            sample = with;
        }
    };
    MESSAGES.iter().for_each(|name| set(name, message.into()));
    ["code", "status"].iter().for_each(|name| set(name, status.into()));
    sample
}
