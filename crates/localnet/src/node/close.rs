//! A ledger from opening to sealing.

use std::{
    collections::BTreeSet,
    time::{SystemTime, UNIX_EPOCH},
};

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{Hash, LedgerEntryChanges, TransactionMetaV4, TransactionResult};

use super::{
    capacity::Taken, changes::Changes, check, close_meta, queue::Standing, LedgerRecord, Node,
    NodeError, Pace, Position, Submission, TransactionRecord,
};

/// What came of sending a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It waits for a ledger, or is in the open one.
    Pending,
    /// It waits already.
    Duplicate,
    /// The queue is full, or its source has a transaction waiting.
    TryAgainLater,
    /// It cannot be applied.
    Error(Box<TransactionResult>),
}

/// An applied transaction of the open ledger.
pub(crate) struct Applied {
    pub submission: Submission,
    pub result: TransactionResult,
    pub meta: TransactionMetaV4,
    /// The fee's charge, before any transaction is applied.
    pub fee_changes: LedgerEntryChanges,
    /// The fee's refund, after all were.
    pub refund_changes: LedgerEntryChanges,
}

/// The ledger that is being made.
#[derive(Default)]
pub(crate) struct OpenLedger {
    pub applied: Vec<Applied>,
    /// All that changed since the last one closed.
    pub changes: Changes,
    /// Hashes of code that joins the module cache with the next ledger.
    pub unparsed: BTreeSet<Hash>,
}

impl Node {
    /// Takes in a transaction: it waits for the next ledger, or is applied to the open one (`Pace::Eager`).
    ///
    /// # Errors
    /// [`NodeError`] when the node cannot go on; a transaction that is refused is a [`Sent`].
    pub fn send(&mut self, submission: Submission) -> Result<Sent, NodeError> {
        match self.queue.standing(&submission) {
            Standing::Free => {}
            Standing::Same => return Ok(Sent::Duplicate),
            Standing::Taken => return Ok(Sent::TryAgainLater),
            Standing::Underbid(result) => return Ok(Sent::Error(Box::new(result))),
        }
        if let Err(result) = check::on_send(&self.ledger, &submission)? {
            return Ok(Sent::Error(Box::new(result)));
        }
        if self.config.pace == Pace::Eager {
            let seed = self.seed([&submission]);
            self.apply(vec![submission], seed)?;
            return Ok(Sent::Pending);
        }
        let is_full = self.queue.len() >= self.config.queue && !self.queue.replaces(&submission);
        let limits = &self.network().ledger_limits;
        // What is more than a whole ledger takes would wait for ever.
        if is_full || Taken::default().with(&submission, limits).is_none() {
            return Ok(Sent::TryAgainLater);
        }
        self.queue.push(submission);
        Ok(Sent::Pending)
    }

    /// Whether a transaction waits for a ledger.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.queue.len() > 0
    }

    /// Closes the open ledger at `time`, Unix seconds, or now by its own clock: applies what waits, as much as a ledger takes, seals
    /// and stores it. The next one is then open. What may no longer be applied is dropped; its sender finds nothing of it.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when `time` is before the last ledger's; [`NodeError::Storage`].
    pub fn close(&mut self, time: Option<u64>) -> Result<LedgerRecord, NodeError> {
        let time = time.unwrap_or_else(|| self.now());
        if time < self.latest.closed_at {
            let last = self.latest.closed_at;
            let why = format!("a ledger of {time} cannot follow one of {last}");
            return Err(NodeError::Refused(why));
        }
        self.ledger.change_state(|state| state.time = time);
        let (ledger, queue) = (&self.ledger, &mut self.queue);
        let is_valid = |submission: &Submission| Ok(check::on_apply(ledger, submission)?.is_ok());
        let transactions = queue.take(&ledger.config().ledger_limits, is_valid)?;
        if !transactions.is_empty() {
            let seed = self.seed(&transactions);
            self.apply(transactions, seed)?;
        }
        self.seal(time)
    }

    /// The node's own clock: that on the wall, or the open ledger's.
    pub(crate) fn now(&self) -> u64 {
        match self.config.pace {
            Pace::Manual | Pace::Eager => self.ledger.now(),
            Pace::Every(_) | Pace::OnDemand => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH);
                let now = since.map_or(0, |since| since.as_secs());
                now.max(self.latest.closed_at)
            }
        }
    }

    /// Where the random numbers of `transactions` come from: themselves and all that was before.
    fn seed<'a>(&self, transactions: impl IntoIterator<Item = &'a Submission>) -> [u8; 32] {
        let mut seed = Sha256::new().chain_update(self.latest.hash);
        for transaction in transactions {
            seed.update(transaction.hash);
        }
        seed.finalize().into()
    }

    /// A transaction that was applied to the open ledger, which is not closed yet (`Pace::Eager`).
    pub(crate) fn applied_now(&self, hash: &[u8; 32]) -> Option<TransactionRecord> {
        let is_meant = |applied: &Applied| {
            applied.submission.hash == *hash || applied.submission.inner_hash == Some(*hash)
        };
        let place = self.open.applied.iter().rposition(is_meant)?;
        let applied = self.open.applied.get(place)?;
        let position = Position {
            ledger: self.ledger.sequence(),
            transaction: u32::try_from(place).ok()?.checked_add(1)?,
            ..Position::default()
        };
        let meta = close_meta::transaction_meta(&applied.meta).ok()?;
        TransactionRecord::new(applied, position, self.ledger.now(), meta).ok()
    }
}
