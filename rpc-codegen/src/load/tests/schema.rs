use expect_test::{Expect, expect};

use super::super::{Discriminator, SchemaView};
use super::load_files;

fn with_schema(version: &str, schema: &str, test: impl FnOnce(SchemaView<'_>)) {
    let text = format!("openapi: {version}\ncomponents: {{schemas: {{S: {schema}, T: {{}}}}}}\n");
    let (document, _) = load_files(&[("o.yaml", &text)]);
    test(document.unwrap().schemas()[0].1.clone());
}

/// What a schema in one line of YAML says.
fn check(version: &str, schema: &str, expected: Expect) {
    with_schema(version, schema, |schema| {
        let shown = format!(
            "{:?}{} min {:?} xmin {:?} max {:?} xmax {:?}{}{}",
            schema.types(),
            if schema.nullable() { " nullable" } else { "" },
            schema.minimum(),
            schema.exclusive_minimum(),
            schema.maximum(),
            schema.exclusive_maximum(),
            if schema.is_binary() { " binary" } else { "" },
            if schema.is_base64() { " base64" } else { "" },
        );
        expected.assert_eq(&shown);
    });
}

#[test]
fn types_and_null() {
    check("3.1.0", "{type: string}", expect!["{String} min None xmin None max None xmax None"]);
    check(
        "3.1.0",
        "{type: [string, 'null']}",
        expect!["{Null, String} nullable min None xmin None max None xmax None"],
    );
    check(
        "3.0.3",
        "{type: string, nullable: true}",
        expect!["{Null, String} nullable min None xmin None max None xmax None"],
    );
    check(
        "3.0.3",
        "{nullable: true, allOf: [{}]}",
        expect!["{} nullable min None xmin None max None xmax None"],
    );
    check(
        "3.1.0",
        "{anyOf: [{type: string}, {type: 'null'}]}",
        expect!["{} nullable min None xmin None max None xmax None"],
    );
    check("3.1.0", "{enum: [a, null]}", expect!["{} nullable min None xmin None max None xmax None"]);
    check(
        "3.1.0",
        "{type: string, enum: [a, null]}",
        expect!["{String} min None xmin None max None xmax None"],
    );
    check("3.1.0", "{const: null}", expect!["{} nullable min None xmin None max None xmax None"]);
    check("3.1.0", "{}", expect!["{} min None xmin None max None xmax None"]);
    check("3.1.0", "true", expect!["{} min None xmin None max None xmax None"]);
}

#[test]
fn bounds() {
    check(
        "3.0.3",
        "{minimum: 1.50, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}",
        expect![[r#"{} min None xmin Some("1.50") max Some("9") xmax None"#]],
    );
    check(
        "3.1.0",
        "{exclusiveMinimum: 0, maximum: 12345678901234567890}",
        expect![[r#"{} min None xmin Some("0") max Some("12345678901234567890") xmax None"#]],
    );
}

#[test]
fn bytes() {
    check(
        "3.0.3",
        "{type: string, format: binary}",
        expect!["{String} min None xmin None max None xmax None binary"],
    );
    check(
        "3.1.0",
        "{type: string, contentMediaType: application/octet-stream}",
        expect!["{String} min None xmin None max None xmax None binary"],
    );
    check(
        "3.1.0",
        "{type: string, contentMediaType: application/octet-stream, contentEncoding: base64}",
        expect!["{String} min None xmin None max None xmax None base64"],
    );
    check(
        "3.0.3",
        "{type: string, format: byte}",
        expect!["{String} min None xmin None max None xmax None base64"],
    );
}

#[test]
fn parts() {
    let text = "{required: [a], properties: {b: {}, a: false}, items: [{}, {}], additionalItems: {type: string}, \
                additionalProperties: {type: integer}, maxItems: 3.0, example: 1, examples: [2], allOf: [{}, 7]}";
    with_schema("3.1.0", text, |schema| {
        let names: Vec<_> = schema.properties().into_iter().map(|(name, _)| name).collect();
        assert_eq!((names, schema.required()), (vec!["b", "a"], vec!["a"]));
        assert_eq!(schema.property("a").unwrap().as_bool(), Some(false));
        assert_eq!(
            (schema.prefix_items().len(), schema.max_items(), schema.examples().len()),
            (2, Some(3), 2)
        );
        assert_eq!(schema.items().unwrap().types().single(), Some(super::super::Type::String));
        assert_eq!(schema.all_of().len(), 1);
        expect!["Schema(SchemaView { cursor: Cursor(o.yaml#/components/schemas/S/additionalProperties) })"]
            .assert_eq(&format!("{:?}", schema.additional_properties()));
    });
}

#[test]
fn references() {
    let siblings = |version: &str, schema: &str| {
        let mut found = false;
        with_schema(version, schema, |schema| found = schema.ref_has_siblings());
        found
    };
    assert!(!siblings("3.1.0", "{$ref: '#/components/schemas/T', description: d, x-a: 1}"));
    assert!(siblings("3.1.0", "{$ref: '#/components/schemas/T', required: [a]}"));
    assert!(!siblings("3.0.3", "{$ref: '#/components/schemas/T', required: [a]}"));
}

#[test]
fn discriminators() {
    let text = "{discriminator: {propertyName: kind, mapping: {a: T, b: '#/components/schemas/T', c: U}}}";
    with_schema("3.1.0", text, |schema| {
        let discriminator = schema.discriminator().unwrap();
        let targets: Vec<_> = discriminator
            .mapping
            .iter()
            .map(|(tag, entry)| match Discriminator::target(entry) {
                Ok(target) => format!("{tag} → {}", target.cursor().pointer()),
                Err(problem) => problem.to_string(),
            })
            .collect();
        expect![[r#"
            a → /components/schemas/T
            b → /components/schemas/T
            error[R102]: `U` points at nothing: the folder has no file `U`
              --> specs/test/o.yaml:2:112 (#/components/schemas/S/discriminator/mapping/c)"#]]
        .assert_eq(&targets.join("\n"));
    });
}
