//! Recorded calls: their end, their bound, and faults that have no place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::io::ErrorKind;
use std::time::Duration;

use rpc_mock::{Fault, Mock, Recorded};
use support::{get, http1, http2, service};
use tokio::sync::mpsc;

/// A mock with this fault, and the calls that have ended.
async fn observed(fault: Fault) -> (Mock, mpsc::UnboundedReceiver<Recorded>) {
    let (sender, ended) = mpsc::unbounded_channel();
    let service = service().fault(fault).observe(move |call| sender.send(call.clone()).unwrap());
    (service.start().await.unwrap(), ended)
}

#[tokio::test]
async fn every_call_ends_once() {
    for (fault, status) in [
        (Fault::status(503), Some(503)),
        (Fault::drip(16, Duration::from_millis(1)), Some(200)),
        (Fault::truncate(), Some(200)),
        (Fault::close(), None),
        (Fault::reset(), None),
        (Fault::lose(), None),
        // Here the client goes away.
        (Fault::hang(), None),
    ] {
        for client in [http1(), http2()] {
            let (mock, mut ended) = observed(fault.clone()).await;
            let limit = Duration::from_millis(if fault == Fault::hang() { 100 } else { 60_000 });
            let call = client.get(format!("{}/orders/7", mock.url())).timeout(limit);
            if let Ok(reply) = call.send().await {
                let _ = reply.bytes().await;
            }
            drop(client);
            let call = ended.recv().await.unwrap();
            assert_eq!(call.status.map(|status| status.as_u16()), status, "{fault}");
            assert_eq!((call.operation.as_deref(), call.fault.is_some()), (Some("get_order"), true));
            let calls = mock.take_calls();
            assert_eq!((calls.len(), mock.calls().len()), (1, 0), "{fault}");
            assert_eq!(calls[0].elapsed, call.elapsed, "{fault}");
            drop(mock);
            assert!(ended.recv().await.is_none(), "{fault}: it ended twice");
        }
    }
}

/// tokio's clock is paused: it jumps to the next timer when nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn calls_take_the_time_of_delays_and_streams() {
    for fault in [Fault::delay(Duration::from_secs(3600)), Fault::drip(1_000_000, Duration::from_secs(3600))]
    {
        let (mock, mut ended) = observed(fault.clone()).await;
        get(&http1(), &mock, "/orders/7").await;
        let took = ended.recv().await.unwrap().elapsed.as_secs();
        assert!((3600..3660).contains(&took), "{fault}: {took} s");
    }
}

#[tokio::test]
async fn a_panic_of_the_observer_ends_nothing() {
    let mock = service().observe(|_| panic!("on purpose")).start().await.unwrap();
    assert_eq!(get(&http1(), &mock, "/orders/7").await.0, 200);
    assert_eq!(mock.calls().len(), 1);
}

#[tokio::test]
async fn only_the_last_calls_are_kept() {
    for (limit, expected) in [
        (0, &[][..]),
        (2, &["/orders/3", "/orders/4"]),
        (9, &["/orders/1", "/orders/2", "/orders/3", "/orders/4"]),
    ] {
        let mock = service().record(limit).fault(Fault::status(503).after(3)).start().await.unwrap();
        let client = http1();
        for id in 1..=4 {
            get(&client, &mock, &format!("/orders/{id}")).await;
        }
        let calls = mock.calls();
        assert_eq!(calls.iter().map(|call| call.path.as_str()).collect::<Vec<_>>(), expected);
        if let Some(last) = calls.last() {
            assert_eq!(last.status.unwrap(), 503, "faults count calls that are not kept");
        }
    }
}

#[tokio::test]
async fn faults_that_never_strike_are_refused() {
    let mock = service().start().await.unwrap();
    for (fault, part) in [
        (
            Fault::close().on("get_ordr"),
            "fault `get_ordr=close`: there is no operation `get_ordr`, only: get_order, ",
        ),
        (Fault::close().at(1), "service `orders`: fault `@1=close`: instances have the numbers 0 to 0"),
        (Fault::close().times(0), "fault `=close,times:0`: `times:0` never strikes"),
        (Fault::close().every(0), "fault `=close,every:0`: `every:0` never strikes"),
        (Fault::close().flapping(0, 0), "fault `=close,flapping:0/0`: `flapping` with no bad calls never"),
    ] {
        let error = service().fault(fault.clone()).start().await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        let error = mock.fault(fault).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(part), "{error}");
    }
    mock.fault(Fault::status(503).on("get_order").at(0)).unwrap();
    assert_eq!(get(&http1(), &mock, "/orders/7").await.0, 503);
}
