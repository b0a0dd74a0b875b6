//! What a client is told from outside: variables, a `.env` file, a builder.
//!
//! A [`ClientConfig`] is one layer: a field that nobody set stays unset. Layers are laid over each other
//! ([`ClientConfig::overlay`]) and what is still unset at the end comes from [`Defaults`]
//! ([`ClientConfig::resolve`]). Nothing here touches the network, and only [`ClientConfig::from_env`] and
//! [`ClientConfig::from_env_file`] touch the process; the TLS files that a config names are read by the mesh that is made of it.

mod builder;
mod client;
mod defaults;
mod dotenv;
mod env;
mod error;
mod merge;
pub(crate) mod nearest;
mod records;
pub(crate) mod services;
pub(crate) mod tls;
mod url;
mod value;

pub use builder::ClientConfigBuilder;
pub use client::{ClientConfig, ResolvedConfig};
pub use defaults::Defaults;
pub use error::{ConfigError, Place};
pub use merge::Setting;
pub use records::DnsRecords;
pub use url::{InvalidUrl, Scheme, ServiceUrl};
