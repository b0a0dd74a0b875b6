//! Operations of the crate beside those of the document.

use std::collections::BTreeMap;

use crate::document;
use crate::generated::{Argument, Definition, Operation};
use crate::shape::Shape;
use crate::walk::{Direction, Walk};

/// The document's operations by method and path, each with and without what is no part of a path.
struct Documented<'o, 'd>(BTreeMap<&'o str, Vec<(&'o str, &'o document::Operation<'d>)>>);

/// Compares arguments, bodies, replies and failures of all operations.
pub(crate) fn compare(walk: &mut Walk<'_>) {
    let operations = walk.document.operations();
    let mut documented = Documented(BTreeMap::new());
    for ((method, path), operation) in &operations {
        documented.0.entry(path).or_default().push((method, operation));
        if plain(path) != path {
            documented.0.entry(plain(path)).or_default().push((method, operation));
        }
    }
    for operation in &walk.generated.operations {
        match documented.find(operation) {
            Some(found) => one(walk, operation, found),
            None => missing(walk, operation),
        }
    }
}

impl<'o, 'd> Documented<'o, 'd> {
    /// By method and path. A template may have a prefix from the server's URL, and lacks what is no part of a path; where
    /// several operations share one, the name decides.
    fn find(&self, operation: &Operation) -> Option<&'o document::Operation<'d>> {
        let template = operation.template.as_str();
        let mut found = self.sharing(&operation.method, template);
        if found.is_empty() {
            let mut ends = template.char_indices().map(|(at, _)| template.get(at..).unwrap_or_default());
            let longest = ends.find(|end| self.0.contains_key(end))?;
            found = self.sharing(&operation.method, longest);
        }
        match found.as_slice() {
            [only] => Some(only),
            several => {
                several.iter().find(|one| crate::letters(one.id) == crate::letters(&operation.id)).copied()
            }
        }
    }

    fn sharing(&self, method: &str, path: &str) -> Vec<&'o document::Operation<'d>> {
        let of_path = self.0.get(path).into_iter().flatten();
        of_path.filter(|(its, _)| *its == method).map(|(_, operation)| *operation).collect()
    }
}

/// Without a query or fragment, which is no part of a path.
fn plain(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or(path)
}

fn missing(walk: &mut Walk<'_>, operation: &Operation) {
    for argument in &operation.arguments {
        walk.unmapped(&format!("{}.{}", operation.name, argument.name), &argument.ty);
    }
    if let Some(output) = &operation.output {
        walk.unmapped(&format!("{}.reply", operation.name), output);
    }
}

fn one<'d>(walk: &mut Walk<'d>, operation: &Operation, found: &document::Operation<'d>) {
    for argument in &operation.arguments {
        self::argument(walk, operation, argument, found);
    }
    let success = |status: &str| status.starts_with('2') || status.starts_with('3') || status == "DEFAULT";
    let output = &operation.output;
    let place = format!("{}.reply", operation.name);
    match output {
        Some(shape) if operation.enveloped => {
            // The envelope was opened: its contents are one property of the reply, which of them is unknown here.
            walk.unmapped(&place, shape);
        }
        Some(Shape::Local(name)) => match walk.generated.local.get(name) {
            Some(Definition::Enum(item)) => walk.by_status(name, item, &found.replies),
            _ => walk.unmapped(&place, &Shape::Local(name.clone())),
        },
        Some(shape) => {
            let exact = found.replies.iter().any(|(status, _)| status.starts_with('2'));
            let used = found.replies.iter().filter(|(status, _)| match exact {
                true => status.starts_with('2'),
                false => success(status),
            });
            let used: Vec<_> = used.map(|(_, place)| place).collect();
            match used.is_empty() {
                true => walk.unmapped(&place, shape),
                false => walk.replies(&place, shape, used),
            }
        }
        None => {}
    }
    failures(walk, operation, found);
}

fn argument<'d>(
    walk: &mut Walk<'d>,
    operation: &Operation,
    argument: &Argument,
    found: &document::Operation<'d>,
) {
    let shape = &argument.ty;
    let place = match &argument.wire {
        Some(_) => format!("{}.{}", operation.name, argument.name),
        None => format!("{}.body", operation.name),
    };
    let schemas = match &argument.wire {
        Some(wire) => found.parameters.get(wire).map(Vec::as_slice).unwrap_or_default(),
        None if argument.name.starts_with("content_type") => return,
        None => found.body.as_slice(),
    };
    if schemas.is_empty() {
        walk.unmapped(&place, shape);
    }
    for schema in schemas {
        let schema = walk.schema(schema.clone());
        walk.compare(&place, shape, &schema, Direction::Request);
    }
}

/// `XError` is the enum of an operation's failures.
fn failures<'d>(walk: &mut Walk<'d>, operation: &Operation, found: &document::Operation<'d>) {
    let mut name = format!("{}Error", operation.name);
    for _ in 0..8 {
        match walk.generated.errors.get(&name) {
            Some(Definition::Alias(Shape::Local(next))) => name.clone_from(next),
            Some(Definition::Enum(item)) => return walk.by_status(&name, item, &found.replies),
            _ => return,
        }
    }
}
