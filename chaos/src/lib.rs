//! Many calls with injected faults, and the rules that hold of every single one.
//!
//! [`sockets`] sends them to real servers on `127.0.0.1` that misbehave in every way that a server can; the servers count
//! what they read. [`scripted`] sends them through a scripted transport in virtual time, where moments are exact. Both give
//! a [`Report`]: what was injected, what came of it, and which rules were broken. Faults follow from a seed.

mod calls;
mod ledger;
mod report;
mod scripted;
mod server;
mod sockets;

pub use report::Report;
pub use scripted::scripted;
pub use sockets::sockets;
