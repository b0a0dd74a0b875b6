//! Queries and updates that mean harm.

use super::apply;

#[test]
fn hostile_queries_and_updates_are_bounded() {
    let long = format!("$.{}", "a".repeat(5000));
    let nested = format!("$[?{}@.a{}]", "(".repeat(50_000), ")".repeat(50_000));
    for (query, what) in [
        (long.as_str(), "is longer than 4096 bytes"),
        (&nested, "is longer than 4096 bytes"),
        ("$[?((((((@.a))))))]", "has more than 6 brackets inside of each other"),
        ("$..[?$.a && $.b]", "has more than one `$` in its filters"),
        ("$..[?$..a]", "has a filter with `$` and `..`, `*`, a list, a function or another filter"),
        ("$.*[?count($.*) > 1]", "has a filter with `$` and `..`, `*`, a list, a function or another filter"),
    ] {
        let (_, messages) = apply("{a: 1}", "1.1.0", &format!("  - {{target: '{query}', remove: true}}"));
        assert_eq!(messages, [format!("error[R106] specs/overlay.yaml:4:14: this JSONPath {what}")]);
    }
    // What is just not too much is read at once.
    let (_, messages) = apply("{a: 1}", "1.1.0", "  - {target: '$[?(((((@.a)))))]', remove: true}");
    assert!(messages.iter().all(|found| found.starts_with("warning[R107]")), "{messages:?}");
    // Quoted text is no structure.
    let (found, messages) =
        apply("{'((((((((..,$': 1}", "1.1.0", "  - {target: \"$['((((((((..,$']\", update: 2}");
    assert_eq!((found.as_str(), messages.len()), (r#"{"((((((((..,$":2}"#, 0));
    // What a query can pass through is known before it starts: many values that are deep, each many times, under long names.
    let deep = |depth: usize, leaves: usize| {
        format!("{}{}0{}", "[".repeat(depth), "0,".repeat(leaves), "]".repeat(depth))
    };
    let named = format!("{{\"{}\": [{}0]}}", "a".repeat(100_000), "0,".repeat(10_000));
    for (document, query) in [
        (deep(250, 70_000), "$..*".to_owned()),
        (deep(250, 70_000), format!("${}", "[*]".repeat(250))),
        (deep(200, 100), "$..*..*..*".to_owned()),
        (deep(200, 100), "$..[?@..[?@..a]]".to_owned()),
        (deep(10, 1), format!("${}", "[0,0]".repeat(100))),
        (named, "$..*".to_owned()),
    ] {
        let (_, messages) = apply(&document, "1.1.0", &format!("  - {{target: '{query}', remove: true}}"));
        let message = format!("`{query}` asks for more of this document than there is memory for");
        assert_eq!(messages, [format!("error[R106] specs/overlay.yaml:4:14: {message}")]);
    }
    // What is named first is no part of it, and what stays above depth is cheap, whatever lies below.
    let document = format!("{{\"a\": {{\"b\": {{\"c\": {{\"d\": 1}}}}}}, \"deep\": {}}}", deep(250, 70_000));
    for query in ["$.a..*..*..*", "$.*", "$.deep[0]"] {
        let (_, messages) = apply(&document, "1.1.0", &format!("  - {{target: '{query}', remove: true}}"));
        assert_eq!(messages, [""; 0], "{query}");
    }
    // Each pair of actions doubles the document, in depth or in size.
    let nest = "  - {target: $.x, update: {a: {}}}\n  - {target: $.x.a, copy: $.x}\n";
    let (_, nested) = apply("{x: {}}", "1.1.0", &nest.repeat(300));
    assert!(nested.is_empty() || nested.iter().all(|found| found.starts_with("error[R004]")), "{nested:?}");
    let large = format!("{{\"l\": [\"{}\"]}}", "a".repeat(1 << 20));
    let (_, sized) = apply(&large, "1.1.0", &"  - {target: $.l, copy: $.l}\n".repeat(8));
    assert!(sized.iter().all(|found| found.contains("more than 64 MiB larger")) && !sized.is_empty());
}
