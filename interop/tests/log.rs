//! The request log, as a subscriber of `tracing` sees it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use interop::{orders, unique};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

type Line = (Level, BTreeMap<&'static str, String>);

/// Keeps the events of the runtime.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Line>>>);

impl Log {
    fn lines(&self) -> Vec<Line> {
        self.0.lock().unwrap().clone()
    }
}

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("rpc_runtime")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        self.0.lock().unwrap().push((*event.metadata().level(), fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn of_a_success_a_retry_and_a_failure() {
    let log = Log::default();
    // For this thread only, on which the whole test runs.
    let _guard = tracing::subscriber::set_default(log.clone());
    let secret = unique("secret");
    orders().get_flaky(&secret).fail(1).header("Authorization", &secret).await.unwrap();
    orders().get_order(9).await.unwrap_err();
    let lines = log.lines();
    let levels: Vec<_> = lines.iter().map(|(level, _)| *level).collect();
    assert_eq!(levels, [Level::DEBUG, Level::WARN, Level::DEBUG, Level::DEBUG, Level::INFO], "{lines:?}");
    let fields: Vec<_> = lines.iter().map(|(_, fields)| fields).collect();
    assert!(
        fields[..3].iter().all(|line| line["service"] == "order-service" && line["operation"] == "get_flaky")
    );
    assert_eq!(
        (fields[2]["status"].as_str(), fields[2]["code"].as_str(), fields[2]["attempts"].as_str()),
        ("200", "200", "2")
    );
    assert_eq!((fields[4]["status"].as_str(), fields[4]["code"].as_str()), ("404", "404"));
    assert_eq!(fields[0]["trace_id"], fields[2]["trace_id"]);
    assert!(fields[4].contains_key("elapsed_ms"));
    assert!(!format!("{lines:?}").contains(&secret), "{lines:?}");
}
