#![no_std]
//! A list of sanctioned accounts. What the cover pool owes them stays where it is until they are off the list.
//!
//! The owner appoints a screener, who alone adds and removes. Its code is fixed; the cover pool can be given another list, or none.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use entries::{extend_instance, found, founded, get, remove, set};
use interfaces::identity::Sanctions as SanctionsInterface;
use soroban_sdk::{contract, contractevent, contractimpl, contracttype, Address, Env, Vec};
use stellar_access::ownable::{self, Ownable};
use stellar_macros::only_owner;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

/// Keys of all entries.
#[contracttype]
enum DataKey {
    /// Instance: who adds and removes.
    Screener,
    /// An account that is on the list.
    Sanctioned(Address),
}

/// Who adds and removes from now on.
#[contractevent(data_format = "single-value")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenerAppointed {
    /// The screener.
    pub screener: Address,
}

/// An account was put on the list.
#[contractevent]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The account.
    #[topic]
    pub account: Address,
}

/// An account was taken off the list.
#[contractevent]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delisted {
    /// The account.
    #[topic]
    pub account: Address,
}

/// The list.
#[contract]
pub struct Sanctions;

#[contractimpl]
impl Sanctions {
    /// Who appoints the screener, and the first one.
    pub fn __constructor(env: Env, owner: Address, screener: Address) {
        ownable::set_owner(&env, &owner);
        found(&env, &DataKey::Screener, &screener);
    }

    /// Appoints another screener in place of the present one. The owner. Events: `ScreenerAppointed`.
    #[only_owner]
    pub fn appoint(env: Env, screener: Address) {
        found(&env, &DataKey::Screener, &screener);
        extend_instance(&env);
        ScreenerAppointed { screener }.publish(&env);
    }

    /// Puts accounts on the list; one that is there already stays. The screener. Events: `Listed` for each that is new.
    pub fn add(env: Env, accounts: Vec<Address>) {
        Self::screener(env.clone()).require_auth();
        for account in accounts {
            let key = DataKey::Sanctioned(account.clone());
            if !is_listed(&env, &key) {
                set(&env, &key, &());
                Listed { account }.publish(&env);
            }
        }
        extend_instance(&env);
    }

    /// Takes accounts off the list; one that is not there is passed over. The screener. Events: `Delisted` for each that was there.
    pub fn remove(env: Env, accounts: Vec<Address>) {
        Self::screener(env.clone()).require_auth();
        for account in accounts {
            let key = DataKey::Sanctioned(account.clone());
            if is_listed(&env, &key) {
                remove(&env, &key);
                Delisted { account }.publish(&env);
            }
        }
        extend_instance(&env);
    }

    /// Who adds and removes. Anyone.
    pub fn screener(env: Env) -> Address {
        founded(&env, &DataKey::Screener)
    }
}

#[contractimpl]
impl SanctionsInterface for Sanctions {
    fn is_sanctioned(env: Env, account: Address) -> bool {
        extend_instance(&env);
        is_listed(&env, &DataKey::Sanctioned(account))
    }
}

#[contractimpl(contracttrait)]
impl Ownable for Sanctions {}

fn is_listed(env: &Env, key: &DataKey) -> bool {
    get::<()>(env, key).is_some()
}
