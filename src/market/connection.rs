//! Connections: plain or with TLS, each bounded in what it may take of time and room.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::access_log::{AccessLog, Entry, Told};
use super::api::Cut;
use super::clock::wall_millis;
use super::tls::Tls;

/// How long a client may take over the head of a request; a connection on which nothing comes is closed then as well.
const HEAD: Duration = Duration::from_secs(30);
/// How long a client may take over TLS's first words.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a client may leave what is sent to it unread.
const UNREAD: Duration = Duration::from_secs(60);

/// What every connection needs.
#[derive(Clone)]
pub struct Front {
    /// Who answers.
    pub router: Router,
    /// TLS, if it is to be.
    pub tls: Option<Tls>,
    /// The access log, if there is one.
    pub log: Option<AccessLog>,
    /// Whether a proxy says who asks: its X-Forwarded headers are believed.
    pub trust_proxy: bool,
    /// Says when it is over.
    pub stop: CancellationToken,
}

/// Who asks, as far as it can be told: in the extensions of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The client's address.
    pub address: IpAddr,
    /// The host that the client asked for, where a proxy says that it was another than the Host header's.
    pub host: Option<HeaderValue>,
    /// Whether what goes to the client is encrypted, here or by the proxy.
    pub is_secure: bool,
}

/// Takes connections, as many at one time as there are slots, until it is stopped.
pub async fn accept(listener: TcpListener, front: Front, slots: usize, tasks: TaskTracker) {
    let slots = Arc::new(Semaphore::new(slots));
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let slot = Arc::clone(&slots).acquire_owned().await.ok();
            listener.accept().await.map(|accepted| (accepted, slot))
        };
        let accepted = tokio::select! {
            () = front.stop.cancelled() => return,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok(((stream, peer), slot)) => {
                let front = front.clone();
                tasks.spawn(async move {
                    open(stream, peer, front).await;
                    drop(slot);
                });
            }
            Err(error) => {
                // Out of file descriptors, or a connection that went away: the next one may be fine.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

async fn open(stream: TcpStream, peer: SocketAddr, front: Front) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone before it was served");
        return;
    }
    let wire = match &front.tls {
        None => Wire::Plain(stream),
        Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.acceptor().accept(stream)).await {
            Ok(Ok(stream)) => Wire::Tls(Box::new(stream)),
            Ok(Err(error)) => return tracing::debug!(%error, %peer, "no TLS with a client"),
            Err(_) => return tracing::debug!(%peer, "no TLS with a client in time"),
        },
    };
    serve(Patient { wire, waiting: None }, peer.ip(), front).await;
}

/// The connection is cut in place of a response.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
struct CutOnPurpose;

async fn serve(wire: Patient, peer: IpAddr, front: Front) {
    let Front { router, tls, log, trust_proxy, stop } = front;
    let is_tls = tls.is_some();
    let routes = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let (at, begun) = (wall_millis(), Instant::now());
        let caller = Caller::of(peer, request.headers(), trust_proxy, is_tls);
        let client = caller.address;
        request.extensions_mut().insert(caller);
        let answered = routes.call(request);
        let log = log.clone();
        async move {
            let mut response: Response<Body> = match answered.await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let cut = response.extensions().get::<Cut>().is_some();
            if let Some(told) = response.extensions_mut().remove::<Told>()
                && let Some(log) = log
            {
                let status = (!cut).then(|| response.status().as_u16());
                let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
                let sent = response.body().size_hint().lower();
                log.write(Entry { at, client, told, status, micros, sent });
            }
            if cut { Err(CutOnPurpose) } else { Ok(response) }
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut connection = builder.serve_connection(TokioIo::new(wire), service);
    let result = tokio::select! {
        result = &mut connection => result,
        () = stop.cancelled() => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if let Err(error) = result
        && error.is_user()
    {
        // Let the client see a reset and not an orderly end.
        let wire = connection.into_parts().io.into_inner().wire;
        if let Err(error) = wire.tcp().set_zero_linger() {
            tracing::debug!(%error, "a connection that was to be cut was gone already");
        }
    }
}

impl Caller {
    fn of(peer: IpAddr, headers: &HeaderMap, trust_proxy: bool, is_tls: bool) -> Caller {
        if !trust_proxy {
            return Caller { address: peer, host: None, is_secure: is_tls };
        }
        // Of several values the last one is that of the proxy next to us.
        let last = |name: &str| {
            let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
            value.rsplit(',').next().map(str::trim).filter(|value| !value.is_empty())
        };
        Caller {
            address: last("x-forwarded-for").and_then(|value| value.parse().ok()).unwrap_or(peer),
            host: last("x-forwarded-host").and_then(|value| HeaderValue::from_str(value).ok()),
            // A proxy that says nothing is taken for one that encrypts: that is what proxies are there for.
            is_secure: is_tls || last("x-forwarded-proto") != Some("http"),
        }
    }
}

/// The bytes' way to the client.
enum Wire {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    fn tcp(&self) -> &TcpStream {
        match self {
            Wire::Plain(stream) => stream,
            Wire::Tls(stream) => stream.get_ref().0,
        }
    }
}

/// A connection whose client must read what it is sent.
struct Patient {
    wire: Wire,
    /// Runs while the client leaves something unread.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// Ends a write that has waited for too long.
    fn bound<T>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.waiting = None;
            return poll;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(UNREAD)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).poll_write(cx, buf),
        };
        self.bound(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).poll_write_vectored(cx, bufs),
        };
        self.bound(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        match &self.wire {
            Wire::Plain(stream) => stream.is_write_vectored(),
            Wire::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).poll_flush(cx),
        };
        self.bound(cx, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = match &mut self.wire {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).poll_shutdown(cx),
        };
        self.bound(cx, poll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxys_headers_count_only_where_it_is_trusted() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "10.0.0.9, 192.0.2.7".parse().unwrap());
        headers.append("x-forwarded-host", "market.example.org".parse().unwrap());
        let peer = IpAddr::from([127, 0, 0, 1]);
        let trusted = Caller::of(peer, &headers, true, false);
        assert_eq!(trusted.address, IpAddr::from([192, 0, 2, 7]), "the first one is what the client claims");
        assert_eq!(trusted.host, Some(HeaderValue::from_static("market.example.org")));
        let plain = |is_secure| Caller { address: peer, host: None, is_secure };
        assert_eq!(Caller::of(peer, &headers, false, false), plain(false));
        assert_eq!(Caller::of(peer, &HeaderMap::new(), true, false), plain(true));
        headers.append("x-forwarded-proto", "http".parse().unwrap());
        assert!(!Caller::of(peer, &headers, true, false).is_secure);
        assert_eq!(Caller::of(peer, &headers, false, true), plain(true), "a header of anybody's takes nothing away");
    }

    /// A client that sends and never reads fills every buffer on the way.
    #[tokio::test]
    async fn a_write_that_nobody_reads_is_waited_for_and_then_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let mut patient = Patient { wire: Wire::Plain(stream), waiting: None };
        let bytes = vec![0; 1 << 20];
        let error = std::future::poll_fn(|cx| {
            loop {
                match Pin::new(&mut patient).poll_write(cx, &bytes) {
                    Poll::Ready(Ok(_)) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(error),
                    Poll::Pending => {
                        // A minute later.
                        let waiting = patient.waiting.as_mut().unwrap();
                        waiting.as_mut().reset(tokio::time::Instant::now());
                        return Poll::Pending;
                    }
                }
            }
        })
        .await;
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(client);
    }
}
