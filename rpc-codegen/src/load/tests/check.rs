use expect_test::{Expect, expect};

use super::super::Checker;
use super::{load_files, show_all};

/// Checks one operation's YAML (flow style) with components beside it.
fn check(operation: &str, components: &str, expected: Expect) {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{get: {operation}}}}}\ncomponents: {components}\n"
    );
    let (document, mut diagnostics) = load_files(&[("o.yaml", &text)]);
    let document = document.unwrap();
    let mut checker = Checker::new();
    document.operations().iter().for_each(|operation| checker.operation(operation, &mut diagnostics));
    expected.assert_eq(&show_all(diagnostics));
}

#[test]
fn shapes() {
    check(
        "{responses: []}",
        "{}",
        expect![[r#"
        error[R101]: `responses`: expected an object, found an array
          --> specs/test/o.yaml:3:31 (#/paths/~1a/get/responses)
    "#]],
    );
    check(
        "5",
        "{}",
        expect![[r#"
        error[R101]: `get`: expected an object, found a number
          --> specs/test/o.yaml:3:19 (#/paths/~1a/get)
    "#]],
    );
    check(
        "{parameters: [{in: query}, 1], responses: {200: {description: 7}}}",
        "{}",
        expect![[r#"
        error[R101]: a Parameter Object needs `name`, which is missing
          --> specs/test/o.yaml:3:33 (#/paths/~1a/get/parameters/0)
        error[R101]: expected a Parameter Object, found a number
          --> specs/test/o.yaml:3:46 (#/paths/~1a/get/parameters/1)
        error[R101]: `description`: expected a string, found a number
          --> specs/test/o.yaml:3:81 (#/paths/~1a/get/responses/200/description)
    "#]],
    );
    check(
        "{tags: [1], deprecated: 'yes', summary: , responses: {}}",
        "{}",
        expect![[r#"
        warning[R105]: this is a number where a string belongs; its text is taken
          --> specs/test/o.yaml:3:27 (#/paths/~1a/get/tags/0)
        error[R101]: `deprecated`: expected a boolean, found a string
          --> specs/test/o.yaml:3:43 (#/paths/~1a/get/deprecated)
        warning[R105]: `summary` is null; that is taken for absent
          --> specs/test/o.yaml:3:57 (#/paths/~1a/get/summary)
    "#]],
    );
    check(
        "{responses: {200: {content: {a/b: {schema: 5}}}}}",
        "{}",
        expect![[r#"
        warning[R105]: a Response Object should have `description`, which is missing
          --> specs/test/o.yaml:3:37 (#/paths/~1a/get/responses/200)
        error[R101]: `schema`: expected a schema, found a number
          --> specs/test/o.yaml:3:62 (#/paths/~1a/get/responses/200/content/a~1b/schema)
    "#]],
    );
}

#[test]
fn schemas() {
    let operation = "{responses: {200: {$ref: '#/components/responses/R', content: {}}}}";
    let with = |schema: &str| {
        format!(
            "{{responses: {{R: {{description: '', content: {{a/b: {{schema: {schema}}}}}}}}}, schemas: {{}}}}"
        )
    };
    check(
        operation,
        &with("{type: int}"),
        expect![[r#"
        warning[R105]: `content` stands beside a `$ref` and is ignored
          --> specs/test/o.yaml:3:81 (#/paths/~1a/get/responses/200/content)
        error[R101]: `int` is not a JSON type
          --> specs/test/o.yaml:4:78 (#/components/responses/R/content/a~1b/schema/type)
          help: write one of `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`
    "#]],
    );
    check(
        operation,
        &with("{type: [string, 5], minLength: -1, maxLength: 3.0}"),
        expect![[r#"
        warning[R105]: `content` stands beside a `$ref` and is ignored
          --> specs/test/o.yaml:3:81 (#/paths/~1a/get/responses/200/content)
        error[R101]: expected the name of a JSON type or an array of them, found a number
          --> specs/test/o.yaml:4:87 (#/components/responses/R/content/a~1b/schema/type/1)
        error[R101]: `minLength`: expected an integer from 0, found a number
          --> specs/test/o.yaml:4:102 (#/components/responses/R/content/a~1b/schema/minLength)
    "#]],
    );
    check(
        operation,
        &with("{required: true, discriminator: kind, items: [true, 5]}"),
        expect![[r#"
        warning[R105]: `content` stands beside a `$ref` and is ignored
          --> specs/test/o.yaml:3:81 (#/paths/~1a/get/responses/200/content)
        warning[R105]: `required` is a boolean where a list of names belongs; it is ignored
          --> specs/test/o.yaml:4:82 (#/components/responses/R/content/a~1b/schema/required)
        warning[R105]: `discriminator` is a string where an object belongs; it is taken for the `propertyName`
          --> specs/test/o.yaml:4:103 (#/components/responses/R/content/a~1b/schema/discriminator)
        error[R101]: expected a schema, found a number
          --> specs/test/o.yaml:4:123 (#/components/responses/R/content/a~1b/schema/items/1)
    "#]],
    );
    check(
        operation,
        &with("{properties: {a: {$ref: '#/components/schemas/Nope'}, $ref: {type: string}}}"),
        expect![[r#"
            warning[R105]: `content` stands beside a `$ref` and is ignored
              --> specs/test/o.yaml:3:81 (#/paths/~1a/get/responses/200/content)
            error[R102]: `#/components/schemas/Nope` points at nothing: `#/components/schemas` has no `Nope`
              --> specs/test/o.yaml:4:95 (#/components/responses/R/content/a~1b/schema/properties/a/$ref)
        "#]],
    );
    check(
        operation,
        &with("{anyOf: {}, allOf: [null], exclusiveMinimum: true}"),
        expect![[r#"
        warning[R105]: `content` stands beside a `$ref` and is ignored
          --> specs/test/o.yaml:3:81 (#/paths/~1a/get/responses/200/content)
        error[R101]: `anyOf`: expected an array, found an object
          --> specs/test/o.yaml:4:79 (#/components/responses/R/content/a~1b/schema/anyOf)
        error[R101]: expected a schema, found null
          --> specs/test/o.yaml:4:91 (#/components/responses/R/content/a~1b/schema/allOf/0)
    "#]],
    );
}

#[test]
fn unused_parts_are_not_looked_at() {
    check("{responses: {}}", "{schemas: {A: 5}, responses: {R: []}}", expect![[""]]);
}

#[test]
fn recursive_schemas_end() {
    let components = "{schemas: {Tree: {properties: {left: {$ref: '#/components/schemas/Tree'}}}}}";
    let operation = "{responses: {200: {description: '', content: {a/b: {schema: {$ref: '#/components/schemas/Tree'}}}}}}";
    check(operation, components, expect![[""]]);
}
