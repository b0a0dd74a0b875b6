//! Codecs inside [`Maybe`].

use serde::{Deserializer, Serializer};
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};

use crate::types::Maybe;

impl<T, U: SerializeAs<T>> SerializeAs<Maybe<T>> for Maybe<U> {
    fn serialize_as<S: Serializer>(value: &Maybe<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value.value() {
            Some(value) => serializer.serialize_some(&SerializeAsWrap::<T, U>::new(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de, T, U: DeserializeAs<'de, T>> DeserializeAs<'de, Maybe<T>> for Maybe<U> {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Maybe<T>, D::Error> {
        <Option<U> as DeserializeAs<'de, Option<T>>>::deserialize_as(deserializer).map(Maybe::from)
    }
}
