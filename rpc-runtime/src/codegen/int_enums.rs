//! Enums over integers.

/// Everything an open integer enum needs: `value`, `Display`, `From<integer>`, serde and
/// [`Param`](crate::codegen::Param). Unlisted values are kept in the variant before the braces (`Unknown` unless named).
///
/// ```
/// #[derive(Debug, Clone, PartialEq)]
/// enum Kind { Debit, Credit, Unknown(i64) }
/// rpc_runtime::codegen::int_enum!(Kind: i64 { Debit = -1, Credit = 1 });
/// assert_eq!(serde_json::from_str::<Kind>("-1")?, Kind::Debit);
/// assert_eq!(serde_json::to_string(&Kind::from(7))?, "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_int_enum {
    ($name:ident: $int:ty { $($variant:ident = $wire:literal),* $(,)? }) => {
        $crate::codegen::int_enum!($name: $int, Unknown { $($variant = $wire),* });
    };
    ($name:ident: $int:ty, $unknown:ident { $($variant:ident = $wire:literal),* $(,)? }) => {
        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $name {
            /// The value on the wire.
            pub const fn value(&self) -> $int {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::$unknown(value) => *value,
                }
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::convert::From<$int> for $name {
            fn from(value: $int) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    other => Self::$unknown(other),
                }
            }
        }

        $crate::codegen::__int_impls!($name: $int, |value| ::std::option::Option::Some(<$name>::from(value)));
    };
}

/// Everything a closed integer enum needs: like [`int_enum!`](crate::codegen::int_enum), but unlisted values are errors
/// and `TryFrom` takes the place of `From`.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_closed_int_enum {
    ($name:ident: $int:ty { $($variant:ident = $wire:literal),* $(,)? }) => {
        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $name {
            /// The value on the wire.
            pub const fn value(&self) -> $int {
                match self {
                    $(Self::$variant => $wire,)*
                }
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::convert::TryFrom<$int> for $name {
            type Error = $crate::codegen::UnknownValue;

            fn try_from(value: $int) -> ::std::result::Result<Self, Self::Error> {
                match value {
                    $($wire => ::std::result::Result::Ok(Self::$variant),)*
                    other => ::std::result::Result::Err($crate::codegen::UnknownValue::new(
                        &::std::string::ToString::to_string(&other),
                        stringify!($name),
                    )),
                }
            }
        }

        $crate::codegen::__int_impls!($name: $int, |value| <$name>::try_from(value).ok());
    };
}

/// What open and closed integer enums share.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_int_impls {
    ($name:ident: $int:ty, |$value:ident| $read:expr) => {
        #[allow(deprecated, reason = "the type may be deprecated")]
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.value(), f)
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::codegen::serde::Serialize::serialize(&self.value(), serializer)
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let $value = <$int as $crate::codegen::serde::Deserialize<'de>>::deserialize(deserializer)?;
                let read: ::std::option::Option<Self> = $read;
                read.ok_or_else(|| {
                    <D::Error as $crate::codegen::serde::de::Error>::custom(
                        $crate::codegen::UnknownValue::new(
                            &::std::string::ToString::to_string(&$value),
                            stringify!($name),
                        ),
                    )
                })
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $crate::codegen::Param for $name {
            fn to_value(&self) -> $crate::codegen::ParamValue {
                $crate::codegen::ParamValue::Scalar(::std::string::ToString::to_string(&self.value()))
            }
        }

        #[allow(deprecated, reason = "the type may be deprecated")]
        impl $crate::codegen::Check for $name {}
    };
}

#[doc(hidden)]
pub use {
    crate::__rpc_closed_int_enum as closed_int_enum, crate::__rpc_int_enum as int_enum,
    crate::__rpc_int_impls as __int_impls,
};

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros write public methods")]
mod tests {
    #[derive(Debug, Clone, PartialEq)]
    enum Level {
        Low,
        Unknown,
        Other(i64),
    }
    crate::codegen::int_enum!(Level: i64, Other { Low = -1, Unknown = 0 });

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Bit {
        Zero,
        One,
    }
    crate::codegen::closed_int_enum!(Bit: u32 { Zero = 0, One = 1 });

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
        check("-1", Ok(Level::Low));
        check("0", Ok(Level::Unknown));
        check("9", Ok(Level::Other(9)));
        check::<Level>("1.5", Err("expected i64"));
    }

    #[test]
    fn refuses_unlisted_values_where_closed() {
        check("1", Ok(Bit::One));
        check::<Bit>("2", Err("`2` is not one of the values of Bit"));
        assert_eq!(Bit::try_from(0), Ok(Bit::Zero));
    }

    #[test]
    fn are_parameters() {
        use crate::request::{Param as _, ParamValue};
        assert_eq!(Bit::One.to_value(), ParamValue::Scalar("1".to_owned()));
        assert_eq!(Level::Other(3).to_string(), "3");
    }
}
