use expect_test::expect;

use crate::diagnostic::Diagnostics;
use crate::ir::{Method, Place, ReplyBody};
use crate::passes::testing::{
    decimal, get, int, list, named, nullable, object, operation, service, string, text, union, values,
};
use crate::settings::{Lock, Settings};

/// What FastAPI writes for a small order service, through all passes.
#[test]
fn order_service() {
    let envelope =
        |name, data| object(name, [("code=", int()), ("message=", string()), ("data?", nullable(data))]);
    let types = [
        envelope("BaseResponse_Order_", named(4)),
        envelope("BaseResponse_Pagination_Order__", named(2)),
        object("Pagination_Order_", [("total", int()), ("items", list(named(4)))]),
        object(
            "Order-Input",
            [("amount", decimal()), ("lines", list(named(5))), ("payment", nullable(named(8)))],
        ),
        object(
            "Order-Output",
            [("amount", string()), ("lines", list(named(6))), ("payment", nullable(named(9)))],
        ),
        object("OrderLine-Input", [("sku", string()), ("status=", named(7))]),
        object("OrderLine-Output", [("sku", string()), ("status", named(7))]),
        values("OrderStatus", ["pending", "on-hold"]),
        union("Order-Input payment", [("card", named(10)), ("order", named(3))]),
        union("Order-Output payment", [("card", named(10)), ("order", named(4))]),
        object("CardPayment", [("last4", string())]),
        object("ErrorResponse", [("code", int()), ("message", string()), ("error_code", string())]),
        object("HTTPValidationError", [("detail?", list(string()))]),
        object("OrderPatch", [("lines?", list(named(5)))]),
    ];
    let place = "/api/v1/orders/{order_id}";
    let one = |method| {
        operation(method, place)
            .parameter(Place::Path, "order_id")
            .json("404", named(11))
            .json("422", named(12))
    };
    let operations = [
        get("/api/v1/orders")
            .id("list_orders_api_v1_orders_get")
            .tag("orders")
            .json("200", named(1))
            .json("422", named(12)),
        operation(Method::Post, "/api/v1/orders")
            .id("create_order_api_v1_orders_post")
            .parameter(Place::Header, "Idempotency-Key")
            .takes(named(3))
            .json("201", named(0)),
        one(Method::Get).id("get_order_api_v1_orders__order_id__get").json("200", named(0)),
        one(Method::Patch)
            .id("patch_order_api_v1_orders__order_id__patch")
            .takes(named(13))
            .json("200", named(0)),
        one(Method::Delete).id("delete_order_api_v1_orders__order_id__delete").reply("204", ReplyBody::Empty),
    ];
    let mut service = service(operations, types);
    let mut diagnostics = Diagnostics::default();
    let lock = super::run(&mut service, &Settings::default(), &Lock::default(), &mut diagnostics);
    expect![[r##"
        envelope code message data None []
        orders::list_orders() -> OrderPagination [200 enveloped: OrderPagination] errors 0 Safe
        orders::create_order(idempotency_key: String -> IdempotencyKey, body: Order) -> Order [201 enveloped: Order] Keyed
        orders::get_order(order_id: String) -> Order [200 enveloped: Order] errors 1 Safe
        orders::patch_order(order_id: String, body: OrderPatch) -> Order [200 enveloped: Order] errors 1 Unsafe
        orders::delete_order(order_id: String) -> Unit errors 1 Idempotent
        errors Status422 { UnprocessableEntity: HttpValidationError }
        errors Status404Or422 { NotFound: ErrorResponse, UnprocessableEntity: HttpValidationError }
        type BaseResponse_Order_ = { code=String("x"): Int(I64), message=String("x"): String, data?: Order|null } eq default
        type BaseResponse_Pagination_Order__ = { code=String("x"): Int(I64), message=String("x"): String, data?: OrderPagination|null } eq default
        type OrderPagination = { total: Int(I64), items: [Order] } out eq
        type Order-Input = { amount: Decimal(Number), lines: [OrderLine], payment: OrderPayment|null } eq
        type Order = { amount: Decimal(String), lines: [OrderLine], payment: OrderPayment|null } in out eq
        type OrderLine-Input = { sku: String, status=String("x"): OrderStatus } eq
        type OrderLine = { sku: String, status=String("x"): OrderStatus } in out eq
        type OrderStatus = Pending | OnHold | … in out eq
        type Order-Input payment = string(CardPayment) | string(Order) eq
        type OrderPayment = Card(CardPayment) | Order(Box Order) in out eq
        type CardPayment = { last4: String } in out eq
        type ErrorResponse = { code: Int(I64), message: String, error_code: String } out eq
        type HttpValidationError = { detail?: [String] } out eq default
        type OrderPatch = { lines?: [OrderLine] } in patch eq default
        # Written by `gen`. Names that were given stay; check this file in.
        # To choose a name yourself, use [rename] in service.toml.

        [operations]
        "DELETE /api/v1/orders/{order_id}" = "delete_order"
        "GET /api/v1/orders" = "list_orders"
        "GET /api/v1/orders/{order_id}" = "get_order"
        "PATCH /api/v1/orders/{order_id}" = "patch_order"
        "POST /api/v1/orders" = "create_order"

        [types]
        "#/components/schemas/CardPayment" = "CardPayment"
        "#/components/schemas/ErrorResponse" = "ErrorResponse"
        "#/components/schemas/HTTPValidationError" = "HttpValidationError"
        "#/components/schemas/Order-Output" = "Order"
        "#/components/schemas/Order-Output payment" = "OrderPayment"
        "#/components/schemas/OrderLine-Output" = "OrderLine"
        "#/components/schemas/OrderPatch" = "OrderPatch"
        "#/components/schemas/OrderStatus" = "OrderStatus"
        "#/components/schemas/Pagination_Order_" = "OrderPagination"

        [variants]
        "#/components/schemas/OrderStatus.on-hold" = "OnHold"

        [modules]
        "orders" = "orders"

        [errors]
        "404=#/components/schemas/ErrorResponse,422=#/components/schemas/HTTPValidationError" = "Status404Or422"
        "422=#/components/schemas/HTTPValidationError" = "Status422"
    "##]].assert_eq(&(text(&service, &diagnostics) + &lock.render("gen")));
}
