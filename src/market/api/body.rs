//! The body of a request: whole, within its bounds, and within a time.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::Fault;

/// The largest body: a question may double in size when it is written as JSON, and more than one text may be large.
const MAX_BODY: usize = 1 << 20;
/// What is too large is still taken in up to here: a client that is cut off while it writes never sees why.
const MAX_IGNORED: usize = 64 << 20;
/// How long a body may take.
const TIME: Duration = Duration::from_secs(30);
/// Bodies up to this size are read without asking for room.
const SMALL: usize = 64 << 10;
/// How many larger ones are in memory at one time at most.
const LARGE: usize = 64;

/// The room for large bodies, and how long one may take.
pub struct Bodies {
    room: Semaphore,
    time: Duration,
}

impl Default for Bodies {
    fn default() -> Bodies {
        Bodies { room: Semaphore::new(LARGE), time: TIME }
    }
}

/// A body, and the room that it takes while it is there.
pub struct Read<'b> {
    /// The bytes.
    pub bytes: Bytes,
    _room: Option<SemaphorePermit<'b>>,
}

impl Bodies {
    /// Reads a body.
    pub async fn read(&self, body: Body) -> Result<Read<'_>, Fault> {
        let small = body.size_hint().upper().is_some_and(|most| most <= SMALL as u64);
        let room = if small { None } else { Some(self.room.acquire().await.map_err(|_| self.late())?) };
        match tokio::time::timeout(self.time, collect(body)).await {
            Ok(bytes) => Ok(Read { bytes: bytes?, _room: room }),
            Err(_) => Err(self.late()),
        }
    }

    fn late(&self) -> Fault {
        let seconds = self.time.as_secs();
        Fault::FrontDoor("RequestTimeoutException", format!("The body did not arrive within {seconds} seconds."))
    }
}

async fn collect(mut body: Body) -> Result<Bytes, Fault> {
    let mut kept = Vec::new();
    let mut seen = 0;
    loop {
        let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await else { break };
        let frame = frame.map_err(|_| Fault::Malformed("The body did not arrive whole.".into()))?;
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if kept.is_empty() && seen == data.len() && seen <= MAX_BODY && body.is_end_stream() {
            return Ok(data);
        }
        if seen > MAX_IGNORED {
            break;
        }
        if seen > MAX_BODY {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
    }
    if seen > MAX_BODY { Err(Fault::TooLarge) } else { Ok(kept.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(size: usize) -> Result<usize, &'static str> {
        let bodies = Bodies::default();
        let read = bodies.read(Body::from(vec![b'x'; size])).await;
        read.map(|read| read.bytes.len()).map_err(|fault| fault.code())
    }

    #[tokio::test]
    async fn a_body_has_at_most_a_mebibyte() {
        for size in [0, 1, SMALL, SMALL + 1, MAX_BODY] {
            assert_eq!(read(size).await, Ok(size));
        }
        assert_eq!(read(MAX_BODY + 1).await, Err("RequestEntityTooLargeException"));
        assert_eq!(read(10 << 20).await, Err("RequestEntityTooLargeException"));
    }

    /// A body of which nothing ever comes.
    struct Silent;

    impl HttpBody for Silent {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for_for_ever() {
        let bodies = Bodies { time: Duration::from_millis(1), ..Bodies::default() };
        let fault = bodies.read(Body::new(Silent)).await.err().unwrap();
        assert_eq!(fault.code(), "RequestTimeoutException");
        assert_eq!(bodies.room.available_permits(), LARGE);
    }
}
