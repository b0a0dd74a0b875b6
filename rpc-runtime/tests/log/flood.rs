//! A service that fails a thousand calls leaves ten lines, and a count.

use std::time::Duration;

use rpc_runtime::Mesh;
use rpc_runtime::clock::SystemClock;
use rpc_runtime::testing::{ScriptedTransport, SeededRng};

use super::{Log, ONE_AT_A_TIME};
use crate::support::{Client, config, ok, status};

fn client(change: impl FnOnce(&mut rpc_runtime::ClientConfig)) -> Client {
    let transport = ScriptedTransport::answering(SystemClock, |request| match request.header("x-case") {
        "500" => status(500),
        "503" => status(503),
        "404" => status(404),
        _ => ok(),
    });
    let mut config = config(1);
    config.ejection = Some(false);
    config.retries = Some(0);
    change(&mut config);
    let mesh = Mesh::builder().config(config).transport(transport).rng(SeededRng::new(1)).build().unwrap();
    Client::with_mesh(&mesh).unwrap()
}

impl Log {
    /// Lines that are no `debug`, without what they say behind their level.
    fn levels(&self) -> String {
        let text = self.text();
        let kept = |line: &&str| !["DEBUG", "span ", "record"].iter().any(|no| line.starts_with(no));
        let lines = text.lines().filter(kept);
        lines.map(|line| line.split_once(' ').unwrap().0.chars().next().unwrap()).collect()
    }

    fn clear(&self) {
        self.0.lock().unwrap().clear();
    }
}

async fn calls(client: &Client, count: usize, case: &str) {
    for _ in 0..count {
        drop(client.get(7).header("x-case", case).await);
    }
}

#[tokio::test(start_paused = true)]
async fn equal_lines_are_counted() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let client = client(|_| {});
    calls(&client, 1_000, "500").await;
    calls(&client, 3, "503").await;
    calls(&client, 12, "404").await;
    // Ten of the first kind, all of the second, ten of the third.
    assert_eq!(log.levels(), ["E"; 13].concat() + &["I"; 10].concat());
    log.clear();
    // Any call tells what was kept back once the time is over, a success too.
    tokio::time::advance(Duration::from_secs(10)).await;
    calls(&client, 1, "").await;
    let text = log.text();
    let mut said: Vec<&str> = text.lines().filter(|line| line.contains("suppressed")).collect();
    said.sort_unstable();
    let [failed, refused] = said[..] else { panic!("{text}") };
    for part in [
        "ERROR ",
        "suppressed=990",
        "failure=500",
        "operation=\"GetOrder\"",
        "in 10s",
        "service=order-service",
    ] {
        assert!(failed.contains(part), "{part}: {failed}");
    }
    assert!(refused.starts_with("INFO ") && refused.contains("suppressed=2"), "{refused}");
    log.clear();
    // The next window begins anew; what it keeps is told when the client goes.
    calls(&client, 15, "500").await;
    assert_eq!(log.levels(), ["E"; 10].concat());
    log.clear();
    drop(client);
    assert!(log.text().contains("suppressed=5"), "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn the_numbers_are_settings() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let two = client(|config| {
        config.log_limit = 2.into();
        config.log_window = Some(Duration::from_secs(1));
    });
    calls(&two, 5, "500").await;
    assert_eq!(log.levels(), "EE");
    tokio::time::advance(Duration::from_secs(1)).await;
    calls(&two, 1, "500").await;
    assert_eq!(log.levels(), "EEEE", "{}", log.text());
    log.clear();
    let all = client(|config| config.log_limit = None.into());
    calls(&all, 100, "500").await;
    drop(all);
    assert_eq!(log.levels(), ["E"; 100].concat());
}

/// Retries are lines of their own.
#[tokio::test(start_paused = true)]
async fn retries_are_counted_too() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let log = Log::default();
    let _here = tracing::subscriber::set_default(log.clone());
    let client = client(|config| config.retries = Some(1));
    calls(&client, 12, "503").await;
    let warnings = log.levels().chars().filter(|level| *level == 'W').count();
    assert_eq!(warnings, 10, "{}", log.text());
    drop(client);
    let text = log.text();
    assert!(text.contains("suppressed 2 lines like \"attempt failed, trying again\""), "{text}");
}
