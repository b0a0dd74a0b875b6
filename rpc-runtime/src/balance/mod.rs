//! Which instance gets an attempt.
//!
//! A [`Balancer`] keeps the [`Member`](member::Member)s of one service: the endpoints of discovery's newest set, each with its
//! load and its [health](crate::eject). A choice is made per attempt and costs the same for two instances as for two hundred:
//! only a new set, an ejection or a return makes a new [`Roster`](roster::Roster), and the next calls choose among what is open
//! in it. An attempt holds a [`Lease`] from its choice to its end; dropped, it counts as cancelled.

mod balancer;
mod ewma;
mod held;
mod lease;
mod member;
mod p2c;
mod roster;
mod round_robin;
mod shares;
mod status;

use std::fmt;
use std::str::FromStr;

use tokio::time::Instant;

use crate::rng::Rng;
use member::Member;
use shares::Shares;

pub(crate) use balancer::{Balancer, Parts, Unavailable};
pub(crate) use held::Held;
pub(crate) use lease::Lease;
pub use status::{EndpointHealth, EndpointStatus};

/// How an endpoint is chosen among the healthy ones.
///
/// Not set, instances that were written down one by one take turns, as do those with unequal weights (SRV records); those that
/// were found behind one name are chosen by load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Balancing {
    /// One after the other, in proportion to their weights.
    RoundRobin,
    /// The less loaded of two drawn at random ("the power of two choices", Mitzenmacher 2001). Load is the peak-sensitive
    /// moving average of response times, times the requests in flight.
    P2c,
}

impl Balancing {
    /// As in `RPC_CLIENT_BALANCING`.
    pub fn as_str(self) -> &'static str {
        match self {
            Balancing::RoundRobin => "round-robin",
            Balancing::P2c => "p2c",
        }
    }
}

impl fmt::Display for Balancing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Balancing {
    type Err = UnknownBalancing;

    fn from_str(text: &str) -> Result<Self, UnknownBalancing> {
        let known = [Balancing::RoundRobin, Balancing::P2c];
        known.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(text)).ok_or(UnknownBalancing)
    }
}

/// A text that names no [`Balancing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(r#"expected "round-robin" or "p2c""#)]
pub struct UnknownBalancing;

/// One choice: the candidates, and what it may depend on.
#[derive(Clone, Copy)]
struct Choice<'a> {
    candidates: &'a [Member],
    /// Where weights differ.
    shares: Option<&'a Shares>,
    now: Instant,
    rng: &'a dyn Rng,
}
