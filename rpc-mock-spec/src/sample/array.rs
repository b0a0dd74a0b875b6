//! Arrays.

use serde_json::{Map, Value};

use super::attempt::Attempt;
use super::parts::{Parts, list};

/// How many items are made where more are asked for.
const MAX_ITEMS: usize = 1_000;

/// How many values are made to find one that is not there yet.
const TRIES: usize = 24;

impl<'b> Attempt<'b> {
    pub(super) fn array(&self, parts: &Parts<'b>, depth: usize, variant: usize) -> Option<Value> {
        let least = parts.most("minItems").unwrap_or(0);
        let most = parts.least("maxItems").unwrap_or(usize::MAX);
        let prefix = parts.all.iter().map(|schema| list(schema, "prefixItems").len()).max().unwrap_or(0);
        if least > MAX_ITEMS || least > most {
            return None;
        }
        let unique = parts.flag("uniqueItems");
        let mut items: Vec<Value> = Vec::new();
        let wanted = self.wanted(parts, prefix);
        let shown = usize::from(depth < self.effort.optional + 1);
        let length = least.max(prefix.max(shown)).max(wanted.iter().map(|(_, count)| count).sum()).min(most);
        while items.len() < length {
            let at = items.len();
            // Of the items that `contains` asks for, those at the end are made so.
            let contained = self.contained(&wanted, length - at);
            let mut schemas = item_schemas(parts, at);
            schemas.extend(contained);
            let tries = if unique { variant..variant + TRIES + at } else { variant..variant + 1 };
            let mut made = tries.filter_map(|variant| self.value(&schemas, depth + 1, variant));
            match made.find(|value| !unique || !items.contains(value)) {
                Some(value) => items.push(value),
                None => break,
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    }

    /// What `contains` asks for, and how often.
    fn wanted(&self, parts: &Parts<'b>, _prefix: usize) -> Vec<(&'b Value, usize)> {
        let count = |schema: &Map<String, Value>| {
            let least = schema.get("minContains").and_then(Value::as_u64).unwrap_or(1);
            usize::try_from(least).unwrap_or(usize::MAX).min(MAX_ITEMS)
        };
        parts.all.iter().filter_map(|schema| Some((schema.get("contains")?, count(schema)))).collect()
    }

    fn contained(&self, wanted: &[(&'b Value, usize)], left: usize) -> Option<&'b Value> {
        let mut end = 0;
        wanted.iter().find_map(|(schema, count)| {
            end += count;
            (left <= end).then_some(*schema)
        })
    }
}

/// The schemas of the item at an index.
fn item_schemas<'b>(parts: &Parts<'b>, at: usize) -> Vec<&'b Value> {
    let of = |schema: &&'b Map<String, Value>| match list(schema, "prefixItems").get(at) {
        Some(own) => Some(own),
        None => schema.get("items"),
    };
    parts.all.iter().filter_map(of).collect()
}
