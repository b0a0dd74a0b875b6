//! Settings that say what the document does not.

use super::context::Context;
use super::{find, walk};
use crate::diagnostic::rules;
use crate::ir::{Additional, Constraints, DecimalWire, Place, Scalar, Shape, Type};
use crate::settings::ALL;

pub(super) fn run(context: &mut Context<'_>) {
    if let Some(name) = &context.settings.crate_name {
        context.service.crate_name.clone_from(&name.value);
    }
    if let Some(version) = &context.settings.crate_version {
        context.service.crate_version.clone_from(&version.value);
    }
    types(context);
    closed_enums(context);
    open_objects(context);
    multi_segment(context);
    operations(context);
}

fn types(context: &mut Context<'_>) {
    for (wanted, ty) in &context.settings.types {
        let mut found = 0;
        for (_, def) in context.service.types.iter_mut() {
            if find::is_type(def, &wanted.value) {
                def.shape = Shape::Alias(ty.clone(), Constraints::default());
                found += 1;
            } else if let Some(wire) = find::member(def, &wanted.value).map(str::to_owned)
                && let Shape::Struct(object) = &mut def.shape
            {
                for field in object.fields.iter_mut().filter(|field| field.wire == wire) {
                    replace(&mut field.ty, &mut field.constraints, ty);
                    found += 1;
                }
            }
        }
        for operation in &mut context.service.operations {
            let Some(wire) = find::argument(operation, &wanted.value).map(str::to_owned) else { continue };
            for parameter in operation.parameters.iter_mut().filter(|parameter| parameter.wire == wire) {
                replace(&mut parameter.ty, &mut parameter.constraints, ty);
                found += 1;
            }
        }
        if found == 0 {
            let known = members(context);
            context.unused("types", wanted, known.iter().map(String::as_str));
        }
    }
}

/// Every `Type.field`, for suggestions.
fn members(context: &Context<'_>) -> Vec<String> {
    let mut known = Vec::new();
    for (_, def) in context.service.types.iter() {
        if let Shape::Struct(object) = &def.shape {
            let name = find::twin_base(&def.name).unwrap_or(&def.name);
            known.extend(object.fields.iter().map(|field| format!("{name}.{}", field.wire)));
        }
    }
    known
}

/// Puts a type in place of what stands inside the layers "list of", "map of", "or null".
pub(super) fn replace(ty: &mut Type, constraints: &mut Constraints, with: &Type) {
    match ty {
        Type::List(inner) | Type::Map(inner) => {
            let mut items = constraints.items.take().map(|items| *items).unwrap_or_default();
            replace(inner, &mut items, with);
            constraints.items = (!items.is_empty()).then(|| Box::new(items));
        }
        Type::Nullable(inner) | Type::Boxed(inner) => replace(inner, constraints, with),
        _ => {
            let number = matches!(ty, Type::Scalar(Scalar::Int(_) | Scalar::Float(_)));
            *ty = match with {
                Type::Scalar(Scalar::Decimal(_)) if number => {
                    Type::Scalar(Scalar::Decimal(DecimalWire::Number))
                }
                other => other.clone(),
            };
            if !matches!(ty, Type::Scalar(Scalar::String | Scalar::Uri)) {
                constraints.pattern = None;
                constraints.min_length = None;
                constraints.max_length = None;
            }
        }
    }
}

fn closed_enums(context: &mut Context<'_>) {
    for wanted in &context.settings.closed_enums {
        let mut found = false;
        let mut known = Vec::new();
        for (_, def) in context.service.types.iter_mut() {
            let meant = find::is_type(def, &wanted.value);
            if let Shape::Enum(values) = &mut def.shape {
                known.push(def.name.clone());
                if meant {
                    values.open = false;
                    found = true;
                }
            }
        }
        if !found {
            context.unused("closed_enums", wanted, known.iter().map(String::as_str));
        }
    }
}

fn open_objects(context: &mut Context<'_>) {
    for wanted in &context.settings.open_objects {
        let mut found = false;
        let mut known = Vec::new();
        for (_, def) in context.service.types.iter_mut() {
            let meant = wanted.value == "*" || find::is_type(def, &wanted.value);
            if let Shape::Struct(object) = &mut def.shape {
                known.push(def.name.clone());
                found |= meant;
                if meant && object.additional == Additional::Ignored {
                    allow_more(&mut def.schema);
                    object.additional = Additional::Kept { name: "additional".to_owned(), ty: Type::Any };
                }
            }
        }
        if !found {
            context.unused("open_objects", wanted, known.iter().map(String::as_str));
        }
    }
}

/// The schema's text without a word against further members.
fn allow_more(schema: &mut String) {
    if let Ok(serde_json::Value::Object(mut members)) = serde_json::from_str(schema)
        && members.remove("additionalProperties").is_some()
    {
        *schema = serde_json::Value::Object(members).to_string();
    }
}

fn multi_segment(context: &mut Context<'_>) {
    for wanted in &context.settings.multi_segment {
        let mut found = false;
        let mut known = Vec::new();
        for operation in &mut context.service.operations {
            let wire = find::argument(operation, &wanted.value).map(str::to_owned);
            for parameter in operation.parameters.iter_mut().filter(|p| p.place == Place::Path) {
                known.push(format!("{}.{}", operation.key, parameter.wire));
                if wire.as_ref() == Some(&parameter.wire) {
                    parameter.multi_segment = true;
                    found = true;
                }
            }
        }
        if !found {
            context.unused("multi_segment", wanted, known.iter().map(String::as_str));
        }
    }
}

fn operations(context: &mut Context<'_>) {
    for (wanted, chosen) in context.settings.operations.iter().filter(|(wanted, _)| wanted.value != ALL) {
        let mut found = false;
        for operation in &mut context.service.operations {
            if find::is_operation(operation, &wanted.value) {
                found = true;
                operation.idempotency = chosen.idempotency.unwrap_or(operation.idempotency);
            }
        }
        if !found {
            let known: Vec<_> = context.service.operations.iter().map(|o| o.key.clone()).collect();
            context.unused("operations", wanted, known.iter().map(String::as_str));
        }
    }
    for wanted in &context.settings.envelope.optional {
        let mut operations = context.service.operations.iter();
        let meant = operations.find(|operation| find::is_operation(operation, &wanted.value));
        let enveloped =
            meant.map(|operation| walk::received(operation).iter().any(|ty| matches!(ty, Type::Named(_))));
        match enveloped {
            Some(true) => {}
            Some(false) => {
                let message = format!("`{}` has no reply with an envelope", wanted.value);
                context.report(rules::UNUSED_SETTING, &wanted.location, message, "take it out");
            }
            None => {
                let known: Vec<_> = context.service.operations.iter().map(|o| o.key.clone()).collect();
                context.unused("envelope.optional", wanted, known.iter().map(String::as_str));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::Place;
    use crate::passes::testing::{check, get, list, nullable, object, service, settings, string, values};
    use expect_test::expect;

    #[test]
    fn objects_are_opened() {
        let run = |text: &str, expected| {
            let types = [object("A-Input", [("id", string())]), object("B", []), values("S", ["a"])];
            check(super::run, service([], types), &settings(text), expected);
        };
        run(
            "open_objects = ['A', 'S']",
            expect![[r#"
            type A-Input = { id: String, additional…: any }
            type B = {  }
            type S = a | …
            error[R503] service.toml:1:22: `open_objects` names `S`, which is not in the document
              did you mean `B`?
        "#]],
        );
        run(
            "open_objects = ['*']",
            expect![[r#"
            type A-Input = { id: String, additional…: any }
            type B = { additional…: any }
            type S = a | …
        "#]],
        );
    }

    #[test]
    fn settings_over_document() {
        let wallet = object("Wallet-Output", [("balance", nullable(list(string()))), ("id", string())]);
        check(
            super::run,
            service(
                [get("/f/{p}").parameter(Place::Path, "p")],
                [wallet, values("S", ["a"]), object("Raw", [])],
            ),
            &settings(
                "closed_enums = ['S', 'Wallet']\nmulti_segment = ['GET /f/{p}.p', 'GET /f/{p}.q']\n\
                 [types]\n'Wallet.balance' = 'decimal'\nRaw = 'any'\n'Wallet.balanse' = 'date'\n'GET /f/{p}.p' = 'uuid'\n\
                 [operations.'GET /f/{p}']\nidempotency = 'idempotent'\n[operations.nothing]\nidempotency = 'safe'",
            ),
            expect![[r#"
                GET /f/{p}(p: Uuid …) -> Unit Idempotent
                type Wallet-Output = { balance: [Decimal(String)]|null, id: String }
                type S = a
                type Raw = any
                error[R503] service.toml:6:1: `types` names `Wallet.balanse`, which is not in the document
                  did you mean `Wallet.balance`?
                error[R503] service.toml:1:22: `closed_enums` names `Wallet`, which is not in the document
                  correct it or take it out
                error[R503] service.toml:2:34: `multi_segment` names `GET /f/{p}.q`, which is not in the document
                  did you mean `GET /f/{p}.p`?
                error[R503] service.toml:10:13: `operations` names `nothing`, which is not in the document
                  correct it or take it out
            "#]],
        );
    }
}
