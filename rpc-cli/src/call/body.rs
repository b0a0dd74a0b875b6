//! The body, from `--body`, `--field`, `--file` or the last argument.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use rpc_codegen::ir::{Additional, Body, BodyKind, Operation, Presence, Service, Shape, Struct, Type};
use rpc_codegen::settings::did_you_mean;
use rpc_runtime::types::{File, RawJson};

use super::argument::{Argument, Given};
use super::value::Value;
use crate::cli::{Call, Usage, usage};

/// A body to send.
#[derive(Debug)]
pub(crate) enum Payload {
    /// JSON, also for forms.
    Json(RawJson),
    /// Fields and files of a multipart body.
    Multipart(RawJson, Vec<(String, Vec<File>)>),
    /// As it is.
    Bytes(Vec<u8>),
}

/// The body that the command line gives, if any.
///
/// # Errors
/// A body that the operation does not take, that is missing, or that is not what it must be.
pub(crate) fn payload(
    service: &Service,
    operation: &Operation,
    options: &Call,
    last: Option<&str>,
) -> anyhow::Result<Option<Payload>> {
    let whole = match (last, options.body.as_deref()) {
        (Some(_), Some(_)) => return Ok(usage("the body is given twice: as an argument and as --body")?),
        (last, option) => last.or(option),
    };
    let in_parts = !options.field.is_empty() || !options.file.is_empty();
    let Some(body) = &operation.body else {
        if whole.is_some() || in_parts {
            return Ok(usage(format!("{} takes no body", operation.name))?);
        }
        return Ok(None);
    };
    if whole.is_some() && in_parts {
        return Ok(usage("the body is given twice: whole and by --field or --file")?);
    }
    match whole {
        Some(text) => of_text(body, &content(text)?).map(Some),
        None if in_parts => of_parts(service, body, options).map(Some),
        None if body.required => {
            let what = format!(
                "the body is missing: give --body JSON, --body @FILE or --field NAME=VALUE{}",
                known(service, body)
            );
            Ok(usage(what)?)
        }
        None => Ok(None),
    }
}

/// Whether the body has a field of this name.
pub(super) fn has_field(service: &Service, operation: &Operation, name: &str) -> bool {
    let object = operation.body.as_ref().and_then(|body| object(service, body));
    object.is_some_and(|object| object.fields.iter().any(|field| field.wire == name))
}

/// `TEXT`, `@FILE` or `-`.
fn content(text: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match (text, text.strip_prefix('@')) {
        ("-", _) => {
            std::io::stdin().lock().read_to_end(&mut bytes).context("reading standard input")?;
        }
        (_, Some(file)) => bytes = read(file)?,
        _ => bytes.extend(text.as_bytes()),
    }
    Ok(bytes)
}

/// A file that the command line names.
pub(super) fn read(file: &str) -> anyhow::Result<Vec<u8>> {
    Ok(std::fs::read(file).map_err(|error| Usage(format!("{file}: {error}")))?)
}

fn of_text(body: &Body, bytes: &[u8]) -> anyhow::Result<Payload> {
    if matches!(body.kind, BodyKind::Bytes | BodyKind::RawMultipart | BodyKind::Text) {
        return Ok(Payload::Bytes(bytes.to_vec()));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| Usage(format!("the body is not UTF-8: {error}")))?;
    let json: Box<serde_json::value::RawValue> =
        serde_json::from_str(text).map_err(|error| Usage(format!("the body is not JSON: {error}")))?;
    let json = RawJson::from(json);
    match body.kind {
        BodyKind::Json(_) => Ok(Payload::Json(json)),
        _ if !json.get().starts_with('{') => Ok(usage("the body of a form is a JSON object of its fields")?),
        BodyKind::Multipart(_) => Ok(Payload::Multipart(json, Vec::new())),
        _ => Ok(Payload::Json(json)),
    }
}

fn of_parts(service: &Service, body: &Body, options: &Call) -> anyhow::Result<Payload> {
    if !matches!(body.kind, BodyKind::Json(_) | BodyKind::Form(_) | BodyKind::Multipart(_)) {
        return Ok(usage(format!("a body of {} has no fields: use --body @FILE", body.media_type))?);
    }
    let fields = fields(service, body, &options.field)?;
    let files = files(body, &options.file)?;
    let given = |name: &str| fields.iter().any(|(n, _)| *n == name) || files.iter().any(|(n, _)| n == name);
    let required = |field: &&rpc_codegen::ir::Field| field.presence == Presence::Required && !field.read_only;
    let all = object(service, body).map(|object| object.fields.as_slice()).unwrap_or_default();
    if let Some(missing) = all.iter().filter(required).find(|field| !given(&field.wire)) {
        let what = format!(
            "the body lacks its field `{0}`: add --field {0}=…, or give the whole body with --body",
            missing.wire
        );
        return Ok(usage(what)?);
    }
    let json = object_of(&fields)?;
    Ok(match body.kind {
        BodyKind::Multipart(_) => Payload::Multipart(json, files),
        _ => Payload::Json(json),
    })
}

/// Fields in the order of the command line.
fn fields<'a>(service: &Service, body: &Body, given: &'a [String]) -> Result<Vec<(&'a str, Value)>, Usage> {
    let mut fields: Vec<(&str, Value)> = Vec::new();
    for text in given {
        let Argument::Named(name, value) = Argument::parse(text) else {
            return usage(format!("--field `{text}`: expected NAME=VALUE or NAME:=JSON"));
        };
        let ty = field_type(service, body, name)?;
        let value = match value {
            Given::Text(text) => Value::read(service, ty, text),
            Given::Json(text) => Value::json(text),
        };
        let value = value.map_err(|what| Usage(format!("--field `{name}`: {what}")))?;
        match fields.iter_mut().find(|(known, _)| *known == name) {
            None => fields.push((name, value)),
            Some((_, list)) => list
                .append(value)
                .map_err(|()| Usage(format!("--field `{name}` is given twice, and is no list")))?,
        }
    }
    Ok(fields)
}

fn field_type<'a>(service: &'a Service, body: &'a Body, name: &str) -> Result<&'a Type, Usage> {
    let Some(object) = object(service, body) else { return Ok(&Type::Any) };
    let field = object.fields.iter().find(|field| field.wire == name);
    match (field, &object.additional) {
        (Some(field), _) => Ok(&field.ty),
        (None, Additional::Kept { ty, .. }) => Ok(ty),
        (None, Additional::Ignored) => {
            let near = did_you_mean(name, object.fields.iter().map(|field| field.wire.as_str()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            usage(format!("the body has no field `{name}`{near}{}", known(service, body)))
        }
    }
}

fn files(body: &Body, given: &[String]) -> anyhow::Result<Vec<(String, Vec<File>)>> {
    if !given.is_empty() && !matches!(body.kind, BodyKind::Multipart(_)) {
        return Ok(usage(format!("--file is for multipart bodies; this one is {}", body.media_type))?);
    }
    let mut files: Vec<(String, Vec<File>)> = Vec::new();
    for text in given {
        let pair = text.split_once("=@").filter(|(name, path)| !name.is_empty() && !path.is_empty());
        let Some((name, path)) = pair else {
            return Ok(usage(format!("--file `{text}`: expected NAME=@FILE"))?);
        };
        let shown = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
        let file = File::new(shown.unwrap_or_default(), read(path)?);
        match files.iter_mut().find(|(known, _)| known == name) {
            Some((_, more)) => more.push(file),
            None => files.push((name.to_owned(), vec![file])),
        }
    }
    Ok(files)
}

/// A JSON object from its members: no map, so that the order stays.
fn object_of(fields: &[(&str, Value)]) -> anyhow::Result<RawJson> {
    let members: Vec<String> = fields
        .iter()
        .map(|(name, value)| {
            Ok(format!("{}:{}", serde_json::to_string(name)?, serde_json::to_string(value)?))
        })
        .collect::<Result<_, serde_json::Error>>()?;
    RawJson::parse(&format!("{{{}}}", members.join(","))).context("a field is no JSON")
}

/// The struct that a body is made from.
fn object<'a>(service: &'a Service, body: &'a Body) -> Option<&'a Struct> {
    let (BodyKind::Json(ty) | BodyKind::Form(ty) | BodyKind::Multipart(ty)) = &body.kind else { return None };
    match service.types.open(ty) {
        Type::Named(id) => match service.types.get(*id).map(|def| &def.shape) {
            Some(Shape::Struct(object)) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// The fields of a body, for a message; required ones are marked.
fn known(service: &Service, body: &Body) -> String {
    let Some(object) = object(service, body) else { return String::new() };
    let names = object.fields.iter().filter(|field| !field.read_only).map(|field| {
        let optional = if field.presence == Presence::Required { "" } else { "?" };
        format!("{}{optional}", field.wire)
    });
    format!("\nfields: {}", names.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn check(service: &str, line: &[&str], expected: Result<&str, &str>) {
        let service = crate::folder::service(service, None).unwrap();
        let line = ["x", "call", "x"].iter().chain(line);
        let crate::cli::Command::Call(options) =
            crate::cli::Arguments::try_parse_from(line).map_err(|e| e.to_string()).unwrap().command
        else {
            panic!("not a call")
        };
        let operation = crate::operations::find(&service, options.operation.as_deref().unwrap()).unwrap();
        match (payload(&service, operation, &options, None), expected) {
            (Ok(found), Ok(expected)) => {
                let found = match found {
                    None => String::new(),
                    Some(Payload::Json(json)) => json.get().to_owned(),
                    Some(Payload::Bytes(bytes)) => String::from_utf8(bytes).unwrap(),
                    Some(Payload::Multipart(json, files)) => {
                        let files = files.iter().map(|(name, files)| {
                            format!(" {name}={:?}", files.iter().map(File::name).collect::<Vec<_>>())
                        });
                        json.get().to_owned() + &files.collect::<String>()
                    }
                };
                assert_eq!(found, expected);
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn bodies_of_json() {
        let orders = |line: &[&str], expected| check("order-service", line, expected);
        orders(&["create_order", "--body", r#"{"a": 1.10}"#], Ok(r#"{"a": 1.10}"#));
        orders(&["create_order", "--body", "{"], Err("the body is not JSON: EOF"));
        orders(&["create_order", "--body", "@/nowhere/x"], Err("/nowhere/x: "));
        orders(
            &[
                "create_order",
                "--field",
                "user_id=007",
                "--field",
                "amount=9.90",
                "--field",
                "tags=a",
                "--field",
                "tags=b",
            ],
            Ok(r#"{"user_id":"007","amount":"9.90","tags":["a","b"]}"#),
        );
        orders(
            &["create_order", "--field", "user_id=7", "--field", "amount:=1", "--field", r#"items:=[]"#],
            Ok(r#"{"user_id":"7","amount":1,"items":[]}"#),
        );
        orders(&["create_order", "--field", "user_id=7"], Err("the body lacks its field `amount`"));
        orders(
            &["create_order", "--field", "user_di=7"],
            Err("the body has no field `user_di`; did you mean `user_id`?"),
        );
        orders(&["create_order", "--field", "amount=x"], Err("--field `amount`: expected a decimal number"));
        orders(&["create_order", "--field", "x"], Err("expected NAME=VALUE"));
        orders(&["create_order"], Err("the body is missing"));
        orders(&["create_order", "--file", "a=@b"], Err("--file is for multipart bodies"));
        orders(&["get_order", "--body", "1"], Err("get_order takes no body"));
        orders(&["get_order"], Ok(""));
    }

    #[test]
    fn bodies_of_forms() {
        let line = ["issue_token", "--field", "username=ann", "--field", "password=p"];
        check("auth-service", &line, Ok(r#"{"username":"ann","password":"p"}"#));
        check("auth-service", &["issue_token", "--body", "[]"], Err("is a JSON object"));
    }
}
