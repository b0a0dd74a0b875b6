//! Three states: left out, null, a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field of a request that may be left out *and* may be null, which is not the same: a PATCH leaves the first alone and
/// clears the second.
///
/// ```
/// use rpc_runtime::types::Maybe;
/// let keep: Maybe<String> = Maybe::Absent;
/// let clear: Maybe<String> = Maybe::Null;
/// let set: Maybe<String> = "new note".into();
/// assert_eq!(set.value().map(String::as_str), Some("new note"));
/// assert!(keep.is_absent() && clear.is_null());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth state")]
pub enum Maybe<T> {
    /// Not sent.
    #[default]
    Absent,
    /// Sent as `null`.
    Null,
    /// Sent as this value.
    Value(T),
}

impl<T> Maybe<T> {
    /// Whether the field is left out.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value, if there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, if there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Borrows the value.
    pub const fn as_ref(&self) -> Maybe<&T> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(value),
        }
    }
}

impl<T> Maybe<T> {
    /// `None` clears the field. (There is no `From<Option<T>>`: whether `None` means "clear" or "leave alone" has to be said.)
    pub fn null_if_none(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }

    /// `None` leaves the field alone.
    pub fn absent_if_none(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }

    /// The same state with another value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(map(value)),
        }
    }
}

impl<T> From<T> for Maybe<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Maybe<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Maybe<T> {
    /// An absent field has to be skipped by its struct: written as null, it would clear what it should leave alone.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => serializer.serialize_some(value),
            Self::Null => serializer.serialize_none(),
            Self::Absent => Err(serde::ser::Error::custom("an absent field must be skipped by its struct")),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    /// With `#[serde(default)]` on the field, a missing one stays absent.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::null_if_none)
    }
}
