//! The inputs that fuzzing starts from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use rpc_codegen::Input;
use rpc_codegen::diagnostic::Diagnostics;

use crate::spec;

/// Folders of spec folders.
const FOLDERS: [&str; 3] = ["specs", "rpc-codegen/tests/golden", "rpc-codegen/tests/negative"];
/// Between the parts of a case; `fuzz/src/case.rs` reads it.
const SEPARATOR: &[u8] = b"\n=====\n";
/// Longer ones are slow, and say nothing that shorter ones do not say.
const MAX_LENGTH: usize = 40_000;

/// Headers of requests, one `name: value` a line.
const HEADERS: [&str; 4] = [
    "x-trace-id: task-42\nx-request-id: r-1\nx-request-timeout-ms: 1500\ngrpc-timeout: 2S\n",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\ntracestate: congo=t61rcWkgMzE, rojo=1\ntracestate: a@b=2\n",
    "traceparent: cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-more\nx-envoy-expected-rq-timeout-ms: 20\n",
    "baggage: userId=alice,node = DF%2028 ;ttl=5; hop\nbaggage: isProduction=false,,a=%zz\n",
];

/// The folder, in that of all seeds, with those of a target.
pub(super) fn of(target: &str) -> &'static str {
    if target == "headers" { "headers" } else { "documents" }
}

/// Writes the seeds of all targets into an empty folder; how many there are.
pub(super) fn write(root: &Path, into: &Path) -> anyhow::Result<usize> {
    if into.exists() {
        fs::remove_dir_all(into).with_context(|| format!("removing {}", into.display()))?;
    }
    for folder in ["documents", "headers"] {
        let folder = into.join(folder);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut seeds = BTreeMap::new();
    for (number, text) in HEADERS.iter().enumerate() {
        seeds.insert(format!("headers/{number}"), text.as_bytes().to_vec());
    }
    for folder in FOLDERS {
        for service in spec::list(&root.join(folder))? {
            let wanted = |path: &str| !path.contains('/');
            let files = spec::read_files(&root.join(folder).join(&service), wanted)?;
            let name = format!("{}-{service}", folder.rsplit('/').next().unwrap_or(folder));
            seeds.extend(of_folder(&format!("documents/{name}"), &files));
        }
    }
    for (name, bytes) in &seeds {
        fs::write(into.join(name), bytes).with_context(|| format!("writing {name}"))?;
    }
    Ok(seeds.len())
}

/// A spec folder as it is, and with its document as JSON.
fn of_folder(name: &str, files: &BTreeMap<String, Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let Some(document) = spec::DOCUMENTS.into_iter().find(|path| files.contains_key(*path)) else {
        return Vec::new();
    };
    let part = |file: &str| files.get(file).map(Vec::as_slice).unwrap_or_default();
    let rest = [b"", part("service.toml"), part("names.lock")].join(SEPARATOR);
    let mut found = vec![(name.to_owned(), [part(document), &rest].concat())];
    if document != "openapi.json"
        && let Some(json) = as_json(document, files)
    {
        found.push((format!("{name}.json"), [json, rest].concat()));
    }
    found.retain(|(_, bytes)| bytes.len() <= MAX_LENGTH);
    found
}

fn as_json(document: &str, files: &BTreeMap<String, Vec<u8>>) -> Option<Vec<u8>> {
    let input = Input { document: document.into(), files: files.clone(), ..Input::default() };
    let sources = rpc_codegen::load::Sources::read(&input, None, &mut Diagnostics::default());
    let json = sources.document()?.node().to_json();
    serde_json::to_vec(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_folder_in_one_file() {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let files = [file("openapi.yaml", "a: [1]\n"), file("names.lock", "x")].into();
        let seeds: Vec<_> = of_folder("s", &files)
            .into_iter()
            .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
            .collect();
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let rest = "\n=====\n\n=====\nx";
        assert_eq!(
            seeds,
            [pair("s", &format!("a: [1]\n{rest}")), pair("s.json", &format!("{{\"a\":[1]}}{rest}"))]
        );
        assert!(of_folder("s", &[file("README.md", "")].into()).is_empty());
    }
}
