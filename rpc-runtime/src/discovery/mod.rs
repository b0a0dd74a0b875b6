//! Where a service's instances are.
//!
//! A [`Discover`] gives a [`Watch`] per service; a watch gives the newest [`Snapshot`], whose generation counts
//! changes, so that a reader sees with one comparison whether anything is new.
//!
//! The sources here have no background task. A client may live under many short tokio runtimes, and a task dies
//! with its runtime: a set would then stop being refreshed without anybody noticing. So a set is refreshed *on use*:
//! the call that finds it due starts one lookup (others join it) and goes on with the old set; only a first call, or
//! one that finds the set very old, waits. A source that does have a task of its own (a control plane that pushes)
//! implements [`Source`] over whatever the task publishes.

mod dns;
mod either;
mod endpoint;
mod endpoints;
mod error;
mod file;
mod file_map;
mod file_set;
mod host_set;
mod layered;
mod name;
mod resolve;
#[cfg(feature = "dns")]
mod resolver;
mod schedule;
mod site;
mod static_map;
mod until;
mod watch;

pub use dns::{DnsNames, search_domain};
pub use either::{Asked, Either, Kind, ResolvingEither};
pub use endpoint::{Endpoint, Snapshot};
pub use error::DiscoveryError;
pub use file_map::FileMap;
pub use layered::Layered;
pub use name::{InvalidName, ServiceName};
pub(crate) use resolve::resolver;
pub use resolve::{Answer, GetAddrInfo, Resolution, Resolve, Resolving, Target};
#[cfg(feature = "dns")]
pub use resolver::DnsResolver;
pub use static_map::StaticMap;
pub use watch::{Discover, Refresh, Source, Watch};
