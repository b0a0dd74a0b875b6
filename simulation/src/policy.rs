//! How the client is set up.

use rpc_runtime::{Balancing, ClientConfig, Hedging};

/// A way of balancing, with or without ejection and hedging; the rest is as a client has it that sets nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// A short name.
    pub name: &'static str,
    balancing: Balancing,
    ejection: bool,
    hedging: Option<Hedging>,
}

impl Policy {
    /// Round robin, nobody is ever ejected: what most clients do.
    pub const TURNS: Policy = Policy::new("round robin, no ejection", Balancing::RoundRobin, false);
    /// Round robin.
    pub const ROUND_ROBIN: Policy = Policy::new("round robin", Balancing::RoundRobin, true);
    /// By load, nobody is ever ejected.
    pub const LOAD: Policy = Policy::new("p2c, no ejection", Balancing::P2c, false);
    /// By load.
    pub const P2C: Policy = Policy::new("p2c", Balancing::P2c, true);
    /// By load, and what is slower than 19 of 20 replies is sent again elsewhere.
    pub const HEDGED: Policy =
        Policy { hedging: Some(Hedging::Slowest(0.05)), ..Policy::new("p2c, hedged", Balancing::P2c, true) };
    /// All of them, but for hedging.
    pub const ALL: [Policy; 4] = [Policy::TURNS, Policy::ROUND_ROBIN, Policy::LOAD, Policy::P2C];

    const fn new(name: &'static str, balancing: Balancing, ejection: bool) -> Self {
        Policy { name, balancing, ejection, hedging: None }
    }

    pub(crate) fn config(self, max_in_flight: Option<u32>) -> anyhow::Result<ClientConfig> {
        let mut config = ClientConfig::builder().balancing(self.balancing).ejection(self.ejection);
        if let Some(limit) = max_in_flight {
            config = config.max_in_flight(limit);
        }
        if let Some(hedging) = self.hedging {
            config = config.hedging(hedging);
        }
        Ok(config.build()?)
    }
}
