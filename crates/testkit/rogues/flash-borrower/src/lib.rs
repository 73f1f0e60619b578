#![no_std]
//! A borrower of Blend's flash loans: makes the calls it was taught with the money in hand, then gives it back.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{
    contract, contractimpl, contracttype, symbol_short, vec, Address, Env, IntoVal, Symbol, Val,
    Vec,
};

/// Where the instance keeps what it was taught.
const STEPS: Symbol = symbol_short!("STEPS");

/// A transfer that a call makes in this contract's name.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The token.
    pub asset: Address,
    /// Who gets it.
    pub to: Address,
    /// How much, in its smallest unit.
    pub amount: i128,
}

/// A call to make.
#[contracttype]
#[derive(Clone, Debug)]
pub struct Step {
    /// The contract.
    pub contract: Address,
    /// Its function.
    pub function: Symbol,
    /// Its arguments.
    pub args: Vec<Val>,
    /// What the call takes from this contract, if anything.
    pub pays: Vec<Payment>,
}

/// The borrower.
#[contract]
pub struct FlashBorrower;

#[contractimpl]
impl FlashBorrower {
    /// Teaches it what to do with the next loan.
    pub fn learn(env: Env, steps: Vec<Step>) {
        env.storage().instance().set(&STEPS, &steps);
    }

    /// Blend's call with the money in hand: makes the calls, and hands the money to whoever borrowed it.
    pub fn exec_op(env: Env, caller: Address, token: Address, amount: i128, _fee: i128) {
        let steps: Vec<Step> = env
            .storage()
            .instance()
            .get(&STEPS)
            .unwrap_or_else(|| vec![&env]);
        for step in steps {
            perform(&env, step);
        }
        TokenClient::new(&env, &token).transfer(&env.current_contract_address(), &caller, &amount);
    }
}

fn perform(env: &Env, step: Step) {
    if !step.pays.is_empty() {
        authorise(env, &step.pays);
    }
    env.invoke_contract::<Val>(&step.contract, &step.function, step.args);
}

/// Allows the next call to make these transfers.
fn authorise(env: &Env, payments: &Vec<Payment>) {
    let mut entries = vec![env];
    for Payment { asset, to, amount } in payments {
        let context = ContractContext {
            contract: asset,
            fn_name: symbol_short!("transfer"),
            args: (env.current_contract_address(), to, amount).into_val(env),
        };
        entries.push_back(InvokerContractAuthEntry::Contract(SubContractInvocation {
            context,
            sub_invocations: vec![env],
        }));
    }
    env.authorize_as_current_contract(entries);
}
