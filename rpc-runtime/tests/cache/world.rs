//! A service whose answers a test changes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rpc_runtime::cache::{CacheStore, MemoryStore};
use rpc_runtime::clock::{Clock, Sleep, SystemClock};
use rpc_runtime::testing::{Script, ScriptedTransport, SeededRng};
use rpc_runtime::{Mesh, Response, Result};

use crate::support::{Client, ClientBuilder, Order, config, outcome, secs};

/// The calendar goes on with the test's time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar(tokio::time::Instant);

impl Calendar {
    fn starting_now() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Clock for Calendar {
    fn now(&self) -> tokio::time::Instant {
        tokio::time::Instant::now()
    }

    fn unix_time(&self) -> SystemTime {
        UNIX_EPOCH + secs(1_800_000_000) + self.0.elapsed()
    }

    fn sleep_until(&self, deadline: tokio::time::Instant) -> Sleep {
        SystemClock.sleep_until(deadline)
    }
}

/// A service whose answers a test changes, and the mesh of its clients.
pub(crate) struct World {
    pub(crate) transport: ScriptedTransport,
    pub(crate) answer: Arc<Mutex<Script>>,
    pub(crate) mesh: Mesh,
    pub(crate) client: Client,
}

impl World {
    pub(crate) fn new(answer: Script) -> Self {
        Self::with(answer, None::<MemoryStore>)
    }

    pub(crate) fn with(answer: Script, store: Option<impl CacheStore>) -> Self {
        let answer = Arc::new(Mutex::new(answer));
        let now = Arc::clone(&answer);
        let transport = ScriptedTransport::answering(SystemClock, move |_| now.lock().unwrap().clone());
        let builder = Mesh::builder()
            .config(config(1))
            .transport(transport.clone())
            .rng(SeededRng::new(1))
            .clock(Calendar::starting_now());
        let builder = match store {
            Some(store) => builder.cache_store(store),
            None => builder,
        };
        let mesh = builder.build().unwrap();
        let client = Client::builder().mesh(&mesh).retries(0).build().unwrap();
        World { transport, answer, mesh, client }
    }

    pub(crate) fn answer(&self, script: Script) {
        *self.answer.lock().unwrap() = script;
    }

    /// Requests so far.
    pub(crate) fn sent(&self) -> usize {
        self.transport.sent().len()
    }

    pub(crate) fn client(&self, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        set(Client::builder().mesh(&self.mesh).retries(0)).build().unwrap()
    }
}

pub(crate) fn numbered(id: i64) -> Script {
    Script::reply(200, format!(r#"{{"code":200,"message":"ok","data":{{"id":{id}}}}}"#))
}

/// The value and where it comes from: `7 from cache after 0`.
pub(crate) fn shown(result: &Result<Response<Order>>) -> String {
    match result {
        Ok(reply) => format!("{} from {} after {}", reply.data.id, reply.source(), reply.attempts()),
        Err(_) => outcome(result),
    }
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
