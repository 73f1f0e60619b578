use interfaces::adapter::{AdapterError, Market};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::World;

#[test]
fn a_listed_market_is_shown_and_its_terms_can_change() {
    let world = World::new();
    let shown = |world: &World| world.adapter.market(&world.blend.pool, &world.collateral);
    assert_eq!(shown(&world), Some(world.market()), "as listed");
    let changed = Market {
        group: 8,
        ..world.market()
    };
    let position = world.open();
    world.adapter.mock_all_auths().set_market(&changed);
    assert_eq!(shown(&world), Some(changed), "changed");
    assert_eq!(
        world.adapter.health(&position).platform,
        27_000_000,
        "its positions stay its own"
    );
}

#[test]
fn contradictory_terms_are_refused() {
    let world = World::unlisted();
    let market = world.market();
    let stranger = Address::generate(&world.env);
    for (market, label) in [
        (
            Market {
                advance_trigger: 10_000_000,
                ..market.clone()
            },
            "a trigger at liquidation",
        ),
        (
            Market {
                target: 11_200_000,
                ..market.clone()
            },
            "a target at the trigger",
        ),
        (
            Market {
                grant_deductible: 1_500_001,
                ..market.clone()
            },
            "a deductible above the trigger",
        ),
        (
            Market {
                grant_max: 1_000_000,
                ..market.clone()
            },
            "no more than the deductible",
        ),
        (
            Market {
                grant_max: 10_000_001,
                ..market.clone()
            },
            "more than everything",
        ),
        (
            Market {
                least_rate: 5_000_001,
                ..market.clone()
            },
            "a least fee rate above the highest",
        ),
        (
            Market {
                collateral: stranger,
                ..market.clone()
            },
            "no such reserve",
        ),
    ] {
        let listed = world.adapter.mock_all_auths().try_set_market(&market);
        assert_eq!(listed, Err(Ok(AdapterError::InvalidMarket)), "{label}");
    }
    assert!(
        world
            .adapter
            .mock_all_auths()
            .try_set_market(&market)
            .is_ok(),
        "consistent"
    );
}

#[test]
fn a_peg_is_set_once() {
    let world = World::new();
    let list = |peg, peg_deductible| {
        let market = Market {
            peg,
            peg_deductible,
            ..world.market()
        };
        let adapter = world.adapter.mock_all_auths();
        adapter.try_set_market(&market).map(|_| ())
    };
    let invalid = Err(Ok(AdapterError::InvalidMarket));
    assert_eq!(list(-1, 0), invalid, "below zero");
    assert_eq!(list(5, 10_000_001), invalid, "more than all of it borne");
    assert_eq!(list(5, 10_000_000), Ok(()), "a peg");
    let fixed = Err(Ok(AdapterError::PegFixed));
    assert_eq!(list(6, 10_000_000), fixed, "another");
    assert_eq!(list(0, 10_000_000), fixed, "none again");
    assert_eq!(list(5, 0), fixed, "its deductible");
    assert_eq!(list(5, 10_000_000), Ok(()), "the same");
}
