//! The generated client, with nothing but addresses configured: the runtime's defaults are part of what is measured.

use order_service::{Client, Mesh};
use rpc_runtime::ClientConfig;

use super::Subject;

/// `order_service::Client` over a map of instances.
#[derive(Debug)]
pub(super) struct Ours(Client);

impl Subject for Ours {
    fn new(ports: &[u16]) -> anyhow::Result<Self> {
        let urls: Vec<String> = ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
        let config =
            ClientConfig::builder().instances("order-service", urls.iter().map(String::as_str)).build()?;
        Ok(Self(Client::with_mesh(&Mesh::new(config)?)?))
    }

    async fn call(&self) -> anyhow::Result<i64> {
        Ok(self.0.get_order(123).await?.id)
    }
}
