use crate::ir::{ReplyBody, Type, TypeDef};
use crate::passes::testing::{check, get, int, list, named, nullable, object, service, settings, string};
use expect_test::expect;

fn envelope(name: &str, data: Type) -> TypeDef {
    object(name, [("code=", int()), ("message=", string()), ("data?", data), ("timestamp?", string())])
}

fn types() -> Vec<TypeDef> {
    vec![
        object("Order", [("id", int())]),
        envelope("BaseResponse_Order_", nullable(named(0))),
        envelope("BaseResponse_NoneType_", Type::Null),
        envelope("BaseResponse_Union_Order__NoneType__", nullable(named(0))),
        envelope("BaseResponse_list_Order__", nullable(list(named(0)))),
        object(
            "ErrorResponse",
            [("code", int()), ("message", string()), ("data?", Type::Null), ("error_code", string())],
        ),
    ]
}

#[test]
fn fastapi_generics() {
    let operations = [
        get("/order").json("200", named(1)).json("404", named(5)),
        get("/none").json("200", named(2)),
        get("/optional").json("200", named(3)),
        get("/list").json("200", named(4)),
        get("/chosen").json("200", named(1)),
        get("/mixed").json("200", named(1)).json("201", named(0)),
        get("/plain").json("200", named(0)),
        get("/empty").json("200", named(1)).reply("204", ReplyBody::Empty),
    ];
    check(
        super::run,
        service(operations, types()),
        &settings("[envelope]\noptional = ['GET /chosen']\nsuccess = [0]"),
        expect![[r#"
        envelope code message data Some("timestamp") ["0"]
        GET /order() -> Unit [200 enveloped: Order] Unsafe
        GET /none() -> Unit [200 enveloped: null] Unsafe
        GET /optional() -> Unit [200 enveloped: Order|null] Unsafe
        GET /list() -> Unit [200 enveloped: [Order]] Unsafe
        GET /chosen() -> Unit [200 enveloped: Order|null] Unsafe
        GET /mixed() -> Unit Unsafe
        GET /plain() -> Unit Unsafe
        GET /empty() -> Unit [200 enveloped: Order] Unsafe
        type Order = { id: Int(I64) }
        type BaseResponse_Order_ = { code=String("x"): Int(I64), message=String("x"): String, data?: Order|null, timestamp?: String }
        type BaseResponse_NoneType_ = { code=String("x"): Int(I64), message=String("x"): String, data?: null, timestamp?: String }
        type BaseResponse_Union_Order__NoneType__ = { code=String("x"): Int(I64), message=String("x"): String, data?: Order|null, timestamp?: String }
        type BaseResponse_list_Order__ = { code=String("x"): Int(I64), message=String("x"): String, data?: [Order]|null, timestamp?: String }
        type ErrorResponse = { code: Int(I64), message: String, data?: null, error_code: String }
    "#]],
    );
}

#[test]
fn off_by_choice() {
    check(
        super::run,
        service([get("/").json("200", named(1))], types()),
        &settings("[envelope]\nenabled = false"),
        expect![[r#"
        GET /() -> Unit Unsafe
        type Order = { id: Int(I64) }
        type BaseResponse_Order_ = { code=String("x"): Int(I64), message=String("x"): String, data?: Order|null, timestamp?: String }
        type BaseResponse_NoneType_ = { code=String("x"): Int(I64), message=String("x"): String, data?: null, timestamp?: String }
        type BaseResponse_Union_Order__NoneType__ = { code=String("x"): Int(I64), message=String("x"): String, data?: Order|null, timestamp?: String }
        type BaseResponse_list_Order__ = { code=String("x"): Int(I64), message=String("x"): String, data?: [Order]|null, timestamp?: String }
        type ErrorResponse = { code: Int(I64), message: String, data?: null, error_code: String }
    "#]],
    );
}

#[test]
fn by_chosen_names() {
    let wrapped = object("Wrapped", [("status", int()), ("result", named(0)), ("trace", string())]);
    let types = [object("Order", []), wrapped];
    let chosen = settings("[envelope]\ncode = 'status'\ndata = 'result'");
    check(
        super::run,
        service([get("/").json("200", named(1))], types.clone()),
        &chosen,
        expect![[r#"
        envelope status message result None []
        GET /() -> Unit [200 enveloped: Order] Unsafe
        type Order = {  }
        type Wrapped = { status: Int(I64), result: Order, trace: String }
    "#]],
    );
    check(
        super::run,
        service([get("/").json("200", named(0))], types.clone()),
        &chosen,
        expect![[r#"
        GET /() -> Unit Unsafe
        type Order = {  }
        type Wrapped = { status: Int(I64), result: Order, trace: String }
        error[R503] service.toml:2:8: no reply has an envelope with these fields
          correct the names or take `[envelope]` out
    "#]],
    );
    check(
        super::run,
        service([get("/").json("200", named(1))], types),
        &settings(""),
        expect![[r#"
        GET /() -> Unit Unsafe
        type Order = {  }
        type Wrapped = { status: Int(I64), result: Order, trace: String }
    "#]],
    );
}

#[test]
fn a_single_struct_with_code_and_data_is_none() {
    let lone = object("Lone", [("code", string()), ("data", string())]);
    check(
        super::run,
        service([get("/").json("200", named(0))], [lone]),
        &settings(""),
        expect![[r#"
        GET /() -> Unit Unsafe
        type Lone = { code: String, data: String }
    "#]],
    );
}
