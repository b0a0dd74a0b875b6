use expect_test::{Expect, expect};

use super::super::yaml;
use super::show;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&match yaml::parse(text) {
        Ok(node) => show(&node),
        Err(fault) => format!("{}[{}:{}] {}", fault.rule.code, fault.line, fault.column, fault.message),
    });
}

#[test]
fn places() {
    check(
        "# first\nopenapi: 3.1.0\nüß: {b: [1, x]}\npaths:\n  /a:\n    - get\n    -  k: v\n",
        expect![[r#"
        object @2:1
          "openapi"@2:1 "3.1.0" @2:10
          "üß"@3:1 object @3:5
            "b"@3:6 array @3:9
              [0] number 1 @3:10
              [1] "x" @3:13
          "paths"@4:1 object @5:3
            "/a"@5:3 array @6:5
              [0] "get" @6:7
              [1] object @7:8
                "k"@7:8 "v" @7:11
    "#]],
    );
}

#[test]
fn core_schema() {
    check(
        "[~, null, True, FALSE, yes, 12, +12, 007, 0x1F, 0o14, -1.5e3, .5, 1., 1e3]",
        expect![[r#"
            array @1:1
              [0] null @1:2
              [1] null @1:5
              [2] true @1:11
              [3] false @1:17
              [4] "yes" @1:24
              [5] number 12 @1:29
              [6] number 12 @1:33
              [7] number 7 @1:38
              [8] number 31 @1:43
              [9] number 12 @1:49
              [10] number -1.5e3 @1:55
              [11] number 0.5 @1:63
              [12] number 1.0 @1:67
              [13] number 1e3 @1:71
        "#]],
    );
    check(
        "[.inf, -.INF, .nan, 2024-01-01, 2024-01-01T00:00:00Z, 1_000, 0x, 1:30, '12', \"true\", -x]",
        expect![[r#"
            array @1:1
              [0] ".inf" @1:2
              [1] "-.INF" @1:8
              [2] ".nan" @1:15
              [3] "2024-01-01" @1:21
              [4] "2024-01-01T00:00:00Z" @1:33
              [5] "1_000" @1:55
              [6] "0x" @1:62
              [7] "1:30" @1:66
              [8] "12" @1:72
              [9] "true" @1:78
              [10] "-x" @1:86
        "#]],
    );
    check(
        "[!!str 12, !!int '12', ! 12, !custom x, !!str true]",
        expect![[r#"
        array @1:1
          [0] "12" @1:2
          [1] number 12 @1:12
          [2] "12" @1:24
          [3] "x" @1:30
          [4] "true" @1:41
    "#]],
    );
}

#[test]
fn block_scalars() {
    check(
        "a: |\n  one\n  two\nb: >-\n  three\n  four\n",
        expect![[r#"
        object @1:1
          "a"@1:1 "one\ntwo\n" @2:3
          "b"@4:1 "three four" @5:3
    "#]],
    );
}

#[test]
fn keys() {
    check(
        "200: a\ntrue: b\n1.0: c\n~: d\n'4XX': e\n",
        expect![[r#"
        object @1:1
          "200"@1:1 "a" @1:6
          "true"@2:1 "b" @2:7
          "1.0"@3:1 "c" @3:6
          "~"@4:1 "d" @4:4
          "4XX"@5:1 "e" @5:8
    "#]],
    );
    check("? [a]\n: b\n", expect!["R001[1:3] a key must be a plain value, found a collection"]);
}

#[test]
fn aliases() {
    check(
        "base: &b\n  x: [1]\ncopy: *b\nname: &n key\n*n : v\n",
        expect![[r#"
        object @1:1
          "base"@1:1 object @1:7
            "x"@2:3 array @2:6
              [0] number 1 @2:7
          "copy"@3:1 object @3:7
            "x"@2:3 array @2:6
              [0] number 1 @2:7
          "name"@4:1 "key" @4:7
          "key"@5:1 "v" @5:6
    "#]],
    );
    check("a: &a [*a]\n", expect!["R001[1:8] an alias stands inside the value that it names"]);
    check("a: *nowhere\n", expect!["R001[1:4] while parsing node, found unknown anchor"]);
}

#[test]
fn merge_keys() {
    check(
        "a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n  z: 4\n",
        expect![[r#"
        object @1:1
          "a"@1:1 object @1:4
            "x"@1:8 number 1 @1:11
            "y"@1:14 number 2 @1:17
          "b"@2:1 object @3:3
            "y"@3:3 number 3 @3:6
            "x"@1:8 number 1 @1:11
            "z"@5:3 number 4 @5:6
    "#]],
    );
    check(
        "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], '<<': plain}\n",
        expect![[r#"
        object @1:1
          "a"@1:1 object @1:4
            "x"@1:8 number 1 @1:11
          "b"@2:1 object @2:4
            "x"@2:8 number 2 @2:11
            "y"@2:14 number 2 @2:17
          "c"@3:1 object @3:4
            "x"@1:8 number 1 @1:11
            "y"@2:14 number 2 @2:17
            "<<"@3:19 "plain" @3:25
    "#]],
    );
    check("a: {<<: 5}\n", expect!["R001[1:9] `<<` takes a mapping or a list of mappings, found number"]);
}

#[test]
fn laughs() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    check(&text, expect!["R004[6:5] aliases make the document more than 64 MiB larger"]);
    let chain: String = (1..400).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)).collect();
    check(&format!("a0: &a0 []\n{chain}"), expect!["R004[256:14] values are nested more than 256 deep"]);
    let block: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check(&block, expect!["R004[257:257] values are nested more than 256 deep"]);
    check(&"[".repeat(300), expect!["R004[1:256] brackets are nested too deeply"]);
}

#[test]
fn malformed() {
    check(
        "",
        expect![[r#"
        null @1:1
    "#]],
    );
    check("a: b\n c: d\n", expect!["R001[2:3] mapping values are not allowed in this context"]);
    check("a: [1, 2\n", expect!["R001[2:1] while parsing a flow sequence, expected ',' or ']'"]);
    check("a: \"x\n", expect!["R001[1:4] while scanning a quoted scalar, found unexpected end of stream"]);
    check("a: 1\n---\nb: 2\n", expect!["R001[2:1] a second document starts here; a file is one document"]);
    check("a: 1\n\tb: 2\n", expect!["R001[1:4] while scanning a plain scalar, found a tab"]);
    check("a: x\0y\n", expect!["R001[1:5] a NUL character, which YAML does not allow"]);
}
