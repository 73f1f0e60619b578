//! What is read of positions' answers. The host drops the fields that are not named here, which keeps this contract small;
//! the whole types are in `interfaces`.

use interfaces::position::Taken;
use soroban_sdk::{contractclient, contracttype, Address, Env};

/// Of `interfaces::position::Account`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The borrower.
    pub owner: Address,
}

/// Of `interfaces::position::Watch`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// What is missing and is not settled.
    pub taken: Taken,
}

/// Of a position.
#[contractclient(name = "AccountClient")]
#[allow(dead_code)]
trait Accounts {
    /// What a position is.
    fn account(env: Env) -> Account;
    /// What it remembers, if it is watched.
    fn look(env: Env) -> Option<Watch>;
}
