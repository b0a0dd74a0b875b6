//! What the policies promise, held against what happens in the scenarios.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::time::Duration;

use simulation::{Answer, End, Figures, Observation, Policy, Scenario};
use simulation::{check, priorities, run, scale_up, scenarios};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A scenario by its name, cut to this length and to as many calls as the figures need: these tests run without optimisation.
fn scenario(name: &str, length: u64, rate: f64) -> Scenario {
    let mut scenario = scenarios().into_iter().find(|scenario| scenario.name == name).unwrap();
    scenario.length = secs(length);
    scenario.rate = rate;
    scenario
}

/// A run in which no rule is broken.
#[track_caller]
fn observed(scenario: &Scenario, policy: Policy) -> (Observation, Figures) {
    let seen = run(scenario, policy, 1).unwrap();
    assert_eq!(check(scenario, &seen), Vec::<String>::new(), "{} with {}", scenario.name, policy.name);
    let figures = Figures::of(scenario, &seen);
    (seen, figures)
}

#[test]
fn one_slow_node_does_not_make_the_slowest_calls() {
    let scenario = scenario("slow node", 10, 300.0);
    let p99 = |policy| observed(&scenario, policy).1.percentiles[2];
    let (turns, load) = (p99(Policy::ROUND_ROBIN), p99(Policy::P2C));
    assert!(load * 5 <= turns, "{load:?} {turns:?}");
}

#[test]
fn a_node_that_fails_fast_gets_next_to_nothing() {
    for policy in [Policy::LOAD, Policy::P2C, Policy::ROUND_ROBIN] {
        let (_, figures) = observed(&scenario("fast-503 node", 10, 200.0), policy);
        assert!(figures.odd_share < 0.02, "{}: {}", policy.name, figures.odd_share);
        assert!(figures.success > 0.999, "{}: {}", policy.name, figures.success);
    }
}

#[test]
fn a_new_node_gets_its_part_in_its_first_second() {
    let cases = [(2, Policy::P2C), (10, Policy::P2C), (50, Policy::P2C), (10, Policy::ROUND_ROBIN)];
    for (millis, policy) in cases {
        let mut scenario = scale_up(Duration::from_millis(millis));
        (scenario.rate, scenario.length) = (400.0, secs(8));
        let (seen, _) = observed(&scenario, policy);
        // From the moment that the client knows it.
        let first = seen.attempts.iter().find(|attempt| attempt.server == 9).unwrap().at;
        let share = seen.share(9, first, first + secs(1));
        assert!(share >= 0.7 / 10.0, "{millis} ms, {}: {share}", policy.name);
        assert!(share <= 2.0 / 10.0, "{millis} ms, {}: {share}", policy.name);
    }
}

#[test]
fn a_dead_node_and_a_silent_one_cost_nobody_a_call() {
    for (name, least) in [("dead node", 1.0), ("silent node", 0.9999)] {
        let (_, figures) = observed(&scenario(name, 20, 200.0), Policy::P2C);
        assert!(figures.success >= least, "{name}: {}", figures.success);
        assert!(figures.odd_share < 0.08, "{name}: {}", figures.odd_share);
    }
}

#[test]
fn a_node_that_comes_and_goes_costs_nobody_a_call() {
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let (seen, figures) = observed(&scenario("flapping node", 20, 200.0), policy);
        assert!(figures.success > 0.999, "{}: {}", policy.name, figures.success);
        assert!(seen.share(9, secs(0), secs(5)) > 0.05, "{}", policy.name);
        assert!(seen.share(9, secs(5), secs(10)) < 0.02, "{}", policy.name);
    }
}

#[test]
fn after_a_full_outage_everything_is_as_before() {
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let (seen, _) = observed(&scenario("full outage", 110, 50.0), policy);
        let late: Vec<_> = seen.calls.iter().filter(|call| call.at > secs(41)).collect();
        assert!(late.len() > 3_000 && late.iter().all(|call| call.is_ok()), "{}", policy.name);
        for server in 0..10 {
            let share = seen.share(server, secs(100), secs(110));
            assert!(share > 0.02, "{}: n{server} {share}", policy.name);
        }
    }
}

#[test]
fn a_node_that_left_gets_no_call() {
    observed(&scenario("scale-down", 30, 200.0), Policy::P2C);
}

#[test]
fn pauses_hold_up_fewer_calls() {
    let scenario = scenario("pauses", 20, 300.0);
    // Not those of the first round: who has not paused yet looks so much better then that it gets nearly everything.
    let held_up = |policy| {
        let seen = observed(&scenario, policy).0;
        seen.calls.iter().filter(|call| call.at > secs(10) && call.took > Duration::from_millis(50)).count()
    };
    let (turns, load) = (held_up(Policy::ROUND_ROBIN), held_up(Policy::P2C));
    assert!(load * 2 < turns, "{load} {turns}");
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let scenario = scenario("fast-503 node", 2, 300.0);
    let figures = |seed| Figures::of(&scenario, &run(&scenario, Policy::P2C, seed).unwrap());
    let seven = figures(7);
    assert_eq!(seven, figures(7));
    assert_ne!(seven, figures(8));
}

#[test]
fn callers_who_give_up_show_who_is_slow_and_eject_nobody() {
    let scenario = scenario("impatient callers", 15, 200.0);
    // (policy, the least and the most of the slow server's share)
    for (policy, least, most) in [(Policy::ROUND_ROBIN, 0.09, 0.11), (Policy::P2C, 0.001, 0.05)] {
        let (seen, figures) = observed(&scenario, policy);
        assert!((least..=most).contains(&figures.odd_share), "{}: {}", policy.name, figures.odd_share);
        assert_eq!(figures.ejected, 0.0, "{}", policy.name);
        // Whoever called the slow one gave up; nobody else did, and nobody got an error.
        let dropped = seen.calls.iter().filter(|call| call.end == End::Dropped).count();
        let slow = seen.attempts.iter().filter(|attempt| attempt.server == 9).count();
        assert_eq!(dropped, slow, "{}", policy.name);
        assert!(seen.calls.iter().all(|call| call.is_ok() || call.end == End::Dropped), "{}", policy.name);
    }
}

#[test]
fn what_is_too_much_is_refused_at_once_and_the_rest_is_served() {
    let scenario = scenario("overload", 30, 100.0);
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let (seen, figures) = observed(&scenario, policy);
        // Of 1,000 calls a second the ten servers can take 3 each, ten times a second.
        let burst: Vec<_> =
            seen.calls.iter().filter(|call| (secs(20)..secs(25)).contains(&call.at)).collect();
        let served = burst.iter().filter(|call| call.is_ok()).count() as f64 / 5.0;
        assert!((280.0..=310.0).contains(&served), "{}: {served}", policy.name);
        let refused = burst.iter().filter(|call| call.end == End::Overload);
        assert_eq!(
            refused.clone().count(),
            burst.iter().filter(|call| !call.is_ok()).count(),
            "{}",
            policy.name
        );
        assert!(refused.clone().all(|call| call.took == Duration::ZERO), "{}", policy.name);
        // Nobody waits in a queue, and everybody is busy; a tenth of a second later all is as before.
        assert!(figures.percentiles[3] <= Duration::from_millis(120), "{}: {figures:?}", policy.name);
        assert!((0..10).all(|server| seen.most_at_once(server) == 3), "{}", policy.name);
        let others =
            seen.calls.iter().filter(|call| call.at < secs(20) || call.at > Duration::from_millis(25_120));
        assert!(others.clone().count() > 2_000 && others.clone().all(|call| call.is_ok()), "{}", policy.name);
        assert_eq!(figures.ejected, 0.0, "{}", policy.name);
    }
}

#[test]
fn errors_that_are_everybodys_eject_nobody() {
    // By load, who had an error is shunned for a while; over minutes that evens out.
    for (policy, most_off) in [(Policy::P2C, 0.05), (Policy::ROUND_ROBIN, 0.005)] {
        let (seen, figures) = observed(&scenario("random errors", 120, 40.0), policy);
        assert_eq!(figures.ejected, 0.0, "{}", policy.name);
        assert!(figures.success > 0.999, "{}: {}", policy.name, figures.success);
        assert!((1.005..1.02).contains(&figures.attempts), "{}: {}", policy.name, figures.attempts);
        for server in 0..10 {
            let share = seen.share(server, secs(0), secs(120));
            assert!((share - 0.1).abs() < most_off, "{}: n{server} {share}", policy.name);
        }
    }
}

#[test]
fn one_of_two_carries_on_and_the_other_comes_back() {
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let (seen, figures) = observed(&scenario("one of two", 110, 40.0), policy);
        assert_eq!(figures.success, 1.0, "{}", policy.name);
        let dead = seen.share(1, secs(10), secs(40));
        assert!(dead > 0.0 && dead < 0.02, "{}: {dead}", policy.name);
        // By load, its first failure makes it so unattractive that there is nothing to eject.
        assert_eq!(figures.ejected > 0.0, policy == Policy::ROUND_ROBIN, "{}", policy.name);
        let back = seen.share(1, secs(100), secs(110));
        assert!((0.4..0.6).contains(&back), "{}: {back}", policy.name);
    }
}

#[test]
fn weights_are_shares() {
    let scenario = scenario("weights", 10, 300.0);
    let share = |policy| observed(&scenario, policy).1.odd_share;
    let turns = share(Policy::ROUND_ROBIN);
    assert!((turns - 0.25).abs() < 0.25 * 0.05, "{turns}");
    // By load, weights say who is drawn: the light one has a part in 7 of 16 pairs, and wins when less is in flight at it.
    let load = share(Policy::P2C);
    assert!((0.25..7.0 / 16.0).contains(&load), "{load}");
}

/// The part of the attempts that servers of priority 1 got between these seconds.
fn second(seen: &Observation, from: u64, until: u64) -> f64 {
    (2..4).map(|server| seen.share(server, secs(from), secs(until))).sum()
}

#[test]
fn the_second_priority_takes_over_when_nobody_of_the_first_can_be_reached() {
    let mut scenario = priorities(Answer::Refused);
    scenario.rate = 40.0;
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let (seen, figures) = observed(&scenario, policy);
        assert_eq!(figures.success, 1.0, "{}", policy.name);
        assert_eq!(second(&seen, 0, 20), 0.0, "{}", policy.name);
        let alone = second(&seen, 21, 40);
        assert!(alone > 0.95, "{}: {alone}", policy.name);
        assert_eq!(second(&seen, 100, 110), 0.0, "{}", policy.name);
    }
}

#[test]
fn the_second_priority_takes_what_is_sent_again_when_the_first_fails() {
    let mut scenario = priorities(Answer::Unavailable(Duration::from_millis(1)));
    (scenario.rate, scenario.length) = (40.0, secs(60));
    let (seen, figures) = observed(&scenario, Policy::ROUND_ROBIN);
    // A priority gives way when it cannot be reached (RFC 2782), not for what it answers: each call begins there, and of
    // those that fail no more are sent again, to the second, than the retry budget allows: 0.2 x 40 + 3 a second.
    assert!((0.7..0.8).contains(&figures.success), "{}", figures.success);
    assert_eq!(second(&seen, 0, 20), 0.0);
    let again = second(&seen, 25, 40);
    assert!((0.1..=11.0 / 51.0).contains(&again), "{again}");
    assert_eq!(second(&seen, 50, 60), 0.0);
}
