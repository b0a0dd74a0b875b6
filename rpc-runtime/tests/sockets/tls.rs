//! TLS: who is trusted, under which name, and certificates of clients.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rpc_runtime::{ClientConfig, Error, Mesh, Tls};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::h2_server::{self, Do};
use crate::support::{Client, chain, millis, outcome, secs};
use crate::{answer, order};

/// An issuer of certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate and its key in PEM.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap().pem(), key.serialize_pem())
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        roots
    }
}

const HTTP1: &str = "http/1.1";
const HTTP2: &str = "h2";

/// A server with a certificate for `127.0.0.1` and one protocol; says of each handshake how many certificates the client showed, or what was wrong.
struct Server {
    port: u16,
    handshakes: mpsc::UnboundedReceiver<Result<usize, String>>,
}

impl Server {
    async fn start(
        authority: &Authority,
        clients_of: Option<&Authority>,
        version: &'static SupportedProtocolVersion,
        protocol: &'static str,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (cert, key) = authority.issue("127.0.0.1");
        let chain = rustls::pki_types::CertificateDer::pem_slice_iter(cert.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config =
            ServerConfig::builder_with_provider(provider.clone()).with_protocol_versions(&[version]).unwrap();
        let config = match clients_of {
            None => config.with_no_client_auth(),
            Some(clients_of) => {
                let roots = Arc::new(clients_of.roots());
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
                config.with_client_cert_verifier(verifier.unwrap())
            }
        };
        let mut config = config.with_single_cert(chain.map(Result::unwrap).collect(), key).unwrap();
        config.alpn_protocols = vec![protocol.into()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (said, handshakes) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, said) = (acceptor.clone(), said.clone());
                tokio::spawn(async move {
                    match acceptor.accept(stream).into_fallible().await {
                        Ok(stream) => {
                            let shown = stream.get_ref().1.peer_certificates().map_or(0, <[_]>::len);
                            let _ = said.send(Ok(shown));
                            if protocol == HTTP1 {
                                answer(stream).await;
                            } else {
                                let reply = |_, id| vec![Do::Reply(id)];
                                let _ = h2_server::serve(0, stream, &reply, &Mutex::default()).await;
                            }
                        }
                        Err((error, mut stream)) => {
                            let _ = said.send(Err(error.to_string()));
                            // A close with unread bytes would be a reset, which overtakes the alert.
                            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                        }
                    }
                });
            }
        });
        Self { port, handshakes }
    }
}

fn client(tls: Tls, url: &str) -> Client {
    let config =
        ClientConfig::builder().service("order-service", url).retry_delay(millis(1)).timeout(secs(20));
    let mesh = Mesh::builder().config(config.build().unwrap()).tls(tls).build().unwrap();
    Client::with_mesh(&mesh).unwrap()
}

const VERSIONS: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS12, &rustls::version::TLS13];

fn trusting(authority: &Authority) -> Tls {
    Tls::new().add_root_pem(authority.pem().as_bytes()).unwrap()
}

/// Nothing was sent, and the chain of causes says why.
fn check_refused<T: std::fmt::Debug>(result: Result<T, Error>, why: &str) {
    assert_eq!(outcome(&result), "connection after 2, sent never, exhausted", "{result:?}");
    let chain = chain(&result.unwrap_err());
    assert!(chain.iter().any(|text| text.contains(why)), "{chain:#?}\n{why}");
}

#[tokio::test]
async fn an_added_root_is_trusted() {
    let ours = Authority::new("ours");
    for version in VERSIONS {
        let mut server = Server::start(&ours, None, version, HTTP1).await;
        let url = format!("https://127.0.0.1:{}", server.port);
        client(trusting(&ours).only_given_roots(), &url).get(7).await.unwrap();
        // Beside those of the machine.
        let (cert, key) = ours.issue("me");
        let tls = trusting(&ours).client_auth_pem(cert.as_bytes(), key.as_bytes()).unwrap();
        client(tls, &url).get(7).await.unwrap();
        for _ in 0..2 {
            assert_eq!(server.handshakes.recv().await.unwrap(), Ok(0), "who is not asked shows nothing");
        }
    }
}

#[tokio::test]
async fn an_unknown_root_is_not() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    for version in VERSIONS {
        let mut server = Server::start(&theirs, None, version, HTTP1).await;
        let url = format!("https://127.0.0.1:{}", server.port);
        let result = client(trusting(&ours).only_given_roots(), &url).get(7).retries(1).await;
        check_refused(result, "invalid peer certificate: UnknownIssuer");
        assert!(server.handshakes.recv().await.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let ours = Authority::new("ours");
    for version in VERSIONS {
        let server = Server::start(&ours, None, version, HTTP1).await;
        let url = format!("https://localhost:{}", server.port);
        let order = order();
        let result = client(trusting(&ours).only_given_roots(), &url).create(&order).retries(1).await;
        check_refused(result, "certificate not valid for name \"localhost\"");
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_who_asks_for_it() {
    let (ours, clients) = (Authority::new("ours"), Authority::new("clients"));
    for version in VERSIONS {
        let mut server = Server::start(&ours, Some(&clients), version, HTTP1).await;
        let url = format!("https://127.0.0.1:{}", server.port);
        let trusting = || trusting(&ours).only_given_roots();
        let tls = |(cert, key): (String, String)| {
            trusting().client_auth_pem(cert.as_bytes(), key.as_bytes()).unwrap()
        };
        client(tls(clients.issue("me")), &url).get(7).await.unwrap();
        assert_eq!(server.handshakes.recv().await.unwrap(), Ok(1));

        // Both are judged after a client of TLS 1.3 may send: a POST shows that this is known to be too early.
        let order = order();
        let result = client(trusting(), &url).create(&order).retries(1).await;
        // TLS 1.2 asks for it within the handshake.
        let late = version.version == rustls::ProtocolVersion::TLSv1_3;
        let wants = "the service wants a client certificate, and there is none";
        assert_eq!(chain(result.as_ref().unwrap_err())[1], if late { wants } else { "no connection" });
        check_refused(result, "received fatal alert: CertificateRequired");
        let result = client(tls(ours.issue("me")), &url).create(&order).retries(1).await;
        check_refused(result, "received fatal alert: UnknownCA");
        for _ in 0..4 {
            assert!(server.handshakes.recv().await.unwrap().is_err());
        }
    }
}

#[tokio::test]
async fn http2_is_spoken_where_both_can() {
    let (ours, clients) = (Authority::new("ours"), Authority::new("clients"));
    for version in VERSIONS {
        let server = Server::start(&ours, None, version, HTTP2).await;
        let url = format!("https://127.0.0.1:{}", server.port);
        let client = client(trusting(&ours).only_given_roots(), &url);
        client.create(&order()).await.unwrap();
    }
    // `h2` keeps the text of the alert only, so what a service does not say in HTTP/2 itself stays in doubt.
    let server = Server::start(&ours, Some(&clients), &rustls::version::TLS13, HTTP2).await;
    let url = format!("https://127.0.0.1:{}", server.port);
    let result = client(trusting(&ours).only_given_roots(), &url).create(&order()).await;
    assert_eq!(outcome(&result), "connection after 1, sent maybe");
    let chain = chain(&result.unwrap_err());
    assert!(chain.last().unwrap().contains("received fatal alert: CertificateRequired"), "{chain:?}");
}

/// The machine's roots are read from where this variable says, and only a new process may set it.
#[cfg(target_os = "linux")]
#[test]
fn roots_of_the_machine_count_unless_they_are_not_wanted() {
    const NAME: &str = "tls::roots_of_the_machine_count_unless_they_are_not_wanted";
    const VARIABLE: &str = "SSL_CERT_FILE";
    const INSIDE: &str = "RPC_RUNTIME_TEST_INSIDE";
    let Some(path) = std::env::var_os(INSIDE) else {
        let path = std::env::temp_dir().join(format!("rpc-runtime-machine-{}.pem", std::process::id()));
        let mut inside = std::process::Command::new(std::env::current_exe().unwrap());
        let inside = inside.args([NAME, "--exact"]).env(INSIDE, &path).env(VARIABLE, &path).output().unwrap();
        std::fs::remove_file(&path).unwrap();
        let said = String::from_utf8_lossy(&inside.stdout);
        assert!(inside.status.success() && said.contains("1 passed"), "{said}");
        return;
    };
    let (machine, other) = (Authority::new("machine"), Authority::new("other"));
    std::fs::write(path, machine.pem()).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let server = Server::start(&machine, None, &rustls::version::TLS13, HTTP1).await;
        let url = format!("https://127.0.0.1:{}", server.port);
        client(Tls::new(), &url).get(7).await.unwrap();
        client(trusting(&other), &url).get(7).await.unwrap();
        let result = client(trusting(&other).only_given_roots(), &url).get(7).retries(1).await;
        check_refused(result, "invalid peer certificate: UnknownIssuer");
        let server = Server::start(&other, None, &rustls::version::TLS13, HTTP1).await;
        let url = format!("https://127.0.0.1:{}", server.port);
        client(trusting(&other), &url).get(7).await.unwrap();
        check_refused(client(Tls::new(), &url).get(7).retries(1).await, "UnknownIssuer");
    });
}

#[test]
fn what_nobody_could_trust_makes_no_mesh() {
    let error = Mesh::builder().tls(Tls::new().only_given_roots()).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "configuration: tls: only_given_roots without a root trusts nobody; add_root_pem adds one"
    );
}

#[tokio::test]
async fn files_of_the_settings_are_read_with_the_mesh() {
    let ours = Authority::new("ours");
    let server = Server::start(&ours, None, &rustls::version::TLS13, HTTP1).await;
    let path = std::env::temp_dir().join(format!("rpc-runtime-sockets-{}.pem", std::process::id()));
    let services = format!(r#"{{"order-service": "https://127.0.0.1:{}"}}"#, server.port);
    let vars = [("RPC_CLIENT_TLS_CA_FILE", path.to_str().unwrap()), ("RPC_CLIENT_SERVICES", &services)];
    let config = || ClientConfig::from_vars(vars).unwrap();
    let missing = Mesh::new(config()).unwrap_err();
    assert_eq!(
        missing.to_string(),
        format!("configuration: RPC_CLIENT_TLS_CA_FILE: {path:?} cannot be read")
    );
    std::fs::write(&path, ours.pem()).unwrap();
    let mesh = Mesh::new(config());
    std::fs::remove_file(&path).unwrap();
    Client::with_mesh(&mesh.unwrap()).unwrap().get(7).await.unwrap();
}
