//! Structs that keep what they do not know.

use serde::{Deserialize, Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

/// A codec: null is read as the type's default. For fields with a default that are not nullable.
#[derive(Debug)]
pub struct OrDefault<C>(std::marker::PhantomData<C>);

impl<T, C: SerializeAs<T>> SerializeAs<T> for OrDefault<C> {
    fn serialize_as<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        C::serialize_as(value, serializer)
    }
}

impl<'de, T: Default, C: DeserializeAs<'de, T>> DeserializeAs<'de, T> for OrDefault<C> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        null_or::<C, T, D>(deserializer, T::default)
    }
}

/// Reads a value through the codec `C`; null stands for the default.
///
/// # Errors
/// When the value does not fit.
#[doc(hidden)]
pub fn null_or<'de, C, T, D>(deserializer: D, default: fn() -> T) -> Result<T, D::Error>
where
    C: DeserializeAs<'de, T>,
    D: Deserializer<'de>,
{
    let value = <Option<C> as DeserializeAs<'de, Option<T>>>::deserialize_as(deserializer)?;
    Ok(value.unwrap_or_else(default))
}

/// Reads a value; null stands for the type's default.
///
/// # Errors
/// When the value does not fit.
#[doc(hidden)]
pub fn null_as_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Serde for a struct with a map of further members, in one pass (serde's `flatten` buffers and loses digits).
///
/// Each field: name, wire name, codec, what a missing one means, when it is written.
/// Missing: `required`, `default` (the type's), `null_default` (so does null), `or f` (so does null), `or_missing f`.
/// Written: `always`, `unless f`.
///
/// ```
/// use rpc_runtime::codec::Same;
/// #[derive(Debug, PartialEq)]
/// struct Theme { name: String, size: Option<u32>, rest: std::collections::BTreeMap<String, i64> }
/// rpc_runtime::codegen::open_struct!(Theme {
///     name: "name" as Same, required, always;
///     size: "fontSize" as Option<Same>, default, unless Option::is_none;
/// } rest: Same);
/// let theme: Theme = serde_json::from_str(r#"{"name":"dark","contrast":7}"#)?;
/// assert_eq!((theme.size, theme.rest["contrast"]), (None, 7));
/// assert_eq!(serde_json::to_string(&theme)?, r#"{"name":"dark","contrast":7}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_open_struct {
    ($name:ident {
        $($field:ident: $wire:literal as $codec:ty, $missing:ident $($default:path)?, $written:ident $($skip:path)?;)*
    } $rest:ident: $rest_codec:ty) => {
        #[allow(deprecated, reason = "fields may be deprecated")]
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                use $crate::codegen::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(::std::option::Option::None)?;
                $($crate::codegen::__open_written!(self.$field, $written $($skip)?, {
                    map.serialize_entry($wire, &$crate::codegen::SerializeAsWrap::<_, $codec>::new(&self.$field))?;
                });)*
                for (key, value) in &self.$rest {
                    map.serialize_entry(key, &$crate::codegen::SerializeAsWrap::<_, $rest_codec>::new(value))?;
                }
                map.end()
            }
        }

        #[allow(deprecated, reason = "fields may be deprecated")]
        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                struct Members;
                impl<'de> $crate::codegen::serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("struct ", stringify!($name)))
                    }

                    fn visit_map<A: $crate::codegen::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::std::result::Result<$name, A::Error> {
                        $(let mut $field = ::std::option::Option::None;)*
                        let mut further = ::std::collections::BTreeMap::new();
                        while let ::std::option::Option::Some(key) = map.next_key::<::std::string::String>()? {
                            match key.as_str() {
                                $($wire => {
                                    $field = $crate::codegen::__open_read!(map, $codec, $missing);
                                })*
                                _ => {
                                    let value: $crate::codegen::DeserializeAsWrap<_, $rest_codec> = map.next_value()?;
                                    further.insert(key, value.into_inner());
                                }
                            }
                        }
                        ::std::result::Result::Ok($name {
                            $($field: $crate::codegen::__open_missing!($field, $wire, $missing $($default)?),)*
                            $rest: further,
                        })
                    }
                }
                deserializer.deserialize_map(Members)
            }
        }
    };
}

/// Writes a field, or not.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_open_written {
    ($value:expr, always, $write:block) => {
        $write
    };
    ($value:expr, unless $skip:path, $write:block) => {
        if !$skip(&$value) {
            $write
        }
    };
}

/// Reads a field: `Some` of the value, `None` where null stands for the default.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_open_read {
    ($map:ident, $codec:ty, null_default) => {
        $crate::codegen::__open_read!($map, $codec, or)
    };
    ($map:ident, $codec:ty, or) => {{
        let value: $crate::codegen::DeserializeAsWrap<_, ::std::option::Option<$codec>> =
            $map.next_value()?;
        value.into_inner()
    }};
    ($map:ident, $codec:ty, $missing:ident) => {{
        let value: $crate::codegen::DeserializeAsWrap<_, $codec> = $map.next_value()?;
        ::std::option::Option::Some(value.into_inner())
    }};
}

/// What a missing field means.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_open_missing {
    ($slot:ident, $wire:literal, required) => {
        match $slot {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return ::std::result::Result::Err($crate::codegen::serde::de::Error::missing_field($wire));
            }
        }
    };
    ($slot:ident, $wire:literal, $missing:ident $default:path) => {
        $slot.unwrap_or_else($default)
    };
    ($slot:ident, $wire:literal, $missing:ident) => {
        $slot.unwrap_or_default()
    };
}

#[doc(hidden)]
pub use {
    crate::__rpc_open_missing as __open_missing, crate::__rpc_open_read as __open_read,
    crate::__rpc_open_struct as open_struct, crate::__rpc_open_written as __open_written,
};
