//! Which files are overlays, and how much it matters.

use crate::diagnostic::{Diagnostics, Severity};
use crate::load::Sources;
use crate::location::Location;
use crate::settings::At;

use super::input;

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
        assert_eq!(super::messages(diagnostics), messages);
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
    let names: Vec<String> = (1000..1256).map(|n| format!("{n}.overlay.yaml")).collect();
    let mut many = vec![files[0]];
    many.extend(names.iter().map(|name| (name.as_str(), mine.as_str())));
    let all = format!("[{}]", vec![r#""m""#; 254].join(","));
    let too_many = "more than 254 overlays; this one and those after it are not applied";
    of(&many, None, &all, &[&format!("error[R106] specs/1254.overlay.yaml:1:1: {too_many}")]);
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
