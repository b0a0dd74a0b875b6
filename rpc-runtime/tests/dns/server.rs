//! A name server with a zone that tests change and a list of what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_server::net::runtime::Time;
use hickory_server::proto::op::{Header, HeaderCounts, Metadata, ResponseCode};
use hickory_server::proto::rr::rdata::{A, AAAA, CNAME, NS, SOA, SRV};
use hickory_server::proto::rr::{Name, RData, Record, RecordType};
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;
use tokio::net::{TcpListener, UdpSocket};

/// What is said of a name instead of its records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Says {
    Code(ResponseCode),
    Nothing,
    /// "Ask others", of a server that does not recurse.
    Referral,
}

#[derive(Default)]
struct Zone {
    records: Vec<Record>,
    says: BTreeMap<(String, Option<RecordType>), Says>,
    /// Addresses of SRV targets come with the records.
    additional: bool,
    /// Chains of CNAMEs are not followed here.
    one_step: bool,
    asked: Vec<String>,
}

#[derive(Clone, Default)]
struct Handler(Arc<Mutex<Zone>>);

pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    handler: Handler,
    running: hickory_server::Server<Handler>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap()).await
    }

    /// UDP and TCP on the same port: one that is free for the first may be taken for the second.
    async fn start_at(addr: SocketAddr) -> Self {
        let handler = Handler::default();
        let mut running = hickory_server::Server::new(handler.clone());
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind(addr).await.unwrap();
            match TcpListener::bind(udp.local_addr().unwrap()).await {
                Ok(tcp) => break (udp, tcp),
                Err(_) if addr.port() == 0 => {}
                Err(error) => panic!("{error}"),
            }
        };
        let addr = udp.local_addr().unwrap();
        running.register_socket(udp);
        running.register_listener(tcp, Duration::from_secs(60), 1024);
        Server { addr, handler, running }
    }

    pub(crate) async fn stop(&mut self) {
        self.running.shutdown_gracefully().await.unwrap();
    }

    fn zone<T>(&self, change: impl FnOnce(&mut Zone) -> T) -> T {
        change(&mut self.handler.0.lock().unwrap())
    }

    /// The whole zone, a record a line: `orders. 30 A 10.0.0.1`.
    pub(crate) fn set(&self, zone: &str) {
        let records = zone.lines().filter(|line| !line.trim().is_empty()).map(record).collect();
        self.zone(|zone| zone.records = records);
    }

    /// What is said of a name, or of one type of it, from now on.
    pub(crate) fn say(&self, name: &str, kind: impl Into<Option<RecordType>>, says: Says) {
        let key = (name.to_owned(), kind.into());
        self.zone(|zone| zone.says.insert(key, says));
    }

    /// The records count again.
    pub(crate) fn speak_normally(&self) {
        self.zone(|zone| zone.says.clear());
    }

    pub(crate) fn send_additional(&self) {
        self.zone(|zone| zone.additional = true);
    }

    pub(crate) fn follow_no_chains(&self) {
        self.zone(|zone| zone.one_step = true);
    }

    /// The questions since the last time, sorted: A and AAAA are asked at once. UDP is sent again when a machine is slow, so
    /// a question that comes twice counts once; that nobody asks again too early is what other tests see by the time.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = self.zone(|zone| std::mem::take(&mut zone.asked));
        asked.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn name(text: &str) -> Name {
    let mut name = Name::from_ascii(text).unwrap();
    name.set_fqdn(true);
    name
}

fn record(line: &str) -> Record {
    let words: Vec<&str> = line.split_whitespace().collect();
    let data = match (words[2], &words[3..]) {
        ("A", [ip]) => RData::A(A(ip.parse().unwrap())),
        ("AAAA", [ip]) => RData::AAAA(AAAA(ip.parse().unwrap())),
        ("CNAME", [target]) => RData::CNAME(CNAME(name(target))),
        ("TXT", _) => RData::TXT(hickory_server::proto::rr::rdata::TXT::new(vec!["here".to_owned()])),
        ("SRV", [priority, weight, port, target]) => {
            let number = |text: &str| text.parse().unwrap();
            RData::SRV(SRV::new(number(priority), number(weight), number(port), name(target)))
        }
        _ => panic!("{line}"),
    };
    Record::from_rdata(name(words[0]), words[1].parse().unwrap(), data)
}

impl Zone {
    /// The records of a name, and those of where its CNAMEs lead.
    fn answers(&self, name: &Name, kind: RecordType) -> Vec<Record> {
        let mut found = Vec::new();
        let mut at = name.clone();
        for _ in 0..20 {
            let here = |record: &&Record| record.name == at;
            found.extend(
                self.records.iter().filter(here).filter(|record| record.record_type() == kind).cloned(),
            );
            let next = self.records.iter().filter(here).find_map(|record| match &record.data {
                RData::CNAME(target) => Some((record.clone(), target.0.clone())),
                _ => None,
            });
            let Some((record, target)) = next else { break };
            found.push(record);
            at = target;
            if self.one_step {
                break;
            }
        }
        found
    }

    fn addresses_of_targets(&self, answers: &[Record]) -> Vec<Record> {
        let target = |record: &Record| match &record.data {
            RData::SRV(srv) if self.additional => Some(srv.target.clone()),
            _ => None,
        };
        let targets: Vec<Name> = answers.iter().filter_map(target).collect();
        let wanted = |record: &&Record| targets.contains(&record.name) && record.data.ip_addr().is_some();
        self.records.iter().filter(wanted).cloned().collect()
    }
}

#[async_trait::async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut response: R,
    ) -> ResponseInfo {
        let mut metadata = Metadata::response_from_request(&request.metadata);
        let mut nothing = Header { metadata, counts: HeaderCounts::default() };
        let (answers, authorities, soa, additional) = {
            let mut zone = self.0.lock().unwrap();
            let query = request.queries.queries()[0].original().clone();
            let (asked, kind) = (query.name().clone(), query.query_type());
            zone.asked.push(format!("{asked} {kind}"));
            let says = zone.says.get(&(asked.to_string(), Some(kind)));
            let says = says.or_else(|| zone.says.get(&(asked.to_string(), None))).copied();
            let says = says.or_else(|| zone.says.get(&("*".to_owned(), None)).copied());
            let ns = Record::from_rdata(Name::root(), 30, RData::NS(NS(name("ns.elsewhere."))));
            match says {
                Some(Says::Nothing) => {
                    nothing.metadata.response_code = ResponseCode::ServFail;
                    return ResponseInfo::from(nothing);
                }
                Some(Says::Code(code)) => {
                    metadata.response_code = code;
                    (vec![], vec![], None, vec![])
                }
                Some(Says::Referral) => (vec![], vec![ns], None, vec![]),
                None => {
                    let answers = zone.answers(&asked, kind);
                    let additional = zone.addresses_of_targets(&answers);
                    let last = answers.iter().rev().find_map(|record| match &record.data {
                        RData::CNAME(target) => Some(target.0.clone()),
                        _ => None,
                    });
                    let end = last.unwrap_or(asked);
                    let is_there = zone.records.iter().any(|record| record.name == end);
                    let complete = answers.iter().any(|record| record.record_type() == kind);
                    let unknown = zone.one_step && !answers.is_empty();
                    let says_so = !complete && !unknown;
                    if says_so && !is_there {
                        metadata.response_code = ResponseCode::NXDomain;
                    }
                    let soa = SOA::new(name("ns."), name("me."), 1, 60, 60, 60, 9);
                    let soa = says_so.then(|| Record::from_rdata(Name::root(), 60, RData::SOA(soa)));
                    (answers, vec![], soa, additional)
                }
            }
        };
        let mut builder = MessageResponseBuilder::from_message_request(request);
        if let Some(edns) = &request.edns {
            builder.edns(edns);
        }
        let message = builder.build(metadata, &answers, &authorities, &soa, &additional);
        response.send_response(message).await.unwrap_or_else(|_| ResponseInfo::from(nothing))
    }
}
