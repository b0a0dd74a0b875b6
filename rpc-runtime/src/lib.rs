//! THROWAWAY lib.rs of the types worktree.
#![allow(dead_code, unused_imports, reason = "throwaway")]
pub mod codec;
pub mod codegen;
pub mod types;
/// R.
pub mod request {
    #[path = "param.rs"]
    mod param;
    pub use param::{Param, ParamValue};
}
