//! Tests of the schedule: every number of it.

use super::*;

const V1: Defaults = Defaults::V1;
const SECOND: Duration = Duration::from_secs(1);

fn targets() -> Vec<Target> {
    ["10.0.0.2:80", "10.0.0.1:80"].map(|addr| Target::new(addr.parse().unwrap())).into()
}

/// Seconds until the next lookup.
fn wait(host: &Host, now: Instant) -> f64 {
    (host.due.unwrap() - now).as_secs_f64()
}

#[test]
fn the_time_to_live_is_kept_within_bounds_and_jittered_by_a_tenth() {
    #[track_caller]
    fn check(ttl: Option<u64>, unit: f64, seconds: f64) {
        let now = Instant::now();
        let mut host = Host::default();
        host.succeed(targets(), ttl.map(Duration::from_secs), now, &V1, unit);
        assert!((wait(&host, now) - seconds).abs() < 0.01, "{ttl:?}: {}", wait(&host, now));
    }
    check(None, 0.0, 27.0);
    check(None, 0.5, 30.0);
    check(None, 1.0, 33.0);
    check(Some(0), 0.5, 5.0);
    check(Some(0), 0.0, 4.5);
    check(Some(4), 1.0, 5.5);
    check(Some(17), 0.5, 17.0);
    check(Some(17), 1.0, 18.7);
    check(Some(30), 0.5, 30.0);
    check(Some(86_400), 0.5, 30.0);
    check(Some(86_400), 1.0, 33.0);
}

#[test]
fn the_backoff_grows_to_its_cap() {
    #[track_caller]
    fn check(known: Vec<Target>, waits: &[f64]) {
        let mut host = Host { targets: known, ..Host::default() };
        for expected in waits {
            let now = Instant::now();
            host.fail(now, &V1, 0.5);
            assert!((wait(&host, now) - expected).abs() < 0.01, "{} {expected}", wait(&host, now));
        }
    }
    check(targets(), &[1.0, 1.6, 2.56, 4.1, 6.55, 10.49, 16.78, 26.84, 42.95, 60.0, 60.0]);
    check(vec![], &[1.0, 1.6, 2.56, 4.1, 5.0, 5.0]);
}

#[test]
fn a_lookup_is_single_flight_until_it_is_lost() {
    let now = Instant::now();
    let mut host = Host::default();
    assert!(host.wants_lookup(now, &V1));
    host.start(now);
    assert!(!host.wants_lookup(now + SECOND, &V1));
    assert!(host.wants_lookup(now + 3 * SECOND, &V1));
    host.abandon(now - SECOND);
    assert!(!host.wants_lookup(now + SECOND, &V1), "an older lookup's end frees nothing");
    host.abandon(now);
    assert!(host.wants_lookup(now, &V1));
}

#[test]
fn suspicion_hastens_but_keeps_the_least_interval() {
    let now = Instant::now();
    let mut host = Host::default();
    host.start(now);
    host.succeed(targets(), None, now, &V1, 0.5);
    host.suspect(now + SECOND, &V1);
    assert!(!host.is_due(now + 4 * SECOND));
    assert!(host.is_due(now + 5 * SECOND));
    host.suspect(now + 20 * SECOND, &V1);
    assert!(host.is_due(now + 5 * SECOND), "never later than before");
}

/// What happens at which second, and what is left: `+17` good for 17 s, `-` empty, `-7` empty for 7 s, `!` a failure.
#[track_caller]
fn play(events: &[(f64, &str, usize, f64)]) {
    let began = Instant::now();
    let mut host = Host::default();
    for (index, (at, event, left, next)) in events.iter().enumerate() {
        let now = began + Duration::from_secs_f64(*at);
        let ttl = event[1..].parse().ok().map(Duration::from_secs);
        match &event[..1] {
            "+" => host.succeed(targets(), ttl, now, &V1, 0.5),
            "-" => host.empty(ttl, now, &V1, 0.5),
            _ => host.fail(now, &V1, 0.5),
        }
        assert_eq!(host.targets.len(), *left, "event {index}");
        assert!((wait(&host, began) - next).abs() < 0.01, "event {index}: next at {}", wait(&host, began));
        assert_eq!(host.is_gone(), *left == 0 && *at > 0.0, "event {index}");
    }
}

#[test]
fn an_empty_answer_is_believed_when_it_stays_for_ten_seconds() {
    // The second look is at the end of the grace at the latest, or when the answer's own time is over.
    play(&[(0.0, "+5", 2, 5.0), (5.0, "-", 2, 15.0), (15.0, "-", 0, 20.0), (20.0, "-", 0, 25.0)]);
    play(&[(0.0, "+5", 2, 5.0), (5.0, "-7", 2, 12.0), (12.0, "-7", 2, 15.0), (15.0, "-7", 0, 20.0)]);
    // A set that nobody uses is not looked at; the first look after the grace is enough.
    play(&[(0.0, "+5", 2, 5.0), (5.0, "-0", 2, 10.0), (99.0, "-0", 0, 104.0)]);
    // A long negative time to live does not hide what comes back.
    play(&[(0.0, "+5", 2, 5.0), (5.0, "-", 2, 15.0), (15.0, "-3600", 0, 20.0), (20.0, "+5", 2, 25.0)]);
}

#[test]
fn a_good_answer_begins_the_grace_anew() {
    play(&[(0.0, "+5", 2, 5.0), (5.0, "-5", 2, 10.0), (10.0, "+5", 2, 15.0), (15.0, "-", 2, 25.0)]);
}

#[test]
fn a_failure_proves_nothing() {
    let begin = [(0.0, "+5", 2, 5.0), (5.0, "-", 2, 15.0), (15.0, "!", 2, 16.0)];
    play(&[begin[0], begin[1], begin[2], (16.0, "-", 0, 21.0)]);
    play(&[begin[0], begin[1], begin[2], (16.0, "!", 2, 17.6), (17.6, "+5", 2, 22.6)]);
    // Failures after the belief look again as often as without a set.
    play(&[(0.0, "+5", 2, 5.0), (5.0, "-", 2, 15.0), (15.0, "-", 0, 20.0), (20.0, "!", 0, 21.0)]);
}

#[test]
fn without_a_set_there_is_nothing_to_be_careful_with() {
    play(&[(0.0, "-", 0, 1.0)]);
    let now = Instant::now();
    let mut host = Host::default();
    for expected in [1.0, 1.6, 2.56, 4.1, 5.0, 5.0] {
        host.empty(Some(60 * SECOND), now, &V1, 0.5);
        assert!((wait(&host, now) - expected).abs() < 0.01 && !host.is_gone());
    }
}

#[test]
fn one_address_is_one_target() {
    let addr = "10.0.0.1:80".parse().unwrap();
    let mut host = Host::default();
    let twice = [Target::new(addr).with_record(2, 1), Target::new(addr).with_record(1, 9)];
    host.succeed(twice.into(), None, Instant::now(), &V1, 0.5);
    assert_eq!(host.targets, [Target::new(addr).with_record(1, 9)]);
}
