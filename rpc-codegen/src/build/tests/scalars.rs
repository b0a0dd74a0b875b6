use expect_test::expect;

use super::check_schemas;

#[test]
fn formats() {
    check_schemas(
        "
A:
  type: object
  properties:
    a: {type: string, format: date-time}
    b: {type: string, format: uuid4}
    c: {type: string, format: int64}
    d: {type: string, format: byte}
    e: {type: string, contentMediaType: application/octet-stream}
    f: {type: string, format: weird}
    g: {type: integer, format: int32}
    h: {type: integer, minimum: 0}
    i: {type: number, format: float}
    j: {type: number, format: decimal}
    k: {type: string, format: email}
    l: {type: string, pattern: '^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$'}
    m: {anyOf: [{type: number, exclusiveMinimum: 0.0}, {type: string, pattern: '^x$'}, {type: 'null'}]}
    n: {type: [number, string]}
    o: {type: string, format: duration, nullable: true}
    p: {}
    q: {format: int64}
",
        expect![[r#"
            struct "A" #A
              a: datetime?
              b: uuid?
              c: intstring(i64)?
              d: base64?
              e: string?
              f: string?
              g: int(i32)?
              h: int(i64)? <>=0>
              i: float(f32)?
              j: decimal(number)?
              k: string?
              l: decimal(string)?
              m: decimal(string)|null? <>0.0>
              n: decimal(string)?
              o: duration|null?
              p: any?
              q: int(i64)?
            note[R307] /components/schemas/A/properties/f/format: format `weird` has no type; it is a string
        "#]],
    );
}

#[test]
fn constraints() {
    check_schemas(
        "
A:
  type: object
  properties:
    a: {type: integer, minimum: 1.0, maximum: 12.0}
    b: {type: integer, exclusiveMinimum: 0.5, exclusiveMaximum: 1e3}
    c: {type: number, minimum: 1, exclusiveMinimum: 1.0, multipleOf: 0.01}
    d: {type: string, minLength: 1, maxLength: 3, pattern: '^a'}
    e: {type: string, pattern: '('}
    f: {type: array, items: {type: string, maxLength: 2}, minItems: 1, maxItems: 3, uniqueItems: true}
    g: {anyOf: [{type: string, maxLength: 5}, {type: 'null'}], minLength: 2}
    h: {type: integer, multipleOf: 0.5}
    i: {type: object, additionalProperties: {type: integer, minimum: 3}}
    j: {$ref: '#/components/schemas/S', maxLength: 9}
S: {type: string, minLength: 1}
",
        expect![[r#"
            struct "A" #A
              a: int(i64)? <>=1 <=12>
              b: int(i64)? <>=1 <1000>
              c: float(f64)? <>1.0 *0.01>
              d: string? <len>=1 len<=3 /^a/>
              e: string?
              f: [string]? <n>=1 n<=3 unique each <len<=2>>
              g: string|null? <len>=2 len<=5>
              h: int(i64)?
              i: {int(i64)}? <each <>=3>>
              j: S? <len<=9>
            alias "S" #S = string <len>=1>
            warning[R306] /components/schemas/A/properties/e/pattern: `(` is not a pattern: Unbalanced parenthesis
            warning[R309] /components/schemas/A/properties/h/multipleOf: `multipleOf: 0.5` is not checked
        "#]],
    );
}

#[test]
fn values() {
    check_schemas(
        "
A:
  type: object
  properties:
    a: {type: string, enum: [x, y, null]}
    b: {enum: [1, 2.0, 1], x-enum-varnames: [One, Two, Again]}
    c: {enum: [1, a]}
    d: {const: wallet, default: wallet}
    e: {const: null}
    f: {const: true}
    g: {oneOf: [{const: s, title: Small}, {const: l, description: Large}]}
    h: {enum: []}
    i: {anyOf: [{enum: [a, b], type: string}, {type: string}]}
    j: {enum: [0.5]}
    k: {type: [string, 'null'], enum: [a], x-enum-descriptions: [first]}
",
        expect![[r#"
            struct "A" #A
              a: A_a|null?
              b: A_b?
              c: A_c?
              d: A_d = String("wallet")
              e: null?
              f: bool?
              g: A_g?
              h: any?
              i: A_i?
              j: float(f64)?
              k: A_k|null?
            enum "A a" #A/properties/a of string: x | y
            enum "A b" #A/properties/b of int(i64): 1 as One | 2 as Two
            union "A c" #A/properties/c by JsonType
              "integer"(int(i64))
              "string"(string)
            enum "A d" #A/properties/d of string: wallet
            enum "A g" #A/properties/g of string: s (Small) | l (Large)
            enum "A i" #A/properties/i/anyOf/0 of string: a | b
            enum "A k" #A/properties/k of string: a (first)
            warning[R105] /components/schemas/A/properties/b: `1` stands twice in `enum`
            warning[R309] /components/schemas/A/properties/c: a set of values of several types, of lists or objects is not supported; only types are checked
            warning[R301] /components/schemas/A/properties/h: an empty `enum` allows no value at all; the value stays raw JSON
            warning[R309] /components/schemas/A/properties/j: a set of fractional numbers is not supported; any number is taken
        "#]],
    );
}

#[test]
fn defaults() {
    check_schemas(
        "
A:
  type: object
  required: [r]
  properties:
    a: {type: integer, default: 3.0}
    b: {type: integer, default: x}
    c: {type: array, default: []}
    d: {type: object, default: {}}
    e: {$ref: '#/components/schemas/E', default: a}
    f: {$ref: '#/components/schemas/E', default: z}
    g: {anyOf: [{type: string}, {type: 'null'}], default: null}
    h: {type: string, default: null}
    i: {type: string, format: date, default: 2026-13-01}
    j: {anyOf: [{type: number}, {type: string}], default: '0.00'}
    k: {type: array, items: {type: integer}, default: [1, 2]}
    r: {type: boolean, default: true}
    s: {type: integer, format: int32, default: 3000000000}
E: {type: string, enum: [a, b]}
",
        expect![[r#"
            struct "A" #A
              a: int(i64) = Int(3)
              b: int(i64)?
              c: [any] = EmptyList
              d: {any} = EmptyMap
              e: E = String("a")
              f: E?
              g: string|null = Null
              h: string?
              i: date?
              j: decimal(string) = String("0.00")
              k: [int(i64)] = Json("[1,2]")
              r: bool
              s: int(i32)?
            enum "E" #E of string: a | b
            warning[R305] /components/schemas/A/properties/b/default: the default `"x"` does not fit its schema and is ignored
            warning[R305] /components/schemas/A/properties/f/default: the default `"z"` does not fit its schema and is ignored
            warning[R305] /components/schemas/A/properties/h/default: the default `null` does not fit its schema and is ignored
            warning[R305] /components/schemas/A/properties/i/default: the default `"2026-13-01"` does not fit its schema and is ignored
            warning[R305] /components/schemas/A/properties/s/default: the default `3000000000` does not fit its schema and is ignored
        "#]],
    );
}
