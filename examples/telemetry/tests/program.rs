//! The program as a user starts it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::{Command, Output};

fn telemetry(variable: (&str, &str)) -> Output {
    Command::new(env!("CARGO_BIN_EXE_telemetry")).env(variable.0, variable.1).output().unwrap()
}

/// The collector is on this machine, of which a proxy knows nothing.
#[test]
fn a_proxy_is_not_in_the_way() {
    // Nothing listens on port 1.
    let output = telemetry(("http_proxy", "http://127.0.0.1:1"));
    let (said, wrong) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{wrong}");
    assert!(said.trim_end().ends_with("11 spans, 11 lines and the reply agree"), "{said}");
    assert_eq!(wrong, "");
}

#[test]
fn a_switch_that_leaves_nothing_to_show_is_named() {
    let output = telemetry(("OTEL_SDK_DISABLED", "true"));
    assert!(!output.status.success());
    let wrong = String::from_utf8(output.stderr).unwrap();
    assert!(wrong.contains("OTEL_SDK_DISABLED"), "{wrong}");
}
