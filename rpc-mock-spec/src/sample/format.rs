//! Values of the known formats.

use crate::schema::{DECIMAL, INTEGER};

/// Values of a format, best first; none for a format that says nothing.
pub(super) fn samples(format: &str, variant: usize, least: usize, most: usize) -> Vec<String> {
    let n = variant;
    let day = n % 28 + 1;
    let (minute, second) = (n / 60 % 60, n % 60);
    match format {
        "date-time" => vec![
            format!("2024-01-{day:02}T12:{minute:02}:{second:02}Z"),
            format!("2024-01-{day:02}T12:{minute:02}:{second:02}.000Z"),
            format!("2024-01-{day:02}T12:{minute:02}:{second:02}+00:00"),
        ],
        "date" | "full-date" => vec![format!("{}-01-{day:02}", 2024 + n / 28)],
        "time" | "full-time" => {
            vec![format!("12:{minute:02}:{second:02}Z"), format!("12:{minute:02}:{second:02}.000Z")]
        }
        "duration" => vec![format!("PT{}M", n + 1), format!("P{}D", n + 1)],
        "uuid" | "guid" | "uuid4" => {
            vec![format!("3fa85f64-5717-4562-b3fc-2c963f66{:04x}", (0xafa6 + n) % 0x1_0000)]
        }
        "email" | "idn-email" => fill(least, most, &format!("user{n}"), "@example.com"),
        "hostname" | "idn-hostname" => vec![host(n, least), "a.b".to_owned()],
        "ipv4" | "ip" | "ipvanyaddress" => vec![format!("192.0.2.{}", n % 254 + 1)],
        "ipv6" => vec![format!("2001:db8::{:x}", n % 0xffff + 1), "::1".to_owned()],
        "ipvanynetwork" | "cidr" => vec![format!("192.0.{}.0/24", n % 255)],
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" | "http-url" => {
            let mut found = fill_end(least, most, &format!("https://example.com/{}", n + 1));
            found.push(format!("a:{n}"));
            found
        }
        "uri-template" => vec![format!("https://example.com/{n}/{{id}}")],
        "json-pointer" => vec![format!("/items/{n}")],
        "relative-json-pointer" => vec![format!("{n}/items")],
        "regex" => vec![format!("^[a-z]{{{}}}$", n + 1)],
        "byte" | "base64" => ["c3RyaW5n", "dGV4dA==", "YQ=="]
            .iter()
            .cycle()
            .skip(n % 3)
            .take(3)
            .map(|s| (*s).to_owned())
            .collect(),
        "base64url" => vec!["c3RyaW5n".to_owned()],
        DECIMAL => vec![format!("{}.00", n + 1), format!("{}", n + 1), format!("0.{}", n + 1)],
        INTEGER => vec![format!("{}", n + 1), format!("{}", n + 1000)],
        "decimal" => vec![format!("{}.5", n + 1), format!("{}", n + 1)],
        "int64" | "int32" | "uint64" | "uint32" | "integer" => vec![format!("{}", n + 1)],
        "json" | "json-string" => vec!["{}".to_owned()],
        "color" => vec![format!("#{:06x}", n + 1)],
        _ => Vec::new(),
    }
}

fn host(n: usize, least: usize) -> String {
    let mut host = if n == 0 { "example.com".to_owned() } else { format!("host{n}.example.com") };
    while host.len() < least {
        host.insert_str(0, "long-label.");
    }
    host
}

/// `start` made longer until the whole is long enough; also the shortest form.
fn fill(least: usize, most: usize, start: &str, end: &str) -> Vec<String> {
    let whole = format!("{start}{end}");
    if whole.len() <= most && whole.len() >= least {
        return vec![whole];
    }
    // Labels of a mail address have a limit of their own: the host takes what the name cannot.
    let long =
        format!("{start}@{}example.com", "label.".repeat(least.saturating_sub(whole.len()).div_ceil(6)));
    vec![long, "a@b.co".to_owned(), "a@b.c".to_owned()]
}

fn fill_end(least: usize, most: usize, text: &str) -> Vec<String> {
    let padded: String =
        text.chars().chain(std::iter::repeat('a')).take(least.max(text.len()).min(most)).collect();
    vec![padded]
}
