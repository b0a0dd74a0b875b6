use expect_test::{Expect, expect};

use super::super::json;
use super::show;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&match json::parse(text) {
        Ok(node) => show(&node),
        Err(fault) => format!("{}[{}:{}] {}", fault.rule.code, fault.line, fault.column, fault.message),
    });
}

#[test]
fn places() {
    check(
        "{\n  \"a\": [1, -2.50e+1],\r\n\t\"ü𝄞\": {\"b\": null}, \"c\": true}",
        expect![[r#"
        object @1:1
          "a"@2:3 array @2:8
            [0] number 1 @2:9
            [1] number -2.50e+1 @2:12
          "ü𝄞"@3:2 object @3:8
            "b"@3:9 null @3:14
          "c"@3:21 true @3:26
    "#]],
    );
}

#[test]
fn escapes() {
    check(
        r#"["\"\\\/\b\f\n\r\t", "\u00e9\uD834\uDD1E", "é𝄞", "\u0000"]"#,
        expect![[r#"
        array @1:1
          [0] "\"\\/\u{8}\u{c}\n\r\t" @1:2
          [1] "é𝄞" @1:22
          [2] "é𝄞" @1:44
          [3] "\0" @1:50
    "#]],
    );
}

#[test]
fn broken_surrogates() {
    check(
        r#"["\ud834"]"#,
        expect![[r#"R001[1:3] `\ud834` is half of a surrogate pair; the other half is missing"#]],
    );
    check(
        r#"["\ud834\u0041"]"#,
        expect![[r#"R001[1:3] `\ud834` is half of a surrogate pair; the other half is missing"#]],
    );
    check(
        r#"["\udd1e"]"#,
        expect![[r#"R001[1:3] `\udd1e` is half of a surrogate pair; the other half is missing"#]],
    );
}

#[test]
fn numbers() {
    check(
        "[0, -0, 1.0, 12345678901234567890.123, 1E-7, 1e999]",
        expect![[r#"
        array @1:1
          [0] number 0 @1:2
          [1] number -0 @1:5
          [2] number 1.0 @1:9
          [3] number 12345678901234567890.123 @1:14
          [4] number 1E-7 @1:40
          [5] number 1e999 @1:46
    "#]],
    );
    check("[01]", expect!["R001[1:3] a number cannot start with `0` and another digit"]);
    check("[-]", expect!["R001[1:3] expected a digit after `-`, found `]`"]);
    check("[1.]", expect!["R001[1:4] expected a digit after `.`, found `]`"]);
    check("[1e]", expect!["R001[1:4] expected a digit in the exponent, found `]`"]);
    check("[+1]", expect!["R001[1:2] expected a value or `]`, found `+`"]);
}

#[test]
fn structure() {
    check("", expect!["R001[1:1] expected a value, found the end of the file"]);
    check("{\"a\": 1 x}", expect!["R001[1:9] expected `,` or `}` after this value, found `x`"]);
    check("{\"a\" 1}", expect!["R001[1:6] expected `:` after this key, found `1`"]);
    check("{\"a\":}", expect!["R001[1:6] expected a value after `:`, found `}`"]);
    check("{\"a\": 1,}", expect!["R001[1:9] expected a key in double quotes after `,`, found `}`"]);
    check("{a: 1}", expect!["R001[1:2] expected a key in double quotes or `}`, found `a`"]);
    check("[1 2]", expect!["R001[1:4] expected `,` or `]` after this value, found `2`"]);
    check("[1,]", expect!["R001[1:4] expected a value after `,`, found `]`"]);
    check("[1", expect!["R001[1:3] expected `,` or `]` after this value, found the end of the file"]);
    check("[] []", expect!["R001[1:4] expected the end of the file, found `[`"]);
    check("[nul]", expect!["R001[1:2] expected a value or `]`, found `n`"]);
    check("\u{1}", expect![[r#"R001[1:1] expected a value, found `\u{1}`"#]]);
}

#[test]
fn strings() {
    check(
        "[\"abc",
        expect![[r#"R001[1:6] expected `"` at the end of this string, found the end of the file"#]],
    );
    check("[\"a\nb\"]", expect![[r#"R001[1:4] a string cannot go on in the next line; write `\n`"#]]);
    check("[\"é\u{7}\"]", expect![[r#"R001[1:4] a control character in a string; write `\u0007`"#]]);
    check("[\"\\x\"]", expect![[r#"R001[1:4] expected one of `"\/bfnrtu` after `\`, found `x`"#]]);
    check("[\"\\u12g4\"]", expect![[r#"R001[1:7] expected four hexadecimal digits after `\u`, found `g`"#]]);
}

#[test]
fn depth() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert!(json::parse(&nested(256)).is_ok());
    check(&nested(257), expect!["R004[1:257] values are nested more than 256 deep"]);
    check(&"[".repeat(1_000_000), expect!["R004[1:257] values are nested more than 256 deep"]);
}
