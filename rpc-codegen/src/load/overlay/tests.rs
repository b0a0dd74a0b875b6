//! Documents with overlays: what comes out, and what is said.

use crate::Input;
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::{Document, Sources, load};
use crate::location::Location;
use crate::settings::At;

fn input(files: &[(&str, &str)]) -> Input {
    Input {
        service: "test".into(),
        document: "openapi.yaml".into(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect(),
        prefix: "specs/".into(),
    }
}

fn messages(diagnostics: Diagnostics) -> Vec<String> {
    let found = diagnostics.into_vec().into_iter();
    found
        .map(|found| format!("{}[{}] {}: {}", found.severity, found.rule.code, found.location, found.message))
        .collect()
}

/// The document as one line of JSON, then what was found.
fn apply(document: &str, version: &str, actions: &str) -> (String, Vec<String>) {
    let overlay = format!("overlay: {version}\ninfo: {{title: t, version: 1.0}}\nactions:\n{actions}");
    let input = input(&[("openapi.yaml", document), ("overlay.yaml", &overlay)]);
    let mut diagnostics = Diagnostics::default();
    let sources = Sources::read(&input, None, &mut diagnostics);
    (sources.document().unwrap().node().to_json().to_string(), messages(diagnostics))
}

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
fn hostile_queries_and_updates_are_bounded() {
    let long = format!("$.{}", "a".repeat(5000));
    let nested = format!("$[?{}@.a{}]", "(".repeat(50_000), ")".repeat(50_000));
    for (query, what) in [
        (long.as_str(), "is longer than 4096 bytes"),
        (&nested, "is longer than 4096 bytes"),
        ("$[?((((((@.a))))))]", "has more than 6 brackets inside of each other"),
        ("$..[?$.a && $.b]", "has more than one `$` in its filters"),
        ("$..[?$..a]", "has a filter with `$` and `..`, `*`, a list, a function or another filter"),
        ("$.*[?count($.*) > 1]", "has a filter with `$` and `..`, `*`, a list, a function or another filter"),
    ] {
        let (_, messages) = apply("{a: 1}", "1.1.0", &format!("  - {{target: '{query}', remove: true}}"));
        assert_eq!(messages, [format!("error[R106] specs/overlay.yaml:4:14: this JSONPath {what}")]);
    }
    // What is just not too much is read at once.
    let (_, messages) = apply("{a: 1}", "1.1.0", "  - {target: '$[?(((((@.a)))))]', remove: true}");
    assert!(messages.iter().all(|found| found.starts_with("warning[R107]")), "{messages:?}");
    // Quoted text is no structure.
    let (found, messages) =
        apply("{'((((((((..,$': 1}", "1.1.0", "  - {target: \"$['((((((((..,$']\", update: 2}");
    assert_eq!((found.as_str(), messages.len()), (r#"{"((((((((..,$":2}"#, 0));
    // What a query can pass through is known before it starts: many values that are deep, each many times, under long names.
    let deep = |depth: usize, leaves: usize| {
        format!("{}{}0{}", "[".repeat(depth), "0,".repeat(leaves), "]".repeat(depth))
    };
    let named = format!("{{\"{}\": [{}0]}}", "a".repeat(100_000), "0,".repeat(10_000));
    for (document, query) in [
        (deep(250, 70_000), "$..*".to_owned()),
        (deep(250, 70_000), format!("${}", "[*]".repeat(250))),
        (deep(200, 100), "$..*..*..*".to_owned()),
        (deep(200, 100), "$..[?@..[?@..a]]".to_owned()),
        (deep(10, 1), format!("${}", "[0,0]".repeat(100))),
        (named, "$..*".to_owned()),
    ] {
        let (_, messages) = apply(&document, "1.1.0", &format!("  - {{target: '{query}', remove: true}}"));
        let message = format!("`{query}` asks for more of this document than there is memory for");
        assert_eq!(messages, [format!("error[R106] specs/overlay.yaml:4:14: {message}")]);
    }
    // What is named first is no part of it, and what stays above depth is cheap, whatever lies below.
    let document = format!("{{\"a\": {{\"b\": {{\"c\": {{\"d\": 1}}}}}}, \"deep\": {}}}", deep(250, 70_000));
    for query in ["$.a..*..*..*", "$.*", "$.deep[0]"] {
        let (_, messages) = apply(&document, "1.1.0", &format!("  - {{target: '{query}', remove: true}}"));
        assert_eq!(messages, [""; 0], "{query}");
    }
    // Each pair of actions doubles the document, in depth or in size.
    let nest = "  - {target: $.x, update: {a: {}}}\n  - {target: $.x.a, copy: $.x}\n";
    let (_, nested) = apply("{x: {}}", "1.1.0", &nest.repeat(300));
    assert!(nested.is_empty() || nested.iter().all(|found| found.starts_with("error[R004]")), "{nested:?}");
    let large = format!("{{\"l\": [\"{}\"]}}", "a".repeat(1 << 20));
    let (_, sized) = apply(&large, "1.1.0", &"  - {target: $.l, copy: $.l}\n".repeat(8));
    assert!(sized.iter().all(|found| found.contains("more than 64 MiB larger")) && !sized.is_empty());
}

#[test]
fn which_overlays() {
    let document = "{openapi: 3.1.0, info: {title: t, version: '1'}, paths: {}, x_l: []}";
    let add = |what: &str, extends: &str| {
        format!(
            "{{overlay: 1.0.0, info: {{title: t, version: 1}}, {extends} actions: [{{target: $.x_l, update: {what}}}]}}"
        )
    };
    let files = [
        ("openapi.yaml", document.to_owned()),
        ("b.overlay.yml", add("b", "extends: ./openapi.yaml,")),
        (
            "a.overlay.json",
            r#"{"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "extends": "https://example.com/other.json",
                "actions": [{"target": "$.x_l", "update": "a"}]}"#
                .to_owned(),
        ),
        ("overlay.yaml", add("o", "")),
        ("not-overlay.yaml", add("n", "")),
        ("in/c.overlay.yaml", add("c", "")),
        ("other.overlay.yaml", add("x", "extends: other.yaml,")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let of = |files: &[(&str, &str)], listed: Option<&[&str]>, expected: &str, messages: &[&str]| {
        let place = Location::start_of("service.toml");
        let listed: Option<Vec<At<String>>> = listed.map(|listed| {
            listed.iter().map(|path| At { value: (*path).to_owned(), location: place.clone() }).collect()
        });
        let mut diagnostics = Diagnostics::default();
        let sources = Sources::read(&input(files), listed.as_deref(), &mut diagnostics);
        let found = sources.document().unwrap().node().get("x_l").unwrap().to_json().to_string();
        assert_eq!(found, expected);
        assert_eq!(self::messages(diagnostics), messages);
    };
    let check =
        |listed: Option<&[&str]>, expected: &str, messages: &[&str]| of(&files, listed, expected, messages);
    let other = "warning[R107] specs/other.overlay.yaml:1:57: `extends` names `other.yaml`, which is not this document; the overlay is not applied";
    check(None, r#"["a","b","o"]"#, &[other]);
    let mut more = files.clone();
    // Those of other documents, and what only has the name.
    more.extend([("b.yaml", "b: 1"), ("openapi.json", "{}"), ("c.overlay.yaml", "resources: [c.yaml]")]);
    let mine = add("m", "");
    more.push(("openapi.overlay.yaml", &mine));
    let c = "warning[R107] specs/c.overlay.yaml:1:1: the file is named like an overlay and has no key `overlay`; it is not applied";
    of(&more, None, r#"["a","m","o"]"#, &[c, other]);
    of(
        &more,
        Some(&["c.overlay.yaml"]),
        "[]",
        &["error[R106] specs/c.overlay.yaml:1:1: the key `overlay` is missing"],
    );
    let names: Vec<String> = (1000..1257).map(|n| format!("{n}.overlay.yaml")).collect();
    let mut many = vec![files[0]];
    many.extend(names.iter().map(|name| (name.as_str(), mine.as_str())));
    let all = format!("[{}]", vec![r#""m""#; 255].join(","));
    let too_many = "more than 255 overlays; this one and those after it are not applied";
    of(&many, None, &all, &[&format!("error[R106] specs/1255.overlay.yaml:1:1: {too_many}")]);
    let listed: Vec<&str> = names.iter().map(String::as_str).collect();
    of(&many, Some(&listed), &all, &[&format!("error[R504] service.toml:1:1: {too_many}")]);
    check(Some(&["not-overlay.yaml", "in/c.overlay.yaml", "b.overlay.yml"]), r#"["n","c","b"]"#, &[]);
    check(Some(&[]), "[]", &[]);
    check(
        Some(&["ovrlay.yaml"]),
        "[]",
        &["error[R504] service.toml:1:1: the folder has no file `ovrlay.yaml`"],
    );
}

fn loaded(files: &[(&str, &str)]) -> (Option<Document>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    (load(&input(files), None, &mut diagnostics), diagnostics)
}

#[test]
fn places_are_those_of_the_overlay() {
    let document = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {}\n";
    let overlay = "overlay: 1.0.0
info: {title: t, version: 1.0.0}
actions:
  - target: $
    update:
      info: {title: 7}
      paths:
        /a:
          get: {parameters: [7], responses: {200: {description: ok}}}
";
    let (found, _) = loaded(&[("openapi.yaml", document), ("overlay.yaml", overlay)]);
    let found = found.unwrap();
    let root = found.root().unwrap();
    let place = |keys: &[&str]| {
        let at = keys.iter().fold(root.clone(), |at, key| at.key(key).unwrap());
        format!("{} key {} #{}", at.location(), at.key_location(), at.location().pointer)
    };
    assert_eq!(place(&["info"]), "specs/openapi.yaml:2:7 key specs/openapi.yaml:2:1 #/info");
    assert_eq!(
        place(&["info", "version"]),
        "specs/openapi.yaml:2:27 key specs/openapi.yaml:2:18 #/info/version"
    );
    // Replaced: the value is the overlay's, the key stays where it was.
    assert_eq!(place(&["info", "title"]), "specs/overlay.yaml:6:21 key specs/openapi.yaml:2:8 #/info/title");
    assert_eq!(place(&["paths", "/a"]), "specs/overlay.yaml:9:11 key specs/overlay.yaml:8:9 #/paths/~1a");
}

#[test]
fn swagger_is_converted_after_its_overlays() {
    let document = "swagger: '2.0'\ninfo: {title: t, version: '1'}\npaths: {}\n";
    let overlay = "overlay: 1.0.0
info: {title: t, version: 1.0.0}
actions:
  - target: $.paths
    update:
      /a:
        get:
          parameters: [{name: q, in: query, type: array, collectionFormat: tsv, items: {type: string}}]
          responses: {200: {description: ok, schema: {$ref: '#/definitions/Pet'}}}
  - target: $
    update: {definitions: {Pet: {type: string}}}
";
    let (found, diagnostics) = loaded(&[("openapi.yaml", document), ("overlay.yaml", overlay)]);
    assert!(!diagnostics.has_errors());
    let found = found.unwrap();
    let operation = &found.operations()[0];
    let parameter = &operation.parameters()[0];
    assert_eq!(
        format!("{} #{}", parameter.location(), parameter.location().pointer),
        "specs/overlay.yaml:8:24 #/paths/~1a/get/parameters/0"
    );
    assert_eq!(found.schemas()[0].1.cursor().location().to_string(), "specs/overlay.yaml:11:33");
    let warnings: Vec<String> = messages(diagnostics);
    assert_eq!(
        warnings,
        [
            "warning[R105] specs/overlay.yaml:8:76: a list in `query` cannot be written as `tsv` says; `csv` is taken"
        ]
    );
}

#[test]
fn the_rule_can_be_an_error() {
    let mut input = input(&[
        (
            "openapi.yaml",
            "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'204': {description: ok}}}}}\n",
        ),
        (
            "my.yaml",
            "{overlay: 1.0.0, info: {title: t, version: 1}, actions: [{target: $.no, remove: true}]}",
        ),
    ]);
    let settings = |more: &str| format!("overlays = [\"my.yaml\"]\n{more}").into_bytes();
    input.files.insert("service.toml".into(), settings(""));
    let found = crate::resolve_document(&input).unwrap().diagnostics;
    assert!(found.iter().any(|found| found.rule.code == "R107" && found.severity == Severity::Warning));
    input.files.insert("service.toml".into(), settings("[severity]\nR107 = \"error\"\n"));
    assert!(crate::resolve_document(&input).is_err());
}
