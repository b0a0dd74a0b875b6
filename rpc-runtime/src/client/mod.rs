//! Clients: a shared [`Mesh`], and cheap handles on it.

mod fallback;
mod handle;
mod mesh;
mod options;
mod raw;
mod services;
mod state;
mod untyped;

pub(crate) use handle::PLAIN_ACCEPT;
pub use handle::{Handle, HandleBuilder, ServiceDescriptor};
pub use mesh::{Mesh, MeshBuilder};
pub use raw::RawCall;
pub use untyped::{Client, ClientBuilder};
