//! Closes ledgers, moves time, takes snapshots over HTTP. Only for programs on this machine: pages in a browser are kept
//! out, since no origin and no other site is allowed, every change wants JSON or a body of its own kind, and the host must be this one.

use std::{io::Cursor, sync::Arc, time::Duration};

use axum::{
    body::{to_bytes, Body, Bytes},
    extract::{DefaultBodyLimit, Request, State},
    http::{
        header::{CONTENT_TYPE, HOST, ORIGIN},
        HeaderMap, StatusCode,
    },
    middleware::{from_fn, from_fn_with_state, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

use super::{Advance, Close, ClosedLedger, LedgerClock, Nothing, SetTime, SnapshotId, Status};
use crate::{
    node::{LedgerRecord, Node, NodeError, NodeHandle},
    rpc::routes::{holding, is_json, json as respond},
};

/// How long a request may take, with the wait for those before it.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of any other request's body.
const PARAMETERS: usize = 64 << 10;
/// Requests with such bodies that are read at once.
const READERS: usize = 64;
/// Bytes of a ledger that is loaded.
const DUMP: usize = 512 << 20;
/// The header in which a browser says so.
const FETCH_SITE: &str = "sec-fetch-site";
/// How a dumped ledger is named.
const DUMPED: &str = "application/octet-stream";

/// What control answers to.
pub(crate) fn routes(node: NodeHandle) -> Router {
    let turn = Arc::new(Semaphore::new(1));
    let turns = |bytes, readers| {
        let readers = Arc::new(Semaphore::new(readers));
        let turn = turn.clone();
        let turn = Turn {
            bytes,
            readers,
            turn,
        };
        from_fn_with_state(turn, take_turn)
    };
    Router::new()
        .route("/status", get(status))
        .route("/close", post(close))
        .route("/advance", post(advance))
        .route("/time", post(set_time))
        .route("/snapshot", post(snapshot))
        .route("/revert", post(revert))
        .route("/dump", post(dump))
        .layer(turns(PARAMETERS, READERS))
        .merge(
            Router::new()
                .route("/load", post(load))
                .layer(turns(DUMP, 1)),
        )
        // Bodies are read before, within their own bounds.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(check_caller))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        .with_state(node)
}

/// Refuses what a browser sends on behalf of a page, and names that only lead here.
async fn check_caller(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    // Browsers say of every request on whose behalf it is; `none` is a person who types the address.
    let of_page = headers.get(FETCH_SITE).is_some_and(|site| site != "none");
    let is_local = matches!(name, "127.0.0.1" | "localhost");
    if !is_local || of_page || headers.contains_key(ORIGIN) {
        return refuse(StatusCode::FORBIDDEN, "only for programs on this machine");
    }
    next.run(request).await
}

/// When a request is done.
#[derive(Clone)]
struct Turn {
    /// Bytes of its body at most.
    bytes: usize,
    /// Those whose bodies are read or wait in memory.
    readers: Arc<Semaphore>,
    /// The one that is done.
    turn: Arc<Semaphore>,
}

/// One request after the other: answers may be long. A request's turn comes when its body is there, however slowly that came,
/// and ends once its answer is written.
async fn take_turn(State(turn): State<Turn>, request: Request, next: Next) -> Response {
    let stopped = || refuse(StatusCode::SERVICE_UNAVAILABLE, "control has stopped");
    let Ok(_reader) = turn.readers.acquire_owned().await else {
        return stopped();
    };
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, turn.bytes).await else {
        let error = format!("a body of {} bytes is the longest", turn.bytes);
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, &error);
    };
    let Ok(permit) = turn.turn.acquire_owned().await else {
        return stopped();
    };
    let answer = next.run(Request::from_parts(head, Body::from(body)));
    let (head, body) = answer.await.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(body) => {
            let body = holding(body.into(), permit);
            Response::from_parts(head, Body::from(body))
        }
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn refuse(status: StatusCode, error: &str) -> Response {
    let body = json!({ "error": error });
    respond(status, body.to_string().into_bytes())
}

fn tell(body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => respond(StatusCode::OK, body),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// The parameters of a request: an object, or nothing where all of them may be left out.
fn params<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Box<Response>> {
    if !is_json(headers) {
        let error = "content-type must be application/json";
        return Err(Box::new(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error)));
    }
    let body = if body.is_empty() { b"{}" } else { body };
    let wrong =
        |error: serde_json::Error| Box::new(refuse(StatusCode::BAD_REQUEST, &error.to_string()));
    serde_json::from_slice(body).map_err(wrong)
}

/// Has the node do `job` and tells the result.
async fn ask<T: Serialize + Send + 'static>(
    node: &NodeHandle,
    job: impl FnOnce(&mut Node) -> Result<T, NodeError> + Send + 'static,
) -> Response {
    match node.ask(job).await {
        Ok(Ok(body)) => tell(&body),
        Ok(Err(error @ NodeError::Refused(_))) => {
            refuse(StatusCode::BAD_REQUEST, &error.to_string())
        }
        Ok(Err(error)) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        Err(error) => refuse(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

/// Has the node do `job` with the parameters in `body`, and tells the result.
async fn ask_with<P, T>(
    node: &NodeHandle,
    headers: &HeaderMap,
    body: &[u8],
    job: impl FnOnce(&mut Node, P) -> Result<T, NodeError> + Send + 'static,
) -> Response
where
    P: DeserializeOwned + Send + 'static,
    T: Serialize + Send + 'static,
{
    match params(headers, body) {
        Ok(params) => ask(node, move |node| job(node, params)).await,
        Err(refusal) => *refusal,
    }
}

async fn status(State(node): State<NodeHandle>) -> Response {
    ask(&node, |node| Ok(status_of(node))).await
}

fn status_of(node: &Node) -> Status {
    let info = node.info();
    Status {
        latest_ledger: closed(node.latest()),
        oldest_ledger: node.oldest(),
        open_ledger: LedgerClock {
            sequence: info.sequence_number,
            time: info.timestamp,
        },
        is_waiting: node.is_waiting(),
    }
}

fn closed(record: &LedgerRecord) -> ClosedLedger {
    ClosedLedger {
        sequence: record.sequence,
        hash: hex::encode(record.hash),
        closed_at: record.closed_at,
    }
}

async fn close(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    let job = |node: &mut Node, Close { time }| node.close(time).map(|record| closed(&record));
    ask_with(&node, &headers, &body, job).await
}

async fn advance(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    let job = |node: &mut Node, Advance { seconds }| {
        node.advance(seconds)?;
        Ok(status_of(node))
    };
    ask_with(&node, &headers, &body, job).await
}

async fn set_time(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    let job = |node: &mut Node, SetTime { time }| {
        let now = node.info().timestamp;
        let backwards = || NodeError::Refused(format!("it is {now} already"));
        node.advance(time.checked_sub(now).ok_or_else(backwards)?)?;
        Ok(status_of(node))
    };
    ask_with(&node, &headers, &body, job).await
}

async fn snapshot(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    let job = |node: &mut Node, Nothing {}| node.snapshot().map(|id| SnapshotId { id });
    ask_with(&node, &headers, &body, job).await
}

async fn revert(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    let job = |node: &mut Node, SnapshotId { id }| {
        node.revert(id)?;
        Ok(status_of(node))
    };
    ask_with(&node, &headers, &body, job).await
}

async fn dump(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = params::<Nothing>(&headers, &body) {
        return *refusal;
    }
    let dumped = node.ask(|node| {
        let mut out = Vec::new();
        node.dump(&mut out).map(|()| out)
    });
    match dumped.await {
        Ok(Ok(out)) => (StatusCode::OK, [(CONTENT_TYPE, DUMPED)], out).into_response(),
        Ok(Err(error)) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        Err(error) => refuse(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

async fn load(State(node): State<NodeHandle>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes());
    if kind != Some(DUMPED.as_bytes()) {
        let error = "content-type must be application/octet-stream";
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error);
    }
    ask(&node, move |node| {
        node.load(&mut Cursor::new(body))?;
        Ok(status_of(node))
    })
    .await
}
