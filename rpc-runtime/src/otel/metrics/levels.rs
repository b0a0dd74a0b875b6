//! What is looked at when somebody collects.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;

use super::{Meshes, of};
use crate::balance::EndpointHealth;
use crate::metrics::{Levels, ServiceLevels};

/// Instruments over all meshes. The provider keeps them, and they keep no mesh alive.
pub(super) fn observe(meter: &Meter, meshes: &Meshes) {
    let known = Arc::clone(meshes);
    meter
        .u64_observable_gauge("client.retry.budget")
        .with_unit("{retry}")
        .with_description("Retries that the budget of a service has left.")
        .with_callback(move |observer| {
            let budget = sums(&known, |level, sums| add(sums, level, "", level.retry_budget));
            budget.iter().for_each(|((service, _), left)| observer.observe(*left, &[of(service)]));
        })
        .build();
    let known = Arc::clone(meshes);
    meter
        .i64_observable_up_down_counter("client.endpoints")
        .with_unit("{endpoint}")
        .with_description("Endpoints of a service by state.")
        .with_callback(move |observer| {
            for ((service, state), count) in &sums(&known, count_endpoints) {
                observer.observe(*count as i64, &[of(service), KeyValue::new("state", *state)]);
            }
        })
        .build();
    let known = Arc::clone(meshes);
    meter
        .i64_observable_up_down_counter("client.breaker.open")
        .with_unit("{breaker}")
        .with_description("Breakers that refuse calls.")
        .with_callback(move |observer| {
            let open = |level: &ServiceLevels| level.breakers.iter().filter(|breaker| breaker.open).count();
            let open = sums(&known, |level, sums| add(sums, level, "", open(level) as u64));
            open.iter().for_each(|((service, _), count)| observer.observe(*count as i64, &[of(service)]));
        })
        .build();
}

/// By service and state. Several meshes may have clients of one service.
type Sums = BTreeMap<(String, &'static str), u64>;

fn add(sums: &mut Sums, level: &ServiceLevels, state: &'static str, count: u64) {
    *sums.entry((level.service.as_str().to_owned(), state)).or_default() += count;
}

/// All three states, also those of nobody: a series that stops looks like a client that stopped.
fn count_endpoints(level: &ServiceLevels, sums: &mut Sums) {
    for state in ["available", "ejected", "probing"] {
        add(sums, level, state, 0);
    }
    for endpoint in &level.endpoints {
        let state = match endpoint.health {
            EndpointHealth::Open => "available",
            EndpointHealth::Ejected(_) => "ejected",
            EndpointHealth::Probing => "probing",
        };
        add(sums, level, state, 1);
    }
}

/// Of all meshes that are left.
fn sums(meshes: &Meshes, mut sum: impl FnMut(&ServiceLevels, &mut Sums)) -> Sums {
    let known = {
        let mut known = meshes.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(Levels::is_alive);
        known.clone()
    };
    let mut sums = Sums::new();
    // Not under the lock: a look may tell an event.
    for level in known.iter().filter_map(Levels::services).flatten() {
        sum(&level, &mut sums);
    }
    sums
}
