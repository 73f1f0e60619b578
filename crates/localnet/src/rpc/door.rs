//! Connections: so many at once, none of which takes long for what it does.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{ready, Context, Poll},
    time::Duration,
};

use axum::serve::Listener;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, Instant, Sleep},
};

/// Connections open at once; more wait to be accepted.
const CONNECTIONS: usize = 1_024;
/// How long connections may take.
const PATIENCE: Patience = Patience {
    idle: Duration::from_secs(75),
    // Longer than any request takes; those of control take 120 s.
    asking: Duration::from_secs(150),
    answering: Duration::from_secs(60),
};

/// How long a connection may take for what it does, however much moves on it meanwhile.
#[derive(Clone, Copy)]
struct Patience {
    /// From the end of an answer to the next request.
    idle: Duration,
    /// From a request's first byte to its answer's.
    asking: Duration,
    /// From an answer's first byte to its last.
    answering: Duration,
}

/// Accepts connections while there is room.
pub(crate) struct Door {
    listener: TcpListener,
    room: Arc<Semaphore>,
    patience: Patience,
}

impl Door {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            room: Arc::new(Semaphore::new(CONNECTIONS)),
            patience: PATIENCE,
        }
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
            patience: self.patience,
            phase: Phase::Idle,
            end: Box::pin(sleep(self.patience.idle)),
            _permit: permit,
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// What happens on a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Asking,
    Answering,
}

/// A connection that ends when what happens on it takes too long.
pub(crate) struct Connection {
    stream: TcpStream,
    patience: Patience,
    phase: Phase,
    /// When it does.
    end: Pin<Box<Sleep>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn enter(&mut self, phase: Phase) {
        if self.phase == phase {
            return;
        }
        self.phase = phase;
        let time = match phase {
            Phase::Idle => self.patience.idle,
            Phase::Asking => self.patience.asking,
            Phase::Answering => self.patience.answering,
        };
        let end = Instant::now().checked_add(time);
        if let Some(end) = end {
            self.end.as_mut().reset(end);
        }
    }

    /// `moved`, or an error when it waits and the time is up.
    fn in_time<T>(
        &mut self,
        context: &mut Context<'_>,
        moved: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if moved.is_pending() {
            ready!(self.end.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
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
        let before = buffer.filled().len();
        let moved = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.phase == Phase::Idle && buffer.filled().len() > before {
            self.enter(Phase::Asking);
        }
        self.in_time(context, moved)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.enter(Phase::Answering);
        let moved = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, moved)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.enter(Phase::Answering);
        let moved = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.in_time(context, moved)
    }

    // Bodies are then written from where they are, and live as long as that takes.
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    // Asked for once an answer is written, and in vain meanwhile.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.phase == Phase::Answering {
            self.enter(Phase::Idle);
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use axum::{routing::get, Router};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn the_door_is_as_stated() {
        let door = Door::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
        assert_eq!(door.room.available_permits(), 1_024);
        let Patience {
            idle,
            asking,
            answering,
        } = door.patience;
        let stated = [75, 150, 60].map(Duration::from_secs);
        assert_eq!([idle, asking, answering], stated);
    }

    /// Serves a page of `bytes` bytes, each with a permit of `room`.
    async fn serve(
        bytes: usize,
        room: &Arc<Semaphore>,
        patience: Patience,
        connections: usize,
    ) -> (SocketAddr, AbortOnDrop) {
        let permits = room.clone();
        let page = move || {
            let permit = permits.clone().try_acquire_owned().unwrap();
            async move { crate::rpc::routes::holding(vec![b'x'; bytes], permit) }
        };
        let door = Door {
            listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
            room: Arc::new(Semaphore::new(connections)),
            patience,
        };
        let address = door.local_addr().unwrap();
        let app = Router::new().route("/", get(page));
        let served = tokio::spawn(async move { axum::serve(door, app).await });
        (address, AbortOnDrop(served.abort_handle()))
    }

    struct AbortOnDrop(tokio::task::AbortHandle);

    impl Drop for AbortOnDrop {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    const ASKED: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    const LONG: usize = 64 << 20;
    const SHORT: Duration = Duration::from_millis(200);
    const TICK: Duration = Duration::from_millis(10);

    async fn until_free(room: &Semaphore) {
        let freed = async {
            while room.available_permits() == 0 {
                sleep(TICK).await;
            }
        };
        let freed = tokio::time::timeout(25 * SHORT, freed).await;
        assert!(freed.is_ok(), "the permit is held for ever");
    }

    #[tokio::test]
    async fn a_permit_is_held_until_the_body_is_written() {
        let room = Arc::new(Semaphore::new(1));
        let (address, _served) = serve(LONG, &room, PATIENCE, 9).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(ASKED).await.unwrap();
        client.readable().await.unwrap();
        sleep(10 * TICK).await;
        assert_eq!(room.available_permits(), 0, "nobody has read it yet");
        drop(client);
        until_free(&room).await;
    }

    #[tokio::test]
    async fn who_reads_slowly_is_cut_off() {
        let room = Arc::new(Semaphore::new(1));
        let patience = Patience {
            answering: SHORT,
            ..PATIENCE
        };
        let (address, _served) = serve(LONG, &room, patience, 9).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(ASKED).await.unwrap();
        client.readable().await.unwrap();
        let mut read = vec![0; 64 << 10];
        let began = Instant::now();
        // Something moves all the time.
        while room.available_permits() == 0 {
            assert!(began.elapsed() < 25 * SHORT, "served for ever");
            let _ = client.read(&mut read).await;
            sleep(TICK).await;
        }
        assert!(began.elapsed() >= SHORT / 2, "not at once");
    }

    #[tokio::test]
    async fn who_asks_slowly_is_cut_off() {
        let room = Arc::new(Semaphore::new(1));
        let patience = Patience {
            asking: SHORT,
            ..PATIENCE
        };
        let (address, _served) = serve(1, &room, patience, 9).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let began = Instant::now();
        // One byte of a header without end at a time.
        client.write_all(b"GET / HTTP/1.1\r\na: ").await.unwrap();
        while client.write_all(b"a").await.is_ok() {
            assert!(began.elapsed() < 25 * SHORT, "listened to for ever");
            sleep(TICK).await;
        }
        assert!(began.elapsed() >= SHORT / 2, "not at once");
    }

    #[tokio::test]
    async fn who_says_nothing_is_cut_off_and_makes_room() {
        let room = Arc::new(Semaphore::new(1));
        let patience = Patience {
            idle: SHORT,
            ..PATIENCE
        };
        let (address, _served) = serve(1, &room, patience, 1).await;
        let mut silent = TcpStream::connect(address).await.unwrap();
        sleep(TICK).await;
        let mut next = TcpStream::connect(address).await.unwrap();
        next.write_all(ASKED).await.unwrap();
        let mut byte = [0];
        let early = tokio::time::timeout(SHORT / 4, next.read(&mut byte)).await;
        assert!(early.is_err(), "there is room for one");
        let answered = tokio::time::timeout(25 * SHORT, next.read(&mut byte)).await;
        assert_eq!(answered.unwrap().unwrap(), 1, "once the silent one is gone");
        assert_eq!(silent.read(&mut byte).await.unwrap_or(0), 0);
    }

    #[tokio::test]
    async fn a_connection_is_kept_from_request_to_request() {
        let room = Arc::new(Semaphore::new(1));
        let patience = Patience {
            idle: 5 * SHORT,
            asking: SHORT,
            answering: SHORT,
        };
        let (address, _served) = serve(1, &room, patience, 1).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut read = vec![0; 1_000];
        // Longer in all than one request may take.
        for _ in 0..3 {
            client.write_all(ASKED).await.unwrap();
            assert!(client.read(&mut read).await.unwrap() > 0);
            sleep(3 * SHORT / 2).await;
        }
    }
}
