//! A document in the dialect that progenitor accepts, for the baseline only. What progenitor cannot express becomes
//! something simpler of about the same size, so the comparison is fair to it: less code, never more.

use serde_json::{Map, Value, json};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document, lowered.
pub(super) fn to_progenitor(document: &Value) -> Value {
    let mut lowered = document.clone();
    if let Some(root) = lowered.as_object_mut() {
        root.insert("openapi".into(), json!("3.0.3"));
        for key in ["webhooks", "jsonSchemaDialect", "servers", "security"] {
            root.remove(key);
        }
        let components = root.remove("components").unwrap_or_default();
        let schemas = components.get("schemas").cloned().unwrap_or_else(|| json!({}));
        root.insert("components".into(), json!({ "schemas": schemas }));
    }
    schemas_of(&mut lowered);
    for (path, item) in lowered.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten() {
        path_item(path, item);
    }
    lowered
}

/// Lowers every schema: in components, in parameters, in bodies and replies.
fn schemas_of(document: &mut Value) {
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.values_mut().for_each(schema);
    }
    if let Some(paths) = document.get_mut("paths") {
        each_schema(paths);
    }
}

fn each_schema(node: &mut Value) {
    match node {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "schema" { schema(value) } else { each_schema(value) }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(each_schema),
        _ => {}
    }
}

fn schema(node: &mut Value) {
    let Some(map) = node.as_object_mut() else {
        // `true` and `false` are schemas since 3.1.
        *node = json!({});
        return;
    };
    if let Some(reference) = map.remove("$ref") {
        *node = json!({ "$ref": reference });
        return;
    }
    for key in [
        "title",
        "examples",
        "example",
        "default",
        "contentMediaType",
        "contentEncoding",
        "$schema",
        "$id",
        "readOnly",
        "writeOnly",
        "pattern",
    ] {
        map.remove(key);
    }
    if let Some(value) = map.remove("const") {
        map.insert("enum".into(), json!([value]));
    }
    exclusive_bounds(map);
    type_list(map);
    variants(map);
    tuple(map);
    enumeration(map);
    for key in ["properties"] {
        if let Some(children) = map.get_mut(key).and_then(Value::as_object_mut) {
            children.values_mut().for_each(schema);
        }
    }
    for key in ["items", "not"] {
        if let Some(child) = map.get_mut(key) {
            schema(child);
        }
    }
    if let Some(child) = map.get_mut("additionalProperties").filter(|v| v.is_object()) {
        schema(child);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for child in map.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            schema(child);
        }
    }
}

/// 3.1 writes the bound itself, 3.0 a flag beside it.
fn exclusive_bounds(map: &mut Map<String, Value>) {
    for (exclusive, plain) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if map.get(exclusive).is_some_and(|v| !v.is_boolean())
            && let Some(bound) = map.remove(exclusive)
        {
            map.insert(plain.into(), bound);
            map.insert(exclusive.into(), json!(true));
        }
    }
}

/// `type: [string, null]` becomes `nullable`; more than one real type becomes "anything".
fn type_list(map: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = map.get("type").cloned() else {
        if map.get("type") == Some(&json!("null")) {
            map.remove("type");
        }
        return;
    };
    let real: Vec<_> = types.iter().filter(|t| **t != json!("null")).cloned().collect();
    map.remove("type");
    if let [one] = real.as_slice() {
        map.insert("type".into(), one.clone());
    }
    if real.len() < types.len() {
        map.insert("nullable".into(), json!(true));
    }
}

/// `anyOf [T, null]` becomes a nullable T; unions lose their discriminator and become plain `oneOf`.
fn variants(map: &mut Map<String, Value>) {
    map.remove("discriminator");
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(all)) = map.get(key) else { continue };
        let is_null = |v: &Value| v.get("type") == Some(&json!("null"));
        let real: Vec<_> = all.iter().filter(|v| !is_null(v)).cloned().collect();
        let nullable = real.len() < all.len();
        map.remove(key);
        match real.as_slice() {
            [] => {}
            [one] if one.get("$ref").is_some() => {
                map.insert("allOf".into(), json!([one]));
            }
            [one] => {
                for (name, value) in one.as_object().into_iter().flatten() {
                    map.entry(name.clone()).or_insert_with(|| value.clone());
                }
                map.remove("title");
                type_list(map);
                exclusive_bounds(map);
            }
            _ => {
                map.insert("oneOf".into(), Value::Array(real));
            }
        }
        if nullable {
            map.insert("nullable".into(), json!(true));
        }
    }
}

fn tuple(map: &mut Map<String, Value>) {
    if map.remove("prefixItems").is_some()
        || (map.get("type") == Some(&json!("array")) && !map.contains_key("items"))
    {
        map.insert("items".into(), json!({}));
    }
}

/// progenitor takes enumerations of strings; others keep only their type.
fn enumeration(map: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = map.get("enum") else { return };
    let strings: Vec<_> = values.iter().filter(|v| v.is_string()).cloned().collect();
    let nullable = values.iter().any(Value::is_null);
    map.remove("enum");
    if !strings.is_empty() {
        map.insert("type".into(), json!("string"));
        map.insert("enum".into(), Value::Array(strings));
    }
    if nullable {
        map.insert("nullable".into(), json!(true));
    }
}

fn path_item(path: &str, item: &mut Value) {
    let Some(map) = item.as_object_mut() else { return };
    map.retain(|key, _| METHODS.contains(&key.as_str()) || key == "parameters");
    map.remove("trace");
    for (method, operation) in map.iter_mut().filter(|(key, _)| *key != "parameters") {
        if let Some(operation) = operation.as_object_mut() {
            lower_operation(path, method, operation);
        }
    }
}

fn lower_operation(path: &str, method: &str, operation: &mut Map<String, Value>) {
    operation.remove("security");
    operation.remove("callbacks");
    operation.remove("servers");
    operation.entry("operationId").or_insert_with(|| json!(format!("{method} {path}")));
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    if let Some(parameters) = parameters {
        parameters.retain(|p| p.get("schema").is_some() && p.get("in") != Some(&json!("cookie")));
        for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
            parameter
                .retain(|key, _| ["name", "in", "required", "schema", "description"].contains(&key.as_str()));
            // A restricted string becomes a newtype and a nullable one an option, both without `Display`, which headers and paths are written with.
            let displayed = ["header", "path"].iter().any(|place| parameter.get("in") == Some(&json!(place)));
            if let Some(schema) =
                parameter.get_mut("schema").and_then(Value::as_object_mut).filter(|_| displayed)
            {
                schema.retain(|key, _| {
                    !["minLength", "maxLength", "pattern", "enum", "nullable"].contains(&key.as_str())
                });
            }
        }
    }
    if let Some(content) = operation.get_mut("requestBody").and_then(|b| b.get_mut("content")) {
        *content = body(content);
    }
    let responses = operation.get("responses").and_then(Value::as_object);
    let success = responses.and_then(|all| all.iter().find(|(status, _)| status.starts_with('2')));
    let lowered = match success {
        Some((status, reply)) => {
            let mut reply = reply.clone();
            if let Some(map) = reply.as_object_mut() {
                map.remove("headers");
                map.remove("links");
                map.entry("description").or_insert_with(|| json!(""));
                if let Some(content) = map.get_mut("content") {
                    *content = body(content);
                }
            }
            json!({ status: reply })
        }
        None => json!({ "default": { "description": "" } }),
    };
    operation.insert("responses".into(), lowered);
}

/// One media type: JSON if there is one, raw bytes else.
fn body(content: &Value) -> Value {
    let all = content.as_object();
    let find = |name: &str| all.and_then(|c| c.iter().find(|(key, _)| key.starts_with(name)));
    if let Some((_, media)) = find("application/json").or_else(|| find("application/x-www-form-urlencoded")) {
        let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
        return json!({ "application/json": { "schema": schema } });
    }
    json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(mut value: Value) -> Value {
        schema(&mut value);
        value
    }

    #[test]
    fn schemas() {
        let check = |from: Value, to: Value| assert_eq!(lowered(from), to);
        check(
            json!({"anyOf": [{"type": "string", "title": "T"}, {"type": "null"}], "title": "X"}),
            json!({"type": "string", "nullable": true}),
        );
        check(
            json!({"anyOf": [{"$ref": "#/a"}, {"type": "null"}]}),
            json!({"allOf": [{"$ref": "#/a"}], "nullable": true}),
        );
        check(json!({"type": ["integer", "null"]}), json!({"type": "integer", "nullable": true}));
        check(json!({"const": "a"}), json!({"type": "string", "enum": ["a"]}));
        check(json!({"type": "integer", "enum": [1, 2]}), json!({"type": "integer"}));
        check(json!({"exclusiveMinimum": 0}), json!({"minimum": 0, "exclusiveMinimum": true}));
        check(
            json!({"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}], "discriminator": {"propertyName": "k"}}),
            json!({"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}]}),
        );
        check(json!({"type": "array", "prefixItems": [{}]}), json!({"type": "array", "items": {}}));
        check(json!({"$ref": "#/a", "description": "sibling"}), json!({"$ref": "#/a"}));
        check(
            json!({"properties": {"title": {"title": "Title", "type": "string"}}}),
            json!({"properties": {"title": {"type": "string"}}}),
        );
    }

    #[test]
    fn operations_keep_one_success_and_no_error_bodies() {
        let document = json!({"openapi": "3.1.0", "info": {}, "paths": {"/a": {"summary": "s", "post": {
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "title": "Q"}, "style": "form"},
                           {"name": "h", "in": "header", "schema": {"type": "string", "maxLength": 3}},
                           {"name": "c", "in": "cookie", "schema": {}}],
            "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}},
            "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
                          "200": {"description": "x"}, "422": {"description": "e"}}}}},
            "components": {"schemas": {"A": {"title": "A", "type": "object"}}, "securitySchemes": {}}});
        let lowered = to_progenitor(&document);
        let post = &lowered["paths"]["/a"]["post"];
        assert_eq!(lowered["openapi"], "3.0.3");
        assert_eq!(post["operationId"], "post /a");
        let kept = json!([{"name": "q", "in": "query", "schema": {"type": "string"}},
                          {"name": "h", "in": "header", "schema": {"type": "string"}}]);
        assert_eq!(post["parameters"], kept);
        assert_eq!(post["responses"].as_object().unwrap().keys().collect::<Vec<_>>(), ["201"]);
        assert!(post["requestBody"]["content"]["application/octet-stream"].is_object());
        assert_eq!(lowered["components"], json!({"schemas": {"A": {"type": "object"}}}));
    }
}
