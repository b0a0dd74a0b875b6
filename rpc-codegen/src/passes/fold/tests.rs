use crate::passes::testing::{
    check, decimal, get, int, list, named, nullable, object, service, settings, string, union,
};
use expect_test::expect;

#[test]
fn decimals_defaults_and_nulls() {
    let types = [
        object("Order-Input", [("amount", decimal()), ("note?", nullable(string())), ("size=", string())]),
        object("Order-Output", [("amount", string()), ("note", nullable(string())), ("size", string())]),
    ];
    let operation = get("/").takes(list(named(0))).json("200", named(1));
    check(
        super::run,
        service([operation], types),
        &settings(""),
        expect![[r#"
            GET /(body: [Order]) -> Unit Unsafe
            type Order-Input = { amount: Decimal(Number), note?: String|null, size=String("x"): String }
            type Order = { amount: Decimal(String), note=Null: String|null, size=String("x"): String }
        "#]],
    );
}

#[test]
fn mutual_recursion_and_inline_types() {
    let types = [
        object("A-Input", [("b", nullable(named(2))), ("x", named(4))]),
        object("A-Output", [("b", nullable(named(3))), ("x", named(5))]),
        object("B-Input", [("a", list(named(0)))]),
        object("B-Output", [("a", list(named(1)))]),
        union("A-Input x", [("a", named(0)), ("b", named(2))]),
        union("A-Output x", [("a", named(1)), ("b", named(3))]),
    ];
    check(
        super::run,
        service([get("/").takes(named(0)).json("200", named(1))], types),
        &settings(""),
        expect![[r#"
        GET /(body: A) -> Unit Unsafe
        type A-Input = { b: B|null, x: A x }
        type A = { b: B|null, x: A x }
        type B-Input = { a: [A] }
        type B = { a: [A] }
        type A-Input x = string(A) | string(B)
        type A x = string(A) | string(B)
    "#]],
    );
}

#[test]
fn one_that_differs_takes_those_that_hold_it_along() {
    let types = [
        object("A-Input", [("b", named(2))]),
        object("A-Output", [("b", named(3))]),
        object("B-Input", [("secret", string())]),
        object("B-Output", [("id", int())]),
        object("C-Input", [("made?", string())]),
        object("C-Output", [("made", string())]),
        object("D-Input", [("only", named(6))]),
    ];
    check(
        super::run,
        service([get("/").takes(named(0)).json("200", named(1))], types),
        &settings(""),
        expect![[r#"
        GET /(body: A-Input) -> Unit Unsafe
        type A-Input = { b: B-Input }
        type A = { b: B }
        type B-Input = { secret: String }
        type B = { id: Int(I64) }
        type C-Input = { made?: String }
        type C = { made: String }
        type D-Input = { only: D-Input }
    "#]],
    );
}
