use entries::DAY_IN_LEDGERS as DAY;
use soroban_sdk::testutils::storage::{Instance as _, Persistent as _};
use soroban_sdk::testutils::Ledger as _;
use soroban_sdk::{vec, Vec};

use super::{World, DOLLAR};
use crate::storage::DataKey;

#[test]
fn an_asset_is_listed_once_and_delisted_by_an_empty_list() {
    let world = World::new();
    let (first, second) = (world.listed(), world.listed());
    world.list(&first, &world.sources(&first).slice(..2));
    let listed = vec![&world.env, first.asset.clone(), second.asset.clone()];
    assert_eq!(world.hub.assets(), listed, "listed twice");
    assert_eq!(
        world.hub.sources(&first.address).len(),
        2,
        "sources replaced"
    );
    world.list(&first, &Vec::new(&world.env));
    assert_eq!(
        world.hub.assets(),
        vec![&world.env, second.asset],
        "delisted"
    );
    assert_eq!(world.hub.sources(&first.address).len(), 0, "no sources");
}

#[test]
fn what_a_poke_needs_lives_180_days_again_when_it_had_less_than_120() {
    let world = World::new();
    let token = world.listed();
    world.env.ledger().set_max_entry_ttl(200 * DAY);
    let ttls = || {
        world.env.as_contract(&world.hub.address, || {
            let persistent = world.env.storage().persistent();
            let sources = persistent.get_ttl(&DataKey::Sources(token.address.clone()));
            let window = persistent.get_ttl(&DataKey::Window(token.address.clone()));
            [sources, window, world.env.storage().instance().get_ttl()]
        })
    };
    world.hold(&[(&token, DOLLAR)], 1, 300);
    assert_eq!(ttls(), [180 * DAY; 3], "sources, window, instance");
    let pass = |ledgers| {
        world
            .env
            .ledger()
            .with_mut(|ledger| ledger.sequence_number += ledgers)
    };
    pass(59 * DAY);
    world.reflector_says(&token, DOLLAR);
    world.hold(&[(&token, DOLLAR)], 1, 300);
    assert_eq!(ttls(), [121 * DAY; 3], "121 days left: not extended");
    pass(2 * DAY);
    world.hold(&[(&token, DOLLAR)], 1, 300);
    assert_eq!(ttls(), [180 * DAY; 3], "119 days left: extended");
}

#[test]
fn a_poke_writes_one_entry_and_less_than_500_bytes() {
    let world = World::new();
    let token = world.listed();
    world.warm_up(&[(&token, DOLLAR)]);
    world.pass(300);
    world.all_say(&token, DOLLAR);
    world.hub.poke(&vec![&world.env, token.address.clone()]);
    let resources = world.env.cost_estimate().resources();
    assert_eq!(resources.write_entries, 1, "entries");
    assert!(
        resources.write_bytes < 500,
        "bytes: {}",
        resources.write_bytes
    );
}
