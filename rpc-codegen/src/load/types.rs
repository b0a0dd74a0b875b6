//! The set of JSON types that `type` allows.

use std::fmt;

/// A JSON type as JSON Schema names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without fraction
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Type {
    /// All types.
    pub const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The name in JSON Schema.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.name() == name)
    }
}

/// Which types a schema names. Empty means that it names none, so that any value may come.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct TypeSet(u8);

impl TypeSet {
    /// Whether no type is named.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a type is named.
    pub fn has(self, ty: Type) -> bool {
        self.0 & (1 << ty as u8) != 0
    }

    /// The set with one type more.
    #[must_use]
    pub fn with(self, ty: Type) -> Self {
        Self(self.0 | (1 << ty as u8))
    }

    /// The set with one type less.
    #[must_use]
    pub fn without(self, ty: Type) -> Self {
        Self(self.0 & !(1 << ty as u8))
    }

    /// The named types in the order of [`Type::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.into_iter().filter(move |ty| self.has(*ty))
    }

    /// The only type, if it is one.
    pub fn single(self) -> Option<Type> {
        self.iter().next().filter(|ty| self.without(*ty).is_empty())
    }
}

impl fmt::Debug for TypeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl FromIterator<Type> for TypeSet {
    fn from_iter<I: IntoIterator<Item = Type>>(types: I) -> Self {
        types.into_iter().fold(Self::default(), Self::with)
    }
}
