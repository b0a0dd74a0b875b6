//! The document: its operations and their schemas, OpenAPI 3 and Swagger 2.0 alike.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::yaml;

/// The methods that an operation may have.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A document of one file.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) root: Value,
}

/// What a client meets of an operation: schemas with their pointers.
#[derive(Debug, Default)]
pub(crate) struct Operation<'d> {
    pub(crate) id: &'d str,
    /// By wire name; equal names in several places share an entry.
    pub(crate) parameters: BTreeMap<String, Vec<Place<'d>>>,
    /// Of each media type of the body.
    pub(crate) body: Vec<Place<'d>>,
    /// Of each status, `default` included.
    pub(crate) replies: Vec<(String, Place<'d>)>,
}

/// A value of the document and its JSON pointer.
#[derive(Debug, Clone)]
pub(crate) struct Place<'d> {
    pub(crate) pointer: String,
    pub(crate) value: &'d Value,
}

impl<'d> Place<'d> {
    /// A member, if it is there.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { pointer: format!("{}/{}", self.pointer, escape(key)), value })
    }

    /// The members of an object or the items of a list.
    pub(crate) fn children(&self) -> Vec<(String, Self)> {
        let child = |key: String, value: &'d Value| {
            (key.clone(), Self { pointer: format!("{}/{}", self.pointer, escape(&key)), value })
        };
        match self.value {
            Value::Object(map) => map.iter().map(|(key, value)| child(key.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(i, v)| child(i.to_string(), v)).collect(),
            _ => Vec::new(),
        }
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl Document {
    /// Reads JSON or YAML.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut root = match text.trim_start().starts_with('{') {
            true => {
                serde_json::from_str(text).or_else(|_| yaml::parse(text)).context("neither JSON nor YAML")?
            }
            false => yaml::parse(text)?,
        };
        gather_forms(&mut root);
        Ok(Self { root })
    }

    pub(crate) fn at(&self, pointer: &str) -> Option<Place<'_>> {
        Some(Place { pointer: pointer.to_owned(), value: self.root.pointer(pointer)? })
    }

    /// Follows `$ref`s to the end; `None` when one leads nowhere.
    pub(crate) fn resolve<'d>(&'d self, place: Place<'d>) -> Option<Place<'d>> {
        let mut place = place;
        for _ in 0..64 {
            let Some(target) = place.value.get("$ref").and_then(Value::as_str) else { return Some(place) };
            place = self.follow(target)?;
        }
        None
    }

    /// The target of one reference within the document.
    pub(crate) fn follow(&self, target: &str) -> Option<Place<'_>> {
        let pointer = percent_decoded(target.split_once('#')?.1);
        (target.starts_with('#')).then(|| self.at(&pointer)).flatten()
    }

    /// All operations by method in upper case and path.
    pub(crate) fn operations(&self) -> BTreeMap<(String, String), Operation<'_>> {
        let mut found = BTreeMap::new();
        for (path, item) in self.at("/paths").map(|paths| paths.children()).unwrap_or_default() {
            let Some(item) = self.resolve(item) else { continue };
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let read = self.operation(&item, &operation);
                    found.insert((method.to_uppercase(), path.clone()), read);
                }
            }
        }
        found
    }

    fn operation<'d>(&'d self, item: &Place<'d>, operation: &Place<'d>) -> Operation<'d> {
        let id = operation.value.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let mut read = Operation { id, ..Operation::default() };
        for owner in [operation, item] {
            for (_, parameter) in owner.get("parameters").map(|p| p.children()).unwrap_or_default() {
                let Some(parameter) = self.resolve(parameter) else { continue };
                let name = parameter.value.get("name").and_then(Value::as_str).unwrap_or_default();
                let media = parameter.get("content").and_then(|c| c.children().into_iter().next());
                let schema = match (parameter.get("schema"), media) {
                    (Some(schema), _) => schema,
                    (None, Some((_, media))) => match media.get("schema") {
                        Some(schema) => schema,
                        None => continue,
                    },
                    (None, None) => parameter.clone(),
                };
                if parameter.value.get("in").and_then(Value::as_str) == Some("body") {
                    read.body.push(schema);
                } else {
                    read.parameters.entry(name.to_owned()).or_default().push(schema);
                }
            }
        }
        if let Some(body) = operation.get("requestBody").and_then(|body| self.resolve(body)) {
            read.body.extend(contents(&body));
        }
        read.body.extend(operation.get(FORM));
        for (status, reply) in operation.get("responses").map(|r| r.children()).unwrap_or_default() {
            let Some(reply) = self.resolve(reply) else { continue };
            let schemas = contents(&reply).into_iter().chain(reply.get("schema"));
            read.replies.extend(schemas.map(|schema| (status.to_uppercase(), schema)));
        }
        read
    }
}

/// The schemas of the media types: of JSON if there is any, `application/json` before its relatives. A type without a
/// schema allows everything.
fn contents<'d>(owner: &Place<'d>) -> Vec<Place<'d>> {
    let media = owner.get("content").map(|content| content.children()).unwrap_or_default();
    let bare = |name: &str| name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let rank = |name: &str| match bare(name).as_str() {
        "application/json" => 0,
        name if name.contains("json") => 1,
        _ => 2,
    };
    let best = media.iter().map(|(name, _)| rank(name)).min().unwrap_or_default();
    let chosen = media.into_iter().filter(|(name, _)| rank(name) == best).map(|(_, media)| media);
    chosen
        .map(|media| {
            let schema = media.get("schema").or_else(|| media.get("itemSchema"));
            schema.unwrap_or(Place { pointer: media.pointer, value: &Value::Bool(true) })
        })
        .collect()
}

/// Where the form of a 2.0 operation is kept.
const FORM: &str = "x-form";

/// Swagger 2.0 writes a form as parameters; here it becomes an object schema beside them.
fn gather_forms(root: &mut Value) {
    let shared = root.get("parameters").cloned().unwrap_or_default();
    let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for item in paths.values_mut() {
        let common = item.get("parameters").cloned().unwrap_or_default();
        let Some(item) = item.as_object_mut() else { continue };
        for (_, operation) in item.iter_mut().filter(|(key, _)| METHODS.contains(&key.as_str())) {
            let own = operation.get("parameters").cloned().unwrap_or_default();
            let mut properties = Map::new();
            for parameter in [&common, &own].into_iter().filter_map(Value::as_array).flatten() {
                let target = parameter.get("$ref").and_then(Value::as_str);
                let target = target.and_then(|r| r.strip_prefix("#/parameters/"));
                let parameter = target.and_then(|name| shared.get(name)).unwrap_or(parameter);
                if parameter.get("in").and_then(Value::as_str) == Some("formData")
                    && let Some(name) = parameter.get("name").and_then(Value::as_str)
                {
                    let mut schema = parameter.clone();
                    schema.as_object_mut().map(|schema| schema.shift_remove("required"));
                    properties.insert(name.to_owned(), schema);
                }
            }
            if !properties.is_empty()
                && let Some(operation) = operation.as_object_mut()
            {
                operation.insert(FORM.into(), json!({"type": "object", "properties": properties}));
            }
        }
    }
}

/// A fragment is written as a part of a URL.
fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let digits = [ahead.next(), ahead.next()].map(|d| d.and_then(|d| char::from(d).to_digit(16)));
        match (byte, digits) {
            (b'%', [Some(high), Some(low)]) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
