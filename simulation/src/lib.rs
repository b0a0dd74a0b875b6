//! Scripted services in virtual time.
//!
//! A [`Scenario`] says which servers there are, how they answer at what time, and how many calls come; [`run`] sends them
//! through a real client of `rpc-runtime` (all of it but the network) and returns what was [observed](Observation), which
//! [`check`] holds against the rules that must hold in every scenario. Minutes of traffic take a second or two, and the same
//! seed gives the same result.

mod check;
mod driver;
mod figures;
mod names;
mod observation;
mod picture;
mod policy;
mod repeats;
mod scenario;
mod scenarios;
mod server;
mod table;
mod wire;

pub use check::check;
pub use driver::run;
pub use figures::Figures;
pub use observation::{Attempt, Call, End, Observation, State};
pub use picture::picture;
pub use policy::Policy;
pub use repeats::{failing, repeats, slow_replies, unreachable};
pub use scenario::Scenario;
pub use scenarios::{priorities, scale_up, scenarios};
pub use server::{Answer, Server};
pub use table::{Row, table};
