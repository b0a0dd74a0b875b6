//! A service as text.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostics;
use crate::ir::*;

/// A service as text: what passes change, one line each.
pub(in crate::passes) fn text(service: &Service, diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    if let Some(e) = &service.envelope {
        let _ =
            writeln!(out, "envelope {} {} {} {:?} {:?}", e.code, e.message, e.data, e.timestamp, e.success);
    }
    for operation in &service.operations {
        write_operation(&mut out, service, operation);
    }
    for set in &service.error_sets {
        let variants = set.variants.iter().map(|v| format!("{}: {}", v.name, body(service, &v.body)));
        let _ = writeln!(out, "errors {} {{ {} }}", set.name, variants.collect::<Vec<_>>().join(", "));
    }
    for HeaderKey { name, header } in &service.headers {
        let _ =
            writeln!(out, "header {name} {}: {} {:?}", header.wire, ty(service, &header.ty), header.style);
    }
    for (_, def) in service.types.iter() {
        let flags = [
            (def.direction.request, " in"),
            (def.direction.reply, " out"),
            (def.patch, " patch"),
            (def.eq, " eq"),
            (def.copy, " copy"),
            (def.default, " default"),
        ];
        let flags: String = flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
        let _ = writeln!(out, "type {} = {}{flags}", def.name, shape(service, &def.shape));
    }
    for found in diagnostics.as_slice() {
        let place = &found.location;
        let _ = writeln!(out, "{}[{}] {place}: {}", found.severity, found.rule.code, found.message);
        if let Some(help) = &found.help {
            let _ = writeln!(out, "  {help}");
        }
    }
    out
}

fn write_operation(out: &mut String, service: &Service, operation: &Operation) {
    let name = if operation.name.is_empty() { &operation.key } else { &operation.name };
    let mut arguments = Vec::new();
    for parameter in &operation.parameters {
        let mut argument = format!("{}: {}", parameter.name, ty(service, &parameter.ty));
        if let Some(merge) = parameter.merged {
            let _ = write!(argument, " -> {merge:?}");
        }
        if parameter.multi_segment {
            argument.push_str(" …");
        }
        arguments.push(argument);
    }
    if let Some(Body { kind: BodyKind::Json(sent), .. }) = &operation.body {
        arguments.push(format!("body: {}", ty(service, sent)));
    }
    let output = match &operation.output {
        Output::Json(json) => ty(service, json),
        Output::ByStatus { name, variants } => {
            let variants = variants.iter().map(|(_, name, b)| format!("{name}: {}", body(service, b)));
            format!("{name} {{ {} }}", variants.collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    };
    let tag = operation.tag.as_ref().and_then(|tag| service.tags.get(tag)).map(|tag| tag.module.as_str());
    let _ = write!(
        out,
        "{}{name}({}) -> {output}",
        tag.map(|tag| format!("{tag}::")).unwrap_or_default(),
        arguments.join(", ")
    );
    for reply in operation.replies.iter().filter(|reply| reply.enveloped) {
        let _ = write!(out, " [{} enveloped: {}]", reply.status, body(service, &reply.body));
    }
    if let Some(set) = operation.errors {
        let _ = write!(out, " errors {set}");
    }
    let _ = write!(out, " {:?}", operation.idempotency);
    if operation.policy != Policy::default() {
        let _ = write!(out, " {:?}", operation.policy);
    }
    out.push('\n');
}

fn body(service: &Service, body: &ReplyBody) -> String {
    match body {
        ReplyBody::Json(json) => ty(service, json),
        other => format!("{other:?}"),
    }
}

fn shape(service: &Service, shape: &Shape) -> String {
    match shape {
        Shape::Struct(object) => {
            let field = |field: &Field| {
                let presence = match &field.presence {
                    Presence::Required => String::new(),
                    Presence::Optional => "?".to_owned(),
                    Presence::Default(default) => format!("={default:?}"),
                };
                format!("{}{presence}: {}", field.name, ty(service, &field.ty))
            };
            let mut fields: Vec<_> = object.fields.iter().map(field).collect();
            if let Additional::Kept { name, ty: extra } = &object.additional {
                fields.push(format!("{name}…: {}", ty(service, extra)));
            }
            format!("{{ {} }}", fields.join(", "))
        }
        Shape::Enum(values) => {
            let names: Vec<_> = values.values.iter().map(|value| value.name.as_str()).collect();
            format!("{}{}", names.join(" | "), if values.open { " | …" } else { "" })
        }
        Shape::Union(union) => {
            let variants = union.variants.iter().map(|v| format!("{}({})", v.name, ty(service, &v.ty)));
            variants.collect::<Vec<_>>().join(" | ")
        }
        Shape::Alias(alias, _) => ty(service, alias),
    }
}

fn ty(service: &Service, found: &Type) -> String {
    let inner = |found: &Type| ty(service, found);
    match found {
        Type::Named(id) => service.types.get(*id).map_or("?".into(), |def| def.name.clone()),
        Type::Scalar(scalar) => format!("{scalar:?}"),
        Type::List(item) => format!("[{}]", inner(item)),
        Type::Map(item) => format!("{{{}}}", inner(item)),
        Type::Tuple(items) => format!("({})", items.iter().map(inner).collect::<Vec<_>>().join(", ")),
        Type::Nullable(item) => format!("{}|null", inner(item)),
        Type::Boxed(item) => format!("Box {}", inner(item)),
        Type::Any => "any".into(),
        Type::Null => "null".into(),
    }
}
