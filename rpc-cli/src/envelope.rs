//! The envelope of a document that nobody has written settings for: as `xtask new` would set it, where there is no doubt.

use rpc_codegen::Input;
use rpc_codegen::detect::{Verdict, survey};

const SETTINGS: &str = "service.toml";

/// Gives an input without settings those of its envelope, and says so. `None`: it has settings, or nothing is sure.
pub(crate) fn assume(input: &mut Input) -> Option<String> {
    if input.files.contains_key(SETTINGS) {
        return None;
    }
    // A document that cannot be used is reported by whoever uses it.
    let found = survey(input).ok()?.envelope.filter(|found| found.verdict == Verdict::Sure)?;
    let settings = found.settings();
    input.files.insert(SETTINGS.to_owned(), settings.clone().into_bytes());
    if survey(input).is_ok_and(|survey| survey.enveloped > 0) {
        let settings = settings.trim_end().replace('\n', "\n  ");
        return Some(format!("note: no {SETTINGS} beside {}, taken as found:\n  {settings}", input.document));
    }
    input.files.remove(SETTINGS);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(code: &str, settings: Option<&str>) -> Input {
        let reply = |data: &str| {
            format!(
                r#"{{"responses":{{"200":{{"description":"","content":{{"application/json":{{"schema":{{
                "type":"object","required":["{code}","msg","result"],"properties":{{"{code}":{{"type":"integer"}},
                "msg":{{"type":"string"}},"result":{{"type":"{data}"}}}}}}}}}}}}}}}}"#
            )
        };
        let document = format!(
            r#"{{"openapi":"3.1.0","info":{{"title":"s","version":"1"}},"paths":{{"/a":{{"get":{}}},"/b":{{"get":{}}}}}}}"#,
            reply("string"),
            reply("integer")
        );
        let settings = settings.map(|text| (SETTINGS.to_owned(), text.into()));
        let files = [("s.json".to_owned(), document.into_bytes())].into_iter().chain(settings).collect();
        Input { service: "s".to_owned(), document: "s.json".to_owned(), files, prefix: String::new() }
    }

    #[test]
    fn only_what_is_sure_and_unsaid() {
        let check = |mut input: Input, expected: Option<&str>| {
            let note = assume(&mut input);
            assert_eq!(note.is_some(), expected.is_some(), "{note:?}");
            if let Some(expected) = expected {
                assert_eq!(input.files[SETTINGS], expected.as_bytes());
                let service = rpc_codegen::resolve(&input).unwrap();
                assert!(service.operations.iter().all(|operation| operation.enveloped), "{note:?}");
            }
        };
        check(
            input("errno", None),
            Some("[envelope]\ncode = \"errno\"\nmessage = \"msg\"\ndata = \"result\"\n"),
        );
        check(input("errno", Some("")), None);
        check(input("colour", None), None);
    }
}
