use expect_test::expect;

use super::check;

#[test]
fn parameters() {
    check(
        "
openapi: 3.1.0
info: {title: t, version: 1}
servers: [{url: '/api/{v}/', variables: {v: {default: v1}}}]
paths:
  /a/{x}/{y}:
    parameters:
      - {name: y, in: path, required: true, schema: {type: integer}}
    get:
      operationId: get_a
      tags: [one, two]
      parameters:
        - {name: q, in: query, schema: {anyOf: [{type: string, maxLength: 3}, {type: 'null'}], default: hi}}
        - {name: x, in: path, schema: {type: string}}
        - {name: X-A, in: header, required: true, schema: {type: string}}
        - {name: x-a, in: header, schema: {type: string}}
        - {name: Accept, in: header, schema: {type: string}}
        - {name: c, in: cookie}
        - {name: f, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: d, in: query, style: deepObject, schema: {type: object}}
        - {name: l, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: m, in: header, style: matrix, schema: {type: string}}
        - {name: z, in: path, required: true, schema: {type: string}}
        - {name: xml, in: query, content: {application/xml: {}}}
      responses: {200: {description: ok}}
  b/{x: {query: {}, get: {responses: {}}}
  /c/{n}: {trace: {responses: {200: {description: ''}}}}
",
        expect![[r#"
            GET /a/{x}/{y} -> /api/v1/a/{x}/{y} "get_a" #one Safe
              Path x: string Simple
              Path y: int(i64) Simple
              Query q?: string <len<=3> Form* = String("hi")
              Header X-A: string Simple
              Cookie c?: string Form*
              Query f?: {any} Json
              Query d?: {any} DeepObject
              Query l?: [int(i64)] Form
              Header m?: string Simple
              Query xml?: string Form*
              200: Bytes("*/*")
            TRACE /c/{n} -> /api/v1/c/{n} "" Safe
              Path n: string Simple
              200: Empty
            warning[R105] 3:/info/version: `version` is a number where a string belongs; its text is taken
            warning[R105] 14:/paths/~1a~1{x}~1{y}/get/parameters/1: `x` stands in the path and is always required
            warning[R404] 16:/paths/~1a~1{x}~1{y}/get/parameters/3: `x-a` is declared twice; the first one holds
            warning[R105] 17:/paths/~1a~1{x}~1{y}/get/parameters/4: `Accept` is no parameter: bodies and replies say it; it is ignored
            warning[R105] 18:/paths/~1a~1{x}~1{y}/get/parameters/5: `c` has no schema; it is a string
            warning[R105] 22:/paths/~1a~1{x}~1{y}/get/parameters/9/style: a parameter of this place has no style `matrix`; the usual one is taken
            warning[R403] 23:/paths/~1a~1{x}~1{y}/get/parameters/10: the path `/a/{x}/{y}` has no `{z}`; it is left out
            warning[R105] 24:/paths/~1a~1{x}~1{y}/get/parameters/11: `xml` has no schema; it is a string
            warning[R105] 26:/paths/b~1{x/query: an Operation Object should have `responses`, which is missing
            warning[R105] 26:/paths/b~1{x/query: the path `b/{x` does not start with a slash; one is put in front
            warning[R408] 26:/paths/b~1{x/query: `b/{x`: a brace has no partner; the operation is left out
            warning[R105] 26:/paths/b~1{x/get: the path `b/{x` does not start with a slash; one is put in front
            warning[R408] 26:/paths/b~1{x/get: `b/{x`: a brace has no partner; the operation is left out
            warning[R403] 27:/paths/~1c~1{n}/trace: `{n}` of the path is not declared; it is taken for a string
        "#]],
    );
}

#[test]
fn bodies_and_replies() {
    check(
        "
openapi: 3.1.0
info: {title: t, version: 1.0.0}
security: [{key: []}]
paths:
  /a:
    post:
      requestBody: {content: {multipart/form-data: {}, application/vnd.x+json: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses:
        '404': {description: '', content: {application/json: {schema: {type: string}}}}
        '200': {description: '', content: {application/json: {schema: {}}}}
        '201': {description: '', content: {application/json: {}}}
        '204': {description: '', content: {application/json: {}}}
        default: {description: '', content: {application/problem+json: {schema: {type: object}}}}
        2xx: {description: '', content: {text/csv: {}}}
        weird: {description: ''}
    put:
      security: []
      requestBody: {required: true, content: {text/plain: {}}}
      responses: {default: {description: '', content: {application/json: {schema: {type: integer}}}}}
    patch:
      security: [{key: [], basic: []}, {}]
      requestBody: {content: {'*/*': {}}}
      responses:
        200: {description: '', content: {text/event-stream: {itemSchema: {type: object}}}}
        206: {description: '', content: {image/png: {}}}
    delete:
      security: [{nobody: []}, {mtls: []}]
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses: {200: {description: '', content: {'*/*': {schema: {type: array, items: {type: string}}}}}}
    head:
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {200: {description: '', content: {application/json: {}}}}
components:
  securitySchemes:
    mtls: {type: mutualTLS}
    unused: {type: mutualTLS}
    key: {type: apiKey, in: header, name: X-Key}
    basic: {type: http, scheme: Basic}
",
        expect![[r#"
            POST /a -> /a "" Unsafe
              body? application/vnd.x+json Json(POST_/a_body)
              200: any
              201: any
              204: Empty
              2XX: Text
              !404: string
              !default: {any}
              security [["key"]]
            PUT /a -> /a "" Idempotent
              body text/plain Text
              default: int(i64)
              !default: int(i64)
            PATCH /a -> /a "" Unsafe
              body? application/octet-stream Bytes
              200: Bytes("text/event-stream")
              206: Bytes("image/png")
              security [["key", "basic"], []]
            DELETE /a -> /a "" Idempotent
              body? application/x-www-form-urlencoded Form(DELETE_/a_body)
              200: [string]
            HEAD /a -> /a "" Safe
              body? multipart/form-data RawMultipart
              200: Empty
              security [["key"]]
            credential key ApiKey(Header, "X-Key")
            credential basic Basic
            struct "POST /a body" #/paths/~1a/post/requestBody/content/application~1vnd.x+json/schema
              a: string?
            struct "DELETE /a body" #/paths/~1a/delete/requestBody/content/application~1x-www-form-urlencoded/schema
              a: string?
            note[R407] 8:/paths/~1a/post/requestBody/content: several media types are offered; `application/vnd.x+json` is used
            warning[R105] 13:/paths/~1a/post/responses/204: a reply with status 204 has no body
            warning[R105] 16:/paths/~1a/post/responses/weird: `weird` is not a status; the reply is ignored
            warning[R105] 23:/paths/~1a/patch/requestBody: `*/*` cannot be sent; the body goes as `application/octet-stream`
            warning[R409] 28:/paths/~1a/delete: `nobody` is asked for, but `components.securitySchemes` does not declare it; calls go without it
            warning[R409] 36:/components/securitySchemes/mtls: security by `mutualTLS` is none that a client can send; calls go without it
        "#]],
    );
}

#[test]
fn paths_that_hold_more_than_a_path() {
    check(
        "
openapi: 3.0.0
info: {title: t, version: '1'}
paths:
  /#X-Target=Run: {post: {responses: {'204': {description: ok}}}}
  /send/#env/v1/{a}: {get: {parameters: [{name: a, in: path, required: true, schema: {type: integer}}], responses: {'204': {description: ok}}}}
  '/now?at={place}&units=metric&raw': {get: {parameters: [{name: place, in: path, required: true, schema: {type: integer}}], responses: {'204': {description: ok}}}}
  '/then?at={at}': {get: {responses: {'204': {description: ok}}}}
  //twice/{id}: {get: {parameters: [{name: ID, in: path, required: true, schema: {type: integer}}], responses: {'204': {description: ok}}}}
",
        expect![[r#"
            POST /#X-Target=Run -> / "" Unsafe
              204: Empty
            GET /send/#env/v1/{a} -> /send/%23env/v1/{a} "" Safe
              Path a: int(i64) Simple
              204: Empty
            GET /now?at={place}&units=metric&raw -> /now "" Safe
              always units=metric
              always raw=
              Query at: int(i64) Form*
              204: Empty
            GET /then?at={at} -> /then "" Safe
              Query at: string Form*
              204: Empty
            GET //twice/{id} -> //twice/{id} "" Safe
              Path id: int(i64) Simple
              204: Empty
            warning[R105] 5:/paths/~1#X-Target=Run/post: `#X-Target=Run` of the path is never sent; it is left out
            warning[R403] 8:/paths/~1then?at={at}/get: `{at}` of the path is not declared; it is taken for a string
            warning[R105] 9:/paths/~1~1twice~1{id}/get: the path `//twice/{id}` starts with two slashes; it is sent like that
            warning[R403] 9:/paths/~1~1twice~1{id}/get/parameters/0: the path `//twice/{id}` has no `{ID}`; it is taken for `{id}`
        "#]],
    );
}

#[test]
fn media_types_that_are_none() {
    check(
        "
openapi: 3.0.0
info: {title: t, version: '1'}
paths:
  /a:
    post:
      requestBody: {required: true, content: {'': {schema: {type: object, properties: {x: {type: string}}}}}}
      responses: {'200': {description: ok, content: {\"a\\nb\": {schema: {type: string}}}}}
",
        expect![[r#"
            POST /a -> /a "" Unsafe
              body application/json Json(POST_/a_body)
              200: Bytes("application/octet-stream")
            struct "POST /a body" #/paths/~1a/post/requestBody/content//schema
              x: string?
            warning[R105] 7:/paths/~1a/post/requestBody/content/: `` is not a media type; `application/json` is taken
            warning[R105] 8:/paths/~1a/post/responses/200/content/a
            b: `a\nb` is not a media type; `application/octet-stream` is taken
        "#]],
    );
}

#[test]
fn headers_of_replies() {
    check(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          headers:
            X-Left: {description: Calls left., required: true, schema: {type: integer}}
            X-Window: {explode: true, schema: {type: object, properties: {limit: {type: integer}}}}
            X-Rule: {content: {application/json: {schema: {type: array, items: {type: string}}}}}
            X-Old: {deprecated: true, schema: {type: [string, 'null'], format: date}}
            X-Text: {content: {text/plain: {schema: {type: boolean}}}}
            X-Xml: {content: {application/xml: {schema: {type: object}}}}
            X-None: {description: Something.}
            Content-Type: {schema: {type: string}}
            x-left: {schema: {type: string}}
            X Y: {schema: {type: string}}
        '429': {description: slow, headers: {Retry-After: {$ref: '#/components/headers/Retry'}}}
components:
  headers:
    Retry: {description: Seconds., schema: {$ref: '#/components/schemas/Seconds'}}
  schemas:
    Seconds: {type: integer}
",
        expect![[r#"
            GET /a -> /a "" Safe
              200: Bytes("*/*")
                X-Left: int(i64) Simple (Calls left.)
                X-Window: GET_/a_response_200_X-Window Exploded
                X-Rule: [string] Json
                X-Old: date Simple deprecated
                X-Text: bool Simple
                X-Xml: any Simple
                X-None: any Simple (Something.)
              !429: Empty
                Retry-After: Seconds Simple (Seconds.)
            struct "GET /a response 200 X-Window" #/paths/~1a/get/responses/200/headers/X-Window/schema
              limit: int(i64)?
            alias "Seconds" #Seconds = int(i64)
            note[R410] 18:/paths/~1a/get/responses/200/headers/Content-Type: `Content-Type` is said by `content`; the header is ignored
            warning[R105] 19:/paths/~1a/get/responses/200/headers/x-left: `x-left` is declared twice; the header is ignored
            warning[R105] 20:/paths/~1a/get/responses/200/headers/X Y: `X Y` is not a name of a header; the header is ignored
        "#]],
    );
}
