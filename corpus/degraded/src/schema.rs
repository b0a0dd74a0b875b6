//! What a schema says, references and `allOf` resolved.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Place};

/// Keywords that narrow down the values. All others are annotations, or limit an object without naming anything in it.
const SAYING: [&str; 27] = [
    "enum",
    "const",
    "items",
    "prefixItems",
    "contains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "pattern",
    "minLength",
    "maxLength",
    "contentEncoding",
    "contentMediaType",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "oneOf",
    "anyOf",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependencies",
    "discriminator",
    "$dynamicRef",
];

/// One of the schemas that must all hold.
#[derive(Debug, Clone)]
pub(crate) struct Part<'d> {
    pub(crate) place: Place<'d>,
    /// An alternative of its `oneOf`/`anyOf` was chosen and is a part of its own.
    chosen: bool,
}

/// Schemas that must all hold: a schema with its references and `allOf` members.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema<'d> {
    pub(crate) parts: Vec<Part<'d>>,
    /// A reference led nowhere.
    pub(crate) broken: bool,
}

impl<'d> Schema<'d> {
    pub(crate) fn new(document: &'d Document, place: Place<'d>) -> Self {
        let mut schema = Self::default();
        schema.add(document, place, 0);
        schema
    }

    /// A pointer that names it, and all of them as a key.
    pub(crate) fn pointer(&self) -> &str {
        self.parts.first().map_or("", |part| part.place.pointer.as_str())
    }

    pub(crate) fn key(&self) -> String {
        let mark = |part: &Part<'_>| format!("{}{}", part.place.pointer, if part.chosen { "!" } else { "" });
        self.parts.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    fn add(&mut self, document: &'d Document, place: Place<'d>, depth: usize) {
        if depth > 64 || self.parts.iter().any(|part| part.place.pointer == place.pointer) {
            return;
        }
        if let Some(target) = place.value.get("$ref").and_then(Value::as_str) {
            match document.follow(target) {
                Some(target) => self.add(document, target, depth + 1),
                None => self.broken = true,
            }
            if place.value.as_object().is_none_or(|map| map.keys().all(|key| key == "$ref" || !says(key))) {
                return;
            }
        }
        let only = sole_alternative(document, &place);
        let all = place.get("allOf").map(|all| all.children()).unwrap_or_default();
        self.parts.push(Part { place, chosen: only.is_some() });
        for (_, member) in all {
            self.add(document, member, depth + 1);
        }
        if let Some(only) = only {
            self.add(document, only, depth + 1);
        }
    }

    /// Both must hold.
    pub(crate) fn and(mut self, other: Self) -> Self {
        for part in other.parts {
            if self.parts.iter().all(|known| known.place.pointer != part.place.pointer) {
                self.parts.push(part);
            }
        }
        self.broken |= other.broken;
        self
    }

    /// Whether any value at all is meant, or any object.
    pub(crate) fn is_free(&self) -> bool {
        !self.broken && self.parts.iter().all(Part::is_free)
    }

    /// The properties that every value may have.
    pub(crate) fn properties(&self) -> BTreeMap<String, Vec<Place<'d>>> {
        let mut found: BTreeMap<String, Vec<Place<'d>>> = BTreeMap::new();
        for part in self.parts.iter().filter(|part| part.may_be_object()) {
            for (name, property) in part.place.get("properties").map(|p| p.children()).unwrap_or_default() {
                found.entry(name).or_default().push(property);
            }
        }
        found
    }

    /// The alternatives of the first `oneOf` or `anyOf`, each joined with what stands beside it; null left out.
    pub(crate) fn alternatives(&self, document: &'d Document) -> Vec<Self> {
        let Some((index, members)) = self.parts.iter().enumerate().find_map(|(index, part)| {
            let members = part.members();
            (!members.is_empty()).then_some((index, members))
        }) else {
            return Vec::new();
        };
        let join = |member: Place<'d>| {
            let mut joined = Self::new(document, member);
            for (i, part) in self.parts.iter().enumerate() {
                let chosen = part.chosen || i == index;
                if joined.parts.iter().all(|known| known.place.pointer != part.place.pointer) {
                    joined.parts.push(Part { chosen, ..part.clone() });
                }
            }
            joined
        };
        members.into_iter().filter(|member| !is_null(document, member)).map(join).collect()
    }

    /// Whether a member is demanded, here or by an alternative.
    pub(crate) fn demands(&self, document: &'d Document, name: &str) -> bool {
        let here =
            self.under("required").iter().flat_map(Place::children).any(|(_, item)| item.value == name);
        here || self.parts.iter().any(|part| {
            let lists = ["oneOf", "anyOf"].into_iter().filter_map(|keyword| part.place.get(keyword));
            let mut members = lists.flat_map(|list| list.children());
            members.any(|(_, member)| Self::new(document, member).demands(document, name))
        })
    }

    /// Schemas under a keyword in any part.
    pub(crate) fn under(&self, keyword: &str) -> Vec<Place<'d>> {
        self.parts.iter().filter_map(|part| part.place.get(keyword)).collect()
    }

    /// The JSON types it allows, as far as it says; empty: it does not say.
    pub(crate) fn kinds(&self) -> Vec<&'d str> {
        let mut found: Vec<&'d str> = Vec::new();
        for part in &self.parts {
            let value: &'d Value = part.place.value;
            match value.get("type") {
                Some(Value::String(kind)) => found.push(kind.as_str()),
                Some(Value::Array(kinds)) => found.extend(kinds.iter().filter_map(Value::as_str)),
                _ if value.get("properties").is_some() || value.get("additionalProperties").is_some() => {
                    found.push("object");
                }
                _ if value.get("items").is_some() => found.push("array"),
                _ => {
                    let values = value.get("enum").and_then(Value::as_array).map(Vec::as_slice);
                    let constant = value.get("const").map(std::slice::from_ref);
                    found.extend(values.or(constant).unwrap_or_default().iter().map(|value| kind_of(value)));
                }
            }
        }
        found.retain(|kind| *kind != "null");
        found
    }

    /// What it says, for people.
    pub(crate) fn excerpt(&self) -> String {
        let texts: Vec<String> = self.parts.iter().map(|part| part.place.value.to_string()).collect();
        texts.join(" & ").chars().filter(|c| !c.is_control()).take(120).collect()
    }
}

impl<'d> Part<'d> {
    fn members(&self) -> Vec<Place<'d>> {
        match self.chosen {
            true => Vec::new(),
            false => members(&self.place),
        }
    }

    fn may_be_object(&self) -> bool {
        match self.place.value.get("type") {
            Some(Value::String(kind)) => kind == "object",
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
            _ => true,
        }
    }

    fn is_free(&self) -> bool {
        let map = match self.place.value {
            Value::Bool(free) => return *free,
            Value::Object(map) => map,
            _ => return false,
        };
        let object = map.get("type").and_then(Value::as_str) == Some("object");
        let choices = !self.members().is_empty();
        map.iter().all(|(key, value)| match key.as_str() {
            "type" => object || all_types(value),
            // Without a type a format is a note.
            "format" => object || !map.contains_key("type"),
            "additionalProperties" => *value == Value::Bool(true) || is_empty(value),
            "properties" | "patternProperties" => value.as_object().is_none_or(serde_json::Map::is_empty),
            "allOf" => true,
            "oneOf" | "anyOf" => self.chosen || !choices,
            "discriminator" => false,
            key => !SAYING.contains(&key),
        })
    }
}

/// Whether a keyword makes more of a schema than a note.
fn says(key: &str) -> bool {
    SAYING.contains(&key)
        || ["type", "format", "properties", "patternProperties", "additionalProperties", "required", "allOf"]
            .contains(&key)
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.keys().any(|key| key == "$ref" || says(key)))
}

fn all_types(value: &Value) -> bool {
    let Some(kinds) = value.as_array() else { return false };
    let has = |kind: &str| kinds.iter().any(|k| k.as_str() == Some(kind));
    ["string", "number", "boolean", "object", "array"].into_iter().all(has)
}

fn members<'d>(place: &Place<'d>) -> Vec<Place<'d>> {
    let lists = ["oneOf", "anyOf"].into_iter().filter_map(|keyword| place.get(keyword));
    // An alternative that only demands properties says nothing about types.
    let counts = |member: &Place<'_>| {
        member.value.as_object().is_none_or(|map| !map.keys().all(|key| key == "required" || key == "not"))
            || member.value.as_object().is_some_and(serde_json::Map::is_empty)
    };
    let all: Vec<Place<'d>> = lists.flat_map(|list| list.children()).map(|(_, member)| member).collect();
    match all.iter().any(counts) {
        true => all,
        false => Vec::new(),
    }
}

fn is_null(document: &Document, member: &Place<'_>) -> bool {
    let Some(target) = document.resolve(member.clone()) else { return false };
    let only =
        |list: Option<&Value>| list.and_then(Value::as_array).is_some_and(|l| l.iter().all(Value::is_null));
    target.value.get("type").and_then(Value::as_str) == Some("null")
        || only(target.value.get("enum"))
        || target.value.get("const").is_some_and(Value::is_null)
}

/// The one alternative besides null.
fn sole_alternative<'d>(document: &'d Document, place: &Place<'d>) -> Option<Place<'d>> {
    let mut real = members(place).into_iter().filter(|member| !is_null(document, member));
    let first = real.next()?;
    real.next().is_none().then_some(first)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
