//! The ledger as the server has it.

use wire::SECONDS_PER_LEDGER;

use crate::{client::Client, deliver::wall, error::Error, network::Clock, outcome::kept};

/// Ledgers by which a network may be ahead of one each [`SECONDS_PER_LEDGER`].
const AHEAD: u32 = 24;

/// The last closed ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatestLedger {
    /// Its sequence number.
    pub sequence: u32,
    /// When it closed, Unix seconds.
    pub close_time: u64,
}

impl Client {
    /// The last closed ledger.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn latest_ledger(&self) -> Result<LatestLedger, Error> {
        let kept = kept(&self.rpc).await?;
        Ok(LatestLedger {
            sequence: kept.latest,
            close_time: kept.closed_at,
        })
    }

    /// How far the ledger is at most, where a server says `ledger`: on a network that keeps time it cannot be further than
    /// the wall's clock allows since the client connected.
    pub(crate) fn reached(&self, ledger: u32) -> u32 {
        match self.network.clock {
            Clock::Wall => ledger.min(self.start.reachable(wall())),
            Clock::Ledger => ledger,
        }
    }
}

/// How far the ledger was when the client connected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    ledger: u32,
    /// Unix seconds.
    at: u64,
}

impl Start {
    pub fn now(ledger: u32) -> Self {
        Self { ledger, at: wall() }
    }

    /// How far the ledger can be at `now`, Unix seconds.
    fn reachable(self, now: u64) -> u32 {
        let since = now.saturating_sub(self.at) / SECONDS_PER_LEDGER;
        let since = u32::try_from(since).unwrap_or(u32::MAX);
        self.ledger.saturating_add(since).saturating_add(AHEAD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_reachable_once_its_time_has_come() {
        let start = Start {
            ledger: 1_000,
            at: 50,
        };
        assert_eq!(start.reachable(50), 1_024, "at once");
        assert_eq!(start.reachable(1_050), 1_224, "after 200 ledgers");
        assert_eq!(start.reachable(0), 1_024, "a clock that went back");
        assert_eq!(start.reachable(u64::MAX), u32::MAX, "no overflow");
    }
}
