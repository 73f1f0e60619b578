//! A claim on entries that the network has archived.
//!
//! What stops the loss: entries are created to outlive the longest term, and the call that needs an archived one restores
//! it: after 200 days in which nobody touched it, a claim is paid to the stroop.

use localnet::{
    xdr::{ContractDataDurability, LedgerKey, LedgerKeyContractData, ScSymbol, ScVal, ScVec},
    ToScVal,
};
use testkit::world::{Setup, World};

use crate::scene::*;

/// The key of a persistent entry of the cover pool: a variant and what it holds.
fn entry(world: &World, variant: &str, part: ScVal) -> LedgerKey {
    let key = vec![ScVal::Symbol(ScSymbol(variant.try_into().unwrap())), part];
    LedgerKey::ContractData(LedgerKeyContractData {
        contract: world.cover.0.clone(),
        key: ScVal::Vec(Some(ScVec(key.try_into().unwrap()))),
        durability: ContractDataDurability::Persistent,
    })
}

#[test]
fn a_claim_is_paid_after_200_days_of_silence() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (adapter, subject, interest) = reported(&world);
    ledger.advance(2 * DAY);
    let (claim, amount) = file(&world, &adapter, &interest);
    let entries = [
        entry(&world, "Policy", interest.to_scval().unwrap()),
        entry(&world, "Claim", claim.to_scval().unwrap()),
        entry(&world, "Group", 2_u32.to_scval().unwrap()),
    ];
    let now = ledger.sequence();
    for entry in &entries {
        let lives = ledger.live_until(entry).expect("the entry is there") - now;
        assert!(lives >= 110 * 17_280, "it lives {lives} ledgers");
    }
    ledger.advance(200 * DAY);
    for entry in &entries {
        let ended = ledger.live_until(entry).expect("it is kept");
        assert!(ended < ledger.sequence(), "200 days later it is archived");
    }
    let paid = world
        .cover
        .finalize(claim, &world.keeper)
        .send(ledger, &world.keeper);
    assert_eq!(paid, Ok(amount), "paid");
    assert_eq!(usdc(&world, &subject.address()), amount, "to the subject");
}
