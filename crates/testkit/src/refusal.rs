//! How a test reads that a call was refused, and whose call it is.

use std::fmt::Debug;

use localnet::{
    xdr::{
        InvokeContractArgs, ScSymbol, SorobanAuthorizationEntry, SorobanAuthorizedFunction,
        SorobanAuthorizedInvocation, SorobanCredentials,
    },
    Auth, FromScVal, InvokeError, Keypair, Ledger,
};

use crate::bindings::{Call, OnLedger};

/// Asserts that a call was refused with this code, by whichever contract of its tree.
#[track_caller]
pub fn refused<T: Debug>(result: Result<T, InvokeError>, code: u32, label: &str) {
    match result {
        Err(error) => assert_eq!(error.first_error_code(), Some(code), "{label}: {error}"),
        Ok(value) => panic!("{label}: not refused, {value:?}"),
    }
}

/// Asserts that a call failed for want of a signature.
#[track_caller]
pub fn unauthorised<T: Debug>(result: Result<T, InvokeError>, label: &str) {
    let is_unauthorised = matches!(result, Err(InvokeError::Unauthorized { .. }));
    assert!(is_unauthorised, "{label}: {result:?}");
}

/// Asserts that a call succeeds with `signer`'s signature and fails without it; leaves the ledger as it was.
#[track_caller]
pub fn guarded<R: FromScVal + Debug + Clone>(ledger: &Ledger, signer: &Keypair, call: Call<R>) {
    let before = ledger.snapshot();
    let stranger = Keypair::named("keeper");
    unauthorised(call.clone().send(ledger, &stranger), call.function);
    let accepted = call.clone().send_signed(ledger, &stranger, &[signer]);
    if let Err(error) = accepted {
        panic!("{} with the signature: {error}", call.function);
    }
    ledger.revert(&before);
}

/// Asserts that a call is not `caller`'s to make: they sign it, nothing beyond it, and nobody else signs.
#[track_caller]
pub fn closed<R: FromScVal + Debug>(ledger: &Ledger, caller: &Keypair, call: Call<R>) {
    let (function, own) = (call.function, only_sender(&call));
    unauthorised(
        call.outcome(ledger, caller, Auth::Explicit(&[own])),
        function,
    );
}

/// The authorisation that the sender of a call gives by sending it, and no other.
pub fn only_sender<R>(call: &Call<R>) -> SorobanAuthorizationEntry {
    let invocation = InvokeContractArgs {
        contract_address: call.contract.clone(),
        function_name: ScSymbol(call.function.try_into().unwrap()),
        args: call.args().unwrap().to_vec().try_into().unwrap(),
    };
    SorobanAuthorizationEntry {
        credentials: SorobanCredentials::SourceAccount,
        root_invocation: SorobanAuthorizedInvocation {
            function: SorobanAuthorizedFunction::ContractFn(invocation),
            sub_invocations: Default::default(),
        },
    }
}
