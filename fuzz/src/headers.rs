//! What must hold for the headers of every request: the context in them can be read, and what is written of it reads the same.

use rpc_runtime::context::Context;
use rpc_runtime::trace::Baggage;
use rpc_runtime::{HeaderMap, HeaderName, HeaderValue};

/// More than any server takes; a map of headers has a limit too.
const MOST: usize = 500;

/// Reads `name: value` lines, as far as they are headers.
fn headers(data: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n').take(MOST) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// Checks one request.
pub fn check(data: &[u8]) {
    let headers = headers(data);
    let once = written(&headers);
    let twice = written(&once);
    for (name, most) in [("x-trace-id", 256), ("traceparent", 55), ("tracestate", 512), ("baggage", 8192)] {
        let (first, second) = (single(&once, name), single(&twice, name));
        assert!(first.len() <= most, "{name} is too long: {}", first.len());
        match name {
            // The parent id is another one each time.
            "traceparent" => assert_eq!((&first[..36], &first[52..]), (&second[..36], &second[52..])),
            _ => assert_eq!(first, second, "{name}"),
        }
    }
    let mut baggage = Baggage::from_headers(&headers);
    let before = baggage.clone();
    assert!(before.iter().count() <= 64);
    for entry in before.iter() {
        let _ = (entry.value(), entry.properties().count());
    }
    let text = String::from_utf8_lossy(data);
    match baggage.insert("k", &text) {
        Ok(()) => assert_eq!(baggage.get("k").as_deref(), Some(&*text)),
        Err(_) => assert_eq!(baggage, before),
    }
}

fn written(headers: &HeaderMap) -> HeaderMap {
    let mut written = HeaderMap::new();
    Context::from_headers(headers).write(&mut written);
    written
}

fn single<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map_or("", |value| value.to_str().expect("it is ASCII"));
    assert!(values.next().is_none(), "{name} twice");
    value
}
