mod auth;
mod entries;
mod validity;

use ed25519_dalek::{Signer, SigningKey};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, Ledger as _};
use soroban_sdk::xdr::ToXdr;
use soroban_sdk::{contract, contractimpl, Address, Bytes, BytesN, Env};

use crate::{ClaimIssuer, ClaimIssuerClient, ED25519};

pub const TOPIC: u32 = 1;
pub const NOW: u64 = 1_767_225_600;
pub const YEAR: u64 = 31_536_000;

/// A verifier that trusts every issuer with everything.
#[contract]
pub struct Trusting;

#[contractimpl]
impl Trusting {
    pub fn has_claim_topic(_env: Env, _issuer: Address, _claim_topic: u32) -> bool {
        true
    }
}

/// A claim as an identity would hold it.
#[derive(Clone)]
pub struct Claim {
    pub identity: Address,
    pub topic: u32,
    pub scheme: u32,
    pub signature: Bytes,
    pub data: Bytes,
}

/// An issuer whose key may sign one topic, and somebody's identity.
pub struct World {
    pub env: Env,
    pub owner: Address,
    pub verifier: Address,
    pub issuer: ClaimIssuerClient<'static>,
    pub key: SigningKey,
    pub identity: Address,
}

impl World {
    pub fn new() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.ledger().set_timestamp(NOW);
        let owner = Address::generate(&env);
        let verifier = env.register(Trusting, ());
        let issuer = ClaimIssuerClient::new(&env, &env.register(ClaimIssuer, (&owner,)));
        let world = Self {
            identity: Address::generate(&env),
            key: SigningKey::from_bytes(&[7; 32]),
            env,
            owner,
            verifier,
            issuer,
        };
        world.allow(&world.key, TOPIC);
        world
    }

    pub fn allow(&self, key: &SigningKey, topic: u32) {
        let issuer = self.issuer.mock_all_auths();
        issuer.allow_key(&self.public(key), &self.verifier, &topic);
        self.env.set_auths(&[]);
    }

    pub fn public(&self, key: &SigningKey) -> BytesN<32> {
        BytesN::from_array(&self.env, &key.verifying_key().to_bytes())
    }

    /// The two times, and with `credential` a number after them.
    pub fn data(&self, from: u64, until: u64, credential: Option<[u8; 16]>) -> Bytes {
        let mut data = Bytes::from_array(&self.env, &from.to_be_bytes());
        data.extend_from_array(&until.to_be_bytes());
        if let Some(number) = credential {
            data.extend_from_array(&number);
        }
        data
    }

    /// What is signed, put together here as the documents say, not by the contract's own code.
    pub fn message(&self, claim: &Claim, issuer: &Address, nonce: u32) -> Bytes {
        let env = &self.env;
        let mut message = Bytes::from_array(env, &[1]);
        message.append(&env.ledger().network_id().into());
        message.append(&issuer.clone().to_xdr(env));
        message.append(&claim.identity.clone().to_xdr(env));
        message.extend_from_array(&claim.topic.to_be_bytes());
        message.extend_from_array(&nonce.to_be_bytes());
        message.append(&claim.data);
        message
    }

    pub fn sign(&self, claim: &Claim, key: &SigningKey, nonce: u32) -> Bytes {
        let message = self.message(claim, &self.issuer.address, nonce);
        let message: std::vec::Vec<u8> = message.iter().collect();
        let mut signature = Bytes::from(self.public(key));
        signature.extend_from_array(&key.sign(&message).to_bytes());
        signature
    }

    /// A year's claim that the key signed.
    pub fn claim(&self) -> Claim {
        self.claim_with(self.data(NOW, NOW + YEAR, None), 0)
    }

    pub fn claim_with(&self, data: Bytes, nonce: u32) -> Claim {
        let mut claim = Claim {
            identity: self.identity.clone(),
            topic: TOPIC,
            scheme: ED25519,
            signature: Bytes::new(&self.env),
            data,
        };
        claim.signature = self.sign(&claim, &self.key, nonce);
        claim
    }

    /// Nothing when it is valid; else the code, or none where the host refused.
    pub fn check(&self, claim: &Claim) -> Result<(), Option<u32>> {
        let answer = self.issuer.try_is_claim_valid(
            &claim.identity,
            &claim.topic,
            &claim.scheme,
            &claim.signature,
            &claim.data,
        );
        match answer {
            Ok(Ok(())) => Ok(()),
            Err(Ok(error)) if error.is_type(soroban_sdk::xdr::ScErrorType::Contract) => {
                Err(Some(error.get_code()))
            }
            _ => Err(None),
        }
    }

    pub fn pass(&self, seconds: u64) {
        let now = self.env.ledger().timestamp();
        self.env.ledger().set_timestamp(now + seconds);
    }
}
