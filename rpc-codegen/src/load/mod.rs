//! Reads a service: text → positioned trees → views that speak OpenAPI.
//!
//! ```text
//! json, yaml → node ── source (all files) ── cursor (a place in them), refs ── document, operation, schema (views)
//!                            │                                             └── check, shapes (is it OpenAPI at all?)
//!                            ├── overlay (changes of the document, before anything reads it), origin (which one said what)
//!                            └── swagger (2.0 → 3.0), places (which part was made of which)
//! ```
//!
//! Views are lenient: a value of the wrong type reads as absent. [`Checker`] reports it, once, for the parts that are used.

mod annotations;
mod check;
mod cursor;
mod discriminator;
mod document;
mod json;
mod keys;
mod limits;
mod nearest;
mod node;
mod operation;
mod origin;
mod overlay;
mod places;
mod refs;
mod scalar;
mod schema;
mod shapes;
mod source;
mod swagger;
#[cfg(test)]
mod tests;
mod types;
mod yaml;

pub use check::Checker;
pub use cursor::{Cursor, NodeId};
pub use discriminator::Discriminator;
pub use document::{Document, Info, SpecVersion, Tag, load};
pub use node::{Entry, MAX_DEPTH, Node, Value};
pub use operation::{OperationView, Requirement};
pub use schema::{AdditionalProperties, SchemaView};
pub use source::{SourceFile, Sources};
pub use types::{Type, TypeSet};
