//! A loaded document.

use std::sync::Arc;

use rpc_codegen::diagnostic::Diagnostics;
use rpc_codegen::settings::{Lock, Settings};
use rpc_codegen::{Diagnostic, Failure, Input, build, load, passes};

use crate::answer::{self, Answer};
use crate::model::{self, Model, Operation};
use crate::request::{self, Refusal, Request};
use crate::serve::{self, Options};

/// An OpenAPI document that can be served.
///
/// ```
/// use rpc_mock_spec::Spec;
///
/// let document = br#"{"openapi": "3.1.0", "info": {"title": "pets", "version": "1"}, "paths": {"/pets/{id}": {"get": {
///     "operationId": "getPet",
///     "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
///     "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
///         "type": "object", "required": ["name"], "properties": {"name": {"type": "string", "example": "Rex"}}}}}}}}}}}"#;
/// let input = rpc_codegen::Input {
///     service: "pets".into(),
///     document: "openapi.json".into(),
///     files: [("openapi.json".into(), document.to_vec())].into(),
///     ..Default::default()
/// };
/// let spec = Spec::load(&input)?;
/// assert_eq!(spec.operations()[0].name(), "get_pet");
/// assert_eq!(spec.answers().next().unwrap().value["name"], "Rex");
/// # Ok::<(), rpc_codegen::Failure>(())
/// ```
#[derive(Debug, Clone)]
pub struct Spec {
    pub(crate) name: String,
    pub(crate) model: Arc<Model>,
    diagnostics: Arc<[Diagnostic]>,
}

impl Spec {
    /// Reads a document with the files beside it (`service.toml`, `names.lock`), as the generator does.
    ///
    /// # Errors
    /// When any finding is an error; all findings come along.
    pub fn load(input: &Input) -> Result<Self, Failure> {
        let mut diagnostics = Diagnostics::default();
        match Self::stages(input, &mut diagnostics) {
            Some(model) if !diagnostics.has_errors() => Ok(Self {
                name: input.service.clone(),
                model: Arc::new(model),
                diagnostics: diagnostics.into_vec().into(),
            }),
            _ => Err(Failure { diagnostics: diagnostics.into_vec() }),
        }
    }

    fn stages(input: &Input, diagnostics: &mut Diagnostics) -> Option<Model> {
        let document = load::load(input, diagnostics)?;
        let text = |file: &str| input.file(file).map(|bytes| String::from_utf8_lossy(bytes));
        let place = |file: &str| format!("{}{file}", input.prefix);
        let settings =
            text("service.toml").map(|text| Settings::parse(&place("service.toml"), &text, diagnostics));
        let lock = text("names.lock").map(|text| Lock::parse(&place("names.lock"), &text, diagnostics));
        let mut service = build::build(&document, input, diagnostics)?;
        passes::run(&mut service, &settings.unwrap_or_default(), &lock.unwrap_or_default(), diagnostics);
        Some(model::read(&document, &service))
    }

    /// The service's name in discovery.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The operations that the generated client has, in document order.
    pub fn operations(&self) -> &[Operation] {
        &self.model.operations
    }

    /// What the document's reader had to say: notes and warnings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The sample of every documented JSON reply that has a schema, successes and failures, made one by one.
    pub fn answers(&self) -> impl Iterator<Item = Answer> + '_ {
        self.model.operations.iter().flat_map(|operation| answer::answers(&self.model, operation))
    }

    /// The mock, to be started; instances and faults are the caller's to add.
    pub fn service(&self, options: Options) -> rpc_mock::Service {
        serve::service(self, options)
    }

    /// Checks a request as the mock does, without HTTP.
    ///
    /// # Errors
    /// Why the mock refuses it.
    pub fn check(&self, operation: &Operation, request: &Request) -> Result<(), Refusal> {
        request::check(&self.model, operation, request)
    }

    /// A request that the operation accepts, made from samples; `None` if there is none, or only with files.
    pub fn request(&self, operation: &Operation) -> Option<Request> {
        request::make(&self.model, operation)
    }
}
