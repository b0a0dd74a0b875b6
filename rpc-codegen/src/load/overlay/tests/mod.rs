//! Documents with overlays: what comes out, and what is said.

mod actions;
mod files;
mod hostile;
mod places;

use crate::Input;
use crate::diagnostic::Diagnostics;
use crate::load::{Document, Sources, load};

fn input(files: &[(&str, &str)]) -> Input {
    Input {
        service: "test".into(),
        document: "openapi.yaml".into(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect(),
        prefix: "specs/".into(),
    }
}

/// What was found. All of it that is about overlays says what to do.
fn messages(diagnostics: Diagnostics) -> Vec<String> {
    let found = diagnostics.into_vec().into_iter();
    let found = found.inspect(|found| {
        let needs_help = ["R004", "R106", "R107", "R504"].contains(&found.rule.code);
        assert!(!needs_help || found.help.is_some(), "{found}");
    });
    found
        .map(|found| format!("{}[{}] {}: {}", found.severity, found.rule.code, found.location, found.message))
        .collect()
}

/// The document as one line of JSON, then what was found.
fn apply(document: &str, version: &str, actions: &str) -> (String, Vec<String>) {
    let overlay = format!("overlay: {version}\ninfo: {{title: t, version: 1.0}}\nactions:\n{actions}");
    let input = input(&[("openapi.yaml", document), ("overlay.yaml", &overlay)]);
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::read(&input, None, &mut diagnostics);
    (sources.document().unwrap().node().to_json().to_string(), messages(diagnostics))
}

fn loaded(files: &[(&str, &str)]) -> (Option<Document>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    (load(&input(files), None, &mut diagnostics), diagnostics)
}
