//! Values by type.

use serde_json::Value;

use super::attempt::Attempt;
use super::parts::Parts;

/// Types in the order in which they are tried.
const ORDER: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];

/// Keywords by the type that they speak of.
const HINTS: [(&str, &[&str]); 4] = [
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "patternProperties",
            "propertyNames",
            "dependentRequired",
        ],
    ),
    ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]),
    ("string", &["pattern", "minLength", "maxLength", "format"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

impl<'b> Attempt<'b> {
    pub(super) fn build(&self, parts: &Parts<'b>, depth: usize, variant: usize) -> Option<Value> {
        // A given set of values has been looked at already: what is not in it cannot be valid.
        if parts.has(&["const", "enum"]) {
            let all = parts.each("const").chain(parts.each("enum").filter_map(Value::as_array).flatten());
            let mut fitting = all.filter(|value| self.fits(&parts.roots, value));
            return fitting.nth(variant).cloned();
        }
        let mut types = types(parts).into_iter();
        types.find_map(|ty| match ty {
            "object" => self.object(parts, depth, variant),
            "array" => self.array(parts, depth, variant),
            "string" => self.string(parts, variant).map(Value::from),
            "integer" => self.integer(parts, variant),
            "number" => self.number(parts, variant),
            "boolean" => (variant < 2).then_some(Value::Bool(variant == 0)),
            _ => (variant == 0).then_some(Value::Null),
        })
    }
}

/// The types that all schemas allow, those that keywords speak of first.
fn types(parts: &Parts<'_>) -> Vec<&'static str> {
    let mut allowed: Vec<&'static str> = ORDER.to_vec();
    let mut named = false;
    for ty in parts.each("type") {
        let names: Vec<&str> = match ty {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        named = true;
        allowed.retain(|ty| names.contains(ty) || (*ty == "integer" && names.contains(&"number")));
    }
    // Whole numbers stand in for all numbers only where somebody asks for them.
    if allowed.contains(&"number") {
        allowed.retain(|ty| *ty != "integer");
    }
    let hinted = HINTS.iter().filter(|(_, keywords)| parts.has(keywords)).map(|(ty, _)| *ty);
    let hinted: Vec<&str> = hinted.collect();
    if named || !hinted.is_empty() {
        allowed.sort_by_key(|ty| !(hinted.contains(ty) || (*ty == "integer" && hinted.contains(&"number"))));
    } else {
        // Nothing is said at all.
        allowed.sort_by_key(|ty| *ty != "string");
    }
    allowed
}
