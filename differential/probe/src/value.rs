//! Arguments from text, of whatever type the called function wants.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;

/// A value from its JSON.
///
/// # Panics
/// When the type does not take it; the probe reports that.
pub fn val<T: DeserializeOwned>(json: &str) -> T {
    match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => panic!("value refused: {json}: {error}"),
    }
}

/// A value from its text, for types that have no JSON of their own.
///
/// # Panics
/// When the type does not take it; the probe reports that.
pub fn parsed<T: FromStr<Err: Display>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => panic!("value refused: {text}: {error}"),
    }
}
