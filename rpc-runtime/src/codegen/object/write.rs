//! Writing an object, member by member.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_with::SerializeAs;
use serde_with::ser::SerializeAsWrap;

use crate::types::Maybe;

/// A field that may be left out.
pub trait MaybeAbsent {
    /// Whether it is.
    fn is_absent(&self) -> bool;
}

impl<T> MaybeAbsent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> MaybeAbsent for Maybe<T> {
    fn is_absent(&self) -> bool {
        Maybe::is_absent(self)
    }
}

/// An object that is written. The first failure is kept until [`end`](Self::end), so that nothing branches in between.
#[derive(Debug)]
pub struct ObjectWriter<S: Serializer>(Result<S::SerializeMap, S::Error>);

impl<S: Serializer> ObjectWriter<S> {
    /// Begins an object; how many members it will have is not known.
    pub fn new(serializer: S) -> Self {
        Self(serializer.serialize_map(None))
    }

    /// Writes a member.
    pub fn write<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if let Ok(map) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Err(error);
        }
    }

    /// Writes a member with a codec.
    pub fn write_as<C: SerializeAs<T>, T>(&mut self, name: &str, value: &T) {
        self.write(name, &SerializeAsWrap::<T, C>::new(value));
    }

    /// Writes a member, unless it is left out.
    pub fn write_present<T: Serialize + MaybeAbsent>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.write(name, value);
        }
    }

    /// Writes a member with a codec, unless it is left out.
    pub fn write_present_as<C: SerializeAs<T>, T: MaybeAbsent>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.write_as::<C, T>(name, value);
        }
    }

    /// Writes further members.
    pub fn write_rest<C: SerializeAs<T>, T>(&mut self, rest: &BTreeMap<String, T>) {
        for (name, value) in rest {
            self.write_as::<C, T>(name, value);
        }
    }

    /// Ends the object.
    ///
    /// # Errors
    /// What failed first.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.0?.end()
    }
}
