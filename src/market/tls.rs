//! TLS with a certificate and a key from files, which can be read again while the market is served.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::error::MarketError;

/// Where the certificate and its key are, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by those that vouch for it.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// TLS as the files say; clones share it.
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    files: TlsFiles,
    acceptor: RwLock<TlsAcceptor>,
}

impl Tls {
    /// Reads the files.
    pub fn of(files: TlsFiles) -> Result<Tls, MarketError> {
        let acceptor = RwLock::new(read(&files)?);
        Ok(Tls(Arc::new(Inner { files, acceptor })))
    }

    /// Reads the files again, for connections from now on. When they cannot be used everything stays as it is.
    pub fn reload(&self) -> Result<(), MarketError> {
        let acceptor = read(&self.0.files)?;
        *self.0.acceptor.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
        Ok(())
    }

    /// What accepts the next connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        self.0.acceptor.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(files: &TlsFiles) -> Result<TlsAcceptor, MarketError> {
    let TlsFiles { certificate, key } = files;
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(certificate, error))?;
    if certificates.is_empty() {
        return Err(unusable(certificate, "it holds no certificate in PEM form"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(certificate, error))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| unusable(key, error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unusable(path: &Path, why: impl std::fmt::Display) -> MarketError {
    MarketError::Tls { path: path.to_owned(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_cannot_be_used_are_named() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
        let (certificate, key) = (data.join("cert.pem"), data.join("key.pem"));
        let good = TlsFiles { certificate: certificate.clone(), key: key.clone() };
        assert!(Tls::of(good.clone()).is_ok());
        for (wrong, named) in [
            (TlsFiles { certificate: key.clone(), ..good.clone() }, "key.pem"),
            (TlsFiles { key: certificate, ..good.clone() }, "cert.pem"),
            (TlsFiles { key: data.join("none.pem"), ..good }, "none.pem"),
        ] {
            let error = Tls::of(wrong).err().unwrap().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_renewed_certificate_is_taken_and_a_broken_one_is_not() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
        let dir = tempfile::tempdir().unwrap();
        let files = TlsFiles { certificate: dir.path().join("cert.pem"), key: data.join("key.pem") };
        std::fs::copy(data.join("cert.pem"), &files.certificate).unwrap();
        let tls = Tls::of(files.clone()).unwrap();
        let first = Arc::as_ptr(tls.acceptor().config());
        std::fs::write(&files.certificate, "half a certific").unwrap();
        assert!(tls.reload().is_err());
        assert_eq!(Arc::as_ptr(tls.acceptor().config()), first);
        std::fs::copy(data.join("cert.pem"), &files.certificate).unwrap();
        tls.reload().unwrap();
        assert_ne!(Arc::as_ptr(tls.acceptor().config()), first);
    }
}
