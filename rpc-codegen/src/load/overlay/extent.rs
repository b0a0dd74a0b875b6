//! How much of a document a query can look at, so that what would take forever or fill the memory is refused before it starts.

use serde_json::Value as Json;
use serde_json_path::{JsonPath, PathElement};

/// How many bytes the paths may take that a query passes through, an upper bound.
const BUDGET: u64 = 512 << 20;

/// What a step of a path takes without its name.
const STEP: u64 = 32;

/// What a query's text says about it.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// Where its segments start, in bytes.
    starts: Vec<usize>,
    /// How many segments select one value at most before the first that may select several; `None` if all do.
    fixed: Option<usize>,
    /// How many `..` there are.
    descents: u32,
    /// Steps down, at most, if there is no `..`.
    reach: usize,
    /// In how many ways the selectors of its brackets can be combined.
    selectors: u64,
}

/// An open bracket.
struct Open {
    square: bool,
    selectors: u64,
    filter: bool,
}

impl Extent {
    /// Reads the structure of a query that may be wrong in any way; the error says why it is more than anybody means: parsing
    /// takes time and stack by nesting, and a filter that asks all of the document is asked for every value.
    pub(super) fn of(text: &str) -> Result<Self, &'static str> {
        if text.len() > 4096 {
            return Err("is longer than 4096 bytes");
        }
        let mut found = Self { selectors: 1, ..Self::default() };
        let mut open: Vec<Open> = Vec::new();
        let (mut roots, mut wide) = (0usize, false);
        let mut quote = None;
        let mut before = ' ';
        let mut characters = text.char_indices();
        while let Some((index, c)) = characters.next() {
            let in_filter = open.iter().any(|bracket| bracket.filter);
            let mut several = false;
            match (quote, c) {
                (Some(_), '\\') => drop(characters.next()),
                (Some(end), c) if end == c => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '.') if before == '.' => {
                    found.descents += 1;
                    several = true;
                }
                (None, '[' | '(' | '.') => {
                    if open.is_empty() && before != '.' {
                        found.starts.push(index);
                    }
                    found.reach += 1;
                    wide |= in_filter && c == '(' && before.is_alphanumeric();
                    if c != '.' {
                        open.push(Open { square: c == '[', selectors: 1, filter: false });
                    }
                }
                (None, ']' | ')') => {
                    let selectors = open.pop().map_or(1, |bracket| bracket.selectors);
                    found.selectors = found.selectors.saturating_mul(selectors);
                }
                (None, ',') => {
                    if let Some(bracket) = open.last_mut().filter(|bracket| bracket.square) {
                        bracket.selectors += 1;
                        several = true;
                    }
                }
                (None, '*' | ':' | '?') => {
                    several = true;
                    if let Some(bracket) = open.last_mut() {
                        bracket.filter |= c == '?';
                    }
                }
                (None, '$') => roots += usize::from(!open.is_empty()),
                _ => {}
            }
            if several {
                found.fixed.get_or_insert(found.starts.len().saturating_sub(1));
                wide |= in_filter;
            }
            if open.len() > 6 {
                return Err("has more than 6 brackets inside of each other");
            }
            before = c;
        }
        match roots {
            0 => Ok(found),
            1 if wide => Err("has a filter with `$` and `..`, `*`, a list, a function or another filter"),
            1 => Ok(found),
            _ => Err("has more than one `$` in its filters"),
        }
    }

    /// The segments before the first that may select several values: the text up to each, and its own.
    pub(super) fn fixed<'t>(&self, text: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let ends = self.starts.iter().skip(1).copied().chain([text.len()]);
        let segments = self.starts.iter().zip(ends).take(self.fixed.unwrap_or(usize::MAX));
        segments.filter_map(move |(start, end)| Some((text.get(..*start)?, text.get(*start..end)?)))
    }

    /// Whether a query can be answered for a document in bounded memory and time. Every `..` after the first passes a value
    /// once for each value around it, and every selector of a bracket once more.
    pub(super) fn fits(&self, text: &str, root: &Json) -> bool {
        let Some(fixed) = self.fixed else { return true };
        let lead = self.starts.get(fixed).and_then(|start| text.get(..*start)).unwrap_or("$");
        let Ok(lead) = JsonPath::parse(lead) else { return true };
        let found = lead.query_located(root);
        let Some(first) = found.first() else { return true };
        let length = first.location().iter().map(|step| match step {
            PathElement::Name(name) => weight(name),
            PathElement::Index(_) => STEP,
        });
        let reach = if self.descents > 0 { usize::MAX } else { self.reach.saturating_sub(fixed) };
        let scan = Scan { reach, around: self.descents.saturating_sub(1) };
        let cost = scan.cost(first.node(), 0, STEP + length.sum::<u64>());
        cost.saturating_mul(self.selectors) <= BUDGET
    }
}

/// What a query goes through.
struct Scan {
    /// Steps down, at most.
    reach: usize,
    /// How many of the values around one it is passed for.
    around: u32,
}

impl Scan {
    /// Bytes of all paths in a value that is so deep and has a path of such a length.
    fn cost(&self, value: &Json, depth: usize, path: u64) -> u64 {
        let around = u64::try_from(depth).unwrap_or(u64::MAX);
        let own = path.saturating_mul(around.saturating_pow(self.around));
        if depth >= self.reach {
            return own;
        }
        let inside = match value {
            Json::Array(items) => {
                items.iter().map(|item| self.cost(item, depth + 1, path + STEP)).fold(0, u64::saturating_add)
            }
            Json::Object(members) => members
                .iter()
                .map(|(key, member)| self.cost(member, depth + 1, path + weight(key)))
                .fold(0, u64::saturating_add),
            _ => 0,
        };
        own.saturating_add(inside)
    }
}

fn weight(name: &str) -> u64 {
    STEP.saturating_add(u64::try_from(name.len()).unwrap_or(u64::MAX))
}
