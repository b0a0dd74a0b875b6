//! One question to the name servers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ProtocolConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::xfer::{DnsHandle, FirstAnswer};
use hickory_resolver::net::{DnsError, NetError, NoRecords};
use hickory_resolver::proto::op::{DnsRequestOptions, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use hickory_resolver::{NameServerPool, PoolContext, TlsConfig};

/// How long all servers together may take for one question: less than a lookup may, so that a record type that nobody
/// answers does not take the answer to another with it. UDP is sent again within that, three times.
const PATIENCE: Duration = Duration::from_secs(2);
/// Longest chain of CNAME records. BIND's number is 16, glibc has none; nobody means more than a few.
const LONGEST_CHAIN: usize = 8;

/// The servers, in order. A pool each, since a pool of several would choose by itself.
pub(super) struct Servers {
    pools: Vec<NameServerPool<TokioRuntimeProvider>>,
    /// Who answered last: a lookup of several names must not wait for a silent first server each time.
    answering: AtomicUsize,
}

/// What a server knows of a name and a type.
pub(super) enum Reply {
    /// Records of that type, and the other ones that came along.
    Records { found: Vec<RData>, additional: Vec<Record>, ttl: u32 },
    /// There are none.
    Nothing { ttl: Option<u32> },
}

impl Servers {
    pub(super) fn new(servers: &[SocketAddr]) -> io::Result<Self> {
        let mut options = ResolverOpts::default();
        options.timeout = PATIENCE / u32::try_from(servers.len().max(1)).unwrap_or(u32::MAX);
        let context = PoolContext::new(options, TlsConfig::new().map_err(io::Error::other)?);
        let context = Arc::new(context);
        let pool = |server: &SocketAddr| {
            // TCP for answers that are too long for UDP.
            let connections = [ProtocolConfig::Udp, ProtocolConfig::Tcp].map(|protocol| {
                let mut connection = ConnectionConfig::new(protocol);
                connection.port = server.port();
                connection
            });
            let config = NameServerConfig::new(server.ip(), true, connections.into());
            NameServerPool::from_config([config], Arc::clone(&context), TokioRuntimeProvider::default())
        };
        Ok(Servers { pools: servers.iter().map(pool).collect(), answering: AtomicUsize::new(0) })
    }

    /// Asks for the records of a name, through CNAMEs.
    pub(super) async fn ask(&self, name: &Name, kind: RecordType) -> io::Result<Reply> {
        let too_long = || io::Error::other(format!("{name} is before too long a chain of CNAME records"));
        let (mut at, mut ttl, mut hops) = (name.clone(), u32::MAX, 0);
        loop {
            let (records, additional, conclusive) = match self.exchange(&at, kind).await? {
                Heard::Message { records, additional, conclusive } => (records, additional, conclusive),
                Heard::Nothing { ttl } => return Ok(Reply::Nothing { ttl }),
            };
            let begin = hops;
            // A server that knows the whole chain sends it at once.
            while let Some((target, age)) = next(&records, &at) {
                hops += 1;
                if hops > LONGEST_CHAIN {
                    return Err(too_long());
                }
                (at, ttl) = (target, ttl.min(age));
            }
            let wanted = |record: &&Record| record.name == at && record.record_type() == kind;
            let found: Vec<&Record> = records.iter().filter(wanted).collect();
            if let Some(least) = found.iter().map(|record| record.ttl).min() {
                let found = found.into_iter().map(|record| record.data.clone()).collect();
                return Ok(Reply::Records { found, additional, ttl: ttl.min(least) });
            }
            if conclusive {
                return Ok(Reply::Nothing { ttl: None });
            }
            if hops == begin {
                return Err(io::Error::other(format!("the answer for {at} is about something else")));
            }
        }
    }

    /// One server after the other, until one has an answer of some kind.
    async fn exchange(&self, name: &Name, kind: RecordType) -> io::Result<Heard> {
        let mut options = DnsRequestOptions::default();
        options.use_edns = true;
        let mut failure = None;
        let begin = self.answering.load(Ordering::Relaxed);
        let in_turn = self.pools.iter().enumerate().cycle().skip(begin).take(self.pools.len());
        for (index, server) in in_turn {
            let mut question = name.clone();
            question.set_fqdn(true);
            let reply = server.lookup(Query::query(question, kind), options).first_answer().await;
            match heard(reply) {
                Ok(heard) => {
                    self.answering.store(index, Ordering::Relaxed);
                    return Ok(heard);
                }
                Err(error) => failure = Some(error),
            }
        }
        let why = failure.map_or_else(|| "no name server".to_owned(), |error| error.to_string());
        Err(io::Error::other(format!("{kind} records of {name}: {why}")))
    }
}

/// What one server said, if that was anything.
enum Heard {
    /// Records, and whether there are no others at the end of a chain of CNAMEs.
    Message {
        records: Vec<Record>,
        additional: Vec<Record>,
        conclusive: bool,
    },
    Nothing {
        ttl: Option<u32>,
    },
}

fn heard(reply: Result<hickory_resolver::proto::op::DnsResponse, NetError>) -> Result<Heard, NetError> {
    match reply {
        Ok(response) => {
            let conclusive =
                response.response_code == ResponseCode::NXDomain || response.negative_ttl().is_some();
            let message = response.into_message();
            Ok(Heard::Message { records: message.answers, additional: message.additionals, conclusive })
        }
        Err(NetError::Dns(DnsError::NoRecordsFound(none))) if knows(&none) => {
            Ok(Heard::Nothing { ttl: none.negative_ttl })
        }
        Err(error) => Err(error),
    }
}

/// Where the alias `name` leads.
fn next(records: &[Record], name: &Name) -> Option<(Name, u32)> {
    records.iter().find_map(|record| match &record.data {
        RData::CNAME(target) if record.name == *name => Some((target.0.clone(), record.ttl)),
        _ => None,
    })
}

/// Whether "no records" is the last word. A server that only names others does not recurse, and knows nothing.
fn knows(none: &NoRecords) -> bool {
    let code = matches!(none.response_code, ResponseCode::NXDomain | ResponseCode::NoError);
    code && (none.soa.is_some() || none.ns.is_none())
}
