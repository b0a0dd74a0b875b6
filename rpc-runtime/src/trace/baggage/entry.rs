//! One member of the header: `key=value;property;name=value`.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

use super::OWS;

/// One entry of [`Baggage`](super::Baggage).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BaggageEntry<'b> {
    member: &'b str,
    key: &'b str,
    value: &'b str,
    properties: &'b str,
}

/// The key alone, as for [`Baggage`](super::Baggage).
impl fmt::Debug for BaggageEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BaggageEntry").field("key", &self.key).finish_non_exhaustive()
    }
}

impl<'b> BaggageEntry<'b> {
    /// A member that [`normal`] or an insertion has made.
    pub(super) fn of(member: &'b str) -> Option<Self> {
        let (pair, properties) = member.split_once(';').unwrap_or((member, ""));
        let (key, value) = pair.split_once('=')?;
        Some(Self { member, key, value, properties })
    }

    /// The key.
    pub fn key(&self) -> &'b str {
        self.key
    }

    /// The value, percent-decoded; what is not UTF-8 then is U+FFFD.
    pub fn value(&self) -> Cow<'b, str> {
        decoded(self.value)
    }

    /// The properties: names, with their values (decoded) where they have one.
    pub fn properties(&self) -> impl Iterator<Item = (&'b str, Option<Cow<'b, str>>)> + use<'b> {
        let all = self.properties.split(';').filter(|property| !property.is_empty());
        all.map(|property| match property.split_once('=') {
            Some((name, value)) => (name, Some(decoded(value))),
            None => (property, None),
        })
    }

    pub(crate) fn as_str(&self) -> &'b str {
        self.member
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// A member without optional white space and empty properties; `None` when it breaks the grammar ("Definition").
pub(super) fn normal(member: &str) -> Option<Cow<'_, str>> {
    let member = member.trim_matches(OWS);
    let tight = !member.contains(OWS) && !member.ends_with(';') && !member.contains(";;");
    let mut out = String::new();
    for (index, part) in member.split(';').map(|part| part.trim_matches(OWS)).enumerate() {
        let pair = part.split_once('=').map(|(key, value)| (key.trim_matches(OWS), value.trim_matches(OWS)));
        let (key, value) = match pair {
            Some((key, value)) => (key, Some(value)),
            None if index == 0 => return None,
            None if part.is_empty() => continue,
            None => (part, None),
        };
        if !is_token(key) || !value.unwrap_or_default().bytes().all(is_octet) {
            return None;
        }
        if !tight {
            out.extend((index > 0).then_some(";"));
            out.push_str(key);
            out.extend(value.into_iter().flat_map(|value| ["=", value]));
        }
    }
    Some(if tight { Cow::Borrowed(member) } else { Cow::Owned(out) })
}

/// RFC 7230, §3.2.6.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

pub(super) fn is_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}
