//! Stops a run at every step that touches the disk, as a killed process would, and looks at what stands there.

use std::fs;

use super::STAGING;
use crate::fsops::RealDisk;
use crate::fsops::stopping::Stopping;
use crate::regen::tests::Project;

const OLD: &str = "src/lib.rs=a\nsrc/b.rs=b\nsrc/gone.rs=g";
const NEW: &str = "src/lib.rs=a\nsrc/b.rs=changed\nsrc/types/added.rs=x\nREADME.md=r";

/// Old, new and the steps it took: the reference for the runs that are stopped.
fn updated(stop: Option<(usize, bool)>) -> (Project, bool) {
    let project = Project::new(&[("orders", OLD)]);
    project.gen_with(&RealDisk, &[], false).unwrap();
    project.write("specs/orders/openapi.json", NEW);
    let clean = match stop {
        None => project.gen_with(&RealDisk, &[], false).unwrap().is_clean(),
        Some((budget, exchange)) => project
            .gen_with(&Stopping::after(budget, exchange), &[], false)
            .is_ok_and(|report| report.is_clean()),
    };
    (project, clean)
}

#[test]
fn an_update_that_stops_anywhere_is_old_or_new_and_the_next_run_mends_it() {
    let old = {
        let project = Project::new(&[("orders", OLD)]);
        project.gen_with(&RealDisk, &[], false).unwrap();
        project.tree("generated/orders")
    };
    let (new_project, _) = updated(None);
    let new = new_project.tree("generated/orders");
    assert_ne!(old, new);
    for exchange in [true, false] {
        let mut saw = (false, false, false);
        for budget in 0.. {
            let (project, clean) = updated(Some((budget, exchange)));
            let now = project.tree("generated/orders");
            saw = (saw.0 || now == old, saw.1 || now == new, saw.2 || now.is_empty());
            assert!(
                now == old || now == new || (!exchange && now.is_empty()),
                "stopped at {budget}: {now:?}"
            );
            let folders: Vec<_> =
                fs::read_dir(project.path("generated")).unwrap().map(|e| e.unwrap().file_name()).collect();
            assert!(folders.iter().all(|name| name == "orders"), "cargo would not load with {folders:?}");
            project.gen_with(&RealDisk, &[], false).unwrap();
            assert!(!project.path(STAGING).exists());
            assert_eq!(project.tree("generated"), new_project.tree("generated"), "stopped at {budget}");
            assert_eq!(project.tree("specs"), new_project.tree("specs"), "stopped at {budget}");
            if clean {
                break;
            }
            assert!(budget < 100, "a run should not take that many steps");
        }
        assert_eq!(saw, (true, true, !exchange), "the two-step swap has one moment with neither");
    }
}

#[test]
fn a_document_that_fails_after_a_stopped_run_gets_its_old_crate_back() {
    for budget in 0..40 {
        let (project, clean) = updated(Some((budget, false)));
        project.write("specs/orders/openapi.json", "fail");
        project.gen_with(&RealDisk, &[], false).unwrap();
        let now = project.tree("generated");
        assert!(now.iter().any(|(path, _)| path == "orders/Cargo.toml"), "stopped at {budget}: {now:?}");
        assert!(!project.path(STAGING).exists());
        if clean {
            return;
        }
    }
    panic!("the run never finished");
}

#[test]
fn a_first_run_or_a_removal_that_stops_is_finished_by_the_next() {
    for budget in 0..60 {
        let project = Project::new(&[("orders", OLD)]);
        let first = project.gen_with(&Stopping::after(budget, true), &[], false).is_ok_and(|r| r.is_clean());
        let tree = project.tree("generated/orders");
        assert!(tree.is_empty() || tree.len() == 4, "stopped at {budget}: {tree:?}");
        project.gen_with(&RealDisk, &[], false).unwrap();
        assert_eq!(project.tree("generated").len(), 4);

        fs::remove_dir_all(project.path("specs/orders")).unwrap();
        let second = project.gen_with(&Stopping::after(budget, true), &[], false).is_ok_and(|r| r.is_clean());
        let tree = project.tree("generated/orders");
        assert!(tree.is_empty() || tree.len() == 4, "stopped at {budget}: {tree:?}");
        assert!(project.gen_with(&RealDisk, &[], false).unwrap().is_clean());
        assert!(project.tree("generated").is_empty(), "stopped at {budget}");
        if first && second {
            return;
        }
    }
    panic!("the run never finished");
}

#[test]
fn what_cargo_made_survives_an_update() {
    for (budget, exchange) in (0..40).flat_map(|n| [(n, true), (n, false)]) {
        let project = Project::new(&[("orders", OLD)]);
        project.gen_with(&RealDisk, &[], false).unwrap();
        project.write("generated/orders/target/debug/x", "built");
        project.write("specs/orders/openapi.json", NEW);
        let _ = project.gen_with(&Stopping::after(budget, exchange), &[], false);
        project.gen_with(&RealDisk, &[], false).unwrap();
        assert!(
            project.path("generated/orders/target/debug/x").exists(),
            "stopped at {budget}, exchange {exchange}"
        );
        assert!(project.path("generated/orders/src/types/added.rs").exists());
    }
}

/// Several services that are all new: each of them is there whole or not at all, and the next run has them all.
#[test]
fn a_first_run_of_several_services_that_stops_or_fails_leaves_each_whole_or_absent() {
    let services = [("a", OLD), ("b", NEW), ("c", OLD)];
    let whole = {
        let project = Project::new(&services);
        project.gen_with(&RealDisk, &[], false).unwrap();
        (project.tree("generated"), project.tree("specs"))
    };
    for once in [false, true] {
        for budget in 0.. {
            let project = Project::new(&services);
            let disk = if once { Stopping::once(budget) } else { Stopping::after(budget, true) };
            let clean = project.gen_with(&disk, &[], false).is_ok_and(|report| report.is_clean());
            let now = project.tree("generated");
            for (service, _) in services {
                let prefix = format!("{service}/");
                let of = |tree: &[(String, String)]| {
                    tree.iter().filter(|(path, _)| path.starts_with(&prefix)).cloned().collect::<Vec<_>>()
                };
                assert!(of(&now).is_empty() || of(&now) == of(&whole.0), "stopped at {budget}: {now:?}");
            }
            assert!(project.gen_with(&RealDisk, &[], false).unwrap().is_clean());
            assert!(!project.path(STAGING).exists());
            assert_eq!((project.tree("generated"), project.tree("specs")), whole, "stopped at {budget}");
            if clean && !disk.has_stopped() {
                break;
            }
            assert!(budget < 200, "a run should not take that many steps");
        }
    }
}
