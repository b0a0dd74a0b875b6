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

use crate::diagnostic::Diagnostics;
use crate::input::Input;
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
        names.push(name.clone());
        let Some(mut root) = source::parse(path, &name, bytes, diagnostics) else { continue };
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

/// Does what an action says, to every value that it selects.
fn run(tree: &mut Tree, action: &Action<'_>) -> Result<(), Box<crate::Diagnostic>> {
    let targets = action.target.locate(tree.json())?;
    if targets.is_empty() {
        return Err(action.target.nothing(tree.json()).into());
    }
    match &action.change {
        Change::Remove => tree.remove(targets, &action.target),
        Change::Update(value, place) => tree.merge(&targets, value, place),
        Change::Copy(query) => {
            let sources = query.locate(tree.json())?;
            let [source] = sources.as_slice() else {
                let message = format!("`copy` selects {} values; it takes one", sources.len());
                return Err(query.diagnostic(message).into());
            };
            tree.copy(&targets, source, &query.place)
        }
    }
}

#[cfg(test)]
mod tests;
