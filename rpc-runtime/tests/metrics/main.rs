//! What a recorder hears, in virtual time: each event once, with its cause.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod calls;
mod diary;
mod endpoints;
mod levels;
mod sums;
#[path = "../support/mod.rs"]
mod support;
