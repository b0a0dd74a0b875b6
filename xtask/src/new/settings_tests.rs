use rpc_codegen::detect::{Credential, Operation};

use super::*;

fn survey(envelope: Option<EnvelopeFinding>) -> Survey {
    Survey {
        title: String::new(),
        version: String::new(),
        operations: Vec::new(),
        credentials: Vec::new(),
        envelope,
        enveloped: 0,
        decimals: Vec::new(),
        example: None,
        diagnostics: Vec::new(),
    }
}

fn finding(verdict: Verdict) -> Option<EnvelopeFinding> {
    Some(EnvelopeFinding {
        code: "errno".into(),
        message: Some("errmsg".into()),
        data: "result".into(),
        timestamp: None,
        success: vec!["1".into(), "o\"k".into()],
        replies: 4,
        of: 5,
        verdict,
    })
}

const SECTION: &str =
    "[envelope]\ncode = \"errno\"\nmessage = \"errmsg\"\ndata = \"result\"\nsuccess = [1, \"o\\\"k\"]\n";

#[test]
fn envelopes() {
    let sure = survey(finding(Verdict::Sure));
    assert!(wants_envelope(&sure));
    assert!(text("s", &sure, true).contains(&format!("\n{SECTION}")));
    let marked = SECTION.trim_end().replace('\n', "\n# ");
    for verdict in [Verdict::Sure, Verdict::Likely("only one".into())] {
        let text = text("s", &survey(finding(verdict)), false);
        assert!(text.contains(&format!("\n# {marked}\n")), "{text}");
        assert!(text.contains("4 of 5 operations with JSON reply in {errno, errmsg, result}"), "{text}");
    }
    let no = text("s", &survey(finding(Verdict::Inexpressible("a flag".into()))), false);
    assert!(no.contains("Settings cannot say that: a flag.") && !no.contains("[envelope]"), "{no}");
    assert!(text("s", &survey(None), false).contains("No envelope"));
}

#[test]
fn text_of_the_document_stays_in_its_comment() {
    let mut hostile = survey(None);
    hostile.decimals = vec!["A\n[evil]\n.b".into()];
    hostile.credentials = vec![Credential {
        name: "k\r\nx = 1".into(),
        kind: "HTTP basic".into(),
        setter: "k".into(),
        operations: 2,
    }];
    hostile.operations = vec![Operation {
        method: "GET".into(),
        path: "/a".into(),
        key: "GET /a\n\"\u{7}".into(),
        name: "a".into(),
        call: "a()".into(),
        reply: "()".into(),
        poor: Some("long".into()),
    }];
    let text = text("s", &hostile, false);
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    assert!(text.contains("# operations.\"GET /a\\u000A\\\"\\u0007\" = \"a\"\n"), "{text}");
}
