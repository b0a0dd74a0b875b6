//! Short ways to write IR.

use rpc_codegen::ir::*;
use rpc_codegen::location::Location;

pub(crate) struct Builder(pub(crate) Types);

pub(crate) const BOTH: Direction = Direction { request: true, reply: true };
pub(crate) const REPLY: Direction = Direction { request: false, reply: true };
pub(crate) const REQUEST: Direction = Direction { request: true, reply: false };
pub(crate) const STRING: Type = Type::Scalar(Scalar::String);
pub(crate) const I64: Type = Type::Scalar(Scalar::Int(IntKind::I64));
pub(crate) const DECIMAL: Type = Type::Scalar(Scalar::Decimal(DecimalWire::String));

impl Builder {
    pub(crate) fn add(&mut self, name: &str, shape: Shape, direction: Direction) -> TypeId {
        let pointer = format!("/components/schemas/{name}");
        self.0.push(TypeDef {
            name: name.to_owned(),
            key: pointer.clone(),
            origin: Location { file: "spec.json".into(), line: 1, column: 1, pointer },
            doc: None,
            deprecated: false,
            shape,
            direction,
            eq: false,
            copy: false,
            default: false,
            patch: false,
            schema: r##"{"type":"object","properties":{"status":{"$ref":"#/components/schemas/Status"},"tags":{"$ref":"#/components/schemas/Tags"}}}"##.to_owned(),
        })
    }

    pub(crate) fn strukt(&mut self, name: &str, direction: Direction, fields: Vec<Field>) -> TypeId {
        self.add(name, Shape::Struct(Struct { fields, additional: Additional::Ignored }), direction)
    }

    pub(crate) fn strings(&mut self, name: &str, open: bool, values: &[(&str, &str)]) -> TypeId {
        let values = values
            .iter()
            .map(|(name, wire)| EnumValue { wire: (*wire).to_owned(), name: (*name).to_owned(), doc: None })
            .collect();
        self.add(name, Shape::Enum(ValueEnum { of: Scalar::String, values, open }), BOTH)
    }
}

pub(crate) fn field(wire: &str, ty: Type, presence: Presence) -> Field {
    Field {
        wire: wire.to_owned(),
        name: wire.to_lowercase().replace('-', "_"),
        ty,
        presence,
        constraints: Constraints::default(),
        doc: None,
        deprecated: false,
        read_only: false,
        write_only: false,
        origin: Location::start_of("spec.json"),
    }
}

pub(crate) fn req(wire: &str, ty: Type) -> Field {
    field(wire, ty, Presence::Required)
}

pub(crate) fn opt(wire: &str, ty: Type) -> Field {
    field(wire, ty, Presence::Optional)
}

pub(crate) fn dft(wire: &str, ty: Type, default: Default_) -> Field {
    field(wire, ty, Presence::Default(default))
}

pub(crate) fn null(ty: Type) -> Type {
    Type::Nullable(Box::new(ty))
}

pub(crate) fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

pub(crate) fn map(ty: Type) -> Type {
    Type::Map(Box::new(ty))
}

pub(crate) fn variant(name: &str, ty: Type, tags: &[&str], field: &str) -> Variant {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Variant { name: name.to_owned(), ty, tags, field: field.to_owned() }
}

pub(crate) fn service(types: Types) -> Service {
    Service {
        name: "sample".to_owned(),
        crate_name: "sample".to_owned(),
        title: "Sample".to_owned(),
        document_version: "1".to_owned(),
        crate_version: "0.0.0".to_owned(),
        description: None,
        source: SourceDocument { path: "spec.json".to_owned(), hash: "0".repeat(16) },
        envelope: None,
        operations: Vec::new(),
        types,
        error_sets: Vec::new(),
        credentials: Vec::new(),
        tags: std::collections::BTreeMap::new(),
    }
}
