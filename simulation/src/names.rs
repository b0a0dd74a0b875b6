//! A name server: the addresses of the servers that are there now, each answer with a time to live.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rpc_runtime::clock::Clock;
use rpc_runtime::config::{Defaults, Scheme};
use rpc_runtime::discovery::{Answer, DnsNames, Resolution, Resolve, Resolving, Target};
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::ManualClock;

use crate::server::Server;

/// How long an answer holds.
pub(crate) const TTL: Duration = Duration::from_secs(5);
/// How much later than that a client may know: its jitter, and a little for the call that finds it out.
pub(crate) const SLACK: Duration = Duration::from_millis(1_500);

#[derive(Debug)]
struct Names {
    clock: ManualClock,
    servers: Arc<[Server]>,
}

/// The address of a server by its number.
pub(crate) fn address(server: usize) -> IpAddr {
    let [high, low] = u16::try_from(server).unwrap_or(u16::MAX).to_be_bytes();
    IpAddr::from([10, 0, high, low])
}

/// Discovery as a client in a cluster has it: one name, several addresses, looked up again when their time is over.
pub(crate) fn discovery(clock: &ManualClock, servers: &Arc<[Server]>, rng: Arc<dyn Rng>) -> DnsNames {
    let names = Names { clock: clock.clone(), servers: Arc::clone(servers) };
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let resolution =
        Resolution { resolve: Arc::new(names), clock, rng, defaults: Defaults::V1, recorder: None };
    DnsNames::new(Scheme::Http, 80, None, resolution)
}

impl Resolve for Names {
    fn resolve(&self, _: &str, port: u16) -> Resolving {
        let now = self.clock.elapsed();
        let present = self.servers.iter().enumerate().filter(|(_, server)| server.is_present(now));
        let target = |(index, server): (usize, &Server)| {
            let (priority, weight) = server.record;
            Target::new(SocketAddr::new(address(index), port)).with_record(priority, weight)
        };
        let targets: Vec<Target> = present.map(target).collect();
        Box::pin(std::future::ready(Ok(match targets.is_empty() {
            true => Answer::Empty { ttl: Some(TTL) },
            false => Answer::found(targets, Some(TTL)),
        })))
    }
}
