//! A name server, a resolver that asks it, and time that stands still.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rpc_runtime::clock::ManualClock;
use rpc_runtime::config::{Defaults, DnsRecords, Scheme, ServiceUrl};
use rpc_runtime::discovery::{
    Discover, DnsNames, DnsResolver, Either, Endpoint, Resolution, Resolve, Resolving, ResolvingEither,
    ServiceName, StaticMap, Watch,
};
use rpc_runtime::rng::Rng;
use tokio::sync::watch;

use crate::server::Server;

/// The search list of a pod in the namespace `prod`.
pub(crate) const POD: [&str; 3] = ["prod.svc.cluster.local", "svc.cluster.local", "cluster.local"];

/// A resolver that tells when nothing is under way.
#[derive(Debug)]
struct Counted {
    resolver: DnsResolver,
    under_way: Arc<watch::Sender<usize>>,
}

impl Counted {
    fn count<T: 'static>(
        &self,
        resolving: impl Future<Output = T> + Send + 'static,
    ) -> Pin<Box<dyn Future<Output = T> + Send>> {
        self.under_way.send_modify(|count| *count += 1);
        let under_way = Arc::clone(&self.under_way);
        Box::pin(async move {
            let answer = resolving.await;
            under_way.send_modify(|count| *count -= 1);
            answer
        })
    }
}

impl Resolve for Counted {
    fn resolve(&self, host: &str, port: u16) -> Resolving {
        self.count(self.resolver.resolve(host, port))
    }

    fn resolve_srv(&self, name: &str) -> Resolving {
        self.count(self.resolver.resolve_srv(name))
    }

    fn resolve_either(&self, question: &Either) -> Option<ResolvingEither> {
        Some(self.count(self.resolver.resolve_either(question)?))
    }
}

/// Jitter of zero.
#[derive(Debug)]
struct Half;

impl Rng for Half {
    fn next_u64(&self) -> u64 {
        1 << 63
    }
}

pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) clock: ManualClock,
    pub(crate) resolution: Resolution,
    under_way: Arc<watch::Sender<usize>>,
}

impl Fixture {
    pub(crate) async fn new(zone: &str) -> Self {
        Self::with_search(zone, &POD, 5).await
    }

    pub(crate) async fn with_search(zone: &str, search: &[&str], ndots: usize) -> Self {
        let server = Server::start().await;
        server.set(zone);
        let clock = ManualClock::new();
        let under_way = Arc::new(watch::Sender::new(0));
        let resolver = DnsResolver::with_servers([server.addr], search, ndots).unwrap();
        let resolution = Resolution {
            resolve: Arc::new(Counted { resolver, under_way: Arc::clone(&under_way) }),
            clock: Arc::new(clock.clone()),
            rng: Arc::new(Half),
            defaults: Defaults::V1,
            recorder: None,
        };
        Fixture { server, clock, resolution, under_way }
    }

    /// Names found by DNS as in a cluster, on port 80.
    pub(crate) fn names(&self, records: DnsRecords) -> DnsNames {
        DnsNames::new(Scheme::Http, 80, Some("cluster.local".to_owned()), self.resolution.clone())
            .asking_for(records)
    }

    /// A service of a map.
    pub(crate) fn url(&self, url: &str) -> Watch {
        let urls = vec![ServiceUrl::parse(url).unwrap()];
        StaticMap::new([(name("orders"), urls)].into(), &self.resolution).watch(&name("orders")).unwrap()
    }

    pub(crate) fn advance(&self, seconds: f64) {
        self.clock.advance(Duration::from_secs_f64(seconds));
    }

    /// One use, then the end of the lookup that it may have begun. A test's runtime has one thread, so whoever sees that
    /// nothing is under way sees what became of it too.
    pub(crate) async fn used(&self, watch: &Watch) -> String {
        let snapshot = watch.snapshot(None).await;
        tokio::task::yield_now().await;
        self.under_way.subscribe().wait_for(|count| *count == 0).await.unwrap();
        match snapshot {
            Ok(snapshot) => shown(&snapshot.endpoints),
            Err(error) => error.to_string(),
        }
    }

    /// What is known after a use, some seconds later.
    pub(crate) async fn after(&self, seconds: f64, watch: &Watch) -> String {
        self.advance(seconds);
        self.used(watch).await;
        self.used(watch).await
    }
}

pub(crate) fn name(name: &str) -> ServiceName {
    ServiceName::new(name).unwrap()
}

/// `address:port`, and what is not the usual: `/priority` and `*weight`.
fn shown(endpoints: &[Endpoint]) -> String {
    let one = |endpoint: &Endpoint| {
        let mut text = endpoint.addr().unwrap().to_string();
        if endpoint.priority() != 0 {
            text += &format!("/{}", endpoint.priority());
        }
        if endpoint.weight() != 1 {
            text += &format!("*{}", endpoint.weight());
        }
        text
    };
    endpoints.iter().map(one).collect::<Vec<_>>().join(" ")
}
