//! What the server answers over HTTP.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State},
    http::{header::CONTENT_TYPE, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
    Router,
};
use serde_json::Value;
use soroban_env_host::xdr::{AccountId, PublicKey, Uint256};
use stellar_strkey::ed25519;
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tower_http::{cors::CorsLayer, timeout::TimeoutLayer};

use super::{
    answer::{answer, Answer},
    bounds::{Bounds, Refusal},
    friendbot::{funded, not_funded, Friendbot, NotFunded, AMOUNT},
    jsonrpc::{Failure, Rejected, Terms},
    params::parse,
    render::render,
};
use crate::node::NodeHandle;

/// Bytes of a request's body.
const BODY: usize = 512 * 1_024;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// What requests need.
pub(crate) struct Shared {
    pub node: NodeHandle,
    pub terms: Terms,
    pub bounds: Bounds,
    pub friendbot: Arc<Friendbot>,
    pub wake: Arc<Notify>,
}

/// What the address for clients answers to.
pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    let rpc = || post(rpc);
    Router::new()
        // The paths under which official clients look on a network of one's own.
        .route("/", rpc())
        .route("/rpc", rpc())
        .route("/soroban/rpc", rpc())
        .route("/friendbot", get(friendbot).post(friendbot))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            PATIENCE,
        ))
        .layer(CorsLayer::very_permissive().allow_credentials(false))
        .with_state(shared)
}

async fn rpc(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let permit = match shared.bounds.admit() {
        Ok(permit) => permit,
        Err(refusal) => return refused(refusal),
    };
    if !is_json(&headers) {
        let message = "content-type must be application/json";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, message).into_response();
    }
    let request = match parse(&body, &shared.terms) {
        Ok(request) => request,
        Err(rejected) => return json(StatusCode::OK, rejected.render()),
    };
    let (ids, is_batch) = (request.ids(), request.is_batch);
    let answered = shared.node.ask(move |node| answer(node, request)).await;
    let answer =
        answered.unwrap_or_else(|error| Answer::failed(ids, is_batch, &Failure::internal(error)));
    if answer.has_pending() {
        shared.wake.notify_one();
    }
    let body = render(answer);
    match body.is_empty() {
        true => StatusCode::NO_CONTENT.into_response(),
        false => json(StatusCode::OK, holding(body, permit)),
    }
}

pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().starts_with("application/json"))
}

fn refused(refusal: Refusal) -> Response {
    let (status, message) = match refusal {
        Refusal::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "too many requests at once: try again",
        ),
        Refusal::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "too many requests a second: try again",
        ),
    };
    json(status, Rejected(Failure::internal(message)).render())
}

/// A body that holds `permit` until the last of it is written.
pub(crate) fn holding(body: Vec<u8>, permit: OwnedSemaphorePermit) -> Bytes {
    struct Held {
        body: Vec<u8>,
        _permit: OwnedSemaphorePermit,
    }
    impl AsRef<[u8]> for Held {
        fn as_ref(&self) -> &[u8] {
            &self.body
        }
    }
    Bytes::from_owner(Held {
        body,
        _permit: permit,
    })
}

pub(crate) fn json(status: StatusCode, body: impl IntoResponse) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

async fn friendbot(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    // It waits for ledgers: others are not to wait for it.
    let _permit = match shared.bounds.admit_funding() {
        Ok(permit) => permit,
        Err(refusal) => return refused(refusal),
    };
    let tell = |status: StatusCode, body: &Value| json(status, body.to_string().into_bytes());
    let refuse = |detail: &str| tell(StatusCode::BAD_REQUEST, &not_funded(400, detail));
    let form = String::from_utf8_lossy(&body);
    let query = query.unwrap_or_default();
    let Some(address) = addr(&query).or_else(|| addr(&form)) else {
        return refuse("say whom to fund: /friendbot?addr=G...");
    };
    // Contracts would need a call of the asset's contract.
    let Ok(account) = address.parse::<ed25519::PublicKey>() else {
        return refuse("only accounts are funded: an address that starts with G");
    };
    match shared.friendbot.fund(account_id(account), AMOUNT).await {
        Ok(record) => tell(StatusCode::OK, &funded(&record)),
        Err(error @ (NotFunded::Already | NotFunded::Refused(_))) => refuse(&error.to_string()),
        Err(error) => {
            let body = not_funded(503, &error.to_string());
            tell(StatusCode::SERVICE_UNAVAILABLE, &body)
        }
    }
}

fn account_id(ed25519::PublicKey(key): ed25519::PublicKey) -> AccountId {
    AccountId(PublicKey::PublicKeyTypeEd25519(Uint256(key)))
}

/// The address in a query or a form; addresses need no escapes.
fn addr(fields: &str) -> Option<&str> {
    let mut fields = fields.split('&');
    fields.find_map(|field| field.trim().strip_prefix("addr="))
}
