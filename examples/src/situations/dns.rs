//! No map: the service's name is looked up. Here a resolver of our own stands for the cluster's DNS; everything above it is
//! what runs in production.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use rpc_runtime::Mesh;
use rpc_runtime::config::Scheme;
use rpc_runtime::discovery::{Answer, DnsNames, Resolution, Resolve, Resolving, Target};

use crate::world::World;

/// Knows the addresses of one service and remembers which names were asked for.
#[derive(Debug)]
struct ClusterDns {
    addresses: Vec<SocketAddr>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Resolve for ClusterDns {
    fn resolve(&self, host: &str, _port: u16) -> Resolving {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(host.to_owned());
        let found = Answer::found(self.addresses.iter().copied().map(Target::new), None);
        Box::pin(async move { Ok(found) })
    }
}

pub(crate) async fn run(world: &World) -> Result<String> {
    let urls = world.orders.urls();
    let addresses = urls.iter().map(|url| url.trim_start_matches("http://").parse());
    let addresses = addresses.collect::<Result<Vec<SocketAddr>, _>>().context("addresses of the mocks")?;
    let asked = Arc::default();
    let resolve = Arc::new(ClusterDns { addresses, asked: Arc::clone(&asked) });

    let names = DnsNames::new(Scheme::Http, 80, None, Resolution { resolve, ..Resolution::default() });
    let mesh = Mesh::builder().discover(names).build()?;
    let order = order_service::Client::with_mesh(&mesh)?.get_order(123).await?;

    let asked = asked.lock().unwrap_or_else(PoisonError::into_inner).join(", ");
    Ok(format!("looked up {asked}; order {}", order.id))
}
