//! What OpenAPI demands of each object, as tables: JSON types and the fields that must be there.

mod schema;
mod security;

use security::SECURITY_SCHEME;

pub(super) use schema::{DISCRIMINATOR, SCHEMA};

/// What a value has to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Anything; not looked into.
    Any,
    Str,
    /// A string; a number is taken for one, with a warning.
    Text,
    Bool,
    Number,
    /// A number that is not negative and has no fraction.
    Count,
    /// A number; a boolean in 3.0.
    Limit,
    /// An object; not looked into.
    Object,
    /// An object with known fields.
    Is(&'static Kind),
    List(&'static Shape),
    /// An object with free keys.
    Map(&'static Shape),
    /// An object with free keys except `x-…`.
    Extensible(&'static Shape),
    /// A Schema Object or a boolean.
    Schema,
    /// A schema, or a list of them as older drafts had it.
    Items,
    /// The name of a JSON type or a list of them.
    Types,
    /// A list of strings; older drafts had a boolean here.
    Required,
    /// An object; Swagger had a property name here.
    Discriminator,
}

/// An object of the specification.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// Name with its article.
    pub(super) name: &'static str,
    /// What may stand beside `$ref`; `None` if a Reference Object may not stand here.
    pub(super) beside_ref: Option<Beside>,
    pub(super) fields: &'static [(&'static str, Shape)],
    /// Fields without which the object means nothing.
    pub(super) needed: &'static [&'static str],
    /// Fields that the specification demands and a client can do without.
    pub(super) wanted: &'static [&'static str],
}

/// What may stand beside `$ref`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Everything.
    All,
    /// `summary` and `description`; the rest is ignored.
    Prose,
}

use Shape::{Any, Bool, Extensible, Is, List, Map, Object, Schema, Str, Text};

const fn kind(name: &'static str, fields: &'static [(&'static str, Shape)]) -> Kind {
    Kind { name, beside_ref: None, fields, needed: &[], wanted: &[] }
}

const STRINGS: Shape = List(&Str);
const SECURITY: Shape = List(&Map(&STRINGS));
const SERVERS: Shape = List(&Is(&SERVER));

pub(super) static DOCUMENT: Shape = Is(&ROOT);

static ROOT: Kind = Kind {
    wanted: &["info"],
    ..kind(
        "an OpenAPI Object",
        &[
            ("info", Is(&INFO)),
            ("servers", SERVERS),
            ("paths", Extensible(&Is(&PATH_ITEM))),
            ("components", Is(&COMPONENTS)),
            ("security", SECURITY),
            ("tags", List(&Is(&TAG))),
        ],
    )
};

static INFO: Kind = Kind {
    wanted: &["title", "version"],
    ..kind("an Info Object", &[("title", Text), ("version", Text), ("summary", Text), ("description", Text)])
};

static TAG: Kind =
    Kind { needed: &["name"], ..kind("a Tag Object", &[("name", Text), ("description", Str)]) };

static SERVER: Kind = Kind {
    needed: &["url"],
    ..kind(
        "a Server Object",
        &[("url", Str), ("description", Str), ("variables", Map(&Is(&SERVER_VARIABLE)))],
    )
};

static SERVER_VARIABLE: Kind = Kind {
    needed: &["default"],
    ..kind("a Server Variable Object", &[("default", Text), ("enum", List(&Text)), ("description", Str)])
};

/// Only what has to be known to list operations: their own parts are checked when they are used.
static PATH_ITEM: Kind = Kind {
    beside_ref: Some(Beside::All),
    ..kind(
        "a Path Item Object",
        &[
            ("summary", Str),
            ("description", Str),
            ("get", Object),
            ("put", Object),
            ("post", Object),
            ("delete", Object),
            ("options", Object),
            ("head", Object),
            ("patch", Object),
            ("trace", Object),
            ("query", Object),
            ("additionalOperations", Map(&Object)),
            ("parameters", List(&Any)),
            ("servers", SERVERS),
        ],
    )
};

static COMPONENTS: Kind = kind(
    "a Components Object",
    &[
        ("schemas", Map(&Any)),
        ("responses", Map(&Any)),
        ("parameters", Map(&Any)),
        ("requestBodies", Map(&Any)),
        ("headers", Map(&Any)),
        ("securitySchemes", Map(&Is(&SECURITY_SCHEME))),
    ],
);

pub(super) static AN_OPERATION: Shape = Is(&OPERATION);

static OPERATION: Kind = Kind {
    wanted: &["responses"],
    ..kind(
        "an Operation Object",
        &[
            ("tags", List(&Text)),
            ("summary", Str),
            ("description", Str),
            ("operationId", Str),
            ("parameters", List(&A_PARAMETER)),
            ("requestBody", Is(&REQUEST_BODY)),
            ("responses", Extensible(&Is(&RESPONSE))),
            ("deprecated", Bool),
            ("security", SECURITY),
            ("servers", SERVERS),
        ],
    )
};

// Statics, not constants: the tables refer to each other in cycles.
pub(super) static PARAMETERS: Shape = List(&A_PARAMETER);
static A_PARAMETER: Shape = Is(&PARAMETER);

static PARAMETER: Kind = Kind {
    needed: &["name", "in"],
    beside_ref: Some(Beside::Prose),
    ..kind("a Parameter Object", &PARAMETER_FIELDS)
};

static HEADER: Kind = Kind { beside_ref: Some(Beside::Prose), ..kind("a Header Object", &PARAMETER_FIELDS) };

static PARAMETER_FIELDS: [(&str, Shape); 11] = [
    ("name", Str),
    ("in", Str),
    ("description", Str),
    ("required", Bool),
    ("deprecated", Bool),
    ("allowEmptyValue", Bool),
    ("allowReserved", Bool),
    ("style", Str),
    ("explode", Bool),
    ("schema", Schema),
    ("content", Map(&A_MEDIA_TYPE)),
];

static A_MEDIA_TYPE: Shape = Is(&MEDIA_TYPE);

static REQUEST_BODY: Kind = Kind {
    needed: &["content"],
    beside_ref: Some(Beside::Prose),
    ..kind(
        "a Request Body Object",
        &[("description", Str), ("content", Map(&A_MEDIA_TYPE)), ("required", Bool)],
    )
};

static RESPONSE: Kind = Kind {
    wanted: &["description"],
    beside_ref: Some(Beside::Prose),
    ..kind(
        "a Response Object",
        &[("description", Str), ("headers", Map(&A_HEADER)), ("content", Map(&A_MEDIA_TYPE))],
    )
};

static A_HEADER: Shape = Is(&HEADER);

static MEDIA_TYPE: Kind = Kind {
    beside_ref: Some(Beside::Prose),
    ..kind(
        "a Media Type Object",
        &[("schema", Schema), ("itemSchema", Schema), ("encoding", Map(&Is(&ENCODING)))],
    )
};

static ENCODING: Kind = kind(
    "an Encoding Object",
    &[
        ("contentType", Str),
        ("headers", Map(&A_HEADER)),
        ("style", Str),
        ("explode", Bool),
        ("allowReserved", Bool),
    ],
);
