//! `cargo xtask telemetry`: one request goes through three services, and a collector gets the spans of all of them.
//!
//! Each service is what a process would be: a thread with a socket, a log and a `Telemetry` of its own. The last one fails at first,
//! so that the trace has a request that was sent again. The trace is drawn as a waterfall, and with `--svg` as a picture.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program's output")]

mod collector;
mod log;
mod process;
mod services;
mod span;
mod story;
mod svg;
mod text;
mod waterfall;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;

use story::Story;
use waterfall::Waterfall;

/// One request through three services, as one trace.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask telemetry")]
struct Options {
    /// Also write a picture.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    match show(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn show(options: &Options) -> anyhow::Result<()> {
    let story = Story::live()?;
    let id = story.trace()?;
    let waterfall = Waterfall::of(&story.spans);
    println!("{}", text::text(&waterfall));
    println!("{}", text::log(&story.lines));
    println!("the order is {}", story.answer);
    println!("trace {id}: {} spans, {} lines and the reply agree", story.spans.len(), story.lines.len());
    if let Some(file) = &options.svg {
        let picture = svg::svg(&waterfall, id);
        std::fs::write(file, picture).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}
