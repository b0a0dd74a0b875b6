//! A schema as it stands in a document → JSON Schema 2020-12.

use std::collections::BTreeSet;

use rpc_codegen::load::{Cursor, Discriminator, SchemaView, SpecVersion, Type};
use serde_json::{Map, Value, json};

use super::keywords::{self, Shape};
use super::{BASE, Bundle, Direction, Ids, SchemaId, check, union};
use crate::model::Hints;

/// Collects schemas; each target of a reference becomes one definition.
#[derive(Debug)]
pub(crate) struct Converter<'a> {
    direction: Direction,
    ids: Ids<Cursor<'a>>,
    cursors: Vec<Cursor<'a>>,
    defs: Vec<Value>,
    hints: Hints,
}

impl<'a> Converter<'a> {
    pub(crate) fn new(direction: Direction) -> Self {
        Self {
            direction,
            ids: Ids { known: Default::default() },
            cursors: Vec::new(),
            defs: Vec::new(),
            hints: Hints::new(),
        }
    }

    /// Adds what the generator knows to the schemas that it knows it of.
    pub(crate) fn with_hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// Takes in a schema; it is converted later.
    pub(crate) fn add(&mut self, schema: Cursor<'a>) -> SchemaId {
        let (id, new) = self.ids.of(schema.clone());
        if new {
            self.cursors.push(schema);
        }
        SchemaId(id)
    }

    /// Converts everything that was taken in, and what that refers to.
    pub(crate) fn finish(mut self) -> Bundle {
        while let Some(next) = self.cursors.get(self.defs.len()).cloned() {
            let converted = self.schema(&next, &BTreeSet::new());
            self.defs.push(converted);
        }
        let pointers = self.cursors.iter().map(pointer).collect();
        Bundle::new(self.defs, pointers, self.direction)
    }

    /// `optional`: names that an enclosing `allOf` knows as not required in this direction.
    fn schema(&mut self, at: &Cursor<'a>, optional: &BTreeSet<&'a str>) -> Value {
        let mut converted = self.as_written(at, optional);
        if !self.hints.is_empty()
            && let Value::Object(schema) = &mut converted
        {
            let place = (at.file().name().to_string(), at.pointer());
            if let Some(hint) = self.hints.get(&place)
                && let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([]))
            {
                all.push(hint.clone());
            }
        }
        converted
    }

    fn as_written(&mut self, at: &Cursor<'a>, optional: &BTreeSet<&'a str>) -> Value {
        if let Some(known) = at.bool() {
            return Value::Bool(known);
        }
        if at.node().as_object().is_none() {
            return Value::Bool(true);
        }
        let mut out = Map::new();
        let target = at.target().and_then(Result::ok);
        if let Some(target) = target {
            let SchemaId(id) = self.add(target);
            out.insert("$ref".into(), format!("{BASE}{id}").into());
            if at.sources().version() == SpecVersion::V3_0 {
                // 3.0 ignores what stands beside `$ref`. People mean it all the same, so a request may have it.
                return match self.direction == Direction::Request && at.flag("nullable") {
                    true => or_null(out),
                    false => Value::Object(out),
                };
            }
        }
        let mut optional = optional.clone();
        self.optional_names(at, &mut optional, 0);
        for (keyword, value) in at.entries() {
            let converted = match keywords::shape(keyword) {
                Shape::Schema => is_schema(&value).then(|| self.schema(&value, &BTreeSet::new())),
                Shape::Schemas => self.schemas(keyword, &value, &optional),
                Shape::SchemaMap => self.schema_map(keyword, &value),
                Shape::Pattern => value.str().filter(|text| check::compiles(text)).map(Value::from),
                Shape::Special => None,
                shape => keywords::plain(shape, &value),
            };
            if let Some(converted) = converted {
                out.insert(keyword.to_owned(), converted);
            }
        }
        if at.str_at("contentEncoding") == Some("base64") {
            // 3.1's word for what 3.0 calls a format.
            out.entry("format").or_insert_with(|| "byte".into());
        }
        if let Some(Value::Array(required)) = out.get_mut("required") {
            required.retain(|name| name.as_str().is_none_or(|name| !optional.contains(name)));
        }
        self.items(at, &mut out);
        self.dependencies(at, &mut out);
        self.discriminator(at, &mut out);
        limits(at, &mut out);
        self.types(at, out)
    }

    fn schemas(&mut self, keyword: &str, list: &Cursor<'a>, optional: &BTreeSet<&'a str>) -> Option<Value> {
        let none = BTreeSet::new();
        let optional = if keyword == "allOf" { optional } else { &none };
        let schemas: Vec<Value> =
            list.items().filter(is_schema).map(|schema| self.schema(&schema, optional)).collect();
        (!schemas.is_empty()).then_some(Value::Array(schemas))
    }

    fn schema_map(&mut self, keyword: &str, map: &Cursor<'a>) -> Option<Value> {
        map.node().as_object()?;
        let fits = |name: &str| keyword != "patternProperties" || check::compiles(name);
        let entries: Vec<_> = map.entries().filter(|(name, value)| fits(name) && is_schema(value)).collect();
        let none = BTreeSet::new();
        Some(Value::Object(
            entries.into_iter().map(|(name, value)| (name.to_owned(), self.schema(&value, &none))).collect(),
        ))
    }

    /// `items`, also in the spelling before 2020-12.
    fn items(&mut self, at: &Cursor<'a>, out: &mut Map<String, Value>) {
        let Some(items) = at.key("items") else { return };
        let none = BTreeSet::new();
        if items.node().as_array().is_some() {
            let list = items.items().filter(is_schema).map(|schema| self.schema(&schema, &none)).collect();
            out.insert("prefixItems".into(), Value::Array(list));
            if let Some(rest) = at.key("additionalItems").filter(is_schema) {
                let rest = self.schema(&rest, &none);
                out.insert("items".into(), rest);
            }
        } else if is_schema(&items) {
            let items = self.schema(&items, &none);
            out.insert("items".into(), items);
        }
    }

    /// `dependentRequired`, and `dependencies` of older drafts.
    fn dependencies(&mut self, at: &Cursor<'a>, out: &mut Map<String, Value>) {
        let both = ["dependentRequired", "dependencies"].into_iter().filter_map(|key| at.key(key));
        let mut required = Map::new();
        let mut schemas = Map::new();
        for (name, value) in both.flat_map(|map| map.entries()) {
            match keywords::names(&value.node().to_json()) {
                Some(names) => drop(required.insert(name.to_owned(), names)),
                None if is_schema(&value) => {
                    schemas.insert(name.to_owned(), self.schema(&value, &BTreeSet::new()));
                }
                None => {}
            }
        }
        if !required.is_empty() {
            out.insert("dependentRequired".into(), Value::Object(required));
        }
        if !schemas.is_empty() && !out.contains_key("dependentSchemas") {
            out.insert("dependentSchemas".into(), Value::Object(schemas));
        }
    }

    /// `discriminator` becomes `{"propertyName": …, "tags": {"<definition>": schema of the tag}}`: what samples need of it.
    fn discriminator(&mut self, at: &Cursor<'a>, out: &mut Map<String, Value>) {
        let view = SchemaView::new(at.clone());
        let Some(found) = view.discriminator() else { return };
        let mut tags = Map::new();
        let mut names = union::Names::new();
        let mut tag = |SchemaId(id): SchemaId, name: &str| {
            names.entry(format!("{BASE}{id}")).or_default().insert(name.to_owned());
            let schema =
                json!({"properties": {found.property: {"const": name}}, "required": [found.property]});
            tags.entry(id.to_string()).or_insert(schema);
        };
        for (name, entry) in &found.mapping {
            if let Ok(target) = Discriminator::target(entry) {
                tag(self.add(target.cursor().clone()), name);
            }
        }
        for branch in view.one_of().into_iter().chain(view.any_of()) {
            let reference = branch.reference().and_then(|text| text.rsplit('/').next());
            if let (Some(name), Some(Ok(target))) = (reference, branch.target()) {
                tag(self.add(target.cursor().clone()), name);
            }
        }
        out.insert("discriminator".into(), json!({"propertyName": found.property, "tags": tags}));
        if self.direction == Direction::Request {
            union::by_tag(out, found.property, &names);
        }
    }

    /// Names of properties that this direction does not have to have.
    fn optional_names(&self, at: &Cursor<'a>, names: &mut BTreeSet<&'a str>, depth: usize) {
        if self.direction == Direction::Reply || depth > 8 {
            return;
        }
        for (name, schema) in at.key("properties").into_iter().flat_map(|map| map.entries()) {
            if schema.flag("readOnly") || schema.resolve().is_ok_and(|schema| schema.flag("readOnly")) {
                names.insert(name);
            }
        }
        for part in at.key("allOf").into_iter().flat_map(|list| list.items()) {
            if let Ok(part) = part.resolve() {
                self.optional_names(&part, names, depth + 1);
            }
        }
    }

    /// `type` with 3.0's `nullable`. Requests may be null wherever somebody wrote `nullable`.
    fn types(&self, at: &Cursor<'a>, mut out: Map<String, Value>) -> Value {
        let ty = at.key("type");
        let named =
            ty.iter().flat_map(|ty| ty.str().into_iter().chain(ty.items().filter_map(|item| item.str())));
        let mut types: Vec<Value> = Vec::new();
        for known in named.filter_map(Type::from_name).map(|ty| Value::from(ty.name())) {
            if !types.contains(&known) {
                types.push(known);
            }
        }
        let nullable = at.flag("nullable");
        if !types.is_empty() && nullable && at.sources().version() == SpecVersion::V3_0 {
            let null = Value::from("null");
            if !types.contains(&null) {
                types.push(null);
            }
        }
        match types.as_slice() {
            [] => {}
            [one] => drop(out.insert("type".into(), one.clone())),
            _ => drop(out.insert("type".into(), Value::Array(types))),
        }
        if nullable && self.direction == Direction::Request { or_null(out) } else { Value::Object(out) }
    }
}

/// The schema, or null.
fn or_null(mut schema: Map<String, Value>) -> Value {
    let mut out = Map::new();
    for keyword in ["readOnly", "writeOnly", "example", "examples", "default"] {
        if let Some(value) = schema.shift_remove(keyword) {
            out.insert(keyword.into(), value);
        }
    }
    out.insert("anyOf".into(), json!([schema, {"type": "null"}]));
    Value::Object(out)
}

/// The four limits, also in the spelling of older drafts, where `exclusive…` is a boolean.
fn limits(at: &Cursor<'_>, out: &mut Map<String, Value>) {
    for (plain, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let number = |key| at.key(key).map(|value| value.node().to_json()).filter(Value::is_number);
        let name = if at.flag(exclusive) { exclusive } else { plain };
        if let Some(limit) = number(plain) {
            out.insert(name.into(), limit);
        }
        if let Some(limit) = number(exclusive) {
            out.insert(exclusive.into(), limit);
        }
    }
}

fn is_schema(at: &Cursor<'_>) -> bool {
    at.node().as_object().is_some() || at.bool().is_some()
}

fn pointer(at: &Cursor<'_>) -> String {
    let file = at.file().path();
    let own = at.sources().document().is_some_and(|root| root.file().path() == file);
    format!("{}#{}", if own { "" } else { file }, at.pointer())
}
