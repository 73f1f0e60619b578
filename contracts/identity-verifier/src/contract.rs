//! Entry points. Topics and issuers are the owner's; anyone asks.

use entries::{extend_instance, found, founded};
use interfaces::identity::IdentityError;
use soroban_sdk::{
    contract, contractimpl, panic_with_error, symbol_short, vec, Address, Env, Error, Map, Symbol,
    Vec,
};
use stellar_access::ownable::{self, Ownable};
use stellar_macros::only_owner;
use stellar_tokens::rwa::identity_verification::claim_topics_and_issuers::{
    storage as trusted, ClaimTopicsAndIssuers,
};
use stellar_tokens::rwa::identity_verification::IdentityVerifier;

use crate::status::{self, VERIFIED};

/// Instance: which identity a wallet has.
const REGISTRY: Symbol = symbol_short!("registry");

/// The verifier of one tier.
#[contract]
pub struct TierVerifier;

#[contractimpl]
impl TierVerifier {
    /// Who sets topics and issuers, the registry of identities, and a first topic with the issuers that are trusted with it.
    /// Errors: OpenZeppelin's (370 to 376).
    pub fn __constructor(
        env: Env,
        owner: Address,
        registry: Address,
        topic: u32,
        issuers: Vec<Address>,
    ) {
        ownable::set_owner(&env, &owner);
        found(&env, &REGISTRY, &registry);
        trusted::add_claim_topic(&env, topic);
        for issuer in issuers {
            trusted::add_trusted_issuer(&env, &issuer, &vec![&env, topic]);
        }
    }

    /// 0 if the account is verified, else the code why it is not: of [`IdentityError`], or of an issuer that has codes of its own.
    /// Anyone.
    pub fn status(env: Env, account: Address) -> u32 {
        status::status(&env, &founded(&env, &REGISTRY), &account)
    }

    /// Which identity a wallet has. Anyone.
    pub fn registry(env: Env) -> Address {
        founded(&env, &REGISTRY)
    }
}

#[contractimpl(contracttrait)]
impl IdentityVerifier for TierVerifier {
    /// Fails with the code of `status` unless that is 0. Anyone.
    fn verify_identity(e: &Env, account: &Address) {
        extend_instance(e);
        let code = status::status(e, &founded(e, &REGISTRY), account);
        if code != VERIFIED {
            panic_with_error!(e, Error::from_contract_error(code));
        }
    }

    /// None: identities are not moved to other wallets.
    fn recovery_target(_e: &Env, _old_account: &Address) -> Option<Address> {
        None
    }

    /// Refuses. Errors: `HeldHere`.
    fn set_claim_topics_and_issuers(
        e: &Env,
        _claim_topics_and_issuers: Address,
        _operator: Address,
    ) {
        panic_with_error!(e, IdentityError::HeldHere);
    }

    /// This contract. Anyone.
    fn claim_topics_and_issuers(e: &Env) -> Address {
        e.current_contract_address()
    }
}

/// What is required and who is trusted. Errors: OpenZeppelin's (370 to 376). `operator` does not matter: the owner signs.
#[contractimpl(contracttrait)]
impl ClaimTopicsAndIssuers for TierVerifier {
    /// Requires another topic: nobody is verified until an issuer is trusted with it. The owner. Events: `ClaimTopicAdded`.
    #[only_owner]
    fn add_claim_topic(e: &Env, claim_topic: u32, _operator: Address) {
        trusted::add_claim_topic(e, claim_topic);
        extend_instance(e);
    }

    /// Requires it no more. The owner. Events: `ClaimTopicRemoved`.
    #[only_owner]
    fn remove_claim_topic(e: &Env, claim_topic: u32, _operator: Address) {
        trusted::remove_claim_topic(e, claim_topic);
        extend_instance(e);
    }

    /// Trusts an issuer with topics that are required. The owner. Events: `TrustedIssuerAdded`.
    #[only_owner]
    fn add_trusted_issuer(
        e: &Env,
        trusted_issuer: Address,
        claim_topics: Vec<u32>,
        _operator: Address,
    ) {
        trusted::add_trusted_issuer(e, &trusted_issuer, &claim_topics);
        extend_instance(e);
    }

    /// Trusts it no more: its claims verify nobody from now on. The owner. Events: `TrustedIssuerRemoved`.
    #[only_owner]
    fn remove_trusted_issuer(e: &Env, trusted_issuer: Address, _operator: Address) {
        trusted::remove_trusted_issuer(e, &trusted_issuer);
        extend_instance(e);
    }

    /// Changes what it is trusted with. The owner. Events: `IssuerTopicsUpdated`.
    #[only_owner]
    fn update_issuer_claim_topics(
        e: &Env,
        trusted_issuer: Address,
        claim_topics: Vec<u32>,
        _operator: Address,
    ) {
        trusted::update_issuer_claim_topics(e, &trusted_issuer, &claim_topics);
        extend_instance(e);
    }
}

#[contractimpl(contracttrait)]
impl Ownable for TierVerifier {}
