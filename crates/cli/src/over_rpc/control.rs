//! The control port of a network of one's own: its clock and its snapshots.

use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Bytes, header::CONTENT_TYPE, Method, Request};
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client},
    rt::TokioExecutor,
};
use localnet::rpc::control::{Advance, LedgerClock, Nothing, SnapshotId, Status};
use serde::{de::DeserializeOwned, Serialize};

/// Bytes of an answer.
const ANSWER: usize = 64 * 1_024;

/// A client of the control port.
pub struct Control {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

impl Control {
    /// The control port at `url`.
    pub fn new(url: &str) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            url: url.trim_end_matches('/').into(),
        }
    }

    /// The open ledger.
    pub async fn open_ledger(&self) -> Result<LedgerClock, String> {
        let status: Status = self.ask(Method::GET, "status", String::new()).await?;
        Ok(status.open_ledger)
    }

    /// Moves the clock; tells the ledger that is open then.
    pub async fn advance(&self, seconds: u64) -> Result<LedgerClock, String> {
        let status: Status = self.post("advance", &Advance { seconds }).await?;
        Ok(status.open_ledger)
    }

    /// Takes a snapshot; tells its number.
    pub async fn snapshot(&self) -> Result<u32, String> {
        let SnapshotId { id } = self.post("snapshot", &Nothing {}).await?;
        Ok(id)
    }

    /// Goes back to a snapshot.
    pub async fn revert(&self, id: u32) -> Result<LedgerClock, String> {
        let status: Status = self.post("revert", &SnapshotId { id }).await?;
        Ok(status.open_ledger)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, String> {
        let body = serde_json::to_string(body).map_err(|error| error.to_string())?;
        self.ask(Method::POST, path, body).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<T, String> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.url))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(body))
            .map_err(|error| error.to_string())?;
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| format!("{path}: {error}"))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER).collect().await;
        let body = body.map_err(|error| format!("{path}: {error}"))?.to_bytes();
        if !status.is_success() {
            let said = String::from_utf8_lossy(&body);
            return Err(format!("{path}: {status}: {said}"));
        }
        serde_json::from_slice(&body).map_err(|error| format!("{path}: {error}"))
    }
}
