//! One transaction applied to the open ledger: fee, sequence number, operations, refund.
//!
//! As on the network all fees of a ledger are taken first, and what was not used of refundable fees is given back after
//! all transactions. What is charged in the end is the inclusion fee, the fee for the declared resources, and what was
//! used of the refundable fee for rent and events.

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    AccountId, DiagnosticEvent, ExtensionPoint, LedgerEntryChanges, LedgerKey, MuxedAccount,
    Operation, OperationBody, OperationMetaV2, OperationResult, OperationResultTr, ScVal,
    SorobanTransactionData, SorobanTransactionMetaExt, SorobanTransactionMetaExtV1,
    SorobanTransactionMetaV2, TransactionEvent, TransactionEventStage as Stage, TransactionMetaV4,
    TransactionResultCode,
};

use super::{
    accounts::{self, damaged},
    asset_events,
    changes::Changes,
    check, classic,
    close::Applied,
    meta::Frame,
    resources,
    results::{initial, result, Failure},
    soroban::{self, Effects, Spent, Stopped},
    submission::account_id,
    Node, NodeError, Pace, Submission,
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

/// What the operations came to.
struct Operated {
    outcome: Result<Vec<OperationResult>, Failure>,
    metas: Vec<OperationMetaV2>,
    value: Option<ScVal>,
    diagnostics: Vec<DiagnosticEvent>,
    spent: Spent,
}

impl Operated {
    fn failed(failure: Failure, diagnostics: Vec<DiagnosticEvent>) -> Self {
        Self {
            outcome: Err(failure),
            metas: Vec::new(),
            value: None,
            diagnostics,
            spent: Spent::default(),
        }
    }
}

impl Node {
    /// Applies `transactions` to the open ledger, in this order; `seed` is where their random numbers come from.
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
        let mut checked = check::on_apply(&self.ledger, submission)?;
        if charged.is_short && checked.is_ok() {
            checked = Err(check::Invalid {
                failure: Failure::Transaction(TransactionResultCode::TxInsufficientBalance),
                uses_sequence: true,
            });
        }
        let mut before = LedgerEntryChanges::default();
        if checked
            .as_ref()
            .err()
            .is_none_or(|invalid| invalid.uses_sequence)
        {
            before = self.use_sequence(submission)?;
        }
        let operated = match checked {
            Ok(()) => self.operate(submission, seed)?,
            Err(invalid) => Operated::failed(invalid.failure, Vec::new()),
        };
        let (soroban_meta, refund) = self.close_account(&charged, &operated);
        let meta = TransactionMetaV4 {
            ext: ExtensionPoint::V0,
            tx_changes_before: before,
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

    fn operate(&mut self, submission: &Submission, seed: [u8; 32]) -> Result<Operated, NodeError> {
        let first = submission.transaction.operations.first();
        match (submission.soroban(), first) {
            (Some(data), Some(operation)) => {
                self.operate_in_host(submission, data, operation, seed)
            }
            _ => self.operate_classic(submission),
        }
    }

    /// All operations of a classic transaction, or none.
    fn operate_classic(&mut self, submission: &Submission) -> Result<Operated, NodeError> {
        let transaction = &submission.transaction;
        let mut results = Vec::with_capacity(transaction.operations.len());
        let (mut done, mut is_success) = (Vec::new(), true);
        for operation in transaction.operations.iter() {
            let source = account_id(source_of(submission, operation));
            let mut changes = Changes::default();
            let result = classic::apply(&self.ledger, &mut changes, &source, &operation.body)?;
            if is_success_of(&operation.body, &result) {
                done.push((operation, changes));
            } else {
                is_success = false;
                self.ledger.change_state(|state| changes.undo(state));
            }
            results.push(result);
        }
        if !is_success {
            for (_, changes) in done.into_iter().rev() {
                self.ledger.change_state(|state| changes.undo(state));
            }
            return Ok(Operated::failed(Failure::Operations(results), Vec::new()));
        }
        let mut metas = Vec::with_capacity(done.len());
        for (operation, changes) in done {
            let source = source_of(submission, operation);
            let events = asset_events::of_operation(
                &self.ledger,
                &transaction.memo,
                source,
                &operation.body,
            )?;
            metas.push(OperationMetaV2 {
                ext: ExtensionPoint::V0,
                changes: self.keep(changes)?,
                events: events.try_into().map_err(damaged)?,
            });
        }
        Ok(Operated {
            outcome: Ok(results),
            metas,
            value: None,
            diagnostics: Vec::new(),
            spent: Spent::default(),
        })
    }

    fn operate_in_host(
        &mut self,
        submission: &Submission,
        data: &SorobanTransactionData,
        operation: &Operation,
        seed: [u8; 32],
    ) -> Result<Operated, NodeError> {
        let source = account_id(source_of(submission, operation));
        if self
            .ledger
            .with_state(|state| accounts::load(state, &source))?
            .is_none()
        {
            let results = vec![OperationResult::OpNoAccount];
            return Ok(Operated::failed(Failure::Operations(results), Vec::new()));
        }
        let host = soroban::Operation {
            ledger: &self.ledger,
            submission,
            data,
            unparsed: &self.open.unparsed,
        };
        match in_host(&host, &source, &operation.body, seed)? {
            Ok((result, effects)) => self.keep_effects(result, effects),
            Err(Stopped { code, diagnostics }) => {
                let failure = code.map_or(
                    Failure::Transaction(TransactionResultCode::TxInternalError),
                    |code| Failure::Operations(vec![OperationResult::OpInner(code)]),
                );
                Ok(Operated::failed(failure, diagnostics))
            }
        }
    }

    fn keep_effects(
        &mut self,
        result: OperationResultTr,
        effects: Effects,
    ) -> Result<Operated, NodeError> {
        if self.config.pace != Pace::Eager {
            let codes = effects
                .changes
                .iter()
                .filter_map(|change| match &*change.key {
                    LedgerKey::ContractCode(code) => Some((code, change)),
                    _ => None,
                });
            let new = codes.filter(|(_, change)| change.restored || change.before.is_none());
            let hashes: Vec<_> = new.map(|(code, _)| code.hash.clone()).collect();
            self.open.unparsed.extend(hashes);
        }
        let meta = OperationMetaV2 {
            ext: ExtensionPoint::V0,
            changes: self.keep(effects.changes)?,
            events: effects.events.try_into().map_err(damaged)?,
        };
        Ok(Operated {
            outcome: Ok(vec![OperationResult::OpInner(result)]),
            metas: vec![meta],
            value: effects.value,
            diagnostics: Vec::new(),
            spent: effects.spent,
        })
    }

    /// Adds `changes` to the open ledger's, and tells them as metadata does.
    fn keep(&mut self, changes: Changes) -> Result<LedgerEntryChanges, NodeError> {
        let frame = Frame {
            sequence: self.ledger.sequence(),
            restored_until: self.ledger.restored_until(),
        };
        let told = frame.changes(&changes).map_err(damaged)?;
        self.open.changes.append(changes);
        Ok(told)
    }
}

/// Has the host do what an operation says.
fn in_host(
    host: &soroban::Operation<'_>,
    source: &AccountId,
    body: &OperationBody,
    seed: [u8; 32],
) -> Result<Result<(OperationResultTr, Effects), Stopped<OperationResultTr>>, NodeError> {
    use OperationResultTr as Tr;
    Ok(match body {
        OperationBody::InvokeHostFunction(call) => {
            let result = host.invoke(source, call, seed)?;
            result.map_err(|stopped| stopped.map(Tr::InvokeHostFunction))
        }
        OperationBody::ExtendFootprintTtl(extend) => {
            let result = host.extend(extend);
            result.map_err(|stopped| stopped.map(Tr::ExtendFootprintTtl))
        }
        OperationBody::RestoreFootprint(_) => {
            let result = host.restore();
            result.map_err(|stopped| stopped.map(Tr::RestoreFootprint))
        }
        _ => Err(Stopped {
            code: None,
            diagnostics: Vec::new(),
        }),
    })
}

fn source_of<'a>(submission: &'a Submission, operation: &'a Operation) -> &'a MuxedAccount {
    let own = operation.source_account.as_ref();
    own.unwrap_or(&submission.transaction.source_account)
}

/// Whether a classic operation's result is what it comes to when nothing is wrong with it.
fn is_success_of(body: &OperationBody, result: &OperationResult) -> bool {
    *result == initial(body) && *result != OperationResult::OpNotSupported
}
