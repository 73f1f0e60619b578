//! JSON-RPC 2.0: calls, one or several at once, and their errors.

use serde_json::{Map, Value};

use super::params::Asked;
use crate::node::Node;

/// The body is no JSON.
pub(crate) const PARSE_ERROR: i32 = -32_700;
/// The call is none, or asks for what is not there.
pub(crate) const INVALID_REQUEST: i32 = -32_600;
/// No such method.
pub(crate) const METHOD_NOT_FOUND: i32 = -32_601;
/// Parameters of the wrong type or out of bounds.
pub(crate) const INVALID_PARAMS: i32 = -32_602;
/// The node failed.
pub(crate) const INTERNAL_ERROR: i32 = -32_603;

/// Calls that one request may carry.
const CALLS: usize = 20;

/// What reading a request takes from the network.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What signatures bind to.
    pub network_id: [u8; 32],
    /// Bytes of a transaction's envelope at most.
    pub transaction_bytes: u32,
    /// Where accounts are funded, for `getNetwork`.
    pub friendbot_url: Option<String>,
}

impl Terms {
    /// Those of `node`, without a friendbot.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        Self {
            network_id: node.network().network_id(),
            transaction_bytes: node.network().limits.transaction_bytes,
            friendbot_url: None,
        }
    }
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// JSON-RPC's code.
    pub code: i32,
    /// What is wrong.
    pub message: String,
}

impl Failure {
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::new(INVALID_REQUEST, message)
    }

    pub(crate) fn params(message: impl Into<String>) -> Self {
        Self::new(INVALID_PARAMS, message)
    }

    pub(crate) fn internal(message: impl ToString) -> Self {
        Self::new(INTERNAL_ERROR, message.to_string())
    }
}

/// A body that carries no calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected(pub Failure);

/// One call. Without an id nobody waits for its result.
#[derive(Debug)]
pub(crate) struct Call {
    pub id: Option<Value>,
    pub asked: Result<Asked, Failure>,
}

/// The calls of one request.
#[derive(Debug)]
pub struct Request {
    pub(crate) calls: Vec<Call>,
    /// Whether they came as an array.
    pub(crate) is_batch: bool,
}

/// A call's parts, its method not yet looked up.
pub(crate) struct Message {
    pub id: Option<Value>,
    pub method: Result<(String, Value), Failure>,
}

/// Splits a body into its calls.
pub(crate) fn split(body: &[u8]) -> Result<(Vec<Message>, bool), Rejected> {
    let reject = |code, message: String| Rejected(Failure::new(code, message));
    let body = serde_json::from_slice(body)
        .map_err(|error| reject(PARSE_ERROR, format!("the request is no JSON: {error}")))?;
    match body {
        Value::Array(calls) if calls.is_empty() => {
            Err(reject(INVALID_REQUEST, "an empty batch".into()))
        }
        Value::Array(calls) if calls.len() > CALLS => {
            let message = format!("a batch has at most {CALLS} calls, not {}", calls.len());
            Err(reject(INVALID_REQUEST, message))
        }
        Value::Array(calls) => Ok((calls.into_iter().map(message).collect(), true)),
        call => Ok((vec![message(call)], false)),
    }
}

fn message(call: Value) -> Message {
    let Value::Object(mut fields) = call else {
        return Message {
            id: Some(Value::Null),
            method: Err(Failure::request("a call is an object")),
        };
    };
    match fields.remove("id") {
        // As the real server: null is no id.
        None | Some(Value::Null) => Message {
            id: None,
            method: method(fields),
        },
        Some(id @ (Value::String(_) | Value::Number(_))) => Message {
            id: Some(id),
            method: method(fields),
        },
        Some(_) => Message {
            id: Some(Value::Null),
            method: Err(Failure::request("an id is a string or a number")),
        },
    }
}

fn method(mut fields: Map<String, Value>) -> Result<(String, Value), Failure> {
    if fields.remove("jsonrpc") != Some(Value::String("2.0".into())) {
        return Err(Failure::request("`jsonrpc` must be \"2.0\""));
    }
    let Some(Value::String(name)) = fields.remove("method") else {
        return Err(Failure::request("`method` must be a string"));
    };
    let params = fields.remove("params").unwrap_or_default();
    if let Some(field) = fields.keys().next() {
        return Err(Failure::request(format!("a call has no field {field:?}")));
    }
    match params {
        Value::Null => Ok((name, Value::Object(Map::new()))),
        Value::Object(_) => Ok((name, params)),
        Value::Array(_) => Err(Failure::params("parameters are named: give an object")),
        _ => Err(Failure::request("`params` must be an object")),
    }
}
