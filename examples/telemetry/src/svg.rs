//! A waterfall as a picture.

use std::fmt::Write as _;

use crate::waterfall::{Row, Waterfall, millis};

const SERVICE: f64 = 110.0;
const NAME: f64 = 310.0;
const BARS: f64 = 400.0;
const NOTE: f64 = 150.0;
const LINE: f64 = 22.0;
const TOP: f64 = 58.0;
const LEFT: f64 = 12.0;
const INDENT: f64 = 10.0;
/// One for each service, in the order in which they come.
const COLOURS: [&str; 4] = ["#6b7a8f", "#588b8b", "#c8953d", "#7d5ba6"];

/// An SVG. A colour is a service; a bar with a red edge is a failure.
pub(crate) fn svg(waterfall: &Waterfall<'_>, trace: &str) -> String {
    let mut services: Vec<&str> = Vec::new();
    let mut body = String::new();
    let begin = LEFT + SERVICE + NAME;
    for tenth in 0..=5 {
        let part = f64::from(tenth) / 5.0;
        let x = begin + part * BARS;
        let bottom = TOP + LINE * waterfall.rows.len() as f64;
        // Writing to a string cannot fail.
        let _ = writeln!(body, r#"<path d="M{x:.0} {:.0}V{bottom:.0}" class="g"/>"#, TOP - 6.0);
        text(&mut body, x, TOP - 12.0, r#"n" text-anchor="middle"#, &millis(waterfall.whole.mul_f64(part)));
    }
    for (index, row) in waterfall.rows.iter().enumerate() {
        let service = row.span.service.as_str();
        let place = services.iter().position(|known| *known == service).unwrap_or_else(|| {
            services.push(service);
            services.len() - 1
        });
        let colour = COLOURS.iter().cycle().nth(place).unwrap_or(&"#888");
        line(&mut body, row, waterfall, TOP + LINE * index as f64, colour);
    }
    let (width, height) = (begin + BARS + NOTE, TOP + LINE * waterfall.rows.len() as f64 + 12.0);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="12">
<style>.h{{font-weight:600}}.t{{fill:#333}}.n{{fill:#666;font-size:10px}}.f{{fill:#b3261e;font-size:10px}}.g{{stroke:#ddd}}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="{LEFT}" y="22" class="h">trace {trace}, in ms</text>
{body}</svg>
"##
    )
}

fn line(body: &mut String, row: &Row<'_>, waterfall: &Waterfall<'_>, y: f64, colour: &str) {
    let span = row.span;
    let base = y + 15.0;
    let _ =
        writeln!(body, r#"<text x="{LEFT}" y="{base}" fill="{colour}">{}</text>"#, escaped(&span.service));
    text(body, LEFT + SERVICE + INDENT * row.depth as f64, base, "t", &span.name);
    let (begin, length) = row.bar(waterfall.whole);
    let (x, width) = (LEFT + SERVICE + NAME + begin * BARS, (length * BARS).max(2.0));
    let failed = span.result.is_failure();
    let edge = if failed { r##" stroke="#b3261e" stroke-width="2""## } else { "" };
    // What a call is made of is higher than the call.
    let (top, height) =
        if span.kind == crate::span::Kind::Internal { (y + 8.0, 6.0) } else { (y + 4.0, 14.0) };
    let _ = writeln!(
        body,
        r#"<rect x="{x:.1}" y="{top}" width="{width:.1}" height="{height}" rx="2" fill="{colour}"{edge}/>"#
    );
    let mut note = format!("{} · {} ms · {}", span.kind.name(), millis(row.duration), span.result);
    if let Some(count) = span.resend {
        let _ = write!(note, " · resend {count}");
    }
    text(body, x + width + 6.0, base, if failed { "f" } else { "n" }, &note);
}

fn text(body: &mut String, x: f64, y: f64, class: &str, text: &str) {
    let _ = writeln!(body, r#"<text x="{x:.1}" y="{y}" class="{class}">{}</text>"#, escaped(text));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
