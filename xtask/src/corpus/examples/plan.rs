//! One document, in the process that was started for it: its types as a crate, and a plan of what to read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rpc_codegen::ir::Service;
use rpc_codegen::types::{codec, rust_type};
use rpc_codegen::{FileSet, Options};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::find;
use super::reach::Reach;
use crate::cli::CorpusOne;
use crate::new::Received;
use crate::{Generate, print, usage};

/// What the process says: one line of JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Planned {
    /// Examples in the document.
    pub(super) examples: usize,
    /// Those that a type stands for.
    pub(super) planned: usize,
    /// Pointers of the others.
    pub(super) unreached: Vec<String>,
    /// Why there is no crate.
    pub(super) refused: Option<String>,
}

/// The hidden command.
pub(crate) fn command(options: &CorpusOne, generate: Generate) -> anyhow::Result<bool> {
    usage::limit(options.mib << 20, options.seconds)?;
    let planned = plan(options, generate)?;
    print::text(&format!("{}\n", serde_json::to_string(&planned)?));
    Ok(true)
}

fn plan(options: &CorpusOne, generate: Generate) -> anyhow::Result<Planned> {
    let out = options.out.as_deref().context("--out is missing")?;
    let refused = |why: String| Planned { refused: Some(why), ..Planned::default() };
    let received = match Received::read(&options.document, &options.service) {
        Ok(received) => received,
        Err(error) => return Ok(refused(format!("{error:#}"))),
    };
    let text = received.input.file(&received.input.document).context("the document is gone")?;
    let Ok(document) = serde_json::from_slice::<Value>(text) else { return Ok(Planned::default()) };
    let found = find::examples(&document);
    if found.is_empty() {
        return Ok(Planned::default());
    }
    let (service, output) =
        match (rpc_codegen::resolve(&received.input), generate(&received.input, &Options::default())) {
            (Ok(service), Ok(output)) => (service, output),
            (Err(failure), _) | (_, Err(failure)) => return Ok(refused(failure.to_string())),
        };
    let reach = Reach::new(&service, &document);
    let mut decoders = Decoders::default();
    let (mut examples, mut unreached) = (Vec::new(), Vec::new());
    for example in &found {
        match reach.at(&example.of) {
            Some((ty, schema)) => examples.push(json!({
                "pointer": example.pointer,
                "schema": schema,
                "decoder": decoders.index(&service, ty),
                "text": example.value,
            })),
            None => unreached.push(example.pointer.clone()),
        }
    }
    let planned = Planned { examples: found.len(), planned: examples.len(), unreached, refused: None };
    if planned.planned > 0 {
        write(&output.files, out)?;
        std::fs::create_dir_all(out.join("src"))?;
        let types = output.files.iter().any(|(path, _)| path.starts_with("src/types/"));
        std::fs::write(out.join("src/lib.rs"), decoders.lib_rs(types))?;
        let path = options.document.canonicalize()?;
        let plan = json!({ "document": path, "examples": examples });
        std::fs::write(out.join("examples.json"), plan.to_string())?;
    }
    Ok(planned)
}

/// The crate's types and its manifest.
fn write(files: &FileSet, folder: &Path) -> anyhow::Result<()> {
    for (path, contents) in
        files.iter().filter(|(path, _)| path.starts_with("src/types/") || *path == "Cargo.toml")
    {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().context("a file without a folder")?)?;
        std::fs::write(&path, contents).with_context(|| format!("writing {}", path.display()))?;
    }
    let manifest = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest)?;
    let text = text.replacen("[dependencies]\n", "[dependencies]\ndecode.workspace = true\n", 1);
    std::fs::write(&manifest, text).with_context(|| format!("writing {}", manifest.display()))
}

/// The distinct decoders of a document, as Rust expressions.
#[derive(Debug, Default)]
struct Decoders {
    known: BTreeMap<String, usize>,
}

impl Decoders {
    fn index(&mut self, service: &Service, ty: &rpc_codegen::ir::Type) -> usize {
        let written = rust_type(service, ty);
        let expression = match codec(service, ty) {
            Some(codec) => format!("decode::coded::<{written}, {codec}>"),
            None => format!("decode::plain::<{written}>"),
        };
        let next = self.known.len();
        *self.known.entry(expression).or_insert(next)
    }

    /// The crate: its types, if it has any of its own, and the table of decoders.
    fn lib_rs(&self, types: bool) -> String {
        let mut expressions: Vec<(&usize, &String)> =
            self.known.iter().map(|(expression, index)| (index, expression)).collect();
        expressions.sort();
        let mut out = "//! The types of a document, and what reads them.\n\n".to_owned();
        if types {
            out.push_str("pub mod types;\n\n");
        }
        let _ = writeln!(
            out,
            "/// By the numbers in `examples.json`.\npub static DECODERS: &[decode::Decoder] = &["
        );
        for (_, expression) in expressions {
            let _ = writeln!(out, "    {expression},");
        }
        out.push_str("];\n");
        out
    }
}
