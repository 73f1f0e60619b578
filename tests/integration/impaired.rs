//! A pool that holds less than its books say: claims collect and are paid by one factor.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{Outcome, Peril},
        cover_pool as cover,
    },
    world::{Setup, World},
};

use crate::stage::*;

/// The issuer takes `amount` back from the cover pool.
fn claw_back(world: &World, amount: i128) {
    world.usdc.claw_back(&world.ledger, &world.cover.0, amount);
}

#[test]
fn claims_of_an_impaired_pool_share_what_is_there() {
    let setup = Setup {
        has_clawback: true,
        ..Setup::default()
    };
    let world = staked(&setup, CAPITAL);
    let [(_, ann, _), (_, bob, _), (_, cem, _)] = [
        ("ann", Peril::Grant),
        ("bob", Peril::Grant),
        ("cem", Peril::Advance),
    ]
    .map(|(name, peril)| insured(&world, name, request(peril)));
    world.sleep(26 * HOUR);
    let check = || {
        world
            .cover
            .check_backing()
            .send(&world.ledger, &world.keeper)
            .unwrap()
    };
    assert_eq!(check(), 0, "sound");
    let left = 1_000 * UNIT;
    let sound = books(&world);
    claw_back(&world, sound.cash - left);
    assert_eq!(check(), sound.cash - left, "missing");
    assert_eq!(check(), 0, "found once");
    assert_eq!(books(&world).cash, left, "the books are written down");

    let dan = applicant(&world, "dan");
    let sale = world.open_loan(&dan, COLLATERAL, DEBT, Some(request(Peril::Advance)));
    refused(sale, CoverError::Impaired as u32, "no sales");
    let stake = world.cover.stake(&dan, UNIT, 1).send(&world.ledger, &dan);
    refused(stake, CoverError::Impaired as u32, "no deposits");
    price(&world, 1_000);
    world.watch(HOUR);
    world.trigger();
    let advance = rescue(&world, &cem);
    assert_eq!(
        advance,
        Outcome::Skipped(CoverError::Impaired as u32),
        "no advances"
    );
    let claims = [filed(&grant(&world, &ann)), filed(&grant(&world, &bob))];
    let finalize = |claim: u32| {
        world
            .cover
            .finalize(claim, &world.keeper)
            .send(&world.ledger, &world.keeper)
    };
    world.sleep(49 * HOUR);
    refused(
        finalize(claims[0].0),
        CoverError::Impaired as u32,
        "they collect",
    );
    let settle = || {
        world
            .cover
            .settle_impairment()
            .send(&world.ledger, &world.keeper)
    };
    refused(settle(), CoverError::NotImpaired as u32, "for seven days");
    world.sleep(7 * DAY);
    let (books_before, total) = (books(&world), claims[0].1 + claims[1].1);
    settle().unwrap();
    let unearned = (books_before.unearned + 999_999_999_999) / 1_000_000_000_000;
    let available = books_before.cash - unearned - books_before.bounties;
    let impairment = world
        .cover
        .impairment()
        .view(&world.ledger)
        .unwrap()
        .unwrap();
    assert_eq!(
        (impairment.available, impairment.total),
        (available, total),
        "the factor"
    );
    for (claim, amount) in claims {
        assert_eq!(
            finalize(claim),
            Ok(amount * available / total),
            "claim {claim}"
        );
    }
    resumed_only_when_whole(&world, sound.cash);
}

fn resumed_only_when_whole(world: &World, capital: i128) {
    let resume = || world.cover.resume();
    let early = resume().send(&world.ledger, &world.owner);
    refused(
        early,
        CoverError::CapitalInUse as u32,
        "limits in force are not backed",
    );
    let giver = world.funded("giver", capital);
    let give = world.cover.recapitalise(&giver, capital);
    guarded(&world.ledger, &giver, give.clone());
    let supply = books(world).shares;
    give.send(&world.ledger, &giver).unwrap();
    assert_eq!(books(world).shares, supply, "no shares for it");
    guarded(&world.ledger, &world.owner, resume());
    resume().send(&world.ledger, &world.owner).unwrap();
    let impairment: Option<cover::Impairment> =
        world.cover.impairment().view(&world.ledger).unwrap();
    assert_eq!(impairment, None, "sound again");
}
