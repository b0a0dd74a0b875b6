//! `encoding`: how single fields of forms are written, by what they hold.

use crate::diagnostic::rules;
use crate::ir::{BodyKind, FieldStyle, Operation, Shape, Style, Type};
use crate::load::{Cursor, SpecVersion};

use super::super::builder::Builder;
use super::super::operations::Encodings;
use super::content::{Fit, Holds, fit, is_file};

impl<'a> Builder<'a, '_> {
    /// The fields of forms that are not written in the usual way: a pair or part for each item of a list, objects as JSON.
    pub(super) fn style_fields(&mut self, operations: &mut [Operation], encodings: &Encodings<'a>) {
        for (index, encoding) in encodings {
            let Some(body) = operations.get_mut(*index).and_then(|operation| operation.body.as_mut()) else {
                continue;
            };
            let (form, parts) = match &body.kind {
                BodyKind::Form(form) => (form, false),
                BodyKind::Multipart(form) => (form, true),
                BodyKind::RawMultipart => {
                    let message = "`encoding` of parts is not supported here; the body is given as it is sent, boundaries included";
                    self.report(encoding, rules::IGNORED_KEYWORD, message);
                    continue;
                }
                _ => continue,
            };
            for (name, at) in encoding.entries() {
                let Some(ty) = self.property(form, name, 0).cloned() else {
                    let message =
                        format!("`{name}` is no property of the form; what is said of it is ignored");
                    self.report(&at, rules::SLOPPY, message);
                    continue;
                };
                let style = self.field_style(parts, name, &at, &ty);
                body.fields.extend(style.map(|style| (name.to_owned(), style)));
            }
        }
    }

    /// Whether a part whose value could be a file is one by its media type.
    pub(super) fn says_file(&self, at: &Cursor<'a>) -> bool {
        let offered = at.str_at("contentType").map(choices).unwrap_or_default();
        !self.is_styled(true, at) && offered.iter().any(|offer| is_media_type(offer) && is_file(offer))
    }

    /// The type of a property of a form; of the first variant that has it if the form is a union.
    pub(super) fn property<'t>(&'t self, form: &'t Type, name: &str, depth: usize) -> Option<&'t Type> {
        match self.behind(form) {
            Type::Any => Some(&Type::Any),
            Type::Boxed(inner) if depth < 8 => self.property(inner, name, depth + 1),
            Type::Named(id) => match &self.def(*id)?.shape {
                Shape::Struct(object) => {
                    object.fields.iter().find(|field| field.wire == name).map(|field| &field.ty)
                }
                Shape::Union(union) if depth < 8 => {
                    union.variants.iter().find_map(|variant| self.property(&variant.ty, name, depth + 1))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// How one field is written; `None` for the usual way.
    fn field_style(&mut self, parts: bool, name: &str, at: &Cursor<'a>, ty: &Type) -> Option<FieldStyle> {
        let headers = at.key("headers").filter(|_| parts);
        let own = ["content-type", "content-disposition"];
        if let Some(headers) = headers.filter(|headers| {
            headers.entries().any(|(name, _)| !own.iter().any(|own| name.eq_ignore_ascii_case(own)))
        }) {
            let message = format!("headers of parts are not supported; `{name}` is sent without them");
            self.report(&headers, rules::IGNORED_KEYWORD, message);
        }
        let holds = self.holds(ty, parts, 0);
        if self.is_styled(parts, at) {
            // A style is that of the whole list.
            let whole = if holds == Holds::File { holds } else { self.holds(ty, false, 0) };
            return self.styled(parts, at, whole);
        }
        // Generators write `style: form` at every part; anything else was meant.
        let meant = at.str_at("style").is_some_and(|style| style != "form")
            || at.key("explode").is_some_and(|explode| explode.bool() == Some(false));
        if meant {
            let message = format!("parts have no style before OpenAPI 3.1; that of `{name}` is ignored");
            self.report(at, rules::SLOPPY, message);
        }
        self.content(parts, name, at, holds)
    }

    /// Whether `style` or one of its companions holds, and no `contentType`. Before OpenAPI 3.1 they are for URL-encoded forms
    /// alone; what was converted to 3.0 means all that it says.
    fn is_styled(&self, parts: bool, at: &Cursor<'a>) -> bool {
        let heard = !parts || self.document.version() > SpecVersion::V3_0 || at.is_converted();
        heard && ["style", "explode", "allowReserved"].iter().any(|key| at.key(key).is_some())
    }

    /// A field that is written like a query parameter.
    fn styled(&mut self, parts: bool, at: &Cursor<'a>, holds: Holds) -> Option<FieldStyle> {
        let style = match at.str_at("style") {
            None | Some("form") => Style::Form,
            Some("spaceDelimited") => Style::SpaceDelimited,
            Some("pipeDelimited") => Style::PipeDelimited,
            Some("deepObject") => Style::DeepObject,
            Some(other) => {
                let at = at.key("style").unwrap_or_else(|| at.clone());
                let message = format!("a field of a form has no style `{other}`; `form` is taken");
                self.report(&at, rules::SLOPPY, message);
                Style::Form
            }
        };
        let explode = at.key("explode").and_then(|explode| explode.bool()).unwrap_or(style == Style::Form);
        // Nothing is percent-encoded in parts.
        let reserved = at.flag("allowReserved") && !parts;
        let usual = style == Style::Form && explode && !reserved;
        if holds == Holds::File {
            if !usual {
                self.report(at, rules::SLOPPY, "a file has no style; it is sent in the usual way");
            }
            return None;
        }
        let flat = matches!(holds, Holds::List | Holds::Text | Holds::Value | Holds::Base64);
        (!(usual && flat)).then_some(FieldStyle::Styled { style, explode, reserved })
    }

    /// A field that is content of a media type. Several are a choice: the first one that fits is taken.
    fn content(&mut self, parts: bool, name: &str, at: &Cursor<'a>, holds: Holds) -> Option<FieldStyle> {
        let at = at.key("contentType")?;
        let (offered, wrong): (Vec<&str>, Vec<&str>) =
            choices(at.str()?).into_iter().partition(|offer| is_media_type(offer));
        for wrong in wrong {
            let message = format!("`{}` is not a media type; it is ignored", wrong.escape_debug());
            self.report(&at, rules::SLOPPY, message);
        }
        // Which one a file is, the caller says with the file.
        if offered.is_empty() || (holds == Holds::File && offered.len() > 1) {
            return None;
        }
        match offered.iter().map(|offer| fit(holds, parts, offer)).find(|fit| *fit != Fit::Not) {
            Some(Fit::As(style)) => Some(style),
            Some(_) => None,
            None => {
                let usual = match holds {
                    Holds::Object => "JSON",
                    Holds::Mixed => "JSON or text",
                    Holds::List => "a pair for each item",
                    Holds::Base64 => "base64 text",
                    _ => "text",
                };
                let message = format!(
                    "`{name}` cannot be written as `{}`; it is written as {usual}",
                    offered.join(", ")
                );
                self.report(&at, rules::IGNORED_KEYWORD, message);
                None
            }
        }
    }
}

/// The media types of a list. Quoted text may hold commas.
fn choices(list: &str) -> Vec<&str> {
    let mut quoted = false;
    let apart = list.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    apart.map(str::trim).collect()
}

fn is_media_type(text: &str) -> bool {
    text.contains('/') && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
