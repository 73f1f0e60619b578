//! One transaction applied to the open ledger: fee, sequence number, operations, refund.
//!
//! As on the network all fees of a ledger are taken first, and what was not used of refundable fees is given back after
//! all transactions. What is charged in the end is the inclusion fee, the fee for the declared resources, and what was
//! used of the refundable fee for rent and events.

use std::ops::Range;

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    AccountId, ExtensionPoint, LedgerEntryChanges, OperationResult, SorobanTransactionMetaExt,
    SorobanTransactionMetaExtV1, SorobanTransactionMetaV2, TransactionEvent,
    TransactionEventStage as Stage, TransactionMetaV4, TransactionResultCode,
};

use super::{
    accounts, asset_events,
    changes::Changes,
    check,
    close::Applied,
    damage::damaged,
    meta::Frame,
    operate::Operated,
    resources,
    results::{result, Failure},
    Node, NodeError, Submission,
};

/// A transaction whose fee is taken.
pub(crate) struct Charged {
    submission: Submission,
    /// Stroops.
    fee: i64,
    /// Whether the payer had less than was due: nothing is done for that.
    is_short: bool,
    changes: LedgerEntryChanges,
}

/// A transaction that ran.
pub(crate) struct Executed {
    charged: Charged,
    outcome: Result<Vec<OperationResult>, Failure>,
    meta: TransactionMetaV4,
    events: Vec<TransactionEvent>,
    /// Stroops that are given back.
    refund: i64,
}

impl Node {
    /// Applies `transactions` to the open ledger, in this order; `seed` is where their random numbers come from.
    ///
    /// # Errors
    /// [`NodeError::Damaged`] when what every transaction has cannot be read or written; what is done till then stays.
    pub(crate) fn apply(
        &mut self,
        transactions: Vec<Submission>,
        seed: [u8; 32],
    ) -> Result<(), NodeError> {
        let charged = transactions
            .into_iter()
            .map(|submission| self.charge(submission));
        let charged = charged.collect::<Result<Vec<_>, _>>()?;
        let executed = (0_u64..).zip(charged).map(|(index, charged)| {
            let seed = Sha256::new()
                .chain_update(seed)
                .chain_update(index.to_be_bytes());
            self.execute(charged, seed.finalize().into())
        });
        let executed = executed.collect::<Result<Vec<_>, _>>()?;
        let finished = executed.into_iter().map(|executed| self.finish(executed));
        let finished = finished.collect::<Result<Vec<_>, _>>()?;
        finished
            .into_iter()
            .for_each(|applied| self.open.push(applied));
        Ok(())
    }

    /// Takes the fee of `submission`, as far as the payer has it.
    fn charge(&mut self, submission: Submission) -> Result<Charged, NodeError> {
        let least = check::least_inclusion_fee(&self.ledger, &submission);
        let inclusion = submission.inclusion_bid().min(least);
        let due = submission.resource_fee().saturating_add(inclusion).max(0);
        let payer = submission.fee_source();
        let account = self
            .ledger
            .with_state(|state| accounts::load(state, &payer))?;
        let (mut fee, mut changes) = (0, LedgerEntryChanges::default());
        if let Some(mut account) = account {
            fee = due.min(account.balance);
            account.balance -= fee;
            let mut change = Changes::default();
            accounts::store(&self.ledger, &mut change, account)?;
            changes = self.keep(change)?;
        }
        Ok(Charged {
            submission,
            fee,
            is_short: fee < due,
            changes,
        })
    }

    fn execute(&mut self, charged: Charged, seed: [u8; 32]) -> Result<Executed, NodeError> {
        let submission = &charged.submission;
        let payer = submission.fee_source();
        let taken = asset_events::fee(&self.ledger, &payer, charged.fee, Stage::BeforeAllTxs)?;
        let checked = match check::on_apply(&self.ledger, submission)? {
            Ok(()) if charged.is_short => Err(check::Invalid {
                failure: Failure::Transaction(TransactionResultCode::TxInsufficientBalance),
                uses_sequence: true,
            }),
            checked => checked,
        };
        let mut before = Vec::new();
        if submission.bump.is_some() {
            before.extend(self.touch(&payer)?.0.into_vec());
        }
        let refused = checked.as_ref().err();
        if refused.is_none_or(|invalid| invalid.uses_sequence) {
            before.extend(self.use_sequence(submission)?.0.into_vec());
        }
        let operated = match checked {
            Ok(()) => self.operate(submission, seed),
            Err(invalid) => Operated::failed(invalid.failure, Vec::new()),
        };
        let (soroban_meta, refund) = self.close_account(&charged, &operated);
        let meta = TransactionMetaV4 {
            ext: ExtensionPoint::V0,
            tx_changes_before: LedgerEntryChanges(before.try_into().map_err(damaged)?),
            operations: operated.metas.try_into().map_err(damaged)?,
            tx_changes_after: LedgerEntryChanges::default(),
            soroban_meta,
            events: Default::default(),
            diagnostic_events: operated.diagnostics.try_into().map_err(damaged)?,
        };
        Ok(Executed {
            outcome: operated.outcome,
            events: taken.into_iter().collect(),
            charged,
            meta,
            refund,
        })
    }

    /// What the transaction's parts cost, for its metadata, and what is given back, stroops.
    fn close_account(
        &self,
        charged: &Charged,
        operated: &Operated,
    ) -> (Option<SorobanTransactionMetaV2>, i64) {
        let submission = &charged.submission;
        let Some(data) = submission.soroban() else {
            return (None, 0);
        };
        let fee = resources::fee(self.ledger.config(), submission, data, 0);
        let spent = operated.spent;
        let meta = SorobanTransactionMetaV2 {
            ext: SorobanTransactionMetaExt::V1(SorobanTransactionMetaExtV1 {
                ext: ExtensionPoint::V0,
                total_non_refundable_resource_fee_charged: fee.non_refundable,
                total_refundable_resource_fee_charged: spent.total,
                rent_fee_charged: spent.rent,
            }),
            return_value: operated.value.clone(),
        };
        let refundable = data.resource_fee.saturating_sub(fee.non_refundable);
        let refund = refundable.saturating_sub(spent.total);
        // A payer who could not pay all gets no more back than was paid.
        (Some(meta), refund.clamp(0, charged.fee))
    }

    /// Gives back what is left of the fee.
    fn finish(&mut self, executed: Executed) -> Result<Applied, NodeError> {
        let Charged {
            submission,
            fee,
            changes,
            ..
        } = executed.charged;
        let payer = submission.fee_source();
        let (mut refund, mut refund_changes) = (0, LedgerEntryChanges::default());
        let account = self
            .ledger
            .with_state(|state| accounts::load(state, &payer))?;
        if let Some(mut account) = account.filter(|_| executed.refund > 0) {
            refund = executed.refund;
            account.balance = account.balance.saturating_add(refund);
            let mut change = Changes::default();
            accounts::store(&self.ledger, &mut change, account)?;
            refund_changes = self.keep(change)?;
        }
        let mut events = executed.events;
        events.extend(asset_events::fee(
            &self.ledger,
            &payer,
            -refund,
            Stage::AfterAllTxs,
        )?);
        let mut meta = executed.meta;
        meta.events = events.try_into().map_err(damaged)?;
        Ok(Applied {
            result: result(&submission, fee - refund, executed.outcome),
            submission,
            meta,
            fee_changes: changes,
            refund_changes,
        })
    }

    /// Writes an account as it is: so the network looks at who pays for a fee bump.
    fn touch(&mut self, id: &AccountId) -> Result<LedgerEntryChanges, NodeError> {
        let account = self.ledger.with_state(|state| accounts::load(state, id))?;
        let mut change = Changes::default();
        if let Some(account) = account {
            accounts::store(&self.ledger, &mut change, account)?;
        }
        self.keep(change)
    }

    fn use_sequence(&mut self, submission: &Submission) -> Result<LedgerEntryChanges, NodeError> {
        let source = submission.source();
        let account = self
            .ledger
            .with_state(|state| accounts::load(state, &source))?;
        let Some(mut account) = account else {
            return Ok(LedgerEntryChanges::default());
        };
        account.seq_num = submission.transaction.seq_num.clone();
        accounts::note_move(&mut account, self.ledger.sequence(), self.ledger.now());
        let mut change = Changes::default();
        accounts::store(&self.ledger, &mut change, account)?;
        self.keep(change)
    }

    /// Adds `changes` to the open ledger's, and tells them as metadata does.
    pub(super) fn keep(&mut self, changes: Changes) -> Result<LedgerEntryChanges, NodeError> {
        let before = self.open.changes.len();
        self.open.changes.append(changes);
        self.told(before..self.open.changes.len())
    }

    /// The open ledger's changes in `places`, as metadata tells them.
    pub(super) fn told(&self, places: Range<usize>) -> Result<LedgerEntryChanges, NodeError> {
        let frame = Frame {
            sequence: self.ledger.sequence(),
            restored_until: self.ledger.restored_until(),
        };
        frame
            .changes(self.open.changes.between(places))
            .map_err(damaged)
    }

    /// Takes back all but the open ledger's first `count` changes.
    pub(super) fn undo_since(&mut self, count: usize) {
        let changes = self.open.changes.split_off(count);
        self.ledger.change_state(|state| changes.undo(state));
    }
}
