//! The only module that prints. Results go to stdout, everything about them to stderr.
#![expect(clippy::print_stderr, reason = "everything else returns values; printing is this module's job")]

use std::io::{IsTerminal as _, Write as _};

use comfy_table::{ContentArrangement, Table, presets};
use tracing_subscriber::filter::LevelFilter;

/// A result, as it is. A reader that has gone away (`| head`) is not a failure.
pub(crate) fn result(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// A result of one or more lines.
pub(crate) fn line(text: &str) {
    result(format!("{text}\n").as_bytes());
}

/// Something about the result.
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

/// A command could not do its work.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// A table as text.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.to_vec());
    table.add_rows(rows);
    table.to_string()
}

/// Shows the request log of the runtime.
pub(crate) fn show_log() {
    let log = tracing_subscriber::fmt().with_max_level(LevelFilter::DEBUG).with_writer(std::io::stderr);
    let _ = log.with_ansi(std::io::stderr().is_terminal()).try_init();
}
