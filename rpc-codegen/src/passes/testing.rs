//! Services in a few words, and services as text.

mod text;

use expect_test::Expect;

use super::context::Context;
use crate::diagnostic::Diagnostics;
use crate::ir::*;
use crate::location::Location;
use crate::settings::{Lock, Settings};
pub(super) use text::text;

/// A service of operations and types.
pub(super) fn service(
    operations: impl IntoIterator<Item = Operation>,
    defs: impl IntoIterator<Item = TypeDef>,
) -> Service {
    let mut types = Types::default();
    defs.into_iter().for_each(|def| {
        types.push(def);
    });
    Service {
        name: "test-service".into(),
        crate_name: "test-service".into(),
        title: String::new(),
        document_version: "1".into(),
        crate_version: "0.0.0".into(),
        description: None,
        source: SourceDocument { path: "openapi.json".into(), hash: String::new() },
        envelope: None,
        operations: operations.into_iter().collect(),
        left_out: Vec::new(),
        types,
        error_sets: Vec::new(),
        headers: Vec::new(),
        credentials: Vec::new(),
        tags: std::collections::BTreeMap::new(),
    }
}

pub(super) fn place() -> Location {
    Location::start_of("openapi.json")
}

/// An operation `METHOD /path` with FastAPI's operationId `<method>_<last segment>…`.
pub(super) fn operation(method: Method, path: &str) -> Operation {
    let verb = method.as_str().to_lowercase();
    let mut segments = path.split('/').filter(|s| !s.is_empty() && !s.starts_with('{'));
    let id: String = format!("{verb}_{}{path}", segments.next_back().unwrap_or("root"))
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    Operation {
        name: String::new(),
        type_name: String::new(),
        key: format!("{} {path}", verb.to_uppercase()),
        operation_id: Some(format!("{id}_{verb}")),
        method,
        template: path.into(),
        fixed_query: Vec::new(),
        tag: None,
        summary: None,
        description: None,
        deprecated: false,
        origin: place(),
        parameters: Vec::new(),
        body: None,
        replies: Vec::new(),
        output: Output::Unit,
        enveloped: false,
        errors: None,
        failures: Vec::new(),
        idempotency: Idempotency::Unsafe,
        policy: crate::ir::Policy::default(),
        security: Vec::new(),
    }
}

pub(super) fn get(path: &str) -> Operation {
    operation(Method::Get, path).reply("200", ReplyBody::Empty)
}

impl Operation {
    pub(super) fn reply(mut self, status: &str, body: ReplyBody) -> Self {
        let reply = Reply { status: status.into(), body, enveloped: false, headers: Vec::new(), doc: None };
        let failure = status.starts_with(['4', '5']);
        self.replies.retain(|known| known.status != status);
        if failure {
            self.failures.push(reply)
        } else {
            self.replies.push(reply)
        }
        self
    }

    pub(super) fn json(self, status: &str, ty: Type) -> Self {
        self.reply(status, ReplyBody::Json(ty))
    }

    /// A header of the reply with this status, which is there or made.
    pub(super) fn header(self, status: &str, wire: &str, ty: Type) -> Self {
        let all = |operation: &Self| {
            [&operation.replies, &operation.failures].into_iter().flatten().any(|r| r.status == status)
        };
        let mut this = if all(&self) { self } else { self.reply(status, ReplyBody::Empty) };
        let style = HeaderStyle::Simple;
        let header =
            Header { wire: wire.into(), ty, style, doc: None, deprecated: false, origin: place(), key: 0 };
        let replies = this.replies.iter_mut().chain(&mut this.failures);
        replies.filter(|reply| reply.status == status).for_each(|reply| reply.headers.push(header.clone()));
        this
    }

    pub(super) fn takes(mut self, ty: Type) -> Self {
        let kind = BodyKind::Json(ty);
        self.body = Some(Body {
            required: true,
            media_type: "application/json".into(),
            kind,
            fields: Vec::new(),
            doc: None,
        });
        self
    }

    pub(super) fn parameter(mut self, place: Place, wire: &str) -> Self {
        self.parameters.push(Parameter {
            place,
            wire: wire.into(),
            name: wire.into(),
            ty: string(),
            required: place == Place::Path,
            style: Style::Form,
            explode: true,
            allow_reserved: false,
            multi_segment: false,
            constraints: Constraints::default(),
            default: None,
            doc: None,
            deprecated: false,
            merged: None,
            origin: self::place(),
        });
        self
    }

    pub(super) fn id(mut self, id: &str) -> Self {
        self.operation_id = (!id.is_empty()).then(|| id.to_owned());
        self
    }

    pub(super) fn tag(mut self, tag: &str) -> Self {
        self.tag = Some(tag.to_owned());
        self
    }
}

/// A component.
pub(super) fn def(name: &str, shape: Shape) -> TypeDef {
    TypeDef {
        name: name.into(),
        key: format!("#/components/schemas/{name}"),
        origin: place(),
        doc: None,
        deprecated: false,
        shape,
        direction: Direction::default(),
        eq: false,
        copy: false,
        default: false,
        patch: false,
        input_of: None,
        without: Vec::new(),
        schema: String::new(),
    }
}

/// A struct. `?` after a field's name: optional; `=`: with a default.
pub(super) fn object<'a>(name: &str, fields: impl IntoIterator<Item = (&'a str, Type)>) -> TypeDef {
    let fields = fields.into_iter().map(|(wire, ty)| field(wire, ty)).collect();
    def(name, Shape::Struct(Struct { fields, additional: Additional::Ignored }))
}

fn field(wire: &str, ty: Type) -> Field {
    let presence = match wire.chars().last() {
        Some('?') => Presence::Optional,
        Some('=') => Presence::Default(Default_::String("x".into())),
        _ => Presence::Required,
    };
    let wire = if presence == Presence::Required { wire } else { &wire[..wire.len() - 1] };
    Field {
        wire: wire.into(),
        name: wire.into(),
        ty,
        presence,
        constraints: Constraints::default(),
        doc: None,
        deprecated: false,
        read_only: false,
        write_only: false,
        origin: place(),
    }
}

pub(super) fn values<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> TypeDef {
    let value = |wire: &str| EnumValue { wire: wire.into(), name: wire.into(), doc: None };
    let values = values.into_iter().map(value).collect();
    def(name, Shape::Enum(ValueEnum { of: Scalar::String, values, open: true }))
}

/// A union by the tag `kind`; an empty tag: by the best match.
pub(super) fn union<'a>(name: &str, variants: impl IntoIterator<Item = (&'a str, Type)>) -> TypeDef {
    let mut dispatch = Dispatch::BestMatch;
    let mut all = Vec::new();
    for (tag, ty) in variants {
        let tags = if tag.is_empty() { Vec::new() } else { vec![tag.to_owned()] };
        if !tag.is_empty() {
            dispatch = Dispatch::Tag("kind".into());
        }
        all.push(Variant { name: "string".into(), ty, tags, field: String::new() });
    }
    def(name, Shape::Union(Union { variants: all, dispatch }))
}

pub(super) fn named(id: usize) -> Type {
    Type::Named(TypeId(id))
}

pub(super) fn string() -> Type {
    Type::Scalar(Scalar::String)
}

pub(super) fn int() -> Type {
    Type::Scalar(Scalar::Int(IntKind::I64))
}

pub(super) fn decimal() -> Type {
    Type::Scalar(Scalar::Decimal(DecimalWire::Number))
}

pub(super) fn nullable(ty: Type) -> Type {
    Type::Nullable(Box::new(ty))
}

pub(super) fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

pub(super) fn settings(text: &str) -> Settings {
    let mut diagnostics = Diagnostics::default();
    let settings = Settings::parse("service.toml", text, &mut diagnostics);
    assert!(diagnostics.as_slice().is_empty(), "{diagnostics:?}");
    settings
}

/// Runs one pass and compares the service after it.
pub(super) fn check(pass: super::Pass, service: Service, settings: &Settings, expected: Expect) {
    let mut service = service;
    let lock = Lock::default();
    let mut diagnostics = Diagnostics::default();
    let next = Lock::default();
    pass(&mut Context { service: &mut service, settings, lock: &lock, next, diagnostics: &mut diagnostics });
    expected.assert_eq(&text(&service, &diagnostics));
}
