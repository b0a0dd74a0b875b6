//! Services built by hand.

use crate::ir::*;
use crate::location::Location;

pub(super) fn place(line: u32) -> Location {
    Location { file: "specs/order-service/openapi.json".into(), line, column: 7, pointer: String::new() }
}

pub(super) fn operation(name: &str, type_name: &str, method: Method, template: &str) -> Operation {
    let idempotency = match method {
        Method::Get => Idempotency::Safe,
        Method::Put | Method::Delete => Idempotency::Idempotent,
        _ => Idempotency::Unsafe,
    };
    Operation {
        name: name.into(),
        type_name: type_name.into(),
        key: String::new(),
        operation_id: None,
        method,
        template: template.into(),
        fixed_query: Vec::new(),
        tag: Some("orders".into()),
        summary: None,
        description: None,
        deprecated: false,
        origin: place(9),
        parameters: Vec::new(),
        body: None,
        replies: Vec::new(),
        output: Output::Unit,
        enveloped: false,
        errors: None,
        failures: Vec::new(),
        idempotency,
        policy: crate::ir::Policy::default(),
        security: Vec::new(),
    }
}

pub(super) fn parameter(place_: Place, wire: &str, name: &str, ty: Type, required: bool) -> Parameter {
    let (style, explode) = match place_ {
        Place::Path | Place::Header => (Style::Simple, false),
        Place::Query | Place::Cookie => (Style::Form, true),
    };
    Parameter {
        place: place_,
        wire: wire.into(),
        name: name.into(),
        ty,
        required,
        style,
        explode,
        allow_reserved: false,
        multi_segment: false,
        constraints: Constraints::default(),
        default: None,
        doc: None,
        deprecated: false,
        merged: None,
        origin: place(20),
    }
}

pub(super) fn reply(status: &str, body: ReplyBody, doc: &str) -> Reply {
    Reply { status: status.into(), body, enveloped: false, headers: Vec::new(), doc: Some(doc.into()) }
}

pub(super) fn def(name: &str, shape: Shape) -> TypeDef {
    TypeDef {
        name: name.into(),
        key: String::new(),
        origin: place(1),
        doc: None,
        deprecated: false,
        shape,
        direction: Direction { request: true, reply: true },
        eq: false,
        copy: false,
        default: false,
        patch: false,
        input_of: None,
        without: Vec::new(),
        schema: String::new(),
    }
}

pub(super) fn object(fields: Vec<Field>) -> Shape {
    Shape::Struct(Struct { fields, additional: Additional::Ignored })
}

pub(super) fn field(name: &str, ty: Type, constraints: Constraints) -> Field {
    Field {
        wire: name.into(),
        name: name.into(),
        ty,
        presence: Presence::Required,
        constraints,
        doc: None,
        deprecated: false,
        read_only: false,
        write_only: false,
        origin: place(2),
    }
}

pub(super) const INT: Type = Type::Scalar(Scalar::Int(IntKind::I64));
pub(super) const TEXT: Type = Type::Scalar(Scalar::String);

pub(super) fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

pub(super) fn json_body(ty: Type) -> Body {
    Body {
        required: true,
        media_type: "application/json".into(),
        kind: BodyKind::Json(ty),
        fields: Vec::new(),
        doc: None,
    }
}

pub(super) fn empty_service() -> Service {
    Service {
        name: "order-service".into(),
        crate_name: "order-service".into(),
        title: "Orders".into(),
        document_version: "1.2.0".into(),
        crate_version: "1.2.0".into(),
        description: None,
        source: SourceDocument {
            path: "specs/order-service/openapi.json".into(),
            hash: "00c0ffee00c0ffee".into(),
        },
        envelope: None,
        operations: Vec::new(),
        left_out: Vec::new(),
        types: Types::default(),
        error_sets: Vec::new(),
        headers: Vec::new(),
        credentials: Vec::new(),
        tags: [(
            "orders".to_owned(),
            Tag { module: "orders".into(), description: Some("All about orders.".into()) },
        )]
        .into(),
    }
}

/// Ids of the order service's types.
pub(super) struct Ids {
    pub(super) order: TypeId,
    pub(super) create: TypeId,
    pub(super) status: TypeId,
    pub(super) error: TypeId,
    pub(super) filter: TypeId,
    pub(super) sku: TypeId,
}

pub(super) fn types(types: &mut Types) -> Ids {
    let status = types.push(def(
        "OrderStatus",
        Shape::Enum(ValueEnum {
            of: Scalar::String,
            values: vec![EnumValue { wire: "pending".into(), name: "Pending".into(), doc: None }],
            open: true,
        }),
    ));
    let least = Constraints { min_length: Some(1), ..Constraints::default() };
    let sku = types.push(def(
        "Sku",
        Shape::Alias(TEXT, Constraints { pattern: Some("^[a-z\"]+$".into()), ..least.clone() }),
    ));
    Ids {
        order: types.push(def("Order", object(vec![field("id", INT, Constraints::default())]))),
        create: types.push(def("OrderCreate", object(vec![field("user", TEXT, least)]))),
        error: types.push(def("ErrorResponse", object(vec![field("code", INT, Constraints::default())]))),
        filter: types.push(def("Filter", object(vec![field("from", INT, Constraints::default())]))),
        status,
        sku,
    }
}
