use rpc_runtime::EndpointHealth::{self, Ejected, Open};

use super::*;
use crate::observation::Attempt;
use crate::server::Server;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// What a scenario of three servers says of an observation: one that leaves after a minute, and at most three requests at once.
#[track_caller]
fn broken(change: impl FnOnce(&mut Observation), part: &str) {
    let [a, b, c] = ["a", "b", "c"].map(|name| Server::new(name, millis(10)));
    let mut scenario = Scenario::new("three", "three servers", vec![a, b, c.leaves(secs(60))]);
    scenario.length = secs(100);
    scenario.max_in_flight = Some(3);
    let attempts = (0..3).map(|server| Attempt { at: millis(10), until: millis(20), server }).collect();
    let states = (1..=100).map(|second| (secs(second), vec![state(0, Open), state(1, Open)])).collect();
    let end = vec![state(0, Open), state(1, Open)];
    let mut seen = Observation { states, attempts, end, ..Observation::default() };
    assert_eq!(check(&scenario, &seen), Vec::<String>::new());
    change(&mut seen);
    let rules = check(&scenario, &seen);
    assert!(rules.iter().any(|rule| rule.contains(part)), "{part}: {rules:?}");
}

fn state(server: usize, health: EndpointHealth) -> State {
    State { server, health, in_flight: 0 }
}

const OUT: EndpointHealth = Ejected(secs(1));

#[test]
fn the_rules_can_be_broken() {
    broken(|seen| seen.end[1].in_flight = 1, "b has 1 requests in flight");
    broken(|seen| seen.attempts[0].until = Duration::MAX, "a has a request that never ended");
    broken(|seen| seen.states[3].1.iter_mut().for_each(|state| state.health = OUT), "2 of 2 endpoints");
    broken(|seen| seen.states.iter_mut().for_each(|(_, states)| states[0].health = OUT), "still ejected");
    let attempt = |at, until| Attempt { at: secs(at), until: secs(until), server: 2 };
    broken(|seen| seen.attempts.push(attempt(67, 68)), "when it is not there");
    broken(|seen| seen.attempts.clear(), "gets no call");
    broken(|seen| seen.attempts.extend([attempt(2, 4); 4]), "4 requests at once, with a limit of 3");
    // The second begins two looks after the first, which is still under way.
    let overlapping = [1_100, 3_200].map(|at| Attempt { at: millis(at), until: secs(5), server: 0 });
    broken(
        |seen| {
            seen.states[..6].iter_mut().for_each(|(_, states)| states[0].health = OUT);
            seen.attempts.extend(overlapping);
        },
        "two calls at once",
    );
}

#[test]
fn a_priority_may_be_out_as_a_whole_while_another_is_not() {
    let server = |priority| Server::new("s", millis(10)).with_record(priority, 1);
    let scenario = Scenario::new("two priorities", "", vec![server(0), server(0), server(1), server(1)]);
    #[track_caller]
    fn check(scenario: &Scenario, health: [EndpointHealth; 4], expected: Option<&str>) {
        let states: Vec<State> = (0..).zip(health).map(|(server, health)| state(server, health)).collect();
        assert_eq!(too_many_out(scenario, secs(1), &states).as_deref(), expected);
    }
    check(&scenario, [OUT, Open, Open, OUT], None);
    check(&scenario, [OUT, OUT, Open, Open], None);
    check(&scenario, [OUT, OUT, Open, OUT], Some("at 1s 2 of 2 endpoints are ejected"));
    check(&scenario, [OUT, OUT, OUT, OUT], Some("at 1s 2 of 2 endpoints are ejected"));
}
