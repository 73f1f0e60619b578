//! Handing money on: the cover pool has sent it to this contract, in the same call.

use actuary::Assets;
use adjuster::payment::authorise_transfer;
use interfaces::platform::{Beneficiary, InsuredPlatformClient};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env};

use crate::storage;

/// Repays a loan that owes `debt` with at most `amount`; what its debt does not take is its owner's.
pub fn repay(env: &Env, platform: &Address, loan: &Address, debt: Assets, amount: i128) {
    let part = debt.raw().min(amount);
    let mut rest = amount;
    if part > 0 {
        authorise_transfer(env, &storage::asset(env), platform, part);
        let adapter = env.current_contract_address();
        let repaid = InsuredPlatformClient::new(env, platform).repay(loan, &adapter, &part);
        rest = amount.saturating_sub(repaid);
    }
    compensate(env, platform, &Beneficiary::Borrower(loan.clone()), rest);
}

/// Has the platform book money for the lenders, or for a loan and its owner.
pub fn compensate(env: &Env, platform: &Address, beneficiary: &Beneficiary, amount: i128) {
    if amount <= 0 {
        return;
    }
    authorise_transfer(env, &storage::asset(env), platform, amount);
    let adapter = env.current_contract_address();
    InsuredPlatformClient::new(env, platform).compensate(&adapter, beneficiary, &amount);
}

/// Sends money to a platform that is on the stack, and will book it itself.
pub fn send(env: &Env, platform: &Address, amount: i128) {
    token(env).transfer(&env.current_contract_address(), platform, &amount);
}

/// The loan asset's client.
pub fn token(env: &Env) -> TokenClient<'_> {
    TokenClient::new(env, &storage::asset(env))
}
