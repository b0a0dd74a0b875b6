//! Events of endpoints and of discovery.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rpc_runtime::clock::SystemClock;
use rpc_runtime::discovery::{Answer, Resolve, Resolving, Target};
use rpc_runtime::testing::ScriptedTransport;
use rpc_runtime::{ClientConfig, Mesh};

use crate::diary::{Diary, client};
use crate::support::{Client, LONGEST, ok, secs, status};

fn ejections(diary: &Diary) -> Vec<String> {
    diary.take_but(&["attempt", "call", "retry", "suppressed", "discovered"])
}

/// One of two endpoints fails, is tried, fails again, is tried, and is back.
#[tokio::test(start_paused = true)]
async fn out_and_back() {
    let broken = Arc::new(Mutex::new(true));
    let fails = Arc::clone(&broken);
    let transport = ScriptedTransport::answering(SystemClock, move |request| {
        let bad = request.endpoint.contains("10.0.0.1") && *fails.lock().unwrap();
        if bad { status(500) } else { ok() }
    });
    let (client, diary) = client(&transport, 2).await;
    let some = async || {
        for _ in 0..12 {
            drop(client.get(7).await);
        }
    };
    some().await;
    assert_eq!(ejections(&diary), ["ejected: http://10.0.0.1:8000 consecutive"]);
    tokio::time::advance(secs(5)).await;
    some().await;
    assert_eq!(ejections(&diary), ["ejected: http://10.0.0.1:8000 probe"]);
    *broken.lock().unwrap() = false;
    tokio::time::advance(secs(10)).await;
    some().await;
    assert_eq!(ejections(&diary), ["returned: http://10.0.0.1:8000"]);
}

/// Too few successes, without five failures in a row.
#[tokio::test(start_paused = true)]
async fn out_by_ratio() {
    let mut count = 0;
    let transport = ScriptedTransport::answering(SystemClock, move |request| {
        if !request.endpoint.contains("10.0.0.1") {
            return ok();
        }
        count += 1;
        if count % 2 == 0 { status(500) } else { ok() }
    });
    let (client, diary) = client(&transport, 2).await;
    for _ in 0..60 {
        drop(client.get(7).await);
    }
    assert_eq!(ejections(&diary), ["ejected: http://10.0.0.1:8000 ratio"]);
}

/// Answers with what a test says.
#[derive(Debug, Clone, Default)]
struct Names(Arc<Mutex<Option<Vec<u8>>>>);

impl Resolve for Names {
    fn resolve(&self, _: &str, port: u16) -> Resolving {
        let answer = match &*self.0.lock().unwrap() {
            Some(last) => {
                let target = |last: &u8| Target::new(SocketAddr::from(([10, 0, 0, *last], port)));
                Ok(Answer::found(last.iter().map(target), None))
            }
            None => Err(std::io::Error::other("the name server is down")),
        };
        Box::pin(std::future::ready(answer))
    }
}

#[tokio::test(start_paused = true)]
async fn sets_that_change_and_lookups_that_fail() {
    let transport = ScriptedTransport::answering(SystemClock, |_| ok());
    let (diary, names) = (Diary::default(), Names::default());
    let config = ClientConfig::builder().service("order-service", "http://orders:8000").build().unwrap();
    let mesh = Mesh::builder().config(config).transport(transport).resolver(names.clone()).rng(LONGEST);
    let mesh = mesh.recorder(diary.clone()).build().unwrap();
    let client = Client::with_mesh(&mesh).unwrap();
    let told = || diary.take_but(&["attempt", "call", "retry", "suppressed"]);
    for (answer, expected) in [
        (Some(vec![1, 2, 3]), &["discovered: 3 +3 -0"][..]),
        (Some(vec![1, 2, 3]), &[]),
        (Some(vec![2, 4]), &["discovered: 2 +1 -2"]),
        (None, &["lookup failed: Some(\"order-service\")"]),
    ] {
        *names.0.lock().unwrap() = answer;
        // Due, looked up by the first call, used by the second.
        tokio::time::advance(secs(40)).await;
        for _ in 0..2 {
            client.get(7).await.unwrap();
            tokio::task::yield_now().await;
        }
        assert_eq!(told(), expected);
    }
}

#[test]
fn a_file_of_services_that_cannot_be_read() {
    let path = std::env::temp_dir().join(format!("rpc-runtime-metrics-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"order-service": "http://10.0.0.1:8000"}"#).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(async {
        let transport = ScriptedTransport::answering(SystemClock, |_| ok());
        let diary = Diary::default();
        let config = ClientConfig::builder().services_file(&path).dns_fallback(false).build().unwrap();
        let mesh = Mesh::builder().config(config).transport(transport).recorder(diary.clone());
        let client = Client::with_mesh(&mesh.build().unwrap()).unwrap();
        client.get(7).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        tokio::time::advance(secs(2)).await;
        client.get(7).await.unwrap();
        let lines = diary.take_but(&["attempt", "call"]);
        assert_eq!(lines, ["discovered: 1 +1 -0", "lookup failed: None"]);
    });
}
