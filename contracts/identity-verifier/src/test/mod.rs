//! The whole set: registry, identities of the compiled code, issuers and a verifier, with real ed25519 signatures.

mod auth;
mod claims;
mod entries;
mod tier;

use std::{format, fs};

use claim_issuer::{ClaimIssuer, ClaimIssuerClient, ED25519};
use ed25519_dalek::{Signer, SigningKey};
use identity::IdentityClient;
use identity_registry::{IdentityRegistry, IdentityRegistryClient};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, Ledger as _};
use soroban_sdk::xdr::{ScErrorType, ToXdr};
use soroban_sdk::{vec, Address, Bytes, BytesN, Env, Error, InvokeError, String};

use crate::{TierVerifier, TierVerifierClient};

pub const TOPIC: u32 = 1;
pub const NOW: u64 = 1_767_225_600;
pub const YEAR: u64 = 31_536_000;

/// An issuer's contract and the key that signs for it.
pub struct Issuer {
    pub contract: ClaimIssuerClient<'static>,
    pub key: SigningKey,
}

/// A claim, ready to be added.
#[derive(Clone)]
pub struct Claim {
    pub topic: u32,
    pub scheme: u32,
    pub issuer: Address,
    pub signature: Bytes,
    pub data: Bytes,
}

/// A tier that requires one topic, and one issuer that it trusts.
pub struct World {
    pub env: Env,
    pub owner: Address,
    pub registry: IdentityRegistryClient<'static>,
    pub issuer: Issuer,
    pub verifier: TierVerifierClient<'static>,
}

impl World {
    pub fn new() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.ledger().set_timestamp(NOW);
        let owner = Address::generate(&env);
        let folder = env!("CARGO_MANIFEST_DIR");
        let wasm = fs::read(format!("{folder}/../../target/contracts/identity.wasm")).unwrap();
        let code = env.deployer().upload_contract_wasm(wasm.as_slice());
        let registry = env.register(IdentityRegistry, (code,));
        let issuer = issuer(&env, 7);
        let trusted = vec![&env, issuer.contract.address.clone()];
        let args = (&owner, &registry, TOPIC, trusted);
        let verifier = TierVerifierClient::new(&env, &env.register(TierVerifier, args));
        let world = Self {
            registry: IdentityRegistryClient::new(&env, &registry),
            env,
            owner,
            issuer,
            verifier,
        };
        world.allow(&world.issuer, TOPIC);
        world
    }

    /// Lets an issuer's key sign a topic.
    pub fn allow(&self, issuer: &Issuer, topic: u32) {
        let key = BytesN::from_array(&self.env, &issuer.key.verifying_key().to_bytes());
        let contract = issuer.contract.mock_all_auths();
        contract.allow_key(&key, &self.verifier.address, &topic);
        self.env.set_auths(&[]);
    }

    /// Another issuer, trusted with these topics, which its key may sign.
    pub fn trust(&self, seed: u8, topics: &[u32]) -> Issuer {
        let issuer = issuer(&self.env, seed);
        let topics = soroban_sdk::Vec::from_slice(&self.env, topics);
        let verifier = self.verifier.mock_all_auths();
        verifier.add_trusted_issuer(&issuer.contract.address, &topics, &self.owner);
        for topic in topics {
            self.allow(&issuer, topic);
        }
        issuer
    }

    /// A wallet and the identity that it made.
    pub fn person(&self) -> (Address, IdentityClient<'static>) {
        let wallet = Address::generate(&self.env);
        let identity = self.registry.mock_all_auths().register(&wallet);
        self.env.set_auths(&[]);
        (wallet, IdentityClient::new(&self.env, &identity))
    }

    /// The same with a year's claim of the topic.
    pub fn verified(&self) -> (Address, IdentityClient<'static>) {
        let (wallet, identity) = self.person();
        let claim = self.claim(&identity.address);
        self.add(&identity, &claim).unwrap();
        (wallet, identity)
    }

    /// A year's claim of the topic, by the issuer.
    pub fn claim(&self, identity: &Address) -> Claim {
        self.claim_of(&self.issuer, identity, TOPIC, self.data(NOW, NOW + YEAR))
    }

    pub fn claim_of(&self, issuer: &Issuer, identity: &Address, topic: u32, data: Bytes) -> Claim {
        let env = &self.env;
        let contract = &issuer.contract.address;
        let nonce = issuer.contract.nonce(identity, &topic);
        let mut message = Bytes::from_array(env, &[1]);
        message.append(&env.ledger().network_id().into());
        message.append(&contract.clone().to_xdr(env));
        message.append(&identity.clone().to_xdr(env));
        message.extend_from_array(&topic.to_be_bytes());
        message.extend_from_array(&nonce.to_be_bytes());
        message.append(&data);
        let message: std::vec::Vec<u8> = message.iter().collect();
        let mut signature = Bytes::from_array(env, &issuer.key.verifying_key().to_bytes());
        signature.extend_from_array(&issuer.key.sign(&message).to_bytes());
        Claim {
            topic,
            scheme: ED25519,
            issuer: contract.clone(),
            signature,
            data,
        }
    }

    pub fn data(&self, from: u64, until: u64) -> Bytes {
        let mut data = Bytes::from_array(&self.env, &from.to_be_bytes());
        data.extend_from_array(&until.to_be_bytes());
        data
    }

    /// Adds a claim with the signature of whoever must sign; the code when it is refused.
    pub fn add(&self, identity: &IdentityClient<'_>, claim: &Claim) -> Result<BytesN<32>, u32> {
        self.add_with(identity, claim, "")
    }

    pub fn add_with(
        &self,
        identity: &IdentityClient<'_>,
        claim: &Claim,
        uri: &str,
    ) -> Result<BytesN<32>, u32> {
        let Claim {
            topic,
            scheme,
            issuer,
            signature,
            data,
        } = claim;
        let uri = String::from_str(&self.env, uri);
        let identity = identity.mock_all_auths();
        let added = identity.try_add_claim(topic, scheme, issuer, signature, data, &uri);
        self.env.set_auths(&[]);
        code(added)
    }

    /// The status of an account; that the entry the cover pool calls says the same is asserted each time.
    #[track_caller]
    pub fn status(&self, account: &Address) -> u32 {
        let status = self.verifier.status(account);
        let verified = code(self.verifier.try_verify_identity(account));
        let refused = verified.err().unwrap_or(0);
        assert_eq!(refused, status, "verify_identity and status");
        status
    }

    pub fn pass(&self, seconds: u64) {
        let now = self.env.ledger().timestamp();
        self.env.ledger().set_timestamp(now + seconds);
    }
}

fn issuer(env: &Env, seed: u8) -> Issuer {
    let owner = Address::generate(env);
    Issuer {
        contract: ClaimIssuerClient::new(env, &env.register(ClaimIssuer, (&owner,))),
        key: SigningKey::from_bytes(&[seed; 32]),
    }
}

/// What a call returned, or the code that it was refused with.
#[track_caller]
pub fn code<T, C: std::fmt::Debug>(
    result: Result<Result<T, C>, Result<Error, InvokeError>>,
) -> Result<T, u32> {
    match result {
        Ok(value) => Ok(value.unwrap()),
        Err(Ok(error)) if error.is_type(ScErrorType::Contract) => Err(error.get_code()),
        Err(error) => panic!("not a contract's refusal: {error:?}"),
    }
}
