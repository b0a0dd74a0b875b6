//! The server as a child: started once, ended with this.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::process::Guard;

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    /// Ends the process. Its standard input, a pipe, ends it too if this process is killed.
    _child: Guard,
    ports: Vec<String>,
}

impl Server {
    /// Starts `call-bench serve` with so many ports and waits until it says them.
    pub(super) fn start(mut serve: Command, ports: usize) -> anyhow::Result<Self> {
        serve.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = Guard(serve.spawn().context("starting the server")?);
        let mut line = String::new();
        if let Some(stdout) = child.0.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).context("reading the server's ports")?;
        }
        let found: Vec<String> = line.trim().split(',').map(str::to_owned).collect();
        ensure!(
            found.len() == ports && !line.trim().is_empty(),
            "the server did not start: it said {line:?}"
        );
        Ok(Self { _child: child, ports: found })
    }

    /// As many of its ports, the first ones.
    pub(super) fn ports(&self, count: usize) -> &[String] {
        self.ports.get(..count).unwrap_or(&self.ports)
    }
}
