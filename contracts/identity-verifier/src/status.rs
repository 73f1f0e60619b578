//! Whether an account is verified, and why not. One walk answers both, so that what a wallet tells its user is what the cover pool
//! found. Source: OpenZeppelin's `verify_identity`, but that it skips a topic without trusted issuers.

use interfaces::identity::{IdentityError, IdentityRegistryClient};
use soroban_sdk::xdr::ScErrorType;
use soroban_sdk::{Address, Env, Vec};
use stellar_tokens::rwa::identity_verification::claim_issuer::ClaimIssuerClient;
use stellar_tokens::rwa::identity_verification::claim_topics_and_issuers::storage as trusted;
use stellar_tokens::rwa::identity_verification::identity_claims::{
    generate_claim_id, Claim, IdentityClaimsClient,
};

/// The code of an account that is verified.
pub const VERIFIED: u32 = 0;

/// [`VERIFIED`], or the code of the first thing that is wrong.
pub fn status(env: &Env, registry: &Address, account: &Address) -> u32 {
    let registry = IdentityRegistryClient::new(env, registry);
    let Ok(Ok(identity)) = registry.try_stored_identity(account) else {
        return IdentityError::NoIdentity as u32;
    };
    let required = trusted::get_claim_topics_and_issuers(env);
    if required.is_empty() {
        return IdentityError::NotSetUp as u32;
    }
    let mut of_topics = required
        .iter()
        .map(|(topic, issuers)| topic_status(env, &identity, topic, &issuers));
    of_topics.find(|code| *code != VERIFIED).unwrap_or(VERIFIED)
}

/// Of one topic: one valid claim is enough, whichever of the trusted issuers it is of.
fn topic_status(env: &Env, identity: &Address, topic: u32, issuers: &Vec<Address>) -> u32 {
    if issuers.is_empty() {
        return IdentityError::NotSetUp as u32;
    }
    let claims = IdentityClaimsClient::new(env, identity);
    let held = claims.get_claim_ids_by_topic(&topic);
    let mut refusal = if held.is_empty() {
        IdentityError::ClaimMissing as u32
    } else {
        IdentityError::UntrustedIssuer as u32
    };
    for issuer in issuers {
        let id = generate_claim_id(env, &issuer, topic);
        if held.contains(&id) {
            refusal = claim_status(env, identity, topic, &issuer, &claims.get_claim(&id));
            if refusal == VERIFIED {
                break;
            }
        }
    }
    refusal
}

/// What the issuer says of a claim now. A wrong signature ends its call without a code.
fn claim_status(env: &Env, identity: &Address, topic: u32, issuer: &Address, claim: &Claim) -> u32 {
    let answer = ClaimIssuerClient::new(env, issuer).try_is_claim_valid(
        identity,
        &topic,
        &claim.scheme,
        &claim.signature,
        &claim.data,
    );
    match answer {
        Ok(Ok(())) => VERIFIED,
        Err(Ok(error)) if error.is_type(ScErrorType::Contract) => error.get_code(),
        _ => IdentityError::SignatureRefused as u32,
    }
}
