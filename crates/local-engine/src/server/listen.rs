//! Takes connections and keeps those that are hostile or forgotten from taking the place of others.
//! There is a most of open connections; when it is reached, the one that has been idle longest makes
//! room. A request's head has to come in time and in size, and so has its body.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_service::Service as _;

/// Also how long a connection may lie idle between two requests.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);
pub const BODY_PATIENCE: Duration = Duration::from_secs(60);
const HEAD_BYTES: usize = 64 * 1024;
const HEADERS: usize = 100;
/// Out of file descriptors: others must end first.
const PAUSE: Duration = Duration::from_millis(20);

/// Open connections, as many as this process's limit of files allows beside pages, browser and database.
const FEWEST: usize = 64;
const MOST: usize = 4_096;
const SHARE_OF_FILES: usize = 4;

/// Said of a body that did not come in time.
pub const LATE: &str = "the body did not arrive in time";

/// Serves until `stopped`, then lets what is under way end.
pub async fn serve(listener: TcpListener, router: Router, stopped: CancellationToken) {
    let open = Arc::new(Connections::new(most_connections()));
    let tracker = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stopped.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            open.make_room();
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Some(place) = open.admit() else {
            continue;
        };
        tracker.spawn(converse(stream, router.clone(), place, stopped.clone()));
    }
    drop(listener);
    tracker.close();
    tracker.wait().await;
}

/// A body comes whole within its time, or not at all.
pub async fn in_time(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    let deadline = Instant::now() + patience;
    let request = request.map(|body| {
        let chunks = body.into_data_stream();
        let in_time = futures::stream::unfold(Some(chunks), move |chunks| async move {
            let mut chunks = chunks?;
            match tokio::time::timeout_at(deadline, chunks.next()).await {
                Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(chunks))),
                Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
                Ok(None) => None,
                Err(_) => Some((Err(io::Error::new(io::ErrorKind::TimedOut, LATE)), None)),
            }
        });
        Body::from_stream(in_time)
    });
    next.run(request).await
}

async fn converse(stream: TcpStream, router: Router, place: Place, stopped: CancellationToken) {
    // Nagle's wait helps nobody on loopback.
    let _ = stream.set_nodelay(true);
    let busy = place.connection.busy.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let working = Working::begin(&busy);
        let answer = router.clone().call(request);
        async move {
            let response = answer
                .await
                .unwrap_or_else(|never: Infallible| match never {});
            #[cfg(feature = "faults")]
            if super::faults::is_hung_up(&response) {
                return Err(io::Error::other("hung up as told"));
            }
            // Busy until the last byte of the answer is taken.
            Ok::<_, io::Error>(response.map(|body| {
                Body::new(body.map_frame(move |frame| {
                    let _ = &working;
                    frame
                }))
            }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // An error is a caller who went away or spoke no HTTP: not worth a word.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = place.connection.evicted.cancelled() => {}
        () = stopped.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// A request that is answered.
struct Working(Arc<AtomicUsize>);

impl Working {
    fn begin(busy: &Arc<AtomicUsize>) -> Self {
        busy.fetch_add(1, Ordering::Relaxed);
        Self(busy.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All open connections, in the order in which they came.
struct Connections {
    most: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    by_age: BTreeMap<u64, Connection>,
}

#[derive(Clone)]
struct Connection {
    busy: Arc<AtomicUsize>,
    evicted: CancellationToken,
}

/// A connection's place among the others; gone with it.
struct Place {
    all: Arc<Connections>,
    number: u64,
    connection: Connection,
}

impl Connections {
    fn new(most: usize) -> Self {
        Self {
            most,
            open: Mutex::default(),
        }
    }

    /// None when all places are taken by requests under way.
    fn admit(self: &Arc<Self>) -> Option<Place> {
        let mut open = self.open();
        if open.by_age.len() >= self.most && !open.evict() {
            return None;
        }
        let connection = Connection {
            busy: Arc::default(),
            evicted: CancellationToken::new(),
        };
        let number = open.next;
        open.next += 1;
        open.by_age.insert(number, connection.clone());
        Some(Place {
            all: self.clone(),
            number,
            connection,
        })
    }

    fn make_room(&self) {
        self.open().evict();
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// The oldest that is idle goes; a slow head counts as idle.
    fn evict(&mut self) -> bool {
        let idle = self
            .by_age
            .iter()
            .find(|(_, connection)| connection.busy.load(Ordering::Relaxed) == 0)
            .map(|(number, _)| *number);
        let evicted = idle.and_then(|number| self.by_age.remove(&number));
        evicted
            .inspect(|connection| connection.evicted.cancel())
            .is_some()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.all.open().by_age.remove(&self.number);
    }
}

fn most_connections() -> usize {
    (open_files() / SHARE_OF_FILES).clamp(FEWEST, MOST)
}

/// How many this process may have, raised as far as it is allowed to.
#[cfg(unix)]
fn open_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const ENOUGH: u64 = 16_384;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    let mut limit = current.unwrap_or(ENOUGH);
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    if limit < wanted && setrlimit(Resource::Nofile, raised).is_ok() {
        limit = wanted;
    }
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Windows counts no sockets among a process's files.
#[cfg(not(unix))]
fn open_files() -> usize {
    usize::MAX
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;

    use super::*;

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let patience = Duration::from_millis(30);
        let mut router = Router::new()
            .route("/", post(async |body: Bytes| body))
            .layer(from_fn_with_state(patience, in_time));
        let stuck = futures::stream::once(async { Ok::<_, io::Error>(Bytes::from("half")) })
            .chain(futures::stream::pending());
        let request = Request::post("/")
            .body(Body::from_stream(stuck))
            .expect("fits");
        let response = router.call(request).await.expect("never fails");
        assert_eq!(response.status(), 400);
        let said = response.into_body().collect().await.expect("whole");
        let said = String::from_utf8_lossy(&said.to_bytes()).into_owned();
        assert!(said.contains(LATE), "{said}");

        let whole = Request::post("/").body(Body::from("whole")).expect("fits");
        assert_eq!(router.call(whole).await.expect("never fails").status(), 200);
    }

    #[test]
    fn the_oldest_idle_connection_makes_room_and_a_busy_one_never() {
        let all = Arc::new(Connections::new(2));
        let busy = all.admit().expect("room");
        let working = Working::begin(&busy.connection.busy);
        let idle = all.admit().expect("room");
        let third = all.admit().expect("the idle one goes");
        assert!(idle.connection.evicted.is_cancelled());
        assert!(!busy.connection.evicted.is_cancelled());
        let also_working = Working::begin(&third.connection.busy);
        assert!(all.admit().is_none(), "all places are worked at");
        drop((working, also_working));
        drop(third);
        assert!(all.admit().is_some(), "a place that is left is free");
    }
}
