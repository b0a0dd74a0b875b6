//! Everything that a document can call a thing, and what we call it.

use expect_test::expect;

use super::{check, run, with_types};
use crate::ir::{Additional, Method, Shape, Type};
use crate::passes::testing::{named, object, operation, service, string, union, values};
use crate::settings::{Lock, Settings};

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
