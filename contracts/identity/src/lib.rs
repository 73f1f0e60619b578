#![no_std]
//! An identity: what issuers have confirmed about one person, without saying who it is.
//!
//! A registry makes it for a wallet, which owns it for good. Its claims are signed by issuers over its address, so they are worth
//! nothing in another identity. They say that a topic was checked, when, and until when: nothing of the person is in them.
//! Source: OpenZeppelin's `IdentityClaims`.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use entries::{extend_instance, found, founded};
use interfaces::identity::{IdentityError, DATA_TIMES, DATA_WITH_CREDENTIAL};
use soroban_sdk::xdr::ScErrorType;
use soroban_sdk::{
    contract, contractimpl, panic_with_error, symbol_short, Address, Bytes, BytesN, Env, String,
    Symbol, Vec,
};
use stellar_tokens::rwa::identity_verification::claim_issuer::ClaimIssuerClient;
use stellar_tokens::rwa::identity_verification::identity_claims::{self, Claim, IdentityClaims};

/// Instance: whose it is.
const OWNER: Symbol = symbol_short!("owner");

/// The identity of one wallet.
#[contract]
pub struct Identity;

#[contractimpl]
impl Identity {
    /// Whose it is, for good.
    pub fn __constructor(env: Env, owner: Address) {
        found(&env, &OWNER, &owner);
    }

    /// Whose it is. Anyone.
    pub fn owner(env: Env) -> Address {
        founded(&env, &OWNER)
    }

    /// Forgets a claim. The owner. Errors: `ClaimNotFound` of OpenZeppelin (340). Events: `ClaimRemoved`.
    pub fn remove_claim(env: Env, claim_id: BytesN<32>) {
        Self::owner(env.clone()).require_auth();
        identity_claims::remove_claim(&env, &claim_id);
    }
}

#[contractimpl(contracttrait)]
impl IdentityClaims for Identity {
    /// Keeps a claim that its issuer holds valid, instead of the one that the same issuer made of the same topic before. `uri` is
    /// empty. The owner. Errors: `UriNotEmpty`, `DataMalformed`, `SignatureRefused`, the issuer's. Events: `ClaimAdded`,
    /// `ClaimChanged`.
    fn add_claim(
        e: &Env,
        topic: u32,
        scheme: u32,
        issuer: Address,
        signature: Bytes,
        data: Bytes,
        uri: String,
    ) -> BytesN<32> {
        Self::owner(e.clone()).require_auth();
        if !uri.is_empty() {
            panic_with_error!(e, IdentityError::UriNotEmpty);
        }
        if data.len() != DATA_TIMES && data.len() != DATA_WITH_CREDENTIAL {
            panic_with_error!(e, IdentityError::DataMalformed);
        }
        require_valid(e, topic, scheme, &issuer, &signature, &data);
        extend_instance(e);
        identity_claims::add_claim(e, topic, scheme, &issuer, &signature, &data, &uri)
    }
}

/// Asks the issuer before the module does, since a wrong signature ends the call there without a code.
fn require_valid(
    env: &Env,
    topic: u32,
    scheme: u32,
    issuer: &Address,
    signature: &Bytes,
    data: &Bytes,
) {
    let identity = env.current_contract_address();
    let issuer = ClaimIssuerClient::new(env, issuer);
    match issuer.try_is_claim_valid(&identity, &topic, &scheme, signature, data) {
        Ok(Ok(())) => {}
        Err(Ok(error)) if error.is_type(ScErrorType::Contract) => panic_with_error!(env, error),
        _ => panic_with_error!(env, IdentityError::SignatureRefused),
    }
}
