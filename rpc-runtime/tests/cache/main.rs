//! Replies that are kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod flights;
mod kept;
mod stale;
mod stores;
#[path = "../support/mod.rs"]
mod support;
mod world;
