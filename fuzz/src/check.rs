//! What must hold for every input.

use rpc_codegen::{Failure, Input, Options, Output, Severity, generate, resolve};

/// Reads an input up to the intermediate representation.
pub fn load(input: &Input) {
    if let Err(failure) = resolve(input) {
        explained(input, &failure);
    }
}

/// Makes a crate of an input.
pub fn whole(input: &Input) {
    match generate(input, &Options::default()) {
        Err(failure) => explained(input, &failure),
        Ok(output) => {
            sound(&output);
            // Twice is dear; the order of a hash map shows in some inputs as well as in all.
            let size: usize = input.files.values().map(Vec::len).sum();
            if size % 8 == 0 {
                same(input, &output);
            }
        }
    }
}

/// A failure has a reason, and a place that an editor can go to.
fn explained(input: &Input, failure: &Failure) {
    let errors = failure.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    assert!(errors.count() > 0, "a failure without an error");
    for found in &failure.diagnostics {
        assert_ne!(found.rule.code, "R900", "a mistake of the generator: {found}");
        let at = &found.location;
        let file = at.file.strip_prefix(&input.prefix).and_then(|path| input.file(path));
        let Some(bytes) = file else { panic!("{found}\nnames no file of the folder") };
        let text = String::from_utf8_lossy(bytes);
        // Line ends as YAML and editors count them: LF, CR LF and CR.
        let lines = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count();
        assert!(at.line >= 1 && at.line as usize <= lines, "{found}\nthe file has {lines} lines");
        assert!(at.column >= 1 && at.column as usize <= text.chars().count() + 2, "{found}\nno such column");
        let shown = found.to_string();
        let odd = |c: char| c.is_control() && c != '\n';
        assert!(!shown.chars().any(odd), "control characters in a message: {shown:?}");
        assert!(shown.lines().count() <= 3, "a message breaks out of its lines: {shown:?}");
    }
}

/// Rust parses, manifests parse, paths stay inside.
fn sound(output: &Output) {
    for (path, bytes) in output.files.iter() {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        assert!(path.bytes().all(plain) && !path.starts_with('/') && !path.contains(".."), "path {path:?}");
        let text = std::str::from_utf8(bytes).expect("files are UTF-8");
        if path.ends_with(".rs")
            && let Err(error) = syn::parse_file(text)
        {
            panic!("{path}: {error}\n{text}");
        }
        if path.ends_with(".toml") {
            assert!(text.parse::<toml::Table>().is_ok(), "{path} is no TOML\n{text}");
        }
    }
    let lock = output.names_lock.parse::<toml::Table>();
    assert!(lock.is_ok(), "names.lock is no TOML\n{}", output.names_lock);
}

/// The same input gives the same bytes, and its own lock changes nothing.
fn same(input: &Input, first: &Output) {
    let again = |input: &Input| generate(input, &Options::default()).expect("it went well the first time");
    let second = again(input);
    assert!(first.files == second.files && first.names_lock == second.names_lock, "two runs differ");
    let mut locked = input.clone();
    locked.files.insert("names.lock".into(), first.names_lock.clone().into_bytes());
    let third = again(&locked);
    assert_eq!(first.names_lock, third.names_lock, "its own lock changes names");
    assert!(first.files == third.files, "its own lock changes files");
}
