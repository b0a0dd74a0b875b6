//! One request through three services, and what everybody noticed of it.

use anyhow::ensure;

use crate::collector::Collector;
use crate::log::{Line, Log};
use crate::process::{Service, Sinks, run};
use crate::services;
use crate::span::Span;

/// What is known when all is over.
#[derive(Debug)]
pub(crate) struct Story {
    /// Of the collector.
    pub(crate) spans: Vec<Span>,
    /// Of all services.
    pub(crate) lines: Vec<Line>,
    /// The reply's `X-Trace-ID`.
    pub(crate) replied: String,
    /// What the reply says.
    pub(crate) answer: String,
}

impl Story {
    /// Starts everything, makes the request, and ends everything.
    pub(crate) fn live() -> anyhow::Result<Self> {
        let (collector, log) = (Collector::start()?, Log::default());
        let sinks = Sinks::new(&collector, &log);
        let wallets = Service::start("wallet-service", &sinks, || Ok(services::wallets()))?;
        let next = wallets.url.clone();
        let users = Service::start("user-service", &sinks, move || services::users(&next))?;
        let next = users.url.clone();
        let orders = Service::start("order-service", &sinks, move || services::orders(&next))?;
        let reply = run("shop", &sinks, async {
            Ok(order_service::Client::new(&orders.url)?.get_order(7).send().await?)
        })?;
        for service in [orders, users, wallets] {
            service.stop()?;
        }
        let header = reply.headers().get("x-trace-id").map(|id| String::from_utf8_lossy(id.as_bytes()));
        let replied = header.map(|id| id.into_owned()).unwrap_or_default();
        let answer = reply.data.note.value().cloned().unwrap_or_default();
        Ok(Self { spans: collector.spans(), lines: log.lines(), replied, answer })
    }

    /// The trace that everything belongs to.
    ///
    /// # Errors
    /// Who says something else.
    pub(crate) fn trace(&self) -> anyhow::Result<&str> {
        let why =
            "the collector got no spans; is OTEL_SDK_DISABLED or another variable of OpenTelemetry's set?";
        let Some(first) = self.spans.first() else { anyhow::bail!(why) };
        let id = first.trace.as_str();
        for span in &self.spans {
            ensure!(
                span.trace == id,
                "{}'s span {} is part of trace {}, not {id}",
                span.service,
                span.name,
                span.trace
            );
        }
        for line in &self.lines {
            let said = line.trace_id.as_deref().unwrap_or("no trace");
            ensure!(said == id, "{} logs \"{}\" for {said}, not {id}", line.service, line.message);
        }
        ensure!(self.replied == id, "the reply is said to be of {}, not {id}", self.replied);
        Ok(id)
    }
}
