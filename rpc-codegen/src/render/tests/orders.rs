//! An ordinary service.

use expect_test::expect_file;

use super::service::*;
use super::{render, render_with, text};
use crate::input::{Options, RuntimeDependency};
use crate::ir::*;

fn service() -> Service {
    let mut service = empty_service();
    let ids = types(&mut service.types);
    let named = Type::Named;
    let failures = || {
        vec![
            reply("404", ReplyBody::Json(named(ids.error)), "Not Found"),
            reply("4XX", ReplyBody::Text, "Anything | else"),
            reply("default", ReplyBody::Empty, "Oops"),
        ]
    };
    let variant =
        |status: &str, name: &str, body| ErrorVariant { status: status.into(), name: name.into(), body };
    service.envelope = Some(Envelope {
        code: "code".into(),
        message: "message".into(),
        data: "data".into(),
        timestamp: Some("timestamp".into()),
        success: vec!["200".into(), "OK".into()],
    });
    service.error_sets = vec![
        ErrorSet {
            name: "Status404Or4XX".into(),
            variants: vec![
                variant("4XX", "ClientError", ReplyBody::Text),
                variant("404", "NotFound", ReplyBody::Json(named(ids.error))),
                variant("503", "Unavailable", ReplyBody::Bytes("image/png".into())),
            ],
        },
        ErrorSet { name: "Any".into(), variants: vec![variant("default", "Other", ReplyBody::Empty)] },
    ];
    let credential = |name: &str, setter: &str, kind| Credential {
        name: name.into(),
        setter: setter.into(),
        kind,
        doc: None,
    };
    service.credentials = vec![
        credential(
            "APIKeyHeader",
            "api_key_header",
            CredentialKind::ApiKey(Place::Header, "X-API-Key".into()),
        ),
        credential("HTTPBasic", "http_basic", CredentialKind::Basic),
        credential("HTTPBearer", "timeout", CredentialKind::Bearer),
    ];

    let mut list_orders = operation("list_orders", "ListOrders", Method::Get, "/api/v1/orders");
    list_orders.summary = Some("Orders by id, filtered".into());
    list_orders.description =
        Some("Sorted.\n\n```\nlet x = 1;\n```\n    indented\nSee https://example.org/x.".into());
    list_orders.output = Output::Json(list(named(ids.order)));
    list_orders.enveloped = true;
    list_orders.replies = vec![reply("200", ReplyBody::Json(list(named(ids.order))), "Successful Response")];
    list_orders.failures = failures();
    list_orders.errors = Some(0);
    let mut page = parameter(Place::Query, "page", "page", INT, false);
    page.doc = Some("Page number, from 1.".into());
    page.default = Some(Default_::Int(1));
    page.constraints.minimum = Some(Bound { value: "1".into(), exclusive: false });
    let mut filter = parameter(Place::Query, "filter", "filter", named(ids.filter), false);
    filter.style = Style::DeepObject;
    let mut key = parameter(Place::Header, "Idempotency-Key", "idempotency_key", TEXT, false);
    key.merged = Some(Merge::IdempotencyKey);
    let mut tags = parameter(Place::Query, "tag", "tag", list(TEXT), false);
    tags.explode = false;
    tags.constraints = Constraints {
        max_items: Some(3),
        items: Some(Box::new(Constraints { max_length: Some(5), ..Constraints::default() })),
        ..Constraints::default()
    };
    let mut statuses = parameter(Place::Query, "status", "status", list(named(ids.status)), false);
    statuses.constraints.min_items = Some(1);
    let mut shape = parameter(Place::Query, "shape", "shape", Type::Map(Box::new(Type::Any)), false);
    shape.style = Style::Json;
    let mut hint = parameter(Place::Header, "X-Hint", "hint", named(ids.filter), false);
    hint.style = Style::Json;
    hint.deprecated = true;
    let session = parameter(Place::Cookie, "session", "session", TEXT, false);
    let limit = parameter(Place::Query, "timeout", "timeout", INT, false);
    list_orders.parameters = vec![page, filter, key, tags, statuses, shape, hint, session, limit];

    let mut create = operation("create_order", "CreateOrder", Method::Post, "/api/v1/orders");
    create.body = Some(json_body(named(ids.create)));
    create.enveloped = true;
    create.security = vec![vec!["APIKeyHeader".into()], vec!["HTTPBasic".into(), "HTTPBearer".into()]];
    create.output = Output::ByStatus {
        name: "CreateOrderReply".into(),
        variants: vec![
            ("2XX".into(), "Success".into(), ReplyBody::Empty),
            ("200".into(), "Existing".into(), ReplyBody::Json(named(ids.order))),
            ("201".into(), "Created".into(), ReplyBody::Json(named(ids.order))),
        ],
    };
    let mut get = operation("get_order", "GetOrder", Method::Get, "/api/v1/orders/{order_id}/{sku}");
    get.deprecated = true;
    get.errors = Some(0);
    get.output = Output::Json(named(ids.order));
    get.replies = vec![reply("200", ReplyBody::Json(named(ids.order)), "It")];
    let mut sku = parameter(Place::Path, "sku", "sku", named(ids.sku), true);
    sku.doc = Some("Which one".into());
    let mut style = parameter(Place::Path, "order_id", "order_id", list(INT), true);
    style.style = Style::Matrix;
    get.parameters = vec![style, sku];

    let mut transfer = operation("transfer", "Transfer", Method::Put, "/orders/{user_id}/transfer");
    transfer.idempotency = Idempotency::Unsafe;
    transfer.errors = Some(1);
    transfer.parameters = vec![
        parameter(Place::Path, "user_id", "user_id", TEXT, true),
        parameter(Place::Query, "type", "type", named(ids.status), true),
        parameter(Place::Header, "X-Tenants", "tenants", list(TEXT), true),
    ];
    transfer.body = Some(json_body(list(named(ids.create))));

    let mut upload = operation("upload", "Call", Method::Post, "/orders/upload");
    upload.tag = None;
    upload.body = Some(Body {
        required: true,
        media_type: "multipart/form-data".into(),
        kind: BodyKind::RawMultipart,
        fields: Vec::new(),
        doc: None,
    });
    upload.output = Output::Text;
    let mut note = operation("clone", "Note", Method::Post, "/orders/note");
    note.tag = Some("mod".into());
    note.body = Some(Body {
        required: false,
        media_type: "text/plain".into(),
        kind: BodyKind::Text,
        fields: Vec::new(),
        doc: None,
    });
    note.output = Output::Bytes;
    note.replies = vec![reply("200", ReplyBody::Bytes("image/png".into()), "A picture")];
    let mut form = operation("type", "Type", Method::Post, "/orders/form");
    form.tag = Some("mod".into());
    form.parameters = vec![parameter(Place::Query, "call", "call", Type::Scalar(Scalar::Date), true)];
    form.body = Some(Body {
        required: true,
        media_type: "application/x-www-form-urlencoded".into(),
        kind: BodyKind::Form(named(ids.filter)),
        fields: Vec::new(),
        doc: None,
    });
    service.tags.insert("mod".into(), Tag { module: "mod".into(), description: None });
    service.operations = vec![list_orders, create, get, transfer, upload, note, form];
    service
}

#[test]
fn an_ordinary_service() {
    let set = render(&service());
    let paths: Vec<&str> =
        set.iter().map(|(path, _)| path).filter(|path| !path.starts_with("src/types/")).collect();
    expect_test::expect![[r#"
        [
            "Cargo.toml",
            "README.md",
            "src/client.rs",
            "src/errors.rs",
            "src/lib.rs",
            "src/operations/default.rs",
            "src/operations/mod.rs",
            "src/operations/mod_.rs",
            "src/operations/orders.rs",
        ]
    "#]]
    .assert_debug_eq(&paths);
    expect_file!["expected/workspace.toml"].assert_eq(text(&set, "Cargo.toml"));
    expect_file!["expected/README.md"].assert_eq(text(&set, "README.md"));
    expect_file!["expected/client.rs.txt"].assert_eq(text(&set, "src/client.rs"));
    expect_file!["expected/errors.rs.txt"].assert_eq(text(&set, "src/errors.rs"));
    expect_file!["expected/lib.rs.txt"].assert_eq(text(&set, "src/lib.rs"));
    expect_file!["expected/operations.rs.txt"].assert_eq(text(&set, "src/operations/mod.rs"));
    expect_file!["expected/default.rs.txt"].assert_eq(text(&set, "src/operations/default.rs"));
    expect_file!["expected/mod_.rs.txt"].assert_eq(text(&set, "src/operations/mod_.rs"));
    expect_file!["expected/orders.rs.txt"].assert_eq(text(&set, "src/operations/orders.rs"));
}

#[test]
fn the_same_service_gives_the_same_bytes() {
    assert_eq!(render(&service()), render(&service()));
}

#[test]
fn a_crate_can_stand_alone() {
    let options =
        Options { runtime: RuntimeDependency::Path("../../rpc \"runtime\"".into()), ..Options::default() };
    let set = render_with(&service(), &options);
    expect_file!["expected/alone.toml"].assert_eq(text(&set, "Cargo.toml"));
    let parsed: toml::Table = text(&set, "Cargo.toml").parse().expect("TOML");
    assert_eq!(parsed["dependencies"]["rpc-runtime"]["path"].as_str(), Some("../../rpc \"runtime\""));
}

#[test]
fn the_hash_stands_in_one_file() {
    let set = render(&service());
    let with: Vec<&str> = set
        .iter()
        .filter(|(path, _)| text(&set, path).contains("00c0ffee00c0ffee"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(with, ["README.md"]);
}

#[test]
fn a_service_without_failures_and_types_has_no_files_for_them() {
    let mut service = empty_service();
    service.operations = vec![operation("ping", "Ping", Method::Head, "/ping")];
    let set = render(&service);
    assert!(set.get("src/errors.rs").is_none() && set.get("src/types/mod.rs").is_none());
    assert!(!text(&set, "src/lib.rs").contains("mod types"));
    assert!(!text(&set, "src/operations/orders.rs").contains("use crate::types"));
}
