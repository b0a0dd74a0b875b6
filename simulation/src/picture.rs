//! The figures as a picture: for every scenario, how long calls take and how much the odd server gets, per policy.

use std::fmt::Write as _;
use std::time::Duration;

use crate::table::{Row, millis};

const LABEL: f64 = 190.0;
const BARS: f64 = 420.0;
const SHARES: f64 = 230.0;
const LINE: f64 = 18.0;
const GAP: f64 = 40.0;
const WIDTH: f64 = LABEL + BARS + SHARES + 60.0;
/// The scale of the bars is logarithmic, from 1 ms to a minute.
const LEAST: f64 = 1e-3;
const MOST: f64 = 60.0;

/// An SVG. Dark bars reach to the median, light ones to the 99th percentile; the bars on the right are the odd server's share.
pub fn picture(rows: &[Row]) -> String {
    let mut body = String::new();
    let mut y = 46.0;
    let mut before = "";
    for (scenario, policy, figures) in rows {
        if *scenario != before {
            y += GAP * 0.5;
            text(&mut body, 8.0, y, "h", scenario);
            y += LINE;
            before = scenario;
        }
        let [p50, _, p99, _] = figures.percentiles;
        text(&mut body, 16.0, y, "t", policy);
        bar(&mut body, LABEL, y, scaled(p99), "p99");
        bar(&mut body, LABEL, y, scaled(p50), "p50");
        let label = format!("{} / {} ms", millis(p50), millis(p99));
        text(&mut body, LABEL + scaled(p99) + 5.0, y, "n", &label);
        let left = LABEL + BARS + 40.0;
        bar(&mut body, left, y, figures.odd_share * SHARES, "share");
        if figures.odd_share > 0.0 {
            text(
                &mut body,
                left + figures.odd_share * SHARES + 5.0,
                y,
                "n",
                &format!("{:.1} %", figures.odd_share * 100.0),
            );
        }
        y += LINE;
    }
    let height = y + 10.0;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" font-size="12">
<style>.h{{font-weight:600}}.t{{fill:#444}}.n{{fill:#666;font-size:10px}}.p99{{fill:#f2b880}}.p50{{fill:#c8553d}}.share{{fill:#588b8b}}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="{LABEL}" y="22" class="h">duration of calls: median (dark) and 99th percentile, logarithmic</text>
<text x="{share_left}" y="22" class="h">attempts at the odd server</text>
{body}</svg>
"##,
        share_left = LABEL + BARS + 40.0,
    )
}

fn scaled(duration: Duration) -> f64 {
    let seconds = duration.as_secs_f64().clamp(LEAST, MOST);
    (seconds / LEAST).ln() / (MOST / LEAST).ln() * BARS
}

fn bar(body: &mut String, x: f64, y: f64, width: f64, class: &str) {
    let top = y - 10.0;
    // Writing to a string cannot fail.
    let _ = writeln!(body, r#"<rect x="{x}" y="{top}" width="{width:.1}" height="12" class="{class}"/>"#);
}

fn text(body: &mut String, x: f64, y: f64, class: &str, text: &str) {
    let _ = writeln!(body, r#"<text x="{x:.1}" y="{y}" class="{class}">{text}</text>"#);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figures;

    #[test]
    fn a_picture_has_every_row() {
        let figures = Figures {
            calls: 1,
            success: 1.0,
            percentiles: [10, 20, 400, 500].map(Duration::from_millis),
            attempts: 1.0,
            odd_share: 0.25,
            ejected: 0.0,
        };
        let svg = picture(&[("slow node", "p2c", figures.clone()), ("slow node", "round robin", figures)]);
        for part in ["<svg ", ">slow node<", ">p2c<", ">round robin<", "10.0 / 400.0 ms", "25.0 %", "</svg>"]
        {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert_eq!(svg.matches(">slow node<").count(), 1);
    }
}
