//! What can be looked at.

use rpc_runtime::testing::ScriptedTransport;
use rpc_runtime::{Breaker, EndpointHealth};

use crate::diary::recorded;
use crate::support::{Client, LONGEST, config, ok, secs, status};

#[tokio::test(start_paused = true)]
async fn levels_follow_and_keep_no_mesh_alive() {
    let transport = ScriptedTransport::answering(rpc_runtime::clock::SystemClock, |request| {
        if request.endpoint.contains("10.0.0.1") { status(500) } else { ok() }
    });
    let (mesh, diary) = recorded(&transport, config(2), LONGEST);
    let mesh = mesh.build().unwrap();
    let [levels] = &diary.levels()[..] else { panic!("one mesh") };
    assert!(levels.services().unwrap().is_empty() && levels.is_alive());
    let client = Client::with_mesh(&mesh).unwrap();
    for _ in 0..12 {
        drop(client.get(7).breaker(Breaker::new(1, secs(60))).await);
        tokio::time::advance(secs(61)).await;
    }
    client.tuned().await.unwrap_err();
    let [service] = &levels.services().unwrap()[..] else { panic!("one service") };
    assert_eq!(service.service.as_str(), "order-service");
    assert_eq!(service.retry_budget, 30);
    assert_eq!(service.endpoints.len(), 2);
    let open = service.endpoints.iter().filter(|status| status.health == EndpointHealth::Open).count();
    assert!(open >= 1);
    let breakers: Vec<_> = service.breakers.iter().map(|breaker| breaker.operation).collect();
    assert_eq!(breakers, [None, Some("Tuned")]);
    drop((client, mesh));
    assert!(levels.services().is_none() && !levels.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_open_and_a_budget_that_is_used() {
    let transport = ScriptedTransport::answering(rpc_runtime::clock::SystemClock, |_| status(503));
    let (mesh, diary) = recorded(&transport, config(1), LONGEST);
    let mesh = mesh.build().unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    client.get(7).breaker(Breaker::new(1, secs(60))).await.unwrap_err();
    let [service] = &diary.levels()[0].services().unwrap()[..] else { panic!("one service") };
    assert_eq!(service.retry_budget, 28);
    assert!(service.breakers[0].open);
}
