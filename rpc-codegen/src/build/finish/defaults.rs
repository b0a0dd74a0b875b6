//! Defaults, compared with the types that they are for.

use std::collections::HashMap;

use crate::diagnostic::rules;
use crate::ir::{Default_, Presence, Scalar, Shape, Struct, Type, TypeId};
use crate::load::{Cursor, Value};

use super::super::builder::Builder;
use super::super::schema::whole;
use super::super::schema_text;
use super::fits::Effort;

impl Builder<'_, '_> {
    pub(super) fn read_defaults(&mut self) {
        // Where the fields of each type stand.
        let mut places: HashMap<TypeId, HashMap<String, usize>> = HashMap::new();
        for pending in std::mem::take(&mut self.defaults) {
            let Some(Shape::Struct(object)) = self.def(pending.id).map(|def| &def.shape) else { continue };
            let places = places.entry(pending.id).or_insert_with(|| {
                object.fields.iter().enumerate().map(|(at, field)| (field.wire.clone(), at)).collect()
            });
            let Some(&at) = places.get(&pending.wire) else { continue };
            let Some(field) = object.fields.get(at) else { continue };
            if field.presence != Presence::Optional {
                continue;
            }
            let ty = field.ty.clone();
            let Some(default) = self.default_of(&pending.value, &ty) else { continue };
            if let Some(Shape::Struct(object)) = self.def_mut(pending.id).map(|def| &mut def.shape)
                && let Some(field) = object.fields.get_mut(at)
            {
                field.presence = Presence::Default(default);
            }
        }
    }

    /// A default that fits its type; anything else is reported.
    pub(super) fn default_of(&mut self, value: &Cursor<'_>, ty: &Type) -> Option<Default_> {
        if let Some(Shape::Struct(object)) = self.shape_behind(ty)
            && self.fits_struct(value, object, true, &Effort::new())
        {
            return Some(Default_::Json(self.completed(value, object)));
        }
        if !self.fits(value, ty, &Effort::new()) {
            let json = schema_text::json(self.document, value);
            let short: String = json.chars().take(60).collect();
            let message = format!("the default `{short}` does not fit its schema and is ignored");
            self.diagnostics.push(value.diagnostic(rules::BAD_DEFAULT, message));
            return None;
        }
        Some(self.typed(value, ty))
    }

    /// An object as text, with null for what it lacks: FastAPI leaves that out of defaults.
    fn completed(&self, value: &Cursor<'_>, object: &Struct) -> String {
        let mut json = schema_text::json(self.document, value);
        let missing = object
            .fields
            .iter()
            .filter(|field| field.presence == Presence::Required && value.key(&field.wire).is_none());
        for field in missing {
            json.pop();
            if !json.ends_with('{') {
                json.push(',');
            }
            schema_text::string(&field.wire, &mut json);
            json.push_str(":null}");
        }
        json
    }

    fn typed(&self, value: &Cursor<'_>, ty: &Type) -> Default_ {
        let json = || Default_::Json(schema_text::json(self.document, value));
        match (&value.node().value, self.behind(ty)) {
            (Value::Null, _) => Default_::Null,
            (Value::Bool(value), Type::Scalar(Scalar::Bool)) => Default_::Bool(*value),
            (Value::String(text), Type::Scalar(_)) => Default_::String(text.clone()),
            (Value::Number(text), Type::Scalar(Scalar::Int(_))) => {
                whole(text).map_or_else(json, Default_::Int)
            }
            (Value::Number(text), Type::Scalar(_)) => Default_::Number(text.clone()),
            (Value::Array(items), Type::List(_)) if items.is_empty() => Default_::EmptyList,
            (Value::Object(entries), Type::Map(_)) if entries.is_empty() => Default_::EmptyMap,
            (Value::String(text), named) if self.values_of(named).is_some() => Default_::String(text.clone()),
            (Value::Number(text), named) if self.values_of(named).is_some() => {
                whole(text).map_or_else(json, Default_::Int)
            }
            _ => json(),
        }
    }
}
