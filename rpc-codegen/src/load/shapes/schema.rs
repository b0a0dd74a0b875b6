//! The table of the Schema Object.

use super::Shape::{
    Any, Bool, Count, Discriminator, Items, Limit, List, Map, Number, Required, Schema, Str, Types,
};
use super::{Beside, Kind, kind};

pub(in super::super) static DISCRIMINATOR: Kind = Kind {
    needed: &["propertyName"],
    ..kind("a Discriminator Object", &[("propertyName", Str), ("mapping", Map(&Str))])
};

pub(in super::super) static SCHEMA: Kind = Kind {
    beside_ref: Some(Beside::All),
    ..kind(
        "a schema",
        &[
            ("type", Types),
            ("enum", List(&Any)),
            ("properties", Map(&Schema)),
            ("patternProperties", Map(&Schema)),
            ("required", Required),
            ("additionalProperties", Schema),
            ("propertyNames", Schema),
            ("items", Items),
            ("prefixItems", List(&Schema)),
            ("anyOf", List(&Schema)),
            ("oneOf", List(&Schema)),
            ("allOf", List(&Schema)),
            ("not", Schema),
            ("discriminator", Discriminator),
            ("format", Str),
            ("contentMediaType", Str),
            ("contentEncoding", Str),
            ("pattern", Str),
            ("title", Str),
            ("description", Str),
            ("minimum", Number),
            ("maximum", Number),
            ("exclusiveMinimum", Limit),
            ("exclusiveMaximum", Limit),
            ("multipleOf", Number),
            ("minLength", Count),
            ("maxLength", Count),
            ("minItems", Count),
            ("maxItems", Count),
            ("minProperties", Count),
            ("maxProperties", Count),
            ("uniqueItems", Bool),
            ("nullable", Bool),
            ("deprecated", Bool),
            ("readOnly", Bool),
            ("writeOnly", Bool),
        ],
    )
};
