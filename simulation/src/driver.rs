//! Runs a scenario.

use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_executor::{LocalPool, LocalSpawner};
use futures_util::future::{Either, select};
use futures_util::task::LocalSpawnExt as _;
use rpc_runtime::clock::{Clock, Sleep};
use rpc_runtime::rng::Rng;
use rpc_runtime::testing::{ManualClock, SeededRng};
use rpc_runtime::{Client, EndpointStatus, Mesh};

use crate::names;
use crate::observation::{Call, End, Observation, State};
use crate::policy::Policy;
use crate::scenario::Scenario;
use crate::wire::{Wire, server_at};

/// How often the endpoints are looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Sends a scenario's calls through a client with this policy. The same seed gives the same observation.
///
/// # Errors
/// When the policy makes no client.
pub fn run(scenario: &Scenario, policy: Policy, seed: u64) -> anyhow::Result<Observation> {
    let clock = ManualClock::new();
    let servers = scenario.servers.clone().into();
    let wire = Wire::new(&clock, &servers, seed);
    let jitter = Arc::new(SeededRng::new(seed.wrapping_add(3)));
    let mesh = Mesh::builder()
        .config(policy.config(scenario.max_in_flight)?)
        .clock(clock.clone())
        .rng(SeededRng::new(seed.wrapping_add(1)))
        .discover(names::discovery(&clock, &servers, jitter))
        .transport(wire.clone())
        .build()?;
    let client = Client::untyped(&mesh, "service")?;

    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    let calls = Rc::new(Mutex::new(Vec::new()));
    let states = Rc::new(Mutex::new(Vec::new()));
    let arrivals =
        arrivals(scenario.clone(), clock.clone(), client, Rc::clone(&calls), seed, spawner.clone());
    spawner.spawn_local(arrivals)?;
    spawner.spawn_local(look(scenario.clone(), clock.clone(), mesh.clone(), Rc::clone(&states)))?;
    loop {
        pool.run_until_stalled();
        if !clock.advance_to_next() {
            break;
        }
    }
    let attempts = std::mem::take(&mut *wire.attempts());
    Ok(Observation {
        calls: taken(&calls),
        attempts,
        states: taken(&states),
        end: endpoints(scenario, &mesh),
    })
}

type Shared<T> = Rc<Mutex<Vec<T>>>;

fn taken<T>(shared: &Shared<T>) -> Vec<T> {
    std::mem::take(&mut *shared.lock().unwrap_or_else(PoisonError::into_inner))
}

fn push<T>(shared: &Shared<T>, value: T) {
    shared.lock().unwrap_or_else(PoisonError::into_inner).push(value);
}

/// Calls come at random moments, whether the ones before have ended or not (a Poisson process, an open loop).
async fn arrivals(
    scenario: Scenario,
    clock: ManualClock,
    client: Client,
    calls: Shared<Call>,
    seed: u64,
    spawner: LocalSpawner,
) {
    let rng = Arc::new(SeededRng::new(seed.wrapping_add(2)));
    let mut next = 0.0;
    loop {
        next -= (1.0 - rng.unit()).ln() / scenario.rate_at(Duration::from_secs_f64(next));
        let at = Duration::from_secs_f64(next);
        if at >= scenario.length {
            return;
        }
        clock.sleep(at.saturating_sub(clock.elapsed())).await;
        let (clock, client, calls) = (clock.clone(), client.clone(), Rc::clone(&calls));
        let call = async move {
            let at = clock.elapsed();
            let patience: Sleep = match scenario.patience {
                Some(patience) => clock.sleep(patience),
                None => Box::pin(std::future::pending()),
            };
            let end = match select(pin!(client.get("/").send_json::<u8>().into_future()), patience).await {
                Either::Left((result, _)) => End::of(&result),
                Either::Right(_) => End::Dropped,
            };
            push(&calls, Call { at, took: clock.elapsed() - at, end });
        };
        // The pool lives as long as this future, which it runs.
        let _ = spawner.spawn_local(call);
    }
}

async fn look(scenario: Scenario, clock: ManualClock, mesh: Mesh, states: Shared<(Duration, Vec<State>)>) {
    while clock.elapsed() < scenario.length {
        clock.sleep(LOOK).await;
        push(&states, (clock.elapsed(), endpoints(&scenario, &mesh)));
    }
}

fn endpoints(scenario: &Scenario, mesh: &Mesh) -> Vec<State> {
    let state = |status: &EndpointStatus| {
        let server = server_at(scenario.servers.len(), &status.endpoint)?;
        Some(State { server, health: status.health, in_flight: status.in_flight })
    };
    mesh.endpoints("service").iter().filter_map(state).collect()
}
