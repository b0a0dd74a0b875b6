//! How values look on the wire where that differs from what their Rust type writes by itself.
//!
//! Each codec is a [`serde_with`] adapter, so it composes with options, lists and maps, `Option<Vec<DecimalString>>`; in structs of your own,
//! `#[serde(with = "As::<Option<Vec<DecimalString>>>")]`.

mod base64;
mod decimal;
mod int_string;
mod maybe;

pub use self::base64::Base64;
pub(crate) use decimal::exact;
pub use decimal::{DecimalNumber, DecimalString};
pub use int_string::IntString;
pub use serde_with::{As, Same};
