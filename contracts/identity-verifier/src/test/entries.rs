//! All that an identity keeps and tells: the claims as they were signed, and whose it is.

use soroban_sdk::testutils::storage::Instance as _;
use soroban_sdk::testutils::Events as _;
use soroban_sdk::xdr::{LedgerEntryData, ScAddress, ScVal};
use soroban_sdk::{
    contracttype, map, symbol_short, vec, Address, BytesN, Event, IntoVal, Map, String, TryFromVal,
    Val,
};
use stellar_tokens::rwa::identity_verification::identity_claims::{
    Claim, ClaimAdded, ClaimChanged, ClaimRemoved,
};

use super::{World, NOW, TOPIC, YEAR};

/// The keys of OpenZeppelin's module, which keeps them to itself.
#[contracttype]
enum Key {
    Claim(BytesN<32>),
    ClaimsByTopic(u32),
}

/// The claim as it is kept.
fn kept(world: &World, claim: &super::Claim) -> Claim {
    Claim {
        topic: TOPIC,
        scheme: 101,
        issuer: world.issuer.contract.address.clone(),
        signature: claim.signature.clone(),
        data: claim.data.clone(),
        uri: String::from_str(&world.env, ""),
    }
}

fn scval(world: &World, value: Val) -> ScVal {
    ScVal::try_from_val(&world.env, &value).unwrap()
}

/// All persistent entries of a contract, sorted.
fn entries(world: &World, contract: &Address) -> std::vec::Vec<(ScVal, ScVal)> {
    let entries = world.env.to_ledger_snapshot().ledger_entries;
    let entries = entries
        .into_iter()
        .filter_map(|(_, (entry, _))| match entry.data {
            LedgerEntryData::ContractData(data) => Some(data),
            _ => None,
        });
    let contract = ScAddress::from(contract);
    let mut own: std::vec::Vec<_> = entries
        .filter(|data| data.contract == contract && data.key != ScVal::LedgerKeyContractInstance)
        .map(|data| (data.key, data.val))
        .collect();
    own.sort();
    own
}

#[test]
fn an_identity_holds_claims_and_its_wallet_and_nothing_else() {
    let world = World::new();
    let env = &world.env;
    let (wallet, identity) = world.person();
    let claim = world.claim(&identity.address);
    let id = world.add(&identity, &claim).unwrap();
    let mut expected = [
        (
            Key::Claim(id.clone()).into_val(env),
            kept(&world, &claim).into_val(env),
        ),
        (
            Key::ClaimsByTopic(TOPIC).into_val(env),
            vec![env, id].into_val(env),
        ),
    ]
    .map(|(key, value): (Val, Val)| (scval(&world, key), scval(&world, value)));
    expected.sort();
    assert_eq!(entries(&world, &identity.address), expected, "entries");
    let instance = env.as_contract(&identity.address, || env.storage().instance().all());
    let owner: Map<Val, Val> = map![env, (symbol_short!("owner").to_val(), wallet.to_val())];
    assert_eq!(instance, owner, "instance");
}

#[test]
fn an_identity_tells_its_claims_and_nothing_else() {
    let world = World::new();
    let env = &world.env;
    let (_, identity) = world.person();
    let told = || env.events().all().events().to_vec();
    let first = world.claim(&identity.address);
    world.add(&identity, &first).unwrap();
    let added = ClaimAdded {
        claim: kept(&world, &first),
    };
    assert_eq!(told(), [added.to_xdr(env, &identity.address)], "added");
    let data = world.data(NOW + 1, NOW + YEAR);
    let second = world.claim_of(&world.issuer, &identity.address, TOPIC, data);
    let id = world.add(&identity, &second).unwrap();
    let claim = kept(&world, &second);
    let changed = ClaimChanged {
        claim: claim.clone(),
    };
    assert_eq!(told(), [changed.to_xdr(env, &identity.address)], "changed");
    identity.mock_all_auths().remove_claim(&id);
    let removed = ClaimRemoved { claim };
    assert_eq!(told(), [removed.to_xdr(env, &identity.address)], "removed");
}

#[test]
fn asking_tells_nothing() {
    let world = World::new();
    let (wallet, _) = world.verified();
    world.verifier.verify_identity(&wallet);
    assert!(world.env.events().all().events().is_empty(), "no event");
}
