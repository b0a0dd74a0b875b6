//! Stops a run at every step that touches the disk, as a killed process would, and looks at what stands there.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::STAGING;
use crate::fsops::{Disk, RealDisk};
use crate::regen::tests::Project;

/// Works until the `budget`-th change, does half of that one, and fails from then on.
struct Stopping {
    budget: Cell<usize>,
    stopped: Cell<bool>,
    exchange: bool,
}

impl Stopping {
    fn after(budget: usize, exchange: bool) -> Self {
        Self { budget: Cell::new(budget), stopped: Cell::new(false), exchange }
    }

    fn run(&self, whole: impl FnOnce() -> io::Result<()>, half: impl FnOnce()) -> io::Result<()> {
        if self.budget.get() > 0 {
            self.budget.set(self.budget.get() - 1);
            return whole();
        }
        if !self.stopped.replace(true) {
            half();
        }
        Err(io::Error::other("stopped"))
    }
}

impl Disk for Stopping {
    fn create_folders(&self, path: &Path) -> io::Result<()> {
        self.run(|| RealDisk.create_folders(path), || {})
    }

    fn write(&self, path: &Path, contents: &[u8], modified: Option<SystemTime>) -> io::Result<()> {
        let half = || drop(fs::write(path, &contents[..contents.len() / 2]));
        self.run(|| RealDisk.write(path, contents, modified), half)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.run(|| RealDisk.rename(from, to), || {})
    }

    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        if !self.exchange {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.run(|| RealDisk.exchange(a, b), || {})
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let half = || drop(fs::remove_file(path.join("Cargo.toml")));
        self.run(|| RealDisk.remove_folder(path), half)
    }

    fn remove_empty(&self, path: &Path) -> io::Result<()> {
        self.run(|| RealDisk.remove_empty(path), || {})
    }
}

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
