//! `mock`: servers made from documents, until Ctrl-C.

mod env_file;
mod faults;
mod log;
mod notes;
mod plan;
mod signals;

use std::io;
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use env_file::EnvFile;
use rpc_mock::{Fault, Mock};
use rpc_mock_spec::Spec;
use signals::Signals;

use crate::cli::{Mock as Options, Usage, usage};
use crate::{folder, print};

/// The command: serves until Ctrl-C or SIGTERM.
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
    if let Some(path) = &options.env {
        EnvFile::check(path)?;
    }
    runtime.block_on(async {
        let mut signals = Signals::new().context("listening for Ctrl-C")?;
        let mut mocks = Vec::new();
        for ((spec, addresses), faults) in specs.iter().zip(&addresses).zip(faults) {
            mocks.push(start(spec, options, addresses, faults).await?);
        }
        let urls: Vec<(&str, Vec<String>)> = mocks.iter().map(|mock| (mock.name(), mock.urls())).collect();
        let setting = plan::setting(&urls)?;
        let _file = options.env.as_deref().map(|path| EnvFile::write(path, &setting)).transpose()?;
        if !options.quiet {
            specs.iter().flat_map(notes::of).for_each(|note| print::note(&note));
        }
        print::line(&plan::table(&urls));
        print::line(&setting);
        signals.end().await.context("waiting for Ctrl-C")?;
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
    // The log is told of every call; keeping them as well would grow without end.
    let mut service = spec.service(how).instances(options.instances).record(0);
    if !options.quiet {
        let name = spec.name().to_owned();
        service = service.observe(move |call| print::note(&log::line(&name, call)));
    }
    let service = faults.into_iter().fold(service, rpc_mock::Service::fault);
    match service.start_on(addresses).await {
        Ok(mock) => Ok(mock),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!("{error}; another program listens there, choose another --port")
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Err(Usage(error.to_string()).into()),
        Err(error) => Err(error).with_context(|| format!("starting {}", spec.name())),
    }
}
