//! Looks into a JSON text without building a value.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The JSON type of a JSON text: `object`, `array`, `string`, `number`, `boolean` or `null`.
#[doc(hidden)]
pub fn json_type(text: &str) -> &'static str {
    match text.trim_ascii_start().bytes().next() {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    }
}

/// The value of a scalar member of an object: a string without quotes, anything else as its text.
///
/// # Errors
/// When the text is not an object.
#[doc(hidden)]
pub fn tag_of<'a>(text: &'a str, tag: &str) -> Result<Option<Cow<'a, str>>, String> {
    if json_type(text) != "object" {
        return Err(format!("expected an object with the field `{tag}`, found {}", json_type(text)));
    }
    let mut found = None;
    walk(text, &mut |key, map| {
        if key != tag {
            return Ok(None);
        }
        found = Some(map()?);
        Ok(Some(()))
    });
    Ok(found.map(|raw| match raw.starts_with('"') {
        true => serde_json::from_str::<Key<'a>>(raw).map_or(Cow::Borrowed(raw), |key| key.0),
        false => Cow::Borrowed(raw),
    }))
}

/// The first of `candidates` that is a member of the object; `""` (a candidate for "none of them") when none is, and
/// `None` when the text is not an object or nothing was chosen.
#[doc(hidden)]
pub fn member_of(text: &str, candidates: &[&'static str]) -> Option<&'static str> {
    if json_type(text) != "object" {
        return None;
    }
    let mut best: Option<usize> = None;
    walk(text, &mut |key, _| {
        let place = candidates.iter().position(|candidate| !candidate.is_empty() && *candidate == key);
        best = match (best, place) {
            (Some(best), Some(place)) => Some(best.min(place)),
            (best, place) => best.or(place),
        };
        Ok((best == Some(0)).then_some(()))
    });
    best.or_else(|| candidates.iter().position(|candidate| candidate.is_empty()))
        .and_then(|place| candidates.get(place).copied())
}

/// Names of the members of an object, in the order of the text.
pub(super) fn members(text: &str, look: &mut dyn FnMut(&str)) {
    walk(text, &mut |key, _| {
        look(key);
        Ok(None)
    });
}

/// What looks at a member: gets its key and a way to read its text; `Some` ends the walk.
type Look<'f, 'a> =
    dyn FnMut(&str, &mut dyn FnMut() -> Result<&'a str, Stop>) -> Result<Option<()>, Stop> + 'f;

/// Ends a walk early.
#[derive(Debug)]
struct Stop;

/// Goes over the members of an object. The text is JSON already, so errors only say that the walk ended early.
fn walk<'a>(text: &'a str, look: &mut Look<'_, 'a>) {
    let _ended = serde_json::Deserializer::from_str(text).deserialize_map(Members(look));
}

struct Members<'l, 'f, 'a>(&'l mut Look<'f, 'a>);

impl<'a> Visitor<'a> for Members<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let mut read = false;
            let ended = (self.0)(&key, &mut || {
                read = true;
                map.next_value::<&'a RawValue>().map(RawValue::get).map_err(|_| Stop)
            });
            if !matches!(ended, Ok(None)) {
                return Ok(());
            }
            if !read {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A string, borrowed when it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        KeySeed.deserialize(deserializer).map(Key)
    }
}

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}
