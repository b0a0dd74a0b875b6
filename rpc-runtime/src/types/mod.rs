//! Types that generated crates use in their public API, chosen once for all of them.
//!
//! | JSON | Rust | why |
//! |---|---|---|
//! | date-time, time | [`DateTime`], [`Time`] | Python services send them with and without offset; both survive |
//! | date | [`Date`] | `jiff`: exact, no panicking arithmetic |
//! | duration | [`IsoDuration`] | ISO 8601 in, ISO 8601 out |
//! | decimal | [`Decimal`] | exact; a value with more digits than it holds is an error, never rounded |
//! | uuid | [`Uuid`] | the one everybody uses |
//! | byte | [`Bytes`] | cheap to clone |
//! | binary, in a multipart body | [`File`] | a name and a media type go with the content |
//! | free-form | [`Value`] | `serde_json` |

mod datetime;
mod duration;
mod file;
mod maybe;
mod raw_json;
mod time;

pub use bytes::Bytes;
pub use jiff;
pub use jiff::civil::Date;
pub use rust_decimal::{self, Decimal};
pub use serde_json::Value;
pub use uuid::Uuid;

pub use datetime::{DateTime, ParseDateTimeError};
pub use duration::{IsoDuration, ParseDurationError};
pub use file::File;
pub use maybe::Maybe;
pub use raw_json::RawJson;
pub use time::{ParseTimeError, Time};
