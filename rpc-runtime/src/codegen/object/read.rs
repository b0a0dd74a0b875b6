//! Reading an object, member by member.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_with::DeserializeAs;
use serde_with::de::DeserializeAsWrap;

use super::field::{Field, Fields, GROUP};

/// A struct that is an object on the wire.
pub trait Object<'de>: Sized {
    /// The struct's name, for messages.
    const NAME: &'static str;
    /// The members that it knows, in the order of its groups.
    const MEMBERS: &'static [&'static str];
    /// Whether it keeps the others.
    const OPEN: bool;

    /// The struct, of its members.
    ///
    /// # Errors
    /// When one does not fit, stands there twice, or is missing.
    fn read<A: MapAccess<'de>>(members: &mut Members<A, A::Error>) -> Result<Self, A::Error>;
}

/// Reads an object. Nothing else is one: serde's derive takes lists as well, by the order of fields.
///
/// # Errors
/// When it does not fit.
#[inline]
pub fn read_object<'de, T: Object<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut Members {
            map,
            names: T::MEMBERS,
            open: T::OPEN,
            passed: 0,
            key: None,
            ended: 0,
            failed: None,
        })
    }
}

/// The members of an object as they come. The first failure is kept until [`end`](Self::end), so that nothing branches in
/// between.
#[derive(Debug)]
pub struct Members<A, E> {
    map: A,
    names: &'static [&'static str],
    open: bool,
    /// Those until the one that was found last.
    passed: usize,
    /// The name of one that is not listed.
    key: Option<String>,
    /// Fields of the groups that have ended.
    ended: usize,
    failed: Option<E>,
}

/// A member's place: the number of its group, and its number there. One that is not listed has a group that there is not.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "read by generated code")]
pub struct Member {
    /// The number of its group.
    pub group: usize,
    /// Its number there.
    pub at: usize,
}

impl<'de, A: MapAccess<'de>> Members<A, A::Error> {
    /// The next member that is to be read; `None` at the end and after a failure.
    #[expect(clippy::should_implement_trait, reason = "an iterator could not lend the map")]
    pub fn next(&mut self) -> Option<Member> {
        while self.failed.is_none() {
            let kept = if self.open { Some(&mut self.key) } else { None };
            match self.map.next_key_seed(Names { names: self.names, passed: self.passed, kept }) {
                Ok(Some(UNLISTED)) if self.open => return Some(Member { group: UNLISTED, at: 0 }),
                Ok(Some(UNLISTED)) => {
                    let value = self.map.next_value();
                    let _: Option<IgnoredAny> = self.kept(value);
                }
                Ok(Some(at)) => {
                    self.passed = at + 1;
                    return Some(Member { group: at / GROUP, at: at % GROUP });
                }
                Ok(None) => return None,
                Err(error) => self.failed = Some(error),
            }
        }
        None
    }

    /// Reads the member's value.
    pub fn read<T: Deserialize<'de>>(&mut self, field: &mut Field<T>) {
        if self.is_first(field) {
            let value = self.map.next_value();
            field.value = self.kept(value);
        }
    }

    /// Reads the member's value with a codec.
    pub fn read_as<C: DeserializeAs<'de, T>, T>(&mut self, field: &mut Field<T>) {
        if self.is_first(field) {
            let value = self.map.next_value::<DeserializeAsWrap<T, C>>().map(DeserializeAsWrap::into_inner);
            field.value = self.kept(value);
        }
    }

    /// Reads the member's value; null leaves it missing.
    pub fn read_nullable<T: Deserialize<'de>>(&mut self, field: &mut Field<T>) {
        if self.is_first(field) {
            let value = self.map.next_value::<Option<T>>();
            field.value = self.kept(value).flatten();
        }
    }

    /// Reads the member's value with a codec; null leaves it missing.
    pub fn read_nullable_as<C: DeserializeAs<'de, T>, T>(&mut self, field: &mut Field<T>) {
        if self.is_first(field) {
            let value = self.map.next_value::<DeserializeAsWrap<Option<T>, Option<C>>>();
            field.value = self.kept(value.map(DeserializeAsWrap::into_inner)).flatten();
        }
    }

    /// Reads a member that is not listed.
    pub fn keep<C: DeserializeAs<'de, T>, T>(&mut self, rest: &mut BTreeMap<String, T>) {
        let value = self.map.next_value::<DeserializeAsWrap<T, C>>().map(DeserializeAsWrap::into_inner);
        if let (Some(value), Some(key)) = (self.kept(value), self.key.take()) {
            rest.insert(key, value);
        }
    }

    /// The values of the next group.
    ///
    /// # Errors
    /// What failed first, else a missing member.
    pub fn end<F: Fields>(&mut self, fields: F) -> Result<F::Values, A::Error> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let values = fields.values().map_err(|at| A::Error::missing_field(self.name(self.ended + at)));
        self.ended += GROUP;
        values
    }

    fn is_first<T>(&mut self, field: &mut Field<T>) -> bool {
        let seen = std::mem::replace(&mut field.seen, true);
        if seen {
            self.failed = Some(A::Error::duplicate_field(self.name(self.passed.saturating_sub(1))));
        }
        !seen
    }

    fn kept<T>(&mut self, read: Result<T, A::Error>) -> Option<T> {
        read.map_err(|error| self.failed = Some(error)).ok()
    }

    fn name(&self, at: usize) -> &'static str {
        self.names.get(at).copied().unwrap_or_default()
    }
}

/// The place of a name that is not listed.
const UNLISTED: usize = usize::MAX;

/// Finds the place of a name among those that are listed.
struct Names<'k> {
    names: &'static [&'static str],
    /// Servers write members in the order of their documents: the next one is looked at first.
    passed: usize,
    /// Takes a name that is not listed.
    kept: Option<&'k mut Option<String>>,
}

impl Names<'_> {
    fn find(&self, name: &str) -> usize {
        if self.names.get(self.passed).is_some_and(|next| *next == name) {
            return self.passed;
        }
        self.names.iter().position(|listed| *listed == name).unwrap_or(UNLISTED)
    }
}

impl<'de> DeserializeSeed<'de> for Names<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Names<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        let at = self.find(name);
        if let (UNLISTED, Some(kept)) = (at, self.kept) {
            *kept = Some(name.to_owned());
        }
        Ok(at)
    }
}
