//! Rust types in the few forms that matter here.

use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Any JSON: `Value`, `RawJson`.
    Untyped,
    /// `Option`, `Box`, `Maybe`, references: what is inside.
    Within(Box<Shape>),
    List(Box<Shape>),
    Tuple(Vec<Shape>),
    Map(Box<Shape>),
    /// A type of the document.
    Named(String),
    /// A type beside the operations.
    Local(String),
    /// A scalar by its last name.
    Scalar(String),
}

/// Wrappers that are looked through.
const WRAPPERS: [&str; 4] = ["Option", "Box", "Maybe", "Into"];

impl Shape {
    pub(crate) fn of(ty: &Type) -> Self {
        match ty {
            Type::Reference(inner) => Self::of(&inner.elem),
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Slice(inner) => Self::List(Box::new(Self::of(&inner.elem))),
            Type::Array(inner) => Self::List(Box::new(Self::of(&inner.elem))),
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Scalar("()".into()),
            Type::Tuple(tuple) => Self::Tuple(tuple.elems.iter().map(Self::of).collect()),
            Type::ImplTrait(bounds) => {
                bounds.bounds.iter().find_map(bound).unwrap_or(Self::Scalar("?".into()))
            }
            Type::Path(path) => Self::path(&path.path),
            _ => Self::Scalar("?".into()),
        }
    }

    fn path(path: &syn::Path) -> Self {
        let Some(last) = path.segments.last() else { return Self::Scalar("?".into()) };
        let name = last.ident.to_string();
        let first = path.segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let inner = || match &last.arguments {
            PathArguments::AngleBracketed(arguments) => {
                let types = arguments.args.iter().filter_map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(Self::of(ty)),
                    _ => None,
                });
                types.last().map(Box::new)
            }
            _ => None,
        };
        if matches!(first.as_str(), "super" | "types" | "crate") {
            return Self::Named(name);
        }
        let foreign = path.segments.len() > 1 || inner().is_some();
        match name.as_str() {
            "Value" | "RawJson" | "RawValue" if foreign => Self::Untyped,
            "Vec" | "BTreeSet" | "HashSet" => inner().map_or(Self::Local(name), Self::List),
            "BTreeMap" | "HashMap" | "IndexMap" => inner().map_or(Self::Local(name), Self::Map),
            wrapper if WRAPPERS.contains(&wrapper) => inner().map_or(Self::Local(name), Self::Within),
            "AsRef" => Self::Scalar("str".into()),
            _ if foreign => Self::Scalar(name),
            "String" | "str" | "bool" | "i32" | "i64" | "u32" | "u64" | "f32" | "f64" => Self::Scalar(name),
            _ => Self::Local(name),
        }
    }

    /// Every untyped place in it, as a suffix of the place's name.
    pub(crate) fn untyped(&self, suffix: &str, found: &mut Vec<String>) {
        match self {
            Self::Untyped => found.push(suffix.to_owned()),
            Self::Within(inner) => inner.untyped(suffix, found),
            Self::List(inner) => inner.untyped(&format!("{suffix}[]"), found),
            Self::Map(inner) => inner.untyped(&format!("{suffix}{{}}"), found),
            Self::Tuple(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    part.untyped(&format!("{suffix}[{index}]"), found);
                }
            }
            Self::Named(_) | Self::Local(_) | Self::Scalar(_) => {}
        }
    }
}

fn bound(bound: &TypeParamBound) -> Option<Shape> {
    match bound {
        TypeParamBound::Trait(bound) => Some(Shape::path(&bound.path)),
        _ => None,
    }
}
