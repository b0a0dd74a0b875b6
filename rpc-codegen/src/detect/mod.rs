//! What a document holds, for somebody who meets it for the first time: which envelope, which credentials, which calls.
//!
//! Finding is apart from deciding: [`envelope::find`] goes through the types of replies and says how sure it is; what
//! becomes a setting is the caller's choice.

pub mod envelope;
mod survey;

pub use envelope::{EnvelopeFinding, Verdict};
pub use survey::{Credential, Operation, Survey, survey};
