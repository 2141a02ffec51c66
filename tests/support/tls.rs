//! TLS in front of the small web: an authority of its own, and certificates that are
//! right, too old, or for another name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops where something is not as it should be"
)]

use ibid::fetch::Policy;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each user of this file uses its own part")]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// It ended in 2001.
    Expired,
    /// It is for another name.
    WrongName,
    /// It begins in 2100.
    NotYet,
    /// Nobody vouches for it but itself.
    SelfSigned,
}

/// What a door says that has no TLS as we know it: it reads what comes first, and answers so.
#[allow(dead_code, reason = "each user of this file uses its own part")]
pub(crate) mod hello {
    /// Alert "protocol version" (RFC 5246, section 7.2.2): the server is too old for us.
    pub(crate) const TOO_OLD: &[u8] = &[0x15, 3, 1, 0, 2, 2, 70];
    /// Alert "handshake failure": no cipher in common.
    pub(crate) const NO_CIPHER: &[u8] = &[0x15, 3, 1, 0, 2, 2, 40];
    /// It speaks HTTP where TLS was expected.
    pub(crate) const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    /// A `ServerHello` of TLS 1.0 (RFC 2246, section 7.4.1.3), its random and session empty.
    pub(crate) const TLS_1_0: &[u8] = &[
        0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0x2f, 0,
    ];
}

/// A door that answers the first bytes with these and closes; with none it says nothing at all.
#[allow(dead_code, reason = "each user of this file uses its own part")]
pub(crate) async fn raw_door(bytes: Option<&'static [u8]>) -> SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut first = [0; 4096];
                let _ = stream.read(&mut first).await?;
                match bytes {
                    Some(bytes) => {
                        stream.write_all(bytes).await?;
                        stream.shutdown().await
                    }
                    None => std::future::pending().await,
                }
            });
        }
    });
    address
}

/// How a door with HTTP/2 answers.
#[derive(Debug, Clone, Copy)]
#[allow(dead_code, reason = "each user of this file uses its own part")]
pub(crate) enum Two {
    /// With that text.
    Whole(&'static [u8]),
    /// It resets the stream.
    Reset,
    /// It resets the stream and says that nothing was done.
    Refused,
    /// It ends the connection.
    GoingAway,
    /// It resets the stream after that much of a body.
    ResetInBody(&'static [u8]),
    /// With that text; its first connection is dead from then on, without a word.
    Dies(&'static [u8]),
}

/// A certificate authority that nobody trusts unless told to.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// Has a policy trust it, and know where a host of that name is.
    #[allow(dead_code, reason = "each user of this file uses its own part")]
    pub(crate) fn introduce(&self, name: &str, address: IpAddr, policy: &mut Policy) {
        policy.extra_roots_pem = Some(self.pem().as_bytes().to_vec());
        policy.static_names.insert(name.to_owned(), vec![address]);
    }

    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "ibid test authority");
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// Its certificate.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// A door with TLS for `host`; what comes through goes on to `to` in the clear.
    pub(crate) async fn front(&self, host: &str, to: SocketAddr, fault: Fault) -> SocketAddr {
        let name = match fault {
            Fault::WrongName => "another.example",
            _ => host,
        };
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if fault == Fault::Expired {
            params.not_before = rcgen::date_time_ymd(2000, 1, 1);
            params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        }
        if fault == Fault::NotYet {
            params.not_before = rcgen::date_time_ymd(2100, 1, 1);
            params.not_after = rcgen::date_time_ymd(2101, 1, 1);
        }
        let certificate = match fault {
            Fault::SelfSigned => params.self_signed(&key).unwrap(),
            _ => params.signed_by(&key, &self.issuer).unwrap(),
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut inside = acceptor.accept(stream).await?;
                    let mut there = TcpStream::connect(to).await?;
                    tokio::io::copy_bidirectional(&mut inside, &mut there).await
                });
            }
        });
        address
    }

    /// A door that speaks HTTP/2 and nothing else; every address answers so.
    #[allow(dead_code, reason = "each user of this file uses its own part")]
    pub(crate) async fn h2(&self, host: &str, two: Two) -> SocketAddr {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let mut connections = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                connections += 1;
                let dies = matches!(two, Two::Dies(_)) && connections == 1;
                tokio::spawn(async move {
                    let stream = acceptor.accept(stream).await.unwrap();
                    let mut connection = h2::server::handshake(stream).await.unwrap();
                    while let Some(Ok((_, mut respond))) = connection.accept().await {
                        let text = match two {
                            Two::Whole(text) | Two::ResetInBody(text) | Two::Dies(text) => text,
                            Two::Reset => {
                                respond.send_reset(h2::Reason::INTERNAL_ERROR);
                                continue;
                            }
                            Two::Refused => {
                                respond.send_reset(h2::Reason::REFUSED_STREAM);
                                continue;
                            }
                            Two::GoingAway => {
                                connection.abrupt_shutdown(h2::Reason::ENHANCE_YOUR_CALM);
                                continue;
                            }
                        };
                        let ends = !matches!(two, Two::ResetInBody(_));
                        let head = http::Response::new(());
                        let mut body = respond.send_response(head, false).unwrap();
                        let text = bytes::Bytes::from_static(text);
                        body.send_data(text, ends).unwrap();
                        // What was sent goes out before what comes then.
                        let moment = std::time::Duration::from_millis(50);
                        if dies {
                            let _ = tokio::time::timeout(moment, connection.accept()).await;
                            std::future::pending::<()>().await;
                        }
                        if !ends {
                            tokio::spawn(async move {
                                tokio::time::sleep(moment).await;
                                body.send_reset(h2::Reason::INTERNAL_ERROR);
                            });
                        }
                    }
                });
            }
        });
        address
    }
}
