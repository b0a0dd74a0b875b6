//! Tests of the stage: documents in, the IR as text out.

mod corpus;
mod forms;
mod merged;
mod objects;
mod operations;
mod render;
mod scalars;
mod swagger;
mod unions;

use expect_test::Expect;

use crate::Input;
use crate::diagnostic::Diagnostics;
use crate::ir::Service;

/// An input of one document.
fn input(path: &str, text: &str) -> Input {
    Input {
        service: "test".into(),
        document: path.into(),
        files: [(path.to_owned(), text.as_bytes().to_vec())].into(),
        prefix: String::new(),
    }
}

fn run(input: &Input) -> (Option<Service>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let document = crate::load::load(input, None, &mut diagnostics);
    let service = document.and_then(|document| super::build(&document, input, &mut diagnostics));
    (service, diagnostics)
}

/// Compares the IR of a YAML document, and what was found on the way, with a text.
fn check(document: &str, expected: Expect) {
    let (service, diagnostics) = run(&input("test.yaml", document));
    let mut text = service.map(|service| render::service(&service)).unwrap_or_default();
    for found in diagnostics.into_vec() {
        let place = format!("{}:{}", found.location.line, found.location.pointer);
        text.push_str(&format!("{}[{}] {place}: {}\n", found.severity, found.rule.code, found.message));
    }
    expected.assert_eq(&text);
}

/// As [`check`], for component schemas; the first one is the body of the only operation.
fn check_schemas(schemas: &str, expected: Expect) {
    let body = schemas.lines().find(|line| !line.trim().is_empty()).unwrap();
    let name = body.trim().split(':').next().unwrap();
    let indented: String = schemas.lines().map(|line| format!("    {line}\n")).collect();
    let document = format!(
        "openapi: 3.1.0
info: {{title: t, version: 1.0.0}}
paths:
  /x:
    post:
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}
      responses: {{204: {{description: ''}}}}
components:
  schemas:
{indented}"
    );
    let (service, diagnostics) = run(&input("test.yaml", &document));
    let service = service.unwrap();
    let mut text = render::types(&service);
    for found in diagnostics.into_vec() {
        text.push_str(&format!(
            "{}[{}] {}: {}\n",
            found.severity, found.rule.code, found.location.pointer, found.message
        ));
    }
    expected.assert_eq(&text);
}
