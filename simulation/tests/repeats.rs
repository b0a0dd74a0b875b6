//! How much more servers get than calls are made, when requests fail, and what hedging is worth.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::time::Duration;

use simulation::{Figures, Policy, Scenario};
use simulation::{check, failing, run, slow_replies, unreachable};

/// The figures of so many seconds in which no rule is broken.
#[track_caller]
fn figures(mut scenario: Scenario, policy: Policy, seconds: u64) -> Figures {
    scenario.length = Duration::from_secs(seconds);
    let seen = run(&scenario, policy, 1).unwrap();
    assert_eq!(check(&scenario, &seen), Vec::<String>::new(), "{} with {}", scenario.name, policy.name);
    Figures::of(&scenario, &seen)
}

/// Attempts per call are in this range, and at least this part of the calls succeeds, whatever the policy.
#[track_caller]
fn attempts(scenario: &Scenario, seconds: u64, least: f64, most: f64, success: f64) {
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let figures = figures(scenario.clone(), policy, seconds);
        let seen = (figures.attempts, figures.success);
        assert!((least..=most).contains(&seen.0), "{}, {} calls/s: {seen:?}", policy.name, scenario.rate);
        assert!(seen.1 >= success, "{}, {} calls/s: {seen:?}", policy.name, scenario.rate);
    }
}

#[test]
fn when_all_fail_servers_get_a_quarter_more_at_most() {
    // A fifth, and three a second: at 100 calls/s that is 1.23, at 500 it is 1.206.
    attempts(&failing(1.0, 100.0), 40, 1.2, 1.25, 0.0);
    attempts(&failing(1.0, 500.0), 8, 1.2, 1.25, 0.0);
}

#[test]
fn when_one_in_a_hundred_fails_next_to_nothing_is_sent_again_and_nobody_notices() {
    for (rate, seconds) in [(100.0, 40), (500.0, 8)] {
        attempts(&failing(0.01, rate), seconds, 1.002, 1.05, 0.999);
    }
}

#[test]
fn few_calls_may_be_sent_again_all_the_same() {
    // 1.2 times the calls, and 3 a second: of 10 a second that is 1.5.
    attempts(&failing(1.0, 10.0), 120, 1.4, 1.2 + 3.0 / 10.0, 0.0);
}

#[test]
fn refused_connections_are_dialled_twice_and_by_budget() {
    for (rate, seconds) in [(10.0, 120), (100.0, 60), (500.0, 20)] {
        attempts(&unreachable(rate), seconds, 1.9, 2.0 + 0.2 + 3.0 / rate, 0.0);
    }
}

#[test]
fn hedging_halves_the_slowest_for_a_twentieth_more() {
    let [without, with] = [Policy::P2C, Policy::HEDGED].map(|policy| figures(slow_replies(), policy, 16));
    let p99 = |figures: &Figures| figures.percentiles[2];
    assert_eq!(without.attempts, 1.0);
    assert!(with.attempts <= 1.05, "{}", with.attempts);
    assert!(p99(&with) * 2 <= p99(&without), "{:?} {:?}", p99(&with), p99(&without));
    assert_eq!((without.success, with.success), (1.0, 1.0));
}
