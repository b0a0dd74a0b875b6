//! YAML 1.2 through saphyr's events: the core schema, aliases within a budget, merge keys.

mod merge;

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use crate::diagnostic::{Rule, rules};

use super::node::{Entry, Fault, MAX_DEPTH, Node, Value, measure};
use super::scalar;

/// How many bytes aliases may add to a document, so that a small file cannot fill the memory ("billion laughs").
const ALIAS_BUDGET: usize = 64 << 20;

/// Parses a text of one document. A byte order mark has been removed; equal keys are left to the caller.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    // The scanner takes NUL for the end of the file and would drop the rest in silence.
    if let Some(at) = text.find('\0') {
        let (line, column) = position(text, at);
        let message = "a NUL character, which YAML does not allow".into();
        return Err(Fault { rule: rules::SYNTAX, line, column, message });
    }
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| within(text, scan_fault(&error)))?;
        builder.event(event, span.start)?;
    }
    Ok(builder.root.unwrap_or(Node { value: Value::Null, line: 1, column: 1 }))
}

/// Line and column of an offset.
pub(super) fn position(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).saturating_add(1);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let in_line = before.get(line_start..).unwrap_or_default();
    (count(before.matches('\n').count()), count(in_line.chars().count()))
}

fn scan_fault(error: &ScanError) -> Fault {
    match error.info() {
        "recursion limit exceeded" => {
            fault(rules::TOO_DEEP, place(error.marker()), "brackets are nested too deeply")
        }
        info => fault(rules::SYNTAX, place(error.marker()), info),
    }
}

/// What is missing at the end is told at the end: the scanner's place for it is the line behind the last.
fn within(text: &str, fault: Fault) -> Fault {
    let (line, column) = position(text, text.len());
    if fault.line > line { Fault { line, column, ..fault } } else { fault }
}

fn fault(rule: Rule, (line, column): (u32, u32), message: impl Into<String>) -> Fault {
    Fault { rule, line, column, message: message.into() }
}

fn place(marker: &Marker) -> (u32, u32) {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (number(marker.line().max(1)), number(marker.col()).saturating_add(1))
}

/// A collection that is still open.
struct Frame {
    anchor: usize,
    place: (u32, u32),
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Item>, key: Option<Key> },
}

struct Key {
    text: String,
    merge: bool,
    place: (u32, u32),
}

struct Item {
    entry: Entry,
    merge: bool,
}

/// A value that aliases may name.
struct Anchored {
    node: Node,
    weight: usize,
    depth: usize,
}

#[derive(Default)]
struct Builder {
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    spent: usize,
    root: Option<Node>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, marker: Marker) -> Result<(), Fault> {
        let place = place(&marker);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(fault(rules::SYNTAX, place, "a second document starts here; a file is one document"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let value = scalar::resolve(&text, plain, tag.as_deref());
                let node = node(value, place);
                if self.wants_key() {
                    // A key keeps its spelling: `200:` is "200" and `1.0:` is "1.0".
                    self.anchor(anchor, &node)?;
                    self.key(text.into_owned(), plain, place);
                    return Ok(());
                }
                self.complete(node, anchor)
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::SequenceStart(anchor, _) => self.open(anchor, place, Content::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.open(anchor, place, Content::Mapping { entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => Ok(()),
        }
    }

    fn wants_key(&self) -> bool {
        let content = self.stack.last().map(|frame| &frame.content);
        matches!(content, Some(Content::Mapping { key: None, .. }))
    }

    fn key(&mut self, text: String, plain: bool, place: (u32, u32)) {
        if let Some(Frame { content: Content::Mapping { key, .. }, .. }) = self.stack.last_mut() {
            *key = Some(Key { merge: plain && text == "<<", text, place });
        }
    }

    fn open(&mut self, anchor: usize, place: (u32, u32), content: Content) -> Result<(), Fault> {
        if self.wants_key() {
            return Err(fault(rules::SYNTAX, place, "a key must be a plain value, found a collection"));
        }
        self.check_depth(1, place)?;
        self.stack.push(Frame { anchor, place, content });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let value = match frame.content {
            Content::Sequence(items) => Value::Array(items),
            Content::Mapping { entries, .. } => Value::Object(merge::merge(entries)?),
        };
        self.complete(node(value, frame.place), frame.anchor)
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Fault> {
        self.anchor(anchor, &node)?;
        match self.stack.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key }) => {
                if let Some(Key { text, merge, place: (key_line, key_column) }) = key.take() {
                    entries
                        .push(Item { entry: Entry { key: text, key_line, key_column, value: node }, merge });
                }
            }
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, node: &Node) -> Result<(), Fault> {
        if anchor == 0 {
            return Ok(());
        }
        let (weight, depth) = measure(node);
        self.spend(weight, (node.line, node.column))?;
        self.anchors.insert(anchor, Anchored { node: node.clone(), weight, depth });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, place: (u32, u32)) -> Result<(), Fault> {
        let Some(&Anchored { weight, depth, .. }) = self.anchors.get(&anchor) else {
            return Err(fault(rules::SYNTAX, place, "an alias stands inside the value that it names"));
        };
        self.spend(weight, place)?;
        self.check_depth(depth, place)?;
        let Some(Anchored { node: target, .. }) = self.anchors.get(&anchor) else { return Ok(()) };
        if self.wants_key() {
            let Some(text) = target.as_str().or_else(|| target.as_number()).map(str::to_owned) else {
                return Err(fault(rules::SYNTAX, place, "an alias as a key must name a string or a number"));
            };
            self.key(text, false, place);
            return Ok(());
        }
        // The parts keep the places where they are written; only the whole stands here.
        let whole = node(target.value.clone(), place);
        self.complete(whole, 0)
    }

    fn spend(&mut self, weight: usize, place: (u32, u32)) -> Result<(), Fault> {
        self.spent = self.spent.saturating_add(weight);
        if self.spent <= ALIAS_BUDGET {
            return Ok(());
        }
        let message = format!("aliases make the document more than {} MiB larger", ALIAS_BUDGET >> 20);
        Err(fault(rules::TOO_DEEP, place, message))
    }

    /// Whether `more` levels fit below the open collections.
    fn check_depth(&self, more: usize, place: (u32, u32)) -> Result<(), Fault> {
        if self.stack.len().saturating_add(more) <= MAX_DEPTH {
            return Ok(());
        }
        Err(fault(rules::TOO_DEEP, place, format!("values are nested more than {MAX_DEPTH} deep")))
    }
}

fn node(value: Value, (line, column): (u32, u32)) -> Node {
    Node { value, line, column }
}
