//! Types of several schemas.

use expect_test::expect;

use super::check_schemas;

#[test]
fn properties_described_twice() {
    check_schemas(
        "
A:
  allOf:
    - $ref: '#/components/schemas/Base'
    - type: object
      properties:
        derived: {$ref: '#/components/schemas/Child'}
        list: {type: array, items: {$ref: '#/components/schemas/Child'}}
        both: {type: object, properties: {y: {type: string}, deep: {type: object, properties: {w: {type: string}}}}}
        either: {type: array, items: {type: integer}}
        map: {type: object, additionalProperties: {$ref: '#/components/schemas/Child'}}
        null: {type: [object, 'null'], properties: {b: {type: string}}}
Base:
  type: object
  properties:
    derived: {$ref: '#/components/schemas/Parent'}
    list: {type: array, items: {type: object}}
    both: {type: object, required: [x], properties: {x: {type: string}, deep: {type: object, properties: {v: {type: string}}}}}
    either: {type: string}
    map: {type: object, additionalProperties: {$ref: '#/components/schemas/Parent'}}
    null: {type: [object, 'null'], properties: {a: {type: string}}}
Parent: {type: object, properties: {p: {type: string}}}
Child: {allOf: [{$ref: '#/components/schemas/Parent'}, {type: object, properties: {c: {$ref: '#/components/schemas/A'}}}]}
",
        expect![[r#"
            struct "A" #A
              derived: Child?
              list: [Child]?
              both: A_both?
              either: A_either?
              map: {Child}?
              null: A_null|null?
            struct "A both" #A/allOf/1/properties/both
              y: string?
              deep: A_both_deep?
            struct "A both" #Base/properties/both&#A/allOf/1/properties/both&
              x: string
              deep: A_both_deep?
              y: string?
            struct "A both deep" #A/allOf/1/properties/both/properties/deep
              w: string?
            struct "A both deep" #Base/properties/both/properties/deep&#A/allOf/1/properties/both/properties/deep&
              v: string?
              w: string?
            union "A either" #Base/properties/either|#A/allOf/1/properties/either| by JsonType
              "string"(string)
              "array"([int(i64)])
            struct "A null" #A/allOf/1/properties/null
              b: string?
            struct "A null" #Base/properties/null&#A/allOf/1/properties/null&
              a: string?
              b: string?
            struct "A both" #Base/properties/both
              x: string
              deep: A_both_deep?
            struct "A both deep" #Base/properties/both/properties/deep
              v: string?
            struct "A null" #Base/properties/null
              a: string?
            struct "Parent" #Parent
              p: string?
            struct "Child" #Child
              p: string?
              c: A?
            warning[R303] /components/schemas/A/allOf/1/properties/either: `either` has another type in an earlier member of the `allOf`; either is taken
        "#]],
    );
}

#[test]
fn alternatives_beside_properties() {
    check_schemas(
        "
A:
  type: object
  properties:
    beside: {properties: {a: {type: string}}, oneOf: [{properties: {b: {type: string}}, required: [b]}, {type: 'null'}, {$ref: '#/components/schemas/C'}]}
    scalar: {properties: {a: {type: string}}, oneOf: [{type: string}, {type: integer}]}
    all: {allOf: [{$ref: '#/components/schemas/C'}, {oneOf: [{properties: {b: {default: 1}}}, {properties: {b: {type: string}, c: {type: string}}}]}]}
    twice: {oneOf: [{properties: {a: {type: string}}}], anyOf: [{properties: {b: {type: string}}}]}
    base: {$ref: '#/components/schemas/Base'}
    endless: {$ref: '#/components/schemas/Endless'}
C: {type: object, required: [c], properties: {c: {type: integer}}}
Base: {type: object, properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]}
One: {allOf: [{$ref: '#/components/schemas/Base'}, {required: [one], properties: {one: {type: string}}}]}
Two: {allOf: [{$ref: '#/components/schemas/Base'}, {required: [two], properties: {two: {type: string}}}]}
Endless: {properties: {a: {type: string}}, anyOf: [{$ref: '#/components/schemas/Endless'}, {properties: {b: {$ref: '#/components/schemas/Endless'}}}]}
",
        expect![[r#"
            struct "A" #A
              beside: A_beside|null?
              scalar: any?
              all: A_all?
              twice: A_twice?
              base: Base?
              endless: Endless?
            struct "A beside" #A/properties/beside
              a: string?
              b: string?
              c: int(i64)?
            struct "A all" #A/properties/all
              c: int(i64)
              b: any?
            struct "A twice" #A/properties/twice
              b: string?
              a: string?
            union "Base" #Base by Field
              "One"(One) .one
              "Two"(Two) .two
            struct "One" #One
              kind: string?
              one: string
            struct "Two" #Two
              kind: string?
              two: string
            struct "Endless" #Endless
              a: string?
              b: Endless?
            warning[R301] /components/schemas/A/properties/scalar: properties beside alternatives that are no objects have no type; the value stays raw JSON
        "#]],
    );
}

#[test]
fn one_schema_several_types() {
    check_schemas(
        "
A:
  type: object
  properties:
    object: {type: [string, object], properties: {x: {type: integer}}}
    set: {type: [string, array], enum: [a, [b]]}
    lists: {type: array, items: {type: string}, enum: [[a], [b]]}
    texts: {type: string, enum: ['07', 8, '09']}
    open: {type: array, prefixItems: [{type: string}, {type: integer}]}
    more: {type: array, prefixItems: [{type: string}], items: {type: boolean}}
    same: {type: array, prefixItems: [{type: string}], items: {type: string}}
",
        expect![[r#"
            struct "A" #A
              object: A_object?
              set: A_set?
              lists: [string]?
              texts: A_texts?
              open: [A_open_item]?
              more: [A_more_item]?
              same: [string]?
            union "A object" #A/properties/object by JsonType
              "string"(string)
              "object"(A_object_object)
            struct "A object object" #A/properties/object&
              x: int(i64)?
            union "A set" #A/properties/set by JsonType
              "string"(string)
              "array"([any])
            enum "A texts" #A/properties/texts of string: 07 | 8 | 09
            union "A open item" #A/properties/open/prefixItems/0|#A/properties/open/prefixItems/1| by JsonType
              "string"(string)
              "integer"(int(i64))
            union "A more item" #A/properties/more/prefixItems/0|#A/properties/more/items| by JsonType
              "string"(string)
              "boolean"(bool)
            warning[R309] /components/schemas/A/properties/set: a set of values of several types, of lists or objects is not supported; only types are checked
            warning[R309] /components/schemas/A/properties/lists: a set of values of several types, of lists or objects is not supported; only types are checked
        "#]],
    );
}
