//! A ledger from opening to sealing.

use std::{
    collections::{BTreeSet, HashMap},
    time::{SystemTime, UNIX_EPOCH},
};

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{Hash, LedgerEntryChanges, TransactionMetaV4, TransactionResult};

use super::{
    capacity::Taken, changes::Changes, check, close_meta, queue::Vacancy, LedgerRecord, Node,
    NodeError, Pace, Position, Submission, TransactionRecord,
};
use crate::costs::encoded;

/// The latest time that a ledger can be told to close at, Unix seconds: the end of the year 9999. Clocks go on from there.
pub(super) const LAST_TIME: u64 = 253_402_300_799;
/// Seconds that a ledger may be ahead of the clock on the wall, as on the network.
const AHEAD: u64 = 60;
/// Transactions in an open ledger, and bytes of them, XDR, from which on it takes no more where nothing else bounds it
/// (`Pace::Eager`); decoded they are a few times as much.
const OPEN_TRANSACTIONS: usize = 10_000;
const OPEN_BYTES: usize = 64 << 20;

/// What came of sending a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It waits for a ledger, or is in the open one.
    Pending,
    /// It waits already.
    Duplicate,
    /// The queue or an eager node's open ledger is full, or its source has a transaction waiting.
    TryAgainLater,
    /// It cannot be applied.
    Error(Box<TransactionResult>),
}

/// An applied transaction of the open ledger.
#[derive(Clone)]
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
#[derive(Clone, Default)]
pub(crate) struct OpenLedger {
    pub applied: Vec<Applied>,
    /// Where the transaction of a hash is in `applied`: a fee bump's own hash, and that of the one inside it.
    pub places: HashMap<[u8; 32], usize>,
    /// All that changed since the last one closed.
    pub changes: Changes,
    /// Hashes of code that joins the module cache with the next ledger.
    pub unparsed: BTreeSet<Hash>,
    /// Bytes of those in `applied` that were applied at once, XDR.
    pub bytes: usize,
}

impl OpenLedger {
    pub fn push(&mut self, applied: Applied) {
        let submission = &applied.submission;
        let hashes = submission.inner_hash.into_iter().chain([submission.hash]);
        let place = self.applied.len();
        self.places.extend(hashes.map(|hash| (hash, place)));
        self.applied.push(applied);
    }

    fn is_full(&self) -> bool {
        self.applied.len() >= OPEN_TRANSACTIONS || self.bytes >= OPEN_BYTES
    }

    /// Counts the bytes of the transaction that came last.
    fn count_last(&mut self) {
        let bytes = self.applied.last().map_or(0, Applied::bytes);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

impl Applied {
    /// Bytes of its parts, XDR.
    fn bytes(&self) -> usize {
        let parts = [
            usize::try_from(self.submission.bytes).unwrap_or(usize::MAX),
            encoded(&self.result),
            encoded(&self.meta),
            encoded(&self.fee_changes),
            encoded(&self.refund_changes),
        ];
        parts.into_iter().fold(0, usize::saturating_add)
    }
}

impl Node {
    /// Takes in a transaction: it waits for the next ledger, or is applied to the open one (`Pace::Eager`).
    ///
    /// # Errors
    /// [`NodeError`] when the node cannot go on; a transaction that is refused is a [`Sent`].
    pub fn send(&mut self, submission: Submission) -> Result<Sent, NodeError> {
        self.check_sound()?;
        if let Err(result) = check::has_valid_fee(&submission) {
            return Ok(Sent::Error(Box::new(result)));
        }
        match self.queue.vacancy(self.ledger.config(), &submission) {
            Vacancy::Free => {}
            Vacancy::Same => return Ok(Sent::Duplicate),
            Vacancy::Taken => return Ok(Sent::TryAgainLater),
            Vacancy::Refused(result) => return Ok(Sent::Error(Box::new(result))),
        }
        self.tick();
        if let Err(result) = check::on_send(&self.ledger, &submission)? {
            return Ok(Sent::Error(Box::new(result)));
        }
        if self.config.pace == Pace::Eager {
            return self.apply_at_once(submission);
        }
        let owed = self.queue.owed_beside(&submission);
        if let Err(result) = check::payer_has(&self.ledger, &submission, owed)? {
            return Ok(Sent::Error(Box::new(result)));
        }
        let is_full = !self.queue.has_room(&submission, self.config.queue);
        let limits = &self.network().ledger_limits;
        // What is more than a whole ledger takes would wait for ever.
        if is_full || Taken::default().with(&submission, limits).is_none() {
            return Ok(Sent::TryAgainLater);
        }
        self.queue.push(submission);
        Ok(Sent::Pending)
    }

    /// Applies a transaction to the open ledger, as long as that has room.
    fn apply_at_once(&mut self, submission: Submission) -> Result<Sent, NodeError> {
        if self.open.is_full() {
            return Ok(Sent::TryAgainLater);
        }
        self.apply_or_stop(vec![submission])?;
        self.open.count_last();
        Ok(Sent::Pending)
    }

    /// Whether a transaction waits for a ledger.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.queue.len() > 0
    }

    /// Closes the open ledger at `time`, Unix seconds, or now by its own clock: applies what waits, as much as a ledger takes, seals
    /// and stores it. The next one is then open. What may no longer be applied, or cannot be looked at, is dropped; its sender
    /// finds nothing of it.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when `time` is not after the last ledger's, or too late: after the year 9999, or a minute ahead
    /// of the clock on the wall, where the node lives by that; [`NodeError::Storage`] and [`NodeError::Damaged`], after which
    /// the node does nothing any more: what came of its transactions is known when it is opened again.
    pub fn close(&mut self, time: Option<u64>) -> Result<LedgerRecord, NodeError> {
        self.check_sound()?;
        let time = match time {
            Some(time) => self.checked_time(time)?,
            None => self.now(),
        };
        self.ledger.change_state(|state| state.time = time);
        let (ledger, queue) = (&self.ledger, &mut self.queue);
        // What cannot be looked at is not applied, and no reason for others to wait.
        let is_valid = |submission: &Submission, owed| {
            matches!(check::on_apply(ledger, submission), Ok(Ok(())))
                && matches!(check::payer_has(ledger, submission, owed), Ok(Ok(())))
        };
        let transactions = queue.take(&ledger.config().ledger_limits, is_valid);
        self.apply_or_stop(transactions)?;
        self.seal(time)
    }

    /// Applies `transactions`. What keeps one of them from being done is its own failure; when the node breaks otherwise, nothing
    /// goes on.
    pub(super) fn apply_or_stop(&mut self, transactions: Vec<Submission>) -> Result<(), NodeError> {
        let seed = self.seed(&transactions);
        // So it stays when this panics.
        self.has_failed = true;
        self.apply(transactions, seed)?;
        self.has_failed = false;
        Ok(())
    }

    fn checked_time(&self, time: u64) -> Result<u64, NodeError> {
        let refused = |why: String| Err(NodeError::Refused(why));
        let last = self.latest.closed_at;
        if time <= last {
            return refused(format!("a ledger of {time} cannot follow one of {last}"));
        }
        let latest = match self.config.pace {
            Pace::Manual | Pace::Eager => LAST_TIME,
            Pace::Every(_) | Pace::OnDemand => self.now().saturating_add(AHEAD),
        };
        if time > latest {
            return refused(format!("{time} is too late: {latest} is the latest"));
        }
        Ok(time)
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

    /// Has the open ledger's clock go with the node's own: between ledgers hours may pass.
    pub(crate) fn tick(&self) {
        let now = self.now();
        self.ledger.change_state(|state| state.time = now);
    }

    /// Where the random numbers of `transactions` come from: themselves and all that was before.
    fn seed(&self, transactions: &[Submission]) -> [u8; 32] {
        let mut seed = Sha256::new().chain_update(self.latest.hash);
        for transaction in transactions {
            seed.update(transaction.hash);
        }
        seed.finalize().into()
    }

    /// A transaction that was applied to the open ledger, which is not closed yet (`Pace::Eager`).
    pub(crate) fn applied_now(&self, hash: &[u8; 32]) -> Option<TransactionRecord> {
        let place = *self.open.places.get(hash)?;
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
