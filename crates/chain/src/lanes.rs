//! Sequence numbers: an account's transactions leave one after the other, each with the next number.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

/// An account's sequence numbers. Whoever holds them is the only one to send.
type Lane = Arc<tokio::sync::Mutex<Numbers>>;

#[derive(Debug, Default)]
struct Numbers {
    /// The last one that was used, if that is known for certain.
    used: Option<i64>,
    /// The highest that was signed.
    signed: Option<i64>,
}

/// The accounts that this client sends from.
#[derive(Debug, Default)]
pub(crate) struct Lanes(Mutex<BTreeMap<[u8; 32], Lane>>);

impl Lanes {
    /// Waits for the account's turn. The network holds one waiting transaction of an account, so there is nothing to gain
    /// by sending the next before the last one is applied.
    pub async fn enter(&self, account: [u8; 32]) -> Turn {
        let lane = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.entry(account).or_default().clone()
        };
        Turn(lane.lock_owned().await)
    }

    /// Forgets every number: the network's own are asked for again.
    pub fn forget(&self) {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.clear();
    }
}

/// An account's turn to send.
pub(crate) struct Turn(OwnedMutexGuard<Numbers>);

impl Turn {
    /// The last sequence number that was used, if known. It is forgotten until [`Turn::used`] says otherwise: whoever is
    /// stopped half-way leaves the next one to ask the network.
    pub fn take(&mut self) -> Option<i64> {
        self.0.used.take()
    }

    /// Notes that a transaction with `sequence` is signed. Not below one that was signed before: a server that holds that one
    /// back could then have both applied, though one was made in the place of the other. `false` then.
    pub fn sign(&mut self, sequence: i64) -> bool {
        let may_be = self.0.signed.is_none_or(|signed| signed <= sequence);
        if may_be {
            self.0.signed = Some(sequence);
        }
        may_be
    }

    /// The transaction with `sequence` was applied.
    pub fn used(&mut self, sequence: i64) {
        self.0.used = Some(sequence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_that_is_given_up_forgets_the_number() {
        let lanes = Lanes::default();
        lanes.enter([1; 32]).await.used(7);
        assert_eq!(lanes.enter([1; 32]).await.take(), Some(7), "applied");
        assert_eq!(lanes.enter([1; 32]).await.take(), None, "given up");
        assert_eq!(lanes.enter([2; 32]).await.take(), None, "another account");
    }

    #[tokio::test]
    async fn numbers_are_not_signed_backwards() {
        let lanes = Lanes::default();
        let mut turn = lanes.enter([1; 32]).await;
        assert!([7, 7, 9].iter().all(|number| turn.sign(*number)));
        assert!(!turn.sign(8), "below");
        drop(turn);
        assert!(!lanes.enter([1; 32]).await.sign(8), "by whoever comes next");
        lanes.forget();
        assert!(lanes.enter([1; 32]).await.sign(8), "forgotten");
    }
}
