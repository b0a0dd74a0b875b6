//! Which part of a tree stands at which place of the text: the link between a converted file and what was written.

use std::collections::HashMap;

use super::node::Node;

/// The values of a tree by line and column. Where several stand in one place, the outermost counts: a conversion puts
/// what it makes up where the value stands that it comes from.
#[derive(Debug, Default)]
pub(super) struct Places {
    values: HashMap<(u32, u32), usize>,
    /// For each value its parent and its index there; the root is first.
    steps: Vec<(usize, usize)>,
}

impl Places {
    pub(super) fn of(root: &Node) -> Self {
        let mut places = Self::default();
        places.add(root, (0, 0));
        places
    }

    fn add(&mut self, node: &Node, step: (usize, usize)) {
        let own = self.steps.len();
        self.steps.push(step);
        self.values.entry((node.line, node.column)).or_insert(own);
        let items = node.as_array().unwrap_or_default().iter();
        let members = node.as_object().unwrap_or_default().iter().map(|entry| &entry.value);
        items.chain(members).enumerate().for_each(|(index, child)| self.add(child, (own, index)));
    }

    /// The way from the root to the value that stands where `node` does: indices of items and entries.
    pub(super) fn path(&self, node: &Node) -> Option<Vec<usize>> {
        let mut at = *self.values.get(&(node.line, node.column))?;
        let mut path = Vec::new();
        while at > 0 {
            let (parent, index) = *self.steps.get(at)?;
            path.push(index);
            at = parent;
        }
        path.reverse();
        Some(path)
    }
}
