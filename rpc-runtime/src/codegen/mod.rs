//! The one door for generated code. Nothing here is part of the API for people: it may change with the generator.

mod client;
mod decode;
mod error;
mod future;
mod reply;
mod style;

pub use serde;

pub use crate::check::{Bound, Check, CheckValue, Path, Rules, Validate, Violation};
pub use crate::client::{Handle, HandleBuilder, ServiceDescriptor};
pub use crate::credentials::{Credential, CredentialPlace, CredentialSpec, Secret};
pub use crate::envelope::Envelope;
pub use crate::operation::{Descriptor, Idempotency, Operation};
pub use crate::request::{Param, ParamValue, Request};
pub(crate) use decode::{Decode, Slot};
pub use error::{ErrorReply, TypedError};
pub use future::{ResponseFuture, ValueFuture};
pub(crate) use reply::Fault;
pub use reply::{DecodeError, Reply};
pub use style::Style;
