use super::*;

#[test]
fn both_ways_to_a_struct_give_the_same() {
    let shape = || {
        let fields = vec![
            field("zeta", Type::Map(Box::new(I64)), Presence::Optional),
            field("type", Type::Nullable(Box::new(Type::Scalar(Scalar::DateTime))), Presence::Required),
            field("alpha", Type::List(Box::new(Type::Any)), Presence::Required),
        ];
        strukt(fields)
    };
    let service = service(vec![def("Order", shape(), REPLY)]);
    let context = Context::new(&service).unwrap();
    let (id, def) = service.types.iter().next().unwrap();
    let Shape::Struct(strukt) = &def.shape else { unreachable!() };
    let plans = plan::plans(&context, id, def, strukt);
    let through = refine::structs(&context).unwrap().remove(&id).unwrap();
    let first = decorate::item(&context, def, strukt, &plans, &through);
    assert_eq!(first.to_string(), own::strukt(&context, def, strukt, &plans).to_string());
}

#[test]
fn makes_foreign_text_harmless() {
    let check = |text: &str, expected: &[&str]| assert_eq!(doc_lines(text), expected, "{text}");
    check("A [Order] of Vec<T>, see `Vec<[T]>`.", &["A \\[Order\\] of Vec\\<T>, see `Vec<[T]>`."]);
    check("```rust\npanic!()\n", &["```text", "panic!()", "```"]);
    check("a\n\n      panic!()", &["a", "", "panic!()"]);
    check("-     panic!()\nlazy\n  - b", &["- panic!() lazy", "  - b"]);
    check("> ```\n> panic!()", &["> \\`\\`\\`", "> panic!()"]);
    check("[a](https://x.y/z) http://x.y. <https://q>", &["[a](<https://x.y/z>) <http://x.y>. <https://q>"]);
    check("a\u{202e}b\rc\u{0}\n*/ \"#", &["ab c", "*/ \"#"]);
    check("one ` tick and ``", &["one \\` tick and \\`\\`"]);
    check(" \n ", &[]);
}

#[test]
fn file_names_are_unique_and_harmless() {
    let mut taken = std::collections::BTreeMap::new();
    let names = ["Order", "Mod", "Type", "ORDER", "Aux"].map(|name| text::module_name(name, &mut taken));
    assert_eq!(names, ["order", "mod_", "type_", "order_2", "aux_"]);
    // Snake case also where a name is cut off before a word, or is a keyword.
    let long = format!("{}Word", "A1".repeat(80).get(..159).unwrap());
    let names = ["TYPE", &long, &long].map(|name| text::module_name(name, &mut taken));
    assert_eq!(names[0], "type_2");
    assert!(names.iter().all(|name| !name.contains("__")), "{names:?}");
}
