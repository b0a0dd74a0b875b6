//! What a document says about its operations, in the terms of a server. Owned, so that handlers can share it.

mod hints;
mod read;

use rpc_codegen::ir;
pub(crate) use rpc_codegen::ir::essence;
use serde_json::Value;

use crate::schema::{Bundle, SchemaId};

pub(crate) use hints::Hints;
pub(crate) use read::read;

/// A whole service.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) operations: Vec<Operation>,
    /// Schemas as requests must follow them.
    pub(crate) requests: Bundle,
    /// Schemas as replies must follow them.
    pub(crate) replies: Bundle,
    /// The envelope around replies, if the service has one.
    pub(crate) envelope: Option<ir::Envelope>,
    /// Operations whose method and path are those of an earlier one, with a line for people.
    pub(crate) shadowed: Vec<String>,
}

/// The template without the names of parameters: `/orders/{}`. Two operations of one method and shape cannot be told apart.
pub(crate) fn shape(template: &str) -> String {
    let parts: Vec<&str> =
        template.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
    parts.join("{}")
}

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Name of the generated client's method.
    pub(crate) name: String,
    /// `GET`, …
    pub(crate) method: String,
    /// `/orders/{order_id}`, with the path of the document's relative server in front.
    pub(crate) template: String,
    pub(crate) summary: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) replies: Vec<Reply>,
    /// Alternatives; each is a list of what must come together.
    pub(crate) security: Vec<Vec<Credential>>,
}

impl Operation {
    /// Name of the generated client's method: `get_order`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The method as it is sent: `GET`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path template: `/orders/{order_id}`, with the path of the document's relative server in front.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// One line of what it does.
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }

    /// The documented reply for a status: its own, its class's (`4XX`), else `default`.
    pub(crate) fn reply(&self, status: u16) -> Option<&Reply> {
        let named = |name: &str| self.replies.iter().find(|reply| reply.status.eq_ignore_ascii_case(name));
        named(&status.to_string())
            .or_else(|| named(&format!("{}XX", status / 100)))
            .or_else(|| named("default"))
    }
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) place: ir::Place,
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) style: ir::Style,
    pub(crate) explode: bool,
    pub(crate) schema: Option<SchemaId>,
    pub(crate) examples: Vec<Value>,
}

/// A request's body.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) media: Vec<Media>,
}

/// One way to write a body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Media {
    /// As documented, such as `application/json`.
    pub(crate) name: String,
    pub(crate) schema: Option<SchemaId>,
    /// Fields of a form that are not written in the usual way.
    pub(crate) fields: Vec<(String, ir::FieldStyle)>,
    pub(crate) examples: Vec<Value>,
}

/// A documented reply.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// `200`, `2XX`, `default`.
    pub(crate) status: String,
    pub(crate) media: Vec<Media>,
    pub(crate) headers: Vec<Header>,
}

/// A documented header of a reply.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) schema: Option<SchemaId>,
    pub(crate) examples: Vec<Value>,
}

/// What a caller must show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    /// A key in a header, the query or a cookie.
    Key(ir::Place, String),
    /// `Authorization` with this scheme, in lower case; any scheme if it is empty.
    Authorization(String),
}

/// What a client takes for JSON, and documented ranges that JSON is in.
pub(crate) fn is_json(name: &str) -> bool {
    ir::is_json(name) || matches!(essence(name).as_str(), "application/*" | "*/*")
}
