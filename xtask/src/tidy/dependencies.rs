//! Who may depend on whom, and whose lints hold.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{Finding, Tree, is_generated, is_test_data};

const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// One crate of this repository.
struct Package<'a> {
    path: &'a str,
    name: String,
    manifest: Table,
}

fn packages(tree: &Tree) -> (Vec<Package<'_>>, Vec<Finding>) {
    let (mut packages, mut findings) = (Vec::new(), Vec::new());
    for (path, text) in tree
        .iter()
        .filter(|(path, _)| (*path == "Cargo.toml" || path.ends_with("/Cargo.toml")) && !is_test_data(path))
    {
        match text.parse::<Table>() {
            Ok(manifest) => {
                if let Some(name) =
                    manifest.get("package").and_then(|p| p.get("name")).and_then(Value::as_str)
                {
                    packages.push(Package { path, name: name.into(), manifest });
                }
            }
            Err(error) => findings.push(Finding::file(path, format!("is not TOML: {}", error.message()))),
        }
    }
    (packages, findings)
}

/// Every dependency of a manifest, target-specific ones included: name of the package, section, optional.
fn dependencies(manifest: &Table) -> Vec<(String, &'static str, bool)> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let tables = targets.into_iter().flat_map(|t| t.values().filter_map(Value::as_table)).chain([manifest]);
    let mut found = Vec::new();
    for table in tables {
        for section in SECTIONS {
            for (key, value) in table.get(section).and_then(Value::as_table).into_iter().flatten() {
                let name = value.get("package").and_then(Value::as_str).unwrap_or(key);
                let optional = value.get("optional").and_then(Value::as_bool).unwrap_or(false);
                found.push((name.to_owned(), section, optional));
            }
        }
    }
    found
}

/// `generated/* → rpc-runtime`, `xtask → rpc-codegen`; the runtime and the generator never see each other, and mocks see
/// nothing of the runtime but in their tests; nothing depends on `rpc-cli`, and no library on generated code.
pub(super) fn direction(tree: &Tree) -> Vec<Finding> {
    let (packages, mut findings) = packages(tree);
    let ours: BTreeMap<&str, &str> = packages.iter().map(|p| (p.name.as_str(), p.path)).collect();
    for package in &packages {
        for (dependency, section, optional) in dependencies(&package.manifest) {
            let Some(target) = ours.get(dependency.as_str()) else { continue };
            let in_tests = section == "dev-dependencies";
            let is_client = is_generated(target) || dependency == "rpc-runtime";
            let allowed = dependency != "rpc-cli"
                && match package.path {
                    path if is_generated(path) => {
                        dependency == "rpc-runtime" || (dependency == "rpc-mock" && (optional || in_tests))
                    }
                    "xtask/Cargo.toml" => dependency == "rpc-codegen",
                    "rpc-runtime/Cargo.toml" => {
                        !is_generated(target) && !dependency.starts_with("rpc-codegen")
                    }
                    "rpc-codegen/Cargo.toml" => {
                        !is_generated(target) && !dependency.starts_with("rpc-runtime")
                    }
                    "rpc-mock/Cargo.toml" => (in_tests && is_client) || dependency == "rpc-mock",
                    "rpc-mock-spec/Cargo.toml" => {
                        (in_tests && is_client)
                            || ["rpc-codegen", "rpc-mock", "rpc-mock-spec"].contains(&dependency.as_str())
                    }
                    "rpc-cli/Cargo.toml" => !is_generated(target),
                    // What judges the generator from outside shares nothing with it.
                    path if path.starts_with("corpus/") => false,
                    _ => true,
                };
            if !allowed {
                let message = format!(
                    "{} must not depend on {dependency} (ARCHITECTURE.md, dependency rule)",
                    package.name
                );
                findings.push(Finding::file(package.path, message));
            }
        }
    }
    findings
}

/// Hand-written members of the root workspace share its lints.
pub(super) fn lints_inherited(tree: &Tree) -> Vec<Finding> {
    let (packages, _) = packages(tree);
    let inherits =
        |m: &Table| m.get("lints").and_then(|l| l.get("workspace")).and_then(Value::as_bool) == Some(true);
    packages
        .iter()
        .filter(|p| {
            !is_generated(p.path)
                && p.path != "Cargo.toml"
                && !own_workspace(&packages, p.path)
                && !inherits(&p.manifest)
        })
        .map(|p| Finding::file(p.path, "write `[lints] workspace = true`"))
        .collect()
}

/// Whether a manifest is a workspace root of its own, or lies below one.
fn own_workspace(packages: &[Package<'_>], path: &str) -> bool {
    let excluded = ["xtask/", "interop/", "differential/", "bench/", "fuzz/", "conformance/"];
    excluded.iter().any(|folder| path.starts_with(folder))
        || packages.iter().any(|p| p.path == path && p.manifest.contains_key("workspace"))
}

/// Workspaces of their own cannot inherit lints; their copies must be the same.
pub(super) fn lints_copied(tree: &Tree) -> Vec<Finding> {
    let parse = |path: &str| tree.files.get(path).and_then(|text| text.parse::<Table>().ok());
    let shared = |manifest: &Table| manifest.get("workspace").and_then(|w| w.get("lints")).cloned();
    let Some(root) = parse("Cargo.toml") else { return Vec::new() };
    let finding = |path| Finding::file(path, "[lints] differs from the root's [workspace.lints]; copy it");
    let differs = |path: &str, copy: &dyn Fn(&Table) -> Option<Value>| {
        parse(path).is_some_and(|manifest| copy(&manifest) != shared(&root))
    };
    let mut findings = Vec::new();
    for package in ["xtask/Cargo.toml", "bench/call/Cargo.toml"] {
        if differs(package, &|manifest| manifest.get("lints").cloned()) {
            findings.push(finding(package));
        }
    }
    if differs("corpus/Cargo.toml", &shared) {
        findings.push(finding("corpus/Cargo.toml"));
    }
    findings
}
