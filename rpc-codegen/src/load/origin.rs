//! Which overlay a value came from. The number stands in the upper bits of a line, so that it travels with the place wherever
//! that is copied and costs nothing where there is no overlay.

use super::node::{Node, Value};

const BITS: u32 = 24;
const LAST_LINE: u32 = (1 << BITS) - 1;

/// More overlays than this have no numbers.
pub(super) const MOST: usize = 255;

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
