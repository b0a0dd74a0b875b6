//! What both clients are made of, read by neither: the operations as the document's text has them.

use serde_json::{Map, Value};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// More references than that in a row are a circle.
const REFERENCES: usize = 20;

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// `GET`
    pub(crate) method: String,
    /// Template as the document has it.
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `path`, `query`, `header`, `cookie`
    pub(crate) place: String,
    pub(crate) required: bool,
    pub(crate) style: String,
    pub(crate) explode: bool,
    pub(crate) schema: Value,
}

/// A request's body.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media_type: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

impl Operation {
    /// `GET /orders/{id}`
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The document without what only one of the two knows: credentials are no part of progenitor's client.
pub(crate) fn without_security(document: &Value) -> Value {
    let mut document = document.clone();
    if let Some(root) = document.as_object_mut() {
        root.remove("security");
    }
    for item in document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
    {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if let Some(operation) = operation.as_object_mut() {
                operation.remove("security");
            }
        }
    }
    document
}

/// What a value refers to, or the value itself.
pub(crate) fn resolved<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..REFERENCES {
        let target = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|to| to.strip_prefix('#'))
            .and_then(|pointer| document.pointer(&percent_decoded(pointer)));
        match target {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// All operations in document order.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let mut own = parameters(document, operation);
            let same = |a: &Parameter, b: &Parameter| a.name == b.name && a.place == b.place;
            let inherited: Vec<Parameter> = parameters(document, item)
                .into_iter()
                .filter(|one| !own.iter().any(|other| same(one, other)))
                .collect();
            own.extend(inherited);
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                parameters: own,
                body: operation.get("requestBody").and_then(|body| self::body(document, body)),
            });
        }
    }
    operations
}

fn parameters(document: &Value, holder: &Value) -> Vec<Parameter> {
    let list = holder.get("parameters").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|parameter| self::parameter(resolved(document, parameter))).collect()
}

fn parameter(parameter: &Value) -> Option<Parameter> {
    let text = |key: &str| parameter.get(key).and_then(Value::as_str);
    let place = text("in")?.to_owned();
    let form = place == "query" || place == "cookie";
    let style = text("style").unwrap_or(if form { "form" } else { "simple" }).to_owned();
    let explode = parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    Some(Parameter {
        name: text("name")?.to_owned(),
        required: parameter.get("required").and_then(Value::as_bool).unwrap_or(false) || place == "path",
        place,
        style,
        explode,
        schema: parameter.get("schema").cloned().unwrap_or(Value::Null),
    })
}

fn body(document: &Value, body: &Value) -> Option<Body> {
    let body = resolved(document, body);
    let (media_type, media) = body.get("content")?.as_object()?.iter().next()?;
    Some(Body {
        media_type: media_type.clone(),
        required: body.get("required").and_then(Value::as_bool).unwrap_or(false),
        schema: media.get("schema").cloned().unwrap_or(Value::Null),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_of_path_and_operation() {
        let document = json!({
            "components": {"parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "array"}}}},
            "paths": {"/a/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                               {"$ref": "#/components/parameters/P"}],
                "get": {"parameters": [{"name": "p", "in": "query", "explode": false}, {"name": "p", "in": "header"}]},
                "put": {"requestBody": {"content": {"text/plain": {}}}, "security": []}}}
        });
        let all = operations(&document);
        let shown = |operation: &Operation| {
            let one = |p: &Parameter| format!("{}:{}:{}:{}", p.place, p.name, p.style, p.explode);
            (operation.key(), operation.parameters.iter().map(one).collect::<Vec<_>>())
        };
        let texts = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let get = texts(&["query:p:form:false", "header:p:simple:false", "path:id:simple:false"]);
        assert_eq!(shown(&all[0]), ("GET /a/{id}".into(), get));
        assert_eq!(shown(&all[1]).1, texts(&["path:id:simple:false", "query:p:form:true"]));
        assert_eq!(all[1].body.as_ref().map(|body| body.media_type.as_str()), Some("text/plain"));
        assert!(without_security(&document)["paths"]["/a/{id}"]["put"].get("security").is_none());
    }
}
