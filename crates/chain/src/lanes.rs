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
    /// The highest that was signed, as long as what was signed may be applied.
    signed: Option<LastSigned>,
}

#[derive(Clone, Copy, Debug)]
struct LastSigned {
    sequence: i64,
    /// Up to when that or anything signed before it may be applied, Unix seconds.
    until: u64,
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

    /// Notes at `now` that a transaction with `sequence` is signed, which may be applied up to `until`; both Unix seconds. Not
    /// below one that was signed before and still may be: a server that holds that one back could then have both applied,
    /// though one was made in the place of the other. `false` then.
    pub fn sign(&mut self, sequence: i64, until: u64, now: u64) -> bool {
        let before = self.0.signed.filter(|before| now <= before.until);
        let may_be = before.is_none_or(|before| before.sequence <= sequence);
        if may_be {
            let until = before.map_or(until, |before| before.until.max(until));
            self.0.signed = Some(LastSigned { sequence, until });
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
        assert!([7, 7, 9].iter().all(|number| turn.sign(*number, 50, 10)));
        assert!(!turn.sign(8, 50, 10), "below");
        drop(turn);
        let mut next = lanes.enter([1; 32]).await;
        assert!(!next.sign(8, 50, 10), "by whoever comes next");
        drop(next);
        lanes.forget();
        let mut forgotten = lanes.enter([1; 32]).await;
        assert!(forgotten.sign(8, 50, 10), "forgotten");
    }

    #[tokio::test]
    async fn a_number_holds_the_others_up_only_while_it_may_be_used() {
        let lanes = Lanes::default();
        let mut turn = lanes.enter([1; 32]).await;
        assert!(turn.sign(i64::MAX - 1, 50, 10), "an absurd one");
        assert!(turn.sign(i64::MAX, 40, 11), "one that ends before it");
        assert!(!turn.sign(8, 110, 50), "at the end of the later");
        assert!(turn.sign(8, 110, 51), "past it");
        assert!(!turn.sign(7, 110, 51), "held up anew");
    }
}
