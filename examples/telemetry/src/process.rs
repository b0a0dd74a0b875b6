//! What is a process elsewhere is a thread here: with a runtime, telemetry and a log of its own.

use std::thread::JoinHandle;

use anyhow::{Context as _, anyhow};
use axum::Router;
use rpc_runtime::otel::Telemetry;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing::subscriber::with_default;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::collector::Collector;
use crate::log::Log;

/// Where spans and lines go.
#[derive(Debug, Clone)]
pub(crate) struct Sinks {
    endpoint: String,
    log: Log,
}

impl Sinks {
    pub(crate) fn new(collector: &Collector, log: &Log) -> Self {
        Self { endpoint: collector.url.clone(), log: log.clone() }
    }
}

/// A service that runs until it is stopped.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) url: String,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<anyhow::Result<()>>,
}

impl Service {
    /// Serves a router on a port of its own.
    pub(crate) fn start(
        name: &'static str,
        sinks: &Sinks,
        router: impl FnOnce() -> anyhow::Result<Router> + Send + 'static,
    ) -> anyhow::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let sinks = sinks.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            run(name, &sinks, async move {
                let listener = TcpListener::bind("127.0.0.1:0").await?;
                let address = listener.local_addr()?;
                let router = router()?;
                tokio::spawn(axum::serve(listener, router).into_future());
                // Whoever waits for either may be gone: then this ends, too.
                let _ = tell.send(format!("http://{address}"));
                let _ = stopped.await;
                Ok(())
            })
        })?;
        match told.blocking_recv() {
            Ok(url) => Ok(Self { url, stop, thread }),
            Err(_) => Err(join(thread).err().unwrap_or_else(|| anyhow!("it ended at once"))).context(name),
        }
    }

    /// Ends it, after which its spans are at the collector.
    pub(crate) fn stop(self) -> anyhow::Result<()> {
        let _ = self.stop.send(());
        join(self.thread)
    }
}

fn join(thread: JoinHandle<anyhow::Result<()>>) -> anyhow::Result<()> {
    thread.join().map_err(|_| anyhow!("a service panicked"))?
}

/// Runs something to its end on this thread, and sends its spans to the collector.
pub(crate) fn run<T>(
    name: &'static str,
    sinks: &Sinks,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<T> {
    let telemetry = Telemetry::builder().service_name(name).endpoint(&sinks.endpoint).build()?;
    let subscriber = tracing_subscriber::registry().with(telemetry.layer()).with(sinks.log.of(name));
    let output = with_default(subscriber, || {
        // Gone with this block, and with it all tasks: their spans have ended then.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(work)
    });
    telemetry.shutdown()?;
    output
}
