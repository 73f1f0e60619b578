//! What a transaction's operations do, all of them or none.

use std::{
    ops::Range,
    panic::{catch_unwind, AssertUnwindSafe},
};

use soroban_env_host::xdr::{
    AccountId, DiagnosticEvent, ExtensionPoint, Hash, LedgerKey, MuxedAccount, Operation,
    OperationBody, OperationMetaV2, OperationResult, OperationResultTr, ScErrorCode, ScErrorType,
    ScVal, SorobanTransactionData, TransactionResultCode,
};

use super::{
    accounts, asset_events,
    changes::Changes,
    classic,
    damage::damaged,
    diagnostics,
    results::{initial, Failure},
    soroban::{self, Effects, Spent, Stopped},
    submission::account_id,
    Node, NodeError, Pace, Submission,
};

/// What the operations came to.
pub(super) struct Operated {
    pub outcome: Result<Vec<OperationResult>, Failure>,
    pub metas: Vec<OperationMetaV2>,
    pub value: Option<ScVal>,
    pub diagnostics: Vec<DiagnosticEvent>,
    pub spent: Spent,
}

impl Operated {
    pub fn failed(failure: Failure, diagnostics: Vec<DiagnosticEvent>) -> Self {
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
    /// Does what the transaction's operations say, or nothing. What breaks the node's own code meanwhile, a panic too, is
    /// the transaction's failure, as on the network.
    pub(super) fn operate(&mut self, submission: &Submission, seed: [u8; 32]) -> Operated {
        let before = self.open.changes.len();
        let attempt = AssertUnwindSafe(|| self.try_to_operate(submission, seed));
        let broken = match catch_unwind(attempt) {
            Ok(Ok(operated)) => return operated,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the node panicked".into(),
        };
        self.undo_since(before);
        let internal = (ScErrorType::Context, ScErrorCode::InternalError);
        let failure = Failure::Transaction(TransactionResultCode::TxInternalError);
        Operated::failed(failure, vec![diagnostics::error(internal, &broken)])
    }

    fn try_to_operate(
        &mut self,
        submission: &Submission,
        seed: [u8; 32],
    ) -> Result<Operated, NodeError> {
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
        let first = self.open.changes.len();
        for operation in transaction.operations.iter() {
            let source = account_id(source_of(submission, operation));
            let changes = &mut self.open.changes;
            let before = changes.len();
            let result = classic::apply(&self.ledger, changes, &source, &operation.body)?;
            if is_success_of(&operation.body, &result) {
                done.push((operation, before..self.open.changes.len()));
            } else {
                is_success = false;
                self.undo_since(before);
            }
            results.push(result);
        }
        if !is_success {
            self.undo_since(first);
            return Ok(Operated::failed(Failure::Operations(results), Vec::new()));
        }
        let metas = done
            .into_iter()
            .map(|(operation, places)| self.classic_meta(submission, operation, places));
        Ok(Operated {
            outcome: Ok(results),
            metas: metas.collect::<Result<_, _>>()?,
            value: None,
            diagnostics: Vec::new(),
            spent: Spent::default(),
        })
    }

    /// What a classic operation did: the changes at `places`, and the events that tell of it.
    fn classic_meta(
        &self,
        submission: &Submission,
        operation: &Operation,
        places: Range<usize>,
    ) -> Result<OperationMetaV2, NodeError> {
        let (source, memo) = (
            source_of(submission, operation),
            &submission.transaction.memo,
        );
        let events = asset_events::of_operation(&self.ledger, memo, source, &operation.body)?;
        Ok(OperationMetaV2 {
            ext: ExtensionPoint::V0,
            changes: self.told(places)?,
            events: events.try_into().map_err(damaged)?,
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
        let host = soroban::HostOperation {
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
        let new_code = new_code(&effects.changes);
        for hash in &new_code {
            // It may be there from before it was archived: then a node that was opened since would not have it.
            let forgotten = self.ledger.forget_module(hash);
            forgotten.map_err(damaged)?;
        }
        let meta = OperationMetaV2 {
            ext: ExtensionPoint::V0,
            changes: self.keep(effects.changes)?,
            events: effects.events.try_into().map_err(damaged)?,
        };
        if self.config.pace != Pace::Eager {
            self.open.unparsed.extend(new_code);
        }
        Ok(Operated {
            outcome: Ok(vec![OperationResult::OpInner(result)]),
            metas: vec![meta],
            value: effects.value,
            diagnostics: Vec::new(),
            spent: effects.spent,
        })
    }
}

/// Hashes of the code that was not there before, or archived.
fn new_code(changes: &Changes) -> Vec<Hash> {
    let codes = changes.iter().filter_map(|change| match &*change.key {
        LedgerKey::ContractCode(code) => Some((code, change)),
        _ => None,
    });
    let new = codes.filter(|(_, change)| change.restored || change.before.is_none());
    new.map(|(code, _)| code.hash.clone()).collect()
}

/// Has the host do what an operation says.
fn in_host(
    host: &soroban::HostOperation<'_>,
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
