//! Overlays (Overlay Specification 1.0 and 1.1): changes of the document, applied before anything else reads it.
//!
//! ```text
//! files (which, in which order) ── read (actions, checked) ── query (JSONPath → places; extent: how many) ── tree (the document) ── merge
//! ```

mod extent;
mod files;
mod merge;
mod query;
mod read;
mod tree;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, rules};
use crate::input::Input;
use crate::location::Location;
use crate::settings::At;

use super::node::Node;
use super::{origin, source};

use read::{Action, Change};
use tree::Tree;

/// Applies the overlays that `service.toml` lists, else those beside the document. Gives their names in messages, in the
/// order of their [numbers](origin).
pub(super) fn apply(
    input: &Input,
    listed: Option<&[At<String>]>,
    document: Node,
    diagnostics: &mut Diagnostics,
) -> (Node, Vec<Arc<str>>) {
    let paths = files::find(input, listed, diagnostics);
    if paths.is_empty() {
        return (document, Vec::new());
    }
    let mut tree = Tree::new(document);
    let mut names = Vec::new();
    for (path, bytes) in paths {
        let name: Arc<str> = format!("{}{path}", input.prefix).into();
        let Some(mut root) = source::parse(path, &name, bytes, diagnostics) else { continue };
        if listed.is_none() && root.get("overlay").is_none() {
            diagnostics.push(foreign(&name));
            continue;
        }
        names.push(name.clone());
        origin::mark(&mut root, names.len());
        let actions = read::actions(&root, &name, path, &input.document, diagnostics);
        for action in &actions {
            if let Err(problem) = run(&mut tree, action) {
                diagnostics.push(*problem);
            }
        }
    }
    (tree.into_node(), names)
}

/// That a file beside the document only has the name of an overlay; other tools use it as well.
fn foreign(name: &str) -> Diagnostic {
    let message = "the file is named like an overlay and has no key `overlay`; it is not applied";
    let found = Diagnostic::new(rules::UNUSED_OVERLAY, Location::start_of(name), message);
    found.help(
        "write `overlay: 1.1.0`, rename the file, or list the overlays in `service.toml`: `overlays = []`",
    )
}

/// Does what an action says, to every value that it selects.
fn run(tree: &mut Tree, action: &Action<'_>) -> Result<(), Box<Diagnostic>> {
    let targets = action.target.locate(tree.json())?;
    if targets.is_empty() {
        return Err(action.target.nothing(tree.json()).into());
    }
    match &action.change {
        Change::Remove => tree.remove(targets, &action.target),
        Change::Update(value, place, version) => tree.merge(&targets, value, place, *version),
        Change::Copy(query) => {
            let sources = query.locate(tree.json())?;
            let [source] = sources.as_slice() else {
                let message = format!("`copy` selects {} values; it takes one", sources.len());
                let help = "name one value that the document has, such as `$.components.schemas.Order`";
                return Err(query.diagnostic(message).help(help).into());
            };
            tree.copy(&targets, source, &query.place)
        }
    }
}

#[cfg(test)]
mod tests;
