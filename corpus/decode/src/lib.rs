//! Reads the examples of documents into the generated types: the library of programs that `cargo xtask corpus --examples`
//! writes, which know the types.
//!
//! An example that its own schema accepts, as generators read it ([`implied`]), must be read; one that contradicts its schema is
//! listed with both reasons.

mod implied;
#[expect(dead_code, reason = "the check of answers needs more of it")]
#[path = "../../../rpc-mock-spec/examples/check/raw.rs"]
mod raw;

use std::fs;
use std::path::{Path, PathBuf};

use raw::Raw;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use serde_with::de::DeserializeAsWrap;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};

/// Reads a text into a type, writes it, and reads it again; what went wrong otherwise.
pub type Decoder = fn(&str) -> Result<(), String>;

/// One document of a program.
#[derive(Debug)]
pub struct Subject {
    /// Folder with the document and its [`Plan`].
    pub folder: &'static str,
    /// The decoders that the plan speaks of.
    pub decoders: &'static [Decoder],
}

/// `examples.json`: which example goes into which type.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// The document.
    pub document: PathBuf,
    /// What to read.
    pub examples: Vec<Example>,
}

/// One example.
#[derive(Debug, Serialize, Deserialize)]
pub struct Example {
    /// Where it stands.
    pub pointer: String,
    /// Where its schema stands.
    pub schema: String,
    /// Index of its decoder.
    pub decoder: usize,
    /// Its text.
    pub text: Box<RawValue>,
}

/// What became of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was read.
    Decoded,
    /// It was not read, and its own schema does not accept it either.
    Contradicts {
        /// Why it was not read.
        error: String,
        /// What the schema says.
        schema: String,
    },
    /// Its schema accepts it (or says nothing that can be checked), and it was not read.
    Lost {
        /// Why it was not read.
        error: String,
    },
}

/// A decoder for a type with serde's own form.
///
/// # Errors
/// When the text does not survive.
pub fn plain<T>(text: &str) -> Result<(), String>
where
    T: PartialEq + Serialize + for<'de> Deserialize<'de>,
{
    coded::<T, serde_with::Same>(text)
}

/// A decoder for a type with a form that a codec knows.
///
/// # Errors
/// When the text does not survive.
pub fn coded<T, C>(text: &str) -> Result<(), String>
where
    T: PartialEq,
    C: SerializeAs<T> + for<'de> DeserializeAs<'de, T>,
{
    let read = |text: &str| serde_json::from_str::<DeserializeAsWrap<T, C>>(text);
    let value = read(text).map_err(|error| error.to_string())?.into_inner();
    let written = serde_json::to_string(&SerializeAsWrap::<T, C>::new(&value))
        .map_err(|error| format!("read, but not written: {error}"))?;
    let again = read(&written).map_err(|error| format!("written, but not read again: {error}"))?;
    if again.into_inner() == value { Ok(()) } else { Err("another value after writing and reading".into()) }
}

/// Reads all examples of the subjects and gives a line for each: document, pointer, verdict, reasons, tab-separated.
///
/// # Errors
/// When a plan or a document cannot be read.
pub fn run(subjects: &[Subject]) -> Result<String, String> {
    let mut lines = String::new();
    for subject in subjects {
        let folder = Path::new(subject.folder);
        let plan: Plan = read(&folder.join("examples.json"))?;
        let document: Value = read(&plan.document)?;
        let name = plan.document.file_stem().unwrap_or_default().to_string_lossy();
        let mut raw = None;
        for example in &plan.examples {
            let Some(decoder) = subject.decoders.get(example.decoder) else {
                return Err(format!("{name}: there is no decoder {}", example.decoder));
            };
            let verdict = match decoder(example.text.get()) {
                Ok(()) => Verdict::Decoded,
                Err(error) => {
                    let raw = raw.get_or_insert_with(|| Raw::new(implied::write_out(document.clone())));
                    judge(raw.as_ref().map_err(String::as_str), example, error)
                }
            };
            let (word, reasons) = match verdict {
                Verdict::Decoded => ("decoded", String::new()),
                Verdict::Contradicts { error, schema } => ("contradicts", format!("{error} | {schema}")),
                Verdict::Lost { error } => ("LOST", error),
            };
            let reasons = reasons.replace(['\n', '\t', '\r'], " ");
            lines.push_str(&format!("{name}\t{}\t{word}\t{reasons}\n", example.pointer));
        }
    }
    Ok(lines)
}

/// Asks the schema about an example that was not read.
fn judge(raw: Result<&Raw, &str>, example: &Example, error: String) -> Verdict {
    let schema =
        raw.map_err(str::to_owned).and_then(|raw| raw.validator(&format!("#{}", example.schema), true));
    let found = schema.and_then(|validator| {
        let value: Value = serde_json::from_str(example.text.get()).map_err(|error| error.to_string())?;
        Ok(validator.iter_errors(&value).next().map(|error| error.to_string()))
    });
    match found {
        Ok(Some(schema)) => Verdict::Contradicts { error, schema: schema.chars().take(200).collect() },
        Ok(None) => Verdict::Lost { error },
        Err(broken) => Verdict::Lost { error: format!("{error} | {broken}") },
    }
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

    use super::*;

    #[derive(PartialEq, Serialize, Deserialize)]
    struct Odd(#[serde(serialize_with = "wrong")] i64);

    fn wrong<S: serde::Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(value + 1)
    }

    #[test]
    fn values_survive_or_it_is_said() {
        assert_eq!(plain::<Vec<i64>>("[1, 2]"), Ok(()));
        assert!(plain::<i64>("\"a\"").unwrap_err().contains("invalid type"));
        assert_eq!(plain::<Odd>("1").unwrap_err(), "another value after writing and reading");
    }

    #[test]
    fn verdicts() {
        let folder = tempfile::tempdir().unwrap();
        let document = folder.path().join("d.json");
        let schemas = r#"{"A": {"type": "integer"}, "B": {"type": "string", "nullable": true}}"#;
        fs::write(&document, format!(r#"{{"openapi": "3.0.0", "components": {{"schemas": {schemas}}}}}"#))
            .unwrap();
        let example = |name: &str, text: &str| Example {
            pointer: format!("/{name}"),
            schema: format!("/components/schemas/{name}"),
            decoder: 0,
            text: RawValue::from_string(text.into()).unwrap(),
        };
        let examples = vec![example("A", "1"), example("A", "\"x\""), example("B", "null")];
        let plan = serde_json::to_string(&Plan { document, examples }).unwrap();
        fs::write(folder.path().join("examples.json"), plan).unwrap();
        let path: &'static str = Box::leak(folder.path().to_str().unwrap().to_owned().into_boxed_str());
        let lines = run(&[Subject { folder: path, decoders: &[plain::<i64>] }]).unwrap();
        let words: Vec<&str> = lines.lines().map(|line| line.split('\t').nth(2).unwrap()).collect();
        assert_eq!(words, ["decoded", "contradicts", "LOST"], "{lines}");
    }
}
