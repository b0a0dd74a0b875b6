//! How the fields of forms are written.

use expect_test::expect;

use super::check;

#[test]
fn encoded_fields() {
    check(
        r##"
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /form:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              allOf:
                - {$ref: '#/components/schemas/F'}
                - type: object
                  properties: {list: {type: array, items: {type: object, properties: {a: {type: string}}}}}
            encoding:
              tags: {explode: false}
              usual: {style: form}
              text: {contentType: 'text/plain, text/html', headers: {X-A: {schema: {type: string}}}}
              word: {contentType: application/json}
              object: {contentType: application/json}
              exploded: {style: form, explode: true}
              deep: {style: deepObject}
              reserved: {allowReserved: true}
              odd: {style: simple, explode: false}
              xml: {contentType: application/xml}
              list: {contentType: application/json}
              bad: {contentType: 'nothing, text/plain'}
              joined: {contentType: application/json}
              rows: {contentType: text/csv}
              number: {contentType: text/csv}
              icon: {contentType: image/png}
              image: {contentType: image/png}
              unknown: {style: deepObject}
      responses: {204: {description: ''}}
  /parts:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                meta: {type: object, properties: {a: {type: string}}}
                xml: {type: object, properties: {a: {type: string}}}
                lists: {type: array, items: {type: object, properties: {a: {type: string}}}}
                note: {type: string}
                word: {type: string}
                icon: {type: string}
                any: {}
                pictures: {type: array, items: {type: string, format: binary}}
                plain: {type: string, format: binary}
                tags: {type: array, items: {type: string}}
                untyped: {$ref: '#/components/schemas/Untyped'}
                joined: {allOf: [{$ref: '#/components/schemas/Untyped'}, {properties: {b: {type: string}}}]}
                either: {oneOf: [{$ref: '#/components/schemas/Untyped'}, {type: string}]}
                choice: {type: object}
                custom: {type: object}
                base64: {type: string, contentEncoding: base64}
                octets: {type: string, contentEncoding: base64}
                number: {type: integer}
                rows: {type: array, items: {type: string}}
                sheet: {type: string}
                scans: {type: array, items: {type: string, format: binary}}
                deep: {type: string, format: binary}
            encoding:
              meta: {contentType: application/json}
              xml: {contentType: application/xml}
              lists: {contentType: application/json}
              note: {contentType: text/markdown}
              word: {contentType: application/json}
              icon: {contentType: image/png, headers: {X-Size: {schema: {type: integer}}, Content-Disposition: {}}}
              any: {contentType: 'image/*'}
              pictures: {contentType: image/png}
              plain: {contentType: application/octet-stream}
              tags: {style: pipeDelimited, allowReserved: true}
              untyped: {contentType: application/xml}
              joined: {contentType: application/xml}
              either: {contentType: application/xml}
              choice: {contentType: 'application/xml, application/json'}
              custom: {contentType: text/json}
              base64: {contentType: image/png}
              octets: {contentType: application/octet-stream}
              number: {contentType: image/png}
              rows: {contentType: 'text/csv; header="a, b", text/plain'}
              sheet: {contentType: 'text/csv, application/vnd.ms-excel'}
              scans: {contentType: 'image/png, image/jpeg'}
              deep: {style: deepObject}
              unknown: {contentType: text/csv}
      responses: {204: {description: ''}}
  /mixed:
    post:
      requestBody: {content: {multipart/mixed: {schema: {type: object}, encoding: {a: {contentType: text/plain}}}}}
      responses: {204: {description: ''}}
  /raw:
    post:
      requestBody: {content: {multipart/form-data: {schema: {oneOf: [{$ref: '#/components/schemas/Untyped'}, {$ref: '#/components/schemas/F'}], type: object}, encoding: {a: {contentType: text/csv}}}}}
      responses: {204: {description: ''}}
components:
  schemas:
    F:
      type: object
      properties:
        tags: {type: array, items: {type: string}}
        usual: {type: array, items: {type: integer}}
        text: {type: string}
        word: {type: [string, 'null']}
        object: {type: object}
        exploded: {type: object}
        deep: {type: object}
        reserved: {type: string}
        odd: {type: array, items: {type: string}}
        xml: {type: object}
        bad: {type: string}
        joined: {allOf: [{type: object, properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}
        rows: {type: array, items: {type: string}}
        number: {type: integer}
        icon: {type: string, contentEncoding: base64}
        image: {type: string}
    Untyped: {properties: {a: {type: string}}}
"##,
        expect![[r#"
            POST /form -> /form "" Unsafe
              body? application/x-www-form-urlencoded Form(POST_/form_body)
                tags: Styled { style: Form, explode: false, reserved: false }
                word: Json("application/json")
                exploded: Styled { style: Form, explode: true, reserved: false }
                deep: Styled { style: DeepObject, explode: false, reserved: false }
                reserved: Styled { style: Form, explode: true, reserved: true }
                odd: Styled { style: Form, explode: false, reserved: false }
                list: Json("application/json")
              204: Empty
            POST /parts -> /parts "" Unsafe
              body? multipart/form-data Multipart(POST_/parts_body)
                note: Content("text/markdown")
                word: Json("application/json")
                icon: Content("image/png")
                pictures: Content("image/png")
                tags: Styled { style: PipeDelimited, explode: false, reserved: false }
                custom: Json("text/json")
                octets: Content("application/octet-stream")
                rows: Content("text/csv; header=\"a, b\"")
              204: Empty
            POST /mixed -> /mixed "" Unsafe
              body? multipart/mixed RawMultipart
              204: Empty
            POST /raw -> /raw "" Unsafe
              body? multipart/form-data RawMultipart
              204: Empty
            struct "POST /form body" #/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/schema
              tags: [string]?
              usual: [int(i64)]?
              text: string?
              word: string|null?
              object: {any}?
              exploded: {any}?
              deep: {any}?
              reserved: string?
              odd: [string]?
              xml: {any}?
              bad: string?
              joined: F_joined?
              rows: [string]?
              number: int(i64)?
              icon: base64?
              image: string?
              list: [POST_/form_body_list_item]?
            struct "POST /form body list item" #/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/schema/allOf/1/properties/list/items
              a: string?
            struct "POST /parts body" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema
              meta: POST_/parts_body_meta?
              xml: POST_/parts_body_xml?
              lists: [POST_/parts_body_lists_item]?
              note: string?
              word: string?
              icon: file?
              any: file?
              pictures: [file]?
              plain: file?
              tags: [string]?
              untyped: Untyped?
              joined: POST_/parts_body_joined?
              either: POST_/parts_body_either?
              choice: {any}?
              custom: {any}?
              base64: base64?
              octets: base64?
              number: int(i64)?
              rows: [string]?
              sheet: file?
              scans: [file]?
              deep: file?
            struct "POST /parts body meta" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/meta
              a: string?
            struct "POST /parts body xml" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/xml
              a: string?
            struct "POST /parts body lists item" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/lists/items
              a: string?
            struct "POST /parts body joined" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/joined
              a: string?
              b: string?
            union "POST /parts body either" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/either by JsonType
              "Untyped"(Untyped)
              "string"(string)
            union "POST /raw body" #/paths/~1raw/post/requestBody/content/multipart~1form-data/schema by BestMatch
              "Untyped"(Untyped)
              "F"(F)
            struct "F" #F
              tags: [string]?
              usual: [int(i64)]?
              text: string?
              word: string|null?
              object: {any}?
              exploded: {any}?
              deep: {any}?
              reserved: string?
              odd: [string]?
              xml: {any}?
              bad: string?
              joined: F_joined?
              rows: [string]?
              number: int(i64)?
              icon: base64?
              image: string?
            struct "F joined" #F/properties/joined
              a: string?
              b: string?
            struct "Untyped" #Untyped
              a: string?
            warning[R105] 24:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/odd/style: a field of a form has no style `simple`; `form` is taken
            warning[R309] 25:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/xml/contentType: `xml` cannot be written as `application/xml`; it is written as JSON
            warning[R105] 27:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/bad/contentType: `nothing` is not a media type; it is ignored
            warning[R309] 29:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/rows/contentType: `rows` cannot be written as `text/csv`; it is written as a pair for each item
            warning[R309] 30:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/number/contentType: `number` cannot be written as `text/csv`; it is written as text
            warning[R309] 32:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/image/contentType: `image` cannot be written as `image/png`; it is written as text
            warning[R105] 33:/paths/~1form/post/requestBody/content/application~1x-www-form-urlencoded/encoding/unknown: `unknown` is no property of the form; what is said of it is ignored
            warning[R309] 67:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/xml/contentType: `xml` cannot be written as `application/xml`; it is written as JSON
            warning[R309] 71:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/icon/headers: headers of parts are not supported; `icon` is sent without them
            warning[R309] 76:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/untyped/contentType: `untyped` cannot be written as `application/xml`; it is written as JSON
            warning[R309] 77:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/joined/contentType: `joined` cannot be written as `application/xml`; it is written as JSON
            warning[R309] 78:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/either/contentType: `either` cannot be written as `application/xml`; it is written as JSON or text
            warning[R309] 81:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/base64/contentType: `base64` cannot be written as `image/png`; it is written as base64 text
            warning[R309] 83:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/number/contentType: `number` cannot be written as `image/png`; it is written as text
            warning[R105] 87:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/deep: a file has no style; it is sent in the usual way
            warning[R105] 88:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/unknown: `unknown` is no property of the form; what is said of it is ignored
            warning[R309] 92:/paths/~1mixed/post/requestBody/content/multipart~1mixed/encoding: `encoding` of parts is not supported here; the body is given as it is sent, boundaries included
            warning[R304] 96:/paths/~1raw/post/requestBody/content/multipart~1form-data/schema: some alternatives cannot be told apart; the one that knows most of a value wins
            warning[R309] 96:/paths/~1raw/post/requestBody/content/multipart~1form-data/encoding: `encoding` of parts is not supported here; the body is given as it is sent, boundaries included
        "#]],
    );
}

/// A multipart body whose parts have styles, in a document of a version.
fn styles(head: &str) -> String {
    format!(
        "
{head}
info: {{title: t, version: '1'}}
paths:
  /parts:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                meta: {{type: object, properties: {{a: {{type: string}}}}}}
                word: {{type: string}}
                tags: {{type: array, items: {{type: string}}}}
                rows: {{type: array, items: {{type: object}}}}
                picture: {{type: string}}
            encoding:
              meta: {{style: form, contentType: application/json}}
              word: {{style: form, contentType: application/json}}
              tags: {{explode: false}}
              rows: {{style: form}}
              picture: {{style: form, contentType: image/png}}
      responses: {{204: {{description: ''}}}}
"
    )
}

#[test]
fn parts_have_styles_since_3_1() {
    check(
        &styles("openapi: 3.0.1"),
        expect![[r#"
            POST /parts -> /parts "" Unsafe
              body? multipart/form-data Multipart(POST_/parts_body)
                word: Json("application/json")
                picture: Content("image/png")
              204: Empty
            struct "POST /parts body" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema
              meta: POST_/parts_body_meta?
              word: string?
              tags: [string]?
              rows: [{any}]?
              picture: file?
            struct "POST /parts body meta" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/meta
              a: string?
            warning[R105] 21:/paths/~1parts/post/requestBody/content/multipart~1form-data/encoding/tags: parts have no style before OpenAPI 3.1; that of `tags` is ignored
        "#]],
    );
    check(
        &styles("openapi: 3.1.0"),
        expect![[r#"
            POST /parts -> /parts "" Unsafe
              body? multipart/form-data Multipart(POST_/parts_body)
                meta: Styled { style: Form, explode: true, reserved: false }
                tags: Styled { style: Form, explode: false, reserved: false }
              204: Empty
            struct "POST /parts body" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema
              meta: POST_/parts_body_meta?
              word: string?
              tags: [string]?
              rows: [{any}]?
              picture: string?
            struct "POST /parts body meta" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema/properties/meta
              a: string?
        "#]],
    );
}

#[test]
fn parts_of_swagger_have_styles() {
    check(
        "
swagger: '2.0'
info: {title: t, version: '1'}
consumes: [multipart/form-data]
paths:
  /parts:
    post:
      parameters:
        - {name: tags, in: formData, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: file, in: formData, type: file}
      responses: {204: {description: ''}}
",
        expect![[r#"
            POST /parts -> /parts "" Unsafe
              body? multipart/form-data Multipart(POST_/parts_body)
                tags: Styled { style: PipeDelimited, explode: false, reserved: false }
              204: Empty
            struct "POST /parts body" #/paths/~1parts/post/requestBody/content/multipart~1form-data/schema
              tags: [string]?
              file: file?
        "#]],
    );
}

#[test]
fn files_of_some_forms_only() {
    check(
        "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    post: {requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/One'}, encoding: {photo: {contentType: image/png}}}}}, responses: {204: {description: ''}}}
  /b:
    post: {requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/One'}}}}, responses: {204: {description: ''}}}
  /c:
    post: {requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/All'}, encoding: {photo: {contentType: image/png}}}}}, responses: {204: {description: ''}}}
  /d:
    post: {requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/All'}, encoding: {photo: {contentType: 'image/*'}}}}}, responses: {204: {description: ''}}}
components:
  schemas:
    One: {type: object, properties: {photo: {type: string}, file: {type: string, format: binary}}}
    All: {type: object, properties: {photo: {type: string}}}
",
        expect![[r#"
            POST /a -> /a "" Unsafe
              body? multipart/form-data RawMultipart
              204: Empty
            POST /b -> /b "" Unsafe
              body? multipart/form-data Multipart(One)
              204: Empty
            POST /c -> /c "" Unsafe
              body? multipart/form-data Multipart(All)
                photo: Content("image/png")
              204: Empty
            POST /d -> /d "" Unsafe
              body? multipart/form-data Multipart(All)
              204: Empty
            struct "One" #One
              photo: string?
              file: file?
            struct "All" #All
              photo: file?
            warning[R309] 6:/paths/~1a/post/requestBody/content/multipart~1form-data/encoding: `encoding` of parts is not supported here; the body is given as it is sent, boundaries included
            warning[R309] 6:/paths/~1a/post/requestBody/content/multipart~1form-data/encoding/photo: `photo` is a file, but not in all forms of its schema
        "#]],
    );
}
