//! A loaded document.

use std::sync::Arc;

use rpc_codegen::{Diagnostic, Failure, Input};

use crate::answer::{self, Accepted, Answer};
use crate::model::{self, Model, Operation};
use crate::request::{self, Place, Refusal, Request};
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
        let resolved = rpc_codegen::resolve_document(input)?;
        Ok(Self {
            name: input.service.clone(),
            model: Arc::new(model::read(&resolved.document, &resolved.service)),
            diagnostics: resolved.diagnostics.into(),
        })
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

    /// What is odd about the document's own examples and paths, one line each: examples that their schemas refuse (with pointer
    /// and reason), operations that no request can reach. Makes all samples.
    pub fn notes(&self) -> Vec<String> {
        let rejected = self.answers().flat_map(|answer| {
            let place = answer.schema;
            answer
                .rejected
                .into_iter()
                .map(move |found| format!("{place}: example not used: {}", found.reason))
        });
        let mut notes = self.model.shadowed.clone();
        for note in rejected {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }

    /// Where the document says what an operation's request must look like: for checkers.
    pub fn places(&self, operation: &Operation) -> Vec<Place> {
        request::places(&self.model, operation)
    }

    /// The sample of every documented JSON reply that has a schema, successes and failures, made one by one.
    pub fn answers(&self) -> impl Iterator<Item = Answer> + '_ {
        self.model.operations.iter().flat_map(|operation| answer::answers(&self.model, operation))
    }

    /// Several values of every schema that operations name or reach by reference, in each direction, made one by one: rich and
    /// lean ones, each branch of a choice, values at the bounds.
    pub fn values(&self) -> impl Iterator<Item = Accepted> + '_ {
        answer::accepted(&self.model)
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
