//! Constants of headers: `X-RateLimit-Remaining` → `X_RATE_LIMIT_REMAINING`. Of several with one name, those after the first
//! say their type.

use std::collections::BTreeSet;

use super::namer::{Item, Namer, Scope, itself};
use super::statuses::type_key;
use super::words::{Kind, ident};
use crate::ir::{HeaderStyle, IntKind, Scalar, Service, Type, Types};
use crate::settings::Section;

pub(super) fn name(service: &mut Service, namer: &mut Namer<'_>) {
    let mut items = Vec::new();
    let mut known = BTreeSet::new();
    for key in &service.headers {
        let header = &key.header;
        // Its first letter is no word.
        let wire = header.wire.replace("ETag", "Etag");
        let (lower, ty) = (header.wire.to_ascii_lowercase(), type_key(&header.ty, &service.types));
        let style = match header.style {
            HeaderStyle::Simple => String::new(),
            other => format!(" {}", format!("{other:?}").to_lowercase()),
        };
        let typed = format!("{wire} {}{style}", type_words(&header.ty, &service.types));
        let candidates = vec![ident(Kind::Constant, &wire), ident(Kind::Constant, &typed)];
        let alias = header.wire.clone();
        let mut item = Item::new(format!("{lower}={ty}{style}"), alias, candidates, &header.origin);
        item.warn = false;
        let is_first = known.insert(lower);
        item.chosen = namer.chosen(Section::Headers, |wanted| {
            wanted == item.key || (is_first && wanted.eq_ignore_ascii_case(&item.alias))
        });
        items.push(item);
    }
    let scope =
        Scope { section: Section::Headers, kind: Kind::Constant, reserved: &|_| false, claims: &itself };
    let names = namer.assign(&scope, items);
    for (key, name) in service.headers.iter_mut().zip(names) {
        key.name = name;
    }
}

/// A type in words that its name tells.
fn type_words(ty: &Type, types: &Types) -> String {
    let inner = |ty: &Type| type_words(ty, types);
    match ty {
        Type::Named(id) => types.get(*id).map(|def| def.name.clone()).unwrap_or_default(),
        Type::Scalar(Scalar::Int(kind)) => match kind {
            IntKind::I32 | IntKind::I64 => "int".to_owned(),
            IntKind::U32 | IntKind::U64 => "uint".to_owned(),
        },
        Type::Scalar(Scalar::Float(_)) => "float".to_owned(),
        Type::Scalar(Scalar::Decimal(_)) => "decimal".to_owned(),
        Type::Scalar(scalar) => format!("{scalar:?}"),
        Type::List(of) => format!("{} list", inner(of)),
        Type::Map(of) => format!("{} map", inner(of)),
        Type::Nullable(of) | Type::Boxed(of) => inner(of),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Any | Type::Null => "any".to_owned(),
    }
}
