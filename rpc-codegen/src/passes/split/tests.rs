use expect_test::{Expect, expect};

use crate::ir::{Method, Operation, Shape, TypeDef};
use crate::passes::testing::{
    self, get, list, named, nullable, object, operation, service, settings, string, union, values,
};

/// Fields whose names begin with `ro_` are read only, and so is `kind`; those with `wo_` write only.
fn check(
    operations: impl IntoIterator<Item = Operation>,
    types: impl IntoIterator<Item = TypeDef>,
    expected: Expect,
) {
    let types = types.into_iter().map(|mut def| {
        if let Shape::Struct(object) = &mut def.shape {
            for field in &mut object.fields {
                field.read_only = field.wire.starts_with("ro_") || field.wire == "kind";
                field.write_only = field.wire.starts_with("wo_");
            }
        }
        def
    });
    testing::check(
        |context| {
            crate::passes::direction::run(context);
            super::run(context);
        },
        service(operations, types),
        &settings(""),
        expected,
    );
}

fn put() -> Operation {
    operation(Method::Put, "/x")
}

#[test]
fn each_way_requires_its_own() {
    let fields = || [("ro_id", string()), ("wo_secret", string()), ("name", string())];
    check(
        [put().takes(named(0)).json("200", named(0))],
        [object("User", fields())],
        expect![[r#"
            PUT /x(body: User-Input) -> Unit Unsafe
            type User = { ro_id: String, name: String } out
            type User-Input = { wo_secret: String, name: String } in
        "#]],
    );
}

#[test]
fn one_way_types_stay() {
    let fields = || [("ro_id", string()), ("wo_secret", string()), ("name", string())];
    check(
        [put().takes(named(0)).json("200", named(1))],
        [object("Sent", fields()), object("Received", fields())],
        expect![[r#"
            PUT /x(body: Sent) -> Unit Unsafe
            type Sent = { ro_id?: String, wo_secret: String, name: String } in
            type Received = { ro_id: String, wo_secret?: String, name: String } out
        "#]],
    );
}

#[test]
fn optional_ones_need_no_second_type() {
    check(
        [put().takes(named(0)).json("200", named(0))],
        [object("User", [("ro_id?", string()), ("wo_secret?", string())])],
        expect![[r#"
            PUT /x(body: User) -> Unit Unsafe
            type User = { ro_id?: String, wo_secret?: String } in out
        "#]],
    );
}

#[test]
fn what_holds_one_is_split_too() {
    let types = [
        object("Team", [("members", list(named(1))), ("colour", named(3)), ("note?", string())]),
        object("User", [("ro_id", string()), ("boss", nullable(named(1)))]),
        object("OnlySent", [("team", named(0))]),
        values("Colour", ["red"]),
        object("OnlyReceived", [("user", named(1))]),
    ];
    check(
        [put().takes(named(0)).json("200", named(0)), put().takes(named(2)), get("/").json("200", named(4))],
        types,
        expect![[r#"
            PUT /x(body: Team-Input) -> Unit Unsafe
            PUT /x(body: OnlySent) -> Unit Unsafe
            GET /() -> Unit Unsafe
            type Team = { members: [User], colour: Colour, note?: String } out
            type User = { ro_id: String, boss: User|null } out
            type OnlySent = { team: Team-Input } in
            type Colour = red | … in out
            type OnlyReceived = { user: User } out
            type Team-Input = { members: [User-Input], colour: Colour, note?: String } in
            type User-Input = { boss: User-Input|null } in
        "#]],
    );
}

#[test]
fn what_tells_alternatives_apart_stays() {
    let types = [
        union("Pet", [("cat", named(1)), ("dog", named(2))]),
        object("Cat", [("kind", string()), ("ro_id", string())]),
        object("Dog", [("ro_kind", string()), ("kind", string())]),
    ];
    check(
        [put().takes(named(0)).json("200", named(0))],
        types,
        expect![[r#"
        PUT /x(body: Pet-Input) -> Unit Unsafe
        type Pet = string(Cat) | string(Dog) out
        type Cat = { kind: String, ro_id: String } out
        type Dog = { ro_kind: String, kind: String } out
        type Pet-Input = string(Cat-Input) | string(Dog-Input) in
        type Cat-Input = { kind?: String } in
        type Dog-Input = { kind?: String } in
    "#]],
    );
}

#[test]
fn a_patch_changes_only_the_request_form() {
    check(
        [operation(Method::Patch, "/x").takes(named(0)).json("200", named(0))],
        [object("User item", [("ro_id", string()), ("name=", string())])],
        expect![[r#"
            PATCH /x(body: User-Input item) -> Unit Unsafe
            type User item = { ro_id: String, name=String("x"): String } out
            type User-Input item = { name=String("x"): String } in patch
        "#]],
    );
}
