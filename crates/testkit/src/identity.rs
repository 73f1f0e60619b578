//! Who has shown who they are: a registry of identities, an issuer, a verifier for each of the two tiers, and a list of sanctioned
//! accounts.

use localnet::{
    xdr::{Limits, ScAddress, ScVal, WriteXdr},
    Bytes, InvokeError, Keypair,
};

use crate::{
    bindings::{
        claim_issuer as issuer, cover_pool::IdentityTerms, identity, identity_registry as registry,
        identity_verifier as verifier, sanctions, OnLedger,
    },
    wasm,
    world::World,
};

/// Ed25519, by the number that the issuer knows it by.
pub const ED25519: u32 = 101;

const YEAR: u64 = 31_536_000;

/// What a person has shown; the number is the topic of its claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Enough for cover up to the basic limit, and for LPs.
    Basic = 1,
    /// Enough for everything.
    Full = 2,
}

/// A claim, ready to be added to the identity that it was signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What was checked.
    pub topic: u32,
    /// How it is signed.
    pub scheme: u32,
    /// The issuer's contract.
    pub issuer: ScAddress,
    /// Public key and signature.
    pub signature: Bytes,
    /// From when and until when it holds.
    pub data: Bytes,
}

/// The contracts of a world's identity, and who holds their keys.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Which identity a wallet has.
    pub registry: registry::Client,
    /// The issuer, which both tiers trust.
    pub issuer: issuer::Client,
    /// The verifier of [`Tier::Basic`].
    pub basic: verifier::Client,
    /// The verifier of [`Tier::Full`].
    pub full: verifier::Client,
    /// The list of sanctioned accounts.
    pub sanctions: sanctions::Client,
    /// Signs claims.
    pub key: Keypair,
    /// Owns the issuer's contract, and revokes.
    pub officer: Keypair,
    /// Adds to the list of sanctioned accounts, and removes.
    pub screener: Keypair,
}

impl Identity {
    /// Founds it. The world's owner owns the verifiers and the list; the cover pool does not ask yet.
    #[must_use]
    pub fn found(world: &World) -> Self {
        let (ledger, owner) = (&world.ledger, &world.owner);
        let (officer, screener) = (world.actor("compliance officer"), world.actor("screener"));
        let code = ledger.upload(owner, wasm::IDENTITY).unwrap();
        let registry = ledger.deploy(owner, wasm::IDENTITY_REGISTRY, (code,));
        let registry = registry.unwrap();
        let issuer = ledger.deploy(&officer, wasm::CLAIM_ISSUER, (&officer,));
        let issuer = issuer.unwrap();
        let [basic, full] = [Tier::Basic, Tier::Full].map(|tier| {
            let args = (owner, &registry, tier as u32, vec![issuer.clone()]);
            let verifier = ledger.deploy(owner, wasm::IDENTITY_VERIFIER, args);
            verifier::Client(verifier.unwrap())
        });
        let list = ledger.deploy(owner, wasm::SANCTIONS, (owner, &screener));
        let founded = Self {
            registry: registry::Client(registry),
            issuer: issuer::Client(issuer),
            basic,
            full,
            sanctions: sanctions::Client(list.unwrap()),
            key: Keypair::named("claim signer"),
            officer,
            screener,
        };
        for (tier, verifier) in [(Tier::Basic, &founded.basic), (Tier::Full, &founded.full)] {
            let key = founded.key.public_key();
            let allow = founded.issuer.allow_key(&key, &verifier.0, tier as u32);
            allow.send(ledger, &founded.officer).unwrap();
        }
        founded
    }

    /// What the cover pool is told: cover up to `free_limit` without any tier, up to `basic_limit` with the basic one.
    #[must_use]
    pub fn terms(&self, free_limit: i128, basic_limit: i128) -> IdentityTerms {
        IdentityTerms {
            basic: self.basic.0.clone(),
            basic_limit,
            free_limit,
            full: self.full.0.clone(),
            sanctions: Some(self.sanctions.0.clone()),
        }
    }

    /// Has the world's cover pool ask from now on.
    pub fn switch_on(&self, world: &World, free_limit: i128, basic_limit: i128) {
        let terms = self.terms(free_limit, basic_limit);
        let set = world.cover.set_identity(&Some(terms));
        set.send(&world.ledger, &world.owner).unwrap();
    }

    /// Gives an actor a year's claim of a tier, in the identity that they have or make.
    pub fn verify(&self, world: &World, actor: &Keypair, tier: Tier) -> identity::Client {
        let now = world.ledger.now();
        let identity = self.identity(world, actor);
        let claim = self.claim(world, &identity, tier, now, now + YEAR);
        self.add(world, actor, &identity, &claim).unwrap();
        identity
    }

    /// The identity of an actor; they make one if they have none.
    pub fn identity(&self, world: &World, actor: &Keypair) -> identity::Client {
        let stored = self.registry.stored_identity(actor).view(&world.ledger);
        let made = || self.registry.register(actor).send(&world.ledger, actor);
        identity::Client(stored.or_else(|_| made()).unwrap())
    }

    /// What the issuer signs for an identity: a claim of a tier from one time until another.
    #[must_use]
    pub fn claim(
        &self,
        world: &World,
        identity: &identity::Client,
        tier: Tier,
        from: u64,
        until: u64,
    ) -> Claim {
        let topic = tier as u32;
        let nonce = self.issuer.nonce(&identity.0, topic).view(&world.ledger);
        let data = [from.to_be_bytes(), until.to_be_bytes()].concat();
        let mut message = vec![1];
        message.extend(world.ledger.network_id());
        for address in [&self.issuer.0, &identity.0] {
            let address = ScVal::Address(address.clone());
            message.extend(address.to_xdr(Limits::none()).unwrap());
        }
        message.extend(topic.to_be_bytes());
        message.extend(nonce.unwrap().to_be_bytes());
        message.extend(&data);
        let signature = [&self.key.public_key()[..], &self.key.sign(&message)].concat();
        Claim {
            topic,
            scheme: ED25519,
            issuer: self.issuer.0.clone(),
            signature: Bytes(signature),
            data: Bytes(data),
        }
    }

    /// Adds a claim to an identity, with the actor's signature alone.
    pub fn add(
        &self,
        world: &World,
        actor: &Keypair,
        identity: &identity::Client,
        claim: &Claim,
    ) -> Result<[u8; 32], InvokeError> {
        let Claim {
            topic,
            scheme,
            issuer,
            signature,
            data,
        } = claim;
        let no_link = String::new();
        let add = identity.add_claim(*topic, *scheme, issuer, signature, data, &no_link);
        add.send(&world.ledger, actor)
    }

    /// Why an actor is not verified at a tier; 0 if they are.
    #[must_use]
    pub fn status(&self, world: &World, actor: &Keypair, tier: Tier) -> u32 {
        let verifier = match tier {
            Tier::Basic => &self.basic,
            Tier::Full => &self.full,
        };
        verifier.status(actor).view(&world.ledger).unwrap()
    }
}
