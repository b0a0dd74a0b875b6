//! Arguments find their parameters.

use rpc_codegen::ir::{Merge, Operation, Parameter, Place, Service, Shape, Style, Type};
use rpc_codegen::settings::did_you_mean;

use super::argument::{Argument, Given};
use super::value::Value;
use crate::cli::{Usage, usage};
use crate::operations::signature;

/// What the arguments say.
#[derive(Debug)]
pub(crate) struct Bound<'a> {
    /// Parameters with their values, in the order of the arguments.
    pub(crate) parameters: Vec<(&'a Parameter, Value)>,
    /// A required body that was given as the last argument.
    pub(crate) body: Option<&'a str>,
}

/// Gives every argument its parameter.
///
/// # Errors
/// An argument that has none or does not fit, and a parameter that is missing.
pub(crate) fn bind<'a>(
    service: &'a Service,
    operation: &'a Operation,
    arguments: &'a [String],
) -> Result<Bound<'a>, Usage> {
    let mut bound = Bound { parameters: Vec::new(), body: None };
    let arguments: Vec<Argument<'a>> = arguments.iter().map(|text| Argument::parse(text)).collect();
    for argument in &arguments {
        if let Argument::Named(name, given) = argument {
            let parameter = find(service, operation, name)?;
            bound.set(parameter, read(service, parameter, *given)?, name)?;
        }
    }
    for argument in &arguments {
        if let Argument::Plain(text) = argument {
            let free = |parameter: &&Parameter| !bound.has(parameter);
            if let Some(parameter) = operation.arguments().into_iter().find(free) {
                bound.parameters.push((parameter, read(service, parameter, Given::Text(text))?));
            } else if operation.body.as_ref().is_some_and(|body| body.required) && bound.body.is_none() {
                bound.body = Some(text);
            } else {
                return usage(format!(
                    "`{text}` is one argument too many: {}. Optional ones are given by name, NAME={text}",
                    takes(operation)
                ));
            }
        }
    }
    match operation.arguments().into_iter().find(|parameter| !bound.has(parameter)) {
        Some(missing) => usage(format!("`{}` is missing: {}", missing.name, takes(operation))),
        None => Ok(bound),
    }
}

impl<'a> Bound<'a> {
    fn has(&self, parameter: &Parameter) -> bool {
        self.parameters.iter().any(|(known, _)| std::ptr::eq(*known, parameter))
    }

    /// Given again, a list grows; anything else was given once too often.
    fn set(&mut self, parameter: &'a Parameter, value: Value, name: &str) -> Result<(), Usage> {
        match self.parameters.iter_mut().find(|(known, _)| std::ptr::eq(*known, parameter)) {
            None => {
                self.parameters.push((parameter, value));
                Ok(())
            }
            Some((_, list)) => {
                list.append(value).map_err(|()| Usage(format!("`{name}` is given twice, and is no list")))
            }
        }
    }
}

fn takes(operation: &Operation) -> String {
    match signature(operation) {
        none if none.is_empty() => format!("{} takes no arguments", operation.name),
        some => format!("{} takes {some}", operation.name),
    }
}

fn read(service: &Service, parameter: &Parameter, given: Given<'_>) -> Result<Value, Usage> {
    if is_exploded_object(service, parameter) {
        // The generator refuses it in the same words.
        return usage(format!(
            "parameter `{}` is an object in a header or cookie with `explode`: it cannot be sent",
            parameter.wire
        ));
    }
    let value = match given {
        Given::Text(text) => Value::read(service, &parameter.ty, text),
        Given::Json(text) => Value::json(text),
    };
    value.map_err(|what| Usage(format!("`{}`: {what}", parameter.name)))
}

fn is_exploded_object(service: &Service, parameter: &Parameter) -> bool {
    let object = match service.types.open(&parameter.ty) {
        Type::Map(_) => true,
        Type::Named(id) => !matches!(service.types.get(*id).map(|def| &def.shape), Some(Shape::Enum(_))),
        _ => false,
    };
    let place = matches!(parameter.place, Place::Header | Place::Cookie);
    object && place && parameter.explode && parameter.style != Style::Json
}

/// By the wire name, then the Rust name.
fn find<'a>(service: &Service, operation: &'a Operation, name: &str) -> Result<&'a Parameter, Usage> {
    let own = || operation.parameters.iter().filter(|parameter| parameter.is_own());
    if let Some(found) = own().find(|p| p.wire == name).or_else(|| own().find(|p| p.name == name)) {
        return Ok(found);
    }
    let merged = operation.parameters.iter().find(|p| p.wire.eq_ignore_ascii_case(name) || p.name == name);
    if let Some(merge) = merged.and_then(|parameter| parameter.merged) {
        let option = match merge {
            Merge::IdempotencyKey => "--idempotency-key",
            Merge::Trace => "--trace-id",
            Merge::Authorization => "--token or --credential",
        };
        return usage(format!("`{name}` belongs to the runtime: use {option}"));
    }
    let hint = match did_you_mean(name, own().flat_map(|p| [p.wire.as_str(), p.name.as_str()])) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if super::body::has_field(service, operation, name) => {
            format!("; the body has that field: --field {name}=…")
        }
        None => String::new(),
    };
    usage(format!("{} has no parameter `{name}`{hint}\n{}", operation.name, takes(operation)))
}

#[cfg(test)]
mod tests {
    use rpc_codegen::ir::Type;
    use rpc_runtime::codegen::{Param as _, ParamValue};

    use super::*;

    #[test]
    fn exploded_objects_in_headers_and_cookies() {
        let mut service = crate::folder::service("order-service", None).unwrap();
        let at = service.operations.iter().position(|operation| operation.name == "list_orders").unwrap();
        for (place, explode, style, refused) in [
            (Place::Header, true, Style::Simple, true),
            (Place::Cookie, true, Style::Form, true),
            (Place::Header, false, Style::Simple, false),
            (Place::Header, true, Style::Json, false),
            (Place::Query, true, Style::Form, false),
        ] {
            let parameter = service.operations[at].parameters.iter_mut().find(|p| p.wire == "page").unwrap();
            parameter.ty = Type::Map(Box::new(Type::Any));
            (parameter.place, parameter.explode, parameter.style) = (place, explode, style);
            let arguments = [r#"page={"a":1}"#.to_owned()];
            match bind(&service, &service.operations[at], &arguments) {
                Ok(_) => assert!(!refused, "{place:?} {explode} {style:?}"),
                Err(error) => assert!(refused && error.0.contains("`explode`"), "{error}"),
            }
        }
    }

    #[test]
    fn arguments_find_their_parameters() {
        let service = crate::folder::service("order-service", None).unwrap();
        let check = |operation: &str, arguments: &[&str], expected: Result<&str, &str>| {
            let operation = crate::operations::find(&service, operation).unwrap();
            let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
            let found = bind(&service, operation, &arguments).map(|bound| {
                let shown = |value: &Value| match value.to_value() {
                    ParamValue::Scalar(text) => text,
                    other => format!("{other:?}"),
                };
                let parameters =
                    bound.parameters.iter().map(|(p, value)| format!("{}={}", p.wire, shown(value)));
                parameters.chain(bound.body.map(|body| format!("body {body}"))).collect::<Vec<_>>().join(" ")
            });
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(part)) => assert!(error.0.contains(part), "{error}"),
                (found, expected) => panic!("{found:?}, expected {expected:?}"),
            }
        };
        check("get_order", &["7"], Ok("order_id=7"));
        check("get_order", &["order_id=7"], Ok("order_id=7"));
        check("get_order", &[], Err("`order_id` is missing: get_order takes ORDER_ID"));
        check("get_order", &["x"], Err("`order_id`: expected an integer, found `x`"));
        check("get_order", &["1", "2"], Err("`2` is one argument too many: get_order takes ORDER_ID."));
        check("get_order", &["order_id=1", "order_id=2"], Err("`order_id` is given twice"));
        check("get_order", &["order=1"], Err("get_order has no parameter `order`"));
        check("list_orders", &["page=2", "status=pending"], Ok("page=2 status=pending"));
        check("list_orders", &["tag=a", "tag=b"], Ok(r#"tag=List(["a", "b"])"#));
        check("list_orders", &[r#"tag:=["a"]"#], Ok(r#"tag=List(["a"])"#));
        check("list_orders", &["sise=1"], Err("did you mean `size`?"));
        check("list_orders", &["status:=\"new\""], Ok("status=new"));
        check("replace_order", &["{}", "order_id=7"], Ok("order_id=7 body {}"));
        check("replace_order", &["7", "@a.json"], Ok("order_id=7 body @a.json"));
        check("create_order", &["Idempotency-Key=1"], Err("use --idempotency-key"));
        check("create_order", &["user_id=1"], Err("the body has that field: --field user_id=…"));
    }
}
