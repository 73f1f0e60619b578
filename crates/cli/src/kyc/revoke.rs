//! The call by which an issuer takes a claim back.

use localnet::xdr::{InvokeContractArgs, Limits, ScBytes, ScSymbol, ScVal, WriteXdr};
use serde::Serialize;

use super::claim::{Claim, ContractId};
use super::error::KycError;

/// What is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This claim alone.
    Claim,
    /// Every claim of this topic that was signed for this identity with the nonce of now.
    All,
}

/// A call that somebody signs and sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The issuer's contract.
    pub contract: ContractId,
    /// Its function.
    pub function: &'static str,
    /// Its arguments, in order.
    pub args: Vec<Argument>,
    /// All of it as `InvokeContractArgs`, base64 of its XDR.
    pub xdr: String,
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Argument {
    /// What it is called.
    pub name: &'static str,
    /// It, to be read; bytes are hexadecimal.
    pub value: String,
    /// It, base64 of its XDR.
    pub xdr: String,
}

/// The call that revokes a claim, or all of its topic and identity. The owner of the issuer's contract must sign it.
pub fn revocation(claim: &Claim, scope: Scope) -> Result<Call, KycError> {
    let mut args = vec![
        (
            "identity",
            claim.identity.to_string(),
            claim.identity.to_scval(),
        ),
        (
            "claim_topic",
            claim.topic.to_string(),
            ScVal::U32(claim.topic),
        ),
    ];
    let function = match scope {
        Scope::All => "revoke_all",
        Scope::Claim => {
            let data = claim.data.clone().try_into().map_err(unencodable)?;
            let data = ScVal::Bytes(ScBytes(data));
            args.push(("claim_data", hex::encode(&claim.data), data));
            "revoke"
        }
    };
    let values: Vec<_> = args.iter().map(|(_, _, value)| value.clone()).collect();
    let invocation = InvokeContractArgs {
        contract_address: claim.issuer.address().clone(),
        function_name: ScSymbol(function.try_into().map_err(unencodable)?),
        args: values.try_into().map_err(unencodable)?,
    };
    let argument = |(name, value, scval): (_, _, ScVal)| {
        let xdr = base64(&scval)?;
        Ok(Argument { name, value, xdr })
    };
    Ok(Call {
        contract: claim.issuer.clone(),
        function,
        args: args.into_iter().map(argument).collect::<Result<_, _>>()?,
        xdr: base64(&invocation)?,
    })
}

fn base64(value: &impl WriteXdr) -> Result<String, KycError> {
    value.to_xdr_base64(Limits::none()).map_err(unencodable)
}

fn unencodable(error: localnet::xdr::Error) -> KycError {
    KycError::Encoding(error.to_string())
}
