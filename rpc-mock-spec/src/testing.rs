//! Documents of tests.

use serde_json::Value;

use crate::Spec;

pub(crate) fn load(document: &Value) -> Spec {
    with_settings(document, "")
}

/// With the text of a `service.toml`.
pub(crate) fn with_settings(document: &Value, settings: &str) -> Spec {
    let files = [
        ("openapi.json".to_owned(), document.to_string().into_bytes()),
        ("service.toml".to_owned(), settings.as_bytes().to_vec()),
    ];
    let input = rpc_codegen::Input {
        service: "test-service".into(),
        document: "openapi.json".into(),
        files: files.into(),
        prefix: "specs/test-service/".into(),
    };
    Spec::load(&input).unwrap()
}
