//! Walks what is used and compares it with the tables of [`super::shapes`].

use std::collections::HashSet;

use crate::diagnostic::{Diagnostics, rules};

use super::cursor::Cursor;
use super::limits::count;
use super::operation::OperationView;
use super::schema::SchemaView;
use super::shapes::{AN_OPERATION, Beside, DISCRIMINATOR, Kind, PARAMETERS, SCHEMA, Shape};
use super::types::Type;

/// Reports wrong types, missing fields and bad references in the parts of a document that are used, following
/// references. What it has seen it does not visit again, so one checker serves a whole document.
#[derive(Debug, Default)]
pub struct Checker<'a> {
    seen: HashSet<(Cursor<'a>, &'static str)>,
    /// Values still to be looked at, the next one last.
    waiting: Vec<(Cursor<'a>, &'static Shape)>,
}

impl<'a> Checker<'a> {
    /// A checker that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks an operation and all that it refers to.
    pub fn operation(&mut self, operation: &OperationView<'a>, diagnostics: &mut Diagnostics) {
        if let Some(parameters) = operation.path_item.key("parameters") {
            self.shape(&parameters, &PARAMETERS, diagnostics);
        }
        self.shape(&operation.cursor, &AN_OPERATION, diagnostics);
    }

    /// Checks a schema and all that it refers to.
    pub fn schema(&mut self, schema: &SchemaView<'a>, diagnostics: &mut Diagnostics) {
        self.shape(schema.cursor(), &Shape::Schema, diagnostics);
    }

    pub(super) fn shape(&mut self, value: &Cursor<'a>, shape: &'static Shape, diagnostics: &mut Diagnostics) {
        self.waiting.push((value.clone(), shape));
        while let Some((value, shape)) = self.waiting.pop() {
            self.visit(&value, shape, diagnostics);
        }
    }

    fn visit(&mut self, value: &Cursor<'a>, shape: &'static Shape, diagnostics: &mut Diagnostics) {
        let node = value.node();
        let (is_object, is_list) = (node.as_object().is_some(), node.as_array().is_some());
        let mut wrong = |expected: &str| diagnostics.push(value.wrong_shape(expected));
        match shape {
            Shape::Any => {}
            Shape::Str if value.str().is_some() => {}
            Shape::Str => wrong("a string"),
            Shape::Text if value.str().is_some() => {}
            Shape::Text if value.number().is_some() => {
                sloppy(value, "is a number where a string belongs; its text is taken", diagnostics);
            }
            Shape::Text => wrong("a string"),
            Shape::Bool if value.bool().is_some() => {}
            Shape::Bool => wrong("a boolean"),
            Shape::Number if value.number().is_some() => {}
            Shape::Number => wrong("a number"),
            Shape::Limit if value.number().is_some() || value.bool().is_some() => {}
            Shape::Limit => wrong("a number"),
            Shape::Count if value.number().and_then(count).is_some() => {}
            Shape::Count => wrong("an integer from 0"),
            Shape::Object if is_object => {}
            Shape::Object => wrong("an object"),
            Shape::Is(kind) if is_object => self.object(value, shape, kind, diagnostics),
            Shape::Is(kind) => wrong(kind.name),
            Shape::Schema if value.bool().is_some() => {}
            Shape::Schema if is_object => self.object(value, shape, &SCHEMA, diagnostics),
            Shape::Schema => wrong("a schema"),
            Shape::Items if is_list => self.wait(value.items(), &Shape::Schema),
            Shape::Items => self.wait([value.clone()], &Shape::Schema),
            Shape::List(of) if is_list => self.wait(value.items(), of),
            Shape::List(_) => wrong("an array"),
            Shape::Map(of) if is_object => self.wait(value.entries().map(|(_, value)| value), of),
            Shape::Extensible(of) if is_object => {
                let known = value.entries().filter(|(key, _)| !key.starts_with("x-"));
                self.wait(known.map(|(_, value)| value), of);
            }
            Shape::Map(_) | Shape::Extensible(_) => wrong("an object"),
            Shape::Types => types(value, diagnostics),
            Shape::Required if value.bool().is_some() => {
                sloppy(value, "is a boolean where a list of names belongs; it is ignored", diagnostics);
            }
            Shape::Required if is_list => self.wait(value.items(), &Shape::Str),
            Shape::Required => wrong("an array of names"),
            Shape::Discriminator if value.str().is_some() => {
                sloppy(
                    value,
                    "is a string where an object belongs; it is taken for the `propertyName`",
                    diagnostics,
                );
            }
            Shape::Discriminator if is_object => self.object(value, shape, &DISCRIMINATOR, diagnostics),
            Shape::Discriminator => wrong("an object"),
        }
    }

    fn wait(&mut self, values: impl IntoIterator<Item = Cursor<'a>>, shape: &'static Shape) {
        self.waiting.extend(values.into_iter().map(|value| (value, shape)));
    }

    fn object(
        &mut self,
        value: &Cursor<'a>,
        shape: &'static Shape,
        kind: &'static Kind,
        diagnostics: &mut Diagnostics,
    ) {
        if !self.seen.insert((value.clone(), kind.name)) {
            return;
        }
        if let Some(beside) = &kind.beside_ref
            && let Some(reference) = value.key("$ref")
        {
            if reference.str().is_none() {
                return diagnostics.push(reference.wrong_shape("a string"));
            }
            match value.resolve().and_then(|_| value.target().transpose()) {
                Ok(target) => self.wait(target, shape),
                Err(problem) => diagnostics.push(*problem),
            }
            if *beside == Beside::Prose {
                return siblings(value, diagnostics);
            }
        }
        for (key, shape) in kind.fields {
            match value.key(key) {
                Some(field)
                    if field.node().is_null() && *shape != Shape::Any && !kind.needed.contains(key) =>
                {
                    sloppy(&field, "is null; that is taken for absent", diagnostics);
                }
                Some(field) => self.wait([field], shape),
                None => {}
            }
        }
        for key in kind.needed.iter().filter(|key| value.key(key).is_none()) {
            let message = format!("{} needs `{key}`, which is missing", kind.name);
            diagnostics.push(value.diagnostic(rules::WRONG_SHAPE, message));
        }
        for key in kind.wanted.iter().filter(|key| value.key(key).is_none()) {
            let message = format!("{} should have `{key}`, which is missing", kind.name);
            diagnostics.push(value.diagnostic(rules::SLOPPY, message));
        }
    }
}

fn sloppy(value: &Cursor<'_>, problem: &str, diagnostics: &mut Diagnostics) {
    let subject = value.as_written().name().map_or_else(|| "this".to_owned(), |name| format!("`{name}`"));
    diagnostics.push(value.diagnostic(rules::SLOPPY, format!("{subject} {problem}")));
}

fn siblings(reference: &Cursor<'_>, diagnostics: &mut Diagnostics) {
    for (key, value) in reference.entries() {
        if !matches!(key, "$ref" | "summary" | "description") && !key.starts_with("x-") {
            sloppy(&value, "stands beside a `$ref` and is ignored", diagnostics);
        }
    }
}

fn types(value: &Cursor<'_>, diagnostics: &mut Diagnostics) {
    const EXPECTED: &str = "the name of a JSON type or an array of them";
    let names: Vec<_> = match value.node().as_array() {
        Some(_) => value.items().collect(),
        None => vec![value.clone()],
    };
    for name in names {
        match name.str() {
            None => diagnostics.push(name.wrong_shape(EXPECTED)),
            Some(text) if Type::from_name(text).is_none() => {
                let known: Vec<_> = Type::ALL.iter().map(|ty| format!("`{}`", ty.name())).collect();
                let found = name.diagnostic(rules::WRONG_SHAPE, format!("`{text}` is not a JSON type"));
                diagnostics.push(found.help(format!("write one of {}", known.join(", "))));
            }
            Some(_) => {}
        }
    }
}
