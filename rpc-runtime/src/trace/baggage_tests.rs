//! Tables of what is read and written.

use super::*;

fn read(headers: &[&[u8]]) -> Baggage {
    let mut map = HeaderMap::new();
    for bytes in headers {
        map.append(crate::trace::BAGGAGE, HeaderValue::from_bytes(bytes).unwrap());
    }
    Baggage::from_headers(&map)
}

#[track_caller]
fn check(header: &str, expected: &str) {
    assert_eq!(read(&[header.as_bytes()]).to_string(), expected, "{header}");
}

#[test]
fn what_the_grammar_allows_is_kept() {
    check(
        "userId=alice,serverNode=DF%2028,isProduction=false",
        "userId=alice,serverNode=DF%2028,isProduction=false",
    );
    check(
        "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue",
        "key1=value1;property1;property2,key2=value2,key3=value3;propertyKey=propertyValue",
    );
    check("a=\t, b = x=y== ; p = q ; r ", "a=,b=x=y==;p=q;r");
    check("a=1;", "a=1");
    check("a=1;;b", "a=1;b");
    check("a=1,a=2", "a=1,a=2");
    check(
        "!#$%&'*+-.^_`|~09azAZ=!#$%&'()*+-./:<=>?@[]^_`{|}~",
        "!#$%&'*+-.^_`|~09azAZ=!#$%&'()*+-./:<=>?@[]^_`{|}~",
    );
}

#[test]
fn a_wrong_member_goes_and_the_others_stay() {
    for bad in
        ["", "a", "=1", "a b=1", "a=1 2", "a=\"1\"", "a=\\", "a;p=1", "a=1;=p", "a=1;p q", "a=1;p=\"", "(=1"]
    {
        check(&format!("x=1,{bad},y=2"), "x=1,y=2");
    }
    assert_eq!(read(&[b"x=1,a=\xff,y=2", b"z=3"]).to_string(), "x=1,y=2,z=3");
    check("", "");
}

#[test]
fn sixty_four_members_of_8192_bytes() {
    let members: Vec<String> = (0..65).map(|n| format!("k{n}=v")).collect();
    check(&members.join(","), &members[..64].join(","));
    let long = |key: &str, length: usize| format!("{key}={}", "v".repeat(length - key.len() - 1));
    let full = [long("a", 8000), long("b", 191)].join(",");
    assert_eq!(full.len(), 8192);
    check(&full, &full);
    // What does not fit goes as a whole; what still fits stays.
    check(
        &[long("a", 8000), long("b", 192), long("c", 20)].join(","),
        &[long("a", 8000), long("c", 20)].join(","),
    );
    check(&long("a", 8193), "");
}

#[test]
fn entries_are_read_decoded() {
    let baggage = read(&[b"node=DF%2028%zz;ttl=%C3%A9;hop, bad=%ff, node=2"]);
    let entries: Vec<_> = baggage.iter().collect();
    assert_eq!((entries.len(), baggage.len()), (3, 3));
    assert_eq!((entries[0].key(), &*entries[0].value()), ("node", "DF 28%zz"));
    let properties: Vec<_> = entries[0].properties().collect();
    assert_eq!(properties, [("ttl", Some("é".into())), ("hop", None)]);
    assert_eq!(&*entries[1].value(), "\u{fffd}");
    assert_eq!(baggage.get("node").as_deref(), Some("2"), "the last one, as in a map");
    assert_eq!(baggage.get("Node"), None);
    assert_eq!(format!("{baggage:?}"), r#"{"node", "bad", "node"}"#);
}

#[test]
fn entries_are_set_encoded() {
    let mut baggage = read(&[b"a=1;p,b=2,a=3"]);
    baggage.insert("a", "50%, \"Müller\";\\\n").unwrap();
    assert_eq!(baggage.to_string(), "b=2,a=50%25%2C%20%22M%C3%BCller%22%3B%5C%0A");
    assert_eq!(baggage.get("a").as_deref(), Some("50%, \"Müller\";\\\n"));
    baggage.insert_with("b", "", &[("ttl", Some("a b")), ("hop", None)]).unwrap();
    assert_eq!(baggage.iter().last().unwrap().as_str(), "b=;ttl=a%20b;hop");
    assert!(baggage.remove("a") && !baggage.remove("a"));
    assert!(baggage.remove("b") && baggage.is_empty() && baggage.header().is_none());
    assert_eq!(baggage, Baggage::default());
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut baggage = read(&[b"a=1"]);
    for key in ["", "a b", "a,", "a=", "ä", "a;"] {
        assert!(baggage.insert(key, "1").unwrap_err().to_string().contains("a key is"), "{key}");
        assert!(baggage.insert_with("a", "1", &[(key, None)]).is_err(), "{key}");
    }
    assert!(baggage.insert("b", &" ".repeat(3000)).unwrap_err().to_string().contains("8192 bytes"));
    for n in 1..64 {
        baggage.insert(&format!("k{n}"), "").unwrap();
    }
    let error = baggage.insert("one-more", "").unwrap_err();
    assert_eq!(error.to_string(), "baggage: there are 64 entries already");
    baggage.insert("a", "2").unwrap();
    assert_eq!((baggage.len(), baggage.get("a").as_deref()), (64, Some("2")));
}
