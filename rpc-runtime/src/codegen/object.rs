//! Serde for structs, without serde's derive.
//!
//! A derived `Deserialize` is several functions per struct with a branch or three per field, and they are most of what the
//! compiler does for a large crate. Here the reading and writing of objects is generic code of this crate; a struct brings its
//! members' names, and one call per field and way.

mod field;
mod read;
mod write;

pub use field::{Field, Fields};
pub use read::{Member, Members, Object, read_object};
pub use write::{MaybeAbsent, ObjectWriter};

/// `Serialize` and `Deserialize` for a struct, as an object with these members.
///
/// Fields stand in groups of [`GROUP`](field::GROUP), numbered from 0, and so do the fields of each: field, wire name, what a
/// missing one means, how it is read, how it is written, and its codec where it has one.
///
/// - Missing: `required`, `or_default` (the type's), `or(f)`.
/// - Read: `read`, or `read_nullable`: null means the same as missing.
/// - Written: `write`, or `write_present`: not when it is `None` or absent.
/// - With a codec, the two are `read_as`, `read_nullable_as`, `write_as`, `write_present_as`.
///
/// Members that are not listed are skipped, or kept in a map.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// struct Theme { name: String, size: Option<u32>, rest: std::collections::BTreeMap<String, i64> }
/// rpc_runtime::codegen::object!(Theme {
///     0 {
///         0 name "name" required read write;
///         1 size "fontSize" or_default read write_present;
///     }
/// } rest as rpc_runtime::codec::Same);
/// let theme: Theme = serde_json::from_str(r#"{"name":"dark","contrast":7}"#)?;
/// assert_eq!((theme.size, theme.rest["contrast"]), (None, 7));
/// assert_eq!(serde_json::to_string(&theme)?, r#"{"name":"dark","contrast":7}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_object {
    ($name:ident {
        $($group:tt {
            $($at:tt $field:ident $wire:literal
              $missing:ident $(($default:path))? $read:ident $write:ident $(as $codec:ty)?;)*
        })*
    } $($rest:ident as $rest_codec:ty)?) => {
        #[allow(deprecated, unused_mut, reason = "fields may be deprecated; there may be none")]
        impl $crate::codegen::serde::Serialize for $name {
            fn serialize<S: $crate::codegen::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                let mut object = $crate::codegen::ObjectWriter::new(serializer);
                $($(object.$write$(::<$codec, _>)?($wire, &self.$field);)*)*
                $(object.write_rest::<$rest_codec, _>(&self.$rest);)?
                object.end()
            }
        }

        #[allow(deprecated, reason = "the struct may be deprecated")]
        impl<'de> $crate::codegen::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codegen::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::codegen::read_object(deserializer)
            }
        }

        #[allow(deprecated, unused_mut, reason = "fields may be deprecated; there may be none")]
        impl<'de> $crate::codegen::Object<'de> for $name {
            const NAME: &'static str = ::std::stringify!($name);
            const MEMBERS: &'static [&'static str] = &[$($($wire),*),*];
            const OPEN: bool = $crate::codegen::__object_is_open!($($rest)?);

            fn read<A: $crate::codegen::serde::de::MapAccess<'de>>(
                members: &mut $crate::codegen::Members<A, A::Error>,
            ) -> ::std::result::Result<Self, A::Error> {
                let mut fields = ($(($($crate::codegen::Field::$missing($($default)?),)*),)*);
                $(let mut $rest = ::std::collections::BTreeMap::new();)?
                while let ::std::option::Option::Some(member) = members.next() {
                    match member.group {
                        $($group => match member.at {
                            $($at => members.$read$(::<$codec, _>)?(&mut fields.$group.$at),)*
                            _ => {}
                        },)*
                        _ => {
                            $(members.keep::<$rest_codec, _>(&mut $rest);)?
                        }
                    }
                }
                $(let ($($field,)*) = members.end(fields.$group)?;)*
                ::std::result::Result::Ok(Self { $($($field,)*)* $($rest,)? })
            }
        }
    };
}

/// Whether members that are not listed are kept.
#[doc(hidden)]
#[macro_export]
macro_rules! __rpc_object_is_open {
    () => {
        false
    };
    ($rest:ident) => {
        true
    };
}

#[doc(hidden)]
pub use {crate::__rpc_object as object, crate::__rpc_object_is_open as __object_is_open};

#[cfg(test)]
mod tests;
