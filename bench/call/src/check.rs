//! Whether the comparison is fair: all subjects send the same headers, and values of the same length.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use anyhow::{Context as _, ensure};

use crate::measure::{Cost, Plan};
use crate::order;
use crate::subjects::ALL;

/// Names and lengths of the headers, when they are the same.
pub(crate) fn run() -> anyhow::Result<String> {
    let mut all = Vec::new();
    for (name, measure) in ALL {
        all.push((name, headers(*measure).context(*name)?));
    }
    let (first, expected) = all.first().context("no subject")?;
    for (name, found) in &all {
        ensure!(found == expected, "{first} and {name} send different headers:\n{expected:#?}\n{found:#?}");
    }
    Ok(expected.iter().map(|(name, length)| format!("{name} ({length})")).collect::<Vec<_>>().join(", "))
}

/// What a subject's last request had, sorted; the request line is one of them, under its own text.
fn headers(measure: fn(&Plan) -> anyhow::Result<Cost>) -> anyhow::Result<Vec<(String, usize)>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    // It ends with the subject's connection.
    let server = thread::spawn(move || record(&listener, port));
    measure(&Plan { calls: 1, ports: vec![port], probe: || None })?;
    let head = server.join().map_err(|_| anyhow::anyhow!("the server panicked"))??;
    let mut lines = head.lines().filter(|line| !line.is_empty());
    let mut headers = vec![(lines.next().unwrap_or_default().to_owned(), 0)];
    for line in lines {
        let (name, value) = line.split_once(':').with_context(|| format!("no header: {line}"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().len()));
    }
    headers.sort();
    Ok(headers)
}

/// The last request of one connection.
fn record(listener: &TcpListener, port: u16) -> anyhow::Result<String> {
    let (mut stream, _) = listener.accept()?;
    let reply = order::reply(port);
    let (mut last, mut read, mut buffer) = (String::new(), Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(last);
        }
        read.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if read.ends_with(b"\r\n\r\n") {
            last = String::from_utf8(std::mem::take(&mut read))?;
            stream.write_all(&reply)?;
        }
    }
}
