//! The IR as compact text.

use std::fmt::Write;

use crate::ir::*;

pub(super) fn service(service: &Service) -> String {
    let mut out = String::new();
    for operation in &service.operations {
        operation_text(service, operation, &mut out);
    }
    for credential in &service.credentials {
        writeln!(out, "credential {} {:?}", credential.name, credential.kind).unwrap();
    }
    out + &types(service)
}

fn operation_text(service: &Service, operation: &Operation, out: &mut String) {
    let tag = operation.tag.as_ref().map(|tag| format!(" #{tag}")).unwrap_or_default();
    writeln!(
        out,
        "{} -> {} {:?}{tag} {:?}",
        operation.key, operation.template, operation.name, operation.idempotency
    )
    .unwrap();
    for (name, value) in &operation.fixed_query {
        writeln!(out, "  always {name}={value}").unwrap();
    }
    for p in &operation.parameters {
        let (ty, rules) = (ty(service, &p.ty), rules(&p.constraints));
        let needed = if p.required { "" } else { "?" };
        let explode = if p.explode { "*" } else { "" };
        let default = p.default.as_ref().map(|default| format!(" = {default:?}")).unwrap_or_default();
        writeln!(out, "  {:?} {}{needed}: {ty}{rules} {:?}{explode}{default}", p.place, p.wire, p.style)
            .unwrap();
    }
    if let Some(body) = &operation.body {
        let needed = if body.required { "" } else { "?" };
        let kind = match &body.kind {
            BodyKind::Json(inner) => format!("Json({})", ty(service, inner)),
            BodyKind::Form(inner) => format!("Form({})", ty(service, inner)),
            BodyKind::Multipart(inner) => format!("Multipart({})", ty(service, inner)),
            other => format!("{other:?}"),
        };
        writeln!(out, "  body{needed} {} {kind}", body.media_type).unwrap();
        for (name, style) in &body.fields {
            writeln!(out, "    {name}: {style:?}").unwrap();
        }
    }
    for (mark, replies) in [("", &operation.replies), ("!", &operation.failures)] {
        for reply in replies {
            let body = match &reply.body {
                ReplyBody::Json(inner) => ty(service, inner),
                other => format!("{other:?}"),
            };
            writeln!(out, "  {mark}{}: {body}", reply.status).unwrap();
            for header in &reply.headers {
                let doc = header.doc.as_ref().map(|doc| format!(" ({doc})")).unwrap_or_default();
                let old = if header.deprecated { " deprecated" } else { "" };
                let ty = ty(service, &header.ty);
                writeln!(out, "    {}: {ty} {:?}{old}{doc}", header.wire, header.style).unwrap();
            }
        }
    }
    if !operation.security.is_empty() {
        writeln!(out, "  security {:?}", operation.security).unwrap();
    }
}

pub(super) fn types(service: &Service) -> String {
    let mut out = String::new();
    for (_, def) in service.types.iter() {
        let head = format!("{:?} {}", def.name, def.key.replace("#/components/schemas/", "#"));
        match &def.shape {
            Shape::Struct(object) => {
                writeln!(out, "struct {head}").unwrap();
                object.fields.iter().for_each(|field| field_text(service, field, &mut out));
                if let Additional::Kept { ty: values, .. } = &object.additional {
                    writeln!(out, "  ..: {}", ty(service, values)).unwrap();
                }
            }
            Shape::Enum(values) => {
                let of = ty(service, &Type::Scalar(values.of));
                let names = values.values.iter().map(|value| {
                    let name =
                        if value.name == value.wire { String::new() } else { format!(" as {}", value.name) };
                    let doc = value.doc.as_ref().map(|doc| format!(" ({doc})")).unwrap_or_default();
                    format!("{}{name}{doc}", value.wire)
                });
                writeln!(out, "enum {head} of {of}: {}", names.collect::<Vec<_>>().join(" | ")).unwrap();
            }
            Shape::Union(union) => {
                writeln!(out, "union {head} by {:?}", union.dispatch).unwrap();
                for variant in &union.variants {
                    let tags = variant.tags.iter().map(|tag| format!(" ={tag}")).collect::<String>();
                    let field =
                        if variant.field.is_empty() { String::new() } else { format!(" .{}", variant.field) };
                    writeln!(out, "  {:?}({}){tags}{field}", variant.name, ty(service, &variant.ty)).unwrap();
                }
            }
            Shape::Alias(inner, constraints) => {
                writeln!(out, "alias {head} = {}{}", ty(service, inner), rules(constraints)).unwrap();
            }
        }
    }
    out
}

fn field_text(service: &Service, field: &Field, out: &mut String) {
    let presence = match &field.presence {
        Presence::Required => String::new(),
        Presence::Optional => "?".into(),
        Presence::Default(default) => format!(" = {default:?}"),
    };
    let flags = [(field.deprecated, " deprecated"), (field.read_only, " ro"), (field.write_only, " wo")];
    let flags: String = flags.iter().filter(|(on, _)| *on).map(|(_, text)| *text).collect();
    let doc = field.doc.as_ref().map(|doc| format!(" // {doc}")).unwrap_or_default();
    let (ty, rules) = (ty(service, &field.ty), rules(&field.constraints));
    writeln!(out, "  {}: {ty}{presence}{rules}{flags}{doc}", field.wire).unwrap();
}

fn ty(service: &Service, of: &Type) -> String {
    let ty = |inner: &Type| ty(service, inner);
    match of {
        Type::Named(id) => {
            service.types.get(*id).map(|def| def.name.clone()).unwrap_or_default().replace(' ', "_")
        }
        Type::Scalar(scalar) => format!("{scalar:?}").to_lowercase(),
        Type::List(inner) => format!("[{}]", ty(inner)),
        Type::Map(inner) => format!("{{{}}}", ty(inner)),
        Type::Tuple(items) => format!("({})", items.iter().map(ty).collect::<Vec<_>>().join(", ")),
        Type::Nullable(inner) => format!("{}|null", ty(inner)),
        Type::Boxed(inner) => format!("box {}", ty(inner)),
        Type::Any => "any".into(),
        Type::Null => "null".into(),
    }
}

fn rules(of: &Constraints) -> String {
    let mut all = Vec::new();
    for (sign, bound) in [(">", &of.minimum), ("<", &of.maximum)] {
        all.extend(
            bound.as_ref().map(|b| format!("{sign}{}{}", if b.exclusive { "" } else { "=" }, b.value)),
        );
    }
    all.extend(of.multiple_of.as_ref().map(|n| format!("*{n}")));
    let counts =
        [("len>=", of.min_length), ("len<=", of.max_length), ("n>=", of.min_items), ("n<=", of.max_items)];
    all.extend(counts.iter().filter_map(|(sign, n)| Some(format!("{sign}{}", (*n)?))));
    all.extend(of.pattern.as_ref().map(|pattern| format!("/{pattern}/")));
    all.extend(of.unique_items.then(|| "unique".into()));
    all.extend(of.items.as_ref().map(|items| format!("each{}", rules(items))));
    if all.is_empty() { String::new() } else { format!(" <{}>", all.join(" ")) }
}
