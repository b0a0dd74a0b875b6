//! What the policies promise, held against what happens in the scenarios.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

use std::time::Duration;

use simulation::{Figures, Observation, Policy, Scenario, check, run, scale_up, scenarios};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A scenario by its name, cut to this length.
fn scenario(name: &str, length: u64) -> Scenario {
    let mut scenario = scenarios().into_iter().find(|scenario| scenario.name == name).unwrap();
    scenario.length = secs(length);
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
    let scenario = scenario("slow node", 15);
    let p99 = |policy| observed(&scenario, policy).1.percentiles[2];
    let (turns, load) = (p99(Policy::ROUND_ROBIN), p99(Policy::P2C));
    assert!(load * 5 <= turns, "{load:?} {turns:?}");
}

#[test]
fn a_node_that_fails_fast_gets_next_to_nothing() {
    for policy in [Policy::LOAD, Policy::P2C, Policy::ROUND_ROBIN] {
        let (_, figures) = observed(&scenario("fast-503 node", 20), policy);
        assert!(figures.odd_share < 0.02, "{}: {}", policy.name, figures.odd_share);
        assert!(figures.success > 0.999, "{}: {}", policy.name, figures.success);
    }
}

#[test]
fn a_new_node_gets_its_part_in_its_first_second() {
    for millis in [2, 10, 50] {
        let scenario = scale_up(Duration::from_millis(millis));
        for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
            let (seen, _) = observed(&scenario, policy);
            // From the moment that the client knows it.
            let first = seen.attempts.iter().find(|attempt| attempt.server == 9).unwrap().at;
            let share = seen.share(9, first, first + secs(1));
            assert!(share >= 0.7 / 10.0, "{millis} ms, {}: {share}", policy.name);
            assert!(share <= 2.0 / 10.0, "{millis} ms, {}: {share}", policy.name);
        }
    }
}

#[test]
fn a_dead_node_and_a_silent_one_cost_nobody_a_call() {
    for (name, least) in [("dead node", 1.0), ("silent node", 0.9999)] {
        let (_, figures) = observed(&scenario(name, 20), Policy::P2C);
        assert!(figures.success >= least, "{name}: {}", figures.success);
        assert!(figures.odd_share < 0.08, "{name}: {}", figures.odd_share);
    }
}

#[test]
fn a_node_that_comes_and_goes_costs_nobody_a_call() {
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let (seen, figures) = observed(&scenario("flapping node", 20), policy);
        assert!(figures.success > 0.999, "{}: {}", policy.name, figures.success);
        assert!(seen.share(9, secs(0), secs(5)) > 0.05, "{}", policy.name);
        assert!(seen.share(9, secs(5), secs(10)) < 0.02, "{}", policy.name);
    }
}

#[test]
fn after_a_full_outage_everything_is_as_before() {
    for policy in [Policy::P2C, Policy::ROUND_ROBIN] {
        let mut scenario = scenario("full outage", 110);
        scenario.rate = 150.0;
        let (seen, _) = observed(&scenario, policy);
        let late: Vec<_> = seen.calls.iter().filter(|call| call.at > secs(41)).collect();
        assert!(late.len() > 5_000 && late.iter().all(|call| call.ok), "{}", policy.name);
        for server in 0..10 {
            let share = seen.share(server, secs(105), secs(110));
            assert!(share > 0.02, "{}: n{server} {share}", policy.name);
        }
    }
}

#[test]
fn a_node_that_left_gets_no_call() {
    observed(&scenario("scale-down", 30), Policy::P2C);
}

#[test]
fn pauses_hold_up_fewer_calls() {
    let scenario = scenario("pauses", 20);
    // Not those of the first round: who has not paused yet looks so much better then that it gets nearly everything.
    let held_up = |policy| {
        let seen = observed(&scenario, policy).0;
        seen.calls.iter().filter(|call| call.at > secs(10) && call.took > Duration::from_millis(50)).count()
    };
    let (turns, load) = (held_up(Policy::ROUND_ROBIN), held_up(Policy::P2C));
    assert!(load * 3 < turns, "{load} {turns}");
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let scenario = scenario("fast-503 node", 2);
    let figures = |seed| Figures::of(&scenario, &run(&scenario, Policy::P2C, seed).unwrap());
    assert_eq!(figures(7), figures(7));
    assert_ne!(figures(7), figures(8));
}

#[test]
fn the_rules_can_be_broken() {
    use rpc_runtime::EndpointHealth::{Ejected, Open};
    use simulation::{Attempt, State};
    /// What a scenario of three servers, the third of which leaves after a minute, says of an observation.
    #[track_caller]
    fn broken(change: impl FnOnce(&mut Observation), part: &str) {
        let servers = ["a", "b", "c"].map(|name| simulation::Server::new(name, Duration::from_millis(10)));
        let [a, b, c] = servers;
        let mut scenario = Scenario::new("three", "three servers", vec![a, b, c.leaves(secs(60))]);
        scenario.length = secs(100);
        let state = |server, health| State { server, health };
        let all_open = |second| (secs(second), vec![state(0, Open), state(1, Open)]);
        let once =
            |server| Attempt { at: Duration::from_millis(10), until: Duration::from_millis(20), server };
        let attempts = (0..3).map(once).collect();
        let states = (1..=100).map(all_open).collect();
        let mut seen = Observation { states, attempts, ..Observation::default() };
        assert_eq!(check(&scenario, &seen), Vec::<String>::new());
        change(&mut seen);
        let rules = check(&scenario, &seen);
        assert!(rules.iter().any(|rule| rule.contains(part)), "{part}: {rules:?}");
    }
    let ejected = Ejected(secs(1));
    broken(|seen| seen.left_in_flight = 1, "1 requests are in flight");
    broken(|seen| seen.states[3].1.iter_mut().for_each(|state| state.health = ejected), "2 of 2 endpoints");
    broken(|seen| seen.states.iter_mut().for_each(|(_, states)| states[0].health = ejected), "still ejected");
    let attempt = |at, until| Attempt { at: secs(at), until: secs(until), server: 2 };
    broken(|seen| seen.attempts.push(attempt(67, 68)), "when it is not there");
    broken(|seen| seen.attempts.clear(), "gets no call");
    // The second begins two looks after the first, which is still under way.
    let overlapping =
        [1_100, 3_200].map(|at| Attempt { at: Duration::from_millis(at), until: secs(5), server: 0 });
    broken(
        |seen| {
            seen.states[..6].iter_mut().for_each(|(_, states)| states[0].health = ejected);
            seen.attempts.extend(overlapping);
        },
        "two calls at once",
    );
}
