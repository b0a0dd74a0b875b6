use expect_test::expect;

use super::check_schemas;

const OBJECTS: &str = "
Image: {type: object, required: [width, height], properties: {width: {type: integer}, height: {type: integer}}}
Video: {type: object, required: [width, height, seconds], properties: {width: {type: integer}, height: {type: integer}, seconds: {type: number}}}
Link: {type: object, required: [url], properties: {url: {type: string}}}
Card: {type: object, required: [kind], properties: {kind: {const: card}}}
Cash: {type: object, properties: {kind: {const: cash, default: cash}}}
Plain: {type: object, properties: {kind: {type: string}}}
";

#[test]
fn dispatch() {
    let properties = "
A:
  type: object
  properties:
    declared: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}], discriminator: {propertyName: kind, mapping: {card: '#/components/schemas/Card', cash: Cash, k: Card, none: Link}}}
    names: {oneOf: [{$ref: '#/components/schemas/Plain'}, {$ref: '#/components/schemas/Cash'}], discriminator: {propertyName: kind}}
    lost: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Link'}], discriminator: {propertyName: kind}}
    constant: {anyOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}, {type: 'null'}]}
    field: {anyOf: [{$ref: '#/components/schemas/Image'}, {$ref: '#/components/schemas/Video'}, {$ref: '#/components/schemas/Link'}]}
    kinds: {anyOf: [{type: string}, {type: integer}, {type: array, items: {type: string}}, {$ref: '#/components/schemas/Link'}, {type: boolean}]}
    types: {type: [integer, string, 'null']}
    media: {anyOf: [{$ref: '#/components/schemas/Image'}, {$ref: '#/components/schemas/Video'}, {$ref: '#/components/schemas/Link'}, {type: integer}, {type: string}]}
    numbers: {anyOf: [{type: number}, {type: integer}]}
    strings: {anyOf: [{type: string}, {type: string, format: date}, {type: string, format: date-time}]}
    doubt: {anyOf: [{$ref: '#/components/schemas/Plain'}, {type: object, properties: {x: {type: string}}}]}
    same: {anyOf: [{type: string, maxLength: 3}, {type: string, minLength: 5}]}
    any: {anyOf: [{type: string}, {}]}
    nested: {oneOf: [{oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}]}, {type: object, properties: {kind: {const: x}}}], discriminator: {propertyName: kind}}
    required: {type: object, properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b]}]}
    raw: {type: object, properties: {a: {}}, oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Link'}]}
";
    check_schemas(
        &format!("{properties}{}", OBJECTS.trim_start()),
        expect![[r#"
            struct "A" #A
              declared: A_declared?
              names: A_names?
              lost: A_lost?
              constant: A_constant|null?
              field: A_field?
              kinds: A_kinds?
              types: A_types|null?
              media: A_media?
              numbers: A_numbers?
              strings: A_strings?
              doubt: A_doubt?
              same: A_same?
              any: any?
              nested: A_nested?
              required: A_required?
              raw: A_raw?
            union "A declared" #A/properties/declared by Tag("kind")
              "Card"(Card) =card =k
              "Cash"(Cash) =cash
            union "A names" #A/properties/names by Tag("kind")
              "Plain"(Plain) =Plain
              "Cash"(Cash) =cash
            union "A lost" #A/properties/lost by Field
              "Card"(Card) .kind
              "Link"(Link) .url
            union "A constant" #A/properties/constant by Tag("kind")
              "Card"(Card) =card
              "Cash"(Cash) =cash
            union "A field" #A/properties/field by Field
              "Image"(Image)
              "Video"(Video) .seconds
              "Link"(Link) .url
            union "A kinds" #A/properties/kinds by JsonType
              "string"(string)
              "integer"(int(i64))
              "array"([string])
              "Link"(Link)
              "boolean"(bool)
            union "A types" #A/properties/types by JsonType
              "integer"(int(i64))
              "string"(string)
            union "A media" #A/properties/media by BestMatch
              "Video"(Video)
              "Image"(Image)
              "Link"(Link)
              "integer"(int(i64))
              "string"(string)
            union "A numbers" #A/properties/numbers by BestMatch
              "integer"(int(i64))
              "number"(float(f64))
            union "A strings" #A/properties/strings by BestMatch
              "string"(datetime)
              "string"(date)
              "string"(string)
            union "A doubt" #A/properties/doubt by BestMatch
              "Plain"(Plain)
              "object"(A_doubt_object)
            struct "A doubt object" #A/properties/doubt/anyOf/1
              x: string?
            alias "A same" #A/properties/same = string
            union "A nested" #A/properties/nested by Tag("kind")
              "object"(A_nested_object) =card =cash
              "x"(A_nested_x) =x
            union "A nested object" #A/properties/nested/oneOf/0 by Tag("kind")
              "Card"(Card) =card
              "Cash"(Cash) =cash
            struct "A nested x" #A/properties/nested/oneOf/1
              kind: A_nested_x_kind?
            enum "A nested x kind" #A/properties/nested/oneOf/1/properties/kind of string: x
            struct "A required" #A/properties/required
              a: any?
              b: any?
            struct "A raw" #A/properties/raw
              a: any?
              kind: Card_kind?
              url: string?
            struct "Image" #Image
              width: int(i64)
              height: int(i64)
            struct "Video" #Video
              width: int(i64)
              height: int(i64)
              seconds: float(f64)
            struct "Link" #Link
              url: string
            struct "Card" #Card
              kind: Card_kind
            enum "Card kind" #Card/properties/kind of string: card
            struct "Cash" #Cash
              kind: Cash_kind = String("cash")
            enum "Cash kind" #Cash/properties/kind of string: cash
            struct "Plain" #Plain
              kind: string?
            warning[R105] /components/schemas/A/properties/declared/discriminator/mapping/none: `none` stands for `Link`, which is no alternative; it is ignored
            warning[R304] /components/schemas/A/properties/lost: the discriminator cannot be used: `Link` has no property `kind`
            warning[R304] /components/schemas/A/properties/doubt: some alternatives cannot be told apart; the one that knows most of a value wins
            warning[R309] /components/schemas/A/properties/required: alternatives that only name required properties are not checked
        "#]],
    );
}
