//! Whether a transaction may be queued or applied, with the network's own codes.
//!
//! What can change while it waits is looked at again when it is applied: times, sequence number, balance. The rest,
//! form and declared resources, is looked at once, when it is sent.
//!
//! An account has one signer here, its master key, which suffices for everything. Of a transaction's extra signers those
//! that are ed25519 keys are honoured; one that asks for another kind is never authorised.

use soroban_env_host::xdr::{
    AccountEntry, Operation, OperationBody, OperationResult, Preconditions, PreconditionsV2,
    SignerKey, TransactionExt, TransactionResult, TransactionResultCode as Code, Uint256,
};

use super::{
    accounts, balance, classic, resources,
    results::{initial, result, Failure},
    submission::{account_id, is_soroban, key},
    NodeError, Submission,
};
use crate::ledger::Ledger;

/// More than this no transaction declares as its resource fee, stroops.
const MAX_RESOURCE_FEE: i64 = 1 << 50;

/// How far a transaction came that is not applied.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub failure: Failure,
    /// Whether its sequence number is used up all the same.
    pub uses_sequence: bool,
}

/// What is refused, or could not be looked at.
type Checked<T = ()> = Result<Result<T, Failure>, NodeError>;

/// As `?`, for a refusal within a result.
macro_rules! require {
    ($checked:expr) => {
        match $checked {
            Ok(value) => value,
            Err(failure) => return Ok(Err(failure)),
        }
    };
}

/// Whether `submission` may wait for the open ledger; if not, what the network answers.
pub(crate) fn on_send(
    ledger: &Ledger,
    submission: &Submission,
) -> Result<Result<(), TransactionResult>, NodeError> {
    let checked = check_on_send(ledger, submission)?;
    Ok(checked.map_err(|failure| {
        let least = least_inclusion_fee(ledger, submission);
        let fee = match failure {
            Failure::Outbid(fee) => fee,
            _ => submission.resource_fee().saturating_add(least),
        };
        result(submission, fee, Err(failure))
    }))
}

fn check_on_send(ledger: &Ledger, submission: &Submission) -> Checked {
    require!(bump_is_valid(ledger, submission)?);
    require!(is_well_formed(ledger, submission));
    require!(is_timely(ledger, submission));
    require!(pays_enough(ledger, submission));
    if let Err(invalid) = account_allows(ledger, submission, true)? {
        return Ok(Err(invalid.failure));
    }
    require!(operations_are_valid(ledger, submission));
    Ok(match submission.signed.has_extra {
        true => Err(Failure::Transaction(Code::TxBadAuthExtra)),
        false => Ok(()),
    })
}

/// Whether `submission`, whose fee is paid, may be applied to the open ledger.
pub(crate) fn on_apply(
    ledger: &Ledger,
    submission: &Submission,
) -> Result<Result<(), Invalid>, NodeError> {
    let refused = |failure, uses_sequence| {
        Ok(Err(Invalid {
            failure,
            uses_sequence,
        }))
    };
    if let Err(failure) = is_timely(ledger, submission) {
        return refused(failure, false);
    }
    if let Err(invalid) = account_allows(ledger, submission, false)? {
        return Ok(Err(invalid));
    }
    if let Some(results) = operations_unsigned(submission) {
        return refused(Failure::Operations(results), true);
    }
    if submission.signed.has_extra {
        return refused(Failure::Transaction(Code::TxBadAuthExtra), true);
    }
    Ok(Ok(()))
}

/// Whether the payer has what `submission` offers, beside the `owed` stroops that it offers for others; if not, what the
/// network answers.
pub(crate) fn payer_has(
    ledger: &Ledger,
    submission: &Submission,
    owed: i128,
) -> Result<Result<(), TransactionResult>, NodeError> {
    let payer = submission.fee_source();
    let account = ledger.with_state(|state| accounts::load(state, &payer))?;
    let base_reserve = ledger.config().base_reserve;
    let available = account.map(|account| balance::available(&account, base_reserve));
    let due = owed + i128::from(submission.bid());
    if available.is_some_and(|available| i128::from(available) >= due) {
        return Ok(Ok(()));
    }
    Ok(Err(not_queued(submission, Code::TxInsufficientBalance)))
}

/// What the network answers to what it does not even look at closely.
pub(crate) fn not_queued(submission: &Submission, code: Code) -> TransactionResult {
    result(submission, 0, Err(Failure::Envelope(code)))
}

/// What the transaction pays for being included, whatever it bids above that, stroops.
pub(crate) fn least_inclusion_fee(ledger: &Ledger, submission: &Submission) -> i64 {
    let each = i64::from(ledger.config().base_fee);
    each.saturating_mul(submission.paid_operations())
}

/// Whether the fees that `submission` declares are amounts at all, and its bid covers the one for resources; if not, what the
/// network answers.
pub(crate) fn has_valid_fee(submission: &Submission) -> Result<(), TransactionResult> {
    let transaction = &submission.transaction;
    let first = transaction.operations.first();
    let needs_data = first.is_some_and(|operation| is_soroban(&operation.body));
    let declared = match &transaction.ext {
        TransactionExt::V1(data) => (0..=MAX_RESOURCE_FEE).contains(&data.resource_fee),
        TransactionExt::V0 => false,
    };
    if submission.inclusion_bid() < 0 || needs_data && !declared {
        return Err(not_queued(submission, Code::TxMalformed));
    }
    Ok(())
}

fn bump_is_valid(ledger: &Ledger, submission: &Submission) -> Checked {
    let refused = |code| Ok(Err(Failure::Envelope(code)));
    let Some(bump) = &submission.bump else {
        return Ok(Ok(()));
    };
    let operations = submission.paid_operations();
    let bid = submission.inclusion_bid();
    if bid < least_inclusion_fee(ledger, submission) {
        return refused(Code::TxInsufficientFee);
    }
    let inner_bid = i64::from(submission.transaction.fee) - submission.resource_fee();
    let inner_operations = (operations - 1).max(1);
    // It offers no less for each operation than the transaction inside, which may leave even its resource fee to it.
    let wanted = i128::from(inner_bid) * i128::from(operations);
    let inner_operations = i128::from(inner_operations);
    if i128::from(bid) * inner_operations < wanted {
        // Rounded up, so that it suffices.
        let least = (wanted + inner_operations - 1) / inner_operations;
        return Ok(Err(Failure::Outbid(
            i64::try_from(least).unwrap_or(i64::MAX),
        )));
    }
    let account = ledger.with_state(|state| accounts::load(state, &bump.source))?;
    let Some(account) = account else {
        return refused(Code::TxNoAccount);
    };
    if bump.signed.keys.is_empty() {
        return refused(Code::TxBadAuth);
    }
    if balance::available(&account, ledger.config().base_reserve) < bump.fee {
        return refused(Code::TxInsufficientBalance);
    }
    if bump.signed.has_extra {
        return refused(Code::TxBadAuthExtra);
    }
    Ok(Ok(()))
}

/// What stays true or false whatever the ledger does.
fn is_well_formed(ledger: &Ledger, submission: &Submission) -> Result<(), Failure> {
    let refused = |code| Err(Failure::Transaction(code));
    let transaction = &submission.transaction;
    if conditions(submission).is_some_and(|conditions| !has_sound_signers(conditions)) {
        return refused(Code::TxMalformed);
    }
    let operations = transaction.operations.as_slice();
    if operations.is_empty() {
        return refused(Code::TxMissingOperation);
    }
    let in_host = operations.iter().filter(|op| is_soroban(&op.body)).count();
    match (in_host, operations.len()) {
        (0, _) if transaction.ext != TransactionExt::V0 => refused(Code::TxMalformed),
        (0, _) => Ok(()),
        (1, 1) => resources::check(ledger.config(), submission).map_err(Failure::Transaction),
        _ => refused(Code::TxMalformed),
    }
}

fn has_sound_signers(conditions: &PreconditionsV2) -> bool {
    let signers = conditions.extra_signers.as_slice();
    let is_empty = |signer: &SignerKey| matches!(signer, SignerKey::Ed25519SignedPayload(signed) if signed.payload.is_empty());
    let is_twice = matches!(signers, [one, other] if one == other);
    !is_twice && !signers.iter().any(is_empty)
}

fn conditions(submission: &Submission) -> Option<&PreconditionsV2> {
    match &submission.transaction.cond {
        Preconditions::V2(conditions) => Some(conditions),
        _ => None,
    }
}

fn is_timely(ledger: &Ledger, submission: &Submission) -> Result<(), Failure> {
    let refused = |code| Err(Failure::Transaction(code));
    let (sequence, now) = (ledger.sequence(), ledger.now());
    let times = match &submission.transaction.cond {
        Preconditions::None => None,
        Preconditions::Time(times) => Some(times),
        Preconditions::V2(conditions) => conditions.time_bounds.as_ref(),
    };
    let ledgers = conditions(submission).and_then(|conditions| conditions.ledger_bounds.as_ref());
    let early = times.is_some_and(|times| times.min_time.0 > now)
        || ledgers.is_some_and(|bounds| bounds.min_ledger > sequence);
    if early {
        return refused(Code::TxTooEarly);
    }
    let late = times.is_some_and(|times| times.max_time.0 != 0 && times.max_time.0 < now)
        || ledgers.is_some_and(|bounds| bounds.max_ledger != 0 && bounds.max_ledger <= sequence);
    if late {
        return refused(Code::TxTooLate);
    }
    Ok(())
}

/// The bid of a transaction without a fee bump covers what it has to pay.
fn pays_enough(ledger: &Ledger, submission: &Submission) -> Result<(), Failure> {
    let least = least_inclusion_fee(ledger, submission);
    if submission.bump.is_none() && submission.inclusion_bid() < least {
        return Err(Failure::Transaction(Code::TxInsufficientFee));
    }
    Ok(())
}

/// The source exists, its sequence number is next, it has signed, and it can pay.
fn account_allows(
    ledger: &Ledger,
    submission: &Submission,
    is_unpaid: bool,
) -> Result<Result<(), Invalid>, NodeError> {
    let refused = |code, uses_sequence| {
        Ok(Err(Invalid {
            failure: Failure::Transaction(code),
            uses_sequence,
        }))
    };
    let source = submission.source();
    let Some(account) = ledger.with_state(|state| accounts::load(state, &source))? else {
        return refused(Code::TxNoAccount, false);
    };
    if !is_next(ledger, submission, account.seq_num.0) {
        return refused(Code::TxBadSeq, false);
    }
    if is_too_soon(ledger, submission, &account) {
        return refused(Code::TxBadMinSeqAgeOrGap, true);
    }
    if !is_signed(submission) {
        return refused(Code::TxBadAuth, true);
    }
    let due = if is_unpaid { submission.bid() } else { 0 };
    let available = balance::available(&account, ledger.config().base_reserve);
    if submission.bump.is_none() && available < due {
        return refused(Code::TxInsufficientBalance, true);
    }
    Ok(Ok(()))
}

fn is_next(ledger: &Ledger, submission: &Submission, current: i64) -> bool {
    let wanted = submission.transaction.seq_num.0;
    // An account that is created in this ledger starts there.
    if wanted == i64::from(ledger.sequence()) << 32 {
        return false;
    }
    let least = conditions(submission).and_then(|conditions| conditions.min_seq_num.as_ref());
    match least {
        Some(least) => (least.0..wanted).contains(&current),
        None => current.checked_add(1) == Some(wanted),
    }
}

/// The sequence number has to rest for some time or some ledgers first.
fn is_too_soon(ledger: &Ledger, submission: &Submission, account: &AccountEntry) -> bool {
    let Some(conditions) = conditions(submission) else {
        return false;
    };
    let (moved_in, moved_at) = accounts::last_moved(account);
    let long_ago = ledger.now().checked_sub(conditions.min_seq_age.0);
    let ledgers_ago = ledger.sequence().checked_sub(conditions.min_seq_ledger_gap);
    long_ago.is_none_or(|then| then < moved_at) || ledgers_ago.is_none_or(|then| then < moved_in)
}

fn is_signed(submission: &Submission) -> bool {
    let keys = &submission.signed.keys;
    let extra = conditions(submission).map_or(&[][..], |conditions| &conditions.extra_signers);
    let has_signed = |signer: &SignerKey| matches!(signer, SignerKey::Ed25519(Uint256(key)) if keys.contains(key));
    keys.contains(&key(&submission.transaction.source_account)) && extra.iter().all(has_signed)
}

/// What the operations come to if one of them is not signed by its source.
fn operations_unsigned(submission: &Submission) -> Option<Vec<OperationResult>> {
    let operations = submission.transaction.operations.iter();
    let results: Vec<_> = operations
        .map(
            |operation| match is_operation_signed(submission, operation) {
                true => initial(&operation.body),
                false => OperationResult::OpBadAuth,
            },
        )
        .collect();
    results
        .contains(&OperationResult::OpBadAuth)
        .then_some(results)
}

fn is_operation_signed(submission: &Submission, operation: &Operation) -> bool {
    let own = operation.source_account.as_ref();
    own.is_none_or(|source| submission.signed.keys.contains(&key(source)))
}

/// The first operation that cannot succeed ends the look at them.
fn operations_are_valid(ledger: &Ledger, submission: &Submission) -> Result<(), Failure> {
    let operations = submission.transaction.operations.as_slice();
    for (index, operation) in operations.iter().enumerate() {
        let Some(failed) = operation_failure(ledger, submission, operation) else {
            continue;
        };
        let mut results: Vec<_> = operations.iter().map(|op| initial(&op.body)).collect();
        if let Some(result) = results.get_mut(index) {
            *result = failed;
        }
        return Err(Failure::Operations(results));
    }
    Ok(())
}

fn operation_failure(
    ledger: &Ledger,
    submission: &Submission,
    operation: &Operation,
) -> Option<OperationResult> {
    if initial(&operation.body) == OperationResult::OpNotSupported {
        return Some(OperationResult::OpNotSupported);
    }
    if !is_operation_signed(submission, operation) {
        return Some(OperationResult::OpBadAuth);
    }
    let source = operation
        .source_account
        .as_ref()
        .map_or_else(|| submission.source(), account_id);
    match (&operation.body, submission.soroban()) {
        (body, Some(data)) => resources::operation_failure(ledger.config(), body, data),
        (OperationBody::InvokeHostFunction(_), None) => Some(OperationResult::OpNotSupported),
        (body, None) => classic::malformed(&source, body),
    }
}
