//! What the tests share: the running services, clients of them, and a look at what arrived there.
//!
//! `cargo xtask interop` starts the services and says where they are in `INTEROP_SERVICES`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use order_service::types::SeenRequest;
use rpc_runtime::{ClientConfig, Mesh};
use tokio::net::{TcpListener, TcpStream};

static SERVICES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let hint = "run the suite by `cargo xtask interop`, or `cargo xtask interop --keep` and then as it says";
    let text =
        std::env::var("INTEROP_SERVICES").unwrap_or_else(|_| panic!("INTEROP_SERVICES is not set; {hint}"));
    serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("INTEROP_SERVICES is not a JSON map of service to URL ({error}); {hint}")
    })
});

/// Nothing listens on this port of the loopback interface: it is reserved for a protocol that nobody uses.
pub const REFUSED: &str = "http://127.0.0.1:1";

/// Where a service is.
///
/// # Panics
/// When the services are not running.
pub fn url(service: &str) -> &'static str {
    SERVICES.get(service).unwrap_or_else(|| panic!("INTEROP_SERVICES has no {service}"))
}

/// The port of a service.
///
/// # Panics
/// When its URL has none.
pub fn port(service: &str) -> u16 {
    url(service).rsplit(':').next().and_then(|port| port.parse().ok()).expect("the URL ends in a port")
}

/// The value of `RPC_CLIENT_SERVICES` for all services.
pub fn services() -> String {
    serde_json::to_string(&*SERVICES).expect("a map of strings is JSON")
}

/// A mesh that knows all services. Each test has its own: connections belong to the runtime that made them.
///
/// # Panics
/// When the services are not running.
pub fn mesh() -> Mesh {
    let config = ClientConfig::from_vars([("RPC_CLIENT_SERVICES", services())]).expect("the map is valid");
    Mesh::new(config).expect("the settings are valid")
}

/// A client of order-service.
pub fn orders() -> order_service::Client {
    order_service::Client::new(url("order-service")).expect("the URL is valid")
}

/// A client of user-service.
pub fn users() -> user_service::Client {
    user_service::Client::new(url("user-service")).expect("the URL is valid")
}

/// A client of auth-service without credentials.
pub fn auth() -> auth_service::Client {
    auth_service::Client::new(url("auth-service")).expect("the URL is valid")
}

/// A client of notification-service.
pub fn notifications() -> notification_service::Client {
    notification_service::Client::new(url("notification-service")).expect("the URL is valid")
}

/// A client of wallet-service with an API key.
pub fn wallets() -> wallet_service::Client {
    let builder = wallet_service::Client::builder().url(url("wallet-service"));
    builder.api_key_header("wallet-key-1").build().expect("the settings are valid")
}

/// A client of media-service.
pub fn media() -> media_service::Client {
    media_service::Client::new(url("media-service")).expect("the URL is valid")
}

/// A name that no other test uses, in no other run either: the services may outlive one.
pub fn unique(what: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let since = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
    format!("{what}-{since:x}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Whether what is slow is left out.
pub fn is_short() -> bool {
    std::env::var_os("INTEROP_SHORT").is_some()
}

/// What arrived at any service under this trace id, oldest first.
///
/// # Panics
/// When order-service does not answer.
pub async fn seen(trace_id: &str) -> Vec<SeenRequest> {
    orders().list_seen_requests(trace_id).await.expect("order-service tells what it saw")
}

/// How often the fault endpoints saw a key.
///
/// # Panics
/// When order-service does not answer.
pub async fn count(key: &str) -> i64 {
    orders().get_count(key).await.expect("order-service counts").seen
}

/// A second address of a service: passes connections on, and counts them.
#[derive(Debug)]
pub struct Instance {
    /// Its address.
    pub url: String,
    connections: Arc<AtomicUsize>,
}

impl Instance {
    /// Starts one in the current runtime, with which it ends.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn of(service: &str) -> Self {
        let target = format!("127.0.0.1:{}", port(service));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut here, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::Relaxed);
                let target = target.clone();
                tokio::spawn(async move {
                    let mut there = TcpStream::connect(target).await?;
                    tokio::io::copy_bidirectional(&mut here, &mut there).await
                });
            }
        });
        Self { url, connections }
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}
