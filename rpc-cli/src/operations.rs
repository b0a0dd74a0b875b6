//! Finding an operation, and showing what there is.

use rpc_codegen::ir::{Operation, Service};
use rpc_codegen::settings::did_you_mean;

use crate::cli::{Usage, usage};
use crate::print;

/// How many near names a mistake shows.
const NEAR: usize = 5;

/// The operation of this name: the method's, or the `operationId`.
pub(crate) fn find<'a>(service: &'a Service, wanted: &str) -> Result<&'a Operation, Usage> {
    let operations = &service.operations;
    let by_method = operations.iter().find(|operation| operation.name == wanted);
    let by_id = || operations.iter().find(|operation| operation.operation_id.as_deref() == Some(wanted));
    if let Some(found) = by_method.or_else(by_id) {
        return Ok(found);
    }
    let near = near(service, wanted);
    let hint = match near.as_slice() {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    };
    usage(format!(
        "{} has no operation `{wanted}`{hint}\n`cargo xtask call {}` lists all {}",
        service.name,
        service.name,
        operations.len()
    ))
}

/// Methods with a name like this one, or with all its words.
fn near(service: &Service, wanted: &str) -> Vec<String> {
    let names = || service.operations.iter().map(|operation| operation.name.as_str());
    let words: Vec<String> =
        wanted.split(['_', '-', ' ']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let mut near: Vec<&str> = did_you_mean(wanted, names()).into_iter().collect();
    let has_words = |name: &&str| !words.is_empty() && words.iter().all(|word| name.contains(word.as_str()));
    for name in names().filter(has_words) {
        if !near.contains(&name) {
            near.push(name);
        }
    }
    near.into_iter().take(NEAR).map(|name| format!("`{name}`")).collect()
}

/// All operations with what they take.
pub(crate) fn table(service: &Service) -> String {
    let rows = service.operations.iter().map(|operation| {
        let summary = operation.summary.as_deref().unwrap_or_default();
        let old = if operation.deprecated { "(deprecated) " } else { "" };
        vec![
            operation.name.clone(),
            format!("{} {}", operation.method.as_str(), operation.template),
            signature(operation),
            format!("{old}{}", summary.split_whitespace().collect::<Vec<_>>().join(" ")),
        ]
    });
    print::table(&["operation", "request", "arguments", "summary"], rows.collect())
}

/// What an operation takes: `ORDER_ID [page=…] [BODY]`.
pub(crate) fn signature(operation: &Operation) -> String {
    let mut parts: Vec<String> =
        operation.arguments().iter().map(|parameter| parameter.name.to_uppercase()).collect();
    if operation.body.as_ref().is_some_and(|body| body.required) {
        parts.push("BODY".to_owned());
    }
    let optional = operation.parameters.iter().filter(|p| p.is_own() && !p.is_argument());
    parts.extend(optional.map(|parameter| format!("[{}=…]", parameter.name)));
    if operation.body.as_ref().is_some_and(|body| !body.required) {
        parts.push("[--body …]".to_owned());
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_method_and_by_id() {
        let service = crate::folder::service("order-service", None).unwrap();
        let check = |wanted: &str, expected: Result<&str, &str>| match (find(&service, wanted), expected) {
            (Ok(found), Ok(name)) => assert_eq!(found.name, name),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{wanted}: {found:?}, expected {expected:?}"),
        };
        check("get_order", Ok("get_order"));
        check("get_order_api_v1_orders__order_id__get", Ok("get_order"));
        check("get_ordr", Err("order-service has no operation `get_ordr`; did you mean `get_order`?"));
        check("orders", Err("did you mean `list_orders` or `list_user_orders`?"));
        check("zzz", Err("has no operation `zzz`\n`cargo xtask call order-service` lists all 16"));
    }

    #[test]
    fn signatures() {
        let service = crate::folder::service("order-service", None).unwrap();
        let check = |name: &str, expected: &str| {
            assert_eq!(signature(find(&service, name).unwrap()), expected);
        };
        check("get_order", "ORDER_ID");
        check("replace_order", "ORDER_ID BODY");
        check("create_order", "BODY");
        check("list_orders", "[page=…] [size=…] [status=…] [created_after=…] [tag=…]");
        assert!(table(&service).contains("GET /api/v1/orders/{order_id}"));
    }
}
