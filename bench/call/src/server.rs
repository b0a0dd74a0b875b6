//! The other side, in a process of its own so that it is not counted: HTTP/1.1 with keep-alive, one reply for every request.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::order;

/// No run takes this long: a server that nobody ended ends itself.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// Serves on that many free ports of the loopback interface until standard input ends, and with it whoever started this.
pub(crate) fn serve(ports: usize) -> anyhow::Result<String> {
    end_with(|| drop(std::io::stdin().read_to_end(&mut Vec::new())));
    end_with(|| std::thread::sleep(LIMIT));
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let mut listeners = Vec::new();
        for _ in 0..ports {
            listeners.push(TcpListener::bind("127.0.0.1:0").await?);
        }
        let ports = listeners.iter().map(|listener| Ok(listener.local_addr()?.port().to_string()));
        let ports = ports.collect::<std::io::Result<Vec<_>>>()?;
        writeln!(std::io::stdout(), "{}", ports.join(","))?;
        for listener in listeners {
            tokio::spawn(accept(listener));
        }
        std::future::pending().await
    })
}

/// Ends the process when `wait` does.
fn end_with(wait: impl FnOnce() + Send + 'static) {
    std::thread::spawn(|| {
        wait();
        std::process::exit(0);
    });
}

async fn accept(listener: TcpListener) -> std::io::Result<()> {
    let reply: &'static [u8] = order::reply(listener.local_addr()?.port()).leak();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A connection that breaks is the client's affair.
        tokio::spawn(answer(stream, reply));
    }
}

/// Answers requests without a body, however they are cut into pieces.
async fn answer(mut stream: TcpStream, reply: &[u8]) -> std::io::Result<()> {
    let mut read = Vec::with_capacity(4096);
    while stream.read_buf(&mut read).await? > 0 {
        while let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            read.drain(..end + 4);
            stream.write_all(reply).await?;
        }
    }
    Ok(())
}
