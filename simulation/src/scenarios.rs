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
fn servers(count: usize, latency: Duration) -> Vec<Server> {
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

/// All of them.
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
    ]
}
