//! What each field of a struct becomes.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::codec::codec;
use super::context::Context;
use super::default::{Filled, fill};
use super::text::ident;
use super::usage::sibling;
use crate::ir::{Additional, Field, Presence, Scalar, Shape, Struct, Type, TypeDef, TypeId};

/// What stands around a field's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    Plain,
    Option,
    Maybe,
}

/// What a field that is not there means.
#[derive(Debug, Clone)]
pub(super) enum Missing {
    /// An error.
    Error,
    /// The Rust type's own default.
    Default,
    /// This value.
    Value(TokenStream),
}

/// A field, decided.
#[derive(Debug, Clone)]
pub(super) struct Plan<'a> {
    pub(super) field: &'a Field,
    pub(super) wrap: Wrap,
    /// The type inside of the wrap.
    pub(super) inner: &'a Type,
    pub(super) missing: Missing,
    /// Null means the same as not being there.
    pub(super) null_is_missing: bool,
    /// Not written when it is `None` or absent.
    pub(super) skip: bool,
    /// What `new` puts there; `None` for an argument.
    pub(super) fill: Option<TokenStream>,
    /// Whether there is nothing to set: the field has one value.
    pub(super) constant: bool,
}

/// All fields of a struct.
pub(super) fn plans<'a>(
    context: &Context<'a>,
    id: TypeId,
    def: &TypeDef,
    strukt: &'a Struct,
) -> Vec<Plan<'a>> {
    strukt.fields.iter().map(|field| plan(context, id, def, field)).collect()
}

fn plan<'a>(context: &Context<'a>, id: TypeId, def: &TypeDef, field: &'a Field) -> Plan<'a> {
    let (nullable, inner) = context.strip_null(&field.ty);
    let around = if nullable { Wrap::Option } else { Wrap::Plain };
    let own_default = quote!(Default::default());
    let plain = Plan {
        field,
        wrap: around,
        inner,
        missing: Missing::Error,
        null_is_missing: false,
        skip: false,
        fill: None,
        constant: false,
    };
    let constant = constant(context, inner).filter(|_| !nullable);
    // Nothing is sent unless it is set.
    let sparse = def.patch || !def.direction.reply;
    match (&field.presence, constant) {
        (Presence::Required, Some(value)) => Plan { fill: Some(value), constant: true, ..plain },
        (Presence::Required, None) => plain,
        // Servers choose by it, even those that document a default for it.
        (_, Some(value)) if context.is_tag(id, field) => Plan {
            missing: Missing::Value(value.clone()),
            null_is_missing: true,
            fill: Some(value),
            constant: true,
            ..plain
        },
        (Presence::Default(default), _) if !sparse => match fill(context, &field.ty, default) {
            Some(Filled { value, own }) => Plan {
                missing: if own { Missing::Default } else { Missing::Value(value.clone()) },
                null_is_missing: !nullable && !takes_null(inner),
                fill: Some(if own { own_default } else { value }),
                ..plain
            },
            None => optional(plain, def, nullable),
        },
        _ => optional(plain, def, nullable),
    }
}

fn optional<'a>(plain: Plan<'a>, def: &TypeDef, nullable: bool) -> Plan<'a> {
    let maybe = nullable && def.direction.request;
    Plan {
        wrap: if maybe { Wrap::Maybe } else { Wrap::Option },
        missing: Missing::Default,
        skip: maybe || !nullable,
        fill: Some(if maybe { quote!(rpc_runtime::types::Maybe::Absent) } else { quote!(None) }),
        ..plain
    }
}

fn takes_null(ty: &Type) -> bool {
    matches!(ty, Type::Any | Type::Null)
}

/// The only value of a one-value enum.
fn constant(context: &Context<'_>, ty: &Type) -> Option<TokenStream> {
    let Type::Named(id) = context.resolve(ty) else { return None };
    let def = context.def(*id)?;
    match &def.shape {
        Shape::Enum(values) => match values.values.as_slice() {
            [only] => {
                let (name, variant) = (ident(&def.name), ident(&only.name));
                Some(quote!(super::#name::#variant))
            }
            _ => None,
        },
        _ => None,
    }
}

impl Plan<'_> {
    /// The field's Rust type.
    pub(super) fn rust_type(&self, context: &Context<'_>) -> TokenStream {
        self.around(sibling(context.service, self.inner))
    }

    /// The field's codec; `None` where serde's own is right.
    pub(super) fn codec(&self, context: &Context<'_>) -> Option<TokenStream> {
        codec(context.service, self.inner).map(|codec| self.around(codec))
    }

    /// The function that gives a missing field's value.
    pub(super) fn default_function(&self) -> Ident {
        format_ident!("default_{}", self.field.name)
    }

    fn around(&self, inner: TokenStream) -> TokenStream {
        match self.wrap {
            Wrap::Plain => inner,
            Wrap::Option => quote!(Option<#inner>),
            Wrap::Maybe => quote!(rpc_runtime::types::Maybe<#inner>),
        }
    }

    /// Whether values are given as `impl Into<String>`.
    pub(super) fn is_text(&self, context: &Context<'_>) -> bool {
        self.wrap == Wrap::Plain
            && matches!(context.resolve(self.inner), Type::Scalar(Scalar::String | Scalar::Uri))
    }
}

/// Whether a value can be made without being told anything.
pub(super) fn needs_nothing(plans: &[Plan<'_>]) -> bool {
    plans.iter().all(|plan| plan.fill.is_some())
}

/// The name and type of the map of further members.
pub(super) fn kept(strukt: &Struct) -> Option<(&str, &Type)> {
    match &strukt.additional {
        Additional::Ignored => None,
        Additional::Kept { name, ty } => Some((name, ty)),
    }
}
