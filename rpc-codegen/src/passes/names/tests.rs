mod stability;

use expect_test::{Expect, expect};

use crate::diagnostic::Diagnostics;
use crate::ir::{Additional, Credential, CredentialKind, Method, Place, Service, Shape, Type};
use crate::passes::testing::{get, named, object, operation, service, settings, string, text, union, values};
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

#[test]
fn operation_ids() {
    let named = |method, path, id: &str| operation(method, path).id(id).json("200", Type::Any);
    let (_, _, text) = run(
        service(
            [
                named(Method::Get, "/api/v1/orders/{order_id}", "get_order_api_v1_orders__order_id__get"),
                named(Method::Post, "/api/v1/orders", "createOrder"),
                named(Method::Get, "/api/v2/orders", ""),
                named(Method::Get, "/api/v2/orders/{id}", "").tag("Order management"),
                named(Method::Get, "/api/v3/orders", "").tag("type"),
                named(Method::Post, "/multi", "handle_multi_get"),
                named(Method::Get, "/multi", "handle_multi_get"),
                named(Method::Get, "/gateway/users", "list_users_users_get"),
                named(Method::Get, "/order-management/x", "HTTPStatusForIDsOfV2"),
                named(Method::Get, "/", "_get"),
                named(Method::Get, "/raw", "raw"),
                named(Method::Get, "/type", "type"),
                named(Method::Get, "/self", "self"),
                named(Method::Get, "/2fa", "2fa"),
                named(Method::Get, "/订单", "获取订单_订单_get"),
                named(Method::Get, "/x", "☃"),
            ],
            [],
        ),
        &Settings::default(),
        &Lock::default(),
    );
    expect![[r#"
        orders::get_order() -> any Safe
        orders::create_order() -> any Unsafe
        orders::get_orders() -> any Safe
        order_management::get_orders_by_id() -> any Safe
        type_::get_api_v3_orders() -> any Safe
        multi::handle() -> any Unsafe
        multi::handle_get() -> any Safe
        gateway::list_users() -> any Safe
        order_management::http_status_for_ids_of_v2() -> any Safe
        default::get() -> any Safe
        raw::raw_() -> any Safe
        type_::type() -> any Safe
        self_::self_() -> any Safe
        tag_2fa::call_2fa() -> any Safe
        u8ba2_u5355::获取订单() -> any Safe
        x::get_x() -> any Safe
        warning[R201] openapi.json:1:1: `GET /api/v3/orders` wants the name `get_orders`, but `GET /api/v2/orders` has it; it is called `get_api_v3_orders`
          choose a name: rename.operations."GET /api/v3/orders" = "…"
        warning[R201] openapi.json:1:1: `GET /multi` wants the name `handle`, but `POST /multi` has it; it is called `handle_get`
          choose a name: rename.operations."GET /multi" = "…"
    "#]].assert_eq(&text);
}

#[test]
fn obstacle_course() {
    let mut extra = object("Open", [("extra", string()), ("type", string())]);
    if let Shape::Struct(object) = &mut extra.shape {
        object.additional = Additional::Kept { name: "extra".into(), ty: Type::Any };
    }
    let mut types = vec![
        object(
            "HTTPValidationError",
            [("self", string()), ("fooBar", string()), ("foo_bar", string()), ("foo-bar", string())],
        ),
        object(
            "Pagination_Order_",
            [("@type", string()), ("type", string()), ("2fa", string()), ("", string()), ("🦀", string())],
        ),
        values(
            "Unknown",
            ["unknown", "Self", "", "1", "-1", "name", "-name", "<", ">=", "none", "A B", "a_b", "Ok"],
        ),
        union("payment", [("card", named(0)), ("Unknown", named(1))]),
        union("Either", [("", named(0)), ("", string()), ("", named(3))]),
        object("OrderCreate payment item", []),
        extra,
    ];
    let names = [
        "Option",
        "Self",
        "self",
        "Error",
        "Client",
        "order",
        "Order",
        "ORDER",
        "2D",
        "2 D",
        "",
        "_",
        "名前",
        "Ünïcode",
        "u\u{308}",
        "𝒳",
        "a.b.C",
        "Page_list_Order__",
        "dict_str__Union_int__NoneType__",
        "Page«Order»",
        "Body_get_all_all_get",
        "Result_dict_str__Item___Err_",
        "r#type",
        "OrderIDs",
        "ApiV1_2",
        "x-y/z",
    ];
    types.extend(names.map(|name| object(name, [])));
    check(
        with_types(types),
        &Settings::default(),
        expect![[r##"
            all::get_all() -> (HttpValidationError, OrderPagination, Unknown, Payment, Either, OrderCreatePaymentItem, Open, OptionModel, SelfModel, SelfModel2, ErrorModel, ClientModel, Order, Order2, Order3, Type2D, Type2D2, Type, Underscore, 名前, Ünïcode, UU308, U1d4b3, ABC, OrderListPage, IntMap, PageOrder, GetAllBody, DictStrItemErrResult, RType, OrderIds, ApiV1_2, XYZ) Safe
            type HttpValidationError = { self_: String, foo_bar: String, foo_bar_2: String, foo_bar_3: String } out eq
            type OrderPagination = { type: String, type_2: String, field_2fa: String, field: String, u1f980: String } out eq
            type Unknown = UnknownValue | SelfValue | Empty | Value1 | Minus1 | Name | MinusName | Less | GreaterEqual | None | AB | AB2 | Ok | … out eq
            type Payment = Card(HttpValidationError) | UnknownValue(OrderPagination) out eq
            type Either = HttpValidationError(HttpValidationError) | String(String) | Payment(Payment) out eq
            type OrderCreatePaymentItem = {  } out eq default
            type Open = { extra_2: String, type: String, extra…: any } out
            type OptionModel = {  } out eq default
            type SelfModel = {  } out eq default
            type SelfModel2 = {  } out eq default
            type ErrorModel = {  } out eq default
            type ClientModel = {  } out eq default
            type Order = {  } out eq default
            type Order2 = {  } out eq default
            type Order3 = {  } out eq default
            type Type2D = {  } out eq default
            type Type2D2 = {  } out eq default
            type Type = {  } out eq default
            type Underscore = {  } out eq default
            type 名前 = {  } out eq default
            type Ünïcode = {  } out eq default
            type UU308 = {  } out eq default
            type U1d4b3 = {  } out eq default
            type ABC = {  } out eq default
            type OrderListPage = {  } out eq default
            type IntMap = {  } out eq default
            type PageOrder = {  } out eq default
            type GetAllBody = {  } out eq default
            type DictStrItemErrResult = {  } out eq default
            type RType = {  } out eq default
            type OrderIds = {  } out eq default
            type ApiV1_2 = {  } out eq default
            type XYZ = {  } out eq default
            warning[R201] openapi.json:1:1: `self` wants the name `SelfModel`, but `Self` has it; it is called `SelfModel2`
              choose a name: rename.types."self" = "…"
            warning[R201] openapi.json:1:1: `Order` wants the name `Order`, but `order` has it; it is called `Order2`
              choose a name: rename.types."Order" = "…"
            warning[R201] openapi.json:1:1: `ORDER` wants the name `Order`, but `order` has it; it is called `Order3`
              choose a name: rename.types."ORDER" = "…"
            warning[R201] openapi.json:1:1: `2 D` wants the name `Type2D`, but `2D` has it; it is called `Type2D2`
              choose a name: rename.types."2 D" = "…"
            warning[R201] openapi.json:1:1: `HTTPValidationError.foo_bar` wants the name `foo_bar`, but `HTTPValidationError.fooBar` has it; it is called `foo_bar_2`
              choose a name: rename.fields."HTTPValidationError.foo_bar" = "…"
            warning[R201] openapi.json:1:1: `HTTPValidationError.foo-bar` wants the name `foo_bar`, but `HTTPValidationError.fooBar` has it; it is called `foo_bar_3`
              choose a name: rename.fields."HTTPValidationError.foo-bar" = "…"
            warning[R201] openapi.json:1:1: `Pagination_Order_.type` wants the name `type`, but `Pagination_Order_.@type` has it; it is called `type_2`
              choose a name: rename.fields."Pagination_Order_.type" = "…"
            warning[R201] openapi.json:1:1: `Unknown.a_b` wants the name `AB`, but `Unknown.A B` has it; it is called `AB2`
              choose a name: rename.variants."Unknown.a_b" = "…"
            warning[R201] openapi.json:1:1: `Open.extra` wants the name `extra`, but `Open.*` has it; it is called `extra_2`
              choose a name: rename.fields."Open.extra" = "…"
            # Written by `gen`. Names that were given stay; check this file in.
            # To choose a name yourself, use [rename] in service.toml.

            [operations]
            "GET /all" = "get_all"

            [types]
            "#/components/schemas/" = "Type"
            "#/components/schemas/2 D" = "Type2D2"
            "#/components/schemas/2D" = "Type2D"
            "#/components/schemas/ApiV1_2" = "ApiV1_2"
            "#/components/schemas/Body_get_all_all_get" = "GetAllBody"
            "#/components/schemas/Client" = "ClientModel"
            "#/components/schemas/Either" = "Either"
            "#/components/schemas/Error" = "ErrorModel"
            "#/components/schemas/HTTPValidationError" = "HttpValidationError"
            "#/components/schemas/ORDER" = "Order3"
            "#/components/schemas/Open" = "Open"
            "#/components/schemas/Option" = "OptionModel"
            "#/components/schemas/Order" = "Order2"
            "#/components/schemas/OrderCreate payment item" = "OrderCreatePaymentItem"
            "#/components/schemas/OrderIDs" = "OrderIds"
            "#/components/schemas/Page_list_Order__" = "OrderListPage"
            "#/components/schemas/Page«Order»" = "PageOrder"
            "#/components/schemas/Pagination_Order_" = "OrderPagination"
            "#/components/schemas/Result_dict_str__Item___Err_" = "DictStrItemErrResult"
            "#/components/schemas/Self" = "SelfModel"
            "#/components/schemas/Unknown" = "Unknown"
            "#/components/schemas/_" = "Underscore"
            "#/components/schemas/a.b.C" = "ABC"
            "#/components/schemas/dict_str__Union_int__NoneType__" = "IntMap"
            "#/components/schemas/order" = "Order"
            "#/components/schemas/payment" = "Payment"
            "#/components/schemas/r#type" = "RType"
            "#/components/schemas/self" = "SelfModel2"
            "#/components/schemas/ü" = "UU308"
            "#/components/schemas/x-y/z" = "XYZ"
            "#/components/schemas/Ünïcode" = "Ünïcode"
            "#/components/schemas/名前" = "名前"
            "#/components/schemas/𝒳" = "U1d4b3"

            [fields]
            "#/components/schemas/HTTPValidationError.foo-bar" = "foo_bar_3"
            "#/components/schemas/HTTPValidationError.fooBar" = "foo_bar"
            "#/components/schemas/HTTPValidationError.foo_bar" = "foo_bar_2"
            "#/components/schemas/Open.*" = "extra"
            "#/components/schemas/Open.extra" = "extra_2"
            "#/components/schemas/Pagination_Order_." = "field"
            "#/components/schemas/Pagination_Order_.2fa" = "field_2fa"
            "#/components/schemas/Pagination_Order_.@type" = "type"
            "#/components/schemas/Pagination_Order_.type" = "type_2"
            "#/components/schemas/Pagination_Order_.🦀" = "u1f980"

            [variants]
            "#/components/schemas/Either.HTTPValidationError" = "HttpValidationError"
            "#/components/schemas/Unknown." = "Empty"
            "#/components/schemas/Unknown.-1" = "Minus1"
            "#/components/schemas/Unknown.-name" = "MinusName"
            "#/components/schemas/Unknown.1" = "Value1"
            "#/components/schemas/Unknown.<" = "Less"
            "#/components/schemas/Unknown.>=" = "GreaterEqual"
            "#/components/schemas/Unknown.A B" = "AB"
            "#/components/schemas/Unknown.Ok" = "Ok"
            "#/components/schemas/Unknown.Self" = "SelfValue"
            "#/components/schemas/Unknown.a_b" = "AB2"
            "#/components/schemas/Unknown.unknown" = "UnknownValue"
            "#/components/schemas/payment.Unknown" = "UnknownValue"

            [modules]
            "all" = "all"
        "##]],
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
