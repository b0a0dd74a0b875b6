//! Everywhere that a document may say something of its own.

use serde_json::{Value, json};

/// Whether a place takes every text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Takes {
    /// The text is prose or a literal: the code is the same whatever it says.
    Anything,
    /// A name is made of the text.
    Names,
    /// Some texts have no meaning there; they are refused with a message.
    Some,
}

/// A document with a text in one place.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    /// Puts the text into the document.
    pub(super) put: fn(&mut Value, &str),
}

/// A small document that has all places, with harmless texts in them.
pub(super) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "harmless", "version": "1", "description": "harmless", "summary": "harmless"},
        "servers": [{"url": "https://harmless.example/v1", "description": "harmless"}],
        "tags": [{"name": "things", "description": "harmless"}],
        "security": [{"key": []}],
        "paths": {"/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "post": {
                "operationId": "make_thing", "tags": ["things"], "summary": "harmless", "description": "harmless",
                "parameters": [
                    {"name": "sort", "in": "query", "description": "harmless", "schema": {"type": "string", "default": "harmless"}},
                    {"name": "X-Kind", "in": "header", "schema": {"type": "string", "pattern": "harmless"}},
                    {"name": "sid", "in": "cookie", "schema": {"type": "string", "enum": ["a", "harmless"]}}
                ],
                "requestBody": {"required": true, "description": "harmless", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                "responses": {
                    "200": {"description": "harmless", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "404": {"description": "harmless", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
                }
            }
        }},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "harmless"}},
            "schemas": {
                "Thing": {
                    "type": "object", "title": "harmless", "description": "harmless", "required": ["kind"],
                    "properties": {
                        "kind": {"type": "string", "description": "harmless", "default": "harmless", "pattern": "harmless", "format": "harmless", "example": "harmless"},
                        "color": {"type": "string", "enum": ["red", "harmless"], "description": "harmless"},
                        "fixed": {"const": "harmless"},
                        "x": {"$ref": "#/components/schemas/Shape"}
                    }
                },
                "Shape": {
                    "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                    "discriminator": {"propertyName": "t", "mapping": {"harmless": "#/components/schemas/A", "b": "#/components/schemas/B"}}
                },
                "A": {"type": "object", "required": ["t"], "properties": {"t": {"type": "string"}}},
                "B": {"type": "object", "required": ["t"], "properties": {"t": {"type": "string"}}},
                "Problem": {"type": "object", "properties": {"text": {"type": "string"}}}
            }
        }
    })
}

/// Sets the value at a pointer.
fn set(document: &mut Value, pointer: &str, text: &str) {
    *document.pointer_mut(pointer).unwrap() = text.into();
}

/// Gives a member of an object another key, in its place.
fn rename(document: &mut Value, object: &str, from: &str, to: &str) {
    let members = document.pointer_mut(object).unwrap().as_object_mut().unwrap();
    *members = std::mem::take(members)
        .into_iter()
        .map(|(key, value)| (if key == from { to.to_owned() } else { key }, value))
        .collect();
}

const OPERATION: &str = "/paths/~1things~1{id}/post";

fn operation(document: &mut Value, at: &str, text: &str) {
    set(document, &format!("{OPERATION}/{at}"), text);
}

fn thing(document: &mut Value, at: &str, text: &str) {
    set(document, &format!("/components/schemas/Thing/{at}"), text);
}

macro_rules! places {
    ($($name:literal $takes:ident |$document:ident, $text:ident| $put:expr;)*) => {
        pub(super) const PLACES: &[Place] =
            &[$(Place { name: $name, takes: Takes::$takes, put: |$document, $text| { $put; } }),*];
    };
}

places! {
    "info.title" Anything |d, t| set(d, "/info/title", t);
    "info.description" Anything |d, t| set(d, "/info/description", t);
    "info.summary" Anything |d, t| set(d, "/info/summary", t);
    "info.version" Anything |d, t| set(d, "/info/version", t);
    "extension" Anything |d, t| { d["info"]["x-anything"] = t.into(); d[t] = t.into() };
    "server description" Anything |d, t| set(d, "/servers/0/description", t);
    "server url" Some |d, t| set(d, "/servers/0/url", t);
    "server path" Some |d, t| set(d, "/servers/0/url", &format!("/v1/{t}"));
    "tag description" Anything |d, t| set(d, "/tags/0/description", t);
    "tag" Names |d, t| { set(d, "/tags/0/name", t); operation(d, "tags/0", t) };
    "tag of an operation" Names |d, t| operation(d, "tags/0", t);
    "path" Some |d, t| rename(d, "/paths", "/things/{id}", &format!("/{t}/{{id}}"));
    "path parameter" Some |d, t| {
        d["paths"]["/things/{id}"]["parameters"][0]["name"] = t.into();
        rename(d, "/paths", "/things/{id}", &format!("/things/{{{t}}}"))
    };
    "operationId" Names |d, t| operation(d, "operationId", t);
    "summary" Anything |d, t| operation(d, "summary", t);
    "operation description" Anything |d, t| operation(d, "description", t);
    "query name" Names |d, t| operation(d, "parameters/0/name", t);
    "query default" Anything |d, t| operation(d, "parameters/0/schema/default", t);
    "parameter description" Anything |d, t| operation(d, "parameters/0/description", t);
    "header name" Some |d, t| operation(d, "parameters/1/name", t);
    "header pattern" Some |d, t| operation(d, "parameters/1/schema/pattern", t);
    "cookie name" Some |d, t| operation(d, "parameters/2/name", t);
    "cookie value" Names |d, t| operation(d, "parameters/2/schema/enum/1", t);
    "body description" Anything |d, t| operation(d, "requestBody/description", t);
    "body media type" Some |d, t| rename(d, &format!("{OPERATION}/requestBody/content"), "application/json", t);
    "reply media type" Some |d, t| rename(d, &format!("{OPERATION}/responses/200/content"), "application/json", t);
    "reply status" Some |d, t| rename(d, &format!("{OPERATION}/responses"), "404", t);
    "reply description" Anything |d, t| operation(d, "responses/200/description", t);
    "failure description" Anything |d, t| operation(d, "responses/404/description", t);
    "scheme name" Names |d, t| { rename(d, "/components/securitySchemes", "key", t); rename(d, "/security/0", "key", t) };
    "scheme description" Anything |d, t| set(d, "/components/securitySchemes/key/description", t);
    "key's header" Some |d, t| set(d, "/components/securitySchemes/key/name", t);
    "schema name" Names |d, t| {
        rename(d, "/components/schemas", "Problem", t);
        let pointer = t.replace('~', "~0").replace('/', "~1").replace('%', "%25");
        operation(d, "responses/404/content/application~1json/schema/$ref", &format!("#/components/schemas/{pointer}"))
    };
    "schema title" Anything |d, t| thing(d, "title", t);
    "schema description" Anything |d, t| thing(d, "description", t);
    "property" Names |d, t| rename(d, "/components/schemas/Thing/properties", "kind", t);
    "property required" Names |d, t| { rename(d, "/components/schemas/Thing/properties", "kind", t); thing(d, "required/0", t) };
    "property description" Anything |d, t| thing(d, "properties/kind/description", t);
    "property pattern" Some |d, t| thing(d, "properties/kind/pattern", t);
    "property default" Anything |d, t| thing(d, "properties/kind/default", t);
    "property format" Anything |d, t| thing(d, "properties/kind/format", t);
    "property example" Anything |d, t| thing(d, "properties/kind/example", t);
    "enum value" Names |d, t| thing(d, "properties/color/enum/1", t);
    "constant" Names |d, t| thing(d, "properties/fixed/const", t);
    "enum default" Names |d, t| { thing(d, "properties/color/enum/1", t); d["components"]["schemas"]["Thing"]["properties"]["color"]["default"] = t.into() };
    "discriminator" Names |d, t| {
        set(d, "/components/schemas/Shape/discriminator/propertyName", t);
        rename(d, "/components/schemas/A/properties", "t", t);
        rename(d, "/components/schemas/B/properties", "t", t);
        set(d, "/components/schemas/A/required/0", t);
        set(d, "/components/schemas/B/required/0", t)
    };
    "tag value" Names |d, t| rename(d, "/components/schemas/Shape/discriminator/mapping", "harmless", t);
    "reference" Some |d, t| operation(d, "responses/404/content/application~1json/schema/$ref", t);
    "version" Some |d, t| set(d, "/openapi", t);
    "method" Some |d, t| rename(d, "/paths/~1things~1{id}", "post", t);
    "type" Some |d, t| thing(d, "properties/kind/type", t);
    "place" Some |d, t| operation(d, "parameters/0/in", t);
}
