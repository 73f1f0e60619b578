//! The ledger as the server has it.

use serde::Deserialize;

use crate::{client::Client, error::Error, look::seconds, rpc::Question};

/// The last closed ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LatestLedger {
    /// Its sequence number.
    pub sequence: u32,
    /// When it closed, Unix seconds; 0 when the server does not tell.
    #[serde(default, deserialize_with = "seconds")]
    pub close_time: u64,
}

impl Client {
    /// The last closed ledger.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn latest_ledger(&self) -> Result<LatestLedger, Error> {
        self.rpc.ask(Question::new("getLatestLedger")).await
    }

    pub(crate) async fn ledger_time(&self) -> Result<u64, Error> {
        Ok(self.latest_ledger().await?.close_time)
    }
}
