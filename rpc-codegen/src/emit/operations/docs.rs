//! What the documentation of a method says.

use super::arguments::Arguments;
use super::example::example_lines;
use crate::diagnostic::Diagnostic;
use crate::emit::tokens::qualified;
use crate::emit::{names, rust_type, text};
use crate::ir::{Default_, HeaderKey, Operation, Parameter, Reply, ReplyBody, Service, Type};

/// Headers of a reply that the table of statuses names.
const NAMED: usize = 8;

/// A link to an operation's method; only the name where the name is a keyword.
pub(crate) fn method_link(operation: &Operation) -> String {
    let name = names::method(operation);
    let plain = names::ident(&name).is_ok_and(|ident| ident == name.as_str());
    if plain { format!("[`{name}`](crate::Client::{name})") } else { text::code(&name) }
}

/// The documentation of a method.
pub(super) fn method(
    service: &Service,
    operation: &Operation,
    arguments: &Arguments<'_>,
) -> Result<Vec<String>, Diagnostic> {
    let mut out = Vec::new();
    let summary = operation.summary.as_deref().map(text::sentence).filter(|text| !text.is_empty());
    let description = operation.description.as_deref().map(text::block).filter(|lines| !lines.is_empty());
    let key = text::code(&format!("{} {}", operation.method.as_str(), operation.template));
    out.extend(summary);
    if let Some(description) = description {
        separate(&mut out);
        out.extend(description);
    }
    separate(&mut out);
    out.push(format!("{key} ({}).", text::inline(&operation.origin.to_string())));
    for line in super::policy::docs(operation) {
        separate(&mut out);
        out.push(line);
    }
    let documented: Vec<String> = arguments.list.iter().filter_map(|argument| documented(argument)).collect();
    if arguments.params.is_none() && !documented.is_empty() {
        separate(&mut out);
        out.extend(documented);
    }
    let table = statuses(service, operation);
    if !table.is_empty() {
        separate(&mut out);
        let (names, line) = match has_headers(operation) {
            true => ("| status | what it means | body | headers |", "|---|---|---|---|"),
            false => ("| status | what it means | body |", "|---|---|---|"),
        };
        out.extend([names.to_owned(), line.to_owned()]);
        out.extend(table);
    }
    separate(&mut out);
    out.extend(example_lines(service, operation, arguments)?);
    Ok(out)
}

fn separate(lines: &mut Vec<String>) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
}

fn documented(argument: &super::arguments::Argument<'_>) -> Option<String> {
    let doc = match argument.source {
        super::arguments::Source::Parameter(parameter) => parameter.doc.as_deref(),
        super::arguments::Source::Body(body) => body.doc.as_deref(),
        super::arguments::Source::ContentType => Some("Content type of the body, with its boundary."),
    };
    let doc = text::sentence(doc?);
    (!doc.is_empty()).then(|| format!("- `{}`: {doc}", argument.name))
}

/// The documentation of a parameter.
pub(super) fn parameter(parameter: &Parameter) -> Vec<String> {
    let doc = parameter.doc.as_deref().map(text::block).filter(|lines| !lines.is_empty());
    let mut out = doc.unwrap_or_else(|| vec![format!("{}.", text::code(&parameter.wire))]);
    let default = match &parameter.default {
        Some(Default_::Bool(value)) => Some(value.to_string()),
        Some(Default_::Int(value)) => Some(value.to_string()),
        Some(Default_::Number(value) | Default_::String(value) | Default_::Json(value)) => {
            Some(value.clone())
        }
        Some(Default_::EmptyList | Default_::EmptyMap | Default_::Null) | None => None,
    };
    let default = default.map(|default| text::code(&default)).filter(|default| !default.is_empty());
    if let Some(default) = default {
        separate(&mut out);
        out.push(format!("The service takes {default} when it is left out."));
    }
    if parameter.wire != parameter.name && parameter.doc.is_some() {
        separate(&mut out);
        out.push(format!("Sent as {}.", text::code(&parameter.wire)));
    }
    out
}

/// The rows of the status table.
fn statuses(service: &Service, operation: &Operation) -> Vec<String> {
    let row = |reply: &Reply, body: String| {
        let doc = reply.doc.as_deref().map(text::cell).unwrap_or_default();
        let headers = match has_headers(operation) {
            true => format!(" {} |", headers(service, reply)),
            false => String::new(),
        };
        format!("| {} | {doc} | {body} |{headers}", text::cell(&reply.status))
    };
    let success = operation.replies.iter().map(|reply| row(reply, body(service, &reply.body)));
    let failures = operation.failures.iter().map(|reply| {
        let body = match (&reply.body, operation.errors) {
            (ReplyBody::Empty, _) => String::new(),
            (_, Some(_)) => error_link(operation),
            (other, None) => body(service, other),
        };
        row(reply, body)
    });
    success.chain(failures).collect()
}

fn has_headers(operation: &Operation) -> bool {
    operation.replies.iter().chain(&operation.failures).any(|reply| !reply.headers.is_empty())
}

/// Links to the constants of a reply's headers.
fn headers(service: &Service, reply: &Reply) -> String {
    let keys = reply.headers.iter().take(NAMED).filter_map(|header| service.headers.get(header.key));
    let link = |HeaderKey { name, .. }: &HeaderKey| format!("[`{name}`](crate::headers::{name})");
    let mut links: Vec<String> = keys.map(link).collect();
    if reply.headers.len() > NAMED {
        links.push(format!("and {} more", reply.headers.len() - NAMED));
    }
    links.join(", ")
}

/// A link to the alias of an operation's failures.
pub(crate) fn error_link(operation: &Operation) -> String {
    let name = &operation.type_name;
    format!("[`{name}Error`](crate::errors::{name}Error)")
}

fn body(service: &Service, body: &ReplyBody) -> String {
    match body {
        ReplyBody::Empty => String::new(),
        ReplyBody::Json(Type::Named(id)) => match service.types.get(*id) {
            Some(def) => format!("[`{0}`](crate::types::{0})", def.name),
            None => String::new(),
        },
        ReplyBody::Json(ty) => {
            text::code(&qualified(&rust_type(service, ty), "crate").replace("crate::types::", ""))
        }
        ReplyBody::Text => "text".to_owned(),
        ReplyBody::Bytes(media_type) => text::cell(media_type),
    }
}
