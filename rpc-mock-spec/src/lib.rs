//! Serves any OpenAPI document as a mock.
//!
//! ```text
//! document ── model (operations) ─┬─ request: is what came allowed?      ──> 401 | 415 | 422 with reasons
//!     └── schema (JSON Schema) ───┼─ state: what was created, if the paths say so
//!                                 └─ sample, reply: what the document promises, examples first
//! ```
//!
//! The same document gives the same answers, byte for byte, and every answer is valid against its schema.
//! A request may ask for another documented reply with `x-mock-status: 404` or `Prefer: code=404`.

mod answer;
mod model;
mod reply;
mod request;
mod sample;
mod schema;
mod serve;
mod spec;
mod state;
#[cfg(test)]
mod testing;

pub use answer::{Accepted, Answer, RejectedExample};
pub use model::Operation;
pub use request::{Place, Reason, Refusal, Request};
pub use serve::Options;
pub use spec::Spec;
