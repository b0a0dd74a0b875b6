//! Objects made of several schemas: members of `allOf`, and alternatives beside properties.

use crate::load::{Cursor, SchemaView};

use super::super::builder::Builder;
use super::all_of::{Part, own_part};
use super::branches::{is_null, only_requires};

/// The schemas of one object.
#[derive(Debug, Clone)]
pub(in super::super) struct Merge<'a> {
    /// Those that always hold.
    pub(in super::super) all: Vec<SchemaView<'a>>,
    /// Those that hold for some values: their fields may be missing, whatever they demand.
    pub(in super::super) some: Vec<SchemaView<'a>>,
}

impl<'a> Merge<'a> {
    pub(super) fn of(schema: SchemaView<'a>) -> Self {
        Self { all: vec![schema], some: Vec::new() }
    }

    fn add(&mut self, other: Self) {
        let new = |known: &[SchemaView<'a>], part: &SchemaView<'a>| !known.contains(part);
        for part in other.all.into_iter().chain(other.some) {
            if new(&self.all, &part) && new(&self.some, &part) {
                self.some.push(part);
            }
        }
    }
}

impl<'a> Builder<'a, '_> {
    /// The parts of a schema that allows objects only; `None` if it allows anything else.
    pub(in super::super) fn merge_of(&mut self, schema: &SchemaView<'a>) -> Option<Merge<'a>> {
        self.parts_of(schema, &mut Vec::new())
    }

    /// `above`: the schemas whose alternative this one is. A base that lists those that derive from it means the one at
    /// hand: the others are not joined to it.
    fn parts_of(&mut self, schema: &SchemaView<'a>, above: &mut Vec<Cursor<'a>>) -> Option<Merge<'a>> {
        let own = end(schema);
        if above.contains(&own) || above.len() > crate::load::MAX_DEPTH {
            return Some(Merge { all: Vec::new(), some: Vec::new() });
        }
        let members = self.members(schema);
        let mut merge = Merge { all: Vec::new(), some: Vec::new() };
        above.push(own);
        for member in &members {
            match own_part(member) {
                Part::Nothing => {}
                Part::Object => merge.all.push(member.clone()),
                Part::Other => return None,
                Part::Alternatives => {
                    merge.all.push(member.clone());
                    let branches: Vec<_> = member.any_of().into_iter().chain(member.one_of()).collect();
                    let here = end(member);
                    let lists_us = |at: Cursor<'a>| at != here && above.contains(&at);
                    if branches.iter().any(|branch| lists_us(end(branch))) {
                        continue;
                    }
                    for branch in branches.iter().filter(|branch| !is_null(branch) && !only_requires(branch))
                    {
                        let parts = self.parts_of(branch, above)?;
                        merge.add(parts);
                    }
                }
            }
        }
        above.pop();
        Some(merge)
    }

    /// Whether every alternative says itself what stands beside the alternatives, as those do that derive from it.
    pub(super) fn repeated(&mut self, schema: &SchemaView<'a>, branches: &[SchemaView<'a>]) -> bool {
        branches.iter().all(|branch| {
            let mut above = Vec::new();
            let parts = self.parts_of(branch, &mut above).map(|merge| merge.all).unwrap_or_default();
            schema.properties().iter().all(|(name, _)| {
                parts.iter().any(|part| part.properties().iter().any(|(other, _)| other == name))
            })
        })
    }
}

/// Where the references of a schema end.
fn end<'a>(schema: &SchemaView<'a>) -> Cursor<'a> {
    schema.resolve().map_or_else(|_| schema.cursor().clone(), |end| end.cursor().clone())
}
