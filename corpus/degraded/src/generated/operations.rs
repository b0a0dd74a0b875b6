//! Operations: what their descriptors say, and where each argument goes.

use std::collections::BTreeMap;

use syn::visit::Visit;
use syn::{Expr, FnArg, ImplItem, Item, Pat, ReturnType, Type};

use crate::shape::Shape;

/// An operation of the client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Operation {
    /// The marker type's name.
    pub(crate) name: String,
    /// What the descriptor calls it.
    pub(crate) id: String,
    /// In upper case.
    pub(crate) method: String,
    pub(crate) template: String,
    pub(crate) output: Option<Shape>,
    pub(crate) enveloped: bool,
    pub(crate) arguments: Vec<Argument>,
}

/// An argument of a method.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    /// Wire name; `None`: the body, or a part of it.
    pub(crate) wire: Option<String>,
    pub(crate) name: String,
    pub(crate) ty: Shape,
}

/// Reads the operations of a module; gives the structs that hold arguments.
pub(super) fn read(items: &[Item], into: &mut Vec<Operation>) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut found: BTreeMap<String, Operation> = BTreeMap::new();
    let mut structs: BTreeMap<String, Vec<(String, Shape)>> = BTreeMap::new();
    for item in items {
        match item {
            Item::Mod(module) => {
                let inner = module.content.as_ref().map_or(&[][..], |(_, items)| items);
                arguments.extend(read(inner, into));
            }
            Item::Impl(item) if item.trait_.is_some() => {
                if let Some(operation) = marker(item) {
                    found.insert(operation.name.clone(), operation);
                }
            }
            Item::Struct(item) => {
                let field = |f: &syn::Field| Some((f.ident.as_ref()?.to_string(), Shape::of(&f.ty)));
                structs.insert(item.ident.to_string(), item.fields.iter().filter_map(field).collect());
            }
            _ => {}
        }
    }
    for item in items {
        let Item::Impl(item) = item else { continue };
        for member in item.items.iter().filter(|_| item.trait_.is_none()) {
            let ImplItem::Fn(function) = member else { continue };
            let owner = match &function.sig.output {
                ReturnType::Type(_, ty) => parameter_of(ty).or_else(|| parameter_of(&item.self_ty)),
                ReturnType::Default => None,
            };
            let Some(operation) = owner.and_then(|name| found.get_mut(&name)) else { continue };
            let mut uses = Uses::default();
            uses.visit_block(&function.block);
            for input in &function.sig.inputs {
                let FnArg::Typed(input) = input else { continue };
                let Pat::Ident(pattern) = &*input.pat else { continue };
                let name = pattern.ident.to_string();
                match last(&input.ty).and_then(|ty| structs.get(&ty)).filter(|_| name == "params") {
                    Some(fields) => {
                        arguments.extend(last(&input.ty));
                        for (field, ty) in fields {
                            let wire = uses.wires.get(&format!("params.{field}")).cloned();
                            operation.arguments.push(Argument { wire, name: field.clone(), ty: ty.clone() });
                        }
                    }
                    None => {
                        let wire = uses.wires.get(&name).cloned();
                        operation.arguments.push(Argument { wire, name, ty: Shape::of(&input.ty) });
                    }
                }
            }
        }
    }
    into.extend(found.into_values());
    arguments
}

fn last(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// `X` of `Call<X>`.
fn parameter_of(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => last(ty),
        _ => None,
    })
}

/// `impl Operation for X`.
fn marker(item: &syn::ItemImpl) -> Option<Operation> {
    let mut operation = Operation { name: last(&item.self_ty)?, ..Operation::default() };
    for member in &item.items {
        match member {
            ImplItem::Type(output) if output.ident == "Output" => {
                operation.output = Some(Shape::of(&output.ty))
            }
            ImplItem::Const(descriptor) => {
                let mut described = Described::default();
                described.visit_expr(&descriptor.expr);
                operation.id = described.id;
                operation.method = described.method;
                operation.template = described.template;
                operation.enveloped = described.enveloped;
            }
            _ => {}
        }
    }
    operation.output.is_some().then_some(operation)
}

#[derive(Default)]
struct Described {
    id: String,
    method: String,
    template: String,
    enveloped: bool,
}

impl<'a> Visit<'a> for Described {
    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        let arguments: Vec<&Expr> = call.args.iter().collect();
        if let [Expr::Lit(id), Expr::Path(method), Expr::Lit(template)] = arguments.as_slice()
            && let (syn::Lit::Str(id), syn::Lit::Str(template)) = (&id.lit, &template.lit)
        {
            self.id = id.value();
            self.method = method.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
            self.template = template.value();
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.enveloped |= call.method == "envelope";
        syn::visit::visit_expr_method_call(self, call);
    }
}

/// Which argument is sent under which name: `request.query("name", &argument)`.
#[derive(Default)]
struct Uses {
    wires: BTreeMap<String, String>,
}

impl<'a> Visit<'a> for Uses {
    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let method = call.method.to_string();
        let sends = ["query", "path", "header", "cookie"].iter().any(|kind| method.starts_with(kind));
        if let (true, Some(Expr::Lit(wire)), Some(value)) = (sends, call.args.first(), call.args.last())
            && let syn::Lit::Str(wire) = &wire.lit
            && let Some(name) = name_in(value)
        {
            self.wires.insert(name, wire.value());
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

fn name_in(value: &Expr) -> Option<String> {
    match value {
        Expr::Reference(inner) => name_in(&inner.expr),
        Expr::Call(call) => call.args.first().and_then(name_in),
        Expr::MethodCall(call) => name_in(&call.receiver),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(member) => Some(format!("{}.{member}", name_in(&field.base)?)),
            syn::Member::Unnamed(_) => None,
        },
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}
