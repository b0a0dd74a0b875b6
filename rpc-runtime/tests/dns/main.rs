//! Discovery by DNS, against a real name server on the loopback. Our own schedule goes by a clock that the tests move.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod addresses;
mod counts;
mod failures;
mod fixture;
mod records;
mod server;
mod shared;
