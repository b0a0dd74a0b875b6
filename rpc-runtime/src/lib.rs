//! rpc-runtime

pub mod balance;
pub mod clock;
pub mod config;
pub mod discovery;
pub mod rng;
