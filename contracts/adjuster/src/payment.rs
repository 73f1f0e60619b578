//! Transfers of the calling contract's own money that a contract it calls will make.

use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::{vec, Address, Env, IntoVal, Symbol, Vec};

/// Signs one transfer of `amount` of `asset` to `to`, for the next call alone.
pub fn authorise_transfer(env: &Env, asset: &Address, to: &Address, amount: i128) {
    let context = ContractContext {
        contract: asset.clone(),
        fn_name: Symbol::new(env, "transfer"),
        args: (env.current_contract_address(), to, amount).into_val(env),
    };
    let invocation = SubContractInvocation {
        context,
        sub_invocations: Vec::new(env),
    };
    let entry = InvokerContractAuthEntry::Contract(invocation);
    env.authorize_as_current_contract(vec![env, entry]);
}
