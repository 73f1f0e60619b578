#![no_std]
//! An issuer of claims: which keys sign for it, and what it has revoked.
//!
//! It belongs to the issuer, not to the protocol: a verifier trusts it or does not. Claims are signed off chain by ed25519 over
//! network, this contract, identity, topic, nonce and data, so a signature is good for one identity here and nowhere else.
//! Every check asks again, so a claim that is revoked or over stops working where it is.
//! Source: OpenZeppelin's `ClaimIssuer` and its helpers.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use entries::extend_instance;
use interfaces::identity::{IdentityError, DATA_TIMES, DATA_WITH_CREDENTIAL};
use soroban_sdk::{contract, contractimpl, panic_with_error, Address, Bytes, BytesN, Env};
use stellar_access::ownable::{self, Ownable};
use stellar_macros::only_owner;
use stellar_tokens::rwa::identity_verification::claim_issuer::{
    self as claims, ClaimIssuer as ClaimIssuerInterface, Ed25519Verifier, SignatureVerifier,
};

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

/// Ed25519, by the number that OpenZeppelin's example gives it.
pub const ED25519: u32 = 101;

/// One issuer.
#[contract]
pub struct ClaimIssuer;

#[contractimpl]
impl ClaimIssuer {
    /// Whose it is: who sets its keys and revokes.
    pub fn __constructor(env: Env, owner: Address) {
        ownable::set_owner(&env, &owner);
    }

    /// Lets a key sign claims of a topic for a verifier that trusts this issuer with it. The owner. Errors: OpenZeppelin's (350 to
    /// 359, 371). Events: `KeyAllowed`.
    #[only_owner]
    pub fn allow_key(env: Env, public_key: BytesN<32>, verifier: Address, claim_topic: u32) {
        claims::allow_key(&env, &public_key.into(), &verifier, ED25519, claim_topic);
        extend_instance(&env);
    }

    /// Takes that back; what the key signed is refused once no verifier is left that it signs this topic for. The owner. Errors:
    /// OpenZeppelin's. Events: `KeyRemoved`.
    #[only_owner]
    pub fn remove_key(env: Env, public_key: BytesN<32>, verifier: Address, claim_topic: u32) {
        claims::remove_key(&env, &public_key.into(), &verifier, ED25519, claim_topic);
    }

    /// Revokes one claim for good. The owner. Events: `ClaimRevoked`.
    #[only_owner]
    pub fn revoke(env: Env, identity: Address, claim_topic: u32, claim_data: Bytes) {
        claims::set_claim_revoked(&env, &identity, claim_topic, &claim_data, true);
        extend_instance(&env);
    }

    /// Revokes all claims of a topic that were signed for an identity; those to come are signed with the next nonce. The owner.
    /// Events: `SignaturesInvalidated`.
    #[only_owner]
    pub fn revoke_all(env: Env, identity: Address, claim_topic: u32) {
        claims::invalidate_claim_signatures(&env, &identity, claim_topic);
        extend_instance(&env);
    }

    /// The nonce to sign the next claim with. Anyone.
    pub fn nonce(env: Env, identity: Address, claim_topic: u32) -> u32 {
        claims::get_current_nonce_for(&env, &identity, claim_topic)
    }
}

#[contractimpl]
impl ClaimIssuerInterface for ClaimIssuer {
    /// Fails unless the claim is this issuer's, in time and not revoked. Anyone. Errors: `UnsupportedScheme`,
    /// `SignatureMalformed`, `DataMalformed`, `KeyNotAllowed`, `Expired`, `Revoked`; for a wrong signature the host's, without a code.
    fn is_claim_valid(
        e: &Env,
        identity: Address,
        claim_topic: u32,
        scheme: u32,
        sig_data: Bytes,
        claim_data: Bytes,
    ) {
        require_well_formed(e, scheme, &sig_data, &claim_data);
        let signed = Ed25519Verifier::extract_signature_data(e, &sig_data);
        let key: Bytes = signed.public_key.clone().into();
        if !claims::is_key_allowed_for_topic(e, &key, scheme, claim_topic) {
            panic_with_error!(e, IdentityError::KeyNotAllowed);
        }
        if claims::is_claim_expired(e, &claim_data) {
            panic_with_error!(e, IdentityError::Expired);
        }
        if claims::is_claim_revoked(e, &identity, claim_topic, &claim_data) {
            panic_with_error!(e, IdentityError::Revoked);
        }
        extend_instance(e);
        let message = Ed25519Verifier::build_message(e, &identity, claim_topic, &claim_data);
        Ed25519Verifier::verify(e, &message, &signed);
    }
}

fn require_well_formed(env: &Env, scheme: u32, signature: &Bytes, data: &Bytes) {
    if scheme != ED25519 {
        panic_with_error!(env, IdentityError::UnsupportedScheme);
    }
    if signature.len() != Ed25519Verifier::expected_sig_data_len() {
        panic_with_error!(env, IdentityError::SignatureMalformed);
    }
    if data.len() != DATA_TIMES && data.len() != DATA_WITH_CREDENTIAL {
        panic_with_error!(env, IdentityError::DataMalformed);
    }
}

#[contractimpl(contracttrait)]
impl Ownable for ClaimIssuer {}
