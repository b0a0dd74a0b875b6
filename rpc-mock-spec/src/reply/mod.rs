//! Replies: what the document promises for a status, with the sample as body.

mod failure;
mod merge;

use serde_json::{Map, Value};

use crate::model::{Media, Model, Operation, Reply, essence, is_json};
use crate::request::Request;
use crate::sample;

pub(crate) use failure::{bad_request, failure};
pub(crate) use merge::merge;

/// A reply as it goes out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A documented reply with the media type that is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'m> {
    pub(crate) status: u16,
    pub(crate) reply: &'m Reply,
    pub(crate) media: Option<&'m Media>,
}

/// The success that is answered: the lowest documented one, else a class or `default`, else a redirection.
pub(crate) fn success<'m>(operation: &'m Operation, request: &Request) -> Option<Chosen<'m>> {
    let numbered = |first: char| {
        let all = operation.replies.iter().filter(move |reply| reply.status.starts_with(first));
        all.filter_map(|reply| Some((reply.status.parse().ok()?, reply))).min_by_key(|(status, _)| *status)
    };
    let named = |name: &str| operation.replies.iter().find(|reply| reply.status.eq_ignore_ascii_case(name));
    let found = numbered('2')
        .or_else(|| Some((200, named("2XX")?)))
        .or_else(|| Some((200, named("default")?)))
        .or_else(|| numbered('3'))?;
    Some(chosen(found.0, found.1, request))
}

/// The documented reply that `x-mock-status: 404` or `Prefer: code=404` asks for.
pub(crate) fn wanted<'m>(operation: &'m Operation, request: &Request) -> Option<Chosen<'m>> {
    let prefer = request.header("prefer").and_then(|text| {
        text.split([',', ';'])
            .find_map(|part| part.trim().strip_prefix("code="))
            .map(|code| code.trim_matches('"'))
    });
    let status: u16 = request.header("x-mock-status").or(prefer)?.trim().parse().ok()?;
    if !(200..600).contains(&status) {
        return None;
    }
    Some(chosen(status, operation.reply(status)?, request))
}

fn chosen<'m>(status: u16, reply: &'m Reply, request: &Request) -> Chosen<'m> {
    let accept = request.header("accept").unwrap_or("*/*").to_ascii_lowercase();
    let accepted = |media: &&Media| {
        let name = essence(&media.name);
        let kind = name.split('/').next().unwrap_or_default().to_owned();
        accept
            .split(',')
            .map(essence)
            .any(|wanted| wanted == "*/*" || wanted == name || wanted == format!("{kind}/*"))
    };
    let best = |all: Vec<&'m Media>| all.iter().find(|media| is_json(&media.name)).or(all.first()).copied();
    let media =
        best(reply.media.iter().filter(accepted).collect()).or_else(|| best(reply.media.iter().collect()));
    Chosen { status, reply, media }
}

/// The sample of a JSON reply; `None` if the body is not JSON or has no schema.
pub(crate) fn json(model: &Model, chosen: &Chosen<'_>) -> Option<Value> {
    let media = chosen.media.filter(|media| is_json(&media.name))?;
    match media.schema {
        Some(id) => Some(succeed(model, chosen, sample::sample(&model.replies, id, &media.examples).value)),
        None => Some(media.examples.first().cloned().unwrap_or_else(|| Value::Object(Map::new()))),
    }
}

/// An envelope around a success says so.
fn succeed(model: &Model, chosen: &Chosen<'_>, mut value: Value) -> Value {
    let (Some(envelope), true) = (&model.envelope, chosen.status < 300) else { return value };
    let Some(schema) = chosen.media.and_then(|media| media.schema).map(|id| model.replies.get(id)) else {
        return value;
    };
    if value.get(&envelope.code).is_none() || value.get(&envelope.data).is_none() {
        return value;
    }
    let named = envelope
        .success
        .iter()
        .flat_map(|code| [code.parse::<i64>().ok().map(Value::from), Some(code.as_str().into())]);
    let mut codes: Vec<Value> = named.flatten().collect();
    if codes.is_empty() {
        codes = vec![200.into(), 0.into(), "200".into(), "0".into()];
    }
    let mut set = |name: &str, tries: Vec<Value>| {
        for try_value in tries {
            let mut with = value.clone();
            if let Some(member) = with.get_mut(name) {
                *member = try_value;
            }
            if model.replies.valid(schema, &with) {
                value = with;
                return;
            }
        }
    };
    set(&envelope.code, codes);
    set(&envelope.message, vec!["".into()]);
    value
}

/// A reply with this JSON, or with a body of another kind where the document has one.
pub(crate) fn outgoing(model: &Model, chosen: &Chosen<'_>, json: Option<Value>) -> Outgoing {
    let mut out = Outgoing { status: chosen.status, ..Outgoing::default() };
    for header in &chosen.reply.headers {
        let value = match header.schema {
            Some(id) => sample::sample(&model.replies, id, &header.examples).value,
            None => header.examples.first().cloned().unwrap_or_else(|| "string".into()),
        };
        if !header.name.eq_ignore_ascii_case("content-type") {
            out.headers.push((header.name.clone(), text(&value)));
        }
    }
    let Some(media) = chosen.media.filter(|_| chosen.status != 204 && chosen.status != 304) else {
        return out;
    };
    let name = match essence(&media.name).as_str() {
        "*/*" | "application/*" | "" => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        kind if kind.contains('*') => "application/octet-stream".to_owned(),
        _ => media.name.clone(),
    };
    out.body = match json {
        Some(value) => value.to_string().into_bytes(),
        None => other(model, media, &name).into_bytes(),
    };
    out.headers.push(("content-type".into(), name));
    out
}

/// A body that is not JSON.
fn other(model: &Model, media: &Media, name: &str) -> String {
    let sample = media.schema.map(|id| sample::sample(&model.replies, id, &media.examples).value);
    let value = media.examples.first().cloned().or(sample).unwrap_or_else(|| "string".into());
    let kind = essence(name);
    match value {
        Value::String(text) if !kind.contains("xml") || text.trim_start().starts_with('<') => text,
        value if kind.contains("xml") => {
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", xml("root", &value))
        }
        value if kind == "text/event-stream" => format!("data: {value}\n\n"),
        value if kind.ends_with("ndjson") || kind.ends_with("jsonl") => format!("{value}\n"),
        value => text(&value),
    }
}

fn xml(name: &str, value: &Value) -> String {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let mut name: String = name.chars().filter(|c| letter(*c)).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'n');
    }
    match value {
        Value::Object(members) => {
            let inner: String = members.iter().map(|(key, value)| xml(key, value)).collect();
            format!("<{name}>{inner}</{name}>")
        }
        Value::Array(items) => items.iter().map(|item| xml(&name, item)).collect(),
        other => {
            let text = text(other).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            format!("<{name}>{text}</{name}>")
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
