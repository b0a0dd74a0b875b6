//! What the keywords of JSON Schema hold. A value of the wrong shape is left out: validators refuse the whole schema for it.

use rpc_codegen::load::Cursor;
use serde_json::Value;

/// What a keyword holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One schema.
    Schema,
    /// A list of schemas.
    Schemas,
    /// Schemas by name or pattern.
    SchemaMap,
    /// A number.
    Number,
    /// A number from 0, without fraction.
    Count,
    /// `true` or `false`.
    Bool,
    /// A regular expression.
    Pattern,
    /// A string.
    Text,
    /// Any values.
    Values,
    /// Names without repetition.
    Names,
    /// Anything.
    Any,
    /// Handled by itself, or left out.
    Special,
}

/// The shape of a keyword; unknown ones may hold anything.
pub(super) fn shape(keyword: &str) -> Shape {
    match keyword {
        "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "additionalProperties"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Shape::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Shape::Schemas,
        "properties" | "patternProperties" | "dependentSchemas" => Shape::SchemaMap,
        "multipleOf" => Shape::Number,
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "minContains" | "maxContains" => Shape::Count,
        "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => Shape::Bool,
        "pattern" => Shape::Pattern,
        "format" => Shape::Text,
        "enum" | "examples" => Shape::Values,
        "required" => Shape::Names,
        // Addresses of schemas: converted references need none of them. Texts for people are not needed either.
        "$id" | "id" | "$anchor" | "$schema" | "$dynamicRef" | "$dynamicAnchor" | "$recursiveRef"
        | "$recursiveAnchor" | "$defs" | "definitions" | "$vocabulary" | "contentSchema" | "description"
        | "title" | "$comment" | "externalDocs" => Shape::Special,
        "$ref" | "type" | "nullable" | "items" | "additionalItems" | "minimum" | "maximum"
        | "exclusiveMinimum" | "exclusiveMaximum" | "dependentRequired" | "dependencies"
        | "discriminator" | "contentEncoding" | "contentMediaType" => Shape::Special,
        _ => Shape::Any,
    }
}

/// The value of a keyword without schemas in it, if it has the right shape.
pub(super) fn plain(shape: Shape, at: &Cursor<'_>) -> Option<Value> {
    let value = at.node().to_json();
    match shape {
        Shape::Number => value.as_f64().is_some_and(|number| number > 0.0).then_some(value),
        Shape::Count => count(&value).map(Value::from),
        Shape::Bool => value.is_boolean().then_some(value),
        Shape::Text => value.is_string().then_some(value),
        Shape::Values => value.as_array().is_some_and(|values| !values.is_empty()).then_some(value),
        Shape::Names => names(&value),
        _ => Some(value),
    }
}

fn count(value: &Value) -> Option<u64> {
    let whole = |number: f64| number >= 0.0 && number.fract() == 0.0 && number < 9e15;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just before")]
    let float = || value.as_f64().filter(|number| whole(*number)).map(|number| number as u64);
    value.as_u64().or_else(float)
}

/// A list of strings without repetition; what else is in it is left out.
pub(super) fn names(value: &Value) -> Option<Value> {
    let mut names: Vec<Value> = Vec::new();
    for name in value.as_array()?.iter().filter(|name| name.is_string()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    Some(Value::Array(names))
}
