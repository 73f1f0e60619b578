//! A call as the host takes it.

use stellar_xdr::{HostFunction, InvokeContractArgs, ScAddress, ScSymbol, ScVal};

use crate::value::ValueError;

/// The host function that calls `function` of `contract`.
///
/// # Errors
/// When its name has more than 32 bytes, or there are more than 2^32 arguments.
pub fn contract_call(
    contract: &ScAddress,
    function: &str,
    args: Vec<ScVal>,
) -> Result<HostFunction, ValueError> {
    let name = function.try_into();
    let args = args.try_into();
    Ok(HostFunction::InvokeContract(InvokeContractArgs {
        contract_address: contract.clone(),
        function_name: ScSymbol(name.map_err(|_| ValueError::TooLong("function name"))?),
        args: args.map_err(|_| ValueError::TooLong("arguments"))?,
    }))
}
