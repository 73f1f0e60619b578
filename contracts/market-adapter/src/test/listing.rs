use interfaces::adapter::AdapterError;
use interfaces::market_adapter::InsuredMarket;
use interfaces::platform::LoanTerms;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::{refused, signed, World};

fn list(world: &World, market: &InsuredMarket) -> Result<(), u32> {
    let listed = signed(&world.env, || world.adapter.try_set_market(market));
    if listed == Ok(Ok(())) {
        Ok(())
    } else {
        Err(refused(listed))
    }
}

#[test]
fn a_platform_is_listed_and_its_terms_change() {
    let world = World::unlisted();
    let platform = &world.platform.address;
    assert_eq!(world.adapter.market(platform), None, "before");
    let market = world.market();
    assert_eq!(list(&world, &market), Ok(()), "listed");
    assert_eq!(world.adapter.market(platform), Some(market.clone()), "kept");
    let changed = InsuredMarket {
        target: 13_000_000,
        ..market
    };
    assert_eq!(list(&world, &changed), Ok(()), "changed");
    assert_eq!(world.adapter.market(platform), Some(changed), "kept");
}

#[test]
fn terms_that_contradict_themselves_are_refused() {
    let world = World::unlisted();
    let invalid = [
        InsuredMarket {
            advance_trigger: 10_000_000,
            ..world.market()
        },
        InsuredMarket {
            target: 11_200_000,
            ..world.market()
        },
        InsuredMarket {
            grant_deductible: 1_500_001,
            ..world.market()
        },
        InsuredMarket {
            grant_max: 10_000_001,
            ..world.market()
        },
        InsuredMarket {
            peg: -1,
            ..world.market()
        },
        InsuredMarket {
            peg_deductible: 10_000_001,
            ..world.market()
        },
    ];
    for market in invalid {
        let refusal = Err(AdapterError::InvalidMarket as u32);
        assert_eq!(list(&world, &market), refusal, "{market:?}");
    }
}

#[test]
fn a_peg_is_set_once() {
    let world = World::unlisted();
    let without = InsuredMarket {
        peg: 0,
        ..world.market()
    };
    assert_eq!(list(&world, &without), Ok(()), "none");
    assert_eq!(list(&world, &world.market()), Ok(()), "then one");
    let fixed = Err(AdapterError::PegFixed as u32);
    let other = InsuredMarket {
        peg: world.market().peg + 1,
        ..world.market()
    };
    assert_eq!(list(&world, &other), fixed, "another");
    assert_eq!(list(&world, &without), fixed, "none again");
    let costlier = InsuredMarket {
        peg_deductible: 500_001,
        ..world.market()
    };
    assert_eq!(list(&world, &costlier), fixed, "its deductible");
}

#[test]
fn a_platform_must_lend_the_pools_asset_and_have_two_sources_for_both() {
    let world = World::unlisted();
    let terms = world.platform.loan_terms();
    let strange = Address::generate(&world.env);
    world.platform.set_terms(&LoanTerms {
        asset: strange.clone(),
        ..terms.clone()
    });
    let invalid = Err(AdapterError::InvalidMarket as u32);
    assert_eq!(list(&world, &world.market()), invalid, "another asset");
    world.platform.set_terms(&LoanTerms {
        incentive: 9_999_999,
        ..terms.clone()
    });
    assert_eq!(list(&world, &world.market()), invalid, "incentive below 1");
    world.platform.set_terms(&LoanTerms {
        collateral: strange,
        ..terms.clone()
    });
    let lacking = Err(AdapterError::CollateralLacksSources as u32);
    assert_eq!(list(&world, &world.market()), lacking, "no sources");
    world.platform.set_terms(&terms);
    let asset = &world.asset.address;
    let one = world.hub.sources(asset).slice(..1);
    signed(&world.env, || world.hub.set_sources(asset, &one));
    assert_eq!(list(&world, &world.market()), lacking, "one for the asset");
}
