//! The document while overlays change it, and the same as JSON for queries.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, rules};
use crate::load::node::{MAX_DEPTH, Node, Value, measure};
use crate::load::origin;
use crate::location::Location;

use super::merge::{self, Kind};
use super::query::{Query, Step, Steps};
use super::read::Version;

/// How many bytes overlays may add, so that a few of them cannot fill the memory by copying copies.
const BUDGET: usize = 64 << 20;

/// Both are always the same document.
#[derive(Debug)]
pub(super) struct Tree {
    node: Node,
    json: Json,
    spent: usize,
}

type Done = Result<(), Box<Diagnostic>>;

impl Tree {
    pub(super) fn new(node: Node) -> Self {
        let json = node.to_json();
        Self { node, json, spent: 0 }
    }

    pub(super) fn json(&self) -> &Json {
        &self.json
    }

    pub(super) fn into_node(self) -> Node {
        self.node
    }

    /// Merges a value of an overlay, which stands at `place`, into every target.
    pub(super) fn merge(
        &mut self,
        targets: &[Steps],
        value: &Node,
        place: &Location,
        version: Version,
    ) -> Done {
        self.put(targets, value, place, Some(version))
    }

    /// Merges a value of the document into every target; `place` is that of the query that selects it.
    pub(super) fn copy(&mut self, targets: &[Steps], source: &Steps, place: &Location) -> Done {
        match at(&mut self.node, source).cloned() {
            Some(value) => self.put(targets, &value, place, None),
            None => Ok(()),
        }
    }

    /// `update`: the version of the overlay that the value is from, unless the document has it.
    fn put(&mut self, targets: &[Steps], value: &Node, place: &Location, update: Option<Version>) -> Done {
        let refused = |message: String| Diagnostic::new(rules::BAD_OVERLAY, place.clone(), message);
        let kinds: Vec<Kind> =
            targets.iter().filter_map(|steps| at(&mut self.node, steps).map(|node| Kind::of(node))).collect();
        if kinds.windows(2).any(|pair| pair.first() != pair.last()) {
            let message = "the target selects values of several kinds; they have to be all objects, all arrays or all primitive values";
            return Err(refused(message.to_owned()).help("write an action for each kind").into());
        }
        let old = update == Some(Version::V1_0);
        if old && kinds.first() == Some(&Kind::Primitive) {
            let found = refused("Overlay 1.0 updates objects and arrays, no primitive values".to_owned());
            return Err(found.help("select the object that has the value, or write `overlay: 1.1.0`").into());
        }
        let (weight, depth) = measure(value);
        let json = value.to_json();
        for steps in targets {
            if steps.len() + depth >= MAX_DEPTH {
                let message = format!("this nests values more than {MAX_DEPTH} deep");
                let found = Diagnostic::new(rules::TOO_DEEP, place.clone(), message);
                return Err(found
                    .help("select values that are less deep, or name a part with `$ref`")
                    .into());
            }
            self.spent = self.spent.saturating_add(weight);
            if self.spent > BUDGET {
                let message = format!("overlays make the document more than {} MiB larger", BUDGET >> 20);
                return Err(refused(message).help("select fewer values, or name a part with `$ref`").into());
            }
            let Some(node) = at(&mut self.node, steps) else { continue };
            if let Err(clash) = merge::update(node, value, old) {
                let mut found = refused(clash.message);
                if update.is_some() {
                    (_, found.location.line) = origin::split(clash.place.0);
                    found.location.column = clash.place.1;
                    found.location.pointer.push_str(&clash.pointer);
                }
                return Err(found.help("remove the old value in an action before this one").into());
            }
            if let Some(target) = json_at(&mut self.json, steps) {
                merge::update_json(target, &json, old);
            }
        }
        Ok(())
    }

    /// Takes every target out of what it is in.
    pub(super) fn remove(&mut self, mut targets: Vec<Steps>, query: &Query) -> Done {
        // What is inside of something goes before it, and later items before earlier ones: nothing moves that is still to go.
        targets.sort();
        for steps in targets.iter().rev() {
            let Some((last, parent)) = steps.split_last() else {
                let found = query.diagnostic("the whole document cannot be removed");
                return Err(found.help("select what is in it, such as `$.paths`").into());
            };
            if let Some(node) = at(&mut self.node, parent) {
                match (&mut node.value, last) {
                    (Value::Object(entries), Step::Name(name)) => entries.retain(|entry| entry.key != *name),
                    (Value::Array(items), Step::Index(index)) if *index < items.len() => {
                        items.remove(*index);
                    }
                    _ => {}
                }
            }
            match (json_at(&mut self.json, parent), last) {
                (Some(Json::Object(members)), Step::Name(name)) => drop(members.remove(name)),
                (Some(Json::Array(items)), Step::Index(index)) if *index < items.len() => {
                    items.remove(*index);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn at<'n>(root: &'n mut Node, steps: &[Step]) -> Option<&'n mut Node> {
    steps.iter().try_fold(root, |node, step| match (&mut node.value, step) {
        (Value::Object(entries), Step::Name(name)) => {
            entries.iter_mut().find(|entry| entry.key == *name).map(|entry| &mut entry.value)
        }
        (Value::Array(items), Step::Index(index)) => items.get_mut(*index),
        _ => None,
    })
}

fn json_at<'j>(root: &'j mut Json, steps: &[Step]) -> Option<&'j mut Json> {
    steps.iter().try_fold(root, |value, step| match step {
        Step::Name(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(*index),
    })
}
