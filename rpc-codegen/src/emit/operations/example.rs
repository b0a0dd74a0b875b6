//! Examples that compile: literals where a literal says something, hidden arguments where it would not.

use std::collections::BTreeSet;

use super::arguments::{Arguments, Source};
use crate::diagnostic::Diagnostic;
use crate::emit::tokens::qualified;
use crate::emit::{names, rust_type, values};
use crate::ir::{Default_, Operation, Output, Parameter, Scalar, Service, Shape, Type};

/// A call in an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Example {
    /// What has to be there: name and type.
    pub(crate) given: Vec<(String, String)>,
    /// Lines, the last one the call.
    pub(crate) lines: Vec<String>,
}

/// Optional parameters that an example shows.
const SETTERS: usize = 2;

/// The example of an operation.
///
/// # Errors
/// A name that is none.
pub(crate) fn example(service: &Service, operation: &Operation) -> Result<Example, Diagnostic> {
    with(service, operation, &Arguments::new(service, operation, &module_types(service, operation))?)
}

fn with(service: &Service, operation: &Operation, arguments: &Arguments<'_>) -> Result<Example, Diagnostic> {
    let krate = names::crate_ident(service)?;
    let mut given = Vec::new();
    let mut values = Vec::new();
    for argument in &arguments.list {
        let literal = match argument.source {
            Source::Parameter(parameter) => literal(service, parameter, &krate, arguments.params.is_some()),
            Source::Body(_) | Source::ContentType => None,
        };
        let value = literal.unwrap_or_else(|| {
            let name = argument.name.to_string();
            let name = if name == "client" { "client_".to_owned() } else { name };
            given.push((name.clone(), qualified(&argument.owned, &krate)));
            let borrowed = arguments.params.is_none() && argument.borrowed.to_string().starts_with('&');
            if borrowed { format!("&{name}") } else { name }
        });
        values.push((argument.name.to_string(), value));
    }
    let mut lines = Vec::new();
    let inside = match &arguments.params {
        Some(params) => {
            let module = names::ident(&names::module(service, operation))?;
            lines.push(format!("let params = {krate}::operations::{module}::{params} {{"));
            lines.extend(values.iter().map(|(name, value)| {
                if name == value { format!("    {name},") } else { format!("    {name}: {value},") }
            }));
            lines.push("};".to_owned());
            "params".to_owned()
        }
        None => values.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(", "),
    };
    let binding = if operation.output == Output::Unit { "" } else { "let reply = " };
    let method = names::ident(&names::method(operation))?;
    let setters = setters(service, operation, &krate)?;
    lines.push(format!("{binding}client.{method}({inside}){setters}.await?;"));
    Ok(Example { given, lines })
}

/// Names of the types that the operation's module defines. Looks at all operations: not for a loop over them.
fn module_types(service: &Service, operation: &Operation) -> BTreeSet<String> {
    let module = names::module(service, operation);
    let siblings: Vec<_> =
        service.operations.iter().filter(|other| names::module(service, other) == module).collect();
    super::types_of(&siblings)
}

fn setters(service: &Service, operation: &Operation, krate: &str) -> Result<String, Diagnostic> {
    let mut out = String::new();
    let own = operation.parameters.iter().filter(|p| p.is_own() && !p.is_argument() && !p.deprecated);
    for parameter in own.take(SETTERS) {
        if let Some(value) = literal(service, parameter, krate, false) {
            let name = names::ident(&names::setter(service, operation, parameter))?;
            out.push_str(&format!(".{name}({value})"));
        }
    }
    Ok(out)
}

/// The documentation's code block.
pub(super) fn example_lines(
    service: &Service,
    operation: &Operation,
    arguments: &Arguments<'_>,
) -> Result<Vec<String>, Diagnostic> {
    let krate = names::crate_ident(service)?;
    let Example { given, lines } = with(service, operation, arguments)?;
    let given: String = given.iter().map(|(name, ty)| format!(", {name}: {ty}")).collect();
    let mut out = vec![
        "```no_run".to_owned(),
        format!("# async fn run(client: {krate}::Client{given}) -> {krate}::Result<()> {{"),
    ];
    out.extend(lines);
    out.extend(["# Ok(()) }".to_owned(), "```".to_owned()]);
    Ok(out)
}

/// A plausible value, if there is one that can be written down.
fn literal(service: &Service, parameter: &Parameter, krate: &str, owned: bool) -> Option<String> {
    match values::open(service, &parameter.ty) {
        Type::List(item) => {
            let item = plain(service, item, None, krate)?;
            let texts = owned && values::is_text_list(service, &parameter.ty);
            Some(match (owned, texts) {
                (true, true) => format!("vec![{item}.to_owned()]"),
                (true, false) => format!("vec![{item}]"),
                _ => format!("&[{item}]"),
            })
        }
        ty => {
            let value = plain(service, ty, Some(parameter), krate)?;
            Some(if owned && value.starts_with('"') { format!("{value}.to_owned()") } else { value })
        }
    }
}

fn plain(service: &Service, ty: &Type, parameter: Option<&Parameter>, krate: &str) -> Option<String> {
    let default = parameter.and_then(|parameter| parameter.default.as_ref());
    match values::open(service, ty) {
        Type::Scalar(Scalar::Bool) => Some("true".to_owned()),
        Type::Scalar(Scalar::Int(_) | Scalar::IntString(_)) => {
            let least = parameter.and_then(|parameter| parameter.constraints.minimum.as_ref());
            let least =
                least.filter(|bound| !bound.exclusive).and_then(|bound| bound.value.parse::<i32>().ok());
            let default = match default {
                Some(Default_::Int(value)) => i32::try_from(*value).ok(),
                _ => None,
            };
            Some(default.or(least).filter(|value| *value > 0).unwrap_or(1).to_string())
        }
        Type::Scalar(Scalar::Float(_)) => Some("1.5".to_owned()),
        Type::Scalar(Scalar::String | Scalar::Uri) => {
            let default = match default {
                Some(Default_::String(value)) => Some(value.as_str()),
                _ => None,
            };
            let harmless = |text: &&str| {
                !text.is_empty()
                    && text.len() <= 40
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            };
            Some(format!("\"{}\"", default.filter(harmless).unwrap_or("example")))
        }
        Type::Named(id) => {
            let def = service.types.get(*id)?;
            let Shape::Enum(set) = &def.shape else { return None };
            let variant = names::ident(&set.values.first()?.name).ok()?;
            Some(format!("{}::{variant}", qualified(&rust_type(service, ty), krate)))
        }
        _ => None,
    }
}
