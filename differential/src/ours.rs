//! Our crate for a document, and how its methods are called.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use quote::ToTokens as _;
use rpc_codegen::ir::{Parameter, Place, Service};
use rpc_codegen::{FileSet, Input, Options, RuntimeDependency};
use serde_json::Value;

use crate::signature::{self, Argument};

/// A generated crate.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) files: FileSet,
    pub(crate) methods: Methods,
}

/// A method of the client.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    /// What stands before the path of the document: the path of the server's URL.
    pub(crate) prefix: String,
    /// The struct that holds the arguments, if there is one: `operations::orders::CreateOrderParams`.
    pub(crate) holder: Option<String>,
    /// What must be given, in order.
    pub(crate) arguments: Vec<Given>,
    /// What may be given.
    pub(crate) setters: Vec<Given>,
    /// Wire names of headers that the runtime owns: they are no arguments.
    pub(crate) owned: Vec<String>,
}

/// An argument and what it is of the document: a parameter's place and wire name, or the body.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) argument: Argument,
    pub(crate) parameter: Option<(String, String)>,
}

/// Methods by `GET /path`.
pub(crate) type Methods = BTreeMap<String, Method>;

/// Generates a crate for the scratch workspace.
///
/// # Errors
/// What the generator has to say against the document.
pub(crate) fn generate(name: &str, document: &Value) -> anyhow::Result<Crate> {
    let input = Input {
        service: name.to_owned(),
        document: "openapi.json".into(),
        files: [("openapi.json".to_owned(), serde_json::to_vec(document)?)].into(),
        prefix: String::new(),
    };
    let options = Options { runtime: RuntimeDependency::Workspace, ..Options::default() };
    let output = rpc_codegen::generate(&input, &options)?;
    let service = rpc_codegen::resolve(&input)?;
    let methods = methods(&service, &output.files)?;
    Ok(Crate { files: output.files, methods })
}

/// What the sources of the operations declare.
#[derive(Debug, Default)]
struct Declared {
    /// Methods of the client.
    methods: BTreeMap<String, Vec<Argument>>,
    /// Setters by the operation's type and their name.
    setters: BTreeMap<(String, String), Vec<Argument>>,
    /// Structs by their path.
    structs: BTreeMap<String, Vec<Argument>>,
}

impl Declared {
    fn read(files: &FileSet) -> anyhow::Result<Self> {
        let mut declared = Self::default();
        for (path, contents) in files.iter() {
            let Some(module) = path.strip_prefix("src/operations/").and_then(|path| path.strip_suffix(".rs"))
            else {
                continue;
            };
            let file = syn::parse_file(std::str::from_utf8(contents)?).with_context(|| path.to_owned())?;
            for item in &file.items {
                declared.item(module, item);
            }
        }
        Ok(declared)
    }

    fn item(&mut self, module: &str, item: &syn::Item) {
        match item {
            syn::Item::Struct(object) => {
                let fields = object.fields.iter().filter_map(|field| {
                    Some(Argument { name: field.ident.as_ref()?.to_string(), ty: field.ty.clone() })
                });
                let path = match module {
                    "mod" => format!("operations::{}", object.ident),
                    module => format!("operations::{module}::{}", object.ident),
                };
                self.structs.insert(path, fields.collect());
            }
            syn::Item::Impl(block) if block.trait_.is_none() => {
                let target = block.self_ty.to_token_stream().to_string().replace(' ', "");
                for member in &block.items {
                    let syn::ImplItem::Fn(function) = member else { continue };
                    let name = signature::plain(&function.sig.ident.to_string()).to_owned();
                    let arguments = signature::arguments(&function.sig);
                    match target
                        .strip_prefix("Call<")
                        .and_then(|rest| rest.strip_suffix('>'))
                        .map(|name| name.trim_end_matches(','))
                    {
                        Some(operation) => {
                            self.setters.insert((operation.to_owned(), name), arguments);
                        }
                        None if target == "Client" => drop(self.methods.insert(name, arguments)),
                        None => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn methods(service: &Service, files: &FileSet) -> anyhow::Result<Methods> {
    let declared = Declared::read(files)?;
    let mut methods = Methods::new();
    for operation in &service.operations {
        let Some(mut arguments) = declared.methods.get(&operation.name).cloned() else {
            bail!("no method {} in the generated sources", operation.name);
        };
        let mut holder = None;
        if let [one] = arguments.as_slice()
            && one.name == "params"
            && let Some((path, fields)) = declared.structs.iter().find(|(path, _)| {
                path.rsplit("::").next() == Some(one.ty.to_token_stream().to_string().as_str())
            })
        {
            holder = Some(path.clone());
            arguments = fields.clone();
        }
        let given = |argument: Argument| {
            let name = signature::plain(&argument.name);
            let parameter = operation.parameters.iter().find(|p| p.is_own() && p.name == name).map(place);
            Given { parameter, argument }
        };
        let mut setters = Vec::new();
        let optional = operation.parameters.iter().filter(|p| p.is_own() && !p.is_argument());
        let body = operation.body.as_ref().filter(|body| !body.required).map(|_| "body");
        for name in optional.map(|p| p.name.as_str()).chain(body) {
            let key = (operation.type_name.clone(), name.to_owned());
            if let Some([argument]) = declared.setters.get(&key).map(Vec::as_slice) {
                let argument = Argument { name: name.to_owned(), ty: argument.ty.clone() };
                setters.push(given(argument));
            }
        }
        let (method, path) = operation.key.split_once(' ').context("a key without a method")?;
        methods.insert(
            format!("{method} {path}"),
            Method {
                name: operation.name.clone(),
                prefix: operation
                    .template
                    .strip_suffix(path)
                    .unwrap_or_default()
                    .trim_end_matches('/')
                    .to_owned(),
                holder,
                arguments: arguments.into_iter().map(given).collect(),
                setters,
                owned: operation.parameters.iter().filter(|p| !p.is_own()).map(|p| p.wire.clone()).collect(),
            },
        );
    }
    Ok(methods)
}

fn place(parameter: &Parameter) -> (String, String) {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    };
    (place.to_owned(), parameter.wire.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn methods_of_a_generated_crate() {
        let parameter = |name: &str, place: &str, required: bool| json!({"name": name, "in": place, "required": required, "schema": {"type": "string"}});
        let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
            "servers": [{"url": "/v1"}], "paths": {"/a/{id}": {
            "get": {"operationId": "getA", "tags": ["x"], "responses": {"204": {"description": "d"}},
                "parameters": [parameter("id", "path", true), parameter("type", "query", false), parameter("Idempotency-Key", "header", false)]},
            "put": {"operationId": "putA", "tags": ["x"], "responses": {"204": {"description": "d"}},
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object"}}}},
                "parameters": [parameter("id", "path", true), parameter("a", "query", true), parameter("b", "query", true)]}}}});
        let made = generate("ours-0", &document).unwrap();
        let get = &made.methods["GET /a/{id}"];
        assert_eq!((get.name.as_str(), get.prefix.as_str(), get.arguments.len()), ("get_a", "/v1", 1));
        assert_eq!(get.owned, ["Idempotency-Key"]);
        assert_eq!(get.setters[0].parameter, Some(("query".into(), "type".into())));
        let put = &made.methods["PUT /a/{id}"];
        assert_eq!(put.holder.as_deref(), Some("operations::x::PutAParams"));
        assert_eq!((put.arguments.len(), put.arguments[3].parameter.is_none()), (4, true));
    }
}
