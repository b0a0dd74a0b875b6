//! Which names a new service can have.

use std::path::{Path, PathBuf};

use crate::cli::Usage;
use crate::spec;

/// Words that a crate's name must not be in Rust, or that mean another crate everywhere.
const TAKEN: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "con",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "nul",
    "override",
    "priv",
    "prn",
    "aux",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "target",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Refuses a name that is none, that is taken, or that is there already.
pub(crate) fn check(root: &Path, name: &str) -> anyhow::Result<()> {
    if let Err(error) = spec::check_name(name) {
        return Err(Usage(format!("{error}; try {}", suggest(name))).into());
    }
    // A crate of that name sets off a lint of the compiler.
    if name.ends_with(['-', '_']) || name.replace('_', "-").contains("--") {
        let message = format!("{name:?} has a dash at its end or two in a row; try {}", suggest(name));
        return Err(Usage(message).into());
    }
    let same = |other: &str| other.replace('-', "_") == name.replace('-', "_");
    if TAKEN.iter().any(|taken| same(taken)) {
        return Err(Usage(format!("{name:?} means something else in Rust; try {}", suggest(name))).into());
    }
    let specs = root.join("specs");
    if let Some(there) = spec::list(&specs)?.iter().find(|there| same(there)) {
        let message = format!(
            "specs/{there}/ is there already: `cargo xtask gen {there}` generates it again; \
             to begin anew, remove the folder and run `cargo xtask gen`"
        );
        return Err(Usage(message).into());
    }
    let place = root.join("generated").join(name);
    if place.symlink_metadata().is_ok() || specs.join(name).symlink_metadata().is_ok() {
        let message = format!(
            "generated/{name}/ or specs/{name} is there already; `cargo xtask gen` removes a crate without a spec, \
             move away anything else"
        );
        return Err(Usage(message).into());
    }
    match packages(root).into_iter().find(|(package, _)| same(package)) {
        Some((package, whose)) => {
            Err(Usage(format!("{whose} has the name {package:?}; try {name}-client")).into())
        }
        None => Ok(()),
    }
}

/// The nearest name that is one.
fn suggest(name: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && lower {
                out.push('-');
            }
            lower = !c.is_ascii_uppercase();
            out.push(c.to_ascii_lowercase());
        } else {
            lower = false;
            if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
    }
    let out = out.trim_start_matches(|c: char| !c.is_ascii_lowercase()).trim_end_matches('-');
    let out: String = out.chars().take(48).collect();
    match out.as_str() {
        "" => "my-service".into(),
        short if TAKEN.contains(&short) => format!("{short}-service"),
        _ => out,
    }
}

/// Names of packages that a new one would be confused with, and whose they are.
fn packages(root: &Path) -> Vec<(String, &'static str)> {
    let table = |path: PathBuf| {
        std::fs::read_to_string(path)
            .ok()
            .and_then(|text| text.parse::<toml::Table>().ok())
            .unwrap_or_default()
    };
    let name = |table: &toml::Table| table.get("name").and_then(|name| name.as_str()).map(str::to_owned);
    let mut found = Vec::new();
    let manifest = table(root.join("Cargo.toml"));
    let workspace = manifest.get("workspace").and_then(|it| it.as_table()).cloned().unwrap_or_default();
    for key in ["members", "exclude"] {
        for pattern in workspace.get(key).and_then(|it| it.as_array()).into_iter().flatten() {
            for folder in expand(root, pattern.as_str().unwrap_or_default()) {
                let package = table(folder.join("Cargo.toml"));
                let package = package.get("package").and_then(|it| it.as_table()).and_then(name);
                found.extend(package.map(|package| (package, "a package of this repository")));
            }
        }
    }
    let lock = table(root.join("Cargo.lock"));
    for package in lock.get("package").and_then(|it| it.as_array()).into_iter().flatten() {
        let foreign = package.as_table().filter(|package| package.contains_key("source"));
        found.extend(foreign.and_then(name).map(|package| (package, "a dependency of this repository")));
    }
    found
}

/// The folders of a member's pattern; `*` stands for one folder.
fn expand(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut folders = vec![root.to_path_buf()];
    for part in pattern.split('/') {
        folders = match part {
            "*" => {
                let children = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
                children.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
            }
            part => folders.into_iter().map(|folder| folder.join(part)).collect(),
        };
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_names() {
        for (name, expected) in [
            ("Order Service!", "order-service"),
            ("OrderService", "order-service"),
            ("123", "my-service"),
            ("_x", "x"),
            ("async", "async-service"),
            ("ÄÖ", "my-service"),
            ("HTTPApi", "httpapi"),
        ] {
            assert_eq!(suggest(name), expected, "{name}");
            assert!(spec::check_name(&suggest(name)).is_ok());
        }
    }

    #[test]
    fn refusals_say_what_to_do() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (name, expected) in [
            ("Order", "try order"),
            ("order-service", "`cargo xtask gen order-service` generates it again"),
            ("order_service", "specs/order-service/ is there already"),
            ("rpc-runtime", "a package of this repository has the name \"rpc-runtime\""),
            ("integration", "a package of this repository"),
            ("golden-enums", "a package of this repository"),
            ("xtask", "a package of this repository"),
            ("serde", "a dependency of this repository has the name \"serde\"; try serde-client"),
            ("a--b", "try a-b"),
            ("a_-b", "try a-b"),
            ("a-", "try a"),
            ("match", "means something else in Rust; try match-service"),
        ] {
            let error = check(&root, name).unwrap_err();
            assert!(error.is::<Usage>() && error.to_string().contains(expected), "{name}: {error}");
        }
        assert!(check(&root, "stock-service").is_ok());
    }

    #[test]
    fn a_crate_without_a_spec_is_in_the_way() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("generated/stock")).unwrap();
        assert!(
            check(root.path(), "stock").unwrap_err().to_string().contains("removes a crate without a spec")
        );
    }
}
