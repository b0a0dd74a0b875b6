//! `call`: one call from the command line, through the core that generated clients use.

mod argument;
mod bind;
mod body;
mod policy;
mod pretty;
mod report;
mod send;
mod value;

use anyhow::Context as _;
use rpc_codegen::ir::{BodyKind, Operation, Service};
use rpc_runtime::Credential;

use crate::cli::{Call, Usage, usage};
use crate::{folder, operations, print};
pub(crate) use report::mistake;
use send::Ready;

/// The command: `Ok(false)` when the call failed.
pub(crate) fn command(options: Call) -> anyhow::Result<bool> {
    let service = folder::service(&options.service, options.spec.as_deref())?;
    let Some(wanted) = &options.operation else {
        print::line(&operations::table(&service));
        return Ok(true);
    };
    let operation = operations::find(&service, wanted)?;
    let ready = ready(&service, operation, &options)?;
    if options.verbose {
        print::show_log();
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting tokio")?;
    let outcome = match runtime.block_on(ready.send(&options)) {
        Ok(reply) => Ok(reply),
        // What is no failure of the call is one of the command line.
        Err(error) => Err(error.downcast::<rpc_runtime::Error>()?),
    };
    if options.json {
        print::line(&report::json(&outcome)?);
        return Ok(outcome.is_ok());
    }
    match &outcome {
        Ok(reply) => {
            print::result(&report::data(&reply.data));
            print::note(&report::status(reply));
        }
        Err(error) => print::note(&report::failure(error, operation)),
    }
    Ok(outcome.is_ok())
}

/// Everything that is wrong with the command line is said here, before anything is sent.
fn ready<'a>(service: &'a Service, operation: &'a Operation, options: &'a Call) -> anyhow::Result<Ready<'a>> {
    let bound = bind::bind(service, operation, &options.arguments)?;
    let body = body::payload(service, operation, options, bound.body)?;
    let credentials = send::credentials(service, options)?;
    check_headers(operation, options)?;
    let token = options.token.as_deref().map(send::secret).transpose()?.map(Credential::bearer);
    Ok(Ready { service, operation, parameters: bound.parameters, body, credentials, token })
}

fn check_headers(operation: &Operation, options: &Call) -> Result<(), Usage> {
    if let Some(header) = options.header.iter().find(|header| !header.contains(':')) {
        return usage(format!("--header `{header}`: expected 'Name: value'"));
    }
    let raw = operation.body.as_ref().is_some_and(|body| body.kind == BodyKind::RawMultipart);
    let has_type =
        options.header.iter().any(|header| header.to_ascii_lowercase().starts_with("content-type:"));
    if raw && options.body.is_some() && !has_type {
        return usage(
            "this body brings its own boundary: add --header 'Content-Type: multipart/…; boundary=…'",
        );
    }
    Ok(())
}
