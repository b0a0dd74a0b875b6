//! THROWAWAY lib.rs of the types worktree.
#![allow(dead_code, unused_imports, reason = "throwaway")]
pub mod types;
pub mod codec;
pub mod codegen;
pub mod request { #[path = "param.rs"] mod param; pub use param::{Param, ParamValue}; }
