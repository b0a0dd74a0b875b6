//! Types.

use crate::location::Location;

/// Index of a named type in [`Types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// The named types of a service. Ids stay valid: a type that a pass folds away stays in the table, marked unused.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Types {
    defs: Vec<TypeDef>,
}

impl Types {
    /// Adds a type.
    pub fn push(&mut self, def: TypeDef) -> TypeId {
        self.defs.push(def);
        TypeId(self.defs.len() - 1)
    }

    /// A type by id. Ids come from [`Types::push`], so there is one; a foreign id gives `None`.
    pub fn get(&self, id: TypeId) -> Option<&TypeDef> {
        self.defs.get(id.0)
    }

    /// A type by id, to change it.
    pub fn get_mut(&mut self, id: TypeId) -> Option<&mut TypeDef> {
        self.defs.get_mut(id.0)
    }

    /// All types with their ids, in document order.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.defs.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }

    /// All types, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (TypeId, &mut TypeDef)> {
        self.defs.iter_mut().enumerate().map(|(index, def)| (TypeId(index), def))
    }

    /// How many types.
    pub fn len(&self) -> usize {
        self.defs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.defs.is_empty()
    }
}

/// A named type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// Rust name in upper camel case, unique in the crate once the names pass has run.
    pub name: String,
    /// Key in `names.lock`: the JSON pointer of the schema.
    pub key: String,
    /// Where the schema stands.
    pub origin: Location,
    /// Description of the schema.
    pub doc: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// What it is.
    pub shape: Shape,
    /// In which direction it travels; set by the direction pass. Neither: nothing uses it.
    pub direction: Direction,
    /// Whether `Eq`, `Hash` and `Ord`-free derives are sound (no float or raw JSON inside); set by the derives pass.
    pub eq: bool,
    /// Whether `Copy` is sound and cheap; set by the derives pass.
    pub copy: bool,
    /// Whether `Default` is sound (a struct without required fields); set by the derives pass.
    pub default: bool,
    /// Body of a PATCH operation: nothing is sent unless it is set. Set by the direction pass.
    pub patch: bool,
    /// The type of replies that this type is the request form of, where the two differ: `Order` of `OrderInput`.
    /// Set by the fold and split passes.
    pub input_of: Option<TypeId>,
    /// Properties that it lacks because only the other direction has them. Set by the split pass.
    pub without: Vec<String>,
    /// The document's own schema as JSON text with local `$ref`s, for `schemars::JsonSchema`.
    pub schema: String,
}

/// Who sends values of a type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Direction {
    /// The client does.
    pub request: bool,
    /// The server does.
    pub reply: bool,
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object with known fields.
    Struct(Struct),
    /// A closed or open set of strings or integers.
    Enum(ValueEnum),
    /// One of several types.
    Union(Union),
    /// Another name for a type (`type X = …`): named scalars, lists, maps, tuples.
    Alias(Type, Constraints),
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// Fields in document order.
    pub fields: Vec<Field>,
    /// What else may stand in it.
    pub additional: Additional,
}

/// Properties beyond the known ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Additional {
    /// Read over and forgotten (also for `additionalProperties: false`: a server may add fields).
    Ignored,
    /// Kept in a map field of this Rust name, `additionalProperties: <schema>` or `true` written out.
    Kept {
        /// Rust name of the map field.
        name: String,
        /// Type of the values.
        ty: Type,
    },
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Rust name in snake case, unique in its struct.
    pub name: String,
    /// Type without the optional layer; [`Type::Nullable`] outermost when null is a value.
    pub ty: Type,
    /// Whether it must be there.
    pub presence: Presence,
    /// Rules for requests.
    pub constraints: Constraints,
    /// Description.
    pub doc: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// `readOnly: true`: only in replies.
    pub read_only: bool,
    /// `writeOnly: true`: only in requests.
    pub write_only: bool,
    /// Where it stands.
    pub origin: Location,
}

/// Whether a field must be there.
#[derive(Debug, Clone, PartialEq)]
pub enum Presence {
    /// In every value.
    Required,
    /// May be missing.
    Optional,
    /// May be missing; this value stands for it when a reply is decoded. In types that only requests use (and in PATCH
    /// bodies) it is an `Option` that is left out unless set: writing the default would overwrite what the server has.
    Default(Default_),
}

/// A default in Rust's terms.
#[derive(Debug, Clone, PartialEq)]
pub enum Default_ {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A number, exact text.
    Number(String),
    /// A string (also dates, uuids, decimals, enum values: parsed by the field's type at run time or matched to a variant).
    String(String),
    /// `[]`.
    EmptyList,
    /// `{}`.
    EmptyMap,
    /// Anything else, as JSON text that the field's type decodes.
    Json(String),
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// A named type.
    Named(TypeId),
    /// A scalar.
    Scalar(Scalar),
    /// `Vec<T>`.
    List(Box<Type>),
    /// `BTreeMap<String, T>`.
    Map(Box<Type>),
    /// `(A, B, …)` from `prefixItems`.
    Tuple(Vec<Type>),
    /// `Option<T>`: null is a value.
    Nullable(Box<Type>),
    /// `Box<T>`, put in by the cycles pass.
    Boxed(Box<Type>),
    /// Free-form JSON: `serde_json::Value`.
    Any,
    /// Always null: `()`.
    Null,
}

/// Scalars and formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `bool`.
    Bool,
    /// An integer.
    Int(IntKind),
    /// An integer that travels as a string.
    IntString(IntKind),
    /// A floating-point number.
    Float(FloatKind),
    /// `String`.
    String,
    /// `rpc_runtime::types::DateTime`: RFC 3339 with or without offset.
    DateTime,
    /// `rpc_runtime::types::Date`.
    Date,
    /// `rpc_runtime::types::Time`.
    Time,
    /// `rpc_runtime::types::Duration` (ISO 8601).
    Duration,
    /// `rpc_runtime::types::Uuid`.
    Uuid,
    /// `rpc_runtime::types::Decimal`.
    Decimal(DecimalWire),
    /// `rpc_runtime::types::Bytes`, base64 on the wire.
    Base64,
    /// `std::net::Ipv4Addr`.
    Ipv4,
    /// `std::net::Ipv6Addr`.
    Ipv6,
    /// `rpc_runtime::types::Url`-free: URIs stay strings; kept apart for documentation.
    Uri,
    /// Raw bytes in multipart and octet-stream bodies.
    Binary,
    /// A file in a multipart body: `rpc_runtime::types::File`.
    File,
}

/// Width of an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntKind {
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
}

/// Width of a floating-point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FloatKind {
    /// `f32`.
    F32,
    /// `f64`.
    F64,
}

/// How a decimal is written; both are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecimalWire {
    /// As a JSON string.
    String,
    /// As a JSON number.
    Number,
}

/// A set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueEnum {
    /// The JSON type of the values.
    pub of: Scalar,
    /// Values in document order.
    pub values: Vec<EnumValue>,
    /// Unknown values are kept (`Unknown(…)`), unless closed by choice.
    pub open: bool,
}

/// One value of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// Value on the wire: the string, or the integer's text.
    pub wire: String,
    /// Variant name.
    pub name: String,
    /// Description, if the document has one.
    pub doc: Option<String>,
}

/// One of several types.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// Alternatives in document order.
    pub variants: Vec<Variant>,
    /// How to tell them apart.
    pub dispatch: Dispatch,
}

/// An alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Variant name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// With [`Dispatch::Tag`]: values of the tag that choose it. The variant's struct has the tag as a field of its own
    /// (a one-value enum, filled in by `new`), so that the struct is the same inside and outside the union.
    pub tags: Vec<String>,
    /// With [`Dispatch::Field`]: the field that only this alternative requires; empty for the one that has none.
    pub field: String,
}

/// How the alternatives of a union are told apart, without buffering into an intermediate value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dispatch {
    /// By the value of a field that all alternatives have (declared discriminator, or a constant in each).
    Tag(String),
    /// By a field that only one alternative requires.
    Field,
    /// By JSON type: string, number, boolean, array, object.
    JsonType,
    /// Of those that fit, the one that knows most members of the value; the first of equals.
    BestMatch,
}

/// A bound with its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Exact text of the number.
    pub value: String,
    /// Whether the bound itself is outside.
    pub exclusive: bool,
}

/// Rules that requests are checked against before sending; replies never are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Least number.
    pub minimum: Option<Bound>,
    /// Greatest number.
    pub maximum: Option<Bound>,
    /// The number is a multiple of this.
    pub multiple_of: Option<String>,
    /// Fewest characters.
    pub min_length: Option<u64>,
    /// Most characters.
    pub max_length: Option<u64>,
    /// ECMAScript regular expression that the string contains.
    pub pattern: Option<String>,
    /// Fewest items.
    pub min_items: Option<u64>,
    /// Most items.
    pub max_items: Option<u64>,
    /// No two items are equal.
    pub unique_items: bool,
    /// Rules for the items of a list, the values of a map.
    pub items: Option<Box<Constraints>>,
}

impl Constraints {
    /// Whether there is nothing to check.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
