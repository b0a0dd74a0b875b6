//! The same without a network and in virtual time, where moments are exact: does every call end once, and in time?

use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_executor::LocalPool;
use futures_util::future::{Either, select};
use futures_util::task::LocalSpawnExt as _;
use rpc_runtime::clock::{Clock as _, Sleep};
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::{ManualClock, Script, ScriptedTransport, SeededRng, SentRequest};
use rpc_runtime::{Balancing, Breaker, Client, ClientConfig, Hedging, Mesh, RawCall, deadline};

use crate::calls::{How, Kind, below, call, chance, ending, id_of};
use crate::ledger::{Ledger, Trouble, odd};
use crate::report::Report;

/// Calls of one client; then comes another client, with other settings.
const BATCH: usize = 1_000;
/// How much later than its deadline a call may end.
const LATE: Duration = Duration::from_millis(1);

/// Makes so many calls of all kinds through clients of all kinds, to scripted servers with faults.
///
/// # Errors
/// When no client can be made.
pub fn scripted(calls: usize, seed: u64) -> anyhow::Result<Report> {
    let mut report = Report::default();
    for (number, from) in (0..calls).step_by(BATCH).enumerate() {
        let length = BATCH.min(calls - from);
        report.merge(batch(length, seed.wrapping_mul(1_000_003).wrapping_add(number as u64))?);
    }
    Ok(report)
}

/// What is written down of a call.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Requests that were not refused, and not answered by 429 with `Retry-After`.
    processed: u32,
    ended: u32,
    how: How,
}

type Shared<T> = Arc<Mutex<T>>;

fn with<T, R>(shared: &Shared<T>, work: impl FnOnce(&mut T) -> R) -> R {
    work(&mut shared.lock().unwrap_or_else(PoisonError::into_inner))
}

fn batch(calls: usize, seed: u64) -> anyhow::Result<Report> {
    let clock = ManualClock::new();
    let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(seed));
    let seen: Shared<Vec<Seen>> = Arc::new(Mutex::new(vec![Seen::default(); calls]));
    let report: Shared<Report> = Arc::default();
    let trouble = Trouble { clock: Arc::new(clock.clone()), rng: Arc::clone(&rng) };
    let (outer, inner) = (Ledger::new(calls, Some(trouble.clone())), Ledger::new(calls, Some(trouble)));
    let transport = transport(&clock, &rng, &seen, &report);
    let mesh = Mesh::builder()
        .config(config(&*rng)?)
        .clock(clock.clone())
        .rng(SeededRng::new(seed.wrapping_add(1)))
        .transport(transport)
        .interceptor(outer.clone())
        .build()?;
    let client = Client::builder("service").mesh(&mesh).interceptor(inner.clone()).build()?;

    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    let one = Rc::new(One { clock: clock.clone(), client, rng, seen, report });
    let (arrivals, starter) = (Rc::clone(&one), spawner.clone());
    spawner.spawn_local(async move {
        for id in 0..calls {
            arrivals.clock.sleep(Duration::from_micros(below(&*arrivals.rng, 4_000))).await;
            // The pool lives as long as this future, which it runs.
            let _ = starter.spawn_local(Rc::clone(&arrivals).run(id));
        }
    })?;
    loop {
        pool.run_until_stalled();
        if !clock.advance_to_next() {
            break;
        }
    }
    let mut report = with(&one.report, std::mem::take);
    if pool.try_run_one() || clock.sleepers() > 0 {
        report.broken.push(format!("batch {seed}: something still waits"));
    }
    for endpoint in mesh.endpoints("service").iter().filter(|endpoint| endpoint.in_flight > 0) {
        report.broken.push(format!("batch {seed}: {endpoint:?} has requests in flight"));
    }
    let rows = with(&one.seen, |seen| seen.clone()).into_iter();
    let rows = rows
        .zip(outer.entries().iter().zip(inner.entries().iter()).map(|(o, i)| (*o, *i)).collect::<Vec<_>>());
    for (id, (seen, (outer, inner))) in rows.enumerate() {
        let kind = Kind::of(id);
        let Report { numbers, broken, .. } = &mut report;
        Report::count(numbers, "calls");
        Report::add(numbers, format!("attempts, {}", kind.name()), outer.attempts.0.into());
        let what = format!("most of one call that may have been processed, {}", kind.name());
        Report::most(numbers, what, seen.processed.into());
        let mut wrong = |what: &str| {
            broken.push(format!("batch {seed}, {} {id}: {what}: {seen:?}, {outer:?}", kind.name()))
        };
        if seen.ended != 1 {
            wrong("did not end once");
        }
        if !kind.is_repeatable() && seen.processed > 1 {
            wrong("may have been processed more than once");
        }
        if let Some(odd) = odd(outer, inner, seen.how) {
            wrong(odd);
        }
    }
    Ok(report)
}

fn config(rng: &dyn Rng) -> anyhow::Result<ClientConfig> {
    let endpoints = 1 + below(rng, 5);
    let urls: Vec<String> = (1..=endpoints).map(|n| format!("http://10.0.0.{n}:80")).collect();
    let mut config = ClientConfig::builder()
        .instances("service", urls.iter().map(String::as_str))
        .dns_fallback(false)
        .balancing(if chance(rng, 0.5) { Balancing::P2c } else { Balancing::RoundRobin })
        .ejection(chance(rng, 0.5))
        .retry_delay(Duration::from_millis(1 + below(rng, 60)));
    if chance(rng, 0.5) {
        config = config.breaker(breaker(rng));
    }
    if chance(rng, 0.5) {
        config = config.hedging(hedging(rng));
    }
    if chance(rng, 0.3) {
        config = config.max_in_flight(10);
    }
    Ok(config.build()?)
}

fn breaker(rng: &dyn Rng) -> Breaker {
    Breaker::new(
        3 + u32::try_from(below(rng, 4)).unwrap_or_default(),
        Duration::from_millis(1 + below(rng, 80)),
    )
}

fn hedging(rng: &dyn Rng) -> Hedging {
    match chance(rng, 0.5) {
        true => Hedging::After(Duration::from_millis(1 + below(rng, 60))),
        false => Hedging::Slowest(0.05),
    }
}

/// Servers of which the first one is worse than the others.
fn transport(
    clock: &ManualClock,
    rng: &Arc<dyn Rng>,
    seen: &Shared<Vec<Seen>>,
    report: &Shared<Report>,
) -> ScriptedTransport {
    let (rng, seen, report) = (Arc::clone(rng), Arc::clone(seen), Arc::clone(report));
    ScriptedTransport::answering(clock.clone(), move |request: &SentRequest| {
        const BODY: &str = r#"{"code":200,"message":"","data":1}"#;
        let status = |status| Script::reply(status, "");
        let is_first = request.endpoint.contains("10.0.0.1:");
        let draw = if is_first && chance(&*rng, 0.4) { below(&*rng, 50) } else { below(&*rng, 100) };
        let (fault, script) = match draw {
            0..6 => ("refused", Script::refused()),
            6..11 => ("reset", Script::reset()),
            11..14 => ("reply cut off", Script::truncated(BODY.get(..9).unwrap_or_default())),
            14..18 => ("no reply", Script::hangs()),
            18..20 => ("reply that fits nothing", Script::reply(200, "{")),
            20..22 => ("HTTP 404", status(404)),
            22..25 => ("HTTP 500", status(500)),
            25..28 => ("HTTP 502", status(502)),
            28..34 => ("HTTP 503", status(503)),
            34..36 => ("HTTP 503, Retry-After: 0", status(503).header("retry-after", "0")),
            36..38 => ("HTTP 429", status(429)),
            38..43 => ("HTTP 429, Retry-After: 0", status(429).header("retry-after", "0")),
            43..44 => ("HTTP 429, Retry-After: 1", status(429).header("retry-after", "1")),
            44..45 => ("HTTP 429, Retry-After: 60", status(429).header("retry-after", "60")),
            _ => ("no fault", Script::reply(200, BODY)),
        };
        with(&report, |report| Report::count(&mut report.faults, fault));
        let untouched = fault == "refused" || fault.starts_with("HTTP 429, Retry");
        with(&seen, |seen| {
            if let Some(seen) = id_of(&request.target).and_then(|id| seen.get_mut(id)) {
                seen.processed += u32::from(!untouched);
            }
        });
        script.after(delay(&*rng))
    })
}

/// Often nothing, mostly some milliseconds, sometimes a second; in whole milliseconds, so that moments coincide.
fn delay(rng: &dyn Rng) -> Duration {
    Duration::from_millis(match below(rng, 20) {
        0..5 => 0,
        5..17 => below(rng, 30),
        17..19 => below(rng, 200),
        _ => below(rng, 1_000),
    })
}

/// What one call needs.
struct One {
    clock: ManualClock,
    client: Client,
    rng: Arc<dyn Rng>,
    seen: Shared<Vec<Seen>>,
    report: Shared<Report>,
}

impl One {
    /// A call with settings of its own, and how long it may take.
    fn call(&self, id: usize) -> (RawCall, Duration) {
        let rng = &*self.rng;
        let mut call = call(&self.client, id).retries(u32::try_from(below(rng, 4)).unwrap_or_default());
        let limit = Duration::from_millis(below(rng, 400));
        let limit = match below(rng, 3) {
            0 => Duration::from_secs(30),
            _ => {
                call = call.timeout(limit);
                limit
            }
        };
        if chance(rng, 0.5) {
            call = call.attempt_timeout(Duration::from_millis(below(rng, 150)));
        }
        call = match below(rng, 4) {
            0 => call.hedging(hedging(rng)),
            1 => call.no_hedging(),
            _ => call,
        };
        call = match below(rng, 4) {
            0 => call.breaker(breaker(rng)),
            1 => call.no_breaker(),
            _ => call,
        };
        (call, limit)
    }

    async fn run(self: Rc<Self>, id: usize) {
        let (call, mut limit) = self.call(id);
        let began = self.clock.elapsed();
        // Some are made on behalf of a caller with a deadline of its own.
        let inherited = chance(&*self.rng, 0.2).then(|| Duration::from_millis(below(&*self.rng, 300)));
        limit = inherited.map_or(limit, |inherited| limit.min(inherited));
        let answer = call.send_json::<u8>().into_future();
        let answer = async {
            match inherited {
                Some(inherited) => deadline::scope(self.clock.now() + inherited, answer).await,
                None => answer.await,
            }
        };
        let patience: Sleep = match chance(&*self.rng, 0.15) {
            true => self.clock.sleep(Duration::from_millis(below(&*self.rng, 100))),
            false => Box::pin(std::future::pending()),
        };
        let result = match select(pin!(answer), patience).await {
            Either::Left((result, _)) => Some(result),
            Either::Right(_) => None,
        };
        let late = (self.clock.elapsed() - began).saturating_sub(limit);
        with(&self.seen, |seen| {
            if let Some(seen) = seen.get_mut(id) {
                seen.ended += 1;
                seen.how = How::of(result.as_ref());
            }
        });
        with(&self.report, |report| {
            let ending = result.as_ref().map_or_else(|| "dropped by the caller".to_owned(), ending);
            Report::count(&mut report.endings, ending);
            Report::most(
                &mut report.numbers,
                "most microseconds after the deadline",
                late.as_micros() as u64,
            );
            if late > LATE {
                report.broken.push(format!("{id} ended {late:?} after its deadline"));
            }
        });
    }
}
