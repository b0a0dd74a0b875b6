//! Many short runtimes that share one mesh: no connection, timer or task of one may be needed by another.

use std::future::IntoFuture as _;

use interop::{is_short, mesh};
use rpc_runtime::Mesh;

const THREADS: usize = 4;

fn one(mesh: &Mesh, number: usize) -> rpc_runtime::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let orders = order_service::Client::with_mesh(mesh)?;
        let users = user_service::Client::with_mesh(mesh)?;
        let (order, user) =
            tokio::join!(orders.get_order(123).into_future(), users.get_user("user123").into_future());
        assert_eq!((order?.id, user?.id.as_str()), (123, "user123"), "runtime {number}");
        Ok(())
    })
}

#[test]
fn short_runtimes_on_four_threads() {
    let total = if is_short() { 50 } else { 500 };
    let mesh = mesh();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let mesh = &mesh;
                scope.spawn(move || {
                    let numbers = (thread..total).step_by(THREADS);
                    numbers
                        .filter_map(|number| Some(format!("{number}: {:?}", one(mesh, number).err()?)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("the thread has not panicked")).collect()
    });
    assert!(failures.is_empty(), "{} of {total}: {:#?}", failures.len(), failures.first());
}

#[test]
fn a_mesh_for_each_runtime() {
    for number in 0..if is_short() { 5 } else { 50 } {
        one(&mesh(), number).unwrap();
    }
}
