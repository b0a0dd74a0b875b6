//! Headers of replies as typed values.
//!
//! Generated crates have a constant for each header that their document declares (module `headers`); for a header that it
//! does not, make a key of your own. Nothing is read until somebody asks, so a header that does not fit fails no call.
//!
//! How a value is read (RFC 9110 §5, OpenAPI style `simple`):
//!
//! | type | text |
//! |---|---|
//! | text, number, `bool`, date, UUID, enum | the value without the blanks around it |
//! | list, tuple | `a, b`; several lines are one list; a comma inside of `"…"` separates nothing, empty items are ignored |
//! | object, map | `name,value,name,value`, or [`exploded`](Header::exploded) `name=value,name=value` |
//! | anything, as [`json`](Header::json) | a JSON text |
//!
//! Values are UTF-8, of which ASCII is a part; other bytes are an error and never replaced. `HeaderMap` has them as they came.

mod text;

use std::fmt;

use http::HeaderMap;
use serde::de::{DeserializeOwned, Error as _};
use serde_with::Same;
use serde_with::de::{DeserializeAs, DeserializeAsWrap};

use crate::codegen::without_value;
use crate::error::{Error, ErrorKind};
use text::{Misfit, Text};

/// The name of a header, and how its value is read.
///
/// ```
/// use rpc_runtime::{Header, HeaderError, Response};
///
/// const REMAINING: Header<u32> = Header::new("X-RateLimit-Remaining");
///
/// fn show(reply: &Response<String>) -> Result<(), HeaderError> {
///     if let Some(left) = reply.header(&REMAINING)? {
///         println!("{left} calls left");
///     }
///     Ok(())
/// }
/// ```
pub struct Header<T> {
    name: &'static str,
    form: Form,
    take: fn(Form, &str) -> Result<T, Misfit>,
}

/// How the lines of a header are put together and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Simple,
    Exploded,
    Lines,
    Json,
}

impl<T: DeserializeOwned> Header<T> {
    /// The header of this name; case does not matter.
    pub const fn new(name: &'static str) -> Self {
        Self::with_codec::<Same>(name)
    }
}

impl<T> Header<T> {
    /// The header of this name, read by a [codec](crate::codec): for types that serde does not read by themselves.
    ///
    /// ```
    /// use rpc_runtime::{Header, codec::DecimalNumber, types::Decimal};
    /// const COST: Header<Decimal> = Header::with_codec::<DecimalNumber>("X-Cost");
    /// ```
    pub const fn with_codec<C: for<'de> DeserializeAs<'de, T>>(name: &'static str) -> Self {
        Self { name, form: Form::Simple, take: take::<T, C> }
    }

    /// An object whose members are written `name=value`.
    #[must_use]
    pub const fn exploded(self) -> Self {
        Self { name: self.name, form: Form::Exploded, take: self.take }
    }

    /// A list with one line for each item, whatever commas are in it: `Set-Cookie`.
    #[must_use]
    pub const fn lines(self) -> Self {
        Self { name: self.name, form: Form::Lines, take: self.take }
    }

    /// A JSON text.
    #[must_use]
    pub const fn json(self) -> Self {
        Self { name: self.name, form: Form::Json, take: self.take }
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The value, if the header is there.
    ///
    /// # Errors
    /// When the value does not fit `T`, or is not UTF-8.
    pub fn read(&self, headers: &HeaderMap) -> Result<Option<T>, HeaderError> {
        let mut lines = headers.get_all(self.name).iter().peekable();
        if lines.peek().is_none() {
            return Ok(None);
        }
        // A line cannot contain a line break.
        let separator: &[u8] = if self.form == Form::Lines { b"\n" } else { b", " };
        let bytes = lines.map(|line| line.as_bytes().trim_ascii()).collect::<Vec<_>>().join(separator);
        let value = match str::from_utf8(&bytes) {
            Ok(text) => (self.take)(self.form, text),
            Err(_) => Err(Misfit::custom("it is not UTF-8")),
        };
        value.map(Some).map_err(|Misfit(why)| HeaderError {
            name: self.name,
            found: String::from_utf8_lossy(&bytes).chars().take(HeaderError::LONGEST).collect(),
            why: without_value(&why),
        })
    }
}

fn take<T, C: for<'de> DeserializeAs<'de, T>>(form: Form, text: &str) -> Result<T, Misfit> {
    let value: Result<DeserializeAsWrap<T, C>, _> = match form {
        Form::Json => serde_json::from_str(text).map_err(Misfit::custom),
        _ => serde::Deserialize::deserialize(Text::new(form, text)),
    };
    value.map(DeserializeAsWrap::into_inner)
}

impl<T> Clone for Header<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Header<T> {}

impl<T> fmt::Debug for Header<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("name", &self.name).field("form", &self.form).finish_non_exhaustive()
    }
}

/// A header that is there, with a value that does not fit its type.
///
/// Its text does not have the value, which may be a secret, and goes to logs; [`found`](Self::found) has.
/// `?` turns it into an [`Error`] of the kind [`Decode`](ErrorKind::Decode).
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("the header `{name}` does not fit: {why}")]
pub struct HeaderError {
    name: &'static str,
    found: String,
    why: String,
}

/// As its text: without the value.
impl fmt::Debug for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, why, .. } = self;
        f.debug_struct("HeaderError").field("name", name).field("why", why).finish_non_exhaustive()
    }
}

impl HeaderError {
    /// Characters of the value that are kept.
    const LONGEST: usize = 64;

    /// The header.
    pub fn name(&self) -> &str {
        self.name
    }

    /// The beginning of the value, at most 64 characters.
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl From<HeaderError> for Error {
    fn from(error: HeaderError) -> Self {
        Self::new(ErrorKind::Decode, error.to_string())
    }
}

#[cfg(test)]
mod tests;
