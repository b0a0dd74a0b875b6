//! YAML documents as JSON values: the core schema, aliases within a budget. Merge keys are not in use in documents.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// How many nodes aliases may add.
const ALIAS_BUDGET: usize = 5_000_000;

enum Open {
    List(usize, Vec<Value>),
    Map(usize, Map<String, Value>, Option<String>),
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Value>,
    spent: usize,
    root: Option<Value>,
}

/// Reads one document.
///
/// # Errors
/// When the text is not YAML, or its aliases grow beyond all bounds.
pub(crate) fn parse(text: &str) -> Result<Value> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, _) = event.context("not YAML")?;
        match event {
            Event::Scalar(text, style, anchor, _) => {
                if let Some(Open::Map(_, _, key @ None)) = builder.open.last_mut() {
                    *key = Some(text.into_owned());
                } else {
                    let plain = style == ScalarStyle::Plain;
                    builder.complete(scalar(&text, plain), anchor);
                }
            }
            Event::Alias(anchor) => {
                let value = builder.anchors.get(&anchor).cloned().unwrap_or_default();
                builder.spent += size(&value);
                if builder.spent > ALIAS_BUDGET {
                    bail!("the aliases of this document are too large");
                }
                builder.complete(value, 0);
            }
            Event::SequenceStart(anchor, _) => builder.open.push(Open::List(anchor, Vec::new())),
            Event::MappingStart(anchor, _) => builder.open.push(Open::Map(anchor, Map::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => match builder.open.pop() {
                Some(Open::List(anchor, items)) => builder.complete(Value::Array(items), anchor),
                Some(Open::Map(anchor, map, _)) => builder.complete(Value::Object(map), anchor),
                None => {}
            },
            _ => {}
        }
    }
    builder.root.context("an empty file")
}

impl Builder {
    fn complete(&mut self, value: Value, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            Some(Open::List(_, items)) => items.push(value),
            Some(Open::Map(_, map, key)) => {
                map.insert(key.take().unwrap_or_default(), value);
            }
            None => self.root = Some(value),
        }
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn scalar(text: &str, plain: bool) -> Value {
    match text {
        _ if !plain => Value::String(text.to_owned()),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(text.to_owned()),
        },
    }
}
