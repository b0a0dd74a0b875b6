//! Decimals that the document calls strings.

use super::context::Context;
use super::{names, overrides};
use crate::diagnostic::{Diagnostic, rules};
use crate::ir::{Constraints, DecimalWire, Field, Scalar, Shape, Type};

/// How pydantic's patterns for `Decimal` begin.
const PATTERN: &str = r"^(?!^[-+.]*$)[+-]?0*";

/// Strings whose pattern is the one that pydantic writes for `Decimal`.
pub(super) fn by_pattern(context: &mut Context<'_>) {
    for (_, def) in context.service.types.iter_mut() {
        match &mut def.shape {
            Shape::Struct(object) => {
                object.fields.iter_mut().for_each(|field| infer(&mut field.ty, &mut field.constraints));
            }
            Shape::Alias(ty, constraints) => infer(ty, constraints),
            Shape::Enum(_) | Shape::Union(_) => {}
        }
    }
    for operation in &mut context.service.operations {
        operation.parameters.iter_mut().for_each(|p| infer(&mut p.ty, &mut p.constraints));
    }
}

fn infer(ty: &mut Type, constraints: &mut Constraints) {
    let (inner, rules) = innermost(ty, constraints);
    if *inner == Type::Scalar(Scalar::String)
        && rules.pattern.as_deref().is_some_and(|p| p.starts_with(PATTERN))
    {
        overrides::replace(ty, constraints, &Type::Scalar(Scalar::Decimal(DecimalWire::String)));
    }
}

fn innermost<'t>(ty: &'t Type, constraints: &'t Constraints) -> (&'t Type, &'t Constraints) {
    match ty {
        Type::Nullable(inner) | Type::Boxed(inner) => innermost(inner, constraints),
        Type::List(inner) | Type::Map(inner) => match &constraints.items {
            Some(items) => innermost(inner, items),
            None => (ty, constraints),
        },
        _ => (ty, constraints),
    }
}

/// Last words of names that are usually money.
const MONEY: &[&str] = &["amount", "balance", "price", "total", "fee"];

/// Says which strings of replies look like decimals; only the service's owner knows.
pub(super) fn candidates(context: &mut Context<'_>) {
    for (_, def) in context.service.types.iter() {
        let Shape::Struct(object) = &def.shape else { continue };
        if !def.direction.reply || def.direction.request {
            continue;
        }
        for field in object.fields.iter().filter(|field| is_candidate(field)) {
            let message =
                format!("`{}.{}` is a string, but its name is that of a decimal", def.name, field.wire);
            let help = format!(
                "if it is one, write into service.toml: types.\"{}.{}\" = \"decimal\"",
                def.name, field.wire
            );
            let note = Diagnostic::new(rules::DECIMAL_CANDIDATE, field.origin.clone(), message).help(help);
            context.diagnostics.push(note);
        }
    }
}

fn is_candidate(field: &Field) -> bool {
    let (inner, _) = innermost(&field.ty, &field.constraints);
    let last = names::words(&field.wire).pop().unwrap_or_default().to_lowercase();
    *inner == Type::Scalar(Scalar::String) && MONEY.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use crate::ir::Shape;
    use crate::passes::testing::{check, int, nullable, object, service, settings, string};
    use expect_test::expect;

    #[test]
    fn pydantic_pattern() {
        let mut def = object("Order", [("amount", nullable(string())), ("sku", string())]);
        if let Shape::Struct(object) = &mut def.shape {
            object.fields[0].constraints.pattern = Some(r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$".into());
            object.fields[1].constraints.pattern = Some("^[A-Z]+$".into());
        }
        check(
            super::by_pattern,
            service([], [def]),
            &settings(""),
            expect![[r#"
            type Order = { amount: Decimal(String)|null, sku: String }
        "#]],
        );
    }

    #[test]
    fn names_of_money() {
        let mut def = object(
            "Wallet",
            [
                ("balance", string()),
                ("totalFee?", nullable(string())),
                ("total", int()),
                ("prices", string()),
            ],
        );
        def.direction.reply = true;
        let mut input = object("Transfer", [("amount", string())]);
        input.direction.request = true;
        check(
            super::candidates,
            service([], [def, input]),
            &settings(""),
            expect![[r#"
            type Wallet = { balance: String, totalFee?: String|null, total: Int(I64), prices: String } out
            type Transfer = { amount: String } in
            note[R308] openapi.json:1:1: `Wallet.balance` is a string, but its name is that of a decimal
              if it is one, write into service.toml: types."Wallet.balance" = "decimal"
            note[R308] openapi.json:1:1: `Wallet.totalFee` is a string, but its name is that of a decimal
              if it is one, write into service.toml: types."Wallet.totalFee" = "decimal"
        "#]],
        );
    }
}
