//! Many short runtimes that share one mesh, as test suites and scripts have them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use rpc_runtime::{ClientConfig, Mesh};
use support::server::{Act, Server, json};
use support::{Client, ORDER, secs};

const THREADS: usize = 4;
const RUNTIMES: usize = 125;

/// Open sockets and files of this process.
#[cfg(target_os = "linux")]
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn five_hundred_runtimes_share_a_mesh() {
    let serving = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = serving.block_on(Server::start(|_, _| Act::Write(json(ORDER))));
    let config = ClientConfig::builder().service("order-service", &server.url()).build().unwrap();
    let mesh = Mesh::new(config).unwrap();
    #[cfg(target_os = "linux")]
    let before = open_files();

    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let mesh = mesh.clone();
            std::thread::spawn(move || {
                for _ in 0..RUNTIMES {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    let client = Client::with_mesh(&mesh).unwrap();
                    // POST: nothing hides a connection that died with its runtime.
                    let reply =
                        runtime.block_on(client.create(&support::order()).timeout(secs(20)).send()).unwrap();
                    assert_eq!(reply.attempts(), 1);
                    let again =
                        runtime.block_on(client.create(&support::order()).timeout(secs(20)).send()).unwrap();
                    assert_eq!(again.attempts(), 1);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }

    let seen = server.seen();
    assert_eq!(seen.len(), 2 * THREADS * RUNTIMES);
    let connections = seen.iter().map(|request| request.connection).max().unwrap() + 1;
    assert_eq!(connections, THREADS * RUNTIMES, "one connection for each runtime, used twice");

    // Nothing of the dead runtimes is kept; the server may need a moment to see the last connections go.
    #[cfg(target_os = "linux")]
    {
        let gone = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            open_files() <= before + 8
        });
        assert!(gone, "{before} open files before, {} after", open_files());
    }
    // The pool is part of what the mesh shows.
    let shown = format!("{mesh:?}");
    let pool = shown.split_once("ClientPool").unwrap().1;
    assert!(pool.starts_with(" { runtimes: Mutex { data: {}, "), "{pool}");
    drop(server);
}
