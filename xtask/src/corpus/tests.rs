use super::*;

#[test]
fn samples_are_repeatable() {
    let documents = || (0..50).map(|n| PathBuf::from(format!("/d/A b{n}.json"))).collect::<Vec<_>>();
    let services = |seed| sample(documents(), 5, seed).into_iter().map(|one| one.service).collect::<Vec<_>>();
    assert_eq!(services(1), services(1));
    assert_ne!(services(1), services(2));
    assert_eq!(services(1).len(), 5);
    assert!(services(1).iter().enumerate().all(|(n, name)| name.starts_with(&format!("d{n}-a-b"))));
    assert_eq!(sample(documents(), 500, 1).len(), 50);
    let odd = sample(vec!["/d/guru__A.com__x-.json".into()], 1, 1);
    assert_eq!(odd[0].service, "d0-guru-a-com-x");
}

#[test]
fn the_table() {
    let one = Sampled { document: "/d/x.json".into(), service: "d0-x".into() };
    let outcomes = [
        Outcome::Generated,
        Outcome::Generated,
        Outcome::Refused("R002".into(), "not OpenAPI".into()),
        Outcome::Broken(vec!["error: E".into()]),
        Outcome::Panicked("ouch".into()),
        Outcome::TimedOut,
    ];
    let results: Vec<_> = outcomes.iter().map(|outcome| (&one, outcome)).collect();
    let text = report(&results);
    for line in [
        "/d/x.json, 1 errors, the first:\nerror: E",
        "building        2",
        "refused R002    1           not OpenAPI (x.json)",
        "PANIC           1           ouch",
        "TIMEOUT",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
