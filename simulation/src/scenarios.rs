//! The stories.

use std::time::Duration;

use crate::scenario::Scenario;
use crate::server::{Answer, Server};

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// `n0`, `n1`, …, all alike.
pub(crate) fn servers(count: usize, latency: Duration) -> Vec<Server> {
    (0..count).map(|index| Server::new(format!("n{index}"), latency)).collect()
}

/// Ten servers of 10 ms; the last one is changed.
fn nine_and(change: impl FnOnce(Server) -> Server) -> Vec<Server> {
    let mut servers = servers(10, millis(10));
    let last = servers.pop().map(change);
    servers.extend(last);
    servers
}

/// A tenth server joins nine of this latency after three seconds.
pub fn scale_up(latency: Duration) -> Scenario {
    let mut servers = servers(10, latency);
    let new = servers.pop().map(|server| server.joins(secs(3)));
    servers.extend(new);
    let mut scenario = Scenario::new("scale-up", "a tenth server joins after 3 s", servers).about_server(9);
    scenario.length = secs(13);
    scenario
}

/// Two servers of priority 0 have this trouble, the first from 10 s on, both from 20 s to 40 s; two are of priority 1.
pub fn priorities(trouble: Answer) -> Scenario {
    let servers = (0..).zip(servers(4, millis(10))).map(|(index, server)| match index {
        0 | 1 => server.from(secs(10 + 10 * index), trouble).from(secs(40), Answer::Ok(millis(10))),
        _ => server.with_record(1, 1),
    });
    let about = "both servers of priority 0 refuse connections from 20 s to 40 s, one does from 10 s on";
    let mut scenario = Scenario::new("priorities", about, servers.collect()).about_server(2);
    scenario.rate = 200.0;
    scenario.length = secs(110);
    scenario
}

/// Callers who do not wait for the slow one of ten servers.
fn impatient() -> Scenario {
    let servers = nine_and(|server| server.from(Duration::ZERO, Answer::Ok(secs(1))));
    let about = "one of ten answers after 1 s; callers drop their calls after 20 ms";
    let mut scenario = Scenario::new("impatient callers", about, servers).about_server(9);
    scenario.patience = Some(millis(20));
    scenario
}

/// More calls than the servers may have in flight.
fn overload() -> Scenario {
    let about =
        "ten times the calls from 20 s to 25 s; 3 in flight per server are enough for a third of them";
    let mut scenario = Scenario::new("overload", about, servers(10, millis(100)));
    scenario.rate = 100.0;
    scenario.burst = Some((secs(20), secs(25), 10.0));
    scenario.max_in_flight = Some(3);
    scenario
}

/// Errors that are nobody's fault in particular.
fn random_errors() -> Scenario {
    let servers = servers(10, millis(10)).into_iter().map(|server| server.errs(0.01));
    let about = "one answer in a hundred is 503, whoever gives it";
    let mut scenario = Scenario::new("random errors", about, servers.collect());
    scenario.rate = 200.0;
    scenario.length = secs(180);
    scenario
}

/// The least that a service can have and still lose one.
fn one_of_two() -> Scenario {
    let change = |(index, server): (u64, Server)| match index {
        0 => server,
        _ => server.from(secs(10), Answer::Refused).from(secs(40), Answer::Ok(millis(10))),
    };
    let servers = (0..).zip(servers(2, millis(10))).map(change).collect();
    let about = "one of two refuses connections from 10 s to 40 s";
    let mut scenario = Scenario::new("one of two", about, servers).about_server(1);
    scenario.rate = 200.0;
    scenario.length = secs(110);
    scenario
}

/// Shares as SRV records ask for them.
fn weights() -> Scenario {
    let servers = servers(2, millis(10)).into_iter().zip([3, 1]);
    let servers = servers.map(|(server, weight)| server.with_record(0, weight)).collect();
    let about = "of two servers one has three times the weight of the other";
    Scenario::new("weights", about, servers).about_server(1)
}

/// All of them that are about balancing, ejection and discovery; [`repeats`](crate::repeats) are about the rest.
pub fn scenarios() -> Vec<Scenario> {
    let about_the_last = |name, about, servers| Scenario::new(name, about, servers).about_server(9);
    let mut outage: Vec<Server> = servers(10, millis(10));
    for server in &mut outage {
        *server = server
            .clone()
            .from(secs(20), Answer::Unavailable(millis(1)))
            .from(secs(40), Answer::Ok(millis(10)));
    }
    let mut outage = Scenario::new("full outage", "all ten answer 503 from 20 s to 40 s", outage);
    outage.length = secs(110);
    let flap = |server: Server| {
        (1..12).fold(server, |server, turn| {
            let answer = if turn % 2 == 1 { Answer::Unavailable(millis(1)) } else { Answer::Ok(millis(10)) };
            server.from(secs(5 * turn), answer)
        })
    };
    let pauses = |(index, server): (u64, Server)| server.pauses(millis(300), secs(10), secs(index));
    vec![
        about_the_last(
            "slow node",
            "one of ten answers after 1 s, not 10 ms",
            nine_and(|server| server.from(Duration::ZERO, Answer::Ok(secs(1)))),
        ),
        about_the_last(
            "fast-503 node",
            "one of ten answers 503 after 1 ms",
            nine_and(|server| server.from(Duration::ZERO, Answer::Unavailable(millis(1)))),
        ),
        about_the_last(
            "dead node",
            "one of ten refuses connections",
            nine_and(|server| server.from(Duration::ZERO, Answer::Refused)),
        ),
        about_the_last(
            "silent node",
            "one of ten takes requests and says nothing from 10 s on",
            nine_and(|server| server.from(secs(10), Answer::Silent)),
        ),
        about_the_last(
            "flapping node",
            "one of ten works for 5 s, answers 503 for 5 s, and so on",
            nine_and(flap),
        ),
        scale_up(millis(10)),
        about_the_last(
            "scale-down",
            "one of ten leaves after 20 s",
            nine_and(|server| server.leaves(secs(20))),
        ),
        outage,
        Scenario::new(
            "pauses",
            "each of ten stands still for 300 ms every 10 s, in turn",
            (0..).zip(servers(10, millis(10))).map(pauses).collect(),
        ),
        impatient(),
        overload(),
        random_errors(),
        one_of_two(),
        weights(),
        priorities(Answer::Refused),
    ]
}
