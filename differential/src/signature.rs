//! Arguments of generated functions, read from their source: what a value must look like to be one.

use quote::ToTokens as _;
use serde_json::Value;
use syn::{FnArg, GenericArgument, Pat, PathArguments, Type};

/// An argument, or a field of a struct of arguments.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    /// As the source writes it: `r#type`.
    pub(crate) name: String,
    pub(crate) ty: Type,
}

/// The arguments of a function, without its receiver.
pub(crate) fn arguments(signature: &syn::Signature) -> Vec<Argument> {
    let named = |argument: &FnArg| match argument {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => Some(Argument { name: name.ident.to_string(), ty: (*typed.ty).clone() }),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    };
    signature.inputs.iter().filter_map(named).collect()
}

/// `type` for `r#type`.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Code that makes an argument of this type from a value; the type itself is left to inference.
pub(crate) fn expression(ty: &Type, value: &Value) -> String {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => literal(&text(value)),
            Type::Slice(slice) if slice.elem.to_token_stream().to_string().contains("AsRef") => {
                let items = value.as_array().into_iter().flatten().map(|item| literal(&text(item)));
                format!("&[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Type::Slice(_) => format!("&probe::val::<Vec<_>>({})", json(value)),
            inner => format!("&{}", expression(inner, value)),
        },
        Type::Path(path) => {
            let last = path.path.segments.last();
            let name = last.map(|segment| segment.ident.to_string()).unwrap_or_default();
            match name.as_str() {
                "Option" => match inside(last) {
                    Some(inner) => format!("Some({})", expression(inner, value)),
                    None => format!("Some(probe::val({}))", json(value)),
                },
                "Decimal" => format!("probe::parsed({})", literal(&text(value))),
                // progenitor's raw body: `B: Into<reqwest::Body>`.
                "B" => format!("{}.to_owned()", literal(&text(value))),
                _ => format!("probe::val({})", json(value)),
            }
        }
        Type::ImplTrait(_) => format!("{}.to_owned()", literal(&text(value))),
        _ => format!("probe::val({})", json(value)),
    }
}

fn inside(segment: Option<&syn::PathSegment>) -> Option<&Type> {
    match &segment?.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => None,
    }
}

/// Whether an argument may be left out as `None`.
pub(crate) fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn json(value: &Value) -> String {
    literal(&value.to_string())
}

/// A Rust string literal.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn expressions() {
        let check = |ty: &str, value: Value, expected: &str| {
            assert_eq!(expression(&syn::parse_str(ty).unwrap(), &value), expected);
        };
        check("&'a str", json!("a\"b"), r#""a\"b""#);
        check("&str", json!(7), r#""7""#);
        check("Option<&'a str>", json!("a"), r#"Some("a")"#);
        check("Option<&'a types::X>", json!({}), r#"Some(&probe::val("{}"))"#);
        check("&[impl AsRef<str>]", json!(["a", "b"]), r#"&["a", "b"]"#);
        check("&[types::X]", json!(["a"]), r#"&probe::val::<Vec<_>>("[\"a\"]")"#);
        check("&'a ::std::vec::Vec<i64>", json!([7]), r#"&probe::val("[7]")"#);
        check("rpc_runtime::types::Decimal", json!(1.5), r#"probe::parsed("1.5")"#);
        check("impl Into<rpc_runtime::types::Bytes>", json!("abc"), r#""abc".to_owned()"#);
        check("i64", json!(7), r#"probe::val("7")"#);
    }

    #[test]
    fn names_and_options() {
        let function: syn::Signature =
            syn::parse_str("fn f(&self, r#type: &str, limit: Option<i64>) -> ()").unwrap();
        let all = arguments(&function);
        assert_eq!(all.iter().map(|a| plain(&a.name)).collect::<Vec<_>>(), ["type", "limit"]);
        assert_eq!(all.iter().map(|a| is_option(&a.ty)).collect::<Vec<_>>(), [false, true]);
    }
}
