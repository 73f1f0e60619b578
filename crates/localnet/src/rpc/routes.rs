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
use stellar_strkey::ed25519;
use tokio::sync::Notify;
use tower_http::{cors::CorsLayer, timeout::TimeoutLayer};
use wire::account_id;

use super::{
    answer::{answer, Answer},
    bodies::{Bodies, Held, NO_ROOM},
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
    pub bodies: Bodies,
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
    let bodies = shared.bodies.clone();
    // On the node's thread, so that no answer waits for its room.
    let answered = shared
        .node
        .ask(move |node| bodies.hold(answer(node, request)));
    let (answer, mut held) = match answered.await {
        Ok(Ok(held)) => held,
        Ok(Err(refusal)) => return refused(refusal),
        Err(error) => {
            let failure = Failure::internal(error);
            (Answer::failed(ids, is_batch, &failure), Held::default())
        }
    };
    if answer.has_pending() {
        shared.wake.notify_one();
    }
    let body = render(answer);
    held.keep(body.len());
    match body.is_empty() {
        true => StatusCode::NO_CONTENT.into_response(),
        false => json(StatusCode::OK, holding(body, (permit, held))),
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
        Refusal::TooMuch => (StatusCode::SERVICE_UNAVAILABLE, NO_ROOM),
    };
    json(status, Rejected(Failure::internal(message)).render())
}

/// A body that holds `permit` until the last of it is written.
pub(crate) fn holding<P: Send + 'static>(body: Vec<u8>, permit: P) -> Bytes {
    struct Holding<P> {
        body: Vec<u8>,
        _permit: P,
    }
    impl<P> AsRef<[u8]> for Holding<P> {
        fn as_ref(&self) -> &[u8] {
            &self.body
        }
    }
    Bytes::from_owner(Holding {
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
    match shared.friendbot.fund(account_id(account.0), AMOUNT).await {
        Ok(record) => tell(StatusCode::OK, &funded(&record)),
        Err(error @ (NotFunded::Already | NotFunded::Refused(_))) => refuse(&error.to_string()),
        Err(error) => {
            let body = not_funded(503, &error.to_string());
            tell(StatusCode::SERVICE_UNAVAILABLE, &body)
        }
    }
}

/// The address in a query or a form; addresses need no escapes.
fn addr(fields: &str) -> Option<&str> {
    let mut fields = fields.split('&');
    fields.find_map(|field| field.trim().strip_prefix("addr="))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use axum::body::to_bytes;
    use soroban_env_host::xdr::{Limits, WriteXdr};

    use super::*;
    use crate::{
        node::{test::payment, NodeConfig, Pace},
        rpc::bodies::BYTES,
        NetworkConfig,
    };

    const HEALTH: &str = r#"{"jsonrpc":"2.0","id":1,"method":"getHealth"}"#;

    /// A network with a few hundred ledgers, a page of them, and a transaction.
    async fn world() -> (Arc<Shared>, String, String) {
        let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual);
        let node = NodeHandle::start(config).unwrap();
        let found = node.ask(|node| {
            (0..200).for_each(|_| drop(node.close(None).unwrap()));
            let envelope = payment(node).envelope;
            let envelope = envelope.to_xdr_base64(Limits::none()).unwrap();
            (Terms::of(node), node.oldest(), envelope)
        });
        let (terms, oldest, envelope) = found.await.unwrap();
        let wake = Arc::new(Notify::new());
        let shared = Arc::new(Shared {
            terms,
            bounds: Bounds::new(u32::MAX),
            bodies: Bodies::new(),
            friendbot: Arc::new(Friendbot::new(node.clone(), Pace::Manual, wake.clone())),
            node,
            wake,
        });
        let params = serde_json::json!({ "startLedger": oldest, "pagination": { "limit": 100 } });
        let page = call("getLedgers", &params);
        let sent = call(
            "sendTransaction",
            &serde_json::json!({ "transaction": envelope }),
        );
        (shared, page, sent)
    }

    fn call(method: &str, params: &Value) -> String {
        serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
            .to_string()
    }

    async fn ask(shared: &Arc<Shared>, body: &str) -> Response {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, "application/json".parse().unwrap())]);
        rpc(State(shared.clone()), headers, body.to_owned().into()).await
    }

    async fn told(response: Response) -> Value {
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    #[tokio::test]
    async fn an_answer_takes_room_until_it_is_written() {
        let (shared, page, _) = world().await;
        let admitted = || {
            let all = std::iter::from_fn(|| shared.bounds.admit().ok());
            all.collect::<Vec<_>>().len()
        };
        let all = admitted();
        let response = ask(&shared, &page).await;
        let taken = BYTES - shared.bodies.free();
        assert_eq!(admitted(), all - 1, "it is one of those at once");
        let body = told(response).await;
        assert_eq!((shared.bodies.free(), admitted()), (BYTES, all));
        let bytes = body.to_string().len();
        assert!(bytes > 64 << 10, "no long answer: {bytes}");
        assert!(
            (bytes..bytes + 1_024).contains(&taken),
            "{taken} of {bytes}"
        );
    }

    #[tokio::test]
    async fn friendbot_and_the_others_have_room_of_their_own() {
        let (shared, _, _) = world().await;
        let fund = || async {
            let alice = crate::Keypair::named("alice").account_id();
            let query = RawQuery(Some(format!("addr={alice}")));
            let said = friendbot(State(shared.clone()), query, Bytes::new());
            said.await.status()
        };
        let all: Vec<_> = std::iter::from_fn(|| shared.bounds.admit().ok()).collect();
        let busy = StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(ask(&shared, HEALTH).await.status(), busy);
        assert_eq!(fund().await, StatusCode::OK);
        drop(all);
        let all: Vec<_> = std::iter::from_fn(|| shared.bounds.admit_funding().ok()).collect();
        assert_eq!(fund().await, busy);
        assert_eq!(ask(&shared, HEALTH).await.status(), StatusCode::OK);
        drop(all);
        // Funded by now.
        assert_eq!(fund().await, StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn without_room_only_short_answers_and_receipts_are_told() {
        let (shared, page, sent) = world().await;
        let all = shared.bodies.hold_all();
        let refused = ask(&shared, &page).await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(told(refused).await["error"]["message"], NO_ROOM);
        assert_eq!(ask(&shared, HEALTH).await.status(), StatusCode::OK);

        let both = told(ask(&shared, &format!("[{page},{sent}]")).await).await;
        assert_eq!(both[0]["error"]["message"], NO_ROOM, "{both}");
        assert_eq!(both[1]["result"]["status"], "PENDING", "{both}");
        drop(all);
        assert_eq!(ask(&shared, &page).await.status(), StatusCode::OK);
    }
}
