//! Writes a crate of types, compiles it under the workspace's lints and runs it. Slow, so on demand:
//! `cargo test -p rpc-codegen --test types_crate -- --ignored`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

#[path = "types_crate/everything.rs"]
mod everything;
#[path = "types_crate/sample.rs"]
mod sample;

use std::path::Path;
use std::process::Command;

use rpc_codegen::types;

fn write(root: &Path) {
    let service = everything::everything();
    let modules = types::emit(&service).unwrap();
    let file = |name: &str, text: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let pretty = |tokens| prettyplease::unparse(&syn::parse2(tokens).unwrap());
    for module in &modules {
        file(&format!("src/types/{}.rs", module.module), &pretty(module.items.clone()));
    }
    let all = pretty(types::emit_mod(&service, &modules));
    file("src/types/mod.rs", &format!("//! Types.\n\n{all}"));
    file("src/lib.rs", "//! Sample.\n#![forbid(unsafe_code)]\n\npub mod types;\n");
    file("tests/round_trip.rs", include_str!("types_crate/round_trip.rs"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let workspace = std::fs::read_to_string(here.join("Cargo.toml")).unwrap();
    let lints = workspace.split_once("[workspace.lints.rust]").unwrap().1;
    let lints = lints.split("[profile").next().unwrap().replace("[workspace.", "[");
    let runtime = here.join("rpc-runtime");
    file(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"sample\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[features]\nschemars = [\"dep:schemars\", \"rpc-runtime/schemars\"]\n\n[dependencies]\nrpc-runtime = {{ path = {runtime:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nschemars = {{ version = \"1.2\", optional = true, default-features = false }}\n\n[dev-dependencies]\nserde_json = \"1\"\n\n[lints.rust]{lints}"
        ),
    );
    std::fs::copy(here.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
}

#[test]
#[ignore = "compiles a crate"]
fn compiles_without_warnings_and_round_trips() {
    let root = std::env::temp_dir().join("rpc-codegen-types-crate");
    let _ = std::fs::remove_dir_all(&root);
    write(&root);
    let cargo = |arguments: &[&str], flags: &str| {
        let run = Command::new("cargo")
            .args(arguments)
            .env("CARGO_NET_OFFLINE", "true")
            .current_dir(&root)
            .env("CARGO_TARGET_DIR", std::env::temp_dir().join("rpc-codegen-types-target"))
            .env("RUSTDOCFLAGS", flags)
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
    };
    cargo(&["clippy", "--features", "schemars", "--lib", "--", "-D", "warnings"], "");
    cargo(&["test", "--features", "schemars"], "");
    cargo(&["doc", "--no-deps"], "-D warnings");
}
