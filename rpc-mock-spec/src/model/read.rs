//! Views of the document → [`Model`].

use std::collections::HashMap;

use rpc_codegen::ir::{self, Place, Style};
use rpc_codegen::load::{Cursor, Document, OperationView, Requirement};
use serde_json::Value;

use super::{Body, Credential, Header, Media, Model, Operation, Parameter, Reply, hints, shape};
use crate::schema::{Converter, Direction};

/// Reads the operations that the client has, under its names.
pub(crate) fn read(document: &Document, service: &ir::Service) -> Model {
    let known: HashMap<&str, &ir::Operation> =
        service.operations.iter().map(|operation| (operation.key.as_str(), operation)).collect();
    let mut reader = Reader {
        requests: Converter::new(Direction::Request),
        replies: Converter::new(Direction::Reply).with_hints(hints::hints(service)),
        security: document
            .security()
            .map(|alternatives| credentials(document, &alternatives))
            .unwrap_or_default(),
        document,
    };
    let views = document.operations().into_iter();
    let operations: Vec<Operation> = views
        .filter_map(|view| {
            let operation = known.get(format!("{} {}", view.method, view.path).as_str())?;
            Some(reader.operation(&view, operation))
        })
        .collect();
    Model {
        shadowed: shadowed(&operations),
        operations,
        requests: reader.requests.finish(),
        replies: reader.replies.finish(),
        envelope: service.envelope.clone(),
    }
}

/// Operations that an earlier one hides, because only the names of path parameters differ.
fn shadowed(operations: &[Operation]) -> Vec<String> {
    let mut known: HashMap<(&str, String), &str> = HashMap::new();
    let mut notes = Vec::new();
    for operation in operations {
        let shape = shape(&operation.template);
        match known.get(&(operation.method.as_str(), shape.clone())) {
            Some(first) => notes.push(format!(
                "{} {}: not served as `{}`: `{first}` has the same method and path",
                operation.method, operation.template, operation.name
            )),
            None => drop(known.insert((&operation.method, shape), &operation.name)),
        }
    }
    notes
}

struct Reader<'a> {
    document: &'a Document,
    requests: Converter<'a>,
    replies: Converter<'a>,
    security: Vec<Vec<Credential>>,
}

impl<'a> Reader<'a> {
    fn operation(&mut self, view: &OperationView<'a>, known: &ir::Operation) -> Operation {
        let own = view.security();
        Operation {
            name: known.name.clone(),
            method: view.method.to_owned(),
            template: known.template.clone(),
            summary: known.summary.clone(),
            parameters: view.parameters().iter().filter_map(|at| self.parameter(at)).collect(),
            body: view.request_body().map(|body| self.body(&body, known.body.as_ref())),
            replies: view.responses().iter().map(|(status, at)| self.reply(status, at)).collect(),
            security: own.map_or_else(|| self.security.clone(), |own| credentials(self.document, &own)),
        }
    }

    fn parameter(&mut self, at: &Cursor<'a>) -> Option<Parameter> {
        let place = match at.str_at("in")? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            _ => return None,
        };
        let name = at.str_at("name")?.to_owned();
        let ignored = ["accept", "content-type", "authorization"];
        if place == Place::Header && ignored.contains(&name.to_ascii_lowercase().as_str()) {
            return None;
        }
        let mut style = match at.str_at("style") {
            Some("simple") => Style::Simple,
            Some("label") => Style::Label,
            Some("matrix") => Style::Matrix,
            Some("spaceDelimited") => Style::SpaceDelimited,
            Some("pipeDelimited") => Style::PipeDelimited,
            Some("deepObject") => Style::DeepObject,
            Some("form") => Style::Form,
            _ if matches!(place, Place::Query | Place::Cookie) => Style::Form,
            _ => Style::Simple,
        };
        let content = at.key("content").and_then(|content| content.entries().next().map(|(_, entry)| entry));
        let mut schema = at.key("schema");
        if let Some(content) = content {
            schema = content.key("schema");
            style = Style::Json;
        }
        Some(Parameter {
            place,
            name,
            required: at.flag("required") || place == Place::Path,
            style,
            explode: at.key("explode").and_then(|value| value.bool()).unwrap_or(style == Style::Form),
            schema: schema.map(|schema| self.requests.add(schema)),
            examples: examples(at),
        })
    }

    fn body(&mut self, at: &Cursor<'a>, known: Option<&ir::Body>) -> Body {
        let mut media = media(at, &mut self.requests);
        // How fields are written is known for the media type that the client sends.
        if let Some(known) = known {
            let same = media.iter_mut().filter(|entry| entry.name == known.media_type);
            same.for_each(|entry| entry.fields.clone_from(&known.fields));
        }
        Body { required: at.flag("required"), media }
    }

    fn reply(&mut self, status: &str, at: &Cursor<'a>) -> Reply {
        let headers = at.key("headers").into_iter().flat_map(|headers| headers.entries());
        let header = |(name, header): (&str, Cursor<'a>)| {
            let at = header.resolve().ok()?;
            let schema = at.key("schema").map(|schema| self.replies.add(schema));
            Some(Header { name: name.to_owned(), schema, examples: examples(&at) })
        };
        let headers = headers.filter_map(header).collect();
        Reply { status: status.to_owned(), media: media(at, &mut self.replies), headers }
    }
}

fn media<'a>(at: &Cursor<'a>, schemas: &mut Converter<'a>) -> Vec<Media> {
    let content = at.key("content").into_iter().flat_map(|content| content.entries());
    let entries = content.filter_map(|(name, entry)| Some((name, entry.resolve().ok()?)));
    entries
        .map(|(name, entry)| Media {
            name: name.to_owned(),
            schema: entry.key("schema").map(|schema| schemas.add(schema)),
            fields: Vec::new(),
            examples: examples(&entry),
        })
        .collect()
}

/// `example`, then the values of `examples`.
fn examples(at: &Cursor<'_>) -> Vec<Value> {
    let several = at.key("examples").into_iter().flat_map(|examples| examples.entries());
    let values = several.filter_map(|(_, example)| {
        let example = example.resolve().ok()?;
        example.key("value").or_else(|| example.key("dataValue"))
    });
    at.key("example").into_iter().chain(values).map(|value| value.node().to_json()).collect()
}

/// What alternatives ask for. One that asks for something unknown asks for nothing: no caller could show it.
fn credentials(document: &Document, alternatives: &[Vec<Requirement<'_>>]) -> Vec<Vec<Credential>> {
    let schemes = document.security_schemes();
    let credential = |requirement: &Requirement<'_>| {
        let (_, scheme) = schemes.iter().find(|(name, _)| *name == requirement.scheme)?;
        let text = |key| scheme.str_at(key).unwrap_or_default();
        match text("type") {
            "apiKey" => {
                let place = match text("in") {
                    "header" => Place::Header,
                    "query" => Place::Query,
                    "cookie" => Place::Cookie,
                    _ => return None,
                };
                Some(Credential::Key(place, text("name").to_owned()))
            }
            "http" => Some(Credential::Authorization(match text("scheme").to_ascii_lowercase().as_str() {
                known @ ("basic" | "bearer") => known.to_owned(),
                _ => String::new(),
            })),
            "oauth2" | "openIdConnect" => Some(Credential::Authorization("bearer".to_owned())),
            _ => None,
        }
    };
    alternatives.iter().map(|all| all.iter().filter_map(credential).collect()).collect()
}
