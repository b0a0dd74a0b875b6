//! Waiting for two things at once.

use std::pin::pin;
use std::task::Poll;

/// What `work` returns, or `None` if `timeout` is first.
pub(super) async fn until<T>(work: impl Future<Output = T>, timeout: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut timeout) = (pin!(work), pin!(timeout));
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => timeout.as_mut().poll(context).map(|()| None),
    })
    .await
}
