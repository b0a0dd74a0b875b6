//! Structs that progenitor cannot write.

use proc_macro2::TokenStream;

use crate::ir::{Struct, TypeDef};
use crate::types::context::Context;
use crate::types::decorate;
use crate::types::plan::Plan;

/// The same struct that progenitor would have given.
pub(in crate::types) fn strukt(
    context: &Context<'_>,
    def: &TypeDef,
    strukt: &Struct,
    plans: &[Plan<'_>],
) -> TokenStream {
    let types: Vec<TokenStream> = plans.iter().map(|plan| plan.rust_type(context)).collect();
    decorate::item(context, def, strukt, plans, &types)
}
