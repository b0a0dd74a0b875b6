//! Statuses of documented replies as match arms.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::names::internal;
use crate::diagnostic::Diagnostic;

/// What a documented status stands for, most exact first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// `404`.
    Exact(u16),
    /// `4XX`.
    Range(u16),
    /// `default`.
    Other,
}

impl Status {
    /// Reads `404`, `4XX`, `default`.
    ///
    /// # Errors
    /// When it is something else, which the build stage lets through by mistake.
    pub(crate) fn parse(text: &str) -> Result<Self, Diagnostic> {
        if text.eq_ignore_ascii_case("default") {
            return Ok(Self::Other);
        }
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(code) = text.parse().ok().filter(|_| digits) {
            return Ok(Self::Exact(code));
        }
        let class = text.strip_suffix("XX").or_else(|| text.strip_suffix("xx"));
        match class.and_then(|class| class.parse().ok()) {
            Some(class @ 1..=5) => Ok(Self::Range(class)),
            _ => Err(internal(format!("`{}` is not a status", text.escape_debug()))),
        }
    }

    /// The pattern of a match on `u16`.
    pub(crate) fn pattern(self) -> TokenStream {
        let number = Literal::u16_unsuffixed;
        match self {
            Self::Exact(code) => {
                let code = number(code);
                quote! { #code }
            }
            Self::Range(class) => {
                let (first, last) = (number(class * 100), number(class * 100 + 99));
                quote! { #first..=#last }
            }
            Self::Other => quote! { _ },
        }
    }

    /// For people.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::Exact(code) => format!("HTTP {code}"),
            Self::Range(class) => format!("HTTP {class}XX"),
            Self::Other => "Any other status".to_owned(),
        }
    }
}

/// Sorts what belongs to statuses into match order; of two with one status the first counts.
pub(crate) fn in_match_order<T>(
    items: impl Iterator<Item = Result<(Status, T), Diagnostic>>,
) -> Result<Vec<(Status, T)>, Diagnostic> {
    let mut items = items.collect::<Result<Vec<_>, _>>()?;
    items.sort_by_key(|(status, _)| *status);
    items.dedup_by_key(|(status, _)| *status);
    Ok(items)
}

/// The function that reads a reply: its parameter's name and its body.
pub(crate) fn dispatch(arms: Vec<(Status, TokenStream)>, rest: &TokenStream) -> (TokenStream, TokenStream) {
    if let [(Status::Other, value)] = arms.as_slice() {
        // A match of one arm is none.
        let used = value.to_string().contains("reply .");
        return (
            if used {
                quote! { reply }
            } else {
                quote! { _ }
            },
            value.clone(),
        );
    }
    let complete = arms.iter().any(|(status, _)| *status == Status::Other);
    let rest = (!complete).then(|| quote! { _ => #rest, });
    let (patterns, values): (Vec<_>, Vec<_>) =
        arms.into_iter().map(|(status, value)| (status.pattern(), value)).unzip();
    (quote! { reply }, quote! { match reply.status() { #(#patterns => #values,)* #rest } })
}
