//! The stories of requests that are sent again: how much more do servers get than calls are made?

use std::time::Duration;

use crate::policy::Policy;
use crate::scenario::Scenario;
use crate::scenarios::servers;
use crate::server::{Answer, Server};

const REPLY: Duration = Duration::from_millis(10);

/// Ten servers, all changed in the same way, and this many calls a second.
fn ten(name: &'static str, about: &'static str, rate: f64, change: impl Fn(Server) -> Server) -> Scenario {
    let servers = servers(10, REPLY).into_iter().map(change).collect();
    Scenario { rate, ..Scenario::new(name, about, servers) }
}

/// All servers answer 503, always (1.0) or to this part of the requests.
pub fn failing(part: f64, rate: f64) -> Scenario {
    match part < 1.0 {
        true => ten("some fail", "one answer in a hundred is 503", rate, |server| server.errs(part)),
        false => ten("all fail", "every answer is 503", rate, |server| {
            server.from(Duration::ZERO, Answer::Unavailable(REPLY))
        }),
    }
}

/// All servers refuse connections.
pub fn unreachable(rate: f64) -> Scenario {
    let refuses = |server: Server| server.from(Duration::ZERO, Answer::Refused);
    ten("all refuse", "every connection is refused; attempts are dials", rate, refuses)
}

/// Two replies in a hundred take twenty times as long, whoever gives them.
pub fn slow_replies() -> Scenario {
    ten("slow replies", "two replies in a hundred take 20 times as long", 500.0, |server| {
        server.dawdles(0.02, 20.0)
    })
}

/// All of them, with the policies that each is to be seen with.
pub fn repeats() -> Vec<(Scenario, Vec<Policy>)> {
    let few = || vec![Policy::P2C, Policy::ROUND_ROBIN];
    let mut all = Vec::new();
    for make in [|rate| failing(1.0, rate), |rate| failing(0.01, rate), unreachable] {
        all.extend([10.0, 100.0, 500.0].map(|rate| (make(rate), few())));
    }
    all.push((slow_replies(), vec![Policy::P2C, Policy::HEDGED]));
    all
}
