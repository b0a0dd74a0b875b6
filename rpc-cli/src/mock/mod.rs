//! `mock`: servers made from documents, until Ctrl-C.

mod faults;
mod log;
mod plan;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use rpc_mock::{Fault, Mock};
use rpc_mock_spec::Spec;

use crate::cli::{Mock as Options, Usage, usage};
use crate::{folder, print};

/// How often new requests are looked for.
const TICK: Duration = Duration::from_millis(50);

/// The command: serves until Ctrl-C.
pub(crate) fn command(options: &Options) -> anyhow::Result<bool> {
    let specs = specs(options)?;
    let names: Vec<&str> = specs.iter().map(Spec::name).collect();
    let addresses = plan::addresses(names.len(), options.instances, options.host, options.port)?;
    let operations: Vec<Vec<&str>> = specs
        .iter()
        .map(|spec| spec.operations().iter().map(|operation| operation.name()).collect())
        .collect();
    let known: Vec<(&str, &[&str])> =
        names.iter().copied().zip(operations.iter().map(Vec::as_slice)).collect();
    let faults = faults::sort(&known, &options.fault)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting tokio")?;
    runtime.block_on(async {
        let mut mocks = Vec::new();
        for ((spec, addresses), faults) in specs.iter().zip(&addresses).zip(faults) {
            mocks.push(start(spec, options, addresses, faults).await?);
        }
        let urls: Vec<(&str, Vec<String>)> = mocks.iter().map(|mock| (mock.name(), mock.urls())).collect();
        print::line(&plan::table(&urls));
        let setting = plan::setting(&urls)?;
        if let Some(file) = &options.env {
            write_whole(file, &format!("{setting}\n"))?;
        }
        print::line(&setting);
        serve(&mocks, options.quiet).await?;
        Ok(true)
    })
}

/// The documents: services of `specs/`, then those of `--spec NAME=FILE`.
fn specs(options: &Options) -> anyhow::Result<Vec<Spec>> {
    let mut inputs = Vec::new();
    for name in &options.services {
        inputs.push(folder::input(name, None)?);
    }
    for given in &options.spec {
        let Some((name, file)) = given.split_once('=') else {
            return Ok(usage(format!("--spec `{given}`: expected NAME=FILE"))?);
        };
        inputs.push(folder::input(name, Some(file.as_ref()))?);
    }
    if inputs.is_empty() {
        return Ok(usage("name a service of specs/, or a document with --spec NAME=FILE")?);
    }
    for (at, input) in inputs.iter().enumerate() {
        if inputs.iter().take(at).any(|earlier| earlier.service == input.service) {
            return Ok(usage(format!(
                "`{}` is named twice; --instances N runs it several times",
                input.service
            ))?);
        }
    }
    let load = |input| Spec::load(input).map_err(|failure| folder::unusable(input, &failure));
    inputs.iter().map(load).collect()
}

async fn start(
    spec: &Spec,
    options: &Options,
    addresses: &[SocketAddr],
    faults: Vec<Fault>,
) -> anyhow::Result<Mock> {
    let how = rpc_mock_spec::Options::default().state(!options.no_state).validation(!options.no_validate);
    let service = spec.service(how).instances(options.instances);
    let service = faults.into_iter().fold(service, rpc_mock::Service::fault);
    match service.start_on(addresses).await {
        Ok(mock) => Ok(mock),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let tried: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            bail!(
                "{}: {} is taken: another program listens there; choose another --port",
                spec.name(),
                tried.join(" or ")
            )
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Err(Usage(error.to_string()).into()),
        Err(error) => Err(error).with_context(|| format!("starting {}", spec.name())),
    }
}

/// Whoever waits for the file finds all of it: it is written beside its place and moved there.
fn write_whole(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".tmp");
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
    written.with_context(|| format!("writing {}", file.display()))
}

/// Shows requests until somebody ends it.
async fn serve(mocks: &[Mock], quiet: bool) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(TICK);
    let mut ended = std::pin::pin!(tokio::signal::ctrl_c());
    let mut shown = vec![0; mocks.len()];
    loop {
        tokio::select! {
            end = &mut ended => return end.context("waiting for Ctrl-C"),
            _ = ticks.tick() => {}
        }
        for (mock, shown) in mocks.iter().zip(&mut shown) {
            // In order of arrival; one that is still being answered holds back those behind it.
            let calls = mock.calls();
            for call in calls.iter().skip(*shown).take_while(|call| log::is_over(call)) {
                *shown += 1;
                if !quiet {
                    print::note(&log::line(mock.name(), call));
                }
            }
        }
    }
}
