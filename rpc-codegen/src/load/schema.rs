//! A JSON Schema as a generator wants to read it: 3.0's dialect and common habits folded into 2020-12.

use crate::diagnostic::Diagnostic;

use super::cursor::Cursor;
use super::document::SpecVersion;
use super::node::Node;
use super::types::{Type, TypeSet};

/// A view of a Schema Object, or of a boolean schema. Its own keywords only: `$ref` is not followed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SchemaView<'a> {
    cursor: Cursor<'a>,
}

/// What an object may have besides its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdditionalProperties<'a> {
    /// The schema does not say; JSON Schema then allows anything.
    Absent,
    /// `true` or `false`.
    Bool(bool),
    /// Values of this schema.
    Schema(SchemaView<'a>),
}

/// Keywords that say nothing about which values are valid: beside a `$ref` they need no type of their own.
const ANNOTATIONS: [&str; 11] = [
    "$ref",
    "$comment",
    "title",
    "description",
    "summary",
    "default",
    "deprecated",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
];

impl<'a> SchemaView<'a> {
    /// Reads a value as a schema.
    pub fn new(cursor: Cursor<'a>) -> Self {
        Self { cursor }
    }

    /// The value itself, for places and rare keywords.
    pub fn cursor(&self) -> &Cursor<'a> {
        &self.cursor
    }

    /// A boolean schema: `true` allows everything, `false` nothing.
    pub fn as_bool(&self) -> Option<bool> {
        self.cursor.bool()
    }

    /// The text of `$ref`.
    pub fn reference(&self) -> Option<&'a str> {
        self.cursor.str_at("$ref")
    }

    /// The schema that `$ref` names, one hop; `None` without `$ref`.
    pub fn target(&self) -> Option<Result<Self, Box<Diagnostic>>> {
        Some(self.cursor.target()?.map(Self::new))
    }

    /// The schema at the end of a chain of `$ref`s; the schema itself if it has none. Siblings of `$ref` are passed over.
    pub fn resolve(&self) -> Result<Self, Box<Diagnostic>> {
        self.cursor.resolve().map(Self::new)
    }

    /// Whether validating keywords stand beside `$ref`, which then means "both" (3.0 ignores them). Annotations and `x-…` do not count.
    pub fn ref_has_siblings(&self) -> bool {
        self.reference().is_some()
            && self.cursor.sources().version() != SpecVersion::V3_0
            && self.cursor.entries().any(|(key, _)| !key.starts_with("x-") && !ANNOTATIONS.contains(&key))
    }

    /// The named types; `nullable: true` adds `null` to them. Empty when `type` is absent.
    pub fn types(&self) -> TypeSet {
        let Some(ty) = self.cursor.key("type") else { return TypeSet::default() };
        let named = ty.str().into_iter().chain(ty.items().filter_map(|item| item.str()));
        let types: TypeSet = named.filter_map(Type::from_name).collect();
        match self.cursor.flag("nullable") && !types.is_empty() {
            true => types.with(Type::Null),
            false => types,
        }
    }

    /// Whether the schema itself lets `null` through by name: in `type`, `nullable`, `enum`, `const`, or as a branch of a
    /// union. References are not followed; a schema that says nothing about types is not nullable.
    pub fn nullable(&self) -> bool {
        let types = self.types();
        let null_value = |value: Cursor<'a>| value.node().is_null();
        types.has(Type::Null)
            || self.cursor.flag("nullable")
            || (types.is_empty() && self.enum_values().into_iter().flatten().any(null_value))
            || self.const_value().is_some_and(null_value)
            || self.any_of().iter().chain(&self.one_of()).any(Self::is_null)
    }

    /// Whether `null` is the only value: `{"type": "null"}` and the like.
    pub fn is_null(&self) -> bool {
        self.types().single() == Some(Type::Null)
            || self.const_value().is_some_and(|value| value.node().is_null())
            || self.enum_values().is_some_and(|all| !all.is_empty() && all.iter().all(|v| v.node().is_null()))
    }

    /// `enum`, `null` included.
    pub fn enum_values(&self) -> Option<Vec<Cursor<'a>>> {
        let values = self.cursor.key("enum").filter(|values| values.node().as_array().is_some())?;
        Some(values.items().collect())
    }

    /// `const`.
    pub fn const_value(&self) -> Option<Cursor<'a>> {
        self.cursor.key("const")
    }

    /// `properties` in document order.
    pub fn properties(&self) -> Vec<(&'a str, Self)> {
        self.schema_map("properties")
    }

    /// One of `properties`.
    pub fn property(&self, name: &str) -> Option<Self> {
        self.cursor.key("properties")?.key(name).map(Self::new)
    }

    /// `patternProperties` in document order.
    pub fn pattern_properties(&self) -> Vec<(&'a str, Self)> {
        self.schema_map("patternProperties")
    }

    /// `$defs` in document order.
    pub fn defs(&self) -> Vec<(&'a str, Self)> {
        self.schema_map("$defs")
    }

    /// `required`, in document order.
    pub fn required(&self) -> Vec<&'a str> {
        self.cursor
            .key("required")
            .into_iter()
            .flat_map(|list| list.items())
            .filter_map(|name| name.str())
            .collect()
    }

    /// `additionalProperties`.
    pub fn additional_properties(&self) -> AdditionalProperties<'a> {
        match self.cursor.key("additionalProperties") {
            Some(value) if value.node().as_object().is_some() => {
                AdditionalProperties::Schema(Self::new(value))
            }
            Some(value) => value.bool().map_or(AdditionalProperties::Absent, AdditionalProperties::Bool),
            None => AdditionalProperties::Absent,
        }
    }

    /// `propertyNames`.
    pub fn property_names(&self) -> Option<Self> {
        self.schema("propertyNames")
    }

    /// `items`: the schema of the items, of those after `prefixItems` if there are any.
    pub fn items(&self) -> Option<Self> {
        match self.cursor.key("items")?.node().as_array() {
            Some(_) => self.schema("additionalItems"),
            None => self.schema("items"),
        }
    }

    /// `prefixItems`, also in the older spelling of `items` with a list.
    pub fn prefix_items(&self) -> Vec<Self> {
        match self.cursor.key("prefixItems") {
            Some(_) => self.schema_list("prefixItems"),
            None => self.schema_list("items"),
        }
    }

    /// `anyOf`.
    pub fn any_of(&self) -> Vec<Self> {
        self.schema_list("anyOf")
    }

    /// `oneOf`.
    pub fn one_of(&self) -> Vec<Self> {
        self.schema_list("oneOf")
    }

    /// `allOf`.
    pub fn all_of(&self) -> Vec<Self> {
        self.schema_list("allOf")
    }

    /// `not`.
    pub fn not(&self) -> Option<Self> {
        self.schema("not")
    }

    /// The schema under a keyword, object or boolean.
    pub fn schema(&self, keyword: &str) -> Option<Self> {
        self.cursor.key(keyword).filter(is_schema).map(Self::new)
    }

    fn schema_list(&self, keyword: &str) -> Vec<Self> {
        self.cursor
            .key(keyword)
            .into_iter()
            .flat_map(|l| l.items())
            .filter(is_schema)
            .map(Self::new)
            .collect()
    }

    fn schema_map(&self, keyword: &str) -> Vec<(&'a str, Self)> {
        let entries = self.cursor.key(keyword).into_iter().flat_map(|map| map.entries());
        entries.filter(|(_, value)| is_schema(value)).map(|(name, value)| (name, Self::new(value))).collect()
    }
}

fn is_schema(value: &Cursor<'_>) -> bool {
    let node: &Node = value.node();
    node.as_object().is_some() || node.as_bool().is_some()
}
