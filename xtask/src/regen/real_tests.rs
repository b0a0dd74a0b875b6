//! `gen` with the real generator, on a copy of this repository's specs.

use std::fs;

use super::tests::Project;
use super::*;

fn project() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let project = Project::new(&[]);
    for service in spec::list(&root.join("specs")).unwrap() {
        for file in fs::read_dir(root.join("specs").join(&service)).unwrap() {
            let file = file.unwrap();
            let path = format!("specs/{service}/{}", file.file_name().to_string_lossy());
            project.write(&path, &fs::read_to_string(file.path()).unwrap());
        }
    }
    project
}

fn run(project: &Project, check: bool) -> Report {
    let run = Run {
        root: project.folder.path(),
        disk: &RealDisk,
        generate: rpc_codegen::generate,
        check,
        diffs: false,
    };
    run.all(&[], &mut |_, _, _| {}).unwrap()
}

/// The generated crates of this repository are what their specs give, and every way of spoiling them is seen and mended.
#[test]
fn this_repository_is_fresh_and_stays_repairable() {
    let project = project();
    assert!(run(&project, false).is_clean());
    let fresh = project.tree("generated");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    assert!(fresh.len() > 100, "only {} files", fresh.len());
    for (path, text) in &fresh {
        let here = fs::read_to_string(root.join("generated").join(path)).unwrap_or_default();
        assert!(&here == text, "generated/{path} is stale: cargo xtask gen");
    }

    // One changed byte in a generated file.
    let (path, text) = &fresh[fresh.len() / 2];
    project.write(&format!("generated/{path}"), &text.replacen('e', "x", 1));
    let report = run(&project, true);
    assert!(!report.is_clean());
    let changed: Vec<&str> =
        report.rows.iter().flat_map(|row| &row.changes).map(|change| change.path.as_str()).collect();
    assert_eq!(changed, [format!("generated/{path}")]);
    assert!(run(&project, false).is_clean() && project.tree("generated") == fresh);

    // One changed field in a spec.
    let spec = "specs/wallet-service/openapi.json";
    let document = fs::read_to_string(project.path(spec)).unwrap();
    project.write(spec, &document.replacen("\"currency\"", "\"currencies\"", 1));
    assert!(!run(&project, true).is_clean());
    project.write(spec, &document);
    assert!(run(&project, true).is_clean());

    // A merge that went wrong in every file, headers and all.
    for (path, _) in &fresh {
        project.write(&format!("generated/{path}"), "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n");
    }
    assert!(!run(&project, true).is_clean());
    assert!(run(&project, false).is_clean() && project.tree("generated") == fresh);

    // Nothing left.
    fs::remove_dir_all(project.path("generated")).unwrap();
    assert!(!run(&project, true).is_clean());
    assert!(run(&project, false).is_clean() && project.tree("generated") == fresh);
}
