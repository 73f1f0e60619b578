//! Transfers of the calling contract's own money: that a contract it calls will make, and to owners who may not be able to receive
//! it.

use interfaces::adapter::AdapterError;
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{vec, Address, Env, IntoVal, Symbol, Vec};

use crate::storage;

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

/// Pays an owner, or keeps it for them: an owner who cannot receive must not be able to stop a foreclosure.
pub fn deliver(env: &Env, asset: &Address, owner: &Address, amount: i128) {
    if amount == 0 {
        return;
    }
    let token = TokenClient::new(env, asset);
    let delivered = token.try_transfer(&env.current_contract_address(), owner, &amount);
    if !matches!(delivered, Ok(Ok(()))) {
        let waiting = storage::uncollected(env, owner).saturating_add(amount);
        storage::set_uncollected(env, owner, waiting);
    }
}

/// Pays an owner what could not be delivered before. Returns it.
pub fn collect(env: &Env, asset: &Address, owner: &Address) -> Result<i128, AdapterError> {
    let amount = storage::uncollected(env, owner);
    if amount == 0 {
        return Err(AdapterError::NothingToCollect);
    }
    storage::set_uncollected(env, owner, 0);
    let adapter = env.current_contract_address();
    TokenClient::new(env, asset).transfer(&adapter, owner, &amount);
    Ok(amount)
}
