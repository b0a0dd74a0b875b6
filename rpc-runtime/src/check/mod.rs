//! Rules of the document that a request is checked against before it is sent. Replies never are: a server may tighten a
//! rule without an outage here.

mod path;
mod rules;
mod value;

use std::collections::BTreeMap;

pub use path::Path;
pub use rules::{Bound, Rules};
pub use value::{Check, CheckValue};

use crate::types::Maybe;

/// A rule that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` {what}")]
pub struct Violation {
    /// Where: `body.items[3].sku`.
    pub(crate) path: String,
    /// What is wrong: `has 41 characters, at most 40 are allowed`.
    pub(crate) what: String,
}

/// A type with rules somewhere inside.
pub trait Validate {
    /// Checks the value.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation>;
}

impl<T: Validate> Validate for Option<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.as_ref().map_or(Ok(()), |value| value.validate(at))
    }
}

impl<T: Validate> Validate for Maybe<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.value().map_or(Ok(()), |value| value.validate(at))
    }
}

impl<T: Validate + ?Sized> Validate for Box<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        (**self).validate(at)
    }
}

impl<T: Validate + ?Sized> Validate for &T {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        (**self).validate(at)
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.as_slice().validate(at)
    }
}

impl<T: Validate> Validate for [T] {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.iter().enumerate().try_for_each(|(index, item)| item.validate(&at.item(index)))
    }
}

impl<T: Validate> Validate for BTreeMap<String, T> {
    fn validate(&self, at: &Path<'_>) -> Result<(), Violation> {
        self.iter().try_for_each(|(key, value)| value.validate(&at.field(key)))
    }
}
