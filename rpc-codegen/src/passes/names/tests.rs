mod obstacles;
mod stability;

use expect_test::{Expect, expect};

use crate::diagnostic::Diagnostics;
use crate::ir::{Credential, CredentialKind, Place, Service, Type};
use crate::passes::testing::{get, named, object, service, settings, string, text, values};
use crate::settings::{Lock, Settings};

/// Runs all passes; the service's text and the lock.
fn run(service: Service, settings: &Settings, lock: &Lock) -> (Service, Lock, String) {
    let mut service = service;
    let mut diagnostics = Diagnostics::default();
    let next = super::super::run(&mut service, settings, lock, &mut diagnostics);
    let text = text(&service, &diagnostics);
    (service, next, text)
}

fn check(service: Service, settings: &Settings, expected: Expect) {
    let (_, lock, text) = run(service, settings, &Lock::default());
    expected.assert_eq(&(text + &lock.render("gen")));
}

/// A service that answers with each of these types.
fn with_types(types: Vec<crate::ir::TypeDef>) -> Service {
    let all = Type::Tuple((0..types.len()).map(named).collect());
    service([get("/all").json("200", all)], types)
}

/// The second `X-Total` is another type, the third another spelling of the first.
#[test]
fn headers() {
    let int = || crate::passes::testing::int();
    let mut operation = get("/a");
    for (wire, ty) in [
        ("X-Total", int()),
        ("X-Total", string()),
        ("x-total", int()),
        ("X_Total", int()),
        ("2fa!", string()),
        ("ETag", string()),
    ] {
        operation = operation.header("200", wire, ty);
    }
    let renames = settings("rename.headers.\"etag\" = \"VERSION\"");
    check(
        service([operation], []),
        &renames,
        expect![[r#"
        a::get_a() -> Unit Safe
        header X_TOTAL X-Total: Int(I64) Simple
        header X_TOTAL_STRING X-Total: String Simple
        header X_TOTAL_INT X_Total: Int(I64) Simple
        header HEADER_2FA 2fa!: String Simple
        header VERSION ETag: String Simple
        # Written by `gen`. Names that were given stay; check this file in.
        # To choose a name yourself, use [rename] in service.toml.

        [operations]
        "GET /a" = "get_a"

        [modules]
        "a" = "a"

        [headers]
        "2fa!=String" = "HEADER_2FA"
        "etag=String" = "VERSION"
        "x-total=Int(I64)" = "X_TOTAL"
        "x-total=String" = "X_TOTAL_STRING"
        "x_total=Int(I64)" = "X_TOTAL_INT"
    "#]],
    );
}

#[test]
fn parameters_and_credentials() {
    let mut service = service(
        [get("/a")
            .parameter(Place::Path, "body")
            .parameter(Place::Query, "timeout")
            .parameter(Place::Query, "api_key_header")
            .parameter(Place::Header, "Idempotency-Key")
            .parameter(Place::Query, "userId")
            .parameter(Place::Header, "user-id")
            .parameter(Place::Cookie, "user_id")
            .parameter(Place::Query, "filter[name]")
            .takes(string())],
        [],
    );
    for name in ["APIKeyHeader", "build", "api key header"] {
        let kind = CredentialKind::Bearer;
        service.credentials.push(Credential { name: name.into(), setter: name.into(), kind, doc: None });
    }
    let (service, lock, text) = run(service, &Settings::default(), &Lock::default());
    let setters: Vec<_> = service.credentials.iter().map(|credential| credential.setter.as_str()).collect();
    expect![[r#"
        a::get_a(body_: String, timeout_: String, api_key_header_: String, idempotency_key: String -> IdempotencyKey, user_id: String, user_id_header: String, user_id_cookie: String, filter_name: String, body: String) -> Unit Safe
        warning[R201] openapi.json:1:1: `api key header` wants the name `api_key_header`, but `APIKeyHeader` has it; it is called `api_key_header_2`
          choose a name: rename.credentials."api key header" = "…"
        warning[R201] openapi.json:1:1: `GET /a.user-id` wants the name `user_id`, but `GET /a.userId` has it; it is called `user_id_header`
          choose a name: rename.parameters."GET /a.user-id" = "…"
        warning[R201] openapi.json:1:1: `GET /a.user_id` wants the name `user_id`, but `GET /a.userId` has it; it is called `user_id_cookie`
          choose a name: rename.parameters."GET /a.user_id" = "…"
        note[R405] openapi.json:1:1: the parameter `timeout` is called `timeout_`
          `timeout` is an option of every call; to choose another name: rename.parameters."GET /a.timeout"
        note[R405] openapi.json:1:1: the parameter `api_key_header` is called `api_key_header_`
          `api_key_header` is an option of every call; to choose another name: rename.parameters."GET /a.api_key_header"
        ["api_key_header", "build_", "api_key_header_2"]
        # Written by `gen`. Names that were given stay; check this file in.
        # To choose a name yourself, use [rename] in service.toml.

        [operations]
        "GET /a" = "get_a"

        [parameters]
        "GET /a.cookie.user_id" = "user_id_cookie"
        "GET /a.header.user-id" = "user_id_header"
        "GET /a.query.filter[name]" = "filter_name"
        "GET /a.query.userId" = "user_id"

        [credentials]
        "APIKeyHeader" = "api_key_header"
        "api key header" = "api_key_header_2"
        "build" = "build_"

        [modules]
        "a" = "a"
    "#]].assert_eq(&format!("{text}{setters:?}\n{}", lock.render("gen")));
}

#[test]
fn reply_and_error_enums() {
    let types = vec![object("A", []), object("B", [])];
    let service = service(
        [
            get("/a").json("200", named(0)).json("201", named(1)).json("404", named(1)).json("4XX", named(0)),
            get("/b").json("404", named(0)).json("4XX", named(1)),
            get("/c").json("599", named(0)),
        ],
        types,
    );
    check(
        service,
        &Settings::default(),
        expect![[r##"
            a::get_a() -> GetAReply { Ok: A, Created: B } errors 0 Safe
            b::get_b() -> Unit errors 1 Safe
            c::get_c() -> Unit errors 2 Safe
            errors Status404Or4xx { NotFound: B, ClientError: A }
            errors Status404Or4xxWithAAndB { NotFound: A, ClientError: B }
            errors Status599 { Status599: A }
            type A = {  } out eq default
            type B = {  } out eq default
            # Written by `gen`. Names that were given stay; check this file in.
            # To choose a name yourself, use [rename] in service.toml.

            [operations]
            "GET /a" = "get_a"
            "GET /b" = "get_b"
            "GET /c" = "get_c"

            [types]
            "#/components/schemas/A" = "A"
            "#/components/schemas/B" = "B"

            [modules]
            "a" = "a"
            "b" = "b"
            "c" = "c"

            [errors]
            "404=#/components/schemas/A,4XX=#/components/schemas/B" = "Status404Or4xxWithAAndB"
            "404=#/components/schemas/B,4XX=#/components/schemas/A" = "Status404Or4xx"
            "599=#/components/schemas/A" = "Status599"
        "##]],
    );
}

#[test]
fn renames_win_and_are_checked() {
    let types = vec![
        object("Order", [("id", string()), ("unit_price", string())]),
        values("S", ["a", "b"]),
        object("T", []),
    ];
    let chosen = settings(
        "[rename]\ntypes.Order = 'Purchase'\ntypes.T = 'Purchase'\ntypes.Ordre = 'X'\noperations.'GET /all' = 'everything'\n\
         fields.'Order.unit_price' = 'price'\nvariants.'S.a' = 'First'\nvariants.'S.b' = 'Unknown'\nparameters.'GET /all.x' = 'y'\n\
         modules.all = 'things'",
    );
    let mut lock = Lock::default();
    lock.insert(crate::settings::Section::Types, "#/components/schemas/Order", "Old");
    lock.insert(crate::settings::Section::Types, "#/components/schemas/S", "Old");
    let (_, next, text) = run(with_types(types), &chosen, &lock);
    expect![[r##"
        things::everything() -> (Purchase, Old, T) Safe
        type Purchase = { id: String, price: String } out eq
        type Old = First | B | … out eq
        type T = {  } out eq default
        note[R308] openapi.json:1:1: `Order.unit_price` is a string, but its name is that of a decimal
          if it is one, write into service.toml: types."Order.unit_price" = "decimal"
        error[R504] service.toml:3:7: `T` cannot be called `Purchase`: `Order` has that name
          choose another name in `[rename]`
        error[R504] service.toml:8:10: `S.b` cannot be called `Unknown`: that name means something else
          choose another name in `[rename]`
        error[R503] service.toml:4:7: `rename.types` names `Ordre`, which gets no name here
          did you mean `Order`?
        error[R503] service.toml:9:12: `rename.parameters` names `GET /all.x`, which gets no name here
          did you mean `GET /all`?
        # Written by `gen`. Names that were given stay; check this file in.
        # To choose a name yourself, use [rename] in service.toml.

        [operations]
        "GET /all" = "everything"

        [types]
        "#/components/schemas/Order" = "Purchase"
        "#/components/schemas/S" = "Old"
        "#/components/schemas/T" = "T"

        [fields]
        "#/components/schemas/Order.unit_price" = "price"

        [variants]
        "#/components/schemas/S.a" = "First"

        [modules]
        "all" = "things"
    "##]]
    .assert_eq(&(text + &next.render("gen")));
}

#[test]
fn strict_stops_at_collisions() {
    let (_, _, text) =
        run(with_types(vec![object("a", []), object("A", [])]), &settings("strict = true"), &Lock::default());
    assert!(text.contains("error[R201]"), "{text}");
}

#[test]
fn names_that_nothing_uses_are_let_go() {
    let mut diagnostics = Diagnostics::default();
    let lock = Lock::parse("names.lock", "[types]\n'#/components/schemas/Gone' = 'Gone'\n", &mut diagnostics);
    let (_, next, text) = run(service([get("/a")], []), &Settings::default(), &lock);
    assert!(text.contains("note[R202] names.lock:2:1"), "{text}");
    assert!(!next.render("gen").contains("Gone"));
}
