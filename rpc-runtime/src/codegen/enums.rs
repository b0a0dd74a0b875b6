//! Enums over strings.

use std::fmt;

use serde::de::{Unexpected, Visitor};

/// A text outside of a closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not one of the values of {of}")]
pub struct UnknownValue {
    text: String,
    of: &'static str,
}

impl UnknownValue {
    /// For a text that `of` does not have; the text is cut.
    pub fn new(text: &str, of: &'static str) -> Self {
        Self { text: text.chars().take(64).collect(), of }
    }
}

/// Reads a string without copying it first.
#[derive(Debug)]
pub struct Text<T>(pub fn(&str) -> Option<T>, pub &'static str);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of {}", self.1)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Everything an open string enum needs: `as_str`, `Display`, `From<&str>`, `From<String>`, serde and
/// [`Param`](crate::codegen::Param). Values that the document does not list are kept in the variant before the braces
/// (`Unknown` unless named) and written back as they came.
///
/// ```
/// #[derive(Debug, Clone, PartialEq)]
/// enum Status { Paid, Unknown(String) }
/// rpc_runtime::codegen::string_enum!(Status { Paid = "paid" });
/// assert_eq!(serde_json::from_str::<Status>("\"paid\"")?, Status::Paid);
/// assert_eq!(Status::from("lost").as_str(), "lost");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_string_enum {
    ($name:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        $crate::codegen::string_enum!($name, Unknown { $($variant = $wire),* });
    };
    ($name:ident, $unknown:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::$unknown(text) => text,
                }
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    other => Self::$unknown(::std::borrow::ToOwned::to_owned(other)),
                }
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                match text.as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::$unknown(text),
                }
            }
        }

        $crate::codegen::__text_impls!($name, |text| ::std::option::Option::Some(<$name>::from(text)));
    };
}

/// Everything a closed string enum needs: like [`string_enum!`](crate::codegen::string_enum), but values that the
/// document does not list are errors, and `FromStr` takes the place of `From`.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_closed_string_enum {
    ($name:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $name {
            /// The value on the wire.
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)*
                }
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::str::FromStr for $name {
            type Err = $crate::codegen::UnknownValue;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $($wire => ::std::result::Result::Ok(Self::$variant),)*
                    other => ::std::result::Result::Err($crate::codegen::UnknownValue::new(other, stringify!($name))),
                }
            }
        }

        $crate::codegen::__text_impls!($name, |text| text.parse().ok());
    };
}

/// What open and closed string enums share.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_text_impls {
    ($name:ident, |$text:ident| $read:expr) => {
        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                deserializer.deserialize_str($crate::codegen::Text(|$text: &str| $read, stringify!($name)))
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $crate::codegen::Param for $name {
            fn to_value(&self) -> $crate::codegen::ParamValue {
                $crate::codegen::ParamValue::Scalar(::std::borrow::ToOwned::to_owned(self.as_str()))
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $crate::codegen::Check for $name {
            fn check_value(&self) -> $crate::codegen::CheckValue<'_> {
                $crate::codegen::CheckValue::Text(self.as_str())
            }
        }
    };
}

#[doc(hidden)]
pub use {
    crate::__rpc_closed_string_enum as closed_string_enum, crate::__rpc_string_enum as string_enum,
    crate::__rpc_text_impls as __text_impls,
};

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros write public methods")]
mod tests {
    #[derive(Debug, Clone, PartialEq)]
    enum Status {
        Pending,
        Paid,
        Unknown(String),
    }
    crate::codegen::string_enum!(Status { Pending = "pending", Paid = "paid" });

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Order {
        Asc,
        Desc,
    }
    crate::codegen::closed_string_enum!(Order { Asc = "asc", Desc = "desc" });

    fn check<T>(json: &str, expected: Result<T, &str>)
    where
        T: PartialEq + std::fmt::Debug + serde::Serialize + serde::de::DeserializeOwned,
    {
        match (serde_json::from_str::<T>(json), expected) {
            (Ok(value), Ok(expected)) => {
                assert_eq!(value, expected);
                assert_eq!(serde_json::to_string(&value).unwrap(), json);
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (value, expected) => panic!("{json}: {value:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn keeps_unlisted_values() {
        check(r#""paid""#, Ok(Status::Paid));
        check(r#""lost \"it\"""#, Ok(Status::Unknown("lost \"it\"".to_owned())));
        check::<Status>("7", Err("expected a value of Status"));
        assert_eq!(Status::from("pending".to_owned()), Status::Pending);
        assert_eq!(Status::from("pending"), Status::Pending);
    }

    #[test]
    fn refuses_unlisted_values_where_closed() {
        check(r#""asc""#, Ok(Order::Asc));
        check::<Order>(r#""up""#, Err("expected a value of Order"));
        assert_eq!("desc".parse(), Ok(Order::Desc));
        assert_eq!("up".parse::<Order>().unwrap_err().to_string(), "`up` is not one of the values of Order");
    }

    #[test]
    fn are_parameters() {
        use crate::request::{Param as _, ParamValue};
        assert_eq!(Status::Paid.to_value(), ParamValue::Scalar("paid".to_owned()));
        assert_eq!(Order::Asc.to_string(), "asc");
    }
}
