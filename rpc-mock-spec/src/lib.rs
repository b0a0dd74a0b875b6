//! Serves any OpenAPI document as a mock.
//!
//! ```text
//! document ── model (operations) ─┬─ request: is what came allowed?      ──> 401 | 415 | 422 with reasons
//!     └── schema (JSON Schema) ───┼─ state: what was created, if the paths say so
//!                                 └─ sample, reply: what the document promises, examples first
//! ```
//!
//! The same document gives the same answers, byte for byte, and every answer is valid against its schema.

mod answer;
mod model;
mod sample;
mod schema;
mod spec;

pub use answer::{Answer, RejectedExample};
pub use model::Operation;
pub use spec::Spec;
