//! What generated code calls.

mod enums;
mod int_enums;
#[cfg(feature = "schemars")]
mod json_schema;
mod open_struct;
mod scan;
mod unions;
mod validate;

#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use schemars;
#[doc(hidden)]
pub use {serde, serde_with::de::DeserializeAsWrap, serde_with::ser::SerializeAsWrap};

pub use enums::*;
pub use int_enums::*;
#[cfg(feature = "schemars")]
pub use json_schema::*;
pub use open_struct::*;
pub use scan::*;
pub use unions::*;
pub use validate::*;
