//! The tables of security schemes.

use super::Shape::{Extensible, Is, Map, Str};
use super::{Beside, Kind, kind};

pub(super) static SECURITY_SCHEME: Kind = Kind {
    needed: &["type"],
    beside_ref: Some(Beside::Prose),
    ..kind(
        "a Security Scheme Object",
        &[
            ("type", Str),
            ("description", Str),
            ("name", Str),
            ("in", Str),
            ("scheme", Str),
            ("bearerFormat", Str),
            ("openIdConnectUrl", Str),
            ("flows", Extensible(&Is(&FLOW))),
        ],
    )
};

static FLOW: Kind = kind(
    "an OAuth Flow Object",
    &[("authorizationUrl", Str), ("tokenUrl", Str), ("refreshUrl", Str), ("scopes", Map(&Str))],
);
