//! where
mod name;
pub use name::{InvalidName, ServiceName};
