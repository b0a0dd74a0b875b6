//! Enums of replies and failures, by status.

use super::namer::{Item, Namer, Scope, itself};
use super::words::{Kind, join, words};
use crate::ir::{ErrorSet, ErrorVariant, Output, ReplyBody, Service, Type, Types};
use crate::location::Location;
use crate::passes::walk;
use crate::settings::Section;

/// `<Operation>Reply`, with a variant for each status. The names are reserved together with the operation's.
pub(super) fn outputs(service: &mut Service) {
    for operation in &mut service.operations {
        if let Output::ByStatus { name, variants } = &mut operation.output {
            *name = format!("{}Reply", operation.type_name);
            let names = unique(variants.iter().map(|(status, ..)| variant(status)).collect());
            variants.iter_mut().zip(names).for_each(|((_, slot, _), name)| *slot = name);
        }
    }
}

/// `Status404Or422`; of two sets with the same statuses, the later also says what its bodies are.
pub(super) fn errors(service: &mut Service, namer: &mut Namer<'_>) {
    let place = Location::start_of(&service.source.path);
    let mut items = Vec::new();
    for set in &service.error_sets {
        let parts: Vec<String> = set.variants.iter().map(|v| status_word(&v.status)).collect();
        let name = format!("Status{}", parts.join("Or"));
        let bodies = set.variants.iter().filter_map(|variant| body_name(variant, &service.types));
        let mut distinct: Vec<String> = Vec::new();
        bodies.for_each(|body| {
            if !distinct.contains(&body) {
                distinct.push(body);
            }
        });
        let long = format!("{name}With{}", distinct.join("And"));
        let mut item = Item::new(key(set, &service.types), name.clone(), vec![name, long], &place);
        item.warn = false;
        item.chosen = namer.chosen(Section::Errors, |wanted| wanted == item.key || wanted == item.alias);
        items.push(item);
    }
    let scope = Scope { section: Section::Errors, kind: Kind::Type, reserved: &|_| false, claims: &itself };
    let names = namer.assign(&scope, items);
    for (set, name) in service.error_sets.iter_mut().zip(names) {
        set.name = name;
        let names = unique(set.variants.iter().map(|part| variant(&part.status)).collect());
        set.variants.iter_mut().zip(names).for_each(|(part, name)| part.name = name);
    }
}

/// What makes a set of failures what it is: `404=#/components/schemas/E,422=text`.
fn key(set: &ErrorSet, types: &Types) -> String {
    let body = |part: &ErrorVariant| match &part.body {
        ReplyBody::Empty => "empty".to_owned(),
        ReplyBody::Text => "text".to_owned(),
        ReplyBody::Bytes(media_type) => media_type.clone(),
        ReplyBody::Json(ty) => type_key(ty, types),
    };
    set.variants.iter().map(|part| format!("{}={}", part.status, body(part))).collect::<Vec<_>>().join(",")
}

pub(super) fn type_key(ty: &Type, types: &Types) -> String {
    let inner = |ty: &Type| type_key(ty, types);
    match ty {
        Type::Named(id) => types.get(*id).map(|def| def.key.clone()).unwrap_or_default(),
        Type::List(item) => format!("[{}]", inner(item)),
        Type::Map(item) => format!("{{{}}}", inner(item)),
        Type::Nullable(item) => format!("{}?", inner(item)),
        Type::Boxed(item) => inner(item),
        Type::Tuple(items) => format!("({})", items.iter().map(inner).collect::<Vec<_>>().join(",")),
        Type::Scalar(scalar) => format!("{scalar:?}"),
        Type::Any => "any".to_owned(),
        Type::Null => "null".to_owned(),
    }
}

fn body_name(variant: &ErrorVariant, types: &Types) -> Option<String> {
    let mut found = None;
    walk::named(walk::json(&variant.body)?, &mut |id| {
        found = found.take().or_else(|| types.get(id).map(|def| def.name.clone()));
    });
    found
}

fn status_word(status: &str) -> String {
    let word = join(Kind::Type, &words(status));
    if word.starts_with(|c: char| c.is_ascii_digit()) { word.to_ascii_lowercase() } else { word }
}

/// Statuses are distinct, and so are their phrases; what is no status could still look like one.
fn unique(names: Vec<String>) -> Vec<String> {
    let mut unique: Vec<String> = Vec::new();
    for name in names {
        let mut numbered =
            std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}_{number}")));
        let free = numbered.find(|name| !unique.contains(name));
        unique.extend(free);
    }
    unique
}

/// A variant by the phrase that RFC 9110 and IANA have for a status, in the spelling of the `http` crate.
fn variant(status: &str) -> String {
    let phrase = match status.to_ascii_uppercase().as_str() {
        "200" => "Ok",
        "201" => "Created",
        "202" => "Accepted",
        "203" => "NonAuthoritativeInformation",
        "204" => "NoContent",
        "205" => "ResetContent",
        "206" => "PartialContent",
        "207" => "MultiStatus",
        "208" => "AlreadyReported",
        "226" => "ImUsed",
        "300" => "MultipleChoices",
        "301" => "MovedPermanently",
        "302" => "Found",
        "303" => "SeeOther",
        "304" => "NotModified",
        "305" => "UseProxy",
        "307" => "TemporaryRedirect",
        "308" => "PermanentRedirect",
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRequired",
        "403" => "Forbidden",
        "404" => "NotFound",
        "405" => "MethodNotAllowed",
        "406" => "NotAcceptable",
        "407" => "ProxyAuthenticationRequired",
        "408" => "RequestTimeout",
        "409" => "Conflict",
        "410" => "Gone",
        "411" => "LengthRequired",
        "412" => "PreconditionFailed",
        "413" => "PayloadTooLarge",
        "414" => "UriTooLong",
        "415" => "UnsupportedMediaType",
        "416" => "RangeNotSatisfiable",
        "417" => "ExpectationFailed",
        "418" => "ImATeapot",
        "421" => "MisdirectedRequest",
        "422" => "UnprocessableEntity",
        "423" => "Locked",
        "424" => "FailedDependency",
        "425" => "TooEarly",
        "426" => "UpgradeRequired",
        "428" => "PreconditionRequired",
        "429" => "TooManyRequests",
        "431" => "RequestHeaderFieldsTooLarge",
        "451" => "UnavailableForLegalReasons",
        "500" => "InternalServerError",
        "501" => "NotImplemented",
        "502" => "BadGateway",
        "503" => "ServiceUnavailable",
        "504" => "GatewayTimeout",
        "505" => "HttpVersionNotSupported",
        "506" => "VariantAlsoNegotiates",
        "507" => "InsufficientStorage",
        "508" => "LoopDetected",
        "510" => "NotExtended",
        "511" => "NetworkAuthenticationRequired",
        "1XX" => "Informational",
        "2XX" => "Success",
        "3XX" => "Redirection",
        "4XX" => "ClientError",
        "5XX" => "ServerError",
        "DEFAULT" => "Default",
        _ => return format!("Status{}", status_word(status)),
    };
    phrase.to_owned()
}
