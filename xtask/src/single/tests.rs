use std::fs;
use std::path::Path;

use super::*;
use crate::regen::tests::{HEADER, fake};
use crate::report::Status;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in [
            ("in/doc.json", "src/lib.rs=a"),
            ("in/service.toml", ""),
            ("in/picture.png", "x"),
            ("runtime/Cargo.toml", "[package]\nname = \"rpc-runtime\"\n"),
            ("checkout/rpc-runtime/Cargo.toml", "name = \"rpc-runtime\""),
        ] {
            let path = place.folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        place
    }

    fn run(&self, out: &str, check: bool) -> anyhow::Result<Report> {
        let at = |path: &str| self.folder.path().join(path);
        let request = Single {
            spec: at("in/doc.json"),
            out: at(out),
            name: "my-client".into(),
            runtime: at("runtime"),
        };
        report(&request, &RealDisk, fake, check, false)
    }
}

#[test]
fn writes_a_crate_of_its_own_and_nothing_beside_the_document() {
    let place = Place::new();
    assert!(!place.run("a/b/crate", true).unwrap().is_clean());
    let report = place.run("a/b/crate", false).unwrap();
    assert_eq!(report.rows[0].status, Status::New, "{:?}", report.rows[0].error);
    let manifest = fs::read_to_string(place.folder.path().join("a/b/crate/Cargo.toml")).unwrap();
    let runtime = place.folder.path().canonicalize().unwrap().join("runtime");
    assert!(manifest.contains(&format!("Path({runtime:?})")), "absolute stays absolute: {manifest}");
    assert_eq!(fs::read_dir(place.folder.path().join("in")).unwrap().count(), 3);
    assert_eq!(
        fs::read_dir(place.folder.path().join("a/b")).unwrap().count(),
        1,
        "no staging folder is left"
    );
    assert!(place.run("a/b/crate", true).unwrap().is_clean());
    assert_eq!(place.run("a/b/crate", false).unwrap().rows[0].status, Status::Fresh);
}

#[test]
fn refuses_a_folder_that_is_not_ours() {
    let place = Place::new();
    let out = place.folder.path().join("out");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    assert_eq!(place.run("out", false).unwrap().rows[0].status, Status::Failed);
    assert!(out.join("notes.txt").exists());
    fs::write(out.join("Cargo.toml"), format!("# {HEADER}\n")).unwrap();
    assert_eq!(place.run("out", false).unwrap().rows[0].status, Status::Updated);
    assert!(!out.join("notes.txt").exists(), "the folder is the tool's: stale files go");
}

#[test]
fn reads_only_what_a_document_can_refer_to() {
    let place = Place::new();
    let at = |path: &str| place.folder.path().join(path);
    let request = Single { spec: at("in/doc.json"), out: at("o"), name: "n".into(), runtime: at("runtime") };
    assert_eq!(read_input(&request).unwrap().files.keys().collect::<Vec<_>>(), ["doc.json", "service.toml"]);
}

#[test]
fn wrong_arguments_are_wrong_usage() {
    let place = Place::new();
    let at = |path: &str| place.folder.path().join(path);
    let good = Single { spec: at("in/doc.json"), out: at("o"), name: "n".into(), runtime: at("runtime") };
    for bad in [
        Single { spec: at("in/none.json"), ..good.clone() },
        Single { name: "Not A Name".into(), ..good.clone() },
        Single { runtime: at("none"), ..good },
    ] {
        assert!(report(&bad, &RealDisk, fake, false, false).unwrap_err().is::<Usage>(), "{bad:?}");
    }
}

#[test]
fn relative_paths() {
    let check = |to: &str, from: &str, want: &str| {
        assert_eq!(relative(Path::new(to), Path::new(from)), Path::new(want))
    };
    check("/a/rt", "/a/out", "../rt");
    check("/a/rt", "/a/x/y", "../../rt");
    check("/a/out/rt", "/a/out", "rt");
    check("/r", "/a/b", "../../r");
}

#[test]
fn the_runtime_is_looked_for() {
    let place = Place::new();
    let at = |path: &str| place.folder.path().join(path);
    assert_eq!(runtime_crate(at("runtime")).unwrap(), at("runtime"));
    assert_eq!(runtime_crate(at("checkout")).unwrap(), at("checkout/rpc-runtime"));
    assert!(
        runtime_crate(at("in")).unwrap_err().to_string().contains("the crate `rpc-runtime` is not there")
    );
}

#[test]
fn a_relative_runtime_is_named_as_seen_from_the_crate() {
    for (to, from, seen) in [
        ("/a/rpc-runtime", "/a/b/crate", "../../rpc-runtime"),
        ("/a/rpc-runtime", "/a", "rpc-runtime"),
        ("/x", "/a/b", "../../x"),
    ] {
        assert_eq!(relative(Path::new(to), Path::new(from)), Path::new(seen));
    }
}
