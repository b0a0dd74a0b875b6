//! `progenitor-baseline DOCUMENT.json DIR builder|positional`: progenitor's client crate for a lowered document.

use std::error::Error;
use std::path::Path;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [document, folder, style] = arguments.as_slice() else {
        return Err("usage: progenitor-baseline DOCUMENT.json DIR builder|positional".into());
    };
    let style = match style.as_str() {
        "builder" => InterfaceStyle::Builder,
        "positional" => InterfaceStyle::Positional,
        other => return Err(format!("no style {other:?}; builder or positional").into()),
    };
    let document: openapiv3::OpenAPI = serde_json::from_slice(&std::fs::read(document)?)?;
    let tokens =
        Generator::new(GenerationSettings::default().with_interface(style)).generate_tokens(&document)?;
    let code = prettyplease::unparse(&syn::parse2(tokens)?);

    let source = Path::new(folder).join("src");
    std::fs::create_dir_all(&source)?;
    std::fs::write(source.join("lib.rs"), code)?;
    std::fs::write(Path::new(folder).join("Cargo.toml"), MANIFEST)?;
    Ok(())
}

/// Everything that progenitor's output may use, as `cargo progenitor` would write it.
const MANIFEST: &str = r#"[package]
name = "baseline"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
base64 = "0.23"
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde", "std"] }
futures-core = "0.3"
percent-encoding = "2"
progenitor-client = "=0.15.1"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_urlencoded = "0.7"
uuid = { version = "1", features = ["serde", "v4"] }

[profile.dev]
debug = "line-tables-only"
"#;
