//! The generated client, with nothing but addresses configured: the runtime's defaults are part of what is measured.

use order_service::{Client, Mesh};
use rpc_runtime::config::ClientConfigBuilder;
use rpc_runtime::{Balancing, ClientConfig};

use super::Subject;

/// `order_service::Client` over a map of instances, which take turns.
#[derive(Debug)]
pub(super) struct Ours(Client);

/// The same, chosen by load.
#[derive(Debug)]
pub(super) struct ByLoad(Client);

pub(super) fn config(ports: &[u16]) -> ClientConfigBuilder {
    let urls: Vec<String> = ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
    ClientConfig::builder().instances("order-service", urls.iter().map(String::as_str))
}

impl Subject for Ours {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        Ok(Self(Client::with_mesh(&Mesh::new(config(ports).build()?)?)?))
    }

    async fn call(&self) -> anyhow::Result<i64> {
        Ok(self.0.get_order(123).await?.id)
    }
}

impl Subject for ByLoad {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        let config = config(ports).balancing(Balancing::P2c).build()?;
        Ok(Self(Client::with_mesh(&Mesh::new(config)?)?))
    }

    async fn call(&self) -> anyhow::Result<i64> {
        Ok(self.0.get_order(123).await?.id)
    }
}
