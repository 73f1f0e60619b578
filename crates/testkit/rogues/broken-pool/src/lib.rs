#![no_std]
//! What the address of a cover pool answers once its code is broken: a pool is upgraded to this one in tests.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use soroban_sdk::{
    contract, contractimpl, contracttype, symbol_short, Env, IntoVal, Symbol, Val, Vec,
};

/// Where the instance keeps how it fails.
const FAULT: Symbol = symbol_short!("FAULT");

/// How it fails.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Fault {
    /// It traps.
    Trap = 0,
    /// It answers with something else than was asked for.
    Garbage = 1,
    /// It goes on until the budget ends.
    Loop = 2,
}

/// A cover pool with broken code.
#[contract]
pub struct BrokenPool;

#[contractimpl]
impl BrokenPool {
    /// Fail so from now on.
    pub fn fail_by(env: Env, fault: Fault) {
        env.storage().instance().set(&FAULT, &fault);
    }

    /// The pool's `policy`.
    pub fn policy(env: Env, _interest: Val) -> Val {
        fail(&env)
    }

    /// The pool's `pay`.
    pub fn pay(env: Env, _interest: Val, _loss: Val, _bounty_to: Val) -> Val {
        fail(&env)
    }
}

#[allow(clippy::panic)] // That is what this contract is for.
fn fail(env: &Env) -> Val {
    match env.storage().instance().get(&FAULT).unwrap_or(Fault::Trap) {
        Fault::Trap => panic!("broken"),
        Fault::Garbage => Vec::from_array(env, [1_u32, 2, 3]).into_val(env),
        Fault::Loop => loop {
            env.ledger().timestamp();
        },
    }
}
