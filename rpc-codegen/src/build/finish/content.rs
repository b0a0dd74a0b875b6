//! What a field of a form holds, and whether that can be content of a media type.

use crate::ir::{FieldStyle, Scalar, Shape, Type, essence, is_json};

use super::super::builder::Builder;

/// What the values of a field are, null aside; of a part, each item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    File,
    /// Any text: what it is, only its media type says.
    Text,
    /// Numbers, dates and other values of a form of their own.
    Value,
    Base64,
    Object,
    /// Of a URL-encoded form.
    List,
    /// One or the other, objects among them.
    Mixed,
    /// Whatever the caller gives.
    Any,
}

/// How a value is written as content of a media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    Usual,
    As(FieldStyle),
    Not,
}

impl Builder<'_, '_> {
    pub(super) fn holds(&self, ty: &Type, parts: bool, depth: usize) -> Holds {
        let within = |ty: &Type| self.holds(ty, parts, depth + 1);
        match self.behind(ty) {
            _ if depth > 8 => Holds::Mixed,
            Type::Scalar(Scalar::File) => Holds::File,
            Type::Scalar(Scalar::String | Scalar::Uri | Scalar::Binary) => Holds::Text,
            Type::Scalar(Scalar::Base64) => Holds::Base64,
            Type::Scalar(_) | Type::Null => Holds::Value,
            Type::List(inner) if parts && depth == 0 => match self.behind(inner) {
                Type::List(_) | Type::Tuple(_) => Holds::Object,
                _ => within(inner),
            },
            Type::List(_) | Type::Tuple(_) if !parts => Holds::List,
            Type::Map(_) | Type::List(_) => Holds::Object,
            Type::Tuple(_) => Holds::Mixed,
            Type::Boxed(inner) | Type::Nullable(inner) => within(inner),
            Type::Any => Holds::Any,
            Type::Named(id) => match self.def(*id).map(|def| &def.shape) {
                Some(Shape::Struct(_)) => Holds::Object,
                Some(Shape::Enum(_)) => Holds::Value,
                Some(Shape::Union(union)) => {
                    let variants = union.variants.iter().map(|variant| within(&variant.ty));
                    variants.reduce(either).unwrap_or(Holds::Any)
                }
                _ => Holds::Mixed,
            },
        }
    }
}

fn either(one: Holds, other: Holds) -> Holds {
    match (one, other) {
        _ if one == other => one,
        (Holds::Text | Holds::Value | Holds::Base64, Holds::Text | Holds::Value | Holds::Base64) => {
            Holds::Text
        }
        _ => Holds::Mixed,
    }
}

/// Whether values can be content of this media type. No pair of a URL-encoded form says what it is: there, text is text.
pub(super) fn fit(holds: Holds, parts: bool, media_type: &str) -> Fit {
    let essence = essence(media_type);
    let text = || match parts {
        true => Fit::As(FieldStyle::Content(media_type.to_owned())),
        false => Fit::Usual,
    };
    match (holds, essence.as_str()) {
        // What files are sent as anyway, and what cannot be sent: a choice that the caller makes with the file.
        (Holds::File, "application/octet-stream") => Fit::Usual,
        (Holds::File, range) if range.contains('*') => Fit::Usual,
        (Holds::File, _) => Fit::As(FieldStyle::Content(media_type.to_owned())),
        (_, "*/*") => Fit::Usual,
        (Holds::Object, "application/*") => Fit::Usual,
        (Holds::Object, _) if media_type == "application/json" => Fit::Usual,
        (_, json) if is_json(json) && !json.contains('*') => Fit::As(FieldStyle::Json(media_type.to_owned())),
        (Holds::Object | Holds::Mixed, _) => Fit::Not,
        (_, "text/*") => Fit::Usual,
        (_, "text/plain") if media_type == "text/plain" => Fit::Usual,
        (_, "text/plain") => text(),
        (Holds::Text | Holds::Any, essence) if is_text(essence) && !essence.contains('*') => text(),
        (Holds::Value, essence) if essence.starts_with("text/") && parts => text(),
        // Any bytes are octets. In a URL-encoded form, the media type is that of the bytes behind the text.
        (Holds::Base64, "application/octet-stream") => text(),
        (Holds::Base64, _) if !parts => Fit::Usual,
        _ => Fit::Not,
    }
}

/// Whether a part is a file by its media type alone: text and structured data are fields.
pub(super) fn is_file(media_type: &str) -> bool {
    let essence = essence(media_type);
    !is_text(&essence) && !is_json(&essence) && essence != "*/*"
}

fn is_text(essence: &str) -> bool {
    essence.starts_with("text/")
        || essence.starts_with("multipart/")
        || essence.ends_with("+xml")
        || ["application/xml", "application/yaml"].contains(&essence)
}
