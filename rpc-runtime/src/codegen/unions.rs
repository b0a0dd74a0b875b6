//! Unions: one of several types, told apart by the text, without an intermediate value.

mod best;
mod nested;

use serde_with::DeserializeAs;

pub use self::best::{Alternative, Knows, best_match};
use self::nested::Nested;

/// Decodes the whole text as one alternative. The message names the alternative.
#[doc(hidden)]
pub fn read_variant<T, C>(text: &str, variant: &'static str) -> Result<T, String>
where
    C: for<'de> DeserializeAs<'de, T>,
{
    let _nested = Nested::enter(text.len()).map_err(|error| format!("{variant}: {error}"))?;
    C::deserialize_as(&mut serde_json::Deserializer::from_str(text))
        .map_err(|error| format!("{variant}: {error}"))
}

/// Serde and [`Param`](crate::codegen::Param) for a union. Each variant has its type, its codec
/// ([`Same`](crate::codec::Same) for none) and what chooses it:
///
/// - `tag("kind")`: values of that member; `tag("kind", or "card")` when a missing one means `card`. A value that is not
///   listed goes to the catch-all; a listed one whose body does not fit is an error that names the variant.
/// - `field`: a member that only this variant has; `""` for the variant that has none.
/// - `json_type`: JSON types as [`json_type`](crate::codegen::json_type) names them.
/// - `best_match`: the members that this variant knows, and `..` where it keeps the others as well. Of those that can be read, the one
///   that knows most members of an object is chosen; of equals one that keeps the rest, then the first. One that knows none of them, and
///   keeps none, would lose everything, and is not chosen.
///
/// The catch-all holds a [`RawJson`](crate::types::RawJson), the exact text.
///
/// ```
/// use rpc_runtime::{codec::{DecimalString, Same}, types::{Decimal, RawJson}};
/// #[derive(Debug, PartialEq)]
/// enum Amount { Exact(Decimal), Words(Vec<String>), Unknown(RawJson) }
/// rpc_runtime::codegen::union!(Amount, Unknown, json_type {
///     Exact: Decimal as DecimalString = ["string", "number"],
///     Words: Vec<String> as Same = ["array"],
/// });
/// assert_eq!(serde_json::from_str::<Amount>(r#"["one"]"#)?, Amount::Words(vec!["one".into()]));
/// assert_eq!(serde_json::to_string(&serde_json::from_str::<Amount>("1.50")?)?, r#""1.50""#);
/// assert_eq!(serde_json::to_string(&serde_json::from_str::<Amount>("{\"a\":1.0}")?)?, "{\"a\":1.0}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_union {
    ($name:ident, $unknown:ident, $by:ident $(($($how:tt)*))? {
        $($variant:ident: $ty:ty as $codec:ty = [$($key:tt),* $(,)?]),* $(,)?
    }) => {
        #[allow(deprecated, reason = "the type or an alternative may be deprecated")]
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::codec::As::<$codec>::serialize(value, serializer),)*
                    Self::$unknown(raw) => $crate::codegen::serde::Serialize::serialize(raw, serializer),
                }
            }
        }

        #[allow(deprecated, reason = "the type or an alternative may be deprecated")]
        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                fn read(text: &str) -> ::std::result::Result<::std::option::Option<$name>, ::std::string::String> {
                    $crate::codegen::__union_read!(text, $name, $by $(($($how)*))? {
                        $($variant: $ty as $codec = [$($key),*],)*
                    })
                }
                let raw = <$crate::types::RawJson as $crate::codegen::serde::Deserialize<'de>>::deserialize(deserializer)?;
                match read(raw.get()) {
                    ::std::result::Result::Ok(::std::option::Option::Some(value)) => ::std::result::Result::Ok(value),
                    ::std::result::Result::Ok(::std::option::Option::None) => {
                        ::std::result::Result::Ok(Self::$unknown(raw))
                    }
                    ::std::result::Result::Err(message) => {
                        ::std::result::Result::Err(<D::Error as $crate::codegen::serde::de::Error>::custom(message))
                    }
                }
            }
        }

        #[allow(deprecated, reason = "the type or an alternative may be deprecated")]
        impl $crate::codegen::Param for $name {
            fn to_value(&self) -> $crate::codegen::ParamValue {
                $crate::codegen::ParamValue::of(self)
            }
        }

        #[allow(deprecated, reason = "the type or an alternative may be deprecated")]
        impl $crate::codegen::Check for $name {}
    };
}

/// The choice between the alternatives.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_union_read {
    ($text:ident, $name:ident, tag($tag:literal $(, or $default:literal)?) {
        $($variant:ident: $ty:ty as $codec:ty = [$($key:literal),*],)*
    }) => {{
        let tag = match $crate::codegen::tag_of($text, $tag)? {
            ::std::option::Option::Some(tag) => tag,
            $(#[allow(unreachable_patterns, reason = "the next arm is for unions without a default")]
            ::std::option::Option::None => ::std::borrow::Cow::Borrowed($default),)?
            #[allow(unreachable_patterns, reason = "the arm before is for unions with a default")]
            ::std::option::Option::None => {
                return ::std::result::Result::Err(::std::string::String::from(concat!(
                    stringify!($name), ": missing field `", $tag, "`"
                )));
            }
        };
        match &*tag {
            $($($key)|* => $crate::codegen::read_variant::<$ty, $codec>($text, concat!(stringify!($name), "::", stringify!($variant)))
                .map(|value| ::std::option::Option::Some($name::$variant(value))),)*
            _ => ::std::result::Result::Ok(::std::option::Option::None),
        }
    }};
    ($text:ident, $name:ident, field {
        $($variant:ident: $ty:ty as $codec:ty = [$key:literal],)*
    }) => {
        match $crate::codegen::member_of($text, &[$($key),*]) {
            $(::std::option::Option::Some($key) => $crate::codegen::read_variant::<$ty, $codec>($text, concat!(stringify!($name), "::", stringify!($variant)))
                .map(|value| ::std::option::Option::Some($name::$variant(value))),)*
            _ => ::std::result::Result::Ok(::std::option::Option::None),
        }
    };
    ($text:ident, $name:ident, json_type {
        $($variant:ident: $ty:ty as $codec:ty = [$($key:literal),*],)*
    }) => {{
        let found = $crate::codegen::json_type($text);
        let mut failure = ::std::option::Option::None;
        $(if [$($key),*].contains(&found) {
            match $crate::codegen::read_variant::<$ty, $codec>($text, concat!(stringify!($name), "::", stringify!($variant))) {
                ::std::result::Result::Ok(value) => {
                    return ::std::result::Result::Ok(::std::option::Option::Some($name::$variant(value)));
                }
                ::std::result::Result::Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        })*
        failure.map_or(::std::result::Result::Ok(::std::option::Option::None), ::std::result::Result::Err)
    }};
    ($text:ident, $name:ident, best_match {
        $($variant:ident: $ty:ty as $codec:ty = [$($key:tt),*],)*
    }) => {{
        let alternatives: &[$crate::codegen::Alternative<$name>] = &[
            $(($crate::codegen::__union_knows!($($key),*), |text| {
                $crate::codegen::read_variant::<$ty, $codec>(text, stringify!($variant)).map($name::$variant)
            }),)*
        ];
        ::std::result::Result::Ok($crate::codegen::best_match($text, alternatives))
    }};
}

/// `"a", "b", ..` as [`Knows`].
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_union_knows {
    ($($key:literal),*) => {
        $crate::codegen::Knows { names: &[$($key),*], keeps: false }
    };
    ($($key:literal,)* ..) => {
        $crate::codegen::Knows { names: &[$($key),*], keeps: true }
    };
}

#[doc(hidden)]
pub use {
    crate::__rpc_union as union, crate::__rpc_union_knows as __union_knows,
    crate::__rpc_union_read as __union_read,
};

#[cfg(test)]
mod tests;
