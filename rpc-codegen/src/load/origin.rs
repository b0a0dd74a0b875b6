//! Which overlay a value came from. The number stands in the upper bits of a line, so that it travels with the place wherever
//! that is copied and costs nothing where there is no overlay.

use std::collections::HashSet;

use super::node::{Node, Value};

const BITS: u32 = 24;
const LAST_LINE: u32 = (1 << BITS) - 1;

/// More overlays than this have no numbers.
pub(super) const MOST: usize = 254;

/// Stands for an overlay's number where a column is the number of a place; see [`distinguish`].
const NUMBERED: u32 = 255;

/// The number (from 1) of the overlay, 0 for the document, and the line.
pub(super) fn split(line: u32) -> (usize, u32) {
    (usize::try_from(line >> BITS).unwrap_or(0), line & LAST_LINE)
}

/// Says of every part of a tree that it comes from an overlay.
pub(super) fn mark(node: &mut Node, number: usize) {
    let bits = u32::try_from(number).unwrap_or(0) << BITS;
    let from = |line: u32| line.min(LAST_LINE) | bits;
    node.line = from(node.line);
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| mark(item, number)),
        Value::Object(entries) => {
            for entry in entries {
                entry.key_line = from(entry.key_line);
                mark(&mut entry.value, number);
            }
        }
        _ => {}
    }
}

/// Gives all values places of their own, so that [`Places`](super::places::Places) can tell them apart. What overlays put into
/// a document several times, or copied, is numbered; where such values stand is what comes out.
pub(super) fn distinguish(root: &mut Node) -> Vec<(u32, u32)> {
    let mut repeated = Vec::new();
    number(root, &mut HashSet::new(), &mut repeated);
    repeated
}

fn number(node: &mut Node, known: &mut HashSet<(u32, u32)>, repeated: &mut Vec<(u32, u32)>) {
    let place = (node.line, node.column);
    if !known.insert(place) {
        (node.line, node.column) = (NUMBERED << BITS, u32::try_from(repeated.len()).unwrap_or(u32::MAX));
        repeated.push(place);
    }
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| number(item, known, repeated)),
        Value::Object(entries) => {
            entries.iter_mut().for_each(|entry| number(&mut entry.value, known, repeated));
        }
        _ => {}
    }
}

/// The place of a value that may be [numbered](distinguish).
pub(super) fn real((line, column): (u32, u32), repeated: &[(u32, u32)]) -> (u32, u32) {
    let index = usize::try_from(column).ok().filter(|_| line == NUMBERED << BITS);
    index.and_then(|index| repeated.get(index)).copied().unwrap_or((line, column))
}
