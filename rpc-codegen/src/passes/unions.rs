//! Unions that stand inline in several places are one type if they are equal, so that what was read in one place can be sent
//! in another. The one that names.lock knows stays, else the first in the document, so that a document may grow without
//! renaming; a component always does.

use std::collections::BTreeMap;

use super::context::Context;
use super::walk;
use crate::ir::{Direction, Shape, TypeDef, TypeId, Union};
use crate::settings::Section;

pub(super) fn run(context: &mut Context<'_>) {
    let types = &context.service.types;
    let mut kept: BTreeMap<String, TypeId> = BTreeMap::new();
    let mut same: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    let locked = |def: &TypeDef| context.lock.get(Section::Types, &def.key).is_some();
    let (named, new): (Vec<_>, Vec<_>) = types.iter().partition(|(_, def)| locked(def));
    for (id, def) in named.into_iter().chain(new) {
        let Shape::Union(union) = &def.shape else { continue };
        if def.direction == Direction::default() {
            continue;
        }
        match kept.get(&meaning(union)) {
            Some(first) if !is_component(def) => {
                same.insert(id, *first);
            }
            Some(_) => {}
            None => {
                kept.insert(meaning(union), id);
            }
        }
    }
    for (from, to) in &same {
        let gone = context.service.types.get_mut(*from).map(|def| std::mem::take(&mut def.direction));
        let of = context.service.types.get(*from).and_then(|def| def.input_of);
        if let (Some(gone), Some(kept)) = (gone, context.service.types.get_mut(*to)) {
            kept.direction.request |= gone.request;
            kept.direction.reply |= gone.reply;
            kept.input_of = kept.input_of.or(of);
        }
    }
    for (_, def) in context.service.types.iter_mut() {
        def.input_of = def.input_of.map(|of| same.get(&of).copied().unwrap_or(of));
    }
    walk::every_use(context.service, &mut |ty| {
        walk::named_mut(ty, &mut |id| *id = same.get(id).copied().unwrap_or(*id));
    });
}

/// What a union says, as text. Names of variants are left out: those of folded twins still tell where they came from.
fn meaning(union: &Union) -> String {
    let variants: Vec<_> = union.variants.iter().map(|v| (&v.ty, &v.tags, &v.field)).collect();
    format!("{:?} {variants:?}", union.dispatch)
}

pub(super) fn is_component(def: &TypeDef) -> bool {
    def.key.split_once("#/components/schemas/").is_some_and(|(_, name)| !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use crate::ir::Direction;
    use crate::passes::testing::{check, get, named, object, service, settings, union};
    use expect_test::expect;

    #[test]
    fn equal_ones_are_one() {
        let types = [
            object("Card", []),
            object("Cash", []),
            union("Order payment", [("Card", named(0)), ("Cash", named(1))]),
            union("OrderCreate payment", [("Card", named(0)), ("Cash", named(1))]),
            union("Refund way", [("Cash", named(1)), ("Card", named(0))]),
        ];
        let operation = get("/").takes(named(3)).json("200", named(2)).json("404", named(4));
        let mut service = service([operation], types);
        for (_, def) in service.types.iter_mut().skip(2) {
            def.key = format!("#/components/schemas/{}", def.name.replace(' ', "/properties/"));
            def.direction =
                Direction { request: def.name.contains("Create"), reply: !def.name.contains("Create") };
        }
        check(
            super::run,
            service,
            &settings(""),
            expect![[r#"
                GET /(body: Order payment) -> Unit Unsafe
                type Card = {  }
                type Cash = {  }
                type Order payment = string(Card) | string(Cash) in out
                type OrderCreate payment = string(Card) | string(Cash)
                type Refund way = string(Cash) | string(Card) out
            "#]],
        );
    }
}
