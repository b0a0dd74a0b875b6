//! How the client is set up.

use rpc_runtime::{Balancing, ClientConfig};

/// A way of balancing, with or without ejection; the rest is as a client has it that sets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A short name.
    pub name: &'static str,
    balancing: Balancing,
    ejection: bool,
}

impl Policy {
    /// Round robin, nobody is ever ejected: what most clients do.
    pub const TURNS: Policy =
        Policy { name: "round robin, no ejection", balancing: Balancing::RoundRobin, ejection: false };
    /// Round robin.
    pub const ROUND_ROBIN: Policy =
        Policy { name: "round robin", balancing: Balancing::RoundRobin, ejection: true };
    /// By load, nobody is ever ejected.
    pub const LOAD: Policy = Policy { name: "p2c, no ejection", balancing: Balancing::P2c, ejection: false };
    /// By load.
    pub const P2C: Policy = Policy { name: "p2c", balancing: Balancing::P2c, ejection: true };
    /// All of them.
    pub const ALL: [Policy; 4] = [Policy::TURNS, Policy::ROUND_ROBIN, Policy::LOAD, Policy::P2C];

    pub(crate) fn config(self, max_in_flight: Option<u32>) -> anyhow::Result<ClientConfig> {
        let mut config = ClientConfig::builder().balancing(self.balancing).ejection(self.ejection);
        if let Some(limit) = max_in_flight {
            config = config.max_in_flight(limit);
        }
        Ok(config.build()?)
    }
}
