//! Stops `new`, and the taking back of what it made, at every step that touches the disk.

use std::fs;

use super::*;
use crate::fsops::RealDisk;
use crate::fsops::stopping::Stopping;
use crate::new::tests::{Place, SERVICE};

/// Runs `new` on a disk and says what came of it.
fn attempt(disk: &Stopping) -> (Place, bool) {
    let place = Place::new();
    let good = place.new_with(disk).is_ok_and(|good| good);
    (place, good)
}

#[test]
fn a_new_service_that_is_stopped_anywhere_is_whole_or_absent_after_the_next_command() {
    let before = Place::new().tree();
    let after = attempt(&Stopping::after(usize::MAX, true)).0.tree();
    assert_ne!(before, after);
    let (mut seen_before, mut seen_after, mut seen_between) = (false, false, false);
    for budget in 0.. {
        for next in ["gen", "gen orders", "new"] {
            let disk = Stopping::after(budget, true);
            let (place, good) = attempt(&disk);
            let now = place.tree();
            let between = now != before && now != after;
            let only_spec = || now.iter().all(|(path, _)| !path.starts_with("generated/stock"));
            assert!(!between || only_spec(), "stopped at {budget}: {now:?}");
            if between {
                assert_eq!(place.missing_in_check(), [SERVICE], "`gen --check` says what is not there");
            }
            (seen_before, seen_after) = (seen_before || now == before, seen_after || now == after);
            seen_between |= between;

            place.next(next);
            let mended = place.tree();
            if between || now == after || next == "new" {
                assert_eq!(mended, after, "stopped at {budget}, then {next}");
            }
            assert!(mended == before || mended == after, "stopped at {budget}, then {next}: {mended:?}");
            assert!(!place.root().join(apply::STAGING).exists(), "stopped at {budget}, then {next}");
            if good && !disk.has_stopped() {
                assert!(seen_before && seen_after && seen_between);
                return;
            }
            assert!(budget < 200, "a run should not take that many steps");
        }
    }
}

#[test]
fn a_new_service_that_fails_anywhere_is_absent_or_whole_at_once() {
    let before = Place::new().tree();
    let after = attempt(&Stopping::after(usize::MAX, true)).0.tree();
    for budget in 0..200 {
        let disk = Stopping::once(budget);
        let (place, good) = attempt(&disk);
        assert_eq!(place.tree(), if good { after.clone() } else { before.clone() }, "failed at {budget}");
        place.next("gen");
        assert_eq!(place.tree(), if good { after.clone() } else { before.clone() }, "failed at {budget}");
        assert!(!place.root().join(apply::STAGING).exists(), "failed at {budget}");
        if !disk.has_stopped() {
            return;
        }
    }
    panic!("the run never finished");
}

#[test]
fn what_is_taken_back_is_gone_whole_or_stays_whole() {
    let before = Place::new().tree();
    for once in [false, true] {
        let mut seen = (false, false);
        for budget in 0.. {
            let place = Place::new();
            place.new_with(&RealDisk).unwrap();
            let after = place.tree();
            fs::write(place.root().join("Cargo.lock"), "changed by the build").unwrap();
            let disk = if once { Stopping::once(budget) } else { Stopping::after(budget, true) };
            let root = place.root().to_path_buf();
            let _ = Install { disk: &disk, root: &root, service: SERVICE }.take_back(Some(b"as it was"));
            if once {
                let now = place.tree();
                assert!(now == before || now == after, "failed at {budget}: {now:?}");
            }
            place.next("gen");
            let (now, lock) = (place.tree(), fs::read_to_string(root.join("Cargo.lock")).unwrap());
            assert!(
                (now == before && lock == "as it was") || (now == after && lock == "changed by the build"),
                "stopped at {budget}: {lock}, {now:?}"
            );
            assert!(!root.join(apply::STAGING).exists());
            seen = (seen.0 || now == before, seen.1 || now == after);
            if !disk.has_stopped() {
                break;
            }
            assert!(budget < 50, "taking back should not take that many steps");
        }
        assert_eq!(seen, (true, true));
    }
}
