//! What is signed of a call besides the transaction, and what is not.

use std::collections::BTreeSet;

use wire::{
    authorisation, created_address,
    xdr::{
        CreateContractArgsV2, HostFunction, InvokeContractArgs, ScAddress,
        SorobanAuthorizationEntry, SorobanAuthorizedFunction,
    },
};

use crate::{
    error::Error,
    signer::{Signed, Signer},
};

/// The function that a contract is made with.
const CONSTRUCTOR: &[u8] = b"__constructor";

/// Calls within a call that may be authorised along with it: the server makes the list of them, and nothing but the called
/// contract decides which of them happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Allowed {
    /// Nothing but the call itself and, where it makes a contract, that one's constructor.
    #[default]
    Nothing,
    /// These functions of these contracts besides, with any arguments.
    These(Vec<(ScAddress, String)>),
    /// Whatever the server says. For a server of one's own.
    Any,
}

impl Allowed {
    fn has(&self, call: &InvokeContractArgs) -> bool {
        match self {
            Self::Nothing => false,
            Self::These(calls) => calls.iter().any(|(contract, function)| {
                *contract == call.contract_address
                    && function.as_bytes() == call.function_name.as_slice()
            }),
            Self::Any => true,
        }
    }
}

/// Refuses authorisations that are not of the call `function` by `source`, that ask anyone twice, or that authorise more
/// calls than are allowed.
pub(crate) fn judge(
    function: &HostFunction,
    entries: &[SorobanAuthorizationEntry],
    source: &ScAddress,
    allowed: &Allowed,
    network_id: [u8; 32],
) -> Result<(), Error> {
    let mut asked = BTreeSet::new();
    for entry in entries {
        let is_first = asked.insert(authorisation::signatory(entry).unwrap_or(source));
        if !is_first || !is_of(function, entry) {
            return Err(Error::ForeignAuthorisation(Box::new(entry.clone())));
        }
        let mut within: Vec<_> = entry.root_invocation.sub_invocations.iter().collect();
        while let Some(invocation) = within.pop() {
            let is_allowed = match &invocation.function {
                SorobanAuthorizedFunction::ContractFn(call) => {
                    allowed.has(call) || is_constructor(function, call, network_id)?
                }
                _ => *allowed == Allowed::Any,
            };
            if !is_allowed {
                return Err(Error::CallNotAllowed(Box::new(invocation.function.clone())));
            }
            within.extend(invocation.sub_invocations.iter());
        }
    }
    Ok(())
}

/// Whether an authorisation is one of the call `function` and not of something that the server made up.
fn is_of(function: &HostFunction, entry: &SorobanAuthorizationEntry) -> bool {
    match (function, &entry.root_invocation.function) {
        (HostFunction::InvokeContract(call), SorobanAuthorizedFunction::ContractFn(root)) => {
            call == root
        }
        (
            HostFunction::CreateContract(args),
            SorobanAuthorizedFunction::CreateContractHostFn(root),
        ) => args == root,
        (
            HostFunction::CreateContractV2(args),
            SorobanAuthorizedFunction::CreateContractV2HostFn(root),
        ) => args == root,
        _ => false,
    }
}

/// Whether `call` is the constructor of the contract that `function` makes, with the arguments given to it.
fn is_constructor(
    function: &HostFunction,
    call: &InvokeContractArgs,
    network_id: [u8; 32],
) -> Result<bool, Error> {
    let HostFunction::CreateContractV2(CreateContractArgsV2 {
        contract_id_preimage,
        constructor_args,
        ..
    }) = function
    else {
        return Ok(false);
    };
    let made = created_address(network_id, contract_id_preimage)?;
    Ok(call.contract_address == made
        && call.function_name.as_slice() == CONSTRUCTOR
        && call.args == *constructor_args)
}

/// Signs the entries that ask for a signature, valid up to ledger `expiration`. Nobody signs while a signer is missing.
pub(crate) async fn authorise(
    entries: &mut [SorobanAuthorizationEntry],
    signers: &[&dyn Signer],
    network_id: [u8; 32],
    expiration: u32,
) -> Result<(), Error> {
    let mut wanted = Vec::new();
    for entry in entries {
        let Some(address) = authorisation::signatory(entry).cloned() else {
            continue;
        };
        let signer = signers.iter().find(|signer| signer.address() == address);
        let preimage = authorisation::preimage(entry, network_id, expiration);
        let (Some(signer), Some(preimage)) = (signer, preimage) else {
            return Err(Error::MissingSignature(address));
        };
        wanted.push((entry, *signer, preimage));
    }
    for (entry, signer, preimage) in wanted {
        let hash = authorisation::payload(&preimage)?;
        let signature = signer.sign(&hash, Signed::Authorisation(&preimage)).await?;
        authorisation::attach(entry, signer.public_key(), signature, expiration)?;
    }
    Ok(())
}

/// The last ledger in which any of the signatures in `entries` is valid; `None` when there are none.
pub(crate) fn valid_until(entries: &[SorobanAuthorizationEntry]) -> Option<u32> {
    entries.iter().filter_map(authorisation::valid_until).max()
}
