//! `new` with the real generator, on a small document.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::regen::Run;
use crate::regen::tests::Project;
use crate::report::Report;

const TOOLS: Tools = Tools { generate: rpc_codegen::generate, build: |_, _, _| Ok(Build::Good) };

pub(crate) const SERVICE: &str = "stock";

const REPLY: &str = r##"{"type": "object", "properties": {"errno": {"type": "integer"}, "errmsg": {"type": "string"}, "result": DATA}}"##;

fn document(data: [&str; 2]) -> String {
    let operation = |id: &str, data: &str| {
        let schema = REPLY.replace("DATA", data);
        format!(
            r#"{{"get": {{"operationId": "{id}", "responses": {{"200": {{"description": "", "content": {{"application/json": {{"schema": {schema}}}}}}}}}}}}}"#
        )
    };
    format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "Stock", "version": "1"}},
        "paths": {{"/a": {}, "/b": {}}},
        "components": {{"schemas": {{"Item": {{"type": "object", "properties": {{"price": {{"type": "string"}}}}}}}}}}}}"##,
        operation("get_item", data[0]),
        operation("count", data[1])
    )
}

/// A repository with one service, and a document that lies elsewhere.
pub(crate) struct Place {
    project: Project,
    elsewhere: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self { project: Project::new(&[]), elsewhere: tempfile::tempdir().unwrap() };
        place.received(&document([r##"{"$ref": "parts.json#/Item"}"##, r#"{"type": "integer"}"#]));
        let part = r#"{"Item": {"type": "object", "properties": {"price": {"type": "string"}}}}"#;
        fs::write(place.elsewhere.path().join("parts.json"), part).unwrap();
        place.project.write(
            "specs/orders/openapi.json",
            &document([r#"{"type": "string"}"#, r#"{"type": "integer"}"#]),
        );
        place.generate(&[], false);
        place
    }

    pub(crate) fn root(&self) -> &Path {
        self.project.folder.path()
    }

    fn received(&self, text: &str) {
        fs::write(self.elsewhere.path().join("api.json"), text).unwrap();
    }

    fn options(&self, service: &str) -> cli::New {
        cli::New {
            service: service.into(),
            spec: self.elsewhere.path().join("api.json"),
            dry_run: false,
            no_build: true,
            keep: false,
            verbose: false,
            root: None,
        }
    }

    pub(crate) fn new_with(&self, disk: &dyn Disk) -> anyhow::Result<bool> {
        run(disk, self.root(), &self.options(SERVICE), TOOLS)
    }

    fn generate(&self, named: &[&str], check: bool) -> Report {
        let run =
            Run { root: self.root(), disk: &RealDisk, generate: rpc_codegen::generate, check, diffs: false };
        run.all(&named.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), &mut |_, _, _| {}).unwrap()
    }

    /// Services that `gen --check` calls missing.
    pub(crate) fn missing_in_check(&self) -> Vec<String> {
        let report = self.generate(&[], true);
        report.rows.into_iter().filter(|row| row.status == Status::New).map(|row| row.service).collect()
    }

    /// The next command; whether it refused because the service is there.
    pub(crate) fn next(&self, command: &str) -> bool {
        match command {
            "gen" => assert!(self.generate(&[], false).is_clean()),
            "gen orders" => assert!(self.generate(&["orders"], false).is_clean()),
            _ => match self.new_with(&RealDisk) {
                Ok(good) => assert!(good),
                Err(error) => {
                    assert!(error.to_string().contains("is there already"), "{error:#}");
                    return true;
                }
            },
        }
        false
    }

    /// What stands in specs/ and generated/.
    pub(crate) fn tree(&self) -> Vec<(String, String)> {
        let of = |folder: &str| {
            let files = self.project.tree(folder).into_iter();
            files.map(|(path, text)| (format!("{folder}/{path}"), text)).collect::<Vec<_>>()
        };
        [of("specs"), of("generated")].concat()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap_or_default()
    }
}

fn paths(place: &Place) -> Vec<PathBuf> {
    place
        .tree()
        .into_iter()
        .map(|(path, _)| path.into())
        .filter(|path: &PathBuf| path.starts_with("specs/stock"))
        .collect()
}

#[test]
fn a_document_becomes_a_service_byte_for_byte() {
    let place = Place::new();
    assert!(place.new_with(&RealDisk).unwrap());
    let names = ["names.lock", "openapi.json", "parts.json", "service.toml"];
    assert_eq!(paths(&place), names.map(|name| PathBuf::from(format!("specs/stock/{name}"))));
    for (received, name) in [("api.json", "openapi.json"), ("parts.json", "parts.json")] {
        let received = fs::read_to_string(place.elsewhere.path().join(received)).unwrap();
        assert_eq!(place.read(&format!("specs/stock/{name}")), received);
    }
    let settings = place.read("specs/stock/service.toml");
    assert!(
        settings.contains("\n[envelope]\ncode = \"errno\"\nmessage = \"errmsg\"\ndata = \"result\"\n"),
        "{settings}"
    );
    assert!(settings.contains("# \"Item.price\" = \"decimal\"\n"), "{settings}");
    assert!(place.read("generated/stock/src/client.rs").contains("\"errno\""));
    assert!(place.generate(&[], true).is_clean(), "`gen` has nothing to add");
    assert!(place.next("new"), "a second time is refused");
}

#[test]
fn nothing_is_written_when_there_is_nothing_to_write() {
    let place = Place::new();
    let before = place.tree();
    let dry = cli::New { dry_run: true, ..place.options(SERVICE) };
    assert!(run(&RealDisk, place.root(), &dry, TOOLS).unwrap());
    assert_eq!(place.tree(), before);
    for (text, good) in [("{", false), ("{\"swagger\": \"1.2\"}", false), ("[1]", false)] {
        place.received(text);
        assert_eq!(place.new_with(&RealDisk).unwrap(), good, "{text}");
        assert_eq!(place.tree(), before);
    }
    for bad in ["Stock", "orders", "std"] {
        let error = run(&RealDisk, place.root(), &place.options(bad), TOOLS).unwrap_err();
        assert!(error.is::<cli::Usage>(), "{error:#}");
    }
    assert_eq!(place.tree(), before);
}

#[test]
fn findings_name_the_file_as_it_was_given() {
    let place = Place::new();
    place.received("{\"openapi\": \"3.1.0\",\n \"paths\": {\"/a\": 3}}");
    let Err(row) = plan(&place.options(SERVICE), rpc_codegen::generate).unwrap() else { panic!("refused") };
    let file = place.elsewhere.path().join("api.json").display().to_string();
    assert_eq!(row.diagnostics[0].location.to_string(), format!("{file}:2:18"));
    assert!(row.sources.contains_key(&file));
    assert!(row.diagnostics.iter().all(|found| found.severity == Severity::Error));
}

#[test]
fn a_panic_of_the_generator_is_an_error() {
    let place = Place::new();
    let before = place.tree();
    let tools = Tools { generate: |_, _| panic!("as told"), ..TOOLS };
    let error = run(&RealDisk, place.root(), &place.options(SERVICE), tools).unwrap_err();
    assert_eq!(error.to_string(), "the generator panicked; this is a bug in rpc-codegen");
    assert_eq!(place.tree(), before);
}

#[test]
fn the_preview_says_what_there_would_be() {
    let place = Place::new();
    let Ok(plan) = plan(&place.options(SERVICE), rpc_codegen::generate).unwrap() else { panic!("refused") };
    let text = preview::text(SERVICE, &plan.survey, &plan.output, false);
    for line in [
        "stock: Stock 1, 2 operations, 1 types,",
        "get_item() → Item",
        "envelope     {errno, errmsg, result}, opened for 2 of 2 operations",
        "credentials  none asked for",
        "1 × note[R308]",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let mut many = plan.survey;
    many.operations = many.operations.iter().cycle().take(45).cloned().collect();
    assert!(
        preview::text(SERVICE, &many, &plan.output, false).contains("and 25 more, see them with --verbose")
    );
    assert!(!preview::text(SERVICE, &many, &plan.output, true).contains(" more"));
    let next = preview::next_steps(SERVICE, &many, false);
    for line in [
        "stock = { path = \"generated/stock\" }",
        "client.get_item().await?;",
        "cargo check -p stock",
        "mock stock --env mock.env",
        "call --env-file mock.env stock get_item",
    ] {
        assert!(next.contains(line), "{line} is not in\n{next}");
    }
}

/// Stands for a build that brings the lock up to date.
fn locked(root: &Path) {
    fs::write(root.join("Cargo.lock"), "with the new crate").unwrap();
}

#[test]
fn a_crate_that_does_not_compile_is_taken_back_unless_it_is_to_be_kept() {
    let broken: Builder = |root, _, _| {
        locked(root);
        Ok(Build::Broken(vec!["error: no".into()]))
    };
    let elsewhere: Builder = |root, _, _| {
        locked(root);
        Ok(Build::Elsewhere("error: disk full".into()))
    };
    let good: Builder = |root, _, _| {
        locked(root);
        Ok(Build::Good)
    };
    for (build, keep, stays, expected) in [
        (broken, false, false, false),
        (broken, true, true, false),
        (elsewhere, false, true, false),
        (good, false, true, true),
    ] {
        let place = Place::new();
        fs::write(place.root().join("Cargo.lock"), "as it was").unwrap();
        let before = place.tree();
        let options = cli::New { no_build: false, keep, ..place.options(SERVICE) };
        let tools = Tools { build, ..TOOLS };
        assert_eq!(run(&RealDisk, place.root(), &options, tools).unwrap(), expected);
        assert_eq!(place.tree() != before, stays);
        assert_eq!(place.read("Cargo.lock") == "with the new crate", stays);
        assert!(!place.root().join(crate::apply::STAGING).exists());
    }
}
