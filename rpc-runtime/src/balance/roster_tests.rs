use std::time::Duration;

use tokio::time::Instant;

use super::*;
use crate::config::{Defaults, ServiceUrl};
use crate::eject::EjectPolicy;

/// `a`, `b`, …; a digit behind a name is its priority, a `!` ejects it.
fn endpoint(name: &str) -> Endpoint {
    let url = ServiceUrl::parse(&format!("http://{}", &name[..1])).unwrap();
    Endpoint::new(url, None).with_priority(name[1..].trim_end_matches('!').parse().unwrap_or(0))
}

fn snapshot(names: &str, generation: u64) -> Snapshot {
    Snapshot::new(names.split_whitespace().map(endpoint).collect::<Vec<_>>(), generation)
}

fn roster(names: &str) -> Roster {
    let (roster, gone) = Roster::default().updated(&snapshot(names, 1));
    assert!(gone.is_empty());
    for (member, name) in roster.all.iter().zip(names.split_whitespace()) {
        if name.ends_with('!') {
            eject(member);
        }
    }
    roster.reordered()
}

fn eject(member: &Member) {
    member.learnt().health.eject(Instant::now(), &EjectPolicy::new(&Defaults::V1), 0.0);
}

fn hosts(members: &[Member]) -> String {
    members.iter().map(|member| member.endpoint().host()).collect::<Vec<_>>().join(" ")
}

#[test]
fn whom_a_first_attempt_chooses_among() {
    #[track_caller]
    fn check(names: &str, open: &str) {
        assert_eq!(hosts(&roster(names).open), open, "{names}");
    }
    check("", "");
    check("a b", "a b");
    check("a b! c", "a c");
    // The next group only when the first is out.
    check("a b c1", "a b");
    check("a! b! c1", "c");
    check("a! b c1", "b");
    // Nobody left: the first group rather than nobody.
    check("a! b! c1!", "a b");
}

#[test]
fn whom_a_further_attempt_chooses_among() {
    #[track_caller]
    fn check(names: &str, tried: &str, open: &str, ejected: &str) {
        let tried: Vec<Endpoint> = tried.split_whitespace().map(endpoint).collect();
        let roster = roster(names);
        let found = (hosts(&roster.open_but(&tried)), hosts(&roster.ejected_but(&tried)));
        assert_eq!(found, (open.to_owned(), ejected.to_owned()), "{names} without {tried:?}");
    }
    check("a b c", "a", "b c", "");
    check("a b! c", "a", "c", "b");
    check("a b!", "a", "", "b");
    check("a! b!", "a", "", "b");
    check("a b", "a b", "", "");
    check("a c1", "a", "c", "");
    check("", "a", "", "");
}

#[test]
fn weights_decide_once_for_a_set() {
    let mut weighted = snapshot("a b c", 1).endpoints.to_vec();
    weighted[2] = weighted[2].clone().with_weight(3);
    let (roster, _) = Roster::default().updated(&Snapshot::new(weighted, 1));
    assert!(roster.by_turns);
    eject(&roster.all[2]);
    assert!(roster.reordered().by_turns, "also while the others weigh the same");
}

#[test]
fn a_new_set_keeps_what_was_learnt() {
    let before = roster("a b c");
    assert!(before.all[1].enter(None));
    eject(&before.all[2]);
    let (after, gone) = before.updated(&snapshot("d c b", 2));
    assert_eq!((hosts(&after.all), hosts(&gone)), ("d c b".to_owned(), "a".to_owned()));
    assert_eq!(after.all.iter().map(Member::in_flight).collect::<Vec<_>>(), [0, 0, 1]);
    assert_eq!((hosts(&after.open), hosts(&after.ejected)), ("d b".to_owned(), "c".to_owned()));
    // The members are the same ones: what ends later is seen here.
    before.all[1].leave();
    assert_eq!(after.all[2].in_flight(), 0);
    assert_eq!(after.generation, 2);
    // An endpoint that goes and comes is a new one.
    let (without, _) = after.updated(&snapshot("d", 3));
    let (again, _) = without.updated(&snapshot("c d", 4));
    assert_eq!(hosts(&again.open), "c d");
    assert!(
        again.all[0]
            .cost(
                Instant::now() + Duration::from_secs(1),
                &super::super::member::LoadNumbers::new(&Defaults::V1)
            )
            .is_none()
    );
}

#[test]
fn weights_may_change() {
    let before = roster("a b");
    let mut weighted = snapshot("a b", 2).endpoints.to_vec();
    weighted[0] = weighted[0].clone().with_weight(3);
    let (after, _) = before.updated(&Snapshot::new(weighted, 2));
    assert!(before.shares.is_none() && after.shares.is_some());
}
