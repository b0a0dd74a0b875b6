//! The short form of what `cargo xtask chaos` does with many more calls.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use chaos::{Report, scripted, sockets};

/// No rule is broken; and every fault was injected, requests were sent again, and a request that must not be processed twice
/// was sent again where that is safe: the rules were put to the test.
#[track_caller]
fn check(report: &Report, faults: usize) {
    assert_eq!(report.broken, [""; 0], "{report}");
    assert_eq!(report.faults.len(), faults, "{report}");
    for kind in ["GET", "PUT", "POST with key"] {
        assert!(
            report.number(&format!("most of one call that may have been processed, {kind}")) > 1,
            "{report}"
        );
    }
    assert_eq!(report.number("most of one call that may have been processed, POST"), 1, "{report}");
    for ending in ["value", "call timeout", "attempt timeout", "dropped by the caller", "HTTP 503"] {
        assert!(report.endings.contains_key(ending), "{ending}: {report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_sockets_nothing_is_processed_twice_that_must_not_be() {
    let report = sockets(2_000, 1).await.unwrap();
    check(&report, 14);
    assert!(report.number("most requests read of one call, POST") > 1, "{report}");
}

#[test]
fn in_virtual_time_each_call_ends_once_and_in_time() {
    let report = scripted(10_000, 1).unwrap();
    check(&report, 15);
    assert!(report.endings.contains_key("overload"), "{report}");
}
