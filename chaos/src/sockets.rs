//! Real servers, real connections, injected faults: is a request that must not be repeated ever read twice?

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rpc_runtime::clock::{Clock as _, SystemClock};
use rpc_runtime::testing::SeededRng;
use rpc_runtime::{Balancing, Client, ClientConfig, Hedging, Mesh};
use tokio::net::TcpSocket;

use crate::calls::{How, Kind, below, call, chance, ending};
use crate::ledger::{Ledger, odd};
use crate::report::Report;
use crate::server::{Books, Server};

/// Calls at a time.
const WORKERS: usize = 64;
const SERVERS: usize = 4;
/// A late reply comes later than that.
const ATTEMPT: Duration = Duration::from_millis(200);
/// Most re-sends of a call.
const RETRIES: u64 = 3;

/// What all workers share.
#[derive(Debug)]
struct Run {
    seed: u64,
    calls: usize,
    next: AtomicUsize,
    /// With ejection and without.
    clients: [Client; 2],
    endings: Mutex<BTreeMap<String, u64>>,
    how: Mutex<Vec<How>>,
}

/// Makes so many calls of all kinds to four servers with faults and to a port that refuses connections.
///
/// # Errors
/// When no server can be started, or no client made.
pub async fn sockets(calls: usize, seed: u64) -> anyhow::Result<Report> {
    let books = Books::new(calls, seed, ATTEMPT * 2);
    let mut servers = Vec::new();
    for _ in 0..SERVERS {
        servers.push(Server::start(&books).await?);
    }
    // Bound and not listening: nobody else gets the port, and connections are refused.
    let refusing = TcpSocket::new_v4()?;
    refusing.bind(([127, 0, 0, 1], 0).into())?;
    let mut urls: Vec<String> = servers.iter().map(|server| format!("http://{}", server.addr)).collect();
    urls.push(format!("http://{}", refusing.local_addr()?));

    let (outer, inner) = (Ledger::new(calls, None), Ledger::new(calls, None));
    let client = |balancing, ejection| -> anyhow::Result<Client> {
        let config = ClientConfig::builder()
            .instances("service", urls.iter().map(String::as_str))
            .dns_fallback(false)
            .balancing(balancing)
            .ejection(ejection)
            .attempt_timeout(ATTEMPT)
            .retry_delay(Duration::from_millis(1))
            .retry_max_delay(Duration::from_millis(4))
            .build()?;
        let mesh = Mesh::builder().config(config).interceptor(outer.clone()).build()?;
        Ok(Client::builder("service").mesh(&mesh).interceptor(inner.clone()).build()?)
    };
    let clients = [client(Balancing::P2c, true)?, client(Balancing::RoundRobin, false)?];
    let how = Mutex::new(vec![How::default(); calls]);
    let run = Run { seed, calls, next: AtomicUsize::new(0), clients, endings: Mutex::default(), how };
    let run = Arc::new(run);
    let workers: Vec<_> = (0..WORKERS).map(|_| tokio::spawn(work(Arc::clone(&run)))).collect();
    for worker in workers {
        worker.await?;
    }
    let run = Arc::into_inner(run).ok_or_else(|| anyhow::anyhow!("a worker is still there"))?;
    // With the clients go their connections.
    drop(run.clients);
    for server in servers {
        server.stop().await;
    }
    let how = run.how.into_inner().unwrap_or_else(PoisonError::into_inner);
    let endings = run.endings.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut report = Report { faults: books.faults(), endings, ..Report::default() };
    judge(&mut report, &books, (&outer, &inner), &how);
    Ok(report)
}

async fn work(run: Arc<Run>) {
    loop {
        let id = run.next.fetch_add(1, Ordering::Relaxed);
        if id >= run.calls {
            return;
        }
        let rng = SeededRng::new(run.seed.rotate_left(32) ^ id as u64);
        let [one, two] = &run.clients;
        let mut call = call(if id % 8 < 4 { one } else { two }, id).retries(retries(run.seed, id));
        if chance(&rng, 0.5) {
            call = call.hedging(Hedging::After(Duration::from_millis(below(&rng, 30))));
        }
        if chance(&rng, 0.1) {
            call = call.timeout(Duration::from_millis(below(&rng, 50)));
        }
        let patience = chance(&rng, 0.03).then(|| Duration::from_micros(below(&rng, 20_000)));
        let answer = call.send_json::<u8>().into_future();
        let ended = match patience {
            None => Some(answer.await),
            Some(patience) => tokio::select! {
                result = answer => Some(result),
                () = SystemClock.sleep(patience) => None,
            },
        };
        let ending = ended.as_ref().map_or_else(|| "dropped by the caller".to_owned(), ending);
        Report::count(&mut run.endings.lock().unwrap_or_else(PoisonError::into_inner), ending);
        if let Some(how) = run.how.lock().unwrap_or_else(PoisonError::into_inner).get_mut(id) {
            *how = How::of(ended.as_ref());
        }
    }
}

/// How often a call may be sent again.
fn retries(seed: u64, id: usize) -> u32 {
    u32::try_from(below(&SeededRng::new(seed ^ id as u64), RETRIES + 1)).unwrap_or_default()
}

/// Holds what the servers read, and what interceptors were told, against the rules.
fn judge(report: &mut Report, books: &Books, (outer, inner): (&Ledger, &Ledger), hows: &[How]) {
    let (outer, inner) = (outer.entries(), inner.entries());
    let rows = books.seen().into_iter().zip(outer.iter().zip(inner.iter())).zip(hows);
    let mut broken = Vec::new();
    let numbers = &mut report.numbers;
    for (id, ((seen, (outer, inner)), how)) in rows.enumerate() {
        let kind = Kind::of(id);
        let processed = seen.read - seen.left_out;
        let attempts = outer.attempts.0;
        Report::add(numbers, format!("attempts, {}", kind.name()), attempts.into());
        Report::add(numbers, format!("requests read, {}", kind.name()), seen.read.into());
        Report::most(numbers, format!("most requests read of one call, {}", kind.name()), seen.read.into());
        let what = format!("most of one call that may have been processed, {}", kind.name());
        Report::most(numbers, what, processed.into());
        let mut wrong =
            |what: &str| broken.push(format!("{} {id}: {what}: {seen:?}, {outer:?}", kind.name()));
        if !kind.is_repeatable() && processed > 1 {
            wrong("may have been processed more than once");
        }
        if seen.read > attempts {
            wrong("was read more often than it was attempted");
        }
        // Beside each attempt there may be a hedge, where that is safe.
        let rounds = 1 + retries(books.seed, id);
        if attempts > if kind.is_repeatable() { 2 * rounds } else { rounds } {
            wrong("was attempted too often");
        }
        if let Some(odd) = odd(*outer, *inner, *how) {
            wrong(odd);
        }
    }
    Report::add(numbers, "calls", hows.len() as u64);
    report.broken = broken;
}
