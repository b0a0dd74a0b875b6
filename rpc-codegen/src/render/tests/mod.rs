//! Services built by hand, and the files that they become.

mod hostile;
mod orders;
mod service;

use super::files;
use crate::emit::TypeModule;
use crate::fileset::FileSet;
use crate::input::{Input, Options};
use crate::ir::Service;

fn render(service: &Service) -> FileSet {
    render_with(service, &Options::default())
}

fn render_with(service: &Service, options: &Options) -> FileSet {
    let input = Input { service: service.name.clone(), ..Input::default() };
    let types: Vec<TypeModule> =
        service.types.iter().map(|(_, def)| stand_in(&def.name, &def.shape)).collect();
    files(service, &input, options, types).expect("files")
}

/// Just enough of a type for the rest to compile.
fn stand_in(name: &str, shape: &crate::ir::Shape) -> TypeModule {
    use crate::ir::Shape;
    use quote::{format_ident, quote};
    let ident = format_ident!("{name}");
    let derives = quote! { #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)] };
    let validate = quote! {
        impl rpc_runtime::codegen::Validate for #ident {
            fn validate(&self, _: &rpc_runtime::codegen::Path<'_>) -> Result<(), rpc_runtime::codegen::Violation> { Ok(()) }
        }
    };
    let items = match shape {
        Shape::Enum(_) => quote! {
            #[doc = " Stand-in."] #derives #[non_exhaustive] pub enum #ident { #[doc = " Stand-in."] Pending }
            impl rpc_runtime::codegen::Param for #ident {
                fn to_value(&self) -> rpc_runtime::codegen::ParamValue { rpc_runtime::codegen::ParamValue::of(self) }
            }
            impl rpc_runtime::codegen::Check for #ident {}
        },
        Shape::Alias(..) => quote! { #[doc = " Stand-in."] pub type #ident = String; },
        _ => {
            quote! { #[doc = " Stand-in."] #derives #[non_exhaustive] pub struct #ident {} impl rpc_runtime::codegen::Check for #ident {} #validate }
        }
    };
    TypeModule {
        module: heck::ToSnakeCase::to_snake_case(name),
        type_name: name.to_owned(),
        items,
        id: crate::ir::TypeId(0),
        linked: Vec::new(),
    }
}

fn text<'a>(set: &'a FileSet, path: &str) -> &'a str {
    std::str::from_utf8(set.get(path).unwrap_or_else(|| panic!("no {path}"))).expect("text")
}
