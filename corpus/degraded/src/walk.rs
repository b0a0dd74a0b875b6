//! The crate and the document walked side by side, from every operation down to the scalars.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::document::{Document, Place};
use crate::generated::{Definition, Enum, Field, Generated, Kind};
use crate::schema::Schema;
use crate::shape::Shape;
use crate::{Finding, unions};

/// Who sends the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Request,
    Reply,
}

/// A named type that a schema was found for.
struct Pair<'d> {
    name: String,
    schema: Schema<'d>,
    direction: Direction,
}

pub(crate) struct Walk<'d> {
    pub(crate) document: &'d Document,
    pub(crate) generated: &'d Generated,
    queue: VecDeque<Pair<'d>>,
    seen: BTreeSet<(String, String, Direction)>,
    /// Untyped places that were compared, by name.
    visited: BTreeSet<String>,
    /// By place and reason, so that one place counts once.
    findings: BTreeMap<(String, String), Finding>,
}

impl<'d> Walk<'d> {
    pub(crate) fn new(document: &'d Document, generated: &'d Generated) -> Self {
        Self {
            document,
            generated,
            queue: VecDeque::new(),
            seen: BTreeSet::new(),
            visited: BTreeSet::new(),
            findings: BTreeMap::new(),
        }
    }

    pub(crate) fn schema(&self, place: Place<'d>) -> Schema<'d> {
        Schema::new(self.document, place)
    }

    /// What was found; what was never reached is unmapped.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        while let Some(pair) = self.queue.pop_front() {
            if let Some(definition) = self.generated.types.get(&pair.name) {
                self.definition(&pair.name, definition, &pair.schema, pair.direction);
            }
        }
        // Arguments were compared one by one, under the names of their operations.
        let arguments = &self.generated.arguments;
        let local = self.generated.local.iter().filter(|(name, _)| !arguments.contains(*name));
        let types = self.generated.types.iter().chain(local).chain(&self.generated.errors);
        let mut unmapped = Vec::new();
        for (name, definition) in types {
            let mut places = Vec::new();
            untyped_places(name, definition, &mut places);
            unmapped.extend(places.into_iter().filter(|place| !self.visited.contains(place)));
        }
        for place in unmapped {
            self.find(&place, "", "unmapped", String::new());
        }
        let mut findings: Vec<Finding> = self.findings.into_values().collect();
        findings.dedup_by(|b, a| a.place == b.place);
        findings
    }

    pub(crate) fn find(&mut self, place: &str, pointer: &str, reason: &str, excerpt: String) {
        let finding = Finding {
            place: place.to_owned(),
            pointer: pointer.to_owned(),
            reason: reason.to_owned(),
            excerpt,
        };
        self.findings.entry((place.to_owned(), reason.to_owned())).or_insert(finding);
    }

    fn find_in(&mut self, place: &str, schema: &Schema<'_>, reason: &str) {
        self.find(place, schema.pointer(), reason, schema.excerpt());
    }

    /// A place that no schema was found for.
    pub(crate) fn unmapped(&mut self, place: &str, shape: &Shape) {
        let mut places = Vec::new();
        shape.untyped(place, &mut places);
        for place in places {
            self.visited.insert(place.clone());
            self.find(&place, "", "unmapped", String::new());
        }
    }

    /// Compares a use of a type with its schema.
    pub(crate) fn compare(&mut self, place: &str, shape: &Shape, schema: &Schema<'d>, direction: Direction) {
        match shape {
            Shape::Untyped => {
                self.visited.insert(place.to_owned());
                if schema.broken {
                    self.find_in(place, schema, "unmapped");
                } else if !schema.is_free() {
                    let reason = format!("untyped {}", what(schema));
                    self.find_in(place, schema, &reason);
                }
            }
            Shape::Within(inner) => self.compare(place, inner, schema, direction),
            Shape::List(inner) => self.list(place, inner, schema, direction),
            Shape::Tuple(parts) => {
                let items = schema.under("prefixItems").into_iter().next().map(|items| items.children());
                let items = items.unwrap_or_default();
                for (index, part) in parts.iter().enumerate() {
                    let place = format!("{place}[{index}]");
                    match items.get(index) {
                        Some((_, item)) => {
                            let item = self.schema(item.clone());
                            self.compare(&place, part, &item, direction);
                        }
                        None => self.unmapped(&place, part),
                    }
                }
            }
            Shape::Map(inner) => {
                self.values(&format!("{place}{{}}"), inner, schema, direction);
                self.lost(place, &BTreeSet::new(), schema, direction);
            }
            Shape::Named(name) => {
                let key = (name.clone(), schema.key(), direction);
                if self.seen.insert(key) {
                    self.queue.push_back(Pair { name: name.clone(), schema: schema.clone(), direction });
                }
            }
            Shape::Local(_) => self.unmapped(place, shape),
            Shape::Scalar(name) => {
                // Text and bytes carry whole bodies of other media types; an object in a field has become a scalar.
                let body =
                    matches!(name.as_str(), "Bytes" | "File" | "String" | "str") && place.ends_with(".body");
                let kinds = schema.kinds();
                if !body && !unions::scalar_kinds(name).iter().any(|kind| kinds.contains(kind)) {
                    self.lost(place, &BTreeSet::new(), schema, direction);
                }
            }
        }
    }

    fn list(&mut self, place: &str, inner: &Shape, schema: &Schema<'d>, direction: Direction) {
        let place = format!("{place}[]");
        let lists = schema.under("prefixItems");
        let mut found: Vec<Schema<'d>> =
            lists.iter().flat_map(Place::children).map(|(_, item)| self.schema(item)).collect();
        found.extend(self.joined(schema.under("items")));
        if found.is_empty() {
            let alternatives = schema.alternatives(self.document);
            found.extend(alternatives.iter().filter_map(|one| self.joined(one.under("items"))));
        }
        if found.is_empty() && schema.kinds().iter().all(|kind| *kind == "array") {
            // No items are named: any will do.
            return self.free(&place, inner);
        }
        if found.is_empty() {
            self.unmapped(&place, inner);
        }
        for item in found {
            self.compare(&place, inner, &item, direction);
        }
    }

    /// Schemas that hold at once.
    fn joined(&self, places: Vec<Place<'d>>) -> Option<Schema<'d>> {
        places.into_iter().map(|place| self.schema(place)).reduce(Schema::and)
    }

    /// Untyped places that are right: the document says nothing of them.
    fn free(&mut self, place: &str, shape: &Shape) {
        let mut places = Vec::new();
        shape.untyped(place, &mut places);
        self.visited.extend(places);
    }

    /// Values of a map.
    fn values(&mut self, place: &str, inner: &Shape, schema: &Schema<'d>, direction: Direction) {
        let described = schema.under("additionalProperties").into_iter().filter(|p| !p.value.is_boolean());
        let mut values: Vec<Schema<'d>> = self.joined(described.collect()).into_iter().collect();
        let patterns = schema.under("patternProperties");
        values.extend(patterns.iter().flat_map(Place::children).map(|(_, value)| self.schema(value)));
        let kinds = schema.kinds();
        if values.is_empty() && (kinds.is_empty() || kinds.contains(&"object")) {
            return self.free(place, inner);
        }
        if values.is_empty() {
            return self.unmapped(place, inner);
        }
        for value in values {
            self.compare(place, inner, &value, direction);
        }
    }

    fn definition(
        &mut self,
        name: &str,
        definition: &'d Definition,
        schema: &Schema<'d>,
        direction: Direction,
    ) {
        match definition {
            Definition::Alias(shape) => self.compare(name, shape, schema, direction),
            Definition::Struct { fields, rest } => {
                self.strukt(name, fields, rest.as_deref(), schema, direction)
            }
            Definition::Enum(item) => match &item.kind {
                Kind::Union(catch_all) => unions::compare(self, name, item, catch_all, schema, direction),
                Kind::Strings | Kind::Integers => self.lost(name, &BTreeSet::new(), schema, direction),
                Kind::Plain => {
                    for payload in &item.payloads {
                        self.unmapped(&format!("{name}.{}", payload.name), &payload.ty);
                    }
                }
            },
        }
    }

    fn strukt(
        &mut self,
        name: &str,
        fields: &'d [Field],
        rest: Option<&str>,
        schema: &Schema<'d>,
        direction: Direction,
    ) {
        let known = unions::properties(self.document, schema);
        for field in fields {
            let (place, shape) = (format!("{name}.{}", field.name), &field.ty);
            if Some(field.name.as_str()) == rest {
                self.values(&format!("{place}{{}}"), map_value(shape), schema, direction);
                continue;
            }
            match known.get(&field.wire) {
                Some(properties) => {
                    let mut properties = properties.iter().map(|property| self.schema(property.clone()));
                    let joined = properties.next().map(|first| properties.fold(first, Schema::and));
                    if let Some(property) = joined {
                        self.compare(&place, shape, &property, direction);
                    }
                }
                // Demanded and not described: any value will do, unless further members are described.
                None if schema.demands(self.document, &field.wire) => {
                    self.values(&place, shape, schema, direction);
                }
                None => self.unmapped(&place, shape),
            }
        }
        let wires = fields.iter().map(|field| field.wire.as_str()).collect();
        self.lost(name, &wires, schema, direction);
        for alternative in schema.alternatives(self.document) {
            let kinds = alternative.kinds();
            if !kinds.is_empty() && !kinds.contains(&"object") {
                self.find_in(&format!("{name}|{}", what(&alternative)), &alternative, "lost alternative");
            }
        }
    }

    /// Properties that have no field.
    fn lost(&mut self, name: &str, wires: &BTreeSet<&str>, schema: &Schema<'d>, direction: Direction) {
        for (wire, properties) in unions::properties(self.document, schema) {
            let marked = |keyword: &str| {
                properties.iter().any(|property| {
                    let parts = self.schema(property.clone()).parts;
                    parts.iter().any(|part| part.place.value.get(keyword).is_some_and(|v| v == true))
                })
            };
            let twin = match direction {
                Direction::Request => "readOnly",
                Direction::Reply => "writeOnly",
            };
            if !wires.contains(wire.as_str()) && !marked(twin) {
                let pointer = properties.first().map_or("", |p| p.pointer.as_str()).to_owned();
                let excerpt =
                    properties.first().map(|p| self.schema(p.clone()).excerpt()).unwrap_or_default();
                self.find(&format!("{name}.{wire}"), &pointer, "lost field", excerpt);
            }
        }
    }

    /// An enum by status: each variant with the schema of its status.
    pub(crate) fn by_status(&mut self, name: &str, item: &Enum, replies: &[(String, Place<'d>)]) {
        for payload in &item.payloads {
            let place = format!("{name}.{}", payload.name);
            let shape = &payload.ty;
            let of_status: Vec<_> =
                replies.iter().filter(|(status, _)| says(&payload.docs, status)).collect();
            match of_status.is_empty() {
                true => self.unmapped(&place, shape),
                false => self.replies(&place, shape, of_status.into_iter().map(|(_, place)| place)),
            }
        }
    }

    /// A reply with the schemas of its media types; text and bytes are read as they are.
    pub(crate) fn replies<'p>(
        &mut self,
        place: &str,
        shape: &Shape,
        schemas: impl IntoIterator<Item = &'p Place<'d>>,
    ) where
        'd: 'p,
    {
        if matches!(shape, Shape::Scalar(name) if matches!(name.as_str(), "Bytes" | "String" | "()")) {
            return;
        }
        for schema in schemas {
            let schema = self.schema(schema.clone());
            self.compare(place, shape, &schema, Direction::Reply);
        }
    }
}

/// Whether the docs of a variant name the status.
fn says(docs: &str, status: &str) -> bool {
    match status {
        "DEFAULT" => docs.contains("other status"),
        status => docs.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(status)),
    }
}

fn map_value(shape: &Shape) -> &Shape {
    match shape {
        Shape::Map(inner) | Shape::Within(inner) => inner,
        other => other,
    }
}

fn untyped_places(name: &str, definition: &Definition, found: &mut Vec<String>) {
    let fields = match definition {
        Definition::Alias(ty) => return ty.untyped(name, found),
        Definition::Struct { fields, .. } => fields,
        Definition::Enum(Enum { payloads, kind: Kind::Union(catch_all) }) => {
            for payload in payloads.iter().filter(|payload| payload.name != *catch_all) {
                payload.ty.untyped(&format!("{name}.{}", payload.name), found);
            }
            return;
        }
        Definition::Enum(item) => &item.payloads,
    };
    for field in fields {
        field.ty.untyped(&format!("{name}.{}", field.name), found);
    }
}

/// One word for what a schema is.
fn what(schema: &Schema<'_>) -> &'static str {
    let has = |keyword: &str| !schema.under(keyword).is_empty();
    let kinds = schema.kinds();
    match () {
        () if has("enum") || has("const") => "enum",
        () if has("allOf") => "allOf",
        () if has("oneOf") || has("anyOf") => "union",
        () if has("properties") => "object",
        () if has("additionalProperties") || has("patternProperties") => "map",
        () if kinds.len() > 1 => "types",
        () if kinds.contains(&"array") => "array",
        () if kinds.contains(&"object") => "object",
        () if !kinds.is_empty() => "scalar",
        () => "schema",
    }
}
