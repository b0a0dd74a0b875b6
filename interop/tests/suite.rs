//! Generated clients against real FastAPI services, one module per theme.

mod auth;
mod failures;
mod given;
mod media;
mod patch;
mod seed;
mod trace;
mod values;
