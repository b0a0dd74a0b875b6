//! What actions do, and what is said about wrong ones.

use crate::diagnostic::Diagnostics;
use crate::load::Sources;

use super::{apply, input};

#[test]
fn what_actions_do() {
    let check = |document: &str, actions: &str, expected: &str| {
        let (found, messages) = apply(document, "1.1.0", actions);
        assert_eq!((found.as_str(), messages), (expected, Vec::new()), "{document} {actions}");
    };
    // Objects are merged at any depth, new members go to the end, primitive values are replaced.
    check(
        "{a: {b: 1, c: {d: 1.10}}, z: 0}",
        "  - {target: $.a, update: {c: {e: [1]}, b: two, f: null}}",
        r#"{"a":{"b":"two","c":{"d":1.1,"e":[1]},"f":null},"z":0}"#,
    );
    check("{a: {b: 1}}", "  - {target: $, update: {a: {b: null}}}", r#"{"a":{"b":null}}"#);
    // Arrays: of a property, of the target, and one more item.
    check("{a: {l: [1]}}", "  - {target: $.a, update: {l: [2, 3]}}", r#"{"a":{"l":[1,2,3]}}"#);
    check("{l: [1]}", "  - {target: $.l, update: [2, [3]]}", r#"{"l":[1,2,[3]]}"#);
    check("{l: [1]}", "  - {target: $.l, update: {x: 2}}", r#"{"l":[1,{"x":2}]}"#);
    check("{l: [1]}", "  - {target: $.l, update: two}", r#"{"l":[1,"two"]}"#);
    // A primitive value itself.
    check("{a: {b: 1}}", "  - {target: $.a.b, update: two}", r#"{"a":{"b":"two"}}"#);
    // Several targets, each once; quoted names, filters, wildcards, descendants.
    check(
        "{p: {/a: {get: {}}, /b: {get: {x: 1}, put: {}}}}",
        "  - {target: '$.p.*.get', update: {x: 2}}\n  - {target: \"$.p['/b'].put\", update: {y: 1}}",
        r#"{"p":{"/a":{"get":{"x":2}},"/b":{"get":{"x":2},"put":{"y":1}}}}"#,
    );
    check("{a: {}}", "  - {target: \"$['a','a']\", update: {l: [1]}}", r#"{"a":{"l":[1]}}"#);
    check(
        "{l: [{n: a}, {n: b, in: q}]}",
        "  - {target: \"$.l[?@.n=='b' && @.in=='q']\", update: {x: 1}}",
        r#"{"l":[{"n":"a"},{"n":"b","in":"q","x":1}]}"#,
    );
    check("{a: {x: {}}, x: {}}", "  - {target: $..x, update: {y: 1}}", r#"{"a":{"x":{"y":1}},"x":{"y":1}}"#);
    check("{l: [ab, c]}", "  - {target: '$.l[?length(@) > 1]', remove: true}", r#"{"l":["c"]}"#);
    check("{l: [ab, c]}", "  - {target: \"$.l[?match(@, '[a-b]+')]\", remove: true}", r#"{"l":["c"]}"#);
    // Removal: of members, of several items, of nested targets; `update` beside it counts for nothing.
    check("{a: 1, b: 2}", "  - {target: $.a, remove: true, update: 3}", r#"{"b":2}"#);
    check("{l: [1, 2, 3, 4]}", "  - {target: '$.l[0,2,3]', remove: true}", r#"{"l":[2]}"#);
    let names: Vec<String> = (0..40).map(|n| format!("'{n}'")).collect();
    let of_many = format!("  - {{target: \"$.p[{}]['a', 'b']..x\", update: 2}}", names.join(", "));
    check(
        "{p: {1: {a: {x: 1}}, 39: {b: {x: 1}}}}",
        &of_many,
        r#"{"p":{"1":{"a":{"x":2}},"39":{"b":{"x":2}}}}"#,
    );
    check("{l: [1, 2], n: 2}", "  - {target: '$.l[?@ == $.n]', remove: true}", r#"{"l":[1],"n":2}"#);
    check("{a: {a: {a: 1}}, b: 1}", "  - {target: $..a, remove: true}", r#"{"b":1}"#);
    check("{a: {b: 1}}", "  - {target: $.a, update: {c: 1}, remove: false}", r#"{"a":{"b":1,"c":1}}"#);
    // In order: each on the result of the one before.
    check(
        "{a: {l: [1, 2]}}",
        "  - {target: $.a.l, remove: true}\n  - {target: $.a, update: {l: [3]}}\n  - {target: '$.a.l[0]', update: 4}",
        r#"{"a":{"l":[4]}}"#,
    );
    // Copies, and a move.
    check("{a: {x: 1}, b: {y: 2}}", "  - {target: $.b, copy: $.a}", r#"{"a":{"x":1},"b":{"y":2,"x":1}}"#);
    check(
        "{p: {old: {x: 1}}}",
        "  - {target: $.p, update: {new: {}}}\n  - {target: $.p.new, copy: $.p.old}\n  - {target: $.p.old, remove: true}",
        r#"{"p":{"new":{"x":1}}}"#,
    );
    check("{a: {x: 1}}", "  - {target: $.a, copy: $}", r#"{"a":{"x":1,"a":{"x":1}}}"#);
}

#[test]
fn versions_differ() {
    let check = |document: &str, version: &str, actions: &str, expected: &str| {
        let (found, messages) = apply(document, version, actions);
        assert_eq!((found.as_str(), messages), (expected, Vec::new()), "{version} {actions}");
    };
    // An array for an array: one more item at first, its items since 1.1. Inside of an object always its items.
    let list = "  - {target: $.l, update: [2]}\n  - {target: '$.l[1:]', update: [3]}";
    check("{l: [1]}", "1.0.0", list, r#"{"l":[1,[2,[3]]]}"#);
    let list = "  - {target: $.l, update: [2]}\n  - {target: $.l, update: [3]}";
    check("{l: [1]}", "1.1.0", list, r#"{"l":[1,2,3]}"#);
    check("{l: [1]}", "1.0.0", "  - {target: $, update: {l: [2]}}", r#"{"l":[1,2]}"#);
    let primitive = "  - {target: $.a, update: 2}";
    check("{a: 1}", "1.1.0", primitive, r#"{"a":2}"#);
    let (found, messages) = apply("{a: 1}", "1.0.0", primitive);
    let expected =
        "error[R106] specs/overlay.yaml:4:27: Overlay 1.0 updates objects and arrays, no primitive values";
    assert_eq!((found.as_str(), messages), (r#"{"a":1}"#, vec![expected.to_owned()]));
}

/// Queries see what actions before them did, at any depth.
#[test]
fn queries_see_what_was_merged() {
    let actions = "  - {target: $, update: {a: {l: [2, {x: 1}], n: {m: 1.10}, s: t}}}
  - {target: '$.a.l[1]', update: two}
  - {target: '$.a.l[?@.x == 1]', update: {y: 1}}
  - {target: '$.a[?@.m == 1.1]', update: {m: [1]}}
  - {target: '$.a[?@ == \"t\"]', update: u}
  - {target: '$[?@.s == \"u\"]', update: {found: true}}
";
    let (found, messages) = apply("{a: {l: [1]}}", "1.1.0", actions);
    assert_eq!(messages, ["error[R106] specs/overlay.yaml:7:46: an array cannot be merged into a number"]);
    assert_eq!(found, r#"{"a":{"l":[1,"two",{"x":1,"y":1}],"n":{"m":1.1},"s":"u","found":true}}"#);
}

#[test]
fn what_is_wrong() {
    let check = |document: &str, version: &str, actions: &str, expected: &[&str]| {
        assert_eq!(apply(document, version, actions).1, expected, "{actions}");
    };
    let one =
        |actions: &str, expected: &str| check("{a: {b: 1, l: [1]}, s: x}", "1.1.0", actions, &[expected]);
    one(
        "  - {target: $.no, update: 1}",
        "warning[R107] specs/overlay.yaml:4:14: `$.no` selects nothing in the document; the action changes nothing",
    );
    one("  - {target: $.a}", "warning[R107] specs/overlay.yaml:4:5: the action changes nothing");
    one(
        "  - {target: '$.a[', update: 1}",
        "error[R106] specs/overlay.yaml:4:14: `$.a[` is not a JSONPath: it cannot be read from character 4 on",
    );
    one(
        "  - {target: a, update: 1}",
        "error[R106] specs/overlay.yaml:4:14: `a` is not a JSONPath: it cannot be read from character 1 on",
    );
    one(
        "  - {target: 7, update: 1}",
        "error[R106] specs/overlay.yaml:4:14: `target`: expected a JSONPath, found a number",
    );
    one("  - {update: 1}", "error[R106] specs/overlay.yaml:4:5: the key `target` is missing");
    one(
        "  - {target: $.a, updates: 1, remove: true}",
        "error[R106] specs/overlay.yaml:4:19: unknown key `updates`",
    );
    one(
        "  - {target: $.a, remove: yes please}",
        "error[R106] specs/overlay.yaml:4:27: `remove`: expected `true` or `false`, found a string",
    );
    one(
        "  - {target: $.a, update: {}, copy: $.s}",
        "error[R106] specs/overlay.yaml:4:37: an action has both `update` and `copy`",
    );
    one(
        "  - {target: $.a, update: [1]}",
        "error[R106] specs/overlay.yaml:4:27: an array cannot be merged into an object",
    );
    one(
        "  - {target: $.a, update: {b: {}}}",
        "error[R106] specs/overlay.yaml:4:31: an object cannot be merged into a number",
    );
    one(
        "  - {target: $, update: {a: {l: 2}}}",
        "error[R106] specs/overlay.yaml:4:33: a number cannot be merged into an array",
    );
    one(
        "  - {target: $.a, copy: $.s}",
        "error[R106] specs/overlay.yaml:4:25: a string cannot be merged into an object",
    );
    one(
        "  - {target: $.a, copy: $.*}",
        "error[R106] specs/overlay.yaml:4:25: `copy` selects 2 values; it takes one",
    );
    one(
        "  - {target: $.a.*, update: 1}",
        "error[R106] specs/overlay.yaml:4:29: the target selects values of several kinds; they have to be all objects, all arrays or all primitive values",
    );
    one(
        "  - {target: $, remove: true}",
        "error[R106] specs/overlay.yaml:4:14: the whole document cannot be removed",
    );
    one("  - 7", "error[R106] specs/overlay.yaml:4:5: an action is an object, found a number");
    one(
        "  []",
        "error[R106] specs/overlay.yaml:4:3: `actions`: expected a list with at least one action, found an empty one",
    );
    one(
        "  {target: $}",
        "error[R106] specs/overlay.yaml:4:3: `actions`: expected a list with at least one action, found an object",
    );
    check(
        "{}",
        "1.0.0",
        "  - {target: $, copy: $}",
        &["error[R106] specs/overlay.yaml:4:23: Overlay 1.0 has no `copy`"],
    );
    check(
        "{}",
        "2.0.0",
        "  - 1",
        &["error[R106] specs/overlay.yaml:1:10: Overlay `2.0.0` is not a supported version; 1.0 and 1.1 are"],
    );
    check(
        "{}",
        "[]",
        "  - 1",
        &["error[R106] specs/overlay.yaml:1:10: `overlay`: expected a string, found an array"],
    );
}

#[test]
fn what_is_not_there_is_named() {
    let check = |query: &str, expected: &str| {
        let overlay = format!(
            "{{overlay: 1.0.0, info: {{title: t, version: 1}}, actions: [{{target: \"{query}\", remove: true}}]}}"
        );
        let document = "{paths: {/orders: {get: {tags: [a]}}, /items: {}}}";
        let input = input(&[("openapi.yaml", document), ("overlay.yaml", &overlay)]);
        let mut diagnostics = Diagnostics::default();
        Sources::read(&input, None, &mut diagnostics);
        let found = diagnostics.into_vec().remove(0);
        assert_eq!((found.rule.code, found.help.as_deref()), ("R107", Some(expected)), "{query}");
    };
    check("$.path['/orders']", "`$` has no `path`; did you mean `paths`?");
    check("$.paths['/order'].get", "`$.paths` has no `/order`; did you mean `/orders`?");
    check("$.paths['/orders'].get.tags[1]", "`$.paths['/orders'].get.tags` is there, `1` in it is not");
    check("$.paths['/nothing'].*", "`$.paths` is there, `/nothing` in it is not");
    check("$.paths['/items'].*", "remove the action, unless another document needs it");
    check("$..x", "remove the action, unless another document needs it");
}
