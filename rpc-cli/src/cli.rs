//! Arguments, as clap sees them.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Services on the command line.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Call an operation of a service, as a generated client would.
    #[command(after_help = CALL_HELP)]
    Call(Box<Call>),
    /// Serve services as their documents describe them, until Ctrl-C.
    #[command(after_help = MOCK_HELP)]
    Mock(Mock),
}

const CALL_HELP: &str = "\
Arguments:
  VALUE         the next required argument of the method: path parameters in the order of the path,
                other required parameters, a required body last
  NAME=VALUE    any parameter (path, query, header, cookie), by its name in the document or in Rust;
                give it several times for a list. VALUE is read as the parameter's type
  NAME:=JSON    the same, as JSON and unchecked: lists, objects, values that the document does not list
  A VALUE that itself looks like NAME=… is given by name.

Bodies:
  --body TEXT           the whole body (JSON where the operation takes JSON or a form), unchecked
  --body @FILE, -       the same from a file, from standard input
  --field NAME=VALUE    one field of a JSON or form body, read as the field's type; several make a list
  --field NAME:=JSON    one field, as JSON and unchecked
  --file NAME=@FILE     one file of a multipart body

Examples:
  cargo xtask call order-service                                what there is to call
  cargo xtask call order-service get_order 123
  cargo xtask call order-service list_orders status=paid tag=a tag=b --json
  cargo xtask call order-service create_order --field user_id=u1 --field amount=9.90
  cargo xtask call order-service create_order @order.json --idempotency-key k-1
  cargo xtask call auth-service get_me --token @token.txt --url http://127.0.0.1:8000

The service is found as by every client: RPC_CLIENT_SERVICES in the environment or .env, then DNS.
Exit codes: 0 success, 1 the call failed, 2 wrong usage.";

const MOCK_HELP: &str = "\
Faults: [SERVICE/][OPERATION][@INSTANCE]=KIND[:VALUE][,OPTION:VALUE]…
  Without SERVICE/: every service that has OPERATION; without OPERATION: every call. Instances count from 0.
  status:CODE                this HTTP status            close       the connection ends without a reply
  code:CODE                  HTTP 200 with this code     reset       the same, as a crash looks
  retry-after:STATUS/TIME    with Retry-After            lose        the work is done, the reply is lost
  delay:TIME                 then the reply              truncate    half a reply
  drip:BYTES/TIME            the reply in pieces         hang        no reply at all
  body:STATUS/TYPE/SUBTYPE/TEXT                          a page, as from a proxy
  Options: message:TEXT, times:N, after:N, every:N, flapping:GOOD/BAD. TIME is 250ms, 2s or 1.5s.

Examples:
  cargo xtask mock order-service
  cargo xtask mock order-service user-service --instances 2 --port 8100 --env mock.env
  cargo xtask call --env-file mock.env order-service get_order 123
  cargo xtask mock order-service --fault get_order=status:503,times:2 --fault @0=delay:250ms
  cargo xtask mock order-service --fault create_order=lose,times:1
  cargo xtask mock --spec stock-service=../stock/openapi.json

Addresses go to stdout, with the setting by which clients find them; a line per request goes to stderr:
  order-service@0 GET /api/v1/orders/7 → 503 (status:503) 1 ms
Exit codes: 0 ended by Ctrl-C or SIGTERM, 1 it could not serve, 2 wrong usage.";

#[derive(Args)]
pub(crate) struct Call {
    /// A folder of specs/; with --spec only the name in discovery.
    pub(crate) service: String,
    /// The method of the generated client, or the operationId. Without it: a table of all operations.
    pub(crate) operation: Option<String>,
    /// VALUE, NAME=VALUE or NAME:=JSON; see below.
    #[arg(value_name = "ARGUMENT", allow_negative_numbers = true)]
    pub(crate) arguments: Vec<String>,
    /// The whole body: TEXT, @FILE, or - for standard input.
    #[arg(long, value_name = "BODY", allow_hyphen_values = true, conflicts_with_all = ["field", "file"])]
    pub(crate) body: Option<String>,
    /// One field of the body: NAME=VALUE or NAME:=JSON.
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Vec<String>,
    /// One file of a multipart body: NAME=@FILE.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Vec<String>,
    /// Address to use in place of discovery; several are used in turn.
    #[arg(long)]
    pub(crate) url: Vec<String>,
    /// Time for the whole call, such as 2s, 500ms or 1m.
    #[arg(long, value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
    /// How often the request may be sent again after the first attempt.
    #[arg(long, value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// A header: 'Name: value'.
    #[arg(long, value_name = "HEADER")]
    pub(crate) header: Vec<String>,
    /// A credential of the document: NAME=VALUE, NAME=USER:PASSWORD, NAME=@FILE.
    #[arg(long, value_name = "CREDENTIAL")]
    pub(crate) credential: Vec<String>,
    /// A bearer token: TOKEN or @FILE.
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// The trace id that the call carries.
    #[arg(long, value_name = "ID")]
    pub(crate) trace_id: Option<String>,
    /// Makes the call safe to repeat.
    #[arg(long, value_name = "KEY")]
    pub(crate) idempotency_key: Option<String>,
    /// Variables under those of the environment; .env of this folder, if there is one, when not given.
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,
    /// A document that is not in specs/, with its service.toml beside it.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// Print one JSON object: the data with status, code, message, attempts, … or {"error": {…}}.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show the request log.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// Serve services as their documents describe them, until Ctrl-C.
#[derive(Args)]
pub(crate) struct Mock {
    /// Folders of specs/.
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    /// A document that is not in specs/: NAME=FILE.
    #[arg(long, value_name = "SPEC")]
    pub(crate) spec: Vec<String>,
    /// Port of the first service's first instance; the others take the ports after it. Chosen by the system when not given.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// How many instances of each service.
    #[arg(long, value_name = "N", default_value = "1", value_parser = instances)]
    pub(crate) instances: usize,
    /// Address to listen on.
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    // Not a doc comment: rustdoc would take the brackets for links.
    #[arg(
        long,
        value_name = "FAULT",
        help = "What goes wrong: [SERVICE/][OPERATION][@INSTANCE]=KIND[:VALUE][,times:N…]"
    )]
    pub(crate) fault: Vec<String>,
    /// Write the setting RPC_CLIENT_SERVICES=… to this file, for --env-file and Mesh::from_env_file; gone at the end.
    #[arg(long, value_name = "FILE")]
    pub(crate) env: Option<PathBuf>,
    /// Forget what was created.
    #[arg(long)]
    pub(crate) no_state: bool,
    /// Answer requests that the document does not allow.
    #[arg(long)]
    pub(crate) no_validate: bool,
    /// Do not show requests.
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// A count of servers.
fn instances(text: &str) -> Result<usize, String> {
    let count = text.parse::<usize>().ok().filter(|count| (1..=100).contains(count));
    count.ok_or_else(|| "expected a number from 1 to 100".to_owned())
}

/// A number with its unit.
fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let scale = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => return Err("expected a number with a unit, such as 2s, 500ms or 1m".to_owned()),
    };
    let seconds = number.parse::<f64>().ok().map(|number| number * scale);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "expected a number above 0 with a unit, such as 2s, 500ms or 1m".to_owned())
}

/// The command line asks for something that does not exist. Exit code 2.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// `Err` of a [`Usage`].
pub(crate) fn usage<T>(what: impl Into<String>) -> Result<T, Usage> {
    Err(Usage(what.into()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_stand_anywhere() {
        let line = "x call orders get_order --json 1 --timeout 2s page=-1 -5 --body - --retries 0";
        let Command::Call(call) =
            Arguments::try_parse_from(line.split(' ')).map_err(|e| e.to_string()).unwrap().command
        else {
            panic!("not a call")
        };
        assert_eq!(call.arguments, ["1", "page=-1", "-5"]);
        assert_eq!((call.body.as_deref(), call.retries), (Some("-"), Some(0)));
        assert!(Arguments::try_parse_from("x call a b --body 1 --field a=1".split(' ')).is_err());
    }

    #[test]
    fn durations() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(duration(text).ok().map(|time| time.as_millis() as u64), expected, "{text}");
        };
        check("2s", Some(2000));
        check("0.5s", Some(500));
        check("250ms", Some(250));
        check("1m", Some(60_000));
        for bad in ["", "2", "s", "-1s", "0s", "2h", "nans", "1e400s"] {
            check(bad, None);
        }
    }
}
