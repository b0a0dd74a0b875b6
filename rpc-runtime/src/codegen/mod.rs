//! The one door for generated code. Nothing here is part of the API for people: it may change with the generator.

mod cache;
mod client;
mod decode;
mod enums;
mod error;
mod future;
mod int_enums;
#[cfg(feature = "schemars")]
mod json_schema;
mod object;
mod reply;
mod scan;
mod style;
mod unions;

#[cfg(feature = "schemars")]
pub use schemars;
pub use serde;

pub use crate::check::{Bound, Check, CheckValue, Path, Rules, Validate, Violation};
pub use crate::client::{Handle, HandleBuilder, ServiceDescriptor};
pub use crate::credentials::{Credential, CredentialPlace, CredentialSpec, Secret};
pub use crate::envelope::Envelope;
pub use crate::operation::{Descriptor, Idempotency, Operation};
pub use crate::policy::CallPolicy;
pub use crate::request::{FieldStyle, Files, JsonParam, JsonText, Param, ParamValue, Request};
pub use decode::Fallback;
pub(crate) use decode::{Decode, Slot};
pub use enums::*;
pub use error::{ErrorReply, TypedError};
pub use future::{ResponseFuture, ValueFuture};
pub use int_enums::*;
#[cfg(feature = "schemars")]
pub use json_schema::*;
pub use object::*;
pub use reply::{DecodeError, Reply};
pub(crate) use reply::{Fault, without_value};
pub use scan::*;
pub use style::Style;
pub use unions::*;
