//! A service with one of everything.

use rpc_codegen::ir::*;

use crate::sample::*;

pub(crate) fn everything() -> Service {
    let mut b = Builder(Types::default());
    let status = b.strings("Status", true, &[("Pending", "pending"), ("Paid", "paid")]);
    let strange = b.strings("Strange", true, &[("Unknown", "unknown"), ("Less", "<")]);
    let order = b.strings("SortOrder", false, &[("Asc", "asc"), ("Desc", "desc")]);
    let kind = |b: &mut Builder, name: &str, wire: &str| {
        let mut up = wire.to_owned();
        up.replace_range(..1, &wire[..1].to_uppercase());
        Type::Named(b.strings(name, true, &[(&up, wire)]))
    };
    let card_kind = kind(&mut b, "CardKind", "card");
    let wallet_kind = kind(&mut b, "WalletKind", "wallet");
    let level = b.add(
        "Level",
        Shape::Enum(ValueEnum {
            of: Scalar::Int(IntKind::I64),
            values: vec![
                EnumValue { wire: "-1".into(), name: "Low".into(), doc: Some("Low.".into()) },
                EnumValue { wire: "1".into(), name: "High".into(), doc: None },
            ],
            open: true,
        }),
        BOTH,
    );
    let tags = b.add(
        "Tags",
        Shape::Alias(
            list(STRING),
            Constraints {
                max_items: Some(3),
                items: Some(Box::new(Constraints { min_length: Some(1), ..Constraints::default() })),
                ..Constraints::default()
            },
        ),
        BOTH,
    );
    let prices = b.add("Prices", Shape::Alias(list(null(DECIMAL)), Constraints::default()), BOTH);
    let note = b.add("Note", Shape::Alias(null(STRING), Constraints::default()), BOTH);
    let mut old = opt("old", STRING);
    old.deprecated = true;
    let mut sku = req("sku", STRING);
    sku.constraints.min_length = Some(1);
    sku.doc = Some(
        "Stock unit, see [Order] and <b>\n\n```\nlet x = 1;\n```\n- a\nlazy\n\n    code();\nhttps://x.y/z."
            .into(),
    );
    let line = b.strukt("OrderLine", BOTH, vec![sku, req("price", DECIMAL), old]);
    let gone = b.strukt("Gone", BOTH, vec![req("id", I64)]);
    b.0.get_mut(gone).unwrap().deprecated = true;
    let card = b.strukt("CardPayment", BOTH, vec![req("kind", card_kind), req("number", STRING)]);
    let wallet = b.strukt(
        "WalletPayment",
        BOTH,
        vec![
            dft("kind", wallet_kind, Default_::String("wallet".into())),
            req("wallet_id", Type::Scalar(Scalar::Uuid)),
        ],
    );
    let payment = b.add(
        "PaymentMethod",
        Shape::Union(Union {
            variants: vec![
                variant("Card", Type::Named(card), &["card"], ""),
                variant("Wallet", Type::Boxed(Box::new(Type::Named(wallet))), &["wallet"], ""),
            ],
            dispatch: Dispatch::Tag("kind".into()),
        }),
        BOTH,
    );
    let shape = b.add(
        "ByField",
        Shape::Union(Union {
            variants: vec![
                variant("Line", Type::Named(line), &[], "sku"),
                variant("Other", map(DECIMAL), &[], ""),
            ],
            dispatch: Dispatch::Field,
        }),
        BOTH,
    );
    let place = b.add(
        "Place",
        Shape::Union(Union {
            variants: vec![
                variant("Unknown", STRING, &[], ""),
                variant("Int", I64, &[], ""),
                variant("Prices", Type::Named(prices), &[], ""),
                variant("Nested", Type::Named(payment), &[], ""),
            ],
            dispatch: Dispatch::JsonType,
        }),
        BOTH,
    );
    b.add(
        "First",
        Shape::Union(Union {
            variants: vec![
                variant("At", Type::Scalar(Scalar::DateTime), &[], ""),
                variant("Text", STRING, &[], ""),
                variant("Again", STRING, &[], ""),
            ],
            dispatch: Dispatch::FirstMatch,
        }),
        BOTH,
    );
    let mut lines = req("lines", list(Type::Named(line)));
    lines.constraints.min_items = Some(1);
    let mut user = req("user_id", STRING);
    user.constraints.min_length = Some(1);
    user.constraints.pattern = Some("^[a-z\"]+$".into());
    let order_type = b.strukt(
        "Order",
        BOTH,
        vec![
            user,
            lines,
            req("payment", Type::Named(payment)),
            req("note", null(STRING)),
            req("note2", Type::Named(note)),
            opt("patch-me", null(STRING)),
            opt("amounts", list(null(DECIMAL))),
            opt("named", Type::Named(prices)),
            opt("maybe_amount", null(map(DECIMAL))),
            dft("limit", I64, Default_::Int(20)),
            dft("fee", DECIMAL, Default_::Number("1.50".into())),
            dft("flag", Type::Scalar(Scalar::Bool), Default_::Bool(false)),
            dft("tags", Type::Named(tags), Default_::EmptyList),
            dft("words", list(STRING), Default_::Json(r#"["a"]"#.into())),
            dft("sort", Type::Named(order), Default_::String("asc".into())),
            dft("when", Type::Scalar(Scalar::DateTime), Default_::String("2020-01-01T00:00:00Z".into())),
            dft("nullable_size", null(I64), Default_::Int(7)),
            opt("type", STRING),
            opt("any", Type::Any),
            req("raw", Type::Any),
            opt("big", Type::Scalar(Scalar::IntString(IntKind::I64))),
            opt("pair", Type::Tuple(vec![STRING, DECIMAL])),
            opt("file", Type::Scalar(Scalar::Base64)),
            opt("strange", Type::Named(strange)),
            opt("level", Type::Named(level)),
            opt("gone", Type::Named(gone)),
            opt("shape", Type::Named(shape)),
            opt("place", list(Type::Named(place))),
            req("status", Type::Named(status)),
        ],
    );
    b.strukt(
        "Plain",
        REPLY,
        vec![
            req("userId", STRING),
            req("at", null(Type::Scalar(Scalar::DateTime))),
            opt("maybe", null(list(Type::Named(line)))),
            req("orders", map(list(Type::Named(order_type)))),
            opt("ip", Type::Scalar(Scalar::Ipv4)),
            req("ratio", Type::Scalar(Scalar::Float(FloatKind::F64))),
            dft("fee", DECIMAL, Default_::Int(0)),
            opt("extra", map(Type::Any)),
            req("free", map(Type::Any)),
            opt("any", null(Type::Any)),
        ],
    );
    let patch = b.strukt(
        "OrderPatch",
        REQUEST,
        vec![opt("note", null(STRING)), dft("limit", I64, Default_::Int(3)), opt("total", null(DECIMAL))],
    );
    b.0.get_mut(patch).unwrap().patch = true;
    b.add(
        "Settings",
        Shape::Struct(Struct {
            fields: vec![
                req("theme", STRING),
                opt("font-size", I64),
                opt("note", null(STRING)),
                dft("limit", I64, Default_::Int(5)),
                dft("zero", I64, Default_::Int(0)),
                req("must", null(DECIMAL)),
                dft("size", null(I64), Default_::Int(7)),
            ],
            additional: Additional::Kept { name: "rest".into(), ty: DECIMAL },
        }),
        BOTH,
    );
    let mut hostile = opt("we`ird\"]\n#[x] */", STRING);
    hostile.name = "weird".into();
    hostile.doc = Some("\"#]\n */ [`x`][y] <script> ```rust\n~~~\npanic!()\n\u{202e}\r    [a]: b".into());
    b.strukt("Empty", BOTH, vec![]);
    b.strukt("Hostile", BOTH, vec![hostile]);
    b.strukt("Many", BOTH, (0..9).map(|n| req(&format!("f{n}"), I64)).collect());
    let node = TypeId(b.0.len());
    b.strukt(
        "TreeNode",
        BOTH,
        vec![opt("left", Type::Boxed(Box::new(Type::Named(node)))), req("kids", list(Type::Named(node)))],
    );
    b.strukt("HTTPThing", BOTH, vec![req("self", STRING), req("r2d2", I64)]);
    service(b.0)
}
