//! A business code: an integer or a string.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The business code of an envelope. Services send integers (`200`) or strings (`"0000"`, `"OK"`).
///
/// ```
/// # fn show(code: &rpc_runtime::Code) {
/// if code == &4001 || code == "OUT_OF_STOCK" {
///     println!("sold out");
/// }
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An integer.
    Int(i64),
    /// A string.
    Text(String),
}

impl Code {
    /// The code as an integer, if it is one or is written as one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(code) => Some(*code),
            Self::Text(code) => code.parse().ok(),
        }
    }

    /// Whether the code is this text or the integer that this text is.
    pub(crate) fn is(&self, text: &str) -> bool {
        match self {
            Self::Int(code) => text.parse() == Ok(*code),
            Self::Text(code) => code == text,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(code) => code.fmt(f),
            Self::Text(code) => code.fmt(f),
        }
    }
}

impl PartialEq<i64> for Code {
    fn eq(&self, other: &i64) -> bool {
        self.as_i64() == Some(*other)
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.is(other)
    }
}

impl From<i64> for Code {
    fn from(code: i64) -> Self {
        Self::Int(code)
    }
}

impl From<i32> for Code {
    fn from(code: i32) -> Self {
        Self::Int(code.into())
    }
}

impl From<u16> for Code {
    fn from(code: u16) -> Self {
        Self::Int(code.into())
    }
}

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        Self::Text(code.to_owned())
    }
}

impl From<String> for Code {
    fn from(code: String) -> Self {
        Self::Text(code)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(code) => serializer.serialize_i64(*code),
            Self::Text(code) => serializer.serialize_str(code),
        }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CodeVisitor;
        impl Visitor<'_> for CodeVisitor {
            type Value = Code;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a business code: an integer or a string")
            }

            fn visit_i64<E: de::Error>(self, code: i64) -> Result<Code, E> {
                Ok(Code::Int(code))
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<Code, E> {
                i64::try_from(code).map(Code::Int).map_err(|_| E::custom("business code out of range"))
            }

            fn visit_str<E: de::Error>(self, code: &str) -> Result<Code, E> {
                Ok(Code::Text(code.to_owned()))
            }
        }
        deserializer.deserialize_any(CodeVisitor)
    }
}
