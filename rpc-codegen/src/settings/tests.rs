use expect_test::{Expect, expect};

use std::time::Duration;

use super::{Lock, Section, Settings};
use crate::diagnostic::{Diagnostics, Severity};
use crate::ir::{Breaker, Choice, Hedging, Idempotency};

fn messages(diagnostics: &Diagnostics) -> String {
    diagnostics.as_slice().iter().map(|found| format!("{found}\n")).collect()
}

fn refused(text: &str, expected: Expect) {
    let mut diagnostics = Diagnostics::default();
    Settings::parse("service.toml", text, &mut diagnostics);
    expected.assert_eq(&messages(&diagnostics));
}

#[test]
fn everything_that_can_be_chosen() {
    let text = r#"
exclude = ["GET /health"]
closed_enums = ["OrderStatus"]
open_objects = ["Order"]
multi_segment = ["GET /files/{file_path}.file_path"]
strict = true
types."Wallet.balance" = "decimal"
[crate]
name = "order-client"
version = "1.2.0-rc.1"
[envelope]
code = "status"
success = [0, "OK"]
optional = ["GET /me"]
[rename]
types."BaseResponse_X_" = "X"
[rename.fields]
"Order.unit_price" = "price"
[operations."*"]
timeout = "5s"
attempt_timeout = "off"
[operations."POST /orders"]
idempotency = "keyed"
retries = 0
retry_codes = [4001, "BUSY"]
max_body = 1048576
breaker = { threshold = 3, recovery = "500ms" }
hedging = "p99.9"
[severity]
R304 = "error"
"#;
    let mut diagnostics = Diagnostics::default();
    let settings = Settings::parse("service.toml", text, &mut diagnostics);
    assert_eq!(messages(&diagnostics), "");
    assert_eq!(settings.exclude[0].value, "GET /health");
    assert_eq!(settings.exclude[0].location.to_string(), "service.toml:2:12");
    assert_eq!(settings.rename[&Section::Fields][0].1, "price");
    assert_eq!(settings.rename[&Section::Types][0].0.location.line, 16);
    assert_eq!(settings.open_objects[0].value, "Order");
    assert_eq!(settings.envelope.success, ["0", "OK"]);
    assert_eq!(settings.severity["R304"], Severity::Error);
    assert_eq!((settings.types.len(), settings.operations.len(), settings.multi_segment.len()), (1, 2, 1));
    let (all, own) = (&settings.operations[0].1, &settings.operations[1].1);
    assert_eq!(all.policy.timeout, Some(Choice::Set(Duration::from_secs(5))));
    assert_eq!(all.policy.attempt_timeout, Some(Choice::Off));
    assert_eq!((own.idempotency, own.policy.retries), (Some(Idempotency::Keyed), Some(0)));
    assert_eq!(own.policy.retry_codes.as_deref(), Some(&["4001".to_owned(), "BUSY".to_owned()][..]));
    let breaker = Breaker { threshold: 3, recovery: Duration::from_millis(500) };
    assert_eq!(own.policy.breaker, Some(Choice::Set(breaker)));
    assert_eq!(own.policy.hedging, Some(Choice::Set(Hedging::Percentile(99.9))));
    assert_eq!((own.policy.max_body, own.policy.timeout), (Some(Choice::Set(1 << 20)), None));
    assert_eq!(own.places["hedging"].to_string(), "service.toml:28:11");
    assert!(settings.strict);
}

#[test]
fn mistakes_have_places() {
    refused(
        "exlude = []\n[rename]\n  typse.A = 'B'\n[severity]\nR999 = 'error'\n[crate]\nfoo = 1",
        expect![[r#"
            error[R502]: unknown setting `exlude`
              --> service.toml:1:1
              help: did you mean `exclude`?
            error[R502]: unknown setting `rename.typse`
              --> service.toml:3:3
              help: did you mean `types`?
            error[R502]: unknown setting `severity.R999`
              --> service.toml:5:1
              help: did you mean `R309`?
            error[R502]: unknown setting `crate.foo`
              --> service.toml:7:1
              help: known here: name, version
        "#]],
    );
    refused(
        "strict = 'yes'\nexclude = 'x'\n[types]\n\"ü.a\" = 'decimel'\n[rename.types]\nA = 'self'\n[severity]\nR102 = 'note'\n\
         [crate]\nname = '-x'\nversion = '1.2'\n[envelope]\nsuccess = [true]\n[operations]\n'GET /' = { idempotency = 'no' }",
        expect![[r#"
            error[R504]: found `yes`
              --> service.toml:1:10
              help: write `true` or `false`
            error[R504]: found `x`
              --> service.toml:2:11
              help: write a list of strings
            error[R504]: found `decimel`
              --> service.toml:4:9
              help: write one of bool, int32, int64, uint32, uint64, int32-string, int64-string, uint32-string, uint64-string, float, double, string, date-time, date, time, duration, uuid, decimal, decimal-number, base64, ipv4, ipv6, uri, binary, any
            error[R504]: found `self`
              --> service.toml:6:5
              help: write a Rust identifier that is not a reserved word
            error[R504]: found `note`
              --> service.toml:8:8
              help: write `error`: what comes after it cannot be generated
            error[R504]: found `-x`
              --> service.toml:10:8
              help: write a package name, such as `order-client`
            error[R504]: found `1.2`
              --> service.toml:11:11
              help: write a version with three numbers, such as `1.2.0`
            error[R504]: found a value of type boolean
              --> service.toml:13:12
              help: write a code: a number or a string
            error[R504]: found `no`
              --> service.toml:15:27
              help: write `safe`, `idempotent`, `keyed` or `unsafe`
        "#]],
    );
    refused(
        "exclude = [\nstrict = \n\n[a\n",
        expect![[r#"
        error[R501]: unexpected `=` in array, expected value, `]`
          --> service.toml:2:8
        error[R501]: missing comma between array elements, expected `,`
          --> service.toml:4:1
        error[R501]: unclosed array, expected `]`
          --> service.toml:4:3
        error[R501]: string values must be quoted, expected literal string
          --> service.toml:2:1
        error[R501]: string values must be quoted, expected literal string
          --> service.toml:4:2
    "#]],
    );
}

#[test]
fn mistakes_in_operations() {
    refused(
        "[operations.'GET /']\ntimout = '1s'\ntimeout = 2\nattempt_timeout = '0s'\nretries = -1\nmax_body = 0\n\
         retry_codes = 'BUSY'\nbreaker = true\nhedging = 'p100'\n\
         [operations.'*']\nidempotency = 'safe'\ntimeout = '1.5s'\nattempt_timeout = '25h'\nretries = '2'\n\
         max_body = '1 MiB'\nretry_codes = [1.5]\nbreaker = { threshold = 0, recovry = '1s' }\nhedging = '20'\n\
         [operations.'PUT /'.breaker]\nrecovery = '0ms'\n[operations.'POST /'.breaker]\nrecovry = '1s'\n",
        expect![[r#"
            error[R502]: unknown setting `operations.*.timout`
              --> service.toml:2:1
              help: did you mean `timeout`?
            error[R504]: found `2`
              --> service.toml:3:11
              help: write a time from 1 ms to a day, such as `"500ms"` or `"2s"`, or `"off"`
            error[R504]: found `0s`
              --> service.toml:4:19
              help: write a time from 1 ms to a day, such as `"500ms"` or `"2s"`, or `"off"`
            error[R504]: found `-1`
              --> service.toml:5:11
              help: write a whole number from 0, such as `2`
            error[R504]: found `0`
              --> service.toml:6:12
              help: write a number of bytes from 1, or `"off"`
            error[R504]: found `BUSY`
              --> service.toml:7:15
              help: write a list of codes
            error[R504]: found a value of type boolean
              --> service.toml:8:11
              help: write a table such as `{ threshold = 5, recovery = "60s" }`, or `"off"`
            error[R504]: found `p100`
              --> service.toml:9:11
              help: write a time such as `"20ms"`, a percentile from `"p50"` to `"p99.9"`, or `"off"`
            error[R504]: found `safe`
              --> service.toml:11:15
              help: write `idempotency` under each operation that it is true of
            error[R504]: found `1.5s`
              --> service.toml:12:11
              help: write a time from 1 ms to a day, such as `"500ms"` or `"2s"`, or `"off"`
            error[R504]: found `25h`
              --> service.toml:13:19
              help: write a time from 1 ms to a day, such as `"500ms"` or `"2s"`, or `"off"`
            error[R504]: found `2`
              --> service.toml:14:11
              help: write a whole number from 0, such as `2`
            error[R504]: found `1 MiB`
              --> service.toml:15:12
              help: write a number of bytes from 1, or `"off"`
            error[R504]: found a value of type float
              --> service.toml:16:16
              help: write a code: a number or a string
            error[R504]: found `0`
              --> service.toml:17:25
              help: write how many failed calls in a row open it: a whole number from 1
            error[R504]: found `20`
              --> service.toml:18:11
              help: write a time such as `"20ms"`, a percentile from `"p50"` to `"p99.9"`, or `"off"`
            error[R504]: found `0ms`
              --> service.toml:20:12
              help: write how long it stays open: from 1 ms to a day, such as `"60s"`
            error[R502]: unknown setting `operations.*.breaker.recovry`
              --> service.toml:22:1
              help: did you mean `recovery`?
        "#]],
    );
}

#[test]
fn lock_text() {
    let mut lock = Lock::default();
    lock.insert(Section::Types, "#/components/schemas/b", "B");
    lock.insert(Section::Types, "#/components/schemas/a \"\\\n\u{7f}", "A");
    lock.insert(Section::Operations, "GET /é", "get");
    let text = lock.render("cargo xtask gen");
    expect![[r##"
        # Written by `cargo xtask gen`. Names that were given stay; check this file in.
        # To choose a name yourself, use [rename] in service.toml.

        [operations]
        "GET /é" = "get"

        [types]
        "#/components/schemas/a \"\\\u000A\u007F" = "A"
        "#/components/schemas/b" = "B"
    "##]]
    .assert_eq(&text);
    let mut diagnostics = Diagnostics::default();
    assert_eq!(Lock::parse("names.lock", &text, &mut diagnostics), lock);
    assert_eq!(messages(&diagnostics), "");
}

#[test]
fn lock_mistakes() {
    let mut diagnostics = Diagnostics::default();
    let text = "[types]\na = 'not one'\nb = 1\nc = 'C'\n[typos]\nx = 'y'\n";
    let lock = Lock::parse("names.lock", text, &mut diagnostics);
    assert_eq!(lock.get(Section::Types, "c"), Some("C"));
    Lock::parse("names.lock", "[types]\n<<<<<<< HEAD\n", &mut diagnostics);
    expect![[r#"
        error[R501]: a name that is not a Rust identifier
          --> names.lock:2:5
          help: undo the edit, or delete the file and generate it anew
        error[R501]: a name that is not a Rust identifier
          --> names.lock:3:5
          help: undo the edit, or delete the file and generate it anew
        error[R501]: `typos` is not a section of names.lock
          --> names.lock:5:2
          help: undo the edit, or delete the file and generate it anew
        error[R501]: key with no value, expected `=`
          --> names.lock:2:9
        error[R501]: invalid unquoted key, expected letters, numbers, `-`, `_`
          --> names.lock:2:1
    "#]]
    .assert_eq(&messages(&diagnostics));
}
