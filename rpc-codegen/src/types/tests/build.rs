//! Short ways to write IR.

use crate::ir::*;
use crate::location::Location;

pub(super) fn def(name: &str, shape: Shape, direction: Direction) -> TypeDef {
    let pointer = format!("/components/schemas/{name}");
    TypeDef {
        name: name.to_owned(),
        key: pointer.clone(),
        origin: Location { pointer, ..Location::start_of("spec.json") },
        doc: None,
        deprecated: false,
        shape,
        direction,
        eq: true,
        copy: false,
        default: false,
        patch: false,
        input_of: None,
        without: Vec::new(),
        schema: "true".to_owned(),
    }
}

pub(super) fn field(name: &str, ty: Type, presence: Presence) -> Field {
    Field {
        wire: name.to_owned(),
        name: name.to_owned(),
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

pub(super) fn service(defs: Vec<TypeDef>) -> Service {
    let mut types = Types::default();
    for def in defs {
        types.push(def);
    }
    Service {
        name: "s".to_owned(),
        crate_name: "s".to_owned(),
        title: "S".to_owned(),
        document_version: "1".to_owned(),
        crate_version: "0.0.0".to_owned(),
        description: None,
        source: SourceDocument { path: "spec.json".to_owned(), hash: "0".to_owned() },
        envelope: None,
        operations: Vec::new(),
        left_out: Vec::new(),
        types,
        error_sets: Vec::new(),
        headers: Vec::new(),
        credentials: Vec::new(),
        tags: std::collections::BTreeMap::new(),
    }
}

pub(super) const STRING: Type = Type::Scalar(Scalar::String);
pub(super) const I64: Type = Type::Scalar(Scalar::Int(IntKind::I64));
pub(super) const REPLY: Direction = Direction { request: false, reply: true };
pub(super) const REQUEST: Direction = Direction { request: true, reply: false };

pub(super) fn strukt(fields: Vec<Field>) -> Shape {
    Shape::Struct(Struct { fields, additional: Additional::Ignored })
}
