//! Swagger 2.0: a document gives what the OpenAPI 3.0 document gives that says the same.

use super::{input, render, run};

/// Compares the IR of two documents; `found` is what the first one is told, by line.
fn check(swagger: &str, openapi: &str, found: &[&str]) {
    let ir = |text: &str| {
        let (service, diagnostics) = run(&input("test.yaml", text));
        (render::service(&service.unwrap()), diagnostics.into_vec())
    };
    let (new, diagnostics) = ir(swagger);
    let (old, _) = ir(openapi);
    assert!(old.contains(" -> "), "no operation: {old}");
    assert!(new == old, "{swagger}\n2.0 gives\n{new}\n3.0 gives\n{old}");
    let told: Vec<String> = diagnostics
        .iter()
        .map(|one| {
            format!("{} {}:{} {}", one.rule.code, one.location.line, one.location.pointer, one.message)
        })
        .collect();
    assert_eq!(told, found, "{swagger}");
}

/// The same, for what stands behind `info`.
fn same(swagger: &str, openapi: &str, found: &[&str]) {
    check(
        &format!("swagger: '2.0'\ninfo: {{title: t, version: 1.0.0}}\n{swagger}"),
        &format!("openapi: 3.0.3\ninfo: {{title: t, version: 1.0.0}}\n{openapi}"),
        found,
    );
}

const DONE: &str = "responses: {204: {description: done}}";

#[test]
fn base_paths() {
    let paths = format!("paths: {{/a: {{get: {{{DONE}}}}}}}\n");
    for (swagger, openapi) in [
        ("basePath: /api/v1/", "servers: [{url: /api/v1}]"),
        ("basePath: /", ""),
        ("schemes: [https]", ""),
        // An absolute URL: where the service is reached is configuration.
        ("host: example.com\nbasePath: /api", "servers: [{url: 'http://example.com/api'}]"),
        ("host: example.com\nschemes: [https, http]", "servers: [{url: 'https://example.com'}]"),
        ("host: 'http://example.com:80/x'\nbasePath: /api", ""),
    ] {
        same(&format!("{swagger}\n{paths}"), &format!("{openapi}\n{paths}"), &[]);
    }
    same(
        &format!("basePath: 'v1'\n{paths}"),
        &format!("servers: [{{url: /v1}}]\n{paths}"),
        &["R105 3:/basePath `v1` does not start with a slash; one is put in front"],
    );
    same(
        &format!("basePath: '/{{x}}'\nschemes: [ws]\n{paths}"),
        &paths,
        &[
            "R105 3:/basePath `/{x}` is not a path; nothing is put in front of the paths",
            "R105 4:/schemes neither `http` nor `https` is among the schemes; the calls are HTTP all the same",
        ],
    );
}

#[test]
fn parameters() {
    same(
        "
parameters:
  Page: {name: page, in: query, type: integer, format: int32, minimum: 0, exclusiveMinimum: true, default: 3}
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, type: string, format: uuid}
      - {$ref: '#/parameters/Page'}
    get:
      parameters:
        - {name: s, in: query, type: string, enum: [a, b], x-nullable: true, allowEmptyValue: true, description: Which.}
        - {name: csv, in: query, type: array, items: {type: integer}}
        - {name: ssv, in: query, type: array, collectionFormat: ssv, items: {type: string, maxLength: 3}}
        - {name: pipes, in: query, type: array, collectionFormat: pipes, items: {type: string}}
        - {name: multi, in: query, type: array, collectionFormat: multi, items: {type: string, enum: [x, y]}, minItems: 1}
        - {name: tsv, in: query, type: array, collectionFormat: tsv, items: {type: string}}
        - {name: X-List, in: header, type: array, collectionFormat: multi, items: {type: string}}
        - {name: odd, in: query, schema: {type: integer}}
        - {name: none, in: query}
      responses: {204: {description: done}}
",
        "
components:
  parameters:
    Page: {name: page, in: query, schema: {type: integer, format: int32, minimum: 0, exclusiveMinimum: true, default: 3}}
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      - {$ref: '#/components/parameters/Page'}
    get:
      parameters:
        - {name: s, in: query, schema: {type: string, enum: [a, b], nullable: true}, allowEmptyValue: true, description: Which.}
        - {name: csv, in: query, style: form, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: ssv, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string, maxLength: 3}}}
        - {name: pipes, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: multi, in: query, style: form, explode: true, schema: {type: array, items: {type: string, enum: [x, y]}, minItems: 1}}
        - {name: tsv, in: query, style: form, explode: false, schema: {type: array, items: {type: string}}}
        - {name: X-List, in: header, schema: {type: array, items: {type: string}}}
        - {name: odd, in: query, schema: {type: integer}}
        - {name: none, in: query, schema: {type: string}}
      responses: {204: {description: done}}
",
        &[
            "R105 18:/paths/~1a~1{id}/get/parameters/5/collectionFormat a list in `query` cannot be written as `tsv` says; `csv` is taken",
            "R105 19:/paths/~1a~1{id}/get/parameters/6/collectionFormat a list in `header` cannot be written as `multi` says; `csv` is taken",
            "R105 20:/paths/~1a~1{id}/get/parameters/7/schema `schema` is for parameters in `body`; it is taken all the same",
            "R105 21:/paths/~1a~1{id}/get/parameters/8 `none` has no schema; it is a string",
        ],
    );
}

#[test]
fn bodies() {
    same(
        "
consumes: [application/vnd.pets+json]
definitions:
  Pet: {type: object, required: [name], properties: {name: {type: string}}}
parameters:
  Pet: {name: pet, in: body, required: true, description: A pet., schema: {$ref: '#/definitions/Pet'}}
  Inline: {name: pet, in: body, schema: {type: object, properties: {a: {type: integer}}}}
paths:
  /inline: {post: {parameters: [{name: b, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}], responses: {204: {description: ''}}}}
  /shared: {post: {parameters: [{$ref: '#/parameters/Pet'}], responses: {204: {description: ''}}}}
  /here: {post: {parameters: [{$ref: '#/parameters/Inline'}], responses: {204: {description: ''}}}}
  /own: {post: {consumes: [application/json], parameters: [{$ref: '#/parameters/Pet'}], responses: {204: {description: ''}}}}
  /none: {post: {consumes: [], parameters: [{$ref: '#/parameters/Pet'}], responses: {204: {description: ''}}}}
  /text: {post: {consumes: [text/plain], parameters: [{name: b, in: body, schema: {type: string}}], responses: {204: {description: ''}}}}
  /path:
    parameters: [{$ref: '#/parameters/Pet'}]
    put: {responses: {204: {description: ''}}}
    post: {parameters: [{name: b, in: body, schema: {type: integer}}], responses: {204: {description: ''}}}
",
        "
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}}}
  requestBodies:
    Pet: {required: true, description: A pet., content: {application/vnd.pets+json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    Inline: {content: {application/vnd.pets+json: {schema: {type: object, properties: {a: {type: integer}}}}}}
paths:
  /inline: {post: {requestBody: {required: true, content: {application/vnd.pets+json: {schema: {$ref: '#/components/schemas/Pet'}}}}, responses: {204: {description: ''}}}}
  /shared: {post: {requestBody: {$ref: '#/components/requestBodies/Pet'}, responses: {204: {description: ''}}}}
  /here: {post: {requestBody: {$ref: '#/components/requestBodies/Inline'}, responses: {204: {description: ''}}}}
  /own: {post: {requestBody: {required: true, description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, responses: {204: {description: ''}}}}
  /none: {post: {requestBody: {required: true, description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, responses: {204: {description: ''}}}}
  /text: {post: {requestBody: {content: {text/plain: {schema: {type: string}}}}, responses: {204: {description: ''}}}}
  /path:
    put: {requestBody: {$ref: '#/components/requestBodies/Pet'}, responses: {204: {description: ''}}}
    post: {requestBody: {content: {application/vnd.pets+json: {schema: {type: integer}}}}, responses: {204: {description: ''}}}
",
        &[],
    );
}

#[test]
fn forms() {
    same(
        "
parameters:
  Note: {name: note, in: formData, type: string, maxLength: 9, required: true}
paths:
  /form:
    parameters: [{name: a, in: formData, type: string}, {name: b, in: formData, type: integer}]
    post:
      parameters:
        - {name: b, in: formData, type: boolean, description: Own., required: true}
        - {$ref: '#/parameters/Note'}
        - {name: tags, in: formData, type: array, collectionFormat: multi, items: {type: string}}
        - {name: csv, in: formData, type: array, items: {type: string}, description: Joined.}
        - {name: ssv, in: formData, type: array, collectionFormat: ssv, items: {type: string}}
        - {name: pipes, in: formData, type: array, collectionFormat: pipes, items: {type: string}}
        - {name: tsv, in: formData, type: array, collectionFormat: tsv, items: {type: string}}
        - {name: b, in: formData, type: string}
      responses: {204: {description: ''}}
  /file:
    post:
      consumes: [application/x-www-form-urlencoded, multipart/form-data]
      parameters:
        - {name: file, in: formData, type: file, required: true}
        - {name: more, in: formData, type: array, items: {type: file}}
      responses: {204: {description: ''}}
  /wrong:
    post:
      consumes: [application/json]
      parameters: [{name: file, in: formData, type: file}]
      responses: {204: {description: ''}}
  /both:
    post:
      parameters: [{name: b, in: body, schema: {type: integer}}, {name: a, in: formData, type: string}, {name: c, in: body, schema: {}}]
      responses: {204: {description: ''}}
",
        "
components:
  x-formData: {definitions: {Note: {type: string, maxLength: 9}}}
paths:
  /form:
    post:
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                b: {type: boolean, description: Own.}
                note: {$ref: '#/components/x-formData/definitions/Note'}
                tags: {type: array, items: {type: string}}
                csv: {type: array, items: {type: string}, description: Joined.}
                ssv: {type: array, items: {type: string}}
                pipes: {type: array, items: {type: string}}
                tsv: {type: string}
                a: {type: string}
              required: [b, note]
            encoding: {csv: {style: form, explode: false}, ssv: {style: spaceDelimited, explode: false}, pipes: {style: pipeDelimited, explode: false}}
      responses: {204: {description: ''}}
  /file:
    post:
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}, more: {type: array, items: {type: string, format: binary}}}, required: [file]}}}}
      responses: {204: {description: ''}}
  /wrong:
    post:
      requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}}}
      responses: {204: {description: ''}}
  /both:
    post:
      requestBody: {content: {application/json: {schema: {type: integer}}}}
      responses: {204: {description: ''}}
",
        &[
            "R105 17:/paths/~1form/post/parameters/6/collectionFormat `tsv` is a list in one field of a form (`tsv`); it is a string, which the caller joins",
            "R404 18:/paths/~1form/post/parameters/7 `b` is declared twice; the first one holds",
            "R105 29:/paths/~1wrong/post/consumes none of these can carry the form's fields; `multipart/form-data` is taken",
            "R105 34:/paths/~1both/post/parameters/1 an operation has one body, and another parameter is it already; this is ignored",
            "R105 34:/paths/~1both/post/parameters/2 an operation has one body, and another parameter is it already; this is ignored",
        ],
    );
}

#[test]
fn responses() {
    same(
        "
produces: [application/json]
definitions: {E: {type: object, properties: {code: {type: integer}}}}
responses:
  Bad: {description: bad, schema: {$ref: '#/definitions/E'}, headers: {X-N: {type: integer}}, examples: {application/json: {code: 1}}}
paths:
  /a:
    get:
      responses:
        200: {description: ok, schema: {type: array, items: {$ref: '#/definitions/E'}}, headers: {X-L: {type: array, items: {type: string}}}}
        400: {$ref: '#/responses/Bad'}
        default: {description: none}
    put:
      produces: [application/problem+json]
      responses: {204: {description: done}, 400: {$ref: '#/responses/Bad'}}
  /file: {get: {responses: {200: {description: ok, schema: {type: file}}}}}
  /png: {get: {produces: [image/png], responses: {200: {description: ok, schema: {type: file}}}}}
  /text: {get: {produces: [text/plain], responses: {200: {description: ok, schema: {type: string}, examples: {text/csv: a}}}}}
  /example: {get: {responses: {200: {description: ok, examples: {text/plain: a}}}}}
",
        "
components:
  schemas: {E: {type: object, properties: {code: {type: integer}}}}
  responses:
    Bad: {description: bad, content: {application/json: {schema: {$ref: '#/components/schemas/E'}}}, headers: {X-N: {schema: {type: integer}}}}
paths:
  /a:
    get:
      responses:
        200: {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/E'}}}}, headers: {X-L: {schema: {type: array, items: {type: string}}}}}
        400: {$ref: '#/components/responses/Bad'}
        default: {description: none}
    put:
      responses: {204: {description: done}, 400: {description: bad, content: {application/problem+json: {schema: {$ref: '#/components/schemas/E'}}}, headers: {X-N: {schema: {type: integer}}}}}
  /file: {get: {responses: {200: {description: ok, content: {application/octet-stream: {schema: {type: string, format: binary}}}}}}}
  /png: {get: {responses: {200: {description: ok, content: {image/png: {schema: {type: string, format: binary}}}}}}}
  /text: {get: {responses: {200: {description: ok, content: {text/plain: {schema: {type: string}}}}}}}
  /example: {get: {responses: {200: {description: ok, content: {text/plain: {}}}}}}
",
        &["R105 20:/paths/~1text/get/responses/200/examples/text~1csv an example of `text/csv`, which is not produced, is ignored"],
    );
}

#[test]
fn schemas() {
    let body = |reference: &str| format!("{{$ref: '#/{reference}/Owner'}}");
    let definitions = |prefix: &str, discriminator: &str, nullable: &str| {
        format!(
            "
    Pet: {{type: object, {discriminator}, required: [kind], properties: {{kind: {{type: string}}, age: {{type: integer, minimum: 0, exclusiveMinimum: true}}}}}}
    Cat: {{allOf: [{{$ref: '#/{prefix}/Pet'}}, {{type: object, properties: {{lives: {{type: integer, {nullable}: true}}}}}}]}}
    Owner:
      type: object
      required: [name, cat]
      properties:
        name: {{type: string, readOnly: true, {nullable}: true, maxLength: 3}}
        cat: {{$ref: '#/{prefix}/Cat'}}
        pet: {{$ref: '#/{prefix}/Pet', {nullable}: true}}
        map: {{type: object, additionalProperties: {{type: array, items: {{$ref: '#/{prefix}/Pet'}}}}}}
        x-nullable: {{type: string}}
"
        )
    };
    same(
        &format!(
            "definitions:{}paths: {{/a: {{put: {{parameters: [{{name: b, in: body, schema: {}}}], {DONE}}}}}}}",
            definitions("definitions", "discriminator: kind", "x-nullable"),
            body("definitions")
        ),
        &format!(
            "components:\n  schemas:{}paths: {{/a: {{put: {{requestBody: {{content: {{application/json: {{schema: {}}}}}}}, {DONE}}}}}}}",
            definitions("components/schemas", "discriminator: {propertyName: kind}", "nullable"),
            body("components/schemas")
        ),
        &[],
    );
}

#[test]
fn security() {
    let flow = "authorizationUrl: 'https://a/', tokenUrl: 'https://b/', scopes: {read: r";
    same(
        &format!(
            "
security: [{{basic: []}}]
securityDefinitions:
  basic: {{type: basic, description: Both.}}
  key: {{type: apiKey, in: header, name: X-Key}}
  implicit: {{type: oauth2, flow: implicit, {flow}, x-note: {{a: 1}}}}}}
  password: {{type: oauth2, flow: password, {flow}}}}}
  application: {{type: oauth2, flow: application, {flow}}}}}
  code: {{type: oauth2, flow: accessCode, {flow}}}}}
  odd: {{type: oauth2, flow: odd, {flow}}}}}
paths:
  /a: {{get: {{{DONE}}}, put: {{security: [{{key: [], implicit: [read]}}, {{password: []}}, {{application: []}}, {{code: []}}, {{odd: []}}], {DONE}}}}}
"
        ),
        &format!(
            "
security: [{{basic: []}}]
components:
  securitySchemes:
    basic: {{type: http, scheme: basic, description: Both.}}
    key: {{type: apiKey, in: header, name: X-Key}}
    implicit: {{type: oauth2, flows: {{implicit: {{{flow}}}}}}}}}
    password: {{type: oauth2, flows: {{password: {{{flow}}}}}}}}}
    application: {{type: oauth2, flows: {{clientCredentials: {{{flow}}}}}}}}}
    code: {{type: oauth2, flows: {{authorizationCode: {{{flow}}}}}}}}}
    odd: {{type: oauth2, flows: {{}}}}
paths:
  /a: {{get: {{{DONE}}}, put: {{security: [{{key: [], implicit: [read]}}, {{password: []}}, {{application: []}}, {{code: []}}, {{odd: []}}], {DONE}}}}}
"
        ),
        &["R105 12:/securityDefinitions/odd/flow not a flow; known are `implicit`, `password`, `application`, `accessCode`"],
    );
}
