//! Folds `X-Input` and `X-Output` into one `X` where one type can carry both, so that reading, changing and writing
//! back needs no conversion. Where not, the output is `X` and the input `XInput`.
//!
//! One type can carry both when, field by field, they are the same except that
//! - the input takes `number | string` (a decimal) and the output is a string: a decimal;
//! - the output always has a field that the input may leave out, and the document says what then stands there: the
//!   default, or null;
//! - rules differ: those of the input are kept, replies are never checked;
//! - they mention types that fold themselves.
//!
//! The last makes the comparison co-inductive: a pair of types that is being compared is taken to fit, and everything
//! that was assumed on the way stands or falls with the pair it began with.

mod merge;

use std::collections::{BTreeMap, HashMap};

use super::context::Context;
use super::{find, walk};
use crate::ir::{Additional, Default_, Field, Presence, Scalar, Shape, Struct, Type, TypeDef, TypeId, Types};

/// Inputs that fold, each with its output.
type Folds = BTreeMap<TypeId, TypeId>;

pub(super) fn run(context: &mut Context<'_>) {
    let types = &mut context.service.types;
    let mut folds = Folds::new();
    for (input, output, _) in twins(types) {
        if let Some(found) = compare(types, input, output, &folds) {
            folds.extend(found);
        }
    }
    for (input, output) in &folds {
        if let Some(merged) = merge::merged(types, *input, *output)
            && let Some(def) = types.get_mut(*output)
        {
            def.shape = merged;
        }
    }
    for (input, output, _) in twins(types).into_iter().filter(|(input, ..)| !folds.contains_key(input)) {
        if let Some(def) = types.get_mut(input) {
            def.input_of = Some(output);
        }
    }
    rename(types);
    walk::every_use(context.service, &mut |ty| {
        walk::named_mut(ty, &mut |id| *id = folds.get(id).copied().unwrap_or(*id));
    });
}

/// Pairs of components, with what they are called without the ending.
fn twins(types: &Types) -> Vec<(TypeId, TypeId, String)> {
    let names: BTreeMap<&str, TypeId> = types.iter().map(|(id, def)| (def.name.as_str(), id)).collect();
    let inputs = types.iter().filter_map(|(id, def)| Some((id, def.name.strip_suffix("-Input")?)));
    inputs
        .filter_map(|(id, base)| Some((id, *names.get(format!("{base}-Output").as_str())?, base.to_owned())))
        .collect()
}

/// What folds if this pair does, or nothing.
fn compare(types: &Types, input: TypeId, output: TypeId, known: &Folds) -> Option<Folds> {
    let mut assumed = Folds::from([(input, output)]);
    let mut open = vec![(input, output)];
    while let Some((input, output)) = open.pop() {
        let (a, b) = (types.get(input)?, types.get(output)?);
        let mut pairs = Vec::new();
        if !shapes_fit(&a.shape, &b.shape, &mut pairs) {
            return None;
        }
        for (a, b) in pairs {
            let folded = known.get(&a).or_else(|| assumed.get(&a)).copied();
            if a == b || folded == Some(b) {
                continue;
            }
            if folded.is_some() || !are_twins(types.get(a)?, types.get(b)?) {
                return None;
            }
            assumed.insert(a, b);
            open.push((a, b));
        }
    }
    Some(assumed)
}

/// Whether two types are the same place of an input and an output: `A-Input` and `A-Output`, `A-Input x` and `A-Output x`.
fn are_twins(input: &TypeDef, output: &TypeDef) -> bool {
    let split = |name: &str| {
        let (head, tail) = name.split_once(' ').unwrap_or((name, ""));
        (find::twin_base(head).unwrap_or(head).to_owned(), tail.to_owned())
    };
    split(&input.name) == split(&output.name)
}

/// Pairs of named types that must fit as well.
type Pairs = Vec<(TypeId, TypeId)>;

fn shapes_fit(input: &Shape, output: &Shape, pairs: &mut Pairs) -> bool {
    match (input, output) {
        (Shape::Struct(a), Shape::Struct(b)) => structs_fit(a, b, pairs),
        (Shape::Enum(a), Shape::Enum(b)) => {
            a.of == b.of && a.values.iter().map(|v| &v.wire).eq(b.values.iter().map(|v| &v.wire))
        }
        (Shape::Union(a), Shape::Union(b)) => {
            a.dispatch == b.dispatch
                && a.variants.len() == b.variants.len()
                && a.variants
                    .iter()
                    .zip(&b.variants)
                    .all(|(a, b)| a.tags == b.tags && a.field == b.field && types_fit(&a.ty, &b.ty, pairs))
        }
        (Shape::Alias(a, _), Shape::Alias(b, _)) => types_fit(a, b, pairs),
        _ => false,
    }
}

fn structs_fit(input: &Struct, output: &Struct, pairs: &mut Pairs) -> bool {
    let additional = match (&input.additional, &output.additional) {
        (Additional::Ignored, Additional::Ignored) => true,
        (Additional::Kept { ty: a, .. }, Additional::Kept { ty: b, .. }) => types_fit(a, b, pairs),
        _ => false,
    };
    let by_wire = by_wire(input);
    additional
        && input.fields.len() == output.fields.len()
        && output.fields.iter().all(|b| {
            let a = by_wire.get(b.wire.as_str());
            a.is_some_and(|a| presence_fits(a, b) && types_fit(&a.ty, &b.ty, pairs))
        })
}

fn by_wire(object: &Struct) -> HashMap<&str, &Field> {
    object.fields.iter().map(|field| (field.wire.as_str(), field)).collect()
}

fn presence_fits(input: &Field, output: &Field) -> bool {
    match (&input.presence, &output.presence) {
        (Presence::Required, Presence::Required) | (Presence::Optional, Presence::Optional) => true,
        (Presence::Default(_), Presence::Required) => true,
        (Presence::Default(a), Presence::Default(b)) => same_default(a, b),
        (Presence::Optional, Presence::Required) => matches!(input.ty, Type::Nullable(_)),
        _ => false,
    }
}

/// The default of a decimal may be a number on one side and a string on the other.
fn same_default(a: &Default_, b: &Default_) -> bool {
    let text = |default: &Default_| match default {
        Default_::Int(number) => Some(number.to_string()),
        Default_::Number(text) | Default_::String(text) => Some(text.clone()),
        _ => None,
    };
    a == b || text(a).is_some_and(|a| text(b) == Some(a))
}

fn types_fit(input: &Type, output: &Type, pairs: &mut Pairs) -> bool {
    match (input, output) {
        (Type::Named(a), Type::Named(b)) => {
            pairs.push((*a, *b));
            true
        }
        (Type::Scalar(Scalar::Decimal(_)), Type::Scalar(Scalar::Decimal(_) | Scalar::String)) => true,
        (Type::List(a), Type::List(b))
        | (Type::Map(a), Type::Map(b))
        | (Type::Nullable(a), Type::Nullable(b))
        | (Type::Boxed(a), Type::Boxed(b)) => types_fit(a, b, pairs),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| types_fit(a, b, pairs))
        }
        (a, b) => a == b,
    }
}

/// `X-Output` becomes `X`, with the inline types in it. If the input stays, it keeps its ending.
fn rename(types: &mut Types) {
    let outputs: Vec<String> = twins(types).into_iter().map(|(.., base)| base).collect();
    for (_, def) in types.iter_mut() {
        let (head, tail) = def.name.split_once(' ').unwrap_or((&def.name, ""));
        let Some(base) = head.strip_suffix("-Output").filter(|base| outputs.iter().any(|o| o == base)) else {
            continue;
        };
        def.name = format!("{base} {tail}").trim_end().to_owned();
    }
}

#[cfg(test)]
mod tests;
