//! What the server admits: so many connections, none of them idle for long, so many requests at once and a second.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{ready, Context, Poll},
    time::{Duration, Instant},
};

use axum::serve::Listener;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, Sleep},
};

/// Connections open at once; more wait to be accepted.
const CONNECTIONS: usize = 1_024;
/// How long nothing may move on a connection. Longer than any request takes.
const IDLE: Duration = Duration::from_secs(75);
/// Requests answered at once.
const IN_FLIGHT: usize = 512;
/// Requests of friendbot answered at once, beside the others: each may wait for a ledger, one after the other.
const FUNDING: usize = 32;

/// Why a request is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Too many are being answered.
    Busy,
    /// Too many came this second.
    TooMany,
}

/// Counts requests.
pub(crate) struct Bounds {
    in_flight: Arc<Semaphore>,
    funding: Arc<Semaphore>,
    per_second: u32,
    /// The second that is counted, and the requests in it.
    counted: Mutex<(Instant, u32)>,
}

impl Bounds {
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
            funding: Arc::new(Semaphore::new(FUNDING)),
            per_second,
            counted: Mutex::new((Instant::now(), 0)),
        }
    }

    /// Admits a request for as long as the permit is held.
    pub(crate) fn admit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        self.admit_to(&self.in_flight)
    }

    /// Admits a request of friendbot, as long.
    pub(crate) fn admit_funding(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        self.admit_to(&self.funding)
    }

    fn admit_to(&self, room: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
        if !self.count(Instant::now()) {
            return Err(Refusal::TooMany);
        }
        let permit = Arc::clone(room).try_acquire_owned();
        permit.map_err(|_| Refusal::Busy)
    }

    fn count(&self, now: Instant) -> bool {
        // Nothing that holds the lock can panic.
        let mut counted = match self.counted.lock() {
            Ok(counted) => counted,
            Err(poisoned) => poisoned.into_inner(),
        };
        if now.duration_since(counted.0) >= Duration::from_secs(1) {
            *counted = (now, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        counted.1 <= self.per_second
    }
}

/// Accepts connections while there is room.
pub(crate) struct Door {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Door {
    pub(crate) fn new(listener: TcpListener) -> Self {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        Self { listener, room }
    }
}

impl Listener for Door {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed: without a permit there is room for nobody.
        let permit = Arc::clone(&self.room).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // It only costs latency if it is refused.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            stream,
            idle: Box::pin(sleep(IDLE)),
            _permit: permit,
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that ends when nothing moves on it.
pub(crate) struct Connection {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn moved<T>(
        &mut self,
        context: &mut Context<'_>,
        moved: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if moved.is_pending() {
            ready!(self.idle.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let end = tokio::time::Instant::now().checked_add(IDLE);
        if let Some(end) = end {
            self.idle.as_mut().reset(end);
        }
        moved
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.moved(context, moved)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(context, moved)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.moved(context, moved)
    }

    // Bodies are then written from where they are, and live as long as that takes.
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use super::*;

    #[test]
    fn a_second_admits_what_it_may_and_the_next_one_anew() {
        let bounds = Bounds::new(2);
        let now = Instant::now();
        assert_eq!(
            [bounds.count(now), bounds.count(now), bounds.count(now)],
            [true, true, false]
        );
        assert!(bounds.count(now + Duration::from_secs(1)));
    }

    #[test]
    fn requests_at_once_are_bounded() {
        let bounds = Bounds::new(u32::MAX);
        let admitted: Vec<_> = (0..IN_FLIGHT).map(|_| bounds.admit()).collect();
        assert!(admitted.iter().all(Result::is_ok));
        assert_eq!(bounds.admit().err(), Some(Refusal::Busy));
        assert!(
            bounds.admit_funding().is_ok(),
            "friendbot has room of its own"
        );
        drop(admitted);
        let funding: Vec<_> = (0..FUNDING).map(|_| bounds.admit_funding()).collect();
        assert!(funding.iter().all(Result::is_ok));
        assert_eq!(bounds.admit_funding().err(), Some(Refusal::Busy));
        assert!(bounds.admit().is_ok(), "others do not wait for friendbot");
    }

    #[tokio::test]
    async fn a_permit_is_held_until_the_body_is_written() {
        use axum::{routing::get, Router};
        use tokio::io::AsyncWriteExt;
        let room = Arc::new(Semaphore::new(1));
        let permits = room.clone();
        let long = move || {
            let permit = permits.clone().try_acquire_owned().unwrap();
            async move { crate::rpc::routes::holding(vec![0; 64 << 20], permit) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route("/", get(long));
        let server = tokio::spawn(async move { axum::serve(Door::new(listener), app).await });
        let mut client = TcpStream::connect(address).await.unwrap();
        let asked = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        client.write_all(asked).await.unwrap();
        client.readable().await.unwrap();
        sleep(Duration::from_millis(100)).await;
        assert_eq!(room.available_permits(), 0, "nobody has read it yet");
        drop(client);
        while room.available_permits() == 0 {
            sleep(Duration::from_millis(10)).await;
        }
        server.abort();
    }
}
