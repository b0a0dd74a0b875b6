//! Parameters.

use crate::diagnostic::rules;
use crate::ir::{Constraints, Parameter, Place, Scalar, Style, Type, is_json};
use crate::load::{Cursor, OperationView, SchemaView};

use super::super::builder::{Builder, text};
use super::Defaults;
use super::media;
use super::template::Template;

impl<'a> Builder<'a, '_> {
    pub(super) fn parameters(
        &mut self,
        view: &OperationView<'a>,
        template: &Template<'a>,
        hint: &str,
    ) -> (Vec<Parameter>, Defaults<'a>) {
        let names = &template.names;
        let mut found: Vec<(Parameter, Option<Cursor<'a>>)> = Vec::new();
        let mut declared: Vec<_> =
            view.parameters().into_iter().filter_map(|at| Some((self.place(&at)?, at))).collect();
        self.pair_up(view, template, &mut declared);
        for ((place, wire), cursor) in declared {
            let same = |other: &Parameter| match place {
                Place::Header => other.wire.eq_ignore_ascii_case(wire),
                _ => other.wire == wire,
            };
            if found.iter().any(|(other, _)| other.place == place && same(other)) {
                let message = format!("`{wire}` is declared twice; the first one holds");
                self.report(&cursor, rules::DUPLICATE_PARAMETER, message);
                continue;
            }
            found.extend(self.parameter(&cursor, place, wire, hint));
        }
        let in_query = template.in_query.iter().map(|(argument, wire)| (Place::Query, *argument, *wire));
        for (place, argument, wire) in names.iter().map(|name| (Place::Path, *name, *name)).chain(in_query) {
            if !found.iter().any(|(known, _)| known.place == place && known.wire == wire) {
                let message =
                    format!("`{{{argument}}}` of the path is not declared; it is taken for a string");
                self.report(&view.cursor, rules::PATH_MISMATCH, message);
                found.push((undeclared(view, place, wire), None));
            }
        }
        let place = |(known, _): &(Parameter, _)| match known.place {
            Place::Path => names.iter().position(|name| known.wire == *name).unwrap_or(names.len()),
            _ => usize::MAX,
        };
        found.sort_by_key(place);
        let defaults = found.iter().enumerate().filter_map(|(at, (_, value))| Some((at, value.clone()?)));
        (found.iter().map(|(known, _)| known.clone()).collect(), defaults.collect())
    }

    /// Brings the declared path parameters and the names of the path together: a name behind a `?` makes a query parameter, a
    /// single misspelled name has a single partner, and what the path has no place for is left out.
    fn pair_up(
        &mut self,
        view: &OperationView<'a>,
        template: &Template<'a>,
        declared: &mut Vec<((Place, &'a str), Cursor<'a>)>,
    ) {
        for ((place, wire), _) in declared.iter_mut().filter(|((place, _), _)| *place == Place::Path) {
            let of_query = template.in_query.iter().find(|(argument, _)| argument == wire);
            if let Some((_, key)) = of_query.filter(|_| !template.names.contains(wire)) {
                (*place, *wire) = (Place::Query, key);
            }
        }
        let is_stray = |((place, wire), _): &((Place, &'a str), Cursor<'a>)| {
            *place == Place::Path && !template.names.contains(wire)
        };
        let is_open = |name: &&&'a str| !declared.iter().any(|(known, _)| *known == (Place::Path, **name));
        let open: Vec<&'a str> = template.names.iter().filter(is_open).copied().collect();
        let partner = match open.as_slice() {
            [only] if declared.iter().filter(|one| is_stray(one)).count() == 1 => Some(*only),
            _ => None,
        };
        declared.retain_mut(|one| {
            if !is_stray(one) {
                return true;
            }
            let ((_, wire), cursor) = one;
            let what = match partner {
                Some(name) => format!("it is taken for `{{{name}}}`"),
                None => "it is left out".to_owned(),
            };
            let message = format!("the path `{}` has no `{{{wire}}}`; {what}", view.path);
            self.report(cursor, rules::PATH_MISMATCH, message);
            *wire = partner.unwrap_or(wire);
            partner.is_some()
        });
    }

    /// Where a parameter goes, and its name; `None` if it is none of the client's.
    fn place(&mut self, cursor: &Cursor<'a>) -> Option<(Place, &'a str)> {
        let (wire, place) = (cursor.str_at("name")?, cursor.str_at("in")?);
        let place = match place {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            other => {
                let message = format!("`{wire}` stands in `{other}`, where no parameter can be");
                self.refuse(cursor, rules::UNSUPPORTED_OPERATION, message);
                return None;
            }
        };
        let own = ["accept", "content-type"].iter().any(|own| wire.eq_ignore_ascii_case(own));
        if place == Place::Header && own {
            let message = format!("`{wire}` is no parameter: bodies and replies say it; it is ignored");
            self.report(cursor, rules::SLOPPY, message);
            return None;
        }
        Some((place, wire))
    }

    fn parameter(
        &mut self,
        cursor: &Cursor<'a>,
        place: Place,
        wire: &str,
        hint: &str,
    ) -> Option<(Parameter, Option<Cursor<'a>>)> {
        let (style, schema) = match media::content(cursor) {
            Some((media_type, content)) => self.content_parameter(cursor, place, media_type, &content),
            None => (self.style(cursor, place), cursor.key("schema").map(SchemaView::new)),
        };
        let (ty, constraints) = match &schema {
            Some(schema) => self.parameter_type(schema, &format!("{hint} {wire}")),
            None => {
                self.report(cursor, rules::SLOPPY, format!("`{wire}` has no schema; it is a string"));
                (Type::Scalar(Scalar::String), Constraints::default())
            }
        };
        let required = cursor.flag("required");
        if place == Place::Path && !required {
            self.report(cursor, rules::SLOPPY, format!("`{wire}` stands in the path and is always required"));
        }
        let default = schema.as_ref().and_then(|schema| schema.default_value()).filter(|_| !required);
        let explode = cursor.key("explode").and_then(|explode| explode.bool());
        let parameter = Parameter {
            place,
            wire: wire.to_owned(),
            name: wire.to_owned(),
            ty,
            required: required || place == Place::Path,
            style,
            explode: explode.unwrap_or(style == Style::Form),
            allow_reserved: cursor.flag("allowReserved"),
            multi_segment: false,
            constraints,
            default: None,
            doc: text(cursor.str_at("description")),
            deprecated: cursor.flag("deprecated") || schema.is_some_and(|schema| schema.deprecated()),
            merged: None,
            origin: cursor.location(),
        };
        Some((parameter, default))
    }

    /// A type without its null: leaving the parameter out says the same.
    fn parameter_type(&mut self, schema: &SchemaView<'a>, name: &str) -> (Type, Constraints) {
        let usage = self.usage(schema, name);
        (usage.ty, usage.constraints)
    }

    /// A parameter with `content`: JSON, or a text in the parameter's usual place.
    fn content_parameter(
        &mut self,
        cursor: &Cursor<'a>,
        place: Place,
        media_type: &str,
        content: &Cursor<'a>,
    ) -> (Style, Option<SchemaView<'a>>) {
        let schema = content.key("schema").map(SchemaView::new);
        let is_structured = schema.as_ref().is_some_and(media::structured);
        if is_json(media_type) || (media_type == "*/*" && is_structured) {
            return (Style::Json, schema);
        }
        if is_structured {
            let message = format!("`{}` is written by the caller, as a string", media_type.escape_debug());
            self.report(cursor, rules::SLOPPY, message);
            return (usual(place), None);
        }
        (usual(place), schema)
    }

    fn style(&mut self, cursor: &Cursor<'a>, place: Place) -> Style {
        let Some(style) = cursor.str_at("style") else { return usual(place) };
        match (place, style) {
            (Place::Path | Place::Header, "simple") => Style::Simple,
            (Place::Path, "label") => Style::Label,
            (Place::Path, "matrix") => Style::Matrix,
            (Place::Query | Place::Cookie, "form") => Style::Form,
            (Place::Query, "spaceDelimited") => Style::SpaceDelimited,
            (Place::Query, "pipeDelimited") => Style::PipeDelimited,
            (Place::Query, "deepObject") => Style::DeepObject,
            // OpenAPI 3.2: one cookie, or one for each item.
            (Place::Cookie, "cookie") => Style::Form,
            _ => {
                let at = cursor.key("style").unwrap_or_else(|| cursor.clone());
                let message =
                    format!("a parameter of this place has no style `{style}`; the usual one is taken");
                self.report(&at, rules::SLOPPY, message);
                usual(place)
            }
        }
    }
}

/// The style that a parameter has unless it says otherwise.
fn usual(place: Place) -> Style {
    match place {
        Place::Path | Place::Header => Style::Simple,
        Place::Query | Place::Cookie => Style::Form,
    }
}

/// A parameter of which only the name in the path is known.
fn undeclared(view: &OperationView<'_>, place: Place, wire: &str) -> Parameter {
    Parameter {
        place,
        wire: wire.to_owned(),
        name: wire.to_owned(),
        ty: Type::Scalar(Scalar::String),
        required: true,
        style: usual(place),
        explode: place != Place::Path,
        allow_reserved: false,
        multi_segment: false,
        constraints: Constraints::default(),
        default: None,
        doc: None,
        deprecated: false,
        merged: None,
        origin: view.cursor.location(),
    }
}
