#![no_std]
//! The registry of identities: which identity a wallet has made.
//!
//! It deploys the identity itself, of one code and owned by the wallet that asks. So an entry always means what it says: no
//! identity serves two wallets, and none is of a code that answers as it likes. It has no owner, and knows nothing of countries.
//! A wallet that was lost is not moved: the new one makes an identity of its own, and the issuer signs for that.
//! Source of the interface: OpenZeppelin's `IdentityRegistryStorage`.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use entries::{extend_instance, found, founded, get, set};
use interfaces::identity::{IdentityError, IdentityRegistry as IdentityRegistryInterface};
use soroban_sdk::xdr::ToXdr;
use soroban_sdk::{contract, contractimpl, contracttype, Address, BytesN, ContractExecutable, Env};
use stellar_tokens::rwa::identity_verification::identity_registry_storage::emit_identity_stored;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

/// Keys of all entries.
#[contracttype]
enum DataKey {
    /// Instance: the code of identities.
    Code,
    /// The identity of a wallet.
    Identity(Address),
}

/// The registry.
#[contract]
pub struct IdentityRegistry;

#[contractimpl]
impl IdentityRegistry {
    /// The code of the identities that it makes, for good.
    pub fn __constructor(env: Env, identity_code: BytesN<32>) {
        found(&env, &DataKey::Code, &identity_code);
    }

    /// Makes the identity of a wallet, which owns it. The wallet. Errors: `AlreadyRegistered`. Events: `IdentityStored`.
    pub fn register(env: Env, account: Address) -> Result<Address, IdentityError> {
        account.require_auth();
        let key = DataKey::Identity(account.clone());
        if get::<Address>(&env, &key).is_some() {
            return Err(IdentityError::AlreadyRegistered);
        }
        let salt = env.crypto().sha256(&account.clone().to_xdr(&env));
        let code = ContractExecutable::Wasm(founded(&env, &DataKey::Code));
        let deployer = env.deployer().with_current_contract(salt);
        let identity = deployer.deploy_contract(code, (account.clone(),));
        set(&env, &key, &identity);
        extend_instance(&env);
        emit_identity_stored(&env, &account, &identity);
        Ok(identity)
    }
}

#[contractimpl]
impl IdentityRegistryInterface for IdentityRegistry {
    fn stored_identity(env: Env, account: Address) -> Result<Address, IdentityError> {
        get(&env, &DataKey::Identity(account)).ok_or(IdentityError::NoIdentity)
    }
}
