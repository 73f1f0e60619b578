//! A lending pool that accepts a collateral whose price one small trade can move: 22 February 2026.
//!
//! What stops it: no cover is sold on a platform that accepts a collateral without two independent sources, asked at every
//! sale; where the hub has them and the platform's own oracle is the thin one, the pair arms on the divergence and an
//! insured loan cannot be used for the theft; and what a platform can cost is capped at 10 % of the capital.

use localnet::{Auth, Keypair};
use testkit::{
    asset::{Asset, UNIT},
    bindings::{
        blend_adapter::AdapterError,
        cover_pool::{Cap, CoverError, Peril},
        price_hub::PriceError,
    },
    blend::{Request, ReserveConfig},
    feeds::{Feed, PRICE_ONE},
    world::{Setup, World, LOANS},
};

use crate::scene::*;

const SUPPLY_COLLATERAL: u32 = 2;
const BORROW: u32 = 4;

/// The platform's admin lists a collateral, as Blend lets it: queued, and set a week later.
fn list_on_platform(world: &World, asset: &Asset, config: &ReserveConfig) {
    let call = |function, args: Vec<localnet::xdr::ScVal>| {
        world
            .ledger
            .invoke(
                &world.blend.admin,
                &world.pool.address,
                function,
                args,
                Auth::Sign(&[]),
            )
            .unwrap();
    };
    use localnet::ToScVal;
    call(
        "queue_set_reserve",
        vec![
            asset.contract.to_scval().unwrap(),
            config.to_scval().unwrap(),
        ],
    );
    world.sleep(8 * DAY);
    call("set_reserve", vec![asset.contract.to_scval().unwrap()]);
    for peril in [Peril::Advance, Peril::Grant] {
        let base = if peril == Peril::Advance {
            150_000
        } else {
            1_200_000
        };
        world
            .cover
            .set_base(LOANS, &peril, base)
            .send(&world.ledger, &world.owner)
            .unwrap();
    }
}

#[test]
fn a_platform_that_lists_a_thin_collateral_sells_no_more_cover() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "insured", None);
    let thin = Asset::issue(ledger, "THIN");
    let usual = ReserveConfig::usual(7_500_000, 9_500_000);
    let insure = || {
        world
            .adapter
            .insure(&position.0, &request(&[Advance], 4_000 * UNIT))
            .send(ledger, &owner)
    };
    let listed_not = ledger.snapshot();
    insure().expect("the twin: before it lists it");
    ledger.revert(&listed_not);

    list_on_platform(&world, &thin, &usual);
    let lacking = AdapterError::CollateralLacksSources as u32;
    refused(insure(), lacking, "no source");
    world
        .hub
        .list(ledger, &thin, &[world.feeds.source(Feed::Reflector, &thin)]);
    refused(insure(), lacking, "one source");
    let twice = [Feed::Reflector, Feed::Redstone].map(|feed| {
        let mut source = world.feeds.source(feed, &thin);
        source.venue = "one".into();
        source
    });
    world.hub.list(ledger, &thin, &twice);
    refused(insure(), lacking, "two sources of one venue");
    let both = [Feed::Reflector, Feed::Redstone].map(|feed| world.feeds.source(feed, &thin));
    world.hub.list(ledger, &thin, &both);
    insure().expect("the twin: two independent sources");
}

/// A disabled reserve takes no more supply, but what was supplied still backs loans.
#[test]
fn a_thin_collateral_that_is_disabled_still_counts_while_loans_stand_on_it() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(&world, "insured", None);
    let thin = Asset::issue(ledger, "THIN");
    let usual = ReserveConfig::usual(7_500_000, 9_500_000);
    list_on_platform(&world, &thin, &usual);
    let attacker = world.actor("attacker");
    thin.trust(ledger, &attacker);
    thin.mint(ledger, &attacker.address(), 1_000 * UNIT);
    world
        .platform_oracle
        .set(ledger, Feed::Reflector, &thin, PRICE_ONE);
    let disabled = ReserveConfig {
        enabled: false,
        ..usual
    };
    let unused = ledger.snapshot();
    world
        .pool
        .request(
            ledger,
            &attacker,
            SUPPLY_COLLATERAL,
            &thin.contract,
            1_000 * UNIT,
        )
        .unwrap();
    list_on_platform(&world, &thin, &disabled);
    let insure = || {
        world
            .adapter
            .insure(&position.0, &request(&[Advance], 4_000 * UNIT))
            .send(ledger, &owner)
    };
    refused(
        insure(),
        AdapterError::CollateralLacksSources as u32,
        "disabled, and supplied",
    );
    world
        .platform_oracle
        .set(ledger, Feed::Reflector, &thin, 100 * PRICE_ONE);
    let stolen = world.pool.request(
        ledger,
        &attacker,
        BORROW,
        &world.usdc.contract,
        50_000 * UNIT,
    );
    assert!(stolen.is_ok(), "for it can still be borrowed against");

    ledger.revert(&unused);
    list_on_platform(&world, &thin, &disabled);
    insure().expect("the twin: disabled before anyone supplied any");
}

/// The incident: 12 900 USTRY at ~107 instead of ~1.06 back a borrowing of 1 000 196 USDC.
#[test]
fn the_theft_of_22_february_2026_moves_no_money_of_the_cover_pool() {
    let setup = Setup {
        collateral: "USTRY".into(),
        price: PRICE_ONE * 106 / 100,
        c_factor: 8_500_000,
        ..Setup::default()
    };
    let (world, _) = staked(&setup);
    let ledger = &world.ledger;
    let honest = world.funded("honest", 20_000 * UNIT);
    world
        .collateral
        .mint(ledger, &honest.address(), 20_000 * UNIT);
    let insure = |limit| Some(request(&[Advance, Grant], limit));
    let (position, _) = world
        .open_loan(&honest, 20_000 * UNIT, 8_000 * UNIT, insure(4_000 * UNIT))
        .unwrap();
    let thief = world.funded("thief", 10_000 * UNIT);
    world
        .collateral
        .mint(ledger, &thief.address(), 40_000 * UNIT);
    let (insured, _) = world
        .open_loan(&thief, 12_900 * UNIT, 5_000 * UNIT, insure(2_000 * UNIT))
        .unwrap();
    world.sleep(26 * HOUR);
    let before = books(&world);

    world
        .platform_oracle
        .set(ledger, Feed::Reflector, &world.collateral, 107 * PRICE_ONE);
    let rich = insured
        .borrow(1_000_000 * UNIT, &thief)
        .send(ledger, &thief);
    refused(
        rich,
        AdapterError::AboveRatedLtv as u32,
        "an insured loan cannot take it",
    );
    let late = world.open_loan(&thief, 12_900 * UNIT, 8_000 * UNIT, insure(4_000 * UNIT));
    refused(
        late,
        AdapterError::PricesDiverge as u32,
        "nor is a new one insured",
    );
    steal(&world, &thief);
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::Healthy),
        "at the peak: no advance"
    );
    refused(
        world.try_trigger(),
        PriceError::BelowThreshold as u32,
        "at the peak: no event",
    );

    world.platform_oracle.set(
        ledger,
        Feed::Reflector,
        &world.collateral,
        PRICE_ONE * 106 / 100,
    );
    world.watch(HOUR);
    for position in [&position, &insured] {
        assert_eq!(
            rescue(&world, position),
            skipped(AdapterError::Healthy),
            "back: no advance"
        );
        assert_eq!(
            grant(&world, position),
            skipped(AdapterError::NoEvent),
            "back: no grant"
        );
    }
    refused(
        world.try_trigger(),
        PriceError::BelowThreshold as u32,
        "back: no event",
    );
    let after = books(&world);
    assert_eq!(
        (after.cash, after.exposure, after.pending),
        (before.cash, before.exposure, 0),
        "the cover pool has paid nothing"
    );
}

/// What the uninsured account does on Blend for real: the twin, since it succeeds.
fn steal(world: &World, thief: &Keypair) {
    let request = |request_type, asset: &Asset, amount| Request {
        request_type,
        address: asset.contract.clone(),
        amount,
    };
    let requests = [
        request(SUPPLY_COLLATERAL, &world.collateral, 12_900 * UNIT),
        request(BORROW, &world.usdc, 1_000_196 * UNIT),
    ];
    let before = usdc(world, &thief.address());
    world
        .pool
        .submit(&world.ledger, thief, &requests)
        .expect("Blend lends on its own oracle's price");
    assert_eq!(
        usdc(world, &thief.address()) - before,
        1_000_196 * UNIT,
        "the theft from Blend's lenders"
    );
}

#[test]
fn one_platform_costs_at_most_a_tenth_of_the_capital() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let mut terms = world.cover.group(LOANS).view(ledger).unwrap().unwrap();
    terms.subject_cap = 10_000_000;
    world
        .cover
        .set_group(LOANS, &terms)
        .send(ledger, &world.owner)
        .unwrap();
    let owner = borrower(&world, "large", 400 * UNIT);
    let tenth = books(&world).nav_lo / 10;
    let sell = |limit| {
        world.open_loan(
            &owner,
            400 * UNIT,
            300_000 * UNIT,
            Some(request(&[Grant], limit)),
        )
    };
    let uncapped = ledger.snapshot();
    assert!(
        sell(tenth + 1).is_ok(),
        "the twin: the group alone may have 40 %"
    );
    ledger.revert(&uncapped);
    let cap = Cap {
        groups: vec![LOANS],
        rate: 1_000_000,
    };
    world
        .cover
        .set_caps(&vec![cap])
        .send(ledger, &world.owner)
        .unwrap();
    refused(
        sell(tenth + 1),
        CoverError::NoRoom as u32,
        "a stroop beyond the tenth",
    );
    assert!(sell(tenth).is_ok(), "the tenth");
}
