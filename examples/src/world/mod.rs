//! The services of a situation: mocks with typed handlers, several instances each, on loopback, gone with the value.

mod auth;
mod notifications;
mod orders;
mod users;
mod wallets;

use std::collections::BTreeSet;

use rpc_mock::Mock;
use rpc_runtime::config::ClientConfigBuilder;
use rpc_runtime::{ClientConfig, Mesh};

use crate::demo::Log;

/// Everything a situation needs.
#[derive(Debug)]
pub(crate) struct World {
    /// order-service, three instances.
    pub(crate) orders: Mock,
    /// user-service, two instances.
    pub(crate) users: Mock,
    /// auth-service, one instance.
    pub(crate) auth: Mock,
    /// notification-service, two instances.
    pub(crate) notifications: Mock,
    /// wallet-service, two instances.
    pub(crate) wallets: Mock,
    /// The runtime's request log.
    pub(crate) log: Log,
}

impl World {
    pub(crate) async fn start(log: Log) -> anyhow::Result<Self> {
        Ok(Self {
            orders: orders::service().instances(3).start().await?,
            users: users::service().instances(2).start().await?,
            auth: auth::service().start().await?,
            notifications: notifications::service().instances(2).start().await?,
            wallets: wallets::service().instances(2).start().await?,
            log,
        })
    }

    /// What a process would read from `RPC_CLIENT_SERVICES`: every service with its instances.
    pub(crate) fn config(&self) -> ClientConfigBuilder {
        // Calls are counted by their lines in the log: all of them.
        let config = ClientConfig::builder().log_limit(None);
        self.mocks().into_iter().fold(config, |config, mock| {
            let urls = mock.urls();
            config.instances(mock.name(), urls.iter().map(String::as_str))
        })
    }

    /// A mesh over all services: once per process.
    pub(crate) fn mesh(&self) -> anyhow::Result<Mesh> {
        Ok(Mesh::new(self.config().build()?)?)
    }

    /// Ends all instances of a service: connections are refused from now on.
    pub(crate) async fn take_down(&self, mock: &Mock) {
        for instance in 0..mock.urls().len() {
            mock.stop(instance).await;
        }
    }

    /// Which instances saw a request, such as `orders 0 1 2 · users 0`.
    pub(crate) fn instances_hit(&self) -> String {
        let of = |mock: &Mock| {
            let hit: BTreeSet<usize> = mock.calls().iter().map(|call| call.instance).collect();
            let hit: Vec<String> = hit.iter().map(usize::to_string).collect();
            let name = mock.name().trim_end_matches("-service");
            (!hit.is_empty()).then(|| format!("{name} {}", hit.join(" ")))
        };
        self.mocks().into_iter().filter_map(of).collect::<Vec<_>>().join(" · ")
    }

    fn mocks(&self) -> [&Mock; 5] {
        [&self.orders, &self.users, &self.auth, &self.notifications, &self.wallets]
    }
}
