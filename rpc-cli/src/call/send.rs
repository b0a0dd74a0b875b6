//! A client made at run time: what generated code says in `static`s is said from the intermediate representation.

use std::path::Path;

use rpc_codegen::ir;
use rpc_codegen::ir::{CredentialKind, Operation, Output, Parameter, Place, ReplyBody, Service, Type};
use rpc_codegen::types::applicable;
use rpc_runtime::codegen::{
    Bound, CredentialPlace, CredentialSpec, DecodeError, Descriptor, Envelope, FieldStyle, HandleBuilder,
    Idempotency, JsonText, Reply, Request, ResponseFuture, Rules, ServiceDescriptor, Style,
};
use rpc_runtime::types::{Bytes, RawJson};
use rpc_runtime::{Credential, ErrorKind, Mesh, Method, Response};

use super::body::{self, Payload};
use super::value::Value;
use crate::cli::{Call, Usage, usage};

/// What a call gave.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    None,
    Json(RawJson),
    Text(String),
    Bytes(Bytes),
}

/// A call that is ready to be sent.
pub(crate) struct Ready<'a> {
    pub(crate) service: &'a Service,
    pub(crate) operation: &'a Operation,
    pub(crate) parameters: Vec<(&'a Parameter, Value)>,
    pub(crate) body: Option<Payload>,
    pub(crate) credentials: Vec<(&'static str, Credential)>,
    pub(crate) token: Option<Credential>,
}

impl Ready<'_> {
    /// Sends the call as a generated client does.
    ///
    /// # Errors
    /// [`Usage`] where an option is no address or no file of settings; all others are the runtime's.
    pub(crate) async fn send(self, options: &Call) -> anyhow::Result<Response<Data>> {
        let Self { service, operation, parameters, body, credentials, token } = self;
        let mut builder = HandleBuilder::new(&describe_service(service));
        let mesh = mesh(options.env_file.as_deref());
        builder.mesh(&mesh.map_err(|error| misused(error, options.env_file.is_some()))?);
        options.url.iter().for_each(|url| builder.url(url));
        let handle = builder.build().map_err(|error| misused(error, !options.url.is_empty()))?;
        let mut request = Request::new(&handle, describe(service, operation));
        for (name, value) in &operation.fixed_query {
            request.query(text(name), value);
        }
        for (parameter, value) in &parameters {
            push(service, &mut request, parameter, value);
        }
        if let (Some(payload), Some(body)) = (body, &operation.body) {
            put(&mut request, body, payload);
        }
        for (name, credential) in credentials {
            request.set_credential(name, credential);
        }
        if let Some(token) = &token {
            request.set_authorization(token);
        }
        choose(&mut request, options);
        Ok(ResponseFuture::new(request, decoder(operation)).await?)
    }
}

/// A wrong setting is a wrong command line if it came from there.
fn misused(error: rpc_runtime::Error, given: bool) -> anyhow::Error {
    match given && error.kind() == ErrorKind::Config {
        true => Usage(format!("{:#}", anyhow::Error::from(error))).into(),
        false => error.into(),
    }
}

/// Settings as every client reads them; a `.env` in this folder is found without being named.
fn mesh(env_file: Option<&Path>) -> rpc_runtime::Result<Mesh> {
    let here = Path::new(".env");
    match env_file.or_else(|| here.is_file().then_some(here)) {
        Some(file) => Mesh::from_env_file(file),
        None => Mesh::from_env(),
    }
}

/// Options of the call that need no document.
fn choose(request: &mut Request, options: &Call) {
    if let Some(limit) = options.timeout {
        request.set_timeout(Some(limit));
    }
    if let Some(retries) = options.retries {
        request.set_retries(retries);
    }
    if let Some(id) = &options.trace_id {
        request.set_trace_id(id);
    }
    if let Some(key) = &options.idempotency_key {
        request.set_idempotency_key(key.clone());
    }
    for (name, value) in options.header.iter().filter_map(|header| header.split_once(':')) {
        request.add_header(name.trim(), value.trim());
    }
}

/// Reads `--credential`. No message quotes a value.
///
/// # Errors
/// A credential that the document does not declare, or without its parts.
pub(crate) fn credentials(
    service: &Service,
    options: &Call,
) -> anyhow::Result<Vec<(&'static str, Credential)>> {
    let mut found = Vec::new();
    for given in &options.credential {
        let Some((name, value)) = given.split_once('=') else {
            return Ok(usage("--credential: expected NAME=VALUE")?);
        };
        let spec = service.credentials.iter().find(|spec| spec.name == name || spec.setter == name);
        let Some(spec) = spec else {
            return Ok(usage(format!("--credential: {}{}", unknown(service, name), declared(service)))?);
        };
        let secret = secret(value)?;
        let credential = match spec.kind {
            CredentialKind::ApiKey(..) => Credential::api_key(secret),
            CredentialKind::Bearer | CredentialKind::OAuth2 => Credential::bearer(secret),
            CredentialKind::Basic => match secret.split_once(':') {
                Some((user, password)) => Credential::basic(user, password),
                None => return Ok(usage(format!("--credential {name}: expected {name}=USER:PASSWORD"))?),
            },
        };
        found.push((text(&spec.name), credential));
    }
    Ok(found)
}

/// A secret, or the first line of the file that holds it: the command line is no place for secrets.
pub(crate) fn secret(given: &str) -> anyhow::Result<String> {
    let Some(file) = given.strip_prefix('@') else { return Ok(given.to_owned()) };
    let text = String::from_utf8(body::read(file)?).map_err(|_| Usage(format!("{file} is not UTF-8")))?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

fn unknown(service: &Service, name: &str) -> String {
    format!("{} has no credential `{name}`", service.name)
}

/// What the document declares, for a message.
fn declared(service: &Service) -> String {
    let names: Vec<&str> = service.credentials.iter().map(|spec| spec.name.as_str()).collect();
    if names.is_empty() {
        "; the document declares none".to_owned()
    } else {
        format!("; there are: {}", names.join(", "))
    }
}

fn describe_service(service: &Service) -> ServiceDescriptor {
    let place = |kind: &CredentialKind| match kind {
        CredentialKind::Basic | CredentialKind::Bearer | CredentialKind::OAuth2 => {
            CredentialPlace::Authorization
        }
        CredentialKind::ApiKey(Place::Query, name) => CredentialPlace::Query(text(name)),
        CredentialKind::ApiKey(Place::Cookie, name) => CredentialPlace::Cookie(text(name)),
        CredentialKind::ApiKey(Place::Header | Place::Path, name) => CredentialPlace::Header(text(name)),
    };
    let specs =
        service.credentials.iter().map(|spec| CredentialSpec::new(text(&spec.name), place(&spec.kind)));
    ServiceDescriptor::new(text(&service.name)).credentials(list(specs.collect()))
}

fn describe(service: &Service, operation: &Operation) -> &'static Descriptor {
    let method = Method::from_bytes(operation.method.as_str().as_bytes()).unwrap_or_default();
    let alternatives =
        operation.security.iter().map(|names| list(names.iter().map(|name| text(name)).collect()));
    let mut descriptor = Descriptor::new(text(&operation.name), method, text(&operation.template))
        .idempotency(match operation.idempotency {
            ir::Idempotency::Safe => Idempotency::Safe,
            ir::Idempotency::Idempotent => Idempotency::Idempotent,
            ir::Idempotency::Keyed => Idempotency::Keyed,
            ir::Idempotency::Unsafe => Idempotency::Unsafe,
        })
        .accept(text(&operation.accept()))
        .security(list(alternatives.collect()))
        .policy(super::policy::of(&operation.policy));
    if operation.plain_idempotency_key() {
        descriptor = descriptor.plain_idempotency_key();
    }
    if let Some(codes) = &operation.policy.retry_codes {
        descriptor = descriptor.retry_codes(list(codes.iter().map(|code| text(code)).collect()));
    }
    if let Some(shape) = service.envelope.as_ref().filter(|_| operation.enveloped) {
        descriptor = descriptor.envelope(envelope(shape));
    }
    Box::leak(Box::new(descriptor))
}

fn envelope(shape: &ir::Envelope) -> &'static Envelope {
    let ir::Envelope { code, message, data, timestamp, success } = shape;
    let timestamp = timestamp.as_deref().unwrap_or("timestamp");
    let mut envelope = Envelope::named(text(code), text(message), text(data), text(timestamp));
    if !success.is_empty() {
        envelope = envelope.success(list(success.iter().map(|code| text(code)).collect()));
    }
    Box::leak(Box::new(envelope))
}

/// Puts a parameter into the request, checked as a generated method checks it.
fn push(service: &Service, request: &mut Request, parameter: &Parameter, value: &Value) {
    let name = text(&parameter.wire);
    request.check(name, &rules(&applicable(service, &parameter.ty, &parameter.constraints)), value);
    let (explode, json) = (parameter.explode, JsonText(value));
    let style = style(parameter.style);
    let is_list = matches!(service.types.open(&parameter.ty), Type::List(_));
    match (parameter.place, parameter.style == ir::Style::Json) {
        (Place::Path, true) => request.path(name, &json),
        (Place::Path, false) => request.path_styled(name, style, explode, parameter.multi_segment, value),
        (Place::Query, true) => request.query_json(name, value),
        (Place::Query, false) => request.query_styled(name, style, explode, parameter.allow_reserved, value),
        (Place::Header, true) => request.header(name, &json),
        (Place::Header, false) if explode && is_list => request.header_lines(name, value),
        (Place::Header, false) => request.header(name, value),
        (Place::Cookie, true) => request.cookie(name, &json),
        (Place::Cookie, false) => request.cookie(name, value),
    }
}

fn style(style: ir::Style) -> Style {
    match style {
        ir::Style::Simple | ir::Style::Json => Style::Simple,
        ir::Style::Label => Style::Label,
        ir::Style::Matrix => Style::Matrix,
        ir::Style::Form => Style::Form,
        ir::Style::SpaceDelimited => Style::SpaceDelimited,
        ir::Style::PipeDelimited => Style::PipeDelimited,
        ir::Style::DeepObject => Style::DeepObject,
    }
}

fn put(request: &mut Request, body: &ir::Body, payload: Payload) {
    let field = |(name, how): &(String, ir::FieldStyle)| {
        let how = match how {
            ir::FieldStyle::Styled { style: of, explode, reserved } => {
                FieldStyle::Styled { style: style(*of), explode: *explode, reserved: *reserved }
            }
            ir::FieldStyle::Json(media_type) => FieldStyle::Json(text(media_type)),
            ir::FieldStyle::Content(media_type) => FieldStyle::Content(text(media_type)),
        };
        (text(name), how)
    };
    let styles: Vec<(&str, FieldStyle)> = body.fields.iter().map(field).collect();
    match payload {
        Payload::Json(json) if matches!(body.kind, ir::BodyKind::Form(_)) => {
            request.form_styled(&json, &styles)
        }
        Payload::Json(json) => request.json(text(&body.media_type), &json),
        Payload::Multipart(fields, files) => {
            let files: Vec<(&str, &dyn rpc_runtime::codegen::Files)> = files
                .iter()
                .map(|(name, files)| (name.as_str(), files as &dyn rpc_runtime::codegen::Files))
                .collect();
            request.multipart_styled(&fields, &files, &styles);
        }
        Payload::Bytes(bytes) => request.bytes(&body.media_type, bytes),
    }
}

fn rules(of: &ir::Constraints) -> Rules {
    let bound = |bound: &ir::Bound| match bound.exclusive {
        true => Bound::exclusive(text(&bound.value)),
        false => Bound::inclusive(text(&bound.value)),
    };
    Rules {
        minimum: of.minimum.as_ref().map(bound),
        maximum: of.maximum.as_ref().map(bound),
        multiple_of: of.multiple_of.as_deref().map(text),
        min_length: of.min_length,
        max_length: of.max_length,
        pattern: of.pattern.as_deref().map(text),
        min_items: of.min_items,
        max_items: of.max_items,
        unique_items: of.unique_items,
        items: of.items.as_deref().map(|items| &*Box::leak(Box::new(rules(items)))),
    }
}

/// How the reply is read: the envelope is opened where the operation has one.
fn decoder(operation: &Operation) -> fn(&Reply<'_>) -> Result<Data, DecodeError> {
    let json = |reply: &Reply<'_>| reply.json().map(Data::Json);
    match &operation.output {
        Output::Unit => |reply| reply.empty().map(|()| Data::None),
        Output::Json(_) => json,
        Output::Text => |reply| reply.text().map(Data::Text),
        Output::Bytes => |reply| reply.bytes().map(Data::Bytes),
        Output::ByStatus { variants, .. } => {
            let is_json = |body: &ReplyBody| matches!(body, ReplyBody::Json(_) | ReplyBody::Empty);
            match operation.enveloped || variants.iter().all(|(_, _, body)| is_json(body)) {
                true => json,
                false => |reply| reply.bytes().map(Data::Bytes),
            }
        }
    }
}

/// The runtime takes what generated code has as `static`s. This process makes one call: what is leaked ends with it.
fn text(text: &str) -> &'static str {
    Box::leak(text.into())
}

/// As [`text`].
fn list<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}
