//! What a call's policy does on an assembled client, in virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod breaker;
mod budget;
mod dropped;
mod hedging;
mod inherited;
mod keys;
mod operations;
#[path = "../support/mod.rs"]
mod support;

use rpc_runtime::testing::{Script, ScriptedTransport};
use rpc_runtime::{Breaker, Hedging};
use support::{Client, LONGEST, config, mesh, millis, ok, order, outcome, script, secs, status};
use tokio::time::Instant;
