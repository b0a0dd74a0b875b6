//! The TLS files that the settings name.

use std::path::Path;

use super::client::ResolvedConfig;
use super::error::ConfigError;
use crate::transport::{Tls, TlsError};

pub(super) const CA_FILE: &str = "RPC_CLIENT_TLS_CA_FILE";
pub(super) const ONLY_CA_FILE: &str = "RPC_CLIENT_TLS_ONLY_CA_FILE";
pub(super) const CERT_FILE: &str = "RPC_CLIENT_TLS_CERT_FILE";
pub(super) const KEY_FILE: &str = "RPC_CLIENT_TLS_KEY_FILE";

/// Reads the files.
///
/// # Errors
/// When one cannot be read or used, when of certificate and key only one is there, or when there are no roots but only those
/// of a file are to be trusted. The message names variable and file.
pub(crate) fn load(config: &ResolvedConfig) -> Result<Tls, ConfigError> {
    let mut tls = Tls::new();
    if let Some(path) = &config.tls_ca_file {
        tls = tls.add_root_pem(&read(CA_FILE, path)?).map_err(|error| unusable(CA_FILE, path, error))?;
    }
    if config.tls_only_ca_file {
        if config.tls_ca_file.is_none() {
            return Err(ConfigError::new(ONLY_CA_FILE, format!("needs {CA_FILE} beside it")));
        }
        tls = tls.only_given_roots();
    }
    match (&config.tls_cert_file, &config.tls_key_file) {
        (None, None) => Ok(tls),
        (Some(cert), Some(key)) => {
            let (chain, secret) = (read(CERT_FILE, cert)?, read(KEY_FILE, key)?);
            tls.client_auth_pem(&chain, &secret).map_err(|error| match error.is_about_key() {
                true => unusable(KEY_FILE, key, error),
                false => unusable(CERT_FILE, cert, error),
            })
        }
        (Some(_), None) => Err(ConfigError::new(CERT_FILE, format!("needs {KEY_FILE} beside it"))),
        (None, Some(_)) => Err(ConfigError::new(KEY_FILE, format!("needs {CERT_FILE} beside it"))),
    }
}

fn read(variable: &str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path)
        .map_err(|error| ConfigError::new(variable, format!("{path:?} cannot be read")).caused_by(error))
}

fn unusable(variable: &str, path: &Path, error: TlsError) -> ConfigError {
    ConfigError::new(variable, format!("{path:?} cannot be used")).caused_by(error)
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::path::PathBuf;

    use rcgen::{CertifiedKey, generate_simple_self_signed};

    use crate::config::{ClientConfig, Defaults};

    /// A folder that goes away with its test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("rpc-runtime-tls-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Folder(path)
        }

        fn file(&self, name: &str, text: &str) -> String {
            let path = self.0.join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// What comes of the variables: `Tls`, or the message and its cause.
    fn loaded(vars: &[(&str, &str)]) -> String {
        let config = ClientConfig::from_vars(vars.iter().copied()).unwrap().resolve(&Defaults::V1);
        match super::load(&config) {
            Ok(tls) => format!("{tls:?}"),
            Err(error) => {
                let source = error.source().map(|source| format!(" <- {source}"));
                format!("{error}{}", source.unwrap_or_default())
            }
        }
    }

    #[test]
    fn files() {
        let folder = Folder::new("files");
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["a".to_owned()]).unwrap();
        let cert = folder.file("tls.crt", &cert.pem());
        let key = folder.file("tls.key", &signing_key.serialize_pem());
        let other = generate_simple_self_signed(["a".to_owned()]).unwrap().signing_key.serialize_pem();
        let other = folder.file("other.key", &other);
        let missing = folder.0.join("missing.pem");
        let missing = missing.to_str().unwrap();
        #[track_caller]
        fn check(vars: &[(&str, &str)], expected: &str) {
            let found = loaded(vars);
            assert!(found.starts_with(expected), "{found}\n{expected}");
        }
        let (ca_file, cert_file, key_file) =
            ("RPC_CLIENT_TLS_CA_FILE", "RPC_CLIENT_TLS_CERT_FILE", "RPC_CLIENT_TLS_KEY_FILE");
        check(&[], "Tls { roots: 0, only_given_roots: false, client_auth: false }");
        check(
            &[(ca_file, &cert), (cert_file, &cert), (key_file, &key)],
            "Tls { roots: 1, only_given_roots: false, client_auth: true }",
        );
        let only = "RPC_CLIENT_TLS_ONLY_CA_FILE";
        check(
            &[(ca_file, &cert), (only, "true")],
            "Tls { roots: 1, only_given_roots: true, client_auth: false }",
        );
        check(&[(only, "false")], "Tls { roots: 0, only_given_roots: false, client_auth: false }");
        check(&[(only, "true")], &format!("{only}: needs {ca_file} beside it"));
        check(&[(ca_file, missing)], &format!("{ca_file}: {missing:?} cannot be read <- "));
        let no_cert = "cannot be used <- there is no certificate in it";
        check(&[(ca_file, &key)], &format!("{ca_file}: {key:?} {no_cert}"));
        check(&[(cert_file, &cert)], &format!("{cert_file}: needs {key_file} beside it"));
        check(&[(key_file, &key)], &format!("{key_file}: needs {cert_file} beside it"));
        check(&[(cert_file, &key), (key_file, &key)], &format!("{cert_file}: {key:?} {no_cert}"));
        check(
            &[(cert_file, &cert), (key_file, &cert)],
            &format!("{key_file}: {cert:?} cannot be used <- there is no private key in it"),
        );
        check(
            &[(cert_file, &cert), (key_file, &other)],
            &format!(
                "{key_file}: {other:?} cannot be used <- the private key is not that of the first certificate"
            ),
        );
        check(&[(cert_file, &cert), (key_file, missing)], &format!("{key_file}: {missing:?} cannot be read"));
    }
}
