//! Stock progenitor: its crate for a document as it is, and which argument of a method is which parameter.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use anyhow::{Context as _, anyhow, bail};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::ToTokens as _;
use serde_json::Value;
use syn::visit::{self, Visit};

use crate::signature::{self, Argument};

/// Everything that progenitor's output may use, as `cargo progenitor` would write it.
pub(crate) const DEPENDENCIES: &str = r#"base64 = "0.23"
bytes = "1"
chrono = { version = "0.4", default-features = false, features = ["serde", "std"] }
futures-core = "0.3"
percent-encoding = "2"
progenitor-client = "=0.15.1"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_urlencoded = "0.7"
uuid = { version = "1", features = ["serde", "v4"] }
"#;

/// Where an argument goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// `query`, `header` or `path`, and the name on the wire; path arguments stand in the order of the template.
    Parameter(String, String),
    Body,
}

/// A method of the client.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) arguments: Vec<(Argument, Target)>,
}

/// Methods by `GET /path`.
pub(crate) type Methods = BTreeMap<String, Method>;

/// The source of the crate, in positional style.
///
/// # Errors
/// What progenitor has to say against the document; its panics, too.
pub(crate) fn generate(document: &Value) -> anyhow::Result<String> {
    let made = catch_unwind(|| -> anyhow::Result<String> {
        let document: openapiv3::OpenAPI = serde_json::from_value(document.clone())?;
        let settings = GenerationSettings::default().with_interface(InterfaceStyle::Positional).clone();
        let tokens = Generator::new(&settings).generate_tokens(&document)?;
        Ok(prettyplease::unparse(&syn::parse2(tokens)?))
    });
    made.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(anyhow!("panicked: {}", text.unwrap_or("no message")))
    })
}

/// The methods of the client in a source.
///
/// # Errors
/// When the source is not what progenitor 0.15.1 writes.
pub(crate) fn methods(source: &str) -> anyhow::Result<Methods> {
    let file = syn::parse_file(source)?;
    let mut methods = Methods::new();
    for item in &file.items {
        let syn::Item::Impl(block) = item else { continue };
        if block.trait_.is_some() || block.self_ty.to_token_stream().to_string() != "Client" {
            continue;
        }
        for member in &block.items {
            if let syn::ImplItem::Fn(function) = member
                && function.sig.asyncness.is_some()
            {
                let (key, method) = method(function)?;
                methods.insert(key, method);
            }
        }
    }
    if methods.is_empty() {
        bail!("no methods in progenitor's client");
    }
    Ok(methods)
}

fn method(function: &syn::ImplItemFn) -> anyhow::Result<(String, Method)> {
    let name = function.sig.ident.to_string();
    let key = key(function).with_context(|| format!("{name}: no \"Sends a … request to …\""))?;
    let template = key.split_once(' ').map(|(_, path)| path).unwrap_or_default();
    let mut in_path = names(template).into_iter();
    let mut uses = Uses::default();
    uses.visit_block(&function.block);
    let mut arguments = Vec::new();
    for argument in signature::arguments(&function.sig) {
        let target = match uses.found.remove(&argument.name) {
            Some((place, wire)) => Target::Parameter(place.to_owned(), wire),
            None if argument.name == "body" => Target::Body,
            None => {
                let wire = in_path.next().with_context(|| format!("{name}: what is {}?", argument.name))?;
                Target::Parameter("path".into(), wire)
            }
        };
        arguments.push((argument, target));
    }
    Ok((key, Method { name, arguments }))
}

/// `GET /path`, from the documentation.
fn key(function: &syn::ImplItemFn) -> Option<String> {
    let docs = function.attrs.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let docs = docs.collect::<Vec<_>>().join("\n");
    let (_, rest) = docs.rsplit_once("Sends a `")?;
    let (method, rest) = rest.split_once("` request to `")?;
    let (path, _) = rest.split_once('`')?;
    Some(format!("{method} {path}"))
}

/// Names in a path template.
pub(crate) fn names(template: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in template.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Finds `QueryParam::new("wire", &name)` and `header_map.append("wire", name…)`.
#[derive(Debug, Default)]
struct Uses {
    found: BTreeMap<String, (&'static str, String)>,
    /// The option that is open: `if let Some(value) = name`.
    option: Option<String>,
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if call.func.to_token_stream().to_string().ends_with("QueryParam :: new")
            && let (Some(wire), Some(syn::Expr::Reference(value))) =
                (call.args.first().and_then(text), call.args.get(1))
        {
            self.found.insert(value.expr.to_token_stream().to_string(), ("query", wire));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "append"
            && let (Some(wire), Some(value)) = (call.args.first().and_then(text), call.args.get(1))
        {
            let value = value.to_token_stream().to_string();
            let first = value.split(' ').next().unwrap_or_default().to_owned();
            let name = if first == "value" { self.option.clone().unwrap_or(first) } else { first };
            self.found.insert(name, ("header", wire));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let before = self.option.take();
        if let syn::Expr::Let(condition) = &*branch.cond {
            self.option = Some(condition.expr.to_token_stream().to_string());
        }
        visit::visit_expr_if(self, branch);
        self.option = before;
    }
}

fn text(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arguments_are_known_by_their_use() {
        let parameter = |name: &str, place: &str, required: bool| json!({"name": name, "in": place, "required": required, "schema": {"type": "string"}});
        let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a/{x-y}/{b}": {"put": {
            "operationId": "putA", "responses": {"204": {"description": "d"}},
            "parameters": [parameter("b", "path", true), parameter("x-y", "path", true), parameter("Q[]", "query", false),
                           parameter("X-H", "header", false), parameter("X-R", "header", true)],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}}}});
        let methods = methods(&generate(&document).unwrap()).unwrap();
        let put = &methods["PUT /a/{x-y}/{b}"];
        assert_eq!(put.name, "put_a");
        let places = |place: &str, name: &str| Target::Parameter(place.into(), name.into());
        let targets: Vec<_> = put.arguments.iter().map(|(_, target)| target.clone()).collect();
        for expected in
            [places("query", "Q[]"), places("header", "X-H"), places("header", "X-R"), Target::Body]
        {
            assert!(targets.contains(&expected), "{targets:?}");
        }
        assert_eq!(targets[..2], [places("path", "x-y"), places("path", "b")]);
    }

    #[test]
    fn what_progenitor_says_is_an_error() {
        let error = generate(&json!({"openapi": "3.1.0"})).unwrap_err().to_string();
        assert!(error.contains("missing field"), "{error}");
    }
}
