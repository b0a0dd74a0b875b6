//! What is told adds up, also when calls are dropped wherever they wait.

use std::future::IntoFuture as _;

use rpc_runtime::Hedging;
use rpc_runtime::clock::SystemClock;
use rpc_runtime::testing::{Script, ScriptedTransport};

use crate::diary::client;
use crate::support::{millis, ok, poll_and_drop, status};

/// A service that is slow, breaks, fails and succeeds by turns.
fn moody() -> ScriptedTransport {
    let mut count = 0;
    ScriptedTransport::answering(SystemClock, move |_| {
        count += 1;
        match count % 7 {
            0 => Script::refused(),
            1 => status(503).after(millis(3)),
            2 => ok().after(millis(12)),
            3 => Script::reset().after(millis(2)),
            4 => status(404),
            5 => status(429).header("retry-after", "1"),
            _ => ok(),
        }
    })
}

#[tokio::test(start_paused = true)]
async fn attempts_are_calls_and_retries_and_hedges() {
    let (mut retries, mut hedges, mut dropped) = (0, 0, 0);
    for times in 0..90 {
        let transport = moody();
        let (client, diary) = client(&transport, 3).await;
        const CALLS: usize = 30;
        for _ in 0..CALLS {
            let call = client.get(7).hedging(Hedging::After(millis(5)));
            poll_and_drop(call.into_future(), times).await;
        }
        let lines = diary.take();
        let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
        let calls = if times == 0 { 0 } else { CALLS };
        assert_eq!(count("call "), calls, "after {times} polls: {lines:#?}");
        let begun = calls - lines.iter().filter(|line| line.contains(" after 0 ")).count();
        assert_eq!(count("attempt "), begun + count("retry") + count("hedge: sent"), "{lines:#?}");
        assert_eq!(count("attempt "), transport.sent().len() + count("attempt 1 unsent"), "{lines:#?}");
        assert!(count("hedge: won") <= count("hedge: sent"));
        let made = lines.iter().filter_map(|line| line.split_once(" after ")).map(|(_, rest)| {
            let (attempts, _) = rest.split_once(' ').unwrap();
            attempts.parse::<usize>().unwrap()
        });
        assert_eq!(count("attempt "), made.sum::<usize>());
        retries += count("retry");
        hedges += count("hedge: sent");
        dropped += lines.iter().filter(|line| line.contains(": dropped ")).count();
    }
    assert!(retries > 100 && hedges > 10 && dropped > 100, "{retries} {hedges} {dropped}");
}
