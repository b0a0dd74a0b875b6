//! Names of types in `[types]`.

use crate::ir::{DecimalWire, FloatKind, IntKind, Scalar, Type};

/// Every name, and what it means. The first name of a type is the one that messages use.
pub(super) const NAMES: &[(&str, Type)] = &[
    ("bool", Type::Scalar(Scalar::Bool)),
    ("int32", Type::Scalar(Scalar::Int(IntKind::I32))),
    ("int64", Type::Scalar(Scalar::Int(IntKind::I64))),
    ("uint32", Type::Scalar(Scalar::Int(IntKind::U32))),
    ("uint64", Type::Scalar(Scalar::Int(IntKind::U64))),
    ("int32-string", Type::Scalar(Scalar::IntString(IntKind::I32))),
    ("int64-string", Type::Scalar(Scalar::IntString(IntKind::I64))),
    ("uint32-string", Type::Scalar(Scalar::IntString(IntKind::U32))),
    ("uint64-string", Type::Scalar(Scalar::IntString(IntKind::U64))),
    ("float", Type::Scalar(Scalar::Float(FloatKind::F32))),
    ("double", Type::Scalar(Scalar::Float(FloatKind::F64))),
    ("string", Type::Scalar(Scalar::String)),
    ("date-time", Type::Scalar(Scalar::DateTime)),
    ("date", Type::Scalar(Scalar::Date)),
    ("time", Type::Scalar(Scalar::Time)),
    ("duration", Type::Scalar(Scalar::Duration)),
    ("uuid", Type::Scalar(Scalar::Uuid)),
    ("decimal", Type::Scalar(Scalar::Decimal(DecimalWire::String))),
    ("decimal-number", Type::Scalar(Scalar::Decimal(DecimalWire::Number))),
    ("base64", Type::Scalar(Scalar::Base64)),
    ("ipv4", Type::Scalar(Scalar::Ipv4)),
    ("ipv6", Type::Scalar(Scalar::Ipv6)),
    ("uri", Type::Scalar(Scalar::Uri)),
    ("binary", Type::Scalar(Scalar::Binary)),
    ("any", Type::Any),
];

/// The type of a name.
pub(super) fn by_name(name: &str) -> Option<Type> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, ty)| ty.clone())
}
