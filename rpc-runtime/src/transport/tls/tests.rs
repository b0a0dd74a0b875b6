//! Tests of the options: what is refused, and in which words.

use std::error::Error as _;

use rcgen::{CertifiedKey as Made, generate_simple_self_signed};

use super::*;

fn made() -> (String, String) {
    let Made { cert, signing_key } = generate_simple_self_signed(["orders".to_owned()]).unwrap();
    (cert.pem(), signing_key.serialize_pem())
}

#[test]
fn options_are_counted_not_shown() {
    let (cert, key) = made();
    let both = format!("{cert}\n{}", made().0);
    let tls = Tls::new().add_root_pem(both.as_bytes()).unwrap().add_root_pem(cert.as_bytes()).unwrap();
    let tls = tls.only_given_roots().client_auth_pem(cert.as_bytes(), key.as_bytes()).unwrap();
    assert_eq!(format!("{tls:?}"), "Tls { roots: 3, only_given_roots: true, client_auth: true }");
    assert!(tls.check().is_ok());
    assert!(shared(&tls).unwrap().client_auth_cert_resolver.has_certs());
    // What the machine trusts, and more.
    assert!(
        !shared(&Tls::new().add_root_pem(cert.as_bytes()).unwrap())
            .unwrap()
            .client_auth_cert_resolver
            .has_certs()
    );
    let nobody = Tls::new().only_given_roots().check().unwrap_err();
    assert_eq!(nobody.to_string(), "only_given_roots without a root trusts nobody; add_root_pem adds one");
}

#[test]
fn a_key_may_stand_beside_its_certificate() {
    let (cert, key) = made();
    let both = format!("{key}{cert}");
    Tls::new().client_auth_pem(both.as_bytes(), both.as_bytes()).unwrap();
}

#[test]
fn faults_say_what_is_wrong_and_hide_the_text() {
    #[track_caller]
    fn check(result: Result<Tls, TlsError>, message: &str) {
        let error = result.unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    let (cert, key) = made();
    let tls = Tls::new;
    let none = "there is no certificate in it; expected -----BEGIN CERTIFICATE-----";
    check(tls().add_root_pem(b""), none);
    check(tls().add_root_pem(key.as_bytes()), none);
    check(tls().client_auth_pem(b"hunter2", key.as_bytes()), none);
    let no_key =
        "there is no private key in it; expected -----BEGIN PRIVATE KEY-----, unencrypted (also RSA or EC)";
    check(tls().client_auth_pem(cert.as_bytes(), cert.as_bytes()), no_key);
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nhunter2=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    check(tls().client_auth_pem(cert.as_bytes(), encrypted.as_bytes()), no_key);
    check(
        tls().client_auth_pem(cert.as_bytes(), b"-----BEGIN PRIVATE KEY-----\\nhunter2"),
        "it is no PEM text: a -----BEGIN line does not end in dashes; line breaks must be real ones",
    );
    check(
        tls().client_auth_pem(cert.as_bytes(), b"-----BEGIN PRIVATE KEY-----\nhunter2\n"),
        "it is no whole PEM text: a section has no -----END line",
    );
    check(
        tls().add_root_pem(b"-----BEGIN CERTIFICATE-----\nhunter2 !\n-----END CERTIFICATE-----\n"),
        "it is no PEM text: a section is not base64",
    );
    check(
        tls().add_root_pem(
            format!("{cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").as_bytes(),
        ),
        "certificate 2 cannot be trusted as a root",
    );
    check(
        tls().client_auth_pem(cert.as_bytes(), made().1.as_bytes()),
        "the private key is not that of the first certificate",
    );
    let odd = tls()
        .client_auth_pem(cert.as_bytes(), b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assert!(odd.as_ref().unwrap_err().source().is_some());
    check(odd, "the private key cannot be used; RSA, ECDSA (P-256, P-384) and Ed25519 keys can");
}
