//! The side that serves: what a client of this runtime sends along with a request, taken up by the service.
//!
//! [`ServerLayer`] goes around a tower service, such as a router of axum. For each request it opens the
//! [context](crate::context) that came with it, so that calls made by handlers carry the trace on and have no more time
//! than the caller; it ends work for which nobody waits any more, and answers with the trace id.
//!
//! ```
//! use std::time::Duration;
//! use rpc_runtime::server::ServerLayer;
//!
//! let layer = ServerLayer::new().default_timeout(Duration::from_secs(10));
//! # #[cfg(feature = "axum")]
//! let router: axum::Router = axum::Router::new().layer(layer);
//! ```
#![cfg_attr(
    feature = "axum",
    doc = "\nHandlers of axum answer in the envelope with [`Enveloped`], and fail with a [`Rejection`]."
)]
//!
//! The scope is open from the call of the inner service until its response is there, head first. The body of a response is sent
//! after that, by the server, outside of it: what is streamed has begun with a success that nothing can take back, and a caller who
//! has gone closes the connection, which ends the body anyway. A body that makes calls takes the context along
//! ([`context::current`](crate::context::current), [`Context::scope`](crate::context::Context::scope)).

mod body;
#[cfg(feature = "axum")]
mod enveloped;
mod expired;
mod layer;
#[cfg(feature = "axum")]
mod rejection;
mod service;
mod span;
#[cfg(feature = "axum")]
mod upstream;

#[cfg(feature = "axum")]
pub use enveloped::Enveloped;
pub use expired::DEADLINE_EXPIRED;
pub use layer::ServerLayer;
#[cfg(feature = "axum")]
pub use rejection::Rejection;
pub use service::{Handling, ReplyBody, Server};
