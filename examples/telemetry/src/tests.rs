use std::time::Duration;

use expect_test::expect_file;

use crate::log::Line;
use crate::span::{Kind, Outcome, Span};
use crate::story::Story;
use crate::waterfall::Waterfall;
use crate::{svg, text};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// A span from this to that millisecond; the parent is the one of this id, 0 is none.
fn span(place: (&str, &str, Kind), ids: (u64, u64), millis: (u64, u64), result: Outcome) -> Span {
    let since = |millis: u64| Duration::from_secs(1_768_552_200) + Duration::from_millis(millis);
    let hex = |id: u64| format!("{id:016x}");
    Span {
        service: place.0.to_owned(),
        name: place.1.to_owned(),
        kind: place.2,
        trace: TRACE.to_owned(),
        id: hex(ids.0),
        parent: (ids.1 != 0).then(|| hex(ids.1)),
        start: since(millis.0),
        end: since(millis.1),
        result,
        resend: None,
    }
}

/// All that a waterfall can show, as it may arrive: the last to begin are the first to end.
fn fixed() -> Vec<Span> {
    use Kind::{Client, Internal, Server};
    let stock = "GET /stock/{id}";
    let resend = |span: Span, count| Span { resend: Some(count), ..span };
    vec![
        span(("stock", stock, Server), (5, 4), (12, 18), Outcome::Status(503)),
        span(("cart", stock, Client), (4, 3), (10, 20), Outcome::Status(503)),
        resend(span(("cart", stock, Client), (6, 3), (40, 72), Outcome::CutOff), 1),
        resend(span(("cart", stock, Client), (7, 3), (60, 72), Outcome::Status(200)), 2),
        span(("stock", stock, Server), (8, 7), (62, 71), Outcome::Status(200)),
        span(("cart", "stock.get_stock", Internal), (3, 2), (8, 74), Outcome::Fine),
        span(("cart", "price.get_price", Internal), (9, 2), (75, 76), Outcome::Failed("discovery".into())),
        span(("cart", "GET /cart", Server), (2, 0xb7), (0, 80), Outcome::Status(502)),
        span(("mail", "sum <& total>", Internal), (10, 0), (79, 100), Outcome::Fine),
    ]
}

#[test]
fn fixed_spans_are_always_the_same_text() {
    let spans = fixed();
    expect_file!["../golden/waterfall.txt"].assert_eq(&text::text(&Waterfall::of(&spans)));
}

#[test]
fn fixed_spans_are_always_the_same_picture() {
    let mut spans = fixed();
    let picture = svg::svg(&Waterfall::of(&spans), TRACE);
    expect_file!["../golden/waterfall.svg"].assert_eq(&picture);
    spans.reverse();
    assert_eq!(svg::svg(&Waterfall::of(&spans), TRACE), picture, "the order of arrival is no matter");
}

#[test]
fn nothing_is_a_waterfall_too() {
    assert_eq!(text::text(&Waterfall::of(&[])).lines().count(), 1);
    let instant = [span(("a", "b", Kind::Internal), (1, 0), (5, 5), Outcome::Fine)];
    assert!(text::text(&Waterfall::of(&instant)).contains('█'));
    assert!(!svg::svg(&Waterfall::of(&instant), TRACE).contains("NaN"));
}

/// What is the same in each run: depth, service, name, kind, result, number of the re-send.
type Part = (usize, &'static str, &'static str, Kind, Outcome, Option<u64>);

const LIVE: [Part; 11] = {
    const ORDER: &str = "GET /api/v1/orders/{order_id}";
    const USER: &str = "GET /api/v1/users/{user_id}";
    const WALLET: &str = "GET /api/v1/users/{user_id}/wallet";
    const OK: Outcome = Outcome::Status(200);
    [
        (0, "shop", "order-service.get_order", Kind::Internal, Outcome::Fine, None),
        (1, "shop", ORDER, Kind::Client, OK, None),
        (2, "order-service", ORDER, Kind::Server, OK, None),
        (3, "order-service", "user-service.get_user", Kind::Internal, Outcome::Fine, None),
        (4, "order-service", USER, Kind::Client, OK, None),
        (5, "user-service", USER, Kind::Server, OK, None),
        (6, "user-service", "wallet-service.get_user_wallet", Kind::Internal, Outcome::Fine, None),
        (7, "user-service", WALLET, Kind::Client, Outcome::Status(503), None),
        (8, "wallet-service", WALLET, Kind::Server, Outcome::Status(503), None),
        (7, "user-service", WALLET, Kind::Client, OK, Some(1)),
        (8, "wallet-service", WALLET, Kind::Server, OK, None),
    ]
};

#[test]
fn a_request_through_three_services_is_one_trace() {
    let story = Story::live().unwrap();
    let waterfall = Waterfall::of(&story.spans);
    let seen: Vec<_> = waterfall
        .rows
        .iter()
        .map(|row| {
            let Span { service, name, kind, result, resend, .. } = row.span;
            (row.depth, service.as_str(), name.as_str(), *kind, result.clone(), *resend)
        })
        .collect();
    assert_eq!(seen, LIVE);
    let id = story.trace().unwrap();
    assert_eq!(id.len(), 32);
    assert_eq!(story.answer, "paid by Alice, who has 2500.00");
    for service in ["shop", "order-service", "user-service", "wallet-service"] {
        assert!(story.lines.iter().any(|line| line.service == service), "{service} logs nothing");
    }
    assert_eq!(text::log(&story.lines).matches(id).count(), story.lines.len());
}

#[test]
fn who_does_not_agree_is_told() {
    let line = Line { service: "mail", trace_id: Some(TRACE.to_owned()), ..Line::default() };
    let agreed = || Story {
        spans: fixed(),
        lines: vec![line.clone()],
        replied: TRACE.to_owned(),
        answer: String::new(),
    };
    assert_eq!(agreed().trace().unwrap(), TRACE);
    let check = |change: fn(&mut Story), expected: &str| {
        let mut story = agreed();
        change(&mut story);
        let said = story.trace().unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    };
    check(|story| story.spans.clear(), "no spans");
    check(|story| story.spans[3].trace = "12".into(), "cart's span GET /stock/{id} is part of trace 12");
    check(|story| story.lines[0].trace_id = None, "mail logs \"\" for no trace");
    check(|story| story.replied.clear(), "the reply");
}

/// `docs/telemetry.svg` is a recording; this tells when it is out of date.
#[test]
fn the_picture_in_the_documents_shows_these_spans() {
    let picture = include_str!("../../../docs/telemetry.svg");
    let mut left = picture;
    for (_, service, name, kind, result, resend) in LIVE {
        let note = resend.map(|count| format!(" · resend {count}")).unwrap_or_default();
        for part in [
            format!(">{service}<"),
            format!(">{name}<"),
            format!(">{} · ", kind.name()),
            format!(" · {result}{note}<"),
        ] {
            let Some((_, rest)) = left.split_once(&part) else {
                panic!(
                    "docs/telemetry.svg lacks {part}; record it again: cargo xtask telemetry --svg docs/telemetry.svg"
                );
            };
            left = rest;
        }
    }
    assert_eq!(picture.matches("<rect ").count(), LIVE.len() + 1);
}
