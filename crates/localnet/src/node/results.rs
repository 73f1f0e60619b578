//! Results as the network writes them.

use soroban_env_host::xdr::{
    ChangeTrustResult, CreateAccountResult, ExtendFootprintTtlResult, Hash, InnerTransactionResult,
    InnerTransactionResultExt, InnerTransactionResultPair, InnerTransactionResultResult,
    InvokeHostFunctionResult, OperationBody, OperationResult, OperationResultTr, PaymentResult,
    RestoreFootprintResult, SetOptionsResult, TransactionResult, TransactionResultCode as Code,
    TransactionResultExt, TransactionResultResult, VecM,
};

use super::Submission;

/// Why a transaction does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// What is sent is refused: the fee bump itself, if it is one.
    Envelope(Code),
    /// A fee bump offers less than the transaction inside it does; what it would take, stroops.
    Outbid(i64),
    /// The transaction is refused, that inside a fee bump if it is one.
    Transaction(Code),
    /// An operation fails; what each of them comes to.
    Operations(Vec<OperationResult>),
}

/// What the network answers: `fee` is what is charged, or would be, stroops.
pub(crate) fn result(
    submission: &Submission,
    fee: i64,
    outcome: Result<Vec<OperationResult>, Failure>,
) -> TransactionResult {
    let result = match (submission.inner_hash, outcome) {
        (_, Err(Failure::Envelope(code))) => void(code),
        (_, Err(Failure::Outbid(_))) => void(Code::TxInsufficientFee),
        (None, Err(Failure::Transaction(code))) => void(code),
        (None, Err(Failure::Operations(list))) => TransactionResultResult::TxFailed(bounded(list)),
        (None, Ok(list)) => TransactionResultResult::TxSuccess(bounded(list)),
        (Some(hash), outcome) => bumped(hash, outcome),
    };
    TransactionResult {
        fee_charged: fee,
        result,
        ext: TransactionResultExt::V0,
    }
}

/// The operations that there are, in words; [`initial`] knows them.
pub(crate) const OPERATIONS: &str =
    "invoke host function, extend footprint TTL, restore footprint, create account, payment, change trust, set options \
     (flags alone)";

/// What an operation comes to before it is looked at.
pub(crate) fn initial(body: &OperationBody) -> OperationResult {
    let success = match body {
        OperationBody::CreateAccount(_) => {
            OperationResultTr::CreateAccount(CreateAccountResult::Success)
        }
        OperationBody::Payment(_) => OperationResultTr::Payment(PaymentResult::Success),
        OperationBody::ChangeTrust(_) => OperationResultTr::ChangeTrust(ChangeTrustResult::Success),
        OperationBody::SetOptions(_) => OperationResultTr::SetOptions(SetOptionsResult::Success),
        OperationBody::InvokeHostFunction(_) => OperationResultTr::InvokeHostFunction(
            InvokeHostFunctionResult::Success(Hash::default()),
        ),
        OperationBody::ExtendFootprintTtl(_) => {
            OperationResultTr::ExtendFootprintTtl(ExtendFootprintTtlResult::Success)
        }
        OperationBody::RestoreFootprint(_) => {
            OperationResultTr::RestoreFootprint(RestoreFootprintResult::Success)
        }
        _ => return OperationResult::OpNotSupported,
    };
    OperationResult::OpInner(success)
}

fn bumped(
    hash: [u8; 32],
    outcome: Result<Vec<OperationResult>, Failure>,
) -> TransactionResultResult {
    let is_success = outcome.is_ok();
    let result = match outcome {
        Ok(list) => InnerTransactionResultResult::TxSuccess(bounded(list)),
        Err(Failure::Operations(list)) => InnerTransactionResultResult::TxFailed(bounded(list)),
        Err(Failure::Transaction(code) | Failure::Envelope(code)) => inner_void(code),
        Err(Failure::Outbid(_)) => inner_void(Code::TxInsufficientFee),
    };
    let pair = InnerTransactionResultPair {
        transaction_hash: Hash(hash),
        result: InnerTransactionResult {
            // The fee bump pays.
            fee_charged: 0,
            result,
            ext: InnerTransactionResultExt::V0,
        },
    };
    if is_success {
        TransactionResultResult::TxFeeBumpInnerSuccess(pair)
    } else {
        TransactionResultResult::TxFeeBumpInnerFailed(pair)
    }
}

/// A transaction has 100 operations at most, so this never cuts.
fn bounded(list: Vec<OperationResult>) -> VecM<OperationResult> {
    list.try_into().unwrap_or_default()
}

macro_rules! codes_without_more {
    ($($name:ident)*) => {
        fn void(code: Code) -> TransactionResultResult {
            match code {
                $(Code::$name => TransactionResultResult::$name,)*
                _ => TransactionResultResult::TxInternalError,
            }
        }

        fn inner_void(code: Code) -> InnerTransactionResultResult {
            match code {
                $(Code::$name => InnerTransactionResultResult::$name,)*
                _ => InnerTransactionResultResult::TxInternalError,
            }
        }
    };
}
codes_without_more! {
    TxTooEarly TxTooLate TxMissingOperation TxBadSeq TxBadAuth TxInsufficientBalance TxNoAccount
    TxInsufficientFee TxBadAuthExtra TxNotSupported TxBadMinSeqAgeOrGap TxMalformed TxSorobanInvalid
}

#[cfg(test)]
mod tests {
    use super::OPERATIONS;

    #[test]
    fn the_readme_lists_the_operations() {
        let readme = include_str!("../../README.md");
        let words: Vec<_> = readme.split_whitespace().collect();
        assert!(words.join(" ").contains(OPERATIONS), "{OPERATIONS}");
    }
}
