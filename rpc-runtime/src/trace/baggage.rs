//! W3C Baggage (<https://www.w3.org/TR/baggage/>): what applications send along with a request, through all services.

mod entry;

use std::borrow::Cow;
use std::fmt;

use http::{HeaderMap, HeaderValue};

pub use entry::BaggageEntry;

use super::tracestate::OWS;
use crate::request::percent_encode;

/// What everybody must pass on ("Limits"). More is dropped, by whole members.
const MAX_MEMBERS: usize = 64;
const MAX_LENGTH: usize = 8192;

/// Entries that go along with all calls of a scope, and from there to the services behind: a tenant, a test's name. Everybody on the
/// way can read and log them, so no secrets.
///
/// ```
/// use rpc_runtime::trace::{self, Baggage};
///
/// # fn main() -> Result<(), trace::InvalidBaggage> {
/// let mut baggage = trace::baggage();
/// baggage.insert("tenant", "Müller & Co")?;
/// assert_eq!(baggage.get("tenant").as_deref(), Some("Müller & Co"));
/// assert_eq!(baggage.to_string(), "tenant=M%C3%BCller%20&%20Co");
/// let calls = trace::with_baggage(baggage, async { /* calls */ });
/// # Ok(()) }
/// ```
///
/// A clone costs next to nothing: the entries are the text of the header, checked once.
#[derive(Clone, PartialEq, Eq)]
pub struct Baggage(HeaderValue);

/// An entry that baggage cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("baggage: {0}")]
pub struct InvalidBaggage(&'static str);

impl Default for Baggage {
    fn default() -> Self {
        Self(HeaderValue::from_static(""))
    }
}

impl Baggage {
    /// Reads the `baggage` headers of a request. What breaks the grammar is left out, and so is what comes after 64 members or does
    /// not fit into 8192 bytes.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let mut text = Text::default();
        for header in headers.get_all(super::BAGGAGE) {
            for member in header.as_bytes().split(|byte| *byte == b',') {
                let member = std::str::from_utf8(member).ok().and_then(entry::normal);
                let _ = member.map(|member| text.push(&member));
            }
        }
        text.finish().unwrap_or_default()
    }

    /// An entry's value, decoded; the last one of this key, as in a map.
    pub fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.iter().filter(|entry| entry.key() == key).last().map(|entry| entry.value())
    }

    /// All entries, in the order in which they are sent.
    pub fn iter(&self) -> impl Iterator<Item = BaggageEntry<'_>> {
        self.as_str().split(',').filter_map(BaggageEntry::of)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets an entry, in place of all others of its key. The value may be any text; it is sent percent-encoded.
    ///
    /// # Errors
    /// When the key is no token (letters, digits, `!#$%&'*+-.^_\`|~`), or there are 64 entries or 8192 bytes already; nothing
    /// changes then.
    pub fn insert(&mut self, key: &str, value: &str) -> Result<(), InvalidBaggage> {
        self.insert_with(key, value, &[])
    }

    /// The same, with properties of the entry: names with or without a value.
    ///
    /// # Errors
    /// As [`insert`](Self::insert), for the names of properties too.
    pub fn insert_with(
        &mut self,
        key: &str,
        value: &str,
        properties: &[(&str, Option<&str>)],
    ) -> Result<(), InvalidBaggage> {
        let mut member = String::new();
        let pair = (key, Some(value));
        for (name, value) in std::iter::once(&pair).chain(properties) {
            if !entry::is_token(name) {
                return Err(InvalidBaggage("a key is letters, digits and !#$%&'*+-.^_`|~, and not empty"));
            }
            if !member.is_empty() {
                member.push(';');
            }
            member.push_str(name);
            if let Some(value) = value {
                member.push('=');
                percent_encode(&mut member, value, |byte| entry::is_octet(byte) && byte != b'%');
            }
        }
        let mut text = self.without(key);
        text.push(&member)?;
        *self = text.finish()?;
        Ok(())
    }

    /// Takes all entries of a key out; whether there were any.
    pub fn remove(&mut self, key: &str) -> bool {
        let found = self.iter().any(|entry| entry.key() == key);
        if found {
            *self = self.without(key).finish().unwrap_or_default();
        }
        found
    }

    fn without(&self, key: &str) -> Text {
        let mut text = Text::default();
        for entry in self.iter().filter(|entry| entry.key() != key) {
            // A part of what was short enough.
            let _ = text.push(entry.as_str());
        }
        text
    }

    fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// As it is sent; `None` when there is nothing to send.
    pub(super) fn header(&self) -> Option<&HeaderValue> {
        Some(&self.0).filter(|header| !header.is_empty())
    }
}

/// As it stands in the header.
impl fmt::Display for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The keys alone: values are the application's data.
impl fmt::Debug for Baggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|entry| entry.key())).finish()
    }
}

/// A header that is being written.
#[derive(Default)]
struct Text {
    text: String,
    members: usize,
}

impl Text {
    fn push(&mut self, member: &str) -> Result<(), InvalidBaggage> {
        let comma = usize::from(self.members > 0);
        if self.members == MAX_MEMBERS {
            return Err(InvalidBaggage("there are 64 entries already"));
        }
        if self.text.len() + comma + member.len() > MAX_LENGTH {
            return Err(InvalidBaggage("with it there would be more than 8192 bytes"));
        }
        if comma == 1 {
            self.text.push(',');
        }
        self.text.push_str(member);
        self.members += 1;
        Ok(())
    }

    fn finish(self) -> Result<Baggage, InvalidBaggage> {
        HeaderValue::try_from(self.text)
            .map(Baggage)
            .map_err(|_| InvalidBaggage("it cannot stand in a header"))
    }
}

#[cfg(test)]
#[path = "baggage_tests.rs"]
mod tests;
