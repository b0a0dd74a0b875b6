//! How bytes become a spec folder.

use rpc_codegen::Input;

/// What stands between the parts of a case.
pub const SEPARATOR: &[u8] = b"\n=====\n";

/// Names of the parts behind the document, in order.
const FILES: [&str; 4] = ["service.toml", "names.lock", "other.yaml", "overlay.yaml"];

/// The parts of a case: the document, `service.toml`, `names.lock`, a file for references, and an overlay; missing ones are absent.
pub fn parts(data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while parts.len() < FILES.len() {
        let Some(at) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) else { break };
        parts.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}

/// A spec folder; what starts like JSON is JSON.
pub fn input(data: &[u8]) -> Input {
    let mut parts = parts(data).into_iter();
    let document = parts.next().unwrap_or_default();
    let json = matches!(document.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['));
    let name = if json { "openapi.json" } else { "openapi.yaml" };
    let mut input = Input {
        service: "fuzz-service".into(),
        document: name.into(),
        prefix: "specs/fuzz-service/".into(),
        ..Input::default()
    };
    input.files.insert(name.into(), document.to_vec());
    for (file, bytes) in FILES.into_iter().zip(parts) {
        // An empty part is an absent file, so that a case can have a lock and no settings.
        if !bytes.is_empty() {
            input.files.insert(file.into(), bytes.to_vec());
        }
    }
    input
}
