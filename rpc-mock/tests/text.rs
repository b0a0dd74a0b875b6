//! The text form of faults.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::time::Duration;

use proptest::prelude::*;
use rpc_mock::Fault;

#[test]
fn reads_what_the_documentation_shows() {
    let ms = Duration::from_millis;
    for (text, fault) in [
        ("get_order=status:503,times:2", Fault::status(503).on("get_order").times(2)),
        ("@1=close", Fault::close().at(1)),
        ("create_order@0=delay:250ms", Fault::delay(ms(250)).on("create_order").at(0)),
        ("=code:404", Fault::code(404)),
        ("=code:NO_STOCK", Fault::code("NO_STOCK")),
        ("=code:\"404\"", Fault::code("404")),
        ("=code:\"\"", Fault::code("")),
        ("=retry-after:429/2s", Fault::retry_after(429, ms(2000))),
        ("list_orders=drip:16/50ms", Fault::drip(16, ms(50)).on("list_orders")),
        ("=truncate", Fault::truncate()),
        ("=hang", Fault::hang()),
        ("=reset", Fault::reset()),
        ("=lose", Fault::lose()),
        (
            "=body:502/text/html/<h1>Bad, gateway</h1>".replace(',', "\\,").as_str(),
            Fault::body(502, "text/html", "<h1>Bad, gateway</h1>"),
        ),
        ("=status:500,message:a\\, b\\\\c: =@", Fault::status(500).message("a, b\\c: =@")),
        (
            "a\\=b\\@c@2=close,after:1,every:2,flapping:3/4",
            Fault::close().on("a=b@c").at(2).after(1).every(2).flapping(3, 4),
        ),
    ] {
        assert_eq!(text.parse(), Ok(fault.clone()), "{text}");
        assert_eq!(fault.to_string(), text);
    }
    assert_eq!("*=close".parse(), Ok(Fault::close()));
    assert_eq!("*@1=close".parse(), Ok(Fault::close().at(1)));
}

#[test]
fn says_what_is_wrong_and_what_is_allowed() {
    for (text, expected) in [
        ("close", "`close` is not a fault: write [OPERATION][@INSTANCE]=KIND[:VALUE][,OPTION:VALUE]…"),
        (
            "=",
            "`` is not a kind of fault: write status:CODE, delay:TIME, close, reset, lose, truncate, hang, code:CODE, \
               retry-after:STATUS/TIME, drip:BYTES/TIME or body:STATUS/TYPE/SUBTYPE/TEXT",
        ),
        ("=close:1", "`close:1` is not `close`: write `close` without a value"),
        ("=status:abc", "`abc` is not an HTTP status: write a number from 200 to 999"),
        ("=status:100", "`100` is not an HTTP status: write a number from 200 to 999"),
        ("=delay:5", "`5` is not a time: write e.g. 250ms, 2s or 1.5s"),
        ("=retry-after:429", "`429` is not a value of retry-after: write STATUS/TIME, e.g. 429/2s"),
        ("=drip:0/1s", "`0` is not a number of bytes: write 1 or more"),
        ("=drip:7", "`7` is not a value of drip: write BYTES/TIME, e.g. 16/50ms"),
        (
            "=body:502/text",
            "`502/text` is not a value of body: write STATUS/TYPE/SUBTYPE/TEXT, e.g. \
                            502/text/html/<h1>Bad gateway</h1>",
        ),
        ("@x=close", "`x` is not an instance: write a whole number that is not too large"),
        ("=close,times:-1", "`-1` is not a number of times: write a whole number that is not too large"),
        ("=close,times:0", "`times:0` never strikes: write 1 or more"),
        ("=close,every:0", "`every:0` never strikes: write 1 or more"),
        (
            "=close,flapping:3/0",
            "`flapping` with no bad calls never strikes: write GOOD/BAD with a BAD of 1 or more",
        ),
        (
            "=close,flapping:0/0",
            "`flapping` with no bad calls never strikes: write GOOD/BAD with a BAD of 1 or more",
        ),
        ("=close,flapping:3", "`3` is not a rhythm: write GOOD/BAD, e.g. 3/2"),
        (
            "=close,message:a",
            "`message:a` is not an option of this fault: write a message for status, code and \
                              retry-after only",
        ),
        (
            "=status:500,message:a,b",
            "`b` is not an option: write message:TEXT, times:N, after:N, every:N or \
                                     flapping:GOOD/BAD; a comma inside a text is \\,",
        ),
    ] {
        assert_eq!(text.parse::<Fault>().unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn unusable_content_types_are_replaced() {
    for content_type in ["", "text", "/", "a/", "/b", "a/b\n"] {
        assert_eq!(Fault::body(502, content_type, "x"), Fault::body(502, "application/octet-stream", "x"));
    }
}

fn text() -> impl Strategy<Value = String> {
    // Half of them of what has a meaning in the text form.
    prop_oneof![any::<String>(), r#"[a,=@:/*"\\0-9]{0,8}"#]
}

fn time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        any::<u64>().prop_map(Duration::from_nanos),
        any::<u16>().prop_map(|ms| Duration::from_millis(ms.into()))
    ]
}

fn kind() -> impl Strategy<Value = Fault> {
    let status = || 200..1000_u16;
    prop_oneof![
        status().prop_map(Fault::status),
        (status(), text()).prop_map(|(status, text)| Fault::status(status).message(text)),
        any::<i64>().prop_map(Fault::code),
        (text(), text()).prop_map(|(code, text)| Fault::code(code).message(text)),
        (status(), time(), text())
            .prop_map(|(status, wait, text)| Fault::retry_after(status, wait).message(text)),
        time().prop_map(Fault::delay),
        (any::<usize>(), time()).prop_map(|(chunk, interval)| Fault::drip(chunk, interval)),
        (status(), text(), text(), text()).prop_map(|(status, a, b, text)| Fault::body(
            status,
            format!("{a}/{b}"),
            text
        )),
        Just(Fault::close()),
        Just(Fault::reset()),
        Just(Fault::lose()),
        Just(Fault::truncate()),
        Just(Fault::hang()),
    ]
}

prop_compose! {
    fn fault()(
        kind in kind(),
        on in proptest::option::of(text()),
        at in proptest::option::of(any::<usize>()),
        times in proptest::option::of(1..=u32::MAX),
        after in proptest::option::of(any::<u32>()),
        every in proptest::option::of(1..=u32::MAX),
        flapping in proptest::option::of((any::<u32>(), 1..=u32::MAX)),
    ) -> Fault {
        let fault = on.into_iter().fold(kind, Fault::on);
        let fault = at.into_iter().fold(fault, Fault::at);
        let fault = times.into_iter().fold(fault, Fault::times);
        let fault = after.into_iter().fold(fault, Fault::after);
        let fault = every.into_iter().fold(fault, Fault::every);
        flapping.into_iter().fold(fault, |fault, (good, bad)| fault.flapping(good, bad))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn what_is_shown_is_read_again(fault in fault()) {
        prop_assert_eq!(fault.to_string().parse(), Ok(fault));
    }

    #[test]
    fn no_text_is_a_panic(text in text(), kind in "(status|code|body|drip|delay|retry-after|hang)?", rest in text()) {
        if let Ok(fault) = format!("{text}={kind}:{rest}").parse::<Fault>() {
            prop_assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }
}
