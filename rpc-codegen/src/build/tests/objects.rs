use expect_test::expect;

use super::check_schemas;

#[test]
fn shapes() {
    check_schemas(
        "
A:
  properties:
    map: {additionalProperties: {type: integer}}
    free: {type: object}
    empty: {type: object, properties: {}}
    extra: {type: object, properties: {a: {type: string}}, additionalProperties: true}
    pattern: {type: object, patternProperties: {'^a': {type: boolean}}}
    list: {type: array}
    pair: {type: array, prefixItems: [{type: string}, {type: integer}], minItems: 2, maxItems: 2}
    open: {type: array, prefixItems: [{type: string}]}
    nested: {type: array, items: {type: object, properties: {deep: {type: object, properties: {x: {}}}}}}
    old: {type: string, deprecated: true, readOnly: true, description: gone}
    self: {$ref: '#/components/schemas/A', description: again, writeOnly: true}
    not: {type: string, not: {const: x}}
    no: false
  required: [map, undeclared]
",
        expect![[r#"
            struct "A" #A
              map: {int(i64)}
              free: {any}?
              empty: A_empty?
              extra: A_extra?
              pattern: {bool}?
              list: [any]?
              pair: (string, int(i64))?
              open: [any]?
              nested: [A_nested_item]?
              old: string? deprecated ro // gone
              self: A? wo // again
              not: string?
              no: any?
              undeclared: any
            struct "A empty" #A/properties/empty
            struct "A extra" #A/properties/extra
              a: string?
              ..: any
            struct "A nested item" #A/properties/nested/items
              deep: A_nested_item_deep?
            struct "A nested item deep" #A/properties/nested/items/properties/deep
              x: any?
            warning[R301] /components/schemas/A/properties/open: a list whose first items are alike and whose others are open has no type; the value stays raw JSON
            warning[R309] /components/schemas/A/properties/not/not: `not` is not supported and ignored; values are not checked against it
            warning[R301] /components/schemas/A/properties/no: `false` allows no value at all; the value stays raw JSON
        "#]],
    );
}

#[test]
fn nullable_components_are_nullable_where_they_are_used() {
    check_schemas(
        "
A:
  type: object
  properties:
    a: {$ref: '#/components/schemas/N'}
    b: {$ref: '#/components/schemas/M'}
    c: {allOf: [{$ref: '#/components/schemas/S'}], nullable: true, description: why}
    d: {type: array, items: {$ref: '#/components/schemas/N'}}
N: {anyOf: [{$ref: '#/components/schemas/S'}, {type: 'null'}]}
M: {type: [object, 'null'], properties: {x: {type: string}}}
S: {type: string}
Unused: {type: string, enum: 3}
",
        expect![[r#"
            struct "A" #A
              a: N|null?
              b: M|null?
              c: S|null? // why
              d: [N|null]?
            alias "N" #N = S
            struct "M" #M
              x: string?
            alias "S" #S = string
        "#]],
    );
}

#[test]
fn all_of() {
    check_schemas(
        "
Cat:
  allOf:
    - $ref: '#/components/schemas/Pet'
    - type: object
      required: [name]
      properties: {kind: {const: cat}, age: {type: integer}, lives: {type: integer}}
  properties: {own: {type: string}}
Pet:
  type: object
  required: [kind]
  properties: {kind: {type: string, enum: [cat, dog]}, name: {type: string}, age: {type: number}, parent: {$ref: '#/components/schemas/Cat'}}
",
        expect![[r#"
            struct "Cat" #Cat
              kind: Cat_kind
              name: string
              age: int(i64)?
              parent: Cat?
              lives: int(i64)?
              own: string?
            enum "Cat kind" #Cat/allOf/1/properties/kind of string: cat
            enum "Cat kind" #Pet/properties/kind of string: cat | dog
        "#]],
    );
    check_schemas(
        "
A:
  allOf: [{$ref: '#/components/schemas/B'}, {type: object, properties: {x: {type: integer}}}]
B: {type: object, properties: {x: {type: string}, y: {$ref: '#/components/schemas/C'}, z: {$ref: '#/components/schemas/D'}, w: {$ref: '#/components/schemas/E'}}}
C: {allOf: [{type: string}, {maxLength: 3}]}
D: {allOf: [{type: object, properties: {}}, {type: string}]}
E: {$ref: '#/components/schemas/C', properties: {v: {}}}
",
        expect![[r#"
            struct "A" #A
              x: A_x?
              y: C?
              z: D?
              w: E?
            union "A x" #B/properties/x|#A/allOf/1/properties/x| by JsonType
              "string"(string)
              "integer"(int(i64))
            alias "C" #C = string <len<=3>
            alias "D" #D = any
            alias "E" #E = any
            warning[R303] /components/schemas/A/allOf/1/properties/x: `x` has another type in an earlier member of the `allOf`; either is taken
            warning[R301] /components/schemas/D: `allOf` of an object and something else has no type; the value stays raw JSON
            warning[R301] /components/schemas/E: `allOf` of an object and something else has no type; the value stays raw JSON
        "#]],
    );
}

#[test]
fn types_without_end() {
    check_schemas(
        "
A: {type: object, properties: {a: {$ref: '#/components/schemas/B'}, c: {$ref: '#/components/schemas/C'}, j: {$ref: '#/components/schemas/J'}, l: {$ref: '#/components/schemas/L'}}}
B: {type: array, items: {$ref: '#/components/schemas/B'}}
C: {oneOf: [{$ref: '#/components/schemas/C'}, {type: string}]}
J: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/J'}}, {type: 'null'}]}
L: {allOf: [{$ref: '#/components/schemas/L'}]}
",
        expect![[r#"
            struct "A" #A
              a: B?
              c: C?
              j: J|null?
              l: L?
            alias "B" #B = any
            alias "C" #C = any
            union "J" #J by JsonType
              "string"(string)
              "array"([J|null])
            alias "L" #L = any
            warning[R301] /components/schemas/B: a type that consists of itself has no end; the value stays raw JSON
            warning[R301] /components/schemas/C: a type that consists of itself has no end; the value stays raw JSON
            warning[R301] /components/schemas/L: a type that consists of itself has no end; the value stays raw JSON
        "#]],
    );
}
