//! Requests made from samples: what a correct client could send.

use rpc_codegen::ir::{Place, Style};
use serde_json::Value;

use super::{Request, parameter, styled};
use crate::model::{Credential, Model, Operation, essence, is_json};
use crate::sample;

/// A request that an operation should accept; `None` if the document's own schemas contradict themselves.
pub(crate) fn make(model: &Model, operation: &Operation) -> Option<Request> {
    let mut request = Request::default();
    let mut cookies = Vec::new();
    for parameter in &operation.parameters {
        let value = match parameter.schema {
            Some(id) => {
                let sample = sample::sample(&model.requests, id, &parameter.examples);
                if !sample.valid {
                    if parameter.required {
                        return None;
                    }
                    continue;
                }
                sample.value
            }
            None => Value::from("string"),
        };
        let nested = |items: &Vec<Value>| items.iter().any(|item| item.is_array() || item.is_object());
        if !parameter.required && parameter.style != Style::Json && value.as_array().is_some_and(nested) {
            // No style says how lists and objects inside of lists are written.
            continue;
        }
        let pairs = parameter::write(parameter, &value);
        match parameter.place {
            Place::Path => request.path.extend(pairs),
            Place::Query => request.query.extend(pairs),
            Place::Header => {
                request
                    .headers
                    .extend(pairs.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)));
            }
            Place::Cookie => cookies.extend(pairs),
        }
    }
    for credential in operation.security.first().into_iter().flatten() {
        match credential {
            Credential::Key(Place::Query, name) => request.query.push((name.clone(), "key".into())),
            Credential::Key(Place::Cookie, name) => cookies.push((name.clone(), "key".into())),
            Credential::Key(_, name) => request.headers.push((name.to_ascii_lowercase(), "key".into())),
            Credential::Authorization(scheme) => {
                let scheme = if scheme.is_empty() { "bearer" } else { scheme };
                request.headers.push(("authorization".into(), format!("{scheme} dG9rZW4=")));
            }
        }
    }
    if !cookies.is_empty() {
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers.push(("cookie".into(), pairs.join("; ")));
    }
    body(model, operation, &mut request)?;
    Some(request)
}

fn body(model: &Model, operation: &Operation, request: &mut Request) -> Option<()> {
    let Some(body) = &operation.body else { return Some(()) };
    let json = body.media.iter().find(|media| is_json(&media.name));
    let form = || body.media.iter().find(|media| essence(&media.name) == "application/x-www-form-urlencoded");
    let Some(media) = json.or_else(form) else {
        // Files and other bodies that samples say nothing of.
        return (!body.required).then_some(());
    };
    let value = match media.schema {
        Some(id) => {
            let sample = sample::sample(&model.requests, id, &media.examples);
            if !sample.valid {
                return None;
            }
            sample.value
        }
        None => media.examples.first().cloned().unwrap_or_else(|| Value::Object(Default::default())),
    };
    if is_json(&media.name) {
        let name = if media.name.contains('*') { "application/json" } else { &media.name };
        request.headers.push(("content-type".into(), name.to_owned()));
        request.body = value.to_string().into_bytes();
    } else {
        request.headers.push(("content-type".into(), media.name.clone()));
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in value.as_object().into_iter().flatten() {
            form.extend_pairs(styled::write(media, name, value));
        }
        request.body = form.finish().into_bytes();
    }
    Some(())
}
